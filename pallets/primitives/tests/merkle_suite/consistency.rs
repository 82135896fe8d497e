// SPDX-License-Identifier: Apache-2.0
//! Consistency: a log that only grows verifies; one that forgets, rewrites, forks or shrinks does not.

use core::cmp::Ordering;

use epidaurus_primitives::merkle::{
	consistency_path_len, empty_root, leaf_hash, prove_consistency, root, verify_consistency, Hash, ProofError,
	MAX_LOG_SIZE,
};
use proptest::prelude::*;

use crate::common::{at, leaves, len_u64, reference_proof, roots, spoiled, store_of, H};

const SIZES: u64 = 70;

/// Calls `check(old, old_root, new, new_root, path)` for every 0 < old < new up to `sizes`.
fn for_every_growth(sizes: u64, mut check: impl FnMut(u64, &Hash, u64, &Hash, &[Hash])) {
	let leaves = leaves(sizes);
	let (store, roots) = (store_of(&leaves), roots(&leaves));
	for new in 1..=sizes {
		for old in 1..new {
			let path = prove_consistency::<H, _>(&store, old, new).unwrap();
			check(old, &roots[at(old)], new, &roots[at(new)], &path);
		}
	}
}

#[test]
fn consistency_of_every_growth_works() {
	let leaves = leaves(SIZES);
	for_every_growth(SIZES, |old, old_root, new, new_root, path| {
		assert_eq!(path, reference_proof(at(old), &leaves[..at(new)], true), "{old} -> {new}");
		assert_eq!(consistency_path_len(old, new), Some(u32::try_from(path.len()).unwrap()));
		assert_eq!(verify_consistency::<H>(old, old_root, new, new_root, path), Ok(()), "{old} -> {new}");
	});
}

#[test]
fn consistency_with_spoiled_path_fails() {
	for_every_growth(40, |old, old_root, new, new_root, path| {
		for wrong in spoiled(path) {
			let result = verify_consistency::<H>(old, old_root, new, new_root, &wrong);
			let (expected, got) = (u32::try_from(path.len()).unwrap(), u32::try_from(wrong.len()).unwrap());
			match got.cmp(&expected) {
				Ordering::Less => assert_eq!(result, Err(ProofError::PathTooShort { expected, got })),
				Ordering::Greater => assert_eq!(result, Err(ProofError::PathTooLong { expected, got })),
				Ordering::Equal => {
					assert!(matches!(result, Err(ProofError::RootMismatch | ProofError::OldRootMismatch)));
				},
			}
		}
	});
}

/// Each root is bound: an old root that is not the start of the new tree is named as such.
#[test]
fn consistency_with_another_root_fails() {
	let other = leaf_hash::<H>(b"another log");
	for_every_growth(40, |old, old_root, new, new_root, path| {
		let result = verify_consistency::<H>(old, old_root, new, &other, path);
		assert_eq!(result, Err(ProofError::RootMismatch), "{old} -> {new}");
		// A whole old tree is the node that the path starts from, so that a wrong one misses the new root.
		let expected = if old.is_power_of_two() { ProofError::RootMismatch } else { ProofError::OldRootMismatch };
		assert_eq!(verify_consistency::<H>(old, &other, new, new_root, path), Err(expected), "{old} -> {new}");
		assert!(verify_consistency::<H>(old, new_root, new, old_root, path).is_err(), "swapped {old} -> {new}");
		assert!(verify_consistency::<H>(old, new_root, new, new_root, path).is_err(), "{old} -> {new}");
		assert!(verify_consistency::<H>(old, old_root, new, old_root, path).is_err(), "{old} -> {new}");
	});
}

/// What a dishonest custodian can offer for a new log: its true paths, and those that suit the old log.
fn is_ever_consistent(old_leaves: &[Hash], new_leaves: &[Hash]) -> bool {
	let (old, new) = (len_u64(old_leaves), len_u64(new_leaves));
	let (old_root, new_root) = (root::<H>(old_leaves), root::<H>(new_leaves));
	let mut stitched = old_leaves.to_vec();
	stitched.extend_from_slice(new_leaves.get(old_leaves.len()..).unwrap_or_default());
	[new_leaves, &stitched].iter().any(|history| {
		prove_consistency::<H, _>(&store_of(history), old, new)
			.is_ok_and(|path| verify_consistency::<H>(old, &old_root, new, &new_root, &path).is_ok())
	})
}

#[test]
fn consistency_of_rewritten_leaf_fails() {
	let leaves = leaves(24);
	for old in 1..leaves.len() {
		for new in old..leaves.len() {
			for rewritten in 0..new {
				let mut history = leaves[..new].to_vec();
				history[rewritten] = leaf_hash::<H>(b"rewritten");
				// Only what the old log does not hold yet may still change.
				let expected = rewritten >= old;
				assert_eq!(is_ever_consistent(&leaves[..old], &history), expected, "{rewritten} in {old} -> {new}");
			}
		}
	}
}

#[test]
fn consistency_of_dropped_leaf_fails() {
	let leaves = leaves(24);
	for old in 1..leaves.len() {
		for new in old..leaves.len() {
			for dropped in 0..old {
				let mut history = leaves[..=new].to_vec();
				history.remove(dropped);
				assert!(!is_ever_consistent(&leaves[..old], &history), "{dropped} in {old} -> {new}");
			}
		}
	}
}

#[test]
fn consistency_of_forked_history_fails() {
	let mine = leaves(20);
	for common in 0..mine.len() {
		let mut theirs = mine.clone();
		for leaf in &mut theirs[common..] {
			*leaf = leaf_hash::<H>(leaf);
		}
		for old in 1..mine.len() {
			let expected = old <= common;
			assert_eq!(is_ever_consistent(&mine[..old], &theirs), expected, "fork at {common}, {old} -> 20");
		}
	}
}

