// SPDX-License-Identifier: Apache-2.0

use super::*;
use crate::record::{RecordHead, RecordState};

#[test]
fn anchor_by_a_licensed_member_works() {
	ExtBuilder::default().build_and_execute(|| {
		let commitment = commitment(&opening(1, 1, RECURSIVE));
		assert_ok!(Ehr::anchor(signed(CLERK), RECORD, commitment, RECURSIVE, None));
		let head =
			RecordHead { custodian: HOSPITAL, version: 1, state: RecordState::InForce, since: START, link: None };
		assert_eq!(Records::<Test>::get(RECORD), Some(head));
		let version = Versions::<Test>::get(RECORD, 1).unwrap();
		assert_eq!((version.commitment, version.suite, version.anchored_at), (commitment, RECURSIVE, START));
		System::assert_last_event(
			Event::RecordAnchored { record: RECORD, custodian: HOSPITAL, by: CLERK, commitment, suite: RECURSIVE }
				.into(),
		);
	});
}

#[test]
fn anchor_under_every_suite_works() {
	ExtBuilder::default().build_and_execute(|| {
		for suite in HashSuite::ALL {
			let record = RecordId([suite.code(); 16]);
			assert_ok!(Ehr::anchor(signed(DEPUTY), record, Commitment([1; 32]), suite, None));
			assert_eq!(Versions::<Test>::get(record, 1).unwrap().suite, suite);
		}
	});
}

#[test]
fn anchor_by_each_custodian_works() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(anchor(CLERK, RECORD, 1));
		assert_ok!(anchor(ANALYST, RecordId([8; 16]), 2));
		assert_eq!(Records::<Test>::get(RECORD).unwrap().custodian, HOSPITAL);
		assert_eq!(Records::<Test>::get(RecordId([8; 16])).unwrap().custodian, LABORATORY);
	});
}

#[test]
fn anchor_unsigned_or_as_root_fails() {
	ExtBuilder::default().build_and_execute(|| {
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_noop!(Ehr::anchor(origin, RECORD, Commitment([1; 32]), RECURSIVE, None), DispatchError::BadOrigin);
		}
	});
}

#[test]
fn anchor_without_the_role_fails() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(anchor(NURSE, RECORD, 1), MockRegistry::NOT_AUTHORISED);
		assert_noop!(anchor(STRANGER, RECORD, 1), MockRegistry::NOT_AUTHORISED);
		assert_noop!(anchor(HOSPITAL.sovereign_account(), RECORD, 1), MockRegistry::NOT_AUTHORISED);
		MockRegistry::remove(&CLERK);
		assert_noop!(anchor(CLERK, RECORD, 1), MockRegistry::NOT_AUTHORISED);
	});
}

#[test]
fn anchor_without_licence_fails() {
	ExtBuilder::default().build_and_execute(|| {
		MockRegistry::revoke(HOSPITAL, Capability::AnchorRecords);
		assert_noop!(anchor(CLERK, RECORD, 1), MockRegistry::NOT_LICENSED);
		MockRegistry::license(HOSPITAL, Capability::Dispense);
		assert_noop!(anchor(CLERK, RECORD, 1), MockRegistry::NOT_LICENSED);
	});
}

#[test]
fn anchor_by_a_suspended_organisation_fails() {
	ExtBuilder::default().build_and_execute(|| {
		MockRegistry::set_active(HOSPITAL, false);
		assert_noop!(anchor(CLERK, RECORD, 1), MockRegistry::NOT_LICENSED);
		MockRegistry::set_active(HOSPITAL, true);
		assert_ok!(anchor(CLERK, RECORD, 1));
	});
}

#[test]
fn anchor_of_a_taken_id_fails() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(anchor(CLERK, RECORD, 1));
		// The same call again, another record under the id, another custodian.
		assert_noop!(anchor(CLERK, RECORD, 1), Error::<Test>::AlreadyExists);
		assert_noop!(anchor(CLERK, RECORD, 2), Error::<Test>::AlreadyExists);
		assert_noop!(anchor(ANALYST, RECORD, 2), Error::<Test>::AlreadyExists);
		// An id is never free again.
		assert_ok!(Ehr::mark_entered_in_error(signed(CLERK), RECORD));
		assert_noop!(anchor(CLERK, RECORD, 3), Error::<Test>::AlreadyExists);
	});
}

#[test]
fn anchor_without_money_fails() {
	ExtBuilder::default().build_and_execute(|| {
		// The member's own money does not count.
		set_free_funds(HOSPITAL, price_of_version(1) - 1);
		assert_noop!(anchor(CLERK, RECORD, 1), TokenError::FundsUnavailable);
	});
}

#[test]
fn anchor_while_deposits_are_owed_fails() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(anchor(CLERK, RECORD, 1));
		set_free_funds(HOSPITAL, 0);
		assert_ok!(amend(CLERK, RECORD, 1, 1));
		set_free_funds(HOSPITAL, FUNDS);
		assert_noop!(anchor(CLERK, RecordId([8; 16]), 2), Error::<Test>::DepositOwed);
		// It is the custodian's debt, not everybody's.
		assert_ok!(anchor(ANALYST, RecordId([8; 16]), 2));
	});
}
