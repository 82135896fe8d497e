// SPDX-License-Identifier: Apache-2.0
//! A network in two parts.

use super::{
	stage::{finalised, Stage, PATIENCE},
	Case, Group,
};
use crate::{islands::Island, network::Network, transactions::Member, Outcome};
use std::time::Duration;

/// How long the cable is cut.
const CUT: Duration = Duration::from_secs(60);
/// What was under way when the cable was cut is finalised by then.
const LAST_WORDS: Duration = Duration::from_secs(30);
/// After the cable is mended everything is as before within this.
const HEALING: Duration = Duration::from_secs(420);

/// One collator alone over there.
pub const CUT_OFF: Group = Group {
	name: "cut_off",
	apart: &["berlin"],
	session: None,
	cases: &[Case { name: "a_collator_that_was_cut_off_catches_up", run: cut_off }],
};

/// A validator and a collator on either side.
pub const SPLIT: Group = Group {
	name: "split",
	apart: &["bob", "berlin"],
	session: None,
	cases: &[Case { name: "halves_of_a_network_finalise_nothing_until_they_meet", run: split }],
};

fn cut_off(stage: &mut Stage) -> Outcome {
	let (here, there) = (finalised(&stage.network, "athens"), finalised(&stage.network, "berlin"));
	island(stage)?.cut()?;
	stage.reach("athens", here + 5, PATIENCE)?;
	let alone = finalised(&stage.network, "berlin");
	if alone > there + 3 {
		return Err(format!("berlin is cut off and went on finalising, from {there} to {alone}"));
	}
	island(stage)?.mend()?;
	meet(stage)
}

fn split(stage: &mut Stage) -> Outcome {
	let alice = Member::new("//Alice")?;
	let nodes = ["alice", "bob", "athens", "berlin"];
	island(stage)?.cut()?;
	stage.network.pass(LAST_WORDS)?;
	let before = nodes.map(|name| finalised(&stage.network, name));
	let heads = ["alice", "bob"].map(|name| best(&stage.network, name));
	let nonce = stage.send_transfers("athens", &alice, 5)?;
	stage.network.pass(CUT)?;
	let after = nodes.map(|name| finalised(&stage.network, name));
	let later = ["alice", "bob"].map(|name| best(&stage.network, name));
	island(stage)?.mend()?;
	if before != after {
		return Err(format!("halves of the network finalised on their own: {before:?}, then {after:?}"));
	}
	if heads.iter().zip(&later).any(|(head, later)| later <= head) {
		return Err(format!("a half of the relay chain made no blocks: {heads:?}, then {later:?}"));
	}
	stage.settled("berlin", &alice, nonce, HEALING)?;
	meet(stage)
}

/// Waits until both sides have finalised some more, and the same.
fn meet(stage: &mut Stage) -> Outcome {
	let goal = finalised(&stage.network, "athens") + 4;
	for name in ["athens", "berlin"] {
		stage.reach(name, goal, HEALING)?;
	}
	stage.agree(&["athens", "berlin"], 0..=goal)
}

fn best(network: &Network, name: &str) -> u64 {
	network.heights(name).map_or(0, |heights| heights.best)
}

fn island(stage: &Stage) -> Outcome<&Island> {
	stage.island.as_ref().ok_or_else(|| "this network has no second side".into())
}
