// SPDX-License-Identifier: GPL-3.0-only
//! Why the node did not start.

/// What `main` prints before it ends with a failure.
#[derive(Debug, thiserror::Error)]
pub enum Error {
	/// Neither `--dev` nor `--chain` was given.
	#[error("no chain was named: use `--dev`, `--chain local` or `--chain FILE`")]
	NoChain,
	/// An option that makes this node the only author, on a chain that has others.
	#[error("`{0}` seals blocks without a relay chain: it needs `--dev` or a development chain")]
	SealingOutsideDev(&'static str),
	/// A relay chain was given to a node that seals by itself.
	#[error("`{0}` has no meaning here: a development chain is sealed by this node alone, without a relay chain")]
	RelayOfSealedChain(&'static str),
	/// A key that everybody knows, on a chain that is not a test chain.
	#[error(
		"{what} uses a key that everybody knows; that is refused on `{chain}`, which is no development or local chain"
	)]
	WellKnownKey {
		/// The option or the place where the key was found.
		what: String,
		/// Name of the chain.
		chain: String,
	},
	/// A live chain whose genesis state has no collators.
	#[error(
		"the genesis state of `{chain}` names no collators, so nobody could make a block: fill the template in first"
	)]
	NoCollators {
		/// Name of the chain.
		chain: String,
	},
	/// A live chain whose commitments would be good on another chain too.
	#[error("the genesis state of `{chain}` has no network id of its own: it must be 32 random bytes")]
	NoNetwork {
		/// Name of the chain.
		chain: String,
	},
	/// The runtime's slots cannot be aligned with those of a relay chain.
	#[error("slots of {0} ms cannot be sealed: they must be a multiple of the relay chain's {1} ms")]
	SlotDuration(u64, u64),
	/// From the command line library.
	#[error(transparent)]
	Cli(#[from] sc_cli::Error),
	/// From the service.
	#[error(transparent)]
	Service(#[from] sc_service::Error),
}

impl From<Error> for sc_service::Error {
	fn from(error: Error) -> Self {
		match error {
			Error::Service(error) => error,
			other => Self::Application(Box::new(other)),
		}
	}
}
