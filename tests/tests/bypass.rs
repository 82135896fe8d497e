// SPDX-License-Identifier: Apache-2.0
//! Ways round: none of them leads past membership, licences, the call filter or the consortium.

use epidaurus_primitives::{
	hash::HashSuite,
	ids::{OrgId, RecordId},
	registry::{OrganisationStatus, Roles},
	views::OrganisationView,
};
use epidaurus_runtime::{
	configs::CouncilInstance, constants::money::EPI, delegation::ProxyType, AccountId, Runtime, RuntimeCall,
	RuntimeEvent, System,
};
use epidaurus_tests::{
	account,
	actors::{CLERK, HOSPITAL, HOSPITAL_CONTROLLER, OTHER_CLERK, OTHER_HOSPITAL, SEATS, STRANGER},
	logs::{commitment, opening},
	Chain,
};
use frame_support::weights::Weight;
use sp_runtime::{transaction_validity::InvalidTransaction, DispatchError, DispatchResult, MultiAddress};

const ROOM: Weight = Weight::from_parts(100_000_000_000, 1_000_000);
/// The patient group; its seat is the last one.
const PATIENTS: OrgId = OrgId(10);
/// Keeps no records.
const PHARMACIST: &str = "Dave//pharmacist";

fn filtered() -> DispatchError {
	frame_system::Error::<Runtime>::CallFiltered.into()
}

fn remark() -> RuntimeCall {
	frame_system::Call::remark { remark: b"Jane Doe, born 1970".to_vec() }.into()
}

fn anchor(record: u8) -> RuntimeCall {
	let commitment = commitment(&opening("a record"));
	let (record, suite) = (RecordId([record; 16]), HashSuite::FhirStaticRoot);
	pallet_ehr::Call::anchor { record, commitment, suite, link: None }.into()
}

fn suspend() -> RuntimeCall {
	pallet_registry::Call::suspend_organisation { organisation: PATIENTS }.into()
}

fn batch(calls: Vec<RuntimeCall>) -> pallet_utility::Call<Runtime> {
	pallet_utility::Call::batch_all { calls }
}

fn proxy(real: AccountId, call: RuntimeCall) -> pallet_proxy::Call<Runtime> {
	pallet_proxy::Call::proxy { real: MultiAddress::Id(real), force_proxy_type: None, call: Box::new(call) }
}

fn propose(threshold: u32, call: RuntimeCall) -> pallet_collective::Call<Runtime, CouncilInstance> {
	pallet_collective::Call::propose { threshold, proposal: Box::new(call), length_bound: 10_000 }
}

fn delegate(chain: &mut Chain, from: &str, to: &str, proxy_type: ProxyType) {
	let delegate = MultiAddress::Id(account(to));
	chain.ok(from, pallet_proxy::Call::add_proxy { delegate, proxy_type, delay: 0 });
}

/// What came of the last call that was made for somebody else.
fn inner_result(chain: &mut Chain) -> DispatchResult {
	let result = |event| match event {
		RuntimeEvent::Proxy(pallet_proxy::Event::ProxyExecuted { result })
		| RuntimeEvent::Multisig(pallet_multisig::Event::MultisigExecuted { result, .. })
		| RuntimeEvent::Council(
			pallet_collective::Event::MemberExecuted { result, .. } | pallet_collective::Event::Executed { result, .. },
		)
		| RuntimeEvent::Scheduler(pallet_scheduler::Event::Dispatched { result, .. }) => Some(result),
		_ => None,
	};
	let found = chain.events().into_iter().rev().find_map(result).expect("something was executed");
	found.map_err(DispatchError::stripped)
}

fn refused_inside(chain: &mut Chain, error: impl Into<DispatchError>) {
	assert_eq!(inner_result(chain), Err(error.into().stripped()));
}

fn patients_are_active(chain: &mut Chain) -> bool {
	let view: Option<OrganisationView<AccountId>> = chain.ask("RegistryApi_organisation", (PATIENTS, None::<()>));
	view.expect("a founder").status == OrganisationStatus::Active
}

/// The account of two signatories.
fn shared(chain: &mut Chain, mut who: [AccountId; 2]) -> AccountId {
	who.sort();
	chain.run(|| pallet_multisig::Pallet::<Runtime>::multi_account_id(&who, 2))
}

