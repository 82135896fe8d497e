// SPDX-License-Identifier: GPL-3.0-only
//! A node that seals its chain alone: when it does, what the clock says, and what it offers.

use crate::common::{directory, http_get, slot_now, text, Node};
use jsonrpsee::{
	core::{client::ClientT, params::BatchRequestBuilder},
	rpc_params,
};
use serde_json::Value;
use std::time::Duration;

/// `utility.batch` of nothing.
const EMPTY_BATCH: [u8; 3] = [30, 0, 0];
/// Address of `//Alice`.
const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";

#[tokio::test]
async fn dev_chain_finalises_its_first_block() {
	let directory = directory();
	let node = Node::dev(directory.path(), &[]).await;
	let first = node.finalised_from(1).await;
	// Printed and not asserted: how busy the machine is, is not the node's doing.
	println!("first block after {:?}", node.age());
	assert_eq!(first.number(), 1);
}

#[tokio::test]
async fn dev_chain_follows_the_wall_clock() {
	let directory = directory();
	let before = slot_now();
	let node = Node::dev(directory.path(), &[]).await;
	let third = node.finalised_from(3).await;
	assert!(third.slot() <= slot_now(), "slot {} is ahead of the wall clock, {}", third.slot(), slot_now());
	// A busy machine may miss a slot; no slot has two blocks.
	let (first, second) = (node.header(1).await, node.header(2).await);
	assert!(before <= first.slot(), "slot {} began before the node did, in {before}", first.slot());
	assert!(first.slot() < second.slot());
	assert!(second.slot() < third.slot());
}

#[tokio::test]
async fn dev_block_time_finalises_and_runs_ahead_of_the_clock() {
	let directory = directory();
	let node = Node::dev(directory.path(), &["--dev-block-time", "100"]).await;
	let head = node.finalised_from(20).await;
	assert!(head.slot() > slot_now() + 5, "slot {} at wall clock slot {}", head.slot(), slot_now());
	let mut slot = node.header(1).await.slot();
	for number in 2..=20 {
		let next = node.header(number).await.slot();
		assert!(next > slot, "block {number} is in slot {next}, its parent in {slot}");
		slot = next;
	}
}

#[tokio::test]
async fn instant_seal_finalises_one_block_at_once_and_then_waits() {
	let directory = directory();
	let node = Node::dev(directory.path(), &["--instant-seal"]).await;
	assert_eq!(node.finalised_from(1).await.number(), 1);
	tokio::time::sleep(Duration::from_secs(8)).await;
	assert_eq!(node.finalised().await.number(), 1, "a block without a transaction:\n{}", node.log());
}

#[tokio::test]
async fn instant_seal_finalises_each_transaction_at_once() {
	let directory = directory();
	let node = Node::dev(directory.path(), &["--instant-seal"]).await;
	node.finalised_from(1).await;
	node.submit("//Alice", 0, &EMPTY_BATCH).await;
	node.finalised_from(2).await;
	for nonce in 1..=5 {
		node.submit("//Alice", nonce, &EMPTY_BATCH).await;
	}
	let done = || async {
		let next = node.call("system_accountNextIndex", rpc_params![ALICE]).await;
		let pending = node.call("author_pendingExtrinsics", rpc_params![]).await;
		(next == 6 && pending.as_array().is_some_and(Vec::is_empty)).then_some(())
	};
	node.until("account with six transactions", done).await;
	let head = node.finalised().await;
	assert!((3..=7).contains(&head.number()), "{} blocks for six transactions", head.number());
	assert!(head.slot() >= node.header(1).await.slot() + head.number() - 1, "each block moves the clock by a slot");
	assert!(!node.log().contains("could not be sealed"), "{}", node.log());
	tokio::time::sleep(Duration::from_secs(3)).await;
	assert_eq!(node.finalised().await, head, "a block without a transaction:\n{}", node.log());
}

#[tokio::test]
async fn restart_on_a_base_path_continues_the_chain() {
	let directory = directory();
	let args = ["--dev-block-time", "100"];
	let node = Node::dev(directory.path(), &args).await;
	node.finalised_from(20).await;
	let kept = node.finalised().await;
	assert!(node.stop().success(), "a node that is told to stop ends well");

	let node = Node::dev(directory.path(), &args).await;
	let next = node.finalised_from(kept.number() + 1).await;
	assert_eq!(node.header(kept.number()).await, kept, "the chain is the same");
	assert!(next.slot() > kept.slot());
	assert!(node.stop().success());

	// The clock of this chain is ahead by now. Following the wall clock again, it must not go back.
	let node = Node::dev(directory.path(), &[]).await;
	let child = node.finalised_from(next.number() + 2).await;
	assert!(child.slot() > next.slot());
}

