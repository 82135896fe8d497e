// SPDX-License-Identifier: Apache-2.0
//! When a subject's acts may have been somebody else's: a short list of intervals.
//!
//! Each completed re-binding adds one interval, from the moment of the loss to its completion. The list is kept in
//! order and without overlaps. It has a fixed number of places; when they are taken, the two oldest intervals and the
//! time between them become one: doubt can be overstated there, never lost.

use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::{pallet_prelude::Get, BoundedVec, CloneNoBound, DebugNoBound, DefaultNoBound, PartialEqNoBound};
use scale_info::TypeInfo;

pub use epidaurus_primitives::subjects::doubt::{is_doubtful, Doubt};

/// All doubts of a subject, oldest first, with something between any two.
#[derive(CloneNoBound, DebugNoBound, DefaultNoBound, PartialEqNoBound, Encode, Decode, MaxEncodedLen, TypeInfo)]
#[scale_info(skip_type_params(Most))]
#[codec(mel_bound())]
pub struct Doubts<Most: Get<u32>>(BoundedVec<Doubt, Most>);

impl<Most: Get<u32>> Eq for Doubts<Most> {}

impl<Most: Get<u32>> AsRef<[Doubt]> for Doubts<Most> {
	fn as_ref(&self) -> &[Doubt] {
		&self.0
	}
}

impl<Most: Get<u32>> Doubts<Most> {
	/// The intervals, oldest first.
	pub fn iter(&self) -> impl Iterator<Item = &Doubt> {
		self.0.iter()
	}

	/// Adds an interval that ends after all others. One without a moment in it adds nothing.
	pub fn add(&mut self, mut doubt: Doubt) {
		if doubt.until <= doubt.from {
			return;
		}
		while let Some(last) = self.0.last().filter(|last| doubt.from <= last.until).copied() {
			self.0.pop();
			doubt = Doubt { from: doubt.from.min(last.from), until: doubt.until.max(last.until) };
		}
		if self.0.is_full() {
			let (oldest, next) = (self.0.first().copied(), self.0.get(1).copied());
			match (oldest, next) {
				(Some(oldest), Some(next)) => {
					self.0.remove(0);
					if let Some(place) = self.0.iter_mut().next() {
						*place = Doubt { from: oldest.from, until: next.until };
					}
				},
				// A single place: everything since the first loss is in doubt.
				(Some(oldest), None) => {
					self.0.clear();
					doubt.from = oldest.from;
				},
				_ => (),
			}
		}
		// There is a place now, unless there is none at all, which the pallet's configuration forbids.
		let _ = self.0.try_push(doubt);
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use epidaurus_primitives::moment::Moment;
	use frame_support::traits::ConstU32;
	use proptest::prelude::*;

	fn doubts<const MOST: u32>(all: &[(u64, u64)]) -> Doubts<ConstU32<MOST>> {
		let mut doubts = Doubts::default();
		all.iter().for_each(|(from, until)| doubts.add(Doubt { from: Moment(*from), until: Moment(*until) }));
		doubts
	}

	fn contains<const MOST: u32>(doubts: &Doubts<ConstU32<MOST>>, at: u64) -> bool {
		is_doubtful::<u8>(doubts.iter(), None, Moment(at))
	}

	fn listed<const MOST: u32>(doubts: &Doubts<ConstU32<MOST>>) -> Vec<(u64, u64)> {
		doubts.iter().map(|doubt| (doubt.from.0, doubt.until.0)).collect()
	}

	#[test]
	fn add_keeps_order_and_joins_what_touches() {
		assert_eq!(listed(&doubts::<4>(&[(1, 3), (5, 9)])), [(1, 3), (5, 9)]);
		assert_eq!(listed(&doubts::<4>(&[(1, 3), (3, 9)])), [(1, 9)]);
		assert_eq!(listed(&doubts::<4>(&[(2, 3), (5, 6), (8, 9), (0, 12)])), [(0, 12)]);
		assert_eq!(listed(&doubts::<4>(&[(5, 5), (6, 5)])), []);
	}

	#[test]
	fn full_list_overstates_the_oldest_and_loses_nothing() {
		assert_eq!(listed(&doubts::<2>(&[(1, 2), (4, 5), (7, 8)])), [(1, 5), (7, 8)]);
		assert_eq!(listed(&doubts::<1>(&[(1, 2), (4, 5)])), [(1, 5)]);
	}

	proptest! {
		#[test]
		fn every_doubt_ever_added_is_answered_and_others_only_when_full(
			steps in proptest::collection::vec((1u64..20, 0u64..30), 1..40),
		) {
			let mut now = 0;
			let all: Vec<_> = steps
				.into_iter()
				.map(|(pause, back)| {
					now += pause;
					(now.saturating_sub(back), now)
				})
				.collect();
			let (short, long) = (doubts::<3>(&all), doubts::<64>(&all));
			for at in 0..=now {
				let expected = all.iter().any(|(from, until)| *from <= at && at < *until);
				prop_assert_eq!(contains(&long, at), expected);
				prop_assert!(contains(&short, at) || !expected);
			}
			for list in [listed(&short), listed(&long)] {
				prop_assert!(list.iter().all(|(from, until)| from < until));
				prop_assert!(list.windows(2).all(|pair| pair[0].1 < pair[1].0));
			}
		}
	}
}
