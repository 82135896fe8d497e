// SPDX-License-Identifier: Apache-2.0
//! Where the tokens go: fees to the consortium's purse, from there to organisations, from them to members.

use epidaurus_primitives::{
	hash::HashSuite,
	ids::{LicenceId, RecordId},
	registry::Roles,
};
use epidaurus_runtime::{
	configs::ConsortiumAccount,
	constants::money::{EPI, EXISTENTIAL_DEPOSIT, MICRO_EPI, MILLI_EPI},
	AccountId, Balance, Balances, Runtime, RuntimeCall,
};
use epidaurus_tests::{
	account,
	actors::{CLERK, HOSPITAL, HOSPITAL_CONTROLLER, INSPECTOR, LICENSING, OTHER_CLERK},
	logs::{commitment, opening},
	Chain,
};
use sp_runtime::{transaction_validity::InvalidTransaction, DispatchError, MultiAddress};

fn anchor(record: u8) -> RuntimeCall {
	let commitment = commitment(&opening("a record"));
	let (record, suite) = (RecordId([record; 16]), HashSuite::FhirStaticRoot);
	pallet_ehr::Call::anchor { record, commitment, suite, link: None }.into()
}

fn purse(chain: &mut Chain) -> Balance {
	chain.balance(&ConsortiumAccount::get())
}

fn issuance(chain: &mut Chain) -> Balance {
	chain.run(Balances::total_issuance)
}

/// What a call takes from the signer and what it brings the purse.
fn paid(chain: &mut Chain, who: &str, call: impl Into<RuntimeCall>, tip: Balance) -> (Balance, Balance) {
	let before = (chain.balance(&account(who)), purse(chain));
	let transaction = chain.sign(who, call.into(), tip);
	chain.validate(transaction.clone()).expect("valid");
	chain.apply(transaction).expect("valid").ok();
	(before.0 - chain.balance(&account(who)), purse(chain) - before.1)
}

#[test]
fn fee_goes_to_the_purse() {
	let mut chain = Chain::new();
	let all = issuance(&mut chain);
	let (paid, received) = paid(&mut chain, CLERK, anchor(1), 0);
	assert_eq!(paid, received);
	assert!(paid > MILLI_EPI / 2 && paid < 20 * MILLI_EPI, "{paid}");
	assert_eq!(issuance(&mut chain), all);
}

#[test]
fn tip_goes_to_the_purse_too() {
	let mut chain = Chain::new();
	let (without, _) = paid(&mut chain, CLERK, anchor(1), 0);
	let (with, received) = paid(&mut chain, CLERK, anchor(2), EPI);
	// The tip makes the transaction five bytes longer.
	assert_eq!(with, without + EPI + 5 * MICRO_EPI);
	assert_eq!(received, with);
	// Not to the block's author.
	let author = account("Alice//operator");
	let before = chain.balance(&author);
	chain.next_block();
	assert_eq!(chain.balance(&author), before);
}

#[test]
fn call_that_fails_is_paid_for() {
	let mut chain = Chain::new();
	chain.ok(CLERK, anchor(1));
	let (paid, received) = paid(&mut chain, CLERK, anchor(1), 0);
	assert!(paid > 0);
	assert_eq!(paid, received);
}

#[test]
fn restrictive_acts_are_free() {
	let mut chain = Chain::new();
	chain.ok(CLERK, anchor(1));
	let free: Vec<(&str, RuntimeCall)> = vec![
		(CLERK, pallet_ehr::Call::mark_entered_in_error { record: RecordId([1; 16]) }.into()),
		(LICENSING, pallet_registry::Call::suspend_licence { licence: LicenceId(0) }.into()),
		(LICENSING, pallet_registry::Call::revoke_licence { licence: LicenceId(0) }.into()),
		(LICENSING, pallet_registry::Call::distrust_licence { licence: LicenceId(1), from: Default::default() }.into()),
		("Alice//clinician", pallet_registry::Call::resign {}.into()),
		("Alice", pallet_registry::Call::remove_member { member: account("Alice//operator") }.into()),
		("Alice", pallet_registry::Call::rotate_controller { new: account("Alicia") }.into()),
	];
	for (who, call) in free {
		let before = chain.balance(&account(who));
		chain.ok(who, call.clone());
		assert_eq!(chain.balance(&account(who)), before, "{call:?}");
	}
}

/// Without this any member could fill blocks with calls that fail and cost nothing.
#[test]
fn free_call_is_refused_from_members_whose_role_can_only_fail_with_it() {
	let mut chain = Chain::new();
	chain.ok(CLERK, anchor(1));
	let record = RecordId([1; 16]);
	let enter = || RuntimeCall::from(pallet_ehr::Call::mark_entered_in_error { record });
	let hold = || RuntimeCall::from(pallet_ehr::Call::place_hold { record });
	for who in [HOSPITAL_CONTROLLER, "Alice//clinician", INSPECTOR, LICENSING] {
		chain.refused(who, enter(), InvalidTransaction::Call);
	}
	for who in [CLERK, HOSPITAL_CONTROLLER, LICENSING] {
		chain.refused(who, hold(), InvalidTransaction::Call);
	}
	for (who, call, error) in [
		("Alice//clinician", enter(), pallet_registry::Error::<Runtime>::RoleMissing),
		(CLERK, hold(), pallet_registry::Error::<Runtime>::RoleMissing),
	] {
		// Wrapped, it costs its fee and fails like any other call.
		let dispatched = chain.send(who, pallet_utility::Call::batch_all { calls: vec![call.clone()] });
		assert_eq!(
			dispatched.map(|result| result.map_err(DispatchError::stripped)),
			Ok(Err(DispatchError::from(error).stripped()))
		);
		let (fee, received) = paid(&mut chain, who, pallet_utility::Call::batch_all { calls: vec![call] }, 0);
		assert!(fee > 0 && fee == received, "{fee}");
	}
	for (who, call) in [(INSPECTOR, hold()), (CLERK, enter())] {
		let before = chain.balance(&account(who));
		chain.ok(who, call);
		assert_eq!(chain.balance(&account(who)), before);
	}
	// The role is what is asked for: who has it and fails is known by name and answers to its controller.
	chain.fails(OTHER_CLERK, enter(), pallet_ehr::Error::<Runtime>::NotAuthorised);
}

