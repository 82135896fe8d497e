// SPDX-License-Identifier: Apache-2.0
//! Views and pages for the runtime API.
//!
//! A cursor is the SCALE form of the last key of the page before, or of the next number where the list is numbered. It is
//! opaque to clients; one that does not decode gives an empty page without a next one.

use super::state::Storage;
use crate::{
	types::{IssuerKey, OrganisationRecordOf},
	Config, Issuers, LicenceCount, LicencesOf, MembersOf, NextOrganisation, OrganisationHistory, Organisations, Pallet,
};
use alloc::vec::Vec;
use codec::{DecodeAll, Encode};
use core::ops::Range;
use epidaurus_primitives::{
	ids::{LicenceId, OrgId},
	moment::Moment,
	registry::{questions::RegistryState, Holder},
	views::{Cursor, IssuerView, LicenceView, MemberView, OrganisationView, Page, MAX_PAGE},
};

const fn empty<Item>() -> Page<Item> {
	Page { items: Vec::new(), next: None }
}

fn clamp(limit: u32) -> u32 {
	limit.clamp(1, MAX_PAGE)
}

/// The part of a numbered list that a page covers, and the cursor of the next page.
fn numbers(cursor: Option<Cursor>, limit: u32, total: u32) -> Option<(Range<u32>, Option<Cursor>)> {
	let start = match cursor {
		Some(cursor) => u32::decode_all(&mut cursor.0.as_slice()).ok()?,
		None => 0,
	};
	let end = start.saturating_add(clamp(limit)).min(total);
	Some((start..end, (end < total).then(|| Cursor(end.encode()))))
}

/// The first `limit` of the keys, and the cursor of the next page if there are more.
fn keys<Key: Encode>(all: impl Iterator<Item = Key>, limit: u32) -> (Vec<Key>, Option<Cursor>) {
	let mut keys = Vec::new();
	for key in all {
		if u32::try_from(keys.len()).is_ok_and(|length| length < clamp(limit)) {
			keys.push(key);
			continue;
		}
		let next = keys.last().map(|last| Cursor(last.encode()));
		return (keys, next);
	}
	(keys, None)
}

impl<T: Config> Pallet<T> {
	/// An organisation as it stands now or stood at a moment; nothing if it did not exist then.
	pub fn organisation(id: OrgId, at: Option<Moment>) -> Option<OrganisationView<T::AccountId>> {
		Self::organisation_view(id, Organisations::<T>::get(id)?, at.unwrap_or_else(Self::now))
	}

	/// Organisations in the order of their ids, applicants too. The page covers so many ids, of which those of refused
	/// applicants are missing.
	pub fn organisations(cursor: Option<Cursor>, limit: u32) -> Page<OrganisationView<T::AccountId>> {
		let Some((ids, next)) = numbers(cursor, limit, NextOrganisation::<T>::get().0) else { return empty() };
		Page { items: ids.filter_map(|id| Self::organisation(OrgId(id), None)).collect(), next }
	}

	fn organisation_view(
		id: OrgId,
		record: OrganisationRecordOf<T>,
		at: Moment,
	) -> Option<OrganisationView<T::AccountId>> {
		let span = record.status.find(at, |number| OrganisationHistory::<T>::get(id, number))?;
		Some(OrganisationView {
			id,
			class: record.class,
			status: span.state,
			since: span.since,
			controller: record.controller,
			sovereign: id.sovereign_account(),
			gln: record.gln,
			jurisdiction: record.jurisdiction,
			successor: Storage::<T>::new().successor_at(id, at),
		})
	}

	/// The membership that an account has now or had at a moment.
	pub fn member(account: T::AccountId, at: Option<Moment>) -> Option<MemberView<T::AccountId>> {
		Storage::<T>::new().member_view(account, at)
	}

	/// An organisation's current members. The page covers so many members, of which those that have run out are missing.
	pub fn members(organisation: OrgId, cursor: Option<Cursor>, limit: u32) -> Page<MemberView<T::AccountId>> {
		let (accounts, next) = match cursor {
			None => keys(MembersOf::<T>::iter_key_prefix(organisation), limit),
			Some(cursor) => {
				let Ok(last) = T::AccountId::decode_all(&mut cursor.0.as_slice()) else { return empty() };
				let start = MembersOf::<T>::hashed_key_for(organisation, last);
				keys(MembersOf::<T>::iter_key_prefix_from(organisation, start), limit)
			},
		};
		Page { items: accounts.into_iter().filter_map(|account| Self::member(account, None)).collect(), next }
	}

	/// A licence.
	pub fn licence(id: LicenceId) -> Option<LicenceView<T::AccountId>> {
		Storage::<T>::new().licence_view(id)
	}

	/// A holder's licences in the order of issue, ended ones too.
	pub fn licences(
		holder: Holder<T::AccountId>,
		cursor: Option<Cursor>,
		limit: u32,
	) -> Page<LicenceView<T::AccountId>> {
		let Some((range, next)) = numbers(cursor, limit, LicenceCount::<T>::get(&holder)) else { return empty() };
		let ids = range.filter_map(|number| LicencesOf::<T>::get(&holder, number));
		Page { items: ids.filter_map(Self::licence).collect(), next }
	}

	/// Recognised issuers, and those that once were.
	pub fn issuers(cursor: Option<Cursor>, limit: u32) -> Page<IssuerView> {
		let (found, next) = match cursor {
			None => keys(Issuers::<T>::iter_keys(), limit),
			Some(cursor) => {
				let Ok(last) = IssuerKey::decode_all(&mut cursor.0.as_slice()) else { return empty() };
				keys(Issuers::<T>::iter_keys_from(Issuers::<T>::hashed_key_for(last)), limit)
			},
		};
		let view = |key: IssuerKey| {
			let record = Issuers::<T>::get(key)?;
			Some(IssuerView {
				organisation: key.organisation,
				capability: key.capability,
				jurisdiction: key.jurisdiction,
				recognised: record.recognised.state,
				since: record.recognised.since,
				distrusted_from: record.distrusted_from,
			})
		};
		Page { items: found.into_iter().filter_map(view).collect(), next }
	}
}
