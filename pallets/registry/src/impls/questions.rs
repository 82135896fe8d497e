// SPDX-License-Identifier: Apache-2.0
//! Questions of others and of ourselves to the storage. What they mean is in
//! [`epidaurus_primitives::registry::questions`], which clients run too.

use super::state::Storage;
use crate::{timeline::Span, types::Membership, Config, Members, OrganisationHistory, Organisations, Pallet};
use epidaurus_primitives::{
	ids::OrgId,
	jurisdiction::Jurisdiction,
	moment::Moment,
	registry::{questions::RegistryState, Capability, Holder, OrganisationStatus, Standing},
	views::CapabilityView,
};

impl<T: Config> Pallet<T> {
	/// The status that an organisation had at a moment; nothing if it did not exist then.
	pub fn status_at(organisation: OrgId, at: Moment) -> Option<Span<OrganisationStatus>> {
		let record = Organisations::<T>::get(organisation)?;
		record.status.find(at, |number| OrganisationHistory::<T>::get(organisation, number))
	}

	/// The membership that an account had at a moment, with the beginning of the span that says so.
	pub fn membership_at(account: &T::AccountId, at: Moment) -> Option<Span<Membership>> {
		Storage::<T>::new().membership_at(account, at)
	}

	/// Whether an organisation may act under a capability at a moment, whoever acts for it. Where no jurisdiction is
	/// named it is the organisation's own.
	pub fn organisation_standing(
		organisation: OrgId,
		capability: Capability,
		jurisdiction: Option<Jurisdiction>,
		at: Moment,
	) -> Standing {
		Storage::<T>::new().organisation_standing(organisation, capability, jurisdiction, at)
	}

	/// Whether an account may act under a capability at a moment, and for which organisation. Where no jurisdiction is
	/// named it is the organisation's own.
	pub fn member_standing(
		account: &T::AccountId,
		capability: Capability,
		jurisdiction: Option<Jurisdiction>,
		at: Moment,
	) -> (Standing, Option<OrgId>) {
		Storage::<T>::new().member_standing(account, capability, jurisdiction, at)
	}

	/// The answer of the runtime API: for a member the whole question, for an organisation the part that does not depend
	/// on who acts. A moment yet to come is answered as if nothing changed until then.
	pub fn capability(
		holder: Holder<T::AccountId>,
		capability: Capability,
		jurisdiction: Option<Jurisdiction>,
		at: Option<Moment>,
	) -> CapabilityView {
		Storage::<T>::new().capability(holder, capability, jurisdiction, at)
	}

	/// The term of a licence as it stood at a moment, or, if its issuer is distrusted from an earlier one, as it stood
	/// just before that.
	#[cfg(any(feature = "std", feature = "try-runtime"))]
	pub(crate) fn trusted_term(
		licence: epidaurus_primitives::ids::LicenceId,
		record: &crate::LicenceRecordOf<T>,
		at: Moment,
	) -> Option<crate::Term> {
		Storage::<T>::new().trusted_term(licence, record, at)
	}

	/// Whether the account is a member now.
	pub fn is_member(account: &T::AccountId) -> bool {
		Self::present_membership(account).is_some()
	}

	/// The account's membership now: one read.
	pub fn present_membership(account: &T::AccountId) -> Option<Membership> {
		let now = Self::now();
		Members::<T>::get(account)?.membership.state.filter(|membership| membership.is_current(now))
	}
}
