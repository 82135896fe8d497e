// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn enrol_by_the_custodian_works() {
	ExtBuilder.build_and_execute(|| {
		assert_ok!(Subjects::enrol(signed(CLERK), PATIENT, key(10)));
		let enrolled = Event::SubjectEnrolled { subject: PATIENT, custodian: HOSPITAL, by: CLERK, key: key(10) };
		assert_eq!(last_event(), enrolled);
		let view = Subjects::subject(PATIENT).unwrap();
		assert_eq!((view.custodian, view.enrolled_at, view.since), (HOSPITAL, START, START));
		assert_eq!((view.key, view.proven, view.restricted, view.nonce), (key(10), false, false, 0));
		assert_eq!(view.status, SubjectStatus::Active);
		assert_eq!(sufficients(&key(10)), 1);
		assert_eq!(held(HOSPITAL), DEPOSIT);
		assert_eq!(may(10, SubjectAct::Other), Ok(PATIENT));
	});
}

#[test]
fn enrol_without_the_right_fails() {
	ExtBuilder.build_and_execute(|| {
		let enrol = |by| Subjects::enrol(signed(by), PATIENT, key(10));
		assert_noop!(enrol(STRANGER), MockRegistry::NOT_AUTHORISED);
		assert_noop!(enrol(NURSE), MockRegistry::NOT_AUTHORISED);
		assert_noop!(Subjects::enrol(RuntimeOrigin::root(), PATIENT, key(10)), DispatchError::BadOrigin);
		MockRegistry::revoke(HOSPITAL, Capability::AnchorRecords);
		assert_noop!(enrol(CLERK), MockRegistry::NOT_LICENSED);
		MockRegistry::license(HOSPITAL, Capability::AnchorRecords);
		MockRegistry::set_active(HOSPITAL, false);
		assert_noop!(enrol(CLERK), MockRegistry::NOT_LICENSED);
	});
}

#[test]
fn enrol_of_a_known_subject_fails() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		assert_noop!(Subjects::enrol(signed(CLERK), PATIENT, key(30)), Refusal::AlreadyExists);
		assert_noop!(Subjects::enrol(signed(SECRETARY), PATIENT, key(30)), Refusal::AlreadyExists);
	});
}

#[test]
fn enrol_with_a_key_that_is_or_was_somebodys_fails() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		assert_ok!(Subjects::rotate_key(signed(key(20)), key(21)));
		let third = SubjectId([3; 32]);
		for taken in [10, 20, 21] {
			assert_noop!(Subjects::enrol(signed(CLERK), third, key(taken)), Refusal::KeyTaken);
		}
		assert_noop!(Subjects::enrol(signed(CLERK), third, NURSE), Refusal::KeyOfMember);
	});
}

#[test]
fn enrol_without_money_for_the_deposit_fails() {
	ExtBuilder.build_and_execute(|| {
		use frame_support::traits::fungible::Mutate;
		Balances::set_balance(&HOSPITAL.sovereign_account(), DEPOSIT);
		assert_noop!(Subjects::enrol(signed(CLERK), PATIENT, key(10)), TokenError::FundsUnavailable);
	});
}
