// SPDX-License-Identifier: Apache-2.0
//! A network that nothing happens to.

use super::{
	stage::{Stage, MORE, PATIENCE},
	turns::{Turns, ENOUGH, SLOT},
	Case, Group, CAPACITY,
};
use crate::{transactions::Member, Outcome};
use serde_json::json;

/// Blocks whose authors are counted.
const OBSERVED: u64 = 12;
/// Characters of an Aura key in hexadecimal.
const KEY_LENGTH: usize = 2 + 2 * 32;

/// What the alerts and the board ask for and a node without a relay chain does not export; a test of the node looks for the
/// rest.
const BESIDE_A_RELAY_CHAIN: [&str; 2] = ["parachain_block_backed_duration", "parachain_unincluded_segment_size"];

/// The group.
pub const GROUP: Group = Group {
	name: "steady",
	apart: &[],
	session: None,
	// It measures: nothing runs beside it.
	load: CAPACITY,
	cases: &[
		Case { name: "finality_advances_on_both_chains", run: finality_advances_on_both_chains },
		Case { name: "both_collators_author", run: both_collators_author },
		Case { name: "a_transaction_to_one_is_finalised_on_the_other", run: a_transaction_is_finalised_on_the_other },
		Case { name: "collators_export_what_the_alerts_ask_them_for", run: collators_export },
		Case { name: "session_keys_are_made_over_rpc", run: session_keys_are_made_over_rpc },
	],
};

fn finality_advances_on_both_chains(stage: &mut Stage) -> Outcome {
	let mut goals = Vec::new();
	for name in ["alice", "bob", "athens", "berlin"] {
		goals.push((name, stage.finalised(name)?.number + MORE));
	}
	for (name, goal) in goals {
		stage.reach(name, goal, PATIENCE)?;
	}
	let common = stage.finalised("athens")?.number.min(stage.finalised("berlin")?.number);
	stage.agree(&["athens", "berlin"], 0..=common)
}

fn both_collators_author(stage: &mut Stage) -> Outcome {
	let turns = Turns::next(stage, OBSERVED, PATIENCE)?;
	stage.measured.push(format!("block interval {} over {OBSERVED} blocks", turns.interval_text()));
	// A collator alone would make a block in every second slot.
	if turns.interval() >= 2 * SLOT {
		return Err(format!("blocks come too seldom: slots {:?}", turns.slots));
	}
	Ok(())
}

fn a_transaction_is_finalised_on_the_other(stage: &mut Stage) -> Outcome {
	let alice = Member::new("//Alice")?;
	for (to, other) in [("athens", "berlin"), ("berlin", "athens")] {
		let nonce = stage.send_transfers(to, &alice, 1)?;
		let took = stage.settled(other, &alice, nonce, PATIENCE)?;
		stage.settled(to, &alice, nonce, PATIENCE)?;
		stage.measured.push(format!("a transaction sent to {to} was finalised on {other} after {} s", took.as_secs()));
	}
	Ok(())
}

fn collators_export(stage: &mut Stage) -> Outcome {
	for name in ["athens", "berlin"] {
		let page = stage.network.node(name)?.metrics().ok_or_else(|| format!("{name} has no exporter"))?;
		for metric in BESIDE_A_RELAY_CHAIN {
			if !page.lines().any(|line| line.starts_with(&format!("# TYPE {metric} "))) {
				return Err(format!("{name} does not export {metric}"));
			}
		}
	}
	Ok(())
}

fn session_keys_are_made_over_rpc(stage: &mut Stage) -> Outcome {
	let rpc = stage.network.rpc("berlin")?;
	let keys: String = rpc.call("author_rotateKeys", json!([]))?;
	if keys.len() != KEY_LENGTH {
		return Err(format!("an Aura key has 32 bytes, not {keys}"));
	}
	let has: bool = rpc.call("author_hasSessionKeys", json!([keys]))?;
	let other: bool = stage.network.rpc("athens")?.call("author_hasSessionKeys", json!([keys]))?;
	if !has || other {
		return Err(format!("the new key should be with berlin (it is: {has}) and not with athens (it is: {other})"));
	}
	// The chain does not know it: berlin goes on with the key that it had.
	Turns::next(stage, ENOUGH, PATIENCE).map(|_| ())
}
