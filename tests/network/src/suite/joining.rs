// SPDX-License-Identifier: Apache-2.0
//! Full nodes that join a chain so long that other nodes have forgotten its first states.

use super::{
	stage::{Stage, MORE},
	upgrade::ensure_upgraded,
};
use crate::{
	network::{Network, Node},
	Outcome,
};
use serde_json::{json, Value};
use std::time::{Duration, Instant};

/// Blocks that are final when a node joins: more than the 256 whose states a node keeps that is told nothing else.
const LONG: u64 = 300;
/// The chain is so long within this, also on a busy machine. When all is well, it takes ten minutes.
const GROWTH: Duration = Duration::from_secs(1_500);
/// A full node has caught up within this.
const CATCH_UP: Duration = Duration::from_secs(600);
/// So far below the last final block a node that joins by warp sync has no state: the block whose state it took is above. A
/// node that had executed the past would still keep that one.
const BELOW: u64 = 50;
/// What the parachain's part of a node says; its relay chain part says the same under another name.
const SPEAKER: &str = "[Parachain]";
/// What either part of a node says when it has lost a race between the state and the header of the block it warps to. It asks for blocks
/// whose states are forgotten ever after; docs/operators.md says what to do.
const GAVE_UP: &str = "State sync failed. Falling back to full sync";
/// A node that gave up is begun anew so often.
const NEW_BEGINNINGS: usize = 2;

/// Joins with an archive.
pub fn full_node_from_genesis(stage: &mut Stage) -> Outcome {
	let goal = long_chain(stage)?;
	let begun = Instant::now();
	stage.network.node("archive")?.start()?;
	stage.reach("archive", goal, CATCH_UP)?;
	let took = begun.elapsed().as_secs();
	stage.agree(&["athens", "archive"], 0..=goal)?;
	for number in [1, goal / 2, goal] {
		if !has_state(&stage.network, "archive", number)? {
			return Err(format!("the archive has no state of block {number}"));
		}
	}
	if has_state(&stage.network, "athens", 1)? {
		return Err(format!(
			"athens has the state of block 1 when block {goal} is final: the chain is not long enough"
		));
	}
	stage.measured.push(format!("a full node had executed all of {goal} blocks {took} s after it was started"));
	Ok(())
}

/// Joins with the state of a block that the relay chain has finalised.
pub fn full_node_by_warp(stage: &mut Stage) -> Outcome {
	let goal = long_chain(stage)?;
	let begun = Instant::now();
	let failures = join_by_warp(stage, goal)?;
	let took = begun.elapsed().as_secs();
	let log = stage.network.node("warp")?.log();
	for sentence in ["Warp sync is complete", "State sync is complete"] {
		if !log.lines().any(|line| line.contains(SPEAKER) && line.contains(sentence)) {
			return Err(format!("the parachain's part of the node did not say: {sentence}"));
		}
	}
	// It asks for the headers of the past afterwards, from the first one on.
	let past = goal - BELOW;
	stage.network.wait(&format!("header {past} on warp"), CATCH_UP, |network| {
		let hash = network.rpc("warp").and_then(|rpc| rpc.hash_at(past));
		hash.is_ok_and(|hash| hash.is_some()).then_some(())
	})?;
	stage.agree(&["athens", "warp"], 0..=past)?;
	for number in [1, past] {
		if has_state(&stage.network, "warp", number)? {
			return Err(format!("the node has the state of block {number}, so it executed the past"));
		}
	}
	let now = stage.finalised("warp")?.number;
	stage.reach("warp", now + MORE, CATCH_UP)?;
	stage.agree(&["athens", "warp"], now..=now + MORE)?;
	stage.measured.push(format!(
		"a node that joined by warp sync after {goal} blocks was with the others after {took} s, {failures} failed warp syncs before it"
	));
	Ok(())
}

/// Starts the node, anew where its warp sync fails, until it has finalised block `goal`; tells how often it failed.
fn join_by_warp(stage: &mut Stage, goal: u64) -> Outcome<usize> {
	for failures in 0..=NEW_BEGINNINGS {
		let node = stage.network.node("warp")?;
		node.kill();
		// The log goes on where the last life's ended, and either part of the node may have said it in that one.
		let before = times_given_up(node);
		node.begin_anew()?;
		let joined = stage.network.wait(&format!("block {goal} finalised on warp"), CATCH_UP, |network| {
			let node = network.nodes.iter().find(|node| node.plan.name == "warp")?;
			let joined = node.heights().is_some_and(|heights| heights.finalised >= goal);
			(joined || times_given_up(node) > before).then_some(joined)
		})?;
		if joined {
			return Ok(failures);
		}
	}
	Err(format!("warp sync failed {} times: {GAVE_UP}", NEW_BEGINNINGS + 1))
}

fn times_given_up(node: &Node) -> usize {
	node.log().matches(GAVE_UP).count()
}

/// Waits until the chain is long, and tells how long.
fn long_chain(stage: &mut Stage) -> Outcome<u64> {
	ensure_upgraded(stage)?;
	stage.reach("athens", LONG, GROWTH)?;
	Ok(stage.finalised("athens")?.number)
}

/// Whether a node can answer questions about the state after this block.
fn has_state(network: &Network, name: &str, number: u64) -> Outcome<bool> {
	let rpc = network.rpc(name)?;
	// A node that cannot tell this much says nothing about another state by its silence.
	rpc.call::<Value>("state_getRuntimeVersion", json!([rpc.finalised_hash()?]))?;
	let Some(hash) = rpc.hash_at(number)? else { return Ok(false) };
	Ok(rpc.call::<Value>("state_getRuntimeVersion", json!([hash])).is_ok())
}
