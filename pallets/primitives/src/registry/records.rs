// SPDX-License-Identifier: Apache-2.0
//! The stored forms of which an answer about standing or succession is made. The registry stores them, light clients read them with a
//! proof; a change here is a new storage version.

use super::{Capability, Holder, LicenceScope, LicenceStatus, Roles};
use crate::{hash::Commitment, ids::OrgId, jurisdiction::Jurisdiction, moment::Moment, timeline::Timeline};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// For whom an account acts, in which roles, until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Membership {
	/// The organisation.
	pub organisation: OrgId,
	/// What the account does there.
	pub roles: Roles,
	/// First moment at which it does so no more.
	pub until: Option<Moment>,
}

impl Membership {
	/// Whether it has not run out at the moment.
	pub fn is_current(&self, at: Moment) -> bool {
		self.until.is_none_or(|until| at < until)
	}
}

/// What an organisation is recognised to license, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct IssuerKey {
	/// The issuer.
	pub organisation: OrgId,
	/// What it may license.
	pub capability: Capability,
	/// Where.
	pub jurisdiction: Jurisdiction,
}

/// A recognised issuer, or one that once was recognised.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct IssuerRecord {
	/// Whether it may issue.
	pub recognised: Timeline<bool>,
	/// Licences that it issued from this moment on are not to be trusted.
	pub distrusted_from: Option<Moment>,
}

/// The part of a licence that changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Term {
	/// Whether it is in force.
	pub status: LicenceStatus,
	/// Since when it has had that status; a renewal changes the term but not this.
	pub status_since: Moment,
	/// First moment after its validity.
	pub until: Option<Moment>,
}

/// A licence.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct LicenceRecord<AccountId, Ticket> {
	/// Who holds it.
	pub holder: Holder<AccountId>,
	/// What it allows.
	pub capability: Capability,
	/// Where.
	pub jurisdiction: Jurisdiction,
	/// How far.
	pub scope: LicenceScope,
	/// Who issued it.
	pub issuer: OrgId,
	/// The jurisdiction for which the issuer was recognised when it issued the licence: its own or the whole country.
	pub authority: Jurisdiction,
	/// When it was issued.
	pub issued_at: Moment,
	/// First moment of its validity.
	pub from: Moment,
	/// Status and end.
	pub term: Timeline<Term>,
	/// Acts under it from this moment on are not to be trusted.
	pub distrusted_from: Option<Moment>,
	/// Deposit on the issuer's sovereign account until the licence has ended; none for founders.
	pub ticket: Option<Ticket>,
}

impl<AccountId, Ticket> LicenceRecord<AccountId, Ticket> {
	/// The recognition under which it was issued.
	pub const fn issuer_key(&self) -> IssuerKey {
		IssuerKey { organisation: self.issuer, capability: self.capability, jurisdiction: self.authority }
	}

	/// Whether it has run out at the moment.
	pub fn is_expired(&self, at: Moment) -> bool {
		self.term.state.until.is_some_and(|until| until <= at)
	}

	/// Whether it can never again be in force from the moment on.
	pub fn has_ended(&self, at: Moment) -> bool {
		self.term.state.status == LicenceStatus::Revoked || self.distrusted_from.is_some() || self.is_expired(at)
	}
}

/// A holder and one capability: the key under which licences are looked for.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Holding<AccountId> {
	/// Who holds the licences.
	pub holder: Holder<AccountId>,
	/// What they allow.
	pub capability: Capability,
}

/// An organisation's offer of its duties, or its hand-over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Succession {
	/// To whom.
	pub successor: OrgId,
	/// When they were offered.
	pub offered_at: Moment,
	/// That the successor took them over; nothing while it can still decline.
	pub accepted: Option<Acceptance>,
}

/// That duties passed from one organisation to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Acceptance {
	/// When.
	pub at: Moment,
	/// The statement of what was handed over.
	pub handover: Commitment,
}
