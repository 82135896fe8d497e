// SPDX-License-Identifier: Apache-2.0
//! The chain behind a node: any call by its name, signed or submitted, what it weighs, and what a block reads.

use crate::error::{node, Error, Result};
use codec::{Compact, Decode, Encode};
use epid::{chain::Encoded, keys};
use serde::Deserialize;
use std::collections::BTreeSet;
use subxt::{
	backend::LegacyBackend,
	config::{substrate::SubstrateExtrinsicParamsBuilder, RpcConfigFor},
	rpcs::{client::RpcClient, methods::LegacyRpcMethods, rpc_params},
	transactions::Payload,
	utils::{AccountId32, MultiSignature, H256},
	OnlineClient, SubstrateConfig,
};
use subxt_signer::sr25519::Keypair;

/// Any call, its arguments a tuple of them in their order.
pub fn call(pallet: &'static str, name: &'static str, arguments: impl Encode) -> Encoded {
	Encoded::new(pallet, name, arguments.encode())
}

/// A call of the pallet ehr.
pub fn ehr(name: &'static str, arguments: impl Encode) -> Encoded {
	call("Ehr", name, arguments)
}

/// What a call weighs before it is made: what the fee is for, and the block's room that it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weight {
	/// Execution in picoseconds of the reference machine, reads and writes included.
	pub ref_time: u64,
	/// Bytes of storage proof.
	pub proof_size: u64,
}

/// A connection to a node.
pub struct Chain {
	rpc: RpcClient,
	methods: LegacyRpcMethods<RpcConfigFor<SubstrateConfig>>,
	client: OnlineClient<SubstrateConfig>,
}

impl Chain {
	/// Connects.
	pub async fn connect(url: &str) -> Result<Self> {
		let rpc = RpcClient::from_url(url).await.map_err(node)?;
		let backend = std::sync::Arc::new(LegacyBackend::builder().build(rpc.clone()));
		let client = OnlineClient::from_backend_with_config(SubstrateConfig::new(), backend).await.map_err(node)?;
		Ok(Self { methods: LegacyRpcMethods::new(rpc.clone()), rpc, client })
	}

	/// The connection, for methods of one's own.
	pub fn rpc(&self) -> &RpcClient {
		&self.rpc
	}

	/// The names of a pallet's calls; none if there is no such pallet.
	pub async fn calls_of(&self, pallet: &str) -> Result<BTreeSet<String>> {
		let at = self.client.at_current_block().await.map_err(node)?;
		let calls = at.metadata_ref().pallet_by_name(pallet).and_then(|pallet| pallet.call_variants());
		Ok(calls.into_iter().flatten().map(|call| call.name.clone()).collect())
	}

	/// The newest finalised block.
	pub async fn finalised(&self) -> Result<H256> {
		self.methods.chain_get_finalized_head().await.map_err(node)
	}

	/// The block before another one.
	pub async fn parent(&self, block: H256) -> Result<H256> {
		let header = self.methods.chain_get_header(Some(block)).await.map_err(node)?;
		header.map(|header| header.parent_hash).ok_or_else(|| Error::Node(format!("{block:?} is gone")))
	}

	/// The block of this number.
	pub async fn block(&self, number: u64) -> Result<H256> {
		let hash = self.methods.chain_get_block_hash(Some(number.into())).await.map_err(node)?;
		hash.ok_or_else(|| Error::Node(format!("there is no block {number}")))
	}

	/// Asks a runtime API.
	pub async fn ask<R: Decode>(&self, method: &str, arguments: &[u8]) -> Result<R> {
		let answer = self.methods.state_call(method, Some(arguments), None).await.map_err(node)?;
		R::decode(&mut answer.as_slice()).map_err(|_| Error::Node(format!("{method} answers in another form")))
	}

	/// The call, signed for the newest block by the account's present number, valid for ever.
	pub async fn sign(&self, key: &Keypair, call: &Encoded) -> Result<Vec<u8>> {
		let at = self.client.at_current_block().await.map_err(node)?;
		let account: AccountId32 = key.public_key().into();
		let nonce = self.methods.system_account_next_index(&account).await.map_err(node)?;
		let params = SubstrateExtrinsicParamsBuilder::new().nonce(nonce).immortal().build();
		let transactions = at.transactions();
		let mut transaction = transactions.create_signable(call, &account, params).await.map_err(node)?;
		let payload = transaction.signer_payload().map_err(node)?;
		let signature = MultiSignature::Sr25519(key.sign(&payload).0);
		let signed = transaction.sign_with_account_and_signature(&account, &signature).map_err(node)?;
		Ok(signed.into_encoded())
	}

