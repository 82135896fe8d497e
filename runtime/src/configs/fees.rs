// SPDX-License-Identifier: Apache-2.0
//! The token and what transactions cost.

use crate::{
	constants::{block, money},
	weights, AccountId, Balance, Balances, Runtime, RuntimeEvent, RuntimeFreezeReason, RuntimeHoldReason, System,
};
use frame_support::{
	parameter_types,
	traits::{tokens::imbalance::ResolveTo, ConstU32, ConstU8, VariantCountOf},
	weights::{constants::WEIGHT_REF_TIME_PER_SECOND, Weight, WeightToFee},
	PalletId,
};
use pallet_subjects::fees::FeeFree;
use pallet_transaction_payment::{ConstFeeMultiplier, FungibleAdapter, Multiplier};
use sp_runtime::traits::{AccountIdConversion, One};

parameter_types! {
	/// Least balance of an account.
	pub const ExistentialDeposit: Balance = money::EXISTENTIAL_DEPOSIT;
	/// Common purse: takes fees and dust, and pays what the council allots.
	pub ConsortiumAccount: AccountId = PalletId(*b"epi/purs").into_account_truncating();
	/// Fees do not follow demand: members are known, and who floods the chain is dealt with by name, not by price.
	pub SteadyFees: Multiplier = Multiplier::one();
}

/// Fee for weight: execution time or proof, whichever takes the larger share of a block.
pub struct FeeOfWeight;

impl WeightToFee for FeeOfWeight {
	type Balance = Balance;

	fn weight_to_fee(weight: &Weight) -> Balance {
		let full = block::MAX_WEIGHT;
		// The proof's share of a block, said in execution time.
		let proof = Balance::from(weight.proof_size())
			.saturating_mul(Balance::from(full.ref_time()))
			.checked_div(Balance::from(full.proof_size()))
			.unwrap_or(Balance::MAX);
		let time = Balance::from(weight.ref_time()).max(proof);
		time.saturating_mul(money::FEE_PER_SECOND)
			.checked_div(Balance::from(WEIGHT_REF_TIME_PER_SECOND))
			.unwrap_or(Balance::MAX)
	}
}

/// Fee for the bytes of a transaction.
pub struct FeeOfLength;

impl WeightToFee for FeeOfLength {
	type Balance = Balance;

	// The SDK hands the length over as if it were execution time.
	fn weight_to_fee(length: &Weight) -> Balance {
		Balance::from(length.ref_time()).saturating_mul(money::FEE_PER_BYTE)
	}
}

impl pallet_balances::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeHoldReason = RuntimeHoldReason;
	type RuntimeFreezeReason = RuntimeFreezeReason;
	type WeightInfo = weights::Balances;
	type Balance = Balance;
	type DustRemoval = ResolveTo<ConsortiumAccount, Balances>;
	type ExistentialDeposit = ExistentialDeposit;
	type AccountStore = System;
	type ReserveIdentifier = [u8; 8];
	type FreezeIdentifier = RuntimeFreezeReason;
	type MaxLocks = ConstU32<0>;
	type MaxReserves = ConstU32<0>;
	type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
	type DoneSlashHandler = ();
}

impl pallet_transaction_payment::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	// Acts of subjects cost no fee. Tips go where fees go: a collator that is a member must not gain by whom it lets in
	// first.
	type OnChargeTransaction = FeeFree<FungibleAdapter<Balances, ResolveTo<ConsortiumAccount, Balances>>>;
	type WeightToFee = FeeOfWeight;
	type LengthToFee = FeeOfLength;
	type FeeMultiplierUpdate = ConstFeeMultiplier<SteadyFees>;
	type OperationalFeeMultiplier = ConstU8<5>;
	type WeightInfo = weights::TransactionPayment;
}
