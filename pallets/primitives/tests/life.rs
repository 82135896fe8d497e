// SPDX-License-Identifier: Apache-2.0
//! The later life of a record: disputes, requests, holds, retention, erasure, suites.

use codec::{Encode, MaxEncodedLen};
use epidaurus_primitives::{
	ehr::SuiteStatus,
	hash::Commitment,
	ids::{MemberKey, OrgId, SubjectId},
	life::{
		AmendmentRequest, Answer, Answered, DenialReason, Dispute, DisputeEnd, DisputeOutcome, ErasureGround, Hold,
		RecordLife, Refused, RequestState, Resolution, Statement, ANSWER_WITHIN, ATTESTATION_VALID, MAX_DISPUTES,
		MAX_HOLDS, MAX_REQUESTS,
	},
	moment::{Moment, DAY},
};
use proptest::prelude::*;

const SUBJECT: SubjectId = SubjectId([9; 32]);
const OTHER: SubjectId = SubjectId([8; 32]);
const CUSTODIAN: OrgId = OrgId(1);
const REGULATOR: OrgId = OrgId(5);
const GROUND: ErasureGround = ErasureGround::ConsentWithdrawn;

fn text(seed: u8) -> Commitment {
	Commitment([seed; 32])
}

fn member(seed: u8) -> MemberKey {
	MemberKey([seed; 32])
}

fn new() -> RecordLife {
	RecordLife::default()
}

fn disputed() -> RecordLife {
	new().dispute(SUBJECT, text(1), Moment(10)).unwrap()
}

fn asked() -> AmendmentRequest {
	AmendmentRequest::asked(text(1), 3, Moment(10))
}

fn denied() -> AmendmentRequest {
	asked().denied(DenialReason::AccurateAndComplete, text(2), Moment(20)).unwrap()
}

fn erased() -> RecordLife {
	let once = new().attest(CUSTODIAN, member(1), GROUND, Moment(10)).unwrap();
	once.attest(CUSTODIAN, member(2), GROUND, Moment(20)).unwrap()
}

#[test]
fn dispute_opens_and_ends_once() {
	let life = disputed();
	assert_eq!(life.disputes.to_vec(), [Dispute { statement: text(1), opened_at: Moment(10), end: None }]);
	assert!(life.is_disputed());
	assert_eq!(life.clone().dispute(SUBJECT, text(2), Moment(11)), Err(Refused::AlreadyExists));
	let life = life.resolve_dispute(Resolution::Rejected, text(3), Moment(20)).unwrap();
	let outcome = DisputeOutcome::Resolved { resolution: Resolution::Rejected, explanation: text(3) };
	assert_eq!(life.disputes[0].end, Some(DisputeEnd { outcome, at: Moment(20) }));
	assert!(!life.is_disputed());
	assert_eq!(life.clone().resolve_dispute(Resolution::Upheld, text(4), Moment(21)), Err(Refused::NotFound));
	assert_eq!(life.withdraw_dispute(SUBJECT, Moment(21)), Err(Refused::NotFound));
}

#[test]
fn dispute_is_withdrawn_by_its_subject_only() {
	assert_eq!(new().withdraw_dispute(SUBJECT, Moment(11)), Err(Refused::NotFound));
	assert_eq!(disputed().withdraw_dispute(OTHER, Moment(11)), Err(Refused::OtherSubject));
	let life = disputed().withdraw_dispute(SUBJECT, Moment(11)).unwrap();
	assert_eq!(life.disputes[0].end, Some(DisputeEnd { outcome: DisputeOutcome::Withdrawn, at: Moment(11) }));
	// It can be opened again, which is another dispute.
	assert_eq!(life.dispute(SUBJECT, text(2), Moment(12)).unwrap().disputes.len(), 2);
}

#[test]
fn disputes_are_bounded() {
	let mut life = new();
	for number in 0..MAX_DISPUTES {
		let at = Moment(u64::from(number));
		life = life.dispute(SUBJECT, text(1), at).unwrap().withdraw_dispute(SUBJECT, at).unwrap();
	}
	assert_eq!(life.dispute(SUBJECT, text(1), Moment(99)), Err(Refused::TooMany));
}

