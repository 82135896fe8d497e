// SPDX-License-Identifier: Apache-2.0
//! Legal holds, and erasure: two members of the organisation that keeps the record attest that the salts are destroyed.
//!
//! ```text
//!            attested by one            by another of the same organisation, same ground, in time
//! not erased ───────────────► attested ──────────────────────────────────────────────────────────► erased (final)
//!      ▲                          │
//!      └────held, or too late─────┘
//! ```

use crate::{
	ids::{MemberKey, OrgId},
	moment::{Moment, DAY},
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Milliseconds within which a second member must attest what the first did: 30 days.
pub const ATTESTATION_VALID: u64 = 30 * DAY;

/// Why a record is erased (GDPR article 17(1)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ErasureGround {
	/// (a) It is no longer needed for its purpose.
	#[codec(index = 0)]
	NoLongerNecessary,
	/// (b) Consent was withdrawn, and there is no other ground to keep it.
	#[codec(index = 1)]
	ConsentWithdrawn,
	/// (c) The subject objects, and no overriding ground stands against it.
	#[codec(index = 2)]
	Objection,
	/// (d) It was processed unlawfully.
	#[codec(index = 3)]
	UnlawfulProcessing,
	/// (e) A law asks for it.
	#[codec(index = 4)]
	LegalObligation,
	/// (f) It was collected from a child for a service of the information society.
	#[codec(index = 5)]
	ChildsService,
}

/// An authority's hold on a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Hold {
	/// The organisation that placed it.
	pub by: OrgId,
	/// Since when.
	pub since: Moment,
}

/// A hold that was lifted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EndedHold {
	/// The organisation that placed it.
	pub by: OrgId,
	/// Since when it held.
	pub since: Moment,
	/// First moment at which it did so no more.
	pub until: Moment,
}

/// That one member attested an erasure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Attestation {
	/// The member.
	pub by: MemberKey,
	/// The organisation that it acted for.
	pub organisation: OrgId,
	/// On which ground.
	pub ground: ErasureGround,
	/// When.
	pub at: Moment,
}

impl Attestation {
	/// Whether a second member can still join in.
	pub const fn is_valid(&self, now: Moment) -> bool {
		now.0 <= self.at.0.saturating_add(ATTESTATION_VALID)
	}
}

/// That two members attested an erasure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Erasure {
	/// On which ground.
	pub ground: ErasureGround,
	/// The organisation that both members acted for.
	pub custodian: OrgId,
	/// What the first member attested.
	pub first: Attestation,
	/// The second member.
	pub second: MemberKey,
	/// When the second member attested it: since then the record is erased.
	pub at: Moment,
}

impl Erasure {
	/// Whether two members attested it in time.
	pub(super) fn is_sound(&self, now: Moment) -> bool {
		self.first.by != self.second
			&& self.first.ground == self.ground
			&& self.first.organisation == self.custodian
			&& self.first.at <= self.at
			&& self.first.is_valid(self.at)
			&& self.at <= now
	}
}

/// Whether holds ended one after the other, none before it began or in the future.
pub(super) fn have_ended(holds: &[EndedHold], now: Moment) -> bool {
	let ends = || holds.iter().map(|hold| hold.until);
	holds.iter().all(|hold| hold.since <= hold.until && hold.until <= now) && ends().is_sorted()
}

/// Whether each organisation holds the record once, and since a past moment.
pub(super) fn are_distinct(holds: &[Hold], now: Moment) -> bool {
	holds.iter().enumerate().all(|(place, hold)| {
		hold.since <= now && holds.iter().skip(place.saturating_add(1)).all(|other| other.by != hold.by)
	})
}
