// SPDX-License-Identifier: Apache-2.0

use super::*;

fn phase() -> Option<RebindPhase> {
	Subjects::rebind(PATIENT).map(|view| view.phase)
}

fn start(by: AccountId32) -> frame_support::dispatch::DispatchResult {
	Subjects::start_rebind(signed(by), PATIENT, key(11), EVIDENCE, START)
}

#[test]
fn lost_key_is_replaced_and_acts_since_the_loss_are_doubtful() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		advance(2 * DAY);
		let lost = Moment(START.0 + DAY);
		assert_ok!(Subjects::start_rebind(signed(CLERK), PATIENT, key(11), EVIDENCE, lost));
		let started = Event::RebindStarted { subject: PATIENT, by: CLERK, new_key: key(11), lost_since: lost };
		assert_eq!(last_event(), started);
		assert!(!Subjects::is_doubtful(&PATIENT, now()), "one member's word is not enough");
		assert_eq!(may(10, SubjectAct::Other), Ok(PATIENT));

		assert_ok!(Subjects::confirm_rebind(signed(DEPUTY), PATIENT, key(11)));
		let until = Moment(now().0 + WEEK);
		assert_eq!(last_event(), Event::RebindConfirmed { subject: PATIENT, by: DEPUTY, contestable_until: until });
		assert_eq!(may(10, SubjectAct::Other), Err(Refusal::Restricted.into()));
		assert_eq!(may(10, SubjectAct::Restrictive), Ok(PATIENT));
		assert!(Subjects::subject(PATIENT).unwrap().restricted);
		assert!(Subjects::is_doubtful(&PATIENT, lost));
		assert!(!Subjects::is_doubtful(&PATIENT, Moment(lost.0 - 1)));

		advance(WEEK);
		assert_ok!(Subjects::complete_rebind(signed(CLERK), PATIENT));
		let closed = Event::RebindClosed { subject: PATIENT, outcome: RebindOutcome::Completed, by: Some(CLERK) };
		assert_eq!(last_event(), closed);
		assert_eq!((phase(), present_key(PATIENT)), (None, key(11)));
		assert_eq!(may(11, SubjectAct::Other), Ok(PATIENT));
		assert_eq!(may(10, SubjectAct::Restrictive), Err(Refusal::NotASubject.into()));
		assert_eq!(sufficients(&key(11)), 1);
		assert!(Subjects::key_at(PATIENT, Some(lost)).unwrap().doubtful);
		assert!(Subjects::is_doubtful(&PATIENT, Moment(now().0 - 1)));
		assert!(!Subjects::is_doubtful(&PATIENT, now()));
		assert!(!Subjects::is_doubtful(&OTHER_PATIENT, lost));
		let closed = ClosedRebinds::<Test>::get(PATIENT, 0).unwrap();
		assert_eq!((closed.rebind.evidence, closed.outcome), (EVIDENCE, RebindOutcome::Completed));
	});
}

#[test]
fn thief_who_rotates_is_put_out_all_the_same() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		advance(DAY);
		assert_ok!(Subjects::rotate_key(signed(key(10)), key(66)));
		advance(DAY);
		rebind_since(Moment(START.0 + 1));
		assert_ok!(Subjects::rotate_key(signed(key(66)), key(67)));
		advance(WEEK);
		assert_ok!(Subjects::complete_rebind(signed(DEPUTY), PATIENT));
		assert_eq!(present_key(PATIENT), key(11));
		assert!(Subjects::is_doubtful(&PATIENT, Moment(START.0 + 1)));
		assert_noop!(Subjects::rotate_key(signed(key(67)), key(68)), Refusal::NotASubject);
		assert_ok!(Subjects::rotate_key(signed(key(11)), key(12)));
	});
}

#[test]
fn start_is_for_the_custodian_and_one_at_a_time() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		assert_noop!(start(SECRETARY), Refusal::NotAuthorised);
		assert_noop!(start(NURSE), MockRegistry::NOT_AUTHORISED);
		let unknown = Subjects::start_rebind(signed(CLERK), SubjectId([1; 32]), key(11), EVIDENCE, START);
		assert_noop!(unknown, Refusal::NotFound);
		for taken in [10, 20] {
			let taken = Subjects::start_rebind(signed(CLERK), PATIENT, key(taken), EVIDENCE, START);
			assert_noop!(taken, Refusal::KeyTaken);
		}
		// A duty: also of a custodian that is not active any more, and of one that took over.
		MockRegistry::set_active(HOSPITAL, false);
		assert_ok!(start(CLERK));
		assert_noop!(start(DEPUTY), Refusal::WrongState);
		assert_ok!(Subjects::withdraw_rebind(signed(CLERK), PATIENT));
		MockRegistry::succeed(CLINIC, HOSPITAL);
		assert_ok!(start(SECRETARY));
		assert_ok!(Subjects::confirm_rebind(signed(CLERK), PATIENT, key(11)));
	});
}

