// SPDX-License-Identifier: Apache-2.0

use super::*;
use crate::{Glns, NextOrganisation, Organisations, Seats};
use codec::Encode;
use epidaurus_primitives::{gln::Gln, testing::MockVoices};

fn voices() -> Vec<Vec<u8>> {
	MockVoices::all()
}

#[test]
fn apply_works() {
	ExtBuilder::default().build_and_execute(|| {
		let before = voices();
		let organisation = apply();
		assert_eq!(organisation, OrgId(3));
		assert_eq!(last_event(), Event::OrganisationApplied { organisation, sponsor: HOSPITAL, by: HOSPITAL_HEAD });
		let view = Registry::organisation(organisation, None).unwrap();
		assert_eq!((view.status, view.class), (OrganisationStatus::Applied, OrganisationClass::Laboratory));
		assert_eq!((view.gln, view.since), (Some(OTHER_GLN), Moment(START)));
		assert_eq!(Glns::<Test>::get(OTHER_GLN), Some(organisation));
		assert!(!Registry::is_member(&NEWCOMER), "an applicant cannot transact yet");
		assert_eq!(voices(), before);
	});
}

#[test]
fn apply_by_anybody_but_an_active_controller_fails() {
	ExtBuilder::default().build_and_execute(|| {
		let apply = |who| Registry::apply(who, NEWCOMER, OrganisationClass::Payer, None, GREECE);
		assert_noop!(apply(signed(STRANGER)), Refusal::NotAMember);
		assert_noop!(apply(signed(CLERK)), Refusal::RoleMissing);
		assert_noop!(apply(council()), BadOrigin);
		assert_ok!(Registry::suspend_organisation(council(), HOSPITAL));
		assert_noop!(apply(signed(HOSPITAL_HEAD)), Refusal::OrganisationInactive);
	});
}

#[test]
fn apply_with_wrong_words_fails() {
	ExtBuilder::default().build_and_execute(|| {
		let apply = |controller, gln, jurisdiction| {
			Registry::apply(signed(HOSPITAL_HEAD), controller, OrganisationClass::Payer, gln, jurisdiction)
		};
		let nowhere = Jurisdiction::country(*b"gr");
		assert_noop!(apply(NEWCOMER, None, nowhere), Refusal::InvalidJurisdiction);
		assert_noop!(apply(NEWCOMER, Some(Gln(*b"5200000000005")), GREECE), Refusal::InvalidGln);
		assert_noop!(apply(NEWCOMER, Some(HOSPITAL_GLN), GREECE), Refusal::GlnTaken);
		assert_noop!(apply(OFFICER, None, GREECE), Refusal::AlreadyMember);
	});
}

#[test]
fn withdraw_application_works() {
	ExtBuilder::default().build_and_execute(|| {
		let organisation = apply();
		assert_ok!(Registry::withdraw_application(signed(HOSPITAL_HEAD), organisation));
		assert_eq!(last_event(), Event::ApplicationWithdrawn { organisation, by: HOSPITAL_HEAD });
		assert_eq!(Registry::organisation(organisation, None), None);
		assert_eq!(Glns::<Test>::get(OTHER_GLN), None);
		assert_eq!(NextOrganisation::<Test>::get(), OrgId(4), "an id is never given twice");
	});
}

#[test]
fn withdraw_application_is_a_duty_of_a_suspended_sponsor_too() {
	ExtBuilder::default().build_and_execute(|| {
		let organisation = apply();
		assert_ok!(Registry::suspend_organisation(council(), HOSPITAL));
		assert_ok!(Registry::withdraw_application(signed(HOSPITAL_HEAD), organisation));
	});
}

#[test]
fn withdraw_application_by_anybody_but_the_sponsor_fails() {
	ExtBuilder::default().build_and_execute(|| {
		let organisation = apply();
		let withdraw = |who| Registry::withdraw_application(signed(who), organisation);
		assert_noop!(withdraw(AUTHORITY_HEAD), Refusal::NotAuthorised);
		assert_noop!(withdraw(CLERK), Refusal::RoleMissing);
		assert_noop!(withdraw(NEWCOMER), Refusal::NotAMember);
		assert_noop!(Registry::withdraw_application(signed(HOSPITAL_HEAD), HOSPITAL), Refusal::NotFound);
	});
}

