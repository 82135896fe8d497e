// SPDX-License-Identifier: Apache-2.0

use super::*;
use crate::record::{RecordHead, RecordState};

fn anchored(test: impl FnOnce()) {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(anchor(CLERK, RECORD, 1));
		advance(60_000);
		test();
	});
}

#[test]
fn amend_by_any_member_of_the_custodian_works() {
	anchored(|| {
		let commitment = commitment(&opening(2, 2, RECURSIVE));
		assert_ok!(Ehr::amend(signed(DEPUTY), RECORD, 1, commitment, RECURSIVE));
		let since = Moment(START.0 + 60_000);
		let head = RecordHead { custodian: HOSPITAL, version: 2, state: RecordState::InForce, since, link: None };
		assert_eq!(Records::<Test>::get(RECORD), Some(head));
		let version = Versions::<Test>::get(RECORD, 2).unwrap();
		assert_eq!((version.commitment, version.suite, version.anchored_at), (commitment, RECURSIVE, since));
		System::assert_last_event(
			Event::RecordAmended {
				record: RECORD,
				custodian: HOSPITAL,
				by: DEPUTY,
				version: 2,
				commitment,
				suite: RECURSIVE,
				deposited: true,
			}
			.into(),
		);
	});
}

#[test]
fn amend_keeps_the_versions_before() {
	anchored(|| {
		let first = Versions::<Test>::get(RECORD, 1);
		assert_ok!(amend(CLERK, RECORD, 1, 2));
		let second = Versions::<Test>::get(RECORD, 2);
		advance(1);
		assert_ok!(amend(CLERK, RECORD, 2, 3));
		assert_eq!(Versions::<Test>::get(RECORD, 1), first);
		assert_eq!(Versions::<Test>::get(RECORD, 2), second);
		assert_eq!(Versions::<Test>::iter_prefix(RECORD).count(), 3);
	});
}

#[test]
fn amend_without_licence_or_while_suspended_works() {
	anchored(|| {
		MockRegistry::revoke(HOSPITAL, Capability::AnchorRecords);
		assert_ok!(amend(CLERK, RECORD, 1, 2));
		MockRegistry::set_active(HOSPITAL, false);
		assert_ok!(amend(CLERK, RECORD, 2, 3));
		assert_eq!(Records::<Test>::get(RECORD).unwrap().version, 3);
	});
}

#[test]
fn amend_under_another_suite_works() {
	anchored(|| {
		// Each suite binds something that another leaves out: none is weaker, and a scan may replace a resource.
		for (expected, suite) in (1..).zip([HashSuite::Raw, HashSuite::FhirStaticRoot, RECURSIVE]) {
			let commitment = commitment(&opening(9, expected + 1, suite));
			assert_ok!(Ehr::amend(signed(CLERK), RECORD, expected, commitment, suite));
			assert_eq!(Versions::<Test>::get(RECORD, expected + 1).unwrap().suite, suite);
		}
	});
}

#[test]
fn amend_repeated_fails_and_changes_nothing() {
	anchored(|| {
		assert_ok!(amend(CLERK, RECORD, 1, 2));
		assert_noop!(amend(CLERK, RECORD, 1, 2), Error::<Test>::WrongVersion);
	});
}

#[test]
fn amend_of_another_version_than_the_newest_fails() {
	anchored(|| {
		assert_ok!(amend(CLERK, RECORD, 1, 2));
		for expected in [0, 1, 3, u32::MAX] {
			assert_noop!(amend(CLERK, RECORD, expected, 3), Error::<Test>::WrongVersion);
		}
	});
}

#[test]
fn amend_of_an_unknown_record_fails() {
	anchored(|| {
		assert_noop!(amend(CLERK, RecordId([8; 16]), 1, 2), Error::<Test>::NotFound);
	});
}

#[test]
fn amend_by_another_custodian_fails() {
	anchored(|| {
		assert_noop!(amend(ANALYST, RECORD, 1, 2), Error::<Test>::NotAuthorised);
		// Nor learns it by the way whether the version is right.
		assert_noop!(amend(ANALYST, RECORD, 5, 2), Error::<Test>::NotAuthorised);
	});
}

#[test]
fn amend_without_the_role_fails() {
	anchored(|| {
		for who in [NURSE, STRANGER, HOSPITAL.sovereign_account()] {
			assert_noop!(amend(who, RECORD, 1, 2), MockRegistry::NOT_AUTHORISED);
		}
		MockRegistry::remove(&CLERK);
		assert_noop!(amend(CLERK, RECORD, 1, 2), MockRegistry::NOT_AUTHORISED);
	});
}

#[test]
fn amend_unsigned_or_as_root_fails() {
	anchored(|| {
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			let refused = Ehr::amend(origin, RECORD, 1, Commitment([1; 32]), RECURSIVE);
			assert_noop!(refused, DispatchError::BadOrigin);
		}
	});
}

#[test]
fn amend_of_a_record_entered_in_error_fails() {
	anchored(|| {
		assert_ok!(Ehr::mark_entered_in_error(signed(CLERK), RECORD));
		assert_noop!(amend(CLERK, RECORD, 1, 2), Error::<Test>::WrongState);
	});
}

#[test]
fn amend_beyond_the_last_version_fails() {
	ExtBuilder::default().build().execute_with(|| {
		assert_ok!(anchor(CLERK, RECORD, 1));
		// Nobody can amend four billion times, so the head is set by hand; the invariants would see it.
		Records::<Test>::mutate(RECORD, |head| head.as_mut().unwrap().version = u32::MAX);
		assert_noop!(amend(CLERK, RECORD, u32::MAX, 2), Error::<Test>::TooManyVersions);
	});
}

#[test]
fn amend_follows_the_member_to_its_organisation() {
	anchored(|| {
		// Who changes sides keeps nothing of the old one.
		MockRegistry::enrol(&CLERK, LABORATORY, epidaurus_primitives::registry::Roles::RECORDS);
		assert_noop!(amend(CLERK, RECORD, 1, 2), Error::<Test>::NotAuthorised);
		MockRegistry::enrol(&ANALYST, HOSPITAL, epidaurus_primitives::registry::Roles::RECORDS);
		assert_ok!(amend(ANALYST, RECORD, 1, 2));
	});
}
