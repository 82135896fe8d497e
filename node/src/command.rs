// SPDX-License-Identifier: GPL-3.0-only
//! From the command line to what is done.

use crate::{
	chain_spec,
	cli::{ChainSpecCmd, Cli, Subcommand},
	collator, dev,
	error::Error,
	keys,
	relay::RelayChainCli,
	service::{Parts, Verification},
};
use cumulus_client_cli::PurgeChainCmd;
use epidaurus_runtime::opaque::Block;
use sc_cli::{CliConfiguration, KeySubcommand, SubstrateCli};
use sc_consensus::DefaultImportQueue;
use sc_service::{ChainType, Configuration, TaskManager};
use sp_runtime::BuildStorage;
use std::future::Future;

/// Does what `cli` says, until it is done or the process is told to stop.
pub fn run(mut cli: Cli) -> Result<(), Error> {
	match cli.subcommand.take() {
		None => run_node(cli),
		Some(Subcommand::ChainSpec(cmd)) => export_spec(&cli, &cmd),
		Some(Subcommand::Key(cmd)) => run_key(&cli, cmd),
		Some(Subcommand::PurgeChain(cmd)) => purge_chain(&cli, &cmd),
		Some(Subcommand::ExportGenesisHead(cmd)) => cli.create_runner(&cmd)?.sync_run(|config| {
			let (parts, _) = Parts::new(&config, Verification::Aura)?;
			Ok(cmd.run(parts.client)?)
		}),
		Some(Subcommand::ExportGenesisWasm(cmd)) => {
			let id = cmd.shared_params.chain_id(cmd.shared_params.is_dev());
			Ok(cmd.run(&*load_spec(&cli, &id)?)?)
		},
		Some(Subcommand::ExportBlocks(cmd)) => {
			on_database(&cli, &cmd, |config, parts, _| (cmd.run(parts.client, config.database), parts.task_manager))
		},
		Some(Subcommand::ImportBlocks(cmd)) => {
			on_database(&cli, &cmd, |_, parts, queue| (cmd.run(parts.client, queue), parts.task_manager))
		},
		Some(Subcommand::CheckBlock(cmd)) => {
			on_database(&cli, &cmd, |_, parts, queue| (cmd.run(parts.client, queue), parts.task_manager))
		},
		Some(Subcommand::Revert(cmd)) => {
			on_database(&cli, &cmd, |_, parts, _| (cmd.run(parts.client, parts.backend, None), parts.task_manager))
		},
	}
}

fn load_spec(cli: &Cli, id: &str) -> Result<Box<dyn sc_service::ChainSpec>, Error> {
	cli.load_spec(id).map_err(|error| Error::Cli(error.into()))
}

fn export_spec(cli: &Cli, cmd: &ChainSpecCmd) -> Result<(), Error> {
	let Some(file) = &cmd.consortium else {
		return Ok(cmd.export.run(load_spec(cli, &cmd.export.chain)?)?);
	};
	let spec = chain_spec::founded(file).map_err(|error| Error::Cli(error.into()))?;
	// What a node checks when it writes the genesis is checked already now.
	let state = spec.build_storage().map_err(|error| Error::Cli(error.into()))?;
	keys::check_genesis(&state, &spec)?;
	Ok(cmd.export.run(Box::new(spec))?)
}

fn run_node(cli: Cli) -> Result<(), Error> {
	let run = &cli.run.base;
	let id = run.shared_params.chain_id(run.shared_params.dev);
	if id.is_empty() {
		cli.sealing(None)?;
		return Err(Error::NoChain);
	}
	// Judged before there is a configuration: making one for a validator already asks for its network key.
	let spec = load_spec(&cli, &id)?;
	keys::check_flags(run, &*spec)?;
	let sealing = cli.sealing(Some(&spec.chain_type()))?;
	let runner = cli.create_runner(&cli.run.normalize())?;
	runner.run_node_until_exit(|config| async move {
		if let Some(sealing) = sealing {
			return Ok(dev::start(config, sealing)?);
		}
		let relay = RelayChainCli::new(&config, &cli.relay_chain_args).configuration(&config)?;
		let options = collator::Options {
			relay: cli.run.collator_options(),
			authoring: cli.authoring,
			max_pov_percentage: cli.run.experimental_max_pov_percentage,
		};
		Ok(collator::start(config, relay, options).await?)
	})
}

fn run_key(cli: &Cli, mut cmd: KeySubcommand) -> Result<(), Error> {
	if let KeySubcommand::GenerateNodeKey(generate) = &mut cmd {
		// The library loads a specification even if the key goes to a file or to the terminal.
		generate.chain.get_or_insert_with(|| "dev".into());
	}
	Ok(cmd.run(cli)?)
}

fn purge_chain(cli: &Cli, cmd: &PurgeChainCmd) -> Result<(), Error> {
	cli.create_runner(cmd)?.sync_run(|config| {
		// A development chain has no relay chain, and only the others' needs a specification to be found.
		if cmd.parachain && !cmd.relaychain || config.chain_spec.chain_type() == ChainType::Development {
			return Ok(cmd.base.run(config.database)?);
		}
		let relay = RelayChainCli::new(&config, &cli.relay_chain_args).configuration(&config)?;
		Ok(cmd.run(config, relay)?)
	})
}

/// Runs `job` with the parts of a node that need no network, until it is done or the process is told to stop.
fn on_database<Cmd, Job>(
	cli: &Cli,
	cmd: &Cmd,
	job: impl FnOnce(Configuration, Parts, DefaultImportQueue<Block>) -> (Job, TaskManager),
) -> Result<(), Error>
where
	Cmd: CliConfiguration,
	Job: Future<Output = sc_cli::Result<()>>,
{
	cli.create_runner(cmd)?.async_run(|config| {
		let verification = Verification::of(&config, cmd.shared_params().is_dev());
		let (parts, queue) = Parts::new(&config, verification)?;
		let (job, task_manager) = job(config, parts, queue);
		Ok((async move { job.await.map_err(Error::from) }, task_manager))
	})
}
