// SPDX-License-Identifier: Apache-2.0
//! Succession: to whom an organisation's duties pass. Who answers for whom is in
//! [`epidaurus_primitives::registry::questions`], which clients run too.

use super::state::Storage;
use crate::{
	types::{Acceptance, Succession},
	Config, Error, Event, Lines, Organisations, Pallet, Successions,
};
use epidaurus_primitives::{
	hash::Commitment,
	ids::OrgId,
	registry::{questions::RegistryState, OrganisationStatus, Roles, MAX_HANDOVERS},
	seams::Registry,
	views::SuccessionView,
};
use frame_support::{ensure, traits::EnsureOrigin};
use frame_system::{ensure_signed, pallet_prelude::OriginFor};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	/// Refuses an origin that does not decide to whom an organisation's duties pass: neither its controller nor, for an
	/// organisation that is not active, the consortium, which is no account.
	pub(crate) fn ensure_disposes(
		origin: OriginFor<T>,
		predecessor: OrgId,
	) -> Result<Option<T::AccountId>, DispatchError> {
		match T::ConsortiumOrigin::try_origin(origin) {
			Ok(_) => {
				// An active organisation speaks for itself; who controls it the consortium can change.
				ensure!(Self::status(predecessor)? != OrganisationStatus::Active, Error::<T>::WrongState);
				Ok(None)
			},
			Err(origin) => {
				let by = ensure_signed(origin)?;
				let organisation = Self::ensure_duty(&by, Roles::CONTROLLER)?;
				ensure!(organisation == predecessor, Error::<T>::NotAuthorised);
				Ok(Some(by))
			},
		}
	}

	fn status(organisation: OrgId) -> Result<OrganisationStatus, Error<T>> {
		Ok(Organisations::<T>::get(organisation).ok_or(Error::NotFound)?.status.state)
	}

	pub(crate) fn do_offer_succession(
		by: Option<T::AccountId>,
		predecessor: OrgId,
		successor: OrgId,
	) -> DispatchResult {
		match Successions::<T>::get(predecessor) {
			None => (),
			Some(Succession { accepted: None, .. }) => return Err(Error::<T>::AlreadyExists.into()),
			Some(_) => return Err(Error::<T>::HandedOver.into()),
		}
		Self::ensure_fit(predecessor, successor)?;
		let offer = Succession { successor, offered_at: Self::now(), accepted: None };
		Successions::<T>::insert(predecessor, offer);
		Self::deposit_event(Event::SuccessionOffered { predecessor, successor, by });
		Ok(())
	}

	pub(crate) fn do_withdraw_succession(by: Option<T::AccountId>, predecessor: OrgId) -> DispatchResult {
		let Succession { successor, .. } = Self::offered(predecessor)?;
		Successions::<T>::remove(predecessor);
		Self::deposit_event(Event::SuccessionWithdrawn { predecessor, successor, by });
		Ok(())
	}

	pub(crate) fn do_decline_succession(who: T::AccountId, predecessor: OrgId) -> DispatchResult {
		let Succession { successor, .. } = Self::offered_to(&who, predecessor)?;
		Successions::<T>::remove(predecessor);
		Self::deposit_event(Event::SuccessionDeclined { predecessor, successor, by: who });
		Ok(())
	}

	pub(crate) fn do_accept_succession(who: T::AccountId, predecessor: OrgId, handover: Commitment) -> DispatchResult {
		let offer = Self::offered_to(&who, predecessor)?;
		let successor = offer.successor;
		// Much may have happened since the offer.
		let handovers = Self::ensure_fit(predecessor, successor)?;
		let accepted = Some(Acceptance { at: Self::now(), handover });
		Successions::<T>::insert(predecessor, Succession { accepted, ..offer });
		Lines::<T>::mutate(successor, |longest| *longest = handovers.max(*longest));
		Self::deposit_event(Event::SuccessionAccepted { predecessor, successor, handover, by: who });
		Ok(())
	}

	/// An offer that nobody has accepted.
	fn offered(predecessor: OrgId) -> Result<Succession, Error<T>> {
		let offer = Successions::<T>::get(predecessor).ok_or(Error::NotFound)?;
		ensure!(offer.accepted.is_none(), Error::HandedOver);
		Ok(offer)
	}

	/// The same, made to the organisation that this account controls.
	fn offered_to(who: &T::AccountId, predecessor: OrgId) -> Result<Succession, DispatchError> {
		let organisation = Self::ensure_duty(who, Roles::CONTROLLER)?;
		let offer = Self::offered(predecessor)?;
		ensure!(offer.successor == organisation, Error::<T>::NotAuthorised);
		Ok(offer)
	}

	/// Refuses a successor that cannot be one. Gives the number of hand-overs in the longest line that then ends with it.
	///
	/// Who has handed over takes over nothing more: its own successor accepted what it knew of. So a line grows only at
	/// its end, where its length is known, and never leads back.
	fn ensure_fit(predecessor: OrgId, successor: OrgId) -> Result<u32, DispatchError> {
		ensure!(predecessor != successor, Error::<T>::SameOrganisation);
		let old = Organisations::<T>::get(predecessor).ok_or(Error::<T>::NotFound)?;
		let new = Organisations::<T>::get(successor).ok_or(Error::<T>::NotFound)?;
		ensure!(old.status.state != OrganisationStatus::Applied, Error::<T>::WrongState);
		ensure!(new.status.state == OrganisationStatus::Active, Error::<T>::OrganisationInactive);
		ensure!(new.class.can_succeed(old.class), Error::<T>::UnfitSuccessor);
		ensure!(Storage::<T>::new().handover(successor).is_none(), Error::<T>::HandedOver);
		let handovers = Lines::<T>::get(predecessor).saturating_add(1);
		ensure!(handovers <= MAX_HANDOVERS, Error::<T>::TooManyHandovers);
		Ok(handovers)
	}

	/// To whom the duties of an organisation passed, step by step; nothing if there is no such organisation.
	pub fn succession(organisation: OrgId) -> Option<SuccessionView> {
		Storage::<T>::new().succession_view(organisation)
	}
}
