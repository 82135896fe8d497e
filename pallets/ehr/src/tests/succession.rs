// SPDX-License-Identifier: Apache-2.0
//! Who answers for a custodian does its duties.

use super::*;
use epidaurus_primitives::life::{ErasureGround, Resolution};

fn succeeded(test: impl FnOnce()) {
	with_patients_record(|| {
		MockRegistry::succeed(ARCHIVE, HOSPITAL);
		test();
	});
}

#[test]
fn successor_amends_at_its_own_cost_and_the_custodian_stays_named() {
	succeeded(|| {
		let before = held(HOSPITAL, HoldReason::Version);
		assert_ok!(amend(ARCHIVIST, RECORD, 1, 2));
		assert_eq!(Records::<Test>::get(RECORD).unwrap().custodian, HOSPITAL);
		assert_eq!(Versions::<Test>::get(RECORD, 2).unwrap().payer, ARCHIVE);
		assert_eq!(held(HOSPITAL, HoldReason::Version), before);
		assert_eq!(held(ARCHIVE, HoldReason::Version), price_of_version(2));
		let named = |event| matches!(event, RuntimeEvent::Ehr(Event::RecordAmended { custodian: HOSPITAL, .. }));
		assert!(named(event(0)));
		// The custodian may go on as long as it can.
		assert_ok!(amend(CLERK, RECORD, 2, 3));
	});
}

#[test]
fn successor_owes_what_it_cannot_pay_and_can_pay_what_the_custodian_owes() {
	succeeded(|| {
		set_free_funds(HOSPITAL, 0);
		assert_ok!(amend(CLERK, RECORD, 1, 2));
		set_free_funds(ARCHIVE, 0);
		assert_ok!(amend(ARCHIVIST, RECORD, 2, 3));
		assert_eq!((Owed::<Test>::get(HOSPITAL), Owed::<Test>::get(ARCHIVE)), (1, 1));
		set_free_funds(ARCHIVE, FUNDS);
		for version in [2, 3] {
			assert_ok!(Ehr::settle_deposit(signed(ARCHIVIST), RECORD, version));
			assert_eq!(Versions::<Test>::get(RECORD, version).unwrap().payer, ARCHIVE);
		}
		assert_eq!(Owed::<Test>::iter().count(), 0);
	});
}

#[test]
fn successor_answers_disputes_and_requests_and_erases() {
	succeeded(|| {
		assert_ok!(dispute(PATIENT, OF_PATIENT));
		assert_ok!(Ehr::resolve_dispute(signed(ARCHIVIST), RECORD, Resolution::Upheld, text(2)));
		assert_ok!(request(PATIENT, OF_PATIENT));
		assert_ok!(Ehr::mark_entered_in_error(signed(ARCHIVIST), RECORD));
		assert_ok!(Ehr::accept_amendment(signed(ARCHIVIST), RECORD, 0));
		let ground = ErasureGround::NoLongerNecessary;
		let second = AccountId32::new([0x77; 32]);
		MockRegistry::enrol(&second, ARCHIVE, epidaurus_primitives::registry::Roles::RECORDS);
		assert_ok!(Ehr::attest_erasure(signed(second), RECORD, ground));
		assert_ok!(Ehr::attest_erasure(signed(ARCHIVIST), RECORD, ground));
		assert_eq!(Ehr::life_view(RECORD).unwrap().erasure.unwrap().custodian, ARCHIVE);
	});
}

#[test]
fn organisation_that_does_not_answer_for_the_custodian_does_nothing() {
	with_patients_record(|| {
		assert_noop!(amend(ARCHIVIST, RECORD, 1, 2), Error::<Test>::NotAuthorised);
		assert_noop!(Ehr::mark_entered_in_error(signed(ARCHIVIST), RECORD), Error::<Test>::NotAuthorised);
		// Nor does one whose records the custodian answers for.
		MockRegistry::succeed(HOSPITAL, ARCHIVE);
		assert_noop!(amend(ARCHIVIST, RECORD, 1, 2), Error::<Test>::NotAuthorised);
	});
}

