// SPDX-License-Identifier: Apache-2.0
//! Proofs over a state that is a real trie.

use super::*;
use codec::DecodeAll;
use epidaurus_primitives::proof::{StateProof, MAX_PROVEN_KEYS};
use sp_api::{ApiError, CallApiAt, CallApiAtParams, CallContext};
use sp_externalities::Extensions;
use sp_runtime::{traits::Header as _, StateVersion};
use sp_state_machine::{read_proof_check, InMemoryBackend, StorageProof};
use sp_version::RuntimeVersion;
use std::collections::BTreeMap;

/// Under each of these keys stands something; the value of 1 is so long that the trie keeps it in a node of its own.
fn values() -> BTreeMap<Vec<u8>, Vec<u8>> {
	let long = |number: u8| vec![number; if number == 1 { 90 } else { 9 }];
	(0..64).map(|number| (key(number.into()).0, long(number))).collect()
}

fn key(number: u32) -> HexBytes {
	HexBytes([&[9; 16], &number.to_le_bytes()[..]].concat())
}

fn state() -> InMemoryBackend<BlakeTwo256> {
	InMemoryBackend::from((values(), StateVersion::V1))
}

pub fn header() -> Header {
	Header::new(7, H256::repeat_byte(1), *state().root(), H256::repeat_byte(2), Default::default())
}

pub fn block() -> H256 {
	header().hash()
}

/// What the mocked runtime lists: a key of this number, and one under which there is nothing; for 1,000 too many.
pub fn keys(record: RecordId, version: u32) -> Vec<HexBytes> {
	assert_eq!(record, RECORD);
	if version == 1_000 {
		return (0..=MAX_PROVEN_KEYS).map(|_| key(0)).collect();
	}
	vec![key(version), key(version + 100)]
}

impl CallApiAt<Block> for MockRuntime {
	type StateBackend = InMemoryBackend<BlakeTwo256>;

	fn call_api_at(&self, _: CallApiAtParams<Block>) -> Result<Vec<u8>, ApiError> {
		Err(ApiError::UnknownBlock("the mock answers by itself".into()))
	}

	fn runtime_version_at(&self, _: H256, _: CallContext) -> Result<RuntimeVersion, ApiError> {
		Ok(RuntimeVersion::default())
	}

	fn state_at(&self, at: H256) -> Result<Self::StateBackend, ApiError> {
		if at == block() {
			Ok(state())
		} else {
			Err(ApiError::UnknownBlock("pruned".into()))
		}
	}

	fn initialize_extensions(&self, _: H256, _: &mut Extensions) -> Result<(), ApiError> {
		Ok(())
	}
}

async fn proven(method: &str, params: Value) -> StateProof<H256> {
	serde_json::from_value(answer(method, params).await).unwrap()
}

/// What the nodes prove from the state root in the header, for the keys of the items.
fn checked(proof: &StateProof<H256>) -> Vec<Option<Vec<u8>>> {
	let header = Header::decode_all(&mut proof.header.0.as_slice()).unwrap();
	assert_eq!(header.hash(), proof.block);
	let nodes = StorageProof::new(proof.nodes.iter().map(|node| node.0.clone()));
	let keys = proof.items.iter().map(|item| &item.key);
	let read = read_proof_check::<BlakeTwo256, _>(*header.state_root(), nodes, keys.clone()).unwrap();
	keys.map(|key| read[&key.0].clone()).collect()
}

#[tokio::test]
async fn values_are_proven_and_so_is_that_there_are_none() {
	for version in [1, 2, 63] {
		let proof = proven("ehr_proveAnchor", json!([RECORD.to_string(), version])).await;
		assert_eq!(proof.block, block(), "the best one");
		let expected = [values().get(&key(version).0).cloned(), None];
		assert_eq!(checked(&proof), expected);
		let told: Vec<_> = proof.items.iter().map(|item| item.value.clone().map(|value| value.0)).collect();
		assert_eq!(told, expected);
		assert!(proof.nodes.len() < 12, "no more than the paths: {}", proof.nodes.len());
	}
	let by_name = json!({ "custodian": 3, "kind": "records", "block": block() });
	let proof = proven("ehr_proveLog", by_name).await;
	assert_eq!(checked(&proof), [values().get(&key(3).0).cloned(), None]);
	let moment = "2030-01-01T00:00:00Z";
	let holder = || json!({ "member": ALICE });
	for (method, params, listed) in [
		("registry_proveOrganisation", json!([4]), 4),
		("registry_proveMember", json!([ALICE]), 10),
		("registry_proveMember", json!([ALICE, moment]), 11),
		("registry_proveLicence", json!([3]), 23),
		("registry_proveCapability", json!([holder(), "Dispense"]), 30),
		("registry_proveCapability", json!([holder(), "Dispense", "GR"]), 31),
		("registry_proveCapability", json!([holder(), "Dispense", null, moment]), 32),
		("registry_proveCapability", json!([holder(), "Dispense", "GR", moment]), 33),
		("subjects_proveSubject", json!([PATIENT]), 40),
		("subjects_proveSubjectByKey", json!([KEY]), 41),
		("subjects_proveKey", json!([PATIENT]), 42),
		("subjects_proveKey", json!([PATIENT, moment]), 43),
	] {
		let proof = proven(method, params).await;
		assert_eq!(checked(&proof), [values().get(&key(listed).0).cloned(), None], "{method}");
	}
}

#[tokio::test]
async fn proof_is_answered_in_the_form_that_the_readme_promises() {
	let proof = answer("ehr_proveAnchor", json!([RECORD.to_string(), 2])).await;
	let members: Vec<_> = proof.as_object().unwrap().keys().collect();
	assert_eq!(members, ["block", "header", "items", "nodes"]);
	let item = json!({ "key": key(2).to_string(), "value": format!("0x{}", "02".repeat(9)) });
	assert_eq!(proof["items"], json!([item, { "key": key(102).to_string(), "value": null }]));
	assert_eq!(proof["block"], json!(block()));
	for text in [&proof["header"], &proof["nodes"][0]] {
		assert!(text.as_str().unwrap().starts_with("0x"));
	}
}

#[tokio::test]
async fn block_that_is_unknown_or_pruned_is_refused() {
	let other = H256::repeat_byte(9);
	assert_eq!(error_code("ehr_proveAnchor", json!([RECORD.to_string(), 1, other])).await, 26003);
	assert_eq!(error_code("ehr_proveLog", json!([1, "records", other])).await, 26003);
	assert_eq!(error_code("registry_proveOrganisation", json!([1, other])).await, 26003);
	assert_eq!(error_code("subjects_proveKey", json!([PATIENT, null, other])).await, 26003);
}

#[tokio::test]
async fn more_keys_than_one_proof_is_made_for_are_refused() {
	assert_eq!(error_code("ehr_proveAnchor", json!([RECORD.to_string(), 1_000])).await, 26006);
}
