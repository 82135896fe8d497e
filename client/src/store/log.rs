// SPDX-License-Identifier: Apache-2.0
//! Logs: appending, reading, and the nodes that proofs are made of.

use super::{
	rows::{code, row, CHECKPOINTS, ENTRIES, FRONTIERS, NODES, RECORDS},
	Entry, Newest, Store, StoreError,
};
use crate::record::{random_salt, LocalKey, Prepared};
use codec::Encode;
use epidaurus_primitives::{
	ehr::{LogEntry, LogKind},
	hash::NativeSha256,
	ids::NetworkId,
	merkle::{Frontier, Hash, NodeStore},
};
use redb::{ReadOnlyTable, ReadableTable, Table, WriteTransaction};

/// What became of a record that was to be appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
	/// Its first version was appended.
	New,
	/// It had changed; a further version was appended.
	Changed,
	/// It is as it was; nothing was appended.
	Unchanged,
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
		let mut writer = Writer::open(transaction, kind, self.identity().network)?;
		let appended = batch.iter().map(|record| writer.append(record)).collect::<Result<Vec<_>, _>>()?;
		writer.finish()?;
		Ok(appended)
	}

	/// A log as it is now. Later appends do not show in it.
	pub fn log(&self, kind: LogKind) -> Result<LogReader, StoreError> {
		let transaction = self.read()?;
		let frontier = match transaction.open_table(FRONTIERS)?.get(code(kind))? {
			Some(frontier) => row(frontier.value())?,
			None => Frontier::new(),
		};
		Ok(LogReader {
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
	code: u8,
	kind: LogKind,
	network: NetworkId,
	frontier: Frontier,
	entries: Table<'t, (u8, u64), &'static [u8]>,
	nodes: Table<'t, (u8, u8, u64), &'static [u8; 32]>,
	frontiers: Table<'t, u8, &'static [u8]>,
	records: Table<'t, (u8, &'static [u8]), &'static [u8]>,
}

impl<'t> Writer<'t> {
	fn open(transaction: &'t WriteTransaction, kind: LogKind, network: NetworkId) -> Result<Self, StoreError> {
		let frontiers = transaction.open_table(FRONTIERS)?;
		let frontier = match frontiers.get(code(kind))? {
			Some(frontier) => row(frontier.value())?,
			None => Frontier::new(),
		};
		Ok(Self {
			code: code(kind),
			kind,
			network,
			frontier,
			entries: transaction.open_table(ENTRIES)?,
			nodes: transaction.open_table(NODES)?,
			frontiers,
			records: transaction.open_table(RECORDS)?,
		})
	}

	fn append(&mut self, record: &Prepared) -> Result<Appended, StoreError> {
		let newest = match self.records.get((self.code, record.key.0.as_slice()))? {
			Some(newest) => Some(row::<Newest>(newest.value())?),
			None => None,
		};
		if let Some(newest) = newest {
			if self.is_unchanged(newest, record)? {
				return Ok(Appended { status: Status::Unchanged, newest });
			}
		}
		let version = newest.map_or(0, |newest| newest.version).saturating_add(1);
		let sequence = self.write(record, version, newest.map(|newest| newest.sequence))?;
		let status = if newest.is_some() { Status::Changed } else { Status::New };
		Ok(Appended { status, newest: Newest { version, sequence } })
	}

	fn is_unchanged(&self, newest: Newest, record: &Prepared) -> Result<bool, StoreError> {
		let entry = self.entries.get((self.code, newest.sequence))?;
		let entry = entry.ok_or(StoreError::Damaged("a record without its entry"))?;
		let Entry { opening, element_key, .. } = row(entry.value())?;
		Ok(record.is_of(&opening, element_key.as_ref()))
	}

	fn write(&mut self, record: &Prepared, version: u32, previous: Option<u64>) -> Result<u64, StoreError> {
		let (opening, element_key) = record.opening(&random_salt()?, version);
		let commitment = opening.commitment::<NativeSha256>(&self.network);
		let sequence = self.frontier.size();
		let leaf = LogEntry { kind: self.kind, sequence, commitment }.leaf::<NativeSha256>();

		let mut completed = Vec::new();
		self.frontier.append_with::<NativeSha256>(leaf, |level, index, hash| completed.push((level, index, *hash)))?;
		for (level, index, hash) in completed {
			self.nodes.insert((self.code, node_level(level)?, index), &hash)?;
		}
		let entry = Entry { commitment, opening, key: record.key.clone(), previous, element_key };
		self.entries.insert((self.code, sequence), entry.encode().as_slice())?;
		let newest = Newest { version, sequence };
		self.records.insert((self.code, record.key.0.as_slice()), newest.encode().as_slice())?;
		Ok(sequence)
	}

	fn finish(mut self) -> Result<(), StoreError> {
		self.frontiers.insert(self.code, self.frontier.encode().as_slice())?;
		Ok(())
	}
}

fn node_level(level: u32) -> Result<u8, StoreError> {
	u8::try_from(level).map_err(|_| StoreError::Damaged("a node above level 255"))
}

/// A log at a moment.
pub struct LogReader {
	code: u8,
	kind: LogKind,
	network: NetworkId,
	frontier: Frontier,
	entries: ReadOnlyTable<(u8, u64), &'static [u8]>,
	nodes: ReadOnlyTable<(u8, u8, u64), &'static [u8; 32]>,
	records: ReadOnlyTable<(u8, &'static [u8]), &'static [u8]>,
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
		match self.entries.get((self.code, sequence))? {
			Some(entry) => Ok(Some(row(entry.value())?)),
			None => Ok(None),
		}
	}

	/// Where the newest version of a record stands, if the log has the record.
	pub fn newest(&self, key: &LocalKey) -> Result<Option<Newest>, StoreError> {
		match self.records.get((self.code, key.0.as_slice()))? {
			Some(newest) => Ok(Some(row(newest.value())?)),
			None => Ok(None),
		}
	}

	/// Number of records, each counted once whatever its versions.
	pub fn records(&self) -> Result<u64, StoreError> {
		let range = self.records.range((self.code, [].as_slice())..(self.code.saturating_add(1), [].as_slice()))?;
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
		match self.nodes.get((self.code, node_level(level)?, index))? {
			Some(hash) => Ok(*hash.value()),
			None => Err(StoreError::NotFound("such node: the log never had this size")),
		}
	}
}
