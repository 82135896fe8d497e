// SPDX-License-Identifier: Apache-2.0
//! Acts that a subject signed and somebody else submits.

use crate::{Config, Error, Event, Pallet, SubjectCalls, Subjects, WeightInfo};
use codec::Encode;
use epidaurus_primitives::{
	ids::SubjectId,
	moment::Moment,
	relay::{wrapped, RelayedAct},
};
use frame_support::{
	dispatch::{extract_actual_weight, DispatchClass, DispatchResultWithPostInfo, GetDispatchInfo},
	ensure,
	storage::with_storage_layer,
	weights::Weight,
};
use frame_system::{pallet_prelude::BlockNumberFor, RawOrigin};
use sp_runtime::traits::{Dispatchable, Verify, Zero};

impl<T: Config> Pallet<T> {
	/// The chain's first block.
	pub(crate) fn genesis_number() -> BlockNumberFor<T> {
		Zero::zero()
	}

	/// What a subject signs for this chain.
	pub fn relay_payload(act: &RelayedAct) -> alloc::vec::Vec<u8> {
		let hash = frame_system::Pallet::<T>::block_hash(Self::genesis_number());
		// The configuration is checked to have hashes of 32 bytes.
		act.payload(&<[u8; 32]>::try_from(hash.as_ref()).unwrap_or_default())
	}

	/// Weight and class of relaying a call: a restrictive act stays one.
	pub(crate) fn relay_weight(call: &<T as Config>::RuntimeCall) -> (Weight, DispatchClass) {
		let info = call.get_dispatch_info();
		let class = match info.class {
			DispatchClass::Operational => DispatchClass::Operational,
			DispatchClass::Normal | DispatchClass::Mandatory => DispatchClass::Normal,
		};
		(T::WeightInfo::relay().saturating_add(info.call_weight), class)
	}

	pub(crate) fn do_relay(
		by: T::AccountId,
		subject: SubjectId,
		nonce: u64,
		expires_at: Moment,
		call: <T as Config>::RuntimeCall,
		signature: &T::Signature,
	) -> DispatchResultWithPostInfo {
		let mut record = Subjects::<T>::get(subject).ok_or(Error::<T>::NotFound)?;
		ensure!(Self::now() < expires_at, Error::<T>::Expired);
		ensure!(nonce == record.nonce, Error::<T>::WrongNonce);
		ensure!(T::SubjectCalls::act(&call).is_some(), Error::<T>::NotAnAct);
		let key = record.state.state.key.clone();
		let payload = call.using_encoded(|call| Self::relay_payload(&RelayedAct { subject, nonce, expires_at, call }));
		let signed = |bytes: &[u8]| signature.verify(bytes, &key);
		ensure!(signed(&payload) || signed(&wrapped(&payload)), Error::<T>::InvalidProof);

		// Two to the 64 acts: nobody gets there.
		record.nonce = nonce.saturating_add(1);
		Subjects::<T>::insert(subject, record);
		let info = call.get_dispatch_info();
		let result = with_storage_layer(|| call.dispatch(RawOrigin::Signed(key).into()));
		let used = extract_actual_weight(&result, &info);
		let result = result.map(|_| ()).map_err(|error| error.error);
		Self::deposit_event(Event::ActRelayed { subject, nonce, by, result });
		Ok(Some(T::WeightInfo::relay().saturating_add(used)).into())
	}
}
