// SPDX-License-Identifier: Apache-2.0
//! Runtime APIs at a block.

use super::{error, Chain, ChainError};
use crate::light;
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
use std::{future::Future, ops::ControlFlow};
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
		let hash = self.methods.chain_get_finalized_head().await.map_err(|error| error::from_rpc(&error))?;
		self.at(hash).await
	}

	/// The chain at its newest block, which may still be dropped. For who must not do what is about to be forbidden.
	pub async fn newest(&self) -> Result<At<'_>, ChainError> {
		let hash = self.methods.chain_get_block_hash(None).await.map_err(|error| error::from_rpc(&error))?;
		self.at(hash.ok_or(ChainError::UnknownBlock)?).await
	}

	/// The chain at a block that the node knows.
	pub async fn at(&self, hash: H256) -> Result<At<'_>, ChainError> {
		let header = self.methods.chain_get_header(Some(hash)).await.map_err(|error| error::from_rpc(&error))?;
		Ok(At { chain: self, hash, number: header.ok_or(ChainError::UnknownBlock)?.number })
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

	/// The chain's time.
	pub async fn now(&self) -> Result<Moment, ChainError> {
		let found = self.chain.methods.state_get_storage(&light::time(), Some(self.hash)).await;
		let found = found.map_err(|error| error::from_rpc(&error))?;
		let now = found.and_then(|bytes| u64::decode_all(&mut bytes.as_slice()).ok());
		Ok(Moment(now.ok_or_else(|| ChainError::Answer("Timestamp.Now".to_owned()))?))
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

	/// One version of a record. No more pages are read than it takes.
	pub async fn version(&self, record: RecordId, version: u32) -> Result<Option<VersionView>, ChainError> {
		let at_least = |view: &VersionView| view.version >= version;
		let found = self.first("EhrApi_versions", record, at_least).await?;
		Ok(found.filter(|view| view.version == version))
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

	/// The checkpoint of a log that covers so many entries, if it is kept. No more pages are read than it takes.
	pub async fn checkpoint_of_size(
		&self,
		custodian: OrgId,
		kind: LogKind,
		size: u64,
	) -> Result<Option<CheckpointView>, ChainError> {
		let at_most = |view: &CheckpointView| view.head.size <= size;
		let found = self.first("EhrApi_checkpoints", (custodian, kind), at_most).await?;
		Ok(found.filter(|view| view.head.size == size))
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

	/// All items of a paged list, if there are no more than [`MAX_ITEMS`].
	async fn pages<Item>(&self, method: &str, arguments: impl Encode) -> Result<Vec<Item>, ChainError>
	where
		Page<Item>: DecodeAll,
	{
		let mut items = Vec::new();
		let ask = |cursor| self.page(method, &arguments, cursor);
		let take = |item| {
			if items.len() >= MAX_ITEMS {
				return Err(ChainError::ListTooLong { method: method.to_owned(), most: MAX_ITEMS });
			}
			items.push(item);
			Ok(ControlFlow::Continue(()))
		};
		through(method, ask, take).await?;
		Ok(items)
	}

	/// The first item of a paged list that is wanted.
	async fn first<Item>(
		&self,
		method: &str,
		arguments: impl Encode,
		wanted: impl Fn(&Item) -> bool,
	) -> Result<Option<Item>, ChainError>
	where
		Page<Item>: DecodeAll,
	{
		let mut found = None;
		let ask = |cursor| self.page(method, &arguments, cursor);
		let seek = |item| match wanted(&item) {
			true => {
				found = Some(item);
				Ok(ControlFlow::Break(()))
			},
			false => Ok(ControlFlow::Continue(())),
		};
		through(method, ask, seek).await?;
		Ok(found)
	}

	async fn page<Item>(
		&self,
		method: &str,
		arguments: &impl Encode,
		cursor: Option<Cursor>,
	) -> Result<Page<Item>, ChainError>
	where
		Page<Item>: DecodeAll,
	{
		self.call(method, (arguments, &cursor, MAX_PAGE)).await
	}
}

/// Most items of a list that are read into memory; a list that a node makes up has no end.
pub const MAX_ITEMS: usize = 1 << 16;

/// Goes through the items of a paged list until the visitor has seen enough. Every page but the last must hold something,
/// and lead on: who asks is not kept busy for ever.
async fn through<Item, Answer: Future<Output = Result<Page<Item>, ChainError>>>(
	method: &str,
	ask: impl Fn(Option<Cursor>) -> Answer,
	mut visit: impl FnMut(Item) -> Result<ControlFlow<()>, ChainError>,
) -> Result<(), ChainError> {
	let mut cursor = None;
	loop {
		let page = ask(cursor.clone()).await?;
		let stands = page.items.is_empty() || page.next == cursor;
		for item in page.items {
			if visit(item)?.is_break() {
				return Ok(());
			}
		}
		match page.next {
			None => return Ok(()),
			Some(_) if stands => return Err(ChainError::Answer(method.to_owned())),
			next => cursor = next,
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

	/// The answers to a list of so many pages of two items each; the cursor is the page's number.
	fn listed(pages: u8) -> impl Fn(Option<Cursor>) -> std::future::Ready<Result<Page<u8>, ChainError>> {
		move |cursor| {
			let page = cursor.map_or(0, |cursor| cursor.0[0]);
			let next = (page + 1 < pages).then(|| Cursor(vec![page + 1]));
			std::future::ready(Ok(Page { items: vec![2 * page, 2 * page + 1], next }))
		}
	}

	fn seen(
		ask: impl Fn(Option<Cursor>) -> std::future::Ready<Result<Page<u8>, ChainError>>,
		enough: usize,
	) -> (Vec<u8>, Result<(), ChainError>) {
		let mut items = Vec::new();
		let visit = |item| {
			items.push(item);
			Ok(if items.len() == enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
		};
		let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
		let result = runtime.block_on(through("Api_list", ask, visit));
		(items, result)
	}

	#[test]
	fn a_list_is_read_to_its_end_or_until_enough_was_seen() {
		assert_eq!(seen(listed(3), 99).0, [0, 1, 2, 3, 4, 5]);
		let asked = std::cell::Cell::new(0);
		let counting = |cursor| {
			asked.set(asked.get() + 1);
			listed(100)(cursor)
		};
		let (items, result) = seen(counting, 3);
		assert!(result.is_ok());
		assert_eq!((items, asked.get()), (vec![0, 1, 2], 2));
	}

	#[test]
	fn a_list_that_does_not_lead_on_is_refused() {
		let empty = |_| std::future::ready(Ok(Page { items: vec![], next: Some(Cursor(vec![1])) }));
		assert!(matches!(seen(empty, 99).1, Err(ChainError::Answer(_))));
		let same = |_| std::future::ready(Ok(Page { items: vec![1], next: Some(Cursor(vec![1])) }));
		let (items, result) = seen(same, 99);
		assert!(items.len() == 2 && matches!(result, Err(ChainError::Answer(_))));
	}

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
