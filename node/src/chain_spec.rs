// SPDX-License-Identifier: GPL-3.0-only
//! Chain specifications: those that are built in, those that a consortium makes, and files.

use epidaurus_runtime::genesis_config_presets::{
	founding::{try_state, Founding},
	PARA_ID, TEMPLATE_PRESET,
};
use sc_chain_spec::{
	get_extension, ChainSpecExtension, ChainType, GenericChainSpec, Properties, DEV_RUNTIME_PRESET,
	LOCAL_TESTNET_RUNTIME_PRESET,
};
use sc_network::config::MultiaddrWithPeerId;
use serde::{Deserialize, Serialize};
use std::{fs, path::Path};

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

/// The specification called `dev`, `local` or `template`, or that in the file `id`.
///
/// Fails if nothing is named, if the file cannot be read, or if this binary was built without the runtime's code.
pub fn load(id: &str) -> Result<ChainSpec, String> {
	match id {
		"" => Err("no chain was named: use `--chain dev`, `--chain local` or `--chain FILE`".into()),
		"dev" => built_in("Epidaurus Development", "epidaurus_dev", ChainType::Development, DEV_RUNTIME_PRESET),
		"local" => {
			built_in("Epidaurus Local Testnet", "epidaurus_local", ChainType::Local, LOCAL_TESTNET_RUNTIME_PRESET)
		},
		"template" => built_in("Epidaurus Consortium Template", "epidaurus_template", ChainType::Live, TEMPLATE_PRESET),
		path => ChainSpec::from_json_file(path.into()).map_err(|error| {
			format!("`{path}` is neither a built-in chain (dev, local, template) nor a chain specification: {error}")
		}),
	}
}

/// What a consortium writes down to launch a chain: `chain-specs/consortium.example.json` is one.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Plan {
	/// Name that people see.
	name: String,
	/// Name of the chain's directory and of its network protocol.
	id: String,
	/// Name of the relay chain.
	relay_chain: String,
	/// Nodes to begin with.
	boot_nodes: Vec<MultiaddrWithPeerId>,
	/// The state.
	consortium: Founding,
}

/// The specification of the live chain that the file at `path` plans, with the runtime of this binary.
///
/// Fails if the file cannot be read, has unknown fields, or plans something that [`Founding::genesis`] or a pallet refuses.
pub fn founded(path: &Path) -> Result<ChainSpec, String> {
	let text = fs::read_to_string(path).map_err(|error| format!("`{}` cannot be read: {error}", path.display()))?;
	plan(&text).map_err(|error| format!("`{}` plans no chain: {error}", path.display()))
}

fn plan(text: &str) -> Result<ChainSpec, String> {
	let plan: Plan = serde_json::from_str(text).map_err(|error| error.to_string())?;
	let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
	if plan.id.is_empty() || !plan.id.bytes().all(is_plain) {
		return Err(format!("the id `{}` should be of a-z, 0-9 and _", plan.id));
	}
	let para_id = Some(plan.consortium.para_id);
	let genesis = plan.consortium.genesis()?;
	try_state(genesis.clone())?;
	let extensions = Extensions { relay_chain: plan.relay_chain, para_id, preset: None };
	Ok(ChainSpec::builder(code()?, extensions)
		.with_name(&plan.name)
		.with_id(&plan.id)
		.with_protocol_id(&plan.id)
		.with_chain_type(ChainType::Live)
		.with_boot_nodes(plan.boot_nodes)
		.with_properties(properties())
		.with_genesis_config_patch(genesis)
		.build())
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
		assert!(error.contains("no/such/file.json") && error.contains("dev, local, template"), "{error}");
	}

	#[test]
	fn plan_with_a_strange_id_or_field_fails() {
		let example = include_str!("../../chain-specs/consortium.example.json");
		for (from, to, reason) in [
			("our_consortium", "../elsewhere", "should be of a-z"),
			("bootNodes", "bootnodes", "unknown field `bootnodes`"),
			("0x0000", "0x0000", "`networkId` must be"),
		] {
			assert!(example.contains(from), "{from}");
			let error = plan(&example.replacen(from, to, 1)).err().expect("the plan is faulty");
			assert!(error.contains(reason), "{error}");
		}
	}

	#[test]
	fn founded_of_a_missing_file_names_it() {
		let error = founded(Path::new("no/plan.json")).err().expect("there is no such file");
		assert!(error.contains("no/plan.json"), "{error}");
	}

	#[test]
	fn extensions_of_either_spelling_decode() {
		for json in [r#"{"relay_chain":"r","para_id":7}"#, r#"{"relayChain":"r","paraId":7}"#] {
			let decoded: Extensions = serde_json::from_str(json).expect("valid extensions");
			assert_eq!(decoded, Extensions { relay_chain: "r".into(), para_id: Some(7), preset: None });
		}
	}
}
