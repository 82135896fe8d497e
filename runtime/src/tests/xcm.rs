// SPDX-License-Identifier: Apache-2.0
//! What the relay chain and other parachains may tell us to do: nothing.

use super::{account, development};
use crate::{configs::ConsortiumAccount, Runtime, RuntimeCall, System};
use codec::Encode;
use cumulus_primitives_core::{ParaId, XcmpMessageHandler, XcmpMessageSource};
use epidaurus_primitives::ids::OrgId;
use frame_support::{
	traits::{HandleMessage, PalletsInfoAccess},
	weights::Weight,
};
use sp_core::H256;
use sp_runtime::{BoundedSlice, StateVersion};
use xcm::{latest::prelude::*, VersionedXcm};

type Downward = <Runtime as cumulus_pallet_parachain_system::Config>::DmpQueue;
type Horizontal = <Runtime as cumulus_pallet_parachain_system::Config>::XcmpMessageHandler;
type Outbound = <Runtime as cumulus_pallet_parachain_system::Config>::OutboundXcmpMessageSource;

/// Another parachain.
const SIBLING: u32 = 2_001;
/// `XcmpMessageFormat::ConcatenatedVersionedXcm`, with which a page of messages begins.
const CONCATENATED: u8 = 0;

/// What somebody would have us do if we obeyed.
fn calls() -> Vec<RuntimeCall> {
	vec![
		frame_system::Call::set_code { code: vec![1] }.into(),
		frame_system::Call::set_storage { items: vec![(vec![1], vec![1])] }.into(),
		pallet_upgrades::Call::authorise { code_hash: H256::repeat_byte(1) }.into(),
		pallet_registry::Call::suspend_organisation { organisation: OrgId(0) }.into(),
		pallet_ehr::Call::mark_entered_in_error { record: epidaurus_primitives::ids::RecordId([1; 16]) }.into(),
		pallet_balances::Call::transfer_all { dest: account("Mallory").into(), keep_alive: false }.into(),
		pallet_collator_selection::Call::set_invulnerables { new: vec![account("Mallory")] }.into(),
	]
}

fn beneficiary() -> Location {
	AccountId32 { network: None, id: account("Mallory").into() }.into()
}

/// Programs that other chains obey when they trust the sender.
fn programs() -> Vec<Xcm<()>> {
	let assets = || Assets::from((Location::parent(), 1_000_000_000_000u128));
	let unpaid = || UnpaidExecution { weight_limit: Unlimited, check_origin: None };
	let deposit = || DepositAsset { assets: Wild(All), beneficiary: beneficiary() };
	let mut programs: Vec<Vec<Instruction<()>>> = vec![
		vec![ReserveAssetDeposited(assets()), ClearOrigin, deposit()],
		vec![ReceiveTeleportedAsset(assets()), ClearOrigin, deposit()],
		vec![WithdrawAsset(Assets::from((Location::here(), 1_000_000_000_000u128))), deposit()],
		vec![unpaid(), AliasOrigin(AccountId32 { network: None, id: ConsortiumAccount::get().into() }.into())],
		vec![unpaid(), DescendOrigin([PalletInstance(50)].into())],
		vec![SubscribeVersion { query_id: 1, max_response_weight: Weight::MAX }],
		vec![QueryResponse { query_id: 1, response: Response::Null, max_weight: Weight::MAX, querier: None }],
		vec![HrmpNewChannelOpenRequest { sender: SIBLING, max_message_size: 1_024, max_capacity: 8 }],
		vec![HrmpChannelAccepted { recipient: SIBLING }],
	];
	for origin_kind in [OriginKind::Superuser, OriginKind::Native, OriginKind::SovereignAccount, OriginKind::Xcm] {
		for call in calls() {
			let transact = Transact { origin_kind, fallback_max_weight: Some(Weight::MAX), call: call.encode().into() };
			programs.push(vec![unpaid(), transact]);
		}
	}
	programs.into_iter().map(Xcm).collect()
}

/// Messages: the programs, and what is none.
fn messages() -> Vec<Vec<u8>> {
	let programs = programs().into_iter().map(|program| VersionedXcm::from(program).encode());
	programs.chain([vec![], vec![0xff; 64], vec![0; 1 << 20]]).collect()
}

/// Nothing in the state changes, nothing happens, nothing is sent.
fn changes_nothing(act: impl Fn(&[u8]) -> Weight) {
	development().execute_with(|| {
		let root = || sp_io::storage::root(StateVersion::V1);
		let before = root();
		for message in messages() {
			assert_eq!(act(&message), Weight::zero());
			assert_eq!(root(), before, "{} bytes", message.len());
		}
		assert_eq!(System::event_count(), 0);
		assert!(Outbound::take_outbound_messages(100, &[ParaId::from(SIBLING)]).is_empty());
		assert!(cumulus_pallet_parachain_system::PendingUpwardMessages::<Runtime>::get().is_empty());
	});
}

#[test]
fn messages_of_the_relay_chain_are_refused() {
	changes_nothing(|message| {
		let message = || BoundedSlice::try_from(message).expect("no message is too long");
		Downward::handle_message(message());
		Downward::handle_messages([message(), message()].into_iter());
		Downward::sweep_queue();
		Weight::zero()
	});
}

#[test]
fn messages_of_other_parachains_are_refused() {
	changes_nothing(|message| {
		let page = [&[CONCATENATED], message].concat();
		let pages = [(ParaId::from(SIBLING), 1, page.as_slice()), (ParaId::from(1_000), 2, message)];
		Horizontal::handle_xcmp_messages(pages.into_iter(), Weight::MAX)
	});
}

#[test]
fn no_pallet_executes_or_sends() {
	let names = crate::AllPalletsWithSystem::infos().into_iter().map(|pallet| pallet.name).collect::<Vec<_>>();
	for part in ["Xcm", "Queue", "Sudo"] {
		assert!(!names.iter().any(|name| name.contains(part)), "{part} among {names:?}");
	}
}
