// SPDX-License-Identifier: Apache-2.0
//! Record anchors and custodians' logs.

use crate::{
	backend::{page_limit, Backend},
	error::Failure,
	openrpc::described,
};
use epidaurus_primitives::{
	ehr::{LogKind, LogProof},
	hash::Opening,
	ids::{NetworkId, OrgId, RecordId},
	proof::StateProof,
	renewal::Renewal,
	verify::Refusal,
	views::{
		AnchorVerdict, AnchorView, CheckpointView, Cursor, LifeView, LogVerdict, LogView, Page, SuiteView, TreeView,
		VersionView,
	},
};
use epidaurus_runtime_api::EhrApi as RuntimeApi;
use jsonrpsee::{core::RpcResult, proc_macros::rpc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sp_api::{CallApiAt, ProvideRuntimeApi};
use sp_blockchain::HeaderBackend;
use sp_runtime::traits::Block as BlockT;

/// What the chain says about an opening. A refusal is an answer, not a failure of the method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "VerificationOf{Verdict}")]
pub struct Verification<Verdict> {
	/// Whether the opening fits what the chain keeps.
	pub verified: bool,
	/// What the chain knows of it, if it fits.
	pub verdict: Option<Verdict>,
	/// Why it does not fit.
	pub refusal: Option<Refusal>,
	/// The refusal in words.
	pub reason: Option<String>,
}

impl<Verdict> From<Result<Verdict, Refusal>> for Verification<Verdict> {
	fn from(result: Result<Verdict, Refusal>) -> Self {
		match result {
			Ok(verdict) => Self { verified: true, verdict: Some(verdict), refusal: None, reason: None },
			Err(refusal) => {
				Self { verified: false, verdict: None, reason: Some(refusal.to_string()), refusal: Some(refusal) }
			},
		}
	}
}

described! {
	/// Methods `ehr_*`.
	#[rpc(client, server, namespace = "ehr")]
	pub trait EhrApi<Hash> {
		/// The network that commitments are made for.
		#[method(name = "networkId", blocking)]
		fn network_id(&self, block: Option<Hash>) -> RpcResult<NetworkId>;

		/// An anchored record.
		#[method(name = "anchor", blocking)]
		fn anchor(&self, record: RecordId, block: Option<Hash>) -> RpcResult<AnchorView>;

		/// The versions of a record, oldest first.
		#[method(name = "versions", blocking)]
		fn versions(
			&self,
			record: RecordId,
			cursor: Option<Cursor>,
			limit: Option<u32>,
			block: Option<Hash>,
		) -> RpcResult<Page<VersionView>>;

		/// Whether the opening opens a version of the record.
		#[method(name = "verifyAnchor", blocking)]
		fn verify_anchor(
			&self,
			record: RecordId,
			opening: Opening,
			block: Option<Hash>,
		) -> RpcResult<Verification<AnchorVerdict>>;

		/// What happened to a record after it was written: disputes, requests to amend it, holds, retention, erasure.
		#[method(name = "life", blocking)]
		fn life(&self, record: RecordId, block: Option<Hash>) -> RpcResult<LifeView>;

		/// Every hash suite with how far it may be trusted.
		#[method(name = "suites", blocking)]
		fn suites(&self, block: Option<Hash>) -> RpcResult<Vec<SuiteView>>;

		/// A custodian's log.
		#[method(name = "log", blocking)]
		fn log(&self, custodian: OrgId, kind: LogKind, block: Option<Hash>) -> RpcResult<LogView>;

		/// The checkpoints of a log that are kept, newest first.
		#[method(name = "checkpoints", blocking)]
		fn checkpoints(
			&self,
			custodian: OrgId,
			kind: LogKind,
			cursor: Option<Cursor>,
			limit: Option<u32>,
			block: Option<Hash>,
		) -> RpcResult<Page<CheckpointView>>;

		/// The renewals of a log under other trees, oldest first; none for a log that there is not.
		#[method(name = "renewals", blocking)]
		fn renewals(&self, custodian: OrgId, kind: LogKind, block: Option<Hash>) -> RpcResult<Vec<Renewal>>;

		/// Every tree with how far it may be trusted.
		#[method(name = "trees", blocking)]
		fn trees(&self, block: Option<Hash>) -> RpcResult<Vec<TreeView>>;

		/// Whether the opening stands in the log at its newest checkpoint, and in a renewal of it where the proof says so.
		#[method(name = "verifyLog", blocking)]
		fn verify_log(
			&self,
			custodian: OrgId,
			kind: LogKind,
			opening: Opening,
			proof: LogProof,
			block: Option<Hash>,
		) -> RpcResult<Verification<LogVerdict>>;

		/// What stands in the chain's state about a version of a record, whether or not there is one, with the read proof
		/// that it does: all that `ehr_verifyAnchor` rests on.
		#[method(name = "proveAnchor", blocking)]
		fn prove_anchor(&self, record: RecordId, version: u32, block: Option<Hash>) -> RpcResult<StateProof<Hash>>;

		/// What stands in the chain's state about a log, whether or not there is one, with the read proof that it does: all
		/// that `ehr_verifyLog` rests on.
		#[method(name = "proveLog", blocking)]
		fn prove_log(&self, custodian: OrgId, kind: LogKind, block: Option<Hash>) -> RpcResult<StateProof<Hash>>;
	}
}

/// Handlers of [`EhrApi`].
pub type Ehr<Block, Client> = Backend<Block, Client, dyn RuntimeApi<Block>>;

impl<Block, Client> EhrApiServer<Block::Hash> for Ehr<Block, Client>
where
	Block: BlockT,
	Client: ProvideRuntimeApi<Block> + HeaderBackend<Block> + CallApiAt<Block> + 'static,
	Client::Api: RuntimeApi<Block>,
{
	fn network_id(&self, block: Option<Block::Hash>) -> RpcResult<NetworkId> {
		Ok(self.ask(block, |api, hash| api.network_id(hash))?)
	}

	fn anchor(&self, record: RecordId, block: Option<Block::Hash>) -> RpcResult<AnchorView> {
		let found = self.ask(block, |api, hash| api.anchor(hash, record))?;
		Ok(found.ok_or(Failure::NotFound("record"))?)
	}

	fn versions(
		&self,
		record: RecordId,
		cursor: Option<Cursor>,
		limit: Option<u32>,
		block: Option<Block::Hash>,
	) -> RpcResult<Page<VersionView>> {
		let limit = page_limit(limit)?;
		Ok(self.ask(block, |api, hash| api.versions(hash, record, cursor, limit))?)
	}

	fn verify_anchor(
		&self,
		record: RecordId,
		opening: Opening,
		block: Option<Block::Hash>,
	) -> RpcResult<Verification<AnchorVerdict>> {
		Ok(self.ask(block, |api, hash| api.verify_anchor(hash, record, opening))?.into())
	}

	fn life(&self, record: RecordId, block: Option<Block::Hash>) -> RpcResult<LifeView> {
		let found = self.ask(block, |api, hash| api.life(hash, record))?;
		Ok(found.ok_or(Failure::NotFound("record"))?)
	}

	fn suites(&self, block: Option<Block::Hash>) -> RpcResult<Vec<SuiteView>> {
		Ok(self.ask(block, |api, hash| api.suites(hash))?)
	}

	fn log(&self, custodian: OrgId, kind: LogKind, block: Option<Block::Hash>) -> RpcResult<LogView> {
		let found = self.ask(block, |api, hash| api.log(hash, custodian, kind))?;
		Ok(found.ok_or(Failure::NotFound("log"))?)
	}

	fn checkpoints(
		&self,
		custodian: OrgId,
		kind: LogKind,
		cursor: Option<Cursor>,
		limit: Option<u32>,
		block: Option<Block::Hash>,
	) -> RpcResult<Page<CheckpointView>> {
		let limit = page_limit(limit)?;
		Ok(self.ask(block, |api, hash| api.checkpoints(hash, custodian, kind, cursor, limit))?)
	}

	fn renewals(&self, custodian: OrgId, kind: LogKind, block: Option<Block::Hash>) -> RpcResult<Vec<Renewal>> {
		Ok(self.ask(block, |api, hash| api.renewals(hash, custodian, kind))?)
	}

	fn trees(&self, block: Option<Block::Hash>) -> RpcResult<Vec<TreeView>> {
		Ok(self.ask(block, |api, hash| api.trees(hash))?)
	}

	fn verify_log(
		&self,
		custodian: OrgId,
		kind: LogKind,
		opening: Opening,
		proof: LogProof,
		block: Option<Block::Hash>,
	) -> RpcResult<Verification<LogVerdict>> {
		Ok(self.ask(block, |api, hash| api.verify_log(hash, custodian, kind, opening, proof))?.into())
	}

	fn prove_anchor(
		&self,
		record: RecordId,
		version: u32,
		block: Option<Block::Hash>,
	) -> RpcResult<StateProof<Block::Hash>> {
		Ok(self.prove(block, |api, hash| api.verify_anchor_keys(hash, record, version))?)
	}

	fn prove_log(
		&self,
		custodian: OrgId,
		kind: LogKind,
		block: Option<Block::Hash>,
	) -> RpcResult<StateProof<Block::Hash>> {
		Ok(self.prove(block, |api, hash| api.verify_log_keys(hash, custodian, kind))?)
	}
}
