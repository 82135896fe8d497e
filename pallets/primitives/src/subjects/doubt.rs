// SPDX-License-Identifier: Apache-2.0
//! When a subject's acts may have been somebody else's.

use super::rebind::Rebind;
use crate::moment::Moment;
use codec::{Decode, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// A time `[from, until)` of which nobody can say who held the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Doubt {
	/// First moment in doubt.
	pub from: Moment,
	/// First moment not in doubt any more.
	pub until: Moment,
}

impl Doubt {
	/// Whether the moment is in doubt.
	pub fn contains(&self, at: Moment) -> bool {
		self.from <= at && at < self.until
	}
}

/// Whether an act of a subject at that moment may have been somebody else's: re-bindings that are over left these doubts,
/// and the pending one says that the key was lost by then.
pub fn is_doubtful<'a, AccountId: PartialEq>(
	doubts: impl IntoIterator<Item = &'a Doubt>,
	pending: Option<&Rebind<AccountId>>,
	at: Moment,
) -> bool {
	doubts.into_iter().any(|doubt| doubt.contains(at)) || pending.is_some_and(|rebind| rebind.doubts(at))
}
