// SPDX-License-Identifier: Apache-2.0
//! Records that are anchored by themselves.

use super::{
	rows::{ANCHORED, ANCHORS},
	subjects::Committed,
	Anchor, AnchorVersion, Opened, Progress, Store, StoreError,
};
use crate::record::{LocalKey, Prepared};
use epidaurus_primitives::{
	hash::Salt,
	ids::{RecordId, SubjectId},
};
use redb::{ReadableTable, ReadableTableMetadata, WriteTransaction};

pub(super) fn create_tables(transaction: &WriteTransaction) -> Result<(), StoreError> {
	transaction.open_table(ANCHORS)?;
	transaction.open_table(ANCHORED)?;
	Ok(())
}

impl Store {
	/// The anchored record of this id.
	pub fn anchor(&self, record: RecordId) -> Result<Option<Anchor>, StoreError> {
		match self.read()?.open_table(ANCHORS)?.get(&record.0)? {
			Some(anchor) => Ok(Some(self.vault.open_row(&ANCHORS, record.0, anchor.value())?)),
			None => Ok(None),
		}
	}

	/// The id under which the record of this local key is anchored.
	pub fn anchored(&self, key: &LocalKey) -> Result<Option<RecordId>, StoreError> {
		let name = self.vault.name(key);
		match self.read()?.open_table(ANCHORED)?.get(&name)? {
			Some(record) => Ok(Some(self.vault.open_row(&ANCHORED, name, record.value())?)),
			None => Ok(None),
		}
	}

	/// Number of anchored records.
	pub fn anchors(&self) -> Result<u64, StoreError> {
		Ok(self.read()?.open_table(ANCHORS)?.len()?)
	}

	/// Ids of all anchored records.
	pub fn anchor_ids(&self) -> Result<Vec<RecordId>, StoreError> {
		let anchors = self.read()?.open_table(ANCHORS)?;
		let ids = ReadableTable::iter(&anchors)?.map(|item| Ok(RecordId(*item?.0.value())));
		ids.collect()
	}

	/// A pseudonym for a subject of this custodian on this network. It derives from a fresh key, which is kept as the
	/// subject's: not from anything about a person, and each time another one.
	pub fn new_subject(&self) -> Result<SubjectId, StoreError> {
		let subject = self.vault.subjects.begin(&self.identity())?;
		self.settle_keys()?;
		Ok(subject)
	}

	/// The salt of something that is committed to about a subject besides its records: a statement, a link. The same parts
	/// give the same salt, so that nothing of it need be kept; it is gone with the subject's key.
	pub fn salt_about(&self, subject: SubjectId, parts: &[&[u8]]) -> Result<Salt, StoreError> {
		let key = self.vault.subjects.of(Some(subject))?;
		self.settle_keys()?;
		key.salt_about(parts)
	}

	/// Commits to a version of a record that is to be anchored, under a fresh salt. The salts of all its versions derive from a
	/// key of its own, which [`Store::put_anchor`] or [`Store::change_anchor`] keeps it with; one for each subject, should that
	/// have been corrected.
	pub fn commit(
		&self,
		record: &Prepared,
		number: u32,
		earlier: &[AnchorVersion],
	) -> Result<AnchorVersion, StoreError> {
		let earlier = earlier.iter().map(|version| version.sealed.subject);
		let key = self.vault.subjects.of_record(record.facts.subject, earlier)?;
		let Committed { commitment, sealed, .. } = key.commit(record, number, &self.identity().network)?;
		Ok(AnchorVersion { number, suite: record.suite, commitment, sealed, progress: Progress::Submitted })
	}

	/// What opens a version, and which record it is.
	pub fn opened(&self, version: &AnchorVersion) -> Result<Opened, StoreError> {
		self.vault.subjects.open(&version.sealed, &version.commitment)
	}

	/// Keeps a record that is about to be anchored; from now on its local key leads to it.
	pub fn put_anchor(&self, record: RecordId, key: &LocalKey, anchor: &Anchor) -> Result<(), StoreError> {
		let name = self.vault.name(key);
		self.write(|transaction| {
			let id = self.vault.seal(&ANCHORED, name, &record)?;
			transaction.open_table(ANCHORED)?.insert(&name, id.as_slice())?;
			let anchor = self.vault.seal(&ANCHORS, record.0, anchor)?;
			transaction.open_table(ANCHORS)?.insert(&record.0, anchor.as_slice())?;
			Ok(())
		})
	}

	/// Changes what is kept of an anchored record.
	pub fn change_anchor(
		&self,
		record: RecordId,
		change: impl FnOnce(&mut Anchor) -> Result<(), StoreError>,
	) -> Result<Anchor, StoreError> {
		self.write(|transaction| {
			let mut anchors = transaction.open_table(ANCHORS)?;
			let mut anchor = match anchors.get(&record.0)? {
				Some(anchor) => self.vault.open_row::<Anchor>(&ANCHORS, record.0, anchor.value())?,
				None => return Err(StoreError::NotFound("anchor of this id")),
			};
			change(&mut anchor)?;
			anchors.insert(&record.0, self.vault.seal(&ANCHORS, record.0, &anchor)?.as_slice())?;
			Ok(anchor)
		})
	}
}
