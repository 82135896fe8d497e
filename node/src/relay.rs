// SPDX-License-Identifier: GPL-3.0-only
//! The command line of the relay chain node inside a collator or full node.

use crate::{chain_spec::Extensions, cli, cli::Cli};
use clap::{CommandFactory, FromArgMatches};
use sc_cli::{
	CliConfiguration, DefaultConfigurationValues, ImportParams, KeystoreParams, NetworkParams, RpcEndpoint,
	SharedParams, SubstrateCli,
};
use sc_service::{
	config::{PrometheusConfig, RpcMethods, TelemetryEndpoints, TransactionPoolOptions},
	BasePath, ChainSpec, Configuration, Role,
};
use std::path::PathBuf;

/// What stands after `--`, with defaults taken from the parachain's configuration.
#[derive(Debug)]
pub struct RelayChainCli {
	base: polkadot_cli::RunCmd,
	chain_id: Option<String>,
	base_path: PathBuf,
}

impl RelayChainCli {
	/// Parses `args`; prints and ends the process if they make no sense or ask for help.
	pub fn new(para_config: &Configuration, args: &[String]) -> Self {
		let command = polkadot_cli::RunCmd::command().no_binary_name(true).help_template(
			"What can stand after `--`, for the relay chain node inside a collator or full node.\n\n{options}",
		);
		let matches = command.get_matches_from(args);
		let mut base = polkadot_cli::RunCmd::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
		cli::limit_rpc(&mut base.base.rpc_params);
		let chain_id = Extensions::of(&*para_config.chain_spec).map(|extensions| extensions.relay_chain.clone());
		Self { base, chain_id, base_path: para_config.base_path.path().join("relay") }
	}

	/// The configuration of the relay chain node.
	pub fn configuration(&self, para_config: &Configuration) -> sc_cli::Result<Configuration> {
		let mut config = SubstrateCli::create_configuration(self, self, para_config.tokio_handle.clone())?;
		// Browsers reach the parachain; only who asks for it gets WebRTC on the relay chain side as well.
		let network = &self.base.base.network_params;
		if para_config.role.is_authority() && !network.force_enable_webrtc && network.listen_addr.is_empty() {
			config.network.remove_webrtc_addresses();
		}
		Ok(config)
	}
}

impl SubstrateCli for RelayChainCli {
	fn impl_name() -> String {
		Cli::impl_name()
	}

	fn impl_version() -> String {
		Cli::impl_version()
	}

	fn description() -> String {
		Cli::description()
	}

	fn author() -> String {
		Cli::author()
	}

	fn support_url() -> String {
		Cli::support_url()
	}

	fn copyright_start_year() -> i32 {
		Cli::copyright_start_year()
	}

	fn load_spec(&self, id: &str) -> Result<Box<dyn ChainSpec>, String> {
		polkadot_cli::Cli::from_iter([Self::executable_name()]).load_spec(id).map_err(|error| {
			format!("the relay chain `{id}` is not known ({error}): give its specification as `-- --chain FILE`")
		})
	}
}

impl DefaultConfigurationValues for RelayChainCli {
	fn p2p_listen_port() -> u16 {
		30334
	}

	fn rpc_listen_port() -> u16 {
		9945
	}

	fn prometheus_listen_port() -> u16 {
		9616
	}
}

impl CliConfiguration<Self> for RelayChainCli {
	fn shared_params(&self) -> &SharedParams {
		self.base.base.shared_params()
	}

	fn import_params(&self) -> Option<&ImportParams> {
		self.base.base.import_params()
	}

	fn network_params(&self) -> Option<&NetworkParams> {
		self.base.base.network_params()
	}

	fn keystore_params(&self) -> Option<&KeystoreParams> {
		self.base.base.keystore_params()
	}

	fn base_path(&self) -> sc_cli::Result<Option<BasePath>> {
		let own = self.shared_params().base_path()?;
		Ok(Some(own.unwrap_or_else(|| self.base_path.clone().into())))
	}

	fn rpc_addr(&self, default_listen_port: u16) -> sc_cli::Result<Option<Vec<RpcEndpoint>>> {
		self.base.base.rpc_addr(default_listen_port)
	}

	fn rpc_methods(&self) -> sc_cli::Result<RpcMethods> {
		self.base.base.rpc_methods()
	}

	fn rpc_max_connections(&self) -> sc_cli::Result<u32> {
		self.base.base.rpc_max_connections()
	}

	fn rpc_cors(&self, is_dev: bool) -> sc_cli::Result<Option<Vec<String>>> {
		self.base.base.rpc_cors(is_dev)
	}

	fn prometheus_config(
		&self,
		default_listen_port: u16,
		chain_spec: &Box<dyn ChainSpec>,
	) -> sc_cli::Result<Option<PrometheusConfig>> {
		self.base.base.prometheus_config(default_listen_port, chain_spec)
	}

	fn init<F>(&self, _: &String, _: &String, _: F) -> sc_cli::Result<()>
	where
		F: FnOnce(&mut sc_cli::LoggerBuilder),
	{
		Err("logging belongs to the parachain node".into())
	}

	fn chain_id(&self, is_dev: bool) -> sc_cli::Result<String> {
		let own = self.base.base.chain_id(is_dev)?;
		Ok(if own.is_empty() { self.chain_id.clone().unwrap_or_default() } else { own })
	}

	fn role(&self, is_dev: bool) -> sc_cli::Result<Role> {
		self.base.base.role(is_dev)
	}

	fn transaction_pool(&self, is_dev: bool) -> sc_cli::Result<TransactionPoolOptions> {
		self.base.base.transaction_pool(is_dev)
	}

	fn trie_cache_maximum_size(&self) -> sc_cli::Result<Option<usize>> {
		self.base.base.trie_cache_maximum_size()
	}

	fn default_heap_pages(&self) -> sc_cli::Result<Option<u64>> {
		self.base.base.default_heap_pages()
	}

	fn force_authoring(&self) -> sc_cli::Result<bool> {
		self.base.base.force_authoring()
	}

	fn disable_grandpa(&self) -> sc_cli::Result<bool> {
		self.base.base.disable_grandpa()
	}

	fn max_runtime_instances(&self) -> sc_cli::Result<Option<usize>> {
		self.base.base.max_runtime_instances()
	}

	fn announce_block(&self) -> sc_cli::Result<bool> {
		self.base.base.announce_block()
	}

	fn telemetry_endpoints(&self, chain_spec: &Box<dyn ChainSpec>) -> sc_cli::Result<Option<TelemetryEndpoints>> {
		self.base.base.telemetry_endpoints(chain_spec)
	}

	fn node_name(&self) -> sc_cli::Result<String> {
		self.base.base.node_name()
	}
}