#[test]
fn refuse_application_works() {
	ExtBuilder::default().build_and_execute(|| {
		let organisation = apply();
		assert_ok!(Registry::refuse_application(council(), organisation));
		assert_eq!(last_event(), Event::ApplicationRefused { organisation });
		assert!(!Organisations::<Test>::contains_key(organisation));
		assert_noop!(Registry::refuse_application(council(), organisation), Refusal::NotFound);
	});
}

#[test]
fn admit_organisation_works() {
	ExtBuilder::default().build_and_execute(|| {
		let organisation = apply();
		set_time(2_000);
		assert_ok!(Registry::allot(council(), organisation, 5_000));
		assert_ok!(Registry::admit_organisation(council(), organisation));
		assert_eq!(last_event(), Event::OrganisationAdmitted { organisation });
		assert_eq!(status(organisation), OrganisationStatus::Active);
		assert_eq!(Registry::present_membership(&NEWCOMER).unwrap().roles, Roles::CONTROLLER);
		assert_eq!(voices().last(), Some(&NEWCOMER.encode()));
		let then = |at| Registry::organisation(organisation, moment(at)).map(|view| view.status);
		assert_eq!(then(START - 1), None);
		assert_eq!(then(1_999), Some(OrganisationStatus::Applied));
		assert_eq!(then(2_000), Some(OrganisationStatus::Active));
	});
}

#[test]
fn admit_organisation_without_tokens_for_deposits_fails() {
	ExtBuilder::default().build_and_execute(|| {
		let organisation = apply();
		let missing = sp_runtime::TokenError::FundsUnavailable;
		assert_noop!(Registry::admit_organisation(council(), organisation), missing);
		assert_ok!(Registry::allot(council(), organisation, ORGANISATION_DEPOSIT + 1));
		assert_noop!(Registry::admit_organisation(council(), organisation), missing);
	});
}

#[test]
fn admit_organisation_twice_fails() {
	ExtBuilder::default().build_and_execute(|| {
		let organisation = admit();
		assert_noop!(Registry::admit_organisation(council(), organisation), Refusal::NotFound);
		assert_noop!(Registry::refuse_application(council(), organisation), Refusal::NotFound);
	});
}

#[test]
fn admit_organisation_whose_controller_has_joined_another_fails() {
	ExtBuilder::default().build_and_execute(|| {
		let organisation = apply();
		assert_ok!(Registry::allot(council(), organisation, 5_000));
		assert_ok!(Registry::add_member(signed(HOSPITAL_HEAD), NEWCOMER, Roles::RECORDS, None));
		assert_noop!(Registry::admit_organisation(council(), organisation), Refusal::AlreadyMember);
	});
}

#[test]
fn admit_organisation_without_a_free_seat_fails() {
	ExtBuilder::default().build_and_execute(|| {
		admit();
		assert_ok!(Registry::apply(signed(HOSPITAL_HEAD), STRANGER, OrganisationClass::Payer, None, GREECE));
		assert_ok!(Registry::allot(council(), OrgId(4), 5_000));
		assert_noop!(Registry::admit_organisation(council(), OrgId(4)), Refusal::TooManyOrganisations);
		// A suspended organisation keeps its seat, one that has gone does not.
		assert_ok!(Registry::suspend_organisation(council(), PHARMACY));
		assert_noop!(Registry::admit_organisation(council(), OrgId(4)), Refusal::TooManyOrganisations);
		assert_ok!(Registry::expel_organisation(council(), PHARMACY));
		assert_ok!(Registry::admit_organisation(council(), OrgId(4)));
	});
}

#[test]
fn decisions_of_the_consortium_by_anybody_else_fail() {
	ExtBuilder::default().build_and_execute(|| {
		let organisation = apply();
		for who in [HOSPITAL_HEAD, AUTHORITY_HEAD, OFFICER, STRANGER] {
			let who = || signed(who.clone());
			assert_noop!(Registry::admit_organisation(who(), organisation), BadOrigin);
			assert_noop!(Registry::refuse_application(who(), organisation), BadOrigin);
			assert_noop!(Registry::suspend_organisation(who(), PHARMACY), BadOrigin);
			assert_noop!(Registry::reinstate_organisation(who(), PHARMACY), BadOrigin);
			assert_noop!(Registry::expel_organisation(who(), PHARMACY), BadOrigin);
			assert_noop!(Registry::replace_controller(who(), PHARMACY, STRANGER), BadOrigin);
			assert_noop!(Registry::recognise_issuer(who(), HOSPITAL, Capability::Regulate, GREECE), BadOrigin);
			assert_noop!(Registry::withdraw_issuer(who(), AUTHORITY, Capability::Regulate, GREECE), BadOrigin);
			assert_noop!(
				Registry::distrust_issuer(who(), AUTHORITY, Capability::Regulate, GREECE, Moment(0)),
				BadOrigin
			);
			assert_noop!(Registry::allot(who(), HOSPITAL, 1), BadOrigin);
		}
	});
}

