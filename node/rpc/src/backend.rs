// SPDX-License-Identifier: Apache-2.0
//! The way from a method to the runtime: block, API version, call, error.

use std::{marker::PhantomData, sync::Arc};

use crate::error::Failure;
use codec::Encode;
use epidaurus_primitives::{
	proof::{HexBytes, ProvenItem, StateProof, MAX_PROVEN_KEYS},
	views::MAX_PAGE,
};
use sp_api::{ApiError, ApiExt, ApiRef, CallApiAt, ProvideRuntimeApi, RuntimeApiInfo};
use sp_blockchain::HeaderBackend;
use sp_runtime::traits::Block as BlockT;
use sp_state_machine::{prove_read, Backend as _};

const DEFAULT_PAGE: u32 = 50;

/// A client that can be asked the runtime API `Asked` at a block; the handlers of a domain's methods.
pub struct Backend<Block, Client, Asked: ?Sized> {
	client: Arc<Client>,
	asked: PhantomData<fn(&Block, &Asked)>,
}

impl<Block, Client, Asked> Backend<Block, Client, Asked>
where
	Block: BlockT,
	Client: ProvideRuntimeApi<Block> + HeaderBackend<Block>,
	Asked: RuntimeApiInfo + ?Sized,
{
	pub fn new(client: Arc<Client>) -> Self {
		Self { client, asked: PhantomData }
	}

	/// Asks `question` of the API at the block, the best one if none is given.
	pub fn ask<Answer>(
		&self,
		block: Option<Block::Hash>,
		question: impl FnOnce(ApiRef<Client::Api>, Block::Hash) -> Result<Answer, ApiError>,
	) -> Result<Answer, Failure> {
		let at = block.unwrap_or_else(|| self.client.info().best_hash);
		let api = self.client.runtime_api();
		let version = api.api_version::<Asked>(at).map_err(|_| Failure::UnknownBlock)?;
		if version.is_none_or(|version| version < Asked::VERSION) {
			return Err(Failure::ApiUnavailable);
		}
		question(api, at).map_err(|error| match error {
			ApiError::UnknownBlock(_) | ApiError::StateBackendIsNotTrie => Failure::UnknownBlock,
			_ => Failure::RuntimeFailed,
		})
	}

	/// What stands under the keys that `question` of the API lists, with the proof that it does.
	pub fn prove(
		&self,
		block: Option<Block::Hash>,
		question: impl FnOnce(ApiRef<Client::Api>, Block::Hash) -> Result<Vec<HexBytes>, ApiError>,
	) -> Result<StateProof<Block::Hash>, Failure>
	where
		Client: CallApiAt<Block>,
	{
		// The best block may be another one by the time of the next question.
		let at = block.unwrap_or_else(|| self.client.info().best_hash);
		let keys = self.ask(Some(at), question)?;
		if keys.len() > MAX_PROVEN_KEYS {
			return Err(Failure::TooManyKeys);
		}
		let header = self.client.header(at).ok().flatten().ok_or(Failure::UnknownBlock)?;
		let state = self.client.state_at(at).map_err(|_| Failure::UnknownBlock)?;
		let read = |key: HexBytes| {
			let value = state.storage(&key.0).map_err(|_| Failure::UnknownBlock)?;
			Ok(ProvenItem { key, value: value.map(HexBytes) })
		};
		let items = keys.into_iter().map(read).collect::<Result<Vec<_>, Failure>>()?;
		let proof = prove_read(state, items.iter().map(|item| &item.key)).map_err(|_| Failure::UnknownBlock)?;
		let nodes = proof.into_iter_nodes().map(HexBytes).collect();
		Ok(StateProof { block: at, header: HexBytes(header.encode()), items, nodes })
	}
}

/// The number of items for a page.
pub fn page_limit(limit: Option<u32>) -> Result<u32, Failure> {
	match limit.unwrap_or(DEFAULT_PAGE) {
		limit @ 1..=MAX_PAGE => Ok(limit),
		_ => Err(Failure::LimitOutOfRange),
	}
}
