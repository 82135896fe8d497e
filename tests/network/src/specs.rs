// SPDX-License-Identifier: Apache-2.0
//! Chain specifications: the relay chain's, made from its runtime, and what a network adds to both chains' before it starts.

use crate::Outcome;
use sc_chain_spec::{json_merge, GenesisConfigBuilderRuntimeCaller, LOCAL_TESTNET_RUNTIME_PRESET};
use serde_json::{json, Map, Value};

/// Key of a runtime's code in the state.
const CODE: &str = "0x3a636f6465";

/// What a relay chain must know of a parachain that is there from the beginning.
pub struct ParaGenesis {
	/// Its id.
	pub id: u32,
	/// Its genesis header, in hexadecimal.
	pub head: String,
	/// Its code, in hexadecimal.
	pub code: String,
}

/// The plain specification of a local relay chain with the runtime `code`: well-known validators Alice and Bob, asynchronous
/// backing as it is on public relay chains, and thresholds that one validator can reach.
pub fn relay_plain(code: &[u8]) -> Outcome<Value> {
	let runtime = GenesisConfigBuilderRuntimeCaller::<()>::new(code);
	let mut patch = runtime.get_named_preset(Some(&LOCAL_TESTNET_RUNTIME_PRESET.to_owned()))?;
	json_merge(
		&mut patch,
		json!({ "configuration": { "config": {
			"needed_approvals": 1,
			"minimum_backing_votes": 1,
			"async_backing_params": { "max_candidate_depth": 3, "allowed_ancestry_len": 2 },
		} } }),
	);
	Ok(json!({
		"name": "Epidaurus Local Relay Chain",
		"id": "rococo_local_testnet",
		"chainType": "Local",
		"bootNodes": [],
		"telemetryEndpoints": null,
		"protocolId": "epidaurus_relay",
		"properties": { "tokenSymbol": "ROC", "tokenDecimals": 12 },
		"forkBlocks": null,
		"badBlocks": null,
		"lightSyncState": null,
		"codeSubstitutes": {},
		"genesis": { "runtimeGenesis": { "code": hex(code), "patch": patch } },
	}))
}

/// The raw specification of the relay chain whose plain one is `plain`, with a parachain from the beginning.
pub fn relay_raw(plain: &Value, para: &ParaGenesis) -> Outcome<Value> {
	let genesis = &plain["genesis"]["runtimeGenesis"];
	let text = genesis["code"].as_str().ok_or("the relay chain's specification is not a plain one")?;
	let code =
		hex::decode(text.trim_start_matches("0x")).map_err(|error| format!("the relay chain's code: {error}"))?;
	let mut patch = genesis["patch"].clone();
	json_merge(&mut patch, json!({ "paras": { "paras": [[para.id, [para.head, para.code, true]]] } }));
	let storage = GenesisConfigBuilderRuntimeCaller::<()>::new(&code).get_storage_for_patch(patch)?;
	let mut top: Map<String, Value> =
		storage.top.iter().map(|(key, value)| (hex(key), Value::String(hex(value)))).collect();
	top.insert(CODE.into(), Value::String(hex(&code)));
	let mut raw = plain.clone();
	raw["genesis"] = json!({ "raw": { "top": top, "childrenDefault": {} } });
	Ok(raw)
}

/// The code in a raw specification, in hexadecimal.
pub fn code(raw: &Value) -> Outcome<String> {
	let code = raw["genesis"]["raw"]["top"][CODE].as_str();
	code.map(ToOwned::to_owned).ok_or_else(|| "there is no code in the raw specification".into())
}

/// Stores a value in the genesis state of a raw specification.
pub fn put(raw: &mut Value, key: &[u8], value: &[u8]) {
	raw["genesis"]["raw"]["top"][hex(key)] = Value::String(hex(value));
}

/// `spec` with the addresses at which its nodes can be found.
pub fn with_bootnodes(mut spec: Value, addresses: &[String]) -> Value {
	spec["bootNodes"] = json!(addresses);
	spec
}

fn hex(bytes: &[u8]) -> String {
	format!("0x{}", hex::encode(bytes))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn code_of_a_raw_specification_is_found() {
		let raw = json!({ "genesis": { "raw": { "top": { "0x3a636f6465": "0x0061" } } } });
		assert_eq!(code(&raw), Ok("0x0061".into()));
		assert!(code(&json!({ "genesis": { "runtimeGenesis": {} } })).is_err());
	}

	#[test]
	fn relay_raw_of_a_raw_specification_fails() {
		let para = ParaGenesis { id: 2000, head: "0x".into(), code: "0x".into() };
		assert!(relay_raw(&json!({ "genesis": { "raw": {} } }), &para).is_err_and(|error| error.contains("plain")));
	}

	#[test]
	fn a_stored_value_is_put_beside_the_others() {
		let mut raw = json!({ "genesis": { "raw": { "top": { "0x01": "0x02" } } } });
		put(&mut raw, &[0xab, 3], &[4]);
		assert_eq!(raw["genesis"]["raw"]["top"], json!({ "0x01": "0x02", "0xab03": "0x04" }));
	}

	#[test]
	fn bootnodes_replace_those_of_the_file() {
		let spec = with_bootnodes(json!({ "id": "x", "bootNodes": ["old"] }), &["new".into()]);
		assert_eq!(spec, json!({ "id": "x", "bootNodes": ["new"] }));
	}
}