	/// Makes a call, and gives the finalised block that it is in.
	pub async fn submit(&self, key: &Keypair, call: &Encoded) -> Result<H256> {
		let signed = self.sign(key, call).await?;
		let at = self.client.at_current_block().await.map_err(node)?;
		let told = |error: &dyn std::fmt::Display| {
			Error::Node(format!("{}.{}: {error}", call.pallet_name(), call.call_name()))
		};
		let progress = at.transactions().from_bytes(signed).submit_and_watch().await.map_err(|error| told(&error))?;
		let block = progress.wait_for_finalized().await.map_err(|error| told(&error))?;
		block.wait_for_success().await.map_err(|error| told(&error))?;
		Ok(block.block_hash())
	}

	/// What a call weighs, as the chain declares it.
	pub async fn weight(&self, call: &Encoded) -> Result<Weight> {
		let at = self.client.at_current_block().await.map_err(node)?;
		let bytes = at.transactions().call_data(call).map_err(node)?;
		let length = u32::try_from(bytes.len()).map_err(node)?;
		let arguments = [bytes, length.encode()].concat();
		let (Compact(ref_time), Compact(proof_size), ..): (Compact<u64>, Compact<u64>, u8, u128) =
			self.ask("TransactionPaymentCallApi_query_call_info", &arguments).await?;
		Ok(Weight { ref_time, proof_size })
	}

	/// Every key of the state that a block touches when it is executed.
	pub async fn touched(&self, block: H256) -> Result<BTreeSet<String>> {
		let params = rpc_params![block, "state", "", ""];
		let answer: serde_json::Value = self.rpc.request("state_traceBlock", params).await.map_err(node)?;
		let answer = Traced::deserialize(&answer).map_err(|_| Error::Node(format!("no trace: {answer}")))?;
		let keys = answer.block_trace.events.into_iter().filter_map(|event| event.data.string_values.key);
		Ok(keys.map(|key| format!("0x{}", key.trim_start_matches("0x"))).collect())
	}

	/// Bytes of the trie nodes that prove these keys at a block.
	pub async fn proof_size(&self, keys: &BTreeSet<String>, block: H256) -> Result<u64> {
		let proof: Proof = self.rpc.request("state_getReadProof", rpc_params![keys, block]).await.map_err(node)?;
		Ok(proof.proof.iter().map(|trie_node| hex_length(trie_node)).sum())
	}
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Traced {
	block_trace: Trace,
}

#[derive(Deserialize)]
struct Trace {
	events: Vec<Event>,
}

#[derive(Deserialize)]
struct Event {
	data: EventData,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EventData {
	string_values: Named,
}

#[derive(Deserialize)]
struct Named {
	#[serde(default)]
	key: Option<String>,
}

#[derive(Deserialize)]
struct Proof {
	proof: Vec<String>,
}

/// Bytes that hexadecimal digits behind `0x` stand for.
pub fn hex_length(digits: &str) -> u64 {
	(digits.trim_start_matches("0x").len() / 2) as u64
}

/// The key of somebody of the preset `development`.
pub fn person(path: &str) -> Result<Keypair> {
	Ok(keys::parse(path)?)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn keys_are_read_from_a_trace() {
		let json = r#"{"blockTrace":{"blockHash":"x","events":[
			{"target":"state","data":{"stringValues":{"key":"0a0b","method":"Get"}},"parentId":null},
			{"target":"state","data":{"stringValues":{"method":"StorageRoot"}},"parentId":null}]}}"#;
		let traced: Traced = serde_json::from_str(json).unwrap();
		let keys: Vec<_> = traced.block_trace.events.into_iter().map(|event| event.data.string_values.key).collect();
		assert_eq!(keys, [Some("0a0b".to_owned()), None]);
	}

	#[test]
	fn hexadecimal_digits_are_half_a_byte_each() {
		assert_eq!((hex_length("0x0a0b"), hex_length("0x"), hex_length("ff")), (2, 0, 1));
	}
}
