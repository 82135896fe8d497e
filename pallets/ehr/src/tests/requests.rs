// SPDX-License-Identifier: Apache-2.0

use super::*;
use epidaurus_primitives::{
	life::{Answer, DenialReason, RequestState, ANSWER_WITHIN, MAX_REQUESTS},
	views::RequestView,
};

const REASON: DenialReason = DenialReason::AccurateAndComplete;

fn accept(by: AccountId32, number: u32) -> DispatchResult {
	Ehr::accept_amendment(signed(by), RECORD, number)
}

fn deny(by: AccountId32, number: u32) -> DispatchResult {
	Ehr::deny_amendment(signed(by), RECORD, number, REASON, text(2))
}

fn disagree(by: AccountId32, number: u32) -> DispatchResult {
	Ehr::disagree(signed(by), RECORD, number, text(3))
}

fn rebut(by: AccountId32, number: u32) -> DispatchResult {
	Ehr::rebut(signed(by), RECORD, number, text(4))
}

fn requested(test: impl FnOnce()) {
	with_patients_record(|| {
		assert_ok!(request(PATIENT, OF_PATIENT));
		advance(1_000);
		test();
	});
}

fn view(number: usize) -> RequestView {
	Ehr::life_view(RECORD).unwrap().requests[number].clone()
}

#[test]
fn request_amendment_by_the_subject_works() {
	with_patients_record(|| {
		assert_ok!(amend(CLERK, RECORD, 1, 2));
		assert_ok!(request(PATIENT, OF_PATIENT));
		let at = Moment(START.0 + 60_000);
		let view = view(0);
		assert_eq!((view.number, view.state, view.request.version), (0, RequestState::Open, 2));
		assert_eq!((view.request.asked_at, view.due), (at, Moment(at.0 + ANSWER_WITHIN)));
		let event = Event::AmendmentRequested {
			record: RECORD,
			subject: PATIENT_ID,
			by: PATIENT,
			request: 0,
			statement: text(1),
		};
		System::assert_last_event(event.into());
		assert_noop!(request(PATIENT, OF_PATIENT), Error::<Test>::AlreadyExists);
	});
}

#[test]
fn request_amendment_by_others_fails() {
	with_patients_record(|| {
		assert_noop!(request(NEIGHBOUR, OF_PATIENT), Error::<Test>::InvalidLink);
		assert_noop!(request(PATIENT, OF_NEIGHBOUR), Error::<Test>::InvalidLink);
		assert_noop!(request(CLERK, OF_PATIENT), MockSubjects::NOT_A_SUBJECT);
		let nowhere = Ehr::request_amendment(signed(PATIENT), RecordId([8; 16]), key(OF_PATIENT), text(1));
		assert_noop!(nowhere, Error::<Test>::NotFound);
		let root = Ehr::request_amendment(RuntimeOrigin::root(), RECORD, key(OF_PATIENT), text(1));
		assert_noop!(root, DispatchError::BadOrigin);
		// It gives something away, so a key in question may not.
		MockSubjects::restrict(PATIENT_ID);
		assert_noop!(request(PATIENT, OF_PATIENT), MockSubjects::RESTRICTED);
	});
}

#[test]
fn request_amendment_after_as_many_as_are_kept_works() {
	with_patients_record(|| {
		// A custodian that denies everything does not lock the patient out; the first answer comes too late.
		for number in 0..2 * MAX_REQUESTS {
			assert_ok!(request(PATIENT, OF_PATIENT));
			assert!(
				matches!(event(0), RuntimeEvent::Ehr(Event::AmendmentRequested { request, .. }) if request == number)
			);
			advance(if number == 0 { ANSWER_WITHIN + 1 } else { 1_000 });
			assert_ok!(deny(CLERK, number));
			let overdue = matches!(event(0), RuntimeEvent::Ehr(Event::AmendmentDenied { overdue: true, .. }));
			assert_eq!(overdue, number == 0);
			check();
		}
		let life = Ehr::life_view(RECORD).unwrap();
		assert!(life.requests.iter().map(|view| view.number).eq(MAX_REQUESTS..2 * MAX_REQUESTS));
		assert_eq!((life.overdue, life.folded.requests, life.folded.overdue), (true, MAX_REQUESTS, 1));
		assert_noop!(disagree(PATIENT, MAX_REQUESTS - 1), Error::<Test>::NotFound);
		assert_ok!(disagree(PATIENT, MAX_REQUESTS));
		assert_ok!(rebut(CLERK, MAX_REQUESTS));
	});
}

#[test]
fn accept_amendment_after_amending_works() {
	requested(|| {
		assert_noop!(accept(CLERK, 0), Error::<Test>::NotAmended);
		assert_ok!(amend(CLERK, RECORD, 1, 2));
		assert_ok!(accept(DEPUTY, 0));
		assert_eq!(view(0).state, RequestState::Accepted);
		assert_eq!(view(0).request.answered.unwrap().answer, Answer::Accepted { version: 2 });
		let (record, custodian, by) = (RECORD, HOSPITAL, DEPUTY);
		System::assert_last_event(
			Event::AmendmentAccepted { record, custodian, by, request: 0, version: 2, overdue: false }.into(),
		);
		assert_noop!(accept(CLERK, 0), Error::<Test>::WrongState);
		assert_noop!(deny(CLERK, 0), Error::<Test>::WrongState);
		assert_noop!(disagree(PATIENT, 0), Error::<Test>::WrongState);
	});
}

#[test]
fn accept_amendment_by_declaring_an_error_works() {
	requested(|| {
		assert_ok!(Ehr::mark_entered_in_error(signed(CLERK), RECORD));
		assert_ok!(accept(CLERK, 0));
	});
}