/// The call, approved by Alice's clerk and Bob's clerk.
fn as_two(chain: &mut Chain, call: RuntimeCall) {
	let approve = |other: &str, maybe_timepoint| pallet_multisig::Call::<Runtime>::as_multi {
		threshold: 2,
		other_signatories: vec![account(other)],
		maybe_timepoint,
		call: Box::new(call.clone()),
		max_weight: ROOM,
	};
	let timepoint = chain.run(pallet_multisig::Pallet::<Runtime>::timepoint);
	chain.ok(CLERK, approve(OTHER_CLERK, None));
	chain.ok(OTHER_CLERK, approve(CLERK, Some(timepoint)));
}

#[test]
fn stranger_is_refused_whatever_the_call() {
	let mut chain = Chain::with(|config| config.balances.balances.push((account(STRANGER), 1_000 * EPI)));
	let calls: Vec<RuntimeCall> = vec![
		anchor(1),
		batch(vec![anchor(1)]).into(),
		proxy(account(HOSPITAL_CONTROLLER), anchor(1)).into(),
		pallet_balances::Call::transfer_allow_death { dest: MultiAddress::Id(account("Alice")), value: EPI }.into(),
		propose(1, suspend()).into(),
		suspend(),
		remark(),
	];
	for call in calls {
		chain.refused(STRANGER, call, InvalidTransaction::BadSigner);
	}
	// Being sent tokens makes nobody a member.
	chain.ok(
		"Alice",
		pallet_balances::Call::transfer_keep_alive { dest: MultiAddress::Id(account(STRANGER)), value: EPI },
	);
	chain.refused(STRANGER, anchor(1), InvalidTransaction::BadSigner);
}

#[test]
fn stranger_is_refused_though_a_member_trusts_it() {
	let mut chain = Chain::with(|config| config.balances.balances.push((account(STRANGER), 1_000 * EPI)));
	delegate(&mut chain, CLERK, STRANGER, ProxyType::Any);
	chain.refused(STRANGER, proxy(account(CLERK), anchor(1)), InvalidTransaction::BadSigner);
	// A member may act for another who trusts it.
	delegate(&mut chain, CLERK, OTHER_CLERK, ProxyType::Records);
	chain.ok(OTHER_CLERK, proxy(account(CLERK), anchor(1)));
	assert_eq!(inner_result(&mut chain), Ok(()));
}

#[test]
fn accounts_that_members_make_are_no_members() {
	let mut chain = Chain::new();
	let not_a_member = pallet_registry::Error::<Runtime>::NotAMember;
	// A derived one.
	let derived = pallet_utility::Call::as_derivative { index: 0, call: Box::new(anchor(1)) };
	chain.fails(CLERK, derived, not_a_member);
	// A keyless one.
	chain.ok(CLERK, pallet_proxy::Call::create_pure { proxy_type: ProxyType::Any, delay: 0, index: 0 });
	let pure = chain.events().into_iter().rev().find_map(|event| match event {
		RuntimeEvent::Proxy(pallet_proxy::Event::PureCreated { pure, .. }) => Some(pure),
		_ => None,
	});
	chain.ok(CLERK, proxy(pure.expect("created"), anchor(1)));
	refused_inside(&mut chain, pallet_registry::Error::<Runtime>::NotAMember);
	// A shared one.
	as_two(&mut chain, anchor(1));
	refused_inside(&mut chain, pallet_registry::Error::<Runtime>::NotAMember);
}

#[test]
fn shared_account_that_is_a_member_acts_as_one() {
	let mut chain = Chain::new();
	let shared = shared(&mut chain, [account(CLERK), account(OTHER_CLERK)]);
	chain.ok("Alice", pallet_registry::Call::add_member { member: shared, roles: Roles::RECORDS, until: None });
	as_two(&mut chain, anchor(1));
	assert_eq!(inner_result(&mut chain), Ok(()));
}

