// SPDX-License-Identifier: GPL-3.0-only
//! The genesis block, made when a database has none yet.

use crate::{
	chain_spec::{self, Extensions},
	keys,
	service::{Backend, Executor},
};
use codec::{Decode, Encode};
use epidaurus_runtime::opaque::Block;
use sc_chain_spec::{json_merge, BuildGenesisBlock, ChainSpec, GenesisBlockBuilder};
use serde_json::Value;
use sp_blockchain::Error;
use sp_core::{
	storage::Storage,
	traits::{CallContext, CodeExecutor, RuntimeCode, WrappedRuntimeCode},
};
use sp_runtime::traits::{Hash, HashingFor};
use sp_state_machine::BasicExternalities;
use std::sync::Arc;

/// Makes the genesis block of a chain.
///
/// For a built-in chain it calls the runtime through the node's own executor. The chain specification would do the same
/// with executors of its own, and compiling the runtime three times instead of once makes most of a node's start.
pub struct Genesis<'a> {
	/// The chain.
	pub spec: &'a dyn ChainSpec,
	/// Whether the state goes into the database; a node that fetches a later state needs only the block.
	pub commit: bool,
	/// The database.
	pub backend: Arc<Backend>,
	/// The node's executor.
	pub executor: Executor,
}

impl BuildGenesisBlock<Block> for Genesis<'_> {
	type BlockImportOperation = <Backend as sc_client_api::Backend<Block>>::BlockImportOperation;

	fn build_genesis_block(self) -> sp_blockchain::Result<(Block, Self::BlockImportOperation)> {
		let storage = match Extensions::of(self.spec).and_then(|extensions| extensions.preset) {
			Some(preset) => preset_storage(&self.executor, preset),
			None => self.spec.as_storage_builder().build_storage(),
		};
		let storage = storage.map_err(Error::Storage)?;
		keys::check_genesis(&storage, self.spec).map_err(|error| Error::Application(Box::new(error)))?;
		GenesisBlockBuilder::new_with_storage(storage, self.commit, self.backend, self.executor)?.build_genesis_block()
	}
}

/// The state that the runtime of this binary builds from its preset.
fn preset_storage(executor: &Executor, preset: &str) -> Result<Storage, String> {
	let code = chain_spec::code()?;
	let call = |method: &str, argument: &[u8]| {
		let mut state = BasicExternalities::new_empty();
		// The client knows the code by the same hash and finds it compiled.
		let hash = HashingFor::<Block>::hash(code).encode();
		let code = RuntimeCode { code_fetcher: &WrappedRuntimeCode(code.into()), heap_pages: None, hash };
		let (answer, _) = executor.call(&mut state, &code, method, argument, CallContext::Offchain);
		answer.map(|answer| (answer, state)).map_err(|error| format!("{method} failed: {error}"))
	};
	let get = |preset: Option<&str>| -> Result<Value, String> {
		let (answer, _) = call("GenesisBuilder_get_preset", &preset.encode())?;
		let json: Option<Vec<u8>> = decode(&answer)?;
		let json = json.ok_or_else(|| format!("the runtime has no preset {preset:?}"))?;
		serde_json::from_slice(&json).map_err(|error| format!("the preset {preset:?} is not JSON: {error}"))
	};
	let mut config = get(None)?;
	json_merge(&mut config, get(Some(preset))?);
	let (answer, mut state) = call("GenesisBuilder_build_state", &config.to_string().encode())?;
	decode::<Result<(), String>>(&answer)??;
	state.insert(sp_core::storage::well_known_keys::CODE.to_vec(), code.to_vec());
	Ok(state.into_storages())
}

fn decode<T: Decode>(mut bytes: &[u8]) -> Result<T, String> {
	T::decode(&mut bytes).map_err(|error| format!("the runtime's answer cannot be decoded: {error}"))
}
