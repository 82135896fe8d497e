// SPDX-License-Identifier: Apache-2.0
//! A network in two parts.

use super::{
	stage::{Stage, LAST_WORDS, MORE, PATIENCE},
	Case, Group, WORKS,
};
use crate::{islands::Island, transactions::Member, Outcome};
use std::time::Duration;

/// Transactions that wait in one half.
const QUEUED: usize = 5;
/// How long the cable is cut.
const CUT: Duration = Duration::from_secs(60);
/// Blocks that may be on their way to finality on the other side when the cable is cut.
const UNDER_WAY: u64 = 3;
/// After the cable is mended everything is as before within this.
const HEALING: Duration = Duration::from_secs(600);

/// One collator alone over there.
pub const CUT_OFF: Group = Group {
	name: "cut_off",
	apart: &["berlin"],
	session: None,
	load: WORKS,
	cases: &[Case { name: "a_collator_that_was_cut_off_catches_up", run: cut_off }],
};

/// A validator and a collator on either side.
pub const SPLIT: Group = Group {
	name: "split",
	apart: &["bob", "berlin"],
	session: None,
	load: WORKS,
	cases: &[Case { name: "halves_of_a_network_finalise_nothing_until_they_meet", run: split }],
};

fn cut_off(stage: &mut Stage) -> Outcome {
	let (here, there) = (stage.finalised("athens")?.number, stage.finalised("berlin")?.number);
	island(stage)?.cut()?;
	stage.reach("athens", here + UNDER_WAY + MORE, PATIENCE)?;
	let alone = stage.finalised("berlin")?.number;
	if alone > there + UNDER_WAY {
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
	let before = stage.all_finalised(&nodes)?;
	let heads = best(stage)?;
	let nonce = stage.send_transfers("athens", &alice, QUEUED)?;
	stage.network.pass(CUT)?;
	let after = stage.all_finalised(&nodes)?;
	let later = best(stage)?;
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
	let goal = stage.finalised("athens")?.number + MORE;
	for name in ["athens", "berlin"] {
		stage.reach(name, goal, HEALING)?;
	}
	stage.agree(&["athens", "berlin"], 0..=goal)
}

/// The best blocks of both halves of the relay chain.
fn best(stage: &Stage) -> Outcome<[u64; 2]> {
	let best = |name: &str| stage.network.rpc(name)?.best().map(|header| header.number);
	Ok([best("alice")?, best("bob")?])
}

fn island(stage: &Stage) -> Outcome<&Island> {
	stage.island.as_ref().ok_or_else(|| "this network has no second side".into())
}
