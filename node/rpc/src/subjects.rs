// SPDX-License-Identifier: Apache-2.0
//! Patients by pseudonym, their keys, and their calls without a fee.

use crate::{backend::Backend, error::Failure, openrpc::described};
use epidaurus_primitives::{
	ids::{OrgId, SubjectId},
	moment::Moment,
	proof::StateProof,
	views::{QuotaView, RebindView, SubjectKeyView, SubjectView},
};
use epidaurus_runtime_api::SubjectsApi as RuntimeApi;
use jsonrpsee::{core::RpcResult, proc_macros::rpc};
use sp_api::{CallApiAt, ProvideRuntimeApi};
use sp_blockchain::HeaderBackend;
use sp_runtime::{traits::Block as BlockT, AccountId32};

described! {
	/// Methods `subjects_*`.
	#[rpc(client, server, namespace = "subjects")]
	pub trait SubjectsApi<Hash> {
		/// A subject as it stands now.
		#[method(name = "subject", blocking)]
		fn subject(&self, subject: SubjectId, block: Option<Hash>) -> RpcResult<SubjectView<AccountId32>>;

		/// The subject whose present key this is.
		#[method(name = "subjectByKey", blocking)]
		fn subject_by_key(&self, key: AccountId32, block: Option<Hash>) -> RpcResult<SubjectView<AccountId32>>;

		/// The key that acts for a subject now, or acted at a moment.
		#[method(name = "key", blocking)]
		fn key(
			&self,
			subject: SubjectId,
			at: Option<Moment>,
			block: Option<Hash>,
		) -> RpcResult<SubjectKeyView<AccountId32>>;

		/// The pending re-binding of a subject to a new key.
		#[method(name = "rebind", blocking)]
		fn rebind(&self, subject: SubjectId, block: Option<Hash>) -> RpcResult<RebindView<AccountId32>>;

		/// What a custodian's subjects can still send without a fee today.
		#[method(name = "quota", blocking)]
		fn quota(&self, custodian: OrgId, block: Option<Hash>) -> RpcResult<QuotaView>;

		/// What stands in the chain's state about a subject and its pending re-binding, whether or not there is one, with the
		/// read proof that it does.
		#[method(name = "proveSubject", blocking)]
		fn prove_subject(&self, subject: SubjectId, block: Option<Hash>) -> RpcResult<StateProof<Hash>>;

		/// What stands in the chain's state about the subject whose present key this is, whether or not there is one, with the
		/// read proof that it does.
		#[method(name = "proveSubjectByKey", blocking)]
		fn prove_subject_by_key(&self, key: AccountId32, block: Option<Hash>) -> RpcResult<StateProof<Hash>>;

		/// What stands in the chain's state about the key that acts for a subject now, or acted at a moment, and about doubts
		/// of whose hands it was in, with the read proof that it does.
		#[method(name = "proveKey", blocking)]
		fn prove_key(
			&self,
			subject: SubjectId,
			at: Option<Moment>,
			block: Option<Hash>,
		) -> RpcResult<StateProof<Hash>>;
	}
}

/// Handlers of [`SubjectsApi`].
pub type Subjects<Block, Client> = Backend<Block, Client, dyn RuntimeApi<Block, AccountId32>>;

impl<Block, Client> SubjectsApiServer<Block::Hash> for Subjects<Block, Client>
where
	Block: BlockT,
	Client: ProvideRuntimeApi<Block> + HeaderBackend<Block> + CallApiAt<Block> + 'static,
	Client::Api: RuntimeApi<Block, AccountId32>,
{
	fn subject(&self, subject: SubjectId, block: Option<Block::Hash>) -> RpcResult<SubjectView<AccountId32>> {
		let found = self.ask(block, |api, hash| api.subject(hash, subject))?;
		Ok(found.ok_or(Failure::NotFound("subject"))?)
	}

	fn subject_by_key(&self, key: AccountId32, block: Option<Block::Hash>) -> RpcResult<SubjectView<AccountId32>> {
		let found = self.ask(block, |api, hash| api.subject_by_key(hash, key))?;
		Ok(found.ok_or(Failure::NotFound("subject"))?)
	}

	fn key(
		&self,
		subject: SubjectId,
		at: Option<Moment>,
		block: Option<Block::Hash>,
	) -> RpcResult<SubjectKeyView<AccountId32>> {
		let found = self.ask(block, |api, hash| api.key(hash, subject, at))?;
		Ok(found.ok_or(Failure::NotFound("subject"))?)
	}

	fn rebind(&self, subject: SubjectId, block: Option<Block::Hash>) -> RpcResult<RebindView<AccountId32>> {
		let found = self.ask(block, |api, hash| api.rebind(hash, subject))?;
		Ok(found.ok_or(Failure::NotFound("re-binding"))?)
	}

	fn quota(&self, custodian: OrgId, block: Option<Block::Hash>) -> RpcResult<QuotaView> {
		Ok(self.ask(block, |api, hash| api.quota(hash, custodian))?)
	}

	fn prove_subject(&self, subject: SubjectId, block: Option<Block::Hash>) -> RpcResult<StateProof<Block::Hash>> {
		Ok(self.prove(block, |api, hash| api.subject_keys(hash, subject))?)
	}

	fn prove_subject_by_key(&self, key: AccountId32, block: Option<Block::Hash>) -> RpcResult<StateProof<Block::Hash>> {
		Ok(self.prove(block, |api, hash| api.subject_by_key_keys(hash, key))?)
	}

	fn prove_key(
		&self,
		subject: SubjectId,
		at: Option<Moment>,
		block: Option<Block::Hash>,
	) -> RpcResult<StateProof<Block::Hash>> {
		Ok(self.prove(block, |api, hash| api.key_keys(hash, subject, at))?)
	}
}
