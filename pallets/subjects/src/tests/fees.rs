// SPDX-License-Identifier: Apache-2.0
//! Through the extension that charges fees, as in a block.

use super::*;
use frame_support::dispatch::{GetDispatchInfo, PostDispatchInfo};
use pallet_transaction_payment::ChargeTransactionPayment;
use sp_runtime::{
	traits::{DispatchTransaction, Dispatchable},
	transaction_validity::{InvalidTransaction, TransactionValidityError},
};

/// What came of a transaction: the call's result, if it was let in.
fn send(
	who: &AccountId32,
	call: impl Into<RuntimeCall>,
	tip: u64,
) -> Result<Result<(), DispatchError>, TransactionValidityError> {
	let call = call.into();
	let info = call.get_dispatch_info();
	let charge = ChargeTransactionPayment::<Test>::from(tip);
	let run = |origin| -> sp_runtime::DispatchResultWithInfo<PostDispatchInfo> { call.clone().dispatch(origin) };
	let result = charge.test_run(signed(who.clone()), &call, &info, 100, 0, run)?;
	Ok(result.map(|_| ()).map_err(|error| error.error))
}

fn prove() -> RuntimeCall {
	Call::prove_key {}.into()
}

fn used(custodian: epidaurus_primitives::ids::OrgId) -> u32 {
	Subjects::quota(custodian).used
}

const NO_MONEY: TransactionValidityError = TransactionValidityError::Invalid(InvalidTransaction::Payment);
const REFUSED: TransactionValidityError = TransactionValidityError::Invalid(InvalidTransaction::Call);
const NEXT_BLOCK: TransactionValidityError = TransactionValidityError::Invalid(InvalidTransaction::ExhaustsResources);

/// So many subjects of the hospital with keys from 100 on.
fn crowd(count: u8) -> Vec<AccountId32> {
	(100..100 + count)
		.map(|seed| {
			assert_ok!(Subjects::enrol(signed(CLERK), SubjectId([seed; 32]), key(seed)));
			key(seed)
		})
		.collect()
}

#[test]
fn act_of_a_subject_takes_a_unit_of_its_custodian_and_no_fee() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		assert_eq!(send(&key(10), prove(), 0), Ok(Ok(())));
		let waived = RuntimeEvent::from(Event::FeeWaived { subject: PATIENT, custodian: HOSPITAL });
		assert!(System::events().iter().any(|record| record.event == waived));
		assert_eq!((used(HOSPITAL), used(CLINIC)), (1, 0));
		assert_eq!(Balances::free_balance(key(10)), 0);
		assert!(Subjects::subject(PATIENT).unwrap().proven);
	});
}

#[test]
fn act_that_fails_takes_its_unit_too() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		assert_eq!(send(&key(10), prove(), 0), Ok(Ok(())));
		assert_eq!(send(&key(10), prove(), 0), Ok(Err(Refusal::WrongState.into())));
		assert_eq!(used(HOSPITAL), 2);
	});
}

#[test]
fn quota_of_one_custodian_is_spent_without_touching_another() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		for who in crowd(5) {
			advance(1);
			assert_eq!(send(&who, prove(), 0), Ok(Ok(())));
		}
		advance(1);
		assert_eq!(used(HOSPITAL), 5);
		assert_eq!(send(&key(10), prove(), 0), Err(NO_MONEY));
		assert_eq!(send(&key(20), prove(), 0), Ok(Ok(())));
		assert_eq!((used(HOSPITAL), used(CLINIC)), (5, 1));
		// Restrictive acts take nothing of it.
		assert_eq!(send(&key(10), Call::rotate_key { new_key: key(11) }, 0), Ok(Ok(())));
		assert_eq!(used(HOSPITAL), 5);
		// The next UTC day brings a new quota.
		let renewal = Subjects::quota(HOSPITAL).renews_at;
		assert_eq!(renewal.0 % DAY, 0);
		set_now(Moment(renewal.0 - 1));
		assert_eq!(send(&key(11), prove(), 0), Err(NO_MONEY));
		set_now(renewal);
		assert_eq!(send(&key(11), prove(), 0), Ok(Ok(())));
		assert_eq!(used(HOSPITAL), 1);
	});
}

