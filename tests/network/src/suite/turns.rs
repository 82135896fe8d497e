// SPDX-License-Identifier: Apache-2.0
//! Blocks that two collators make in turn.

use super::stage::Stage;
use crate::{rpc::Header, Outcome};
use std::time::Duration;

/// So many blocks show that both collators make some.
pub const ENOUGH: u64 = 8;
/// Tenths of a second of a slot.
pub const SLOT: u64 = 60;

/// The slots of some blocks that follow on each other, of which both collators made some.
#[derive(Debug, PartialEq, Eq)]
pub struct Turns {
	/// One for each block, in the order of the blocks.
	pub slots: Vec<u64>,
}

impl Turns {
	/// Waits until so many further blocks are final on `athens`; fails unless both collators made some.
	pub fn next(stage: &mut Stage, blocks: u64, limit: Duration) -> Outcome<Self> {
		let first = stage.finalised("athens")?.number + 1;
		Self::of(stage, first, blocks, limit)
	}

	/// Waits until so many blocks from number `first` on are final on `athens`; fails unless both collators made some.
	pub fn of(stage: &mut Stage, first: u64, blocks: u64, limit: Duration) -> Outcome<Self> {
		let end = first + blocks;
		stage.reach("athens", end - 1, limit)?;
		Self::among(&stage.headers("athens", first..end)?)
	}

	/// Whose turn it is goes round by slots, and every node has checked that the seal is of whose turn it is.
	fn among(headers: &[Header]) -> Outcome<Self> {
		let slots: Vec<u64> = headers.iter().filter_map(|header| header.slot).collect();
		let even = slots.iter().filter(|slot| *slot % 2 == 0).count();
		if slots.len() != headers.len() || even == 0 || even == slots.len() {
			return Err(format!("only one collator made blocks: slots {slots:?} of {} blocks", headers.len()));
		}
		Ok(Self { slots })
	}

	/// How many slots have blocks.
	pub fn taken(&self) -> usize {
		let mut slots = self.slots.clone();
		slots.dedup();
		slots.len()
	}

	/// Tenths of a second between two blocks, on average.
	pub fn interval(&self) -> u64 {
		let between = u64::try_from(self.slots.len().saturating_sub(1)).unwrap_or_default().max(1);
		self.slots.last().zip(self.slots.first()).map_or(0, |(last, first)| (last - first) * SLOT / between)
	}

	/// The same in words.
	pub fn interval_text(&self) -> String {
		let interval = self.interval();
		format!("{}.{} s", interval / 10, interval % 10)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn block(slot: Option<u64>) -> Header {
		Header { number: 1, state_root: "0x".into(), parent: "0x".into(), slot }
	}

	fn turns(slots: &[u64]) -> Outcome<Turns> {
		Turns::among(&slots.iter().map(|slot| block(Some(*slot))).collect::<Vec<_>>())
	}

	#[test]
	fn turns_are_told_by_slots() {
		assert_eq!(turns(&[4, 5, 6]), Ok(Turns { slots: vec![4, 5, 6] }));
		assert!(turns(&[4, 6, 8]).is_err());
		assert!(turns(&[5, 7]).is_err());
		assert!(turns(&[]).is_err());
		assert!(Turns::among(&[block(Some(4)), block(Some(5)), block(None)]).is_err());
	}

	#[test]
	fn interval_counts_slots_without_blocks_too() {
		assert_eq!(turns(&[4, 5, 8]).map(|turns| turns.interval_text()), Ok("12.0 s".into()));
		assert_eq!(turns(&[4, 4, 4, 5, 5, 5, 6]).map(|turns| turns.interval()), Ok(20));
		assert_eq!(turns(&[4, 5, 5, 8]).map(|turns| turns.taken()), Ok(3));
	}
}
