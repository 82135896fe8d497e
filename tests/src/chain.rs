// SPDX-License-Identifier: Apache-2.0
//! Blocks and transactions.

use crate::{
	actors::{account, pair, SEATS},
	upgrades::VersionIsCode,
};
use codec::{Decode, Encode};
use epidaurus_primitives::{
	moment::Moment,
	registry::{OrganisationStatus, Roles},
	views::{Cursor, MemberView, OrganisationView, Page, MAX_PAGE},
};
use epidaurus_runtime::{
	apis::api, configs::CouncilInstance, constants::time::SLOT_DURATION, genesis_config_presets::genesis_config,
	AccountId, Balance, Balances, Executive, Header, Runtime, RuntimeCall, RuntimeEvent, RuntimeGenesisConfig, System,
	TxExtension, UncheckedExtrinsic,
};
use frame_support::{
	dispatch::DispatchResult,
	storage::{with_transaction, TransactionOutcome},
	weights::Weight,
};
use sp_consensus_aura::{digests::CompatibleDigestItem, sr25519::AuthoritySignature, Slot};
use sp_core::{traits::ReadRuntimeVersionExt, Pair};
use sp_io::TestExternalities;
use sp_runtime::{
	generic::{Era, SignedPayload},
	traits::{BlakeTwo256, Hash, Header as _, TrailingZeroInput},
	transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidity, TransactionValidityError},
	ApplyExtrinsicResult, BuildStorage, Digest, DigestItem, DispatchError, MultiAddress, MultiSignature,
};

/// 2026-11-20T09:30:00Z in milliseconds, when the first block of each story begins.
pub const START: u64 = 1_795_167_000_000;
/// Length of a motion's call that is more than any call of the stories has.
const LENGTH_BOUND: u32 = 10_000;

/// A chain with an open block. When a story is over, what always holds is checked.
pub struct Chain {
	state: TestExternalities,
	slot: u64,
	issuance: Balance,
	spoilt: bool,
}

impl Default for Chain {
	fn default() -> Self {
		Self::new()
	}
}

impl Chain {
	/// The preset `development`; block 1 has begun.
	pub fn new() -> Self {
		Self::with(|_| ())
	}

	/// The preset `development`, changed.
	pub fn with(change: impl FnOnce(&mut RuntimeGenesisConfig)) -> Self {
		let mut config = genesis_config(&"development".into()).expect("the preset exists");
		change(&mut config);
		let genesis = config.build_storage().expect("the preset builds");
		// Written as a block would write it, and not handed over as a trie: so it is read several times as fast.
		let mut state = TestExternalities::new_empty();
		state.execute_with(|| genesis.top.iter().for_each(|(key, value)| sp_io::storage::set(key, value)));
		let issuance = state.execute_with(Balances::total_issuance);
		let mut chain = Self { state, slot: START / SLOT_DURATION, issuance, spoilt: false };
		chain.begin_block();
		chain
	}

	/// The preset `development`, where the versions of code can be read.
	pub fn with_versions() -> Self {
		let mut chain = Self::new();
		chain.state.register_extension(ReadRuntimeVersionExt::new(VersionIsCode));
		chain
	}

	/// What always holds: the council is the controllers of active organisations, control is with members, no token was
	/// made or burnt, and our pallets find their state in order. With the feature `try-runtime` the SDK's do too.
	pub fn check(&mut self) {
		let organisations: Page<OrganisationView<AccountId>> =
			self.ask("RegistryApi_organisations", (None::<Cursor>, MAX_PAGE));
		let mut controllers = Vec::new();
		for organisation in organisations.items {
			let controller = organisation.controller;
			let admitted = organisation.status != OrganisationStatus::Applied;
			let member: Option<MemberView<AccountId>> = self.ask("RegistryApi_member", (&controller, None::<Moment>));
			let controls = member.is_some_and(|member| {
				member.organisation == organisation.id && member.roles.contains(Roles::CONTROLLER)
			});
			assert_eq!(controls, admitted, "{:?}", organisation.id);
			if organisation.status == OrganisationStatus::Active {
				controllers.push(controller);
			}
		}
		controllers.sort();
		let seats = self.run(pallet_collective::Members::<Runtime, CouncilInstance>::get);
		assert_eq!(seats, controllers, "the council is the controllers of active organisations");
		assert_eq!(self.run(Balances::total_issuance), self.issuance, "tokens were made or burnt");
		self.run(|| {
			pallet_registry::Pallet::<Runtime>::do_try_state()?;
			pallet_subjects::Pallet::<Runtime>::do_try_state()?;
			pallet_ehr::Pallet::<Runtime>::do_try_state()?;
			pallet_upgrades::Pallet::<Runtime>::do_try_state()
		})
		.expect("our pallets find everything in order");
		#[cfg(feature = "try-runtime")]
		self.run(|| {
			use frame_support::traits::{TryState, TryStateSelect};
			let number = System::block_number();
			epidaurus_runtime::AllPalletsWithSystem::try_state(number, TryStateSelect::All)
		})
		.expect("the pallets find everything in order");
	}