#[test]
fn amendment_before_the_request_does_not_answer_it() {
	with_patients_record(|| {
		assert_ok!(amend(CLERK, RECORD, 1, 2));
		assert_ok!(request(PATIENT, OF_PATIENT));
		assert_noop!(accept(CLERK, 0), Error::<Test>::NotAmended);
	});
}

#[test]
fn denied_amendment_can_be_disagreed_with_and_rebutted() {
	requested(|| {
		assert_noop!(disagree(PATIENT, 0), Error::<Test>::WrongState);
		assert_ok!(deny(CLERK, 0));
		let (record, custodian, request) = (RECORD, HOSPITAL, 0);
		let (reason, explanation) = (REASON, text(2));
		let by = CLERK;
		let denied = Event::AmendmentDenied { record, custodian, by, request, reason, explanation, overdue: false };
		System::assert_last_event(denied.into());
		assert_noop!(rebut(CLERK, 0), Error::<Test>::WrongState);
		assert_noop!(disagree(NEIGHBOUR, 0), Error::<Test>::NotAuthorised);
		assert_noop!(disagree(CLERK, 0), MockSubjects::NOT_A_SUBJECT);
		assert_ok!(disagree(PATIENT, 0));
		let (subject, by, statement) = (PATIENT_ID, PATIENT, text(3));
		let stated = Event::DisagreementStated { record, subject, by, request, statement };
		System::assert_last_event(stated.into());
		assert_noop!(disagree(PATIENT, 0), Error::<Test>::WrongState);
		assert_ok!(rebut(DEPUTY, 0));
		let (by, statement) = (DEPUTY, text(4));
		let rebutted = Event::DisagreementRebutted { record, custodian, by, request, statement };
		System::assert_last_event(rebutted.into());
		assert_noop!(rebut(CLERK, 0), Error::<Test>::WrongState);
		let view = view(0);
		assert_eq!(view.state, RequestState::Rebutted);
		assert_eq!(view.request.disagreement.map(|statement| statement.text), Some(text(3)));
		assert_eq!(view.request.rebuttal.map(|statement| statement.text), Some(text(4)));
	});
}

#[test]
fn disagree_with_an_older_denial_works() {
	requested(|| {
		assert_ok!(deny(CLERK, 0));
		assert_ok!(request(PATIENT, OF_PATIENT));
		assert_ok!(disagree(PATIENT, 0));
		assert_eq!((view(0).state, view(1).state), (RequestState::Disagreed, RequestState::Open));
		assert_noop!(disagree(PATIENT, 2), Error::<Test>::NotFound);
	});
}

#[test]
fn answers_by_others_than_the_custodian_fail() {
	requested(|| {
		for act in [accept, deny, rebut] {
			assert_noop!(act(ANALYST, 0), Error::<Test>::NotAuthorised);
			for who in [NURSE, STRANGER, PATIENT] {
				assert_noop!(act(who, 0), MockRegistry::NOT_AUTHORISED);
			}
			assert_noop!(act(CLERK, 1), Error::<Test>::NotFound);
		}
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_noop!(Ehr::accept_amendment(origin.clone(), RECORD, 0), DispatchError::BadOrigin);
			assert_noop!(Ehr::deny_amendment(origin.clone(), RECORD, 0, REASON, text(2)), DispatchError::BadOrigin);
			assert_noop!(Ehr::disagree(origin.clone(), RECORD, 0, text(3)), DispatchError::BadOrigin);
			assert_noop!(Ehr::rebut(origin, RECORD, 0, text(4)), DispatchError::BadOrigin);
		}
	});
}

#[test]
fn answers_without_licence_standing_or_money_work() {
	requested(|| {
		MockRegistry::set_active(HOSPITAL, false);
		set_free_funds(HOSPITAL, 0);
		assert_ok!(deny(CLERK, 0));
	});
}

#[test]
fn overrun_of_the_clock_shows_in_every_answer_and_for_good() {
	requested(|| {
		let opening = opening(OF_PATIENT, 1, RECURSIVE);
		let overdue = || {
			let life = Ehr::verify_anchor(RECORD, &opening).unwrap().life;
			assert_eq!(life.overdue, life.requests[0].overdue);
			life.overdue
		};
		set_now(view(0).due);
		assert!(!overdue());
		advance(1);
		assert!(overdue());
		assert_ok!(amend(CLERK, RECORD, 1, OF_PATIENT));
		assert_ok!(accept(CLERK, 0));
		assert!(matches!(event(0), RuntimeEvent::Ehr(Event::AmendmentAccepted { overdue: true, .. })));
		assert!(overdue(), "an answer does not undo that it was late");
		// A later request has its own clock.
		assert_ok!(request(PATIENT, OF_PATIENT));
		assert!(!view(1).overdue);
		assert_ok!(deny(CLERK, 1));
		assert!(matches!(event(0), RuntimeEvent::Ehr(Event::AmendmentDenied { overdue: false, .. })));
	});
}

#[test]
fn request_and_disagreement_with_a_lost_key_are_doubtful() {
	requested(|| {
		assert_ok!(deny(CLERK, 0));
		advance(1_000);
		assert_ok!(disagree(PATIENT, 0));
		let doubts = || (view(0).doubtful, view(0).disagreement_doubtful);
		assert_eq!(doubts(), (false, false));
		MockSubjects::doubt(PATIENT_ID, Moment(Timestamp::get()));
		assert_eq!(doubts(), (false, true));
		MockSubjects::doubt(PATIENT_ID, START);
		assert_eq!(doubts(), (true, true));
	});
}
