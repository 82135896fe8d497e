// SPDX-License-Identifier: Apache-2.0
//! Heads that were submitted to the chain.

use super::{
	rows::{code, row, CHECKPOINTS},
	Checkpoint, Progress, Store, StoreError,
};
use codec::Encode;
use epidaurus_primitives::ehr::{LogHead, LogKind};
use redb::ReadableTable;

impl Store {
	/// Writes down how far a head has come.
	pub fn put_checkpoint(&self, kind: LogKind, head: LogHead, progress: Progress) -> Result<(), StoreError> {
		self.write(|transaction| {
			let mut checkpoints = transaction.open_table(CHECKPOINTS)?;
			let checkpoint = Checkpoint { root: head.root, progress };
			checkpoints.insert((code(kind), head.size), checkpoint.encode().as_slice())?;
			Ok(())
		})
	}

	/// What is known of the head of this size.
	pub fn checkpoint(&self, kind: LogKind, size: u64) -> Result<Option<Checkpoint>, StoreError> {
		match self.read()?.open_table(CHECKPOINTS)?.get((code(kind), size))? {
			Some(checkpoint) => Ok(Some(row(checkpoint.value())?)),
			None => Ok(None),
		}
	}

	/// The newest head that was seen in a finalised block.
	pub fn newest_finalised(&self, kind: LogKind) -> Result<Option<(LogHead, Checkpoint)>, StoreError> {
		let checkpoints = self.read()?.open_table(CHECKPOINTS)?;
		for item in ReadableTable::range(&checkpoints, (code(kind), 0)..=(code(kind), u64::MAX))?.rev() {
			let (key, value) = item?;
			let (_, size) = key.value();
			let checkpoint = row::<Checkpoint>(value.value())?;
			if matches!(checkpoint.progress, Progress::Finalised { .. }) {
				return Ok(Some((LogHead { size, root: checkpoint.root }, checkpoint)));
			}
		}
		Ok(None)
	}
}
