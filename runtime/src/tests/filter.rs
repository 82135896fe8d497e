// SPDX-License-Identifier: Apache-2.0
//! Which calls pass, alone and within others.

use super::{account, development};
use crate::{
	delegation::ProxyType,
	filter::{CallFilter, MAX_NESTING},
	Address, OriginCaller, Runtime, RuntimeCall, RuntimeOrigin, System,
};
use codec::Encode;
use epidaurus_primitives::ids::OrgId;
use frame_support::{
	assert_noop, assert_ok,
	dispatch::RawOrigin,
	traits::{Contains, UnfilteredDispatchable},
	weights::Weight,
};
use sp_core::H256;
use sp_runtime::{
	traits::{BlakeTwo256, Dispatchable, Hash},
	MultiAddress,
};

fn remark() -> RuntimeCall {
	frame_system::Call::remark { remark: b"a name".to_vec() }.into()
}

fn harmless() -> RuntimeCall {
	pallet_session::Call::purge_keys {}.into()
}

fn transfer(dest: Address) -> RuntimeCall {
	pallet_balances::Call::transfer_keep_alive { dest, value: 1 }.into()
}

fn id(seed: &str) -> Address {
	MultiAddress::Id(account(seed))
}

/// An address can be a text of any length.
fn text() -> Address {
	MultiAddress::Raw(b"a name".to_vec())
}

fn note(bytes: Vec<u8>) -> RuntimeCall {
	pallet_preimage::Call::note_preimage { bytes }.into()
}

fn relay(call: RuntimeCall) -> RuntimeCall {
	let subject = epidaurus_primitives::ids::SubjectId([0; 32]);
	let signature = crate::Signature::Sr25519(sp_core::sr25519::Signature::from_raw([0; 64]));
	let (nonce, expires_at) = (0, epidaurus_primitives::moment::Moment(0));
	pallet_subjects::Call::relay { subject, nonce, expires_at, call: Box::new(call), signature }.into()
}

fn propose(call: RuntimeCall) -> RuntimeCall {
	let length_bound = u32::try_from(call.encoded_size()).expect("small");
	pallet_collective::Call::propose { threshold: 8, proposal: Box::new(call), length_bound }.into()
}

/// Every open way to make a call by another call.
fn wrapped(call: RuntimeCall) -> Vec<RuntimeCall> {
	let others = vec![account("Bob")];
	let boxed = || Box::new(call.clone());
	let list = || vec![harmless(), call.clone()];
	vec![
		pallet_utility::Call::batch { calls: list() }.into(),
		pallet_utility::Call::batch_all { calls: list() }.into(),
		pallet_utility::Call::force_batch { calls: list() }.into(),
		pallet_utility::Call::as_derivative { index: 0, call: boxed() }.into(),
		pallet_utility::Call::if_else { main: boxed(), fallback: Box::new(harmless()) }.into(),
		pallet_utility::Call::if_else { main: Box::new(harmless()), fallback: boxed() }.into(),
		pallet_proxy::Call::proxy { real: id("Bob"), force_proxy_type: None, call: boxed() }.into(),
		pallet_proxy::Call::proxy_announced {
			delegate: id("Alice"),
			real: id("Bob"),
			force_proxy_type: None,
			call: boxed(),
		}
		.into(),
		pallet_multisig::Call::as_multi_threshold_1 { other_signatories: others.clone(), call: boxed() }.into(),
		pallet_multisig::Call::as_multi {
			threshold: 2,
			other_signatories: others,
			maybe_timepoint: None,
			call: boxed(),
			max_weight: Weight::zero(),
		}
		.into(),
		pallet_scheduler::Call::schedule { when: 9, maybe_periodic: None, priority: 0, call: boxed() }.into(),
		pallet_scheduler::Call::schedule_after { after: 9, maybe_periodic: None, priority: 0, call: boxed() }.into(),
		propose(call.clone()),
		pallet_collective::Call::execute { proposal: boxed(), length_bound: 1_000 }.into(),
		note(call.encode()),
		relay(call),
	]
}

/// One call of each kind that is closed.
fn closed() -> Vec<RuntimeCall> {
	[closed_system(), closed_money(), closed_collators(), closed_wrappers(), closed_accounts(), closed_scheduler()]
		.concat()
}

