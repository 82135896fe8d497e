// SPDX-License-Identifier: Apache-2.0
//! What the database knows of the subjects' keys: which were made, and how much of their file must be readable. Nothing here
//! leads from a key to its subject, so that nothing does in backups either.

use super::{
	rows::{row, KeyId, ANCHORS, ENTRIES, LOST, MADE, SETTINGS},
	Anchor, Entry, Store, StoreError, KEYS_KEY,
};
use codec::{Decode, Encode};
use epidaurus_primitives::moment::Moment;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, TableError, WriteTransaction};
use std::collections::HashSet;

/// The keys that stand in a table.
#[derive(Default)]
pub(super) struct Listed {
	/// Those whose rows can be read.
	pub read: HashSet<KeyId>,
	/// Those whose rows are damaged. Nobody who has the store's key says that these keys stand there.
	pub unread: HashSet<KeyId>,
}

pub(super) fn create_tables(transaction: &WriteTransaction) -> Result<(), StoreError> {
	transaction.open_table(MADE)?;
	transaction.open_table(LOST)?;
	Ok(())
}

/// Bytes of the file of subjects' keys that what stands in the database needs; nothing if it does not say.
pub(super) fn needed(database: &Database) -> Result<Option<u64>, StoreError> {
	let settings = database.begin_read()?.open_table(SETTINGS)?;
	let needed = settings.get(KEYS_KEY)?;
	needed.map(|needed| row(needed.value())).transpose()
}

impl Store {
	/// Within a change: writes down the keys that it may need, and how long their file is. Says which keys are new.
	pub(super) fn note_keys(&self, transaction: &WriteTransaction) -> Result<Vec<KeyId>, StoreError> {
		let (length, unnoted) = self.vault.subjects.unnoted();
		if !unnoted.is_empty() {
			let mut made = transaction.open_table(MADE)?;
			for id in &unnoted {
				made.insert(id, self.vault.seal(&MADE, id, &())?.as_slice())?;
			}
		}
		if let Some(length) = length {
			let mut settings = transaction.open_table(SETTINGS)?;
			let noted = settings.get(KEYS_KEY)?.map(|noted| row::<u64>(noted.value())).transpose()?;
			// As long as keys are lost, the longer file that has them may be put back, and must be readable then.
			let length = noted.filter(|_| self.lost_keys() > 0).map_or(length, |noted| noted.max(length));
			if noted != Some(length) {
				settings.insert(KEYS_KEY, length.encode().as_slice())?;
			}
		}
		Ok(unnoted)
	}

	/// Reads a table of keys. A row that is damaged is not the end: the store is opened for all that it does not concern.
	pub(super) fn listed<T: Decode>(
		&self,
		table: TableDefinition<'static, &'static [u8; 16], &'static [u8]>,
	) -> Result<Listed, StoreError> {
		let rows = self.read()?.open_table(table)?;
		let mut listed = Listed::default();
		for item in ReadableTable::iter(&rows)? {
			let (id, row) = item?;
			match self.vault.open_row::<T>(&table, id.value(), row.value()) {
				Ok(_) => listed.read.insert(*id.value()),
				Err(StoreError::Damaged(_)) => listed.unread.insert(*id.value()),
				Err(error) => return Err(error),
			};
		}
		Ok(listed)
	}

	/// When the store was opened: looks for keys that are missing, and writes down what is not known yet.
	pub(super) fn compare_keys(&self) -> Result<(), StoreError> {
		self.ensure_key_tables()?;
		self.vault.subjects.compare(self.listed::<()>(MADE)?, self.listed::<Moment>(LOST)?);
		let (length, unnoted) = self.vault.subjects.unnoted();
		if unnoted.is_empty() && length == needed(&self.database)? {
			return Ok(());
		}
		self.write(|_| Ok(()))
	}

	/// Older stores and restored ones lack the tables: every key counts that a row is sealed under.
	fn ensure_key_tables(&self) -> Result<(), StoreError> {
		match self.read()?.open_table(MADE) {
			Ok(_) => return Ok(()),
			Err(TableError::TableDoesNotExist(_)) => (),
			Err(error) => return Err(error.into()),
		}
		let used = self.used_keys()?;
		self.write(|transaction| {
			create_tables(transaction)?;
			let mut made = transaction.open_table(MADE)?;
			for id in used {
				made.insert(&id, self.vault.seal(&MADE, id, &())?.as_slice())?;
			}
			Ok(())
		})
	}

	fn used_keys(&self) -> Result<HashSet<KeyId>, StoreError> {
		let read = self.read()?;
		let mut used = HashSet::new();
		for item in ReadableTable::iter(&read.open_table(ENTRIES)?)? {
			let (key, entry) = item?;
			// What is damaged is told by the audit, and when it is used.
			if let Ok(entry) = self.vault.open_row::<Entry>(&ENTRIES, key.value(), entry.value()) {
				used.insert(entry.sealed.subject);
			}
		}
		for item in ReadableTable::iter(&read.open_table(ANCHORS)?)? {
			let (key, anchor) = item?;
			if let Ok(anchor) = self.vault.open_row::<Anchor>(&ANCHORS, key.value(), anchor.value()) {
				used.extend(anchor.versions.iter().map(|version| version.sealed.subject));
			}
		}
		Ok(used)
	}

	/// How many keys are neither there nor destroyed, those apart whose loss was accepted.
	pub fn lost_keys(&self) -> u64 {
		u64::try_from(self.vault.subjects.lost().len()).unwrap_or(u64::MAX)
	}

	/// Keys about which a row of the database cannot be read, and what follows from it. Rows are not listed whose key is there, or
	/// is known to be destroyed: the file of subjects' keys says what they said.
	pub fn damaged_key_rows(&self) -> Vec<(KeyId, &'static str)> {
		self.vault.subjects.unread()
	}

	/// Bytes at the end of the file of subjects' keys that were passed over when the store was opened: a write that was cut off.
	pub fn torn_keys(&self) -> u64 {
		self.vault.subjects.torn()
	}

	/// Goes on without the keys that are lost: from now on new ones are made again. Says how many they are. If the newest copy
	/// of the file is put back later, they open what they opened.
	pub fn accept_lost_keys(&self) -> Result<u64, StoreError> {
		let lost = self.vault.subjects.lost();
		self.write(|transaction| {
			let mut table = transaction.open_table(LOST)?;
			for id in &lost {
				table.insert(id, self.vault.seal(&LOST, id, &super::forget::now())?.as_slice())?;
			}
			Ok(())
		})?;
		self.vault.subjects.give_up();
		// From now on less of the file is needed.
		self.write(|_| Ok(()))?;
		Ok(u64::try_from(lost.len()).unwrap_or(u64::MAX))
	}

	/// Keys that were made outside of a change are written down.
	pub(super) fn settle_keys(&self) -> Result<(), StoreError> {
		let (_, unnoted) = self.vault.subjects.unnoted();
		if unnoted.is_empty() {
			return Ok(());
		}
		self.write(|_| Ok(()))
	}
}
