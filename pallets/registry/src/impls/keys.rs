// SPDX-License-Identifier: Apache-2.0
//! On which keys of the state an answer rests, so that a node can prove what stands there.

use crate::{Config, Organisations, Pallet};
use alloc::{vec, vec::Vec};
use epidaurus_primitives::{ids::OrgId, proof::HexBytes};
use frame_support::traits::StorageVersion;

impl<T: Config> Pallet<T> {
	/// The keys behind what an [`organisation`](Self::organisation) is at present: storage version, organisation.
	pub fn organisation_keys(id: OrgId) -> Vec<HexBytes> {
		let layout = StorageVersion::storage_key::<Self>();
		vec![HexBytes(layout.into()), HexBytes(Organisations::<T>::hashed_key_for(id))]
	}
}
