// SPDX-License-Identifier: Apache-2.0

use super::*;
use crate::{Members, MembersOf};

#[test]
fn add_member_works() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Registry::add_member(signed(HOSPITAL_HEAD), NEWCOMER, Roles::RECORDS, moment(2_000)));
		let event = Event::MemberAdded {
			organisation: HOSPITAL,
			member: NEWCOMER,
			roles: Roles::RECORDS,
			until: moment(2_000),
			by: HOSPITAL_HEAD,
		};
		assert_eq!(last_event(), event);
		let view = Registry::member(NEWCOMER, None).unwrap();
		assert_eq!((view.organisation, view.roles, view.since), (HOSPITAL, Roles::RECORDS, Moment(START)));
		assert!(MembersOf::<Test>::contains_key(HOSPITAL, NEWCOMER));
	});
}

#[test]
fn member_can_transact_without_a_token() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Registry::add_member(signed(HOSPITAL_HEAD), NEWCOMER, Roles::RECORDS, None));
		let account = frame_system::Account::<Test>::get(NEWCOMER);
		assert_eq!((account.sufficients, account.data.free), (1, 0));
		// Kept for good, so that a later membership does not begin at nonce 0 again.
		assert_ok!(Registry::resign(signed(NEWCOMER)));
		assert_ok!(Registry::add_member(signed(PHARMACY_HEAD), NEWCOMER, Roles::RECORDS, None));
		assert_eq!(frame_system::Account::<Test>::get(NEWCOMER).sufficients, 1);
	});
}

#[test]
fn add_member_by_anybody_but_a_controller_fails() {
	ExtBuilder::default().build_and_execute(|| {
		let add = |who| Registry::add_member(who, NEWCOMER, Roles::RECORDS, None);
		assert_noop!(add(signed(CLERK)), Refusal::RoleMissing);
		assert_noop!(add(signed(STRANGER)), Refusal::NotAMember);
		assert_noop!(add(council()), BadOrigin);
	});
}

#[test]
fn add_member_with_wrong_words_fails() {
	ExtBuilder::default().build_and_execute(|| {
		let add = |member, roles, until| Registry::add_member(signed(HOSPITAL_HEAD), member, roles, until);
		assert_noop!(add(NEWCOMER, Roles::CONTROLLER, None), Refusal::InvalidRoles);
		assert_noop!(add(NEWCOMER, Roles(1 << 13), None), Refusal::InvalidRoles);
		assert_noop!(add(NEWCOMER, Roles(u16::MAX), None), Refusal::InvalidRoles);
		assert_noop!(add(NEWCOMER, Roles::RECORDS, moment(START)), Refusal::Expired);
		assert_noop!(add(CLERK, Roles::RECORDS, None), Refusal::AlreadyMember);
		assert_noop!(add(OFFICER, Roles::RECORDS, None), Refusal::AlreadyMember);
		assert_ok!(add(NEWCOMER, Roles::GRANTABLE, moment(START + 1)));
	});
}

#[test]
fn expired_member_is_none() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Registry::add_member(signed(HOSPITAL_HEAD), NEWCOMER, Roles::RECORDS, moment(2_000)));
		set_time(1_999);
		assert_ok!(Registry::ensure_duty(&NEWCOMER, Roles::RECORDS), HOSPITAL);
		set_time(2_000);
		assert_noop!(Registry::ensure_duty(&NEWCOMER, Roles::RECORDS), Refusal::NotAMember);
		assert_noop!(Registry::resign(signed(NEWCOMER)), Refusal::NotAMember);
		assert_eq!(Registry::member(NEWCOMER, None), None);
		assert_eq!(Registry::member(NEWCOMER, moment(1_999)).unwrap().organisation, HOSPITAL);
	});
}

#[test]
fn expired_member_is_free_for_another_organisation() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Registry::add_member(signed(HOSPITAL_HEAD), NEWCOMER, Roles::RECORDS, moment(2_000)));
		set_time(2_500);
		assert_ok!(Registry::add_member(signed(PHARMACY_HEAD), NEWCOMER, Roles::PHARMACIST, None));
		System::assert_has_event(Event::MembershipLapsed { organisation: HOSPITAL, member: NEWCOMER }.into());
		assert!(!MembersOf::<Test>::contains_key(HOSPITAL, NEWCOMER));
		assert_eq!(held(HOSPITAL, crate::HoldReason::Member), 0);
		let then = |at| Registry::member(NEWCOMER, moment(at)).map(|view| view.organisation);
		for (at, expected) in
			[(999, None), (1_000, Some(HOSPITAL)), (1_999, Some(HOSPITAL)), (2_000, None), (2_500, Some(PHARMACY))]
		{
			assert_eq!(then(at), expected, "at {at}");
		}
	});
}

