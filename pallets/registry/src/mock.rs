// SPDX-License-Identifier: Apache-2.0
//! The smallest runtime that the registry can live in; who lives there is in `tests/world.rs`.

use crate::{
	self as pallet_registry,
	tests::world::{check_all, consortium, START},
	Config, GenesisConfig, HoldReason,
};
use epidaurus_primitives::{
	ids::OrgId,
	moment::Moment,
	registry::Roles,
	seams::{FreeCalls, GuestCall, Guests, Rank, Seat, Signer},
	testing::{MockRegistry, MockVoices},
};
use frame_support::{
	derive_impl, parameter_types,
	traits::{
		fungible::{HoldConsideration, InspectHold},
		ConstU32, ConstU64, ConstantStoragePrice, Contains,
	},
};
use sp_runtime::{traits::IdentityLookup, AccountId32, BuildStorage, Weight};

pub type AccountId = AccountId32;
type Block = frame_system::mocking::MockBlock<Test>;

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeHoldReason,
		RuntimeFreezeReason,
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
	pub type Registry = pallet_registry;
}

/// A filter with something to forbid.
pub struct NoFreeBytes;

impl Contains<RuntimeCall> for NoFreeBytes {
	fn contains(call: &RuntimeCall) -> bool {
		!matches!(call, RuntimeCall::System(frame_system::Call::remark_with_event { .. }))
	}
}

/// Lets one account in that is no member.
pub struct OneGuest;

pub const GUEST: AccountId = account(0x99);

/// Where its acts wait.
pub const SEAT: Seat = Seat { custodian: OrgId(2), number: 5 };

std::thread_local! {
	static GUESTS: std::cell::RefCell<Vec<AccountId>> = const { std::cell::RefCell::new(Vec::new()) };
}

impl OneGuest {
	/// The account becomes a guest's for the rest of the test.
	pub fn also(who: &AccountId) {
		GUESTS.with_borrow_mut(|guests| guests.push(who.clone()));
	}
}

impl Guests<AccountId, RuntimeCall> for OneGuest {
	fn admit(who: &AccountId, call: &RuntimeCall) -> Option<GuestCall> {
		let sent = if Self::rank(call) == Rank::Paying { GuestCall::Paid } else { GuestCall::Act(SEAT) };
		(*who == GUEST && !matches!(call, RuntimeCall::Balances(_))).then_some(sent)
	}

	fn is_guest(who: &AccountId) -> bool {
		*who == GUEST || GUESTS.with_borrow(|guests| guests.contains(who))
	}

	/// One kind of call, so that most tests need not know of it.
	fn rank(call: &RuntimeCall) -> Rank {
		match call {
			RuntimeCall::Utility(pallet_utility::Call::batch_all { .. }) => Rank::Restrictive,
			_ => Rank::Paying,
		}
	}

	/// Something only for one kind of call, so that most tests need not know of it.
	fn weight(call: &RuntimeCall) -> Weight {
		match call {
			RuntimeCall::Utility(_) => Weight::from_parts(7, 7),
			_ => Weight::zero(),
		}
	}
}

/// Takes two calls of another pallet for free ones.
pub struct SomeFree;

impl FreeCalls<RuntimeCall> for SomeFree {
	fn signer(call: &RuntimeCall) -> Signer {
		match call {
			RuntimeCall::Balances(pallet_balances::Call::transfer_all { .. }) => Signer::Holding(Roles::RECORDS),
			RuntimeCall::Balances(pallet_balances::Call::burn { .. }) => Signer::Nobody,
			_ => Signer::Member,
		}
	}

