// SPDX-License-Identifier: Apache-2.0
//! Proofs in JSON, and the stored forms that they lead to.

use codec::{DecodeAll, Encode};
use epidaurus_primitives::{
	ehr::{LogHead, RecordStanding},
	hash::{Commitment, HashSuite},
	ids::OrgId,
	link::SubjectLink,
	moment::Moment,
	proof::{BlockHash, HexBytes, ProvenItem, ReadKeys, StateProof},
	stored::{StoredCheckpoint, StoredLog, StoredRecord, StoredState, StoredVersion},
};
use hex_literal::hex;
use serde_json::json;

fn proof() -> StateProof<BlockHash> {
	let absent = ProvenItem { key: HexBytes(vec![2]), value: None };
	let items = vec![ProvenItem { key: HexBytes(vec![1, 255]), value: Some(HexBytes(vec![])) }, absent];
	StateProof { block: BlockHash([7; 32]), header: HexBytes(vec![9]), items, nodes: vec![HexBytes(vec![10, 11])] }
}

#[test]
fn a_proof_has_the_frozen_form() {
	let form = json!({
		"block": format!("0x{}", "07".repeat(32)),
		"header": "0x09",
		"items": [{ "key": "0x01ff", "value": "0x" }, { "key": "0x02", "value": null }],
		"nodes": ["0x0a0b"],
	});
	assert_eq!(serde_json::to_value(proof()).unwrap(), form);
	assert_eq!(serde_json::from_value::<StateProof<BlockHash>>(form).unwrap(), proof());
}

#[test]
fn other_forms_of_a_proof_are_refused() {
	let form = serde_json::to_value(proof()).unwrap();
	for (member, value) in [
		("block", json!("0x07")),
		("header", json!("09")),
		("header", json!("0x9")),
		("header", json!("0x0g")),
		("header", json!(9)),
		("items", json!([{ "key": "0x02", "value": null, "child": "0x" }])),
		("nodes", json!([null])),
		("more", json!(1)),
	] {
		let mut other = form.clone();
		other[member] = value;
		assert!(serde_json::from_value::<StateProof<BlockHash>>(other).is_err(), "{member}");
	}
	for member in ["block", "header", "items", "nodes"] {
		let mut other = form.clone();
		other.as_object_mut().unwrap().remove(member);
		assert!(serde_json::from_value::<StateProof<BlockHash>>(other).is_err(), "{member}");
	}
}

#[test]
fn bytes_are_a_byte_vector_in_scale() {
	assert_eq!(HexBytes(vec![1, 2]).encode(), [8, 1, 2]);
	assert_eq!(HexBytes::decode_all(&mut &[8, 1, 2][..]), Ok(HexBytes(vec![1, 2])));
}

fn frozen<Value: Encode + DecodeAll + PartialEq + core::fmt::Debug>(value: Value, bytes: &[u8]) {
	assert_eq!(value.encode(), bytes, "{value:?}");
	assert_eq!(Value::decode_all(&mut &bytes[..]), Ok(value));
}

#[test]
fn stored_forms_are_frozen() {
	let record = StoredRecord {
		custodian: OrgId(0xa1),
		version: 0xb2,
		state: StoredState::InForce,
		since: Moment(3),
		link: None,
	};
	frozen(record, &hex!("a1000000 b2000000 00 0300000000000000 00"));
	let linked = StoredRecord { link: Some(SubjectLink([0xee; 32])), ..record };
	frozen(linked, &[&hex!("a1000000 b2000000 00 0300000000000000 01")[..], &[0xee; 32]].concat());
	let entered = StoredRecord { state: StoredState::EnteredInError, ..record };
	frozen(entered, &hex!("a1000000 b2000000 01 0300000000000000 00"));

	let commitment = Commitment([0xcc; 32]);
	let owed = StoredVersion {
		commitment,
		suite: HashSuite::FhirStaticRoot,
		anchored_at: Moment(5),
		deposit: None,
		payer: OrgId(0xa1),
	};
	frozen(owed, &[&[0xcc; 32][..], &hex!("01 0500000000000000 00 a1000000")].concat());
	let paid = StoredVersion { deposit: Some(9), ..owed };
	frozen(
		paid,
		&[&[0xcc; 32][..], &hex!("01 0500000000000000 01 09000000000000000000000000000000 a1000000")].concat(),
	);

	let newest = StoredCheckpoint { head: LogHead { size: 4, root: [0xdd; 32] }, at: Moment(6), licensed: true };
	let log = StoredLog { newest, checkpoints: 3, thinned: 2, days: 1, deposit: 9 };
	let rest = hex!("0600000000000000 01 0300000000000000 0200000000000000 01000000 09000000000000000000000000000000");
	frozen(log, &[&hex!("0400000000000000")[..], &[0xdd; 32], &rest].concat());
}

#[test]
fn standing_of_a_version_follows_the_record() {
	let record =
		StoredRecord { custodian: OrgId(1), version: 2, state: StoredState::InForce, since: Moment(3), link: None };
	let standings = [0, 1, 2, 3].map(|version| record.standing_of(version));
	let amended = RecordStanding::Amended { current: 2 };
	assert_eq!(standings, [None, Some(amended), Some(RecordStanding::Current), None]);
	let entered = StoredRecord { state: StoredState::EnteredInError, ..record };
	let standings = [0, 1, 2, 3].map(|version| entered.standing_of(version));
	let error = Some(RecordStanding::EnteredInError);
	assert_eq!(standings, [None, error, error, None]);
}

#[test]
fn keys_are_noted_once_and_in_the_order_of_the_reads() {
	let read = ReadKeys::after(HexBytes(vec![1]));
	for key in [3, 2, 1, 3] {
		read.note(|| vec![key]);
	}
	assert_eq!(read.into_keys(), [1, 3, 2].map(|key| HexBytes(vec![key])));
}

#[test]
fn keys_that_nobody_wants_are_not_computed() {
	let read = ReadKeys::unnoted();
	read.note(|| panic!("a key costs hashing"));
	assert_eq!(read.into_keys(), []);
}
