// SPDX-License-Identifier: Apache-2.0
//! The end of a pseudonym, and its taking back.

use crate::{Config, Error, Event, Pallet, SubjectRecordOf, Subjects};
use epidaurus_primitives::{
	hash::Commitment,
	ids::SubjectId,
	subjects::{SubjectState, SubjectStatus},
};
use frame_support::ensure;
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_declare_deceased(by: T::AccountId, subject: SubjectId) -> DispatchResult {
		let record = Self::kept_by(&by, &subject)?;
		ensure!(record.state.state.status == SubjectStatus::Active, Error::<T>::WrongState);
		Self::set_status(subject, record, SubjectStatus::Deceased);
		Self::deposit_event(Event::SubjectDeceased { subject, by });
		Ok(())
	}

	pub(crate) fn do_merge(by: T::AccountId, subject: SubjectId, link: Commitment) -> DispatchResult {
		let record = Self::kept_by(&by, &subject)?;
		ensure!(record.state.state.status == SubjectStatus::Active, Error::<T>::WrongState);
		Self::set_status(subject, record, SubjectStatus::Merged { link });
		Self::deposit_event(Event::SubjectMerged { subject, by, link });
		Ok(())
	}

	pub(crate) fn do_reinstate(by: T::AccountId, subject: SubjectId) -> DispatchResult {
		let record = Self::kept_by(&by, &subject)?;
		ensure!(record.state.state.status != SubjectStatus::Active, Error::<T>::WrongState);
		Self::set_status(subject, record, SubjectStatus::Active);
		Self::deposit_event(Event::SubjectReinstated { subject, by });
		Ok(())
	}

	fn set_status(subject: SubjectId, mut record: SubjectRecordOf<T>, status: SubjectStatus) {
		let state = SubjectState { status, ..record.state.state.clone() };
		Self::change(&subject, &mut record, state);
		Subjects::<T>::insert(subject, record);
	}
}
