// SPDX-License-Identifier: Apache-2.0
//! Append-only Merkle logs: the tree of RFC 6962 §2.1 (RFC 9162 §2.1) on SHA-256, its inclusion and consistency proofs;
//! and the same on BLAKE2b-256 ([`Blake2Tree`]), under which logs are renewed.
//!
//! | hash | of |
//! |---|---|
//! | leaf | `SHA-256(0x00 ‖ entry)` |
//! | node | `SHA-256(0x01 ‖ left ‖ right)` |
//! | empty tree | `SHA-256("")` |
//!
//! *Node (level, index)* is the subtree over the leaves `index · 2^level .. (index + 1) · 2^level`; leaves are level 0.
//! It is *complete* in a tree that has all of these leaves, and then never changes again. Everything here is written
//! in terms of complete nodes: [`Frontier`] reports them while it appends, [`NodeStore`] gives them back, and the
//! proofs of every size that the log ever had are made from them.
//!
//! # A root does not bind its size
//! The size is a statement of whoever keeps the log. The verifiers check the exact length of a path, which is all that
//! a size decides:
//! - *Inclusion*: at one index, a path that verifies for one size verifies for exactly the sizes that want a path of
//!   the same length, and these can be many: in a tree of three leaves the path of leaf 0 also passes for size four.
//!   The path of the last leaf (`index = size - 1`) passes for no other size.
//! - *Consistency*: with the same old size, the same holds for the new size. With the same new size no other old size
//!   passes. With both changed a path passes where the two trees climb the same way: `1 -> 2` is also `2 -> 3`.
//! - With another size claimed, a leaf passes at any index that lies on the same turns: leaf 2 of three as leaf 1 of
//!   two.
//! - Two equal leaves cannot be told apart: each passes at the index of the other.
//!
//! Therefore completeness comes from the leaves. Each entry holds its sequence number, which makes every leaf different
//! and ties it to one index; who wants to be sure of a size asks for the path of the entry with the sequence number
//! `size - 1`, and who wants to be sure that nothing is left out asks for every sequence number below.
//!
//! # Leaves are hashes of entries
//! The verifiers take hashes, and a node's hash stands where a leaf of a smaller tree would. Whoever checks an
//! inclusion computes the leaf with [`leaf_hash`] from the entry itself and never takes it from the other side.

mod climb;
mod error;
mod frontier;
mod memory;
mod proof;
mod prove;
mod tree;

pub use error::{ProofError, ProveError};
pub use frontier::Frontier;
pub use memory::{MemoryStore, NodeMissing};
pub use proof::{consistency_path_len, inclusion_path_len, verify_consistency, verify_inclusion};
pub use prove::{frontier_at, prove_consistency, prove_inclusion, NodeStore};
pub use tree::{Blake2Tree, TreeHash};

/// Hash of a leaf, a node or a whole tree; 32 bytes.
pub type Hash = [u8; 32];

/// Most leaves that a log may have: 2^62.
pub const MAX_LOG_SIZE: u64 = 1 << 62;

/// Most hashes in any inclusion or consistency path of a log of at most [`MAX_LOG_SIZE`] leaves: 63.
///
/// A leaf is at most `log2(MAX_LOG_SIZE)` turns below the root. A consistency path has one hash more, the node that it
/// starts from, unless the old size is a power of two.
pub const MAX_PROOF_NODES: u32 = MAX_LOG_SIZE.ilog2() + 1;

/// Root of the tree without leaves: on SHA-256 the hash of nothing.
pub fn empty_root<H: TreeHash>() -> Hash {
	H::empty()
}

/// Hash of the leaf that holds `entry`, bytes of any length.
pub fn leaf_hash<H: TreeHash>(entry: &[u8]) -> Hash {
	H::leaf(entry, &[])
}

/// Hash of the leaf that holds the concatenation of two parts.
pub(crate) fn leaf_hash_of<H: TreeHash>(front: &[u8], back: &[u8]) -> Hash {
	H::leaf(front, back)
}

/// Hash of the node above two children, which are leaves or nodes.
#[inline]
pub fn node_hash<H: TreeHash>(left: &Hash, right: &Hash) -> Hash {
	H::node(left, right)
}

/// Root of the tree over `leaves` (hashes of leaves, in order). Takes memory in proportion; a log that grows keeps a
/// [`Frontier`].
pub fn root<H: TreeHash>(leaves: &[Hash]) -> Hash {
	let mut row = leaves.to_vec();
	while row.len() > 1 {
		row = row.chunks(2).map(parent::<H>).collect();
	}
	row.first().copied().unwrap_or_else(empty_root::<H>)
}

/// A row's odd last node has no sibling and rises as it is.
fn parent<H: TreeHash>(children: &[Hash]) -> Hash {
	match children {
		[left, right] => node_hash::<H>(left, right),
		other => other.first().copied().unwrap_or_default(),
	}
}
