// SPDX-License-Identifier: Apache-2.0
//! Logs: appending, reading, and the nodes that proofs are made of.

use super::{
	rows::{code, CHECKPOINTS, ENTRIES, FRONTIERS, NODES, RECORDS, SECONDS},
	seal::Vault,
	subjects::Committed,
	Entry, Newest, Opened, Store, StoreError,
};
use crate::record::{LocalKey, Prepared};
use epidaurus_primitives::{
	ehr::{LogEntry, LogKind},
	hash::NativeSha256,
	ids::NetworkId,
	merkle::{Frontier, Hash, NodeStore},
};
use redb::{ReadOnlyTable, ReadableTable, Table, WriteTransaction};
use std::sync::Arc;

/// What became of a record that was to be appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
	/// Its first version was appended.
	New,
	/// It had changed; a further version was appended.
	Changed,
	/// It is as it was; nothing was appended.
	Unchanged,
	/// Its newest version was forgotten; nothing was appended, since that would undo the forgetting.
	Forgotten,
}

/// Where a record stands after it was to be appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
	/// What became of it.
	pub status: Status,
	/// Its newest version.
	pub newest: Newest,
}

pub(super) fn create_tables(transaction: &WriteTransaction) -> Result<(), StoreError> {
	transaction.open_table(ENTRIES)?;
	transaction.open_table(NODES)?;
	transaction.open_table(FRONTIERS)?;
	transaction.open_table(RECORDS)?;
	transaction.open_table(CHECKPOINTS)?;
	Ok(())
}

impl Store {
	/// Appends records to a log, all or none. A record whose newest version has the same suite, digest and facts is left as
	/// it is.
	pub fn append(&self, kind: LogKind, batch: &[Prepared]) -> Result<Vec<Appended>, StoreError> {
		if batch.is_empty() {
			return Ok(Vec::new());
		}
		self.write(|transaction| self.append_in(transaction, kind, batch))
	}

	pub(super) fn append_in(
		&self,
		transaction: &WriteTransaction,
		kind: LogKind,
		batch: &[Prepared],
	) -> Result<Vec<Appended>, StoreError> {
		// One write of the file of subjects' keys for the whole batch, and before what depends on it.
		self.vault.subjects.ensure(batch.iter().map(|record| record.facts.subject))?;
		let mut writer = Writer::open(transaction, kind, self.identity().network, &self.vault)?;
		let appended = batch.iter().map(|record| writer.append(record)).collect::<Result<Vec<_>, _>>()?;
		writer.finish()?;
		Ok(appended)
	}

	/// A log as it is now. Later appends do not show in it.
	pub fn log(&self, kind: LogKind) -> Result<LogReader, StoreError> {
		let transaction = self.read()?;
		let frontier = match transaction.open_table(FRONTIERS)?.get(code(kind))? {
			Some(frontier) => self.vault.open_row(&FRONTIERS, code(kind), frontier.value())?,
			None => Frontier::new(),
		};
		Ok(LogReader {
			vault: Arc::clone(&self.vault),
			code: code(kind),
			kind,
			network: self.identity().network,
			frontier,
			entries: transaction.open_table(ENTRIES)?,
			nodes: transaction.open_table(NODES)?,
			records: transaction.open_table(RECORDS)?,
		})
	}
}

struct Writer<'t> {
	vault: &'t Vault,
	code: u8,
	kind: LogKind,
	network: NetworkId,
	frontier: Frontier,
	entries: Table<'t, (u8, u64), &'static [u8]>,
	seconds: Table<'t, (u8, u64), &'static [u8]>,
	nodes: Table<'t, (u8, u8, u64), &'static [u8]>,
	frontiers: Table<'t, u8, &'static [u8]>,
	records: Table<'t, (u8, &'static [u8; 32]), &'static [u8]>,
}

impl<'t> Writer<'t> {
	fn open(
		transaction: &'t WriteTransaction,
		kind: LogKind,
		network: NetworkId,
		vault: &'t Vault,
	) -> Result<Self, StoreError> {
		let frontiers = transaction.open_table(FRONTIERS)?;
		let frontier = match frontiers.get(code(kind))? {
			Some(frontier) => vault.open_row(&FRONTIERS, code(kind), frontier.value())?,
			None => Frontier::new(),
		};
		Ok(Self {
			vault,
			code: code(kind),
			kind,
			network,
			frontier,
			entries: transaction.open_table(ENTRIES)?,
			seconds: transaction.open_table(SECONDS)?,
			nodes: transaction.open_table(NODES)?,
			frontiers,
			records: transaction.open_table(RECORDS)?,
		})
	}

	fn append(&mut self, record: &Prepared) -> Result<Appended, StoreError> {
		let name = self.vault.name(&record.key);
		let newest = match self.records.get((self.code, &name))? {
			Some(newest) => Some(self.vault.open_row::<Newest>(&RECORDS, (self.code, name), newest.value())?),
			None => None,
		};
		if let Some(newest) = newest {
			match self.is_unchanged(newest, record) {
				Ok(false) => (),
				Ok(true) => return Ok(Appended { status: Status::Unchanged, newest }),
				Err(StoreError::Forgotten) => return Ok(Appended { status: Status::Forgotten, newest }),
				Err(error) => return Err(error),
			}
		}
		let version = newest.map_or(0, |newest| newest.version).saturating_add(1);
		let sequence = self.write(record, name, version, newest.map(|newest| newest.sequence))?;
		let status = if newest.is_some() { Status::Changed } else { Status::New };
		Ok(Appended { status, newest: Newest { version, sequence } })
	}

