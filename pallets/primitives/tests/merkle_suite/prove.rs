// SPDX-License-Identifier: Apache-2.0
//! Proving from a store: any earlier size of the log, no more nodes than needed, and failures that come through.

use core::cell::RefCell;

use epidaurus_primitives::merkle::{
	frontier_at, prove_consistency, prove_inclusion, Frontier, Hash, MemoryStore, NodeMissing, NodeStore, ProofError,
	ProveError, MAX_LOG_SIZE,
};

use crate::common::{leaves, store_of, H};

/// Notes what is asked of a store.
struct Watched<'a> {
	store: &'a MemoryStore,
	asked: RefCell<Vec<(u32, u64)>>,
}

impl NodeStore for Watched<'_> {
	type Failure = NodeMissing;

	fn node(&self, level: u32, index: u64) -> Result<Hash, NodeMissing> {
		self.asked.borrow_mut().push((level, index));
		self.store.node(level, index)
	}
}

#[derive(Debug, PartialEq)]
struct Unreadable;

struct Broken;

impl NodeStore for Broken {
	type Failure = Unreadable;

	fn node(&self, _: u32, _: u64) -> Result<Hash, Unreadable> {
		Err(Unreadable)
	}
}

#[test]
fn prove_for_older_size_is_what_the_log_would_have_proved_then() {
	let now = store_of(&leaves(70));
	let (mut then, mut frontier) = (MemoryStore::new(), Frontier::new());
	for (size, leaf) in (1..).zip(leaves(70)) {
		then.append::<H>(leaf).unwrap();
		frontier.append::<H>(leaf).unwrap();
		assert_eq!(frontier_at(&now, size).as_ref(), Ok(&frontier));
		assert_eq!((then.size(), then.frontier()), (size, frontier.clone()));
		for index in 0..size {
			let (now, then) = (prove_inclusion::<H, _>(&now, index, size), prove_inclusion::<H, _>(&then, index, size));
			assert!(now.is_ok() && now == then, "{index} of {size}");
		}
		for old in 0..=size {
			let (now, then) = (prove_consistency::<H, _>(&now, old, size), prove_consistency::<H, _>(&then, old, size));
			assert!(now.is_ok() && now == then, "{old} -> {size}");
		}
	}
}

#[test]
fn prove_asks_for_few_nodes_and_only_complete_ones() {
	let store = store_of(&leaves(200));
	for size in 1..=200_u64 {
		for index in 0..size {
			let watched = Watched { store: &store, asked: RefCell::default() };
			prove_inclusion::<H, _>(&watched, index, size).unwrap();
			let for_inclusion = watched.asked.take();
			prove_consistency::<H, _>(&watched, index, size).unwrap();
			let for_consistency = watched.asked.take();
			for asked in [for_inclusion, for_consistency] {
				assert!(asked.iter().all(|(level, index)| (index + 1) << level <= size), "{index} of {size}");
				assert!(asked.len() <= usize::try_from(2 * (size.ilog2() + 1)).unwrap(), "{index} of {size}");
			}
		}
	}
}

#[test]
fn prove_for_impossible_size_fails() {
	let store = store_of(&leaves(4));
	let inclusion = |index, size| prove_inclusion::<H, _>(&store, index, size).unwrap_err();
	assert_eq!(inclusion(0, 0), ProveError::NoSuchProof(ProofError::EmptyTree));
	assert_eq!(inclusion(4, 4), ProveError::NoSuchProof(ProofError::IndexOutOfRange { index: 4, size: 4 }));
	assert_eq!(inclusion(0, MAX_LOG_SIZE + 1), ProveError::NoSuchProof(ProofError::SizeTooLarge));
	let consistency = |old, new| prove_consistency::<H, _>(&store, old, new).unwrap_err();
	assert_eq!(consistency(4, 3), ProveError::NoSuchProof(ProofError::SizeShrinks { old: 4, new: 3 }));
	assert_eq!(consistency(4, u64::MAX), ProveError::NoSuchProof(ProofError::SizeTooLarge));
	assert_eq!(frontier_at(&store, MAX_LOG_SIZE + 1), Err(ProveError::NoSuchProof(ProofError::SizeTooLarge)));
	assert_eq!(frontier_at(&store, 0), Ok(Frontier::new()));
}

#[test]
fn prove_beyond_store_fails() {
	let store = store_of(&leaves(5));
	let missing = |level, index| ProveError::Store(NodeMissing { level, index });
	assert_eq!(prove_inclusion::<H, _>(&store, 4, 6), Err(missing(0, 5)));
	assert_eq!(prove_inclusion::<H, _>(&store, 0, 8), Err(missing(2, 1)));
	assert_eq!(prove_consistency::<H, _>(&store, 5, 6), Err(missing(0, 5)));
	assert_eq!(frontier_at(&store, 6), Err(missing(1, 2)));
	assert_eq!(missing(1, 2).to_string(), "the store of the log failed: no complete node 2 at level 1");
}

#[test]
fn prove_from_broken_store_fails() {
	assert_eq!(prove_inclusion::<H, _>(&Broken, 1, 3), Err(ProveError::Store(Unreadable)));
	assert_eq!(prove_consistency::<H, _>(&Broken, 1, 3), Err(ProveError::Store(Unreadable)));
	assert_eq!(prove_consistency::<H, _>(&Broken, 3, 4), Err(ProveError::Store(Unreadable)));
	assert_eq!(frontier_at(&Broken, 3), Err(ProveError::Store(Unreadable)));
	// Nothing to read: these stand without a store.
	assert_eq!(prove_inclusion::<H, _>(&Broken, 0, 1), Ok(Vec::new()));
	assert_eq!(prove_consistency::<H, _>(&Broken, 0, 3), Ok(Vec::new()));
	assert_eq!(prove_consistency::<H, _>(&Broken, 3, 3), Ok(Vec::new()));
}
