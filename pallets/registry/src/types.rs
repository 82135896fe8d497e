// SPDX-License-Identifier: Apache-2.0
//! What the registry stores.

use crate::{timeline::Timeline, Config};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use epidaurus_primitives::{
	gln::Gln,
	hash::Commitment,
	ids::{LicenceId, OrgId},
	jurisdiction::Jurisdiction,
	moment::Moment,
	registry::{Capability, Holder, LicenceScope, LicenceStatus, OrganisationClass, OrganisationStatus, Roles},
};
use frame_support::{traits::fungible::Inspect, BoundedVec};
use frame_system::Config as SystemConfig;
use scale_info::TypeInfo;

/// Amount of the consortium's token.
pub type BalanceOf<T> = <<T as Config>::Currency as Inspect<<T as SystemConfig>::AccountId>>::Balance;

/// An organisation of the consortium.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct OrganisationRecord<AccountId, Ticket> {
	/// What kind it is.
	pub class: OrganisationClass,
	/// GS1 Global Location Number.
	pub gln: Option<Gln>,
	/// Its home jurisdiction, where its licences are looked for if a question names no other.
	pub jurisdiction: Jurisdiction,
	/// The account that acts for it.
	pub controller: AccountId,
	/// Where it is in its life.
	pub status: Timeline<OrganisationStatus>,
	/// Deposit on its own sovereign account, from admission on; none for founders.
	pub ticket: Option<Ticket>,
}

/// [`OrganisationRecord`] as this runtime stores it.
pub type OrganisationRecordOf<T> =
	OrganisationRecord<<T as SystemConfig>::AccountId, <T as Config>::OrganisationConsideration>;

/// An application that the consortium has not decided yet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct ApplicationRecord<Ticket> {
	/// The organisation that sponsors it.
	pub sponsor: OrgId,
	/// Deposit on the sponsor's sovereign account.
	pub ticket: Ticket,
}

/// [`ApplicationRecord`] as this runtime stores it.
pub type ApplicationRecordOf<T> = ApplicationRecord<<T as Config>::ApplicationConsideration>;

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

/// An account that is a member, or once was one.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct MemberRecord<Ticket> {
	/// Its membership; nothing between memberships and after the last one.
	pub membership: Timeline<Option<Membership>>,
	/// Deposit on the organisation's sovereign account while there is a membership; none for founders.
	pub ticket: Option<Ticket>,
}

/// [`MemberRecord`] as this runtime stores it.
pub type MemberRecordOf<T> = MemberRecord<<T as Config>::MemberConsideration>;

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

/// [`LicenceRecord`] as this runtime stores it.
pub type LicenceRecordOf<T> = LicenceRecord<<T as SystemConfig>::AccountId, <T as Config>::LicenceConsideration>;

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

/// [`Holding`] as this runtime stores it.
pub type HoldingOf<T> = Holding<<T as SystemConfig>::AccountId>;

/// The licences of a [`Holding`] that can still be in force, and ended ones whose place nobody has needed.
pub type LicenceListOf<T> = BoundedVec<LicenceId, <T as Config>::MaxLicencesPerHolder>;

/// How many organisations take part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Census {
	/// Active ones.
	pub active: u32,
	/// Suspended ones, for each of which a seat is kept.
	pub suspended: u32,
}

impl Census {
	/// Seats taken or kept.
	pub const fn seats(&self) -> u32 {
		self.active.saturating_add(self.suspended)
	}

	/// The census after one organisation passed from one status to the other.
	#[must_use]
	pub const fn after(mut self, from: OrganisationStatus, to: OrganisationStatus) -> Self {
		match from {
			OrganisationStatus::Active => self.active = self.active.saturating_sub(1),
			OrganisationStatus::Suspended => self.suspended = self.suspended.saturating_sub(1),
			_ => (),
		}
		match to {
			OrganisationStatus::Active => self.active = self.active.saturating_add(1),
			OrganisationStatus::Suspended => self.suspended = self.suspended.saturating_add(1),
			_ => (),
		}
		self
	}
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
