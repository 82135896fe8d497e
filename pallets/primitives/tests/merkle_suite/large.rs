// SPDX-License-Identifier: Apache-2.0
//! Logs of up to 2^62 leaves, all alike but a few, so that every node can be computed.

use std::collections::BTreeMap;

use epidaurus_primitives::merkle::{
	consistency_path_len, frontier_at, inclusion_path_len, leaf_hash, node_hash, prove_consistency, prove_inclusion,
	verify_consistency, verify_inclusion, Hash, NodeStore, ProofError, MAX_LOG_SIZE, MAX_PROOF_NODES,
};
use proptest::prelude::*;

use crate::common::{len_u64, H};

struct Sparse {
	special: BTreeMap<u64, Hash>,
	/// The node of each level that has no special leaf below it.
	plain: Vec<Hash>,
}

impl Sparse {
	fn new(special: &[u64]) -> Self {
		let mut plain = vec![leaf_hash::<H>(b"plain")];
		for level in 0..62 {
			plain.push(node_hash::<H>(&plain[level], &plain[level]));
		}
		let special = special.iter().map(|index| (*index, leaf_hash::<H>(&index.to_le_bytes()))).collect();
		Self { special, plain }
	}

	fn hash(&self, level: u32, index: u64) -> Hash {
		let leaves = index << level..(index + 1) << level;
		match self.special.range(leaves).next() {
			None => self.plain[usize::try_from(level).unwrap()],
			Some((_, leaf)) if level == 0 => *leaf,
			Some(_) => node_hash::<H>(&self.hash(level - 1, index * 2), &self.hash(level - 1, index * 2 + 1)),
		}
	}

	/// By RFC 6962's definition: split at the largest power of two below the size.
	fn root_of(&self, start: u64, size: u64) -> Hash {
		if size.is_power_of_two() {
			return self.hash(size.ilog2(), start >> size.ilog2());
		}
		let k = 1 << (size - 1).ilog2();
		node_hash::<H>(&self.root_of(start, k), &self.root_of(start + k, size - k))
	}
}

impl NodeStore for Sparse {
	type Failure = ();

	fn node(&self, level: u32, index: u64) -> Result<Hash, ()> {
		Ok(self.hash(level, index))
	}
}

/// Sizes of every magnitude, and those around powers of two.
fn sizes() -> impl Strategy<Value = u64> {
	let near_power = (0..=62_u32, 0..5_u64).prop_map(|(bits, by)| ((1_u64 << bits) + by).saturating_sub(2));
	let any_magnitude = (0..62_u32, 1..=MAX_LOG_SIZE).prop_map(|(shift, size)| size >> shift);
	prop_oneof![near_power, any_magnitude].prop_map(|size| size.clamp(1, MAX_LOG_SIZE))
}

fn index_below(size: u64, pick: u64) -> u64 {
	// Half of the picks count from the end, where the tree is uneven.
	if pick.is_multiple_of(2) {
		(pick / 2) % size
	} else {
		size - 1 - (pick / 2) % size.min(70)
	}
}

#[test]
fn longest_paths_have_the_stated_length() {
	assert_eq!(MAX_LOG_SIZE, 1 << 62);
	assert_eq!(MAX_PROOF_NODES, 63);
	assert_eq!(inclusion_path_len(0, MAX_LOG_SIZE), Some(MAX_PROOF_NODES - 1));
	assert_eq!(inclusion_path_len(MAX_LOG_SIZE - 1, MAX_LOG_SIZE), Some(MAX_PROOF_NODES - 1));
	assert_eq!(consistency_path_len(MAX_LOG_SIZE - 1, MAX_LOG_SIZE), Some(MAX_PROOF_NODES));
	assert_eq!(consistency_path_len(1, MAX_LOG_SIZE), Some(MAX_PROOF_NODES - 1));
	assert_eq!(consistency_path_len(MAX_LOG_SIZE / 2, MAX_LOG_SIZE), Some(1));
}

#[test]
fn longest_proof_works() {
	let (old, new) = (MAX_LOG_SIZE - 1, MAX_LOG_SIZE);
	let log = Sparse::new(&[0, old, 1 << 61]);
	let path = prove_consistency::<H, _>(&log, old, new).unwrap();
	assert_eq!(len_u64(&path), u64::from(MAX_PROOF_NODES));
	let (old_root, new_root) = (log.root_of(0, old), log.root_of(0, new));
	assert_eq!(verify_consistency::<H>(old, &old_root, new, &new_root, &path), Ok(()));
}

proptest! {
	#[test]
	fn path_lengths_are_bounded(first in sizes(), second in sizes(), pick in any::<u64>()) {
		let (old, new) = (first.min(second), first.max(second));
		prop_assert!(consistency_path_len(old, new).unwrap() <= MAX_PROOF_NODES);
		prop_assert!(inclusion_path_len(index_below(new, pick), new).unwrap() < MAX_PROOF_NODES);
	}

	#[test]
	fn inclusion_in_large_log_works(size in sizes(), picks in any::<[u64; 3]>(), bit in 0..256_usize) {
		let special = picks.map(|pick| index_below(size, pick));
		let log = Sparse::new(&special);
		let root = log.root_of(0, size);
		prop_assert_eq!(frontier_at(&log, size).unwrap().root::<H>(), root);
		let index = special[0];
		let leaf = log.hash(0, index);
		let mut path = prove_inclusion::<H, _>(&log, index, size).unwrap();
		prop_assert_eq!(verify_inclusion::<H>(&leaf, index, size, &path, &root), Ok(()));
		let elsewhere = index_below(size, picks[0].rotate_left(7));
		if elsewhere != index {
			prop_assert!(verify_inclusion::<H>(&leaf, elsewhere, size, &path, &root).is_err());
		}
		if let Some(last) = path.last_mut() {
			last[bit / 8] ^= 1 << (bit % 8);
			let result = verify_inclusion::<H>(&leaf, index, size, &path, &root);
			prop_assert_eq!(result, Err(ProofError::RootMismatch));
		}
	}

	#[test]
	fn consistency_of_large_log_works(first in sizes(), second in sizes(), picks in any::<[u64; 3]>()) {
		let (old, new) = (first.min(second), first.max(second));
		let log = Sparse::new(&picks.map(|pick| index_below(new, pick)));
		let path = prove_consistency::<H, _>(&log, old, new).unwrap();
		let (old_root, new_root) = (log.root_of(0, old), log.root_of(0, new));
		prop_assert_eq!(verify_consistency::<H>(old, &old_root, new, &new_root, &path), Ok(()));

		// The same log with one of the old leaves rewritten.
		let rewritten = index_below(old, picks[0]);
		let mut forked = Sparse::new(&picks.map(|pick| index_below(new, pick)));
		forked.special.insert(rewritten, leaf_hash::<H>(b"rewritten"));
		let path = prove_consistency::<H, _>(&forked, old, new).unwrap();
		let forked_root = forked.root_of(0, new);
		prop_assert!(verify_consistency::<H>(old, &old_root, new, &forked_root, &path).is_err());
	}
}
