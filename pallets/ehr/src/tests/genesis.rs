// SPDX-License-Identifier: Apache-2.0

use super::*;
use epidaurus_primitives::ids::NetworkId;
use frame_support::{
	genesis_builder_helper::{build_state, get_preset},
	traits::{Hooks, StorageVersion},
};

#[test]
fn genesis_sets_the_network() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(Network::<Test>::get(), NETWORK);
		assert_eq!(Ehr::network_id(), NETWORK);
		assert_eq!(StorageVersion::get::<Ehr>(), StorageVersion::new(1));
	});
}

/// The genesis of the whole runtime in JSON, as a chain specification holds it.
fn genesis_with_network(text: &str) -> Vec<u8> {
	let default = get_preset::<RuntimeGenesisConfig>(&None, |_| None).unwrap();
	let default = String::from_utf8(default).unwrap();
	let unset = format!(r#""networkId":"{}""#, NetworkId::default());
	assert!(default.contains(&unset), "{default}");
	default.replace(&unset, &format!(r#""networkId":"{text}""#)).into_bytes()
}

#[test]
fn genesis_reads_the_network_as_hexadecimal() {
	sp_io::TestExternalities::default().execute_with(|| {
		assert_ok!(build_state::<RuntimeGenesisConfig>(genesis_with_network(&NETWORK.to_string())));
		assert_eq!(Network::<Test>::get(), NETWORK);
	});
}

#[test]
fn genesis_with_a_short_network_fails() {
	sp_io::TestExternalities::default().execute_with(|| {
		assert!(build_state::<RuntimeGenesisConfig>(genesis_with_network("0xee")).is_err());
	});
}

#[test]
fn genesis_without_a_network_does_not_pass_unnoticed() {
	ExtBuilder::default().build().execute_with(|| {
		Network::<Test>::put(NetworkId::default());
		assert_eq!(Ehr::do_try_state(), Err("genesis set no network id".into()));
	});
}

#[test]
fn integrity_test_of_the_mock_works() {
	<Ehr as Hooks<u64>>::integrity_test();
}

#[test]
fn hold_reasons_keep_their_indices() {
	use codec::Encode;
	assert_eq!(HoldReason::Version.encode(), [0]);
	assert_eq!(HoldReason::Log.encode(), [1]);
}
