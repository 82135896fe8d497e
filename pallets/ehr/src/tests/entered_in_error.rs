// SPDX-License-Identifier: Apache-2.0

use super::*;
use crate::record::{RecordHead, RecordState};
use frame_support::dispatch::{DispatchClass, GetDispatchInfo, Pays};

fn anchored(test: impl FnOnce()) {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(anchor(CLERK, RECORD, 1));
		advance(60_000);
		test();
	});
}

#[test]
fn mark_entered_in_error_by_the_custodian_works() {
	anchored(|| {
		assert_ok!(amend(CLERK, RECORD, 1, 2));
		advance(60_000);
		assert_ok!(Ehr::mark_entered_in_error(signed(DEPUTY), RECORD));
		let since = Moment(START.0 + 120_000);
		let head =
			RecordHead { custodian: HOSPITAL, version: 2, state: RecordState::EnteredInError, since, link: None };
		assert_eq!(Records::<Test>::get(RECORD), Some(head));
		let event = Event::RecordEnteredInError { record: RECORD, custodian: HOSPITAL, by: DEPUTY, version: 2 };
		System::assert_last_event(event.into());
	});
}

#[test]
fn mark_entered_in_error_keeps_all_versions_and_deposits() {
	anchored(|| {
		assert_ok!(amend(CLERK, RECORD, 1, 2));
		let held_before = held(HOSPITAL, HoldReason::Version);
		assert_ok!(Ehr::mark_entered_in_error(signed(CLERK), RECORD));
		assert_eq!(Versions::<Test>::iter_prefix(RECORD).count(), 2);
		assert_eq!(held(HOSPITAL, HoldReason::Version), held_before);
	});
}

#[test]
fn mark_entered_in_error_without_licence_standing_or_money_works() {
	anchored(|| {
		MockRegistry::revoke(HOSPITAL, Capability::AnchorRecords);
		MockRegistry::set_active(HOSPITAL, false);
		set_free_funds(HOSPITAL, 0);
		assert_ok!(Ehr::mark_entered_in_error(signed(CLERK), RECORD));
	});
}

#[test]
fn mark_entered_in_error_is_free_and_urgent() {
	let info = crate::Call::<Test>::mark_entered_in_error { record: RECORD }.get_dispatch_info();
	assert_eq!((info.class, info.pays_fee), (DispatchClass::Operational, Pays::No));
	// Nothing else is.
	let info = crate::Call::<Test>::settle_deposit { record: RECORD, version: 1 }.get_dispatch_info();
	assert_eq!((info.class, info.pays_fee), (DispatchClass::Normal, Pays::Yes));
}

#[test]
fn mark_entered_in_error_twice_fails() {
	anchored(|| {
		assert_ok!(Ehr::mark_entered_in_error(signed(CLERK), RECORD));
		assert_noop!(Ehr::mark_entered_in_error(signed(CLERK), RECORD), Error::<Test>::WrongState);
		assert_noop!(Ehr::mark_entered_in_error(signed(DEPUTY), RECORD), Error::<Test>::WrongState);
	});
}

#[test]
fn mark_entered_in_error_of_an_unknown_record_fails() {
	anchored(|| {
		assert_noop!(Ehr::mark_entered_in_error(signed(CLERK), RecordId([8; 16])), Error::<Test>::NotFound);
	});
}

#[test]
fn mark_entered_in_error_by_another_custodian_fails() {
	anchored(|| {
		assert_noop!(Ehr::mark_entered_in_error(signed(ANALYST), RECORD), Error::<Test>::NotAuthorised);
		assert_ok!(Ehr::mark_entered_in_error(signed(CLERK), RECORD));
		// Not even whether it was done is told to others by this way.
		assert_noop!(Ehr::mark_entered_in_error(signed(ANALYST), RECORD), Error::<Test>::NotAuthorised);
	});
}

#[test]
fn mark_entered_in_error_without_the_role_fails() {
	anchored(|| {
		for who in [NURSE, STRANGER, HOSPITAL.sovereign_account()] {
			assert_noop!(Ehr::mark_entered_in_error(signed(who), RECORD), MockRegistry::NOT_AUTHORISED);
		}
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_noop!(Ehr::mark_entered_in_error(origin, RECORD), DispatchError::BadOrigin);
		}
	});
}
