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
