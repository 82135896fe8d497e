// SPDX-License-Identifier: Apache-2.0
//! A runtime that is replaced while it runs, and nodes that join after it, when the chain is long: the next runtime makes blocks
//! thrice as fast.

use super::{
	council::{decide, settle},
	joining,
	stage::{Stage, PATIENCE},
	turns::{Turns, ENOUGH},
	Case, Group, WORKS,
};
use crate::{rpc::Rpc, transactions::Member, Outcome};
use epidaurus_primitives::ehr::LogKind;
use epidaurus_runtime::Runtime;
use serde_json::{json, Value};
use sp_crypto_hashing::{blake2_256, twox_128};
use std::{
	fs,
	time::{Duration, Instant},
};

/// Validators compile the new code and vote on it, then the relay chain waits some blocks.
const GO_AHEAD: Duration = Duration::from_secs(600);
/// Blocks whose slots are counted.
const OBSERVED: u64 = 36;
/// Blocks in a slot that the next runtime must reach at least, on average. It wants three; a busy machine makes fewer.
const SEVERAL: usize = 2;
/// Whose state must be the same before and after: nobody but a call changes it.
const KEPT: [&str; 7] = ["ParachainInfo", "Balances", "Session", "Council", "Registry", "Subjects", "Ehr"];
/// `UpgradeCheckSelect::All`: migrations with their checks, and the invariants of all pallets.
const ALL_CHECKS: &str = "0x01";

