// SPDX-License-Identifier: Apache-2.0
//! On which keys of the state answers rest, so that a node can prove what stands there.
//!
//! First comes the version of all stored forms: who reads them must know it. The keys of an answer that searches are those
//! that the search read, which depends on what stands there.

use super::state::Storage;
use crate::{Config, Organisations, Pallet};
use alloc::{vec, vec::Vec};
use epidaurus_primitives::{
	ids::{LicenceId, OrgId},
	jurisdiction::Jurisdiction,
	moment::Moment,
	proof::HexBytes,
	registry::{questions::RegistryState, Capability, Holder},
};
use frame_support::traits::StorageVersion;

impl<T: Config> Pallet<T> {
	fn with_layout(keys: Vec<HexBytes>) -> Vec<HexBytes> {
		let mut all = vec![HexBytes(StorageVersion::storage_key::<Self>().into())];
		all.extend(keys);
		all
	}

	/// The keys behind what an [`organisation`](Self::organisation) is at present: storage version, organisation.
	pub fn organisation_keys(id: OrgId) -> Vec<HexBytes> {
		Self::with_layout(vec![HexBytes(Organisations::<T>::hashed_key_for(id))])
	}

	/// The keys behind [`member`](Self::member): storage version, account, earlier memberships that were looked at.
	pub fn member_keys(account: T::AccountId, at: Option<Moment>) -> Vec<HexBytes> {
		Self::with_layout(Storage::<T>::keys_of(|state| state.member_view(account, at)))
	}

	/// The keys behind [`licence`](Self::licence): storage version, licence.
	pub fn licence_keys(id: LicenceId) -> Vec<HexBytes> {
		Self::with_layout(Storage::<T>::keys_of(|state| state.licence_view(id)))
	}

	/// The keys behind [`capability`](Self::capability): storage version, and all that the decision read.
	pub fn capability_keys(
		holder: Holder<T::AccountId>,
		capability: Capability,
		jurisdiction: Option<Jurisdiction>,
		at: Option<Moment>,
	) -> Vec<HexBytes> {
		Self::with_layout(Storage::<T>::keys_of(|state| state.capability(holder, capability, jurisdiction, at)))
	}
}
