// SPDX-License-Identifier: Apache-2.0
//! Proofs over tries that are built here, and what can be done to them.

use super::*;
use crate::{
	bundle::{Bundle, Evidence},
	record::Content,
	verify::{self, Policy},
	Error,
};
use codec::{Compact, Encode};
use epidaurus_primitives::{
	ehr::{LogEntry, LogHead, LogProof, RecordStanding},
	hash::{Commitment, HashSuite, Labels, NativeSha256, Opening, RecordHeader, ResourceClass, Salt},
	ids::SubjectId,
	life::{DenialReason, Hold},
	merkle::{prove_inclusion, MemoryStore},
	proof::{HexBytes, ProvenItem},
	renewal::Renewal,
	stored::{StoredCheckpoint, StoredState},
};
use proptest::prelude::*;
use sp_core::{Blake2Hasher, H256};
use sp_crypto_hashing::blake2_256;
use sp_trie::{
	trie_types::{TrieDBBuilder, TrieDBMutBuilderV1},
	LayoutV1, MemoryDB, RandomState, Recorder, Trie, TrieMut,
};
use std::collections::BTreeMap;

mod ask;
mod forgeries;
mod succession;

const NETWORK: NetworkId = NetworkId([7; 32]);
const RECORD: RecordId = RecordId([5; 16]);
const CUSTODIAN: OrgId = OrgId(2);
const SUBJECT: SubjectId = SubjectId([6; 32]);
const NOW: Moment = Moment(1_795_167_000_000);
const CONTENT: &[u8] = b"{\"resourceType\":\"Observation\",\"value\":6.0}";
const ANCHOR: Question = Question::Anchor { record: RECORD, version: 1, custodian: CUSTODIAN };
const LOG: Question = Question::Log { custodian: CUSTODIAN, kind: LogKind::Records };

fn opening(version: u32) -> Opening {
	Opening {
		salt: Salt::new([9; 32]),
		suite: HashSuite::FhirStaticRecursive,
		digest: Content::Bytes(CONTENT).measure(HashSuite::FhirStaticRecursive).unwrap().digest.under(None).unwrap(),
		header: RecordHeader {
			subject: None,
			class: ResourceClass::new("Observation").unwrap(),
			labels: Labels::default(),
			clinical_time: None,
			version,
		},
	}
}

fn commitment(version: u32) -> Commitment {
	opening(version).commitment::<NativeSha256>(&NETWORK)
}

/// A state of the chain: two records and a log, among others' entries.
struct World {
	state: BTreeMap<Vec<u8>, Vec<u8>>,
	log: MemoryStore,
}

/// The keys behind the answer, those of the subject too.
fn keys(question: Question) -> Vec<(Part, Vec<u8>)> {
	let mut keys = question.keys();
	if matches!(question, Question::Anchor { .. }) {
		keys.splice(1..1, doubt_keys(&SUBJECT));
	}
	keys
}

fn key(question: Question, part: Part) -> Vec<u8> {
	keys(question).into_iter().find(|(found, _)| *found == part).unwrap().1
}

impl World {
	fn new() -> Self {
		let mut world = Self { state: BTreeMap::new(), log: MemoryStore::new() };
		for other in 0..200u32 {
			let record = RecordId([u8::try_from(other).unwrap(); 16]);
			let question = Question::Anchor { record, version: 1, custodian: CUSTODIAN };
			world.anchor(question, StoredState::InForce, 1);
		}
		world.anchor(ANCHOR, StoredState::InForce, 2);
		world.put(Question::Anchor { record: RECORD, version: 2, custodian: CUSTODIAN }, Part::Version, version(2));
		for sequence in 0..9 {
			let commitment = commitment(u32::try_from(sequence).unwrap());
			let entry = LogEntry { kind: LogKind::Records, sequence, commitment };
			world.log.append::<NativeSha256>(entry.leaf::<NativeSha256>()).unwrap();
		}
		world.put(LOG, Part::Log, log(world.head(), 3));
		let empty = Question::Log { custodian: OrgId(3), kind: LogKind::Records };
		world.put(empty, Part::Log, log(LogHead { size: 0, root: [0; 32] }, 0));
		world.put(ANCHOR, Part::SubjectsLayout, SUBJECTS_STORAGE_VERSION);
		world.put(ANCHOR, Part::Doubts, vec![Doubt { from: Moment(7), until: Moment(9) }]);
		world.put(ANCHOR, Part::Rebind, rebind(true));
		for suite in HashSuite::ALL {
			world.put(ANCHOR, Part::Suite(suite), SuiteStatus::Deprecated { since: Moment(suite.encode()[0].into()) });
		}
		world.put(ANCHOR, Part::Layout, EHR_STORAGE_VERSION);
		world.put(ANCHOR, Part::Network, NETWORK);
		world.put(ANCHOR, Part::Time, NOW);
		world.put(ANCHOR, Part::RegistryLayout, REGISTRY_STORAGE_VERSION);
		world.put(ANCHOR, Part::Organisation, organisation());
		world
	}

