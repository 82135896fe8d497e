// SPDX-License-Identifier: Apache-2.0
//! Ways round: wrapping a call gives nobody a power that he has not.

use super::*;
use frame_support::{hypothetically, traits::GetCallName};
use sp_runtime::{traits::Dispatchable, Weight};

/// A call that works.
struct Case {
	name: &'static str,
	/// What comes before it.
	before: fn(),
	/// Who succeeds with it.
	who: RuntimeOrigin,
	call: Call<Test>,
	/// Who does not.
	others: Vec<AccountId32>,
	/// The same call as somebody would forge it.
	forged: Option<Call<Test>>,
}

fn started() {
	assert_ok!(Subjects::start_rebind(signed(CLERK), PATIENT, key(11), EVIDENCE, START));
}

fn rebinding() {
	rebind_since(START);
}

fn over() {
	rebinding();
	advance(WEEK);
}

fn contested() {
	rebinding();
	assert_ok!(Subjects::contest_rebind(signed(key(10))));
}

fn deceased() {
	assert_ok!(Subjects::declare_deceased(signed(CLERK), PATIENT));
}

fn nothing() {}

/// An act relayed with the signature of a key.
fn relayed(seed: u8) -> Call<Test> {
	let call = RuntimeCall::from(Call::prove_key {});
	let expires_at = Moment(START.0 + DAY);
	let encoded = call.encode();
	let act = RelayedAct { subject: PATIENT, nonce: 0, expires_at, call: &encoded };
	let signature = pair(seed).sign(&Subjects::relay_payload(&act)).into();
	Call::relay { subject: PATIENT, nonce: 0, expires_at, call: Box::new(call), signature }
}

fn case(name: &'static str, before: fn(), who: AccountId32, call: Call<Test>, others: &[AccountId32]) -> Case {
	let others = [&[STRANGER, NURSE][..], others].concat();
	Case { name, before, who: signed(who), call, others, forged: None }
}

/// Every call, once.
fn cases() -> Vec<Case> {
	let patient = key(10);
	let (subject, new_key) = (PATIENT, key(11));
	let fresh = SubjectId([1; 32]);
	let members = [CLERK, DEPUTY, SECRETARY];
	let patients = [key(10), key(20)];
	let foreign = [&[SECRETARY][..], &patients].concat();
	let same = [&[CLERK][..], &foreign].concat();
	let everybody = [&members[..], &patients].concat();
	let start = Call::start_rebind { subject, new_key: new_key.clone(), evidence: EVIDENCE, lost_since: START };
	let forge = |case: Case, forged| Case { forged: Some(forged), ..case };
	let decided = |case: Case| Case { who: RuntimeOrigin::root(), ..case };
	vec![
		case("enrol", nothing, CLERK, Call::enrol { subject: fresh, key: key(30) }, &patients),
		case("prove_key", nothing, patient.clone(), Call::prove_key {}, &members),
		case("rotate_key", nothing, patient.clone(), Call::rotate_key { new_key: key(66) }, &members),
		case("start_rebind", nothing, CLERK, start, &foreign),
		case("confirm_rebind", started, DEPUTY, Call::confirm_rebind { subject, new_key }, &same),
		case("contest_rebind", rebinding, patient, Call::contest_rebind {}, &everybody[..3]),
		case("complete_rebind", over, CLERK, Call::complete_rebind { subject }, &foreign),
		case("withdraw_rebind", rebinding, CLERK, Call::withdraw_rebind { subject }, &foreign),
		decided(case("resolve_rebind", contested, CLERK, Call::resolve_rebind { subject, upheld: true }, &everybody)),
		case("declare_deceased", nothing, CLERK, Call::declare_deceased { subject }, &foreign),
		case("merge", nothing, CLERK, Call::merge { subject, link: LINK }, &foreign),
		case("reinstate", deceased, CLERK, Call::reinstate { subject }, &foreign),
		// Anybody may hand an act in; what counts is who signed it.
		forge(case("relay", nothing, STRANGER, relayed(10), &everybody), relayed(20)),
	]
}

fn stored() -> Vec<Vec<u8>> {
	let subjects = Records::<Test>::iter().map(|entry| entry.encode());
	let keys = Keys::<Test>::iter().map(|entry| entry.encode());
	let rebinds = Rebinds::<Test>::iter().map(|entry| entry.encode());
	let closed = ClosedRebinds::<Test>::iter().map(|entry| entry.encode());
	let doubts = InDoubt::<Test>::iter().map(|entry| entry.encode());
	subjects.chain(keys).chain(rebinds).chain(closed).chain(doubts).collect()
}

/// Dispatches a call and says whether anything of ours changed, whether it was refused or not.
fn changes(who: RuntimeOrigin, call: impl Into<RuntimeCall>) -> bool {
	let call = call.into();
	hypothetically!({
		let before = stored();
		let _ = call.dispatch(who);
		before != stored()
	})
}

fn batches(call: &RuntimeCall) -> Vec<RuntimeCall> {
	let calls = || vec![call.clone()];
	let flat: [RuntimeCall; 3] = [
		pallet_utility::Call::batch { calls: calls() }.into(),
		pallet_utility::Call::batch_all { calls: calls() }.into(),
		pallet_utility::Call::force_batch { calls: calls() }.into(),
	];
	let nested = pallet_utility::Call::batch { calls: flat.to_vec() };
	flat.into_iter().chain([nested.into()]).collect()
}

fn by_proxy(real: AccountId32, call: &RuntimeCall) -> RuntimeCall {
	pallet_proxy::Call::proxy { real, force_proxy_type: None, call: Box::new(call.clone()) }.into()
}

