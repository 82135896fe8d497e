// SPDX-License-Identifier: Apache-2.0
//! Answers of the runtime API.

use crate::{Config, History, Meters, Pallet, Rebinds, Subjects};
use epidaurus_primitives::{
	ids::{OrgId, SubjectId},
	moment::{Moment, DAY},
	seams::Subjects as _,
	views::{QuotaView, RebindView, SubjectKeyView, SubjectView},
};
use frame_support::traits::Get;

impl<T: Config> Pallet<T> {
	/// A subject as it stands now.
	pub fn subject(subject: SubjectId) -> Option<SubjectView<T::AccountId>> {
		let record = Subjects::<T>::get(subject)?;
		let enrolled_at = History::<T>::get(subject, 0).map_or(record.state.since, |first| first.since);
		Some(SubjectView {
			subject,
			custodian: record.custodian,
			enrolled_at,
			restricted: Self::is_restricted(&subject, &record),
			nonce: record.nonce,
			since: record.state.since,
			key: record.state.state.key,
			proven: record.state.state.proven,
			status: record.state.state.status,
		})
	}

	/// The subject whose present key this is.
	pub fn subject_by_key(key: T::AccountId) -> Option<SubjectView<T::AccountId>> {
		let (subject, _) = Self::present(&key).ok()?;
		Self::subject(subject)
	}

	/// The key that acts for a subject now, or acted at a moment; nothing before its enrolment. A moment yet to come is
	/// answered as if nothing changed until then.
	pub fn key_at(subject: SubjectId, at: Option<Moment>) -> Option<SubjectKeyView<T::AccountId>> {
		let at = at.unwrap_or_else(Self::now);
		let record = Subjects::<T>::get(subject)?;
		let span = record.state.find(at, |number| History::<T>::get(subject, number))?;
		Some(SubjectKeyView {
			key: span.state.key,
			proven: span.state.proven,
			status: span.state.status,
			since: span.since,
			at,
			doubtful: Self::is_doubtful(&subject, at),
		})
	}

	/// The pending re-binding of a subject.
	pub fn rebind(subject: SubjectId) -> Option<RebindView<T::AccountId>> {
		let rebind = Rebinds::<T>::get(subject)?;
		Some(RebindView {
			phase: rebind.phase(Self::now()),
			new_key: rebind.new_key,
			evidence: rebind.evidence,
			lost_since: rebind.lost_since,
			started_by: rebind.started_by,
			started_at: rebind.started_at,
			contestable_until: rebind.confirmed.as_ref().map(|confirmation| confirmation.until),
			confirmed_by: rebind.confirmed.map(|confirmation| confirmation.by),
			contested_at: rebind.contested_at,
		})
	}

	/// What a custodian's subjects can still send without a fee today.
	pub fn quota(custodian: OrgId) -> QuotaView {
		let now = Self::now();
		let meter = Meters::<T>::get(custodian).at(now, frame_system::Pallet::<T>::block_number());
		let renews_at = Moment(now.day().saturating_add(1).saturating_mul(DAY));
		QuotaView { custodian, limit: T::DailyQuota::get(), used: meter.used, renews_at }
	}
}
