// SPDX-License-Identifier: GPL-3.0-only
//! What every kind of node and every command on a database is made of.

use crate::{genesis::Genesis, rpc};
use cumulus_client_consensus_aura::{
	collators::slot_based::{SlotBasedBlockImport, SlotBasedBlockImportHandle},
	equivocation_import_queue,
};
use cumulus_client_consensus_common::ParachainBlockImport;
use cumulus_client_service::ParachainHostFunctions;
use cumulus_primitives_core::{GetParachainInfo, ParaId};
use epidaurus_runtime::{opaque::Block, RuntimeApi};
use futures::FutureExt;
use jsonrpsee::RpcModule;
use sc_client_api::Backend as _;
use sc_consensus::DefaultImportQueue;
use sc_executor::{HeapAllocStrategy, WasmExecutor, DEFAULT_HEAP_ALLOC_STRATEGY};
use sc_network::service::traits::NetworkService;
use sc_rpc::SubscriptionTaskExecutor;
use sc_service::{ChainType, Configuration, KeystoreContainer, TFullBackend, TFullClient, TaskManager};
use sc_telemetry::{Telemetry, TelemetryHandle, TelemetryWorker, TelemetryWorkerHandle};
use sc_transaction_pool::TransactionPoolHandle;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_api::ProvideRuntimeApi;
use sp_consensus_aura::sr25519::AuthorityPair;
use std::sync::Arc;

/// Result of everything here.
pub type Result<T> = sc_service::error::Result<T>;
/// What runs the runtime's code.
pub type Executor = WasmExecutor<ParachainHostFunctions>;
/// The client of our runtime.
pub type Client = TFullClient<Block, RuntimeApi, Executor>;
/// The database.
pub type Backend = TFullBackend<Block>;
/// The transaction pool.
pub type Pool = TransactionPoolHandle<Block, Client>;
/// The way of blocks into the database. It records proofs for blocks that share a core, whoever built them.
pub type BlockImport = ParachainBlockImport<Block, SlotBasedBlockImport<Block, Arc<Client>, Client>, Backend>;

/// How imported blocks are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verification {
	/// By the seal of a collator whose turn it was.
	Aura,
	/// Not at all, as a node in development seals without a key.
	Unsealed,
}

impl Verification {
	/// What fits the chain of `config`, which `--dev` turns into one in development.
	pub fn of(config: &Configuration, dev: bool) -> Self {
		if dev || config.chain_spec.chain_type() == ChainType::Development {
			Self::Unsealed
		} else {
			Self::Aura
		}
	}
}

/// What exists before there is a network.
pub struct Parts {
	/// The client.
	pub client: Arc<Client>,
	/// The database.
	pub backend: Arc<Backend>,
	/// The tasks; dropping them stops the node.
	pub task_manager: TaskManager,
	/// Keys of this node.
	pub keystore: KeystoreContainer,
	/// Transactions that wait.
	pub pool: Arc<Pool>,
	/// Where a collator's own blocks enter.
	pub block_import: BlockImport,
	/// The slot-based collator's end of `block_import`.
	pub block_import_handle: SlotBasedBlockImportHandle<Block>,
	/// Telemetry, if there are endpoints.
	pub telemetry: Option<Telemetry>,
	/// For the relay chain node to report to the same worker.
	pub telemetry_worker: Option<TelemetryWorkerHandle>,
}

impl Parts {
	/// Opens (or creates) the database and builds what belongs to it; the queue is where blocks of others arrive.
	pub fn new(config: &Configuration, verification: Verification) -> Result<(Self, DefaultImportQueue<Block>)> {
		let worker = match config.telemetry_endpoints.clone().filter(|endpoints| !endpoints.is_empty()) {
			Some(endpoints) => {
				let worker = TelemetryWorker::new(16)?;
				let telemetry = worker.handle().new_telemetry(endpoints);
				Some((worker, telemetry))
			},
			None => None,
		};
		let handle = worker.as_ref().map(|(_, telemetry)| telemetry.handle());
		let executor = executor(config);
		let backend = sc_service::new_db_backend(config.db_config())?;
		let genesis = Genesis {
			spec: &*config.chain_spec,
			commit: !config.no_genesis(),
			backend: backend.clone(),
			executor: executor.clone(),
		};
		let (client, backend, keystore, task_manager) =
			sc_service::new_full_parts_with_genesis_builder(config, handle.clone(), executor, backend, genesis, true)?;
		let client = Arc::new(client);
		let telemetry_worker = worker.as_ref().map(|(worker, _)| worker.handle());
		let telemetry = worker.map(|(worker, telemetry)| {
			task_manager.spawn_handle().spawn("telemetry", None, worker.run());
			telemetry
		});
		let pool = sc_transaction_pool::Builder::new(
			task_manager.spawn_essential_handle(),
			client.clone(),
			config.role.is_authority().into(),
		)
		.with_options(config.transaction_pool.clone())
		.with_prometheus(config.prometheus_registry())
		.build();
		let (block_import, block_import_handle) = SlotBasedBlockImport::new(client.clone(), client.clone());
		let block_import = ParachainBlockImport::new(block_import, backend.clone());
		let import_queue =
			import_queue(verification, config, client.clone(), block_import.clone(), handle, &task_manager);
		let pool = Arc::new(pool);
		let parts = Self {
			client,
			backend,
			task_manager,
			keystore,
			pool,
			block_import,
			block_import_handle,
			telemetry,
			telemetry_worker,
		};
		Ok((parts, import_queue))
	}
}

