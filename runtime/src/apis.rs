// SPDX-License-Identifier: Apache-2.0
//! What the node and clients can ask the runtime. Every method forwards to the pallet that knows.

// The macro documents neither its modules nor its functions.
#![allow(missing_docs)]

use crate::{
	configs::ConsensusHook,
	constants::{block, time},
	genesis_config_presets, AccountId, Balance, Block, Ehr, Executive, InherentDataExt, Nonce, ParachainInfo,
	ParachainSystem, Registry, Runtime, RuntimeCall, RuntimeGenesisConfig, SessionKeys, Subjects, System,
	TransactionPayment, VERSION,
};
#[cfg(feature = "runtime-benchmarks")]
use alloc::string::String;
use alloc::vec::Vec;
use cumulus_primitives_core::{ParaId, RelayProofRequest, VerifySchedulingSignature};
use epidaurus_primitives::{
	ehr::{LogKind, LogProof},
	hash::Opening,
	ids::{LicenceId, NetworkId, OrgId, RecordId, SubjectId},
	jurisdiction::Jurisdiction,
	moment::Moment,
	proof::HexBytes,
	registry::{Capability, Holder},
	renewal::Renewal,
	verify::Refusal,
	views::{
		AnchorVerdict, AnchorView, CapabilityView, CheckpointView, Cursor, IssuerView, LicenceView, LifeView,
		LogVerdict, LogView, MemberView, OrganisationView, Page, QuotaView, RebindView, SubjectKeyView, SubjectView,
		SuccessionView, SuiteView, TreeView, VersionView,
	},
};
use frame_support::{
	genesis_builder_helper::{build_state, get_preset},
	view_functions::{ViewFunctionDispatchError, ViewFunctionId},
	weights::Weight,
};
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_core::{crypto::KeyTypeId, OpaqueMetadata};
use sp_runtime::{
	traits::Block as BlockT,
	transaction_validity::{TransactionSource, TransactionValidity},
	ApplyExtrinsicResult, ExtrinsicInclusionMode,
};
use sp_version::RuntimeVersion;

/// Without the chain's time nobody knows how old an answer is that was proven.
fn and_time(mut keys: Vec<HexBytes>) -> Vec<HexBytes> {
	keys.push(HexBytes(pallet_timestamp::Now::<Runtime>::hashed_key().into()));
	keys
}

