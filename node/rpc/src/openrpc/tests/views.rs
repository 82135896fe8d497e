// SPDX-License-Identifier: Apache-2.0
//! Forms that no example shows, as the types write them: all are of their schemas.

use super::*;
use epidaurus_primitives::{
	ehr::SuiteStatus,
	hash::Commitment,
	ids::{MemberKey, OrgId, SubjectId},
	life::{DenialReason, ErasureGround, RecordLife, Refused, Resolution},
	moment::Moment,
	subjects::{RebindPhase, SubjectStatus},
	views::LifeView,
};

const PATIENT: SubjectId = SubjectId([1; 32]);
const TEXT: Commitment = Commitment([2; 32]);
const SOON: Moment = Moment(1_700_000_000_000);

/// A dispute withdrawn and one upheld, a request accepted and one denied to the end, and what `last` adds.
fn life(last: impl FnOnce(RecordLife) -> Result<RecordLife, Refused>) -> LifeView {
	let life = RecordLife::default()
		.dispute(PATIENT, TEXT, SOON)
		.and_then(|life| life.withdraw_dispute(PATIENT, SOON))
		.and_then(|life| life.dispute(PATIENT, TEXT, SOON))
		.and_then(|life| life.resolve_dispute(Resolution::Upheld, TEXT, SOON))
		.and_then(|life| life.request(PATIENT, TEXT, 1, SOON))
		.and_then(|life| life.change_request(0, |request| request.accepted(2, false, SOON)))
		.and_then(|life| life.request(PATIENT, TEXT, 2, SOON))
		.and_then(|life| {
			life.change_request(1, |request| request.denied(DenialReason::AccurateAndComplete, TEXT, SOON))
		})
		.and_then(|life| life.disagree(PATIENT, 1, TEXT, SOON))
		.and_then(|life| life.change_request(1, |request| request.rebutted(TEXT, SOON)));
	life.and_then(last).unwrap().view(true, SOON, |_| false)
}

fn attested(life: RecordLife, by: u8) -> Result<RecordLife, Refused> {
	life.attest(OrgId(1), MemberKey([by; 32]), ErasureGround::ConsentWithdrawn, SOON)
}

#[test]
fn rare_forms_are_of_their_schemas() {
	let document = document();
	let check = |name: &str, value: Value| {
		let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
		assert_eq!(schema::problem(&document, &schema, &value), None, "{name}: {value}");
		value
	};
	let attested_once = check("LifeView", json!(life(|life| attested(life, 3))));
	assert_eq!(attested_once["attestation"]["ground"], "consentWithdrawn");
	assert_eq!(attested_once["requests"][1]["state"], "rebutted");
	assert_eq!(attested_once["attestation"]["organisation"], 1);
	let held = life(|life| life.retain(SOON).and_then(|life| life.hold(OrgId(5), SOON)));
	assert!(check("LifeView", json!(held))["retainedUntil"].is_string());
	let lifted = life(|life| Ok(life.hold(OrgId(5), SOON)?.lift_hold(SOON, |_| true)?.0));
	let lifted = check("LifeView", json!(lifted));
	assert_eq!(lifted["endedHolds"][0]["until"], "2023-11-14T22:13:20.000Z");
	let stood = RecordLife::default()
		.dispute(PATIENT, TEXT, SOON)
		.and_then(|life| life.withdraw_dispute(PATIENT, SOON))
		.and_then(|life| life.reconsidered(|_| true).withdraw_dispute(PATIENT, SOON));
	let stood = check("LifeView", json!(stood.unwrap().view(true, SOON, |_| true)));
	assert_eq!((&stood["disputed"], &stood["disputes"][0]["endDoubtful"]), (&json!(true), &json!(true)));
	assert!(stood["disputes"][0]["withdrawnInDoubt"].is_string());
	let mut erased = check("LifeView", json!(life(|life| attested(life, 3).and_then(|life| attested(life, 4)))));
	let members = erased["erasure"]["attestedBy"].as_array_mut().unwrap();
	assert_eq!(members.len(), 2);
	members.pop();
	let schema = json!({ "$ref": "#/components/schemas/LifeView" });
	assert!(schema::problem(&document, &schema, &erased).is_some(), "an erasure that one member attested");

	for status in [SubjectStatus::Active, SubjectStatus::Deceased, SubjectStatus::Merged { link: TEXT }] {
		check("SubjectStatus", json!(status));
	}
	let forbidden = SuiteStatus::Forbidden { since: SOON, deprecated: SOON };
	for status in [SuiteStatus::Active, SuiteStatus::Deprecated { since: SOON }, forbidden] {
		check("SuiteStatus", json!(status));
	}
	for phase in [
		RebindPhase::Started,
		RebindPhase::Lapsed,
		RebindPhase::Contestable,
		RebindPhase::Unopposed,
		RebindPhase::Contested,
	] {
		check("RebindPhase", json!(phase));
	}
}
