// SPDX-License-Identifier: Apache-2.0
//! Money, time and block limits.

use cumulus_primitives_core::relay_chain::MAX_POV_SIZE;
use frame_support::weights::{constants::WEIGHT_REF_TIME_PER_SECOND, Weight};

use crate::{Balance, BlockNumber};

/// The token EPI and what things cost in it.
pub mod money {
	use super::Balance;

	/// One EPI. It has twelve decimals; the smallest unit buys a picosecond of execution.
	pub const EPI: Balance = 1_000_000_000_000;
	/// A thousandth of an EPI.
	pub const MILLI_EPI: Balance = 1_000_000_000;
	/// A millionth of an EPI.
	pub const MICRO_EPI: Balance = 1_000_000;

	/// Least balance of an account. Money opens no account that may act (only the registry does), so this need not price
	/// out strangers; it only keeps dust out of the state. It is about the fee of one transaction.
	pub const EXISTENTIAL_DEPOSIT: Balance = MILLI_EPI;

	/// Deposit for a record in storage, whatever its size.
	pub const DEPOSIT_PER_RECORD: Balance = 10 * MILLI_EPI;
	/// Deposit for each byte of a record.
	pub const DEPOSIT_PER_BYTE: Balance = 100 * MICRO_EPI;

	/// Fee for a second of execution.
	pub const FEE_PER_SECOND: Balance = EPI;
	/// Fee for each byte of a transaction: a megabyte, which every archive keeps for good, costs one EPI.
	pub const FEE_PER_BYTE: Balance = MICRO_EPI;

	/// What a motion's proposer lays down until it is decided.
	pub const MOTION_DEPOSIT: Balance = EPI;

	/// Deposit for `records` records of `bytes` bytes altogether.
	pub const fn deposit(records: u32, bytes: u32) -> Balance {
		widen(records).saturating_mul(DEPOSIT_PER_RECORD).saturating_add(widen(bytes).saturating_mul(DEPOSIT_PER_BYTE))
	}

	// `From` is not const yet.
	#[allow(clippy::as_conversions)]
	const fn widen(count: u32) -> Balance {
		count as Balance
	}
}

/// Durations in blocks and milliseconds.
pub mod time {
	use super::{block::VELOCITY, BlockNumber};

	/// Milliseconds of an Aura slot, equal to the relay chain's: a collator's turn.
	pub const SLOT_DURATION: u64 = 6_000;
	/// Milliseconds of a slot of the relay chain.
	pub const RELAY_SLOT_DURATION: u32 = 6_000;

	/// Blocks of a minute.
	pub const MINUTES: BlockNumber = 10 * VELOCITY;
	/// Blocks of an hour.
	pub const HOURS: BlockNumber = 60 * MINUTES;
	/// Blocks of a day.
	pub const DAYS: BlockNumber = 24 * HOURS;

	/// Blocks of a session: a new collator takes part after two of them.
	pub const SESSION: BlockNumber = HOURS;
}

/// What a block may hold.
pub mod block {
	use super::{Weight, MAX_POV_SIZE, WEIGHT_REF_TIME_PER_SECOND};
	use sp_runtime::Perbill;

	/// Blocks for each slot of the relay chain.
	#[cfg(not(feature = "elastic-scaling"))]
	pub const VELOCITY: u32 = 1;
	/// Blocks for each slot of the relay chain. Collators put them on one core together, or on as many as they get.
	#[cfg(feature = "elastic-scaling")]
	pub const VELOCITY: u32 = 3;
	/// Blocks that may wait for inclusion on the relay chain: those of three slots.
	pub const UNINCLUDED_SEGMENT_CAPACITY: u32 = 3 * VELOCITY;
	/// Blocks between the tip of the relay chain and the relay parent.
	pub const RELAY_PARENT_OFFSET: u32 = 0;

	/// Share of the proof of validity that a collator fills; the rest is its margin for what it cannot foresee.
	const POV_SHARE: u64 = 85;

	/// What a core of the relay chain's validators takes: two seconds, and the part of a proof of validity that is filled.
	#[allow(clippy::as_conversions)]
	const CORE: Weight = Weight::from_parts(
		WEIGHT_REF_TIME_PER_SECOND.saturating_mul(2),
		(MAX_POV_SIZE as u64).saturating_mul(POV_SHARE).saturating_div(100),
	);
	/// What a block may take: blocks of a slot fit on one core together.
	#[allow(clippy::as_conversions)]
	pub const MAX_WEIGHT: Weight = CORE.saturating_div(VELOCITY as u64);
	/// Bytes of a block.
	pub const MAX_LENGTH: u32 = 5 * 1024 * 1024;
	/// Bytes of a header.
	pub const MAX_HEADER_SIZE: u32 = 100 * 1024;
	/// Share of a block for ordinary transactions; the rest is for restrictive acts and the chain's own.
	pub const NORMAL_SHARE: Perbill = Perbill::from_percent(75);
	/// Share of a block that hooks may be expected to use.
	pub const HOOKS_SHARE: Perbill = Perbill::from_percent(5);
}

/// What transaction pools hold.
pub mod pool {
	/// Transactions that a node's pool holds if its operator says nothing.
	pub const TRANSACTIONS: u32 = 8_192;
	/// Bytes of these.
	pub const BYTES: u32 = 20 * 1024 * 1024;
	/// Seats of a custodian: an eighth of such a pool, so that it takes eight custodians to fill it with invented patients.
	/// Two acts of one custodian's patients that wait at the same time meet with a chance of one in as many; of these one is
	/// told to come again in the next block.
	pub const SEATS: u32 = TRANSACTIONS / 8;
}