	/// From now on the state is broken on purpose: the end of the story checks nothing.
	pub fn spoil(&mut self) {
		self.spoilt = true;
	}

	/// Looks at the state, or changes it past all rules.
	pub fn run<Answer>(&mut self, look: impl FnOnce() -> Answer) -> Answer {
		self.state.execute_with(look)
	}

	/// The time of the block.
	pub fn now(&self) -> Moment {
		Moment(self.slot * SLOT_DURATION)
	}

	/// What an account can spend.
	pub fn balance(&mut self, who: &AccountId) -> Balance {
		self.run(|| Balances::free_balance(who))
	}

	/// Events of the block so far.
	pub fn events(&mut self) -> Vec<RuntimeEvent> {
		self.run(|| System::events().into_iter().map(|record| record.event).collect())
	}

	/// Asks a runtime API as `state_call` does.
	pub fn ask<Answer: Decode>(&mut self, method: &str, arguments: impl Encode) -> Answer {
		let answer = self.run(|| api::dispatch(method, &arguments.encode())).expect("the method exists");
		Answer::decode(&mut answer.as_slice()).expect("the answer has this type")
	}

	/// Ends the block and begins the next one, a slot later.
	pub fn next_block(&mut self) {
		self.sleep(SLOT_DURATION);
	}

	/// Ends the block and begins the next one so many milliseconds later, or a little more.
	pub fn sleep(&mut self, milliseconds: u64) {
		self.run(|| {
			Executive::finalize_block();
		});
		self.slot += milliseconds.div_ceil(SLOT_DURATION);
		self.begin_block();
	}

	fn begin_block(&mut self) {
		let slot = Slot::from(self.slot);
		let now = self.now().0;
		self.run(|| {
			let pre_digest = <DigestItem as CompatibleDigestItem<AuthoritySignature>>::aura_pre_digest(slot);
			let number = System::block_number() + 1;
			let parent = System::parent_hash();
			let digest = Digest { logs: vec![pre_digest] };
			Executive::initialize_block(&Header::new(number, Default::default(), Default::default(), parent, digest));
			set_relay_chain();
			let clock = pallet_timestamp::Call::set { now };
			let inherent = UncheckedExtrinsic::new_bare(clock.into());
			assert_eq!(Executive::apply_extrinsic(inherent), Ok(Ok(())));
		});
	}

	/// The transaction, signed, with the account's next nonce.
	pub fn sign(&mut self, who: &str, call: RuntimeCall, tip: Balance) -> UncheckedExtrinsic {
		self.run(|| {
			let signer = account(who);
			let extension: TxExtension = (
				frame_system::AuthorizeCall::new(),
				frame_system::CheckNonZeroSender::new(),
				frame_system::CheckSpecVersion::new(),
				frame_system::CheckTxVersion::new(),
				frame_system::CheckGenesis::new(),
				frame_system::CheckEra::from(Era::Immortal),
				frame_system::CheckNonce::from(System::account_nonce(&signer)),
				frame_system::CheckWeight::new(),
				pallet_registry::CheckMember::new(),
				pallet_transaction_payment::ChargeTransactionPayment::from(tip),
				frame_metadata_hash_extension::CheckMetadataHash::new(false),
			)
				.into();
			let payload = SignedPayload::new(call, extension).expect("the extensions know what they add");
			let signature: MultiSignature = payload.using_encoded(|bytes| pair(who).sign(bytes)).into();
			let (call, extension, _) = payload.deconstruct();
			UncheckedExtrinsic::new_signed(call, MultiAddress::Id(signer), signature, extension)
		})
	}

	/// What the pool says.
	pub fn validate(&mut self, transaction: UncheckedExtrinsic) -> TransactionValidity {
		self.run(|| {
			with_transaction(|| {
				let validity =
					Executive::validate_transaction(TransactionSource::External, transaction, System::parent_hash());
				TransactionOutcome::Rollback(Ok::<_, DispatchError>(validity))
			})
		})
		.expect("nothing else can fail")
	}

	/// What the block's author does: one that is not valid leaves no trace.
	pub fn apply(&mut self, transaction: UncheckedExtrinsic) -> ApplyExtrinsicResult {
		self.run(|| {
			with_transaction(|| {
				let result = Executive::apply_extrinsic(transaction);
				match result {
					Ok(_) => TransactionOutcome::Commit(Ok::<_, DispatchError>(result)),
					Err(_) => TransactionOutcome::Rollback(Ok(result)),
				}
			})
		})
		.expect("nothing else can fail")
	}

