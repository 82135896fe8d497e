// SPDX-License-Identifier: Apache-2.0
//! Words of the registry: who is in the consortium, and what they may do.

pub mod questions;
pub mod records;
pub mod standing;
mod succession;

use crate::{gln::Gln, hash::Commitment, ids::OrgId, moment::Moment};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

macro_rules! word {
	($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $index:literal,)+ }) => {
		$(#[$doc])*
		#[derive(
			Clone,
			Copy,
			Debug,
			PartialEq,
			Eq,
			PartialOrd,
			Ord,
			Hash,
			Encode,
			Decode,
			DecodeWithMemTracking,
			MaxEncodedLen,
			TypeInfo,
		)]
		#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
		#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
		pub enum $name {
			$(
				$(#[$variant_doc])*
				#[codec(index = $index)]
				$variant,
			)+
		}

		impl $name {
			/// Every value, in the order of the codes.
			pub const ALL: &'static [Self] = &[$(Self::$variant),+];

			/// The word as written in JSON and on the command line.
			pub const fn name(self) -> &'static str {
				match self {
					$(Self::$variant => stringify!($variant),)+
				}
			}
		}

		impl core::fmt::Display for $name {
			fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
				f.write_str(self.name())
			}
		}
	};
}

word!(
	/// What kind of organisation it is.
	OrganisationClass {
		/// Hospital, practice or other giver of care.
		Provider = 0,
		/// Medical laboratory.
		Laboratory = 1,
		/// Dispensing pharmacy.
		Pharmacy = 2,
		/// Maker of medicines.
		Manufacturer = 3,
		/// Wholesaler or carrier of medicines.
		Distributor = 4,
		/// Insurer or other payer of care.
		Payer = 5,
		/// Sponsor of clinical trials (ICH E6).
		Sponsor = 6,
		/// Ethics board (IRB/IEC in ICH E6).
		EthicsBoard = 7,
		/// Competent authority.
		Regulator = 8,
		/// Patient organisation.
		PatientGroup = 9,
		/// Trial registry.
		Registrar = 10,
	}
);

word!(
	/// Where an organisation is in its life.
	OrganisationStatus {
		/// Sponsored by a member; the consortium has not decided yet.
		Applied = 0,
		/// Has rights and duties.
		Active = 1,
		/// Has duties only, until reinstated.
		Suspended = 2,
		/// Left by its own will; duties for what it did remain.
		Left = 3,
		/// Expelled; duties for what it did remain.
		Expelled = 4,
	}
);

impl OrganisationClass {
	/// Whether organisations of this class keep records of patients in the course of their work.
	pub const fn keeps_records(self) -> bool {
		matches!(
			self,
			Self::Provider | Self::Laboratory | Self::Pharmacy | Self::Payer | Self::Sponsor | Self::Registrar
		)
	}

	/// Whether an organisation of this class can take over the duties of one of the other class: both keep records, or
	/// they are of one class. Nobody takes over from those who watch over it.
	pub fn can_succeed(self, predecessor: Self) -> bool {
		self == predecessor || (self.keeps_records() && predecessor.keeps_records())
	}
}

/// How often duties pass on at most: the hand-overs in a line from the first custodian to the last.
pub const MAX_HANDOVERS: u32 = 8;

/// Who took over what an organisation answered for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Successor {
	/// The organisation that took over last.
	pub organisation: OrgId,
	/// Since when it answers.
	pub since: Moment,
	/// The statement of what was handed over, committed; both organisations keep it.
	pub handover: Commitment,
}

word!(
	/// What a licence lets its holder do.
	Capability {
		/// Keep records and anchor them.
		AnchorRecords = 0,
		/// Open records in an emergency.
		BreakGlass = 1,
		/// Make medicines.
		Manufacture = 2,
		/// Trade and move medicines.
		Distribute = 3,
		/// Dispense medicines to patients.
		Dispense = 4,
		/// Prescribe.
		Prescribe = 5,
		/// Sponsor clinical trials.
		SponsorTrial = 6,
		/// Review the ethics of trials.
		ReviewEthics = 7,
		/// Act as a competent authority.
		Regulate = 8,
		/// Insure.
		Underwrite = 9,
		/// Run a collator.
		Collate = 10,
	}
);

impl Capability {
	/// Whether the acting person needs a licence too, not only the organisation.
	pub const fn is_personal(self) -> bool {
		matches!(self, Self::BreakGlass | Self::Dispense | Self::Prescribe)
	}

	/// The role that a member needs for acts under this capability.
	pub const fn role(self) -> Roles {
		match self {
			Self::AnchorRecords => Roles::RECORDS,
			Self::BreakGlass | Self::Prescribe => Roles::CLINICIAN,
			Self::Manufacture => Roles::PRODUCTION,
			Self::Distribute => Roles::LOGISTICS,
			Self::Dispense => Roles::PHARMACIST,
			Self::SponsorTrial => Roles::TRIALS,
			Self::ReviewEthics => Roles::REVIEWER,
			Self::Regulate => Roles::INSPECTOR,
			Self::Underwrite => Roles::CLAIMS,
			Self::Collate => Roles::OPERATOR,
		}
	}
}

word!(
	/// Where a licence is in its life. Expiry is not a status: it follows from the interval.
	LicenceStatus {
		/// In force within its interval.
		Active = 0,
		/// Out of force until reinstated.
		Suspended = 1,
		/// Out of force for good.
		Revoked = 2,
	}
);

/// A set of roles of a member, by bit.
#[derive(Clone, Copy, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Roles(pub u16);

