// SPDX-License-Identifier: Apache-2.0
//! Wrapping a call in another gives nobody a right that it has not.

use super::*;
use crate::Call;
use codec::Encode;

fn suspend() -> RuntimeCall {
	Call::suspend_organisation { organisation: PHARMACY }.into()
}

fn recognise() -> RuntimeCall {
	let (organisation, capability, jurisdiction) = (HOSPITAL, Capability::Regulate, GREECE);
	Call::recognise_issuer { organisation, capability, jurisdiction }.into()
}

fn issue() -> RuntimeCall {
	let (holder, capability) = (Holder::Organisation(HOSPITAL), Capability::AnchorRecords);
	let (jurisdiction, scope) = (GREECE, LicenceScope::All);
	Call::issue_licence { holder, capability, jurisdiction, scope, from: None, until: None }.into()
}

fn add(member: AccountId) -> RuntimeCall {
	Call::add_member { member, roles: Roles::GRANTABLE, until: None }.into()
}

fn batches(call: RuntimeCall) -> [RuntimeCall; 3] {
	let calls = vec![call];
	[
		pallet_utility::Call::batch { calls: calls.clone() }.into(),
		pallet_utility::Call::batch_all { calls: calls.clone() }.into(),
		pallet_utility::Call::force_batch { calls }.into(),
	]
}

/// Runs a call and says whether the state is as before, events and fees apart.
fn changes_nothing(who: AccountId, call: RuntimeCall) -> bool {
	use sp_runtime::traits::Dispatchable;
	let state = || {
		(
			crate::Organisations::<Test>::iter().map(|entry| entry.encode()).collect::<Vec<_>>(),
			crate::Members::<Test>::iter().map(|entry| entry.encode()).collect::<Vec<_>>(),
			crate::Issuers::<Test>::iter().map(|entry| entry.encode()).collect::<Vec<_>>(),
			crate::Licences::<Test>::iter().map(|entry| entry.encode()).collect::<Vec<_>>(),
			crate::Successions::<Test>::iter().map(|entry| entry.encode()).collect::<Vec<_>>(),
		)
	};
	let before = state();
	let _ = call.dispatch(signed(who));
	before == state()
}

fn by_proxy(real: AccountId, call: RuntimeCall) -> RuntimeCall {
	pallet_proxy::Call::proxy { real, force_proxy_type: None, call: Box::new(call) }.into()
}

fn proxy_error() -> Option<Result<(), sp_runtime::DispatchError>> {
	System::events().into_iter().rev().find_map(|record| match record.event {
		RuntimeEvent::Proxy(pallet_proxy::Event::ProxyExecuted { result }) => Some(result),
		_ => None,
	})
}

#[test]
fn consortium_origin_cannot_be_had_through_batches() {
	ExtBuilder::default().build_and_execute(|| {
		for call in [suspend(), recognise()] {
			for batch in batches(call) {
				assert!(changes_nothing(HOSPITAL_HEAD, batch));
			}
		}
		// The same wrapping works for who may.
		assert!(!changes_nothing(HOSPITAL_HEAD, batches(add(STRANGER))[1].clone()));
	});
}

#[test]
fn consortium_origin_cannot_be_had_through_a_proxy_or_a_derivative() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Proxy::add_proxy(signed(HOSPITAL_HEAD), CLERK, (), 0));
		assert!(changes_nothing(CLERK, by_proxy(HOSPITAL_HEAD, suspend())));
		assert_eq!(proxy_error(), Some(Err(BadOrigin)));
		let derivative = pallet_utility::Call::as_derivative { index: 0, call: Box::new(suspend()) };
		assert!(changes_nothing(HOSPITAL_HEAD, derivative.into()));
		assert_noop!(
			Utility::dispatch_as(
				signed(HOSPITAL_HEAD),
				Box::new(OriginCaller::system(frame_system::RawOrigin::Root)),
				Box::new(suspend())
			),
			BadOrigin
		);
	});
}

#[test]
fn consortium_origin_cannot_be_had_by_all_controllers_in_a_multisig() {
	ExtBuilder::default().build_and_execute(|| {
		let multisig = Multisig::multi_account_id(&[HOSPITAL_HEAD, AUTHORITY_HEAD, PHARMACY_HEAD], 2);
		assert_ok!(Balances::transfer_allow_death(signed(HOSPITAL_HEAD), multisig, 100));
		let call = || Box::new(suspend());
		let weight = sp_runtime::Weight::MAX;
		let others = vec![AUTHORITY_HEAD, PHARMACY_HEAD];
		assert_ok!(Multisig::as_multi(signed(HOSPITAL_HEAD), 2, others, None, call(), weight));
		let point = Some(Multisig::timepoint());
		let others = vec![HOSPITAL_HEAD, PHARMACY_HEAD];
		assert_ok!(Multisig::as_multi(signed(AUTHORITY_HEAD), 2, others, point, call(), weight));
		assert_eq!(status(PHARMACY), OrganisationStatus::Active);
		let executed = System::events().into_iter().find_map(|record| match record.event {
			RuntimeEvent::Multisig(pallet_multisig::Event::MultisigExecuted { result, .. }) => Some(result),
			_ => None,
		});
		assert_eq!(executed, Some(Err(BadOrigin)));
	});
}

#[test]
fn event_names_who_acted_and_not_who_signed() {
	ExtBuilder::default().build_and_execute(|| {
		use sp_runtime::traits::Dispatchable;
		assert_ok!(Proxy::add_proxy(signed(OFFICER), CLERK, (), 0));
		let licence = license_hospital(None);
		let revoke = by_proxy(OFFICER, Call::revoke_licence { licence }.into());
		assert_ok!(revoke.dispatch(signed(CLERK)));
		System::assert_has_event(Event::LicenceRevoked { licence, by: OFFICER }.into());
	});
}