#[test]
fn request_is_accepted_when_the_record_was_amended() {
	assert_eq!(asked().state(), RequestState::Open);
	for newest in [0, 2, 3] {
		assert_eq!(asked().accepted(newest, false, Moment(20)), Err(Refused::NotAmended), "{newest}");
	}
	let accepted = asked().accepted(4, false, Moment(20)).unwrap();
	assert_eq!(accepted.answered, Some(Answered { answer: Answer::Accepted { version: 4 }, at: Moment(20) }));
	assert_eq!(accepted.state(), RequestState::Accepted);
	// A record that should never have been is corrected by saying so.
	assert!(asked().accepted(3, true, Moment(20)).is_ok());
	for refused in [
		accepted.accepted(5, false, Moment(30)),
		accepted.denied(DenialReason::NotCreatedHere, text(1), Moment(30)),
		accepted.disagreed(text(1), Moment(30)),
		accepted.rebutted(text(1), Moment(30)),
	] {
		assert_eq!(refused, Err(Refused::WrongState));
	}
}

#[test]
fn request_that_is_denied_can_be_disagreed_with_and_rebutted_once() {
	assert_eq!(denied().state(), RequestState::Denied);
	assert_eq!(denied().rebutted(text(4), Moment(40)), Err(Refused::WrongState));
	let disagreed = denied().disagreed(text(3), Moment(30)).unwrap();
	assert_eq!(disagreed.disagreement, Some(Statement { text: text(3), at: Moment(30) }));
	assert_eq!(disagreed.state(), RequestState::Disagreed);
	assert_eq!(disagreed.disagreed(text(3), Moment(31)), Err(Refused::WrongState));
	let rebutted = disagreed.rebutted(text(4), Moment(40)).unwrap();
	assert_eq!(rebutted.state(), RequestState::Rebutted);
	assert_eq!(rebutted.rebutted(text(4), Moment(41)), Err(Refused::WrongState));
	for closed in [denied(), disagreed, rebutted] {
		assert_eq!(closed.accepted(9, false, Moment(50)), Err(Refused::WrongState));
		assert_eq!(closed.denied(DenialReason::NotCreatedHere, text(1), Moment(50)), Err(Refused::WrongState));
	}
	assert_eq!(asked().disagreed(text(3), Moment(30)), Err(Refused::WrongState));
}

#[test]
fn request_is_overdue_after_sixty_days_whether_answered_or_not() {
	let due = Moment(10 + 60 * DAY);
	assert_eq!((ANSWER_WITHIN, asked().due()), (60 * DAY, due));
	let late = Moment(due.0 + 1);
	assert!(!asked().is_overdue(due) && asked().is_overdue(late));
	let in_time = asked().denied(DenialReason::NotInRecordSet, text(2), due).unwrap();
	assert!(!in_time.is_overdue(Moment(u64::MAX)));
	let too_late = asked().accepted(4, false, late).unwrap();
	assert!(too_late.is_overdue(late), "an answer does not undo that it was late");
}

#[test]
fn requests_wait_for_the_one_before_and_are_bounded() {
	let mut life = new();
	for number in 0..MAX_REQUESTS {
		let at = Moment(u64::from(number));
		life = life.request(SUBJECT, text(1), 1, at).unwrap();
		assert_eq!(life.clone().request(SUBJECT, text(1), 1, at), Err(Refused::AlreadyExists));
		let deny = |request: AmendmentRequest| request.denied(DenialReason::NotInRecordSet, text(2), at);
		assert_eq!(life.clone().change_request(number + 1, deny), Err(Refused::NotFound));
		life = life.change_request(number, deny).unwrap();
	}
	assert_eq!(life.clone().request(SUBJECT, text(1), 1, Moment(99)), Err(Refused::TooMany));
	assert_eq!(life.clone().disagree(OTHER, 0, text(3), Moment(99)), Err(Refused::OtherSubject));
	assert_eq!(life.disagree(SUBJECT, 0, text(3), Moment(99)).unwrap().requests[0].state(), RequestState::Disagreed);
	assert_eq!(new().disagree(SUBJECT, 0, text(3), Moment(99)), Err(Refused::NotFound));
}

