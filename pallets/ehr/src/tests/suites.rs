// SPDX-License-Identifier: Apache-2.0

use super::*;
use epidaurus_primitives::{ehr::SuiteStatus, views::SuiteView};

const SUITE: HashSuite = RECURSIVE;

fn deprecate() -> DispatchResult {
	Ehr::deprecate_suite(RuntimeOrigin::root(), SUITE)
}

fn forbid() -> DispatchResult {
	Ehr::forbid_suite(RuntimeOrigin::root(), SUITE)
}

fn status(suite: HashSuite) -> SuiteStatus {
	Ehr::suites().into_iter().find(|view| view.suite == suite).unwrap().status
}

#[test]
fn suites_are_active_until_something_is_said() {
	ExtBuilder::default().build_and_execute(|| {
		let active = |suite| SuiteView { suite, status: SuiteStatus::Active };
		assert_eq!(Ehr::suites(), HashSuite::ALL.map(active));
		assert_eq!(Suites::<Test>::iter().count(), 0);
	});
}

#[test]
fn deprecated_suite_can_still_be_used_and_answers_show_it() {
	with_patients_record(|| {
		assert_ok!(deprecate());
		System::assert_last_event(Event::SuiteDeprecated { suite: SUITE }.into());
		let deprecated = SuiteStatus::Deprecated { since: Moment(START.0 + 60_000) };
		assert_eq!((status(SUITE), status(HashSuite::Raw)), (deprecated, SuiteStatus::Active));
		assert_ok!(anchor(CLERK, RecordId([8; 16]), 1));
		assert_ok!(amend(CLERK, RECORD, 1, OF_PATIENT));
		let verdict = Ehr::verify_anchor(RECORD, &opening(OF_PATIENT, 1, SUITE)).unwrap();
		assert_eq!(verdict.suite_status, deprecated);
		assert_noop!(deprecate(), Error::<Test>::WrongState);
	});
}

#[test]
fn forbidden_suite_takes_nothing_new_and_what_is_there_still_verifies() {
	with_patients_record(|| {
		assert_noop!(forbid(), Error::<Test>::WrongState);
		assert_ok!(deprecate());
		advance(1_000);
		assert_ok!(forbid());
		System::assert_last_event(Event::SuiteForbidden { suite: SUITE }.into());
		let (since, deprecated) = (Moment(START.0 + 61_000), Moment(START.0 + 60_000));
		let forbidden = SuiteStatus::Forbidden { since, deprecated };
		assert_eq!(status(SUITE), forbidden);
		assert_noop!(anchor(CLERK, RecordId([8; 16]), 1), Error::<Test>::SuiteForbidden);
		assert_noop!(amend(CLERK, RECORD, 1, 2), Error::<Test>::SuiteForbidden);
		// The duty to correct is done under another suite.
		let second = opening(OF_PATIENT, 2, HashSuite::Raw);
		assert_ok!(Ehr::amend(signed(CLERK), RECORD, 1, commitment(&second), HashSuite::Raw));
		let verdict = Ehr::verify_anchor(RECORD, &opening(OF_PATIENT, 1, SUITE)).unwrap();
		assert_eq!(verdict.suite_status, forbidden);
		assert_eq!(Ehr::verify_anchor(RECORD, &second).unwrap().suite_status, SuiteStatus::Active);
		// Final.
		assert_noop!(forbid(), Error::<Test>::WrongState);
		assert_noop!(deprecate(), Error::<Test>::WrongState);
	});
}

#[test]
fn log_verdicts_show_the_status_of_the_openings_suite() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Ehr::open_log(signed(CLERK), LogKind::Records));
		let log = TestLog::of(LogKind::Records, 0..3);
		assert_ok!(log.checkpoint(CLERK, 0));
		assert_ok!(deprecate());
		let verdict = Ehr::verify_log(HOSPITAL, LogKind::Records, &log.openings[1], &log.inclusion(1)).unwrap();
		assert_eq!(verdict.suite_status, SuiteStatus::Deprecated { since: START });
	});
}

#[test]
fn suites_are_changed_by_the_consortium_only() {
	ExtBuilder::default().build_and_execute(|| {
		for origin in [RuntimeOrigin::none(), signed(CLERK), signed(INSPECTOR), signed(PATIENT)] {
			assert_noop!(Ehr::deprecate_suite(origin.clone(), SUITE), DispatchError::BadOrigin);
			assert_noop!(Ehr::forbid_suite(origin, SUITE), DispatchError::BadOrigin);
		}
	});
}
