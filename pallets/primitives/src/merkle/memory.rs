// SPDX-License-Identifier: Apache-2.0
//! A whole log in memory: for small logs and tests.

use alloc::{vec, vec::Vec};
use core::fmt;

use super::{frontier_at, node_hash, Frontier, Hash, NodeStore, ProofError, TreeHash, MAX_LOG_SIZE};

/// All complete nodes of a log, level by level: about two hashes for each leaf.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryStore {
	levels: Vec<Vec<Hash>>,
}

/// The log has no such complete node (yet).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeMissing {
	/// Level, 0 for leaves.
	pub level: u32,
	/// Index within the level.
	pub index: u64,
}

impl fmt::Display for NodeMissing {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "no complete node {} at level {}", self.index, self.level)
	}
}

impl core::error::Error for NodeMissing {}

impl MemoryStore {
	/// The empty log.
	pub fn new() -> Self {
		Self::default()
	}

	/// Append a leaf (a [`leaf_hash`](super::leaf_hash)).
	///
	/// # Errors
	/// `SizeTooLarge` if the log is full.
	#[inline]
	pub fn append<H: TreeHash>(&mut self, leaf: Hash) -> Result<(), ProofError> {
		let size = self.size();
		if size >= MAX_LOG_SIZE {
			return Err(ProofError::SizeTooLarge);
		}
		let (mut rows, mut hash) = (self.levels.iter_mut(), leaf);
		// A right child completes its parent; its left sibling is the last of its level.
		for _ in 0..size.trailing_ones() {
			let Some(row) = rows.next() else { break };
			let Some(left) = row.last().copied() else { break };
			row.push(hash);
			hash = node_hash::<H>(&left, &hash);
		}
		match rows.next() {
			Some(row) => row.push(hash),
			None => self.levels.push(vec![hash]),
		}
		Ok(())
	}

	/// Number of leaves.
	pub fn size(&self) -> u64 {
		self.levels.first().and_then(|leaves| u64::try_from(leaves.len()).ok()).unwrap_or_default()
	}

	/// Size, peaks and root of the log.
	pub fn frontier(&self) -> Frontier {
		frontier_at(self, self.size()).unwrap_or_default()
	}
}

impl NodeStore for MemoryStore {
	type Failure = NodeMissing;

	fn node(&self, level: u32, index: u64) -> Result<Hash, NodeMissing> {
		let row = row_of(level).and_then(|row| self.levels.get(row));
		let node = usize::try_from(index).ok().and_then(|index| row?.get(index));
		node.copied().ok_or(NodeMissing { level, index })
	}
}

fn row_of(level: u32) -> Option<usize> {
	usize::try_from(level).ok()
}