	/// Sends a call: pool, then block. Gives what came of the call.
	pub fn send(
		&mut self,
		who: &str,
		call: impl Into<RuntimeCall>,
	) -> Result<DispatchResult, TransactionValidityError> {
		let transaction = self.sign(who, call.into(), 0);
		let validity = self.validate(transaction.clone());
		let result = self.apply(transaction);
		// The pool asks about the next block: what finds no room in this one stays there.
		let full = TransactionValidityError::from(InvalidTransaction::ExhaustsResources);
		assert!(result == Err(full) || validity.err() == result.err(), "pool and block must agree: {result:?}");
		result
	}

	/// Sends a call that works.
	pub fn ok(&mut self, who: &str, call: impl Into<RuntimeCall>) {
		let call = call.into();
		assert_eq!(self.send(who, call.clone()), Ok(Ok(())), "{who} sends {call:?}");
	}

	/// Sends a call that is taken into the block and fails there.
	pub fn fails(&mut self, who: &str, call: impl Into<RuntimeCall>, error: impl Into<DispatchError>) {
		let call = call.into();
		let expected = error.into();
		match self.send(who, call.clone()) {
			Ok(Err(found)) => assert_eq!(found.stripped(), expected.stripped(), "{who} sends {call:?}"),
			other => panic!("{who} sends {call:?}: {other:?}"),
		}
	}

	/// Sends a call that neither the pool nor a block takes; nothing changes.
	pub fn refused(&mut self, who: &str, call: impl Into<RuntimeCall>, reason: InvalidTransaction) {
		let before = self.state_root();
		assert_eq!(self.send(who, call), Err(reason.into()));
		assert_eq!(self.state_root(), before);
	}

	/// Hash over the whole state.
	pub fn state_root(&mut self) -> Vec<u8> {
		self.run(|| sp_io::storage::root(sp_runtime::StateVersion::V1))
	}

	/// A motion that so many of the seats vote for, in the order of [`SEATS`]; then it is closed.
	pub fn motion(&mut self, call: impl Into<RuntimeCall>, yes: usize) -> Result<DispatchResult, DispatchError> {
		let call = call.into();
		let threshold = u32::try_from(yes).expect("a small council");
		let index = self.run(pallet_collective::ProposalCount::<Runtime, CouncilInstance>::get);
		let proposal = BlakeTwo256::hash_of(&call);
		let propose =
			pallet_collective::Call::propose { threshold, proposal: Box::new(call), length_bound: LENGTH_BOUND };
		self.send(SEATS[0], propose).expect("a controller is a member")?;
		for who in &SEATS[..yes] {
			self.send(who, pallet_collective::Call::vote { proposal, index, approve: true }).expect("valid")?;
		}
		let close = pallet_collective::Call::close {
			proposal_hash: proposal,
			index,
			proposal_weight_bound: Weight::from_parts(1_000_000_000_000, 1_000_000),
			length_bound: LENGTH_BOUND,
		};
		self.send(SEATS[0], close).expect("valid")?;
		let executed = |event| match event {
			RuntimeEvent::Council(pallet_collective::Event::Executed { proposal_hash, result }) => {
				(proposal_hash == proposal).then_some(result)
			},
			_ => None,
		};
		Ok(self.events().into_iter().rev().find_map(executed).expect("a closed motion was executed"))
	}

	/// A motion that passes with two thirds of eleven seats, and works.
	pub fn decide(&mut self, call: impl Into<RuntimeCall>) {
		let call = call.into();
		assert_eq!(self.motion(call.clone(), 8), Ok(Ok(())), "{call:?}");
	}
}

impl Drop for Chain {
	fn drop(&mut self) {
		if !self.spoilt && !std::thread::panicking() {
			self.check();
		}
	}
}

/// What the inherent of the relay chain would bring, as far as the end of a block asks for it: no messages, nothing new.
/// The stories are not about the relay chain; that a true inherent is taken is shown with the node.
fn set_relay_chain() {
	use cumulus_pallet_parachain_system::{
		HostConfiguration, RelevantMessagingState, UnincludedSegment, ValidationData,
	};
	fn nothing<Value: Decode>() -> Option<Value> {
		Value::decode(&mut TrailingZeroInput::zeroes()).ok()
	}
	UnincludedSegment::<Runtime>::kill();
	ValidationData::<Runtime>::set(nothing());
	HostConfiguration::<Runtime>::set(nothing());
	RelevantMessagingState::<Runtime>::set(nothing());
}
