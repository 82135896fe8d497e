// SPDX-License-Identifier: Apache-2.0
//! Destroying keys of subjects and of records, and with them the salts.

use super::{
	rows::{KeyId, ANCHORS, ENTRIES, FORGOTTEN},
	Anchor, Entry, Progress, Store, StoreError,
};
use epidaurus_primitives::{
	ids::{RecordId, SubjectId},
	moment::Moment,
};
use redb::{ReadableTable, WriteTransaction};
use serde::Serialize;
use std::{
	collections::{BTreeMap, HashSet},
	time::{SystemTime, UNIX_EPOCH},
};

/// What is to be forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forget {
	/// Everything about a subject.
	Subject(SubjectId),
	/// One anchored record.
	Record(RecordId),
}

/// What can no longer be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Forgotten {
	/// Entries of all logs.
	pub entries: u64,
	/// Versions of records that are anchored by themselves.
	pub versions: u64,
}

/// What is about to be forgotten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doomed {
	keys: HashSet<KeyId>,
	/// What cannot be opened afterwards.
	pub forgotten: Forgotten,
	/// Anchored records of which something cannot be opened afterwards, and whether one of their versions was seen on chain.
	pub records: BTreeMap<RecordId, bool>,
}

pub(super) fn create_tables(transaction: &WriteTransaction) -> Result<(), StoreError> {
	transaction.open_table(FORGOTTEN)?;
	Ok(())
}

impl Store {
	/// Finds what forgetting a subject or a record would reach.
	pub fn doomed(&self, what: Forget) -> Result<Doomed, StoreError> {
		let keys = match what {
			Forget::Subject(subject) => self.vault.subjects.ids_of(subject)?,
			Forget::Record(record) => self.keys_of(record)?,
		};
		if keys.is_empty() {
			return Err(StoreError::NotFound(match what {
				Forget::Subject(_) => "key of this subject: it was destroyed already, or no record names the subject",
				Forget::Record(_) => "key of this record: it was destroyed already",
			}));
		}
		self.kept_under(keys)
	}

	/// The keys of an anchored record that are there still. Refuses if one of them is not of this record alone.
	fn keys_of(&self, record: RecordId) -> Result<HashSet<KeyId>, StoreError> {
		let anchor = self.anchor(record)?.ok_or(StoreError::NotFound("anchor of this id"))?;
		let mut keys = HashSet::new();
		for version in &anchor.versions {
			match self.vault.subjects.is_alone(&version.sealed.subject)? {
				Some(true) => keys.extend([version.sealed.subject]),
				Some(false) => return Err(StoreError::SharedKey),
				None => (),
			}
		}
		Ok(keys)
	}

	/// Destroys keys. From then on neither this store nor any backup of it opens what is sealed under them. Nothing here asks
	/// whether that may be: [`crate::custody::forget`] does.
	pub fn destroy(&self, doomed: &Doomed) -> Result<Forgotten, StoreError> {
		// Decided before it is done: whatever happens now, the next time the store is opened it is finished.
		self.note_forgotten(&doomed.keys)?;
		self.vault.subjects.destroy(doomed.keys.iter().copied())?;
		Ok(doomed.forgotten)
	}

	fn note_forgotten<'a>(&self, ids: impl IntoIterator<Item = &'a KeyId>) -> Result<(), StoreError> {
		let at = now();
		self.write(|transaction| {
			let mut table = transaction.open_table(FORGOTTEN)?;
			for id in ids {
				table.insert(id, self.vault.seal(&FORGOTTEN, id, &at)?.as_slice())?;
			}
			Ok(())
		})
	}

	/// Destroys keys that were to be destroyed and are there: the process died, or an old copy of their file was put back.
	pub(super) fn finish_forgetting(&self) -> Result<(), StoreError> {
		let noted = self.listed::<Moment>(FORGOTTEN)?;
		// A restored database is older than what its keys' file says, that file may give way to an older copy, too, and rows that
		// cannot be read are written anew from it.
		let mut destroyed = self.vault.subjects.destroyed();
		destroyed.extend(self.misplaced(&noted.unread)?);
		let unnoted: Vec<_> = destroyed.difference(&noted.read).collect();
		if !unnoted.is_empty() {
			self.note_forgotten(unnoted)?;
		}
		self.vault.subjects.destroy(noted.read.union(&destroyed).copied())?;
		self.vault.subjects.withhold(&noted.unread);
		Ok(())
	}

	/// Keys that are there and were to be destroyed, by rows that stand under other keys: what a row is sealed for is known from
	/// the row, whatever became of the place where it stands.
	fn misplaced(&self, unread: &HashSet<KeyId>) -> Result<HashSet<KeyId>, StoreError> {
		let mut found = HashSet::new();
		if unread.is_empty() {
			return Ok(found);
		}
		let (rows, there) = (self.read()?.open_table(FORGOTTEN)?, self.vault.subjects.ids());
		for place in unread {
			let Some(row) = rows.get(place)? else { continue };
			found.extend(there.iter().filter(|id| {
				let opened = self.vault.open_row::<Moment>(&FORGOTTEN, *id, row.value());
				opened.is_ok()
			}));
		}
		Ok(found)
	}

	fn kept_under(&self, keys: HashSet<KeyId>) -> Result<Doomed, StoreError> {
		let (mut entries, mut versions) = (0u64, 0u64);
		let mut records = BTreeMap::new();
		let transaction = self.read()?;
		for item in ReadableTable::iter(&transaction.open_table(ENTRIES)?)? {
			let (key, entry) = item?;
			let entry = self.vault.open_row::<Entry>(&ENTRIES, key.value(), entry.value())?;
			if !keys.contains(&entry.sealed.subject) {
				continue;
			}
			entries = entries.saturating_add(1);
			// The record may be anchored as well, and what the chain says about that counts for all its versions.
			let opened = self.vault.subjects.open_doomed(&entry.sealed, &entry.commitment)?;
			if let Some(record) = self.anchored(&opened.key)? {
				records.insert(record, false);
			}
		}
		for item in ReadableTable::iter(&transaction.open_table(ANCHORS)?)? {
			let (key, anchor) = item?;
			let record = RecordId(*key.value());
			let anchor = self.vault.open_row::<Anchor>(&ANCHORS, record.0, anchor.value())?;
			let under = anchor.versions.iter().filter(|version| keys.contains(&version.sealed.subject)).count();
			versions = versions.saturating_add(u64::try_from(under).unwrap_or(u64::MAX));
			let seen = || anchor.versions.iter().any(|version| matches!(version.progress, Progress::Finalised { .. }));
			if under > 0 || records.contains_key(&record) {
				records.insert(record, seen());
			}
		}
		Ok(Doomed { keys, forgotten: Forgotten { entries, versions }, records })
	}
}

pub(super) fn now() -> Moment {
	let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
	Moment(u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX))
}

#[cfg(test)]
impl Store {
	/// Forgets a subject without asking anybody.
	pub(crate) fn forget(&self, subject: SubjectId) -> Result<Forgotten, StoreError> {
		self.destroy(&self.doomed(Forget::Subject(subject))?)
	}
}
