// SPDX-License-Identifier: Apache-2.0
//! What the calls do.

use crate::{Config, Error, Event, Pallet};
use codec::{Decode, Encode};
use frame_support::{
	dispatch::DispatchResult,
	storage::{storage_prefix, unhashed},
	traits::PalletInfoAccess,
};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_withdraw() -> DispatchResult {
		let authorised = frame_system::Pallet::<T>::authorized_upgrade().ok_or(Error::<T>::NotFound)?;
		// The SDK keeps the fields to itself, and the item too; encoded, an authorisation begins with the hash.
		let code_hash = T::Hash::decode(&mut authorised.encode().as_slice()).map_err(|_| Error::<T>::NotFound)?;
		let name = <frame_system::Pallet<T> as PalletInfoAccess>::name();
		unhashed::kill(&storage_prefix(name.as_bytes(), b"AuthorizedUpgrade"));
		Self::deposit_event(Event::UpgradeWithdrawn { code_hash });
		Ok(())
	}
}
