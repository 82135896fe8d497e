// SPDX-License-Identifier: Apache-2.0
//! The errors of all methods. A code, once given out, keeps its meaning.

use epidaurus_primitives::{proof::MAX_PROVEN_KEYS, views::MAX_PAGE};
use jsonrpsee::types::ErrorObjectOwned;

/// Why a method gives no answer. Says nothing of what was asked about.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Failure {
	/// Nothing of that id exists at that block.
	#[error("{0} not found")]
	NotFound(&'static str),
	/// The limit of a page is not within 1 to [`MAX_PAGE`].
	#[error("limit must be from 1 to {MAX_PAGE}")]
	LimitOutOfRange,
	/// The node does not know the block or no longer has its state.
	#[error("unknown block, or its state is pruned")]
	UnknownBlock,
	/// The runtime at that block does not offer the question.
	#[error("the runtime at this block does not offer this method")]
	ApiUnavailable,
	/// The runtime could not be asked.
	#[error("the runtime could not be asked; see the node's log")]
	RuntimeFailed,
	/// The answer rests on more than [`MAX_PROVEN_KEYS`] keys of the state.
	#[error("the answer rests on more than {MAX_PROVEN_KEYS} keys of the state")]
	TooManyKeys,
}

impl Failure {
	/// Every failure, in the order of the codes.
	pub const ALL: [Self; 6] = [
		Self::NotFound("what was asked for"),
		Self::LimitOutOfRange,
		Self::UnknownBlock,
		Self::ApiUnavailable,
		Self::RuntimeFailed,
		Self::TooManyKeys,
	];

	/// The stable name.
	pub const fn name(&self) -> &'static str {
		match self {
			Self::NotFound(_) => "NotFound",
			Self::LimitOutOfRange => "LimitOutOfRange",
			Self::UnknownBlock => "UnknownBlock",
			Self::ApiUnavailable => "ApiUnavailable",
			Self::RuntimeFailed => "RuntimeFailed",
			Self::TooManyKeys => "TooManyKeys",
		}
	}

	/// What whoever asked can do about it.
	pub const fn advice(&self) -> &'static str {
		match self {
			Self::NotFound(_) => "nothing of that id exists at that block; if it was just made, ask a later block",
			Self::LimitOutOfRange => "ask for 1 to 256 items and go on with `cursor`",
			Self::UnknownBlock => {
				"leave `block` out, or ask a node that keeps the state of that block (an archive node)"
			},
			Self::ApiUnavailable => "the runtime at that block is older than this method: ask a newer block",
			Self::RuntimeFailed => "do not repeat it unchanged; who runs the node finds the reason in its log",
			Self::TooManyKeys => "ask for the answer without a proof, of a node that you trust",
		}
	}

	/// The JSON-RPC error code.
	pub const fn code(&self) -> i32 {
		match self {
			Self::NotFound(_) => 26001,
			Self::LimitOutOfRange => 26002,
			Self::UnknownBlock => 26003,
			Self::ApiUnavailable => 26004,
			Self::RuntimeFailed => 26005,
			Self::TooManyKeys => 26006,
		}
	}
}

impl From<Failure> for ErrorObjectOwned {
	fn from(failure: Failure) -> Self {
		Self::owned(failure.code(), failure.to_string(), None::<()>)
	}
}