#[test]
fn hold_is_one_for_each_authority_and_lifted_by_who_answers_for_it() {
	let life = new().hold(REGULATOR, Moment(10)).unwrap();
	assert_eq!(life.holds.to_vec(), [Hold { by: REGULATOR, since: Moment(10) }]);
	assert_eq!(life.clone().hold(REGULATOR, Moment(11)), Err(Refused::AlreadyExists));
	let both = life.clone().hold(OrgId(6), Moment(11)).unwrap();
	assert_eq!(both.clone().lift_hold(|by| by == OrgId(7)), Err(Refused::NotFound));
	let (left, by) = both.lift_hold(|by| by == REGULATOR).unwrap();
	assert_eq!((left.holds.to_vec(), by), (vec![Hold { by: OrgId(6), since: Moment(11) }], REGULATOR));
	assert!(life.lift_hold(|by| by == REGULATOR).unwrap().0.is_uneventful());
	let mut life = new();
	for number in 0..MAX_HOLDS {
		life = life.hold(OrgId(number), Moment(1)).unwrap();
	}
	assert_eq!(life.hold(OrgId(99), Moment(1)), Err(Refused::TooMany));
}

#[test]
fn retention_is_rounded_outward_and_only_prolonged() {
	let life = new().retain(Moment(5 * DAY + 1)).unwrap();
	assert_eq!(life.retained_until, Some(Moment(6 * DAY)));
	for until in [0, 5 * DAY, 5 * DAY + 2, 6 * DAY] {
		assert_eq!(life.clone().retain(Moment(until)), Err(Refused::NotProlonged), "{until}");
	}
	assert_eq!(life.retain(Moment(6 * DAY + 1)).unwrap().retained_until, Some(Moment(7 * DAY)));
	let last = new().retain(Moment(u64::MAX)).unwrap().retained_until.unwrap();
	assert_eq!(last, last.end_of_day());
}

#[test]
fn erasure_needs_two_members_and_one_ground_in_time() {
	let once = new().attest(CUSTODIAN, member(1), GROUND, Moment(10)).unwrap();
	assert_eq!(once.erasure, None);
	assert_eq!(once.clone().attest(CUSTODIAN, member(1), GROUND, Moment(11)), Err(Refused::AlreadyExists));
	// Another ground is another attestation; so is one that comes too late.
	let other = once.clone().attest(CUSTODIAN, member(2), ErasureGround::Objection, Moment(12)).unwrap();
	assert_eq!((other.erasure, other.attestation.unwrap().by), (None, member(2)));
	let late = Moment(10 + ATTESTATION_VALID + 1);
	let again = once.clone().attest(CUSTODIAN, member(2), GROUND, late).unwrap();
	assert_eq!((again.erasure, again.attestation.unwrap().at), (None, late));
	let life = once.attest(CUSTODIAN, member(2), GROUND, Moment(10 + ATTESTATION_VALID)).unwrap();
	let erasure = life.erasure.unwrap();
	assert_eq!((erasure.first.by, erasure.second, erasure.ground), (member(1), member(2), GROUND));
	assert_eq!((erasure.custodian, life.attestation), (CUSTODIAN, None));
}

#[test]
fn erasure_is_refused_while_anything_stands_against_it() {
	let attest = |life: RecordLife, at| life.attest(CUSTODIAN, member(1), GROUND, Moment(at));
	assert_eq!(attest(disputed(), 20), Err(Refused::Disputed));
	assert_eq!(attest(new().hold(REGULATOR, Moment(1)).unwrap(), 20), Err(Refused::Held));
	let retained = new().retain(Moment(DAY)).unwrap();
	assert_eq!(attest(retained.clone(), DAY - 1), Err(Refused::Retained));
	assert!(attest(retained, DAY).is_ok());
	assert_eq!(attest(erased(), 30), Err(Refused::Erased));
	// What comes between the two members undoes what the first attested.
	let once = attest(new(), 10).unwrap();
	let held = once.clone().hold(REGULATOR, Moment(11)).unwrap().lift_hold(|_| true).unwrap().0;
	let ended = once.clone().dispute(SUBJECT, text(1), Moment(11)).unwrap();
	let ended = ended.withdraw_dispute(SUBJECT, Moment(12)).unwrap();
	for life in [held, ended, once.retain(Moment(1)).unwrap()] {
		assert_eq!(life.attestation, None);
		assert_eq!(life.attest(CUSTODIAN, member(2), GROUND, Moment(2 * DAY)).unwrap().erasure, None);
	}
}

