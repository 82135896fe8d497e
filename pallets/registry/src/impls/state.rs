// SPDX-License-Identifier: Apache-2.0
//! The pallet's storage as questions read it, and on which keys of it an answer rests.

use crate::{
	timeline::{Span, Timeline},
	types::{HoldingOf, IssuerKey, IssuerRecord, LicenceListOf, LicenceRecordOf, Membership, Term},
	Config, HoldingHistory, Holdings, Issuers, LicenceHistory, Licences, MemberHistory, Members, OrganisationHistory,
	Organisations, Pallet,
};
use alloc::vec::Vec;
use core::{cell::Cell, marker::PhantomData};
use epidaurus_primitives::{
	ids::{LicenceId, OrgId},
	moment::Moment,
	proof::HexBytes,
	registry::{
		questions::{RegistryState, Seat},
		OrganisationStatus,
	},
};

/// The storage; with a list, the keys that are read are noted there.
pub struct Storage<T> {
	read: Option<Cell<Vec<HexBytes>>>,
	of: PhantomData<T>,
}

impl<T: Config> Storage<T> {
	/// The storage.
	pub const fn new() -> Self {
		Self { read: None, of: PhantomData }
	}

	/// The keys that a question reads, each once.
	pub fn keys_of<Answer>(question: impl FnOnce(&Self) -> Answer) -> Vec<HexBytes> {
		let noting = Self { read: Some(Cell::default()), of: PhantomData };
		question(&noting);
		noting.read.map(Cell::into_inner).unwrap_or_default()
	}

	fn note(&self, key: impl FnOnce() -> Vec<u8>) {
		let Some(read) = &self.read else { return };
		let (mut keys, key) = (read.take(), HexBytes(key()));
		if !keys.contains(&key) {
			keys.push(key);
		}
		read.set(keys);
	}
}

impl<T: Config> Default for Storage<T> {
	fn default() -> Self {
		Self::new()
	}
}

impl<T: Config> RegistryState<T::AccountId> for Storage<T> {
	type Ticket = T::LicenceConsideration;
	type Listed = LicenceListOf<T>;

	fn now(&self) -> Moment {
		Pallet::<T>::now()
	}

	fn seat(&self, id: OrgId) -> Option<Seat> {
		self.note(|| Organisations::<T>::hashed_key_for(id));
		let record = Organisations::<T>::get(id)?;
		Some(Seat { jurisdiction: record.jurisdiction, status: record.status })
	}

	fn seat_span(&self, id: OrgId, number: u32) -> Option<Span<OrganisationStatus>> {
		self.note(|| OrganisationHistory::<T>::hashed_key_for(id, number));
		OrganisationHistory::<T>::get(id, number)
	}

	fn membership(&self, account: &T::AccountId) -> Option<Timeline<Option<Membership>>> {
		self.note(|| Members::<T>::hashed_key_for(account));
		Some(Members::<T>::get(account)?.membership)
	}

	fn membership_span(&self, account: &T::AccountId, number: u32) -> Option<Span<Option<Membership>>> {
		self.note(|| MemberHistory::<T>::hashed_key_for(account, number));
		MemberHistory::<T>::get(account, number)
	}

	fn issuer(&self, key: &IssuerKey) -> Option<IssuerRecord> {
		self.note(|| Issuers::<T>::hashed_key_for(key));
		Issuers::<T>::get(key)
	}

	fn licence(&self, id: LicenceId) -> Option<LicenceRecordOf<T>> {
		self.note(|| Licences::<T>::hashed_key_for(id));
		Licences::<T>::get(id)
	}

	fn licence_span(&self, id: LicenceId, number: u32) -> Option<Span<Term>> {
		self.note(|| LicenceHistory::<T>::hashed_key_for(id, number));
		LicenceHistory::<T>::get(id, number)
	}

	fn holding(&self, holding: &HoldingOf<T>) -> Option<Timeline<LicenceListOf<T>>> {
		self.note(|| Holdings::<T>::hashed_key_for(holding));
		Holdings::<T>::get(holding)
	}

	fn holding_span(&self, holding: &HoldingOf<T>, number: u32) -> Option<Span<LicenceListOf<T>>> {
		self.note(|| HoldingHistory::<T>::hashed_key_for(holding, number));
		HoldingHistory::<T>::get(holding, number)
	}
}
