// SPDX-License-Identifier: Apache-2.0
//! What commands share: the store, the node, the key.

use super::Global;
use crate::{
	chain::{Chain, ChainError, Signed},
	keys::{self, KeyError},
	output::Output,
	secrets::{self, Loaded},
	store::{Identity, Secret, Store, StoreError},
	Error,
};
use std::future::Future;
use subxt_signer::sr25519::Keypair;

/// Options and output of the command that runs.
pub(super) struct Context {
	pub global: Global,
	pub output: Output,
}

impl Context {
	/// Runs something that talks to a node.
	pub fn block_on<T>(&self, future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
		let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
		runtime.map_err(|error| ChainError::Failed(error.to_string()))?.block_on(future)
	}

	pub fn store(&self) -> Result<Store, Error> {
		let loaded = secrets::load(&self.global.store, self.global.store_key_file.as_deref());
		let loaded = match loaded {
			// That there is no store says more than that there is no key to it.
			Err(KeyError::StoreMissing) if !Store::is_in(&self.global.store)? => {
				return Err(StoreError::NotInitialised(self.global.store.clone()).into())
			},
			loaded => self.told(loaded?),
		};
		Ok(Store::open(&self.global.store, &loaded)?)
	}

	/// What opens a store that is not there yet.
	pub fn secret(&self) -> Result<Secret, Error> {
		Ok(self.told(secrets::load(&self.global.store, self.global.store_key_file.as_deref())?))
	}

	/// The secret, after what should be said about it was said.
	pub fn told(&self, loaded: Loaded) -> Secret {
		if let Some(warning) = loaded.warning {
			self.output.warn(warning);
		}
		if let Some(made) = loaded.made {
			let made = made.display();
			self.output.note(format!(
				"made the key file {made}: without it the store cannot be opened; keep a copy elsewhere"
			));
		}
		loaded.secret
	}

	pub async fn chain(&self) -> Result<Chain, Error> {
		Ok(Chain::connect(&self.global.node).await?)
	}

	pub fn key(&self) -> Result<Keypair, Error> {
		let loaded = keys::load(self.global.key_file.as_deref())?;
		if let Some(warning) = loaded.warning {
			self.output.warn(warning);
		}
		Ok(loaded.key)
	}

	/// The account that signs, after making sure that the store is of its network and organisation.
	pub async fn signed<'a>(&self, chain: &'a Chain, key: &'a Keypair, store: &Store) -> Result<Signed<'a>, Error> {
		let signed = Signed { chain, key };
		let custodian = signed.member().await?.organisation;
		store.expect(Identity { network: chain.network(), custodian })?;
		Ok(signed)
	}
}
