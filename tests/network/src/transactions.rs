// SPDX-License-Identifier: Apache-2.0
//! Transactions of members that everybody has the keys of.

use crate::{rpc::Rpc, Outcome};
use codec::{Compact, Encode};
use epidaurus_runtime::{AccountId, Address, Balance, Runtime, RuntimeCall};
use serde_json::{json, Value};
use sp_core::{sr25519, Pair as _};
use sp_crypto_hashing::{blake2_128, blake2_256, twox_128};

/// A signed payload that is longer than this is signed by its hash.
const LONGEST_PAYLOAD: usize = 256;

/// Mode of the extension that checks the metadata's hash: the signer saw none.
const WITHOUT_METADATA_HASH: u8 = 0;

/// A member with a well-known key.
pub struct Member {
	pair: sr25519::Pair,
}

/// What a signature says about the chain that it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain {
	spec_version: u32,
	transaction_version: u32,
	genesis: [u8; 32],
}

impl Chain {
	/// Asks a node.
	pub fn of(rpc: Rpc) -> Outcome<Self> {
		let version: Value = rpc.call("state_getRuntimeVersion", json!([]))?;
		let number = |name: &str| {
			let number = version[name].as_u64().and_then(|number| u32::try_from(number).ok());
			number.ok_or_else(|| format!("the runtime's version has no {name}: {version}"))
		};
		let text = rpc.hash_at(0)?.ok_or("the node has no genesis block")?;
		let mut genesis = [0; 32];
		hex::decode_to_slice(text.trim_start_matches("0x"), &mut genesis)
			.map_err(|error| format!("{text}: {error}"))?;
		Ok(Self { spec_version: number("specVersion")?, transaction_version: number("transactionVersion")?, genesis })
	}
}

impl Member {
	/// The member with the key of this derivation, such as `//Alice`.
	pub fn new(derivation: &str) -> Outcome<Self> {
		let pair = sr25519::Pair::from_string(derivation, None).map_err(|error| format!("{derivation}: {error:?}"))?;
		Ok(Self { pair })
	}

	/// Its account.
	pub fn account(&self) -> AccountId {
		self.pair.public().0.into()
	}

	/// The transaction with this nonce that makes `call`: no tip, valid for good.
	pub fn sign(&self, chain: Chain, nonce: u32, call: &RuntimeCall) -> Vec<u8> {
		let extension = (0u8, Compact(nonce), Compact(0u128), WITHOUT_METADATA_HASH).encode();
		let implicit =
			(chain.spec_version, chain.transaction_version, chain.genesis, chain.genesis, None::<[u8; 32]>).encode();
		let call = call.encode();
		let payload = [&call[..], &extension, &implicit].concat();
		let signature = if payload.len() > LONGEST_PAYLOAD {
			self.pair.sign(&blake2_256(&payload))
		} else {
			self.pair.sign(&payload)
		};
		// Version 4 and signed; the signer by its account; a signature of kind sr25519.
		[&[0x84, 0][..], &self.pair.public().0, &[1], &signature.0, &extension, &call].concat().encode()
	}

	/// Its signature.
	pub fn sign_bytes(&self, bytes: &[u8]) -> Vec<u8> {
		self.pair.sign(bytes).0.into()
	}

	/// How many transactions of this member there are up to the block with this hash.
	pub fn nonce(&self, rpc: Rpc, block: &str) -> Outcome<u32> {
		let account = self.pair.public().0;
		let key = [&twox_128(b"System")[..], &twox_128(b"Account"), &blake2_128(&account), &account].concat();
		let stored = rpc.storage(&key, block)?.ok_or("the account does not exist")?;
		// The record begins with it.
		let bytes =
			stored.get(..4).and_then(|bytes| bytes.try_into().ok()).ok_or("the account's record is too short")?;
		Ok(u32::from_le_bytes(bytes))
	}
}

/// A transfer, which any member may make.
pub fn transfer(to: AccountId, value: Balance) -> RuntimeCall {
	pallet_balances::Call::<Runtime>::transfer_keep_alive { dest: Address::Id(to), value }.into()
}

/// Gives a transaction to a node's pool.
pub fn submit(rpc: Rpc, transaction: &[u8]) -> Outcome<String> {
	rpc.call("author_submitExtrinsic", json!([format!("0x{}", hex::encode(transaction))]))
}

#[cfg(test)]
mod tests {
	use super::*;
	use codec::Decode;
	use epidaurus_runtime::UncheckedExtrinsic;

	#[test]
	fn a_signed_transaction_is_one_of_the_runtime() {
		let alice = Member::new("//Alice").expect("a derivation");
		let chain = Chain { spec_version: 1, transaction_version: 1, genesis: [7; 32] };
		let call = transfer(Member::new("//Bob").expect("a derivation").account(), 5);
		let bytes = alice.sign(chain, 300, &call);
		let transaction = UncheckedExtrinsic::decode(&mut &bytes[..]).expect("the runtime's form");
		assert_eq!(transaction.function, call);
		assert_eq!(transaction.encode(), bytes);
	}

	#[test]
	fn a_member_needs_a_derivation() {
		assert!(Member::new("Alice in words that are none").is_err());
	}
}
