// SPDX-License-Identifier: Apache-2.0
//! What a custodian keeps: openings, logs with the nodes that proofs are made of, checkpoints, anchors.
//!
//! One folder with one database and one small file of subjects' keys, sealed under the store's key, which a key file or a
//! passphrase unlocks. Every change is one transaction, so that after a crash the store is as it was before or after a
//! change, never between. One process has it open at a time.

mod anchors;
mod backup;
mod checkpoints;
mod error;
mod forget;
mod keys;
mod log;
pub mod medium;
mod renewals;
pub mod rows;
mod seal;
mod secret;
mod subjects;

pub use backup::{Copied, KeysFrom};
pub use error::StoreError;
pub use forget::{Doomed, Forget, Forgotten};
pub use log::{Appended, LogReader, Status};
pub use medium::Medium;
pub use renewals::SecondTree;
pub use rows::{Anchor, AnchorVersion, Checkpoint, Entry, Newest, Opened, Progress, Second};
pub use secret::Secret;

use codec::{Decode, Encode};
use epidaurus_primitives::ids::{NetworkId, OrgId};
use medium::Folder;
use redb::{Database, ReadTransaction, ReadableDatabase, TableError, WriteTransaction};
use rows::{row, FORMAT, SETTINGS};
use seal::{KeyBytes, Vault};
use secret::Settings;
use std::{
	path::{Path, PathBuf},
	sync::Arc,
};

/// Name of the database in the store's folder.
pub const FILE: &str = "epid.redb";

/// Name of the file with the subjects' keys in the store's folder.
pub const SUBJECTS_FILE: &str = "subjects.keys";

const FORMAT_KEY: &str = "format";
const STORE_KEY: &str = "store";
const KEYS_KEY: &str = "keys";

/// Random id of a store; its copies have the same.
type StoreId = [u8; 16];

/// Whose store it is, and of which network. Fixed when the store is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Identity {
	/// The network that its commitments are made for.
	pub network: NetworkId,
	/// The organisation that keeps the records.
	pub custodian: OrgId,
}

/// An open store.
pub struct Store {
	database: Database,
	settings: Settings,
	vault: Arc<Vault>,
	key: KeyBytes,
	folder: PathBuf,
}

impl core::fmt::Debug for Store {
	fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
		let identity = self.identity();
		f.debug_struct("Store").field("folder", &self.folder).field("identity", &identity).finish_non_exhaustive()
	}
}

impl Store {
	/// Makes a store in the folder, or opens the one that is there if it is of the same identity. Says whether it was made.
	pub fn create(folder: &Path, identity: Identity, secret: &Secret) -> Result<(Self, bool), StoreError> {
		Self::create_on(Arc::new(Folder::make(folder)?), identity, secret)
	}

	/// [`Self::create`] on any medium.
	pub fn create_on(medium: Arc<dyn Medium>, identity: Identity, secret: &Secret) -> Result<(Self, bool), StoreError> {
		let database = medium.database(true)?;
		if let Some(settings) = settings(&database)? {
			let key = settings.unlock(secret)?;
			let store = Self::unlocked(database, settings, &key, medium)?;
			store.expect(identity)?;
			return Ok((store, false));
		}
		let (settings, key) = Settings::new(identity, secret)?;
		// First, so that no store is ever without it.
		subjects::begin(&*medium, settings.id)?;
		let transaction = database.begin_write()?;
		put_settings(&transaction, &settings)?;
		create_tables(&transaction)?;
		keys::create_tables(&transaction)?;
		transaction.commit()?;
		Ok((Self::unlocked(database, settings, &key, medium)?, true))
	}

	/// Opens the store in the folder.
	pub fn open(folder: &Path, secret: &Secret) -> Result<Self, StoreError> {
		Self::open_on(Arc::new(Folder::at(folder)), secret)
	}

	/// [`Self::open`] on any medium.
	pub fn open_on(medium: Arc<dyn Medium>, secret: &Secret) -> Result<Self, StoreError> {
		let database = medium.database(false)?;
		let settings = settings(&database)?;
		let settings = settings.ok_or_else(|| StoreError::NotInitialised(medium.folder().to_path_buf()))?;
		let key = settings.unlock(secret)?;
		Self::unlocked(database, settings, &key, medium)
	}

	/// Whether there is a store in the folder.
	pub fn is_in(folder: &Path) -> Result<bool, StoreError> {
		match Folder::at(folder).database(false) {
			Ok(database) => Ok(settings(&database)?.is_some()),
			Err(StoreError::NotInitialised(_)) => Ok(false),
			Err(error) => Err(error),
		}
	}