#[test]
fn erased_record_takes_no_request_hold_or_retention_but_a_dispute() {
	assert_eq!(erased().request(SUBJECT, text(1), 1, Moment(30)), Err(Refused::Erased));
	assert_eq!(erased().hold(REGULATOR, Moment(30)), Err(Refused::Erased));
	assert_eq!(erased().retain(Moment(30)), Err(Refused::Erased));
	assert!(erased().dispute(SUBJECT, text(1), Moment(30)).unwrap().is_disputed());
}

#[test]
fn suite_status_only_goes_forward() {
	let (at, later) = (Moment(10), Moment(20));
	let deprecated = SuiteStatus::Deprecated { since: at };
	let forbidden = SuiteStatus::Forbidden { since: later, deprecated: at };
	assert_eq!(SuiteStatus::default(), SuiteStatus::Active);
	assert_eq!(SuiteStatus::Active.deprecated(at), Some(deprecated));
	assert_eq!(SuiteStatus::Active.forbidden(at), None);
	assert_eq!(deprecated.deprecated(later), None);
	assert_eq!(deprecated.forbidden(later), Some(forbidden));
	assert_eq!((forbidden.deprecated(later), forbidden.forbidden(later)), (None, None));
	assert!(forbidden.is_forbidden() && !deprecated.is_forbidden());
}

#[test]
fn view_tells_everything_and_that_openings_may_remain() {
	let life = erased().dispute(SUBJECT, text(1), Moment(30)).unwrap();
	let view = life.view(true, Moment(40), |at| at == Moment(30));
	assert!(view.linked && view.disputed && view.disputes[0].doubtful && !view.overdue);
	let erasure = view.erasure.clone().unwrap();
	assert_eq!((erasure.attested_by, erasure.at), ([member(1), member(2)], Moment(20)));
	assert!(erasure.openings_may_remain);
	let json = serde_json::to_value(&view).unwrap();
	assert_eq!(json["erasure"]["openingsMayRemain"], true);
	assert_eq!(json["erasure"]["ground"], "consentWithdrawn");
	assert_eq!(json["disputes"][0]["openedAt"], "1970-01-01T00:00:00.030Z");
	let asked = new().request(SUBJECT, text(1), 1, Moment(0)).unwrap();
	let view = asked.view(false, Moment(61 * DAY), |_| false);
	assert!(view.overdue && view.requests[0].overdue && !view.requests[0].doubtful);
	let json = serde_json::to_value(&view).unwrap();
	assert_eq!((&json["requests"][0]["number"], &json["requests"][0]["state"]), (&0.into(), &"open".into()));
	assert_eq!(serde_json::from_value::<epidaurus_primitives::views::LifeView>(json).unwrap(), view);
}

#[test]
fn encodings_are_frozen() {
	let hex = |value: &dyn Fn() -> Vec<u8>| value().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
	assert_eq!(hex(&|| new().encode()), "00000000000000");
	let held = new().hold(REGULATOR, Moment(2)).unwrap();
	assert_eq!(hex(&|| held.encode()), "000000040500000002000000000000000000 00".replace(' ', ""));
	let text = |byte: &str| byte.repeat(32);
	let (ten, twenty) = ("0a00000000000000", "1400000000000000");
	assert_eq!(hex(&|| disputed().disputes[0].encode()), format!("{}{ten}00", text("01")));
	let resolved = disputed().resolve_dispute(Resolution::Rejected, Commitment([2; 32]), Moment(20)).unwrap();
	let expected = format!("{}{ten}010001{}{twenty}", text("01"), text("02"));
	assert_eq!(hex(&|| resolved.disputes[0].encode()), expected);
	let expected = format!("{}03000000{ten}010103{}{twenty}0000", text("01"), text("02"));
	assert_eq!(hex(&|| denied().encode()), expected);
	let expected = format!("0101000000{}01{ten}{}{twenty}", text("01"), text("02"));
	assert_eq!(hex(&|| erased().erasure.unwrap().encode()), expected);
	assert_eq!(SuiteStatus::Deprecated { since: Moment(1) }.encode()[0], 1);
	assert_eq!(SuiteStatus::max_encoded_len(), 17);
	assert_eq!(RecordLife::max_encoded_len(), 2_238);
}

