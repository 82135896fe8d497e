// SPDX-License-Identifier: Apache-2.0
//! Decisions of the consortium, and accounts that act for each other.

use crate::{
	constants::{block, money, time},
	council::{CouncilPrivilege, SilenceIsNo},
	delegation::ProxyType,
	weights, AccountId, Balance, Balances, BlockNumber, OriginCaller, Preimage, Runtime, RuntimeCall, RuntimeEvent,
	RuntimeHoldReason, RuntimeOrigin, System,
};
use frame_support::{
	parameter_types,
	traits::{fungible::HoldConsideration, ConstU32, LinearStoragePrice, NeverEnsureOrigin},
	weights::Weight,
};
use pallet_collective::EnsureProportionAtLeast;
use sp_runtime::{traits::BlakeTwo256, Perbill};

/// The collective of the consortium's active organisations.
pub type CouncilInstance = pallet_collective::Instance1;

/// Two thirds of all seats said yes. Silence does not count as yes, see [`SilenceIsNo`].
pub type TwoThirds = EnsureProportionAtLeast<AccountId, CouncilInstance, 2, 3>;

/// Most seats of the council.
pub type MaxSeats = ConstU32<100>;
/// Most open motions.
pub type MaxMotions = ConstU32<32>;
/// Most signatories of a multisig account.
pub type MaxSignatories = ConstU32<16>;

parameter_types! {
	/// Blocks that a motion stays open.
	pub const MotionDuration: BlockNumber = 7 * time::DAYS;
	/// Most that a decision may do: half of what ordinary transactions have in a block.
	pub MaxProposalWeight: Weight = Perbill::from_percent(50) * (block::NORMAL_SHARE * block::MAX_WEIGHT);
	/// Deposit of a motion, back when it is decided: open motions are few, and nobody may fill all of them for nothing.
	pub const MotionDeposit: Balance = money::MOTION_DEPOSIT;
	/// Why it is held.
	pub const MotionHoldReason: RuntimeHoldReason =
		RuntimeHoldReason::Council(pallet_collective::HoldReason::ProposalSubmission);
}

impl pallet_collective::Config<CouncilInstance> for Runtime {
	type RuntimeOrigin = RuntimeOrigin;
	type Proposal = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type MotionDuration = MotionDuration;
	type MaxProposals = MaxMotions;
	type MaxMembers = MaxSeats;
	type DefaultVote = SilenceIsNo;
	type WeightInfo = weights::Collective;
	// Seats follow the registry and nothing else.
	type SetMembersOrigin = NeverEnsureOrigin<()>;
	type MaxProposalWeight = MaxProposalWeight;
	type DisapproveOrigin = TwoThirds;
	type KillOrigin = TwoThirds;
	type Consideration = HoldConsideration<
		AccountId,
		Balances,
		MotionHoldReason,
		pallet_collective::deposit::Constant<MotionDeposit>,
		u32,
	>;
}

impl pallet_upgrades::Config for Runtime {
	type ConsortiumOrigin = TwoThirds;
	type WeightInfo = pallet_upgrades::weights::SubstrateWeight<Runtime>;
}

parameter_types! {
	/// Deposit for a preimage, without its bytes.
	pub const PreimageDeposit: Balance = money::deposit(2, 64);
	/// Deposit for each byte of a preimage.
	pub const ByteDeposit: Balance = money::DEPOSIT_PER_BYTE;
	/// Why it is held.
	pub const PreimageHoldReason: RuntimeHoldReason = RuntimeHoldReason::Preimage(pallet_preimage::HoldReason::Preimage);
}

impl pallet_preimage::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = weights::Preimage;
	type Currency = Balances;
	type ManagerOrigin = TwoThirds;
	type Consideration = HoldConsideration<
		AccountId,
		Balances,
		PreimageHoldReason,
		LinearStoragePrice<PreimageDeposit, ByteDeposit, Balance>,
	>;
}

parameter_types! {
	/// Most that scheduled decisions may take of a block.
	pub MaxScheduledWeight: Weight = Perbill::from_percent(60) * block::MAX_WEIGHT;
}

/// Who schedules.
#[cfg(not(feature = "runtime-benchmarks"))]
type ScheduleOrigin = TwoThirds;
/// The SDK's benchmarks schedule as root, whom nobody can be on this chain.
#[cfg(feature = "runtime-benchmarks")]
type ScheduleOrigin = frame_support::traits::EitherOf<frame_system::EnsureRoot<AccountId>, TwoThirds>;

impl pallet_scheduler::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeOrigin = RuntimeOrigin;
	type PalletsOrigin = OriginCaller;
	type RuntimeCall = RuntimeCall;
	type MaximumWeight = MaxScheduledWeight;
	type ScheduleOrigin = ScheduleOrigin;
	type OriginPrivilegeCmp = CouncilPrivilege;
	type MaxScheduledPerBlock = ConstU32<50>;
	type WeightInfo = weights::Scheduler;
	type Preimages = Preimage;
	type BlockNumberProvider = System;
}

parameter_types! {
	/// Deposit for an account's list of proxies: key (account), count, deposit.
	pub const ProxyDepositBase: Balance = money::deposit(1, 49);
	/// Deposit for each proxy: account, type, delay.
	pub const ProxyDepositFactor: Balance = money::deposit(0, 37);
	/// Deposit for an account's list of announcements.
	pub const AnnouncementDepositBase: Balance = money::deposit(1, 49);
	/// Deposit for each announcement: account, hash, block.
	pub const AnnouncementDepositFactor: Balance = money::deposit(0, 68);
	/// Deposit for an open multisig operation: key (account, hash), timepoint, deposit, depositor, count.
	pub const MultisigDepositBase: Balance = money::deposit(1, 121);
	/// Deposit for each approval it needs.
	pub const MultisigDepositFactor: Balance = money::deposit(0, 32);
}

impl pallet_proxy::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type Currency = Balances;
	type ProxyType = ProxyType;
	type ProxyDepositBase = ProxyDepositBase;
	type ProxyDepositFactor = ProxyDepositFactor;
	type MaxProxies = ConstU32<32>;
	type WeightInfo = weights::Proxy;
	type MaxPending = ConstU32<32>;
	type CallHasher = BlakeTwo256;
	type AnnouncementDepositBase = AnnouncementDepositBase;
	type AnnouncementDepositFactor = AnnouncementDepositFactor;
	type BlockNumberProvider = System;
}

impl pallet_multisig::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type Currency = Balances;
	type DepositBase = MultisigDepositBase;
	type DepositFactor = MultisigDepositFactor;
	type MaxSignatories = MaxSignatories;
	type WeightInfo = weights::Multisig;
	type BlockNumberProvider = System;
}

impl pallet_utility::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type PalletsOrigin = OriginCaller;
	type WeightInfo = weights::Utility;
}
