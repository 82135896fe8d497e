// SPDX-License-Identifier: Apache-2.0
//! Answers about members, licences, successors and subjects, and what they rest on: whatever stands in the state of a
//! trusted block, the answer is the one that the chain's own functions give over that state, or there is none because a
//! value is none; and no proof that was changed on its way says anything else.

use crate::{
	light::{self, Asked, Found, Told},
	proofs::{forge, prove, Proof, State},
	source::Source,
};
use epidaurus_primitives::{
	ids::{LicenceId, OrgId, SubjectId},
	jurisdiction::Jurisdiction,
	moment::Moment,
	registry::{Capability, Holder},
};
use std::sync::LazyLock;
use subxt::utils::AccountId32;

mod honest;
mod node;

use node::Node;

static STATE: LazyLock<State> = LazyLock::new(honest::state);

/// The first byte says what the others are to be.
pub fn check(bytes: &[u8]) {
	let mut source = Source(bytes);
	match source.byte() % 2 {
		0 => check_forged(&mut source),
		_ => check_values(&mut source),
	}
}

/// Moments about which something changes on the honest chain, and the ends of time.
const EDGES: [u64; 10] = [0, 9, 10, 49, 50, 69, 70, 100, honest::NOW.0, u64::MAX];

fn moment(source: &mut Source<'_>) -> Option<Moment> {
	match source.byte() % 16 {
		choice @ 0..=9 => EDGES.get(usize::from(choice)).copied().map(Moment),
		10 => Some(Moment(source.number())),
		_ => None,
	}
}

fn account(source: &mut Source<'_>) -> AccountId32 {
	AccountId32([source.byte() % 8; 32])
}

/// A question about somebody whom the honest chain knows, or does not.
fn asked(source: &mut Source<'_>) -> Asked {
	let subject = |source: &mut Source<'_>| SubjectId([source.byte() % 4; 32]);
	match source.byte() % 7 {
		0 => Asked::Member { account: account(source), at: moment(source) },
		1 => Asked::Licence { licence: LicenceId(u32::from(source.byte() % 8)) },
		2 => Asked::Capability {
			holder: match source.byte() % 2 {
				0 => Holder::Organisation(OrgId(u32::from(source.byte() % 4))),
				_ => Holder::Member(account(source)),
			},
			capability: [Capability::BreakGlass, Capability::AnchorRecords][usize::from(source.byte() % 2)],
			jurisdiction: [None, None, Some(*b"GR"), Some(*b"DE")][usize::from(source.byte() % 4)]
				.map(Jurisdiction::country),
			at: moment(source),
		},
		3 => Asked::Subject { subject: subject(source) },
		4 => Asked::SubjectByKey { key: account(source) },
		6 => Asked::Succession { organisation: OrgId(u32::from(source.byte() % 4)) },
		_ => Asked::Key { subject: subject(source), at: moment(source) },
	}
}

/// Does to an honest proof what the bytes say.
fn check_forged(source: &mut Source<'_>) {
	let (asked, other) = (asked(source), asked(source));
	let (told, honest, block) = Node::new(&STATE).answer(&asked);
	let (_, other, _) = Node::new(&STATE).answer(&other);
	let told = told.expect("all values of an honest chain are of their forms");
	assert_eq!(light::answer(&asked, &honest, &block), Ok(told.clone()));
	let mut proof = honest.clone();
	for _ in 0..3 {
		if source.is_empty() {
			return;
		}
		forge(source, &mut proof, &other);
		match light::answer(&asked, &proof, &block) {
			Ok(found) => assert_eq!(found, told, "a proof shows what is so"),
			Err(refused) => {
				drop((refused.name(), refused.to_string()));
				assert!(proof != honest, "an honest proof is refused: {refused}");
			},
		}
	}
}

/// A chain that stores what it likes under the keys on which an answer rests.
fn check_values(source: &mut Source<'_>) {
	let asked = asked(source);
	let mut state = STATE.clone();
	for _ in 0..4 {
		let keys = Node::new(&state).keys(&asked);
		store(source, &mut state, &keys);
		let (told, proof, block) = Node::new(&state).answer(&asked);
		let found = light::answer(&asked, &proof, &block);
		if let Err(refused) = &found {
			drop((refused.name(), refused.to_string()));
		}
		assert_eq!(found.as_ref().ok(), told.as_ref(), "{asked:?}: {found:?}");
		if let Some(told) = told {
			show(&told);
		}
		if source.is_empty() {
			return;
		}
	}
}

/// Puts another value under one of the keys.
fn store(source: &mut Source<'_>, state: &mut State, keys: &[Vec<u8>]) {
	let (key, other) = (&keys[source.below(keys.len())], &keys[source.below(keys.len())]);
	let value = match source.byte() % 8 {
		0 => None,
		1 => state.get(other).cloned(),
		2 => {
			let length = usize::from(source.byte());
			Some(source.take(length).to_vec())
		},
		_ => {
			let mut value = state.get(key).cloned().unwrap_or_default();
			source.change(&mut value);
			Some(value)
		},
	};
	match value {
		Some(value) => drop(state.insert(key.clone(), value)),
		None => drop(state.remove(key)),
	}
}

/// Whatever is told can be told in JSON.
fn show(told: &Told) {
	let written = match &told.found {
		Found::Member(view) => serde_json::to_string(view),
		Found::Licence(view) => serde_json::to_string(view),
		Found::Capability(view) => serde_json::to_string(view),
		Found::Succession(view) => serde_json::to_string(view),
		Found::Subject(view, rebind) => serde_json::to_string(&(view, rebind)),
		Found::Key(view) => serde_json::to_string(view),
	};
	written.expect("an answer can be written");
}
