// SPDX-License-Identifier: Apache-2.0
//! Who is there when a call is measured.

use super::BenchmarkHelper as _;
use crate::{
	genesis::{GenesisMember, GenesisOrganisation},
	timeline::Timeline,
	types::{Acceptance, Holding, IssuerKey, IssuerRecord, LicenceListOf, LicenceRecord, Succession, Term},
	Config, Holdings, Issuers, LicenceCount, Licences, LicencesOf, NextLicence, NextOrganisation, Organisations,
	Pallet, Successions,
};
use alloc::vec;
use epidaurus_primitives::{
	gln::{check_digit, Gln},
	hash::Commitment,
	ids::{LicenceId, OrgId},
	jurisdiction::Jurisdiction,
	moment::Moment,
	registry::{
		Capability, Holder, LicenceScope, LicenceStatus, OrganisationClass, OrganisationStatus, Roles, MAX_HANDOVERS,
	},
};
use frame_benchmarking::v2::*;
use frame_support::traits::{Consideration, EnsureOrigin};

pub(super) const SETUP: Moment = Moment(1_000_000);
pub(super) const NOW: Moment = Moment(2_000_000);
pub(super) const LATER: Moment = Moment(9_000_000);
pub(super) const COUNTRY: Jurisdiction = Jurisdiction::country(*b"ZZ");
/// Found only through its country: two reads.
pub(super) const PLACE: Jurisdiction = Jurisdiction { country: *b"ZZ", subdivision: Some(*b"BEN") };
/// Personal, since members are the longer keys.
pub(super) const CAPABILITY: Capability = Capability::Prescribe;
pub(super) const HANDOVER: Commitment = Commitment([0x77; 32]);
/// Ids that no chain reaches while it is benchmarked.
pub(super) const FOREIGN: u32 = 1_000_000;

/// A sponsor without history, and an admitted organisation with deposits, members and a recognition.
pub(super) struct World<T: Config> {
	pub(super) sponsor: OrgId,
	pub(super) sponsor_head: T::AccountId,
	pub(super) organisation: OrgId,
	pub(super) head: T::AccountId,
	/// Of the organisation, with every role.
	pub(super) officer: T::AccountId,
	/// Of the sponsor, run out when the call is made.
	pub(super) expired: T::AccountId,
}

pub(super) fn gln(number: u32) -> Gln {
	let mut digits = *b"9990000000000";
	let mut rest = number;
	for place in (3..12).rev() {
		digits[place] = b'0' + u8::try_from(rest % 10).unwrap();
		rest /= 10;
	}
	digits[12] = check_digit(&digits[..12]).unwrap();
	Gln(digits)
}

pub(super) fn fund<T: Config>(organisation: OrgId) {
	let sovereign = organisation.sovereign_account();
	for _ in 0..4 {
		T::ApplicationConsideration::ensure_successful(&sovereign, Pallet::<T>::application_footprint());
		T::OrganisationConsideration::ensure_successful(&sovereign, Pallet::<T>::organisation_footprint());
		T::MemberConsideration::ensure_successful(&sovereign, Pallet::<T>::member_footprint());
		T::LicenceConsideration::ensure_successful(&sovereign, Pallet::<T>::licence_footprint());
	}
}

pub(super) fn found<T: Config>(
	controller: T::AccountId,
	members: alloc::vec::Vec<GenesisMember<T::AccountId>>,
) -> OrgId {
	let gln = Some(gln(NextOrganisation::<T>::get().0));
	let class = OrganisationClass::Regulator;
	let founder = GenesisOrganisation { class, gln, jurisdiction: COUNTRY, controller, members };
	Pallet::<T>::found(&founder).unwrap()
}

pub(super) fn apply<T: Config>(sponsor_head: &T::AccountId, controller: &T::AccountId) -> OrgId {
	let organisation = NextOrganisation::<T>::get();
	let gln = Some(gln(organisation.0));
	let class = OrganisationClass::Provider;
	Pallet::<T>::do_apply(sponsor_head.clone(), controller.clone(), class, gln, COUNTRY).unwrap();
	fund::<T>(organisation);
	organisation
}

impl<T: Config> World<T> {
	pub(super) fn new() -> Self {
		T::BenchmarkHelper::set_time(SETUP);
		let sponsor_head: T::AccountId = account("sponsor", 0, 0);
		let sponsor = found::<T>(sponsor_head.clone(), vec![]);
		fund::<T>(sponsor);
		let expired: T::AccountId = account("expired", 0, 0);
		let soon = Some(Moment(SETUP.0 + 1));
		Pallet::<T>::do_add_member(sponsor_head.clone(), expired.clone(), Roles::GRANTABLE, soon).unwrap();
		let (head, officer): (T::AccountId, T::AccountId) = (account("head", 0, 0), account("officer", 0, 0));
		let organisation = apply::<T>(&sponsor_head, &head);
		Pallet::<T>::do_admit_organisation(organisation).unwrap();
		Pallet::<T>::do_add_member(head.clone(), officer.clone(), Roles::GRANTABLE, None).unwrap();
		Pallet::<T>::do_recognise_issuer(issuer_key(organisation)).unwrap();
		T::BenchmarkHelper::set_time(NOW);
		Self { sponsor, sponsor_head, organisation, head, officer, expired }
	}