	fn anchor(&mut self, question: Question, state: StoredState, newest: u32) {
		let head = StoredRecord { custodian: CUSTODIAN, version: newest, state, since: NOW, link: None };
		self.put(question, Part::Record, head);
		self.put(question, Part::Version, version(1));
		self.put(question, Part::Life, life(NOW));
	}

	fn put(&mut self, question: Question, part: Part, value: impl Encode) {
		self.state.insert(key(question, part), value.encode());
	}

	fn remove(&mut self, question: Question, part: Part) {
		self.state.remove(&key(question, part)).unwrap();
	}

	/// What an honest node answers: header, values and the nodes on their paths.
	fn prove(&self, question: Question) -> (StateProof<BlockHash>, TrustedBlock) {
		let opened = question.keys().iter().any(|(part, key)| *part == Part::Life && self.state.contains_key(key));
		let keys = if opened { keys(question) } else { question.keys() };
		self.prove_keys(keys.into_iter().map(|(_, key)| key).collect())
	}

	fn prove_keys(&self, keys: Vec<Vec<u8>>) -> (StateProof<BlockHash>, TrustedBlock) {
		let (mut nodes, mut root) = (MemoryDB::<Blake2Hasher>::with_hasher(RandomState::default()), H256::default());
		let mut trie = TrieDBMutBuilderV1::new(&mut nodes, &mut root).build();
		for (key, value) in &self.state {
			trie.insert(key, value).unwrap();
		}
		drop(trie);
		let mut recorder = Recorder::<LayoutV1<Blake2Hasher>>::new();
		let trie = TrieDBBuilder::new(&nodes, &root).with_recorder(&mut recorder).build();
		let read = |key: Vec<u8>| {
			let value = trie.get(&key).unwrap().map(HexBytes);
			ProvenItem { key: HexBytes(key), value }
		};
		let items = keys.into_iter().map(read).collect();
		let recorded: BTreeMap<_, _> =
			recorder.drain().into_iter().map(|record| (record.hash, HexBytes(record.data))).collect();
		let header = ([1u8; 32], Compact(77u32), root.0, [3u8; 32], vec![[6u8; 4]]).encode();
		let block = BlockHash(blake2_256(&header));
		let proof = StateProof { block, header: HexBytes(header), items, nodes: recorded.into_values().collect() };
		(proof, TrustedBlock { hash: block, number: Some(77) })
	}

	fn check(&self, question: Question) -> Result<Proven, Refused> {
		let (proof, block) = self.prove(question);
		check(question, &proof, &block)
	}

	fn head(&self) -> LogHead {
		LogHead { size: self.log.frontier().size(), root: self.log.frontier().root::<NativeSha256>() }
	}

	fn log_bundle(&self, sequence: u64) -> Bundle {
		let version = u32::try_from(sequence).unwrap();
		let head = self.head();
		let path = prove_inclusion::<NativeSha256, _>(&self.log, sequence, 9).unwrap();
		bundle(
			version,
			Evidence::Log { kind: LogKind::Records, proof: LogProof { sequence, head, path, renewed: None } },
		)
	}
}

/// Held, and disputed by its subject at this moment.
fn life(at: Moment) -> RecordLife {
	let life = RecordLife::default().hold(OrgId(5), NOW).unwrap();
	life.dispute(SUBJECT, Commitment([8; 32]), at).unwrap()
}

/// The key was lost a moment before now, as one member of the custodian says, or two.
fn rebind(confirmed: bool) -> Rebind<AccountId32> {
	let mut rebind = Rebind {
		new_key: AccountId32([1; 32]),
		evidence: Commitment([2; 32]),
		lost_since: Moment(NOW.0 - 1),
		started_by: AccountId32([3; 32]),
		started_at: NOW,
		confirm_until: Moment(NOW.0 + 9),
		confirmed: None,
		contested_at: None,
	};
	if confirmed {
		rebind.confirm(AccountId32([4; 32]), &AccountId32([1; 32]), NOW, 9).unwrap();
	}
	rebind
}

