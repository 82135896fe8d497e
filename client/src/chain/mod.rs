// SPDX-License-Identifier: Apache-2.0
//! The chain, seen from outside: runtime APIs through `state_call`, signed calls until they are finalised.
//!
//! Everything is read from finalised blocks, but what must not be done because it is about to be forbidden: that is asked of
//! the newest block, too.

mod acts;
mod call;
mod duty;
mod encoded;
mod error;
mod read;
mod submit;

pub use acts::Relayed;
pub use call::Call;
pub use duty::{RecordDuty, SubjectDuty};
pub use encoded::Encoded;
pub use error::ChainError;
pub use read::At;
pub use submit::{Included, Pending, PATIENCE};

use crate::signer::Signer;
use epidaurus_primitives::{
	ehr::LogKind,
	ids::{NetworkId, OrgId, RecordId},
	renewal::Renewal,
	views::{AnchorView, CheckpointView, LogView, MemberView, VersionView},
};
use serde::de::DeserializeOwned;
use std::{collections::BTreeMap, future::Future, sync::Arc};
use subxt::{
	backend::LegacyBackend,
	config::RpcConfigFor,
	rpcs::{client::RpcParams, methods::LegacyRpcMethods, RpcClient},
	utils::{AccountId32, H256},
	OnlineClient, SubstrateConfig,
};
use tokio::sync::Mutex;

/// A connection to a node.
pub struct Chain {
	url: String,
	rpc: RpcClient,
	methods: LegacyRpcMethods<RpcConfigFor<SubstrateConfig>>,
	client: OnlineClient<SubstrateConfig>,
	network: NetworkId,
	nonces: Mutex<BTreeMap<AccountId32, u64>>,
}

impl Chain {
	/// Connects and makes sure that the chain is an Epidaurus.
	pub async fn connect(url: &str) -> Result<Self, ChainError> {
		let unreachable = |problem| ChainError::Unreachable { url: url.to_owned(), problem };
		let rpc = RpcClient::from_url(url).await.map_err(|error| match error::from_rpc(&error) {
			ChainError::Failed(problem) => unreachable(problem),
			other => other,
		})?;
		let backend = LegacyBackend::builder().build(rpc.clone());
		let client = OnlineClient::from_backend_with_config(SubstrateConfig::new(), Arc::new(backend))
			.await
			.map_err(|error| unreachable(error::innermost(&error)))?;
		let mut chain = Self {
			url: url.to_owned(),
			methods: LegacyRpcMethods::new(rpc.clone()),
			rpc,
			client,
			network: NetworkId::default(),
			nonces: Mutex::default(),
		};
		chain.network = chain.finalised().await?.network().await?;
		Ok(chain)
	}

	/// The node's address.
	pub fn url(&self) -> &str {
		&self.url
	}

	/// Calls an RPC method.
	pub(crate) async fn request<R: DeserializeOwned>(&self, method: &str, params: RpcParams) -> Result<R, ChainError> {
		self.rpc.request(method, params).await.map_err(|error| error::from_request(&error, method))
	}

	/// The network that commitments on this chain are made for.
	pub fn network(&self) -> NetworkId {
		self.network
	}

	/// Hash of the chain's first block.
	pub fn genesis(&self) -> H256 {
		self.client.genesis_hash()
	}
}

/// What a chain says about a custodian's logs and records. Apart from [`Chain`] there is one in memory, for tests.
pub trait Statements {
	/// The network that commitments are made for.
	fn network(&self) -> NetworkId;
	/// A custodian's log.
	fn log(&self, custodian: OrgId, kind: LogKind) -> impl Future<Output = Result<Option<LogView>, ChainError>> + Send;
	/// The newest checkpoint of a log.
	fn newest_checkpoint(
		&self,
		custodian: OrgId,
		kind: LogKind,
	) -> impl Future<Output = Result<Option<CheckpointView>, ChainError>> + Send;
	/// All checkpoints of a log that the chain keeps, newest first.
	fn checkpoints(
		&self,
		custodian: OrgId,
		kind: LogKind,
	) -> impl Future<Output = Result<Vec<CheckpointView>, ChainError>> + Send;
	/// The renewals of a log under other trees, oldest first.
	fn renewals(
		&self,
		custodian: OrgId,
		kind: LogKind,
	) -> impl Future<Output = Result<Vec<Renewal>, ChainError>> + Send;
	/// An anchored record.
	fn anchor(&self, record: RecordId) -> impl Future<Output = Result<Option<AnchorView>, ChainError>> + Send;
	/// One version of an anchored record.
	fn version(
		&self,
		record: RecordId,
		version: u32,
	) -> impl Future<Output = Result<Option<VersionView>, ChainError>> + Send;
}

