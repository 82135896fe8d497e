// SPDX-License-Identifier: Apache-2.0
//! What the registry stores.

use crate::{timeline::Timeline, Config};
use codec::{Decode, Encode, MaxEncodedLen};
pub use epidaurus_primitives::registry::records::{
	Acceptance, Holding, IssuerKey, IssuerRecord, LicenceRecord, Membership, Succession, Term,
};
use epidaurus_primitives::{
	gln::Gln,
	ids::{LicenceId, OrgId},
	jurisdiction::Jurisdiction,
	registry::{OrganisationClass, OrganisationStatus},
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

/// [`LicenceRecord`] as this runtime stores it.
pub type LicenceRecordOf<T> = LicenceRecord<<T as SystemConfig>::AccountId, <T as Config>::LicenceConsideration>;

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