impl Roles {
	/// Acts for the organisation itself: members, money, its seat on the council. Given with control, never by hand.
	pub const CONTROLLER: Self = Self(1);
	/// Keeps records: anchors, amends, checkpoints.
	pub const RECORDS: Self = Self(1 << 1);
	/// Treats patients.
	pub const CLINICIAN: Self = Self(1 << 2);
	/// Dispenses.
	pub const PHARMACIST: Self = Self(1 << 3);
	/// Makes medicines.
	pub const PRODUCTION: Self = Self(1 << 4);
	/// Releases, quarantines, recalls (qualified person).
	pub const QUALITY: Self = Self(1 << 5);
	/// Moves medicines.
	pub const LOGISTICS: Self = Self(1 << 6);
	/// Runs trials.
	pub const TRIALS: Self = Self(1 << 7);
	/// Reviews: ethics, emergency access.
	pub const REVIEWER: Self = Self(1 << 8);
	/// Issues and withdraws licences.
	pub const LICENSING: Self = Self(1 << 9);
	/// Handles claims.
	pub const CLAIMS: Self = Self(1 << 10);
	/// Runs nodes.
	pub const OPERATOR: Self = Self(1 << 11);
	/// Acts as a competent authority: inspects, holds, recalls.
	pub const INSPECTOR: Self = Self(1 << 12);

	const NAMES: [(Self, &'static str); 13] = [
		(Self::CONTROLLER, "Controller"),
		(Self::RECORDS, "Records"),
		(Self::CLINICIAN, "Clinician"),
		(Self::PHARMACIST, "Pharmacist"),
		(Self::PRODUCTION, "Production"),
		(Self::QUALITY, "Quality"),
		(Self::LOGISTICS, "Logistics"),
		(Self::TRIALS, "Trials"),
		(Self::REVIEWER, "Reviewer"),
		(Self::LICENSING, "Licensing"),
		(Self::CLAIMS, "Claims"),
		(Self::OPERATOR, "Operator"),
		(Self::INSPECTOR, "Inspector"),
	];

	/// Every role that a controller can give.
	pub const GRANTABLE: Self = Self(0b1_1111_1111_1110);

	/// Whether all of `other` are in the set.
	pub const fn contains(self, other: Self) -> bool {
		self.0 & other.0 == other.0
	}

	/// Both sets together.
	pub const fn union(self, other: Self) -> Self {
		Self(self.0 | other.0)
	}

	/// This set without `other`.
	pub const fn without(self, other: Self) -> Self {
		Self(self.0 & !other.0)
	}

	/// Whether the set is empty.
	pub const fn is_empty(self) -> bool {
		self.0 == 0
	}

	/// The names of the roles in the set.
	pub fn names(self) -> impl Iterator<Item = &'static str> {
		Self::NAMES.into_iter().filter(move |(role, _)| self.contains(*role)).map(|(_, name)| name)
	}

	/// The role of this name.
	pub fn by_name(name: &str) -> Option<Self> {
		Self::NAMES.into_iter().find(|(_, known)| *known == name).map(|(role, _)| role)
	}
}

impl core::fmt::Debug for Roles {
	fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
		f.debug_set().entries(self.names()).finish()
	}
}

#[cfg(feature = "serde")]
impl serde::Serialize for Roles {
	fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		serializer.collect_seq(self.names())
	}
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Roles {
	fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		let names = alloc::vec::Vec::<alloc::string::String>::deserialize(deserializer)?;
		names.iter().try_fold(Self::default(), |roles, name| {
			Self::by_name(name).map(|role| roles.union(role)).ok_or_else(|| serde::de::Error::custom("unknown role"))
		})
	}
}

/// Who holds a licence.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Holder"))]
pub enum Holder<AccountId> {
	/// An organisation.
	#[codec(index = 0)]
	Organisation(OrgId),
	/// A member, for personal capabilities.
	#[codec(index = 1)]
	Member(AccountId),
}

/// How far a licence reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum LicenceScope {
	/// Everything that the capability covers.
	#[codec(index = 0)]
	All,
	/// One site.
	#[codec(index = 1)]
	Site(Gln),
}

/// Answer to a question about standing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Standing {
	/// Everything that the capability asks for was there.
	#[codec(index = 0)]
	Granted,
	/// The account was no member at that moment.
	#[codec(index = 1)]
	NotAMember,
	/// The member lacked the role.
	#[codec(index = 2)]
	RoleMissing,
	/// The organisation was not active.
	#[codec(index = 3)]
	OrganisationInactive(OrganisationStatus),
	/// There was no licence for this capability and place.
	#[codec(index = 4)]
	NoLicence,
	/// There is a licence, but its interval does not cover the moment.
	#[codec(index = 5)]
	LicenceExpired,
	/// The licence was suspended.
	#[codec(index = 6)]
	LicenceSuspended,
	/// The licence was revoked.
	#[codec(index = 7)]
	LicenceRevoked,
	/// The licence, or its issuer, is distrusted from a moment at or before this one.
	#[codec(index = 8)]
	LicenceDistrusted,
	/// The organisation is licensed; the person needs a licence of their own and has none in force.
	#[codec(index = 9)]
	PersonalLicenceMissing,
	/// The organisation did not exist at that moment.
	#[codec(index = 10)]
	OrganisationUnknown,
}

impl Standing {
	/// Whether the answer is yes.
	pub const fn is_granted(self) -> bool {
		matches!(self, Self::Granted)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn successor_is_of_the_same_class_or_keeps_records_as_the_predecessor_does() {
		use OrganisationClass::{Laboratory, Payer, Pharmacy, Provider, Registrar, Sponsor};
		let keepers = [Provider, Laboratory, Pharmacy, Payer, Sponsor, Registrar];
		for old in OrganisationClass::ALL {
			for new in OrganisationClass::ALL {
				let fit = old == new || (keepers.contains(old) && keepers.contains(new));
				assert_eq!(new.can_succeed(*old), fit, "{new} after {old}");
			}
		}
	}
}
