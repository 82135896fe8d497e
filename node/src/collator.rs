// SPDX-License-Identifier: GPL-3.0-only
//! A node that follows a relay chain: a full node, and a collator if it has the role.

use crate::{
	cli::Authoring,
	keys,
	service::{self, Client, Parts, Result, Verification},
};
use codec::Encode;
use cumulus_client_bootnodes::{start_bootnode_tasks, StartBootnodeTasksParams};
use cumulus_client_cli::CollatorOptions;
use cumulus_client_collator::service::CollatorService;
use cumulus_client_consensus_aura::collators::{lookahead, slot_based};
use cumulus_client_service::{
	build_network, build_relay_chain_interface, prepare_node_config, start_relay_chain_tasks, BuildNetworkParams,
	DARecoveryProfile, ParachainTracingExecuteBlock, StartRelayChainTasksParams,
};
use cumulus_primitives_core::{
	relay_chain::{ValidationCode, ValidationCodeHash},
	ParaId,
};
use cumulus_relay_chain_interface::{OverseerHandle, RelayChainInterface};
use epidaurus_runtime::{opaque::Block, Hash};
use polkadot_primitives::CollatorPair;
use prometheus_endpoint::Registry;
use sc_basic_authorship::ProposerFactory;
use sc_consensus::import_queue::ImportQueueService;
use sc_network::{
	config::{FullNetworkConfiguration, NetworkBackendType},
	service::traits::NetworkService,
	Litep2pNetworkBackend, NetworkBackend, NetworkBlock, NetworkWorker, PeerId,
};
use sc_network_sync::SyncingService;
use sc_service::{Configuration, ImportQueue, SpawnTasksParams, TaskManager};
use sp_consensus_aura::sr25519::AuthorityPair;
use std::{sync::Arc, time::Duration};

const RELAY_CHAIN_SLOT: Duration = Duration::from_secs(6);
/// Time of the lookahead collator for one block; the relay chain's validators have as much to execute it.
const LOOKAHEAD_AUTHORING: Duration = Duration::from_secs(2);
/// So long into a slot the relay chain's block of that slot has arrived.
const SLOT_OFFSET: Duration = Duration::from_secs(1);

type Announce = Arc<dyn Fn(Hash, Option<Vec<u8>>) + Send + Sync>;

/// What the command line says about a node that follows a relay chain.
pub struct Options {
	/// How the relay chain is reached, and whether its DHT is used to find other nodes of ours.
	pub relay: CollatorOptions,
	/// How a collator decides when to build a block.
	pub authoring: Authoring,
	/// Share of the relay chain's proof size limit that a block may use, in percent.
	pub max_pov_percentage: Option<u32>,
}

/// What the relay chain tasks and the collator have in common.
struct Link {
	para_id: ParaId,
	relay: Arc<dyn RelayChainInterface>,
	overseer: OverseerHandle,
	announce: Announce,
	registry: Option<Registry>,
}

/// Starts the node with the network library that `config` names.
pub async fn start(config: Configuration, relay_config: Configuration, options: Options) -> Result<TaskManager> {
	match config.network.network_backend {
		NetworkBackendType::Libp2p => start_with::<NetworkWorker<_, _>>(config, relay_config, options).await,
		NetworkBackendType::Litep2p => start_with::<Litep2pNetworkBackend>(config, relay_config, options).await,
	}
}