	/// A licence of the organisation, issued before, with its deposit.
	pub(super) fn licence(&self) -> LicenceId {
		T::BenchmarkHelper::set_time(SETUP);
		let licence = NextLicence::<T>::get();
		let (holder, scope) = (Holder::Organisation(self.sponsor), LicenceScope::All);
		let until = (None, Some(Moment(LATER.0 - 1)));
		Pallet::<T>::do_issue_licence(self.officer.clone(), holder, CAPABILITY, PLACE, scope, until).unwrap();
		T::BenchmarkHelper::set_time(NOW);
		licence
	}

	/// Another organisation of the same class, and its controller.
	pub(super) fn heir(&self) -> (OrgId, T::AccountId) {
		let head: T::AccountId = account("heir", 0, 0);
		let heir = apply::<T>(&self.sponsor_head, &head);
		Pallet::<T>::do_admit_organisation(heir).unwrap();
		(heir, head)
	}

	pub(super) fn status(&self) -> OrganisationStatus {
		Organisations::<T>::get(self.organisation).unwrap().status.state
	}
}

pub(super) fn issuer_key(organisation: OrgId) -> IssuerKey {
	IssuerKey { organisation, capability: CAPABILITY, jurisdiction: COUNTRY }
}

pub(super) fn consortium<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
	T::ConsortiumOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

/// Fills a holder's list with licences of as many issuers, all of which have to be read; only the last one has the
/// status asked for, all others are suspended.
pub(super) fn fill_list<T: Config>(holder: Holder<T::AccountId>, capability: Capability, last: LicenceStatus) {
	let since = Moment(0);
	let mut list = LicenceListOf::<T>::default();
	while !list.is_full() {
		let licence = NextLicence::<T>::get();
		NextLicence::<T>::put(LicenceId(licence.0 + 1));
		let number = LicenceCount::<T>::get(&holder);
		LicenceCount::<T>::insert(&holder, number + 1);
		LicencesOf::<T>::insert(&holder, number, licence);
		list.try_push(licence).unwrap();
		let status = if list.is_full() { last } else { LicenceStatus::Suspended };
		let issuer = OrgId(FOREIGN + licence.0);
		let key = IssuerKey { organisation: issuer, capability, jurisdiction: COUNTRY };
		let recognised = Timeline::new(true, since);
		Issuers::<T>::insert(key, IssuerRecord { recognised, distrusted_from: None });
		let term = Timeline::new(Term { status, status_since: since, until: None }, since);
		let record = LicenceRecord {
			holder: holder.clone(),
			capability,
			jurisdiction: COUNTRY,
			scope: LicenceScope::All,
			issuer,
			authority: COUNTRY,
			issued_at: since,
			from: since,
			term,
			distrusted_from: None,
			ticket: None,
		};
		Licences::<T>::insert(licence, record);
	}
	Holdings::<T>::insert(Holding { holder, capability }, Timeline::new(list, since));
}

/// Makes the account a member with every role of an active organisation, licensed by the last entry of a full list.
pub(crate) fn enrol<T: Config>(who: &T::AccountId, capability: Capability) -> OrgId {
	let member = GenesisMember { account: who.clone(), roles: Roles::GRANTABLE, until: None };
	let organisation = found::<T>(account("controller", NextOrganisation::<T>::get().0, 0), vec![member]);
	fund::<T>(organisation);
	fill_list::<T>(Holder::Organisation(organisation), capability, LicenceStatus::Active);
	if capability.is_personal() {
		fill_list::<T>(Holder::Member(who.clone()), capability, LicenceStatus::Active);
	}
	organisation
}

/// Makes one organisation the last in the longest line of successors of another. Those between are known by nothing else.
pub(crate) fn succeed<T: Config>(successor: OrgId, custodian: OrgId) {
	let accepted = Some(Acceptance { at: Moment(0), handover: HANDOVER });
	let mut last = custodian;
	for number in 1..=MAX_HANDOVERS {
		let between = OrgId(FOREIGN.wrapping_add(custodian.0.wrapping_mul(MAX_HANDOVERS)).wrapping_add(number));
		let next = if number == MAX_HANDOVERS { successor } else { between };
		Successions::<T>::insert(last, Succession { successor: next, offered_at: Moment(0), accepted });
		last = next;
	}
}
