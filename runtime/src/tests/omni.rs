// SPDX-License-Identifier: Apache-2.0
//! The SDK's own omni-node runs this runtime: what that node looks for, by name and version, is here.

use crate::{apis::RUNTIME_API_VERSIONS, AccountId, AllPalletsWithSystem, Balance, Block, BlockNumber, Nonce, Runtime};
use frame_support::traits::PalletsInfoAccess;
use sp_api::RuntimeApiInfo;
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use std::any::{type_name, TypeId};

fn assert_has<Api: RuntimeApiInfo + ?Sized>() {
	let found = RUNTIME_API_VERSIONS.iter().find(|(id, _)| *id == Api::ID).map(|(_, version)| *version);
	assert_eq!(found, Some(Api::VERSION), "{}", type_name::<Api>());
}

#[test]
fn omni_node_finds_its_runtime_apis() {
	assert_has::<dyn sp_api::Core<Block>>();
	assert_has::<dyn sp_api::Metadata<Block>>();
	assert_has::<dyn sp_block_builder::BlockBuilder<Block>>();
	assert_has::<dyn sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block>>();
	assert_has::<dyn sp_offchain::OffchainWorkerApi<Block>>();
	assert_has::<dyn sp_session::SessionKeys<Block>>();
	assert_has::<dyn sp_genesis_builder::GenesisBuilder<Block>>();
	assert_has::<dyn sp_consensus_aura::AuraApi<Block, AuraId>>();
	assert_has::<dyn cumulus_primitives_aura::AuraUnincludedSegmentApi<Block>>();
	assert_has::<dyn cumulus_primitives_core::CollectCollationInfo<Block>>();
	assert_has::<dyn cumulus_primitives_core::GetParachainInfo<Block>>();
	assert_has::<dyn cumulus_primitives_core::RelayParentOffsetApi<Block>>();
	assert_has::<dyn cumulus_primitives_core::SchedulingV3EnabledApi<Block>>();
	assert_has::<dyn cumulus_primitives_core::TargetBlockRate<Block>>();
	assert_has::<dyn cumulus_primitives_core::KeyToIncludeInRelayProof<Block>>();
	assert_has::<dyn frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce>>();
	assert_has::<dyn pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance>>();
}

#[test]
fn omni_node_finds_its_pallets_and_types() {
	let names: Vec<_> = AllPalletsWithSystem::infos().into_iter().map(|pallet| pallet.name).collect();
	for name in ["System", "ParachainSystem", "Aura"] {
		assert!(names.contains(&name), "{name}");
	}
	assert_eq!(TypeId::of::<BlockNumber>(), TypeId::of::<u32>());
	assert_eq!(TypeId::of::<<Runtime as pallet_aura::Config>::AuthorityId>(), TypeId::of::<AuraId>());
}
