// SPDX-License-Identifier: Apache-2.0
#![doc = include_str!("../README.md")]

mod backend;
mod ehr;
mod error;
mod openrpc;
mod registry;
mod subjects;

use std::sync::Arc;

use epidaurus_runtime_api as api;
use jsonrpsee::{core::RegisterMethodError, RpcModule};
use sp_api::{CallApiAt, ProvideRuntimeApi};
use sp_blockchain::HeaderBackend;
use sp_runtime::{traits::Block as BlockT, AccountId32};

pub use ehr::{EhrApiClient, EhrApiServer, Verification};
pub use error::Failure;
pub use openrpc::document;
pub use registry::{RegistryApiClient, RegistryApiServer};
pub use subjects::{SubjectsApiClient, SubjectsApiServer};

/// Adds every method of this crate to the node's module.
pub fn extend<Block, Client>(module: &mut RpcModule<()>, client: Arc<Client>) -> Result<(), RegisterMethodError>
where
	Block: BlockT,
	Client: ProvideRuntimeApi<Block> + HeaderBackend<Block> + CallApiAt<Block> + 'static,
	Client::Api: api::RegistryApi<Block, AccountId32> + api::SubjectsApi<Block, AccountId32> + api::EhrApi<Block>,
{
	module.merge(RegistryApiServer::into_rpc(registry::Registry::<Block, _>::new(client.clone())))?;
	module.merge(SubjectsApiServer::into_rpc(subjects::Subjects::<Block, _>::new(client.clone())))?;
	module.merge(EhrApiServer::into_rpc(ehr::Ehr::<Block, _>::new(client)))?;
	openrpc::register(module)
}

#[cfg(test)]
mod tests;