/// A chain that one can also write to: what the flows of a custodian need.
pub trait Ledger: Statements {
	/// Makes calls in this order and waits until they are finalised. The first that fails is the answer; those before it
	/// took place.
	fn submit(&self, calls: &[Call]) -> impl Future<Output = Result<(), ChainError>> + Send;
}

/// A chain together with the account that signs.
pub struct Signed<'a> {
	/// The chain.
	pub chain: &'a Chain,
	/// What signs for the account.
	pub key: &'a Signer,
}

impl Signed<'_> {
	/// The account that signs.
	pub fn account(&self) -> AccountId32 {
		self.key.account()
	}

	/// The organisation that the account acts for.
	pub async fn member(&self) -> Result<MemberView<AccountId32>, ChainError> {
		let account = self.account();
		let member = self.chain.finalised().await?.member(&account).await?;
		member.ok_or(ChainError::NotAMember(account))
	}
}

impl Statements for Chain {
	fn network(&self) -> NetworkId {
		self.network
	}

	async fn log(&self, custodian: OrgId, kind: LogKind) -> Result<Option<LogView>, ChainError> {
		self.finalised().await?.log(custodian, kind).await
	}

	async fn newest_checkpoint(&self, custodian: OrgId, kind: LogKind) -> Result<Option<CheckpointView>, ChainError> {
		self.finalised().await?.newest_checkpoint(custodian, kind).await
	}

	async fn checkpoints(&self, custodian: OrgId, kind: LogKind) -> Result<Vec<CheckpointView>, ChainError> {
		self.finalised().await?.checkpoints(custodian, kind).await
	}

	async fn renewals(&self, custodian: OrgId, kind: LogKind) -> Result<Vec<Renewal>, ChainError> {
		self.finalised().await?.renewals(custodian, kind).await
	}

	async fn anchor(&self, record: RecordId) -> Result<Option<AnchorView>, ChainError> {
		self.finalised().await?.anchor(record).await
	}

	async fn version(&self, record: RecordId, version: u32) -> Result<Option<VersionView>, ChainError> {
		self.finalised().await?.version(record, version).await
	}
}

impl Statements for Signed<'_> {
	fn network(&self) -> NetworkId {
		self.chain.network
	}

	async fn log(&self, custodian: OrgId, kind: LogKind) -> Result<Option<LogView>, ChainError> {
		self.chain.log(custodian, kind).await
	}

	async fn newest_checkpoint(&self, custodian: OrgId, kind: LogKind) -> Result<Option<CheckpointView>, ChainError> {
		self.chain.newest_checkpoint(custodian, kind).await
	}

	async fn checkpoints(&self, custodian: OrgId, kind: LogKind) -> Result<Vec<CheckpointView>, ChainError> {
		self.chain.checkpoints(custodian, kind).await
	}

	async fn renewals(&self, custodian: OrgId, kind: LogKind) -> Result<Vec<Renewal>, ChainError> {
		self.chain.renewals(custodian, kind).await
	}

	async fn anchor(&self, record: RecordId) -> Result<Option<AnchorView>, ChainError> {
		self.chain.anchor(record).await
	}

	async fn version(&self, record: RecordId, version: u32) -> Result<Option<VersionView>, ChainError> {
		self.chain.version(record, version).await
	}
}

impl Ledger for Signed<'_> {
	async fn submit(&self, calls: &[Call]) -> Result<(), ChainError> {
		let mut pending = Vec::with_capacity(calls.len());
		for call in calls {
			pending.push(self.chain.submit(self.key, call).await?);
		}
		for pending in pending {
			pending.finalised().await?;
		}
		Ok(())
	}
}
