// SPDX-License-Identifier: Apache-2.0
//! What the calls do, by subject, and the answers to questions.

mod keys;
mod proofs;
mod rebinds;
mod relays;
mod seam;
mod statuses;
mod views;

use crate::{
	quota::Limits, ClosedRebindOf, Config, Error, History, Keys, Pallet, RebindOf, Rebinds, SubjectRecordOf,
	SubjectSpanOf, SubjectStateOf, Subjects,
};
use epidaurus_primitives::{
	ids::{OrgId, SubjectId},
	moment::Moment,
	registry::{Capability, Roles},
	seams::{Registry, SubjectAct},
	subjects::SubjectStatus,
};
use frame_support::{
	ensure,
	traits::{Footprint, Get, Time},
};
use sp_runtime::DispatchError;

/// What a custodian must be licensed for.
const CAPABILITY: Capability = Capability::AnchorRecords;
/// Earlier states and closed re-bindings that the deposit of a subject pays for. A price, not a bound: more are kept.
const HISTORY_ROOM: usize = 4;

impl<T: Config> Pallet<T> {
	/// The chain's time.
	pub(crate) fn now() -> Moment {
		Moment(T::Time::now())
	}

	/// What a subject takes in storage: its record, keys, a pending re-binding and some history.
	pub fn subject_footprint() -> Footprint {
		use codec::MaxEncodedLen;
		let id = SubjectId::max_encoded_len();
		let key = T::AccountId::max_encoded_len().saturating_add(id);
		let once = [SubjectRecordOf::<T>::max_encoded_len(), RebindOf::<T>::max_encoded_len(), id, id, key];
		let again = [SubjectSpanOf::<T>::max_encoded_len(), ClosedRebindOf::<T>::max_encoded_len(), id, id, key];
		let sum = |parts: [usize; 5]| parts.into_iter().fold(0, usize::saturating_add);
		Footprint::from_parts(1, sum(once).saturating_add(sum(again).saturating_mul(HISTORY_ROOM)))
	}

	/// How many calls without a fee there can be.
	pub(crate) fn limits() -> Limits {
		Limits {
			daily: T::DailyQuota::get(),
			ordinary: T::MaxOrdinaryPerBlock::get(),
			restrictive: T::MaxRestrictivePerBlock::get(),
			own: T::MaxOwnPerBlock::get(),
		}
	}

	/// The subject whose present key this is.
	pub(crate) fn present(key: &T::AccountId) -> Result<(SubjectId, SubjectRecordOf<T>), Error<T>> {
		let subject = Keys::<T>::get(key).ok_or(Error::NotASubject)?;
		let record = Subjects::<T>::get(subject).ok_or(Error::NotASubject)?;
		ensure!(record.state.state.key == *key, Error::NotASubject);
		Ok((subject, record))
	}

	/// The same, if that key may do such an act now.
	pub(crate) fn acting(key: &T::AccountId, act: SubjectAct) -> Result<(SubjectId, SubjectRecordOf<T>), Error<T>> {
		let (subject, record) = Self::present(key)?;
		Self::ensure_may(&subject, &record, act)?;
		Ok((subject, record))
	}

	/// Restrictive acts are always possible; others need an active subject with a key that is not in question.
	pub(crate) fn ensure_may(
		subject: &SubjectId,
		record: &SubjectRecordOf<T>,
		act: SubjectAct,
	) -> Result<(), Error<T>> {
		let may = act == SubjectAct::Restrictive || !Self::is_restricted(subject, record);
		may.then_some(()).ok_or(Error::Restricted)
	}

	/// Whether the subject can only do restrictive acts.
	pub(crate) fn is_restricted(subject: &SubjectId, record: &SubjectRecordOf<T>) -> bool {
		record.state.state.status != SubjectStatus::Active
			|| Rebinds::<T>::get(subject).is_some_and(|rebind| rebind.restricts())
	}

	/// The record of a subject for which the signer's organisation answers. A duty: the organisation need not be active.
	pub(crate) fn kept_by(who: &T::AccountId, subject: &SubjectId) -> Result<SubjectRecordOf<T>, DispatchError> {
		let organisation: OrgId = T::Registry::ensure_duty(who, CAPABILITY.role())?;
		let record = Subjects::<T>::get(subject).ok_or(Error::<T>::NotFound)?;
		ensure!(T::Registry::answers_for(organisation, record.custodian), Error::<T>::NotAuthorised);
		Ok(record)
	}

	/// A key that was never any subject's, and is no member's.
	pub(crate) fn ensure_fresh(key: &T::AccountId) -> Result<(), Error<T>> {
		ensure!(!Keys::<T>::contains_key(key), Error::KeyTaken);
		ensure!(T::Registry::ensure_duty(key, Roles::default()).is_err(), Error::KeyOfMember);
		Ok(())
	}

	/// Gives a subject another state; the one that ends is kept.
	pub(crate) fn change(subject: &SubjectId, record: &mut SubjectRecordOf<T>, state: SubjectStateOf<T>) {
		let keep = |number, span| History::<T>::insert(subject, number, span);
		record.state.change(state, Self::now(), keep);
	}

	/// Rules across the constants of the configuration.
	#[cfg(feature = "std")]
	pub(crate) fn check_config() {
		assert!(T::MaxDoubts::get() > 0, "a doubt would be lost");
		assert!(T::MaxOwnPerBlock::get() > 0, "no subject could act without a fee");
		assert!(
			T::MaxOwnPerBlock::get() <= T::MaxRestrictivePerBlock::get().min(T::MaxOrdinaryPerBlock::get()),
			"a subject cannot have more than its custodian's subjects together"
		);
		assert!(
			T::PoolSeats::get() >= T::MaxOrdinaryPerBlock::get().saturating_add(T::MaxRestrictivePerBlock::get()),
			"a block has room for more than a pool has seats for"
		);
		assert!(T::ConfirmWithin::get() > 0, "nobody could confirm");
		assert!(T::ContestWindow::get() > 0, "nobody could contest");
		assert_eq!(
			frame_system::Pallet::<T>::block_hash(Self::genesis_number()).as_ref().len(),
			32,
			"hashes of 32 bytes"
		);
	}
}
