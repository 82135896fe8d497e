// SPDX-License-Identifier: GPL-3.0-only
//! Commands that end by themselves, and what is refused before a node starts.

use crate::common::{directory, output, refused, text, Node};
use serde_json::Value;
use std::{fs, path::Path};

fn spec(args: &[&str]) -> Value {
	serde_json::from_str(&output(&[&["chain-spec"], args].concat())).expect("a specification is JSON")
}

#[test]
fn chain_spec_of_dev_and_local_works() {
	for (chain, chain_type) in [("dev", "Development"), ("local", "Local")] {
		let spec = spec(&["--chain", chain]);
		assert_eq!(spec["chainType"], chain_type);
		assert_eq!(spec["para_id"], 2000);
		assert_eq!(spec["relay_chain"], "rococo-local");
		assert_eq!(spec["properties"]["tokenSymbol"], "EPI");
		assert!(spec["genesis"]["runtimeGenesis"]["patch"].is_object(), "{chain} has no preset");
	}
}

#[test]
fn chain_spec_raw_works_and_can_be_read_again() {
	let directory = directory();
	let file = directory.path().join("raw.json");
	let said = output(&["chain-spec", "--chain", "dev", "--raw", "--output", text(&file)]);
	assert!(said.contains("raw.json"), "{said}");
	let raw: Value = serde_json::from_slice(&fs::read(&file).expect("written")).expect("JSON");
	assert!(raw["genesis"]["raw"]["top"]["0x3a636f6465"].is_string(), "no code in the state");
	assert_eq!(spec(&["--chain", text(&file), "--raw"]), raw);
	let head = |chain| output(&["export-genesis-head", "--chain", chain]);
	assert_eq!(head(text(&file)), head("dev"), "the file and the built-in chain have one genesis");
}

#[test]
fn chain_spec_of_the_template_has_nobody() {
	let template = spec(&["--chain", "template"]);
	assert_eq!(template["chainType"], "Live");
	let patch = &template["genesis"]["runtimeGenesis"]["patch"];
	for empty in ["/registry/organisations", "/collatorSelection/invulnerables", "/session/keys"] {
		assert_eq!(patch.pointer(empty), Some(&serde_json::json!([])), "{empty}");
	}
	assert_eq!(patch["balances"]["balances"].as_array().map(Vec::len), Some(1), "the purse");
}

#[test]
fn chain_specs_are_the_same_bytes_each_time() {
	for chain in ["dev", "local", "template"] {
		for form in [&[][..], &["--raw"]] {
			let written = || output(&[&["chain-spec", "--chain", chain], form].concat());
			assert!(written() == written(), "{chain} {form:?} differs");
		}
	}
}

/// The example of the repository, with this network id, written to a file.
fn plan(directory: &Path, network_id: &str) -> std::path::PathBuf {
	let example = include_str!("../../../chain-specs/consortium.example.json");
	let file = directory.join("consortium.json");
	assert!(example.contains(&"0".repeat(64)), "the example leaves the network id open");
	fs::write(&file, example.replace(&"0".repeat(64), network_id)).expect("writable");
	file
}

#[test]
fn chain_spec_of_a_consortium_works_and_can_be_launched() {
	let directory = directory();
	let plan = plan(directory.path(), &"5a".repeat(32));
	let plain = spec(&["--consortium", text(&plan)]);
	assert_eq!(plain["chainType"], "Live");
	assert_eq!((&plain["id"], &plain["relay_chain"]), (&"our_consortium".into(), &"our_relay".into()));
	let raw = directory.path().join("raw.json");
	output(&["chain-spec", "--consortium", text(&plan), "--raw", "--output", text(&raw)]);
	let again = output(&["chain-spec", "--consortium", text(&plan), "--raw"]);
	assert!(fs::read_to_string(&raw).expect("written") == again, "differs");
	assert!(output(&["export-genesis-head", "--chain", text(&raw)]).starts_with("0x"));
}

