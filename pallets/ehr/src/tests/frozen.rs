// SPDX-License-Identifier: Apache-2.0
//! Encodings that must never change without a migration, and calls that wallets and clients know by number.

use super::*;
use crate::record::{RecordHead, RecordState};
use codec::{Decode, Encode, MaxEncodedLen};
use epidaurus_primitives::{
	ids::NetworkId,
	life::{DenialReason, ErasureGround, Resolution},
	link::SubjectLink,
	renewal::TreeSuite,
};
use frame_support::{storage::storage_prefix, StorageHasher, Twox64Concat};

/// Hexadecimal, with spaces for the reader.
fn hex(text: &str) -> Vec<u8> {
	let digits = text.split_whitespace().collect::<String>();
	(0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

fn frozen<Value: Encode + Decode + PartialEq + core::fmt::Debug>(value: Value, text: &str) {
	assert_eq!(value.encode(), hex(text), "{value:?}");
	assert_eq!(Value::decode(&mut hex(text).as_slice()).unwrap(), value);
}

#[test]
fn record_head_is_frozen() {
	let since = Moment(0x0102_0304_0506_0708);
	let head = RecordHead { custodian: OrgId(0xa1), version: 0xb2, state: RecordState::InForce, since, link: None };
	frozen(head, "a1000000 b2000000 00 0807060504030201 00");
	frozen(RecordHead { state: RecordState::EnteredInError, ..head }, "a1000000 b2000000 01 0807060504030201 00");
	let linked = RecordHead { link: Some(SubjectLink([0xdd; 32])), ..head };
	frozen(linked, &format!("a1000000 b2000000 00 0807060504030201 01 {}", "dd".repeat(32)));
	assert_eq!(RecordHead::max_encoded_len(), 50);
}

#[test]
fn version_is_frozen() {
	let commitment = "cc".repeat(32);
	let (value, anchored_at, payer) = (Commitment([0xcc; 32]), Moment(5), OrgId(0xa1));
	let mut version = Version { commitment: value, suite: RECURSIVE, anchored_at, ticket: None, payer };
	frozen(version.clone(), &format!("{commitment} 02 0500000000000000 00 a1000000"));
	version.ticket = Some(9_u128);
	frozen(version, &format!("{commitment} 02 0500000000000000 01 09{} a1000000", "00".repeat(15)));
	assert_eq!(Version::<u128>::max_encoded_len(), 62);
}

#[test]
fn checkpoint_and_log_state_are_frozen() {
	let head = LogHead { size: 0x1234, root: [0xdd; 32] };
	let newest = Checkpoint { head, at: Moment(6), licensed: true };
	let encoded = format!("3412000000000000 {} 0600000000000000 01", "dd".repeat(32));
	frozen(newest, &encoded);
	assert_eq!(Checkpoint::max_encoded_len(), 49);
	let log = LogState { newest, checkpoints: 3, thinned: 2, days: 1, ticket: 9_u64 };
	frozen(log, &format!("{encoded} 0300000000000000 0200000000000000 01000000 0900000000000000"));
	assert_eq!(LogState::<u64>::max_encoded_len(), 77);
}

#[test]
fn storage_keys_are_frozen() {
	let twox = |key: Vec<u8>| Twox64Concat::hash(&key);
	let blake = |key: Vec<u8>| frame_support::Blake2_128Concat::hash(&key);
	let key = |name: &str, parts: &[Vec<u8>]| {
		let prefix = storage_prefix(b"Ehr", name.as_bytes()).to_vec();
		parts.iter().fold(prefix, |key, part| [key, part.clone()].concat())
	};
	let (custodian, kind) = (OrgId(7), LogKind::Disclosures);
	let log = [twox(7_u32.encode()), twox(vec![1])];
	let log_parts = log.clone();
	let [custodian_part, kind_part] = log.clone();
	assert_eq!(Network::<Test>::hashed_key().to_vec(), key("Network", &[]));
	assert_eq!(Records::<Test>::hashed_key_for(RECORD), key("Records", &[blake(vec![7; 16])]));
	assert_eq!(Lives::<Test>::hashed_key_for(RECORD), key("Lives", &[blake(vec![7; 16])]));
	assert_eq!(Suites::<Test>::hashed_key_for(RECURSIVE), key("Suites", &[twox(vec![2])]));
	let version = [blake(vec![7; 16]), twox(2_u32.encode())];
	assert_eq!(Versions::<Test>::hashed_key_for(RECORD, 2), key("Versions", &version));
	assert_eq!(Owed::<Test>::hashed_key_for(custodian), key("Owed", &[twox(7_u32.encode())]));
	assert_eq!(Logs::<Test>::hashed_key_for(custodian, kind), key("Logs", &log));
	let checkpoint = [custodian_part.clone(), kind_part.clone(), twox(3_u64.encode())];
	let hashed = Checkpoints::<Test>::hashed_key_for((custodian, kind, 3));
	assert_eq!(hashed, key("Checkpoints", &checkpoint));
	assert_eq!(Renewals::<Test>::hashed_key_for(custodian, kind), key("Renewals", &log_parts));
	assert_eq!(Trees::<Test>::hashed_key_for(TreeSuite::Blake2b256), key("Trees", &[twox(vec![1])]));
	let daily = [custodian_part, kind_part, twox(3_u32.encode())];
	let hashed = DailyCheckpoints::<Test>::hashed_key_for((custodian, kind, 3));
	assert_eq!(hashed, key("DailyCheckpoints", &daily));
}

#[test]
fn stored_network_is_its_bytes() {
	ExtBuilder::default().build_and_execute(|| {
		let stored = sp_io::storage::get(&Network::<Test>::hashed_key()).unwrap();
		assert_eq!(stored.to_vec(), [0xee; 32]);
		frozen(NetworkId([0xee; 32]), &"ee".repeat(32));
	});
}

#[test]
fn calls_are_frozen() {
	let (record, commitment, suite) = (RecordId([0xaa; 16]), Commitment([0xcc; 32]), HashSuite::FhirStaticRoot);
	let (id, value) = ("aa".repeat(16), "cc".repeat(32));
	frozen(Call::<Test>::anchor { record, commitment, suite, link: None }, &format!("00 {id} {value} 01 00"));
	let link = Some(SubjectLink([0xdd; 32]));
	let linked = Call::<Test>::anchor { record, commitment, suite, link };
	frozen(linked, &format!("00 {id} {value} 01 01 {}", "dd".repeat(32)));
	let amend = Call::<Test>::amend { record, expected_version: 3, commitment, suite };
	frozen(amend, &format!("01 {id} 03000000 {value} 01"));
	frozen(Call::<Test>::mark_entered_in_error { record }, &format!("02 {id}"));
	frozen(Call::<Test>::settle_deposit { record, version: 3 }, &format!("03 {id} 03000000"));
	frozen(Call::<Test>::open_log { kind: LogKind::Disclosures }, "04 01");
	let consistency_proof = vec![[0xee; 32], [0xff; 32]].try_into().unwrap();
	let checkpoint =
		Call::<Test>::checkpoint { kind: LogKind::Records, new_root: [0xdd; 32], new_size: 5, consistency_proof };
	let state = format!("00 {} 0500000000000000 08 {} {}", "dd".repeat(32), "ee".repeat(32), "ff".repeat(32));
	frozen(checkpoint, &format!("05 {state}"));
	let consistency_proof = vec![[0xee; 32], [0xff; 32]].try_into().unwrap();
	let (custodian, kind) = (OrgId(0xa1), LogKind::Records);
	let of_another =
		Call::<Test>::checkpoint_for { custodian, kind, new_root: [0xdd; 32], new_size: 5, consistency_proof };
	frozen(of_another, &format!("14 a1000000 {state}"));
}

#[test]
fn calls_of_the_later_life_are_frozen() {
	let (record, link_key) = (RecordId([0xaa; 16]), LinkKey([0xbb; 32]));
	let (statement, explanation) = (Commitment([0xcc; 32]), Commitment([0xcc; 32]));
	let (id, key, text) = ("aa".repeat(16), "bb".repeat(32), "cc".repeat(32));
	frozen(Call::<Test>::dispute { record, link_key, statement }, &format!("06 {id} {key} {text}"));
	frozen(Call::<Test>::withdraw_dispute { record }, &format!("07 {id}"));
	let resolve = Call::<Test>::resolve_dispute { record, resolution: Resolution::Rejected, explanation };
	frozen(resolve, &format!("08 {id} 01 {text}"));
	let request = Call::<Test>::request_amendment { record, link_key, statement };
	frozen(request, &format!("09 {id} {key} {text}"));
	frozen(Call::<Test>::accept_amendment { record, request: 3 }, &format!("0a {id} 03000000"));
	let reason = DenialReason::AccurateAndComplete;
	let deny = Call::<Test>::deny_amendment { record, request: 3, reason, explanation };
	frozen(deny, &format!("0b {id} 03000000 03 {text}"));
	frozen(Call::<Test>::disagree { record, request: 3, statement }, &format!("0c {id} 03000000 {text}"));
	frozen(Call::<Test>::rebut { record, request: 3, statement }, &format!("0d {id} 03000000 {text}"));
	frozen(Call::<Test>::place_hold { record }, &format!("0e {id}"));
	frozen(Call::<Test>::lift_hold { record }, &format!("0f {id}"));
	let until = Moment(5);
	frozen(Call::<Test>::state_retention { record, until }, &format!("10 {id} 0500000000000000"));
	let ground = ErasureGround::ChildsService;
	frozen(Call::<Test>::attest_erasure { record, ground }, &format!("11 {id} 05"));
	frozen(Call::<Test>::deprecate_suite { suite: RECURSIVE }, "12 02");
	frozen(Call::<Test>::forbid_suite { suite: RECURSIVE }, "13 02");
}

#[test]
fn calls_of_renewal_are_frozen() {
	let (custodian, kind, tree) = (OrgId(0xa1), LogKind::Disclosures, TreeSuite::Blake2b256);
	let checkpoint = CheckpointId { number: 3, size: 5 };
	let consistency_proof = vec![[0xee; 32]].try_into().unwrap();
	let renew = Call::<Test>::renew_log { custodian, kind, checkpoint, tree, root: [0xdd; 32], consistency_proof };
	let (root, path) = ("dd".repeat(32), "ee".repeat(32));
	frozen(renew, &format!("15 a1000000 01 0300000000000000 0500000000000000 01 {root} 04 {path}"));
	frozen(Call::<Test>::deprecate_tree { tree: TreeSuite::Sha256 }, "16 00");
	frozen(Call::<Test>::forbid_tree { tree }, "17 01");
	assert_eq!(LogRenewals::max_encoded_len(), 1 + 32 * 89);
}

#[test]
fn checkpoint_with_more_nodes_than_any_path_does_not_decode() {
	let call = |nodes: usize| {
		let path = vec![[0xee_u8; 32]; nodes];
		(5_u8, LogKind::Records, [0xdd_u8; 32], 5_u64, path).encode()
	};
	assert!(Call::<Test>::decode(&mut call(63).as_slice()).is_ok());
	assert!(Call::<Test>::decode(&mut call(64).as_slice()).is_err());
}

fn events_of_the_later_life() -> [Event<Test>; 15] {
	let (record, subject, custodian, authority) = (RecordId([0; 16]), PATIENT_ID, OrgId(1), OrgId(3));
	let (statement, explanation, reason) = (text(1), text(2), DenialReason::NotCreatedHere);
	let (ground, resolution, until, suite) = (ErasureGround::Objection, Resolution::Upheld, START, RECURSIVE);
	let (request, version, overdue) = (0, 1, false);
	let by = || CLERK;
	[
		Event::RecordDisputed { record, subject, by: by(), statement },
		Event::DisputeWithdrawn { record, subject, by: by() },
		Event::DisputeResolved { record, custodian, by: by(), resolution, explanation },
		Event::AmendmentRequested { record, subject, by: by(), request, statement },
		Event::AmendmentAccepted { record, custodian, by: by(), request, version, overdue },
		Event::AmendmentDenied { record, custodian, by: by(), request, reason, explanation, overdue },
		Event::DisagreementStated { record, subject, by: by(), request, statement },
		Event::DisagreementRebutted { record, custodian, by: by(), request, statement },
		Event::HoldPlaced { record, authority, by: by() },
		Event::HoldLifted { record, authority, by: by() },
		Event::RetentionStated { record, custodian, by: by(), until },
		Event::ErasureAttested { record, custodian, by: by(), ground },
		Event::RecordErased { record, custodian, by: by(), ground },
		Event::SuiteDeprecated { suite },
		Event::SuiteForbidden { suite },
	]
}

#[test]
fn events_and_errors_are_frozen() {
	let (record, custodian, by) = (RecordId([0; 16]), OrgId(1), CLERK);
	let (commitment, suite, kind) = (Commitment([0; 32]), RECURSIVE, LogKind::Records);
	let events = [
		Event::<Test>::RecordAnchored { record, custodian, by: by.clone(), commitment, suite },
		Event::RecordAmended { record, custodian, by: by.clone(), version: 2, commitment, suite, deposited: true },
		Event::RecordEnteredInError { record, custodian, by: by.clone(), version: 2 },
		Event::DepositSettled { record, custodian, by: by.clone(), version: 2 },
		Event::LogOpened { custodian, kind, by: by.clone() },
		Event::LogCheckpointed { custodian, kind, by, number: 0, size: 1, root: [0; 32], licensed: true },
	];
	let tree = TreeSuite::Blake2b256;
	let renewal = [
		Event::LogRenewed { custodian, kind, by: CLERK, tree, size: 1, root: [0; 32] },
		Event::TreeDeprecated { tree },
		Event::TreeForbidden { tree },
	];
	let events = events.into_iter().chain(events_of_the_later_life()).chain(renewal);
	for (index, event) in (0..).zip(events) {
		assert_eq!(event.encode()[0], index, "{event:?}");
	}
	let errors = [
		Error::<Test>::NotFound,
		Error::NotAuthorised,
		Error::AlreadyExists,
		Error::WrongState,
		Error::WrongVersion,
		Error::TooManyVersions,
		Error::LogShrinks,
		Error::ForkedHead,
		Error::TooManyEntries,
		Error::InvalidProof,
		Error::DepositOwed,
		Error::InvalidLink,
		Error::TooManyActs,
		Error::NotAmended,
		Error::NotProlonged,
		Error::Held,
		Error::Disputed,
		Error::Retained,
		Error::Erased,
		Error::SuiteForbidden,
		Error::BeyondCalendar,
		Error::WrongTree,
		Error::LastTree,
		Error::Unanswered,
	];
	for (index, error) in (0..).zip(errors) {
		assert_eq!(error.encode(), [index]);
	}
}
