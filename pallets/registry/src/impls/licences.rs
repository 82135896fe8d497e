// SPDX-License-Identifier: Apache-2.0
//! Licences: issuing, the term, distrust, and the lists in which they are found.

use crate::{
	life,
	timeline::Timeline,
	types::{Holding, HoldingOf, LicenceListOf, LicenceRecord, LicenceRecordOf, Term},
	Config, Error, Event, HoldingHistory, Holdings, Issuers, LicenceCount, LicenceHistory, Licences, LicencesOf,
	NextLicence, Organisations, Pallet,
};
use epidaurus_primitives::{
	ids::LicenceId,
	jurisdiction::Jurisdiction,
	moment::{Interval, Moment},
	registry::{Capability, Holder, LicenceScope, LicenceStatus, Roles},
	seams::Registry,
};
use frame_support::{
	ensure,
	traits::{Consideration, Defensive},
};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

/// First moment, or now; and end.
type Wanted = (Option<Moment>, Option<Moment>);

impl<T: Config> Pallet<T> {
	pub(crate) fn do_issue_licence(
		who: T::AccountId,
		holder: Holder<T::AccountId>,
		capability: Capability,
		jurisdiction: Jurisdiction,
		scope: LicenceScope,
		wanted: Wanted,
	) -> DispatchResult {
		let issuer = Self::ensure_duty(&who, Roles::LICENSING)?;
		Self::ensure_active(issuer)?;
		Self::ensure_place(jurisdiction, scope)?;
		let authority = Self::authority(issuer, capability, jurisdiction).ok_or(Error::<T>::NotRecognised)?;
		let now = Self::now();
		let (from, until) = (wanted.0.unwrap_or(now), wanted.1);
		ensure!(from >= now, Error::<T>::BackDated);
		ensure!(until.is_none_or(|until| now < until), Error::<T>::Expired);
		ensure!(!Interval { from, until }.is_empty(), Error::<T>::EmptyInterval);
		Self::ensure_on_calendar([wanted.0, until])?;
		Self::ensure_licensable(&holder, capability, now)?;
		let ticket = T::LicenceConsideration::new(&issuer.sovereign_account(), Self::licence_footprint())?;
		let term = Term { status: LicenceStatus::Active, status_since: now, until };
		let licence = Self::add_licence(LicenceRecord {
			holder: holder.clone(),
			capability,
			jurisdiction,
			scope,
			issuer,
			authority,
			issued_at: now,
			from,
			term: Timeline::new(term, now),
			distrusted_from: None,
			ticket: Some(ticket),
		})?;
		Self::deposit_event(Event::LicenceIssued { licence, holder, capability, issuer, by: who });
		Ok(())
	}

	pub(crate) fn ensure_place(jurisdiction: Jurisdiction, scope: LicenceScope) -> DispatchResult {
		ensure!(jurisdiction.is_valid(), Error::<T>::InvalidJurisdiction);
		match scope {
			LicenceScope::Site(gln) => ensure!(gln.is_valid(), Error::<T>::InvalidGln),
			LicenceScope::All => (),
		}
		Ok(())
	}

	/// An organisation that takes part can hold any licence, since personal capabilities ask for the organisation's
	/// licence too; a member only those.
	pub(crate) fn ensure_licensable(
		holder: &Holder<T::AccountId>,
		capability: Capability,
		now: Moment,
	) -> DispatchResult {
		match holder {
			Holder::Organisation(organisation) => {
				let record = Organisations::<T>::get(organisation).ok_or(Error::<T>::NotFound)?;
				ensure!(life::is_seated(record.status.state), Error::<T>::WrongState);
			},
			Holder::Member(account) => {
				ensure!(capability.is_personal(), Error::<T>::NotPersonal);
				ensure!(Self::membership_at(account, now).is_some(), Error::<T>::NotAMember);
			},
		}
		Ok(())
	}

	/// Stores a new licence and lists it with its holder.
	pub(crate) fn add_licence(record: LicenceRecordOf<T>) -> Result<LicenceId, DispatchError> {
		let licence = NextLicence::<T>::get();
		NextLicence::<T>::put(LicenceId(licence.0.checked_add(1).ok_or(ArithmeticError::Overflow)?));
		let holder = &record.holder;
		let number = LicenceCount::<T>::get(holder);
		LicenceCount::<T>::insert(holder, number.checked_add(1).ok_or(ArithmeticError::Overflow)?);
		LicencesOf::<T>::insert(holder, number, licence);
		let holding = Holding { holder: holder.clone(), capability: record.capability };
		Self::list_licence(holding, licence, record.issued_at)?;
		Licences::<T>::insert(licence, record);
		Ok(licence)
	}

	/// Puts a licence among those in which answers are looked for. In a full list it takes the place of one that has
	/// ended; that one is still found in the list of its days.
	fn list_licence(holding: HoldingOf<T>, licence: LicenceId, now: Moment) -> DispatchResult {
		let Some(mut timeline) = Holdings::<T>::get(&holding) else {
			let list = LicenceListOf::<T>::try_from(alloc::vec![licence]).map_err(|_| Error::<T>::TooManyLicences)?;
			Holdings::<T>::insert(holding, Timeline::new(list, now));
			return Ok(());
		};
		let mut list = timeline.state.clone();
		if list.is_full() {
			let place = list.iter().position(|listed| Self::has_ended(*listed, now));
			let ended = list.remove(place.ok_or(Error::<T>::TooManyLicences)?);
			Licences::<T>::mutate(ended, |slot| slot.as_mut().map(Self::return_licence_deposit));
		}
		list.try_push(licence).map_err(|_| Error::<T>::TooManyLicences)?;
		timeline.change(list, now, |number, span| HoldingHistory::<T>::insert(&holding, number, span));
		Holdings::<T>::insert(holding, timeline);
		Ok(())
	}

