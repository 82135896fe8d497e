// SPDX-License-Identifier: Apache-2.0
//! Our own pallets. All deposits lie on organisations' sovereign accounts, which never rotate.

use super::{ConsortiumAccount, MaxSeats, TwoThirds};
use crate::{
	acts::{Acts, Free},
	constants::{money, pool::SEATS},
	council::Seats,
	AccountId, Balance, Balances, Registry, Runtime, RuntimeCall, RuntimeHoldReason, Signature, Subjects, Timestamp,
};
use epidaurus_primitives::moment::DAY;
use frame_support::{
	parameter_types,
	traits::{fungible::HoldConsideration, ConstU32, ConstU64, LinearStoragePrice},
};
use sp_runtime::traits::Verify;

parameter_types! {
	/// Deposit for a record, whatever its size.
	pub const RecordDeposit: Balance = money::DEPOSIT_PER_RECORD;
	/// Deposit for each of its bytes.
	pub const RecordByteDeposit: Balance = money::DEPOSIT_PER_BYTE;
	/// Held for an application.
	pub const ForApplication: RuntimeHoldReason = RuntimeHoldReason::Registry(pallet_registry::HoldReason::Application);
	/// Held for an organisation.
	pub const ForOrganisation: RuntimeHoldReason =
		RuntimeHoldReason::Registry(pallet_registry::HoldReason::Organisation);
	/// Held for a member.
	pub const ForMember: RuntimeHoldReason = RuntimeHoldReason::Registry(pallet_registry::HoldReason::Member);
	/// Held for a licence.
	pub const ForLicence: RuntimeHoldReason = RuntimeHoldReason::Registry(pallet_registry::HoldReason::Licence);
	/// Held for a version of a record.
	pub const ForVersion: RuntimeHoldReason = RuntimeHoldReason::Ehr(pallet_ehr::HoldReason::Version);
	/// Held for a subject.
	pub const ForSubject: RuntimeHoldReason = RuntimeHoldReason::Subjects(pallet_subjects::HoldReason::Subject);
	/// Held for a log.
	pub const ForLog: RuntimeHoldReason = RuntimeHoldReason::Ehr(pallet_ehr::HoldReason::Log);
}

type Deposit<Reason> =
	HoldConsideration<AccountId, Balances, Reason, LinearStoragePrice<RecordDeposit, RecordByteDeposit, Balance>>;

impl pallet_registry::Config for Runtime {
	type ConsortiumOrigin = TwoThirds;
	type Time = Timestamp;
	type OnVoiceChange = Seats;
	type Guests = Subjects;
	type FreeCalls = Free;
	type Currency = Balances;
	type ConsortiumAccount = ConsortiumAccount;
	type ApplicationConsideration = Deposit<ForApplication>;
	type OrganisationConsideration = Deposit<ForOrganisation>;
	type MemberConsideration = Deposit<ForMember>;
	type LicenceConsideration = Deposit<ForLicence>;
	type MaxOrganisations = MaxSeats;
	type MaxLicencesPerHolder = ConstU32<16>;
	type RotationPause = ConstU64<{ DAY / 24 }>;
	// A test holds that one member's leave seven eighths of a block to others.
	type MaxFreePerBlock = ConstU32<16>;
	type WeightInfo = pallet_registry::weights::SubstrateWeight<Runtime>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = Clock;
}

impl pallet_subjects::Config for Runtime {
	type RuntimeCall = RuntimeCall;
	type Registry = Registry;
	type ConsortiumOrigin = TwoThirds;
	type Time = Timestamp;
	type SubjectConsideration = Deposit<ForSubject>;
	type SubjectCalls = Acts;
	type Signature = Signature;
	type Signer = <Signature as Verify>::Signer;
	type ConfirmWithin = ConstU64<{ 3 * DAY }>;
	type ContestWindow = ConstU64<{ 7 * DAY }>;
	type RotationPause = ConstU64<{ DAY / 24 }>;
	type MaxDoubts = ConstU32<16>;
	// What the patients of a large hospital send on a day. A test holds that in one block they leave four fifths of what
	// ordinary transactions have to others.
	type DailyQuota = ConstU32<5_000>;
	type MaxOrdinaryPerBlock = ConstU32<45>;
	type MaxRestrictivePerBlock = ConstU32<45>;
	type MaxOwnPerBlock = ConstU32<4>;
	type PoolSeats = ConstU32<SEATS>;
	type WeightInfo = pallet_subjects::weights::SubstrateWeight<Runtime>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = Clock;
}

impl pallet_ehr::Config for Runtime {
	type Registry = Registry;
	type Subjects = Subjects;
	type ConsortiumOrigin = TwoThirds;
	type Time = Timestamp;
	type VersionConsideration = Deposit<ForVersion>;
	type LogConsideration = Deposit<ForLog>;
	type ThinAfter = ConstU64<{ 7 * DAY }>;
	type ThinSteps = ConstU32<4>;
	// A checkpoint every ten minutes of the week that is kept whole.
	type LogWindow = ConstU32<1_008>;
	type WeightInfo = pallet_ehr::weights::SubstrateWeight<Runtime>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = Clock;
}

/// Sets the clock where there is no block and no slot.
#[cfg(feature = "runtime-benchmarks")]
pub struct Clock;

#[cfg(feature = "runtime-benchmarks")]
impl pallet_ehr::BenchmarkHelper for Clock {
	fn set_now(now: epidaurus_primitives::moment::Moment) {
		pallet_timestamp::Now::<Runtime>::put(now.0);
	}
}

#[cfg(feature = "runtime-benchmarks")]
impl pallet_registry::BenchmarkHelper for Clock {
	fn set_time(now: epidaurus_primitives::moment::Moment) {
		pallet_timestamp::Now::<Runtime>::put(now.0);
	}
}

#[cfg(feature = "runtime-benchmarks")]
impl pallet_subjects::BenchmarkHelper<AccountId, Signature> for Clock {
	fn set_now(now: epidaurus_primitives::moment::Moment) {
		pallet_timestamp::Now::<Runtime>::put(now.0);
	}

	fn sign(bytes: &[u8]) -> (AccountId, Signature) {
		let kind = sp_core::crypto::KeyTypeId(*b"bnch");
		let key = sp_io::crypto::sr25519_generate(kind, None);
		let signature = sp_io::crypto::sr25519_sign(kind, &key, bytes).expect("the key was made above");
		(key.into(), signature.into())
	}
}
