// SPDX-License-Identifier: Apache-2.0
//! All that can go wrong, and the exit code of each kind.

use crate::{
	acts::ActRefused, chain::ChainError, custody::Kept, keys::KeyError, record::InputError, store::StoreError,
	verify::Refused,
};

/// What a command or a flow ends with when it does not end well.
#[derive(Debug, thiserror::Error)]
pub enum Error {
	/// Verification says no.
	#[error(transparent)]
	Refused(#[from] Refused),
	/// An act of a subject is not signed or not submitted.
	#[error(transparent)]
	Act(#[from] ActRefused),
	/// A record must stay such that it can be opened.
	#[error(transparent)]
	Kept(#[from] Kept),
	/// So much of the demonstration did not come out as expected.
	#[error("{0} of the demonstration's steps did not come out as expected")]
	Unexpected(usize),
	/// So much of the store is not sound; each was told when it was met.
	#[error("problems found: {0}")]
	Unsound(u64),
	/// The command was used wrongly.
	#[error("{0}")]
	Usage(String),
	/// There is no usable key.
	#[error(transparent)]
	Key(#[from] KeyError),
	/// An input cannot be used.
	#[error(transparent)]
	Input(#[from] InputError),
	/// So many inputs could not be used; each was told when it was met.
	#[error("{0} of the files could not be used")]
	Inputs(u64),
	/// The node cannot be reached, or refused a call.
	#[error(transparent)]
	Chain(#[from] ChainError),
	/// The store cannot be used.
	#[error(transparent)]
	Store(#[from] StoreError),
}

impl Error {
	/// The process's exit code.
	pub fn exit_code(&self) -> u8 {
		match self {
			// The content is no correct input at all, whatever the bundle says.
			Self::Refused(Refused::Content(_)) => 3,
			Self::Refused(_) | Self::Kept(_) | Self::Unexpected(_) | Self::Unsound(_) => 1,
			Self::Act(refused) => refused.exit_code(),
			Self::Usage(_) | Self::Key(_) => 2,
			Self::Input(_) | Self::Inputs(_) => 3,
			Self::Chain(ChainError::Signer(_)) => 2,
			Self::Chain(_) => 4,
			Self::Store(_) => 5,
		}
	}

	/// The stable name of the reason.
	pub fn name(&self) -> &'static str {
		match self {
			Self::Refused(refused) => refused.name(),
			Self::Act(refused) => refused.name(),
			Self::Kept(kept) => kept.name(),
			Self::Unexpected(_) => "unexpected",
			Self::Unsound(_) => "unsound",
			Self::Usage(_) => "usage",
			Self::Key(error) => error.name(),
			Self::Input(error) => error.name(),
			Self::Inputs(_) => "unusable-files",
			Self::Chain(error) => error.name(),
			Self::Store(error) => error.name(),
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn one_is_told_as_well_as_several() {
		for count in [1, 13] {
			assert_eq!(Error::Inputs(count).to_string(), format!("{count} of the files could not be used"));
			assert_eq!(Error::Unsound(count).to_string(), format!("problems found: {count}"));
			let told = Error::Unexpected(count as usize).to_string();
			assert_eq!(told, format!("{count} of the demonstration's steps did not come out as expected"));
		}
	}
}