fn closed_system() -> Vec<RuntimeCall> {
	vec![
		remark(),
		frame_system::Call::remark_with_event { remark: vec![0] }.into(),
		frame_system::Call::set_storage { items: vec![(vec![0], vec![0])] }.into(),
		frame_system::Call::kill_storage { keys: vec![vec![0]] }.into(),
		frame_system::Call::kill_prefix { prefix: vec![0], subkeys: 0 }.into(),
		frame_system::Call::set_code { code: vec![0] }.into(),
		frame_system::Call::set_code_without_checks { code: vec![0] }.into(),
		frame_system::Call::set_heap_pages { pages: 1 }.into(),
		frame_system::Call::authorize_upgrade { code_hash: H256::zero() }.into(),
		frame_system::Call::authorize_upgrade_without_checks { code_hash: H256::zero() }.into(),
		frame_system::Call::apply_authorized_upgrade { code: vec![0] }.into(),
		cumulus_pallet_parachain_system::Call::sudo_send_upward_message { message: Default::default() }.into(),
	]
}

fn closed_money() -> Vec<RuntimeCall> {
	vec![
		transfer(text()),
		transfer(MultiAddress::Address32([0; 32])),
		transfer(MultiAddress::Address20([0; 20])),
		transfer(MultiAddress::Index(())),
		pallet_balances::Call::transfer_allow_death { dest: text(), value: 1 }.into(),
		pallet_balances::Call::transfer_all { dest: text(), keep_alive: true }.into(),
		pallet_balances::Call::upgrade_accounts { who: vec![account("Alice")] }.into(),
		pallet_balances::Call::force_transfer { source: id("Bob"), dest: id("Alice"), value: 1 }.into(),
		pallet_balances::Call::force_unreserve { who: id("Bob"), amount: 1 }.into(),
		pallet_balances::Call::force_set_balance { who: id("Bob"), new_free: 1 }.into(),
		pallet_balances::Call::burn { value: 1, keep_alive: true }.into(),
	]
}

fn closed_collators() -> Vec<RuntimeCall> {
	vec![
		pallet_collator_selection::Call::set_invulnerables { new: vec![account("Alice"); 101] }.into(),
		pallet_collator_selection::Call::set_desired_candidates { max: 1 }.into(),
		pallet_collator_selection::Call::set_candidacy_bond { bond: 1 }.into(),
		pallet_collator_selection::Call::register_as_candidate {}.into(),
		pallet_collator_selection::Call::leave_intent {}.into(),
		pallet_collator_selection::Call::update_bond { new_deposit: 1 }.into(),
		pallet_collator_selection::Call::take_candidate_slot { deposit: 1, target: account("Alice") }.into(),
		pallet_session::Call::set_keys { keys: session_keys(), proof: vec![0; 65] }.into(),
	]
}

fn closed_wrappers() -> Vec<RuntimeCall> {
	let boxed = || Box::new(harmless());
	let as_origin = || Box::new(OriginCaller::system(RawOrigin::Root));
	let others = vec![account("Alice"); 17];
	let members = vec![account("Alice")];
	vec![
		pallet_utility::Call::dispatch_as { as_origin: as_origin(), call: boxed() }.into(),
		pallet_utility::Call::dispatch_as_fallible { as_origin: as_origin(), call: boxed() }.into(),
		pallet_utility::Call::with_weight { call: boxed(), weight: Weight::zero() }.into(),
		pallet_multisig::Call::as_multi_threshold_1 { other_signatories: others.clone(), call: boxed() }.into(),
		pallet_multisig::Call::poke_deposit { threshold: 2, other_signatories: others, call_hash: [0; 32] }.into(),
		pallet_collective::Call::set_members { new_members: members, prime: None, old_count: 0 }.into(),
		note(b"a name".to_vec()),
		note([harmless().encode(), b"a name".to_vec()].concat()),
		note(Vec::new()),
		pallet_preimage::Call::ensure_updated { hashes: vec![H256::zero()] }.into(),
	]
}

fn closed_accounts() -> Vec<RuntimeCall> {
	let (proxy_type, call_hash) = (ProxyType::Any, H256::zero());
	let call = || Box::new(harmless());
	let force_proxy_type = None;
	vec![
		pallet_proxy::Call::proxy { real: text(), force_proxy_type, call: call() }.into(),
		pallet_proxy::Call::proxy_announced { delegate: text(), real: id("Bob"), force_proxy_type, call: call() }
			.into(),
		pallet_proxy::Call::proxy_announced { delegate: id("Bob"), real: text(), force_proxy_type, call: call() }
			.into(),
		pallet_proxy::Call::add_proxy { delegate: text(), proxy_type, delay: 0 }.into(),
		pallet_proxy::Call::remove_proxy { delegate: text(), proxy_type, delay: 0 }.into(),
		pallet_proxy::Call::announce { real: text(), call_hash }.into(),
		pallet_proxy::Call::remove_announcement { real: text(), call_hash }.into(),
		pallet_proxy::Call::reject_announcement { delegate: text(), call_hash }.into(),
		pallet_proxy::Call::kill_pure { spawner: text(), proxy_type, index: 0, height: 0, ext_index: 0 }.into(),
	]
}