#[test]
fn change_member_works() {
	ExtBuilder::default().build_and_execute(|| {
		set_time(2_000);
		let roles = Roles::RECORDS.union(Roles::REVIEWER);
		assert_ok!(Registry::change_member(signed(HOSPITAL_HEAD), CLERK, roles, moment(3_000)));
		let (member, until, by) = (CLERK, moment(3_000), HOSPITAL_HEAD);
		let event = Event::MemberChanged { organisation: HOSPITAL, member, roles, until, by };
		assert_eq!(last_event(), event);
		assert_eq!(Registry::member(CLERK, None).unwrap().since, Moment(2_000));
		assert_eq!(Registry::member(CLERK, moment(1_999)).unwrap().roles, Roles::RECORDS);
	});
}

#[test]
fn change_member_renews_an_expired_membership_without_filling_the_gap() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Registry::change_member(signed(HOSPITAL_HEAD), CLERK, Roles::RECORDS, moment(2_000)));
		set_time(3_000);
		assert_ok!(Registry::change_member(signed(HOSPITAL_HEAD), CLERK, Roles::RECORDS, None));
		assert!(Registry::is_member(&CLERK));
		assert_eq!(Registry::member(CLERK, moment(2_500)), None);
	});
}

#[test]
fn change_member_of_the_controller_leaves_control_and_takes_no_expiry() {
	ExtBuilder::default().build_and_execute(|| {
		let change = |roles, until| Registry::change_member(signed(HOSPITAL_HEAD), HOSPITAL_HEAD, roles, until);
		assert_ok!(change(Roles::RECORDS, None));
		let roles = Registry::present_membership(&HOSPITAL_HEAD).unwrap().roles;
		assert_eq!(roles, Roles::CONTROLLER.union(Roles::RECORDS));
		assert_noop!(change(Roles::RECORDS, moment(5_000)), Refusal::IsController);
		assert_noop!(change(Roles::CONTROLLER, None), Refusal::InvalidRoles);
	});
}

#[test]
fn change_member_fails_for_others_and_with_wrong_words() {
	ExtBuilder::default().build_and_execute(|| {
		let change = |who, member, roles, until| Registry::change_member(signed(who), member, roles, until);
		assert_noop!(change(CLERK, CLERK, Roles::GRANTABLE, None), Refusal::RoleMissing);
		assert_noop!(change(HOSPITAL_HEAD, OFFICER, Roles::RECORDS, None), Refusal::NotAuthorised);
		assert_noop!(change(HOSPITAL_HEAD, STRANGER, Roles::RECORDS, None), Refusal::NotFound);
		assert_noop!(change(STRANGER, CLERK, Roles::RECORDS, None), Refusal::NotAMember);
		assert_noop!(change(HOSPITAL_HEAD, CLERK, Roles::CONTROLLER, None), Refusal::InvalidRoles);
		assert_noop!(change(HOSPITAL_HEAD, CLERK, Roles::RECORDS, moment(START)), Refusal::Expired);
		assert_noop!(Registry::change_member(council(), CLERK, Roles::RECORDS, None), BadOrigin);
	});
}

#[test]
fn remove_member_works() {
	ExtBuilder::default().build_and_execute(|| {
		set_time(2_000);
		assert_ok!(Registry::remove_member(signed(HOSPITAL_HEAD), CLERK));
		assert_eq!(last_event(), Event::MemberRemoved { organisation: HOSPITAL, member: CLERK, by: HOSPITAL_HEAD });
		assert_noop!(Registry::ensure_duty(&CLERK, Roles::RECORDS), Refusal::NotAMember);
		assert_eq!(Registry::member(CLERK, moment(1_999)).unwrap().organisation, HOSPITAL);
		assert!(Members::<Test>::contains_key(CLERK), "the past stays");
		assert_noop!(Registry::remove_member(signed(HOSPITAL_HEAD), CLERK), Refusal::NotFound);
	});
}

