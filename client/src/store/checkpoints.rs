// SPDX-License-Identifier: Apache-2.0
//! Heads that were submitted to the chain.

use super::{
	rows::{code, CHECKPOINTS},
	Checkpoint, Progress, Store, StoreError,
};
use epidaurus_primitives::ehr::{LogHead, LogKind};
use redb::ReadableTable;

impl Store {
	/// Writes down how far a head has come.
	pub fn put_checkpoint(&self, kind: LogKind, head: LogHead, progress: Progress) -> Result<(), StoreError> {
		self.write(|transaction| {
			let mut checkpoints = transaction.open_table(CHECKPOINTS)?;
			let checkpoint = Checkpoint { root: head.root, progress };
			let key = (code(kind), head.size);
			checkpoints.insert(key, self.vault.seal(&CHECKPOINTS, key, &checkpoint)?.as_slice())?;
			Ok(())
		})
	}

	/// What is known of the head of this size.
	pub fn checkpoint(&self, kind: LogKind, size: u64) -> Result<Option<Checkpoint>, StoreError> {
		let key = (code(kind), size);
		match self.read()?.open_table(CHECKPOINTS)?.get(key)? {
			Some(checkpoint) => Ok(Some(self.vault.open_row(&CHECKPOINTS, key, checkpoint.value())?)),
			None => Ok(None),
		}
	}

	/// The newest head that was seen in a finalised block.
	pub fn newest_finalised(&self, kind: LogKind) -> Result<Option<(LogHead, Checkpoint)>, StoreError> {
		let mut newest = None;
		self.checkpoints_from_newest(kind, |head, checkpoint| {
			let finalised = matches!(checkpoint.progress, Progress::Finalised { .. });
			newest = finalised.then_some((head, checkpoint));
			!finalised
		})?;
		Ok(newest)
	}

	/// Shows heads that were submitted, the largest first, until it is told that it was enough.
	pub fn checkpoints_from_newest(
		&self,
		kind: LogKind,
		mut goes_on: impl FnMut(LogHead, Checkpoint) -> bool,
	) -> Result<(), StoreError> {
		let checkpoints = self.read()?.open_table(CHECKPOINTS)?;
		for item in ReadableTable::range(&checkpoints, (code(kind), 0)..=(code(kind), u64::MAX))?.rev() {
			let (key, value) = item?;
			let checkpoint = self.vault.open_row::<Checkpoint>(&CHECKPOINTS, key.value(), value.value())?;
			let (_, size) = key.value();
			if !goes_on(LogHead { size, root: checkpoint.root }, checkpoint) {
				break;
			}
		}
		Ok(())
	}
}
