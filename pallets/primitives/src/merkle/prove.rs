// SPDX-License-Identifier: Apache-2.0
//! Making proofs from the complete nodes that a store keeps, for the log's present and every earlier size.

use alloc::vec::Vec;

use super::{
	climb::{bit, shr, Climb, Sibling},
	node_hash, Frontier, Hash, ProofError, ProveError, TreeHash, MAX_LOG_SIZE,
};

/// Where the complete nodes of a log are kept, as [`Frontier::append_with`] reports them.
pub trait NodeStore {
	/// Why a node cannot be given: missing, unreadable.
	type Failure;

	/// Hash of the complete node (`level`, `index`). A proof for a tree of `size` leaves asks only for nodes that are
	/// complete in it.
	fn node(&self, level: u32, index: u64) -> Result<Hash, Self::Failure>;
}

/// Inclusion path of leaf `index` in the tree of the log's first `size` leaves. Reads and hashes O(log size) nodes.
///
/// # Errors
/// `NoSuchProof` (`EmptyTree`, `SizeTooLarge`, `IndexOutOfRange`); `Store` also if the log never had this size.
pub fn prove_inclusion<H: TreeHash, S: NodeStore>(
	store: &S,
	index: u64,
	size: u64,
) -> Result<Vec<Hash>, ProveError<S::Failure>> {
	let climb = Climb::from_leaf(index, size)?;
	climb.siblings().map(|sibling| hash_of::<H, S>(store, sibling, size)).collect()
}

/// Consistency path from the tree of the log's first `old_size` leaves to the tree of its first `new_size` leaves;
/// empty from the empty log and for equal sizes. Reads and hashes O(log size) nodes.
///
/// # Errors
/// `NoSuchProof` (`SizeTooLarge`, `SizeShrinks`); `Store` also if the log never had the new size.
pub fn prove_consistency<H: TreeHash, S: NodeStore>(
	store: &S,
	old_size: u64,
	new_size: u64,
) -> Result<Vec<Hash>, ProveError<S::Failure>> {
	let Some(climb) = Climb::from_old_edge(old_size, new_size)? else { return Ok(Vec::new()) };
	let (level, index) = climb.start();
	let start = (!old_size.is_power_of_two()).then(|| store.node(level, index).map_err(ProveError::Store));
	let siblings = climb.siblings().map(|sibling| hash_of::<H, S>(store, sibling, new_size));
	start.into_iter().chain(siblings).collect()
}

/// The frontier of the log's first `size` leaves, to read an earlier root or to go on appending.
///
/// # Errors
/// `NoSuchProof` (`SizeTooLarge`); `Store` also if the log never had this size.
pub fn frontier_at<S: NodeStore>(store: &S, size: u64) -> Result<Frontier, ProveError<S::Failure>> {
	if size > MAX_LOG_SIZE {
		return Err(ProofError::SizeTooLarge.into());
	}
	let levels = (0..u64::BITS).rev().filter(|level| bit(size, *level));
	let peaks = levels.map(|level| peak(store, level, size)).collect::<Result<Vec<_>, _>>()?;
	Ok(Frontier { size, peaks })
}

/// A sibling's hash in a tree of `size` leaves, put together if the tree ends inside it.
fn hash_of<H: TreeHash, S: NodeStore>(store: &S, sibling: Sibling, size: u64) -> Result<Hash, ProveError<S::Failure>> {
	let Sibling { level, index, .. } = sibling;
	if index < shr(size, level) {
		return store.node(level, index).map_err(ProveError::Store);
	}
	// Its leaves are those of the peaks below its level.
	let smallest = size.trailing_zeros();
	let mut larger = (smallest..level).skip(1).filter(|level| bit(size, *level));
	larger.try_fold(peak(store, smallest, size)?, |right, level| Ok(node_hash::<H>(&peak(store, level, size)?, &right)))
}

/// The peak at `level`, a bit that is set in `size`: the node before the one where the tree ends.
fn peak<S: NodeStore>(store: &S, level: u32, size: u64) -> Result<Hash, ProveError<S::Failure>> {
	store.node(level, shr(size, level) ^ 1).map_err(ProveError::Store)
}