#[test]
fn consistency_of_shrunk_log_fails() {
	for_every_growth(30, |old, old_root, new, new_root, path| {
		let shrinks = Err(ProofError::SizeShrinks { old: new, new: old });
		assert_eq!(verify_consistency::<H>(new, new_root, old, old_root, path), shrinks);
		assert_eq!(verify_consistency::<H>(new, new_root, old, old_root, &[]), shrinks);
		assert_eq!(consistency_path_len(new, old), None);
	});
	let leaf = leaf_hash::<H>(b"");
	let shrinks = Err(ProofError::SizeShrinks { old: 1, new: 0 });
	assert_eq!(verify_consistency::<H>(1, &leaf, 0, &empty_root::<H>(), &[]), shrinks);
}

#[test]
fn consistency_of_equal_sizes_needs_equal_roots() {
	let leaves = leaves(40);
	let roots = roots(&leaves);
	for size in 1..=40 {
		let root = &roots[at(size)];
		assert_eq!(consistency_path_len(size, size), Some(0));
		assert_eq!(verify_consistency::<H>(size, root, size, root, &[]), Ok(()));
		let other = &roots[at(size - 1)];
		assert_eq!(verify_consistency::<H>(size, root, size, other, &[]), Err(ProofError::RootMismatch));
		assert_eq!(verify_consistency::<H>(size, other, size, root, &[]), Err(ProofError::RootMismatch));
		let too_long = Err(ProofError::PathTooLong { expected: 0, got: 1 });
		assert_eq!(verify_consistency::<H>(size, root, size, root, &[*root]), too_long);
	}
}

#[test]
fn consistency_from_empty_log_works() {
	let (empty, other) = (empty_root::<H>(), leaf_hash::<H>(b"first"));
	assert_eq!(verify_consistency::<H>(0, &empty, 0, &empty, &[]), Ok(()));
	assert_eq!(verify_consistency::<H>(0, &empty, 0, &other, &[]), Err(ProofError::RootMismatch));
	assert_eq!(verify_consistency::<H>(0, &other, 0, &other, &[]), Err(ProofError::OldRootMismatch));
	for new in [1, 2, 3, 70, MAX_LOG_SIZE] {
		assert_eq!(consistency_path_len(0, new), Some(0));
		assert_eq!(verify_consistency::<H>(0, &empty, new, &other, &[]), Ok(()));
		assert_eq!(verify_consistency::<H>(0, &other, new, &other, &[]), Err(ProofError::OldRootMismatch));
		assert_eq!(verify_consistency::<H>(0, &[0; 32], new, &other, &[]), Err(ProofError::OldRootMismatch));
		let too_long = Err(ProofError::PathTooLong { expected: 0, got: 1 });
		assert_eq!(verify_consistency::<H>(0, &empty, new, &other, &[other]), too_long);
	}
}

#[test]
fn consistency_above_largest_size_fails() {
	let root = leaf_hash::<H>(b"");
	for (old, new) in [(0, MAX_LOG_SIZE + 1), (1, u64::MAX), (u64::MAX, u64::MAX), (MAX_LOG_SIZE + 2, MAX_LOG_SIZE + 1)]
	{
		assert_eq!(verify_consistency::<H>(old, &root, new, &root, &[]), Err(ProofError::SizeTooLarge));
		assert_eq!(consistency_path_len(old, new), None);
	}
	let shrinks = Err(ProofError::SizeShrinks { old: u64::MAX, new: 1 });
	assert_eq!(verify_consistency::<H>(u64::MAX, &root, 1, &root, &[]), shrinks);
	assert_eq!(verify_consistency::<H>(MAX_LOG_SIZE, &root, MAX_LOG_SIZE, &root, &[]), Ok(()));
}

proptest! {
	#[test]
	fn consistency_of_garbage_fails(
		old in prop_oneof![1..10_u64, 1..u64::MAX],
		old_root in any::<Hash>(),
		new in prop_oneof![0..10_u64, any::<u64>()],
		new_root in any::<Hash>(),
		path in proptest::collection::vec(any::<Hash>(), 0..130),
	) {
		prop_assert!(verify_consistency::<H>(old, &old_root, new, &new_root, &path).is_err());
		prop_assert!(verify_consistency::<H>(0, &old_root, new, &new_root, &path).is_err());
	}

	/// Garbage of the right length reaches the hashing and is refused there.
	#[test]
	fn consistency_of_garbage_of_right_length_fails(
		old_root in any::<Hash>(),
		sizes in (2..=MAX_LOG_SIZE).prop_flat_map(|new| (1..new, Just(new))),
		new_root in any::<Hash>(),
		path in proptest::collection::vec(any::<Hash>(), 63),
	) {
		let (old, new) = sizes;
		let path = &path[..usize::try_from(consistency_path_len(old, new).unwrap()).unwrap()];
		let result = verify_consistency::<H>(old, &old_root, new, &new_root, path);
		prop_assert!(matches!(result, Err(ProofError::RootMismatch | ProofError::OldRootMismatch)));
	}

	#[test]
	fn consistency_of_random_log_works(
		leaves in proptest::collection::vec(any::<Hash>(), 1..300),
		pick in any::<proptest::sample::Index>(),
	) {
		let old = pick.index(leaves.len());
		let (old_size, new_size) = (u64::try_from(old).unwrap(), len_u64(&leaves));
		let path = prove_consistency::<H, _>(&store_of(&leaves), old_size, new_size).unwrap();
		let (old_root, new_root) = (root::<H>(&leaves[..old]), root::<H>(&leaves));
		prop_assert_eq!(verify_consistency::<H>(old_size, &old_root, new_size, &new_root, &path), Ok(()));
	}
}