#[test]
fn suspend_and_reinstate_organisation_work() {
	ExtBuilder::default().build_and_execute(|| {
		set_time(2_000);
		assert_ok!(Registry::suspend_organisation(council(), PHARMACY));
		assert_eq!(last_event(), Event::OrganisationSuspended { organisation: PHARMACY });
		assert!(!voices().contains(&PHARMACY_HEAD.encode()));
		set_time(3_000);
		assert_ok!(Registry::reinstate_organisation(council(), PHARMACY));
		assert_eq!(last_event(), Event::OrganisationReinstated { organisation: PHARMACY });
		assert!(voices().contains(&PHARMACY_HEAD.encode()));
		let then = |at| Registry::organisation(PHARMACY, moment(at)).unwrap().status;
		for (at, expected) in
			[(0, "Active"), (1_999, "Active"), (2_000, "Suspended"), (2_999, "Suspended"), (3_000, "Active")]
		{
			assert_eq!(then(at).name(), expected, "at {at}");
		}
	});
}

#[test]
fn organisation_in_the_wrong_state_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let applicant = apply();
		for call in [Registry::suspend_organisation, Registry::reinstate_organisation, Registry::expel_organisation] {
			assert_noop!(call(council(), OrgId(9)), Refusal::NotFound);
			assert_noop!(call(council(), applicant), Refusal::WrongState);
		}
		assert_noop!(Registry::reinstate_organisation(council(), HOSPITAL), Refusal::WrongState);
		assert_ok!(Registry::suspend_organisation(council(), HOSPITAL));
		assert_noop!(Registry::suspend_organisation(council(), HOSPITAL), Refusal::WrongState);
		assert_ok!(Registry::expel_organisation(council(), HOSPITAL));
		for call in [Registry::suspend_organisation, Registry::reinstate_organisation, Registry::expel_organisation] {
			assert_noop!(call(council(), HOSPITAL), Refusal::WrongState);
		}
		assert_noop!(Registry::leave(signed(HOSPITAL_HEAD)), Refusal::WrongState);
	});
}

#[test]
fn expelled_organisation_loses_its_voice_and_its_gln() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Registry::expel_organisation(council(), HOSPITAL));
		assert_eq!(last_event(), Event::OrganisationExpelled { organisation: HOSPITAL });
		assert!(!voices().contains(&HOSPITAL_HEAD.encode()));
		// The record keeps the number, and who comes back under a new id can have it again.
		assert_eq!(Registry::organisation(HOSPITAL, None).unwrap().gln, Some(HOSPITAL_GLN));
		let class = OrganisationClass::Provider;
		assert_ok!(Registry::apply(signed(PHARMACY_HEAD), NEWCOMER, class, Some(HOSPITAL_GLN), GREECE));
		assert_eq!(Glns::<Test>::get(HOSPITAL_GLN), Some(OrgId(3)));
	});
}

#[test]
fn leave_works() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Registry::leave(signed(PHARMACY_HEAD)));
		assert_eq!(last_event(), Event::OrganisationLeft { organisation: PHARMACY, by: PHARMACY_HEAD });
		assert_eq!(status(PHARMACY), OrganisationStatus::Left);
		assert!(Registry::is_member(&PHARMACIST), "duties remain");
		assert_eq!(Seats::<Test>::get().seats(), 2);
	});
}

#[test]
fn leave_of_a_suspended_organisation_works_without_a_second_loss_of_voice() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Registry::suspend_organisation(council(), PHARMACY));
		let before = voices();
		assert_ok!(Registry::leave(signed(PHARMACY_HEAD)));
		assert_eq!(voices(), before);
	});
}

