// SPDX-License-Identifier: Apache-2.0
#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

mod impls;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;

/// Upgrades of the runtime, decided by the consortium.
#[frame_support::pallet]
pub mod pallet {
	use frame_support::pallet_prelude::*;
	use frame_system::{pallet_prelude::*, WeightInfo};

	#[pallet::pallet]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// Decisions of the consortium.
		type ConsortiumOrigin: EnsureOrigin<Self::RuntimeOrigin>;
	}

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// Code may no longer replace the runtime.
		UpgradeWithdrawn {
			/// BLAKE2b-256 hash of that code.
			code_hash: T::Hash,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// No code is authorised.
		NotFound,
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Lets the code with this hash replace the runtime, if it has the same name and a higher version. Of two
		/// authorisations the later one counts.
		///
		/// ## Origin
		/// The consortium.
		#[pallet::call_index(0)]
		#[pallet::weight((T::SystemWeightInfo::authorize_upgrade(), DispatchClass::Operational))]
		pub fn authorise(origin: OriginFor<T>, code_hash: T::Hash) -> DispatchResult {
			T::ConsortiumOrigin::ensure_origin(origin)?;
			frame_system::Pallet::<T>::do_authorize_upgrade(code_hash, true);
			Ok(())
		}

		/// Takes the authorisation back.
		///
		/// ## Origin
		/// The consortium.
		#[pallet::call_index(1)]
		#[pallet::weight((
			T::SystemWeightInfo::authorize_upgrade().saturating_add(T::DbWeight::get().reads(1)),
			DispatchClass::Operational,
		))]
		pub fn withdraw(origin: OriginFor<T>) -> DispatchResult {
			T::ConsortiumOrigin::ensure_origin(origin)?;
			Self::do_withdraw()
		}
	}
}
