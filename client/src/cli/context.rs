// SPDX-License-Identifier: Apache-2.0
//! What commands share: the store, the node, the key.

use super::Global;
use crate::{
	acts::ActRefused,
	bundle::hex,
	chain::{Call, Chain, ChainError, Signed},
	keys::{self, KeyError},
	output::Output,
	secrets::{self, next, Loaded},
	signer::{Remote, Signer},
	steps,
	store::{Identity, Secret, Store, StoreError},
	Error,
};
use epidaurus_primitives::moment::Moment;
use serde::Serialize;
use serde_json::json;
use std::{
	fmt::Display,
	future::Future,
	io::{self, IsTerminal},
	path::Path,
	time::{Duration, SystemTime, UNIX_EPOCH},
};

/// What is said while a submitted call waits for its block.
pub(super) const WAITING: &str = "waiting for a finalised block …";

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

	/// The store. What of it is damaged and is not the end is told.
	pub fn store(&self) -> Result<Store, Error> {
		let store = self.open()?;
		for (key, problem) in store.damaged_key_rows() {
			self.output.warn(format!("key {}: {problem}", hex(&key)));
		}
		Ok(store)
	}

	fn open(&self) -> Result<Store, Error> {
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

	/// The store, if a run that was to give it another key was cut off; its key files are put in order.
	fn unsettled(&self) -> Result<Option<Store>, Error> {
		let folder = &self.global.store;
		let open = |loaded: Loaded| match Store::open(folder, &self.told(loaded)) {
			Ok(store) => Ok(Some(store)),
			Err(StoreError::WrongKey) => Ok(None),
			Err(error) => Err(error),
		};
		if let Some(loaded) = next::unsettled(folder)? {
			if let Some(store) = open(loaded)? {
				// Also for who names the key of before, which opens the store no more.
				let (file, _) = next::settle(folder)?;
				self.output.note(format!("a change of the key was cut off: {} opens the store now", file.display()));
				return Ok(Some(store));
			}
		}
		// Whoever names what opens the store knows better, unless it is what lies beside the store anyway.
		let named = match &self.global.store_key_file {
			Some(path) => !next::is_beside(folder, path),
			None => std::env::var_os(secrets::VARIABLE).is_some(),
		};
		if named {
			return Ok(None);
		}
		for (path, loaded) in next::aside(folder) {
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

	/// What comes of an act of the store's organisation, which the chain may keep waiting.
	pub fn act<T>(&self, store: &Store, act: impl AsyncFnOnce(&Signed<'_>) -> Result<T, Error>) -> Result<T, Error> {
		let key = self.key()?;
		self.block_on(async {
			let chain = self.chain().await?;
			let signed = self.signed(&chain, &key, store).await?;
			self.output.note(WAITING);
			act(&signed).await
		})
	}

	/// Takes a step in the life of a record or a subject (`kind`) as a member, and tells what came of it.
	pub fn take(&self, step: &str, kind: &str, id: impl Display + Serialize, call: &Call) -> Result<(), Error> {
		let key = self.key()?;
		let submitted = self.block_on(async {
			let chain = self.chain().await?;
			let signed = Signed { chain: &chain, key: &key };
			signed.member().await?;
			self.output.note(WAITING);
			steps::take(&signed, call).await
		})?;
		let value = json!({ "step": step, kind: id, "submitted": submitted });
		self.output.result(&value, || {
			let done = if submitted { "done" } else { "done already" };
			format!("{done}: {step} of the {kind} {id}")
		});
		Ok(())
	}

	/// The account that signs, after making sure that the store is of its network and organisation.
	pub async fn signed<'a>(&self, chain: &'a Chain, key: &'a Signer, store: &Store) -> Result<Signed<'a>, Error> {
		let signed = Signed { chain, key };
		let custodian = signed.member().await?.organisation;
		store.expect(Identity { network: chain.network(), custodian })?;
		Ok(signed)
	}
}

/// Refuses to write a file over one that is read.
pub(super) fn ensure_other(written: &Path, read: &Path) -> Result<(), Error> {
	match (written.canonicalize(), read.canonicalize()) {
		(Ok(one), Ok(other)) if one == other => {
			Err(Error::Usage(format!("{} would be overwritten: name another file", read.display())))
		},
		_ => Ok(()),
	}
}

/// What the clock of this machine shows.
pub(super) fn host_time() -> Moment {
	let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
	Moment(u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX))
}

fn usage(problem: &str) -> Error {
	Error::Usage(problem.to_owned())
}
