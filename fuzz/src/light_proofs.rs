// SPDX-License-Identifier: Apache-2.0
//! Light verification: every honest proof is accepted, nothing that is done to one makes it say anything else, and neither
//! the values of a hostile chain nor its trie nodes, headers and files do more harm than to be refused.

use crate::{
	bundle,
	light::{self, header_of, Header, Part, Proven, Question, TrustedBlock, MAX_PROOF},
	proofs::{answer_of, forge, prove, Proof, State},
	scratch,
	source::Source,
	stand_ins::AccountId32,
	verify::Refused,
};
use codec::Encode;
use epidaurus_primitives::{
	ehr::{LogHead, LogKind},
	hash::{Commitment, HashSuite},
	ids::{NetworkId, OrgId, RecordId},
	jurisdiction::Jurisdiction,
	life::RecordLife,
	moment::Moment,
	proof::{HexBytes, ProvenItem},
	registry::{OrganisationClass, OrganisationStatus},
	stored::{
		StoredCheckpoint, StoredLog, StoredOrganisation, StoredRecord, StoredState, StoredVersion, EHR_STORAGE_VERSION,
		REGISTRY_STORAGE_VERSION,
	},
};
use sp_core::{Blake2Hasher, Hasher};
use sp_trie::{trie_types::TrieDBBuilder, MemoryDB, RandomState, Trie};
use std::sync::LazyLock;

type Answer = Result<Proven, Refused>;

const CUSTODIAN: OrgId = OrgId(2);
const NOW: Moment = Moment(1_795_167_000_000);

/// What stands between the parts of an input that is text.
const BETWEEN: &[u8] = b"\n---\n";

/// The first byte says what the others are to be.
pub fn check(bytes: &[u8]) {
	let mut source = Source(bytes);
	match source.byte() % 5 {
		0 | 1 => check_forged(&mut source),
		2 => check_values(&mut source),
		3 => check_nodes(&mut source),
		_ => check_files(source.0),
	}
}

fn question_of(number: usize) -> Question {
	let record = RecordId([number as u8 / 8; 16]);
	match number % 8 {
		0 => Question::Log { custodian: CUSTODIAN, kind: LogKind::Records },
		// Nothing stands there.
		1 => Question::Log { custodian: CUSTODIAN, kind: LogKind::Disclosures },
		2 => Question::Anchor { record, version: 9, custodian: CUSTODIAN },
		3 => Question::Anchor { record: RecordId([0xee; 16]), version: 1, custodian: CUSTODIAN },
		4 => Question::Anchor { record, version: 2, custodian: CUSTODIAN },
		_ => Question::Anchor { record, version: 1, custodian: CUSTODIAN },
	}
}

fn keys(question: Question) -> impl Iterator<Item = Vec<u8>> {
	question.keys().into_iter().map(|(_, key)| key)
}

/// How many questions there are about the honest chain.
const QUESTIONS: usize = 24;

/// The state of an honest chain with a few records, of which the first has a life.
fn honest_state() -> State {
	let mut state = State::new();
	let mut put = |question: Question, part: Part, value: Vec<u8>| {
		let keys = question.keys();
		let (_, key) = keys.into_iter().find(|(found, _)| *found == part).expect("a part of the question");
		state.insert(key, value);
	};
	for number in 0..QUESTIONS {
		let question = question_of(number);
		match question {
			Question::Log { kind: LogKind::Records, .. } => {
				let head = LogHead { size: 9, root: [8; 32] };
				let newest = StoredCheckpoint { head, at: NOW, licensed: true };
				let log = StoredLog { newest, checkpoints: 3, thinned: 1, days: 1, deposit: 5 };
				put(question, Part::Log, log.encode());
			},
			Question::Anchor { record, version: version @ 1..=2, .. } if record != RecordId([0xee; 16]) => {
				let link = None;
				let head =
					StoredRecord { custodian: CUSTODIAN, version: 2, state: StoredState::InForce, since: NOW, link };
				put(question, Part::Record, head.encode());
				let commitment = Commitment([version as u8; 32]);
				let (suite, anchored_at, deposit) = (HashSuite::Raw, NOW, None);
				let stored = StoredVersion { commitment, suite, anchored_at, deposit, payer: CUSTODIAN };
				put(question, Part::Version, stored.encode());
				if number < 8 {
					let life = RecordLife::default().hold(OrgId(5), NOW).expect("the first hold");
					put(question, Part::Life, life.encode());
				}
			},
			_ => (),
		}
	}
	let any = question_of(0);
	put(any, Part::Layout, EHR_STORAGE_VERSION.encode());
	put(any, Part::Network, NetworkId([7; 32]).encode());
	put(any, Part::Time, NOW.encode());
	put(any, Part::RegistryLayout, REGISTRY_STORAGE_VERSION.encode());
	put(any, Part::Organisation, organisation().encode());
	state
}

fn organisation() -> StoredOrganisation<AccountId32> {
	StoredOrganisation {
		class: OrganisationClass::Provider,
		gln: None,
		jurisdiction: Jurisdiction::country(*b"GR"),
		controller: AccountId32([4; 32]),
		status: OrganisationStatus::Active,
		since: Moment(3),
		earlier: 1,
		deposit: None,
	}
}