#[sc_tracing::logging::prefix_logs_with("Parachain")]
async fn start_with<Net: NetworkBackend<Block, Hash>>(
	config: Configuration,
	relay_config: Configuration,
	options: Options,
) -> Result<TaskManager> {
	let config = prepare_node_config(config);
	let (mut parts, import_queue) = Parts::new(&config, Verification::Aura)?;
	let collates = config.role.is_authority();
	if collates {
		keys::check_keystore(&parts.keystore.keystore(), &*config.chain_spec)?;
	}
	let para_id = service::para_id(&parts.client)?;
	let registry = config.prometheus_registry().cloned();
	let relay = Relay::connect(&config, relay_config, &mut parts, para_id, options.relay.clone()).await?;
	let import_queue_service = import_queue.service();
	let (network, system_rpc_tx, tx_handler_controller, sync_service, _) = build_network(BuildNetworkParams {
		parachain_config: &config,
		net_config: FullNetworkConfiguration::<_, _, Net>::new(&config.network, registry.clone()),
		client: parts.client.clone(),
		transaction_pool: parts.pool.clone(),
		para_id,
		spawn_handle: parts.task_manager.spawn_handle(),
		spawn_essential_handle: parts.task_manager.spawn_essential_handle(),
		relay_chain_interface: relay.interface.clone(),
		import_queue,
		metrics: Net::register_notification_metrics(registry.as_ref()),
		gap_sync_body_policy: None,
	})
	.await?;
	service::spawn_offchain_workers(&config, &parts, &network)?;
	(relay.start_bootnode_tasks)(&mut parts.task_manager, network.clone());
	sc_service::spawn_tasks(SpawnTasksParams {
		rpc_builder: service::rpc_builder(&parts),
		client: parts.client.clone(),
		transaction_pool: parts.pool.clone(),
		task_manager: &mut parts.task_manager,
		config,
		keystore: parts.keystore.keystore(),
		backend: parts.backend.clone(),
		network,
		sync_service: sync_service.clone(),
		system_rpc_tx,
		tx_handler_controller,
		telemetry: parts.telemetry.as_mut(),
		tracing_execute_block: Some(Arc::new(ParachainTracingExecuteBlock::new(parts.client.clone()))),
	})?;
	let link = Link::new(para_id, relay.interface, sync_service.clone(), registry)?;
	link.follow(&mut parts, import_queue_service, sync_service, collates)?;
	match relay.collator_key {
		Some(key) if collates => Ok(link.collate(parts, key, relay.peer_id, &options)),
		None if collates => Err("the relay chain node gave no key to sign collations with".into()),
		_ => Ok(parts.task_manager),
	}
}

/// The relay chain as this node reaches it.
struct Relay {
	interface: Arc<dyn RelayChainInterface>,
	collator_key: Option<CollatorPair>,
	peer_id: PeerId,
	start_bootnode_tasks: StartBootnodeTasks,
}

/// Starts what finds boot nodes through the relay chain, once our own network runs.
type StartBootnodeTasks = Box<dyn FnOnce(&mut TaskManager, Arc<dyn NetworkService>)>;

impl Relay {
	async fn connect(
		config: &Configuration,
		relay_config: Configuration,
		parts: &mut Parts,
		para_id: ParaId,
		options: CollatorOptions,
	) -> Result<Self> {
		let fork_id = relay_config.chain_spec.fork_id().map(ToOwned::to_owned);
		let CollatorOptions { embedded_dht_bootnode, dht_bootnode_discovery, .. } = options;
		let (interface, collator_key, network, request_receiver) = build_relay_chain_interface(
			relay_config,
			config,
			parts.telemetry_worker.take(),
			&mut parts.task_manager,
			options,
			None,
		)
		.await
		.map_err(application)?;
		let peer_id = network.local_peer_id();
		let relay_chain_interface = interface.clone();
		let advertise_non_global_ips = config.network.allow_non_globals_in_dht;
		let parachain_genesis_hash = parts.client.chain_info().genesis_hash.encode();
		let parachain_fork_id = config.chain_spec.fork_id().map(ToOwned::to_owned);
		let parachain_public_addresses = config.network.public_addresses.clone();
		let start = move |task_manager: &mut TaskManager, parachain_network| {
			start_bootnode_tasks(StartBootnodeTasksParams {
				embedded_dht_bootnode,
				dht_bootnode_discovery,
				para_id,
				task_manager,
				relay_chain_interface,
				relay_chain_fork_id: fork_id,
				relay_chain_network: network,
				request_receiver,
				parachain_network,
				advertise_non_global_ips,
				parachain_genesis_hash,
				parachain_fork_id,
				parachain_public_addresses,
			})
		};
		Ok(Self { interface, collator_key, peer_id, start_bootnode_tasks: Box::new(start) })
	}
}

fn application(error: impl std::error::Error + Send + Sync + 'static) -> sc_service::Error {
	sc_service::Error::Application(Box::new(error))
}

impl Link {
	fn new(
		para_id: ParaId,
		relay: Arc<dyn RelayChainInterface>,
		sync: Arc<SyncingService<Block>>,
		registry: Option<Registry>,
	) -> Result<Self> {
		let overseer = relay.overseer_handle().map_err(application)?;
		let announce: Announce = Arc::new(move |hash, data| sync.announce_block(hash, data));
		Ok(Self { para_id, relay, overseer, announce, registry })
	}