#[test]
fn loss_in_the_future_counts_as_now() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		rebind_since(Moment(u64::MAX));
		assert_eq!(Subjects::rebind(PATIENT).unwrap().lost_since, START);
	});
}

#[test]
fn confirm_needs_another_member_in_time_and_the_same_key() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		let confirm = |by| Subjects::confirm_rebind(signed(by), PATIENT, key(11));
		assert_noop!(confirm(DEPUTY), Refusal::NotFound);
		assert_ok!(start(CLERK));
		assert_noop!(confirm(CLERK), Refusal::SameMember);
		assert_noop!(confirm(SECRETARY), Refusal::NotAuthorised);
		assert_noop!(Subjects::confirm_rebind(signed(DEPUTY), PATIENT, key(12)), Refusal::WrongState);
		advance(3 * DAY);
		assert_eq!(phase(), Some(RebindPhase::Lapsed));
		assert_noop!(confirm(DEPUTY), Refusal::Expired);
		// What lapsed is replaced, and was never more than one member's word.
		assert_ok!(start(DEPUTY));
		assert_ok!(confirm(CLERK));
		assert_noop!(confirm(DEPUTY), Refusal::WrongState);
	});
}

#[test]
fn announced_key_is_kept_from_others() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		assert_ok!(start(CLERK));
		// Neither another subject nor a thief with the old key can take it, nor can anybody make it a member's.
		assert_noop!(Subjects::rotate_key(signed(key(20)), key(11)), Refusal::KeyTaken);
		assert_noop!(Subjects::rotate_key(signed(key(10)), key(11)), Refusal::KeyTaken);
		let elsewhere = Subjects::enrol(signed(SECRETARY), SubjectId([1; 32]), key(11));
		assert_noop!(elsewhere, Refusal::KeyTaken);
		assert!(<Subjects as Guests<_, RuntimeCall>>::is_guest(&key(11)));
		// Meant to be a key is not yet to be one.
		assert_eq!(may(11, SubjectAct::Restrictive), Err(Refusal::NotASubject.into()));
		assert_ok!(Subjects::confirm_rebind(signed(DEPUTY), PATIENT, key(11)));
		assert_noop!(Subjects::rotate_key(signed(key(20)), key(11)), Refusal::KeyTaken);
	});
}

#[test]
fn key_that_one_member_announced_is_free_again_when_nobody_confirms() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		let is_kept = |seed| <Subjects as Guests<_, RuntimeCall>>::is_guest(&key(seed));
		assert_ok!(start(CLERK));
		assert_ok!(Subjects::withdraw_rebind(signed(DEPUTY), PATIENT));
		assert!(!is_kept(11));
		assert_ok!(start(CLERK));
		advance(3 * DAY);
		// It lapsed: the next one takes its place, with another key or the same.
		let next = |seed| Subjects::start_rebind(signed(CLERK), PATIENT, key(seed), EVIDENCE, START);
		assert_ok!(next(12));
		assert!(!is_kept(11) && is_kept(12));
		advance(3 * DAY);
		assert_ok!(next(12));
		assert!(is_kept(12));
		assert_noop!(next(13), Refusal::WrongState);
	});
}