	/// Whether a licence can never again be in force, be it for itself or because its issuer was distrusted when it issued
	/// it.
	fn has_ended(licence: LicenceId, now: Moment) -> bool {
		let Some(record) = Licences::<T>::get(licence) else { return true };
		let distrusted = Issuers::<T>::get(record.issuer_key()).and_then(|issuer| issuer.distrusted_from);
		record.has_ended(now) || distrusted.is_some_and(|from| from <= record.issued_at)
	}

	/// A deposit that cannot be given back must not keep a licence in force.
	fn return_licence_deposit(record: &mut LicenceRecordOf<T>) {
		if let Some(ticket) = record.ticket.take() {
			let _ = ticket.drop(&record.issuer.sovereign_account()).defensive();
		}
	}

	pub(crate) fn do_renew_licence(who: T::AccountId, licence: LicenceId, until: Option<Moment>) -> DispatchResult {
		let mut record = Self::licence_for_right(&who, licence)?;
		let now = Self::now();
		let present = record.term.state;
		ensure!(present.status != LicenceStatus::Revoked, Error::<T>::WrongState);
		// Without this a renewal would fill the gap since the end, in which nothing was in force.
		ensure!(!record.is_expired(now), Error::<T>::Expired);
		let later = present.until.is_some_and(|end| until.is_none_or(|until| end < until));
		ensure!(later, Error::<T>::NoChange);
		Self::ensure_on_calendar([until])?;
		Self::change_term(licence, &mut record, Term { until, ..present }, now);
		Licences::<T>::insert(licence, record);
		Self::deposit_event(Event::LicenceRenewed { licence, until, by: who });
		Ok(())
	}

	pub(crate) fn do_suspend_licence(who: T::AccountId, licence: LicenceId) -> DispatchResult {
		let mut record = Self::licence_for_duty(&who, licence)?;
		Self::change_licence_status(licence, &mut record, LicenceStatus::Suspended)?;
		Licences::<T>::insert(licence, record);
		Self::deposit_event(Event::LicenceSuspended { licence, by: who });
		Ok(())
	}

	pub(crate) fn do_reinstate_licence(who: T::AccountId, licence: LicenceId) -> DispatchResult {
		let mut record = Self::licence_for_right(&who, licence)?;
		ensure!(!record.is_expired(Self::now()), Error::<T>::Expired);
		Self::change_licence_status(licence, &mut record, LicenceStatus::Active)?;
		Licences::<T>::insert(licence, record);
		Self::deposit_event(Event::LicenceReinstated { licence, by: who });
		Ok(())
	}

	pub(crate) fn do_revoke_licence(who: T::AccountId, licence: LicenceId) -> DispatchResult {
		let mut record = Self::licence_for_duty(&who, licence)?;
		Self::change_licence_status(licence, &mut record, LicenceStatus::Revoked)?;
		Self::return_licence_deposit(&mut record);
		Licences::<T>::insert(licence, record);
		Self::deposit_event(Event::LicenceRevoked { licence, by: who });
		Ok(())
	}

	pub(crate) fn do_distrust_licence(who: T::AccountId, licence: LicenceId, from: Moment) -> DispatchResult {
		let mut record = Self::licence_for_duty(&who, licence)?;
		let from = from.min(Self::now());
		ensure!(record.distrusted_from.is_none_or(|known| from < known), Error::<T>::NoChange);
		record.distrusted_from = Some(from);
		Self::return_licence_deposit(&mut record);
		Licences::<T>::insert(licence, record);
		Self::deposit_event(Event::LicenceDistrusted { licence, from, by: who });
		Ok(())
	}

	/// A licence for those who may take it away: the issuer's members, whatever has become of the issuer.
	fn licence_for_duty(who: &T::AccountId, licence: LicenceId) -> Result<LicenceRecordOf<T>, DispatchError> {
		let issuer = Self::ensure_duty(who, Roles::LICENSING)?;
		let record = Licences::<T>::get(licence).ok_or(Error::<T>::NotFound)?;
		ensure!(record.issuer == issuer, Error::<T>::NotAuthorised);
		Ok(record)
	}

	/// A licence for those who may give it: the issuer's members while the issuer is active and recognised for it.
	fn licence_for_right(who: &T::AccountId, licence: LicenceId) -> Result<LicenceRecordOf<T>, DispatchError> {
		let record = Self::licence_for_duty(who, licence)?;
		Self::ensure_active(record.issuer)?;
		let recognised = Issuers::<T>::get(record.issuer_key()).is_some_and(|issuer| issuer.recognised.state);
		ensure!(recognised, Error::<T>::NotRecognised);
		ensure!(record.distrusted_from.is_none(), Error::<T>::Distrusted);
		Ok(record)
	}

	fn change_licence_status(
		licence: LicenceId,
		record: &mut LicenceRecordOf<T>,
		status: LicenceStatus,
	) -> DispatchResult {
		ensure!(life::licence_may_become(record.term.state.status, status), Error::<T>::WrongState);
		let now = Self::now();
		let term = Term { status, status_since: now, until: record.term.state.until };
		Self::change_term(licence, record, term, now);
		Ok(())
	}

	fn change_term(licence: LicenceId, record: &mut LicenceRecordOf<T>, term: Term, now: Moment) {
		record.term.change(term, now, |number, span| LicenceHistory::<T>::insert(licence, number, span));
	}
}