#[test]
fn leave_by_anybody_but_a_controller_fails() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(Registry::leave(signed(PHARMACIST)), Refusal::RoleMissing);
		assert_noop!(Registry::leave(signed(STRANGER)), Refusal::NotAMember);
		assert_noop!(Registry::leave(council()), BadOrigin);
	});
}

#[test]
fn last_active_organisation_cannot_stop() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Registry::leave(signed(PHARMACY_HEAD)));
		assert_ok!(Registry::suspend_organisation(council(), AUTHORITY));
		assert_noop!(Registry::leave(signed(HOSPITAL_HEAD)), Refusal::LastOrganisation);
		assert_noop!(Registry::suspend_organisation(council(), HOSPITAL), Refusal::LastOrganisation);
		assert_noop!(Registry::expel_organisation(council(), HOSPITAL), Refusal::LastOrganisation);
		assert_ok!(Registry::reinstate_organisation(council(), AUTHORITY));
		assert_ok!(Registry::leave(signed(HOSPITAL_HEAD)));
	});
}

#[test]
fn rotate_controller_to_a_newcomer_works() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Registry::change_member(signed(HOSPITAL_HEAD), HOSPITAL_HEAD, Roles::QUALITY, None));
		set_time(2_000);
		assert_ok!(Registry::rotate_controller(signed(HOSPITAL_HEAD), NEWCOMER));
		let (old, by) = (HOSPITAL_HEAD, Some(HOSPITAL_HEAD));
		let event = Event::ControllerRotated { organisation: HOSPITAL, old, new: NEWCOMER, by };
		assert_eq!(last_event(), event);
		assert!(!Registry::is_member(&HOSPITAL_HEAD), "a key that may be in wrong hands is out");
		let roles = Registry::present_membership(&NEWCOMER).unwrap().roles;
		assert_eq!(roles, Roles::CONTROLLER.union(Roles::QUALITY));
		assert!(voices().contains(&NEWCOMER.encode()) && !voices().contains(&HOSPITAL_HEAD.encode()));
		assert_eq!(Registry::membership_at(&HOSPITAL_HEAD, Moment(1_999)).unwrap().state.organisation, HOSPITAL);
		assert_noop!(Registry::leave(signed(HOSPITAL_HEAD)), Refusal::NotAMember);
	});
}

#[test]
fn rotate_controller_to_a_member_keeps_its_roles_and_takes_its_expiry_away() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Registry::change_member(signed(HOSPITAL_HEAD), CLERK, Roles::RECORDS, moment(5_000)));
		assert_ok!(Registry::rotate_controller(signed(HOSPITAL_HEAD), CLERK));
		let membership = Registry::present_membership(&CLERK).unwrap();
		assert_eq!(membership.roles, Roles::CONTROLLER.union(Roles::RECORDS));
		assert_eq!(membership.until, None);
	});
}

#[test]
fn rotate_controller_of_a_suspended_organisation_moves_no_voice() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Registry::suspend_organisation(council(), HOSPITAL));
		let before = voices();
		assert_ok!(Registry::rotate_controller(signed(HOSPITAL_HEAD), CLERK));
		assert_eq!(voices(), before);
	});
}

#[test]
fn rotate_controller_fails_for_wrong_accounts() {
	ExtBuilder::default().build_and_execute(|| {
		let rotate = |who, new| Registry::rotate_controller(signed(who), new);
		assert_noop!(rotate(HOSPITAL_HEAD, HOSPITAL_HEAD), Refusal::AlreadyExists);
		assert_noop!(rotate(HOSPITAL_HEAD, OFFICER), Refusal::AlreadyMember);
		assert_noop!(rotate(CLERK, NEWCOMER), Refusal::RoleMissing);
		assert_noop!(rotate(NEWCOMER, NEWCOMER), Refusal::NotAMember);
		assert_noop!(Registry::rotate_controller(council(), NEWCOMER), BadOrigin);
	});
}

#[test]
fn replace_controller_works_and_fails_where_there_is_none() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Registry::replace_controller(council(), PHARMACY, NEWCOMER));
		let (organisation, old, new) = (PHARMACY, PHARMACY_HEAD, NEWCOMER);
		assert_eq!(last_event(), Event::ControllerRotated { organisation, old, new, by: None });
		assert!(Registry::is_member(&NEWCOMER) && !Registry::is_member(&PHARMACY_HEAD));
		assert_noop!(Registry::replace_controller(council(), OrgId(9), STRANGER), Refusal::NotFound);
		assert_ok!(Registry::apply(signed(HOSPITAL_HEAD), STRANGER, OrganisationClass::Payer, None, GREECE));
		assert_noop!(Registry::replace_controller(council(), OrgId(3), PHARMACY_HEAD), Refusal::WrongState);
	});
}