	fn is_unchanged(&self, newest: Newest, record: &Prepared) -> Result<bool, StoreError> {
		let key = (self.code, newest.sequence);
		let entry = self.entries.get(key)?;
		let entry = entry.ok_or(StoreError::Damaged("a record without its entry"))?;
		let Entry { commitment, sealed, .. } = self.vault.open_row(&ENTRIES, key, entry.value())?;
		Ok(self.vault.subjects.open(&sealed, &commitment)?.is_of(record))
	}

	fn write(
		&mut self,
		record: &Prepared,
		name: [u8; 32],
		version: u32,
		previous: Option<u64>,
	) -> Result<u64, StoreError> {
		let subject = self.vault.subjects.of(record.facts.subject)?;
		let Committed { commitment, sealed, second } = subject.commit(record, version, &self.network)?;
		let sequence = self.frontier.size();
		let leaf = LogEntry { kind: self.kind, sequence, commitment }.leaf::<NativeSha256>();

		let mut completed = Vec::new();
		self.frontier.append_with::<NativeSha256>(leaf, |level, index, hash| completed.push((level, index, *hash)))?;
		for (level, index, hash) in completed {
			let key = (self.code, node_level(level)?, index);
			self.nodes.insert(key, self.vault.seal(&NODES, key, &hash)?.as_slice())?;
		}
		let (entry, key) = (Entry { commitment, previous, sealed }, (self.code, sequence));
		self.entries.insert(key, self.vault.seal(&ENTRIES, key, &entry)?.as_slice())?;
		self.seconds.insert(key, self.vault.seal(&SECONDS, key, &second)?.as_slice())?;
		let newest = self.vault.seal(&RECORDS, (self.code, name), &Newest { version, sequence })?;
		self.records.insert((self.code, &name), newest.as_slice())?;
		Ok(sequence)
	}

	fn finish(mut self) -> Result<(), StoreError> {
		let frontier = self.vault.seal(&FRONTIERS, self.code, &self.frontier)?;
		self.frontiers.insert(self.code, frontier.as_slice())?;
		Ok(())
	}
}

impl Opened {
	/// Whether it is of this content, with these facts, under this suite.
	pub fn is_of(&self, record: &Prepared) -> bool {
		record.is_of(&self.opening, self.element_key.as_ref())
	}
}

pub(super) fn node_level(level: u32) -> Result<u8, StoreError> {
	u8::try_from(level).map_err(|_| StoreError::Damaged("a node above level 255"))
}

/// A log at a moment.
pub struct LogReader {
	vault: Arc<Vault>,
	code: u8,
	kind: LogKind,
	network: NetworkId,
	frontier: Frontier,
	entries: ReadOnlyTable<(u8, u64), &'static [u8]>,
	nodes: ReadOnlyTable<(u8, u8, u64), &'static [u8]>,
	records: ReadOnlyTable<(u8, &'static [u8; 32]), &'static [u8]>,
}

impl LogReader {
	/// Which log it is.
	pub fn kind(&self) -> LogKind {
		self.kind
	}

	/// The network that its commitments are made for.
	pub fn network(&self) -> NetworkId {
		self.network
	}

	/// Number of entries.
	pub fn size(&self) -> u64 {
		self.frontier.size()
	}

	/// Size and peaks.
	pub fn frontier(&self) -> &Frontier {
		&self.frontier
	}

	/// An entry, if the log has so many.
	pub fn entry(&self, sequence: u64) -> Result<Option<Entry>, StoreError> {
		let key = (self.code, sequence);
		match self.entries.get(key)? {
			Some(entry) => Ok(Some(self.vault.open_row(&ENTRIES, key, entry.value())?)),
			None => Ok(None),
		}
	}

	/// What opens an entry, and which record it is.
	pub fn opened(&self, entry: &Entry) -> Result<Opened, StoreError> {
		self.vault.subjects.open(&entry.sealed, &entry.commitment)
	}

	/// Where the newest version of a record stands, if the log has the record.
	pub fn newest(&self, key: &LocalKey) -> Result<Option<Newest>, StoreError> {
		let name = self.vault.name(key);
		match self.records.get((self.code, &name))? {
			Some(newest) => Ok(Some(self.vault.open_row(&RECORDS, (self.code, name), newest.value())?)),
			None => Ok(None),
		}
	}

	/// Number of records, each counted once whatever its versions.
	pub fn records(&self) -> Result<u64, StoreError> {
		let range = self.records.range((self.code, &[0; 32])..=(self.code, &[u8::MAX; 32]))?;
		Ok(u64::try_from(range.count()).unwrap_or(u64::MAX))
	}

	/// Where a version of a record stands, searched from the newest backwards.
	pub fn version(&self, newest: Newest, version: u32) -> Result<Newest, StoreError> {
		let mut found = newest;
		while found.version > version {
			let entry = self.entry(found.sequence)?.ok_or(StoreError::Damaged("a record without its entry"))?;
			let previous = entry.previous.ok_or(StoreError::NotFound("version of this number"))?;
			found = Newest { version: found.version.saturating_sub(1), sequence: previous };
		}
		if found.version == version {
			Ok(found)
		} else {
			Err(StoreError::NotFound("version of this number"))
		}
	}
}

impl NodeStore for LogReader {
	type Failure = StoreError;

	fn node(&self, level: u32, index: u64) -> Result<Hash, StoreError> {
		let key = (self.code, node_level(level)?, index);
		match self.nodes.get(key)? {
			Some(hash) => self.vault.open_row(&NODES, key, hash.value()),
			None => Err(StoreError::NotFound("such node: the log never had this size")),
		}
	}
}
