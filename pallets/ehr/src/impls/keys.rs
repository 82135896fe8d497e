// SPDX-License-Identifier: Apache-2.0
//! On which keys of the state the answers rest, so that a node can prove what stands there.

use crate::{Config, Lives, Logs, Network, Pallet, Records, Renewals, Trees, Versions};
use alloc::{vec, vec::Vec};
use epidaurus_primitives::{
	ehr::LogKind,
	ids::{OrgId, RecordId},
	proof::HexBytes,
	renewal::TreeSuite,
};
use frame_support::traits::StorageVersion;

impl<T: Config> Pallet<T> {
	/// Where the version of all stored forms stands: who reads them must know it.
	fn layout_key() -> HexBytes {
		HexBytes(StorageVersion::storage_key::<Self>().into())
	}

	fn network_key() -> HexBytes {
		HexBytes(Network::<T>::hashed_key().into())
	}

	/// The keys behind [`anchor_view`](Self::anchor_view).
	pub fn anchor_keys(record: RecordId) -> Vec<HexBytes> {
		vec![Self::layout_key(), HexBytes(Records::<T>::hashed_key_for(record))]
	}

	/// The keys behind [`verify_anchor`](Self::verify_anchor) of an opening of this version.
	pub fn verify_anchor_keys(record: RecordId, version: u32) -> Vec<HexBytes> {
		let mut keys = Self::anchor_keys(record);
		keys.extend([
			HexBytes(Versions::<T>::hashed_key_for(record, version)),
			HexBytes(Lives::<T>::hashed_key_for(record)),
			Self::network_key(),
		]);
		keys
	}

	/// The keys behind [`log_view`](Self::log_view).
	pub fn log_keys(custodian: OrgId, kind: LogKind) -> Vec<HexBytes> {
		vec![Self::layout_key(), HexBytes(Logs::<T>::hashed_key_for(custodian, kind))]
	}

	/// The keys behind [`verify_log`](Self::verify_log).
	pub fn verify_log_keys(custodian: OrgId, kind: LogKind) -> Vec<HexBytes> {
		let mut keys = Self::log_keys(custodian, kind);
		keys.push(Self::network_key());
		keys.push(HexBytes(Renewals::<T>::hashed_key_for(custodian, kind)));
		keys.extend(TreeSuite::ALL.map(|tree| HexBytes(Trees::<T>::hashed_key_for(tree))));
		keys
	}
}
