// SPDX-License-Identifier: Apache-2.0
//! Who pays what. That holds are the prices of what is stored is checked after every test of every file.

use super::*;

fn free(custodian: OrgId) -> u64 {
	Balances::free_balance(custodian.sovereign_account::<AccountId32>())
}

/// A record whose second and third version found no money.
fn indebted(test: impl FnOnce()) {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(anchor(CLERK, RECORD, 1));
		set_free_funds(HOSPITAL, 0);
		assert_ok!(amend(CLERK, RECORD, 1, 2));
		assert_ok!(amend(CLERK, RECORD, 2, 3));
		test();
	});
}

fn settle(by: AccountId32, version: u32) -> DispatchResult {
	Ehr::settle_deposit(signed(by), RECORD, version)
}

#[test]
fn deposits_come_from_the_sovereign_account() {
	ExtBuilder::default().build_and_execute(|| {
		let clerk = Balances::free_balance(CLERK);
		assert_ok!(anchor(CLERK, RECORD, 1));
		assert_eq!(held(HOSPITAL, HoldReason::Version), price_of_version(1));
		assert_ok!(amend(CLERK, RECORD, 1, 2));
		assert_eq!(held(HOSPITAL, HoldReason::Version), price_of_version(1) + price_of_version(2));
		assert_ok!(Ehr::open_log(signed(CLERK), LogKind::Records));
		assert_eq!(held(HOSPITAL, HoldReason::Log), price_of_log());
		assert_eq!(free(HOSPITAL), FUNDS - price_of_version(1) - price_of_version(2) - price_of_log());
		assert_eq!(Balances::free_balance(CLERK), clerk);
		assert_eq!(free(LABORATORY), FUNDS);
	});
}

#[test]
fn deposits_of_a_log_are_taken_once() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Ehr::open_log(signed(CLERK), LogKind::Records));
		let before = free(HOSPITAL);
		let log = TestLog::of(LogKind::Records, 0..60);
		for size in 1..60 {
			assert_ok!(checkpoint(CLERK, LogKind::Records, log.head_at(size), log.growth(size - 1, size)));
		}
		assert_eq!(free(HOSPITAL), before);
	});
}

#[test]
fn footprints_are_those_of_what_is_stored() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(anchor_linked(CLERK, RECORD, 1));
		assert_ok!(amend(CLERK, RECORD, 1, 2));
		use codec::Encode;
		let size = |number| {
			let version = Versions::<Test>::get(RECORD, number).unwrap();
			u64::try_from((RECORD, number, version).encoded_size()).unwrap()
		};
		let head = (RECORD, Records::<Test>::get(RECORD).unwrap()).encoded_size();
		assert_eq!(Ehr::version_footprint(1).size, size(1) + u64::try_from(head).unwrap());
		assert_eq!(Ehr::version_footprint(2).size, size(2));
		assert_eq!(Ehr::version_footprint(2), Ehr::version_footprint(u32::MAX));
		// 4 + 1 bytes of key and 77 of state; 32 checkpoints of 13 bytes of key and 49 of value.
		assert_eq!(Ehr::log_footprint().size, 82 + 32 * (13 + 49));
	});
}

#[test]
fn amend_without_money_is_owed() {
	indebted(|| {
		assert_eq!(Owed::<Test>::get(HOSPITAL), 2);
		assert_eq!(Owed::<Test>::get(LABORATORY), 0);
		assert_eq!(Records::<Test>::get(RECORD).unwrap().version, 3);
		assert!(Versions::<Test>::get(RECORD, 3).unwrap().ticket.is_none());
		assert!(matches!(event(0), RuntimeEvent::Ehr(Event::RecordAmended { version: 3, deposited: false, .. })));
		assert_eq!(held(HOSPITAL, HoldReason::Version), price_of_version(1));
	});
}

