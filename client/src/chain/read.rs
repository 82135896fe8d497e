// SPDX-License-Identifier: Apache-2.0
//! Runtime APIs at a block.

use super::{error, Chain, ChainError};
use codec::{DecodeAll, Encode};
use epidaurus_primitives::{
	ehr::{LogKind, LogProof},
	hash::Opening,
	ids::{NetworkId, OrgId, RecordId},
	moment::Moment,
	registry::Holder,
	renewal::Renewal,
	verify::Refusal,
	views::{
		AnchorVerdict, AnchorView, CheckpointView, Cursor, LicenceView, LifeView, LogVerdict, LogView, MemberView,
		OrganisationView, Page, TreeView, VersionView, MAX_PAGE,
	},
};
use subxt::{
	rpcs,
	utils::{AccountId32, H256},
};

/// A chain at one of its blocks: all answers fit together.
#[derive(Clone)]
pub struct At<'c> {
	chain: &'c Chain,
	hash: H256,
	number: u64,
}

impl Chain {
	/// The chain at its newest finalised block.
	pub async fn finalised(&self) -> Result<At<'_>, ChainError> {
		let rpc = |error: rpcs::Error| error::from_rpc(&error);
		let hash = self.methods.chain_get_finalized_head().await.map_err(rpc)?;
		let header = self.methods.chain_get_header(Some(hash)).await.map_err(rpc)?;
		let header = header.ok_or_else(|| ChainError::Failed("the finalised block is gone".into()))?;
		Ok(At { chain: self, hash, number: header.number })
	}
}

