// SPDX-License-Identifier: Apache-2.0

use crate::{mock::*, Error, Event};
use codec::Encode;
use frame_support::{assert_noop, assert_ok, dispatch::GetDispatchInfo, pallet_prelude::DispatchClass};
use sp_core::H256;
use sp_runtime::DispatchError;

const CODE: H256 = H256::repeat_byte(7);

/// The hash that is authorised, and whether the code's name and version will be checked.
fn authorised() -> Option<(H256, bool)> {
	let encoded = System::authorized_upgrade()?.encode();
	Some(codec::Decode::decode(&mut encoded.as_slice()).expect("a hash and a flag"))
}

#[test]
fn authorise_by_the_consortium_works() {
	new_test_ext().execute_with(|| {
		assert_ok!(Upgrades::authorise(RuntimeOrigin::signed(CONSORTIUM), CODE));
		assert_eq!(authorised(), Some((CODE, true)));
		System::assert_last_event(
			frame_system::Event::UpgradeAuthorized { code_hash: CODE, check_version: true }.into(),
		);
	});
}

#[test]
fn authorise_again_replaces_the_first() {
	new_test_ext().execute_with(|| {
		assert_ok!(Upgrades::authorise(RuntimeOrigin::signed(CONSORTIUM), CODE));
		assert_ok!(Upgrades::authorise(RuntimeOrigin::signed(CONSORTIUM), H256::repeat_byte(8)));
		assert_eq!(authorised(), Some((H256::repeat_byte(8), true)));
	});
}

#[test]
fn authorise_and_withdraw_by_others_fail() {
	new_test_ext().execute_with(|| {
		assert_ok!(Upgrades::authorise(RuntimeOrigin::signed(CONSORTIUM), CODE));
		for origin in [RuntimeOrigin::signed(2), RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_noop!(Upgrades::authorise(origin.clone(), CODE), DispatchError::BadOrigin);
			assert_noop!(Upgrades::withdraw(origin), DispatchError::BadOrigin);
		}
	});
}

#[test]
fn withdraw_works() {
	new_test_ext().execute_with(|| {
		assert_ok!(Upgrades::authorise(RuntimeOrigin::signed(CONSORTIUM), CODE));
		assert_ok!(Upgrades::withdraw(RuntimeOrigin::signed(CONSORTIUM)));
		assert_eq!(authorised(), None);
		System::assert_last_event(Event::UpgradeWithdrawn { code_hash: CODE }.into());
	});
}

#[test]
fn withdraw_without_an_authorisation_fails() {
	new_test_ext().execute_with(|| {
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
