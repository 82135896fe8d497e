// SPDX-License-Identifier: Apache-2.0
//! Questions about subjects.

// The macro repeats the bound of `AccountId` in what it generates.
#![allow(clippy::multiple_bound_locations)]

use alloc::vec::Vec;
use codec::Codec;
use epidaurus_primitives::{
	ids::{OrgId, SubjectId},
	moment::Moment,
	proof::HexBytes,
	views::{QuotaView, RebindView, SubjectKeyView, SubjectView},
};

sp_api::decl_runtime_apis! {
	/// Patients by pseudonym, the keys that act for them, and what they can send without a fee.
	pub trait SubjectsApi<AccountId: Codec> {
		/// A subject as it stands now.
		fn subject(subject: SubjectId) -> Option<SubjectView<AccountId>>;
		/// The subject whose present key this is.
		fn subject_by_key(key: AccountId) -> Option<SubjectView<AccountId>>;
		/// The key that acts for a subject now, or acted at a moment; nothing before its enrolment.
		fn key(subject: SubjectId, at: Option<Moment>) -> Option<SubjectKeyView<AccountId>>;
		/// The pending re-binding of a subject to a new key.
		fn rebind(subject: SubjectId) -> Option<RebindView<AccountId>>;
		/// What a custodian's subjects can still send without a fee today.
		fn quota(custodian: OrgId) -> QuotaView;

		// The keys of the state on which answers rest, storage version first; `primitives::stored` says how to read what
		// stands there and `primitives::subjects::questions` how to conclude from it.

		/// Keys behind the answer whether an act of the subject is in doubt: doubts, pending re-binding.
		fn doubt_keys(subject: SubjectId) -> Vec<HexBytes>;
		/// Keys behind `subject` and `rebind`: subject, its first span, pending re-binding, time.
		fn subject_keys(subject: SubjectId) -> Vec<HexBytes>;
		/// Keys behind `subject_by_key`: owner of the key, subject, its first span, pending re-binding, time.
		fn subject_by_key_keys(key: AccountId) -> Vec<HexBytes>;
		/// Keys behind `key`: subject, earlier spans, doubts, pending re-binding, time.
		fn key_keys(subject: SubjectId, at: Option<Moment>) -> Vec<HexBytes>;
	}
}