	/// Takes best and finalised blocks from the relay chain, and blocks that were withheld from its data availability.
	fn follow(
		&self,
		parts: &mut Parts,
		import_queue: Box<dyn ImportQueueService<Block>>,
		sync_service: Arc<SyncingService<Block>>,
		collates: bool,
	) -> Result<()> {
		start_relay_chain_tasks(StartRelayChainTasksParams {
			client: parts.client.clone(),
			announce_block: self.announce.clone(),
			para_id: self.para_id,
			relay_chain_interface: self.relay.clone(),
			task_manager: &mut parts.task_manager,
			da_recovery_profile: if collates { DARecoveryProfile::Collator } else { DARecoveryProfile::FullNode },
			import_queue,
			relay_chain_slot_duration: RELAY_CHAIN_SLOT,
			recovery_handle: Box::new(self.overseer.clone()),
			sync_service,
			prometheus_registry: self.registry.as_ref(),
		})
	}

	/// Starts the collator that `options` names.
	fn collate(self, parts: Parts, key: CollatorPair, peer: PeerId, options: &Options) -> TaskManager {
		match options.authoring {
			Authoring::SlotBased => self.collate_slot_based(parts, key, peer, options),
			Authoring::Lookahead => self.collate_lookahead(parts, key, peer, options),
		}
	}

	fn collate_slot_based(self, parts: Parts, key: CollatorPair, peer: PeerId, options: &Options) -> TaskManager {
		let proposer = self.proposer(&parts);
		slot_based::run::<Block, AuthorityPair, _, _, _, _, _, _, _, _, _>(slot_based::Params {
			create_inherent_data_providers: |_, ()| async { Ok(()) },
			block_import: parts.block_import,
			para_client: parts.client.clone(),
			para_backend: parts.backend,
			relay_client: self.relay,
			code_hash_provider: code_hashes(parts.client.clone()),
			keystore: parts.keystore.keystore(),
			collator_key: key,
			collator_peer_id: peer,
			para_id: self.para_id,
			proposer,
			collator_service: CollatorService::new(parts.client.clone(), self.announce, parts.client),
			reinitialize: false,
			slot_offset: SLOT_OFFSET,
			block_import_handle: parts.block_import_handle,
			spawner: parts.task_manager.spawn_essential_handle(),
			relay_chain_slot_duration: RELAY_CHAIN_SLOT,
			export_pov: None,
			max_pov_percentage: options.max_pov_percentage,
		});
		parts.task_manager
	}

	fn collate_lookahead(self, parts: Parts, key: CollatorPair, peer: PeerId, options: &Options) -> TaskManager {
		let proposer = self.proposer(&parts);
		let collator = lookahead::run::<Block, AuthorityPair, _, _, _, _, _, _, _, _>(lookahead::Params {
			create_inherent_data_providers: |_, ()| async { Ok(()) },
			block_import: parts.block_import,
			para_client: parts.client.clone(),
			para_backend: parts.backend,
			relay_client: self.relay,
			code_hash_provider: code_hashes(parts.client.clone()),
			keystore: parts.keystore.keystore(),
			collator_key: key,
			collator_peer_id: peer,
			para_id: self.para_id,
			overseer_handle: self.overseer,
			relay_chain_slot_duration: RELAY_CHAIN_SLOT,
			proposer,
			collator_service: CollatorService::new(parts.client.clone(), self.announce, parts.client),
			authoring_duration: LOOKAHEAD_AUTHORING,
			reinitialize: false,
			max_pov_percentage: options.max_pov_percentage,
		});
		parts.task_manager.spawn_essential_handle().spawn("lookahead-collator", None, collator);
		parts.task_manager
	}

	fn proposer(&self, parts: &Parts) -> ProposerFactory<service::Pool, Client> {
		ProposerFactory::new(
			parts.task_manager.spawn_handle(),
			parts.client.clone(),
			parts.pool.clone(),
			self.registry.as_ref(),
			parts.telemetry.as_ref().map(|telemetry| telemetry.handle()),
		)
	}
}

/// Tells the collator which code a block was built with.
fn code_hashes(client: Arc<Client>) -> impl Fn(Hash) -> Option<ValidationCodeHash> + Send + Sync + 'static {
	move |block| client.code_at(block).ok().map(|code| ValidationCode::from(code).hash())
}
