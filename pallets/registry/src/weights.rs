// SPDX-License-Identifier: Apache-2.0

//! Weights for `pallet_registry`
//!
//! NOT MEASURED YET: counted from the sources by hand. `make bench-weights` replaces this file by one that
//! frame-omni-bencher generates from the runtime.

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens)]
#![allow(unused_imports)]
#![allow(missing_docs)]

use frame_support::{traits::Get, weights::{Weight, constants::RocksDbWeight}};
use core::marker::PhantomData;

/// Weight functions needed for `pallet_registry`.
pub trait WeightInfo {
	fn apply() -> Weight;
	fn withdraw_application() -> Weight;
	fn admit_organisation() -> Weight;
	fn refuse_application() -> Weight;
	fn suspend_organisation() -> Weight;
	fn reinstate_organisation() -> Weight;
	fn expel_organisation() -> Weight;
	fn leave() -> Weight;
	fn rotate_controller() -> Weight;
	fn replace_controller() -> Weight;
	fn recognise_issuer() -> Weight;
	fn withdraw_issuer() -> Weight;
	fn distrust_issuer() -> Weight;
	fn issue_licence() -> Weight;
	fn renew_licence() -> Weight;
	fn suspend_licence() -> Weight;
	fn reinstate_licence() -> Weight;
	fn revoke_licence() -> Weight;
	fn distrust_licence() -> Weight;
	fn add_member() -> Weight;
	fn change_member() -> Weight;
	fn remove_member() -> Weight;
	fn resign() -> Weight;
	fn allot() -> Weight;
	fn fund_member() -> Weight;
	fn check_member() -> Weight;
}

