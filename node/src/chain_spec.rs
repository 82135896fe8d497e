// SPDX-License-Identifier: GPL-3.0-only
//! Chain specifications: the two that are built in, and files.

use sc_chain_spec::{
	get_extension, ChainSpecExtension, ChainType, GenericChainSpec, Properties, DEV_RUNTIME_PRESET,
	LOCAL_TESTNET_RUNTIME_PRESET,
};
use serde::{Deserialize, Serialize};

/// Para id that both presets of the runtime are made for.
const PARA_ID: u32 = 2000;
/// Relay chain that a built-in specification expects; it is given as a file after `--`.
const RELAY_CHAIN: &str = "rococo-local";

/// What a parachain's specification says beyond that of any chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ChainSpecExtension)]
pub struct Extensions {
	/// Name of the relay chain.
	#[serde(alias = "relayChain", alias = "RelayChain")]
	pub relay_chain: String,
	/// Para id; the runtime's own answer has precedence.
	#[serde(alias = "paraId", alias = "ParaId")]
	pub para_id: Option<u32>,
	/// The runtime's preset that this built-in specification stands for; no file has one.
	#[serde(skip)]
	pub preset: Option<&'static str>,
}

impl Extensions {
	/// The extensions of `spec`, if it carries any.
	pub fn of(spec: &dyn sc_chain_spec::ChainSpec) -> Option<&Self> {
		get_extension(spec.extensions())
	}
}

/// A chain specification with our extensions.
pub type ChainSpec = GenericChainSpec<Extensions>;

/// The specification called `dev` or `local`, or that in the file `id`.
///
/// Fails if nothing is named, if the file cannot be read, or if this binary was built without the runtime's code.
pub fn load(id: &str) -> Result<ChainSpec, String> {
	match id {
		"" => Err("no chain was named: use `--chain dev`, `--chain local` or `--chain FILE`".into()),
		"dev" => built_in("Epidaurus Development", "epidaurus_dev", ChainType::Development, DEV_RUNTIME_PRESET),
		"local" => {
			built_in("Epidaurus Local Testnet", "epidaurus_local", ChainType::Local, LOCAL_TESTNET_RUNTIME_PRESET)
		},
		path => ChainSpec::from_json_file(path.into()).map_err(|error| {
			format!("`{path}` is neither a built-in chain (dev, local) nor a chain specification: {error}")
		}),
	}
}

fn built_in(name: &str, id: &str, chain_type: ChainType, preset: &'static str) -> Result<ChainSpec, String> {
	let code = code()?;
	let extensions = Extensions { relay_chain: RELAY_CHAIN.into(), para_id: Some(PARA_ID), preset: Some(preset) };
	Ok(ChainSpec::builder(code, extensions)
		.with_name(name)
		.with_id(id)
		.with_protocol_id(id)
		.with_chain_type(chain_type)
		.with_properties(properties())
		.with_genesis_config_preset_name(preset)
		.build())
}

/// The code of the runtime that this binary was built with.
pub fn code() -> Result<&'static [u8], String> {
	epidaurus_runtime::WASM_BINARY
		.ok_or_else(|| "this binary was built without the runtime's WASM: build it without SKIP_WASM_BUILD".into())
}

/// How wallets show the token and addresses.
fn properties() -> Properties {
	Properties::from_iter([
		("tokenSymbol".to_owned(), "EPI".into()),
		("tokenDecimals".to_owned(), 12.into()),
		("ss58Format".to_owned(), 42.into()),
	])
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn load_without_a_name_fails() {
		assert!(load("").err().is_some_and(|error| error.contains("--chain local")));
	}

	#[test]
	fn load_of_a_missing_file_names_it() {
		let error = load("no/such/file.json").err().expect("there is no such file");
		assert!(error.contains("no/such/file.json") && error.contains("dev, local"), "{error}");
	}

	#[test]
	fn extensions_of_either_spelling_decode() {
		for json in [r#"{"relay_chain":"r","para_id":7}"#, r#"{"relayChain":"r","paraId":7}"#] {
			let decoded: Extensions = serde_json::from_str(json).expect("valid extensions");
			assert_eq!(decoded, Extensions { relay_chain: "r".into(), para_id: Some(7), preset: None });
		}
	}
}
