// SPDX-License-Identifier: Apache-2.0
//! A runtime around the pallet: two custodians with their members, a fee handler, and everything through which calls can
//! be wrapped.

use crate as pallet_subjects;
use crate::{fees::FeeFree, *};
use epidaurus_primitives::{
	ids::OrgId,
	moment::{Moment, DAY},
	registry::{Capability, Roles},
	seams::SubjectAct,
	testing::MockRegistry,
};
use frame_support::{
	derive_impl, parameter_types,
	traits::{
		fungible::{HoldConsideration, InspectHold},
		ConstU32, ConstU64, ConstantStoragePrice,
	},
	weights::IdentityFee,
};
use pallet_transaction_payment::FungibleAdapter;
use sp_core::{sr25519, Pair};
use sp_runtime::{
	traits::{IdentityLookup, Verify},
	AccountId32, BuildStorage, MultiSignature,
};

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
		RuntimeTask
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
	pub type TransactionPayment = pallet_transaction_payment;
	#[runtime::pallet_index(7)]
	pub type Subjects = pallet_subjects;
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

#[derive_impl(pallet_transaction_payment::config_preludes::TestDefaultConfig)]
impl pallet_transaction_payment::Config for Test {
	type OnChargeTransaction = FeeFree<FungibleAdapter<Balances, ()>>;
	type WeightToFee = IdentityFee<u64>;
	type LengthToFee = IdentityFee<u64>;
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

/// The acts of this pallet.
pub struct Acts;

impl SubjectCalls<RuntimeCall> for Acts {
	fn act(call: &RuntimeCall) -> Option<SubjectAct> {
		match call {
			RuntimeCall::Subjects(Call::prove_key {}) => Some(SubjectAct::Other),
			RuntimeCall::Subjects(Call::rotate_key { .. } | Call::contest_rebind {}) => Some(SubjectAct::Restrictive),
			_ => None,
		}
	}
}

parameter_types! {
	pub const SubjectHold: RuntimeHoldReason = RuntimeHoldReason::Subjects(HoldReason::Subject);
}

pub const SEATS: u32 = 64;
pub const DEPOSIT: u64 = 50;
pub const HOUR: u64 = DAY / 24;
pub const WEEK: u64 = 7 * DAY;

impl Config for Test {
	type RuntimeCall = RuntimeCall;
	type Registry = MockRegistry;
	type ConsortiumOrigin = frame_system::EnsureRoot<AccountId32>;
	type Time = Timestamp;
	type SubjectConsideration =
		HoldConsideration<AccountId32, Balances, SubjectHold, ConstantStoragePrice<ConstU64<DEPOSIT>, u64>>;
	type SubjectCalls = Acts;
	type Signature = MultiSignature;
	type Signer = <MultiSignature as Verify>::Signer;
	type ConfirmWithin = ConstU64<{ 3 * DAY }>;
	type ContestWindow = ConstU64<WEEK>;
	type RotationPause = ConstU64<HOUR>;
	type MaxDoubts = ConstU32<3>;
	type DailyQuota = ConstU32<5>;
	type MaxOrdinaryPerBlock = ConstU32<3>;
	type MaxRestrictivePerBlock = ConstU32<4>;
	type MaxOwnPerBlock = ConstU32<2>;
	type PoolSeats = ConstU32<SEATS>;
	type WeightInfo = ();
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = Helper;
}

#[cfg(feature = "runtime-benchmarks")]
pub struct Helper;
#[cfg(feature = "runtime-benchmarks")]
impl BenchmarkHelper<AccountId32, MultiSignature> for Helper {
	fn set_now(now: Moment) {
		Timestamp::set_timestamp(now.0);
	}

	fn sign(bytes: &[u8]) -> (AccountId32, MultiSignature) {
		(key(200), pair(200).sign(bytes).into())
	}
}

/// 2026-11-20T09:30:00Z.
pub const START: Moment = Moment(20_777 * DAY + 34_200_000);

pub const HOSPITAL: OrgId = OrgId(1);
pub const CLINIC: OrgId = OrgId(2);
/// Keep the hospital's records.
pub const CLERK: AccountId32 = AccountId32::new([1; 32]);
pub const DEPUTY: AccountId32 = AccountId32::new([2; 32]);
/// A member of the hospital with every role but records.
pub const NURSE: AccountId32 = AccountId32::new([3; 32]);
/// Keeps the clinic's records.
pub const SECRETARY: AccountId32 = AccountId32::new([4; 32]);
/// A member of nothing, with money.
pub const STRANGER: AccountId32 = AccountId32::new([5; 32]);

pub fn pair(seed: u8) -> sr25519::Pair {
	sr25519::Pair::from_seed(&[seed; 32])
}

/// A patient's key.
pub fn key(seed: u8) -> AccountId32 {
	pair(seed).public().into()
}

#[derive(Default)]
pub struct ExtBuilder;

impl ExtBuilder {
	pub fn build(self) -> sp_io::TestExternalities {
		MockRegistry::reset();
		let members = [CLERK, DEPUTY, NURSE, SECRETARY, STRANGER].map(|account| (account, 1_000_000_000_000));
		let custodians = [HOSPITAL, CLINIC].map(|custodian| (custodian.sovereign_account(), 10_000));
		let genesis = RuntimeGenesisConfig {
			balances: pallet_balances::GenesisConfig {
				balances: members.into_iter().chain(custodians).collect(),
				..Default::default()
			},
			..Default::default()
		};
		let mut ext = sp_io::TestExternalities::new(genesis.build_storage().unwrap());
		ext.execute_with(|| {
			System::set_block_number(1);
			set_now(START);
			MockRegistry::enrol(&CLERK, HOSPITAL, Roles::RECORDS);
			MockRegistry::enrol(&DEPUTY, HOSPITAL, Roles::GRANTABLE);
			MockRegistry::enrol(&NURSE, HOSPITAL, Roles::GRANTABLE.without(Roles::RECORDS));
			MockRegistry::enrol(&SECRETARY, CLINIC, Roles::RECORDS);
			for custodian in [HOSPITAL, CLINIC] {
				MockRegistry::license(custodian, Capability::AnchorRecords);
			}
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

pub fn now() -> Moment {
	Moment(Timestamp::get())
}

/// A later block, so many milliseconds later.
pub fn advance(milliseconds: u64) {
	System::set_block_number(System::block_number() + 1);
	set_now(Moment(now().0 + milliseconds));
}

pub fn held(custodian: OrgId) -> u64 {
	Balances::balance_on_hold(&HoldReason::Subject.into(), &custodian.sovereign_account())
}

/// What must hold after every test: the pallet's invariants, and a deposit for each subject.
pub fn check() {
	Subjects::do_try_state().unwrap();
	for custodian in [HOSPITAL, CLINIC] {
		let subjects = crate::Subjects::<Test>::iter_values().filter(|record| record.custodian == custodian).count();
		assert_eq!(held(custodian), DEPOSIT * subjects as u64, "deposits of {custodian}");
	}
}