fn organisation() -> StoredOrganisation<AccountId32> {
	StoredOrganisation {
		class: OrganisationClass::Provider,
		gln: "9521000000001".parse().ok(),
		jurisdiction: Jurisdiction::country(*b"GR"),
		controller: AccountId32([4; 32]),
		status: OrganisationStatus::Suspended,
		since: Moment(3),
		earlier: 1,
		deposit: None,
	}
}

fn version(number: u32) -> StoredVersion {
	StoredVersion {
		commitment: commitment(number),
		suite: HashSuite::FhirStaticRecursive,
		anchored_at: Moment(u64::from(number)),
		deposit: (number == 1).then_some(77),
		payer: CUSTODIAN,
	}
}

fn log(head: LogHead, checkpoints: u64) -> StoredLog {
	let newest = StoredCheckpoint { head, at: NOW, licensed: false };
	StoredLog { newest, checkpoints, thinned: 1, days: 1, deposit: 5 }
}

fn bundle(version: u32, evidence: Evidence) -> Bundle {
	let (opening, commitment) = (opening(version), commitment(version));
	Bundle { network: NETWORK, custodian: CUSTODIAN, opening, commitment, evidence, link_key: None, elements: None }
}

/// Proof first, then content and bundle: the whole way.
fn verify(world: &World, bundle: &Bundle, policy: Policy) -> Result<verify::Verdict, Error> {
	let proven = world.check(Question::of(bundle))?;
	verify::check(&Content::Bytes(CONTENT), bundle, &proven.trusted, policy)
}

#[test]
fn an_anchored_version_verifies_with_its_standing() {
	let world = World::new();
	let at = |version| bundle(version, Evidence::Anchor { record: RECORD });
	let verdict = verify(&world, &at(2), Policy::default()).unwrap();
	let expected = verify::Place::Anchor { record: RECORD, anchored_at: Moment(2), standing: RecordStanding::Current };
	assert_eq!((verdict.custodian, verdict.network_id, verdict.place), (CUSTODIAN, NETWORK, expected));
	assert_eq!(verdict.life.unwrap().holds, [Hold { by: OrgId(5), since: NOW }]);

	let refused = verify(&world, &at(1), Policy::default()).unwrap_err();
	assert_eq!(refused.name(), "superseded");
	verify(&world, &at(1), Policy { any_standing: true, ..Policy::default() }).unwrap();

	let mut world = world;
	world.remove(ANCHOR, Part::Life);
	assert_eq!(verify(&world, &at(2), Policy::default()).unwrap().life, Some(LifeView::default()));
	world.anchor(ANCHOR, StoredState::EnteredInError, 2);
	assert_eq!(verify(&world, &at(2), Policy::default()).unwrap_err().name(), "entered-in-error");
}

#[test]
fn an_act_is_doubtful_exactly_when_the_key_is_said_to_have_been_lost_by_then() {
	let doubtful = |world: &World| {
		let Trusted::Anchor(anchor) = world.check(ANCHOR).unwrap().trusted else { panic!("a record was asked about") };
		anchor.life.unwrap().disputes[0].doubtful
	};
	let mut world = World::new();
	assert!(doubtful(&world), "disputed now, lost a moment ago");
	// One member's word is not enough.
	world.put(ANCHOR, Part::Rebind, rebind(false));
	assert!(!doubtful(&world));
	for (at, expected) in [(6, false), (7, true), (8, true), (9, false)] {
		world.put(ANCHOR, Part::Life, life(Moment(at)));
		assert_eq!(doubtful(&world), expected, "{at}");
	}
	world.put(ANCHOR, Part::Life, life(Moment(8)));
	world.remove(ANCHOR, Part::Rebind);
	assert!(doubtful(&world));
	world.remove(ANCHOR, Part::Doubts);
	assert!(!doubtful(&world), "that nothing stands there is proven too");
}