#[test]
fn proxy_of_a_removed_member_cannot_act_as_it() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Proxy::add_proxy(signed(OFFICER), CLERK, (), 0));
		assert!(!changes_nothing(CLERK, by_proxy(OFFICER, issue())), "as long as it is a member it can");
		assert_ok!(Registry::remove_member(signed(AUTHORITY_HEAD), OFFICER));
		assert!(changes_nothing(CLERK, by_proxy(OFFICER, issue())));
		assert_eq!(proxy_error(), Some(Err(Refusal::NotAMember.into())));
	});
}

#[test]
fn proxy_of_an_old_controller_cannot_act_as_it() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Proxy::add_proxy(signed(HOSPITAL_HEAD), CLERK, (), 0));
		assert_ok!(Registry::rotate_controller(signed(HOSPITAL_HEAD), NEWCOMER));
		assert!(changes_nothing(CLERK, by_proxy(HOSPITAL_HEAD, add(STRANGER))));
		assert_eq!(proxy_error(), Some(Err(Refusal::NotAMember.into())));
	});
}

#[test]
fn licence_cannot_be_issued_through_the_proxy_of_a_member_that_may_not() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Proxy::add_proxy(signed(AUTHORITY_HEAD), OFFICER, (), 0));
		// The officer may, but it acts as its head, who may not.
		assert!(changes_nothing(OFFICER, by_proxy(AUTHORITY_HEAD, issue())));
		assert_eq!(proxy_error(), Some(Err(Refusal::RoleMissing.into())));
	});
}

#[test]
fn derivative_of_a_member_is_no_member() {
	ExtBuilder::default().build_and_execute(|| {
		for call in [issue(), add(STRANGER)] {
			for who in [OFFICER, HOSPITAL_HEAD] {
				let derivative = pallet_utility::Call::as_derivative { index: 7, call: Box::new(call.clone()) };
				assert!(changes_nothing(who, derivative.into()));
			}
		}
	});
}

#[test]
fn multisig_of_members_is_no_member() {
	ExtBuilder::default().build_and_execute(|| {
		for (call, who) in [(add(STRANGER), HOSPITAL_HEAD), (issue(), OFFICER)] {
			let other_signatories = vec![CLERK];
			let call = Box::new(call);
			let multisig = pallet_multisig::Call::as_multi_threshold_1 { other_signatories, call };
			assert!(changes_nothing(who, multisig.into()));
		}
	});
}

#[test]
fn member_of_one_organisation_cannot_act_for_another_in_a_batch() {
	ExtBuilder::default().build_and_execute(|| {
		let remove: RuntimeCall = Call::remove_member { member: OFFICER }.into();
		let fund: RuntimeCall = Call::fund_member { member: OFFICER, amount: 1 }.into();
		for batch in batches(remove).into_iter().chain(batches(fund)) {
			let before = Balances::free_balance(OFFICER);
			assert!(changes_nothing(HOSPITAL_HEAD, batch));
			assert_eq!(Balances::free_balance(OFFICER), before);
		}
	});
}

#[test]
fn batch_that_fails_at_the_end_changes_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		let calls = vec![add(STRANGER), suspend()];
		assert!(changes_nothing(HOSPITAL_HEAD, pallet_utility::Call::batch_all { calls }.into()));
	});
}

#[test]
fn succession_cannot_be_offered_or_accepted_by_others_in_any_wrapping() {
	ExtBuilder::default().build_and_execute(|| {
		let offer = || -> RuntimeCall { Call::offer_succession { predecessor: HOSPITAL, successor: PHARMACY }.into() };
		let accept = || -> RuntimeCall {
			let handover = epidaurus_primitives::hash::Commitment([1; 32]);
			Call::accept_succession { predecessor: HOSPITAL, handover }.into()
		};
		let withdraw = || -> RuntimeCall { Call::withdraw_succession { predecessor: HOSPITAL }.into() };
		let wrapped = |call: RuntimeCall, other: AccountId| {
			let derivative = pallet_utility::Call::as_derivative { index: 0, call: Box::new(call.clone()) };
			let multisig = pallet_multisig::Call::as_multi_threshold_1 {
				other_signatories: vec![other],
				call: Box::new(call.clone()),
			};
			batches(call).into_iter().chain([derivative.into(), multisig.into()]).collect::<Vec<RuntimeCall>>()
		};
		// Before there is an offer, and once there is one.
		for call in wrapped(offer(), HOSPITAL_HEAD) {
			assert!(changes_nothing(CLERK, call));
		}
		assert_ok!(Proxy::add_proxy(signed(CLERK), DOCTOR, (), 0));
		assert!(changes_nothing(DOCTOR, by_proxy(CLERK, offer())));
		assert_eq!(proxy_error(), Some(Err(Refusal::RoleMissing.into())));
		assert!(!changes_nothing(HOSPITAL_HEAD, batches(offer())[1].clone()));
		for call in wrapped(accept(), PHARMACY_HEAD).into_iter().chain(wrapped(withdraw(), HOSPITAL_HEAD)) {
			assert!(changes_nothing(PHARMACIST, call));
		}
		assert_ok!(Proxy::add_proxy(signed(PHARMACY_HEAD), PHARMACIST, (), 0));
		assert!(changes_nothing(PHARMACIST, by_proxy(PHARMACY_HEAD, withdraw())));
		assert_eq!(proxy_error(), Some(Err(Refusal::NotAuthorised.into())));
		assert!(!changes_nothing(PHARMACIST, by_proxy(PHARMACY_HEAD, accept())), "its proxy may");
	});
}
