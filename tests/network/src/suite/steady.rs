// SPDX-License-Identifier: Apache-2.0
//! A network that nothing happens to.

use super::{
	stage::{Stage, PATIENCE},
	Case, Group,
};
use crate::{rpc::Header, transactions::Member, Outcome};
use serde_json::json;

/// Blocks whose authors are counted.
const OBSERVED: u64 = 12;
/// Tenths of a second of a slot.
pub const SLOT: u64 = 60;
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
	cases: &[
		Case { name: "finality_advances_on_both_chains", run: finality_advances_on_both_chains },
		Case { name: "both_collators_author", run: both_collators_author },
		Case { name: "a_transaction_to_one_is_finalised_on_the_other", run: a_transaction_is_finalised_on_the_other },
		Case { name: "collators_export_what_the_alerts_ask_them_for", run: collators_export },
		Case { name: "session_keys_are_made_over_rpc", run: session_keys_are_made_over_rpc },
	],
};

fn finality_advances_on_both_chains(stage: &mut Stage) -> Outcome {
	for name in ["alice", "bob", "athens", "berlin"] {
		stage.advance(name, 3)?;
	}
	let common = stage.finalised("athens")?.number.min(stage.finalised("berlin")?.number);
	stage.agree(&["athens", "berlin"], 0..=common)
}

fn both_collators_author(stage: &mut Stage) -> Outcome {
	let first = stage.finalised("athens")?.number + 1;
	let last = first + OBSERVED - 1;
	stage.reach("athens", last, PATIENCE)?;
	let slots = authored_by_both(&stage.headers("athens", first..=last)?)?;
	let (Some(begin), Some(end)) = (slots.first(), slots.last()) else { return Err("no blocks".into()) };
	let interval = (end - begin) * SLOT / (OBSERVED - 1);
	stage.measured.push(format!("block interval {}.{} s over {OBSERVED} blocks", interval / 10, interval % 10));
	// A collator alone would make a block in every second slot.
	if interval >= 2 * SLOT {
		return Err(format!("blocks come too seldom: slots {slots:?}"));
	}
	Ok(())
}

/// The slots of these blocks, if two collators have taken turns. Whose turn it is goes round by slots, and every node has
/// checked that the seal is of whose turn it is.
pub fn authored_by_both(headers: &[Header]) -> Outcome<Vec<u64>> {
	let slots: Vec<u64> = headers.iter().filter_map(|header| header.slot).collect();
	let even = slots.iter().filter(|slot| *slot % 2 == 0).count();
	if slots.len() != headers.len() || even == 0 || even == slots.len() {
		return Err(format!("only one collator made blocks: slots {slots:?} of {} blocks", headers.len()));
	}
	Ok(slots)
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
	let first = stage.finalised("athens")?.number + 1;
	stage.reach("athens", first + 5, PATIENCE)?;
	authored_by_both(&stage.headers("athens", first..=first + 5)?).map(|_| ())
}

#[cfg(test)]
mod tests {
	use super::*;

	fn block(slot: Option<u64>) -> Header {
		Header { number: 1, state_root: "0x".into(), parent: "0x".into(), slot }
	}

	#[test]
	fn turns_are_told_by_slots() {
		assert_eq!(authored_by_both(&[4, 5, 6].map(|slot| block(Some(slot)))), Ok(vec![4, 5, 6]));
		assert!(authored_by_both(&[4, 6, 8].map(|slot| block(Some(slot)))).is_err());
		assert!(authored_by_both(&[5, 7].map(|slot| block(Some(slot)))).is_err());
		assert!(authored_by_both(&[block(Some(4)), block(Some(5)), block(None)]).is_err());
		assert!(authored_by_both(&[]).is_err());
	}
}
