// SPDX-License-Identifier: GPL-3.0-only
//! What can be said on the command line.

use crate::{chain_spec, dev::Sealing, error::Error, keys};
use clap::{error::ErrorKind, parser::ValueSource, CommandFactory, FromArgMatches};
use log::LevelFilter;
use sc_chain_spec::{ChainSpec, ChainType};
use sc_cli::{RpcParams, SubstrateCli, TransactionPoolType};
use sc_service::config::{IpNetwork, RpcBatchRequestConfig};
use std::{
	ffi::OsString,
	net::{Ipv4Addr, Ipv6Addr},
	num::{NonZeroU32, NonZeroU64},
	path::PathBuf,
	time::Duration,
};

/// Calls a minute that one connection may make, unless `--rpc-rate-limit` says otherwise.
const RPC_CALLS_PER_MINUTE: NonZeroU32 = NonZeroU32::new(6_000).unwrap();
/// Targets whose messages at level trace hold what was asked over RPC, and what was answered; `state` tells what each call of
/// the runtime was given.
const RPC_LOG_TARGETS: [&str; 6] =
	["rpc_metrics", "rpc_metrics::extra", "jsonrpsee-server", "jsonrpsee_server", "jsonrpsee_core", "state"];
/// Repeats at level debug what it could not understand of a question.
const RPC_ERROR_LOG_TARGET: &str = "jsonrpsee_core::proc_macros_support";
/// Calls in one batch, unless `--rpc-max-batch-request-len` says otherwise.
const RPC_BATCH_LENGTH: u32 = 64;

const EXAMPLES: &str = "\
Examples:
  A chain of your own that seals a block every 6 seconds and is gone when it stops; then the same, kept in ./data:
    epidaurus --dev
    epidaurus --dev --base-path ./data

  A block as soon as there is a transaction, or one every half second; the chain's clock runs ahead:
    epidaurus --dev --instant-seal
    epidaurus --dev --dev-block-time 500

  A full node, and a collator that asks a relay chain node over RPC; after `--` stands what is for the relay chain:
    epidaurus --chain epidaurus.json -- --chain relay.json
    epidaurus --collator --chain epidaurus.json --relay-chain-rpc-urls ws://relay:9944 -- --chain relay.json

  Specifications, keys and tidying up:
    epidaurus chain-spec --chain local --raw --output local-raw.json
    epidaurus chain-spec --consortium consortium.json --raw --output live-raw.json
    epidaurus key generate --scheme sr25519
    epidaurus purge-chain --chain dev --base-path ./data -y";

/// The collator's way of deciding when to build on what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Authoring {
	/// A block for each relay chain block that brings a slot.
	Lookahead,
	/// Blocks by the clock, on the best relay chain block; can use several cores.
	SlotBased,
}

/// Everything that is not running a node.
#[derive(Debug, clap::Subcommand)]
pub enum Subcommand {
	/// Print a chain specification or write it to a file.
	#[command(name = "chain-spec", long_about = None)]
	ChainSpec(ChainSpecCmd),
	/// Generate, inspect and store keys.
	#[command(subcommand)]
	Key(sc_cli::KeySubcommand),
	/// Delete the databases of a chain.
	#[command(long_about = None)]
	PurgeChain(cumulus_client_cli::PurgeChainCmd),
	/// Print the genesis header, with which a relay chain registers the parachain.
	#[command(long_about = None)]
	ExportGenesisHead(cumulus_client_cli::ExportGenesisHeadCommand),
	/// Print the genesis code, with which a relay chain registers the parachain.
	#[command(long_about = None)]
	ExportGenesisWasm(cumulus_client_cli::ExportGenesisWasmCommand),
	/// Write blocks to a file.
	#[command(long_about = None)]
	ExportBlocks(sc_cli::ExportBlocksCmd),
	/// Read blocks from a file.
	#[command(long_about = None)]
	ImportBlocks(sc_cli::ImportBlocksCmd),
	/// Execute a stored block again.
	#[command(long_about = None)]
	CheckBlock(sc_cli::CheckBlockCmd),
	/// Go back by a number of blocks that are not finalised.
	#[command(long_about = None)]
	Revert(sc_cli::RevertCmd),
}

/// Which specification, and where it goes.
#[derive(Debug, clap::Args)]
pub struct ChainSpecCmd {
	/// What the SDK's command understands.
	#[command(flatten)]
	pub export: sc_cli::ExportChainSpecCmd,

