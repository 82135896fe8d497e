// SPDX-License-Identifier: Apache-2.0
//! How duties pass on from one organisation to the next.

use super::MAX_HANDOVERS;
use crate::{ids::OrgId, views::HandoverView};

/// The hand-overs from an organisation on, in order, [`MAX_HANDOVERS`] at most. `handover` tells to whom an organisation
/// handed over; it is asked no further than the answer is read.
pub(super) fn line(
	first: OrgId,
	handover: impl Fn(OrgId) -> Option<HandoverView>,
) -> impl Iterator<Item = HandoverView> {
	let mut last = first;
	(0..MAX_HANDOVERS).map_while(move |_| {
		let step = handover(last)?;
		last = step.successor;
		Some(step)
	})
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{hash::Commitment, moment::Moment};
	use core::cell::Cell;

	fn handover(predecessor: OrgId, successor: OrgId) -> HandoverView {
		let (offered_at, since) = (Moment(0), Moment(predecessor.0.into()));
		HandoverView { predecessor, successor, offered_at, since, handover: Commitment([1; 32]) }
	}

	/// Each hands over to the following number.
	fn to_the_next(from: OrgId) -> Option<HandoverView> {
		Some(handover(from, OrgId(from.0 + 1)))
	}

	#[test]
	fn line_goes_from_each_to_its_successor() {
		let next = |from: OrgId| to_the_next(from).filter(|_| from.0 < 5);
		let expected = [handover(OrgId(3), OrgId(4)), handover(OrgId(4), OrgId(5))];
		assert!(line(OrgId(3), next).eq(expected));
		assert_eq!(line(OrgId(5), next).count(), 0);
	}

	#[test]
	fn line_ends_whatever_is_stored() {
		let around = |from: OrgId| Some(handover(from, OrgId(1 - from.0)));
		assert_eq!(line(OrgId(0), around).count(), 8);
		assert_eq!(line(OrgId(0), to_the_next).last(), to_the_next(OrgId(7)));
	}

	#[test]
	fn line_asks_no_further_than_it_is_read() {
		let asked = Cell::new(0);
		let next = |from| {
			asked.set(asked.get() + 1);
			to_the_next(from)
		};
		assert!(line(OrgId(0), next).any(|step| step.successor == OrgId(3)));
		assert_eq!(asked.get(), 3);
	}
}
