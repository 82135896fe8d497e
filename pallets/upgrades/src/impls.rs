// SPDX-License-Identifier: Apache-2.0
//! What the calls do.

use crate::{Config, Error, Event, Pallet};
use codec::{DecodeAll, Encode};
use frame_support::{
	dispatch::DispatchResult,
	storage::{storage_prefix, unhashed},
	traits::PalletInfoAccess,
};

impl<T: Config> Pallet<T> {
	/// The hash of the code that is authorised, and whether its name and version will be checked. The SDK keeps the fields
	/// to itself.
	pub fn authorised() -> Option<(T::Hash, bool)> {
		let encoded = frame_system::Pallet::<T>::authorized_upgrade()?.encode();
		<(T::Hash, bool)>::decode_all(&mut encoded.as_slice()).ok()
	}

	pub(crate) fn do_withdraw() -> DispatchResult {
		let (code_hash, _) = Self::authorised().ok_or(Error::<T>::NotFound)?;
		// The SDK keeps the item to itself too.
		let name = <frame_system::Pallet<T> as PalletInfoAccess>::name();
		unhashed::kill(&storage_prefix(name.as_bytes(), b"AuthorizedUpgrade"));
		Self::deposit_event(Event::UpgradeWithdrawn { code_hash });
		Ok(())
	}
}
