// SPDX-License-Identifier: Apache-2.0
//! Who may, or might at a past moment, act under a capability: reads what was true then and lets [`crate::standing`]
//! decide.
//!
//! The past is as it was, with one exception: distrust reaches back on purpose. An answer about last year changes when
//! a licence or its issuer is found out today.

use crate::{
	standing::{self, LicenceAt},
	timeline::Span,
	types::{Holding, HoldingOf, Membership},
	Config, HoldingHistory, Holdings, Licences, Members, OrganisationHistory, Organisations, Pallet,
};
use alloc::vec::Vec;
use epidaurus_primitives::{
	ids::{LicenceId, OrgId},
	jurisdiction::Jurisdiction,
	moment::Moment,
	registry::{Capability, Holder, OrganisationStatus, Standing},
	views::CapabilityView,
};

impl<T: Config> Pallet<T> {
	/// The status that an organisation had at a moment; nothing if it did not exist then.
	pub fn status_at(organisation: OrgId, at: Moment) -> Option<Span<OrganisationStatus>> {
		let record = Organisations::<T>::get(organisation)?;
		record.status.find(at, |number| OrganisationHistory::<T>::get(organisation, number))
	}

	/// Whether an organisation may act under a capability at a moment, whoever acts for it. Where no jurisdiction is
	/// named it is the organisation's own.
	pub fn organisation_standing(
		organisation: OrgId,
		capability: Capability,
		jurisdiction: Option<Jurisdiction>,
		at: Moment,
	) -> Standing {
		let Some(record) = Organisations::<T>::get(organisation) else { return Standing::OrganisationUnknown };
		let status = record.status.find(at, |number| OrganisationHistory::<T>::get(organisation, number));
		standing::of_organisation(status.map(|span| span.state), || {
			let place = jurisdiction.unwrap_or(record.jurisdiction);
			Self::licences_standing(Holder::Organisation(organisation), capability, &place, at)
		})
	}

	/// Whether an account may act under a capability at a moment, and for which organisation. Where no jurisdiction is
	/// named it is the organisation's own.
	pub fn member_standing(
		account: &T::AccountId,
		capability: Capability,
		jurisdiction: Option<Jurisdiction>,
		at: Moment,
	) -> (Standing, Option<OrgId>) {
		let membership = Self::membership_at(account, at).map(|span| span.state);
		let organisation = membership.map(|membership| membership.organisation);
		let place = jurisdiction.or_else(|| Some(Organisations::<T>::get(organisation?)?.jurisdiction));
		let standing = standing::of_member(
			capability,
			membership.as_ref(),
			|| match organisation {
				Some(organisation) => Self::organisation_standing(organisation, capability, place, at),
				None => Standing::OrganisationUnknown,
			},
			|| match place {
				Some(place) => Self::licences_standing(Holder::Member(account.clone()), capability, &place, at),
				None => Standing::NoLicence,
			},
		);
		(standing, organisation)
	}

	/// What the licences of one holder for one capability say, whoever the holder is. Reads those that were listed at
	/// the moment, [`Config::MaxLicencesPerHolder`] at most.
	fn licences_standing(
		holder: Holder<T::AccountId>,
		capability: Capability,
		place: &Jurisdiction,
		at: Moment,
	) -> Standing {
		let listed = Self::listed_at(&Holding { holder, capability }, at);
		let licences = listed.into_iter().filter_map(|licence| Self::licence_at(licence, at));
		standing::of_licences(licences.map(|licence| licence.standing(place, at)))
	}

	fn listed_at(holding: &HoldingOf<T>, at: Moment) -> Vec<LicenceId> {
		let listed = Holdings::<T>::get(holding)
			.and_then(|timeline| timeline.find(at, |number| HoldingHistory::<T>::get(holding, number)));
		listed.map(|span| span.state.into_inner()).unwrap_or_default()
	}

	fn licence_at(licence: LicenceId, at: Moment) -> Option<LicenceAt> {
		let record = Licences::<T>::get(licence)?;
		Some(LicenceAt {
			jurisdiction: record.jurisdiction,
			from: record.from,
			term: Self::term_at(licence, &record, at)?,
			trusted: Self::trusted_term(licence, &record, at),
			distrusted_from: record.distrusted_from,
		})
	}

	/// The answer of the runtime API: for a member the whole question, for an organisation the part that does not depend
	/// on who acts. A moment yet to come is answered as if nothing changed until then.
	pub fn capability(
		holder: Holder<T::AccountId>,
		capability: Capability,
		jurisdiction: Option<Jurisdiction>,
		at: Option<Moment>,
	) -> CapabilityView {
		let at = at.unwrap_or_else(Self::now);
		let (standing, organisation) = match holder {
			Holder::Organisation(organisation) => {
				let standing = Self::organisation_standing(organisation, capability, jurisdiction, at);
				(standing, Some(organisation).filter(|_| standing != Standing::OrganisationUnknown))
			},
			Holder::Member(account) => Self::member_standing(&account, capability, jurisdiction, at),
		};
		CapabilityView { standing, organisation, at }
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
