// SPDX-License-Identifier: Apache-2.0
//! Each call at its worst: with an authorisation that ends.

use crate::{Call, Config, Event, Pallet};
use codec::Decode;
use frame_benchmarking::v2::*;
use frame_support::traits::EnsureOrigin;

fn hash<T: Config>(byte: u8) -> T::Hash {
	T::Hash::decode(&mut [byte; 64].as_slice()).expect("enough bytes for any hash")
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn authorise() -> Result<(), BenchmarkError> {
		let origin = T::ConsortiumOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		frame_system::Pallet::<T>::do_authorize_upgrade(hash::<T>(1), true);

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, hash::<T>(2));

		assert_eq!(Pallet::<T>::authorised(), Some((hash::<T>(2), true)));
		Ok(())
	}

	#[benchmark]
	fn withdraw() -> Result<(), BenchmarkError> {
		let origin = T::ConsortiumOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		frame_system::Pallet::<T>::do_authorize_upgrade(hash::<T>(1), true);

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin);

		assert_eq!(Pallet::<T>::authorised(), None);
		let event: <T as frame_system::Config>::RuntimeEvent =
			Event::<T>::UpgradeWithdrawn { code_hash: hash::<T>(1) }.into();
		frame_system::Pallet::<T>::assert_last_event(event);
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test,);
}
