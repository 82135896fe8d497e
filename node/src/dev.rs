// SPDX-License-Identifier: GPL-3.0-only
//! A node that seals its chain alone, as if there were a relay chain.

use crate::{
	error::Error,
	service::{self, Backend, Client, Parts, Pool, Result, Verification},
};
use codec::Encode;
use cumulus_client_parachain_inherent::MockValidationDataInherentDataProvider;
use cumulus_client_service::ParachainTracingExecuteBlock;
use cumulus_primitives_core::{relay_chain::HeadData, CollectCollationInfo, ParaId, RelayParentOffsetApi};
use epidaurus_runtime::{opaque::Block, Hash};
use futures::{
	channel::oneshot,
	future,
	stream::{self, BoxStream},
	FutureExt, StreamExt,
};
use polkadot_primitives::UpgradeGoAhead;
use prometheus_endpoint::Registry;
use sc_basic_authorship::ProposerFactory;
use sc_consensus::LongestChain;
use sc_consensus_manual_seal::{
	self as manual_seal, consensus::aura::AuraConsensusDataProvider, run_manual_seal, CreatedBlock, EngineCommand,
	ManualSealParams,
};
use sc_network::{
	config::{FullNetworkConfiguration, TransportConfig},
	multiaddr::Protocol,
	Litep2pNetworkBackend, NetworkBackend,
};
use sc_service::{BuildNetworkParams, Configuration, SpawnTaskHandle, SpawnTasksParams, TaskManager};
use sc_transaction_pool_api::TransactionPool;
use sp_api::ProvideRuntimeApi;
use sp_consensus_aura::{
	sr25519::{AuthorityId, AuthoritySignature},
	Slot, SlotDuration,
};
use sp_timestamp::Timestamp;
use std::{
	net::{Ipv4Addr, Ipv6Addr},
	sync::Arc,
	time::Duration,
};
use tokio::time::Instant;

/// Slots of the relay chain that we pretend to follow, in milliseconds.
const RELAY_CHAIN_SLOT_MILLIS: u64 = 6_000;
/// Blocks after which the relay chain that we pretend to follow starts an epoch.
const BLOCKS_PER_RELAY_EPOCH: u32 = 10;
/// Transactions that arrive while a block is being sealed share the next one; more than these get one more.
const TRANSACTIONS_PER_BEAT: usize = 4_096;
/// A transaction whose notice was missed waits no longer than this.
const SWEEP: Duration = Duration::from_secs(1);

/// When a node that is alone seals a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sealing {
	/// At the start of each slot of the wall clock.
	Slots,
	/// After so much time.
	Every(Duration),
	/// As soon as there is a transaction.
	Instant,
}

/// Starts the node. Its first block is sealed at once, whatever `sealing` says.
pub fn start(mut config: Configuration, sealing: Sealing) -> Result<TaskManager> {
	isolate(&mut config);
	let (mut parts, import_queue) = Parts::new(&config, Verification::Unsealed)?;
	let registry = config.prometheus_registry().cloned();
	let (network, system_rpc_tx, tx_handler_controller, sync_service, _) =
		sc_service::build_network(BuildNetworkParams {
			config: &config,
			net_config: FullNetworkConfiguration::<_, _, Litep2pNetworkBackend>::new(&config.network, registry.clone()),
			client: parts.client.clone(),
			transaction_pool: parts.pool.clone(),
			spawn_handle: parts.task_manager.spawn_handle(),
			spawn_essential_handle: parts.task_manager.spawn_essential_handle(),
			import_queue,
			block_announce_validator_builder: None,
			warp_sync_config: None,
			block_relay: None,
			metrics: <Litep2pNetworkBackend as NetworkBackend<Block, Hash>>::register_notification_metrics(
				registry.as_ref(),
			),
			gap_sync_body_policy: None,
		})?;
	service::spawn_offchain_workers(&config, &parts, &network)?;
	let relay = MockRelay::new(&parts.client)?;
	// Created before the RPC server, so that no transaction arrives unnoticed.
	let beats = beats(sealing, relay.slot_duration, &parts);
	sc_service::spawn_tasks(SpawnTasksParams {
		rpc_builder: service::rpc_builder(&parts),
		client: parts.client.clone(),
		transaction_pool: parts.pool.clone(),
		task_manager: &mut parts.task_manager,
		config,
		keystore: parts.keystore.keystore(),
		backend: parts.backend.clone(),
		network,
		sync_service,
		system_rpc_tx,
		tx_handler_controller,
		telemetry: None,
		tracing_execute_block: Some(Arc::new(ParachainTracingExecuteBlock::new(parts.client.clone()))),
	})?;
	spawn_sealer(&parts, relay, beats, registry.as_ref());
	Ok(parts.task_manager)
}