#[tokio::test]
async fn chain_dev_without_the_dev_flag_works() {
	let directory = directory();
	let base = directory.path().join("base");
	let node =
		Node::start(directory.path(), &["--chain", "dev", "--base-path", text(&base), "--dev-block-time", "200"]).await;
	node.finalised_from(2).await;
}

#[tokio::test]
async fn dev_chain_has_no_peers_and_listens_on_loopback_only() {
	let directory = directory();
	let node = Node::dev(directory.path(), &[]).await;
	node.finalised_from(1).await;
	let health = node.call("system_health", rpc_params![]).await;
	assert_eq!(health["peers"], 0, "{health}");
	assert_eq!(health["shouldHavePeers"], false, "{health}");
	for address in node.call("system_localListenAddresses", rpc_params![]).await.as_array().expect("a list") {
		let address = address.as_str().expect("addresses are strings");
		assert!(address.starts_with("/ip4/127.0.0.1/") || address.starts_with("/ip6/::1/"), "{address}");
	}
}

#[tokio::test]
async fn rpc_has_the_chain_and_the_usual_methods() {
	let directory = directory();
	let node = Node::dev(directory.path(), &["--instant-seal"]).await;
	assert_eq!(node.call("system_chain", rpc_params![]).await, "Epidaurus Development");
	assert_eq!(node.call("system_chainType", rpc_params![]).await, "Development");
	let properties = node.call("system_properties", rpc_params![]).await;
	assert_eq!(properties["tokenSymbol"], "EPI");
	assert_eq!(properties["tokenDecimals"], 12);
	assert_eq!(properties["ss58Format"], 42);
	let listed = node.call("rpc_methods", rpc_params![]).await;
	let methods: Vec<_> = listed["methods"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
	for domain in ["registry_", "subjects_", "ehr_"] {
		assert!(methods.iter().any(|method| method.starts_with(domain)), "no {domain}* among {methods:?}");
	}
	for method in ["rpc.discover", "system_accountNextIndex", "payment_queryInfo", "state_call", "state_getReadProof"] {
		assert!(methods.contains(&method), "no {method} among {methods:?}");
	}
}

#[tokio::test]
async fn rpc_batch_of_more_than_64_calls_fails() {
	let directory = directory();
	let node = Node::dev(directory.path(), &["--instant-seal"]).await;
	let batch = |length: usize| {
		let mut batch = BatchRequestBuilder::new();
		for _ in 0..length {
			batch.insert("system_name", rpc_params![]).expect("no parameters, no error");
		}
		batch
	};
	let answers = node.client().batch_request::<String>(batch(64)).await.expect("64 calls are allowed");
	assert_eq!(answers.num_successful_calls(), 64);
	let refusal = node.client().batch_request::<String>(batch(65)).await;
	assert!(refusal.is_err(), "65 calls are too many: {refusal:?}");
	// The connection is still good for others.
	assert_eq!(node.call("system_name", rpc_params![]).await, "Epidaurus");
}

#[tokio::test]
async fn rpc_rate_limit_exempts_loopback() {
	let directory = directory();
	let node = Node::dev(directory.path(), &["--instant-seal", "--rpc-rate-limit", "1"]).await;
	let client = node.client();
	for _ in 0..20 {
		let name: String = client.request("system_name", rpc_params![]).await.expect("loopback has no limit");
		assert_eq!(name, "Epidaurus");
	}
}

#[tokio::test]
async fn prometheus_tells_the_block_height() {
	let directory = directory();
	let mut node = Node::dev(directory.path(), &["--dev-block-time", "200"]).await;
	let address = node.logged_address("Prometheus exporter started at ").await;
	node.finalised_from(2).await;
	let metric = "substrate_block_height{status=\"finalized\"";
	let height = || async {
		let page = http_get(address, "/metrics").expect("the exporter answers");
		assert!(page.starts_with("HTTP/1.1 200"), "{page}");
		let line = page.lines().find(|line| line.starts_with(metric))?;
		let height: u64 = line.rsplit(' ').next()?.parse().ok()?;
		(height > 0).then_some(height)
	};
	node.until(metric, height).await;
}