	/// Make the specification of a live chain from what a consortium writes about itself in FILE.
	///
	/// chain-specs/consortium.example.json is such a file, chain-specs/README.md explains it.
	#[arg(long, value_name = "FILE", conflicts_with = "chain")]
	pub consortium: Option<PathBuf>,
}

/// The command line.
#[derive(Debug, clap::Parser)]
pub struct Cli {
	/// What to do instead of running a node.
	#[command(subcommand)]
	pub subcommand: Option<Subcommand>,

	/// What every parachain node understands.
	#[command(flatten)]
	pub run: cumulus_client_cli::RunCmd,

	/// Seal and finalise a block every MS milliseconds.
	///
	/// Each block moves the chain's clock by at least one slot of 6 seconds, so that the chain runs ahead of real time.
	/// Needs `--dev` or a development chain.
	#[arg(long, value_name = "MS", conflicts_with = "instant_seal")]
	pub dev_block_time: Option<NonZeroU64>,

	/// Seal and finalise a block as soon as there is a transaction, and one at the start.
	///
	/// Each block moves the chain's clock by at least one slot of 6 seconds, so that the chain can run ahead of real
	/// time. Needs `--dev` or a development chain.
	#[arg(long)]
	pub instant_seal: bool,

	/// How a collator decides when to build a block.
	#[arg(
		long,
		value_enum,
		default_value_t = Authoring::SlotBased,
		conflicts_with_all = ["dev", "dev_block_time", "instant_seal"]
	)]
	pub authoring: Authoring,

	/// What is for the relay chain node inside a collator or full node.
	#[arg(raw = true, value_name = "RELAY_CHAIN_ARGS")]
	pub relay_chain_args: Vec<String>,
}

impl Cli {
	/// Parses this process's arguments; prints and ends the process if they make no sense or ask for help.
	pub fn parse_args() -> Self {
		Self::try_parse_args(std::env::args_os()).unwrap_or_else(|error| error.exit())
	}

	fn try_parse_args(args: impl IntoIterator<Item = OsString>) -> clap::error::Result<Self> {
		let matches = command().try_get_matches_from(args)?;
		let mut cli = Self::from_arg_matches(&matches)?;
		limit_rpc(&mut cli.run.base.rpc_params);
		let from_environment = std::env::var("RUST_LOG").unwrap_or_default();
		let shared = &mut cli.run.base.shared_params;
		// Both reach past the levels that are set below for each target.
		if shared.tracing_targets.is_some()
			|| shared.log.iter().chain([&from_environment]).any(|text| text.contains('['))
		{
			let reason = "`--tracing-targets` and log filters by span would write into the log what is asked over RPC";
			return Err(command().error(ErrorKind::ValueValidation, reason));
		}
		keep_questions_out_of_the_log(&mut shared.log, &from_environment);
		let alone = cli.instant_seal || cli.dev_block_time.is_some() || cli.run.base.shared_params.dev;
		if alone && matches.value_source("pool_type") != Some(ValueSource::CommandLine) {
			// The fork-aware pool shows a transaction that arrives while a block is imported only after the next block. Where
			// transactions are what asks for blocks, that is never; and a chain that is sealed alone has no forks.
			cli.run.base.pool_config.pool_type = TransactionPoolType::SingleState;
		}
		Ok(cli)
	}

	/// How this node seals blocks alone, or nothing if it follows a relay chain.
	///
	/// Fails if options contradict the type of the chain, which is `None` if no chain was named.
	pub fn sealing(&self, chain_type: Option<&ChainType>) -> Result<Option<Sealing>, Error> {
		let dev = self.run.base.shared_params.dev && chain_type.is_none_or(keys::is_test_chain);
		if !dev && chain_type != Some(&ChainType::Development) {
			return match (self.instant_seal, self.dev_block_time) {
				(true, _) => Err(Error::SealingOutsideDev("--instant-seal")),
				(_, Some(_)) => Err(Error::SealingOutsideDev("--dev-block-time")),
				_ => Ok(None),
			};
		}
		if !self.relay_chain_args.is_empty() {
			return Err(Error::RelayOfSealedChain("--"));
		}
		if !self.run.relay_chain_rpc_urls.is_empty() {
			return Err(Error::RelayOfSealedChain("--relay-chain-rpc-urls"));
		}
		Ok(Some(match (self.instant_seal, self.dev_block_time) {
			(true, _) => Sealing::Instant,
			(_, Some(milliseconds)) => Sealing::Every(Duration::from_millis(milliseconds.get())),
			_ => Sealing::Slots,
		}))
	}
}