#[test]
fn hold_is_lifted_by_who_answers_for_its_authority() {
	with_patients_record(|| {
		assert_ok!(Ehr::place_hold(signed(INSPECTOR), RECORD));
		assert_noop!(Ehr::lift_hold(signed(ARCHIVIST), RECORD), Error::<Test>::NotFound);
		MockRegistry::succeed(ARCHIVE, AUTHORITY);
		assert_ok!(Ehr::lift_hold(signed(ARCHIVIST), RECORD));
		let event = Event::HoldLifted { record: RECORD, authority: AUTHORITY, by: ARCHIVIST };
		System::assert_last_event(event.into());
	});
}

#[test]
fn successor_goes_on_with_the_log_and_says_whether_it_is_licensed() {
	ExtBuilder::default().build_and_execute(|| {
		let kind = LogKind::Records;
		let mut log = TestLog::of(kind, 0..5);
		assert_ok!(Ehr::open_log(signed(CLERK), kind));
		assert_ok!(log.checkpoint(CLERK, 0));
		log.append(5);
		let head = log.head();
		let of = |custodian, by| {
			Ehr::checkpoint_for(signed(by), custodian, kind, head.root, head.size, log.growth(5, head.size))
		};
		assert_noop!(of(HOSPITAL, ARCHIVIST), Error::<Test>::NotAuthorised);
		MockRegistry::succeed(ARCHIVE, HOSPITAL);
		// Its own calls still mean its own logs.
		assert_noop!(checkpoint(ARCHIVIST, kind, head, log.growth(5, 6)), Error::<Test>::NotFound);
		assert_noop!(of(LABORATORY, ARCHIVIST), Error::<Test>::NotAuthorised);
		assert_noop!(of(HOSPITAL, NURSE), MockRegistry::NOT_AUTHORISED);
		MockRegistry::revoke(ARCHIVE, epidaurus_primitives::registry::Capability::AnchorRecords);
		assert_ok!(of(HOSPITAL, ARCHIVIST));
		assert_eq!((newest(HOSPITAL, kind).head, newest(HOSPITAL, kind).licensed), (head, false));
		let named = |event| matches!(event, RuntimeEvent::Ehr(Event::LogCheckpointed { custodian: HOSPITAL, .. }));
		assert!(named(event(0)));
		assert_noop!(of(HOSPITAL, ARCHIVIST), Error::<Test>::AlreadyExists);
	});
}

#[test]
fn custodian_that_handed_over_and_went_does_nothing_more() {
	succeeded(|| {
		let kind = LogKind::Records;
		assert_ok!(Ehr::open_log(signed(CLERK), kind));
		let log = TestLog::of(kind, 0..5);
		MockRegistry::release(HOSPITAL);
		let refused = DispatchError::from(Error::<Test>::NotAuthorised);
		assert_noop!(amend(CLERK, RECORD, 1, 2), refused);
		assert_noop!(Ehr::mark_entered_in_error(signed(CLERK), RECORD), refused);
		assert_noop!(Ehr::attest_erasure(signed(CLERK), RECORD, ErasureGround::LegalObligation), refused);
		assert_noop!(log.checkpoint(CLERK, 0), refused);
		assert_ok!(amend(ARCHIVIST, RECORD, 1, 2));
	});
}

#[test]
fn answers_name_the_successor() {
	succeeded(|| {
		let found = Ehr::verify_anchor(RECORD, &opening(OF_PATIENT, 1, RECURSIVE)).unwrap();
		assert_eq!((found.custodian, found.successor.map(|found| found.organisation)), (HOSPITAL, Some(ARCHIVE)));
		let kind = LogKind::Records;
		let log = TestLog::of(kind, 0..5);
		assert_ok!(Ehr::open_log(signed(CLERK), kind));
		assert_ok!(log.checkpoint(CLERK, 0));
		let found = Ehr::verify_log(HOSPITAL, kind, &log.openings[3], &log.inclusion(3)).unwrap();
		assert_eq!((found.custodian, found.successor.map(|found| found.organisation)), (HOSPITAL, Some(ARCHIVE)));
	});
}
