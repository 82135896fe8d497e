// SPDX-License-Identifier: Apache-2.0
//! What clients, signed payloads and stored data rely on. A change here is a new version, never an edit.

use crate::{AllPalletsWithSystem, Runtime, RuntimeCall, TxExtension, VERSION};
use codec::Encode;
use frame_support::traits::PalletsInfoAccess;
use sp_runtime::{generic::Era, traits::TransactionExtension, transaction_validity::UnknownTransaction};

#[test]
fn pallet_indices_are_frozen() {
	let found: Vec<_> = AllPalletsWithSystem::infos().into_iter().map(|pallet| (pallet.index, pallet.name)).collect();
	let frozen = [
		(0, "System"),
		(1, "ParachainSystem"),
		(2, "ParachainInfo"),
		(3, "Timestamp"),
		(4, "WeightReclaim"),
		(10, "Balances"),
		(11, "TransactionPayment"),
		(20, "Authorship"),
		(21, "CollatorSelection"),
		(22, "Session"),
		(23, "Aura"),
		(24, "AuraExt"),
		(30, "Utility"),
		(31, "Proxy"),
		(32, "Multisig"),
		(33, "Preimage"),
		(34, "Scheduler"),
		(40, "Council"),
		(41, "Upgrades"),
		(50, "Registry"),
		(51, "Subjects"),
		(60, "Ehr"),
	];
	assert_eq!(found, frozen);
}

#[test]
fn transaction_extensions_are_frozen() {
	let names: Vec<_> =
		<TxExtension as TransactionExtension<RuntimeCall>>::metadata().into_iter().map(|one| one.identifier).collect();
	let frozen = [
		"AuthorizeCall",
		"CheckNonZeroSender",
		"CheckSpecVersion",
		"CheckTxVersion",
		"CheckGenesis",
		"CheckMortality",
		"CheckNonce",
		"CheckWeight",
		"CheckMember",
		"ChargeTransactionPayment",
		"CheckMetadataHash",
		"StorageWeightReclaim",
	];
	assert_eq!(names, frozen);
}

#[test]
fn transaction_extensions_encode_as_era_nonce_tip_and_mode_only() {
	let extension: TxExtension = (
		frame_system::AuthorizeCall::new(),
		frame_system::CheckNonZeroSender::new(),
		frame_system::CheckSpecVersion::new(),
		frame_system::CheckTxVersion::new(),
		frame_system::CheckGenesis::new(),
		frame_system::CheckEra::from(Era::mortal(64, 42)),
		frame_system::CheckNonce::from(7),
		frame_system::CheckWeight::new(),
		pallet_registry::CheckMember::<Runtime>::default(),
		pallet_transaction_payment::ChargeTransactionPayment::from(1_000_000_000),
		frame_metadata_hash_extension::CheckMetadataHash::new(false),
	)
		.into();
	assert_eq!(extension.encode(), [0xa5, 0x02, 0x1c, 0x02, 0x28, 0x6b, 0xee, 0x00]);
}

#[test]
fn who_signs_for_metadata_that_the_runtime_has_no_hash_of_is_refused() {
	let asks = frame_metadata_hash_extension::CheckMetadataHash::<Runtime>::new(true);
	let implicit = TransactionExtension::<RuntimeCall>::implicit(&asks);
	assert_eq!(implicit, Err(UnknownTransaction::CannotLookup.into()));
}

#[test]
fn calls_of_our_pallets_are_frozen() {
	fn calls<Call: scale_info::TypeInfo>() -> Vec<(u8, &'static str)> {
		match Call::type_info().type_def {
			scale_info::TypeDef::Variant(call) => call.variants.iter().map(|call| (call.index, call.name)).collect(),
			_ => Vec::new(),
		}
	}
	let registry = [
		"apply",
		"withdraw_application",
		"admit_organisation",
		"refuse_application",
		"suspend_organisation",
		"reinstate_organisation",
		"expel_organisation",
		"leave",
		"rotate_controller",
		"replace_controller",
		"recognise_issuer",
		"withdraw_issuer",
		"distrust_issuer",
		"issue_licence",
		"renew_licence",
		"suspend_licence",
		"reinstate_licence",
		"revoke_licence",
		"distrust_licence",
		"add_member",
		"change_member",
		"remove_member",
		"resign",
		"allot",
		"fund_member",
		"offer_succession",
		"withdraw_succession",
		"decline_succession",
		"accept_succession",
	];
	let ehr = [
		"anchor",
		"amend",
		"mark_entered_in_error",
		"settle_deposit",
		"open_log",
		"checkpoint",
		"dispute",
		"withdraw_dispute",
		"resolve_dispute",
		"request_amendment",
		"accept_amendment",
		"deny_amendment",
		"disagree",
		"rebut",
		"place_hold",
		"lift_hold",
		"state_retention",
		"attest_erasure",
		"deprecate_suite",
		"forbid_suite",
		"checkpoint_for",
		"renew_log",
		"deprecate_tree",
		"forbid_tree",
	];
	let subjects = [
		"enrol",
		"prove_key",
		"rotate_key",
		"start_rebind",
		"confirm_rebind",
		"contest_rebind",
		"complete_rebind",
		"withdraw_rebind",
		"resolve_rebind",
		"declare_deceased",
		"merge",
		"reinstate",
		"relay",
	];
	let numbered = |names: &[&'static str]| (0u8..).zip(names.iter().copied()).collect::<Vec<_>>();
	assert_eq!(calls::<pallet_registry::Call<Runtime>>(), numbered(&registry));
	assert_eq!(calls::<pallet_subjects::Call<Runtime>>(), numbered(&subjects));
	assert_eq!(calls::<pallet_upgrades::Call<Runtime>>(), numbered(&["authorise", "withdraw"]));
	assert_eq!(calls::<pallet_ehr::Call<Runtime>>(), numbered(&ehr));
}

/// Every nested call and every queue of calls pays for the largest one.
#[test]
fn runtime_call_stays_small() {
	assert_eq!(size_of::<RuntimeCall>(), 240);
}

#[test]
fn version_is_the_one_of_the_genesis_runtime() {
	assert_eq!((VERSION.spec_name.as_ref(), VERSION.spec_version, VERSION.transaction_version), ("epidaurus", 1, 1));
}
