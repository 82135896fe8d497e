// SPDX-License-Identifier: Apache-2.0
//! How many calls without a fee there are: counters without storage.
//!
//! A custodian's subjects share one quota of units for each UTC day. Restrictive acts take no unit. In one block there
//! is a limit for each custodian, for ordinary and for restrictive acts apart, and one for each subject, so that nobody
//! fills blocks at no cost. Counters start again by themselves when day or block is another one.

use codec::{Decode, Encode, MaxEncodedLen};
use epidaurus_primitives::{moment::Moment, seams::SubjectAct};
use scale_info::TypeInfo;

/// How many calls without a fee there can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
	/// Units of a custodian and UTC day.
	pub daily: u32,
	/// Ordinary acts of a custodian's subjects in a block.
	pub ordinary: u32,
	/// Restrictive acts of a custodian's subjects in a block.
	pub restrictive: u32,
	/// Acts of one subject in a block.
	pub own: u32,
}

/// What a custodian's subjects have taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Meter<BlockNumber> {
	/// Number of the UTC day that `used` is about.
	pub day: u64,
	/// Units taken on that day.
	pub used: u32,
	/// The block that the other counts are about.
	pub block: BlockNumber,
	/// Ordinary acts in it.
	pub ordinary: u32,
	/// Restrictive acts in it.
	pub restrictive: u32,
}

/// What one subject has taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Tally<BlockNumber> {
	/// The block that the count is about.
	pub block: BlockNumber,
	/// Acts in it.
	pub acts: u32,
}

/// Whether there is room for one more call without a fee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
	/// There is.
	Free,
	/// Not in this block.
	NextBlock,
	/// Not today.
	Spent,
}

impl<BlockNumber: Copy + PartialEq> Meter<BlockNumber> {
	/// The counts that hold now.
	#[must_use]
	pub fn at(mut self, now: Moment, block: BlockNumber) -> Self {
		if self.day != now.day() {
			(self.day, self.used) = (now.day(), 0);
		}
		if self.block != block {
			(self.block, self.ordinary, self.restrictive) = (block, 0, 0);
		}
		self
	}

	/// Whether there is room for an act of a subject; both counts are those of [`Self::at`] and [`Tally::at`].
	pub const fn room(&self, tally: &Tally<BlockNumber>, act: SubjectAct, limits: &Limits) -> Room {
		let (in_block, most) = match act {
			SubjectAct::Restrictive => (self.restrictive, limits.restrictive),
			SubjectAct::Other => (self.ordinary, limits.ordinary),
		};
		if matches!(act, SubjectAct::Other) && self.used >= limits.daily {
			Room::Spent
		} else if in_block >= most || tally.acts >= limits.own {
			Room::NextBlock
		} else {
			Room::Free
		}
	}

	/// Counts an act.
	pub const fn take(&mut self, act: SubjectAct) {
		match act {
			SubjectAct::Restrictive => self.restrictive = self.restrictive.saturating_add(1),
			SubjectAct::Other => {
				self.used = self.used.saturating_add(1);
				self.ordinary = self.ordinary.saturating_add(1);
			},
		}
	}
}

impl<BlockNumber: Copy + PartialEq> Tally<BlockNumber> {
	/// The count that holds in a block.
	#[must_use]
	pub fn at(self, block: BlockNumber) -> Self {
		if self.block == block {
			self
		} else {
			Self { block, acts: 0 }
		}
	}

	/// Counts an act.
	pub const fn take(&mut self) {
		self.acts = self.acts.saturating_add(1);
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use epidaurus_primitives::moment::DAY;
	use proptest::prelude::*;
	use SubjectAct::{Other, Restrictive};

	const LIMITS: Limits = Limits { daily: 5, ordinary: 3, restrictive: 4, own: 2 };

	fn act(restrictive: bool) -> SubjectAct {
		if restrictive {
			Restrictive
		} else {
			Other
		}
	}

	#[test]
	fn quota_is_renewed_with_the_day_and_limits_with_the_block() {
		let mut meter = Meter::<u32>::default().at(Moment(DAY - 1), 8);
		let mut tally = Tally::default().at(8);
		meter.take(Other);
		meter.take(Restrictive);
		tally.take();
		assert_eq!(meter, Meter { day: 0, used: 1, block: 8, ordinary: 1, restrictive: 1 });
		assert_eq!(meter.at(Moment(DAY - 1), 9), Meter { day: 0, used: 1, block: 9, ordinary: 0, restrictive: 0 });
		assert_eq!(meter.at(Moment(DAY), 8), Meter { day: 1, used: 0, block: 8, ordinary: 1, restrictive: 1 });
		assert_eq!((tally.at(8).acts, tally.at(9).acts), (1, 0));
	}

	#[test]
	fn room_is_for_each_kind_apart() {
		let meter = |used, ordinary, restrictive| Meter { day: 0, used, block: 1u32, ordinary, restrictive };
		let tally = |acts| Tally { block: 1, acts };
		for (meter, acts, act, room) in [
			(meter(4, 2, 9), 1, Other, Room::Free),
			(meter(5, 2, 0), 1, Other, Room::Spent),
			(meter(5, 3, 0), 2, Other, Room::Spent),
			(meter(4, 3, 0), 1, Other, Room::NextBlock),
			(meter(4, 2, 0), 2, Other, Room::NextBlock),
			(meter(9, 9, 3), 1, Restrictive, Room::Free),
			(meter(0, 0, 4), 1, Restrictive, Room::NextBlock),
			(meter(0, 0, 0), 2, Restrictive, Room::NextBlock),
		] {
			assert_eq!(meter.room(&tally(acts), act, &LIMITS), room, "{meter:?} {acts} {act:?}");
		}
	}

	/// Day, block, custodian, subject, and whether it was restrictive.
	type Act = (u64, u32, usize, usize, bool);

	proptest! {
		/// Of all that is tried, no more is let through than the limits say; what one custodian's subjects take changes
		/// nothing for another's.
		#[test]
		fn limits_hold_in_any_order(
			tries in proptest::collection::vec((0u64..3 * DAY / 100, 0usize..2, 0usize..4, any::<bool>()), 1..300),
		) {
			let (mut now, mut block) = (Moment(0), 0u32);
			let mut meters = [Meter::default(); 2];
			let mut tallies = [[Tally::default(); 4]; 2];
			let mut let_through: Vec<Act> = Vec::new();
			for (pause, custodian, subject, restrictive) in tries {
				// Every fifth try begins a new block.
				if pause % 5 == 0 {
					(now, block) = (Moment(now.0 + pause), block + 1);
				}
				let other_before = meters[1 - custodian];
				let (meter, tally) = (&mut meters[custodian], &mut tallies[custodian][subject]);
				(*meter, *tally) = (meter.at(now, block), tally.at(block));
				if meter.room(tally, act(restrictive), &LIMITS) == Room::Free {
					meter.take(act(restrictive));
					tally.take();
					let_through.push((now.day(), block, custodian, subject, restrictive));
				}
				prop_assert_eq!(meters[1 - custodian], other_before);
			}
			let count = |fits: &dyn Fn(&Act) -> bool| let_through.iter().filter(|one| fits(one)).count();
			for (day, block, custodian, subject, restrictive) in &let_through {
				prop_assert!(count(&|one| (one.0, one.2, one.4) == (*day, *custodian, false)) <= 5);
				prop_assert!(count(&|one| (one.1, one.2, one.4) == (*block, *custodian, *restrictive)) <= 4);
				prop_assert!(count(&|one| (one.1, one.2, one.3) == (*block, *custodian, *subject)) <= 2);
			}
		}
	}
}
