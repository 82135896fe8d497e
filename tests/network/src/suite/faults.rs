// SPDX-License-Identifier: Apache-2.0
//! Nodes that are killed, stopped and silent.

use super::{
	stage::{finalised, Stage, PATIENCE},
	steady::authored_by_both,
	Case, Group,
};
use crate::{rpc::Header, transactions::Member, Outcome};
use std::time::Duration;

/// How often a collator is killed.
const KILLS: u32 = 20;
/// A killed collator has lived at most so long, in milliseconds: from before its first look at its database to long after it
/// makes blocks again.
const LONGEST_LIFE: u64 = 25_000;
/// How long finality stands still, and transactions wait.
const STALL: Duration = Duration::from_secs(600);
/// What was under way when a validator fell silent is finalised by then.
const LAST_WORDS: Duration = Duration::from_secs(30);
/// Transactions that wait.
const QUEUED: usize = 40;
/// After a fault everything is as before within this.
const RECOVERY: Duration = Duration::from_secs(300);

/// The group.
pub const GROUP: Group = Group {
	name: "faults",
	apart: &[],
	session: None,
	cases: &[
		Case { name: "a_paused_validator_holds_finality_until_it_resumes", run: paused_validator },
		Case { name: "a_collator_killed_twenty_times_loses_nothing", run: killed_collator },
		Case { name: "both_collators_down_then_up_go_on", run: both_collators_down },
	],
};

/// What takes longest.
pub const STALL_GROUP: Group = Group {
	name: "stall",
	apart: &[],
	session: None,
	cases: &[Case { name: "transactions_wait_out_ten_minutes_without_finality", run: long_stall }],
};

fn paused_validator(stage: &mut Stage) -> Outcome {
	let chains = ["alice", "athens"];
	stage.network.node("bob")?.pause()?;
	stage.network.pass(LAST_WORDS)?;
	let before = chains.map(|name| finalised(&stage.network, name));
	stage.network.pass(LAST_WORDS)?;
	let after = chains.map(|name| finalised(&stage.network, name));
	stage.network.node("bob")?.resume()?;
	if before != after {
		return Err(format!("with one of two validators silent, finality went on from {before:?} to {after:?}"));
	}
	for (name, number) in chains.into_iter().zip(after) {
		stage.reach(name, number + 3, RECOVERY)?;
	}
	Ok(())
}

fn killed_collator(stage: &mut Stage) -> Outcome {
	stage.network.node("archive")?.start()?;
	let mut seen: Vec<Header> = Vec::new();
	for _ in 0..KILLS {
		// In half of its lives it is killed before it can be asked.
		if let Ok(header) = stage.finalised("berlin") {
			seen.push(header);
		}
		stage.network.node("berlin")?.kill();
		stage.network.node("berlin")?.start()?;
		let life = stage.random(LONGEST_LIFE);
		stage.network.pass(Duration::from_millis(life))?;
	}
	let goal = finalised(&stage.network, "athens") + 4;
	for name in ["athens", "berlin", "archive"] {
		stage.reach(name, goal, RECOVERY)?;
	}
	for header in &seen {
		let now = stage.headers("berlin", [header.number])?;
		if now.first() != Some(header) {
			return Err(format!("berlin had finalised {header:?} and now has {now:?}"));
		}
	}
	stage.agree(&["berlin", "athens", "archive"], 0..=goal)?;
	stage.reach("athens", goal + 8, PATIENCE)?;
	authored_by_both(&stage.headers("athens", goal + 1..=goal + 8)?)?;
	stage.measured.push(format!("{KILLS} kills of a collator, {} of them after it had told what is final", seen.len()));
	Ok(())
}

fn both_collators_down(stage: &mut Stage) -> Outcome {
	let names = ["athens", "berlin"];
	let before = [stage.finalised("athens")?, stage.finalised("berlin")?];
	for name in names {
		stage.network.node(name)?.kill();
	}
	let relay = finalised(&stage.network, "alice");
	stage.network.pass(LAST_WORDS)?;
	if finalised(&stage.network, "alice") <= relay {
		return Err("the relay chain does not finalise without collators".into());
	}
	for name in names {
		stage.network.node(name)?.start()?;
	}
	for (name, header) in names.into_iter().zip(&before) {
		stage.reach(name, header.number + 4, RECOVERY)?;
		if stage.headers(name, [header.number])?.first() != Some(header) {
			return Err(format!("{name} lost its finalised block {}", header.number));
		}
	}
	Ok(())
}

fn long_stall(stage: &mut Stage) -> Outcome {
	let alice = Member::new("//Alice")?;
	stage.network.node("bob")?.pause()?;
	stage.network.pass(LAST_WORDS)?;
	let before = finalised(&stage.network, "athens");
	let nonce = stage.send_transfers("athens", &alice, QUEUED)?;
	stage.network.pass(STALL)?;
	let after = finalised(&stage.network, "athens");
	stage.network.node("bob")?.resume()?;
	if after != before {
		return Err(format!("with one of two validators silent, finality went on from {before} to {after}"));
	}
	let took = stage.settled("athens", &alice, nonce, RECOVERY)?;
	stage.settled("berlin", &alice, nonce, RECOVERY)?;
	let stall = STALL.as_secs();
	stage.measured.push(format!(
		"{QUEUED} transactions that waited out a stall of {stall} s were final {} s after it",
		took.as_secs()
	));
	Ok(())
}