/// A name is 32 free bytes.
fn closed_scheduler() -> Vec<RuntimeCall> {
	let (name, period) = ([0; 32], 1);
	let call = || Box::new(harmless());
	let (maybe_periodic, priority) = (None, 0);
	vec![
		pallet_scheduler::Call::schedule_named { id: name, when: 9, maybe_periodic, priority, call: call() }.into(),
		pallet_scheduler::Call::schedule_named_after { id: name, after: 9, maybe_periodic, priority, call: call() }
			.into(),
		pallet_scheduler::Call::cancel_named { id: name }.into(),
		pallet_scheduler::Call::set_retry_named { id: name, retries: 1, period }.into(),
		pallet_scheduler::Call::cancel_retry_named { id: name }.into(),
	]
}

/// One call of each kind that is open.
fn open() -> Vec<RuntimeCall> {
	let alice = account("Alice");
	let others = vec![alice.clone(); 16];
	let hash = H256::zero();
	let mut calls = vec![
		harmless(),
		transfer(id("Bob")),
		pallet_balances::Call::transfer_allow_death { dest: id("Bob"), value: 1 }.into(),
		pallet_balances::Call::transfer_all { dest: id("Bob"), keep_alive: true }.into(),
		pallet_timestamp::Call::set { now: 1 }.into(),
		pallet_collator_selection::Call::set_invulnerables { new: vec![alice.clone(); 100] }.into(),
		pallet_collator_selection::Call::add_invulnerable { who: alice.clone() }.into(),
		pallet_collator_selection::Call::remove_invulnerable { who: alice.clone() }.into(),
		pallet_session::Call::set_keys { keys: session_keys(), proof: vec![0; 64] }.into(),
		pallet_proxy::Call::add_proxy { delegate: id("Bob"), proxy_type: Default::default(), delay: 0 }.into(),
		pallet_proxy::Call::remove_proxies {}.into(),
		pallet_proxy::Call::announce { real: id("Bob"), call_hash: hash }.into(),
		pallet_multisig::Call::poke_deposit { threshold: 2, other_signatories: others, call_hash: [0; 32] }.into(),
		pallet_preimage::Call::unnote_preimage { hash }.into(),
		pallet_preimage::Call::request_preimage { hash }.into(),
		pallet_scheduler::Call::cancel { when: 9, index: 0 }.into(),
		pallet_collective::Call::vote { proposal: hash, index: 0, approve: true }.into(),
		pallet_collective::Call::release_proposal_cost { proposal_hash: hash }.into(),
		pallet_registry::Call::suspend_organisation { organisation: OrgId(0) }.into(),
		pallet_upgrades::Call::authorise { code_hash: hash }.into(),
		pallet_upgrades::Call::withdraw {}.into(),
		pallet_subjects::Call::contest_rebind {}.into(),
		pallet_ehr::Call::mark_entered_in_error { record: epidaurus_primitives::ids::RecordId([0; 16]) }.into(),
	];
	calls.extend(wrapped(harmless()));
	calls
}

fn session_keys() -> crate::SessionKeys {
	use sp_core::crypto::UncheckedFrom;
	crate::SessionKeys { aura: sp_core::sr25519::Public::unchecked_from([1; 32]).into() }
}

#[test]
fn call_that_is_needed_passes() {
	development().execute_with(|| {
		for call in open() {
			assert!(CallFilter::contains(&call), "{call:?}");
		}
	});
}

#[test]
fn call_with_free_bytes_or_of_no_use_is_refused() {
	development().execute_with(|| {
		for call in closed() {
			assert!(!CallFilter::contains(&call), "{call:?}");
			assert_noop!(
				call.dispatch(RuntimeOrigin::signed(account("Alice"))),
				frame_system::Error::<Runtime>::CallFiltered
			);
		}
	});
}

#[test]
fn call_within_another_is_refused_like_alone() {
	development().execute_with(|| {
		for inner in closed() {
			for call in wrapped(inner) {
				assert!(!CallFilter::contains(&call), "{call:?}");
			}
		}
	});
}

#[test]
fn call_within_two_others_is_refused_like_alone() {
	development().execute_with(|| {
		for call in wrapped(remark()).into_iter().flat_map(wrapped) {
			assert!(!CallFilter::contains(&call), "{call:?}");
		}
		for call in wrapped(harmless()).into_iter().flat_map(wrapped) {
			assert!(CallFilter::contains(&call), "{call:?}");
		}
	});
}