#[derive(Clone, Copy, Debug)]
enum Step {
	Dispute,
	Withdraw(u8),
	Resolve,
	Request,
	Accept(u32),
	Deny(u32),
	Disagree(u8, u32),
	Rebut(u32),
	Hold(u32),
	Lift(u32),
	Retain(u64),
	Attest(u8, bool),
	Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
	prop_oneof![
		Just(Step::Dispute),
		(0..2_u8).prop_map(Step::Withdraw),
		Just(Step::Resolve),
		Just(Step::Request),
		(0..4_u32).prop_map(Step::Accept),
		(0..4_u32).prop_map(Step::Deny),
		(0..2_u8, 0..4_u32).prop_map(|(subject, number)| Step::Disagree(subject, number)),
		(0..4_u32).prop_map(Step::Rebut),
		(0..3_u32).prop_map(Step::Hold),
		(0..3_u32).prop_map(Step::Lift),
		(0..100 * DAY).prop_map(Step::Retain),
		(0..3_u8, any::<bool>()).prop_map(|(member, ground)| Step::Attest(member, ground)),
		(0..40 * DAY).prop_map(Step::Wait),
	]
}

proptest! {
	/// Whatever is tried in whatever order: every invariant holds, erasure is final, and no fact is ever forgotten.
	#[test]
	fn any_life_keeps_its_rules(steps in proptest::collection::vec(step(), 0..80)) {
		let mut life = new();
		let mut now = Moment(0);
		for step in steps {
			let before = life.clone();
			let next = match step {
				Step::Dispute => life.clone().dispute(SUBJECT, text(1), now),
				Step::Withdraw(who) => life.clone().withdraw_dispute(if who == 0 { SUBJECT } else { OTHER }, now),
				Step::Resolve => life.clone().resolve_dispute(Resolution::Upheld, text(2), now),
				Step::Request => life.clone().request(SUBJECT, text(3), 1, now),
				Step::Accept(number) => life.clone().change_request(number, |one| one.accepted(2, false, now)),
				Step::Deny(number) => life.clone().change_request(number, |one| {
					one.denied(DenialReason::NotCreatedHere, text(4), now)
				}),
				Step::Disagree(who, number) => {
					life.clone().disagree(if who == 0 { SUBJECT } else { OTHER }, number, text(5), now)
				},
				Step::Rebut(number) => life.clone().change_request(number, |one| one.rebutted(text(6), now)),
				Step::Hold(by) => life.clone().hold(OrgId(by), now),
				Step::Lift(by) => life.clone().lift_hold(|one| one == OrgId(by)).map(|(life, _)| life),
				Step::Retain(until) => life.clone().retain(Moment(until)),
				Step::Attest(by, one) => {
					let ground = if one { GROUND } else { ErasureGround::Objection };
					life.clone().attest(CUSTODIAN, member(by), ground, now)
				},
				Step::Wait(time) => {
					now = Moment(now.0 + time);
					continue;
				},
			};
			let Ok(next) = next else { continue };
			life = next;
			prop_assert_eq!(life.is_uneventful() || life.check(now).is_ok(), true, "{:?}", life.check(now));
			prop_assert!(life.disputes.len() >= before.disputes.len() && life.requests.len() >= before.requests.len());
			prop_assert!(life.retained_until >= before.retained_until);
			prop_assert!(before.erasure.is_none() || life.erasure == before.erasure);
			prop_assert!(before.subject.is_none() || life.subject == before.subject);
			if life.erasure.is_some() && before.erasure.is_none() {
				prop_assert!(before.holds.is_empty() && !before.is_disputed());
				prop_assert!(before.attestation.is_some() && before.retained_until.is_none_or(|until| until <= now));
			}
			for (old, new) in before.disputes.iter().zip(life.disputes.iter()) {
				prop_assert!(old == new || old.is_open());
			}
			for (old, new) in before.requests.iter().zip(life.requests.iter()) {
				prop_assert!(old.answered.is_none() || old.answered == new.answered);
				prop_assert!(old.disagreement.is_none() || old.disagreement == new.disagreement);
				prop_assert!(old.is_overdue(now) == new.is_overdue(now));
			}
		}
	}

	#[test]
	fn end_of_day_is_the_next_midnight(at: u64) {
		let end = Moment(at).end_of_day();
		prop_assert_eq!(end.0 % DAY, 0);
		prop_assert!(end.0 >= at && end.0 - at < DAY || u64::MAX - at < DAY);
	}
}