impl SubstrateCli for Cli {
	fn impl_name() -> String {
		"Epidaurus".into()
	}

	fn impl_version() -> String {
		env!("SUBSTRATE_CLI_IMPL_VERSION").into()
	}

	fn description() -> String {
		"The node of the Epidaurus health consortium.\n\nArguments after `--` go to the relay chain node inside a \
		 collator or full node:\n\n    epidaurus [ARGUMENTS] -- [RELAY CHAIN ARGUMENTS]"
			.into()
	}

	fn author() -> String {
		env!("CARGO_PKG_AUTHORS").into()
	}

	fn support_url() -> String {
		"the issue tracker of your consortium".into()
	}

	fn copyright_start_year() -> i32 {
		2026
	}

	fn load_spec(&self, id: &str) -> Result<Box<dyn ChainSpec>, String> {
		chain_spec::load(id).map(|spec| Box::new(spec) as Box<dyn ChainSpec>)
	}
}

/// The command with those helps and rules corrected that the libraries cannot know.
fn command() -> clap::Command {
	Cli::setup_command(Cli::command())
		.after_help(EXAMPLES)
		.mut_arg("dev", |arg| {
			arg.help("Run the built-in development chain alone, sealing and finalising a block every 6 seconds")
				.long_help(
				"Run the built-in development chain alone, sealing and finalising a block every 6 seconds.\n\nImplies \
				 `--chain dev`, a temporary base path unless `--base-path` is given, `--rpc-cors all`, no peers and no \
				 telemetry. Only for development and local chains.",
			)
		})
		.mut_arg("chain", |arg| {
			arg.help("The chain: `dev`, `local` or the path of a specification")
				.long_help("The chain: `dev` (sealed by this node alone), `local` or the path of a specification.")
		})
		.mut_arg("rpc_rate_limit", |arg| {
			let text = format!("Calls a minute that one connection may make [default: {RPC_CALLS_PER_MINUTE}]");
			arg.help(text.clone()).long_help(text)
		})
		.mut_arg("rpc_max_batch_request_len", |arg| {
			let text = format!("Calls that one batch may carry [default: {RPC_BATCH_LENGTH}]");
			arg.help(text.clone()).long_help(text)
		})
		.mut_arg("rpc_rate_limit_whitelisted_ips", |arg| {
			let text = "Addresses (CIDR) without a rate limit [default: 127.0.0.1/32 ::1/128]";
			arg.help(text).long_help(text)
		})
		.mut_subcommand("key", |key| {
			// Without a chain these would silently write into some chain's directory.
			key.mut_subcommand("generate-node-key", |generate| {
				generate
					.mut_arg("base_path", |arg| arg.requires("chain"))
					.mut_arg("default_base_path", |arg| arg.requires("chain"))
			})
			.mut_subcommand("insert", |insert| insert.mut_arg("chain", |arg| arg.required_unless_present("dev")))
		})
}

/// Sets the limits that were not given: rate, batch length, and loopback exempt from the rate.
pub fn limit_rpc(params: &mut RpcParams) {
	params.rpc_rate_limit.get_or_insert(RPC_CALLS_PER_MINUTE);
	exempt_loopback(&mut params.rpc_rate_limit_whitelisted_ips);
	if !params.rpc_disable_batch_requests {
		params.rpc_max_batch_request_len.get_or_insert(RPC_BATCH_LENGTH);
	}
	for endpoint in &mut params.experimental_rpc_endpoint {
		endpoint.rate_limit.get_or_insert(RPC_CALLS_PER_MINUTE);
		exempt_loopback(&mut endpoint.rate_limit_whitelisted_ips);
		if matches!(endpoint.batch_config, RpcBatchRequestConfig::Unlimited) {
			endpoint.batch_config = RpcBatchRequestConfig::Limit(RPC_BATCH_LENGTH);
		}
	}
}

