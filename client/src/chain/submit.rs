// SPDX-License-Identifier: Apache-2.0
//! Signed calls until they are finalised.

use super::{error, Call, Chain, ChainError};
use crate::signer::Signer;
use std::time::Duration;
use subxt::{
	client::OnlineClientAtBlockImpl,
	config::substrate::SubstrateExtrinsicParamsBuilder,
	extrinsics::ExtrinsicEvents,
	transactions::TransactionProgress,
	utils::{AccountId32, H256},
	SubstrateConfig,
};

/// How long to wait for a finalised block, in seconds.
pub const PATIENCE: u64 = 180;

/// For how many blocks a transaction is valid.
const MORTAL_BLOCKS: u64 = 128;

type Progress = TransactionProgress<SubstrateConfig, OnlineClientAtBlockImpl<SubstrateConfig>>;

/// What a transaction deposited.
pub(super) type Events = ExtrinsicEvents<SubstrateConfig>;

/// A transaction that was taken by the node and is not yet finalised.
pub struct Pending<'c> {
	chain: &'c Chain,
	account: AccountId32,
	progress: Progress,
}

/// A transaction in a finalised block, whose call succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Included {
	/// Hash of the block.
	pub block: H256,
	/// Hash of the transaction.
	pub transaction: H256,
}

impl Chain {
	/// Signs a call and hands it to the node. Calls of one account can follow each other without waiting.
	pub async fn submit(&self, signer: &Signer, call: &Call) -> Result<Pending<'_>, ChainError> {
		let at = self.client.at_current_block().await.map_err(|error| ChainError::Failed(error::innermost(&error)))?;
		let encoded = call.encoded(at.metadata_ref())?;
		let account = signer.account();
		// One after the other, so that two calls never take the same number. The node counts what waits in its pool, but
		// may be a moment late with what it was just given.
		let mut nonces = self.nonces.lock().await;
		let known = self.methods.system_account_next_index(&account).await;
		let known = known.map_err(|error| error::from_rpc(&error))?;
		let nonce = nonces.get(&account).copied().unwrap_or_default().max(known);
		let params = SubstrateExtrinsicParamsBuilder::new().nonce(nonce).mortal(MORTAL_BLOCKS).build();
		let submitted = async {
			let transactions = at.transactions();
			let mut transaction = transactions.create_signable(&encoded, &account, params).await?;
			let signature = signer.sign(&transaction.signer_payload()?).await?;
			let signed = transaction.sign_with_account_and_signature(&account, &signature)?;
			Ok::<_, ChainError>(signed.submit_and_watch().await?)
		};
		let progress = submitted.await;
		if progress.is_err() {
			nonces.remove(&account);
		}
		let progress = progress?;
		nonces.insert(account, nonce.saturating_add(1));
		Ok(Pending { chain: self, account, progress })
	}
}

impl Pending<'_> {
	/// Waits until the transaction is finalised, and says whether its call succeeded.
	pub async fn finalised(self) -> Result<Included, ChainError> {
		Ok(self.with_events().await?.0)
	}

	/// As [`Self::finalised`], with the events of the transaction.
	pub(super) async fn with_events(self) -> Result<(Included, Events), ChainError> {
		let Self { chain, account, progress } = self;
		let included = async { Ok::<_, ChainError>(progress.wait_for_finalized().await?) };
		let included = tokio::time::timeout(Duration::from_secs(PATIENCE), included).await;
		let block = match included.unwrap_or(Err(ChainError::Late(PATIENCE))) {
			Ok(block) => block,
			Err(error) => {
				// Its number may be free again.
				chain.nonces.lock().await.remove(&account);
				return Err(error);
			},
		};
		let events = block.wait_for_success().await?;
		Ok((Included { block: block.block_hash(), transaction: block.extrinsic_hash() }, events))
	}
}
