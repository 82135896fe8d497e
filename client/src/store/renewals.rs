// SPDX-License-Identifier: Apache-2.0
//! The second tree of a log: what renews its entries, the nodes that proofs are made of, and the renewals on chain.

use super::{
	log::node_level,
	rows::{code, ENTRIES, RENEWALS, SECONDS, SECOND_FRONTIERS, SECOND_NODES},
	seal::Vault,
	Checkpoint, Entry, Opened, Progress, Second, Store, StoreError,
};
use epidaurus_primitives::{
	ehr::{LogHead, LogKind},
	hash::NativeBlake2b256,
	merkle::{Blake2Tree, Frontier, Hash, NodeStore},
	renewal::{RenewedEntry, SecondDigest},
};
use redb::{ReadOnlyTable, ReadableTable, TableError, WriteTransaction};
use std::sync::Arc;

/// Entries that are added to a second tree in one change.
const BATCH: u64 = 4096;

pub(super) fn create_tables(transaction: &WriteTransaction) -> Result<(), StoreError> {
	transaction.open_table(SECONDS)?;
	transaction.open_table(SECOND_NODES)?;
	transaction.open_table(SECOND_FRONTIERS)?;
	transaction.open_table(RENEWALS)?;
	Ok(())
}

impl Store {
	/// Stores that were made before logs could be renewed lack the tables.
	pub(super) fn ensure_renewal_tables(&self) -> Result<(), StoreError> {
		match self.read()?.open_table(RENEWALS) {
			Ok(_) => Ok(()),
			Err(TableError::TableDoesNotExist(_)) => self.write(create_tables),
			Err(error) => Err(error.into()),
		}
	}

	/// The second tree of a log as it is now.
	pub fn second_tree(&self, kind: LogKind) -> Result<SecondTree, StoreError> {
		let transaction = self.read()?;
		let frontier = match transaction.open_table(SECOND_FRONTIERS)?.get(code(kind))? {
			Some(frontier) => self.vault.open_row(&SECOND_FRONTIERS, code(kind), frontier.value())?,
			None => Frontier::new(),
		};
		Ok(SecondTree {
			vault: Arc::clone(&self.vault),
			code: code(kind),
			frontier,
			seconds: transaction.open_table(SECONDS)?,
			nodes: transaction.open_table(SECOND_NODES)?,
		})
	}

	/// Commits to an entry under the second hash function; `content` is the content digest of its record.
	pub fn commit_second(&self, entry: &Entry, opened: &Opened, content: &SecondDigest) -> Result<Second, StoreError> {
		self.vault.subjects.second(&entry.sealed.subject, opened, content, &self.identity().network)
	}

	/// Makes all entries of a log ones that were appended before there was a second hash function.
	#[cfg(test)]
	pub fn drop_seconds(&self, kind: LogKind) -> Result<(), StoreError> {
		self.write(|transaction| {
			let mut table = transaction.open_table(SECONDS)?;
			let tree = self.second_tree(kind)?.size();
			table.retain(|(log, sequence), _| log != code(kind) || sequence < tree)?;
			Ok(())
		})
	}

	/// Keeps what renews these entries.
	pub fn put_seconds(&self, kind: LogKind, seconds: &[(u64, Second)]) -> Result<(), StoreError> {
		if seconds.is_empty() {
			return Ok(());
		}
		self.write(|transaction| {
			let mut table = transaction.open_table(SECONDS)?;
			for (sequence, second) in seconds {
				let key = (code(kind), *sequence);
				table.insert(key, self.vault.seal(&SECONDS, key, second)?.as_slice())?;
			}
			Ok(())
		})
	}

	/// Adds some of the log's next entries to its second tree, at most up to `size` of them. Says how many were added.
	pub fn extend_second_tree(&self, kind: LogKind, size: u64) -> Result<u64, StoreError> {
		self.write(|transaction| {
			let (entries, seconds) = (transaction.open_table(ENTRIES)?, transaction.open_table(SECONDS)?);
			let (mut nodes, mut frontiers) =
				(transaction.open_table(SECOND_NODES)?, transaction.open_table(SECOND_FRONTIERS)?);
			let mut frontier = match frontiers.get(code(kind))? {
				Some(frontier) => self.vault.open_row(&SECOND_FRONTIERS, code(kind), frontier.value())?,
				None => Frontier::new(),
			};
			let from = frontier.size();
			let to = from.saturating_add(BATCH).min(size);
			for sequence in from..to {
				let key = (code(kind), sequence);
				let entry = entries.get(key)?.ok_or(StoreError::NotFound("log of so many entries"))?;
				let Entry { commitment, .. } = self.vault.open_row(&ENTRIES, key, entry.value())?;
				let second = match seconds.get(key)? {
					Some(second) => Some(self.vault.open_row::<Second>(&SECONDS, key, second.value())?.commitment),
					None => None,
				};
				let leaf = RenewedEntry { kind, sequence, commitment, second }.leaf::<NativeBlake2b256>();
				let mut completed = Vec::new();
				frontier.append_with::<Blake2Tree<NativeBlake2b256>>(leaf, |level, index, hash| {
					completed.push((level, index, *hash));
				})?;
				for (level, index, hash) in completed {
					let key = (code(kind), node_level(level)?, index);
					nodes.insert(key, self.vault.seal(&SECOND_NODES, key, &hash)?.as_slice())?;
				}
			}
			let row = self.vault.seal(&SECOND_FRONTIERS, code(kind), &frontier)?;
			frontiers.insert(code(kind), row.as_slice())?;
			Ok(to.saturating_sub(from))
		})
	}

