// SPDX-License-Identifier: Apache-2.0
//! When a log should be renewed.

use epidaurus_primitives::{
	ehr::SuiteStatus,
	moment::{Moment, DAY},
};
use serde::Serialize;

/// After so long what is not renewed should be.
const YEAR: u64 = 365 * DAY;

/// Whether a log should be renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Due {
	/// All that is on chain is renewed.
	No,
	/// Something is not, and the last renewal, or else the first checkpoint, is less than a year old.
	Later,
	/// Something is not, and that is a year old.
	Yearly,
	/// Something is not, and the log's own tree is deprecated: it will be forbidden.
	Now,
	/// Something is not, and the log's own tree is forbidden: a renewal would rest on what nobody trusts any more.
	TooLate,
}

/// Whether a log should be renewed of which so many entries are on chain and in no renewal, whose own tree has this status,
/// and whose last renewal was made, or else first checkpoint, at the moment `since`.
pub fn due(unrenewed: u64, own: SuiteStatus, since: Option<Moment>, now: Moment) -> Due {
	match own {
		_ if unrenewed == 0 => Due::No,
		SuiteStatus::Forbidden { .. } => Due::TooLate,
		SuiteStatus::Deprecated { .. } => Due::Now,
		SuiteStatus::Active if since.is_some_and(|since| now.0.saturating_sub(since.0) >= YEAR) => Due::Yearly,
		SuiteStatus::Active => Due::Later,
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn what_is_left_is_due_after_a_year_and_at_once_when_its_tree_goes() {
		let (active, last) = (SuiteStatus::Active, Some(Moment(7)));
		let deprecated = SuiteStatus::Deprecated { since: Moment(9) };
		let forbidden = SuiteStatus::Forbidden { since: Moment(9), deprecated: Moment(8) };
		for own in [active, deprecated, forbidden] {
			assert_eq!(due(0, own, last, Moment(u64::MAX)), Due::No);
		}
		assert_eq!(due(1, active, last, Moment(7 + YEAR - 1)), Due::Later);
		assert_eq!(due(1, active, last, Moment(7 + YEAR)), Due::Yearly);
		assert_eq!(due(1, active, last, Moment(0)), Due::Later, "a clock that is late");
		assert_eq!(due(1, active, None, Moment(u64::MAX)), Due::Later);
		assert_eq!(due(1, deprecated, last, Moment(8)), Due::Now);
		assert_eq!(due(1, forbidden, last, Moment(8)), Due::TooLate);
	}
}
