// SPDX-License-Identifier: Apache-2.0
//! Proofs from a node, and blocks that a node is trusted to know.

use super::{merged, Asked, Header, ProofRefused, Question, TrustedBlock};
use crate::{
	chain::{Chain, ChainError},
	verify::Refused,
	Error,
};
use epidaurus_primitives::proof::{BlockHash, StateProof};
use subxt::rpcs::client::rpc_params;

/// The node's proof for a question at a block. Not to be believed before it is checked.
pub async fn fetch(chain: &Chain, question: Question, block: BlockHash) -> Result<StateProof<BlockHash>, ChainError> {
	let what = match question {
		Question::Anchor { record, version, .. } => {
			chain.request("ehr_proveAnchor", rpc_params![record, version, block]).await?
		},
		Question::Log { custodian, kind } => chain.request("ehr_proveLog", rpc_params![custodian, kind, block]).await?,
	};
	let whose = chain.request("registry_proveOrganisation", rpc_params![question.custodian(), block]).await?;
	Ok(merged(what, whose))
}

/// The node's proof for what is asked at a block. Not to be believed before it is checked.
pub async fn fetch_asked(chain: &Chain, asked: &Asked, block: BlockHash) -> Result<StateProof<BlockHash>, ChainError> {
	let (method, params) = match asked {
		Asked::Member { account, at } => ("registry_proveMember", rpc_params![account, at, block]),
		Asked::Licence { licence } => ("registry_proveLicence", rpc_params![licence, block]),
		Asked::Capability { holder, capability, jurisdiction, at } => {
			("registry_proveCapability", rpc_params![holder, capability, jurisdiction, at, block])
		},
		Asked::Succession { organisation } => ("registry_proveOrganisation", rpc_params![organisation, block]),
		Asked::Subject { subject } => ("subjects_proveSubject", rpc_params![subject, block]),
		Asked::SubjectByKey { key } => ("subjects_proveSubjectByKey", rpc_params![key, block]),
		Asked::Key { subject, at } => ("subjects_proveKey", rpc_params![subject, at, block]),
	};
	chain.request(method, params).await
}

/// The newest block that the node calls finalised.
pub async fn finalised(chain: &Chain) -> Result<TrustedBlock, ChainError> {
	let at = chain.finalised().await?;
	Ok(TrustedBlock { hash: BlockHash(at.hash().0), number: u32::try_from(at.number()).ok() })
}

/// The block that the node has finalised in the place of this one.
pub async fn finalised_at(chain: &Chain, header: &Header) -> Result<TrustedBlock, Error> {
	let finalised = chain.finalised().await?.number();
	let proven = header.number;
	if u64::from(proven) > finalised {
		return Err(Refused::from(ProofRefused::NotFinalised { proven, finalised }).into());
	}
	let hash: Option<BlockHash> = chain.request("chain_getBlockHash", rpc_params![proven]).await?;
	let hash = hash.ok_or_else(|| ChainError::Failed("a finalised block is gone".into()))?;
	Ok(TrustedBlock { hash, number: None })
}
