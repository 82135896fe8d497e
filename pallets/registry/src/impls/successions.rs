// SPDX-License-Identifier: Apache-2.0
//! Succession: to whom an organisation's duties pass, and who answers for whom.

use crate::{
	succession::line,
	types::{Acceptance, Succession},
	Config, Error, Event, Lines, Organisations, Pallet, Successions,
};
use epidaurus_primitives::{
	hash::Commitment,
	ids::OrgId,
	moment::Moment,
	registry::{OrganisationStatus, Roles, Successor, MAX_HANDOVERS},
	seams::Registry,
	views::{HandoverView, OfferView, SuccessionView},
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
		ensure!(Self::handover_of(successor).is_none(), Error::<T>::HandedOver);
		let handovers = Lines::<T>::get(predecessor).saturating_add(1);
		ensure!(handovers <= MAX_HANDOVERS, Error::<T>::TooManyHandovers);
		Ok(handovers)
	}

	/// To whom an organisation handed over its duties, and how.
	fn handover_of(organisation: OrgId) -> Option<(OrgId, (Succession, Acceptance))> {
		let succession = Successions::<T>::get(organisation)?;
		Some((succession.successor, (succession, succession.accepted?)))
	}

	/// Whether an organisation is the custodian or one of its successors.
	pub(crate) fn is_in_line(organisation: OrgId, custodian: OrgId) -> bool {
		organisation == custodian || line(custodian, Self::handover_of).any(|(successor, _)| successor == organisation)
	}

	/// Whether an organisation answers no more: it handed over, and left or was expelled. Somebody else does its duties
	/// then, and those who went have no business with the records.
	pub(crate) fn is_released(organisation: OrgId) -> bool {
		Self::handover_of(organisation).is_some()
			&& Self::status(organisation)
				.is_ok_and(|status| matches!(status, OrganisationStatus::Left | OrganisationStatus::Expelled))
	}

	/// Who answered in an organisation's place at a moment: the last one to whom its duties had passed then.
	pub(crate) fn successor_at(organisation: OrgId, at: Moment) -> Option<Successor> {
		let handovers = line(organisation, Self::handover_of);
		let (organisation, (_, Acceptance { at: since, handover })) =
			handovers.take_while(|(_, (_, acceptance))| acceptance.at <= at).last()?;
		Some(Successor { organisation, since, handover })
	}

	/// To whom the duties of an organisation passed, step by step; nothing if there is no such organisation.
	pub fn succession(organisation: OrgId) -> Option<SuccessionView> {
		Self::status(organisation).ok()?;
		let mut predecessor = organisation;
		let line =
			line(organisation, Self::handover_of).map(|(successor, (succession, Acceptance { at, handover }))| {
				let whose = core::mem::replace(&mut predecessor, successor);
				let offered_at = succession.offered_at;
				HandoverView { predecessor: whose, successor, offered_at, since: at, handover }
			});
		let line = line.collect();
		let offer = Self::offered(organisation).ok();
		Some(SuccessionView {
			organisation,
			released: Self::is_released(organisation),
			line,
			offer: offer.map(|Succession { successor, offered_at, .. }| OfferView { successor, offered_at }),
		})
	}
}
