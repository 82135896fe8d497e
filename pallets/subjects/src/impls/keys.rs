// SPDX-License-Identifier: Apache-2.0
//! Enrolment, and what a subject does with its key.

use super::CAPABILITY;
use crate::{quota::Tally, Config, Error, Event, Keys, Pallet, SubjectRecord, Subjects};
use epidaurus_primitives::{
	ids::{OrgId, SubjectId},
	moment::Moment,
	seams::{Registry, SubjectAct},
	subjects::{SubjectState, SubjectStatus},
	timeline::Timeline,
};
use frame_support::{
	ensure,
	traits::{Consideration, Get},
};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_enrol(by: T::AccountId, subject: SubjectId, key: T::AccountId) -> DispatchResult {
		let custodian = T::Registry::ensure_capability(&by, CAPABILITY, None, Self::now())?;
		ensure!(!Subjects::<T>::contains_key(subject), Error::<T>::AlreadyExists);
		Self::ensure_fresh(&key)?;
		let ticket = T::SubjectConsideration::new(&custodian.sovereign_account(), Self::subject_footprint())?;
		Self::begin(subject, &key, custodian, ticket);
		Self::deposit_event(Event::SubjectEnrolled { subject, custodian, by, key });
		Ok(())
	}

	pub(crate) fn do_prove_key(key: T::AccountId) -> DispatchResult {
		let (subject, mut record) = Self::acting(&key, SubjectAct::Other)?;
		ensure!(!record.state.state.proven, Error::<T>::WrongState);
		let state = SubjectState { proven: true, ..record.state.state.clone() };
		Self::change(&subject, &mut record, state);
		Subjects::<T>::insert(subject, record);
		Self::deposit_event(Event::KeyProven { subject, key });
		Ok(())
	}

	pub(crate) fn do_rotate_key(old_key: T::AccountId, new_key: T::AccountId) -> DispatchResult {
		let (subject, mut record) = Self::acting(&old_key, SubjectAct::Restrictive)?;
		let now = Self::now();
		let pause_is_over = |last: Moment| now.0.saturating_sub(last.0) >= T::RotationPause::get();
		ensure!(record.rotated_at.is_none_or(pause_is_over), Error::<T>::TooEarly);
		Self::ensure_fresh(&new_key)?;
		Self::bind(&subject, &new_key);
		record.rotated_at = Some(now);
		let state = SubjectState { key: new_key.clone(), proven: false, ..record.state.state.clone() };
		Self::change(&subject, &mut record, state);
		Subjects::<T>::insert(subject, record);
		Self::deposit_event(Event::KeyRotated { subject, old_key, new_key });
		Ok(())
	}

	/// A new subject with its first key.
	pub(crate) fn begin(subject: SubjectId, key: &T::AccountId, custodian: OrgId, ticket: T::SubjectConsideration) {
		Self::bind(&subject, key);
		let state = SubjectState { key: key.clone(), proven: false, status: SubjectStatus::Active };
		let record = SubjectRecord {
			custodian,
			state: Timeline::new(state, Self::now()),
			rotated_at: None,
			nonce: 0,
			rebinds: 0,
			tally: Tally::default(),
			ticket,
		};
		Subjects::<T>::insert(subject, record);
	}

	/// Makes a key the subject's for ever, and an account that can send transactions without a token.
	fn bind(subject: &SubjectId, key: &T::AccountId) {
		Keys::<T>::insert(key, subject);
		Self::sustain(key);
	}

	/// A reference that is never given back: an account that went away would begin again at nonce 0 and be open to
	/// replays.
	pub(crate) fn sustain(key: &T::AccountId) {
		frame_system::Pallet::<T>::inc_sufficients(key);
	}
}
