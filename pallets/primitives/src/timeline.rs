// SPDX-License-Identifier: Apache-2.0
//! What the state of something was at any past moment, in a bounded number of reads.
//!
//! A [`Timeline`] lives in the record that it is about and holds the present state. Each change hands the state that
//! it ends to the caller, who keeps it under a running number. A question about the past is a binary search over these
//! numbers, so that a history may grow for thirty years without making anything slow or full.

use crate::moment::Moment;
use codec::{Decode, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// A state and the first moment at which it was the state. It ends where the next one begins.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Span<State> {
	/// The state.
	pub state: State,
	/// First moment of the span.
	pub since: Moment,
}

/// The present state, since when it holds, and how many states there were before.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Timeline<State> {
	/// The present state.
	pub state: State,
	/// First moment of the present state.
	pub since: Moment,
	/// Number of earlier spans, kept elsewhere under `0..earlier` with strictly increasing beginnings.
	pub earlier: u32,
}

impl<State> Timeline<State> {
	/// A history that begins with this state at this moment; before it there was nothing.
	pub const fn new(state: State, since: Moment) -> Self {
		Self { state, since, earlier: 0 }
	}

	/// Puts a new state in place of the present one. The span that ends goes to `keep` with the number under which to
	/// keep it. Of several changes at the same moment, which is to say in the same block, only the last leaves a trace.
	pub fn change(&mut self, state: State, at: Moment, keep: impl FnOnce(u32, Span<State>)) {
		let ended = core::mem::replace(&mut self.state, state);
		if at <= self.since {
			return;
		}
		keep(self.earlier, Span { state: ended, since: self.since });
		// One change per block takes 800 years to get there.
		self.earlier = self.earlier.saturating_add(1);
		self.since = at;
	}
}

impl<State: Clone> Timeline<State> {
	/// The span that covers the moment, or nothing if the history begins later. Asks `read` for the earlier spans that
	/// it needs: none for a moment in the present span, else about as many as their number has binary digits.
	pub fn find(&self, at: Moment, read: impl Fn(u32) -> Option<Span<State>>) -> Option<Span<State>> {
		if self.since <= at {
			return Some(Span { state: self.state.clone(), since: self.since });
		}
		// Every span below `low` begins at or before the moment, none from `high` on does.
		let (mut low, mut high) = (0u32, self.earlier);
		let mut found = None;
		while low < high {
			let middle = low.midpoint(high);
			let span = read(middle)?;
			if span.since <= at {
				found = Some(span);
				low = middle.saturating_add(1);
			} else {
				high = middle;
			}
		}
		found
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;
	use std::cell::Cell;

	/// A timeline with the spans that a pallet would keep in storage.
	struct History {
		timeline: Timeline<u8>,
		spans: Vec<Span<u8>>,
	}

	impl History {
		fn new(state: u8, since: u64) -> Self {
			Self { timeline: Timeline::new(state, Moment(since)), spans: Vec::new() }
		}

		fn change(&mut self, state: u8, at: u64) {
			let spans = &mut self.spans;
			self.timeline.change(state, Moment(at), |number, span| {
				assert_eq!(number as usize, spans.len());
				spans.push(span);
			});
		}

		fn find(&self, at: u64) -> Option<Span<u8>> {
			self.timeline.find(Moment(at), |number| self.spans.get(number as usize).cloned())
		}
	}

	#[test]
	fn find_before_the_beginning_gives_nothing() {
		let mut history = History::new(1, 10);
		assert_eq!(history.find(9), None);
		history.change(2, 20);
		assert_eq!(history.find(9), None);
		assert_eq!(history.find(0), None);
	}

	#[test]
	fn find_gives_the_span_that_covers_the_moment() {
		let mut history = History::new(1, 10);
		history.change(2, 20);
		history.change(3, 30);
		for (at, state, since) in [(10, 1, 10), (19, 1, 10), (20, 2, 20), (29, 2, 20), (30, 3, 30), (u64::MAX, 3, 30)] {
			assert_eq!(history.find(at), Some(Span { state, since: Moment(since) }), "at {at}");
		}
	}

	#[test]
	fn change_at_the_same_moment_replaces_without_a_trace() {
		let mut history = History::new(1, 10);
		history.change(2, 20);
		history.change(3, 20);
		assert_eq!(history.timeline, Timeline { state: 3, since: Moment(20), earlier: 1 });
		assert_eq!(history.find(19), Some(Span { state: 1, since: Moment(10) }));
		assert_eq!(history.find(20), Some(Span { state: 3, since: Moment(20) }));
	}

	#[test]
	fn change_at_an_earlier_moment_never_goes_back() {
		let mut history = History::new(1, 10);
		history.change(2, 5);
		assert_eq!(history.timeline, Timeline { state: 2, since: Moment(10), earlier: 0 });
		assert!(history.spans.is_empty());
	}

	#[test]
	fn find_gives_nothing_if_a_span_is_missing() {
		let timeline = Timeline { state: 2u8, since: Moment(20), earlier: 1 };
		assert_eq!(timeline.find(Moment(10), |_| None), None);
	}

	proptest! {
		#[test]
		fn find_agrees_with_a_log(
			begin in 0u64..50,
			steps in proptest::collection::vec((0u64..4, any::<u8>()), 0..200),
			asked in proptest::collection::vec(0u64..1_000, 1..50),
		) {
			let mut history = History::new(0, begin);
			let mut log = vec![(begin, 0u8)];
			let mut now = begin;
			for (pause, state) in steps {
				now += pause;
				history.change(state, now);
				log.push((now, state));
			}
			prop_assert!(history.spans.windows(2).all(|pair| pair[0].since < pair[1].since));
			prop_assert!(history.spans.last().is_none_or(|span| span.since < history.timeline.since));
			prop_assert_eq!(history.timeline.earlier as usize, history.spans.len());
			for at in asked {
				let expected = log.iter().rev().find(|(since, _)| *since <= at).map(|(_, state)| *state);
				prop_assert_eq!(history.find(at).map(|span| span.state), expected);
			}
		}

		#[test]
		fn find_reads_no_more_than_the_binary_digits(changes in 0u64..2_000, at in 0u64..2_100) {
			let mut history = History::new(0, 0);
			(1..=changes).for_each(|now| history.change(0, now));
			let reads = Cell::new(0u32);
			history.timeline.find(Moment(at), |number| {
				reads.set(reads.get() + 1);
				history.spans.get(number as usize).cloned()
			});
			prop_assert!(reads.get() <= u32::BITS - history.timeline.earlier.leading_zeros());
		}
	}
}
