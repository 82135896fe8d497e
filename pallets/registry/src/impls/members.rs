// SPDX-License-Identifier: Apache-2.0
//! Members: accounts that act for an organisation.

use crate::{
	timeline::Timeline,
	types::{MemberRecord, Membership},
	Config, Error, Event, MemberHistory, Members, MembersOf, Pallet,
};
use epidaurus_primitives::{
	ids::OrgId,
	moment::Moment,
	registry::Roles,
	seams::{Guests, Registry},
};
use frame_support::{
	ensure,
	traits::{Consideration, Defensive},
};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	/// The account's membership, run out or not.
	pub(crate) fn stored_membership(account: &T::AccountId) -> Option<Membership> {
		Members::<T>::get(account)?.membership.state
	}

	pub(crate) fn do_add_member(
		who: T::AccountId,
		member: T::AccountId,
		roles: Roles,
		until: Option<Moment>,
	) -> DispatchResult {
		let organisation = Self::ensure_duty(&who, Roles::CONTROLLER)?;
		let now = Self::now();
		let membership = Self::checked_membership(organisation, roles, until, now)?;
		let sovereign = organisation.sovereign_account();
		let ticket = T::MemberConsideration::new(&sovereign, Self::member_footprint())?;
		Self::begin_membership(&member, membership, Some(ticket), now)?;
		Self::deposit_event(Event::MemberAdded { organisation, member, roles, until, by: who });
		Ok(())
	}

	pub(crate) fn do_change_member(
		who: T::AccountId,
		member: T::AccountId,
		roles: Roles,
		until: Option<Moment>,
	) -> DispatchResult {
		let organisation = Self::ensure_duty(&who, Roles::CONTROLLER)?;
		let now = Self::now();
		let mut membership = Self::checked_membership(organisation, roles, until, now)?;
		let present = Self::ensure_own_member(organisation, &member)?;
		if present.roles.contains(Roles::CONTROLLER) {
			ensure!(until.is_none(), Error::<T>::IsController);
			membership.roles = roles.union(Roles::CONTROLLER);
		}
		Self::replace_membership(&member, membership, now)?;
		Self::deposit_event(Event::MemberChanged { organisation, member, roles: membership.roles, until, by: who });
		Ok(())
	}

	pub(crate) fn do_remove_member(who: T::AccountId, member: T::AccountId) -> DispatchResult {
		let organisation = Self::ensure_duty(&who, Roles::CONTROLLER)?;
		let present = Self::ensure_own_member(organisation, &member)?;
		ensure!(!present.roles.contains(Roles::CONTROLLER), Error::<T>::IsController);
		Self::dismiss(&member, Self::now())?;
		Self::deposit_event(Event::MemberRemoved { organisation, member, by: who });
		Ok(())
	}

	pub(crate) fn do_resign(member: T::AccountId) -> DispatchResult {
		let present = Self::membership_at(&member, Self::now()).ok_or(Error::<T>::NotAMember)?.state;
		ensure!(!present.roles.contains(Roles::CONTROLLER), Error::<T>::IsController);
		Self::dismiss(&member, Self::now())?;
		Self::deposit_event(Event::MemberResigned { organisation: present.organisation, member });
		Ok(())
	}

	/// A membership that a controller may give.
	pub(crate) fn checked_membership(
		organisation: OrgId,
		roles: Roles,
		until: Option<Moment>,
		now: Moment,
	) -> Result<Membership, DispatchError> {
		ensure!(Roles::GRANTABLE.contains(roles), Error::<T>::InvalidRoles);
		ensure!(until.is_none_or(|until| now < until), Error::<T>::Expired);
		Self::ensure_on_calendar([until])?;
		Ok(Membership { organisation, roles, until })
	}

	/// The membership, run out or not, of an account that nobody but this organisation has business with.
	fn ensure_own_member(organisation: OrgId, member: &T::AccountId) -> Result<Membership, DispatchError> {
		let present = Self::stored_membership(member).ok_or(Error::<T>::NotFound)?;
		ensure!(present.organisation == organisation, Error::<T>::NotAuthorised);
		Ok(present)
	}

	/// Refuses the key of a subject. An account that was a member once can have become one.
	pub(crate) fn ensure_no_guest(account: &T::AccountId) -> DispatchResult {
		ensure!(!T::Guests::is_guest(account), Error::<T>::KeyOfSubject);
		Ok(())
	}

	/// Makes an account a member that is none. One whose membership has run out elsewhere is free to go.
	pub(crate) fn begin_membership(
		account: &T::AccountId,
		membership: Membership,
		ticket: Option<T::MemberConsideration>,
		now: Moment,
	) -> DispatchResult {
		Self::ensure_no_guest(account)?;
		if let Some(present) = Self::stored_membership(account) {
			ensure!(!present.is_current(now), Error::<T>::AlreadyMember);
			Self::dismiss(account, now)?;
			Self::deposit_event(Event::MembershipLapsed {
				organisation: present.organisation,
				member: account.clone(),
			});
		}
		Members::<T>::mutate(account, |slot| match slot {
			Some(record) => {
				record.ticket = ticket;
				Self::change_membership(account, &mut record.membership, Some(membership), now);
			},
			None => {
				// A member can act without a token, since restrictive calls are free. The reference is taken once and
				// never given back: an account that went away would begin again at nonce 0 and be open to replays.
				frame_system::Pallet::<T>::inc_sufficients(account);
				*slot = Some(MemberRecord { membership: Timeline::new(Some(membership), now), ticket });
			},
		});
		MembersOf::<T>::insert(membership.organisation, account, ());
		Ok(())
	}

	/// Gives a member other roles or another expiry.
	pub(crate) fn replace_membership(account: &T::AccountId, membership: Membership, now: Moment) -> DispatchResult {
		Self::ensure_no_guest(account)?;
		Members::<T>::try_mutate(account, |slot| {
			let record = slot.as_mut().ok_or(Error::<T>::NotFound)?;
			Self::change_membership(account, &mut record.membership, Some(membership), now);
			Ok(())
		})
	}

	/// Ends a membership and hands over what it was and its deposit.
	pub(crate) fn end_membership(
		account: &T::AccountId,
		now: Moment,
	) -> Result<(Membership, Option<T::MemberConsideration>), DispatchError> {
		Members::<T>::try_mutate(account, |slot| {
			let record = slot.as_mut().ok_or(Error::<T>::NotFound)?;
			let ended = record.membership.state.ok_or(Error::<T>::NotFound)?;
			Self::change_membership(account, &mut record.membership, None, now);
			MembersOf::<T>::remove(ended.organisation, account);
			Ok((ended, record.ticket.take()))
		})
	}

	/// Ends a membership and gives its deposit back.
	fn dismiss(account: &T::AccountId, now: Moment) -> DispatchResult {
		let (ended, ticket) = Self::end_membership(account, now)?;
		Self::return_member_deposit(ended.organisation, ticket);
		Ok(())
	}

	/// A deposit that cannot be given back must not keep anybody in office.
	pub(crate) fn return_member_deposit(organisation: OrgId, ticket: Option<T::MemberConsideration>) {
		if let Some(ticket) = ticket {
			let _ = ticket.drop(&organisation.sovereign_account()).defensive();
		}
	}

	fn change_membership(
		account: &T::AccountId,
		timeline: &mut Timeline<Option<Membership>>,
		membership: Option<Membership>,
		now: Moment,
	) {
		timeline.change(membership, now, |number, span| MemberHistory::<T>::insert(account, number, span));
	}
}