	/// Writes down how far a renewal has come; `head` is size and root in the second tree.
	pub fn put_renewal(&self, kind: LogKind, head: LogHead, progress: Progress) -> Result<(), StoreError> {
		self.write(|transaction| {
			let key = (code(kind), head.size);
			let row = self.vault.seal(&RENEWALS, key, &Checkpoint { root: head.root, progress })?;
			transaction.open_table(RENEWALS)?.insert(key, row.as_slice())?;
			Ok(())
		})
	}

	/// Forgets renewals of other sizes than these, which the chain has: what gave way there to a later one renews nothing.
	pub fn retain_renewals(&self, kind: LogKind, on_chain: &[u64]) -> Result<(), StoreError> {
		self.write(|transaction| {
			let mut table = transaction.open_table(RENEWALS)?;
			table.retain(|(log, size), _| log != code(kind) || on_chain.contains(&size))?;
			Ok(())
		})
	}

	/// The first renewal that covers an entry and was seen in a finalised block, as size and root in the second tree.
	pub fn renewal_of(&self, kind: LogKind, sequence: u64) -> Result<Option<LogHead>, StoreError> {
		let renewals = self.read()?.open_table(RENEWALS)?;
		let larger = (code(kind), sequence.saturating_add(1))..=(code(kind), u64::MAX);
		for item in ReadableTable::range(&renewals, larger)? {
			let (key, value) = item?;
			let Checkpoint { root, progress } = self.vault.open_row(&RENEWALS, key.value(), value.value())?;
			if matches!(progress, Progress::Finalised { .. }) {
				let (_, size) = key.value();
				return Ok(Some(LogHead { size, root }));
			}
		}
		Ok(None)
	}

	/// All renewals that were submitted, as size and root in the second tree, the smallest first, and how far they came.
	pub fn renewals(&self, kind: LogKind) -> Result<Vec<(LogHead, Progress)>, StoreError> {
		let renewals = self.read()?.open_table(RENEWALS)?;
		let mut heads = Vec::new();
		for item in ReadableTable::range(&renewals, (code(kind), 0)..=(code(kind), u64::MAX))? {
			let (key, value) = item?;
			let Checkpoint { root, progress } = self.vault.open_row(&RENEWALS, key.value(), value.value())?;
			let (_, size) = key.value();
			heads.push((LogHead { size, root }, progress));
		}
		Ok(heads)
	}
}

/// The second tree of a log at a moment.
pub struct SecondTree {
	vault: Arc<Vault>,
	code: u8,
	frontier: Frontier,
	seconds: ReadOnlyTable<(u8, u64), &'static [u8]>,
	nodes: ReadOnlyTable<(u8, u8, u64), &'static [u8]>,
}

impl SecondTree {
	/// Number of entries that are in the tree.
	pub fn size(&self) -> u64 {
		self.frontier.size()
	}

	/// Size and peaks.
	pub fn frontier(&self) -> &Frontier {
		&self.frontier
	}

	/// What renews an entry, in the tree or not yet; nothing if it was appended before there was a second hash function.
	pub fn second(&self, sequence: u64) -> Result<Option<Second>, StoreError> {
		let key = (self.code, sequence);
		match self.seconds.get(key)? {
			Some(second) => Ok(Some(self.vault.open_row(&SECONDS, key, second.value())?)),
			None => Ok(None),
		}
	}

	/// The second digest of an entry.
	pub fn digest(&self, entry: &Entry, second: &Second) -> Result<SecondDigest, StoreError> {
		self.vault.subjects.open_second(&entry.sealed.subject, second)
	}
}

impl NodeStore for SecondTree {
	type Failure = StoreError;

	fn node(&self, level: u32, index: u64) -> Result<Hash, StoreError> {
		let key = (self.code, node_level(level)?, index);
		match self.nodes.get(key)? {
			Some(hash) => self.vault.open_row(&SECOND_NODES, key, hash.value()),
			None => Err(StoreError::NotFound("such node: the second tree never had this size")),
		}
	}
}
