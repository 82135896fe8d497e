// SPDX-License-Identifier: Apache-2.0

use crate::{mock::*, Error, Event, WeightInfo};
use codec::Encode;
use frame_support::{
	assert_noop, assert_ok,
	dispatch::GetDispatchInfo,
	pallet_prelude::DispatchClass,
	traits::{GetCallName, Hooks},
};
use sp_core::H256;
use sp_runtime::{traits::Dispatchable, DispatchError, Weight};

const CODE: H256 = H256::repeat_byte(7);

fn authorised() -> Option<(H256, bool)> {
	Upgrades::authorised()
}

#[test]
fn authorise_by_the_consortium_works() {
	execute(|| {
		assert_ok!(Upgrades::authorise(RuntimeOrigin::signed(CONSORTIUM), CODE));
		assert_eq!(authorised(), Some((CODE, true)));
		System::assert_last_event(
			frame_system::Event::UpgradeAuthorized { code_hash: CODE, check_version: true }.into(),
		);
	});
}

#[test]
fn authorise_again_replaces_the_first() {
	execute(|| {
		assert_ok!(Upgrades::authorise(RuntimeOrigin::signed(CONSORTIUM), CODE));
		assert_ok!(Upgrades::authorise(RuntimeOrigin::signed(CONSORTIUM), H256::repeat_byte(8)));
		assert_eq!(authorised(), Some((H256::repeat_byte(8), true)));
	});
}

#[test]
fn authorise_and_withdraw_by_others_fail() {
	execute(|| {
		assert_ok!(Upgrades::authorise(RuntimeOrigin::signed(CONSORTIUM), CODE));
		for origin in [RuntimeOrigin::signed(2), RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_noop!(Upgrades::authorise(origin.clone(), CODE), DispatchError::BadOrigin);
			assert_noop!(Upgrades::withdraw(origin), DispatchError::BadOrigin);
		}
	});
}

#[test]
fn withdraw_works() {
	execute(|| {
		assert_ok!(Upgrades::authorise(RuntimeOrigin::signed(CONSORTIUM), CODE));
		assert_ok!(Upgrades::withdraw(RuntimeOrigin::signed(CONSORTIUM)));
		assert_eq!(authorised(), None);
		System::assert_last_event(Event::UpgradeWithdrawn { code_hash: CODE }.into());
	});
}

#[test]
fn withdraw_without_an_authorisation_fails() {
	execute(|| {
		assert_noop!(Upgrades::withdraw(RuntimeOrigin::signed(CONSORTIUM)), Error::<Test>::NotFound);
	});
}

#[test]
fn calls_are_frozen() {
	assert_eq!(RuntimeCall::from(crate::Call::authorise { code_hash: CODE }).encode()[..2], [1, 0]);
	assert_eq!(RuntimeCall::from(crate::Call::withdraw {}).encode(), [1, 1]);
}

#[test]
fn calls_pass_a_full_block() {
	let calls = [RuntimeCall::from(crate::Call::authorise { code_hash: CODE }), crate::Call::withdraw {}.into()];
	for call in calls {
		assert_eq!(call.get_dispatch_info().class, DispatchClass::Operational);
	}
}

#[test]
fn each_call_has_a_weight_of_its_own() {
	let weight = |call: crate::Call<Test>| call.get_dispatch_info().call_weight;
	assert_eq!(weight(crate::Call::authorise { code_hash: CODE }), <() as WeightInfo>::authorise());
	assert_eq!(weight(crate::Call::withdraw {}), <() as WeightInfo>::withdraw());
	assert_ne!(<() as WeightInfo>::authorise(), <() as WeightInfo>::withdraw());
}

#[test]
fn authorisation_without_a_check_of_the_version_is_found() {
	new_test_ext().execute_with(|| {
		System::do_authorize_upgrade(CODE, false);
		let reason = "code is authorised whose name and version nobody checks";
		assert_eq!(Upgrades::do_try_state(), Err(reason.into()));
	});
}

