// SPDX-License-Identifier: Apache-2.0
//! What must hold of the runtime as a whole. Stories over it are in the workspace's `tests/`.

mod acts;
mod bytes;
mod council;
mod filter;
mod founding;
mod frozen;
mod money;
mod omni;
mod presets;
mod xcm;

use crate::{genesis_config_presets, System};
use sp_io::TestExternalities;
use sp_runtime::BuildStorage;

pub use genesis_config_presets::account;

/// The state after genesis of a preset, as block 1 begins.
pub fn preset(name: &str) -> TestExternalities {
	let config = genesis_config_presets::genesis_config(&name.into()).expect("the preset exists");
	let mut state = TestExternalities::from(config.build_storage().expect("the preset builds"));
	state.execute_with(|| System::set_block_number(1));
	state
}

/// The state after genesis of the preset `development`.
pub fn development() -> TestExternalities {
	preset(sp_genesis_builder::DEV_RUNTIME_PRESET)
}
