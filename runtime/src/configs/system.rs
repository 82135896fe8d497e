// SPDX-License-Identifier: Apache-2.0
//! The chain itself: blocks, relay chain, clock.

use crate::{
	constants::block, filter::CallFilter, migrations, weights, xcm::Refused, AccountId, Aura, Balance, Block, Nonce,
	PalletInfo, ParachainInfo, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, RuntimeTask, VERSION,
};
use cumulus_pallet_parachain_system::RelayNumberMonotonicallyIncreases;
use frame_support::{
	derive_impl,
	dispatch::DispatchClass,
	parameter_types,
	traits::{ConstU16, ConstU32, ConstU64},
	weights::constants::{BlockExecutionWeight, ExtrinsicBaseWeight, RocksDbWeight},
};
use frame_system::limits::{BlockLength, BlockWeights};
use sp_runtime::traits::AccountIdLookup;
use sp_version::RuntimeVersion;

parameter_types! {
	/// The version compiled in.
	pub const Version: RuntimeVersion = VERSION;
	/// Bytes that a block may have, by class.
	pub RuntimeBlockLength: BlockLength = BlockLength::builder()
		.max_length(block::MAX_LENGTH)
		.max_header_size(block::MAX_HEADER_SIZE)
		.modify_max_length_for_class(DispatchClass::Normal, |length| *length = block::NORMAL_SHARE * *length)
		.build();
	/// Execution time and proof that a block may take, by class. What ordinary transactions must leave free is the
	/// reserve from which restrictive acts are served in a full block.
	pub RuntimeBlockWeights: BlockWeights = BlockWeights::builder()
		.base_block(BlockExecutionWeight::get())
		.for_class(DispatchClass::all(), |limits| limits.base_extrinsic = ExtrinsicBaseWeight::get())
		.for_class(DispatchClass::Normal, |limits| {
			limits.max_total = Some(block::NORMAL_SHARE * block::MAX_WEIGHT);
		})
		.for_class(DispatchClass::Operational, |limits| {
			limits.max_total = Some(block::MAX_WEIGHT);
			limits.reserved = Some(block::MAX_WEIGHT.saturating_sub(block::NORMAL_SHARE * block::MAX_WEIGHT));
		})
		.avg_block_initialization(block::HOOKS_SHARE)
		.build_or_panic();
}

#[derive_impl(frame_system::config_preludes::ParaChainDefaultConfig)]
impl frame_system::Config for Runtime {
	type Block = Block;
	type Nonce = Nonce;
	type AccountId = AccountId;
	type Lookup = AccountIdLookup<AccountId, ()>;
	type AccountData = pallet_balances::AccountData<Balance>;
	type BaseCallFilter = CallFilter;
	type BlockHashCount = ConstU32<4_096>;
	type BlockLength = RuntimeBlockLength;
	type BlockWeights = RuntimeBlockWeights;
	type DbWeight = RocksDbWeight;
	type MaxConsumers = ConstU32<128>;
	type OnSetCode = cumulus_pallet_parachain_system::ParachainSetCode<Self>;
	type SingleBlockMigrations = migrations::SingleBlock;
	// The generic prefix: addresses look alike on every network, the genesis hash in each signature tells them apart.
	type SS58Prefix = ConstU16<42>;
	type SystemWeightInfo = weights::System;
	type ExtensionsWeightInfo = weights::SystemExtensions;
	type Version = Version;
}

impl cumulus_pallet_weight_reclaim::Config for Runtime {
	type WeightInfo = weights::WeightReclaim;
}

impl cumulus_pallet_parachain_system::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type OnSystemEvent = ();
	type SelfParaId = ParachainInfo;
	// No message goes out, and what comes in is refused: see `xcm.rs`.
	type OutboundXcmpMessageSource = ();
	type DmpQueue = Refused;
	type ReservedDmpWeight = ();
	type XcmpMessageHandler = Refused;
	type ReservedXcmpWeight = ();
	type CheckAssociatedRelayNumber = RelayNumberMonotonicallyIncreases;
	type WeightInfo = weights::ParachainSystem;
	type ConsensusHook = super::ConsensusHook;
	type RelayParentOffset = ConstU32<{ block::RELAY_PARENT_OFFSET }>;
	type SchedulingSignatureVerifier = ();
}

impl parachain_info::Config for Runtime {}

impl pallet_timestamp::Config for Runtime {
	type Moment = u64;
	type OnTimestampSet = Aura;
	// Aura checks that time and slot agree; two blocks of a slot may have the same time.
	type MinimumPeriod = ConstU64<0>;
	type WeightInfo = weights::Timestamp;
}
