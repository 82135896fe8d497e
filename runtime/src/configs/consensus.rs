// SPDX-License-Identifier: Apache-2.0
//! Who makes blocks.

use super::TwoThirds;
use crate::{
	constants::{block, money, time},
	weights, AccountId, Aura, Balance, Balances, CollatorSelection, Runtime, RuntimeEvent, Session, SessionKeys,
};
use frame_support::{
	parameter_types,
	traits::{ConstBool, ConstU32, ConstU64},
	PalletId,
};
use pallet_collator_selection::IdentityCollator;
use sp_consensus_aura::sr25519::AuthorityId as AuraId;

/// Holds the chain to its velocity, one block for each slot of the relay chain, and to a short backlog.
pub type ConsensusHook = cumulus_pallet_aura_ext::FixedVelocityConsensusHook<
	Runtime,
	{ time::RELAY_SLOT_DURATION },
	{ block::VELOCITY },
	{ block::UNINCLUDED_SEGMENT_CAPACITY },
>;

/// Most collators.
pub type MaxInvulnerables = ConstU32<100>;

parameter_types! {
	/// Where the block rewards of the SDK's pallet would gather; it stays empty, nobody is paid for blocks.
	pub const CollatorPot: PalletId = PalletId(*b"epi/cola");
	/// Blocks of a session. No call changes the stored number; the genesis state of a test network can hold a smaller one.
	pub storage SessionPeriod: crate::BlockNumber = time::SESSION;
	/// Deposit for the two records of a collator's session key.
	pub const SessionKeyDeposit: Balance = money::deposit(2, 133);
}

impl pallet_aura::Config for Runtime {
	type AuthorityId = AuraId;
	type DisabledValidators = ();
	type MaxAuthorities = MaxInvulnerables;
	// A collator may put blocks of two relay parents into one slot; the consensus hook bounds how many.
	type AllowMultipleBlocksPerSlot = ConstBool<true>;
	type SlotDuration = ConstU64<{ time::SLOT_DURATION }>;
}

impl cumulus_pallet_aura_ext::Config for Runtime {}

impl pallet_authorship::Config for Runtime {
	type FindAuthor = pallet_session::FindAccountFromAuthorIndex<Self, Aura>;
	type EventHandler = CollatorSelection;
}

impl pallet_session::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type ValidatorId = AccountId;
	type ValidatorIdOf = IdentityCollator;
	type ShouldEndSession = pallet_session::PeriodicSessions<SessionPeriod, ConstU32<0>>;
	type NextSessionRotation = pallet_session::PeriodicSessions<SessionPeriod, ConstU32<0>>;
	type SessionManager = CollatorSelection;
	type SessionHandler = <SessionKeys as sp_runtime::traits::OpaqueKeys>::KeyTypeIdProviders;
	type Keys = SessionKeys;
	type DisablingStrategy = ();
	type WeightInfo = weights::Session;
	type Currency = Balances;
	type KeyDeposit = SessionKeyDeposit;
}

impl pallet_collator_selection::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type Currency = Balances;
	type UpdateOrigin = TwoThirds;
	type PotId = CollatorPot;
	// Collators are named by the consortium: the call filter closes candidacy, and no seats are desired for candidates.
	// The room for them is what the SDK's benchmarks need.
	type MaxCandidates = ConstU32<20>;
	type MinEligibleCollators = ConstU32<1>;
	type MaxInvulnerables = MaxInvulnerables;
	type KickThreshold = ConstU32<{ time::SESSION }>;
	type ValidatorId = AccountId;
	type ValidatorIdOf = IdentityCollator;
	type ValidatorRegistration = Session;
	type WeightInfo = weights::CollatorSelection;
}
