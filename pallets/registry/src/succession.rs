// SPDX-License-Identifier: Apache-2.0
//! How duties pass on from one organisation to the next.

use epidaurus_primitives::{ids::OrgId, registry::MAX_HANDOVERS};

/// The hand-overs from an organisation on, in order, [`MAX_HANDOVERS`] at most. `next` tells to whom an organisation
/// handed over, and something about it; it is asked no further than the answer is read.
pub fn line<Step>(first: OrgId, next: impl Fn(OrgId) -> Option<(OrgId, Step)>) -> impl Iterator<Item = (OrgId, Step)> {
	let mut last = first;
	(0..MAX_HANDOVERS).map_while(move |_| {
		let (successor, step) = next(last)?;
		last = successor;
		Some((successor, step))
	})
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::cell::Cell;

	/// Each hands over to the following number.
	fn to_the_next(from: OrgId) -> Option<(OrgId, u32)> {
		Some((OrgId(from.0 + 1), from.0))
	}

	#[test]
	fn line_goes_from_each_to_its_successor() {
		let next = |from: OrgId| to_the_next(from).filter(|_| from.0 < 5);
		assert_eq!(line(OrgId(3), next).collect::<Vec<_>>(), [(OrgId(4), 3), (OrgId(5), 4)]);
		assert_eq!(line(OrgId(5), next).count(), 0);
	}

	#[test]
	fn line_ends_whatever_is_stored() {
		let around = |from: OrgId| Some((OrgId(1 - from.0), ()));
		assert_eq!(line(OrgId(0), around).count(), 8);
		assert_eq!(line(OrgId(0), to_the_next).last(), Some((OrgId(8), 7)));
	}

	#[test]
	fn line_asks_no_further_than_it_is_read() {
		let asked = Cell::new(0);
		let next = |from| {
			asked.set(asked.get() + 1);
			to_the_next(from)
		};
		assert!(line(OrgId(0), next).any(|(successor, _)| successor == OrgId(3)));
		assert_eq!(asked.get(), 3);
	}
}
