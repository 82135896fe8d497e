// SPDX-License-Identifier: Apache-2.0
//! With which function a tree hashes. The shape is the same for all.

use core::marker::PhantomData;

use super::Hash;
use crate::hash::{Blake2b256, Sha256};

const LEAF_PREFIX: &[u8] = &[0x00];
const NODE_PREFIX: &[u8] = &[0x01];

/// Begins everything that [`Blake2Tree`] hashes.
const BLAKE2_DOMAIN: &[u8] = b"epidaurus/mt2/v1";

/// The hashes of a tree of RFC 9162's shape. No leaf can be taken for a node, nor a hash of one tree for one of another.
pub trait TreeHash {
	/// Root of the tree without leaves.
	fn empty() -> Hash;

	/// Hash of the leaf that holds the concatenation of two parts.
	fn leaf(front: &[u8], back: &[u8]) -> Hash;

	/// Hash of the node above two children, which are leaves or nodes.
	fn node(left: &Hash, right: &Hash) -> Hash;
}

/// The tree of RFC 9162 §2.1 itself.
impl<H: Sha256> TreeHash for H {
	fn empty() -> Hash {
		H::hash(&[])
	}

	fn leaf(front: &[u8], back: &[u8]) -> Hash {
		H::hash(&[LEAF_PREFIX, front, back])
	}

	#[inline]
	fn node(left: &Hash, right: &Hash) -> Hash {
		H::hash(&[NODE_PREFIX, left, right])
	}
}

/// The tree on BLAKE2b-256, under which logs are renewed: see [`renewal`](crate::renewal).
#[derive(Clone, Copy, Debug)]
pub struct Blake2Tree<B>(PhantomData<B>);

impl<B: Blake2b256> TreeHash for Blake2Tree<B> {
	fn empty() -> Hash {
		B::hash(&[BLAKE2_DOMAIN])
	}

	fn leaf(front: &[u8], back: &[u8]) -> Hash {
		B::hash(&[BLAKE2_DOMAIN, LEAF_PREFIX, front, back])
	}

	fn node(left: &Hash, right: &Hash) -> Hash {
		B::hash(&[BLAKE2_DOMAIN, NODE_PREFIX, left, right])
	}
}
