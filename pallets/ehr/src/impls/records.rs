// SPDX-License-Identifier: Apache-2.0
//! Records: anchor, amend, enter in error, and who pays.

use super::{cursor_at, page_size, start_of_page};
use crate::{
	record::{RecordHead, Refused, FIRST_VERSION},
	Config, Error, Event, Lives, Owed, Pallet, Records, Version, VersionOf, Versions,
};
use alloc::vec::Vec;
use epidaurus_primitives::{
	hash::{Commitment, HashSuite},
	ids::{OrgId, RecordId},
	link::SubjectLink,
	seams::Registry,
	views::{AnchorView, Cursor, Page, VersionView},
};
use frame_support::{
	ensure,
	storage::with_storage_layer,
	traits::{Consideration, Footprint},
};
use sp_runtime::{DispatchError, DispatchResult};

impl<T> From<Refused> for Error<T> {
	fn from(refused: Refused) -> Self {
		match refused {
			Refused::EnteredInError => Self::WrongState,
			Refused::WrongVersion => Self::WrongVersion,
			Refused::TooManyVersions => Self::TooManyVersions,
		}
	}
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_anchor(
		by: T::AccountId,
		record: RecordId,
		commitment: Commitment,
		suite: HashSuite,
		link: Option<SubjectLink>,
	) -> DispatchResult {
		let now = Self::now();
		let custodian = Self::ensure_right(&by, now)?;
		ensure!(!Records::<T>::contains_key(record), Error::<T>::AlreadyExists);
		Self::ensure_permitted(suite)?;
		let ticket = Self::deposit_for_version(custodian, FIRST_VERSION)?;
		let head = RecordHead::anchored(custodian, link, now);
		Records::<T>::insert(record, head);
		let version = Version { commitment, suite, anchored_at: now, ticket: Some(ticket), payer: custodian };
		Versions::<T>::insert(record, head.version, version);
		Self::deposit_event(Event::RecordAnchored { record, custodian, by, commitment, suite });
		Ok(())
	}

	pub(crate) fn do_amend(
		by: T::AccountId,
		record: RecordId,
		expected_version: u32,
		commitment: Commitment,
		suite: HashSuite,
	) -> DispatchResult {
		let payer = Self::ensure_duty(&by)?;
		let now = Self::now();
		let head = Self::head_kept_by(payer, record)?.amended(expected_version, now).map_err(Error::<T>::from)?;
		ensure!(Lives::<T>::get(record).erasure.is_none(), Error::<T>::Erased);
		Self::ensure_permitted(suite)?;
		// Correcting a record is a duty, and a duty never fails for money.
		let ticket = with_storage_layer(|| Self::deposit_for_version(payer, head.version)).ok();
		let deposited = ticket.is_some();
		// Touched with both outcomes, so that the weight is measured for both.
		Owed::<T>::mutate_exists(payer, |owed| {
			if !deposited {
				*owed = Some(owed.unwrap_or_default().saturating_add(1));
			}
		});
		Records::<T>::insert(record, head);
		Versions::<T>::insert(record, head.version, Version { commitment, suite, anchored_at: now, ticket, payer });
		let RecordHead { custodian, version, .. } = head;
		Self::deposit_event(Event::RecordAmended { record, custodian, by, version, commitment, suite, deposited });
		Ok(())
	}

	pub(crate) fn do_mark_entered_in_error(by: T::AccountId, record: RecordId) -> DispatchResult {
		let keeper = Self::ensure_duty(&by)?;
		let head = Self::head_kept_by(keeper, record)?.entered_in_error(Self::now()).map_err(Error::<T>::from)?;
		Records::<T>::insert(record, head);
		let RecordHead { custodian, version, .. } = head;
		Self::deposit_event(Event::RecordEnteredInError { record, custodian, by, version });
		Ok(())
	}

	pub(crate) fn do_settle_deposit(by: T::AccountId, record: RecordId, version: u32) -> DispatchResult {
		let payer = Self::ensure_duty(&by)?;
		let custodian = Self::head_kept_by(payer, record)?.custodian;
		let mut stored = Versions::<T>::get(record, version).ok_or(Error::<T>::NotFound)?;
		ensure!(stored.ticket.is_none(), Error::<T>::WrongState);
		stored.ticket = Some(Self::deposit_for_version(payer, version)?);
		// A successor may pay what its predecessor owes.
		let debtor = core::mem::replace(&mut stored.payer, payer);
		Versions::<T>::insert(record, version, stored);
		Owed::<T>::mutate_exists(debtor, |owed| {
			*owed = owed.and_then(|owed| owed.checked_sub(1)).filter(|owed| *owed > 0);
		});
		Self::deposit_event(Event::DepositSettled { record, custodian, by, version });
		Ok(())
	}

	/// The head of a record that this organisation keeps, as its custodian or in that one's place.
	pub(super) fn head_kept_by(keeper: OrgId, record: RecordId) -> Result<RecordHead, DispatchError> {
		let head = Records::<T>::get(record).ok_or(Error::<T>::NotFound)?;
		ensure!(T::Registry::answers_for(keeper, head.custodian), Error::<T>::NotAuthorised);
		Ok(head)
	}

	fn deposit_for_version(payer: OrgId, version: u32) -> Result<T::VersionConsideration, DispatchError> {
		T::VersionConsideration::new(&payer.sovereign_account(), Self::version_footprint(version))
	}

	/// What the deposit of a version is for. The first one also pays for the record's head.
	pub fn version_footprint(version: u32) -> Footprint {
		if version == FIRST_VERSION {
			Footprint::from_mel::<(RecordId, RecordHead, RecordId, u32, VersionOf<T>)>()
		} else {
			Footprint::from_mel::<(RecordId, u32, VersionOf<T>)>()
		}
	}

	/// An anchored record.
	pub fn anchor_view(record: RecordId) -> Option<AnchorView> {
		let head = Records::<T>::get(record)?;
		Some(AnchorView {
			record,
			custodian: head.custodian,
			version: head.version,
			standing: head.standing(),
			since: head.since,
		})
	}

	/// The versions of a record, oldest first; at most [`MAX_PAGE`](epidaurus_primitives::views::MAX_PAGE) of them, at
	/// least one. Empty if there is no such record, and for a cursor that is none of ours.
	pub fn versions_page(record: RecordId, cursor: Option<Cursor>, limit: u32) -> Page<VersionView> {
		let page = Records::<T>::get(record).and_then(|head| {
			let from = start_of_page(cursor.as_ref(), FIRST_VERSION)?;
			head.standing_of(from)?;
			Some(Self::versions_from(record, &head, from, page_size(limit)))
		});
		page.unwrap_or(Page { items: Vec::new(), next: None })
	}

	fn versions_from(record: RecordId, head: &RecordHead, from: u32, count: u32) -> Page<VersionView> {
		let end = from.saturating_add(count).min(head.version.saturating_add(1));
		let items = (from..end).filter_map(|version| {
			let Version { commitment, suite, anchored_at, .. } = Versions::<T>::get(record, version)?;
			let standing = head.standing_of(version)?;
			Some(VersionView { version, commitment, suite, anchored_at, standing })
		});
		Page { items: items.collect(), next: head.standing_of(end).map(|_| cursor_at(end)) }
	}
}