sp_api::impl_runtime_apis! {
	impl sp_api::Core<Block> for Runtime {
		fn version() -> RuntimeVersion {
			VERSION
		}

		fn execute_block(block: <Block as BlockT>::LazyBlock) {
			Executive::execute_block(block)
		}

		fn initialize_block(header: &<Block as BlockT>::Header) -> ExtrinsicInclusionMode {
			Executive::initialize_block(header)
		}
	}

	impl sp_api::Metadata<Block> for Runtime {
		fn metadata() -> OpaqueMetadata {
			OpaqueMetadata::new(Runtime::metadata().into())
		}

		fn metadata_at_version(version: u32) -> Option<OpaqueMetadata> {
			Runtime::metadata_at_version(version)
		}

		fn metadata_versions() -> Vec<u32> {
			Runtime::metadata_versions()
		}
	}

	impl frame_support::view_functions::runtime_api::RuntimeViewFunction<Block> for Runtime {
		fn execute_view_function(
			id: ViewFunctionId,
			input: Vec<u8>,
		) -> Result<Vec<u8>, ViewFunctionDispatchError> {
			Runtime::execute_view_function(id, input)
		}
	}

	impl sp_block_builder::BlockBuilder<Block> for Runtime {
		fn apply_extrinsic(extrinsic: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
			Executive::apply_extrinsic(extrinsic)
		}

		fn finalize_block() -> <Block as BlockT>::Header {
			Executive::finalize_block()
		}

		fn inherent_extrinsics(data: sp_inherents::InherentData) -> Vec<<Block as BlockT>::Extrinsic> {
			data.create_extrinsics()
		}

		fn check_inherents(
			block: <Block as BlockT>::LazyBlock,
			data: sp_inherents::InherentData,
		) -> sp_inherents::CheckInherentsResult {
			data.check_extrinsics(&block)
		}
	}

	impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
		fn validate_transaction(
			source: TransactionSource,
			transaction: <Block as BlockT>::Extrinsic,
			block_hash: <Block as BlockT>::Hash,
		) -> TransactionValidity {
			Executive::validate_transaction(source, transaction, block_hash)
		}
	}

	impl sp_offchain::OffchainWorkerApi<Block> for Runtime {
		fn offchain_worker(header: &<Block as BlockT>::Header) {
			Executive::offchain_worker(header)
		}
	}

	impl sp_session::SessionKeys<Block> for Runtime {
		fn generate_session_keys(owner: Vec<u8>, seed: Option<Vec<u8>>) -> sp_session::OpaqueGeneratedSessionKeys {
			SessionKeys::generate(&owner, seed).into()
		}

		fn decode_session_keys(encoded: Vec<u8>) -> Option<Vec<(Vec<u8>, KeyTypeId)>> {
			SessionKeys::decode_into_raw_public_keys(&encoded)
		}
	}

	impl sp_consensus_aura::AuraApi<Block, AuraId> for Runtime {
		fn slot_duration() -> sp_consensus_aura::SlotDuration {
			sp_consensus_aura::SlotDuration::from_millis(time::SLOT_DURATION)
		}

		fn authorities() -> Vec<AuraId> {
			pallet_aura::Authorities::<Runtime>::get().into_inner()
		}
	}

	impl cumulus_primitives_aura::AuraUnincludedSegmentApi<Block> for Runtime {
		fn can_build_upon(included: <Block as BlockT>::Hash, slot: cumulus_primitives_aura::Slot) -> bool {
			ConsensusHook::can_build_upon(included, slot)
		}
	}

	impl cumulus_primitives_core::CollectCollationInfo<Block> for Runtime {
		fn collect_collation_info(header: &<Block as BlockT>::Header) -> cumulus_primitives_core::CollationInfo {
			ParachainSystem::collect_collation_info(header)
		}
	}

	impl cumulus_primitives_core::GetParachainInfo<Block> for Runtime {
		fn parachain_id() -> ParaId {
			ParachainInfo::parachain_id()
		}
	}

	impl cumulus_primitives_core::RelayParentOffsetApi<Block> for Runtime {
		fn relay_parent_offset() -> u32 {
			block::RELAY_PARENT_OFFSET
		}

		fn max_claim_queue_offset() -> u8 {
			ParachainSystem::max_claim_queue_offset()
		}
	}

	impl cumulus_primitives_core::TargetBlockRate<Block> for Runtime {
		fn target_block_rate() -> u32 {
			block::VELOCITY
		}
	}

	impl cumulus_primitives_core::SchedulingV3EnabledApi<Block> for Runtime {
		fn scheduling_v3_enabled() -> bool {
			<Runtime as cumulus_pallet_parachain_system::Config>::SchedulingSignatureVerifier::V3_SCHEDULING_ENABLED
		}
	}

	impl cumulus_primitives_core::KeyToIncludeInRelayProof<Block> for Runtime {
		fn keys_to_prove() -> RelayProofRequest {
			RelayProofRequest::default()
		}
	}

	impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
		fn account_nonce(account: AccountId) -> Nonce {
			System::account_nonce(account)
		}
	}

	impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance> for Runtime {
		fn query_info(
			extrinsic: <Block as BlockT>::Extrinsic,
			length: u32,
		) -> pallet_transaction_payment_rpc_runtime_api::RuntimeDispatchInfo<Balance> {
			TransactionPayment::query_info(extrinsic, length)
		}

		fn query_fee_details(
			extrinsic: <Block as BlockT>::Extrinsic,
			length: u32,
		) -> pallet_transaction_payment::FeeDetails<Balance> {
			TransactionPayment::query_fee_details(extrinsic, length)
		}

		fn query_weight_to_fee(weight: Weight) -> Balance {
			TransactionPayment::weight_to_fee(weight)
		}

		fn query_length_to_fee(length: u32) -> Balance {
			TransactionPayment::length_to_fee(length)
		}
	}

	impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentCallApi<Block, Balance, RuntimeCall> for Runtime {
		fn query_call_info(
			call: RuntimeCall,
			length: u32,
		) -> pallet_transaction_payment_rpc_runtime_api::RuntimeDispatchInfo<Balance> {
			TransactionPayment::query_call_info(call, length)
		}

		fn query_call_fee_details(
			call: RuntimeCall,
			length: u32,
		) -> pallet_transaction_payment::FeeDetails<Balance> {
			TransactionPayment::query_call_fee_details(call, length)
		}

		fn query_weight_to_fee(weight: Weight) -> Balance {
			TransactionPayment::weight_to_fee(weight)
		}

		fn query_length_to_fee(length: u32) -> Balance {
			TransactionPayment::length_to_fee(length)
		}
	}

	impl epidaurus_runtime_api::RegistryApi<Block, AccountId> for Runtime {
		fn organisation(id: OrgId, at: Option<Moment>) -> Option<OrganisationView<AccountId>> {
			Registry::organisation(id, at)
		}

		fn organisations(cursor: Option<Cursor>, limit: u32) -> Page<OrganisationView<AccountId>> {
			Registry::organisations(cursor, limit)
		}

		fn member(account: AccountId, at: Option<Moment>) -> Option<MemberView<AccountId>> {
			Registry::member(account, at)
		}

		fn members(organisation: OrgId, cursor: Option<Cursor>, limit: u32) -> Page<MemberView<AccountId>> {
			Registry::members(organisation, cursor, limit)
		}

		fn licence(id: LicenceId) -> Option<LicenceView<AccountId>> {
			Registry::licence(id)
		}

		fn licences(holder: Holder<AccountId>, cursor: Option<Cursor>, limit: u32) -> Page<LicenceView<AccountId>> {
			Registry::licences(holder, cursor, limit)
		}

		fn issuers(cursor: Option<Cursor>, limit: u32) -> Page<IssuerView> {
			Registry::issuers(cursor, limit)
		}

		fn capability(
			holder: Holder<AccountId>,
			capability: Capability,
			jurisdiction: Option<Jurisdiction>,
			at: Option<Moment>,
		) -> CapabilityView {
			Registry::capability(holder, capability, jurisdiction, at)
		}

		fn succession(organisation: OrgId) -> Option<SuccessionView> {
			Registry::succession(organisation)
		}

		fn organisation_keys(id: OrgId) -> Vec<HexBytes> {
			and_time(Registry::organisation_keys(id))
		}

		fn member_keys(account: AccountId, at: Option<Moment>) -> Vec<HexBytes> {
			and_time(Registry::member_keys(account, at))
		}

		fn licence_keys(id: LicenceId) -> Vec<HexBytes> {
			and_time(Registry::licence_keys(id))
		}

		fn capability_keys(
			holder: Holder<AccountId>,
			capability: Capability,
			jurisdiction: Option<Jurisdiction>,
			at: Option<Moment>,
		) -> Vec<HexBytes> {
			and_time(Registry::capability_keys(holder, capability, jurisdiction, at))
		}
	}

	impl epidaurus_runtime_api::SubjectsApi<Block, AccountId> for Runtime {
		fn subject(subject: SubjectId) -> Option<SubjectView<AccountId>> {
			Subjects::subject(subject)
		}

		fn subject_by_key(key: AccountId) -> Option<SubjectView<AccountId>> {
			Subjects::subject_by_key(key)
		}

		fn key(subject: SubjectId, at: Option<Moment>) -> Option<SubjectKeyView<AccountId>> {
			Subjects::key_at(subject, at)
		}

		fn rebind(subject: SubjectId) -> Option<RebindView<AccountId>> {
			Subjects::rebind(subject)
		}

		fn quota(custodian: OrgId) -> QuotaView {
			Subjects::quota(custodian)
		}

		fn doubt_keys(subject: SubjectId) -> Vec<HexBytes> {
			Subjects::doubt_keys(subject)
		}

		fn subject_keys(subject: SubjectId) -> Vec<HexBytes> {
			and_time(Subjects::subject_keys(subject))
		}

		fn subject_by_key_keys(key: AccountId) -> Vec<HexBytes> {
			and_time(Subjects::subject_by_key_keys(key))
		}

		fn key_keys(subject: SubjectId, at: Option<Moment>) -> Vec<HexBytes> {
			and_time(Subjects::key_keys(subject, at))
		}
	}

	impl epidaurus_runtime_api::EhrApi<Block> for Runtime {
		fn network_id() -> NetworkId {
			Ehr::network_id()
		}

		fn anchor(record: RecordId) -> Option<AnchorView> {
			Ehr::anchor_view(record)
		}

		fn versions(record: RecordId, cursor: Option<Cursor>, limit: u32) -> Page<VersionView> {
			Ehr::versions_page(record, cursor, limit)
		}

		fn verify_anchor(record: RecordId, opening: Opening) -> Result<AnchorVerdict, Refusal> {
			Ehr::verify_anchor(record, &opening)
		}

		fn life(record: RecordId) -> Option<LifeView> {
			Ehr::life_view(record)
		}

		fn suites() -> Vec<SuiteView> {
			Ehr::suites()
		}

		fn log(custodian: OrgId, kind: LogKind) -> Option<LogView> {
			Ehr::log_view(custodian, kind)
		}

		fn checkpoints(custodian: OrgId, kind: LogKind, cursor: Option<Cursor>, limit: u32) -> Page<CheckpointView> {
			Ehr::checkpoints_page(custodian, kind, cursor, limit)
		}

		fn renewals(custodian: OrgId, kind: LogKind) -> Vec<Renewal> {
			Ehr::renewals(custodian, kind)
		}

		fn trees() -> Vec<TreeView> {
			Ehr::trees()
		}

		fn verify_log(
			custodian: OrgId,
			kind: LogKind,
			opening: Opening,
			proof: LogProof,
		) -> Result<LogVerdict, Refusal> {
			Ehr::verify_log(custodian, kind, &opening, &proof)
		}

		fn anchor_keys(record: RecordId) -> Vec<HexBytes> {
			and_time(Ehr::anchor_keys(record))
		}

		fn verify_anchor_keys(record: RecordId, version: u32) -> Vec<HexBytes> {
			let mut keys = Ehr::verify_anchor_keys(record, version);
			keys.extend(Ehr::known_subject(record).into_iter().flat_map(Subjects::doubt_keys));
			and_time(keys)
		}

		fn log_keys(custodian: OrgId, kind: LogKind) -> Vec<HexBytes> {
			and_time(Ehr::log_keys(custodian, kind))
		}

		fn verify_log_keys(custodian: OrgId, kind: LogKind) -> Vec<HexBytes> {
			and_time(Ehr::verify_log_keys(custodian, kind))
		}
	}

	impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
		fn build_state(config: Vec<u8>) -> sp_genesis_builder::Result {
			build_state::<RuntimeGenesisConfig>(config)
		}

		fn get_preset(id: &Option<sp_genesis_builder::PresetId>) -> Option<Vec<u8>> {
			get_preset::<RuntimeGenesisConfig>(id, genesis_config_presets::get_preset)
		}

		fn preset_names() -> Vec<sp_genesis_builder::PresetId> {
			genesis_config_presets::preset_names()
		}
	}

	#[cfg(feature = "runtime-benchmarks")]
	impl frame_benchmarking::Benchmark<Block> for Runtime {
		fn benchmark_metadata(
			extra: bool,
		) -> (Vec<frame_benchmarking::BenchmarkList>, Vec<frame_support::traits::StorageInfo>) {
			crate::benchmarks::metadata(extra)
		}

		fn dispatch_benchmark(
			config: frame_benchmarking::BenchmarkConfig,
		) -> Result<Vec<frame_benchmarking::BenchmarkBatch>, String> {
			crate::benchmarks::dispatch(config)
		}
	}

	#[cfg(feature = "try-runtime")]
	impl frame_try_runtime::TryRuntime<Block> for Runtime {
		fn on_runtime_upgrade(checks: frame_try_runtime::UpgradeCheckSelect) -> (Weight, Weight) {
			crate::try_runtime::upgrade(checks)
		}

		fn execute_block(
			block: <Block as BlockT>::LazyBlock,
			state_root_check: bool,
			signature_check: bool,
			select: frame_try_runtime::TryStateSelect,
		) -> Weight {
			crate::try_runtime::execute_block(block, state_root_check, signature_check, select)
		}
	}
}