/// Weights for `pallet_registry` using the Substrate node and recommended hardware.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	fn apply() -> Weight {
		Weight::from_parts(65_000_000, 24_400)
			.saturating_add(T::DbWeight::get().reads(8_u64))
			.saturating_add(T::DbWeight::get().writes(7_u64))
	}
	fn withdraw_application() -> Weight {
		Weight::from_parts(50_000_000, 16_000)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	fn admit_organisation() -> Weight {
		Weight::from_parts(77_000_000, 27_200)
			.saturating_add(T::DbWeight::get().reads(9_u64))
			.saturating_add(T::DbWeight::get().writes(10_u64))
	}
	fn refuse_application() -> Weight {
		Weight::from_parts(47_000_000, 13_200)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	fn suspend_organisation() -> Weight {
		Weight::from_parts(41_000_000, 10_400)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	fn reinstate_organisation() -> Weight {
		Weight::from_parts(44_000_000, 13_200)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	fn expel_organisation() -> Weight {
		Weight::from_parts(44_000_000, 10_400)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	fn leave() -> Weight {
		Weight::from_parts(47_000_000, 13_200)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	fn rotate_controller() -> Weight {
		Weight::from_parts(59_000_000, 16_000)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(8_u64))
	}
	fn replace_controller() -> Weight {
		Weight::from_parts(59_000_000, 16_000)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(8_u64))
	}
	fn recognise_issuer() -> Weight {
		Weight::from_parts(32_000_000, 7_600)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn withdraw_issuer() -> Weight {
		Weight::from_parts(29_000_000, 4_800)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn distrust_issuer() -> Weight {
		Weight::from_parts(29_000_000, 4_800)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn issue_licence() -> Weight {
		Weight::from_parts(167_000_000, 114_000)
			.saturating_add(T::DbWeight::get().reads(40_u64))
			.saturating_add(T::DbWeight::get().writes(9_u64))
	}
	fn renew_licence() -> Weight {
		Weight::from_parts(38_000_000, 13_200)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn suspend_licence() -> Weight {
		Weight::from_parts(32_000_000, 7_600)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn reinstate_licence() -> Weight {
		Weight::from_parts(38_000_000, 13_200)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn revoke_licence() -> Weight {
		Weight::from_parts(44_000_000, 13_200)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	fn distrust_licence() -> Weight {
		Weight::from_parts(41_000_000, 13_200)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	fn add_member() -> Weight {
		Weight::from_parts(56_000_000, 16_000)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(7_u64))
	}
	fn change_member() -> Weight {
		Weight::from_parts(32_000_000, 7_600)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn remove_member() -> Weight {
		Weight::from_parts(47_000_000, 13_200)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	fn resign() -> Weight {
		Weight::from_parts(44_000_000, 10_400)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	fn allot() -> Weight {
		Weight::from_parts(35_000_000, 10_400)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn fund_member() -> Weight {
		Weight::from_parts(38_000_000, 13_200)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn check_member() -> Weight {
		Weight::from_parts(23_000_000, 4_800)
			.saturating_add(T::DbWeight::get().reads(1_u64))
	}
}

// For backwards compatibility and tests.
impl WeightInfo for () {
	fn apply() -> Weight {
		Weight::from_parts(65_000_000, 24_400)
			.saturating_add(RocksDbWeight::get().reads(8_u64))
			.saturating_add(RocksDbWeight::get().writes(7_u64))
	}
	fn withdraw_application() -> Weight {
		Weight::from_parts(50_000_000, 16_000)
			.saturating_add(RocksDbWeight::get().reads(5_u64))
			.saturating_add(RocksDbWeight::get().writes(5_u64))
	}
	fn admit_organisation() -> Weight {
		Weight::from_parts(77_000_000, 27_200)
			.saturating_add(RocksDbWeight::get().reads(9_u64))
			.saturating_add(RocksDbWeight::get().writes(10_u64))
	}
	fn refuse_application() -> Weight {
		Weight::from_parts(47_000_000, 13_200)
			.saturating_add(RocksDbWeight::get().reads(4_u64))
			.saturating_add(RocksDbWeight::get().writes(5_u64))
	}
	fn suspend_organisation() -> Weight {
		Weight::from_parts(41_000_000, 10_400)
			.saturating_add(RocksDbWeight::get().reads(3_u64))
			.saturating_add(RocksDbWeight::get().writes(4_u64))
	}
	fn reinstate_organisation() -> Weight {
		Weight::from_parts(44_000_000, 13_200)
			.saturating_add(RocksDbWeight::get().reads(4_u64))
			.saturating_add(RocksDbWeight::get().writes(4_u64))
	}
	fn expel_organisation() -> Weight {
		Weight::from_parts(44_000_000, 10_400)
			.saturating_add(RocksDbWeight::get().reads(3_u64))
			.saturating_add(RocksDbWeight::get().writes(5_u64))
	}
	fn leave() -> Weight {
		Weight::from_parts(47_000_000, 13_200)
			.saturating_add(RocksDbWeight::get().reads(4_u64))
			.saturating_add(RocksDbWeight::get().writes(5_u64))
	}
	fn rotate_controller() -> Weight {
		Weight::from_parts(59_000_000, 16_000)
			.saturating_add(RocksDbWeight::get().reads(5_u64))
			.saturating_add(RocksDbWeight::get().writes(8_u64))
	}
	fn replace_controller() -> Weight {
		Weight::from_parts(59_000_000, 16_000)
			.saturating_add(RocksDbWeight::get().reads(5_u64))
			.saturating_add(RocksDbWeight::get().writes(8_u64))
	}
	fn recognise_issuer() -> Weight {
		Weight::from_parts(32_000_000, 7_600)
			.saturating_add(RocksDbWeight::get().reads(2_u64))
			.saturating_add(RocksDbWeight::get().writes(2_u64))
	}
	fn withdraw_issuer() -> Weight {
		Weight::from_parts(29_000_000, 4_800)
			.saturating_add(RocksDbWeight::get().reads(1_u64))
			.saturating_add(RocksDbWeight::get().writes(2_u64))
	}
	fn distrust_issuer() -> Weight {
		Weight::from_parts(29_000_000, 4_800)
			.saturating_add(RocksDbWeight::get().reads(1_u64))
			.saturating_add(RocksDbWeight::get().writes(2_u64))
	}
	fn issue_licence() -> Weight {
		Weight::from_parts(167_000_000, 114_000)
			.saturating_add(RocksDbWeight::get().reads(40_u64))
			.saturating_add(RocksDbWeight::get().writes(9_u64))
	}
	fn renew_licence() -> Weight {
		Weight::from_parts(38_000_000, 13_200)
			.saturating_add(RocksDbWeight::get().reads(4_u64))
			.saturating_add(RocksDbWeight::get().writes(2_u64))
	}
	fn suspend_licence() -> Weight {
		Weight::from_parts(32_000_000, 7_600)
			.saturating_add(RocksDbWeight::get().reads(2_u64))
			.saturating_add(RocksDbWeight::get().writes(2_u64))
	}
	fn reinstate_licence() -> Weight {
		Weight::from_parts(38_000_000, 13_200)
			.saturating_add(RocksDbWeight::get().reads(4_u64))
			.saturating_add(RocksDbWeight::get().writes(2_u64))
	}
	fn revoke_licence() -> Weight {
		Weight::from_parts(44_000_000, 13_200)
			.saturating_add(RocksDbWeight::get().reads(4_u64))
			.saturating_add(RocksDbWeight::get().writes(4_u64))
	}
	fn distrust_licence() -> Weight {
		Weight::from_parts(41_000_000, 13_200)
			.saturating_add(RocksDbWeight::get().reads(4_u64))
			.saturating_add(RocksDbWeight::get().writes(3_u64))
	}
	fn add_member() -> Weight {
		Weight::from_parts(56_000_000, 16_000)
			.saturating_add(RocksDbWeight::get().reads(5_u64))
			.saturating_add(RocksDbWeight::get().writes(7_u64))
	}
	fn change_member() -> Weight {
		Weight::from_parts(32_000_000, 7_600)
			.saturating_add(RocksDbWeight::get().reads(2_u64))
			.saturating_add(RocksDbWeight::get().writes(2_u64))
	}
	fn remove_member() -> Weight {
		Weight::from_parts(47_000_000, 13_200)
			.saturating_add(RocksDbWeight::get().reads(4_u64))
			.saturating_add(RocksDbWeight::get().writes(5_u64))
	}
	fn resign() -> Weight {
		Weight::from_parts(44_000_000, 10_400)
			.saturating_add(RocksDbWeight::get().reads(3_u64))
			.saturating_add(RocksDbWeight::get().writes(5_u64))
	}
	fn allot() -> Weight {
		Weight::from_parts(35_000_000, 10_400)
			.saturating_add(RocksDbWeight::get().reads(3_u64))
			.saturating_add(RocksDbWeight::get().writes(2_u64))
	}
	fn fund_member() -> Weight {
		Weight::from_parts(38_000_000, 13_200)
			.saturating_add(RocksDbWeight::get().reads(4_u64))
			.saturating_add(RocksDbWeight::get().writes(2_u64))
	}
	fn check_member() -> Weight {
		Weight::from_parts(23_000_000, 4_800)
			.saturating_add(RocksDbWeight::get().reads(1_u64))
	}
}
