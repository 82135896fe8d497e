// SPDX-License-Identifier: Apache-2.0
//! What a custodian keeps: openings, logs with the nodes that proofs are made of, checkpoints, anchors.
//!
//! One folder with one database, which only its owner may read: it holds salts. Every change is one transaction, so that
//! after a crash the store is as it was before or after a change, never between. One process has it open at a time.

mod anchors;
mod checkpoints;
mod error;
mod log;
pub mod rows;

pub use error::StoreError;
pub use log::{Appended, LogReader, Status};
pub use rows::{Anchor, AnchorVersion, Checkpoint, Entry, Newest, Progress};

use codec::Encode;
use epidaurus_primitives::ids::{NetworkId, OrgId};
use redb::{Builder, Database, DatabaseError, ReadTransaction, ReadableDatabase, WriteTransaction};
use rows::{row, FORMAT, SETTINGS};
use std::{
	fs::{self, File, OpenOptions},
	io,
	path::{Path, PathBuf},
};

/// Name of the database in the store's folder.
pub const FILE: &str = "epid.redb";

/// Memory that the database may use for pages, in bytes.
const CACHE: usize = 64 << 20;

const FORMAT_KEY: &str = "format";
const NETWORK_KEY: &str = "network";
const CUSTODIAN_KEY: &str = "custodian";

/// Whose store it is, and of which network. Fixed when the store is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
	/// The network that its commitments are made for.
	pub network: NetworkId,
	/// The organisation that keeps the records.
	pub custodian: OrgId,
}

/// An open store.
pub struct Store {
	database: Database,
	identity: Identity,
	folder: PathBuf,
}

impl core::fmt::Debug for Store {
	fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
		f.debug_struct("Store").field("folder", &self.folder).field("identity", &self.identity).finish_non_exhaustive()
	}
}

impl Store {
	/// Makes a store in the folder, or opens the one that is there if it is of the same identity. Says whether it was made.
	pub fn create(folder: &Path, identity: Identity) -> Result<(Self, bool), StoreError> {
		make_folder(folder).map_err(|source| StoreError::Io { path: folder.to_path_buf(), source })?;
		let path = folder.join(FILE);
		let file = open_private(&path).map_err(|source| StoreError::Io { path: path.clone(), source })?;
		let database = builder().create_file(file).map_err(|error| opening(error, folder))?;
		let transaction = database.begin_write()?;
		let known = {
			let mut settings = transaction.open_table(SETTINGS)?;
			let known = redb::ReadableTable::get(&settings, FORMAT_KEY)?.is_some();
			if !known {
				settings.insert(FORMAT_KEY, FORMAT.encode().as_slice())?;
				settings.insert(NETWORK_KEY, identity.network.encode().as_slice())?;
				settings.insert(CUSTODIAN_KEY, identity.custodian.encode().as_slice())?;
			}
			known
		};
		if known {
			transaction.abort()?;
		} else {
			log::create_tables(&transaction)?;
			anchors::create_tables(&transaction)?;
			transaction.commit()?;
		}
		let store = Self::checked(database, folder)?;
		store.expect(identity)?;
		Ok((store, !known))
	}

	/// Opens the store in the folder.
	pub fn open(folder: &Path) -> Result<Self, StoreError> {
		let path = folder.join(FILE);
		match fs::metadata(&path) {
			// An empty file is what a crash in the middle of `create` may leave.
			Ok(metadata) if metadata.len() > 0 => (),
			Ok(_) => return Err(StoreError::NotInitialised(folder.to_path_buf())),
			Err(error) if error.kind() == io::ErrorKind::NotFound => {
				return Err(StoreError::NotInitialised(folder.to_path_buf()))
			},
			Err(source) => return Err(StoreError::Io { path, source }),
		}
		let database = builder().open(&path).map_err(|error| opening(error, folder))?;
		Self::checked(database, folder)
	}

	/// Reads the identity, after the format.
	fn checked(database: Database, folder: &Path) -> Result<Self, StoreError> {
		let transaction = database.begin_read()?;
		let settings = match transaction.open_table(SETTINGS) {
			Ok(settings) => settings,
			Err(redb::TableError::TableDoesNotExist(_)) => {
				return Err(StoreError::NotInitialised(folder.to_path_buf()))
			},
			Err(error) => return Err(error.into()),
		};
		let found = match settings.get(FORMAT_KEY)? {
			Some(found) => row::<u32>(found.value())?,
			None => return Err(StoreError::NotInitialised(folder.to_path_buf())),
		};
		if found != FORMAT {
			return Err(StoreError::OtherFormat { found, known: FORMAT });
		}
		let missing = StoreError::Damaged("a store that does not say whose it is");
		let (Some(network), Some(custodian)) = (settings.get(NETWORK_KEY)?, settings.get(CUSTODIAN_KEY)?) else {
			return Err(missing);
		};
		let identity = Identity { network: row(network.value())?, custodian: row(custodian.value())? };
		drop((network, custodian, settings, transaction));
		Ok(Self { database, identity, folder: folder.to_path_buf() })
	}

	/// Refuses if the store is of another network or organisation.
	pub fn expect(&self, asked: Identity) -> Result<(), StoreError> {
		let stored = self.identity;
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
		self.identity
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
		transaction.commit()?;
		Ok(result)
	}
}

fn builder() -> Builder {
	let mut builder = Builder::new();
	builder.set_cache_size(CACHE);
	builder
}

fn opening(error: DatabaseError, folder: &Path) -> StoreError {
	match error {
		DatabaseError::DatabaseAlreadyOpen => StoreError::InUse(folder.to_path_buf()),
		other => other.into(),
	}
}

#[cfg(unix)]
fn make_folder(folder: &Path) -> io::Result<()> {
	use std::os::unix::fs::DirBuilderExt;
	fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_folder(folder: &Path) -> io::Result<()> {
	fs::create_dir_all(folder)
}

fn open_private(path: &Path) -> io::Result<File> {
	let mut options = OpenOptions::new();
	options.read(true).write(true).create(true).truncate(false);
	#[cfg(unix)]
	std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
	options.open(path)
}

#[cfg(test)]
mod tests;