#[test]
fn remove_member_fails_for_others_and_for_the_controller() {
	ExtBuilder::default().build_and_execute(|| {
		let remove = |who, member| Registry::remove_member(signed(who), member);
		assert_noop!(remove(CLERK, DOCTOR), Refusal::RoleMissing);
		assert_noop!(remove(HOSPITAL_HEAD, OFFICER), Refusal::NotAuthorised);
		assert_noop!(remove(HOSPITAL_HEAD, HOSPITAL_HEAD), Refusal::IsController);
		assert_noop!(remove(STRANGER, CLERK), Refusal::NotAMember);
		assert_noop!(Registry::remove_member(council(), CLERK), BadOrigin);
	});
}

#[test]
fn resign_works_and_fails_for_a_controller() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Registry::resign(signed(CLERK)));
		assert_eq!(last_event(), Event::MemberResigned { organisation: HOSPITAL, member: CLERK });
		assert!(!Registry::is_member(&CLERK));
		assert_noop!(Registry::resign(signed(CLERK)), Refusal::NotAMember);
		assert_noop!(Registry::resign(signed(HOSPITAL_HEAD)), Refusal::IsController);
		assert_noop!(Registry::resign(council()), BadOrigin);
	});
}

#[test]
fn member_of_an_organisation_that_left_can_resign_and_join_another() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Registry::leave(signed(PHARMACY_HEAD)));
		assert_ok!(Registry::resign(signed(PHARMACIST)));
		assert_ok!(Registry::add_member(signed(HOSPITAL_HEAD), PHARMACIST, Roles::PHARMACIST, None));
	});
}

#[test]
fn changes_in_one_block_leave_the_last_one() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Registry::remove_member(signed(HOSPITAL_HEAD), CLERK));
		assert_ok!(Registry::add_member(signed(PHARMACY_HEAD), CLERK, Roles::RECORDS, None));
		assert_ok!(Registry::change_member(signed(PHARMACY_HEAD), CLERK, Roles::CLAIMS, None));
		assert_eq!(Registry::member(CLERK, moment(START - 1)).unwrap().organisation, HOSPITAL);
		let view = Registry::member(CLERK, moment(START)).unwrap();
		assert_eq!((view.organisation, view.roles), (PHARMACY, Roles::CLAIMS));
	});
}

#[test]
fn membership_beyond_the_calendar_fails() {
	ExtBuilder::default().build_and_execute(|| {
		let last = epidaurus_primitives::moment::LAST;
		let (add, change) = (
			|until| Registry::add_member(signed(HOSPITAL_HEAD), NEWCOMER, Roles::RECORDS, until),
			|until| Registry::change_member(signed(HOSPITAL_HEAD), CLERK, Roles::RECORDS, until),
		);
		for after in [moment(last + 1), moment(u64::MAX)] {
			assert_noop!(add(after), Refusal::BeyondCalendar);
			assert_noop!(change(after), Refusal::BeyondCalendar);
		}
		assert_ok!(add(moment(last)));
		assert_ok!(change(moment(last)));
	});
}

#[test]
fn key_of_a_subject_becomes_no_member_by_any_way() {
	ExtBuilder::default().build_and_execute(|| {
		let taken = || Refusal::KeyOfSubject;
		assert_noop!(Registry::add_member(signed(HOSPITAL_HEAD), GUEST, Roles::RECORDS, None), taken());
		assert_noop!(Registry::rotate_controller(signed(HOSPITAL_HEAD), GUEST), taken());
		assert_noop!(Registry::replace_controller(council(), HOSPITAL, GUEST), taken());
		let class = OrganisationClass::Laboratory;
		assert_noop!(Registry::apply(signed(HOSPITAL_HEAD), GUEST, class, None, GREECE), taken());
	});
}

#[test]
fn key_that_became_a_subjects_meanwhile_is_not_renewed_or_admitted() {
	ExtBuilder::default().build_and_execute(|| {
		let organisation = apply();
		assert_ok!(Registry::allot(council(), organisation, 5_000));
		assert_ok!(Registry::change_member(signed(HOSPITAL_HEAD), CLERK, Roles::RECORDS, moment(2_000)));
		set_time(2_000);
		OneGuest::also(&CLERK);
		OneGuest::also(&NEWCOMER);
		let renew = Registry::change_member(signed(HOSPITAL_HEAD), CLERK, Roles::RECORDS, None);
		assert_noop!(renew, Refusal::KeyOfSubject);
		assert_noop!(Registry::admit_organisation(council(), organisation), Refusal::KeyOfSubject);
		// It can be put out of the way.
		assert_ok!(Registry::remove_member(signed(HOSPITAL_HEAD), CLERK));
	});
}
