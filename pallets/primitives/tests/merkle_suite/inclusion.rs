// SPDX-License-Identifier: Apache-2.0
//! Inclusion: what verifies, and what must not.

use epidaurus_primitives::merkle::{
	empty_root, inclusion_path_len, leaf_hash, node_hash, prove_inclusion, root, verify_inclusion, Hash, ProofError,
	MAX_LOG_SIZE,
};
use proptest::prelude::*;

use crate::common::{at, entry, leaves, reference_path, reference_root, roots, spoiled, store_of, H};

const SIZES: u64 = 70;

/// Calls `check(index, size, path, root)` for every leaf of every tree up to `sizes`.
fn for_every_leaf(sizes: u64, mut check: impl FnMut(u64, u64, &[Hash], &Hash)) {
	let leaves = leaves(sizes);
	let (store, roots) = (store_of(&leaves), roots(&leaves));
	for size in 1..=sizes {
		for index in 0..size {
			let path = prove_inclusion::<H, _>(&store, index, size).unwrap();
			check(index, size, &path, &roots[at(size)]);
		}
	}
}

fn verify_entry(bytes: &[u8], index: u64, size: u64, path: &[Hash], root: &Hash) -> Result<(), ProofError> {
	verify_inclusion::<H>(&leaf_hash::<H>(bytes), index, size, path, root)
}

#[test]
fn inclusion_of_every_leaf_works() {
	let leaves = leaves(SIZES);
	for_every_leaf(SIZES, |index, size, path, root| {
		assert_eq!(path, reference_path(at(index), &leaves[..at(size)]), "{index} of {size}");
		assert_eq!(inclusion_path_len(index, size), Some(u32::try_from(path.len()).unwrap()));
		assert_eq!(verify_entry(&entry(index), index, size, path, root), Ok(()), "{index} of {size}");
	});
}

#[test]
fn inclusion_at_wrong_index_fails() {
	for_every_leaf(SIZES, |index, size, path, root| {
		for wrong in (0..size).filter(|wrong| *wrong != index) {
			let result = verify_entry(&entry(index), wrong, size, path, root);
			let expected = u32::try_from(path.len()).unwrap();
			match inclusion_path_len(wrong, size) {
				Some(len) if len == expected => assert_eq!(result, Err(ProofError::RootMismatch)),
				Some(len) if len > expected => {
					assert_eq!(result, Err(ProofError::PathTooShort { expected: len, got: expected }));
				},
				Some(len) => assert_eq!(result, Err(ProofError::PathTooLong { expected: len, got: expected })),
				None => panic!("{wrong} is in {size}"),
			}
		}
	});
}

#[test]
fn inclusion_out_of_range_fails() {
	for_every_leaf(20, |index, size, path, root| {
		for wrong in [size, size + 1, size + index, u64::MAX] {
			let result = verify_entry(&entry(index), wrong, size, path, root);
			assert_eq!(result, Err(ProofError::IndexOutOfRange { index: wrong, size }));
			assert_eq!(inclusion_path_len(wrong, size), None);
		}
	});
}

#[test]
fn inclusion_with_spoiled_path_fails() {
	for_every_leaf(40, |index, size, path, root| {
		for wrong in spoiled(path) {
			let result = verify_entry(&entry(index), index, size, &wrong, root);
			let (expected, got) = (u32::try_from(path.len()).unwrap(), u32::try_from(wrong.len()).unwrap());
			match got.cmp(&expected) {
				core::cmp::Ordering::Less => assert_eq!(result, Err(ProofError::PathTooShort { expected, got })),
				core::cmp::Ordering::Equal => assert_eq!(result, Err(ProofError::RootMismatch)),
				core::cmp::Ordering::Greater => assert_eq!(result, Err(ProofError::PathTooLong { expected, got })),
			}
		}
	});
}

#[test]
fn inclusion_of_another_entry_fails() {
	for_every_leaf(40, |index, size, path, root| {
		for other in [index + 1, index + size, u64::MAX] {
			assert_eq!(verify_entry(&entry(other), index, size, path, root), Err(ProofError::RootMismatch));
		}
	});
}

#[test]
fn inclusion_under_another_root_fails() {
	for_every_leaf(40, |index, size, path, root| {
		let mut flipped = *root;
		flipped[at(index) % 32] ^= 0x80;
		for wrong in [flipped, empty_root::<H>(), [0; 32], leaf_hash::<H>(b"another log")] {
			assert_eq!(verify_entry(&entry(index), index, size, path, &wrong), Err(ProofError::RootMismatch));
		}
	});
}

/// The content of a node, given as an entry, gets the leaf prefix and is refused wherever it is put.
#[test]
fn inclusion_of_node_content_as_entry_fails() {
	let leaves = leaves(4);
	let content = [leaves[0], leaves[1]].concat();
	let root = root::<H>(&leaves);
	let path = [node_hash::<H>(&leaves[2], &leaves[3])];
	for size in 1..=5 {
		for index in 0..size {
			assert!(verify_entry(&content, index, size, &path, &root).is_err(), "{index} of {size}");
		}
	}
}

