// SPDX-License-Identifier: Apache-2.0
//! What the modules of `epid` name that stand in files which talk to a node. There is no node here: nothing of this can be
//! made, so none of it is ever called.

use codec::{Decode, Encode};
use epidaurus_primitives::{
	ehr::{LogKind, LogProof},
	hash::Opening,
	ids::{NetworkId, OrgId, RecordId},
	renewal::Renewal,
	verify::Refusal,
	views::{AnchorVerdict, AnchorView, CheckpointView, LifeView, LogVerdict, LogView, TreeView, VersionView},
};
use std::{convert::Infallible, fmt, marker::PhantomData};

/// An account, in SCALE as everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct AccountId32(pub [u8; 32]);

impl fmt::Display for AccountId32 {
	fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
		write!(f, "{self:?}")
	}
}

/// A signature. There is no key here either.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MultiSignature(Infallible);

impl Encode for MultiSignature {
	fn encode(&self) -> Vec<u8> {
		match self.0 {}
	}
}

/// Reads no signature.
pub fn parse_signature(_: &str) -> Option<Vec<MultiSignature>> {
	None
}

/// Checks no signature.
pub fn verifies(signature: &MultiSignature, _: &[u8], _: &AccountId32) -> bool {
	match signature.0 {}
}

/// A connection to a node.
pub struct Chain(Infallible);

/// What a node answers about a block.
pub struct At<'a>(Infallible, PhantomData<&'a ()>);

/// Why a node does not answer.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
	/// There is none.
	#[error("{0}")]
	Failed(String),
}

/// All that goes wrong without a node.
#[derive(Debug, thiserror::Error)]
pub enum Error {
	/// Verification says no.
	#[error(transparent)]
	Refused(#[from] crate::verify::Refused),
	/// An input cannot be used.
	#[error(transparent)]
	Input(#[from] crate::record::InputError),
	/// Something is asked for that does not exist.
	#[error("{0}")]
	Usage(String),
	/// There is no node.
	#[error(transparent)]
	Chain(#[from] ChainError),
}

impl Error {
	/// The stable name of the reason.
	pub fn name(&self) -> &'static str {
		match self {
			Self::Refused(refused) => refused.name(),
			Self::Input(error) => error.name(),
			Self::Usage(_) => "usage",
			Self::Chain(_) => "node-failed",
		}
	}
}

/// Nobody reads them.
pub struct Parameters;

/// Parameters of a request.
#[macro_export]
macro_rules! rpc_params {
	($($parameter:expr),*) => {{
		$(let _ = &$parameter;)*
		$crate::stand_ins::Parameters
	}};
}

impl Chain {
	/// Asks the node.
	pub async fn request<Answer>(&self, _: &str, _: Parameters) -> Result<Answer, ChainError> {
		match self.0 {}
	}

	/// The newest finalised block.
	pub async fn finalised(&self) -> Result<At<'_>, ChainError> {
		match self.0 {}
	}
}

/// Answers of a node, each with the type that the checks expect.
macro_rules! answers {
	($($name:ident($($argument:ty),*) -> $answer:ty;)*) => {
		impl At<'_> {
			$(
				#[doc = "What the node says of it."]
				pub async fn $name(&self, $(_: $argument),*) -> Result<$answer, ChainError> {
					match self.0 {}
				}
			)*
		}
	};
}

answers! {
	network() -> NetworkId;
	anchor(RecordId) -> Option<AnchorView>;
	life(RecordId) -> Option<LifeView>;
	versions(RecordId) -> Vec<VersionView>;
	verify_anchor(RecordId, &Opening) -> Result<AnchorVerdict, Refusal>;
	log(OrgId, LogKind) -> Option<LogView>;
	newest_checkpoint(OrgId, LogKind) -> Option<CheckpointView>;
	checkpoint_of_size(OrgId, LogKind, u64) -> Option<CheckpointView>;
	renewals(OrgId, LogKind) -> Vec<Renewal>;
	trees() -> Vec<TreeView>;
	verify_log(OrgId, LogKind, &Opening, &LogProof) -> Result<LogVerdict, Refusal>;
}

impl At<'_> {
	/// The block's number.
	pub fn number(&self) -> u64 {
		match self.0 {}
	}

	/// The block's hash.
	pub fn hash(&self) -> sp_core::H256 {
		match self.0 {}
	}
}