static STATE: LazyLock<State> = LazyLock::new(honest_state);

/// The honest answers to all questions, each with what it shows.
static HONEST: LazyLock<Vec<(Question, Proof, TrustedBlock, Answer)>> = LazyLock::new(|| {
	let answer = |number| {
		let question = question_of(number);
		let (proof, block) = prove(&STATE, keys(question));
		let shown = light::check(question, &proof, &block);
		assert_eq!(shown.is_ok(), matches!(number % 8, 0 | 4..), "{question:?}: {shown:?}");
		(question, proof, block, shown)
	};
	(0..QUESTIONS).map(answer).collect()
});

/// Does to an honest proof what the bytes say.
fn check_forged(source: &mut Source<'_>) {
	let (question, honest, block, shown) = &HONEST[source.below(QUESTIONS)];
	let mut proof = honest.clone();
	for _ in 0..3 {
		if source.is_empty() {
			return;
		}
		let (_, other, ..) = &HONEST[source.below(QUESTIONS)];
		forge(source, &mut proof, other);
		let found = light::check(*question, &proof, block);
		match (&found, shown) {
			(Ok(found), Ok(shown)) => assert_eq!(found, shown, "a proof shows what is so"),
			(Ok(found), Err(_)) => panic!("what does not exist is shown: {found:?}"),
			(Err(refused), _) => {
				drop((refused.name(), refused.to_string()));
				assert!(proof != *honest || shown.is_err(), "an honest proof is refused: {refused}");
			},
		}
	}
}

/// A chain that stores what it likes. Each byte is how long a value is; 0 leaves it as on an honest chain.
fn check_values(source: &mut Source<'_>) {
	let question = question_of(source.below(QUESTIONS));
	let mut state = STATE.clone();
	for key in keys(question) {
		match source.byte() {
			0 => (),
			0xff => drop(state.remove(&key)),
			length => drop(state.insert(key, (0..length).map(|_| source.byte()).collect())),
		}
	}
	let (proof, block) = prove(&state, keys(question));
	show(question, &proof, &block);
}

/// Nothing panics, and what is shown can be told.
fn show(question: Question, proof: &Proof, block: &TrustedBlock) {
	match light::check(question, proof, block) {
		Ok(shown) => {
			serde_json::to_string(&shown.custodian).expect("a custodian can be written");
			let _ = light::ensure_younger(shown.at, u64::from(shown.number), NOW);
			let text = match &shown.trusted {
				bundle::Trusted::Log(head) => bundle::json(head),
				bundle::Trusted::Anchor(anchor) => bundle::json(anchor),
			};
			assert!(text.len() > 1);
		},
		Err(refused) => drop((refused.name(), refused.to_string())),
	}
}

/// A state root over nodes that no trie has.
fn check_nodes(source: &mut Source<'_>) {
	let question = question_of(source.below(QUESTIONS));
	let (mut nodes, mut db) = (Vec::<HexBytes>::new(), MemoryDB::<Blake2Hasher>::with_hasher(RandomState::default()));
	while !source.is_empty() && nodes.len() < 16 {
		let length = usize::from(source.byte()) + usize::from(source.byte() % 4) * 256;
		let mut node = source.take(length).to_vec();
		// So that nodes lead to others: the bytes of this choice stand for the hash of the one before.
		if let (Some(before), Some(place)) = (nodes.last(), node.windows(4).position(|bytes| bytes == *b"hash")) {
			node.splice(place..place + 4, Blake2Hasher::hash(&before.0).0);
		}
		hash_db::HashDB::insert(&mut db, sp_trie::EMPTY_PREFIX, &node);
		nodes.push(HexBytes(node));
	}
	let Some(last) = nodes.last() else { return };
	let root = Blake2Hasher::hash(&last.0);
	let items = {
		let trie = TrieDBBuilder::<Blake2Hasher>::new(&db, &root).build();
		let read = |key: Vec<u8>| {
			let value = trie.get(&key).ok().flatten().map(HexBytes);
			ProvenItem { key: HexBytes(key), value }
		};
		keys(question).map(read).collect()
	};
	let (proof, block) = answer_of(root.0, items, nodes);
	assert!(proof.nodes.iter().map(|node| node.0.len()).sum::<usize>() <= MAX_PROOF);
	show(question, &proof, &block);
}

/// A proof and a header, as files.
fn check_files(bytes: &[u8]) {
	let place = bytes.windows(BETWEEN.len()).position(|window| window == BETWEEN);
	let (proof, header) = match place {
		Some(place) => (&bytes[..place], &bytes[place + BETWEEN.len()..]),
		None => (bytes, bytes),
	};
	let header = Header::read(&scratch::file(header)).map_err(|error| error.to_string());
	let Ok(proof) = light::read(&scratch::file(proof)).map_err(|error| error.to_string()) else { return };
	let written = bundle::json(&proof);
	let again = light::read(&scratch::file(written.as_bytes())).expect("what was written can be read");
	assert!(again == proof);
	let own = header_of(&proof).map_err(|error| error.to_string());
	for block in [own, header].into_iter().flatten() {
		show(question_of(0), &proof, &block.into());
		show(question_of(5), &proof, &block.into());
	}
}
