// SPDX-License-Identifier: Apache-2.0
//! Which old checkpoints of a log stay, without storage.
//!
//! A checkpoint that is older than a limit stays only if it is the last of its UTC day. What a thinned checkpoint showed
//! is not lost: the next one was accepted only because its log begins with the thinned one's. The first checkpoint of a
//! log is like any other. The newest stays whatever its age: it has no successor that could stand for it.

use epidaurus_primitives::moment::Moment;

/// What becomes of the oldest checkpoint that has not been dealt with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
	/// It stays for good: the last of its UTC day.
	Keep,
	/// It goes: a later one of its UTC day stands for it.
	Drop,
	/// It is too young, or the newest; so are all after it.
	NotYet,
}

/// Decides about a checkpoint made at `at` whose successor was made at `next`, if `limit` milliseconds are the age above
/// which checkpoints are thinned. Times of checkpoints never go back.
pub fn fate(at: Moment, next: Option<Moment>, now: Moment, limit: u64) -> Fate {
	match next {
		Some(next) if at < now.before(limit) => {
			if at.day() == next.day() {
				Fate::Drop
			} else {
				Fate::Keep
			}
		},
		_ => Fate::NotYet,
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use epidaurus_primitives::moment::DAY;
	use proptest::prelude::*;
	use std::collections::BTreeSet;

	const WEEK: u64 = 7 * DAY;
	const NOON: u64 = DAY / 2;

	fn day(day: u64, time: u64) -> Moment {
		Moment(day * DAY + time)
	}

	#[test]
	fn fate_of_old_keeps_the_last_of_its_day() {
		let now = day(20, 0);
		assert_eq!(fate(day(10, 1), Some(day(10, NOON)), now, WEEK), Fate::Drop);
		assert_eq!(fate(day(10, NOON), Some(day(11, 0)), now, WEEK), Fate::Keep);
		assert_eq!(fate(day(10, NOON), Some(day(19, 0)), now, WEEK), Fate::Keep);
	}

	#[test]
	fn fate_at_midnight_utc_changes() {
		let now = day(20, 0);
		assert_eq!(fate(day(10, NOON), Some(day(10, DAY - 1)), now, WEEK), Fate::Drop);
		assert_eq!(fate(day(10, DAY - 1), Some(day(11, 0)), now, WEEK), Fate::Keep);
		assert_eq!(fate(day(11, 0), Some(day(11, 0)), now, WEEK), Fate::Drop, "two in one block");
	}

	#[test]
	fn fate_at_the_limit_is_not_yet() {
		let (at, next) = (day(10, NOON), Some(day(10, NOON + 1)));
		assert_eq!(fate(at, next, Moment(at.0 + WEEK), WEEK), Fate::NotYet, "as old as the limit is not older");
		assert_eq!(fate(at, next, Moment(at.0 + WEEK + 1), WEEK), Fate::Drop);
		assert_eq!(fate(at, next, at, WEEK), Fate::NotYet);
	}

	#[test]
	fn fate_of_the_newest_is_never_decided() {
		assert_eq!(fate(day(10, 0), None, day(10_000, 0), WEEK), Fate::NotYet);
	}

	#[test]
	fn fate_near_the_beginning_of_time_is_not_yet() {
		assert_eq!(fate(Moment(0), Some(Moment(1)), Moment(WEEK - 1), WEEK), Fate::NotYet);
		assert_eq!(fate(Moment(0), Some(Moment(1)), Moment(u64::MAX), u64::MAX), Fate::NotYet);
	}

	/// Walks over the checkpoints as the pallet does, without its bound on steps.
	fn walk(times: &[Moment], now: Moment) -> (BTreeSet<usize>, usize) {
		let mut kept = BTreeSet::new();
		for (index, at) in times.iter().enumerate() {
			match fate(*at, times.get(index + 1).copied(), now, WEEK) {
				Fate::Keep => assert!(kept.insert(index)),
				Fate::Drop => (),
				Fate::NotYet => return (kept, index),
			}
		}
		(kept, times.len())
	}

	proptest! {
		#[test]
		fn any_log_keeps_the_last_of_each_old_day(
			steps in proptest::collection::vec(0..DAY, 1..60),
			later in 0..(20 * DAY),
		) {
			let times = steps.iter().scan(DAY * 1_000, |time, step| {
				*time += step;
				Some(Moment(*time))
			}).collect::<Vec<_>>();
			let now = Moment(times.last().unwrap().0 + later);
			let (kept, stopped) = walk(&times, now);
			prop_assert!(stopped < times.len(), "the newest is never dealt with");
			for (index, at) in times.iter().enumerate() {
				let old = now.0 - at.0 > WEEK && index + 1 < times.len();
				prop_assert_eq!(old, index < stopped);
				let last_of_day = times[index + 1..].iter().all(|later| later.day() != at.day());
				prop_assert_eq!(kept.contains(&index), old && last_of_day);
			}
		}

		#[test]
		fn thinning_early_and_late_ends_the_same(
			steps in proptest::collection::vec(0..DAY, 1..60),
			pause in 0..(9 * DAY),
		) {
			let times = steps.iter().scan(DAY * 1_000, |time, step| {
				*time += step;
				Some(Moment(*time))
			}).collect::<Vec<_>>();
			let end = Moment(times.last().unwrap().0 + pause + 10 * DAY);
			let (early, stopped) = walk(&times, Moment(end.0 - pause));
			let (rest, _) = walk(&times[stopped..], end);
			let resumed = early.into_iter().chain(rest.into_iter().map(|index| index + stopped)).collect::<BTreeSet<_>>();
			prop_assert_eq!(resumed, walk(&times, end).0);
		}
	}
}
