// SPDX-License-Identifier: Apache-2.0
//! The later life of a record: disputes, requests, holds, retention, erasure, suites.

use codec::{Encode, MaxEncodedLen};
use epidaurus_primitives::{
	ehr::SuiteStatus,
	hash::Commitment,
	ids::{MemberKey, OrgId, SubjectId},
	life::{
		AmendmentRequest, Answer, Answered, DenialReason, Dispute, DisputeEnd, DisputeOutcome, EndedHold,
		ErasureGround, Folded, Hold, RecordLife, Refused, RequestState, Resolution, Statement, ANSWER_WITHIN,
		ATTESTATION_VALID, MAX_DISPUTES, MAX_ENDED_HOLDS, MAX_HOLDS, MAX_REQUESTS,
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
	let opened = Dispute { statement: text(1), opened_at: Moment(10), withdrawn_in_doubt: None, end: None };
	assert_eq!(life.disputes.to_vec(), [opened]);
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
fn one_more_dispute_is_always_admitted_and_the_oldest_that_ended_gives_way() {
	let mut life = new();
	for number in 0..3 * MAX_DISPUTES {
		let at = Moment(u64::from(number));
		life = life.dispute(SUBJECT, text(1), at).unwrap();
		assert_eq!(life.disputes.last().unwrap().opened_at, at);
		life.check(Moment(99)).unwrap();
		life = life.withdraw_dispute(SUBJECT, at).unwrap();
	}
	let kept = life.disputes.iter().map(|one| one.opened_at.0);
	assert!(kept.eq(u64::from(2 * MAX_DISPUTES)..u64::from(3 * MAX_DISPUTES)));
	assert_eq!(life.folded, Folded { disputes: 2 * MAX_DISPUTES, ..Folded::default() });
	assert_eq!(life.view(true, Moment(99), |_| false).folded, life.folded);
}

#[test]
fn withdrawal_in_doubt_ends_no_dispute() {
	let stolen = |at: Moment| at == Moment(11);
	let life = disputed().withdraw_dispute(SUBJECT, Moment(11)).unwrap();
	let views = |life: &RecordLife| life.view(true, Moment(20), stolen).disputes;
	let view = life.view(true, Moment(20), stolen);
	assert!(view.disputed && view.disputes[0].end_doubtful && !view.disputes[0].doubtful);
	let calm = life.view(true, Moment(20), |_| false);
	assert!(!calm.disputed && !calm.disputes[0].end_doubtful);
	// It stands in the way of erasure, and can be answered or withdrawn.
	let attest = |life: RecordLife| life.attest(CUSTODIAN, member(1), GROUND, Moment(20));
	assert!(attest(life.clone().reconsidered(|_| false)).is_ok());
	let stands = life.clone().reconsidered(stolen);
	assert_eq!(attest(stands.clone()), Err(Refused::Disputed));
	let resolved = stands.clone().resolve_dispute(Resolution::Rejected, text(2), Moment(21)).unwrap();
	let withdrawn = stands.withdraw_dispute(SUBJECT, Moment(21)).unwrap();
	for ended in [resolved, withdrawn] {
		ended.check(Moment(21)).unwrap();
		assert_eq!(ended.disputes[0].withdrawn_in_doubt, Some(Moment(11)), "what was done is told");
		assert!(!views(&ended)[0].end_doubtful && attest(ended.reconsidered(stolen)).is_ok());
	}
	// What the custodian answered, no doubt touches; nor a dispute that another one followed.
	let resolved = disputed().resolve_dispute(Resolution::Upheld, text(2), Moment(11)).unwrap();
	assert!(attest(resolved.clone().reconsidered(stolen)).is_ok() && !views(&resolved)[0].end_doubtful);
	let next = life.dispute(SUBJECT, text(2), Moment(12)).unwrap();
	let next = next.withdraw_dispute(SUBJECT, Moment(13)).unwrap();
	assert!(attest(next.clone().reconsidered(stolen)).is_ok());
	assert_eq!(views(&next).iter().map(|view| view.end_doubtful).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn attestation_made_while_a_withdrawal_was_not_yet_in_doubt_falls_with_it() {
	let life = disputed().withdraw_dispute(SUBJECT, Moment(11)).unwrap();
	let attested = life.attest(CUSTODIAN, member(1), GROUND, Moment(12)).unwrap();
	let stands = attested.reconsidered(|_| true);
	let second = |life: RecordLife| life.attest(CUSTODIAN, member(2), GROUND, Moment(14));
	assert_eq!(second(stands.clone()), Err(Refused::Disputed));
	let ended = stands.resolve_dispute(Resolution::Rejected, text(2), Moment(13)).unwrap();
	assert_eq!(ended.attestation, None);
	assert_eq!(second(ended).unwrap().erasure, None, "it begins anew");
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
fn requests_wait_for_the_one_before_and_one_more_is_always_admitted() {
	let mut life = new();
	let all = 2 * MAX_REQUESTS;
	for number in 0..all {
		let at = Moment(u64::from(number) * 61 * DAY);
		life = life.request(SUBJECT, text(1), 1, at).unwrap();
		assert_eq!(life.newest_request(), Some(number));
		assert_eq!(life.clone().request(SUBJECT, text(1), 1, at), Err(Refused::AlreadyExists));
		life.check(at).unwrap();
		// The first is answered too late, and the subject disagrees with the second.
		let late = Moment(at.0 + if number == 0 { ANSWER_WITHIN + 1 } else { 0 });
		let deny = |request: AmendmentRequest| request.denied(DenialReason::NotInRecordSet, text(2), late);
		assert_eq!(life.clone().change_request(number + 1, deny), Err(Refused::NotFound));
		life = life.change_request(number, deny).unwrap();
		if number == 1 {
			life = life.disagree(SUBJECT, number, text(3), late).unwrap();
		}
	}
	let folded = Folded { requests: MAX_REQUESTS, overdue: 1, disagreements: 1, ..Folded::default() };
	assert_eq!(life.folded, folded);
	let view = life.view(true, Moment(0), |_| false);
	assert!(view.requests.iter().map(|view| view.number).eq(MAX_REQUESTS..all), "numbers stay");
	assert!(view.overdue, "that an answer was late stays too");
	assert_eq!(life.request_numbered(MAX_REQUESTS - 1), None);
	assert_eq!(life.request_numbered(MAX_REQUESTS), life.requests.first());
	let now = Moment(u64::MAX);
	for gone in [0, MAX_REQUESTS - 1, all, u32::MAX] {
		assert_eq!(life.clone().disagree(SUBJECT, gone, text(3), now), Err(Refused::NotFound), "{gone}");
	}
	assert_eq!(life.clone().disagree(OTHER, all - 1, text(3), now), Err(Refused::OtherSubject));
	let disagreed = life.disagree(SUBJECT, all - 1, text(3), now).unwrap();
	assert_eq!(disagreed.requests.last().unwrap().state(), RequestState::Disagreed);
	let views = disagreed.view(true, now, |at| at == now).requests;
	let doubtful = views.iter().map(|view| (view.doubtful, view.disagreement_doubtful));
	assert!(doubtful.eq((1..MAX_REQUESTS).map(|_| (false, false)).chain([(false, true)])));
	assert_eq!(new().disagree(SUBJECT, 0, text(3), Moment(99)), Err(Refused::NotFound));
	assert_eq!(new().newest_request(), None);
}

#[test]
fn hold_is_one_for_each_authority_and_lifted_by_who_answers_for_it() {
	let life = new().hold(REGULATOR, Moment(10)).unwrap();
	assert_eq!(life.holds.to_vec(), [Hold { by: REGULATOR, since: Moment(10) }]);
	assert_eq!(life.clone().hold(REGULATOR, Moment(11)), Err(Refused::AlreadyExists));
	let both = life.clone().hold(OrgId(6), Moment(11)).unwrap();
	let lift = |life: RecordLife, of: OrgId| life.lift_hold(Moment(15), |by| by == of);
	assert_eq!(lift(both.clone(), OrgId(7)), Err(Refused::NotFound));
	let (left, by) = lift(both, REGULATOR).unwrap();
	assert_eq!((left.holds.to_vec(), by), (vec![Hold { by: OrgId(6), since: Moment(11) }], REGULATOR));
	// That it was held, and when, is still told.
	let (left, _) = lift(life, REGULATOR).unwrap();
	let ended = EndedHold { by: REGULATOR, since: Moment(10), until: Moment(15) };
	assert_eq!((left.holds.len(), left.ended_holds.to_vec()), (0, vec![ended]));
	assert_eq!(left.view(false, Moment(20), |_| false).ended_holds, [ended]);
	let mut life = new();
	for number in 0..MAX_HOLDS {
		life = life.hold(OrgId(number), Moment(1)).unwrap();
	}
	assert_eq!(life.hold(OrgId(99), Moment(1)), Err(Refused::TooMany));
}

#[test]
fn holds_that_ended_give_way_to_later_ones() {
	let mut life = new();
	for at in 0..u64::from(MAX_ENDED_HOLDS) + 3 {
		let held = life.hold(REGULATOR, Moment(at)).unwrap();
		held.check(Moment(at)).unwrap();
		(life, _) = held.lift_hold(Moment(at + 1), |_| true).unwrap();
		life.check(Moment(at + 1)).unwrap();
	}
	assert_eq!(life.folded, Folded { holds: 3, ..Folded::default() });
	assert!(life.ended_holds.iter().map(|hold| hold.since.0).eq(3..u64::from(MAX_ENDED_HOLDS) + 3));
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
	// Nor do members of two organisations erase a record together, of which only one can be named.
	let elsewhere = once.clone().attest(OrgId(2), member(2), GROUND, Moment(12)).unwrap();
	assert_eq!((elsewhere.erasure, elsewhere.attestation.unwrap().organisation), (None, OrgId(2)));
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
	let asked = new().request(SUBJECT, text(1), 1, Moment(10)).unwrap();
	assert_eq!(attest(asked.clone(), 20), Err(Refused::Unanswered));
	assert!(attest(asked.change_request(0, |one| one.accepted(2, false, Moment(12))).unwrap(), 20).is_ok());
	let retained = new().retain(Moment(DAY)).unwrap();
	assert_eq!(attest(retained.clone(), DAY - 1), Err(Refused::Retained));
	assert!(attest(retained, DAY).is_ok());
	assert_eq!(attest(erased(), 30), Err(Refused::Erased));
	// What comes between the two members undoes what the first attested.
	let once = attest(new(), 10).unwrap();
	let held = once.clone().hold(REGULATOR, Moment(11)).unwrap().lift_hold(Moment(12), |_| true).unwrap().0;
	let ended = once.clone().dispute(SUBJECT, text(1), Moment(11)).unwrap();
	let ended = ended.withdraw_dispute(SUBJECT, Moment(12)).unwrap();
	let answered = once.clone().request(SUBJECT, text(1), 1, Moment(11)).unwrap();
	let answered = answered.change_request(0, |one| one.accepted(2, false, Moment(12))).unwrap();
	for life in [held, ended, answered, once.retain(Moment(1)).unwrap()] {
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
	let none_folded = "00".repeat(20);
	assert_eq!(hex(&|| new().encode()), format!("0000000000000000{none_folded}"));
	let held = new().hold(REGULATOR, Moment(2)).unwrap();
	let hold = "050000000200000000000000";
	assert_eq!(hex(&|| held.encode()), format!("00000004{hold}00000000{none_folded}"));
	let lifted = held.lift_hold(Moment(3), |_| true).unwrap().0;
	assert_eq!(hex(&|| lifted.encode()), format!("0000000004{hold}0300000000000000000000{none_folded}"));
	let text = |byte: &str| byte.repeat(32);
	let (ten, twenty) = ("0a00000000000000", "1400000000000000");
	assert_eq!(hex(&|| disputed().disputes[0].encode()), format!("{}{ten}0000", text("01")));
	let resolved = disputed().resolve_dispute(Resolution::Rejected, Commitment([2; 32]), Moment(20)).unwrap();
	let expected = format!("{}{ten}00010001{}{twenty}", text("01"), text("02"));
	assert_eq!(hex(&|| resolved.disputes[0].encode()), expected);
	let expected = format!("{}03000000{ten}010103{}{twenty}0000", text("01"), text("02"));
	assert_eq!(hex(&|| denied().encode()), expected);
	let stood = disputed().withdraw_dispute(SUBJECT, Moment(10)).unwrap().reconsidered(|_| true);
	let stood = stood.withdraw_dispute(SUBJECT, Moment(20)).unwrap();
	assert_eq!(hex(&|| stood.disputes[0].encode()), format!("{}{ten}01{ten}0101{twenty}", text("01")));
	let expected = format!("0101000000{}0100000001{ten}{}{twenty}", text("01"), text("02"));
	assert_eq!(hex(&|| erased().erasure.unwrap().encode()), expected);
	assert_eq!(SuiteStatus::Deprecated { since: Moment(1) }.encode()[0], 1);
	assert_eq!(SuiteStatus::max_encoded_len(), 17);
	assert_eq!(RecordLife::max_encoded_len(), 2_499);
}

#[derive(Clone, Copy, Debug)]
enum Step {
	Dispute,
	Withdraw(u8),
	Resolve,
	ResolveInDoubt,
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
		Just(Step::ResolveInDoubt),
		Just(Step::Request),
		(0..12_u32).prop_map(Step::Accept),
		(0..12_u32).prop_map(Step::Deny),
		(0..2_u8, 0..12_u32).prop_map(|(subject, number)| Step::Disagree(subject, number)),
		(0..12_u32).prop_map(Step::Rebut),
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
	fn any_life_keeps_its_rules(steps in proptest::collection::vec(step(), 0..240)) {
		let mut life = new();
		let mut now = Moment(0);
		for step in steps {
			let before = life.clone();
			let next = match step {
				Step::Dispute => life.clone().dispute(SUBJECT, text(1), now),
				Step::Withdraw(who) => life.clone().withdraw_dispute(if who == 0 { SUBJECT } else { OTHER }, now),
				Step::Resolve => life.clone().resolve_dispute(Resolution::Upheld, text(2), now),
				Step::ResolveInDoubt => {
					life.clone().reconsidered(|_| true).resolve_dispute(Resolution::Upheld, text(2), now)
				},
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
				Step::Lift(by) => life.clone().lift_hold(now, |one| one == OrgId(by)).map(|(life, _)| life),
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
			let count = |life: &RecordLife| {
				let Folded { disputes, requests, holds, .. } = life.folded;
				let all = [life.disputes.len(), life.requests.len(), life.holds.len() + life.ended_holds.len()];
				[disputes as usize + all[0], requests as usize + all[1], holds as usize + all[2]]
			};
			prop_assert!(count(&life).iter().zip(count(&before)).all(|(new, old)| *new >= old), "nothing is forgotten");
			prop_assert!(life.retained_until >= before.retained_until);
			prop_assert!(before.erasure.is_none() || life.erasure == before.erasure);
			prop_assert!(before.subject.is_none() || life.subject == before.subject);
			if life.erasure.is_some() && before.erasure.is_none() {
				prop_assert!(before.holds.is_empty() && !before.is_disputed() && !before.is_asked());
				prop_assert!(before.attestation.is_some() && before.retained_until.is_none_or(|until| until <= now));
			}
			let gone = (life.folded.disputes - before.folded.disputes) as usize;
			for (old, new) in before.disputes.iter().skip(gone).zip(life.disputes.iter()) {
				let answered = new.withdrawn_in_doubt.is_some() && new.withdrawn_in_doubt == old.withdrawn_at();
				prop_assert!(old == new || old.is_open() || answered);
			}
			let gone = (life.folded.requests - before.folded.requests) as usize;
			for (old, new) in before.requests.iter().skip(gone).zip(life.requests.iter()) {
				prop_assert!(old.answered.is_none() || old.answered == new.answered);
				prop_assert!(old.disagreement.is_none() || old.disagreement == new.disagreement);
				prop_assert!(old.is_overdue(now) == new.is_overdue(now));
			}
			let overdue = |life: &RecordLife| life.view(true, now, |_| false).overdue;
			prop_assert!(overdue(&life) || !overdue(&before));
		}
	}

	#[test]
	fn end_of_day_is_the_next_midnight(at: u64) {
		let end = Moment(at).end_of_day();
		prop_assert_eq!(end.0 % DAY, 0);
		prop_assert!(end.0 >= at && end.0 - at < DAY || u64::MAX - at < DAY);
	}
}
