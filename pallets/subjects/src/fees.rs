// SPDX-License-Identifier: Apache-2.0
//! Calls of subjects without a fee.
//!
//! [`FeeFree`] stands in front of the runtime's fee handler. It is asked before a transaction is executed, so what it
//! takes is taken also if the call fails, and it changes nothing in the form of a transaction: any wallet can use it.
//! What is no act of a subject, carries a tip, or finds the quota spent is passed on to the handler behind it; but an
//! act that is declared free is refused then, since it would be free for everybody and without limits.

use crate::{quota::Room, Config, Event, Meters, Pallet, SubjectCalls, SubjectRecordOf, Subjects};
use core::marker::PhantomData;
use epidaurus_primitives::{ids::SubjectId, seams::SubjectAct};
use frame_support::dispatch::{DispatchInfo, Pays};
use pallet_transaction_payment::{Config as PaymentConfig, OnChargeTransaction, TxCreditHold};
use sp_runtime::{
	traits::{DispatchInfoOf, Dispatchable, PostDispatchInfoOf, Zero},
	transaction_validity::{InvalidTransaction, TransactionValidityError},
};

/// A fee handler that takes a unit of the custodian's quota from subjects, and otherwise a fee by `Inner`.
pub struct FeeFree<Inner>(PhantomData<Inner>);

/// What was given for a transaction.
#[derive(Default)]
pub enum Given<Paid> {
	/// A unit, or nothing at all for a restrictive act.
	#[default]
	Unit,
	/// A fee.
	Fee(Paid),
}

/// Who sends an act without a fee.
pub(crate) struct Sender<T: Config> {
	subject: SubjectId,
	record: SubjectRecordOf<T>,
	act: SubjectAct,
}

impl<T: Config> Pallet<T> {
	/// The subject that may send the call, if the call is an act of a subject and its key may do it now.
	pub(crate) fn sender(who: &T::AccountId, call: &<T as Config>::RuntimeCall) -> Option<Sender<T>> {
		// No storage is read for the many calls that are no acts of subjects.
		let act = T::SubjectCalls::act(call)?;
		let (subject, record) = Self::present(who).ok()?;
		Self::ensure_may(&subject, &record, act).ok()?;
		Some(Sender { subject, record, act })
	}

	/// Whether there is room for the act, counted as of now. With `take` it is counted.
	pub(crate) fn room(sender: Sender<T>, take: bool) -> Room {
		let Sender { subject, mut record, act } = sender;
		let (now, block) = (Self::now(), frame_system::Pallet::<T>::block_number());
		let custodian = record.custodian;
		let mut meter = Meters::<T>::get(custodian).at(now, block);
		record.tally = record.tally.at(block);
		let room = meter.room(&record.tally, act, &Self::limits());
		if take && room == Room::Free {
			meter.take(act);
			record.tally.take();
			Meters::<T>::insert(custodian, meter);
			Subjects::<T>::insert(subject, record);
			Self::deposit_event(Event::FeeWaived { subject, custodian });
		}
		room
	}

	/// Whether the transaction goes without a fee. One that must wait for the next block stays in the pool.
	fn waives(
		who: &T::AccountId,
		call: &<T as Config>::RuntimeCall,
		pays_fee: Pays,
		has_tip: bool,
		take: bool,
	) -> Result<bool, TransactionValidityError> {
		if let Some(sender) = Self::sender(who, call).filter(|_| !has_tip) {
			match Self::room(sender, take) {
				Room::Free => return Ok(true),
				Room::NextBlock => return Err(InvalidTransaction::ExhaustsResources.into()),
				Room::Spent => (),
			}
		}
		// An act that is declared free is so within these limits only, not for whoever likes to fail with it.
		let unbounded = pays_fee == Pays::No && T::SubjectCalls::act(call).is_some();
		if unbounded {
			return Err(InvalidTransaction::Call.into());
		}
		Ok(false)
	}
}

impl<T, Inner> TxCreditHold<T> for FeeFree<Inner>
where
	T: PaymentConfig,
	Inner: TxCreditHold<T>,
{
	type Credit = Inner::Credit;
}

impl<T, Inner> OnChargeTransaction<T> for FeeFree<Inner>
where
	T: Config<RuntimeCall = <T as frame_system::Config>::RuntimeCall> + PaymentConfig,
	<T as frame_system::Config>::RuntimeCall: Dispatchable<Info = DispatchInfo>,
	Inner: OnChargeTransaction<T>,
{
	type Balance = Inner::Balance;
	type LiquidityInfo = Given<Inner::LiquidityInfo>;

	fn withdraw_fee(
		who: &T::AccountId,
		call: &<T as frame_system::Config>::RuntimeCall,
		info: &DispatchInfoOf<<T as frame_system::Config>::RuntimeCall>,
		fee_with_tip: Self::Balance,
		tip: Self::Balance,
	) -> Result<Self::LiquidityInfo, TransactionValidityError> {
		if Pallet::<T>::waives(who, call, info.pays_fee, !tip.is_zero(), true)? {
			return Ok(Given::Unit);
		}
		Inner::withdraw_fee(who, call, info, fee_with_tip, tip).map(Given::Fee)
	}

	fn can_withdraw_fee(
		who: &T::AccountId,
		call: &<T as frame_system::Config>::RuntimeCall,
		info: &DispatchInfoOf<<T as frame_system::Config>::RuntimeCall>,
		fee_with_tip: Self::Balance,
		tip: Self::Balance,
	) -> Result<(), TransactionValidityError> {
		if Pallet::<T>::waives(who, call, info.pays_fee, !tip.is_zero(), false)? {
			return Ok(());
		}
		Inner::can_withdraw_fee(who, call, info, fee_with_tip, tip)
	}

	fn correct_and_deposit_fee(
		who: &T::AccountId,
		info: &DispatchInfoOf<<T as frame_system::Config>::RuntimeCall>,
		post_info: &PostDispatchInfoOf<<T as frame_system::Config>::RuntimeCall>,
		corrected_fee_with_tip: Self::Balance,
		tip: Self::Balance,
		given: Self::LiquidityInfo,
	) -> Result<(), TransactionValidityError> {
		match given {
			Given::Unit => Ok(()),
			Given::Fee(paid) => Inner::correct_and_deposit_fee(who, info, post_info, corrected_fee_with_tip, tip, paid),
		}
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn endow_account(who: &T::AccountId, amount: Self::Balance) {
		Inner::endow_account(who, amount);
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn minimum_balance() -> Self::Balance {
		Inner::minimum_balance()
	}
}
