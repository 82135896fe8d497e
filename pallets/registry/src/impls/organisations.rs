// SPDX-License-Identifier: Apache-2.0
//! Organisations: applying, the status, the controller, tokens.

use crate::{
	life,
	timeline::Timeline,
	types::{ApplicationRecord, BalanceOf, Membership, OrganisationRecord, OrganisationRecordOf},
	Applications, Config, Error, Event, Glns, NextOrganisation, OrganisationHistory, Organisations, Pallet, RotatedAt,
	Seats,
};
use epidaurus_primitives::{
	gln::Gln,
	ids::OrgId,
	jurisdiction::Jurisdiction,
	moment::Moment,
	registry::{OrganisationClass, OrganisationStatus, Roles},
	seams::{OnVoiceChange, Registry},
};
use frame_support::{
	ensure,
	traits::{
		fungible::{Inspect, Mutate},
		tokens::Preservation::Preserve,
		Consideration, Defensive, Get,
	},
};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	/// The organisation for which the account exercises a right that only a controller has.
	pub(crate) fn ensure_active_controller(who: &T::AccountId) -> Result<OrgId, DispatchError> {
		let organisation = Self::ensure_duty(who, Roles::CONTROLLER)?;
		Self::ensure_active(organisation)?;
		Ok(organisation)
	}

	/// Refuses an organisation that has no rights now.
	pub(crate) fn ensure_active(organisation: OrgId) -> DispatchResult {
		let record = Organisations::<T>::get(organisation).ok_or(Error::<T>::NotFound)?;
		ensure!(record.status.state == OrganisationStatus::Active, Error::<T>::OrganisationInactive);
		Ok(())
	}

	pub(crate) fn do_apply(
		who: T::AccountId,
		controller: T::AccountId,
		class: OrganisationClass,
		gln: Option<Gln>,
		jurisdiction: Jurisdiction,
	) -> DispatchResult {
		let sponsor = Self::ensure_active_controller(&who)?;
		ensure!(Self::membership_at(&controller, Self::now()).is_none(), Error::<T>::AlreadyMember);
		Self::ensure_no_guest(&controller)?;
		let ticket = T::ApplicationConsideration::new(&sponsor.sovereign_account(), Self::application_footprint())?;
		let organisation = Self::create_organisation(controller, class, gln, jurisdiction, Self::now())?;
		Applications::<T>::insert(organisation, ApplicationRecord { sponsor, ticket });
		Self::deposit_event(Event::OrganisationApplied { organisation, sponsor, by: who });
		Ok(())
	}

	/// Stores a new organisation with status applied, and its GLN.
	pub(crate) fn create_organisation(
		controller: T::AccountId,
		class: OrganisationClass,
		gln: Option<Gln>,
		jurisdiction: Jurisdiction,
		now: Moment,
	) -> Result<OrgId, DispatchError> {
		ensure!(jurisdiction.is_valid(), Error::<T>::InvalidJurisdiction);
		let organisation = NextOrganisation::<T>::get();
		if let Some(gln) = gln {
			ensure!(gln.is_valid(), Error::<T>::InvalidGln);
			ensure!(!Glns::<T>::contains_key(gln), Error::<T>::GlnTaken);
			Glns::<T>::insert(gln, organisation);
		}
		NextOrganisation::<T>::put(OrgId(organisation.0.checked_add(1).ok_or(ArithmeticError::Overflow)?));
		let status = Timeline::new(OrganisationStatus::Applied, now);
		let record = OrganisationRecord { class, gln, jurisdiction, controller, status, ticket: None };
		Organisations::<T>::insert(organisation, record);
		Ok(organisation)
	}

	pub(crate) fn do_withdraw_application(who: T::AccountId, organisation: OrgId) -> DispatchResult {
		let sponsor = Self::ensure_duty(&who, Roles::CONTROLLER)?;
		let application = Applications::<T>::get(organisation).ok_or(Error::<T>::NotFound)?;
		ensure!(application.sponsor == sponsor, Error::<T>::NotAuthorised);
		Self::forget_applicant(organisation)?;
		Self::deposit_event(Event::ApplicationWithdrawn { organisation, by: who });
		Ok(())
	}

	pub(crate) fn do_refuse_application(organisation: OrgId) -> DispatchResult {
		Self::forget_applicant(organisation)?;
		Self::deposit_event(Event::ApplicationRefused { organisation });
		Ok(())
	}

	fn forget_applicant(organisation: OrgId) -> DispatchResult {
		Self::close_application(organisation)?;
		let record = Organisations::<T>::take(organisation).ok_or(Error::<T>::NotFound)?;
		if let Some(gln) = record.gln {
			Glns::<T>::remove(gln);
		}
		Ok(())
	}

	/// Removes the application and gives the sponsor its deposit back.
	fn close_application(organisation: OrgId) -> DispatchResult {
		let ApplicationRecord { sponsor, ticket } =
			Applications::<T>::take(organisation).ok_or(Error::<T>::NotFound)?;
		// A deposit that cannot be given back must not keep the consortium from deciding.
		let _ = ticket.drop(&sponsor.sovereign_account()).defensive();
		Ok(())
	}

	pub(crate) fn do_admit_organisation(organisation: OrgId) -> DispatchResult {
		Self::close_application(organisation)?;
		let sovereign = organisation.sovereign_account();
		let deposit = T::OrganisationConsideration::new(&sovereign, Self::organisation_footprint())?;
		let member_deposit = T::MemberConsideration::new(&sovereign, Self::member_footprint())?;
		let mut record = Organisations::<T>::get(organisation).ok_or(Error::<T>::NotFound)?;
		record.ticket = Some(deposit);
		let membership = Membership { organisation, roles: Roles::CONTROLLER, until: None };
		Self::begin_membership(&record.controller, membership, Some(member_deposit), Self::now())?;
		Self::set_status(organisation, record, OrganisationStatus::Active, Self::now())?;
		Self::deposit_event(Event::OrganisationAdmitted { organisation });
		Ok(())
	}

	/// Not for applicants: they are admitted, with deposits.
	pub(crate) fn do_reinstate_organisation(organisation: OrgId) -> DispatchResult {
		ensure!(!Applications::<T>::contains_key(organisation), Error::<T>::WrongState);
		Self::change_status(organisation, OrganisationStatus::Active)?;
		Self::deposit_event(Event::OrganisationReinstated { organisation });
		Ok(())
	}

	pub(crate) fn do_leave(who: T::AccountId) -> DispatchResult {
		let organisation = Self::ensure_duty(&who, Roles::CONTROLLER)?;
		Self::change_status(organisation, OrganisationStatus::Left)?;
		Self::deposit_event(Event::OrganisationLeft { organisation, by: who });
		Ok(())
	}

	pub(crate) fn change_status(organisation: OrgId, to: OrganisationStatus) -> DispatchResult {
		let record = Organisations::<T>::get(organisation).ok_or(Error::<T>::NotFound)?;
		Self::set_status(organisation, record, to, Self::now())
	}

	pub(crate) fn do_suspend_organisation(organisation: OrgId) -> DispatchResult {
		Self::change_status(organisation, OrganisationStatus::Suspended)?;
		Self::deposit_event(Event::OrganisationSuspended { organisation });
		Ok(())
	}

	pub(crate) fn do_expel_organisation(organisation: OrgId) -> DispatchResult {
		Self::change_status(organisation, OrganisationStatus::Expelled)?;
		Self::deposit_event(Event::OrganisationExpelled { organisation });
		Ok(())
	}

	/// Stores the record with its new status, keeps the books of seats and GLNs, and tells of voices.
	pub(crate) fn set_status(
		organisation: OrgId,
		mut record: OrganisationRecordOf<T>,
		to: OrganisationStatus,
		now: Moment,
	) -> DispatchResult {
		let from = record.status.state;
		ensure!(life::organisation_may_become(from, to), Error::<T>::WrongState);
		let seats = Seats::<T>::get().after(from, to);
		// A suspended organisation keeps its seat, so that it can always come back.
		ensure!(life::is_seated(from) || seats.seats() <= T::MaxOrganisations::get(), Error::<T>::TooManyOrganisations);
		ensure!(seats.active > 0, Error::<T>::LastOrganisation);
		Seats::<T>::put(seats);
		if let Some(gln) = record.gln.filter(|_| !life::is_seated(to)) {
			Glns::<T>::remove(gln);
		}
		record.status.change(to, now, |number, span| OrganisationHistory::<T>::insert(organisation, number, span));
		Organisations::<T>::insert(organisation, &record);
		match (from, to) {
			(_, OrganisationStatus::Active) => T::OnVoiceChange::gained(&record.controller),
			(OrganisationStatus::Active, _) => T::OnVoiceChange::lost(&record.controller),
			_ => (),
		}
		Ok(())
	}

	pub(crate) fn do_rotate_controller(who: T::AccountId, new: T::AccountId) -> DispatchResult {
		let organisation = Self::ensure_duty(&who, Roles::CONTROLLER)?;
		let now = Self::now();
		let pause_is_over = |last: Moment| now.0.saturating_sub(last.0) >= T::RotationPause::get();
		ensure!(RotatedAt::<T>::get(organisation).is_none_or(pause_is_over), Error::<T>::TooEarly);
		Self::hand_over_control(organisation, new, Some(who))?;
		RotatedAt::<T>::insert(organisation, now);
		Ok(())
	}

	pub(crate) fn do_replace_controller(organisation: OrgId, new: T::AccountId) -> DispatchResult {
		Self::hand_over_control(organisation, new, None)?;
		// A thief who rotated in the end must not keep the organisation from rotating.
		RotatedAt::<T>::remove(organisation);
		Ok(())
	}

	fn hand_over_control(organisation: OrgId, new: T::AccountId, by: Option<T::AccountId>) -> DispatchResult {
		let mut record = Organisations::<T>::get(organisation).ok_or(Error::<T>::NotFound)?;
		ensure!(record.status.state != OrganisationStatus::Applied, Error::<T>::WrongState);
		ensure!(record.controller != new, Error::<T>::AlreadyExists);
		let now = Self::now();
		let (left, ticket) = Self::end_membership(&record.controller, now)?;
		Self::succeed_controller(organisation, &new, left.roles, ticket, now)?;
		let old = core::mem::replace(&mut record.controller, new.clone());
		Organisations::<T>::insert(organisation, &record);
		if record.status.state == OrganisationStatus::Active {
			T::OnVoiceChange::moved(&old, &new);
		}
		Self::deposit_event(Event::ControllerRotated { organisation, old, new, by });
		Ok(())
	}

	/// Gives the new controller the roles of the old one. A newcomer takes over its deposit too, so that a rotation never
	/// fails for money; a member of the organisation has its own and keeps its roles beside.
	fn succeed_controller(
		organisation: OrgId,
		new: &T::AccountId,
		roles: Roles,
		ticket: Option<T::MemberConsideration>,
		now: Moment,
	) -> DispatchResult {
		match Self::stored_membership(new) {
			Some(own) if own.organisation == organisation => {
				Self::return_member_deposit(organisation, ticket);
				let membership = Membership { organisation, roles: own.roles.union(roles), until: None };
				Self::replace_membership(new, membership, now)
			},
			_ => Self::begin_membership(new, Membership { organisation, roles, until: None }, ticket, now),
		}
	}

	pub(crate) fn do_allot(organisation: OrgId, amount: BalanceOf<T>) -> DispatchResult {
		ensure!(Organisations::<T>::contains_key(organisation), Error::<T>::NotFound);
		T::Currency::transfer(&T::ConsortiumAccount::get(), &organisation.sovereign_account(), amount, Preserve)?;
		Self::deposit_event(Event::TokensAllotted { organisation, amount });
		Ok(())
	}

	pub(crate) fn do_fund_member(who: T::AccountId, member: T::AccountId, amount: BalanceOf<T>) -> DispatchResult {
		let organisation = Self::ensure_duty(&who, Roles::CONTROLLER)?;
		let current = Self::membership_at(&member, Self::now()).ok_or(Error::<T>::NotAMember)?;
		ensure!(current.state.organisation == organisation, Error::<T>::NotAuthorised);
		// It costs no fee: not for nothing.
		ensure!(amount >= T::Currency::minimum_balance(), Error::<T>::TooLittle);
		T::Currency::transfer(&organisation.sovereign_account(), &member, amount, Preserve)?;
		Self::deposit_event(Event::MemberFunded { organisation, member, amount, by: who });
		Ok(())
	}
}
