// SPDX-License-Identifier: Apache-2.0
//! What always holds between calls.

use crate::{Config, Pallet};
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// What is authorised is the hash of code whose name and version will be checked, written as this pallet reads it.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		if frame_system::Pallet::<T>::authorized_upgrade().is_some() {
			let (_, checks_version) = Self::authorised().ok_or("an authorisation is no hash and flag")?;
			ensure!(checks_version, "code is authorised whose name and version nobody checks");
		}
		Ok(())
	}
}