#[test]
fn wrapping_gives_no_role_and_no_licence() {
	let mut chain = Chain::new();
	chain.fails(PHARMACIST, anchor(1), pallet_registry::Error::<Runtime>::RoleMissing);
	chain.fails(PHARMACIST, batch(vec![anchor(1)]), pallet_registry::Error::<Runtime>::RoleMissing);
	let add = pallet_registry::Call::add_member { member: account("X"), roles: Roles::RECORDS, until: None };
	chain.fails(CLERK, batch(vec![add.into()]), pallet_registry::Error::<Runtime>::RoleMissing);
	chain.ok(CLERK, pallet_utility::Call::force_batch { calls: vec![suspend()] });
	assert!(patients_are_active(&mut chain));
	// The pharmacy gives its pharmacist the role; the licence is still missing.
	let roles = Roles::PHARMACIST.union(Roles::RECORDS);
	chain.ok("Dave", pallet_registry::Call::change_member { member: account(PHARMACIST), roles, until: None });
	chain.fails(PHARMACIST, batch(vec![anchor(1)]), pallet_registry::Error::<Runtime>::NoLicence);
	// Nobody acts for somebody who did not say so.
	chain.fails(OTHER_CLERK, proxy(account(CLERK), anchor(1)), pallet_proxy::Error::<Runtime>::NotProxy);
}

#[test]
fn proxy_does_no_more_than_its_type_says() {
	let mut chain = Chain::new();
	let transfer: RuntimeCall =
		pallet_balances::Call::transfer_keep_alive { dest: MultiAddress::Id(account("Bob")), value: EPI }.into();
	let fund: RuntimeCall =
		pallet_registry::Call::fund_member { member: account(HOSPITAL_CONTROLLER), amount: EPI }.into();
	let vote: RuntimeCall = propose(8, suspend()).into();
	let change = || -> RuntimeCall {
		pallet_registry::Call::add_member { member: account("X"), roles: Roles::RECORDS, until: None }.into()
	};
	let open = || -> RuntimeCall {
		let delegate = MultiAddress::Id(account(PHARMACIST));
		pallet_proxy::Call::add_proxy { delegate, proxy_type: ProxyType::Any, delay: 0 }.into()
	};
	// Each would make the proxy the organisation itself, or end it.
	let control: [RuntimeCall; 4] = [
		pallet_registry::Call::rotate_controller { new: account(CLERK) }.into(),
		pallet_registry::Call::leave {}.into(),
		pallet_registry::Call::offer_succession { predecessor: HOSPITAL, successor: OTHER_HOSPITAL }.into(),
		pallet_registry::Call::accept_succession {
			predecessor: OTHER_HOSPITAL,
			handover: commitment(&opening("a statement")),
		}
		.into(),
	];
	let resign: RuntimeCall = pallet_registry::Call::resign {}.into();
	let sponsor: RuntimeCall = pallet_registry::Call::withdraw_application { organisation: OrgId(11) }.into();
	let forbidden = [
		(ProxyType::NoMoney, vec![transfer.clone(), fund.clone(), open()]),
		(ProxyType::Records, vec![transfer.clone(), fund.clone(), vote.clone(), change(), open()]),
		(ProxyType::Registry, vec![transfer.clone(), fund.clone(), vote, anchor(1), open(), resign, sponsor]),
		(ProxyType::Council, vec![transfer, fund, change(), anchor(1), open()]),
	];
	for (proxy_type, mut calls) in forbidden {
		calls.extend(control.clone());
		let delegate = MultiAddress::Id(account(CLERK));
		let add = pallet_proxy::Call::add_proxy { delegate: delegate.clone(), proxy_type, delay: 0 };
		chain.ok(HOSPITAL_CONTROLLER, add);
		for call in calls {
			for wrapped in [call.clone(), batch(vec![call.clone()]).into()] {
				chain.ok(CLERK, proxy(account(HOSPITAL_CONTROLLER), wrapped));
				refused_inside(&mut chain, filtered());
			}
		}
		chain.ok(HOSPITAL_CONTROLLER, pallet_proxy::Call::remove_proxy { delegate, proxy_type, delay: 0 });
	}
	for proxy_type in [ProxyType::NoMoney, ProxyType::Registry] {
		delegate(&mut chain, HOSPITAL_CONTROLLER, CLERK, proxy_type);
		let member = account(&format!("{proxy_type:?}"));
		let add = pallet_registry::Call::add_member { member, roles: Roles::RECORDS, until: None };
		chain.ok(CLERK, proxy(account(HOSPITAL_CONTROLLER), batch(vec![add.into()]).into()));
		assert_eq!(inner_result(&mut chain), Ok(()));
	}
}