/// Calls by which an account of somebody's makes another one act, which is nobody.
fn as_nobody(call: &RuntimeCall) -> Vec<RuntimeCall> {
	let call = || Box::new(call.clone());
	let derivative = |index| pallet_utility::Call::as_derivative { index, call: call() }.into();
	let shared = pallet_multisig::Call::as_multi_threshold_1 { other_signatories: vec![STRANGER], call: call() };
	vec![derivative(0), derivative(u16::MAX), shared.into()]
}

/// Whether a multisig of both, once both have agreed, changes anything.
fn both_change(one: AccountId32, other: AccountId32, call: &RuntimeCall) -> bool {
	let mut signatories = [one, other];
	signatories.sort();
	let [first, second] = signatories;
	hypothetically!({
		let before = stored();
		let approve = |who, other: &AccountId32, at| {
			Multisig::as_multi(signed(who), 2, vec![other.clone()], at, Box::new(call.clone()), Weight::MAX)
		};
		assert_ok!(approve(first.clone(), &second, None));
		let at = Some(Multisig::timepoint());
		let _ = approve(second.clone(), &first, at);
		assert!(System::events().iter().any(|record| matches!(
			record.event,
			RuntimeEvent::Multisig(pallet_multisig::Event::MultisigExecuted { .. })
		)));
		before != stored()
	})
}

/// Runs the test for each call, in the state in which that works.
fn each(test: impl Fn(&Case, RuntimeCall)) {
	let names: Vec<_> = ExtBuilder.build().execute_with(|| cases().iter().map(|case| case.name).collect());
	let all = Call::<Test>::get_call_names();
	assert_eq!(names, all, "every call has its case");
	for number in 0..all.len() {
		ExtBuilder.build_and_execute(|| {
			enrol_both();
			let case = &cases()[number];
			(case.before)();
			for who in [STRANGER, CLERK, key(10)] {
				let _ = Balances::force_set_balance(RuntimeOrigin::root(), who, 1_000_000_000_000);
			}
			let call = case.forged.clone().unwrap_or_else(|| case.call.clone());
			assert_eq!(call.get_call_name(), case.name);
			test(case, call.into());
		});
	}
}

#[test]
fn every_call_works_for_who_may_alone_and_in_a_list() {
	each(|case, _| {
		let call = RuntimeCall::from(case.call.clone());
		assert!(changes(case.who.clone(), call.clone()), "{}", case.name);
		for batch in batches(&call) {
			assert!(changes(case.who.clone(), batch), "{}", case.name);
		}
	});
}

#[test]
fn nobody_else_changes_anything_alone_or_in_a_list() {
	each(|case, call| {
		for who in &case.others {
			for call in [vec![call.clone()], batches(&call)].concat() {
				assert!(!changes(signed(who.clone()), call.clone()), "{}: {who:?} {call:?}", case.name);
			}
		}
		assert!(!changes(RuntimeOrigin::none(), call), "{}", case.name);
	});
}

#[test]
fn accounts_made_of_who_may_are_nobody() {
	each(|case, call| {
		let others = [&case.others[..], &[CLERK, DEPUTY, key(10)]].concat();
		for who in others {
			for call in as_nobody(&call) {
				assert!(!changes(signed(who.clone()), call.clone()), "{}: {who:?} {call:?}", case.name);
			}
		}
		assert!(!both_change(CLERK, STRANGER, &call), "{}", case.name);
	});
}

#[test]
fn proxies_act_for_who_trusts_them_and_for_nobody_else() {
	each(|case, call| {
		for who in [CLERK, DEPUTY, key(10)] {
			assert!(!changes(signed(STRANGER), by_proxy(who.clone(), &call)), "{}: no proxy of {who:?}", case.name);
		}
		if let Ok(real) = frame_system::ensure_signed(case.who.clone()) {
			assert_ok!(Proxy::add_proxy(signed(real.clone()), NURSE, (), 0));
			assert!(changes(signed(NURSE), by_proxy(real, &case.call.clone().into())), "{}", case.name);
		}
		// Who may, as a proxy of who may not, may not.
		assert_ok!(Proxy::add_proxy(signed(STRANGER), CLERK, (), 0));
		assert_ok!(Proxy::add_proxy(signed(STRANGER), key(10), (), 0));
		for who in [CLERK, key(10)] {
			assert!(!changes(signed(who), by_proxy(STRANGER, &call)), "{}", case.name);
		}
	});
}

#[test]
fn two_members_of_a_rebind_cannot_be_one_by_wrapping() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		let start =
			Call::start_rebind { subject: PATIENT, new_key: key(11), evidence: EVIDENCE, lost_since: START }.into();
		let confirm = || RuntimeCall::from(Call::confirm_rebind { subject: PATIENT, new_key: key(11) });
		let both = pallet_utility::Call::batch_all { calls: vec![start, confirm()] };
		let done = RuntimeCall::from(both).dispatch(signed(CLERK)).map_err(|error| error.error);
		assert_eq!(done.err(), Some(Refusal::SameMember.into()));
		assert_eq!(Rebinds::<Test>::get(PATIENT), None);
		// An account derived from a member's is no member.
		assert_ok!(Subjects::start_rebind(signed(CLERK), PATIENT, key(11), EVIDENCE, START));
		let derived = pallet_utility::Call::as_derivative { index: 0, call: Box::new(confirm()) };
		let done = RuntimeCall::from(derived).dispatch(signed(CLERK)).map_err(|error| error.error);
		assert_eq!(done.err(), Some(MockRegistry::NOT_AUTHORISED));
	});
}