#[test]
fn member_without_tokens_can_restrict_and_nothing_else() {
	let mut chain = Chain::new();
	let new = "Alice//new";
	chain.ok(
		HOSPITAL_CONTROLLER,
		pallet_registry::Call::add_member { member: account(new), roles: Roles::RECORDS, until: None },
	);
	chain.ok(CLERK, anchor(1));
	assert_eq!(chain.balance(&account(new)), 0);
	chain.refused(new, anchor(2), InvalidTransaction::Payment);
	chain.ok(new, pallet_ehr::Call::mark_entered_in_error { record: RecordId([1; 16]) });
}

#[test]
fn member_gets_tokens_from_its_organisation_and_that_from_the_consortium() {
	let mut chain = Chain::new();
	let sovereign: AccountId = HOSPITAL.sovereign_account();
	let before = chain.balance(&sovereign);
	let allot = pallet_registry::Call::allot { organisation: HOSPITAL, amount: 500 * EPI };
	assert_eq!(chain.motion(allot.clone(), 7), Ok(Err(DispatchError::BadOrigin)));
	assert_eq!(chain.balance(&sovereign), before);
	chain.decide(allot);
	assert_eq!(chain.balance(&sovereign), before + 500 * EPI);

	let fund = |amount| pallet_registry::Call::fund_member { member: account(CLERK), amount };
	// A member without control reaches nobody's tokens: it could only fail, for nothing.
	chain.refused(CLERK, fund(EPI), InvalidTransaction::Call);
	let had = chain.balance(&account(CLERK));
	chain.ok(HOSPITAL_CONTROLLER, fund(5 * EPI));
	assert_eq!(chain.balance(&account(CLERK)), had + 5 * EPI);
	// Only its own members, and no more than there is.
	let stranger = pallet_registry::Call::fund_member { member: account("Bob//records"), amount: EPI };
	chain.fails(HOSPITAL_CONTROLLER, stranger, pallet_registry::Error::<Runtime>::NotAuthorised);
	let all = chain.balance(&sovereign);
	chain.fails(HOSPITAL_CONTROLLER, fund(all), sp_runtime::TokenError::NotExpendable);
}

#[test]
fn deposit_cannot_be_given_away() {
	let mut chain = Chain::new();
	chain.ok(CLERK, anchor(1));
	let sovereign: AccountId = HOSPITAL.sovereign_account();
	let (free, all) = chain.run(|| {
		use frame_support::traits::fungible::Inspect;
		(Balances::free_balance(&sovereign), <Balances as Inspect<AccountId>>::total_balance(&sovereign))
	});
	assert_eq!(all - free, 24_800_000_000);
	let fund = pallet_registry::Call::fund_member { member: account(CLERK), amount: free + 1 };
	chain.fails(HOSPITAL_CONTROLLER, fund, sp_runtime::TokenError::FundsUnavailable);
}

#[test]
fn dust_goes_to_the_purse_and_nothing_is_lost() {
	let mut chain = Chain::new();
	let all = issuance(&mut chain);
	// An account that is nobody's; all but a little less than what keeps it.
	let lost = account("Lost");
	let dest = MultiAddress::Id(lost.clone());
	chain.ok("Alice", pallet_balances::Call::transfer_keep_alive { dest, value: EXISTENTIAL_DEPOSIT });
	let before = purse(&mut chain);
	chain
		.run(|| {
			use frame_support::traits::{fungible::Mutate, tokens::Preservation::Expendable};
			let bob = account("Bob");
			<Balances as Mutate<AccountId>>::transfer(&lost, &bob, EXISTENTIAL_DEPOSIT - 1, Expendable)
		})
		.expect("it has that much");
	assert_eq!(chain.balance(&lost), 0);
	assert_eq!(purse(&mut chain), before + 1);
	assert_eq!(issuance(&mut chain), all);
}

#[test]
fn motion_is_opened_with_a_deposit_that_comes_back() {
	let mut chain = Chain::new();
	let held = |chain: &mut Chain| {
		chain.run(|| {
			use frame_support::traits::fungible::Inspect;
			let alice = account("Alice");
			<Balances as Inspect<AccountId>>::total_balance(&alice) - Balances::free_balance(&alice)
		})
	};
	let call: RuntimeCall = pallet_registry::Call::allot { organisation: HOSPITAL, amount: EPI }.into();
	let hash = <sp_runtime::traits::BlakeTwo256 as sp_runtime::traits::Hash>::hash_of(&call);
	chain.decide(call);
	assert_eq!(held(&mut chain), EPI);
	chain.ok("Bob", pallet_collective::Call::release_proposal_cost { proposal_hash: hash });
	assert_eq!(held(&mut chain), 0);
}