#[test]
fn controller_alone_is_not_the_consortium() {
	let mut chain = Chain::new();
	// Signed: it could only fail, for nothing, so it does not even reach a block.
	chain.refused("Alice", suspend(), InvalidTransaction::Call);
	// Calls of the consortium that are not free are taken, paid for and fail.
	let allot = pallet_registry::Call::allot { organisation: OrgId(0), amount: EPI };
	chain.fails("Alice", allot, DispatchError::BadOrigin);
	chain.fails("Alice", batch(vec![suspend()]), DispatchError::BadOrigin);
	// As one member of the council.
	let execute = pallet_collective::Call::execute { proposal: Box::new(suspend()), length_bound: 100 };
	chain.ok("Alice", execute);
	refused_inside(&mut chain, DispatchError::BadOrigin);
	// As a motion that asks for one vote.
	chain.ok("Alice", propose(1, suspend()));
	refused_inside(&mut chain, DispatchError::BadOrigin);
	// As a task.
	let task =
		pallet_scheduler::Call::schedule { when: 3, maybe_periodic: None, priority: 0, call: Box::new(suspend()) };
	chain.fails("Alice", task, DispatchError::BadOrigin);
	as_two(&mut chain, suspend());
	refused_inside(&mut chain, DispatchError::BadOrigin);
	assert!(patients_are_active(&mut chain));
}

#[test]
fn fewer_than_two_thirds_are_not_the_consortium() {
	let mut chain = Chain::new();
	let task = |call| -> RuntimeCall {
		pallet_scheduler::Call::schedule_after { after: 1, maybe_periodic: None, priority: 0, call: Box::new(call) }
			.into()
	};
	let invulnerable: RuntimeCall =
		pallet_collator_selection::Call::add_invulnerable { who: account("Bob//operator") }.into();
	let request: RuntimeCall = pallet_preimage::Call::request_preimage { hash: sp_core::H256::repeat_byte(1) }.into();
	for yes in [4, 7] {
		for call in [suspend(), task(suspend()), batch(vec![suspend()]).into(), invulnerable.clone(), request.clone()] {
			assert_eq!(chain.motion(call, yes), Ok(Err(DispatchError::BadOrigin)), "{yes} of 11");
		}
	}
	assert!(patients_are_active(&mut chain));
	chain.decide(suspend());
	assert!(!patients_are_active(&mut chain));
}

#[test]
fn only_seats_propose_and_vote() {
	let mut chain = Chain::new();
	let not_seated = pallet_collective::Error::<Runtime, CouncilInstance>::NotMember;
	chain.fails(CLERK, propose(8, suspend()), not_seated);
	let not_seated = pallet_collective::Error::<Runtime, CouncilInstance>::NotMember;
	let execute = pallet_collective::Call::execute { proposal: Box::new(suspend()), length_bound: 100 };
	chain.fails(CLERK, execute, not_seated);
}

#[test]
fn task_of_the_council_runs_with_its_word_and_can_be_taken_back() {
	let mut chain = Chain::new();
	let now = chain.run(System::block_number);
	let task =
		|when| pallet_scheduler::Call::schedule { when, maybe_periodic: None, priority: 0, call: Box::new(suspend()) };
	chain.decide(task(now + 2));
	chain.decide(task(now + 1));
	// Scheduled by eight; eleven can cancel it, and eight can cancel what eleven scheduled.
	let cancel = pallet_scheduler::Call::cancel { when: now + 1, index: 0 };
	assert_eq!(chain.motion(cancel.clone(), 7), Ok(Err(DispatchError::BadOrigin)));
	chain.next_block();
	assert!(!patients_are_active(&mut chain));
	assert_eq!(inner_result(&mut chain), Ok(()));
	chain.decide(pallet_registry::Call::reinstate_organisation { organisation: PATIENTS });
	assert_eq!(chain.motion(pallet_scheduler::Call::cancel { when: now + 2, index: 0 }, 11), Ok(Ok(())));
	chain.next_block();
	assert!(patients_are_active(&mut chain));
}