#[test]
fn amend_with_money_again_is_not_owed() {
	indebted(|| {
		set_free_funds(HOSPITAL, FUNDS);
		assert_ok!(amend(CLERK, RECORD, 3, 4));
		assert_eq!(Owed::<Test>::get(HOSPITAL), 2);
		assert!(Versions::<Test>::get(RECORD, 4).unwrap().ticket.is_some());
	});
}

#[test]
fn settle_deposit_of_every_version_gives_rights_back() {
	indebted(|| {
		set_free_funds(HOSPITAL, FUNDS);
		assert_ok!(settle(CLERK, 3));
		let settled = Event::DepositSettled { record: RECORD, custodian: HOSPITAL, by: CLERK, version: 3 };
		System::assert_last_event(settled.into());
		assert_eq!(Owed::<Test>::get(HOSPITAL), 1);
		assert_noop!(anchor(CLERK, RecordId([8; 16]), 4), Error::<Test>::DepositOwed);
		assert_ok!(settle(DEPUTY, 2));
		assert!(!Owed::<Test>::contains_key(HOSPITAL));
		assert_ok!(anchor(CLERK, RecordId([8; 16]), 4));
		assert_eq!(free(HOSPITAL), FUNDS - 2 * price_of_version(2) - price_of_version(1));
	});
}

#[test]
fn settle_deposit_keeps_what_was_anchored() {
	indebted(|| {
		let before = Versions::<Test>::get(RECORD, 2).unwrap();
		advance(1_000);
		set_free_funds(HOSPITAL, FUNDS);
		assert_ok!(settle(CLERK, 2));
		let after = Versions::<Test>::get(RECORD, 2).unwrap();
		assert_eq!(Version { ticket: None, ..after }, before);
	});
}

#[test]
fn settle_deposit_without_licence_or_after_entered_in_error_works() {
	indebted(|| {
		set_free_funds(HOSPITAL, FUNDS);
		MockRegistry::set_active(HOSPITAL, false);
		assert_ok!(Ehr::mark_entered_in_error(signed(CLERK), RECORD));
		assert_ok!(settle(CLERK, 2));
	});
}

#[test]
fn settle_deposit_without_money_fails() {
	indebted(|| {
		set_free_funds(HOSPITAL, price_of_version(2) - 1);
		assert_noop!(settle(CLERK, 2), TokenError::FundsUnavailable);
	});
}

#[test]
fn settle_deposit_of_what_is_not_owed_fails() {
	indebted(|| {
		set_free_funds(HOSPITAL, FUNDS);
		assert_noop!(settle(CLERK, 1), Error::<Test>::WrongState);
		assert_ok!(settle(CLERK, 2));
		assert_noop!(settle(CLERK, 2), Error::<Test>::WrongState);
	});
}

#[test]
fn settle_deposit_of_an_unknown_record_or_version_fails() {
	indebted(|| {
		assert_noop!(settle(CLERK, 0), Error::<Test>::NotFound);
		assert_noop!(settle(CLERK, 4), Error::<Test>::NotFound);
		let unknown = RecordId([8; 16]);
		assert_noop!(Ehr::settle_deposit(signed(CLERK), unknown, 1), Error::<Test>::NotFound);
	});
}

#[test]
fn settle_deposit_by_others_fails() {
	indebted(|| {
		assert_noop!(settle(ANALYST, 2), Error::<Test>::NotAuthorised);
		for who in [NURSE, STRANGER, HOSPITAL.sovereign_account()] {
			assert_noop!(settle(who, 2), MockRegistry::NOT_AUTHORISED);
		}
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_noop!(Ehr::settle_deposit(origin, RECORD, 2), DispatchError::BadOrigin);
		}
	});
}

#[test]
fn a_custodian_that_never_had_money_has_duties_only() {
	ExtBuilder::funded(0).build_and_execute(|| {
		assert_noop!(anchor(CLERK, RECORD, 1), TokenError::FundsUnavailable);
		assert_noop!(Ehr::open_log(signed(CLERK), LogKind::Records), TokenError::FundsUnavailable);
		assert_noop!(amend(CLERK, RECORD, 1, 2), Error::<Test>::NotFound);
	});
}
