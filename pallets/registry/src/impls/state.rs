// SPDX-License-Identifier: Apache-2.0
//! The pallet's storage as questions read it, and on which keys of it an answer rests.

use crate::{
	timeline::{Span, Timeline},
	types::{HoldingOf, IssuerKey, IssuerRecord, LicenceListOf, LicenceRecordOf, Membership, Succession, Term},
	Config, HoldingHistory, Holdings, Issuers, LicenceHistory, Licences, MemberHistory, Members, OrganisationHistory,
	Organisations, Pallet, Successions,
};
use alloc::vec::Vec;
use core::marker::PhantomData;
use epidaurus_primitives::{
	ids::{LicenceId, OrgId},
	moment::Moment,
	proof::{HexBytes, ReadKeys},
	registry::{
		questions::{RegistryState, Seat},
		OrganisationStatus,
	},
};
use frame_support::traits::StorageVersion;

/// The storage, which notes the keys that a question reads if somebody wants to prove the answer.
pub struct Storage<T> {
	read: ReadKeys,
	of: PhantomData<T>,
}

impl<T: Config> Storage<T> {
	/// The storage.
	pub const fn new() -> Self {
		Self { read: ReadKeys::unnoted(), of: PhantomData }
	}

	/// The keys that a question reads, each once, after that of the version of all stored forms: who reads them must know
	/// it.
	pub fn keys_of<Answer>(question: impl FnOnce(&Self) -> Answer) -> Vec<HexBytes> {
		let layout = HexBytes(StorageVersion::storage_key::<Pallet<T>>().into());
		let noting = Self { read: ReadKeys::after(layout), of: PhantomData };
		question(&noting);
		noting.read.into_keys()
	}
}

impl<T: Config> RegistryState<T::AccountId> for Storage<T> {
	type Ticket = T::LicenceConsideration;
	type Listed = LicenceListOf<T>;

	fn now(&self) -> Moment {
		Pallet::<T>::now()
	}

	fn seat(&self, id: OrgId) -> Option<Seat> {
		self.read.note(|| Organisations::<T>::hashed_key_for(id));
		let record = Organisations::<T>::get(id)?;
		Some(Seat { jurisdiction: record.jurisdiction, status: record.status })
	}

	fn seat_span(&self, id: OrgId, number: u32) -> Option<Span<OrganisationStatus>> {
		self.read.note(|| OrganisationHistory::<T>::hashed_key_for(id, number));
		OrganisationHistory::<T>::get(id, number)
	}

	fn succession(&self, id: OrgId) -> Option<Succession> {
		self.read.note(|| Successions::<T>::hashed_key_for(id));
		Successions::<T>::get(id)
	}

	fn membership(&self, account: &T::AccountId) -> Option<Timeline<Option<Membership>>> {
		self.read.note(|| Members::<T>::hashed_key_for(account));
		Some(Members::<T>::get(account)?.membership)
	}

	fn membership_span(&self, account: &T::AccountId, number: u32) -> Option<Span<Option<Membership>>> {
		self.read.note(|| MemberHistory::<T>::hashed_key_for(account, number));
		MemberHistory::<T>::get(account, number)
	}

	fn issuer(&self, key: &IssuerKey) -> Option<IssuerRecord> {
		self.read.note(|| Issuers::<T>::hashed_key_for(key));
		Issuers::<T>::get(key)
	}

	fn licence(&self, id: LicenceId) -> Option<LicenceRecordOf<T>> {
		self.read.note(|| Licences::<T>::hashed_key_for(id));
		Licences::<T>::get(id)
	}

	fn licence_span(&self, id: LicenceId, number: u32) -> Option<Span<Term>> {
		self.read.note(|| LicenceHistory::<T>::hashed_key_for(id, number));
		LicenceHistory::<T>::get(id, number)
	}

	fn holding(&self, holding: &HoldingOf<T>) -> Option<Timeline<LicenceListOf<T>>> {
		self.read.note(|| Holdings::<T>::hashed_key_for(holding));
		Holdings::<T>::get(holding)
	}

	fn holding_span(&self, holding: &HoldingOf<T>, number: u32) -> Option<Span<LicenceListOf<T>>> {
		self.read.note(|| HoldingHistory::<T>::hashed_key_for(holding, number));
		HoldingHistory::<T>::get(holding, number)
	}
}
