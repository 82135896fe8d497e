// SPDX-License-Identifier: Apache-2.0
//! Nodes that come later.

use super::{
	stage::{finalised, Stage},
	Case, Group,
};
use crate::Outcome;
use serde_json::{json, Value};
use std::time::Duration;

/// A full node has caught up with so short a chain within this.
const CATCH_UP: Duration = Duration::from_secs(240);

/// The group.
pub const GROUP: Group = Group {
	name: "joining",
	apart: &[],
	session: None,
	cases: &[
		Case { name: "a_full_node_from_genesis_has_all_blocks_and_states", run: full_node_from_genesis },
		Case { name: "a_full_node_by_warp_sync_does_not_execute_the_past", run: full_node_by_warp },
	],
};

fn full_node_from_genesis(stage: &mut Stage) -> Outcome {
	let goal = stage.finalised("athens")?.number;
	stage.network.node("archive")?.start()?;
	stage.reach("archive", goal, CATCH_UP)?;
	stage.agree(&["athens", "archive"], 0..=goal)?;
	for number in [1, goal / 2, goal] {
		if !has_state(stage, "archive", number)? {
			return Err(format!("the archive has no state of block {number}"));
		}
	}
	Ok(())
}

fn full_node_by_warp(stage: &mut Stage) -> Outcome {
	let goal = stage.finalised("athens")?.number.max(10);
	stage.reach("athens", goal, CATCH_UP)?;
	stage.network.node("warp")?.start()?;
	stage.reach("warp", goal, CATCH_UP)?;
	let log = stage.network.node("warp")?.log();
	for sentence in ["Warp sync is complete", "State sync is complete"] {
		if !log.contains(sentence) {
			return Err(format!("the node did not say: {sentence}"));
		}
	}
	if has_state(stage, "warp", 1)? {
		return Err("the node has the state of block 1, so it did not begin with a later one".into());
	}
	stage.agree(&["athens", "warp"], goal..=goal)?;
	let next = finalised(&stage.network, "warp") + 2;
	stage.reach("warp", next, CATCH_UP)?;
	stage.measured.push(format!("a node joined by warp sync when block {goal} was finalised"));
	Ok(())
}

/// Whether a node can answer questions about the state after this block.
fn has_state(stage: &Stage, name: &str, number: u64) -> Outcome<bool> {
	let rpc = stage.network.rpc(name)?;
	let Some(hash) = rpc.hash_at(number)? else { return Ok(false) };
	Ok(rpc.call::<Value>("state_getRuntimeVersion", json!([hash])).is_ok())
}
