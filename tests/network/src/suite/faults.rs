// SPDX-License-Identifier: Apache-2.0
//! Nodes that are killed, stopped and silent.

use super::{
	stage::{Stage, LAST_WORDS, MORE, PATIENCE},
	turns::{Turns, ENOUGH},
	Case, Group, WAITS, WORKS,
};
use crate::{metrics::validates_nothing, network::Network, rpc::Header, transactions::Member, Outcome};
use std::{
	fs,
	os::unix::fs::MetadataExt,
	path::Path,
	thread::sleep,
	time::{Duration, Instant},
};

/// How often a collator is killed.
const KILLS: u32 = 20;
/// A killed collator has lived at most so long, in milliseconds, from its start or its first answer on: on a machine that is not busy
/// it makes blocks again long before.
const LONGEST_LIFE: u64 = 25_000;
/// After so long an absence a collator lacks blocks: the other one makes some in every second slot.
const ABSENCE: Duration = Duration::from_secs(24);
/// Where a collator's database writes what it does; the file is a new one each time that it is opened.
const JOURNAL: &str = "chains/epidaurus_local/db/full/LOG";
/// A node that was started opens its database within this, also on a busy machine.
const OPENING: Duration = Duration::from_secs(60);
/// So many milliseconds after it was opened, a database has restored what was written last and is compacted, or just was.
const COMPACTION: u64 = 100;
/// Time between two looks at the journal.
const GLANCE: Duration = Duration::from_millis(1);
/// How long finality stands still, and transactions wait.
const STALL: Duration = Duration::from_secs(600);
/// Transactions that are sent soon after it began, and once more in its middle.
const QUEUED: usize = 40;
/// After a fault everything is as before within this.
const RECOVERY: Duration = Duration::from_secs(600);

/// The group.
pub const GROUP: Group = Group {
	name: "faults",
	apart: &[],
	session: None,
	load: WORKS,
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
	load: WAITS,
	cases: &[Case { name: "transactions_wait_out_ten_minutes_without_finality", run: long_stall }],
};

/// Pauses a validator that is not executing a candidate. When one that is goes on, it sees that its time is over, calls the
/// candidate invalid and disputes it; with one vote of two against it, nothing is final ever after.
fn pause_idle(stage: &mut Stage, name: &str) -> Outcome {
	stage.network.wait(&format!("a moment in which {name} executes nothing"), PATIENCE, |network| {
		let node = network.nodes.iter().find(|node| node.plan.name == name)?;
		let paused = validates_nothing(&node.metrics()?).then(|| node.pause_idle())?;
		// It may have begun to since it was asked: then it goes on, and is asked again.
		(paused != Ok(false)).then(|| paused.map(|_| ()))
	})?
}

fn paused_validator(stage: &mut Stage) -> Outcome {
	let chains = ["alice", "athens"];
	pause_idle(stage, "bob")?;
	stage.network.pass(LAST_WORDS)?;
	let before = stage.all_finalised(&chains)?;
	stage.network.pass(LAST_WORDS)?;
	let after = stage.all_finalised(&chains)?;
	stage.network.node("bob")?.resume()?;
	if before != after {
		return Err(format!("with one of two validators silent, finality went on from {before:?} to {after:?}"));
	}
	for (name, number) in chains.into_iter().zip(after) {
		stage.reach(name, number + MORE, RECOVERY)?;
	}
	Ok(())
}

fn killed_collator(stage: &mut Stage) -> Outcome {
	stage.network.node("archive")?.start()?;
	let mut seen: Vec<Header> = Vec::new();
	let mut behind = 0;
	for kill in 0..KILLS {
		// In many of its lives it is killed before it can be asked.
		if let Ok(header) = stage.finalised("berlin") {
			seen.push(header);
		}
		behind += u32::from(lacks_blocks(&stage.network, "berlin", "athens") == Some(true));
		stage.network.node("berlin")?.kill();
		live_again(stage, kill)?;
	}
	if behind == 0 {
		return Err("nothing was proven of a node that syncs: it lacked no blocks at any of its deaths".into());
	}
	let goal = stage.finalised("athens")?.number + MORE;
	for name in ["athens", "berlin", "archive"] {
		stage.reach(name, goal, RECOVERY)?;
	}
	let now = stage.headers("berlin", seen.iter().map(|header| header.number))?;
	ensure_nothing_lost(&seen, &now)?;
	stage.agree(&["berlin", "athens", "archive"], 0..=goal)?;
	Turns::of(stage, goal + 1, ENOUGH, PATIENCE)?;
	stage.measured.push(format!(
		"{KILLS} kills of a collator, {} of them after it had told what is final, {behind} while it lacked blocks",
		seen.len()
	));
	Ok(())
}

