// SPDX-License-Identifier: Apache-2.0
//! A runtime around the pallet: two custodians with their members, and everything through which calls can be wrapped.

use crate as pallet_ehr;
use crate::*;
use epidaurus_primitives::{
	ids::{NetworkId, OrgId, SubjectId},
	moment::{Moment, DAY},
	registry::{Capability, Roles},
	testing::{MockRegistry, MockSubjects},
};
use frame_support::{
	derive_impl, parameter_types,
	traits::{
		fungible::{HoldConsideration, InspectHold, Mutate},
		ConstU32, ConstU64, Footprint, LinearStoragePrice,
	},
};
use sp_runtime::{
	traits::{Convert, IdentityLookup},
	AccountId32, BuildStorage,
};
use std::collections::BTreeMap;

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeFreezeReason,
		RuntimeHoldReason,
		RuntimeSlashReason,
		RuntimeLockId,
		RuntimeTask,
		RuntimeViewFunction
	)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Timestamp = pallet_timestamp;
	#[runtime::pallet_index(2)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(3)]
	pub type Utility = pallet_utility;
	#[runtime::pallet_index(4)]
	pub type Proxy = pallet_proxy;
	#[runtime::pallet_index(5)]
	pub type Multisig = pallet_multisig;
	#[runtime::pallet_index(6)]
	pub type Ehr = pallet_ehr;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = frame_system::mocking::MockBlock<Test>;
	type AccountId = AccountId32;
	type Lookup = IdentityLookup<AccountId32>;
	type AccountData = pallet_balances::AccountData<u64>;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Test {}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type AccountStore = System;
}

impl pallet_utility::Config for Test {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type PalletsOrigin = OriginCaller;
	type WeightInfo = ();
}

impl pallet_proxy::Config for Test {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type Currency = Balances;
	type ProxyType = ();
	type ProxyDepositBase = ConstU64<1>;
	type ProxyDepositFactor = ConstU64<1>;
	type MaxProxies = ConstU32<4>;
	type WeightInfo = ();
	type MaxPending = ConstU32<4>;
	type CallHasher = sp_runtime::traits::BlakeTwo256;
	type AnnouncementDepositBase = ConstU64<1>;
	type AnnouncementDepositFactor = ConstU64<1>;
	type BlockNumberProvider = System;
}

impl pallet_multisig::Config for Test {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type Currency = Balances;
	type DepositBase = ConstU64<1>;
	type DepositFactor = ConstU64<1>;
	type MaxSignatories = ConstU32<4>;
	type WeightInfo = ();
	type BlockNumberProvider = System;
}

parameter_types! {
	pub const VersionHold: RuntimeHoldReason = RuntimeHoldReason::Ehr(HoldReason::Version);
	pub const LogHold: RuntimeHoldReason = RuntimeHoldReason::Ehr(HoldReason::Log);
}
pub type VersionPrice = LinearStoragePrice<ConstU64<100>, ConstU64<1>, u64>;
pub type LogPrice = LinearStoragePrice<ConstU64<1_000>, ConstU64<2>, u64>;

pub const WEEK: u64 = 7 * DAY;
pub const STEPS: u32 = 3;

impl Config for Test {
	type Registry = MockRegistry;
	type Subjects = MockSubjects;
	type ConsortiumOrigin = frame_system::EnsureRoot<AccountId32>;
	type Time = Timestamp;
	type VersionConsideration = HoldConsideration<AccountId32, Balances, VersionHold, VersionPrice>;
	type LogConsideration = HoldConsideration<AccountId32, Balances, LogHold, LogPrice>;
	type ThinAfter = ConstU64<WEEK>;
	type ThinSteps = ConstU32<STEPS>;
	type LogWindow = ConstU32<32>;
	type WeightInfo = ();
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = SetNow;
}

#[cfg(feature = "runtime-benchmarks")]
pub struct SetNow;
#[cfg(feature = "runtime-benchmarks")]
impl BenchmarkHelper for SetNow {
	fn set_now(now: Moment) {
		Timestamp::set_timestamp(now.0);
	}
}

pub const NETWORK: NetworkId = NetworkId([0xee; 32]);
/// 2026-11-20T09:30:00Z.
pub const START: Moment = Moment(20_777 * DAY + 34_200_000);

pub const HOSPITAL: OrgId = OrgId(1);
pub const LABORATORY: OrgId = OrgId(2);
/// Keeps the hospital's records.
pub const CLERK: AccountId32 = AccountId32::new([1; 32]);
/// Keeps them too.
pub const DEPUTY: AccountId32 = AccountId32::new([2; 32]);
/// A member of the hospital with every role but records.
pub const NURSE: AccountId32 = AccountId32::new([3; 32]);
/// Keeps the laboratory's records.
pub const ANALYST: AccountId32 = AccountId32::new([4; 32]);
/// A member of nothing.
pub const STRANGER: AccountId32 = AccountId32::new([5; 32]);