#[test]
fn nesting_is_bounded() {
	development().execute_with(|| {
		let nest = |levels: u32| {
			(0..levels).fold(harmless(), |call, _| pallet_utility::Call::batch { calls: vec![call] }.into())
		};
		assert!(CallFilter::contains(&nest(MAX_NESTING)));
		assert!(!CallFilter::contains(&nest(MAX_NESTING + 1)));
		assert!(CallFilter::contains(&note(nest(MAX_NESTING - 1).encode())));
		assert!(!CallFilter::contains(&note(nest(MAX_NESTING).encode())));
		// As deep as a transaction can be decoded: refused, not overflown.
		assert!(!CallFilter::contains(&nest(250)));
	});
}

#[test]
fn preimages_within_preimages_are_bounded() {
	development().execute_with(|| {
		let bomb = (0..100_000).fold(harmless().encode(), |bytes, _| note(bytes).encode());
		assert!(!CallFilter::contains(&note(bomb)));
	});
}

#[test]
fn preimage_that_would_fill_the_memory_is_refused() {
	development().execute_with(|| {
		// Two bytes each, and a hundred times as much in memory.
		let many = pallet_utility::Call::<Runtime>::batch { calls: vec![harmless(); 1_000_000] };
		assert!(!CallFilter::contains(&note(RuntimeCall::from(many).encode())));
	});
}

/// The filter looks through what it lets pass; but also a call that reached its wrapper without it is filtered again.
#[test]
fn wrappers_filter_what_they_dispatch() {
	development().execute_with(|| {
		let alice = RuntimeOrigin::signed(account("Alice"));
		let batch = pallet_utility::Call::<Runtime>::batch_all { calls: vec![remark()] };
		assert_eq!(
			batch.dispatch_bypass_filter(alice.clone()).map_err(|error| error.error),
			Err(frame_system::Error::<Runtime>::CallFiltered.into())
		);
		let multi = pallet_multisig::Call::<Runtime>::as_multi_threshold_1 {
			other_signatories: vec![account("Bob")],
			call: Box::new(remark()),
		};
		assert_eq!(
			multi.dispatch_bypass_filter(alice.clone()).map_err(|error| error.error),
			Err(frame_system::Error::<Runtime>::CallFiltered.into())
		);
		let add = pallet_proxy::Call::<Runtime>::add_proxy {
			delegate: id("Alice"),
			proxy_type: Default::default(),
			delay: 0,
		};
		assert_ok!(RuntimeCall::from(add).dispatch(RuntimeOrigin::signed(account("Bob"))));
		let proxy =
			pallet_proxy::Call::<Runtime>::proxy { real: id("Bob"), force_proxy_type: None, call: Box::new(remark()) };
		assert_ok!(proxy.dispatch_bypass_filter(alice.clone()));
		System::assert_last_event(
			pallet_proxy::Event::ProxyExecuted { result: Err(frame_system::Error::<Runtime>::CallFiltered.into()) }
				.into(),
		);
		let execute = pallet_collective::Call::<Runtime, crate::configs::CouncilInstance>::execute {
			proposal: Box::new(remark()),
			length_bound: 100,
		};
		assert_ok!(execute.dispatch_bypass_filter(alice));
		System::assert_last_event(
			pallet_collective::Event::<Runtime, crate::configs::CouncilInstance>::MemberExecuted {
				proposal_hash: BlakeTwo256::hash_of(&remark()),
				result: Err(frame_system::Error::<Runtime>::CallFiltered.into()),
			}
			.into(),
		);
	});
}

#[test]
fn only_the_authorised_code_passes() {
	development().execute_with(|| {
		let apply = |code: &[u8]| -> RuntimeCall {
			frame_system::Call::apply_authorized_upgrade { code: code.to_vec() }.into()
		};
		assert!(!CallFilter::contains(&apply(b"code")));
		assert_ok!(System::authorize_upgrade(RuntimeOrigin::root(), BlakeTwo256::hash(b"code")));
		assert!(CallFilter::contains(&apply(b"code")));
		assert!(!CallFilter::contains(&apply(b"a name")));
	});
}

/// Not with the SDK's call, which wants Root; the council has its own.
#[test]
fn sdk_upgrade_cannot_be_authorised_by_a_member_or_the_council() {
	development().execute_with(|| {
		let code_hash = H256::repeat_byte(1);
		let call = || frame_system::Call::<Runtime>::authorize_upgrade { code_hash };
		let council = pallet_collective::RawOrigin::Members(11, 11).into();
		for origin in [RuntimeOrigin::signed(account("Alice")), council] {
			assert_noop!(call().dispatch_bypass_filter(origin), sp_runtime::DispatchError::BadOrigin);
		}
	});
}
