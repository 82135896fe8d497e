// SPDX-License-Identifier: Apache-2.0
//! Who is in the consortium and what they may do.

use crate::{
	backend::{page_limit, Backend},
	error::Failure,
	openrpc::described,
};
use epidaurus_primitives::{
	ids::{LicenceId, OrgId},
	jurisdiction::Jurisdiction,
	moment::Moment,
	proof::StateProof,
	registry::{Capability, Holder},
	views::{CapabilityView, Cursor, IssuerView, LicenceView, MemberView, OrganisationView, Page, SuccessionView},
};
use epidaurus_runtime_api::RegistryApi as RuntimeApi;
use jsonrpsee::{core::RpcResult, proc_macros::rpc};
use sp_api::{CallApiAt, ProvideRuntimeApi};
use sp_blockchain::HeaderBackend;
use sp_runtime::{traits::Block as BlockT, AccountId32};

described! {
	/// Methods `registry_*`.
	#[rpc(client, server, namespace = "registry")]
	pub trait RegistryApi<Hash> {
		/// An organisation as it stands now, or stood at a moment.
		#[method(name = "organisation", blocking)]
		fn organisation(
			&self,
			organisation: OrgId,
			at: Option<Moment>,
			block: Option<Hash>,
		) -> RpcResult<OrganisationView<AccountId32>>;

		/// All organisations.
		#[method(name = "organisations", blocking)]
		fn organisations(
			&self,
			cursor: Option<Cursor>,
			limit: Option<u32>,
			block: Option<Hash>,
		) -> RpcResult<Page<OrganisationView<AccountId32>>>;

		/// The membership that an account has now, or had at a moment.
		#[method(name = "member", blocking)]
		fn member(
			&self,
			account: AccountId32,
			at: Option<Moment>,
			block: Option<Hash>,
		) -> RpcResult<MemberView<AccountId32>>;

		/// An organisation's current members.
		#[method(name = "members", blocking)]
		fn members(
			&self,
			organisation: OrgId,
			cursor: Option<Cursor>,
			limit: Option<u32>,
			block: Option<Hash>,
		) -> RpcResult<Page<MemberView<AccountId32>>>;

		/// A licence.
		#[method(name = "licence", blocking)]
		fn licence(&self, licence: LicenceId, block: Option<Hash>) -> RpcResult<LicenceView<AccountId32>>;

		/// A holder's licences, ended ones too.
		#[method(name = "licences", blocking)]
		fn licences(
			&self,
			holder: Holder<AccountId32>,
			cursor: Option<Cursor>,
			limit: Option<u32>,
			block: Option<Hash>,
		) -> RpcResult<Page<LicenceView<AccountId32>>>;

		/// All recognised issuers, and those that once were.
		#[method(name = "issuers", blocking)]
		fn issuers(&self, cursor: Option<Cursor>, limit: Option<u32>, block: Option<Hash>) -> RpcResult<Page<IssuerView>>;

		/// Whether the holder may act under the capability now, or might at a moment.
		#[method(name = "capability", blocking)]
		fn capability(
			&self,
			holder: Holder<AccountId32>,
			capability: Capability,
			jurisdiction: Option<Jurisdiction>,
			at: Option<Moment>,
			block: Option<Hash>,
		) -> RpcResult<CapabilityView>;

		/// To whom the duties of an organisation are offered or passed, step by step: who answers for its records now, since
		/// when, and under which committed statement.
		#[method(name = "succession", blocking)]
		fn succession(&self, organisation: OrgId, block: Option<Hash>) -> RpcResult<SuccessionView>;

		/// What stands in the chain's state about an organisation at present and about to whom its duties are offered or passed,
		/// step by step, whether or not there is one, with the read proof that it does.
		#[method(name = "proveOrganisation", blocking)]
		fn prove_organisation(&self, organisation: OrgId, block: Option<Hash>) -> RpcResult<StateProof<Hash>>;

		/// What stands in the chain's state about the membership that an account has now, or had at a moment, whether or not
		/// there is one, with the read proof that it does.
		#[method(name = "proveMember", blocking)]
		fn prove_member(
			&self,
			account: AccountId32,
			at: Option<Moment>,
			block: Option<Hash>,
		) -> RpcResult<StateProof<Hash>>;

		/// What stands in the chain's state about a licence, whether or not there is one, with the read proof that it does.
		#[method(name = "proveLicence", blocking)]
		fn prove_licence(&self, licence: LicenceId, block: Option<Hash>) -> RpcResult<StateProof<Hash>>;

		/// All that the decision of `registry_capability` read in the chain's state, what is missing there too, with the read
		/// proof of it.
		#[method(name = "proveCapability", blocking)]
		fn prove_capability(
			&self,
			holder: Holder<AccountId32>,
			capability: Capability,
			jurisdiction: Option<Jurisdiction>,
			at: Option<Moment>,
			block: Option<Hash>,
		) -> RpcResult<StateProof<Hash>>;
	}
}