#[test]
fn chain_spec_of_a_faulty_consortium_is_refused() {
	let directory = directory();
	let blank = plan(directory.path(), &"0".repeat(64));
	let reason = refused(&["chain-spec", "--consortium", text(&blank)]);
	assert!(reason.contains("consortium.json") && reason.contains("networkId"), "{reason}");
	// The pallets look at what the plan's own rules do not know.
	let filled_in = plan(directory.path(), &"5a".repeat(32));
	let wrong = fs::read_to_string(&filled_in).expect("written").replacen("9521001000000", "9521000000001", 1);
	fs::write(&filled_in, wrong).expect("writable");
	let reason = refused(&["chain-spec", "--consortium", text(&filled_in)]);
	assert!(reason.contains("GlnTaken"), "{reason}");
	let reason = refused(&["chain-spec", "--consortium", text(&filled_in), "--chain", "dev"]);
	assert!(reason.contains("cannot be used with"), "{reason}");
}

#[test]
fn well_known_keys_in_the_genesis_of_a_live_chain_are_refused() {
	let directory = directory();
	let file = directory.path().join("live.json");
	for form in [&[][..], &["--raw"]] {
		let mut live = spec(&[&["--chain", "local"], form].concat());
		live["chainType"] = "Live".into();
		fs::write(&file, live.to_string()).expect("writable");
		let reason = refused(&["export-genesis-head", "--chain", text(&file)]);
		assert!(reason.contains("a key that everybody knows") && reason.contains("genesis state"), "{reason}");
	}
	let reason = refused(&["export-genesis-head", "--chain", "template"]);
	assert!(reason.contains("names no collators"), "{reason}");
}

#[test]
fn chain_spec_of_an_unknown_chain_fails() {
	let reason = refused(&["chain-spec", "--chain", "nowhere"]);
	assert!(reason.contains("`nowhere` is neither a built-in chain"), "{reason}");
}

#[test]
fn help_shows_examples() {
	let help = output(&["--help"]);
	for text in ["Examples:", "epidaurus --dev --instant-seal", "--dev-block-time <MS>", "purge-chain", "chain-spec"] {
		assert!(help.contains(text), "no {text} in\n{help}");
	}
	assert!(!help.contains("benchmark"), "{help}");
}

#[test]
fn key_generate_works() {
	let key: Value = serde_json::from_str(&output(&["key", "generate", "--output-type", "json"])).expect("JSON");
	assert!(key["secretPhrase"].as_str().is_some_and(|phrase| phrase.split(' ').count() == 12));
}

#[test]
fn key_generate_node_key_works_without_a_chain_only_for_a_file() {
	let directory = directory();
	let file = directory.path().join("node-key");
	output(&["key", "generate-node-key", "--file", text(&file)]);
	assert_eq!(fs::read_to_string(&file).expect("written").len(), 64);
	let reason = refused(&["key", "generate-node-key", "--base-path", text(directory.path())]);
	assert!(reason.contains("--chain"), "{reason}");
}

#[test]
fn export_genesis_works() {
	let head = output(&["export-genesis-head", "--chain", "local"]);
	assert!(head.starts_with("0x") && head.len() > 64, "{head}");
	let code = output(&["export-genesis-wasm", "--chain", "local"]);
	assert!(code.starts_with("0x") && code.len() > 100_000, "{} characters", code.len());
}

#[tokio::test]
async fn purge_chain_removes_the_chain_and_nothing_else() {
	let directory = directory();
	let base = directory.path().join("base");
	let node = Node::dev(directory.path(), &["--dev-block-time", "100"]).await;
	node.finalised_from(3).await;
	assert!(node.stop().success());
	let database = base.join("chains/epidaurus_dev/db");
	assert!(database.exists());
	let said = output(&["purge-chain", "--chain", "dev", "--base-path", text(&base), "-y"]);
	assert!(said.contains("removed"), "{said}");
	assert!(!database.exists());
	assert!(base.join("chains/epidaurus_dev/network").exists(), "the node's identity is kept");
}

