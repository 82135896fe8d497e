// SPDX-License-Identifier: Apache-2.0
//! Keys and collators that change. Sessions are short here, so that nobody waits two hours for the change.

use super::{
	council::{decide, settle, stored},
	stage::Stage,
	turns::{Turns, ENOUGH},
	Case, Group, WORKS,
};
use crate::{network::Network, process::output, transactions::Member, Outcome};
use codec::{Decode, Encode};
use epidaurus_runtime::{Runtime, RuntimeCall, SessionKeys};
use serde_json::{json, Value};
use std::{path::Path, time::Duration};

/// Blocks of a session.
const SESSION: u32 = 10;
/// A change is in force after two sessions, if all is well within this.
const TWO_SESSIONS: Duration = Duration::from_secs(600);
/// Blocks that may be on the way to finality when the collators change: those of before made them.
const ON_THE_WAY: u64 = 5;
/// The key that is put into the keystore of `patras` by the command line.
const PATRAS: &str = "//Patras//aura";

/// The group.
pub const GROUP: Group = Group {
	name: "sessions",
	apart: &[],
	session: Some(SESSION),
	load: WORKS,
	cases: &[
		Case { name: "a_collator_goes_on_with_the_session_key_that_it_rotated_to", run: rotated_key },
		Case { name: "an_invulnerable_is_replaced_by_motion", run: replaced_invulnerable },
	],
};

fn rotated_key(stage: &mut Stage) -> Outcome {
	let operator = Member::new("//Bob//operator")?;
	let owner = format!("0x{}", hex::encode(operator.account()));
	let made: Value = stage.network.rpc("berlin")?.call("author_rotateKeysWithOwner", json!([owner]))?;
	let bytes = |name: &str| -> Outcome<Vec<u8>> {
		let text = made[name].as_str().ok_or_else(|| format!("the answer has no {name}: {made}"))?;
		hex::decode(text.trim_start_matches("0x")).map_err(|error| format!("{text}: {error}"))
	};
	let key = bytes("keys")?;
	let old = Member::new("//Bob")?.account().encode();
	settle(stage, "//Bob//operator", set_keys(&key, bytes("proof")?)?)?;
	wait_for_authorities(stage, &[Member::new("//Alice")?.account().encode(), key], &old)?;
	both_author(stage)
}

fn replaced_invulnerable(stage: &mut Stage) -> Outcome {
	insert_key(stage)?;
	stage.network.node("patras")?.start()?;
	let newcomer = Member::new("//Charlie")?;
	let aura = Member::new(PATRAS)?;
	let key = aura.account().encode();
	// A key that is put into a keystore by hand is proven by its own signature over its owner.
	let proof = aura.sign_bytes(&[&b"POP_"[..], &newcomer.account().encode()].concat());
	settle(stage, "//Charlie", set_keys(&key, proof)?)?;
	let old = authorities(&stage.network)?;
	let new = vec![Member::new("//Alice//operator")?.account(), newcomer.account()];
	decide(stage, pallet_collator_selection::Call::<Runtime>::set_invulnerables { new }.into())?;
	let alice = Member::new("//Alice")?.account().encode();
	let leaving = old.into_iter().find(|one| *one != alice).ok_or("there was only one collator before")?;
	wait_for_authorities(stage, &[alice, key], &leaving)?;
	// Who makes blocks in the slots of the second collator from now on is the new one.
	stage.network.node("berlin")?.stop()?;
	both_author(stage)
}

/// Puts a key into the keystore of `patras` as an operator does.
fn insert_key(stage: &mut Stage) -> Outcome {
	let spec = stage.network.places.para_spec();
	let plan = &stage.network.node("patras")?.plan;
	let program = plan.command.first().ok_or("a node without a command")?;
	let (base, spec) = (plan.base.to_string_lossy(), spec.to_string_lossy());
	let key = ["--key-type", "aura", "--scheme", "sr25519", "--suri", PATRAS];
	let place = ["key", "insert", "--base-path", &base, "--chain", &spec];
	output(Path::new(program), &[&place[..], &key].concat()).map(|_| ())
}

fn set_keys(key: &[u8], proof: Vec<u8>) -> Outcome<RuntimeCall> {
	let keys = SessionKeys::decode(&mut &key[..]).map_err(|error| format!("the session keys: {error}"))?;
	Ok(pallet_session::Call::<Runtime>::set_keys { keys, proof }.into())
}

/// The keys that take turns.
fn authorities(network: &Network) -> Outcome<Vec<Vec<u8>>> {
	let stored = stored(network, "Aura", "Authorities")?.ok_or("there are no collators")?;
	let keys: Vec<[u8; 32]> =
		Decode::decode(&mut &stored[..]).map_err(|error| format!("the collators' keys: {error}"))?;
	Ok(keys.into_iter().map(Into::into).collect())
}

/// Waits until exactly these keys take turns, and `old` does not.
fn wait_for_authorities(stage: &mut Stage, keys: &[Vec<u8>], old: &[u8]) -> Outcome {
	let wanted = |now: &[Vec<u8>]| {
		now.len() == keys.len() && keys.iter().all(|key| now.contains(key)) && !now.iter().any(|key| key == old)
	};
	let changed = stage.network.wait("the collators' new keys", TWO_SESSIONS, |network| {
		authorities(network).is_ok_and(|now| wanted(&now)).then_some(())
	});
	changed.map_err(|error| {
		let now = authorities(&stage.network).map(|keys| keys.iter().map(hex::encode).collect::<Vec<_>>());
		format!("{error}; the keys are {now:?}")
	})
}

fn both_author(stage: &mut Stage) -> Outcome {
	let first = stage.finalised("athens")?.number + 1 + ON_THE_WAY;
	Turns::of(stage, first, ENOUGH, TWO_SESSIONS).map(|_| ())
}
