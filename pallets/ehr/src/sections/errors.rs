// SPDX-License-Identifier: Apache-2.0
//! Why a call is refused; part of the pallet's module.

use frame_support::pallet_macros::pallet_section;

/// Errors.
#[pallet_section]
mod errors {
	#[pallet::error]
	pub enum Error<T> {
		/// There is no record of this id, no such version of it or request about it (any more), the custodian has no log of
		/// this kind, or the log has no checkpoint of this number and size (any more).
		NotFound,
		/// The organisation that the signer acts for does not answer for the custodian of the record or log.
		NotAuthorised,
		/// The record id is taken, the log is open, or its newest checkpoint or renewal is this one. A client that repeats a
		/// call takes it as done if what stands on chain is its own.
		AlreadyExists,
		/// The record is entered in error, which is final; or the version's deposit is not missing.
		WrongState,
		/// The newest version is not the expected one: the amendment was made already, or another came first.
		WrongVersion,
		/// The record has had as many versions as a number can count.
		TooManyVersions,
		/// The checkpoint is smaller than the log, or the renewal than the newest one; entries were taken away, or it comes
		/// late.
		LogShrinks,
		/// The checkpoint or renewal has the size of the newest one but another root: two logs claim the same place.
		ForkedHead,
		/// The log would have more than 2^62 entries.
		TooManyEntries,
		/// The path does not show that the new log begins with the old one.
		InvalidProof,
		/// Deposits of amended versions are missing; rights return when they are paid.
		DepositOwed,
		/// The link key does not open the record's link for the signer's subject, or the record has no link.
		InvalidLink,
		/// The record has as many holds as it can have at once.
		TooManyActs,
		/// Nothing was amended since it was asked for: amend the record, then accept.
		NotAmended,
		/// A retention can only be prolonged, by at least a day.
		NotProlonged,
		/// An authority holds the record; it cannot be erased.
		Held,
		/// The record is in dispute; it cannot be erased.
		Disputed,
		/// The record must be kept for some time yet; it cannot be erased.
		Retained,
		/// The record is erased, which is final.
		Erased,
		/// The consortium forbade the suite: commit the record, or renew the log, under another one.
		SuiteForbidden,
		/// The moment lies after the year 9999, which nobody could write down.
		BeyondCalendar,
		/// A log cannot be renewed under the tree that it has.
		WrongTree,
		/// No other tree is active: this one cannot be forbidden.
		LastTree,
		/// A request to amend the record is not answered; it cannot be erased.
		Unanswered,
	}
}
