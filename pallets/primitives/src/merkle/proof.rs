// SPDX-License-Identifier: Apache-2.0
//! Verification of inclusion and consistency proofs (RFC 9162 §2.1.3.2, §2.1.4.2). Sizes and the length of the path are
//! checked before anything is hashed, so that a refused proof costs next to nothing.

use core::cmp::Ordering;

use super::{
	climb::{Climb, Sibling},
	empty_root, node_hash, Hash, ProofError, TreeHash,
};

/// Hashes in the inclusion path of leaf `index` in a tree of `size` leaves; `None` if there is no such leaf or the size
/// is above [`MAX_LOG_SIZE`](super::MAX_LOG_SIZE).
pub fn inclusion_path_len(index: u64, size: u64) -> Option<u32> {
	Climb::from_leaf(index, size).ok().map(|climb| climb.len())
}

/// Hashes in the consistency path from `old` to `new` leaves; `None` if the log would shrink or the size is above
/// [`MAX_LOG_SIZE`](super::MAX_LOG_SIZE).
pub fn consistency_path_len(old: u64, new: u64) -> Option<u32> {
	let climb = Climb::from_old_edge(old, new).ok()?;
	Some(climb.map_or(0, |climb| growth_len(old, &climb)))
}

/// Verify that `leaf` is leaf `index` of the tree of `size` leaves under `root`.
///
/// `leaf` must be the [`leaf_hash`](super::leaf_hash) of an entry that the verifier holds. Does not bind `size`. See
/// the [module](super) for both.
///
/// # Errors
/// `EmptyTree`, `SizeTooLarge`, `IndexOutOfRange`, `PathTooShort`, `PathTooLong`, `RootMismatch`.
pub fn verify_inclusion<H: TreeHash>(
	leaf: &Hash,
	index: u64,
	size: u64,
	path: &[Hash],
	root: &Hash,
) -> Result<(), ProofError> {
	let climb = Climb::from_leaf(index, size)?;
	ensure_len(climb.len(), path)?;
	if climb_to::<H>(leaf, path.iter().zip(climb.siblings())) != *root {
		return Err(ProofError::RootMismatch);
	}
	Ok(())
}

/// Verify that the tree of `new_size` leaves under `new_root` starts with all the leaves of the tree of `old_size`
/// leaves under `old_root`, in the same order.
///
/// A log that does not grow has equal roots and an empty path. Growth from the empty log, whose root must be
/// [`empty_root`], is always consistent and has an empty path. Does not bind the sizes: see the [module](super).
///
/// # Errors
/// `SizeTooLarge`, `SizeShrinks`, `PathTooShort`, `PathTooLong`, `OldRootMismatch`, `RootMismatch`.
pub fn verify_consistency<H: TreeHash>(
	old_size: u64,
	old_root: &Hash,
	new_size: u64,
	new_root: &Hash,
	path: &[Hash],
) -> Result<(), ProofError> {
	let Some(climb) = Climb::from_old_edge(old_size, new_size)? else {
		ensure_len(0, path)?;
		return ensure_no_growth::<H>(old_size, old_root, new_size, new_root);
	};
	ensure_len(growth_len(old_size, &climb), path)?;
	// A whole old tree is itself the node to start from, and the verifier has its hash already.
	let (start, path) = match path.split_first() {
		Some((start, rest)) if !old_size.is_power_of_two() => (start, rest),
		_ => (old_root, path),
	};
	// The old tree ends at the start: of the siblings on the way only those to the left are in it.
	let old_path = path.iter().zip(climb.siblings()).filter(|(_, sibling)| sibling.left);
	if climb_to::<H>(start, old_path) != *old_root {
		return Err(ProofError::OldRootMismatch);
	}
	if climb_to::<H>(start, path.iter().zip(climb.siblings())) != *new_root {
		return Err(ProofError::RootMismatch);
	}
	Ok(())
}

/// The cases without a path: an old log that is empty, or that is the new one.
fn ensure_no_growth<H: TreeHash>(
	old_size: u64,
	old_root: &Hash,
	new_size: u64,
	new_root: &Hash,
) -> Result<(), ProofError> {
	if old_size == 0 && *old_root != empty_root::<H>() {
		return Err(ProofError::OldRootMismatch);
	}
	if old_size == new_size && old_root != new_root {
		return Err(ProofError::RootMismatch);
	}
	Ok(())
}

/// Length of a consistency path: the siblings, after the node to start from if the verifier lacks it.
fn growth_len(old: u64, climb: &Climb) -> u32 {
	climb.len().saturating_add(u32::from(!old.is_power_of_two()))
}

fn ensure_len(expected: u32, path: &[Hash]) -> Result<(), ProofError> {
	let got = u32::try_from(path.len()).unwrap_or(u32::MAX);
	match got.cmp(&expected) {
		Ordering::Less => Err(ProofError::PathTooShort { expected, got }),
		Ordering::Equal => Ok(()),
		Ordering::Greater => Err(ProofError::PathTooLong { expected, got }),
	}
}

fn climb_to<'a, H: TreeHash>(start: &Hash, path: impl Iterator<Item = (&'a Hash, Sibling)>) -> Hash {
	let mut below = *start;
	for (hash, sibling) in path {
		below = if sibling.left { node_hash::<H>(hash, &below) } else { node_hash::<H>(&below, hash) };
	}
	below
}