#[test]
fn subject_with_money_pays_when_the_quota_is_spent() {
	ExtBuilder.build_and_execute(|| {
		use frame_support::traits::fungible::Mutate;
		enrol_both();
		for who in crowd(5) {
			advance(1);
			assert_eq!(send(&who, prove(), 0), Ok(Ok(())));
		}
		let before = 1_000_000_000_000;
		Balances::set_balance(&key(10), before);
		assert_eq!(send(&key(10), prove(), 0), Ok(Ok(())));
		assert!(Balances::free_balance(key(10)) < before);
		assert_eq!(used(HOSPITAL), 5);
	});
}

#[test]
fn limits_of_a_block_hold_for_each_custodian_and_subject() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		let crowd = crowd(6);
		let contest = || RuntimeCall::from(Call::contest_rebind {});
		// Two for each subject, whatever they are.
		assert_eq!(send(&key(10), prove(), 0), Ok(Ok(())));
		assert!(send(&key(10), contest(), 0).unwrap().is_err());
		assert_eq!(send(&key(10), contest(), 0), Err(NEXT_BLOCK));
		assert_eq!(send(&key(10), prove(), 0), Err(NEXT_BLOCK));
		// Three ordinary and four restrictive acts for each custodian.
		assert_eq!(send(&crowd[0], prove(), 0), Ok(Ok(())));
		assert_eq!(send(&crowd[1], prove(), 0), Ok(Ok(())));
		assert_eq!(send(&crowd[2], prove(), 0), Err(NEXT_BLOCK));
		for who in &crowd[2..5] {
			assert!(send(who, contest(), 0).unwrap().is_err());
		}
		assert_eq!(send(&crowd[5], contest(), 0), Err(NEXT_BLOCK));
		assert_eq!(send(&key(20), contest(), 0), Ok(Err(Refusal::NotFound.into())));
		assert_eq!(send(&key(20), prove(), 0), Ok(Ok(())));
		advance(1);
		assert_eq!(send(&crowd[5], contest(), 0), Ok(Err(Refusal::NotFound.into())));
		assert_eq!(send(&crowd[2], prove(), 0), Ok(Ok(())));
	});
}

#[test]
fn tip_is_paid_with_the_fee() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		assert_eq!(send(&key(10), prove(), 1), Err(NO_MONEY));
		assert_eq!(used(HOSPITAL), 0);
		// No way round the limits of restrictive acts for the smallest coin.
		assert_eq!(send(&key(10), Call::contest_rebind {}, 1), Err(REFUSED));
	});
}

#[test]
fn what_is_wrapped_or_no_act_is_not_free() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		let boxed = || Box::new(prove());
		let calls: Vec<RuntimeCall> = vec![
			pallet_utility::Call::batch { calls: vec![prove()] }.into(),
			pallet_utility::Call::as_derivative { index: 0, call: boxed() }.into(),
			pallet_proxy::Call::proxy { real: key(10), force_proxy_type: None, call: boxed() }.into(),
			pallet_multisig::Call::as_multi_threshold_1 { other_signatories: vec![CLERK], call: boxed() }.into(),
			Call::enrol { subject: SubjectId([1; 32]), key: key(30) }.into(),
			frame_system::Call::remark { remark: vec![] }.into(),
		];
		for call in calls {
			assert_eq!(send(&key(10), call.clone(), 0), Err(NO_MONEY), "{call:?}");
		}
		assert_eq!(Meters::<Test>::iter().count(), 0);
	});
}

#[test]
fn key_that_may_not_act_is_not_free() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		// In question: only restrictive acts.
		rebind_since(START);
		assert_eq!(send(&key(10), prove(), 0), Err(NO_MONEY));
		assert_eq!(send(&key(10), Call::contest_rebind {}, 0), Ok(Ok(())));
		// Only meant to be a key, or one no more.
		assert_eq!(send(&key(11), prove(), 0), Err(NO_MONEY));
		assert_ok!(Subjects::rotate_key(signed(key(20)), key(21)));
		assert_eq!(send(&key(20), Call::contest_rebind {}, 0), Err(REFUSED));
		// Nobody's.
		assert_eq!(send(&key(99), prove(), 0), Err(NO_MONEY));
	});
}

#[test]
fn member_pays_for_acts_of_subjects_and_cannot_send_free_ones() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		let before = Balances::free_balance(CLERK);
		assert_eq!(send(&CLERK, prove(), 0), Ok(Err(Refusal::NotASubject.into())));
		assert!(Balances::free_balance(CLERK) < before);
		for free in [Call::contest_rebind {}, Call::rotate_key { new_key: key(66) }] {
			assert_eq!(send(&CLERK, free, 0), Err(REFUSED));
		}
		assert_eq!(Meters::<Test>::iter().count(), 0);
	});
}