fn executor(config: &Configuration) -> Executor {
	let heap = config
		.executor
		.default_heap_pages
		.and_then(|pages| u32::try_from(pages).ok())
		.map_or(DEFAULT_HEAP_ALLOC_STRATEGY, |extra_pages| HeapAllocStrategy::Static { extra_pages });
	WasmExecutor::builder()
		.with_execution_method(config.executor.wasm_method)
		.with_onchain_heap_alloc_strategy(heap)
		.with_offchain_heap_alloc_strategy(heap)
		.with_max_runtime_instances(config.executor.max_runtime_instances)
		.with_runtime_cache_size(config.executor.runtime_cache_size)
		.build()
}

fn import_queue(
	verification: Verification,
	config: &Configuration,
	client: Arc<Client>,
	block_import: BlockImport,
	telemetry: Option<TelemetryHandle>,
	task_manager: &TaskManager,
) -> DefaultImportQueue<Block> {
	let spawner = task_manager.spawn_essential_handle();
	let registry = config.prometheus_registry();
	match verification {
		Verification::Unsealed => sc_consensus_manual_seal::import_queue(Box::new(client), &spawner, registry),
		Verification::Aura => equivocation_import_queue::fully_verifying_import_queue::<AuthorityPair, _, _, _, _>(
			client,
			block_import,
			|_, ()| async { Ok(sp_timestamp::InherentDataProvider::from_system_time()) },
			&spawner,
			registry,
			telemetry,
		),
	}
}

/// The para id that the runtime states.
pub fn para_id(client: &Client) -> Result<ParaId> {
	let id = client
		.runtime_api()
		.parachain_id(client.chain_info().best_hash)
		.map_err(|error| format!("the runtime does not tell its para id: {error}"))?;
	log::info!("🏷  Para id: {id}");
	Ok(id)
}

/// Starts the workers that the runtime asks for off chain, if `config` enables them.
pub fn spawn_offchain_workers(config: &Configuration, parts: &Parts, network: &Arc<dyn NetworkService>) -> Result<()> {
	if !config.offchain_worker.enabled {
		return Ok(());
	}
	let workers = sc_offchain::OffchainWorkers::new(sc_offchain::OffchainWorkerOptions {
		runtime_api_provider: parts.client.clone(),
		keystore: Some(parts.keystore.keystore()),
		offchain_db: parts.backend.offchain_storage(),
		transaction_pool: Some(OffchainTransactionPoolFactory::new(parts.pool.clone())),
		network_provider: Arc::new(network.clone()),
		is_validator: config.role.is_authority(),
		enable_http_requests: false,
		custom_extensions: |_| Vec::new(),
	})?;
	let spawner = parts.task_manager.spawn_handle();
	spawner.clone().spawn("offchain-workers", "offchain-work", workers.run(parts.client.clone(), spawner).boxed());
	Ok(())
}

/// Builds the RPC module anew for each of the servers.
pub fn rpc_builder(parts: &Parts) -> RpcBuilder {
	let (client, pool) = (parts.client.clone(), parts.pool.clone());
	Box::new(move |_| {
		rpc::create(client.clone(), pool.clone()).map_err(|error| sc_service::Error::Application(Box::new(error)))
	})
}

/// What [`rpc_builder`] gives.
pub type RpcBuilder = Box<dyn Fn(SubscriptionTaskExecutor) -> Result<RpcModule<()>>>;
