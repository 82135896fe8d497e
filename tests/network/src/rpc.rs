// SPDX-License-Identifier: Apache-2.0
//! Questions to a node.

use crate::{http, Outcome};
use serde::de::DeserializeOwned;
use serde_json::{json, Value};
use std::net::SocketAddr;

/// A node's JSON-RPC server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rpc {
	/// Where it listens.
	pub address: SocketAddr,
}

/// What the launcher needs of a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
	/// Number of the block.
	pub number: u64,
	/// Root of the state after it.
	pub state_root: String,
	/// Hash of the block before it.
	pub parent: String,
	/// Slot that its author claimed, unless it is the genesis header or a relay chain's.
	pub slot: Option<u64>,
}

impl Rpc {
	/// The answer to one call.
	pub fn call<T: DeserializeOwned>(&self, method: &str, params: Value) -> Outcome<T> {
		let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
		let answer = http::post(self.address, &request.to_string())?;
		result(&answer).map_err(|error| format!("{method}: {error}"))
	}

	/// Hash of the best finalised block.
	pub fn finalised_hash(&self) -> Outcome<String> {
		self.call("chain_getFinalizedHead", json!([]))
	}

	/// Header of the best finalised block.
	pub fn finalised(&self) -> Outcome<Header> {
		self.header(&self.finalised_hash()?)
	}

	/// Header of the best block.
	pub fn best(&self) -> Outcome<Header> {
		Header::parse(&self.call("chain_getHeader", json!([]))?)
	}

	/// Header of the block with this hash.
	pub fn header(&self, hash: &str) -> Outcome<Header> {
		Header::parse(&self.call("chain_getHeader", json!([hash]))?)
	}

	/// Hash of the block with this number on the best chain, if there is one.
	pub fn hash_at(&self, number: u64) -> Outcome<Option<String>> {
		self.call("chain_getBlockHash", json!([number]))
	}

	/// Header of the block with this number on the best chain, which must exist.
	pub fn header_at(&self, number: u64) -> Outcome<Header> {
		let hash = self.hash_at(number)?.ok_or_else(|| format!("there is no block {number}"))?;
		self.header(&hash)
	}

	/// A stored value in the state after the block with this hash.
	pub fn storage(&self, key: &[u8], block: &str) -> Outcome<Option<Vec<u8>>> {
		let value: Option<String> = self.call("state_getStorage", json!([format!("0x{}", hex::encode(key)), block]))?;
		value.map(|text| hex::decode(text.trim_start_matches("0x")).map_err(|error| error.to_string())).transpose()
	}
}

impl Header {
	fn parse(value: &Value) -> Outcome<Self> {
		let text = |name: &str| {
			value[name].as_str().map(ToOwned::to_owned).ok_or_else(|| format!("a header without {name}: {value}"))
		};
		let number =
			u64::from_str_radix(text("number")?.trim_start_matches("0x"), 16).map_err(|error| error.to_string())?;
		let logs = value["digest"]["logs"].as_array().map(Vec::as_slice).unwrap_or_default();
		// A pre-runtime digest of engine `aura` with eight bytes.
		let slot = logs.iter().filter_map(Value::as_str).find_map(|log| log.strip_prefix("0x066175726120"));
		let slot = slot.and_then(|hex| u64::from_str_radix(hex, 16).ok()).map(u64::swap_bytes);
		Ok(Self { number, state_root: text("stateRoot")?, parent: text("parentHash")?, slot })
	}
}

fn result<T: DeserializeOwned>(answer: &str) -> Outcome<T> {
	let mut answer: Value = serde_json::from_str(answer).map_err(|error| format!("{error} in {answer}"))?;
	if let Some(error) = answer.get("error") {
		return Err(error.to_string());
	}
	let result = answer.get_mut("result").ok_or_else(|| "an answer without a result".to_owned())?;
	serde_json::from_value(result.take()).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn result_of_an_answer_is_found() {
		assert_eq!(result::<u8>(r#"{"jsonrpc":"2.0","id":1,"result":7}"#), Ok(7));
		assert_eq!(result::<Option<u8>>(r#"{"jsonrpc":"2.0","id":1,"result":null}"#), Ok(None));
		let refusal = result::<u8>(r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no"}}"#);
		assert!(refusal.is_err_and(|error| error.contains("-32601")));
		assert!(result::<u8>("<html>").is_err());
		assert!(result::<Option<u8>>(r#"{"jsonrpc":"2.0","id":1}"#).is_err());
	}

	#[test]
	fn header_with_a_slot_is_read() {
		let header = json!({
			"number": "0x1f", "stateRoot": "0x01", "parentHash": "0x02",
			"digest": { "logs": ["0x0605", "0x0661757261202a01000000000000", "0x056175726101"] },
		});
		let expected = Header { number: 31, state_root: "0x01".into(), parent: "0x02".into(), slot: Some(0x12a) };
		assert_eq!(Header::parse(&header), Ok(expected));
	}

	#[test]
	fn header_of_a_block_that_does_not_exist_fails() {
		assert!(Header::parse(&Value::Null).is_err());
	}
}
