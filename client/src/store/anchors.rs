// SPDX-License-Identifier: Apache-2.0
//! Records that are anchored by themselves.

use super::{
	rows::{row, ANCHORED, ANCHORS},
	Anchor, Store, StoreError,
};
use crate::record::LocalKey;
use codec::Encode;
use epidaurus_primitives::ids::RecordId;
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
			Some(anchor) => Ok(Some(row(anchor.value())?)),
			None => Ok(None),
		}
	}

	/// The id under which the record of this local key is anchored.
	pub fn anchored(&self, key: &LocalKey) -> Result<Option<RecordId>, StoreError> {
		Ok(self.read()?.open_table(ANCHORED)?.get(key.0.as_slice())?.map(|record| RecordId(*record.value())))
	}

	/// Number of anchored records.
	pub fn anchors(&self) -> Result<u64, StoreError> {
		Ok(self.read()?.open_table(ANCHORS)?.len()?)
	}

	/// Keeps a record that is about to be anchored; from now on its local key leads to it.
	pub fn put_anchor(&self, record: RecordId, anchor: &Anchor) -> Result<(), StoreError> {
		self.write(|transaction| {
			transaction.open_table(ANCHORED)?.insert(anchor.key.0.as_slice(), &record.0)?;
			transaction.open_table(ANCHORS)?.insert(&record.0, anchor.encode().as_slice())?;
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
				Some(anchor) => row::<Anchor>(anchor.value())?,
				None => return Err(StoreError::NotFound("anchor of this id")),
			};
			change(&mut anchor)?;
			anchors.insert(&record.0, anchor.encode().as_slice())?;
			Ok(anchor)
		})
	}
}
