// SPDX-License-Identifier: Apache-2.0
//! Our own pallets. All deposits lie on organisations' sovereign accounts, which never rotate.

use super::{ConsortiumAccount, MaxSeats, TwoThirds};
use crate::{
	constants::money, council::Seats, AccountId, Balance, Balances, Registry, Runtime, RuntimeHoldReason, Timestamp,
};
use epidaurus_primitives::{
	ids::{OrgId, SubjectId},
	moment::{Moment, DAY},
	seams::{SubjectAct, Subjects},
};
use frame_support::{
	parameter_types,
	traits::{fungible::HoldConsideration, ConstU32, ConstU64, LinearStoragePrice},
};
use sp_runtime::DispatchError;

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
	/// Held for a log.
	pub const ForLog: RuntimeHoldReason = RuntimeHoldReason::Ehr(pallet_ehr::HoldReason::Log);
}

type Deposit<Reason> =
	HoldConsideration<AccountId, Balances, Reason, LinearStoragePrice<RecordDeposit, RecordByteDeposit, Balance>>;

impl pallet_registry::Config for Runtime {
	type ConsortiumOrigin = TwoThirds;
	type Time = Timestamp;
	type OnVoiceChange = Seats;
	type Currency = Balances;
	type ConsortiumAccount = ConsortiumAccount;
	type ApplicationConsideration = Deposit<ForApplication>;
	type OrganisationConsideration = Deposit<ForOrganisation>;
	type MemberConsideration = Deposit<ForMember>;
	type LicenceConsideration = Deposit<ForLicence>;
	type MaxOrganisations = MaxSeats;
	type MaxLicencesPerHolder = ConstU32<16>;
	type WeightInfo = pallet_registry::weights::SubstrateWeight<Runtime>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = Clock;
}

impl pallet_ehr::Config for Runtime {
	type Registry = Registry;
	type Subjects = NoSubjects;
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

/// A chain without subjects: nobody is one.
pub struct NoSubjects;

impl Subjects<AccountId> for NoSubjects {
	fn ensure_subject(_: &AccountId, _: SubjectAct) -> Result<SubjectId, DispatchError> {
		Err(DispatchError::BadOrigin)
	}

	fn custodian_of(_: &SubjectId) -> Option<OrgId> {
		None
	}

	fn is_doubtful(_: &SubjectId, _: Moment) -> bool {
		false
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn enrol_for_benchmark(_: &AccountId, _: OrgId) -> SubjectId {
		SubjectId([7; 32])
	}
}

/// Sets the clock where there is no block and no slot.
#[cfg(feature = "runtime-benchmarks")]
pub struct Clock;

#[cfg(feature = "runtime-benchmarks")]
impl pallet_ehr::BenchmarkHelper for Clock {
	fn set_now(now: Moment) {
		pallet_timestamp::Now::<Runtime>::put(now.0);
	}
}

#[cfg(feature = "runtime-benchmarks")]
impl pallet_registry::BenchmarkHelper for Clock {
	fn set_time(now: Moment) {
		pallet_timestamp::Now::<Runtime>::put(now.0);
	}
}
