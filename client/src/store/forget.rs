// SPDX-License-Identifier: Apache-2.0
//! Destroying a subject's key, and with it the salts of its records.

use super::{
	rows::{KeyId, ANCHORS, ENTRIES, FORGOTTEN},
	Anchor, Entry, Store, StoreError,
};
use epidaurus_primitives::{ids::SubjectId, moment::Moment};
use redb::{ReadableTable, WriteTransaction};
use serde::Serialize;
use std::time::{SystemTime, UNIX_EPOCH};

/// What can no longer be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Forgotten {
	/// Entries of all logs.
	pub entries: u64,
	/// Versions of records that are anchored by themselves.
	pub versions: u64,
}

pub(super) fn create_tables(transaction: &WriteTransaction) -> Result<(), StoreError> {
	transaction.open_table(FORGOTTEN)?;
	Ok(())
}

impl Store {
	/// Destroys a subject's key. From then on neither this store nor any backup of it opens a record of the subject.
	pub fn forget(&self, subject: SubjectId) -> Result<Forgotten, StoreError> {
		let missing = "key of this subject: it was destroyed already, or no record names the subject";
		let id = self.vault.subjects.id_of(subject).ok_or(StoreError::NotFound(missing))?;
		let forgotten = self.kept_under(id)?;
		// Decided before it is done: whatever happens now, the next time the store is opened it is finished.
		let at = self.vault.seal(&FORGOTTEN, id, &now())?;
		self.write(|transaction| {
			transaction.open_table(FORGOTTEN)?.insert(&id, at.as_slice())?;
			Ok(())
		})?;
		self.vault.subjects.destroy([id])?;
		Ok(forgotten)
	}

	/// Destroys keys that were to be destroyed and are there: the process died, or an old copy of their file was put back.
	pub(super) fn finish_forgetting(&self) -> Result<(), StoreError> {
		let table = self.read()?.open_table(FORGOTTEN)?;
		let mut ids = Vec::new();
		for item in ReadableTable::iter(&table)? {
			let (id, at) = item?;
			let _: Moment = self.vault.open_row(&FORGOTTEN, id.value(), at.value())?;
			ids.push(*id.value());
		}
		self.vault.subjects.destroy(ids)
	}

	fn kept_under(&self, subject: KeyId) -> Result<Forgotten, StoreError> {
		let (mut entries, mut versions) = (0u64, 0u64);
		let transaction = self.read()?;
		for item in ReadableTable::iter(&transaction.open_table(ENTRIES)?)? {
			let (key, entry) = item?;
			let entry = self.vault.open_row::<Entry>(&ENTRIES, key.value(), entry.value())?;
			entries = entries.saturating_add(u64::from(entry.sealed.subject == subject));
		}
		for item in ReadableTable::iter(&transaction.open_table(ANCHORS)?)? {
			let (key, anchor) = item?;
			let anchor = self.vault.open_row::<Anchor>(&ANCHORS, key.value(), anchor.value())?;
			let under = anchor.versions.iter().filter(|version| version.sealed.subject == subject).count();
			versions = versions.saturating_add(u64::try_from(under).unwrap_or(u64::MAX));
		}
		Ok(Forgotten { entries, versions })
	}
}

fn now() -> Moment {
	let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
	Moment(u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX))
}
