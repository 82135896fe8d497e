// SPDX-License-Identifier: Apache-2.0
//! On which keys of the state answers rest, so that a node can prove what stands there: the storage version, then what
//! the question read, which depends on what stands there.

use super::state::Storage;
use crate::{Config, Pallet};
use alloc::vec::Vec;
use epidaurus_primitives::{
	ids::{LicenceId, OrgId},
	jurisdiction::Jurisdiction,
	moment::Moment,
	proof::HexBytes,
	registry::{questions::RegistryState, Capability, Holder},
};

impl<T: Config> Pallet<T> {
	/// The keys behind what an [`organisation`](Self::organisation) is at present, and its
	/// [`succession`](Self::succession): storage version, organisation, its offer or hand-over, those of its successors.
	pub fn organisation_keys(id: OrgId) -> Vec<HexBytes> {
		Storage::<T>::keys_of(|state| state.succession_view(id))
	}

	/// The keys behind [`member`](Self::member): storage version, account, earlier memberships that were looked at.
	pub fn member_keys(account: T::AccountId, at: Option<Moment>) -> Vec<HexBytes> {
		Storage::<T>::keys_of(|state| state.member_view(account, at))
	}

	/// The keys behind [`licence`](Self::licence): storage version, licence.
	pub fn licence_keys(id: LicenceId) -> Vec<HexBytes> {
		Storage::<T>::keys_of(|state| state.licence_view(id))
	}

	/// The keys behind [`capability`](Self::capability): storage version, and all that the decision read.
	pub fn capability_keys(
		holder: Holder<T::AccountId>,
		capability: Capability,
		jurisdiction: Option<Jurisdiction>,
		at: Option<Moment>,
	) -> Vec<HexBytes> {
		Storage::<T>::keys_of(|state| state.capability(holder, capability, jurisdiction, at))
	}
}
