// SPDX-License-Identifier: Apache-2.0

use super::*;
use crate::HoldReason;

#[test]
fn application_deposit_is_the_sponsors_until_the_decision() {
	for decide in [
		|id| Registry::refuse_application(council(), id),
		|id| Registry::withdraw_application(signed(HOSPITAL_HEAD), id),
		|id| Registry::admit_organisation(council(), id),
	] {
		ExtBuilder::default().build_and_execute(|| {
			let organisation = apply();
			assert_eq!(held(HOSPITAL, HoldReason::Application), APPLICATION_DEPOSIT);
			assert_ok!(Registry::allot(council(), organisation, 5_000));
			assert_ok!(decide(organisation));
			assert_eq!(held(HOSPITAL, HoldReason::Application), 0);
			assert_eq!(Balances::free_balance(sovereign(0)), 10_000);
		});
	}
}

#[test]
fn application_beyond_the_sponsors_means_fails() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Registry::fund_member(signed(HOSPITAL_HEAD), CLERK, 9_500));
		let apply = Registry::apply(signed(HOSPITAL_HEAD), NEWCOMER, OrganisationClass::Payer, None, GREECE);
		assert_eq!(apply, Err(sp_runtime::TokenError::FundsUnavailable.into()));
	});
}

#[test]
fn admitted_organisation_gives_its_own_deposits() {
	ExtBuilder::default().build_and_execute(|| {
		let organisation = admit();
		assert_eq!(held(organisation, HoldReason::Organisation), ORGANISATION_DEPOSIT);
		assert_eq!(held(organisation, HoldReason::Member), MEMBER_DEPOSIT);
	});
}

#[test]
fn founders_give_no_deposit() {
	ExtBuilder::default().build_and_execute(|| {
		for organisation in [HOSPITAL, AUTHORITY, PHARMACY] {
			for reason in [HoldReason::Organisation, HoldReason::Member, HoldReason::Licence] {
				assert_eq!(held(organisation, reason), 0);
			}
		}
		// What they do later is no different.
		assert_ok!(Registry::add_member(signed(HOSPITAL_HEAD), NEWCOMER, Roles::RECORDS, None));
		assert_eq!(held(HOSPITAL, HoldReason::Member), MEMBER_DEPOSIT);
	});
}

#[test]
fn member_deposit_comes_back_however_the_membership_ends() {
	for end in [|| Registry::remove_member(signed(HOSPITAL_HEAD), NEWCOMER), || Registry::resign(signed(NEWCOMER))] {
		ExtBuilder::default().build_and_execute(|| {
			assert_ok!(Registry::add_member(signed(HOSPITAL_HEAD), NEWCOMER, Roles::RECORDS, None));
			assert_ok!(end());
			assert_eq!(held(HOSPITAL, HoldReason::Member), 0);
		});
	}
}

#[test]
fn add_member_beyond_the_organisations_means_fails() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Registry::fund_member(signed(HOSPITAL_HEAD), CLERK, 9_990));
		let add = Registry::add_member(signed(HOSPITAL_HEAD), NEWCOMER, Roles::RECORDS, None);
		assert_eq!(add, Err(sp_runtime::TokenError::FundsUnavailable.into()));
	});
}

#[test]
fn rotation_never_fails_for_money() {
	ExtBuilder::default().build_and_execute(|| {
		let organisation = admit();
		let all = Balances::free_balance(organisation.sovereign_account::<AccountId>()) - 1;
		assert_ok!(Registry::fund_member(signed(NEWCOMER), NEWCOMER, all));
		assert_ok!(Registry::rotate_controller(signed(NEWCOMER), STRANGER));
		assert_eq!(held(organisation, HoldReason::Member), MEMBER_DEPOSIT, "the deposit is taken over");
		assert_ok!(Registry::replace_controller(council(), organisation, account(10)));
		assert_eq!(held(organisation, HoldReason::Member), MEMBER_DEPOSIT);
	});
}

#[test]
fn rotation_to_a_member_gives_the_old_deposit_back() {
	ExtBuilder::default().build_and_execute(|| {
		let organisation = admit();
		assert_ok!(Registry::add_member(signed(NEWCOMER), STRANGER, Roles::RECORDS, None));
		assert_eq!(held(organisation, HoldReason::Member), 2 * MEMBER_DEPOSIT);
		assert_ok!(Registry::rotate_controller(signed(NEWCOMER), STRANGER));
		assert_eq!(held(organisation, HoldReason::Member), MEMBER_DEPOSIT);
	});
}

#[test]
fn licence_deposit_is_the_issuers_until_the_licence_has_ended() {
	ExtBuilder::default().build_and_execute(|| {
		let [first, second] = [None, None].map(license_hospital);
		assert_eq!(held(AUTHORITY, HoldReason::Licence), 2 * LICENCE_DEPOSIT);
		assert_ok!(Registry::suspend_licence(signed(OFFICER), first));
		assert_eq!(held(AUTHORITY, HoldReason::Licence), 2 * LICENCE_DEPOSIT);
		assert_ok!(Registry::revoke_licence(signed(OFFICER), first));
		assert_eq!(held(AUTHORITY, HoldReason::Licence), LICENCE_DEPOSIT);
		assert_ok!(Registry::distrust_licence(signed(OFFICER), second, Moment(0)));
		assert_eq!(held(AUTHORITY, HoldReason::Licence), 0);
	});
}

#[test]
fn restrictive_calls_work_without_a_free_token() {
	ExtBuilder::default().build_and_execute(|| {
		let organisation = admit();
		let licence = license_hospital(None);
		for (id, head) in [(organisation, NEWCOMER), (AUTHORITY, AUTHORITY_HEAD)] {
			let all = Balances::free_balance(id.sovereign_account::<AccountId>()) - 1;
			assert_ok!(Registry::fund_member(signed(head.clone()), head, all));
		}
		assert_ok!(Registry::suspend_licence(signed(OFFICER), licence));
		assert_ok!(Registry::revoke_licence(signed(OFFICER), licence));
		assert_ok!(Registry::remove_member(signed(AUTHORITY_HEAD), OFFICER));
		assert_ok!(Registry::leave(signed(NEWCOMER)));
		assert_eq!(held(organisation, HoldReason::Organisation), ORGANISATION_DEPOSIT, "its record stays");
	});
}
