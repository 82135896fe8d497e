// SPDX-License-Identifier: Apache-2.0
//! The consortium at launch, as a chain spec gives it.

use crate::{
	timeline::Timeline,
	types::{IssuerKey, LicenceRecord, Membership, Term},
	Config, Error, GenesisConfig, Organisations, Pallet,
};
use alloc::vec::Vec;
use epidaurus_primitives::{
	gln::Gln,
	ids::OrgId,
	jurisdiction::Jurisdiction,
	moment::{Interval, Moment},
	registry::{Capability, Holder, LicenceScope, LicenceStatus, OrganisationClass, OrganisationStatus, Roles},
};
use frame_support::ensure;
use serde::{Deserialize, Serialize};
use sp_runtime::{DispatchError, DispatchResult};

/// The moment at which the histories of founders begin.
const LAUNCH: Moment = Moment(0);

/// A founding organisation, active from launch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisOrganisation<AccountId> {
	/// What kind it is.
	pub class: OrganisationClass,
	/// GS1 Global Location Number.
	pub gln: Option<Gln>,
	/// Its home jurisdiction.
	pub jurisdiction: Jurisdiction,
	/// The account that acts for it.
	pub controller: AccountId,
	/// Its members. If the controller is among them it has these roles beside its own.
	pub members: Vec<GenesisMember<AccountId>>,
}

/// A member of a founding organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisMember<AccountId> {
	/// The account.
	pub account: AccountId,
	/// What it does there.
	pub roles: Roles,
	/// When its membership expires.
	pub until: Option<Moment>,
}

/// An issuer that is recognised from launch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisIssuer {
	/// The issuer.
	pub organisation: OrgId,
	/// What it may license.
	pub capability: Capability,
	/// Where.
	pub jurisdiction: Jurisdiction,
}

/// A licence that was issued before launch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisLicence<AccountId> {
	/// Who holds it.
	pub holder: Holder<AccountId>,
	/// What it allows.
	pub capability: Capability,
	/// Where.
	pub jurisdiction: Jurisdiction,
	/// How far.
	pub scope: LicenceScope,
	/// Who issued it: an issuer of this genesis.
	pub issuer: OrgId,
	/// When it is valid.
	pub validity: Interval,
}

impl<T: Config> GenesisConfig<T> {
	/// Stores the founders, or says with the error of a call what is wrong with them.
	pub(crate) fn try_build(&self) -> DispatchResult {
		for organisation in &self.organisations {
			Pallet::<T>::found(organisation)?;
		}
		for GenesisIssuer { organisation, capability, jurisdiction } in self.issuers.iter().cloned() {
			ensure!(Organisations::<T>::contains_key(organisation), Error::<T>::NotFound);
			Pallet::<T>::set_recognised(IssuerKey { organisation, capability, jurisdiction }, LAUNCH)?;
		}
		self.licences.iter().cloned().try_for_each(Pallet::<T>::license_founder)
	}
}

impl<T: Config> Pallet<T> {
	/// Stores an active organisation that gives no deposits.
	pub(crate) fn found(founder: &GenesisOrganisation<T::AccountId>) -> Result<OrgId, DispatchError> {
		let GenesisOrganisation { class, gln, jurisdiction, controller, members } = founder;
		let organisation = Self::create_organisation(controller.clone(), *class, *gln, *jurisdiction, LAUNCH)?;
		let mut roles = Roles::CONTROLLER;
		for GenesisMember { account, roles: given, until } in members {
			let membership = Self::checked_membership(organisation, *given, *until, LAUNCH)?;
			if account == controller {
				ensure!(until.is_none(), Error::<T>::IsController);
				roles = roles.union(*given);
			} else {
				Self::begin_membership(account, membership, None, LAUNCH)?;
			}
		}
		let membership = Membership { organisation, roles, until: None };
		Self::begin_membership(controller, membership, None, LAUNCH)?;
		let record = Organisations::<T>::get(organisation).ok_or(Error::<T>::NotFound)?;
		Self::set_status(organisation, record, OrganisationStatus::Active, LAUNCH)?;
		Ok(organisation)
	}

	fn license_founder(licence: GenesisLicence<T::AccountId>) -> DispatchResult {
		let GenesisLicence { holder, capability, jurisdiction, scope, issuer, validity } = licence;
		Self::ensure_place(jurisdiction, scope)?;
		let authority = Self::authority(issuer, capability, jurisdiction).ok_or(Error::<T>::NotRecognised)?;
		ensure!(!validity.is_empty(), Error::<T>::EmptyInterval);
		Self::ensure_on_calendar([Some(validity.from), validity.until])?;
		Self::ensure_licensable(&holder, capability, LAUNCH)?;
		let term = Term { status: LicenceStatus::Active, status_since: LAUNCH, until: validity.until };
		Self::add_licence(LicenceRecord {
			holder,
			capability,
			jurisdiction,
			scope,
			issuer,
			authority,
			issued_at: LAUNCH,
			from: validity.from,
			term: Timeline::new(term, LAUNCH),
			distrusted_from: None,
			ticket: None,
		})?;
		Ok(())
	}
}
