// SPDX-License-Identifier: Apache-2.0
//! Questions to the registry.

// The macro repeats the bound of `AccountId` in what it generates.
#![allow(clippy::multiple_bound_locations)]

use alloc::vec::Vec;
use codec::Codec;
use epidaurus_primitives::{
	ids::{LicenceId, OrgId},
	jurisdiction::Jurisdiction,
	moment::Moment,
	proof::HexBytes,
	registry::{Capability, Holder},
	views::{CapabilityView, Cursor, IssuerView, LicenceView, MemberView, OrganisationView, Page, SuccessionView},
};

sp_api::decl_runtime_apis! {
	/// Who is in the consortium and what they may do, now or at a past moment.
	pub trait RegistryApi<AccountId: Codec> {
		/// An organisation as it stands now, or stood at a moment; nothing if it did not exist then.
		fn organisation(id: OrgId, at: Option<Moment>) -> Option<OrganisationView<AccountId>>;
		/// All organisations in the order of their ids.
		fn organisations(cursor: Option<Cursor>, limit: u32) -> Page<OrganisationView<AccountId>>;
		/// The membership that an account has now, or had at a moment.
		fn member(account: AccountId, at: Option<Moment>) -> Option<MemberView<AccountId>>;
		/// An organisation's current members.
		fn members(organisation: OrgId, cursor: Option<Cursor>, limit: u32) -> Page<MemberView<AccountId>>;
		/// A licence.
		fn licence(id: LicenceId) -> Option<LicenceView<AccountId>>;
		/// A holder's licences, ended ones too.
		fn licences(holder: Holder<AccountId>, cursor: Option<Cursor>, limit: u32) -> Page<LicenceView<AccountId>>;
		/// All recognised issuers, and those that once were.
		fn issuers(cursor: Option<Cursor>, limit: u32) -> Page<IssuerView>;
		/// Whether the holder may act under the capability now, or might at a moment: for a member the whole question that
		/// a call asks, for an organisation the part that does not depend on who acts.
		fn capability(
			holder: Holder<AccountId>,
			capability: Capability,
			jurisdiction: Option<Jurisdiction>,
			at: Option<Moment>,
		) -> CapabilityView;
		/// To whom the duties of an organisation are offered or passed, step by step; nothing if there is no such organisation.
		fn succession(organisation: OrgId) -> Option<SuccessionView>;

		// The keys of the state on which the answers rest: storage version first, the chain's time last. What stands there,
		// proven with a read proof, answers without this runtime: `primitives::stored` says how to read it and
		// `primitives::registry::questions` how to conclude from it. Where an answer searches, what it read is listed.

		/// Keys behind `organisation` at present and behind `succession`: organisation, its offer or hand-over, those of its
		/// successors.
		fn organisation_keys(id: OrgId) -> Vec<HexBytes>;
		/// Keys behind `member`: account, earlier memberships.
		fn member_keys(account: AccountId, at: Option<Moment>) -> Vec<HexBytes>;
		/// Keys behind `licence`: licence.
		fn licence_keys(id: LicenceId) -> Vec<HexBytes>;
		/// Keys behind `capability`: account, organisation, lists of licences, licences, issuers, earlier spans of these.
		fn capability_keys(
			holder: Holder<AccountId>,
			capability: Capability,
			jurisdiction: Option<Jurisdiction>,
			at: Option<Moment>,
		) -> Vec<HexBytes>;
	}
}
