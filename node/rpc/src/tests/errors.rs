// SPDX-License-Identifier: Apache-2.0
//! What can go wrong, with its code.

use super::*;
use crate::Failure;

/// Each method that can answer that something does not exist, with something that does not.
pub(crate) fn unknown() -> Vec<(&'static str, Value)> {
	vec![
		("registry_organisation", json!([2])),
		("registry_organisation", json!([1, "2001-01-01T00:00:00Z"])),
		("registry_member", json!(["5DTestUPts3kjeXSTMyerHihn1uwMfLj8vU8sqF7qYrFabHE"])),
		("registry_licence", json!([4])),
		("registry_succession", json!([2])),
		("subjects_subject", json!([SubjectId([3; 32])])),
		("subjects_subjectByKey", json!([AccountId32::new([9; 32])])),
		("subjects_key", json!([SubjectId([3; 32])])),
		("subjects_rebind", json!([SubjectId([3; 32])])),
		("ehr_anchor", json!([format!("0x{}", "66".repeat(16))])),
		("ehr_life", json!([format!("0x{}", "66".repeat(16))])),
		("ehr_log", json!([2, "records"])),
	]
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
	for (method, params) in unknown() {
		assert_eq!(error_code(method, params).await, 26001, "{method}");
	}
}

#[tokio::test]
async fn limit_out_of_range_is_refused_by_every_list() {
	for limit in [0, 257, u32::MAX] {
		for (method, params) in [
			("registry_organisations", json!([null, limit])),
			("registry_members", json!([1, null, limit])),
			("registry_licences", json!([{ "organisation": 1 }, null, limit])),
			("registry_issuers", json!([null, limit])),
			("ehr_versions", json!([RECORD.to_string(), null, limit])),
			("ehr_checkpoints", json!([1, "records", null, limit])),
		] {
			assert_eq!(error_code(method, params).await, 26002, "{method} {limit}");
		}
	}
}

#[tokio::test]
async fn malformed_parameters_are_refused() {
	for (method, params) in [
		("registry_organisation", json!([])),
		("registry_organisation", json!([-1])),
		("registry_organisation", json!([1, "yesterday"])),
		("registry_organisation", json!([1, null, "0x12"])),
		("registry_organisations", json!(["beef"])),
		("registry_member", json!(["nobody"])),
		("registry_licences", json!([{ "person": 1 }])),
		("registry_capability", json!([{ "organisation": 1 }, "Fly"])),
		("registry_capability", json!([{ "organisation": 1 }, "Dispense", "Greece"])),
		("ehr_anchor", json!(["0x12"])),
		("ehr_log", json!([1, "diary"])),
		("ehr_verifyAnchor", json!([RECORD.to_string(), { "salt": "0x00" }])),
		("ehr_verifyLog", json!([1, "records", opening()])),
		("ehr_proveAnchor", json!([RECORD.to_string()])),
		("ehr_proveAnchor", json!([RECORD.to_string(), -1])),
		("ehr_proveLog", json!([1, "diary"])),
		("registry_proveMember", json!(["nobody"])),
		("registry_proveLicence", json!([-1])),
		("registry_proveCapability", json!([{ "organisation": 1 }, "Fly"])),
		("subjects_proveSubject", json!(["0x12"])),
		("subjects_proveSubjectByKey", json!(["nobody"])),
		("subjects_proveKey", json!([PATIENT, "yesterday"])),
	] {
		assert_eq!(error_code(method, params).await, -32602, "{method}");
	}
}

#[tokio::test]
async fn refused_parameters_are_not_repeated() {
	let secret = format!("0x{}zz", "11".repeat(31));
	let mut opening = opening();
	opening["salt"] = json!(secret);
	let response = respond("ehr_verifyAnchor", json!([RECORD.to_string(), opening])).await;
	assert_eq!(response["error"]["code"], -32602);
	assert!(!response.to_string().contains("1111"), "{response}");
}

#[test]
fn error_codes_are_frozen() {
	let codes = [
		Failure::NotFound("x"),
		Failure::LimitOutOfRange,
		Failure::UnknownBlock,
		Failure::ApiUnavailable,
		Failure::RuntimeFailed,
		Failure::TooManyKeys,
	];
	assert_eq!(codes.map(|failure| failure.code()), [26001, 26002, 26003, 26004, 26005, 26006]);
}
