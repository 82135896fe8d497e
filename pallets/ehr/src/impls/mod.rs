// SPDX-License-Identifier: Apache-2.0
//! What the calls and the runtime API do, by subject.

mod keys;
mod life;
mod logs;
mod records;
mod renewals;
mod suites;
mod verify;

use crate::{Config, Error, Owed, Pallet};
use codec::{Decode, DecodeAll, Encode};
use epidaurus_primitives::{
	ids::OrgId,
	moment::Moment,
	registry::Capability,
	seams::Registry,
	views::{Cursor, MAX_PAGE},
};
use frame_support::ensure;
use sp_runtime::DispatchError;

/// What a custodian must be licensed for; its role is that of the members who act.
pub(crate) const CAPABILITY: Capability = Capability::AnchorRecords;

/// What an authority that holds records must be licensed for; its role is that of the members who act.
pub(crate) const AUTHORITY: Capability = Capability::Regulate;

impl<T: Config> Pallet<T> {
	/// The organisation for which `who` may begin something new.
	fn ensure_right(who: &T::AccountId, now: Moment) -> Result<OrgId, DispatchError> {
		let custodian = T::Registry::ensure_capability(who, CAPABILITY, None, now)?;
		ensure!(!Owed::<T>::contains_key(custodian), Error::<T>::DepositOwed);
		Ok(custodian)
	}

	/// The organisation for which `who` may go on with what it began.
	fn ensure_duty(who: &T::AccountId) -> Result<OrgId, DispatchError> {
		T::Registry::ensure_duty(who, CAPABILITY.role())
	}
}

/// Where a page begins, or nothing if the cursor is not one of ours: then the page is empty, so that a client with a
/// damaged cursor comes to an end.
fn start_of_page<Place: Decode>(cursor: Option<&Cursor>, first: Place) -> Option<Place> {
	match cursor {
		None => Some(first),
		Some(cursor) => Place::decode_all(&mut cursor.0.as_slice()).ok(),
	}
}

fn cursor_at(place: impl Encode) -> Cursor {
	Cursor(place.encode())
}

/// The number of items on a page: at least one, since an empty page that goes on would go on for ever.
fn page_size(limit: u32) -> u32 {
	limit.clamp(1, MAX_PAGE)
}