#[test]
fn old_key_contests_within_the_window_and_the_consortium_decides() {
	for (upheld, key_then, outcome) in [(true, 11, RebindOutcome::Completed), (false, 10, RebindOutcome::Rejected)] {
		ExtBuilder.build_and_execute(|| {
			enrol_both();
			let resolve = |origin| Subjects::resolve_rebind(origin, PATIENT, upheld);
			assert_noop!(Subjects::contest_rebind(signed(key(10))), Refusal::NotFound);
			assert_noop!(resolve(RuntimeOrigin::root()), Refusal::NotFound);
			rebind_since(START);
			assert_noop!(resolve(RuntimeOrigin::root()), Refusal::WrongState);
			assert_noop!(Subjects::contest_rebind(signed(key(20))), Refusal::NotFound);
			advance(WEEK - 1);
			assert_ok!(Subjects::contest_rebind(signed(key(10))));
			assert_eq!(last_event(), Event::RebindContested { subject: PATIENT, key: key(10) });
			advance(WEEK);
			assert_eq!(phase(), Some(RebindPhase::Contested));
			assert_noop!(Subjects::complete_rebind(signed(CLERK), PATIENT), Refusal::Contested);
			assert_noop!(Subjects::contest_rebind(signed(key(10))), Refusal::WrongState);
			assert_noop!(resolve(signed(CLERK)), DispatchError::BadOrigin);
			assert_eq!(may(10, SubjectAct::Other), Err(Refusal::Restricted.into()));
			assert_ok!(resolve(RuntimeOrigin::root()));
			assert_eq!(last_event(), Event::RebindClosed { subject: PATIENT, outcome, by: None });
			assert_eq!(present_key(PATIENT), key(key_then));
			assert_eq!(Subjects::is_doubtful(&PATIENT, START), upheld);
			assert_eq!(may(key_then, SubjectAct::Other), Ok(PATIENT));
		});
	}
}

#[test]
fn contest_before_or_after_the_window_fails() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		assert_ok!(start(CLERK));
		assert_noop!(Subjects::contest_rebind(signed(key(10))), Refusal::WrongState);
		assert_noop!(Subjects::complete_rebind(signed(CLERK), PATIENT), Refusal::WrongState);
		assert_ok!(Subjects::confirm_rebind(signed(DEPUTY), PATIENT, key(11)));
		advance(WEEK - 1);
		assert_noop!(Subjects::complete_rebind(signed(CLERK), PATIENT), Refusal::TooEarly);
		advance(1);
		assert_noop!(Subjects::contest_rebind(signed(key(10))), Refusal::Expired);
		assert_noop!(Subjects::complete_rebind(signed(SECRETARY), PATIENT), Refusal::NotAuthorised);
		assert_ok!(Subjects::complete_rebind(signed(CLERK), PATIENT));
	});
}

#[test]
fn withdrawn_rebind_leaves_the_old_key_in_its_place() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		assert_noop!(Subjects::withdraw_rebind(signed(CLERK), PATIENT), Refusal::NotFound);
		rebind_since(START);
		assert_noop!(Subjects::withdraw_rebind(signed(SECRETARY), PATIENT), Refusal::NotAuthorised);
		assert_ok!(Subjects::contest_rebind(signed(key(10))));
		assert_ok!(Subjects::withdraw_rebind(signed(CLERK), PATIENT));
		let closed = Event::RebindClosed { subject: PATIENT, outcome: RebindOutcome::Withdrawn, by: Some(CLERK) };
		assert_eq!(last_event(), closed);
		assert_eq!(may(10, SubjectAct::Other), Ok(PATIENT));
		assert!(!Subjects::is_doubtful(&PATIENT, START));
		let closed = ClosedRebinds::<Test>::get(PATIENT, 0).unwrap();
		assert_eq!(closed.outcome, RebindOutcome::Withdrawn);
		// A key that was meant for the subject once is not free again.
		assert_noop!(start(CLERK), Refusal::KeyTaken);
	});
}

#[test]
fn view_says_who_said_what_when() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		assert_eq!(Subjects::rebind(PATIENT), None);
		assert_ok!(start(CLERK));
		let view = Subjects::rebind(PATIENT).unwrap();
		assert_eq!((view.phase, view.new_key, view.evidence), (RebindPhase::Started, key(11), EVIDENCE));
		assert_eq!((view.started_by, view.started_at), (CLERK, START));
		assert_eq!((view.confirmed_by, view.contestable_until, view.contested_at), (None, None, None));
		advance(1);
		assert_ok!(Subjects::confirm_rebind(signed(DEPUTY), PATIENT, key(11)));
		advance(1);
		assert_ok!(Subjects::contest_rebind(signed(key(10))));
		let view = Subjects::rebind(PATIENT).unwrap();
		assert_eq!((view.phase, view.confirmed_by), (RebindPhase::Contested, Some(DEPUTY)));
		assert_eq!(view.contestable_until, Some(Moment(START.0 + 1 + WEEK)));
		assert_eq!(view.contested_at, Some(Moment(START.0 + 2)));
	});
}