/// Inspects for the authority.
pub const INSPECTOR: AccountId32 = AccountId32::new([6; 32]);
/// Keeps the records of the archive, which answers for the hospital once a test says so.
pub const ARCHIVIST: AccountId32 = AccountId32::new([7; 32]);
/// A subject of the hospital, with its key.
pub const PATIENT: AccountId32 = AccountId32::new([8; 32]);
/// Another subject of the hospital.
pub const NEIGHBOUR: AccountId32 = AccountId32::new([9; 32]);
pub const AUTHORITY: OrgId = OrgId(3);
pub const ARCHIVE: OrgId = OrgId(4);
pub const PATIENT_ID: SubjectId = SubjectId([0x88; 32]);
pub const NEIGHBOUR_ID: SubjectId = SubjectId([0x99; 32]);
pub const ORGANISATIONS: [OrgId; 4] = [HOSPITAL, LABORATORY, AUTHORITY, ARCHIVE];

/// What each custodian has on its sovereign account.
pub const FUNDS: u64 = 1_000_000;

pub struct ExtBuilder {
	funds: u64,
}

impl Default for ExtBuilder {
	fn default() -> Self {
		Self { funds: FUNDS }
	}
}

impl ExtBuilder {
	/// Custodians with so much money each.
	pub fn funded(funds: u64) -> Self {
		Self { funds }
	}

	pub fn build(self) -> sp_io::TestExternalities {
		MockRegistry::reset();
		let people = [CLERK, DEPUTY, NURSE, ANALYST, STRANGER, INSPECTOR, ARCHIVIST, PATIENT, NEIGHBOUR];
		let people = people.map(|account| (account, 1_000));
		let custodians = ORGANISATIONS.map(|custodian| (custodian.sovereign_account(), self.funds));
		let genesis = RuntimeGenesisConfig {
			balances: pallet_balances::GenesisConfig {
				balances: people.into_iter().chain(custodians).filter(|(_, balance)| *balance > 0).collect(),
				..Default::default()
			},
			ehr: GenesisConfig { network_id: NETWORK, ..Default::default() },
			..Default::default()
		};
		let mut ext = sp_io::TestExternalities::new(genesis.build_storage().unwrap());
		ext.execute_with(|| {
			System::set_block_number(1);
			set_now(START);
			MockRegistry::enrol(&CLERK, HOSPITAL, Roles::RECORDS);
			MockRegistry::enrol(&DEPUTY, HOSPITAL, Roles::GRANTABLE);
			MockRegistry::enrol(&NURSE, HOSPITAL, Roles::GRANTABLE.without(Roles::RECORDS));
			MockRegistry::enrol(&ANALYST, LABORATORY, Roles::RECORDS);
			MockRegistry::enrol(&INSPECTOR, AUTHORITY, Roles::INSPECTOR);
			MockRegistry::enrol(&ARCHIVIST, ARCHIVE, Roles::GRANTABLE);
			for custodian in [HOSPITAL, LABORATORY] {
				MockRegistry::license(custodian, Capability::AnchorRecords);
			}
			MockRegistry::license(AUTHORITY, Capability::Regulate);
			MockSubjects::enrol(&PATIENT, PATIENT_ID, HOSPITAL);
			MockSubjects::enrol(&NEIGHBOUR, NEIGHBOUR_ID, HOSPITAL);
		});
		ext
	}

	/// Runs the test, and then every invariant.
	pub fn build_and_execute(self, test: impl FnOnce()) {
		self.build().execute_with(|| {
			test();
			check();
		});
	}
}

pub fn set_now(now: Moment) {
	Timestamp::set_timestamp(now.0);
}

pub fn advance(milliseconds: u64) {
	set_now(Moment(Timestamp::get() + milliseconds));
}

/// Takes all money that is not on hold from a custodian, or gives it plenty.
pub fn set_free_funds(custodian: OrgId, funds: u64) {
	Balances::set_balance(&custodian.sovereign_account(), funds);
}

pub fn held(custodian: OrgId, reason: HoldReason) -> u64 {
	Balances::balance_on_hold(&reason.into(), &custodian.sovereign_account())
}

/// What must hold after every test: the pallet's invariants, and holds that are the prices of what is stored.
pub fn check() {
	Ehr::do_try_state().unwrap();
	let mut expected = BTreeMap::<(OrgId, u8), u64>::new();
	let mut add = |custodian, reason: HoldReason, price: u64| {
		*expected.entry((custodian, reason as u8)).or_default() += price;
	};
	for (_, number, version) in Versions::<Test>::iter() {
		if version.ticket.is_some() {
			add(version.payer, HoldReason::Version, price_of_version(number));
		}
	}
	for (custodian, _, _) in Logs::<Test>::iter() {
		add(custodian, HoldReason::Log, price_of_log());
	}
	for custodian in ORGANISATIONS {
		for reason in [HoldReason::Version, HoldReason::Log] {
			let price = expected.get(&(custodian, reason as u8)).copied().unwrap_or_default();
			assert_eq!(held(custodian, reason), price, "deposits of {custodian} for {reason:?}");
		}
	}
}

pub fn price_of_version(number: u32) -> u64 {
	<VersionPrice as Convert<Footprint, u64>>::convert(Ehr::version_footprint(number))
}

pub fn price_of_log() -> u64 {
	<LogPrice as Convert<Footprint, u64>>::convert(Ehr::log_footprint())
}
