// SPDX-License-Identifier: Apache-2.0
// The tree of RFC 6962 §2.1, word for word as the recursions there define it. Hashes are buffers.

import { sha256 } from './hashing.js';

const node = (left, right) => sha256(Buffer.from([1]), left, right);

/** The largest power of two below the count, which must be at least two. */
function half(count) {
	let power = 1;
	while (power * 2 < count) power *= 2;
	return power;
}

function split(leaves) {
	const middle = half(leaves.length);
	return [leaves.slice(0, middle), leaves.slice(middle)];
}

/** Hash of a leaf that holds the entry. */
export const leaf = (entry) => sha256(Buffer.from([0]), entry);

/** Root over leaves. */
export function root(leaves) {
	if (leaves.length === 0) return sha256();
	if (leaves.length === 1) return leaves[0];
	const [left, right] = split(leaves);
	return node(root(left), root(right));
}

/** Inclusion path of a leaf, from the leaf up (§2.1.1). */
export function inclusionPath(index, leaves) {
	if (leaves.length === 1) return [];
	const [left, right] = split(leaves);
	return index < left.length
		? [...inclusionPath(index, left), root(right)]
		: [...inclusionPath(index - left.length, right), root(left)];
}

/** Consistency path from the first `old` leaves to all of them (§2.1.2). */
export function consistencyPath(old, leaves) {
	return old === 0 || old === leaves.length ? [] : subproof(old, leaves, true);
}

function subproof(old, leaves, whole) {
	if (old === leaves.length) return whole ? [] : [root(leaves)];
	const [left, right] = split(leaves);
	return old <= left.length
		? [...subproof(old, left, whole), root(right)]
		: [...subproof(old - left.length, right, false), root(left)];
}