/// Every call, where another hash is authorised.
fn calls() -> Vec<RuntimeCall> {
	let calls = vec![crate::Call::<Test>::authorise { code_hash: CODE }, crate::Call::withdraw {}];
	let names: Vec<_> = calls.iter().map(GetCallName::get_call_name).collect();
	assert_eq!(names, crate::Call::<Test>::get_call_names());
	calls.into_iter().map(Into::into).collect()
}

const OTHER: H256 = H256::repeat_byte(8);

/// Dispatches the call and says whether what is authorised has changed.
fn changes(who: u64, call: impl Into<RuntimeCall>) -> bool {
	let call = call.into();
	frame_support::hypothetically!({
		System::do_authorize_upgrade(OTHER, true);
		let _ = call.dispatch(RuntimeOrigin::signed(who));
		authorised() != Some((OTHER, true))
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

#[test]
fn lists_give_nobody_the_consortiums_word() {
	execute(|| {
		for call in calls() {
			for call in [vec![call.clone()], batches(&call)].concat() {
				assert!(changes(CONSORTIUM, call.clone()), "{call:?}");
				assert!(!changes(2, call.clone()), "{call:?}");
			}
		}
	});
}

#[test]
fn accounts_made_of_the_consortium_are_not_the_consortium() {
	execute(|| {
		for call in calls() {
			let boxed = || Box::new(call.clone());
			for who in [CONSORTIUM, 2] {
				assert!(!changes(who, pallet_utility::Call::as_derivative { index: 0, call: boxed() }));
				let other_signatories = vec![3];
				assert!(!changes(
					who,
					pallet_multisig::Call::as_multi_threshold_1 { other_signatories, call: boxed() }
				));
			}
			frame_support::hypothetically!({
				System::do_authorize_upgrade(OTHER, true);
				let approve = |who, other, at| {
					Multisig::as_multi(RuntimeOrigin::signed(who), 2, vec![other], at, boxed(), Weight::MAX)
				};
				assert_ok!(approve(CONSORTIUM, 2, None));
				assert_ok!(approve(2, CONSORTIUM, Some(Multisig::timepoint())));
				assert_eq!(authorised(), Some((OTHER, true)));
			});
		}
	});
}

#[test]
fn proxies_act_for_who_trusts_them_and_for_nobody_else() {
	execute(|| {
		let proxied = |real, call: &RuntimeCall| pallet_proxy::Call::proxy {
			real,
			force_proxy_type: None,
			call: Box::new(call.clone()),
		};
		for call in calls() {
			assert!(!changes(2, proxied(CONSORTIUM, &call)), "nobody said so");
		}
		assert_ok!(Proxy::add_proxy(RuntimeOrigin::signed(2), CONSORTIUM, (), 0));
		assert_ok!(Proxy::add_proxy(RuntimeOrigin::signed(CONSORTIUM), 3, (), 0));
		for call in calls() {
			assert!(!changes(CONSORTIUM, proxied(2, &call)), "it acts as who trusts it");
			assert!(changes(3, proxied(CONSORTIUM, &call)));
		}
	});
}

#[test]
fn tasks_have_the_word_of_who_scheduled_them() {
	for (who, works) in [(CONSORTIUM, true), (2, false)] {
		for call in calls() {
			execute(|| {
				System::do_authorize_upgrade(OTHER, true);
				assert_ok!(Scheduler::schedule(RuntimeOrigin::signed(who), 2, None, 0, Box::new(call)));
				System::set_block_number(2);
				Scheduler::on_initialize(2);
				let ran = System::events().into_iter().find_map(|record| match record.event {
					RuntimeEvent::Scheduler(pallet_scheduler::Event::Dispatched { result, .. }) => Some(result),
					_ => None,
				});
				assert_eq!(ran, Some(works.then_some(()).ok_or(DispatchError::BadOrigin)));
				assert_eq!(authorised() != Some((OTHER, true)), works);
			});
		}
	}
}