	fn decides(call: &RuntimeCall) -> bool {
		matches!(call, RuntimeCall::Multisig(_))
	}
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type BaseCallFilter = NoFreeBytes;
	type Block = Block;
	type AccountId = AccountId;
	type Lookup = IdentityLookup<AccountId>;
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
	type MaxPending = ConstU32<2>;
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

pub const ROTATION_PAUSE: u64 = 100;
pub const APPLICATION_DEPOSIT: u64 = 1_000;
pub const ORGANISATION_DEPOSIT: u64 = 300;
pub const MEMBER_DEPOSIT: u64 = 20;
pub const LICENCE_DEPOSIT: u64 = 7;

parameter_types! {
	pub const ConsortiumAccount: AccountId = account(0xcc);
	pub const ApplicationHold: RuntimeHoldReason = RuntimeHoldReason::Registry(HoldReason::Application);
	pub const OrganisationHold: RuntimeHoldReason = RuntimeHoldReason::Registry(HoldReason::Organisation);
	pub const MemberHold: RuntimeHoldReason = RuntimeHoldReason::Registry(HoldReason::Member);
	pub const LicenceHold: RuntimeHoldReason = RuntimeHoldReason::Registry(HoldReason::Licence);
}

type Deposit<Reason, const PRICE: u64> =
	HoldConsideration<AccountId, Balances, Reason, ConstantStoragePrice<ConstU64<PRICE>, u64>>;

impl Config for Test {
	type ConsortiumOrigin = frame_system::EnsureRoot<AccountId>;
	type Time = Timestamp;
	type OnVoiceChange = MockVoices;
	type Guests = OneGuest;
	type FreeCalls = SomeFree;
	type Currency = Balances;
	type ConsortiumAccount = ConsortiumAccount;
	type ApplicationConsideration = Deposit<ApplicationHold, APPLICATION_DEPOSIT>;
	type OrganisationConsideration = Deposit<OrganisationHold, ORGANISATION_DEPOSIT>;
	type MemberConsideration = Deposit<MemberHold, MEMBER_DEPOSIT>;
	type LicenceConsideration = Deposit<LicenceHold, LICENCE_DEPOSIT>;
	type MaxOrganisations = ConstU32<4>;
	type MaxLicencesPerHolder = ConstU32<3>;
	type RotationPause = ConstU64<ROTATION_PAUSE>;
	type MaxFreePerBlock = ConstU32<2>;
	type WeightInfo = ();
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = Clock;
}

#[cfg(feature = "runtime-benchmarks")]
pub struct Clock;

#[cfg(feature = "runtime-benchmarks")]
impl crate::BenchmarkHelper for Clock {
	fn set_time(now: Moment) {
		set_time(now.0);
	}
}

pub const fn account(id: u8) -> AccountId {
	AccountId::new([id; 32])
}

pub struct ExtBuilder(GenesisConfig<Test>);

impl Default for ExtBuilder {
	fn default() -> Self {
		Self(consortium())
	}
}

impl ExtBuilder {
	pub fn genesis(registry: GenesisConfig<Test>) -> Self {
		Self(registry)
	}

	pub fn build(self) -> sp_io::TestExternalities {
		MockRegistry::reset();
		GUESTS.with_borrow_mut(Vec::clear);
		let sovereigns = (0..8).map(|id| (OrgId(id).sovereign_account(), 10_000)).filter(|(id, _)| *id != sovereign(3));
		let accounts = (1..8).map(|id| (account(id), 1_000));
		let balances = accounts.chain(sovereigns).chain([(ConsortiumAccount::get(), 1_000_000)]).collect();
		let balances = pallet_balances::GenesisConfig { balances, ..Default::default() };
		let genesis = RuntimeGenesisConfig { balances, registry: self.0, ..Default::default() };
		let mut ext = sp_io::TestExternalities::new(genesis.build_storage().unwrap());
		ext.execute_with(|| {
			System::set_block_number(1);
			set_time(START);
		});
		ext
	}

	/// Runs the test and then checks everything that always holds.
	pub fn build_and_execute(self, test: impl FnOnce()) {
		self.build().execute_with(|| {
			test();
			check_all();
		});
	}
}

pub fn sovereign(organisation: u32) -> AccountId {
	OrgId(organisation).sovereign_account()
}

pub fn held(organisation: OrgId, reason: HoldReason) -> u64 {
	Balances::balance_on_hold(&reason.into(), &organisation.sovereign_account())
}

pub fn set_time(now: u64) {
	Timestamp::set_timestamp(now);
}

pub fn signed(who: AccountId) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

/// The consortium's origin.
pub fn council() -> RuntimeOrigin {
	RuntimeOrigin::root()
}

pub fn moment(at: u64) -> Option<Moment> {
	Some(Moment(at))
}
