// SPDX-License-Identifier: Apache-2.0
//! A new key for a subject that lost its own.

use crate::{
	doubt::Doubt,
	rebind::{Rebind, Refusal},
	ClosedRebind, ClosedRebinds, Config, Error, Event, InDoubt, Keys, Pallet, RebindOf, Rebinds, SubjectRecordOf,
	Subjects,
};
use epidaurus_primitives::{
	hash::Commitment,
	ids::SubjectId,
	moment::Moment,
	seams::SubjectAct,
	subjects::{RebindOutcome, RebindPhase, SubjectState, SubjectStatus},
};
use frame_support::{ensure, traits::Get};
use sp_runtime::DispatchResult;

impl<T> From<Refusal> for Error<T> {
	fn from(refusal: Refusal) -> Self {
		match refusal {
			Refusal::WrongState => Self::WrongState,
			Refusal::SameMember => Self::SameMember,
			Refusal::Expired => Self::Expired,
			Refusal::TooEarly => Self::TooEarly,
			Refusal::Contested => Self::Contested,
		}
	}
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_start_rebind(
		by: T::AccountId,
		subject: SubjectId,
		new_key: T::AccountId,
		evidence: Commitment,
		lost_since: Moment,
	) -> DispatchResult {
		let record = Self::kept_by(&by, &subject)?;
		let now = Self::now();
		ensure!(record.state.state.status == SubjectStatus::Active, Error::<T>::WrongState);
		if let Some(lapsed) = Rebinds::<T>::get(subject) {
			ensure!(lapsed.phase(now) == RebindPhase::Lapsed, Error::<T>::WrongState);
			Keys::<T>::remove(&lapsed.new_key);
		}
		Self::ensure_fresh(&new_key)?;
		// Now that it is known, nobody can get in the way by making it somebody else's key, or a member's.
		Keys::<T>::insert(&new_key, subject);
		let lost_since = lost_since.min(now);
		let rebind = Rebind {
			new_key: new_key.clone(),
			evidence,
			lost_since,
			started_by: by.clone(),
			started_at: now,
			confirm_until: Moment(now.0.saturating_add(T::ConfirmWithin::get())),
			confirmed: None,
			contested_at: None,
		};
		Rebinds::<T>::insert(subject, rebind);
		Self::deposit_event(Event::RebindStarted { subject, by, new_key, lost_since });
		Ok(())
	}

	pub(crate) fn do_confirm_rebind(by: T::AccountId, subject: SubjectId, new_key: T::AccountId) -> DispatchResult {
		Self::kept_by(&by, &subject)?;
		let now = Self::now();
		let mut rebind = Self::pending(&subject)?;
		rebind.confirm(by.clone(), &new_key, now, T::ContestWindow::get()).map_err(Error::<T>::from)?;
		let contestable_until = rebind.confirmed.as_ref().map(|confirmation| confirmation.until).unwrap_or(now);
		Rebinds::<T>::insert(subject, rebind);
		Self::deposit_event(Event::RebindConfirmed { subject, by, contestable_until });
		Ok(())
	}

	pub(crate) fn do_contest_rebind(key: T::AccountId) -> DispatchResult {
		let (subject, _) = Self::acting(&key, SubjectAct::Restrictive)?;
		let mut rebind = Self::pending(&subject)?;
		rebind.contest(Self::now()).map_err(Error::<T>::from)?;
		Rebinds::<T>::insert(subject, rebind);
		Self::deposit_event(Event::RebindContested { subject, key });
		Ok(())
	}

	pub(crate) fn do_complete_rebind(by: T::AccountId, subject: SubjectId) -> DispatchResult {
		let record = Self::kept_by(&by, &subject)?;
		let rebind = Self::pending(&subject)?;
		rebind.ensure_unopposed(Self::now()).map_err(Error::<T>::from)?;
		Self::replace_key(subject, record, rebind, Some(by))
	}

	pub(crate) fn do_withdraw_rebind(by: T::AccountId, subject: SubjectId) -> DispatchResult {
		let record = Self::kept_by(&by, &subject)?;
		let rebind = Self::pending(&subject)?;
		Self::close(subject, record, rebind, RebindOutcome::Withdrawn, Some(by));
		Ok(())
	}

	pub(crate) fn do_resolve_rebind(subject: SubjectId, upheld: bool) -> DispatchResult {
		let record = Subjects::<T>::get(subject).ok_or(Error::<T>::NotFound)?;
		let rebind = Self::pending(&subject)?;
		rebind.ensure_contested(Self::now()).map_err(Error::<T>::from)?;
		if upheld {
			return Self::replace_key(subject, record, rebind, None);
		}
		Self::close(subject, record, rebind, RebindOutcome::Rejected, None);
		Ok(())
	}

	fn pending(subject: &SubjectId) -> Result<RebindOf<T>, Error<T>> {
		Rebinds::<T>::get(subject).ok_or(Error::NotFound)
	}

	/// The new key takes the old one's place; what was done since the loss is in doubt for good.
	fn replace_key(
		subject: SubjectId,
		mut record: SubjectRecordOf<T>,
		rebind: RebindOf<T>,
		by: Option<T::AccountId>,
	) -> DispatchResult {
		ensure!(record.state.state.status == SubjectStatus::Active, Error::<T>::WrongState);
		let doubt = Doubt { from: rebind.lost_since, until: Self::now() };
		InDoubt::<T>::mutate(subject, |doubts| doubts.add(doubt));
		Self::sustain(&rebind.new_key);
		let state = SubjectState { key: rebind.new_key.clone(), proven: false, status: SubjectStatus::Active };
		Self::change(&subject, &mut record, state);
		// A thief who rotated in the end must not keep the patient from rotating.
		record.rotated_at = None;
		Self::close(subject, record, rebind, RebindOutcome::Completed, by);
		Ok(())
	}

	/// Ends a re-binding. One that two members stood for is kept; of another nothing is, and its key is free again.
	fn close(
		subject: SubjectId,
		mut record: SubjectRecordOf<T>,
		rebind: RebindOf<T>,
		outcome: RebindOutcome,
		by: Option<T::AccountId>,
	) {
		Rebinds::<T>::remove(subject);
		if rebind.restricts() {
			let closed = ClosedRebind { rebind, outcome, at: Self::now() };
			ClosedRebinds::<T>::insert(subject, record.rebinds, closed);
			// Each takes a window of days.
			record.rebinds = record.rebinds.saturating_add(1);
			Subjects::<T>::insert(subject, record);
		} else {
			Keys::<T>::remove(&rebind.new_key);
		}
		Self::deposit_event(Event::RebindClosed { subject, outcome, by });
	}
}