#[test]
fn replace_controller_of_an_expelled_organisation_works_since_duties_need_somebody() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Registry::expel_organisation(council(), PHARMACY));
		assert_ok!(Registry::replace_controller(council(), PHARMACY, NEWCOMER));
		assert_ok!(Registry::add_member(signed(NEWCOMER), STRANGER, Roles::PHARMACIST, None));
		assert_ok!(Registry::ensure_duty(&STRANGER, Roles::PHARMACIST), PHARMACY);
	});
}

#[test]
fn allot_works() {
	ExtBuilder::default().build_and_execute(|| {
		let before = Balances::free_balance(sovereign(0));
		assert_ok!(Registry::allot(council(), HOSPITAL, 500));
		assert_eq!(last_event(), Event::TokensAllotted { organisation: HOSPITAL, amount: 500 });
		assert_eq!(Balances::free_balance(sovereign(0)), before + 500);
		assert_noop!(Registry::allot(council(), OrgId(9), 500), Refusal::NotFound);
		let missing = sp_runtime::TokenError::FundsUnavailable;
		assert_noop!(Registry::allot(council(), HOSPITAL, 1_000_001), missing);
	});
}

#[test]
fn fund_member_works() {
	ExtBuilder::default().build_and_execute(|| {
		let before = Balances::free_balance(CLERK);
		assert_ok!(Registry::fund_member(signed(HOSPITAL_HEAD), CLERK, 50));
		let (organisation, by) = (HOSPITAL, HOSPITAL_HEAD);
		assert_eq!(last_event(), Event::MemberFunded { organisation, member: CLERK, amount: 50, by });
		assert_eq!(Balances::free_balance(CLERK), before + 50);
		assert_eq!(Balances::free_balance(sovereign(0)), 10_000 - 50);
		assert_ok!(Registry::fund_member(signed(HOSPITAL_HEAD), HOSPITAL_HEAD, 50));
	});
}

#[test]
fn fund_member_fails_for_others_and_beyond_what_there_is() {
	ExtBuilder::default().build_and_execute(|| {
		let fund = |who, member, amount| Registry::fund_member(signed(who), member, amount);
		assert_noop!(fund(CLERK, CLERK, 50), Refusal::RoleMissing);
		assert_noop!(fund(HOSPITAL_HEAD, OFFICER, 50), Refusal::NotAuthorised);
		assert_noop!(fund(HOSPITAL_HEAD, STRANGER, 50), Refusal::NotAMember);
		assert_noop!(fund(STRANGER, CLERK, 50), Refusal::NotAMember);
		assert_noop!(fund(HOSPITAL_HEAD, CLERK, 20_000), sp_runtime::TokenError::FundsUnavailable);
	});
}

#[test]
fn fund_member_with_less_than_an_account_needs_fails() {
	ExtBuilder::default().build_and_execute(|| {
		let fund = |amount| Registry::fund_member(signed(HOSPITAL_HEAD), CLERK, amount);
		assert_noop!(fund(0), Refusal::TooLittle);
		assert_ok!(fund(1));
	});
}

#[test]
fn rotate_controller_needs_a_pause_and_a_replacement_ends_it() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Registry::rotate_controller(signed(HOSPITAL_HEAD), NEWCOMER));
		set_time(START + ROTATION_PAUSE - 1);
		assert_noop!(Registry::rotate_controller(signed(NEWCOMER), STRANGER), Refusal::TooEarly);
		// Each organisation has its own.
		assert_ok!(Registry::rotate_controller(signed(PHARMACY_HEAD), PHARMACIST));
		set_time(START + ROTATION_PAUSE);
		assert_ok!(Registry::rotate_controller(signed(NEWCOMER), STRANGER));
		assert_ok!(Registry::replace_controller(council(), HOSPITAL, HOSPITAL_HEAD));
		assert_ok!(Registry::rotate_controller(signed(HOSPITAL_HEAD), NEWCOMER));
	});
}