/// Nobody can connect and nobody is told.
fn isolate(config: &mut Configuration) {
	let network = &mut config.network;
	network.default_peers_set.in_peers = 0;
	network.default_peers_set.out_peers = 0;
	network.default_peers_set.reserved_nodes.clear();
	network.default_peers_set_num_full = 0;
	network.boot_nodes.clear();
	network.enable_dht_random_walk = false;
	if let TransportConfig::Normal { enable_mdns, .. } = &mut network.transport {
		*enable_mdns = false;
	}
	network.remove_webrtc_addresses();
	for address in &mut network.listen_addresses {
		*address = address
			.iter()
			.map(|part| match part {
				Protocol::Ip4(_) => Protocol::Ip4(Ipv4Addr::LOCALHOST),
				Protocol::Ip6(_) => Protocol::Ip6(Ipv6Addr::LOCALHOST),
				other => other,
			})
			.collect();
	}
	config.telemetry_endpoints = None;
}

/// One item for each block to seal. Nothing is queued while a block is being sealed: beats of that time are left out.
fn beats(sealing: Sealing, slot_duration: SlotDuration, parts: &Parts) -> BoxStream<'static, ()> {
	let first = stream::once(future::ready(()));
	match sealing {
		Sealing::Slots => first.chain(slot_beats(slot_duration)).boxed(),
		Sealing::Every(period) => first.chain(period_beats(period)).boxed(),
		Sealing::Instant => first.chain(transaction_beats(parts.client.clone(), parts.pool.clone())).boxed(),
	}
}

/// A beat when a transaction waits that no block has yet.
fn transaction_beats(client: Arc<Client>, pool: Arc<Pool>) -> impl stream::Stream<Item = ()> + Send {
	let arrivals = pool.import_notification_stream().ready_chunks(TRANSACTIONS_PER_BEAT).map(|_| ());
	stream::select(arrivals, period_beats(SWEEP)).filter_map(move |()| {
		let (client, pool) = (client.clone(), pool.clone());
		async move {
			// The pool's count of what is ready may not know yet what the last block took.
			let best = client.chain_info().best_hash;
			pool.ready_at_with_timeout(best, SWEEP).await.next().map(|_| ())
		}
	})
}

/// The start of each slot of the wall clock.
fn slot_beats(slot_duration: SlotDuration) -> impl stream::Stream<Item = ()> + Send {
	stream::unfold(Slot::from_timestamp(Timestamp::current(), slot_duration), move |last| async move {
		let now = Timestamp::current();
		// Remembering the last slot keeps a timer that fires early from giving one slot two blocks.
		let next = last.max(Slot::from_timestamp(now, slot_duration)).saturating_add(1u64);
		let start = next.timestamp(slot_duration).map_or(now, |start| start);
		tokio::time::sleep(Duration::from_millis(start.as_millis().saturating_sub(now.as_millis()))).await;
		Some(((), next))
	})
}

/// A beat each `period`, the first after one; a beat that is late is not made up for more than once.
fn period_beats(period: Duration) -> impl stream::Stream<Item = ()> + Send {
	stream::unfold(None, move |due: Option<Instant>| async move {
		let due = due.unwrap_or_else(|| Instant::now() + period);
		tokio::time::sleep_until(due).await;
		Some(((), Some((due + period).max(Instant::now()))))
	})
}

/// The slot of the block after one in slot `parent` (0 for genesis), at a time when the wall clock shows `now`.
///
/// It comes from the parent and not from when the node started, so that a chain goes on after a restart, and after time
/// in which it ran ahead of the wall clock.
fn next_slot(parent: Slot, now: Slot) -> Slot {
	now.max(parent.saturating_add(1u64))
}

/// A relay chain that is not there. Its block numbers are its slots, so both increase with each of our blocks.
struct MockRelay {
	client: Arc<Client>,
	para_id: ParaId,
	slot_duration: SlotDuration,
}

type Inherents = (sp_timestamp::InherentDataProvider, MockValidationDataInherentDataProvider<()>);
type InherentsError = Box<dyn std::error::Error + Send + Sync>;

impl MockRelay {
	fn new(client: &Arc<Client>) -> Result<Self> {
		let slot_duration = sc_consensus_aura::slot_duration::<AuthorityId, _, _>(&**client)?;
		// Else the runtime's slot and the one it derives from the relay chain could not be equal.
		if slot_duration.as_millis() == 0 || slot_duration.as_millis() % RELAY_CHAIN_SLOT_MILLIS != 0 {
			return Err(Error::SlotDuration(slot_duration.as_millis(), RELAY_CHAIN_SLOT_MILLIS).into());
		}
		Ok(Self { client: client.clone(), para_id: service::para_id(client)?, slot_duration })
	}

