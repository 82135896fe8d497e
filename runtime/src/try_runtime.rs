// SPDX-License-Identifier: Apache-2.0
//! Trying an upgrade on a copy of a chain. A failed check must end the trial, so here panics are in order.

use crate::{constants::block, Block, Executive};
use frame_support::weights::Weight;
use frame_try_runtime::{TryStateSelect, UpgradeCheckSelect};
use sp_runtime::traits::Block as BlockT;

/// Runs the migrations with their checks; answers what they weighed and what a block may weigh.
#[allow(clippy::expect_used)]
pub fn upgrade(checks: UpgradeCheckSelect) -> (Weight, Weight) {
	(Executive::try_runtime_upgrade(checks).expect("the upgrade fails its checks"), block::MAX_WEIGHT)
}

/// Runs a block with checks.
#[allow(clippy::expect_used)]
pub fn execute_block(
	block: <Block as BlockT>::LazyBlock,
	state_root_check: bool,
	signature_check: bool,
	select: TryStateSelect,
) -> Weight {
	Executive::try_execute_block(block, state_root_check, signature_check, select).expect("the block fails its checks")
}