	fn unlocked(
		database: Database,
		settings: Settings,
		key: &KeyBytes,
		medium: Arc<dyn Medium>,
	) -> Result<Self, StoreError> {
		let folder = medium.folder().to_path_buf();
		let vault = Arc::new(Vault::open(medium, settings.id, key, keys::needed(&database)?)?);
		let store = Self { database, settings, vault, key: key.clone(), folder };
		store.ensure_renewal_tables()?;
		store.finish_forgetting()?;
		store.compare_keys()?;
		Ok(store)
	}

	/// Whether this opens the store as it is locked at present.
	pub fn opens_with(&self, secret: &Secret) -> Result<bool, StoreError> {
		match self.settings.unlock(secret) {
			Ok(_) => Ok(true),
			Err(StoreError::WrongKey) => Ok(false),
			Err(error) => Err(error),
		}
	}

	/// Locks the store with another secret, which alone opens it from then on; backups that were made before are opened by
	/// the old one still. What is sealed in the store stays as it is.
	pub fn relock(&mut self, secret: &Secret) -> Result<(), StoreError> {
		let settings = self.settings.relocked(&self.key, secret)?;
		self.write(|transaction| put_settings(transaction, &settings))?;
		self.settings = settings;
		Ok(())
	}

	/// Refuses if the store is of another network or organisation.
	pub fn expect(&self, asked: Identity) -> Result<(), StoreError> {
		let stored = self.identity();
		if stored.network != asked.network {
			return Err(StoreError::OtherNetwork { stored: stored.network, asked: asked.network });
		}
		if stored.custodian != asked.custodian {
			return Err(StoreError::OtherOrganisation { stored: stored.custodian, asked: asked.custodian });
		}
		Ok(())
	}

	/// Whose store it is.
	pub fn identity(&self) -> Identity {
		self.settings.identity
	}

	/// The folder that the store is in.
	pub fn folder(&self) -> &Path {
		&self.folder
	}

	fn read(&self) -> Result<ReadTransaction, StoreError> {
		Ok(self.database.begin_read()?)
	}

	/// A change: all of it is written, or nothing.
	fn write<T>(&self, change: impl FnOnce(&WriteTransaction) -> Result<T, StoreError>) -> Result<T, StoreError> {
		let mut transaction = self.database.begin_write()?;
		// Opening after a crash then takes no time, however large the store.
		transaction.set_quick_repair(true);
		let result = change(&transaction)?;
		let noted = self.note_keys(&transaction)?;
		transaction.commit()?;
		self.vault.subjects.noted(&noted);
		Ok(result)
	}
}

/// What a database says about itself, after its format; nothing if it was never finished.
fn settings(database: &Database) -> Result<Option<Settings>, StoreError> {
	let settings = match database.begin_read()?.open_table(SETTINGS) {
		Ok(settings) => settings,
		Err(TableError::TableDoesNotExist(_)) => return Ok(None),
		Err(error) => return Err(error.into()),
	};
	let Some(found) = settings.get(FORMAT_KEY)? else { return Ok(None) };
	let found = row::<u32>(found.value())?;
	if found != FORMAT {
		return Err(StoreError::OtherFormat { found, known: FORMAT });
	}
	let stated = settings.get(STORE_KEY)?;
	let stated = stated.ok_or(StoreError::Damaged("a store that does not say whose it is"))?;
	Ok(Some(row(stated.value())?))
}

fn put_settings(transaction: &WriteTransaction, settings: &Settings) -> Result<(), StoreError> {
	let mut table = transaction.open_table(SETTINGS)?;
	table.insert(FORMAT_KEY, FORMAT.encode().as_slice())?;
	table.insert(STORE_KEY, settings.encode().as_slice())?;
	Ok(())
}

fn create_tables(transaction: &WriteTransaction) -> Result<(), StoreError> {
	log::create_tables(transaction)?;
	anchors::create_tables(transaction)?;
	renewals::create_tables(transaction)?;
	forget::create_tables(transaction)
}

#[cfg(test)]
mod backup_tests;
#[cfg(test)]
pub(crate) mod disk;
#[cfg(test)]
mod lost_tests;
#[cfg(test)]
mod relock_tests;
#[cfg(test)]
mod sealed_tests;
#[cfg(test)]
mod tests;