/// Handlers of [`RegistryApi`].
pub type Registry<Block, Client> = Backend<Block, Client, dyn RuntimeApi<Block, AccountId32>>;

impl<Block, Client> RegistryApiServer<Block::Hash> for Registry<Block, Client>
where
	Block: BlockT,
	Client: ProvideRuntimeApi<Block> + HeaderBackend<Block> + CallApiAt<Block> + 'static,
	Client::Api: RuntimeApi<Block, AccountId32>,
{
	fn organisation(
		&self,
		organisation: OrgId,
		at: Option<Moment>,
		block: Option<Block::Hash>,
	) -> RpcResult<OrganisationView<AccountId32>> {
		let found = self.ask(block, |api, hash| api.organisation(hash, organisation, at))?;
		Ok(found.ok_or(Failure::NotFound("organisation"))?)
	}

	fn organisations(
		&self,
		cursor: Option<Cursor>,
		limit: Option<u32>,
		block: Option<Block::Hash>,
	) -> RpcResult<Page<OrganisationView<AccountId32>>> {
		let limit = page_limit(limit)?;
		Ok(self.ask(block, |api, hash| api.organisations(hash, cursor, limit))?)
	}

	fn member(
		&self,
		account: AccountId32,
		at: Option<Moment>,
		block: Option<Block::Hash>,
	) -> RpcResult<MemberView<AccountId32>> {
		let found = self.ask(block, |api, hash| api.member(hash, account, at))?;
		Ok(found.ok_or(Failure::NotFound("member"))?)
	}

	fn members(
		&self,
		organisation: OrgId,
		cursor: Option<Cursor>,
		limit: Option<u32>,
		block: Option<Block::Hash>,
	) -> RpcResult<Page<MemberView<AccountId32>>> {
		let limit = page_limit(limit)?;
		Ok(self.ask(block, |api, hash| api.members(hash, organisation, cursor, limit))?)
	}

	fn licence(&self, licence: LicenceId, block: Option<Block::Hash>) -> RpcResult<LicenceView<AccountId32>> {
		let found = self.ask(block, |api, hash| api.licence(hash, licence))?;
		Ok(found.ok_or(Failure::NotFound("licence"))?)
	}

	fn licences(
		&self,
		holder: Holder<AccountId32>,
		cursor: Option<Cursor>,
		limit: Option<u32>,
		block: Option<Block::Hash>,
	) -> RpcResult<Page<LicenceView<AccountId32>>> {
		let limit = page_limit(limit)?;
		Ok(self.ask(block, |api, hash| api.licences(hash, holder, cursor, limit))?)
	}

	fn issuers(
		&self,
		cursor: Option<Cursor>,
		limit: Option<u32>,
		block: Option<Block::Hash>,
	) -> RpcResult<Page<IssuerView>> {
		let limit = page_limit(limit)?;
		Ok(self.ask(block, |api, hash| api.issuers(hash, cursor, limit))?)
	}

	fn capability(
		&self,
		holder: Holder<AccountId32>,
		capability: Capability,
		jurisdiction: Option<Jurisdiction>,
		at: Option<Moment>,
		block: Option<Block::Hash>,
	) -> RpcResult<CapabilityView> {
		Ok(self.ask(block, |api, hash| api.capability(hash, holder, capability, jurisdiction, at))?)
	}

	fn succession(&self, organisation: OrgId, block: Option<Block::Hash>) -> RpcResult<SuccessionView> {
		let found = self.ask(block, |api, hash| api.succession(hash, organisation))?;
		Ok(found.ok_or(Failure::NotFound("organisation"))?)
	}

	fn prove_organisation(
		&self,
		organisation: OrgId,
		block: Option<Block::Hash>,
	) -> RpcResult<StateProof<Block::Hash>> {
		Ok(self.prove(block, |api, hash| api.organisation_keys(hash, organisation))?)
	}

	fn prove_member(
		&self,
		account: AccountId32,
		at: Option<Moment>,
		block: Option<Block::Hash>,
	) -> RpcResult<StateProof<Block::Hash>> {
		Ok(self.prove(block, |api, hash| api.member_keys(hash, account, at))?)
	}

	fn prove_licence(&self, licence: LicenceId, block: Option<Block::Hash>) -> RpcResult<StateProof<Block::Hash>> {
		Ok(self.prove(block, |api, hash| api.licence_keys(hash, licence))?)
	}

	fn prove_capability(
		&self,
		holder: Holder<AccountId32>,
		capability: Capability,
		jurisdiction: Option<Jurisdiction>,
		at: Option<Moment>,
		block: Option<Block::Hash>,
	) -> RpcResult<StateProof<Block::Hash>> {
		Ok(self.prove(block, |api, hash| api.capability_keys(hash, holder, capability, jurisdiction, at))?)
	}
}