#[test]
fn free_bytes_find_no_way_in() {
	let mut chain = Chain::new();
	let bytes = b"Jane Doe, born 1970".to_vec();
	let alice = || MultiAddress::Id(account(CLERK));
	let ways: Vec<RuntimeCall> = vec![
		remark(),
		frame_system::Call::remark_with_event { remark: bytes.clone() }.into(),
		batch(vec![remark()]).into(),
		pallet_utility::Call::force_batch { calls: vec![remark()] }.into(),
		pallet_utility::Call::if_else { main: Box::new(anchor(1)), fallback: Box::new(remark()) }.into(),
		pallet_utility::Call::as_derivative { index: 0, call: Box::new(remark()) }.into(),
		proxy(account(CLERK), remark()).into(),
		pallet_multisig::Call::as_multi_threshold_1 {
			other_signatories: vec![account(OTHER_CLERK)],
			call: Box::new(remark()),
		}
		.into(),
		propose(8, remark()).into(),
		propose(8, batch(vec![remark()]).into()).into(),
		pallet_collective::Call::execute { proposal: Box::new(remark()), length_bound: 100 }.into(),
		pallet_preimage::Call::note_preimage { bytes: bytes.clone() }.into(),
		pallet_preimage::Call::note_preimage { bytes: codec::Encode::encode(&remark()) }.into(),
		pallet_balances::Call::transfer_keep_alive { dest: MultiAddress::Raw(bytes), value: 1 }.into(),
		pallet_proxy::Call::proxy_announced {
			delegate: alice(),
			real: alice(),
			force_proxy_type: None,
			call: Box::new(remark()),
		}
		.into(),
	];
	for call in ways {
		chain.refused("Alice", call, InvalidTransaction::Call);
	}
}

#[test]
fn not_even_all_seats_have_root() {
	let mut chain = Chain::new();
	let root_only: Vec<RuntimeCall> = vec![
		frame_system::Call::authorize_upgrade { code_hash: sp_core::H256::repeat_byte(1) }.into(),
		frame_system::Call::set_storage { items: vec![(vec![1], vec![1])] }.into(),
		frame_system::Call::kill_prefix { prefix: vec![1], subkeys: 1 }.into(),
		pallet_balances::Call::force_set_balance { who: MultiAddress::Id(account("Alice")), new_free: EPI }.into(),
		pallet_utility::Call::dispatch_as {
			as_origin: Box::new(frame_system::RawOrigin::Root.into()),
			call: Box::new(remark()),
		}
		.into(),
	];
	for call in root_only {
		chain.refused("Alice", propose(11, call), InvalidTransaction::Call);
	}
	assert_eq!(SEATS.len(), 11);
}

#[test]
fn candidacy_is_closed_and_collators_are_named_by_the_consortium() {
	let mut chain = Chain::new();
	let candidacy = pallet_collator_selection::Call::register_as_candidate {};
	chain.refused("Bob//operator", candidacy, InvalidTransaction::Call);
	let add = pallet_collator_selection::Call::add_invulnerable { who: account("Alice//operator") };
	chain.fails("Alice//operator", add, DispatchError::BadOrigin);
	let already = pallet_collator_selection::Error::<Runtime>::AlreadyInvulnerable;
	let add = pallet_collator_selection::Call::add_invulnerable { who: account("Alice//operator") };
	assert_eq!(chain.motion(add, 8), Ok(Err(already.into())));
}

#[test]
fn transaction_cannot_pretend_to_be_an_inherent() {
	let mut chain = Chain::new();
	let call = pallet_timestamp::Call::set { now: 0 };
	let transaction = chain.sign("Alice", RuntimeCall::from(call), 0);
	let refused = chain.validate(transaction);
	assert_eq!(refused, Err(InvalidTransaction::MandatoryValidation.into()));
}

#[test]
fn transaction_of_another_chain_or_twice_is_refused() {
	let mut chain = Chain::new();
	let once = chain.sign(CLERK, anchor(1), 0);
	assert_eq!(chain.apply(once.clone()), Ok(Ok(())));
	assert_eq!(chain.validate(once), Err(InvalidTransaction::Stale.into()));
	let elsewhere = chain.sign(CLERK, anchor(2), 0);
	chain.run(|| frame_system::BlockHash::<Runtime>::insert(0, sp_core::H256::repeat_byte(1)));
	assert_eq!(chain.validate(elsewhere), Err(InvalidTransaction::BadProof.into()));
}
