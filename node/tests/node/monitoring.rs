// SPDX-License-Identifier: GPL-3.0-only
//! What operators look at: the board, the alerts, the log.

use crate::common::{directory, http_get, refused_with, Node};
use jsonrpsee::{core::client::ClientT, rpc_params};
use serde_json::{json, Value};
use std::collections::BTreeSet;

const RULES: &str = include_str!("../../../docs/monitoring/rules.yaml");
const BOARD: &str = include_str!("../../../docs/monitoring/dashboard.json");
const GUIDE: &str = include_str!("../../../docs/operators.md");

/// Exported only by nodes that follow a relay chain.
const BESIDE_A_RELAY_CHAIN: [&str; 2] = ["parachain_block_backed_duration", "parachain_unincluded_segment_size"];

/// The metrics that `text` names, without what Prometheus appends to those that are histograms.
fn named(text: &str) -> BTreeSet<&str> {
	let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
	let ours = words.filter(|word| word.starts_with("substrate_") || word.starts_with("parachain_"));
	ours.map(|word| {
		let base = ["_bucket", "_sum", "_count"].iter().find_map(|end| word.strip_suffix(end));
		// Some gauges are called so themselves.
		base.filter(|_| !word.ends_with("peers_count")).unwrap_or(word)
	})
	.collect()
}

/// The metrics on a page of the exporter.
fn exported(page: &str) -> BTreeSet<&str> {
	page.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect()
}

#[tokio::test]
async fn metrics_of_board_and_alerts_are_exported() {
	let directory = directory();
	// The pool of nodes that follow a relay chain; it exports other names than a development chain's own.
	let mut node = Node::dev(directory.path(), &["--dev-block-time", "200", "--pool-type", "fork-aware"]).await;
	let address = node.logged_address("Prometheus exporter started at ").await;
	node.finalised_from(2).await;
	let page = http_get(address, "/metrics").expect("the exporter answers");
	let exported = exported(&page);
	for file in [RULES, BOARD] {
		let named = named(file);
		assert!(named.len() > 10, "{named:?}");
		let missing: Vec<_> =
			named.iter().filter(|name| !exported.contains(**name) && !BESIDE_A_RELAY_CHAIN.contains(name)).collect();
		assert!(missing.is_empty(), "the node does not export {missing:?}, but:\n{exported:#?}");
	}
	// The labels by which they are told apart.
	for label in
		["status=\"best\"", "status=\"finalized\"", "is_error=\"false\"", "direction=\"in\"", "chain=\"epidaurus_dev\""]
	{
		assert!(page.contains(label), "no {label}");
	}
}

#[test]
fn alerts_name_a_section_of_the_guide() {
	let slug = |heading: &str| heading.trim().to_lowercase().replace(' ', "-");
	let sections: BTreeSet<_> = GUIDE.lines().filter_map(|line| line.strip_prefix("## ")).map(slug).collect();
	let runbooks: Vec<_> = RULES.lines().filter_map(|line| line.trim().strip_prefix("runbook: ")).collect();
	assert_eq!(runbooks.len(), RULES.matches("- alert: ").count(), "one for each alert");
	for runbook in runbooks {
		let section = runbook.strip_prefix("docs/operators.md#").expect("in the operators' guide");
		assert!(sections.contains(section), "no section {section} among {sections:?}");
	}
	for alert in RULES.lines().filter_map(|line| line.trim().strip_prefix("- alert: Epidaurus")) {
		assert!(GUIDE.contains(alert), "{alert} is not in the guide's table");
	}
}

#[test]
fn alerts_ask_about_our_job_alone() {
	let expressions: Vec<_> = RULES.lines().filter_map(|line| line.trim().strip_prefix("expr: ")).collect();
	assert_eq!(expressions.len(), RULES.matches("- alert: ").count(), "one for each alert");
	for expression in expressions {
		let ours = expression.matches("{job=\"epidaurus\"").count();
		// A relay node that is scraped beside ours exports the same names.
		let asked: usize =
			["up{", "substrate_", "parachain_"].map(|name| expression.matches(name).count()).iter().sum();
		assert!(asked > 0, "{expression}");
		assert_eq!(ours, asked, "{expression}");
	}
}

#[test]
fn board_asks_for_the_chosen_chain_and_node() {
	let board: Value = serde_json::from_str(BOARD).expect("JSON");
	let panels = board["panels"].as_array().expect("a list");
	assert!(panels.len() > 10);
	for panel in panels {
		for target in panel["targets"].as_array().expect("a panel shows something") {
			let expression = target["expr"].as_str().expect("an expression");
			assert!(expression.contains("chain=~\"$chain\",instance=~\"$instance\""), "{expression}");
		}
	}
}

#[test]
fn log_filters_by_span_are_refused_in_the_environment_too() {
	let reason = refused_with(&["--dev"], &[("RUST_LOG", "info,[method_call]=trace")]);
	assert!(reason.contains("log filters by span"), "{reason}");
}

/// An opening opens its commitment to whoever reads it.
#[tokio::test]
async fn questions_reach_the_log_at_no_level() {
	let directory = directory();
	let traced = ["rpc", "rpc_metrics", "rpc_metrics::extra", "jsonrpsee-server", "jsonrpsee_server", "jsonrpsee_core"];
	let traced = traced.into_iter().chain([
		"sc_rpc",
		"sc_rpc_server",
		"epidaurus_rpc",
		"epidaurus",
		"runtime",
		"state",
		"tower",
		"hyper",
	]);
	let levels = traced.map(|target| format!("{target}=trace")).collect::<Vec<_>>().join(",");
	let node = Node::dev(directory.path(), &["--instant-seal", "-l", &levels]).await;
	let (salt, digest, text) = ("5a17".repeat(16), "d16e57".repeat(10) + "0000", "Jane Doe, born 1970");
	let opening = json!({
		"suite": "raw",
		"salt": format!("0x{salt}"),
		"digest": format!("0x{digest}"),
		"header": { "class": "Observation", "version": 1 },
	});
	let ask = |method: &'static str, first: Value, second: Value| {
		let client = node.client();
		async move { client.request::<Value, _>(method, rpc_params![first, second]).await }
	};
	let answer = ask("ehr_verifyAnchor", json!("0x05050505050505050505050505050505"), opening.clone()).await;
	assert!(answer.is_ok(), "{answer:?}");
	// Also what cannot be understood, and what is asked past our own methods.
	assert!(ask("ehr_verifyAnchor", json!(text), opening).await.is_err());
	let record = json!("0x05050505050505050505050505050505");
	assert!(ask("ehr_verifyAnchor", record, json!(format!("0x{salt}{digest}"))).await.is_err());
	assert!(ask("state_call", json!("EhrApi_verify_anchor"), json!(format!("0x{salt}"))).await.is_err());
	assert!(ask("ehr_noSuchMethod", json!(text), json!(salt)).await.is_err());
	let written = || async { node.log().contains("ehr_verifyAnchor call took").then(|| node.log()) };
	let log = node.until("the call in the log", written).await;
	for secret in [salt.as_str(), digest.as_str(), text] {
		let found = log.lines().find(|line| line.contains(secret));
		assert_eq!(found, None, "a question is in the log");
	}
}
