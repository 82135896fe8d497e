// SPDX-License-Identifier: Apache-2.0
//! Logs to test with, and RFC 6962's own recursive definitions as the reference.

use epidaurus_primitives::{
	hash::NativeSha256,
	merkle::{empty_root, leaf_hash, node_hash, Hash, MemoryStore, ProofError},
};

pub type H = NativeSha256;

/// Entry `sequence` of the test log: different for every sequence number, as in a custodian's log.
pub fn entry(sequence: u64) -> Vec<u8> {
	format!("entry {sequence}").into_bytes()
}

pub fn leaves(size: u64) -> Vec<Hash> {
	(0..size).map(|sequence| leaf_hash::<H>(&entry(sequence))).collect()
}

pub fn store_of(leaves: &[Hash]) -> MemoryStore {
	let mut store = MemoryStore::new();
	for leaf in leaves {
		store.append::<H>(*leaf).unwrap();
	}
	store
}

/// Roots of the first 0, 1, 2 … leaves.
pub fn roots(leaves: &[Hash]) -> Vec<Hash> {
	(0..=leaves.len()).map(|size| reference_root(&leaves[..size])).collect()
}

pub fn len_u64<T>(items: &[T]) -> u64 {
	u64::try_from(items.len()).unwrap()
}

pub fn at(index: u64) -> usize {
	usize::try_from(index).unwrap()
}

/// The largest power of two below `size`.
pub fn split(size: usize) -> usize {
	assert!(size > 1);
	1 << (size - 1).ilog2()
}

/// RFC 6962 §2.1: MTH.
pub fn reference_root(leaves: &[Hash]) -> Hash {
	match leaves {
		[] => empty_root::<H>(),
		[leaf] => *leaf,
		_ => {
			let (left, right) = leaves.split_at(split(leaves.len()));
			node_hash::<H>(&reference_root(left), &reference_root(right))
		},
	}
}

/// RFC 6962 §2.1.1: PATH(index, D[n]).
pub fn reference_path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
	if leaves.len() == 1 {
		return Vec::new();
	}
	let k = split(leaves.len());
	let (left, right) = leaves.split_at(k);
	let (mut path, sibling) =
		if index < k { (reference_path(index, left), right) } else { (reference_path(index - k, right), left) };
	path.push(reference_root(sibling));
	path
}

/// RFC 6962 §2.1.2: SUBPROOF(old, D[n], whole); PROOF(old, D[n]) has `whole`.
pub fn reference_proof(old: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
	if old == leaves.len() {
		return if whole { Vec::new() } else { vec![reference_root(leaves)] };
	}
	let k = split(leaves.len());
	let (left, right) = leaves.split_at(k);
	let (mut path, sibling) = if old <= k {
		(reference_proof(old, left, whole), right)
	} else {
		(reference_proof(old - k, right, false), left)
	};
	path.push(reference_root(sibling));
	path
}

pub fn is_wrong_length(result: Result<(), ProofError>) -> bool {
	matches!(result, Err(ProofError::PathTooShort { .. } | ProofError::PathTooLong { .. }))
}

/// Every way to spoil a path in one place: shorter at either end, longer by any hash at either end, two hashes swapped,
/// one bit flipped in each hash.
pub fn spoiled(path: &[Hash]) -> Vec<Vec<Hash>> {
	let mut all = Vec::new();
	for extra in path.iter().copied().chain([[0; 32], empty_root::<H>()]) {
		all.push([path, &[extra][..]].concat());
		all.push([&[extra][..], path].concat());
	}
	for first in 0..path.len() {
		all.push([&path[..first], &path[first + 1..]].concat());
		for second in first + 1..path.len() {
			let mut swapped = path.to_vec();
			swapped.swap(first, second);
			all.push(swapped);
		}
		let mut flipped = path.to_vec();
		flipped[first][(first * 7) % 32] ^= 1 << (first % 8);
		all.push(flipped);
	}
	all
}
