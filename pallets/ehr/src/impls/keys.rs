// SPDX-License-Identifier: Apache-2.0
//! On which keys of the state the answers rest, so that a node can prove what stands there.

use crate::{Config, Lives, Logs, Network, Pallet, Records, Renewals, Suites, Trees, Versions};
use alloc::{vec, vec::Vec};
use epidaurus_primitives::{
	ehr::LogKind,
	hash::HashSuite,
	ids::{OrgId, RecordId, SubjectId},
	proof::HexBytes,
	renewal::TreeSuite,
};
use frame_support::traits::StorageVersion;

impl<T: Config> Pallet<T> {
	/// Where the version of all stored forms stands: who reads them must know it.
	fn layout_key() -> HexBytes {
		HexBytes(StorageVersion::storage_key::<Self>().into())
	}

	/// Network and suites: all suites, so that the keys do not tell under which one a record was committed.
	fn common_keys() -> impl Iterator<Item = HexBytes> {
		let suites = HashSuite::ALL.into_iter().map(|suite| HexBytes(Suites::<T>::hashed_key_for(suite)));
		core::iter::once(HexBytes(Network::<T>::hashed_key().into())).chain(suites)
	}

	/// The subject that has disputed the record or asked for amendments: whether it was itself who did stands with the
	/// subject.
	pub fn known_subject(record: RecordId) -> Option<SubjectId> {
		Lives::<T>::get(record).subject
	}

	/// The keys behind [`anchor_view`](Self::anchor_view).
	pub fn anchor_keys(record: RecordId) -> Vec<HexBytes> {
		vec![Self::layout_key(), HexBytes(Records::<T>::hashed_key_for(record))]
	}

	/// The keys behind [`verify_anchor`](Self::verify_anchor) of an opening of this version, but for those of the
	/// [`known_subject`](Self::known_subject).
	pub fn verify_anchor_keys(record: RecordId, version: u32) -> Vec<HexBytes> {
		let mut keys = Self::anchor_keys(record);
		keys.extend([
			HexBytes(Versions::<T>::hashed_key_for(record, version)),
			HexBytes(Lives::<T>::hashed_key_for(record)),
		]);
		keys.extend(Self::common_keys());
		keys
	}

	/// The keys behind [`log_view`](Self::log_view).
	pub fn log_keys(custodian: OrgId, kind: LogKind) -> Vec<HexBytes> {
		vec![Self::layout_key(), HexBytes(Logs::<T>::hashed_key_for(custodian, kind))]
	}

	/// The keys behind [`verify_log`](Self::verify_log).
	pub fn verify_log_keys(custodian: OrgId, kind: LogKind) -> Vec<HexBytes> {
		let mut keys = Self::log_keys(custodian, kind);
		keys.push(HexBytes(Renewals::<T>::hashed_key_for(custodian, kind)));
		keys.extend(TreeSuite::ALL.map(|tree| HexBytes(Trees::<T>::hashed_key_for(tree))));
		keys.extend(Self::common_keys());
		keys
	}
}