	/// Time and relay chain state for the block after `parent`.
	fn inherents(&self, parent: Hash) -> std::result::Result<Inherents, InherentsError> {
		let header = self.client.header(parent)?.ok_or_else(|| format!("block {parent} is not in the database"))?;
		let parent_slot = sc_consensus_aura::find_pre_digest::<Block, AuthoritySignature>(&header)?;
		let now = Slot::from_timestamp(Timestamp::current(), self.slot_duration);
		let timestamp = next_slot(parent_slot, now)
			.timestamp(self.slot_duration)
			.ok_or("the next slot is beyond the end of time")?;
		let relay_slot = u32::try_from(timestamp.as_millis() / RELAY_CHAIN_SLOT_MILLIS)?;
		let api = self.client.runtime_api();
		let upgrades = api.collect_collation_info(parent, &header)?.new_validation_code.is_some();
		if upgrades {
			log::info!("The runtime waits for leave to upgrade: giving it");
		}
		let relay = MockValidationDataInherentDataProvider {
			current_para_block: header.number.saturating_add(1),
			para_id: self.para_id,
			current_para_block_head: Some(HeadData(header.encode())),
			relay_offset: relay_slot,
			relay_blocks_per_para_block: 0,
			relay_parent_offset: api.relay_parent_offset(parent)?,
			para_blocks_per_relay_epoch: BLOCKS_PER_RELAY_EPOCH,
			upgrade_go_ahead: upgrades.then_some(UpgradeGoAhead::GoAhead),
			..Default::default()
		};
		Ok((sp_timestamp::InherentDataProvider::new(timestamp), relay))
	}
}

/// Starts what builds, imports and finalises a block for each of `beats`.
fn spawn_sealer(parts: &Parts, relay: MockRelay, beats: BoxStream<'static, ()>, registry: Option<&Registry>) {
	let spawner = parts.task_manager.spawn_handle();
	let digests = AuraConsensusDataProvider::<Block>::new_with_slot_duration(relay.slot_duration);
	let sealer = run_manual_seal(ManualSealParams {
		block_import: parts.client.clone(),
		env: ProposerFactory::new(spawner.clone(), parts.client.clone(), parts.pool.clone(), registry, None),
		client: parts.client.clone(),
		pool: parts.pool.clone(),
		commands_stream: beats.map(move |()| command(&spawner)).boxed(),
		select_chain: LongestChain::<Backend, Block>::new(parts.backend.clone()),
		consensus_data_provider: Some(Box::new(digests)),
		create_inherent_data_providers: move |parent, ()| future::ready(relay.inherents(parent)),
	});
	parts.task_manager.spawn_essential_handle().spawn_blocking("sealer", None, sealer);
}

/// Asks for a block that is final at once, and has the outcome reported.
fn command(spawner: &SpawnTaskHandle) -> EngineCommand<Hash> {
	let (sender, outcome) = oneshot::channel();
	spawner.spawn("sealer-report", None, outcome.map(report));
	EngineCommand::SealNewBlock {
		// Who asks for a block has looked into the pool. The SDK's own look takes a block with one transaction for an
		// empty one: it counts inherent data, of which a parachain has one more than inherents.
		create_empty: true,
		finalize: true,
		parent_hash: None,
		sender: Some(sender),
	}
}

type Outcome = std::result::Result<std::result::Result<CreatedBlock<Hash>, manual_seal::Error>, oneshot::Canceled>;

fn report(outcome: Outcome) {
	match outcome {
		Ok(Ok(block)) => log::debug!("Sealed block {:?}", block.hash),
		Ok(Err(error)) => log::error!("A block could not be sealed: {error}"),
		Err(oneshot::Canceled) => log::debug!("A block was not sealed, as the node is stopping"),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn next_slot_is_that_of_the_wall_clock() {
		assert_eq!(next_slot(0.into(), 300.into()), Slot::from(300));
		assert_eq!(next_slot(298.into(), 300.into()), Slot::from(300));
	}

	#[test]
	fn next_slot_always_increases() {
		assert_eq!(next_slot(300.into(), 300.into()), Slot::from(301));
		assert_eq!(next_slot(900.into(), 300.into()), Slot::from(901));
	}

	#[tokio::test]
	async fn period_beats_are_not_made_up_for() {
		let period = Duration::from_millis(100);
		let mut beats = period_beats(period).boxed();
		let start = Instant::now();
		beats.next().await;
		assert!(start.elapsed() >= period);
		tokio::time::sleep(period * 10).await;
		let after_pause = Instant::now();
		for _ in 0..3 {
			beats.next().await;
		}
		assert!(after_pause.elapsed() >= period, "of three beats at most two come at once after a pause");
	}

	#[tokio::test]
	async fn slot_beats_fall_on_slots() {
		let duration = SlotDuration::from_millis(200);
		let mut beats = slot_beats(duration).boxed();
		let before = Slot::from_timestamp(Timestamp::current(), duration);
		assert_eq!(beats.next().await, Some(()));
		beats.next().await;
		let passed = *Slot::from_timestamp(Timestamp::current(), duration) - *before;
		assert!((2..=10).contains(&passed), "{passed} slots passed");
	}
}