/// A question about a record carries its opening, which must reach no log, whatever level an operator asks for.
fn keep_questions_out_of_the_log(directives: &mut Vec<String>, from_environment: &str) {
	let asked = std::iter::once(from_environment).chain(directives.iter().map(String::as_str));
	let levels: Vec<_> = asked.flat_map(|text| text.split(',')).filter(|text| !text.is_empty()).map(level).collect();
	// Below trace these targets tell methods and durations only; to name them here would make them say that much.
	if levels.contains(&LevelFilter::Trace) {
		directives.extend(RPC_LOG_TARGETS.map(|target| format!("{target}=debug")));
	}
	if levels.iter().any(|level| *level >= LevelFilter::Debug) {
		directives.push(format!("{RPC_ERROR_LOG_TARGET}=info"));
	}
}

/// The level that a directive asks for. A target without one asks for everything; numbers are taken for that, too.
fn level(directive: &str) -> LevelFilter {
	let level = directive.rsplit_once('=').map_or(directive, |(_, level)| level);
	level.parse().unwrap_or(LevelFilter::Trace)
}

/// An operator's own list replaces ours: behind a proxy on the same host, loopback is everybody.
fn exempt_loopback(whitelist: &mut Vec<IpNetwork>) {
	if whitelist.is_empty() {
		whitelist.extend([IpNetwork::from(Ipv4Addr::LOCALHOST), IpNetwork::from(Ipv6Addr::LOCALHOST)]);
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn parse(args: &[&str]) -> clap::error::Result<Cli> {
		Cli::try_parse_args([&["epidaurus"], args].concat().into_iter().map(OsString::from))
	}

	fn cli(args: &[&str]) -> Cli {
		parse(args).expect("valid arguments")
	}

	#[test]
	fn command_is_consistent() {
		command().debug_assert();
	}

	#[test]
	fn help_has_examples_and_defaults() {
		let help = command().render_long_help().to_string();
		for text in ["epidaurus --dev --instant-seal", "[default: 6000]", "[default: 64]", "chain-spec"] {
			assert!(help.contains(text), "no {text} in\n{help}");
		}
	}

	#[test]
	fn sealing_of_dev_chains_works() {
		let development = Some(&ChainType::Development);
		for (args, expected) in [
			(&["--dev"][..], Sealing::Slots),
			(&["--chain", "dev"][..], Sealing::Slots),
			(&["--dev", "--instant-seal"][..], Sealing::Instant),
			(&["--dev", "--dev-block-time", "250"][..], Sealing::Every(Duration::from_millis(250))),
		] {
			assert_eq!(cli(args).sealing(development).expect("allowed"), Some(expected), "{args:?}");
		}
		assert_eq!(cli(&["--dev"]).sealing(Some(&ChainType::Local)).expect("allowed"), Some(Sealing::Slots));
	}

	#[test]
	fn sealing_outside_dev_chains_fails() {
		for chain_type in [None, Some(&ChainType::Local), Some(&ChainType::Live)] {
			assert_eq!(cli(&[]).sealing(chain_type).expect("nothing asked"), None);
			for args in [&["--instant-seal"][..], &["--dev-block-time", "1"][..]] {
				assert!(matches!(cli(args).sealing(chain_type), Err(Error::SealingOutsideDev(_))));
			}
		}
		let live = cli(&["--dev", "--instant-seal"]);
		assert!(matches!(live.sealing(Some(&ChainType::Live)), Err(Error::SealingOutsideDev(_))));
	}

	#[test]
	fn sealing_with_a_relay_chain_fails() {
		for args in [&["--dev", "--", "--chain", "relay.json"][..], &["--dev", "--relay-chain-rpc-urls", "ws://r"][..]]
		{
			let refusal = cli(args).sealing(Some(&ChainType::Development));
			assert!(matches!(refusal, Err(Error::RelayOfSealedChain(_))));
		}
	}

	#[test]
	fn contradictions_fail() {
		for args in [
			&["--dev", "--instant-seal", "--dev-block-time", "1"][..],
			&["--dev", "--authoring", "lookahead"][..],
			&["--dev", "--dev-block-time", "0"][..],
			&["--dev", "--tracing-targets", "state"][..],
			&["--dev", "-l", "info,[method_call]=trace"][..],
			&["key", "insert", "--key-type", "aura", "--scheme", "sr25519"][..],
			&["key", "generate-node-key", "--default-base-path"][..],
		] {
			assert!(parse(args).is_err(), "{args:?} should be refused");
		}
	}

	#[test]
	fn dev_chain_takes_the_single_state_pool_unless_told_otherwise() {
		let single =
			|args: &[&str]| matches!(cli(args).run.base.pool_config.pool_type, TransactionPoolType::SingleState);
		assert!(single(&["--dev"]));
		assert!(single(&["--chain", "dev", "--instant-seal"]));
		assert!(!single(&["--dev", "--pool-type", "fork-aware"]));
		assert!(!single(&["--chain", "local"]));
	}

	#[test]
	fn unit_of_the_operators_guide_is_understood() {
		let guide = include_str!("../../docs/operators.md");
		let command = guide.split("ExecStart=").nth(1).and_then(|rest| rest.split("\nRestart=").next());
		let command = command.expect("the guide has a unit").replace("\\\n", " ");
		let command = command.replace("12D3…", "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp");
		let cli = Cli::try_parse_args(command.split_whitespace().map(OsString::from)).expect("a valid command");
		assert!(cli.run.collator && cli.run.base.network_params.reserved_only);
		let relay = polkadot_cli::RunCmd::command().no_binary_name(true);
		let relay = relay.try_get_matches_from(&cli.relay_chain_args).expect("valid arguments of the relay chain node");
		assert!(relay.get_flag("reserved_only"));
	}

	#[test]
	fn log_directives_are_changed_only_where_they_ask_for_traces() {
		let log = |args: &[&str]| cli(args).run.base.shared_params.log;
		assert_eq!(log(&["--dev"]), Vec::<String>::new());
		assert_eq!(log(&["--dev", "-l", "warn,sync=info"]), ["warn,sync=info"]);
		let errors = format!("{RPC_ERROR_LOG_TARGET}=info");
		assert_eq!(log(&["--dev", "-l", "debug,sync=info"]), ["debug,sync=info", errors.as_str()]);
		for asked in
			["trace", "debug,jsonrpsee-server=trace", "rpc_metrics=TRACE", "rpc_metrics", "state=", "sync=5", "5"]
		{
			let directives = log(&["--dev", "-l", asked]);
			assert_eq!(directives.first().map(String::as_str), Some(asked));
			for target in RPC_LOG_TARGETS {
				assert!(directives.contains(&format!("{target}=debug")), "{target}: {directives:?}");
			}
			assert_eq!(directives.last(), Some(&errors));
		}
		let mut directives = Vec::new();
		keep_questions_out_of_the_log(&mut directives, "rpc_metrics=trace");
		assert_eq!(directives.len(), RPC_LOG_TARGETS.len() + 1);
	}

	#[test]
	fn rpc_limits_are_on_by_default() {
		let params = cli(&["--dev"]).run.base.rpc_params;
		assert_eq!(params.rpc_rate_limit, Some(RPC_CALLS_PER_MINUTE));
		assert_eq!(params.rpc_max_batch_request_len, Some(64));
		let whitelist: Vec<_> = params.rpc_rate_limit_whitelisted_ips.iter().map(ToString::to_string).collect();
		assert_eq!(whitelist, ["127.0.0.1/32", "::1/128"]);
	}

	#[test]
	fn rpc_limits_can_be_changed() {
		let args = ["--rpc-rate-limit", "10", "--rpc-rate-limit-whitelisted-ips", "10.0.0.0/8"];
		let params = cli(&[&args[..], &["--rpc-max-batch-request-len", "5"]].concat()).run.base.rpc_params;
		assert_eq!(params.rpc_rate_limit.map(NonZeroU32::get), Some(10));
		assert_eq!(params.rpc_max_batch_request_len, Some(5));
		assert_eq!(params.rpc_rate_limit_whitelisted_ips.len(), 1);
		assert_eq!(cli(&["--rpc-disable-batch-requests"]).run.base.rpc_params.rpc_max_batch_request_len, None);
	}

	#[test]
	fn rpc_limits_reach_each_endpoint() {
		let args = ["--experimental-rpc-endpoint", "listen-addr=127.0.0.1:9944"];
		let params = cli(&args).run.base.rpc_params;
		let endpoint = params.experimental_rpc_endpoint.first().expect("one endpoint");
		assert_eq!(endpoint.rate_limit, Some(RPC_CALLS_PER_MINUTE));
		assert!(matches!(endpoint.batch_config, RpcBatchRequestConfig::Limit(64)));
		assert_eq!(endpoint.rate_limit_whitelisted_ips.len(), 2);
	}
}