#[test]
fn what_a_thief_withdrew_or_said_is_doubtful_too() {
	let mut world = World::new();
	let text = Commitment([8; 32]);
	// The key was lost a moment before now.
	let before = Moment(NOW.0 - 2);
	let life = RecordLife::default()
		.dispute(SUBJECT, text, before)
		.and_then(|life| life.withdraw_dispute(SUBJECT, NOW))
		.and_then(|life| life.request(SUBJECT, text, 1, before))
		.and_then(|life| life.change_request(0, |one| one.denied(DenialReason::NotCreatedHere, text, before)))
		.and_then(|life| life.disagree(SUBJECT, 0, text, NOW));
	world.put(ANCHOR, Part::Life, life.unwrap());
	let seen = |world: &World| {
		let Trusted::Anchor(anchor) = world.check(ANCHOR).unwrap().trusted else { panic!("a record was asked about") };
		let LifeView { disputed, disputes, requests, .. } = anchor.life.unwrap();
		let (dispute, request) = (&disputes[0], &requests[0]);
		assert!(!dispute.doubtful && !request.doubtful, "these came before the loss");
		(disputed, dispute.end_doubtful, request.disagreement_doubtful)
	};
	assert_eq!(seen(&world), (true, true, true));
	world.put(ANCHOR, Part::Rebind, rebind(false));
	assert_eq!(seen(&world), (false, false, false));
}

#[test]
fn of_a_record_that_nobody_opened_no_subject_is_asked_about() {
	let mut world = World::new();
	world.put(ANCHOR, Part::Life, RecordLife::default().hold(OrgId(5), NOW).unwrap());
	let listed: Vec<_> = ANCHOR.keys().into_iter().map(|(_, key)| key).collect();
	let (proof, block) = world.prove_keys(listed);
	check(ANCHOR, &proof, &block).unwrap();
	let (proof, block) = world.prove(ANCHOR);
	assert_eq!(check(ANCHOR, &proof, &block), Err(ProofRefused::ExtraKey.into()));
}

#[test]
fn how_far_suites_are_trusted_is_told() {
	let mut world = World::new();
	world.remove(ANCHOR, Part::Suite(HashSuite::Raw));
	for question in [ANCHOR, LOG] {
		let proven = world.check(question).unwrap();
		assert_eq!(proven.suite_status(HashSuite::Raw), SuiteStatus::Active);
		let deprecated = SuiteStatus::Deprecated { since: Moment(3) };
		assert_eq!(proven.suite_status(HashSuite::FhirElements), deprecated);
	}
}

#[test]
fn an_entry_of_a_log_verifies_with_its_checkpoint() {
	let world = World::new();
	for sequence in 0..9 {
		let verdict = verify(&world, &world.log_bundle(sequence), Policy::default()).unwrap();
		let verify::Place::Log { at, licensed, .. } = verdict.place else { panic!("{verdict:?}") };
		assert_eq!((at, licensed), (Some(NOW), Some(false)));
	}
}

#[test]
fn renewals_and_trees_are_read_from_the_state() {
	let mut world = World::new();
	let said = |world: &World| match world.check(LOG).unwrap().trusted {
		Trusted::Log(head) => head.renewed.unwrap(),
		other => panic!("{other:?}"),
	};
	let active = |tree| TreeView { tree, status: SuiteStatus::Active };
	assert_eq!(said(&world), TrustedTrees { renewals: Vec::new(), trees: TreeSuite::ALL.map(active).to_vec() });
	let (head, tree) = (world.head(), TreeSuite::Blake2b256);
	let renewal = Renewal { head, checkpointed_at: NOW, tree, root: [8; 32], at: NOW };
	let deprecated = SuiteStatus::Deprecated { since: NOW };
	world.put(LOG, Part::Renewals, vec![renewal]);
	world.put(LOG, Part::Tree(TreeSuite::Sha256), deprecated);
	let trees = vec![TreeView { tree: TreeSuite::Sha256, status: deprecated }, active(tree)];
	assert_eq!(said(&world), TrustedTrees { renewals: vec![renewal], trees });
	// What does not decode is not taken for nothing.
	world.put(LOG, Part::Renewals, [1u8]);
	assert_eq!(world.check(LOG), Err(ProofRefused::BadValue(Part::Renewals).into()));
}

#[test]
fn block_and_time_of_the_proof_are_told() {
	let world = World::new();
	let proven = world.check(LOG).unwrap();
	let (_, block) = world.prove(LOG);
	assert_eq!((proven.at, proven.number, proven.hash), (NOW, 77, block.hash));
	let Trusted::Log(head) = &proven.trusted else { panic!("{proven:?}") };
	assert_eq!(head.block, Some(AtBlock { number: 77, hash: block.hash.to_string() }));

	let later = |minutes: u64| Moment(NOW.0 + minutes * 60_000);
	assert_eq!(ensure_younger(proven.at, 10, later(10)), Ok(()));
	assert_eq!(ensure_younger(proven.at, 10, later(11)), Err(ProofRefused::TooOld { at: NOW, minutes: 10 }));
	assert_eq!(ensure_younger(proven.at, 0, Moment(0)), Ok(()), "a clock that is late");
	assert_eq!(ensure_younger(proven.at, u64::MAX, later(1 << 30)), Ok(()));
}

