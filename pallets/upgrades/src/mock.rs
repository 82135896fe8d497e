// SPDX-License-Identifier: Apache-2.0
//! The smallest runtime in which code can be authorised.

use crate as pallet_upgrades;
use frame_support::{derive_impl, ord_parameter_types};
use frame_system::EnsureSignedBy;
use sp_runtime::BuildStorage;

type Block = frame_system::mocking::MockBlock<Test>;

/// Speaks for the consortium.
pub const CONSORTIUM: u64 = 1;

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeTask)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Upgrades = pallet_upgrades;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = Block;
}

ord_parameter_types! {
	pub const Consortium: u64 = CONSORTIUM;
}

impl pallet_upgrades::Config for Test {
	type ConsortiumOrigin = EnsureSignedBy<Consortium, u64>;
}

pub fn new_test_ext() -> sp_io::TestExternalities {
	let storage = frame_system::GenesisConfig::<Test>::default().build_storage().expect("an empty genesis");
	let mut state = sp_io::TestExternalities::from(storage);
	state.execute_with(|| System::set_block_number(1));
	state
}
