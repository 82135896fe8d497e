// SPDX-License-Identifier: Apache-2.0
//! The registry as the other pallets see it.

use super::state::Storage;
use crate::{Config, Error, Pallet};
use epidaurus_primitives::{
	ids::OrgId,
	jurisdiction::Jurisdiction,
	moment::Moment,
	registry::{questions::RegistryState, Capability, Roles, Standing, Successor},
	seams::Registry,
};
use frame_support::ensure;
use sp_runtime::DispatchError;

impl<T: Config> Registry<T::AccountId> for Pallet<T> {
	fn ensure_capability(
		who: &T::AccountId,
		capability: Capability,
		jurisdiction: Option<Jurisdiction>,
		at: Moment,
	) -> Result<OrgId, DispatchError> {
		let (standing, organisation) = Self::member_standing(who, capability, jurisdiction, at);
		refuse::<T>(standing)?;
		organisation.ok_or_else(|| Error::<T>::NotAMember.into())
	}

	fn ensure_duty(who: &T::AccountId, role: Roles) -> Result<OrgId, DispatchError> {
		let membership = Self::present_membership(who).ok_or(Error::<T>::NotAMember)?;
		ensure!(membership.roles.contains(role), Error::<T>::RoleMissing);
		Ok(membership.organisation)
	}

	fn is_licensed(
		organisation: OrgId,
		capability: Capability,
		jurisdiction: Option<Jurisdiction>,
		at: Moment,
	) -> bool {
		Self::organisation_standing(organisation, capability, jurisdiction, at).is_granted()
	}

	fn answers_for(organisation: OrgId, custodian: OrgId) -> bool {
		Storage::<T>::new().answers_for(organisation, custodian)
	}

	fn has_answered_for(organisation: OrgId, custodian: OrgId) -> bool {
		Storage::<T>::new().is_in_line(organisation, custodian)
	}

	fn successor_of(custodian: OrgId) -> Option<Successor> {
		Storage::<T>::new().successor_at(custodian, Self::now())
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn succeed_for_benchmark(successor: OrgId, custodian: OrgId) {
		crate::benchmarking::succeed::<T>(successor, custodian);
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn enrol_for_benchmark(who: &T::AccountId, capability: Capability) -> OrgId {
		crate::benchmarking::enrol::<T>(who, capability)
	}
}

/// The error that says why not.
fn refuse<T: Config>(standing: Standing) -> Result<(), Error<T>> {
	Err(match standing {
		Standing::Granted => return Ok(()),
		Standing::NotAMember => Error::NotAMember,
		Standing::RoleMissing => Error::RoleMissing,
		Standing::OrganisationInactive(_) => Error::OrganisationInactive,
		Standing::NoLicence => Error::NoLicence,
		Standing::LicenceExpired => Error::LicenceExpired,
		Standing::LicenceSuspended => Error::LicenceSuspended,
		Standing::LicenceRevoked => Error::LicenceRevoked,
		Standing::LicenceDistrusted => Error::LicenceDistrusted,
		Standing::PersonalLicenceMissing => Error::PersonalLicenceMissing,
		Standing::OrganisationUnknown => Error::NotFound,
	})
}