#[test]
fn the_custodian_is_told_as_it_was_in_the_block() {
	let custodian = World::new().check(LOG).unwrap().custodian;
	let value = serde_json::to_value(&custodian).unwrap();
	let expected = serde_json::json!({
		"id": 2, "class": "Provider", "status": "Suspended", "since": "1970-01-01T00:00:00.003Z",
		"controller": AccountId32([4; 32]).to_string(), "gln": "9521000000001", "jurisdiction": "GR", "successor": null,
	});
	assert_eq!(value, expected);
	let another = Question::Anchor { record: RECORD, version: 1, custodian: OrgId(9) };
	let refused = World::new().check(another).unwrap_err();
	assert_eq!(refused, Refused::OtherCustodian { stated: OrgId(9), trusted: CUSTODIAN });
}

#[test]
fn proofs_of_one_block_can_be_put_together() {
	let world = World::new();
	for question in [ANCHOR, LOG] {
		let (whole, block) = world.prove(question);
		let keys: Vec<_> = keys(question).into_iter().map(|(_, key)| key).collect();
		// They share the time, as those of a node do.
		let (first, _) = world.prove_keys(keys[..keys.len() - 3].to_vec());
		let (second, _) = world.prove_keys(keys[keys.len() - 4..].to_vec());
		let both = merged(first.clone(), second.clone());
		assert_eq!((both.items.len(), both.nodes.len()), (whole.items.len(), whole.nodes.len()));
		assert_eq!(check(question, &both, &block), check(question, &whole, &block));
		assert!(matches!(check(question, &first, &block), Err(Refused::Proof(ProofRefused::MissingKey(_)))));

		let mut later = World::new();
		later.put(question, Part::Time, Moment(NOW.0 + 1));
		let (other_block, _) = later.prove_keys(keys[keys.len() - 4..].to_vec());
		assert!(matches!(check(question, &merged(first, other_block), &block), Err(Refused::Proof(_))));
	}
}

#[test]
fn absence_is_proven_too() {
	let world = World::new();
	let missing = |question| world.check(question).unwrap_err();
	let unknown = RecordId([0xee; 16]);
	assert_eq!(
		missing(Question::Anchor { record: unknown, version: 1, custodian: CUSTODIAN }),
		Refused::RecordNotFound
	);
	for stated in [0, 3, u32::MAX] {
		let refused = missing(Question::Anchor { record: RECORD, version: stated, custodian: CUSTODIAN });
		assert_eq!(refused, Refused::VersionNotFound { stated, current: 2 });
	}
	let (custodian, kind) = (OrgId(9), LogKind::Records);
	assert_eq!(missing(Question::Log { custodian, kind }), Refused::LogNotFound);
	assert_eq!(missing(Question::Log { custodian: OrgId(3), kind }), Refused::EmptyLog);
	assert_eq!(missing(Question::Log { custodian: CUSTODIAN, kind: LogKind::Disclosures }), Refused::LogNotFound);
}

#[test]
fn content_that_was_changed_is_refused_as_always() {
	let world = World::new();
	let bundle = world.log_bundle(3);
	let proven = world.check(Question::of(&bundle)).unwrap();
	let changed = String::from_utf8(CONTENT.to_vec()).unwrap().replace("6.0", "6");
	let result = verify::check(&Content::Bytes(changed.as_bytes()), &bundle, &proven.trusted, Policy::default());
	assert_eq!(result.unwrap_err().name(), "content-changed");
}

#[test]
fn a_proof_reads_back_from_the_file_that_it_is_written_to() {
	let (proof, block) = World::new().prove(ANCHOR);
	let folder = tempfile::tempdir().unwrap();
	let path = folder.path().join("proof.json");
	std::fs::write(&path, bundle::json(&proof)).unwrap();
	let back = read(&path).unwrap();
	assert_eq!(back, proof);
	check(ANCHOR, &back, &block).unwrap();
	for text in ["", "{}", "[]", "{\"block\":\"0x12\"}"] {
		std::fs::write(&path, text).unwrap();
		assert_eq!(read(&path).unwrap_err().name(), "bad-form", "{text}");
	}
	// A member that this program does not know might change what the others mean.
	let more = bundle::json(&proof).replacen('{', "{\"more\": 1,", 1);
	std::fs::write(&path, more).unwrap();
	assert_eq!(read(&path).unwrap_err().name(), "bad-form");
}