/// Starts `berlin` and lets it live until its next death, by turns: when its database is opened and compacted; when it first answers
/// after an absence, so that it lacks blocks; at any moment from its start on; at any moment after its first answer, however long a
/// busy machine takes to start it.
fn live_again(stage: &mut Stage, kill: u32) -> Outcome {
	let turn = kill % 4;
	let journal = stage.network.node("berlin")?.plan.base.join(JOURNAL);
	let last = inode(&journal);
	if turn == 1 {
		stage.network.pass(ABSENCE)?;
	}
	stage.network.node("berlin")?.start()?;
	if turn == 0 {
		let begun = Instant::now();
		while inode(&journal) == last {
			if begun.elapsed() > OPENING {
				return Err(format!("berlin has not opened its database within {} s", OPENING.as_secs()));
			}
			sleep(GLANCE);
		}
		sleep(Duration::from_millis(stage.random(COMPACTION)));
		return Ok(());
	}
	if turn != 2 {
		stage.network.wait("an answer of berlin", RECOVERY, |network| lacks_blocks(network, "berlin", "athens"))?;
	}
	let life = if turn == 1 { 0 } else { stage.random(LONGEST_LIFE) };
	stage.network.pass(Duration::from_millis(life))
}

/// Which file a path leads to now.
fn inode(path: &Path) -> Option<u64> {
	fs::metadata(path).ok().map(|metadata| metadata.ino())
}

/// Whether a node has fewer blocks than another one; nothing unless both answer.
fn lacks_blocks(network: &Network, name: &str, other: &str) -> Option<bool> {
	let best = |name: &str| network.rpc(name).and_then(|rpc| rpc.best()).ok();
	Some(best(name)?.number < best(other)?.number)
}

/// Fails if a node lost one of the blocks that were `seen` as its best final ones, in this order; `now` are those that it has at
/// the same heights.
fn ensure_nothing_lost(seen: &[Header], now: &[Header]) -> Outcome {
	if seen.first() == seen.last() {
		return Err(format!("nothing was proven: no more was seen to be final than {seen:?}"));
	}
	if let Some((before, after)) = seen.iter().zip(seen.iter().skip(1)).find(|(one, next)| next.number < one.number) {
		return Err(format!("{before:?} was final, and later no more than {after:?}"));
	}
	if seen != now {
		return Err(format!("these blocks were final: {seen:?}; now they are {now:?}"));
	}
	Ok(())
}

fn both_collators_down(stage: &mut Stage) -> Outcome {
	let names = ["athens", "berlin"];
	let before = [stage.finalised("athens")?, stage.finalised("berlin")?];
	for name in names {
		stage.network.node(name)?.kill();
	}
	let relay = stage.finalised("alice")?.number;
	stage.network.pass(LAST_WORDS)?;
	if stage.finalised("alice")?.number <= relay {
		return Err("the relay chain does not finalise without collators".into());
	}
	for name in names {
		stage.network.node(name)?.start()?;
	}
	for (name, header) in names.into_iter().zip(&before) {
		stage.reach(name, header.number + MORE, RECOVERY)?;
		if stage.headers(name, [header.number])?.first() != Some(header) {
			return Err(format!("{name} lost its finalised block {}", header.number));
		}
	}
	Turns::next(stage, ENOUGH, PATIENCE).map(|_| ())
}

fn long_stall(stage: &mut Stage) -> Outcome {
	let (early, late) = (Member::new("//Alice")?, Member::new("//Bob")?);
	pause_idle(stage, "bob")?;
	stage.network.pass(LAST_WORDS)?;
	let before = stage.finalised("athens")?;
	let early_nonce = stage.send_transfers("athens", &early, QUEUED)?;
	stage.network.pass(STALL / 2)?;
	let late_nonce = stage.send_transfers("athens", &late, QUEUED)?;
	stage.network.pass(STALL / 2)?;
	let after = stage.finalised("athens")?;
	stage.network.node("bob")?.resume()?;
	if after != before {
		return Err(format!("with one of two validators silent, finality went on from {before:?} to {after:?}"));
	}
	let took = stage.settled("athens", &late, late_nonce, RECOVERY)?;
	for name in ["athens", "berlin"] {
		stage.settled(name, &early, early_nonce, RECOVERY)?;
		stage.settled(name, &late, late_nonce, RECOVERY)?;
	}
	let (sent, stall) = (2 * QUEUED, STALL.as_secs());
	stage.measured.push(format!(
		"{sent} transactions that waited out a stall of {stall} s were final {} s after it",
		took.as_secs()
	));
	Ok(())
}

#[cfg(test)]
mod tests {
	use super::*;

	fn blocks(numbers: &[u64]) -> Vec<Header> {
		let block =
			|number: &u64| Header { number: *number, state_root: number.to_string(), parent: "0x".into(), slot: None };
		numbers.iter().map(block).collect()
	}

	#[test]
	fn a_lost_block_is_noticed() {
		let seen = blocks(&[3, 3, 7]);
		assert_eq!(ensure_nothing_lost(&seen, &seen), Ok(()));
		let mut other = seen.clone();
		other.iter_mut().last().expect("there are three").state_root = "another".into();
		assert!(ensure_nothing_lost(&seen, &other).is_err());
		assert!(ensure_nothing_lost(&seen, &blocks(&[3, 3])).is_err());
		assert!(ensure_nothing_lost(&blocks(&[3, 7, 5]), &blocks(&[3, 7, 5])).is_err(), "it fell behind");
	}

	#[test]
	fn a_node_that_told_nothing_proves_nothing() {
		assert!(ensure_nothing_lost(&[], &[]).is_err());
		assert!(ensure_nothing_lost(&blocks(&[4, 4]), &blocks(&[4, 4])).is_err());
	}
}
