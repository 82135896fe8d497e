// SPDX-License-Identifier: Apache-2.0
//! Why a proof is refused or cannot be made.

use core::fmt;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Why a proof is refused. Sizes and indices count leaves; path lengths count hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ProofError {
	/// A tree without leaves includes nothing.
	#[codec(index = 0)]
	EmptyTree,
	/// There is no such leaf in a tree of this size.
	#[codec(index = 1)]
	IndexOutOfRange {
		/// The leaf asked for, counted from 0.
		#[cfg_attr(feature = "serde", serde(with = "crate::bytes::decimal"))]
		#[cfg_attr(feature = "schema", schemars(with = "crate::schema::Decimal"))]
		index: u64,
		/// Leaves in the tree.
		#[cfg_attr(feature = "serde", serde(with = "crate::bytes::decimal"))]
		#[cfg_attr(feature = "schema", schemars(with = "crate::schema::Decimal"))]
		size: u64,
	},
	/// A log has at most [`MAX_LOG_SIZE`](super::MAX_LOG_SIZE) leaves.
	#[codec(index = 2)]
	SizeTooLarge,
	/// The new size is below the old one; a log only grows.
	#[codec(index = 3)]
	SizeShrinks {
		/// Leaves before.
		#[cfg_attr(feature = "serde", serde(with = "crate::bytes::decimal"))]
		#[cfg_attr(feature = "schema", schemars(with = "crate::schema::Decimal"))]
		old: u64,
		/// Leaves after.
		#[cfg_attr(feature = "serde", serde(with = "crate::bytes::decimal"))]
		#[cfg_attr(feature = "schema", schemars(with = "crate::schema::Decimal"))]
		new: u64,
	},
	/// The path has fewer hashes than these sizes want.
	#[codec(index = 4)]
	PathTooShort {
		/// Hashes wanted.
		expected: u32,
		/// Hashes given.
		got: u32,
	},
	/// The path has more hashes than these sizes want.
	#[codec(index = 5)]
	PathTooLong {
		/// Hashes wanted.
		expected: u32,
		/// Hashes given.
		got: u32,
	},
	/// The path does not lead to the root (of a consistency proof: to the new root).
	#[codec(index = 6)]
	RootMismatch,
	/// The path of a consistency proof does not lead to the old root, or the old root of an empty log is not the empty
	/// tree's.
	#[codec(index = 7)]
	OldRootMismatch,
}

impl fmt::Display for ProofError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::EmptyTree => f.write_str("an empty tree includes nothing"),
			Self::IndexOutOfRange { index, size } => write!(f, "no leaf {index} in a tree of {size}"),
			Self::SizeTooLarge => f.write_str("the log would be larger than 2^62 leaves"),
			Self::SizeShrinks { old, new } => write!(f, "the log would shrink from {old} to {new} leaves"),
			Self::PathTooShort { expected, got } => write!(f, "path too short: {got} hashes instead of {expected}"),
			Self::PathTooLong { expected, got } => write!(f, "path too long: {got} hashes instead of {expected}"),
			Self::RootMismatch => f.write_str("the path does not lead to the root"),
			Self::OldRootMismatch => f.write_str("the path does not lead to the old root"),
		}
	}
}

impl core::error::Error for ProofError {}

/// Why a proof cannot be made; `E` is the store's own failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProveError<E> {
	/// There is no such proof: an index or size that the log cannot have.
	NoSuchProof(ProofError),
	/// The store does not give a node that it should hold.
	Store(E),
}

impl<E> From<ProofError> for ProveError<E> {
	fn from(error: ProofError) -> Self {
		Self::NoSuchProof(error)
	}
}

impl<E: fmt::Display> fmt::Display for ProveError<E> {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::NoSuchProof(error) => write!(f, "there is no such proof: {error}"),
			Self::Store(error) => write!(f, "the store of the log failed: {error}"),
		}
	}
}

impl<E: fmt::Debug + fmt::Display> core::error::Error for ProveError<E> {}