#[test]
fn purge_chain_of_a_relayed_chain_wants_the_relay_chain() {
	let directory = directory();
	let purge = ["purge-chain", "--chain", "local", "--base-path", text(directory.path()), "-y"];
	let reason = refused(&purge);
	assert!(reason.contains("-- --chain FILE"), "{reason}");
	output(&[&purge[..], &["--parachain"]].concat());
}

#[tokio::test]
async fn blocks_can_be_exported_imported_checked_and_reverted() {
	let directory = directory();
	let base = directory.path().join("base");
	let node = Node::dev(directory.path(), &["--dev-block-time", "100"]).await;
	node.finalised_from(5).await;
	assert!(node.stop().success());
	let file = directory.path().join("blocks.bin");
	let of = |base: &Path| ["--chain".to_owned(), "dev".into(), "--base-path".into(), text(base).into()];
	let on = |base: &Path, command: &[&str]| {
		let chain = of(base);
		output(&[command, &chain.iter().map(String::as_str).collect::<Vec<_>>()].concat())
	};
	on(&base, &["export-blocks", "--binary", "--to", "5", text(&file)]);
	on(&base, &["check-block", "3"]);
	let other = directory.path().join("other");
	on(&other, &["import-blocks", "--binary", text(&file)]);
	on(&other, &["check-block", "5"]);
	on(&other, &["revert", "2"]);
	let again = directory.path().join("again.bin");
	on(&other, &["export-blocks", "--binary", "--to", "3", text(&again)]);
	assert!(fs::metadata(&again).expect("written").len() < fs::metadata(&file).expect("written").len());
}

#[test]
fn a_node_without_a_chain_is_refused() {
	let reason = refused(&[]);
	assert!(reason.contains("no chain was named"), "{reason}");
}

#[test]
fn an_unknown_chain_is_refused() {
	let reason = refused(&["--chain", "missing.json"]);
	assert!(reason.contains("`missing.json` is neither a built-in chain"), "{reason}");
}

#[test]
fn instant_seal_with_dev_block_time_is_refused() {
	let reason = refused(&["--dev", "--instant-seal", "--dev-block-time", "500"]);
	assert!(reason.contains("cannot be used with"), "{reason}");
}

#[test]
fn sealing_outside_a_dev_chain_is_refused() {
	for args in [
		&["--instant-seal"][..],
		&["--chain", "local", "--instant-seal"],
		&["--chain", "local", "--dev-block-time", "9"],
	] {
		let reason = refused(args);
		assert!(reason.contains("needs `--dev` or a development chain"), "{reason}");
	}
}

#[test]
fn a_relay_chain_for_a_dev_chain_is_refused() {
	let reason = refused(&["--dev", "--", "--chain", "relay.json"]);
	assert!(reason.contains("sealed by this node alone"), "{reason}");
}

#[test]
fn a_local_chain_without_its_relay_chain_is_refused() {
	let directory = directory();
	let reason = refused(&["--chain", "local", "--base-path", text(directory.path()), "--port", "0"]);
	assert!(reason.contains("the relay chain `rococo-local` is not known"), "{reason}");
}

#[test]
fn well_known_keys_on_a_live_chain_are_refused() {
	let directory = directory();
	let file = directory.path().join("live.json");
	let mut live = spec(&["--chain", "local"]);
	for chain_type in ["Live".into(), serde_json::json!({ "Custom": "pilot" })] {
		live["chainType"] = chain_type;
		fs::write(&file, live.to_string()).expect("writable");
		for flag in ["--alice", "--bob", "--dev"] {
			let reason = refused(&[flag, "--chain", text(&file), "--base-path", text(directory.path())]);
			assert!(reason.contains("a key that everybody knows") && reason.contains(flag), "{reason}");
		}
	}
}
