// SPDX-License-Identifier: Apache-2.0
//! The pallet's storage as questions read it, and on which keys of it answers rest, so that a node can prove what stands
//! there.

use crate::{Config, DoubtsOf, History, InDoubt, Keys, Pallet, RebindOf, Rebinds, SubjectSpanOf, Subjects};
use alloc::vec::Vec;
use core::marker::PhantomData;
use epidaurus_primitives::{
	ids::SubjectId,
	moment::Moment,
	proof::{HexBytes, ReadKeys},
	subjects::questions::{Subject, SubjectsState},
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
	fn keys_of<Answer>(question: impl FnOnce(&Self) -> Answer) -> Vec<HexBytes> {
		let layout = HexBytes(StorageVersion::storage_key::<Pallet<T>>().into());
		let noting = Self { read: ReadKeys::after(layout), of: PhantomData };
		question(&noting);
		noting.read.into_keys()
	}
}

impl<T: Config> SubjectsState<T::AccountId> for Storage<T> {
	type Doubts = DoubtsOf<T>;

	fn now(&self) -> Moment {
		Pallet::<T>::now()
	}

	fn subject(&self, subject: &SubjectId) -> Option<Subject<T::AccountId>> {
		self.read.note(|| Subjects::<T>::hashed_key_for(subject));
		let record = Subjects::<T>::get(subject)?;
		Some(Subject { custodian: record.custodian, state: record.state, nonce: record.nonce })
	}

	fn span(&self, subject: &SubjectId, number: u32) -> Option<SubjectSpanOf<T>> {
		self.read.note(|| History::<T>::hashed_key_for(subject, number));
		History::<T>::get(subject, number)
	}

	fn doubts(&self, subject: &SubjectId) -> DoubtsOf<T> {
		self.read.note(|| InDoubt::<T>::hashed_key_for(subject));
		InDoubt::<T>::get(subject)
	}

	fn rebind(&self, subject: &SubjectId) -> Option<RebindOf<T>> {
		self.read.note(|| Rebinds::<T>::hashed_key_for(subject));
		Rebinds::<T>::get(subject)
	}

	fn owner(&self, key: &T::AccountId) -> Option<SubjectId> {
		self.read.note(|| Keys::<T>::hashed_key_for(key));
		Keys::<T>::get(key)
	}
}

impl<T: Config> Pallet<T> {
	/// The keys behind the answer whether an act of the subject is in doubt: storage version, doubts, re-binding.
	pub fn doubt_keys(subject: SubjectId) -> Vec<HexBytes> {
		// Whatever the moment: the same is read.
		Storage::<T>::keys_of(|state| state.is_doubtful(&subject, Moment(0)))
	}

	/// The keys behind [`subject`](Self::subject) and [`rebind`](Self::rebind): storage version, subject, and of one that
	/// there is, its first span and its re-binding.
	pub fn subject_keys(subject: SubjectId) -> Vec<HexBytes> {
		Storage::<T>::keys_of(|state| state.subject_view(subject))
	}

	/// The keys behind [`subject_by_key`](Self::subject_by_key): storage version, owner of the key, and those of the owner.
	pub fn subject_by_key_keys(key: T::AccountId) -> Vec<HexBytes> {
		Storage::<T>::keys_of(|state| state.subject_by_key(&key))
	}

	/// The keys behind [`key_at`](Self::key_at): storage version, subject, the spans that were looked at, doubts,
	/// re-binding.
	pub fn key_keys(subject: SubjectId, at: Option<Moment>) -> Vec<HexBytes> {
		Storage::<T>::keys_of(|state| state.key_view(subject, at))
	}
}