/// The verifier takes a hash on trust: a node's hash stands where a leaf of a smaller tree would. At the true size it
/// has no path of the right length.
#[test]
fn inclusion_of_node_hash_works_only_in_smaller_tree() {
	let leaves = leaves(4);
	let (left, right) = (node_hash::<H>(&leaves[0], &leaves[1]), node_hash::<H>(&leaves[2], &leaves[3]));
	let root = root::<H>(&leaves);
	assert_eq!(verify_inclusion::<H>(&left, 0, 2, &[right], &root), Ok(()));
	let refused = Err(ProofError::PathTooShort { expected: 2, got: 1 });
	for index in 0..4 {
		assert_eq!(verify_inclusion::<H>(&left, index, 4, &[right], &root), refused);
		for filler in [left, right, leaves[0], leaves[1]] {
			let result = verify_inclusion::<H>(&left, index, 4, &[filler, right], &root);
			assert_eq!(result, Err(ProofError::RootMismatch));
		}
	}
}

/// Two equal leaves cannot be told apart, which is why entries carry sequence numbers.
#[test]
fn inclusion_of_equal_leaf_works_at_both_indices() {
	let mut leaves = leaves(7);
	leaves[5] = leaves[2];
	let root = reference_root(&leaves);
	for index in [2_u64, 5] {
		let path = reference_path(at(index), &leaves);
		assert_eq!(verify_inclusion::<H>(&leaves[2], index, 7, &path, &root), Ok(()));
	}
	let path = reference_path(5, &leaves);
	assert_eq!(verify_inclusion::<H>(&leaves[2], 2, 7, &path, &root), Err(ProofError::RootMismatch));
}

#[test]
fn inclusion_in_empty_tree_fails() {
	let leaf = leaf_hash::<H>(b"");
	for (index, path) in [(0, &[][..]), (0, &[leaf][..]), (u64::MAX, &[][..])] {
		assert_eq!(verify_inclusion::<H>(&leaf, index, 0, path, &empty_root::<H>()), Err(ProofError::EmptyTree));
	}
	assert_eq!(inclusion_path_len(0, 0), None);
}

#[test]
fn inclusion_in_tree_of_one_works() {
	let leaf = leaf_hash::<H>(b"only");
	assert_eq!(root::<H>(&[leaf]), leaf);
	assert_eq!(verify_inclusion::<H>(&leaf, 0, 1, &[], &leaf), Ok(()));
	assert_eq!(verify_inclusion::<H>(&[0; 32], 0, 1, &[], &leaf), Err(ProofError::RootMismatch));
	let too_long = Err(ProofError::PathTooLong { expected: 0, got: 1 });
	assert_eq!(verify_inclusion::<H>(&leaf, 0, 1, &[leaf], &leaf), too_long);
}

#[test]
fn inclusion_above_largest_size_fails() {
	let leaf = leaf_hash::<H>(b"");
	for size in [MAX_LOG_SIZE + 1, 1 << 63, u64::MAX] {
		assert_eq!(verify_inclusion::<H>(&leaf, 0, size, &[], &leaf), Err(ProofError::SizeTooLarge));
		assert_eq!(inclusion_path_len(0, size), None);
	}
	let too_short = Err(ProofError::PathTooShort { expected: 62, got: 0 });
	assert_eq!(verify_inclusion::<H>(&leaf, 0, MAX_LOG_SIZE, &[], &leaf), too_short);
}

proptest! {
	#[test]
	fn inclusion_of_garbage_fails(
		leaf in any::<Hash>(),
		index in prop_oneof![0..10_u64, any::<u64>()],
		size in prop_oneof![0..10_u64, any::<u64>()],
		path in proptest::collection::vec(any::<Hash>(), 0..130),
		root in any::<Hash>(),
	) {
		prop_assert!(verify_inclusion::<H>(&leaf, index, size, &path, &root).is_err());
	}

	/// Garbage of the right length reaches the hashing and is refused there.
	#[test]
	fn inclusion_of_garbage_of_right_length_fails(
		leaf in any::<Hash>(),
		place in (1..=MAX_LOG_SIZE).prop_flat_map(|size| (0..size, Just(size))),
		path in proptest::collection::vec(any::<Hash>(), 62),
		root in any::<Hash>(),
	) {
		let (index, size) = place;
		let path = &path[..usize::try_from(inclusion_path_len(index, size).unwrap()).unwrap()];
		let result = verify_inclusion::<H>(&leaf, index, size, path, &root);
		prop_assert_eq!(result, Err(ProofError::RootMismatch));
	}

	#[test]
	fn inclusion_in_random_log_works(
		entries in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 1..200),
		pick in any::<proptest::sample::Index>(),
	) {
		let leaves = entries.iter().map(|entry| leaf_hash::<H>(entry)).collect::<Vec<_>>();
		let index = pick.index(leaves.len());
		let (place, size) = (u64::try_from(index).unwrap(), u64::try_from(leaves.len()).unwrap());
		let path = prove_inclusion::<H, _>(&store_of(&leaves), place, size).unwrap();
		prop_assert_eq!(verify_entry(&entries[index], place, size, &path, &root::<H>(&leaves)), Ok(()));
	}
}
