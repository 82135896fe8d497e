// SPDX-License-Identifier: Apache-2.0
// The tree of RFC 6962 §2.1, word for word as the recursions there define it, over either hash function. Hashes are buffers.

import { blake2b256, sha256 } from './hashing.js';

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);
const DOMAIN = Buffer.from('epidaurus/mt2/v1');

/** The tree of every log. */
export const FIRST = sha256;
/** The tree under which logs are renewed. */
export const SECOND = (...parts) => blake2b256(DOMAIN, ...parts);

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
export const leaf = (entry, hash = FIRST) => hash(LEAF, entry);

/** Root over leaves. */
export function root(leaves, hash = FIRST) {
	if (leaves.length === 0) return hash();
	if (leaves.length === 1) return leaves[0];
	const [left, right] = split(leaves);
	return hash(NODE, root(left, hash), root(right, hash));
}

/** Inclusion path of a leaf, from the leaf up (§2.1.1). */
export function inclusionPath(index, leaves, hash = FIRST) {
	if (leaves.length === 1) return [];
	const [left, right] = split(leaves);
	return index < left.length
		? [...inclusionPath(index, left, hash), root(right, hash)]
		: [...inclusionPath(index - left.length, right, hash), root(left, hash)];
}

/** Consistency path from the first `old` leaves to all of them (§2.1.2). */
export function consistencyPath(old, leaves, hash = FIRST) {
	return old === 0 || old === leaves.length ? [] : subproof(old, leaves, true, hash);
}

function subproof(old, leaves, whole, hash) {
	if (old === leaves.length) return whole ? [] : [root(leaves, hash)];
	const [left, right] = split(leaves);
	return old <= left.length
		? [...subproof(old, left, whole, hash), root(right, hash)]
		: [...subproof(old - left.length, right, false, hash), root(left, hash)];
}
