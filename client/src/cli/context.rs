// SPDX-License-Identifier: Apache-2.0
//! What commands share: the store, the node, the key.

use super::Global;
use crate::{
	acts::ActRefused,
	chain::{Chain, ChainError, Signed},
	keys::{self, KeyError},
	output::Output,
	secrets::{self, next, Loaded},
	signer::{Remote, Signer},
	store::{Identity, Secret, Store, StoreError},
	Error,
};
use std::{
	future::Future,
	io::{self, IsTerminal},
	time::Duration,
};

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
		if let Some(store) = self.unsettled()? {
			return Ok(store);
		}
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

	/// The store, if a run that was to give it another key was cut off; its key files are put in order. Whoever names what
	/// opens the store knows better.
	fn unsettled(&self) -> Result<Option<Store>, Error> {
		let folder = &self.global.store;
		if self.global.store_key_file.is_some() || std::env::var_os(secrets::VARIABLE).is_some() {
			return Ok(None);
		}
		let open = |loaded: Loaded| match Store::open(folder, &self.told(loaded)) {
			Ok(store) => Ok(Some(store)),
			Err(StoreError::WrongKey) => Ok(None),
			Err(error) => Err(error),
		};
		if let Some(loaded) = next::unsettled(folder)? {
			if let Some(store) = open(loaded)? {
				next::settle(folder)?;
				return Ok(Some(store));
			}
		}
		if let Some((path, loaded)) = next::aside(folder)? {
			if let Some(store) = open(loaded)? {
				next::put_back(folder, &path)?;
				return Ok(Some(store));
			}
		}
		Ok(None)
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

	/// Asks at the terminal; nobody there, or anything but a yes, is a no.
	pub fn confirm(&self, question: &str) -> Result<(), Error> {
		if !io::stdin().is_terminal() {
			return Err(usage("nobody can be asked: run at a terminal, or say --yes"));
		}
		let mut answer = String::new();
		eprint!("{question}");
		io::stdin().read_line(&mut answer).map_err(|_| ActRefused::Declined)?;
		match answer.trim().to_lowercase().as_str() {
			"y" | "yes" => Ok(()),
			_ => Err(ActRefused::Declined.into()),
		}
	}

	/// What signs: the program that was named, or else a key.
	pub fn key(&self) -> Result<Signer, Error> {
		if let Some(command) = &self.global.signer_command {
			let account = self.global.signer_account.ok_or_else(|| usage("--signer-command needs --signer-account"))?;
			if self.global.key_file.is_some() {
				return Err(usage("give --signer-command or --key-file, not both"));
			}
			let patience = Duration::from_secs(self.global.signer_timeout);
			return Ok(Signer::Command(Remote::new(command, account, patience).map_err(ChainError::from)?));
		}
		let loaded = keys::load(self.global.key_file.as_deref())?;
		if let Some(warning) = loaded.warning {
			self.output.warn(warning);
		}
		Ok(Signer::Key(loaded.key))
	}

	/// The account that signs, after making sure that the store is of its network and organisation.
	pub async fn signed<'a>(&self, chain: &'a Chain, key: &'a Signer, store: &Store) -> Result<Signed<'a>, Error> {
		let signed = Signed { chain, key };
		let custodian = signed.member().await?.organisation;
		store.expect(Identity { network: chain.network(), custodian })?;
		Ok(signed)
	}
}

fn usage(problem: &str) -> Error {
	Error::Usage(problem.to_owned())
}