impl At<'_> {
	/// The block's number.
	pub fn number(&self) -> u64 {
		self.number
	}

	/// The block's hash.
	pub fn hash(&self) -> H256 {
		self.hash
	}

	/// Asks a runtime API, such as `EhrApi_log`.
	pub async fn call<R: DecodeAll>(&self, method: &str, arguments: impl Encode) -> Result<R, ChainError> {
		let arguments = arguments.encode();
		let answer = self.chain.methods.state_call(method, Some(&arguments), Some(self.hash)).await;
		let bytes = answer.map_err(|error| match &error {
			rpcs::Error::User(user) if is_missing_method(user, method) => ChainError::NotEpidaurus(method.to_owned()),
			other => error::from_rpc(other),
		})?;
		R::decode_all(&mut bytes.as_slice()).map_err(|_| ChainError::Answer(method.to_owned()))
	}

	/// The network that commitments are made for.
	pub async fn network(&self) -> Result<NetworkId, ChainError> {
		self.call("EhrApi_network_id", ()).await
	}

	/// The membership that an account has.
	pub async fn member(&self, account: &AccountId32) -> Result<Option<MemberView<AccountId32>>, ChainError> {
		self.call("RegistryApi_member", (account, None::<Moment>)).await
	}

	/// An organisation.
	pub async fn organisation(&self, id: OrgId) -> Result<Option<OrganisationView<AccountId32>>, ChainError> {
		self.call("RegistryApi_organisation", (id, None::<Moment>)).await
	}

	/// All organisations.
	pub async fn organisations(&self) -> Result<Vec<OrganisationView<AccountId32>>, ChainError> {
		self.pages("RegistryApi_organisations", ()).await
	}

	/// The licences of a holder, ended ones too.
	pub async fn licences(&self, holder: &Holder<AccountId32>) -> Result<Vec<LicenceView<AccountId32>>, ChainError> {
		self.pages("RegistryApi_licences", holder).await
	}

	/// An anchored record.
	pub async fn anchor(&self, record: RecordId) -> Result<Option<AnchorView>, ChainError> {
		self.call("EhrApi_anchor", record).await
	}

	/// What happened to a record after it was written.
	pub async fn life(&self, record: RecordId) -> Result<Option<LifeView>, ChainError> {
		self.call("EhrApi_life", record).await
	}

	/// All versions of a record, oldest first.
	pub async fn versions(&self, record: RecordId) -> Result<Vec<VersionView>, ChainError> {
		self.pages("EhrApi_versions", record).await
	}

	/// One version of a record.
	pub async fn version(&self, record: RecordId, version: u32) -> Result<Option<VersionView>, ChainError> {
		Ok(self.versions(record).await?.into_iter().find(|view| view.version == version))
	}

	/// What the chain says about an opening under this id.
	pub async fn verify_anchor(
		&self,
		record: RecordId,
		opening: &Opening,
	) -> Result<Result<AnchorVerdict, Refusal>, ChainError> {
		self.call("EhrApi_verify_anchor", (record, opening)).await
	}

	/// A custodian's log.
	pub async fn log(&self, custodian: OrgId, kind: LogKind) -> Result<Option<LogView>, ChainError> {
		self.call("EhrApi_log", (custodian, kind)).await
	}

	/// The newest checkpoint of a log.
	pub async fn newest_checkpoint(
		&self,
		custodian: OrgId,
		kind: LogKind,
	) -> Result<Option<CheckpointView>, ChainError> {
		let page: Page<CheckpointView> =
			self.call("EhrApi_checkpoints", (custodian, kind, None::<Cursor>, 1u32)).await?;
		Ok(page.items.into_iter().next())
	}

	/// All checkpoints of a log that are kept, newest first.
	pub async fn checkpoints(&self, custodian: OrgId, kind: LogKind) -> Result<Vec<CheckpointView>, ChainError> {
		self.pages("EhrApi_checkpoints", (custodian, kind)).await
	}

	/// The renewals of a log under other trees, oldest first.
	pub async fn renewals(&self, custodian: OrgId, kind: LogKind) -> Result<Vec<Renewal>, ChainError> {
		self.call("EhrApi_renewals", (custodian, kind)).await
	}

	/// Every tree with how far it may be trusted.
	pub async fn trees(&self) -> Result<Vec<TreeView>, ChainError> {
		self.call("EhrApi_trees", ()).await
	}

	/// What the chain says about an opening and its path to the newest checkpoint, and to a renewal where it has one.
	pub async fn verify_log(
		&self,
		custodian: OrgId,
		kind: LogKind,
		opening: &Opening,
		proof: &LogProof,
	) -> Result<Result<LogVerdict, Refusal>, ChainError> {
		self.call("EhrApi_verify_log", (custodian, kind, opening, proof)).await
	}

	/// All items of a paged list.
	async fn pages<Item>(&self, method: &str, arguments: impl Encode) -> Result<Vec<Item>, ChainError>
	where
		Page<Item>: DecodeAll,
	{
		let mut items = Vec::new();
		let mut cursor = None::<Cursor>;
		loop {
			let page: Page<Item> = self.call(method, (&arguments, &cursor, MAX_PAGE)).await?;
			items.extend(page.items);
			match page.next {
				Some(next) if cursor.as_ref() != Some(&next) => cursor = Some(next),
				_ => return Ok(items),
			}
		}
	}
}

/// Whether the runtime lacks the method. The node words it as a failed execution that names what is not exported.
fn is_missing_method(user: &rpcs::UserError, method: &str) -> bool {
	let data = user.data.as_ref().map_or("", |data| data.get());
	let says = |text: &str| text.contains(method) && text.contains("not found");
	says(&user.message) || says(data)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_runtime_without_the_method_is_told_from_one_that_failed() {
		let user = |data: &str| {
			let text = format!(r#"{{"code":4003,"message":"Client error","data":"{data}"}}"#);
			serde_json::from_str::<rpcs::UserError>(&text).unwrap()
		};
		let missing = user("Execution failed: Exported method EhrApi_log is not found");
		assert!(is_missing_method(&missing, "EhrApi_log"));
		assert!(!is_missing_method(&missing, "EhrApi_anchor"));
		assert!(!is_missing_method(&user("Execution aborted due to trap"), "EhrApi_log"));
	}
}
