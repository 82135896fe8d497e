// SPDX-License-Identifier: Apache-2.0
//! Answers of the runtime API.

use super::proofs::Storage;
use crate::{Config, Meters, Pallet};
use epidaurus_primitives::{
	ids::{OrgId, SubjectId},
	moment::{Moment, DAY},
	subjects::questions::SubjectsState,
	views::{QuotaView, RebindView, SubjectKeyView, SubjectView},
};
use frame_support::traits::Get;

impl<T: Config> Pallet<T> {
	/// A subject as it stands now.
	pub fn subject(subject: SubjectId) -> Option<SubjectView<T::AccountId>> {
		Storage::<T>::new().subject_view(subject)
	}

	/// The subject whose present key this is.
	pub fn subject_by_key(key: T::AccountId) -> Option<SubjectView<T::AccountId>> {
		Storage::<T>::new().subject_by_key(&key)
	}

	/// The key that acts for a subject now, or acted at a moment; nothing before its enrolment. A moment yet to come is
	/// answered as if nothing changed until then.
	pub fn key_at(subject: SubjectId, at: Option<Moment>) -> Option<SubjectKeyView<T::AccountId>> {
		Storage::<T>::new().key_view(subject, at)
	}

	/// The pending re-binding of a subject.
	pub fn rebind(subject: SubjectId) -> Option<RebindView<T::AccountId>> {
		Storage::<T>::new().rebind_view(&subject)
	}

	/// What a custodian's subjects can still send without a fee today.
	pub fn quota(custodian: OrgId) -> QuotaView {
		let now = Self::now();
		let meter = Meters::<T>::get(custodian).at(now, frame_system::Pallet::<T>::block_number());
		let renews_at = Moment(now.day().saturating_add(1).saturating_mul(DAY));
		QuotaView { custodian, limit: T::DailyQuota::get(), used: meter.used, renews_at }
	}
}
