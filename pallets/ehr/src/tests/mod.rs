// SPDX-License-Identifier: Apache-2.0
//! Tests by subject; here is what they share.

mod amend;
mod anchor;
mod bypass;
mod deposits;
mod disputes;
mod entered_in_error;
mod erasure;
mod frozen;
mod genesis;
mod invariants;
mod logs;
mod pages;
mod renewals;
mod requests;
mod sequences;
mod stored;
mod succession;
mod suites;
mod thinning;
mod verify;

use crate::{mock::*, *};
use epidaurus_primitives::{
	ehr::{LogEntry, LogHead, LogKind, LogProof},
	hash::{digest, Commitment, HashSuite, Labels, NativeSha256, Opening, RecordHeader, ResourceClass, Salt},
	ids::{OrgId, RecordId, SubjectId},
	link::LinkKey,
	merkle::{frontier_at, prove_consistency, prove_inclusion, Hash, MemoryStore},
	moment::Moment,
	registry::Capability,
	testing::{MockRegistry, MockSubjects},
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{AccountId32, DispatchError, DispatchResult, TokenError};

const RECORD: RecordId = RecordId([7; 16]);
const RECURSIVE: HashSuite = HashSuite::FhirStaticRecursive;

fn signed(who: AccountId32) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

/// Content, salt and subject of a record that only this seed has.
fn opening(seed: u8, version: u32, suite: HashSuite) -> Opening {
	Opening {
		salt: Salt::new([seed; 32]),
		suite,
		digest: digest::<NativeSha256>(suite, &[seed]),
		header: RecordHeader {
			subject: Some(SubjectId([seed; 32])),
			class: ResourceClass::new("Observation").unwrap(),
			labels: Labels::default(),
			clinical_time: Some(Moment(u64::from(seed))),
			version,
		},
	}
}

fn commitment(opening: &Opening) -> Commitment {
	opening.commitment::<NativeSha256>(&NETWORK)
}

/// Anchors version 1 of the seed's content.
fn anchor(by: AccountId32, record: RecordId, seed: u8) -> DispatchResult {
	Ehr::anchor(signed(by), record, commitment(&opening(seed, 1, RECURSIVE)), RECURSIVE, None)
}

/// Seeds of records that concern the patient, and the neighbour.
const OF_PATIENT: u8 = 0x88;
const OF_NEIGHBOUR: u8 = 0x99;

/// Anchors version 1 of the seed's content with the link to its subject.
fn anchor_linked(by: AccountId32, record: RecordId, seed: u8) -> DispatchResult {
	let opening = opening(seed, 1, RECURSIVE);
	let link = opening.subject_link::<NativeSha256>(&NETWORK, &record);
	Ehr::anchor(signed(by), record, commitment(&opening), RECURSIVE, link)
}

/// What opens the links of a seed's records.
fn key(seed: u8) -> LinkKey {
	LinkKey::of::<NativeSha256>(&opening(seed, 1, RECURSIVE).salt)
}

/// A text that only this seed has, committed.
fn text(seed: u8) -> Commitment {
	Commitment([seed; 32])
}

/// The hospital's record of the patient, a minute ago.
fn with_patients_record(test: impl FnOnce()) {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(anchor_linked(CLERK, RECORD, OF_PATIENT));
		advance(60_000);
		test();
	});
}

fn dispute(by: AccountId32, seed: u8) -> DispatchResult {
	Ehr::dispute(signed(by), RECORD, key(seed), text(1))
}

fn request(by: AccountId32, seed: u8) -> DispatchResult {
	Ehr::request_amendment(signed(by), RECORD, key(seed), text(1))
}

/// Amends to the version after `expected` of the seed's content.
fn amend(by: AccountId32, record: RecordId, expected: u32, seed: u8) -> DispatchResult {
	let version = expected.saturating_add(1);
	Ehr::amend(signed(by), record, expected, commitment(&opening(seed, version, RECURSIVE)), RECURSIVE)
}

/// The event before the latest `back` ones.
fn event(back: usize) -> RuntimeEvent {
	System::events().into_iter().rev().nth(back).unwrap().event
}

/// A custodian's log as the custodian keeps it.
struct TestLog {
	kind: LogKind,
	store: MemoryStore,
	openings: Vec<Opening>,
}

impl TestLog {
	fn new(kind: LogKind) -> Self {
		Self { kind, store: MemoryStore::new(), openings: Vec::new() }
	}

	/// A log with entries of these seeds.
	fn of(kind: LogKind, seeds: impl IntoIterator<Item = u8>) -> Self {
		let mut log = Self::new(kind);
		seeds.into_iter().for_each(|seed| log.append(seed));
		log
	}

	fn append(&mut self, seed: u8) {
		let opening = opening(seed, 1, RECURSIVE);
		let entry = LogEntry { kind: self.kind, sequence: self.size(), commitment: commitment(&opening) };
		self.store.append::<NativeSha256>(entry.leaf::<NativeSha256>()).unwrap();
		self.openings.push(opening);
	}

	fn size(&self) -> u64 {
		self.store.frontier().size()
	}

	fn head_at(&self, size: u64) -> LogHead {
		LogHead { size, root: frontier_at(&self.store, size).unwrap().root::<NativeSha256>() }
	}

	fn head(&self) -> LogHead {
		self.head_at(self.size())
	}

	/// Path from the log of the first `old` entries to that of the first `new`.
	fn growth(&self, old: u64, new: u64) -> ConsistencyProof {
		prove_consistency::<NativeSha256, _>(&self.store, old, new).unwrap().try_into().unwrap()
	}

	/// Path from an entry to the newest head.
	fn inclusion(&self, sequence: u64) -> LogProof {
		let path = prove_inclusion::<NativeSha256, _>(&self.store, sequence, self.size()).unwrap();
		LogProof { sequence, head: self.head(), path, renewed: None }
	}

	/// Checkpoints the whole log; its custodian's newest checkpoint had `old` entries.
	fn checkpoint(&self, by: AccountId32, old: u64) -> DispatchResult {
		let head = self.head();
		checkpoint(by, self.kind, head, self.growth(old, head.size))
	}
}

fn checkpoint(by: AccountId32, kind: LogKind, head: LogHead, path: ConsistencyProof) -> DispatchResult {
	Ehr::checkpoint(signed(by), kind, head.root, head.size, path)
}

fn newest(custodian: OrgId, kind: LogKind) -> Checkpoint {
	Logs::<Test>::get(custodian, kind).unwrap().newest
}

/// Numbers of the checkpoints that are kept.
fn kept(custodian: OrgId, kind: LogKind) -> Vec<u64> {
	let mut numbers = Checkpoints::<Test>::iter_key_prefix((custodian, kind)).collect::<Vec<_>>();
	numbers.sort_unstable();
	numbers
}

/// Everything that the pallet stores.
fn stored() -> Vec<(Vec<u8>, Vec<u8>)> {
	let prefix = sp_io::hashing::twox_128(b"Ehr");
	let mut entries = Vec::new();
	let mut key = prefix.to_vec();
	while let Some(next) = sp_io::storage::next_key(&key).filter(|next| next.starts_with(&prefix)) {
		entries.push((next.clone(), sp_io::storage::get(&next).unwrap().to_vec()));
		key = next;
	}
	entries
}