/// Keys and values, by pallet.
type State = Vec<(&'static str, Vec<[String; 2]>)>;

/// The group.
pub const GROUP: Group = Group {
	name: "upgrade",
	apart: &[],
	session: None,
	load: WORKS,
	cases: &[
		Case { name: "the_next_runtime_comes_by_motion_and_keeps_all_state", run: next_runtime },
		Case { name: "the_next_runtime_makes_several_blocks_in_a_slot", run: several_blocks },
		Case { name: "a_full_node_from_genesis_has_all_blocks_and_states", run: joining::full_node_from_genesis },
		Case { name: "a_full_node_by_warp_sync_does_not_execute_the_past", run: joining::full_node_by_warp },
	],
};

fn next_runtime(stage: &mut Stage) -> Outcome {
	let rpc = stage.network.rpc("athens")?;
	let without_log = kept(rpc)?;
	let records = Member::new("//Alice//records")?;
	let open_log = pallet_ehr::Call::<Runtime>::open_log { kind: LogKind::Records };
	let nonce = stage.send("athens", &records, &[open_log.into()])?;
	let code = authorised_code(stage)?;
	stage.settled("athens", &records, nonce, PATIENCE)?;
	let (old, kept) = (spec_version(rpc)?, kept(rpc)?);
	// Whether a call did what it should does not show in the nonce of who sent it.
	let values = |state: &State| state.iter().find(|(pallet, _)| *pallet == "Ehr").map(|(_, pairs)| pairs.len());
	if values(&kept) <= values(&without_log) {
		return Err("the log was not opened, so too little is there to be kept".into());
	}
	let took = apply(stage, code)?;
	Turns::next(stage, ENOUGH, GO_AHEAD)?;
	ensure_kept(&kept, &self::kept(rpc)?)?;
	rpc.call::<Value>("state_call", json!(["TryRuntime_on_runtime_upgrade", ALL_CHECKS]))
		.map_err(|error| format!("after the upgrade the state breaks an invariant: {error}"))?;
	let alice = Member::new("//Alice")?;
	let nonce = stage.send_transfers("berlin", &alice, 1)?;
	stage.settled("athens", &alice, nonce, GO_AHEAD)?;
	stage.measured.push(format!("version {} ran {} s after its code was sent", old + 1, took.as_secs()));
	Ok(())
}

fn several_blocks(stage: &mut Stage) -> Outcome {
	ensure_upgraded(stage)?;
	let turns = Turns::next(stage, OBSERVED, GO_AHEAD)?;
	let (blocks, taken) = (turns.slots.len(), turns.taken());
	let interval = turns.interval_text();
	stage
		.measured
		.push(format!("{blocks} blocks in {taken} slots, one in {interval}, when three in a slot are wanted"));
	if blocks < SEVERAL * taken {
		return Err(format!("{blocks} blocks took {taken} slots: {:?}", turns.slots));
	}
	Ok(())
}

/// Lets the next runtime run, unless it does: a case that comes after the upgrade may be run alone, or after one that failed.
pub fn ensure_upgraded(stage: &mut Stage) -> Outcome {
	if spec_version(stage.network.rpc("athens")?)? > u64::from(epidaurus_runtime::VERSION.spec_version) {
		return Ok(());
	}
	let code = authorised_code(stage)?;
	apply(stage, code).map(|_| ())
}

/// The next runtime as it goes on chain, when the council has authorised its hash.
fn authorised_code(stage: &mut Stage) -> Outcome<Vec<u8>> {
	let wasm = fs::read(&stage.next_runtime).map_err(|error| {
		format!("{}: {error}; scripts/next-runtime makes it, --next-runtime says where", stage.next_runtime.display())
	})?;
	let code =
		sp_maybe_compressed_blob::compress_strongly(&wasm, wasm.len()).ok_or("the runtime cannot be compressed")?;
	decide(stage, pallet_upgrades::Call::<Runtime>::authorise { code_hash: blake2_256(&code).into() }.into())?;
	Ok(code)
}

/// Sends authorised code and waits until both collators run it; tells how long that took.
fn apply(stage: &mut Stage, code: Vec<u8>) -> Outcome<Duration> {
	let old = spec_version(stage.network.rpc("athens")?)?;
	let begun = Instant::now();
	settle(stage, "//Alice", frame_system::Call::<Runtime>::apply_authorized_upgrade { code }.into())?;
	stage.network.wait("both collators run the next version", GO_AHEAD, |network| {
		let versions = ["athens", "berlin"].map(|name| network.rpc(name).and_then(spec_version));
		versions.iter().all(|version| *version == Ok(old + 1)).then_some(())
	})?;
	Ok(begun.elapsed())
}

/// The version that the best finalised block left.
fn spec_version(rpc: Rpc) -> Outcome<u64> {
	let version: Value = rpc.call("state_getRuntimeVersion", json!([rpc.finalised_hash()?]))?;
	version["specVersion"].as_u64().ok_or_else(|| format!("the runtime's version has no number: {version}"))
}

/// All pairs of keys and values of the pallets that must keep them, by pallet.
fn kept(rpc: Rpc) -> Outcome<State> {
	let block = rpc.finalised_hash()?;
	let pairs = |pallet: &'static str| {
		let prefix = format!("0x{}", hex::encode(twox_128(pallet.as_bytes())));
		Ok((pallet, rpc.call("state_getPairs", json!([prefix, block]))?))
	};
	KEPT.into_iter().map(pairs).collect()
}

fn ensure_kept(before: &[(&str, Vec<[String; 2]>)], after: &[(&str, Vec<[String; 2]>)]) -> Outcome {
	for ((pallet, before), (_, after)) in before.iter().zip(after) {
		if before.is_empty() {
			return Err(format!("{pallet} had no state, so nothing was proven"));
		}
		if before != after {
			let lost = before.iter().filter(|pair| !after.contains(pair)).count();
			return Err(format!("{pallet} had {} stored values, {lost} of them are lost or changed", before.len()));
		}
	}
	Ok(())
}

#[cfg(test)]
mod tests {
	use super::*;

	fn pairs(value: &str) -> State {
		vec![("Registry", vec![["0x01".into(), value.into()]])]
	}

	fn pairs_of_nothing() -> State {
		vec![("Registry", Vec::new())]
	}

	#[test]
	fn a_changed_value_is_noticed() {
		assert_eq!(ensure_kept(&pairs("0x02"), &pairs("0x02")), Ok(()));
		assert!(ensure_kept(&pairs("0x02"), &pairs("0x03")).is_err_and(|error| error.contains("1 of them")));
		assert!(ensure_kept(&pairs_of_nothing(), &pairs_of_nothing()).is_err());
	}
}
