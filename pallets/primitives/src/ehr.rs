// SPDX-License-Identifier: Apache-2.0
//! Words of the record pallet: custodians' logs, their heads and entries.

use crate::{
	hash::{Commitment, Sha256},
	merkle::{self, Hash},
	moment::Moment,
	renewal::RenewedProof,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Which of a custodian's logs.
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
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum LogKind {
	/// Records kept.
	#[codec(index = 0)]
	Records,
	/// Disclosures made.
	#[codec(index = 1)]
	Disclosures,
	/// Measurements of devices.
	#[codec(index = 2)]
	DeviceStream,
}

/// What a leaf of a custodian's log stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct LogEntry {
	/// The log it stands in.
	pub kind: LogKind,
	/// Its place, from 0; equal to the index of its leaf.
	pub sequence: u64,
	/// What was committed.
	pub commitment: Commitment,
}

impl LogEntry {
	/// The leaf: `SHA-256(0x00 ‖ SCALE(entry))`.
	pub fn leaf<H: Sha256>(&self) -> Hash {
		merkle::leaf_hash::<H>(&self.encode())
	}
}

/// What a custodian's log looked like at a checkpoint. The size is the custodian's statement: a root does not bind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LogHead {
	/// Number of entries.
	#[cfg_attr(feature = "serde", serde(with = "crate::bytes::decimal"))]
	#[cfg_attr(feature = "schema", schemars(with = "crate::schema::Decimal"))]
	pub size: u64,
	/// RFC 6962 root over them.
	#[cfg_attr(feature = "serde", serde(with = "crate::ehr::hex_hash"))]
	#[cfg_attr(feature = "schema", schemars(with = "crate::schema::HashText"))]
	pub root: Hash,
}

/// Shows that a leaf stands in a log of that head.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LogProof {
	/// Place of the entry, from 0.
	#[cfg_attr(feature = "serde", serde(with = "crate::bytes::decimal"))]
	#[cfg_attr(feature = "schema", schemars(with = "crate::schema::Decimal"))]
	pub sequence: u64,
	/// The head that the path leads to.
	pub head: LogHead,
	/// Sibling hashes from leaf to root (RFC 9162 §2.1.3).
	#[cfg_attr(feature = "serde", serde(with = "crate::ehr::hex_hashes"))]
	#[cfg_attr(feature = "schema", schemars(with = "Vec<crate::schema::HashText>"))]
	pub path: Vec<Hash>,
	/// The same in another tree, where the log was renewed. Says under which it still holds should the first one fall.
	#[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
	pub renewed: Option<RenewedProof>,
}

/// Where a version of an anchored record stands today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum RecordStanding {
	/// The version in force.
	#[codec(index = 0)]
	Current,
	/// A later version replaced it.
	#[codec(index = 1)]
	Amended {
		/// The version in force today.
		current: u32,
	},
	/// The custodian declared that the record should never have been (FHIR `entered-in-error`).
	#[codec(index = 2)]
	EnteredInError,
}

/// How far a hash suite may be trusted. Only ever goes forward.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
#[cfg_attr(
	feature = "serde",
	derive(serde::Serialize, serde::Deserialize),
	serde(rename_all = "camelCase", rename_all_fields = "camelCase")
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum SuiteStatus {
	/// New anchors may use it.
	#[default]
	#[codec(index = 0)]
	Active,
	/// New anchors should use another one.
	#[codec(index = 1)]
	Deprecated {
		/// Since when.
		since: Moment,
	},
	/// No new anchor may use it. What was anchored before rests on what was known then.
	#[codec(index = 2)]
	Forbidden {
		/// Since when.
		since: Moment,
		/// Since when it had been deprecated.
		deprecated: Moment,
	},
}

impl SuiteStatus {
	/// The status after the consortium deprecated the suite; nothing unless it was active.
	pub const fn deprecated(self, at: Moment) -> Option<Self> {
		match self {
			Self::Active => Some(Self::Deprecated { since: at }),
			_ => None,
		}
	}

	/// The status after the consortium forbade the suite; nothing unless it was deprecated.
	pub const fn forbidden(self, at: Moment) -> Option<Self> {
		match self {
			Self::Deprecated { since } => Some(Self::Forbidden { since: at, deprecated: since }),
			_ => None,
		}
	}

	/// How many decisions have been made against it: 0 while it is active, 1 deprecated, 2 forbidden.
	pub const fn decisions(&self) -> u8 {
		match self {
			Self::Active => 0,
			Self::Deprecated { .. } => 1,
			Self::Forbidden { .. } => 2,
		}
	}

	/// Whether new anchors are refused.
	pub const fn is_forbidden(&self) -> bool {
		matches!(self, Self::Forbidden { .. })
	}
}

#[cfg(feature = "serde")]
pub(crate) mod hex_hash {
	use super::Hash;
	use alloc::string::String;
	use serde::Deserialize;

	pub fn serialize<S: serde::Serializer>(hash: &Hash, serializer: S) -> Result<S::Ok, S::Error> {
		serializer.collect_str(&format_args!("0x{}", hex::encode(hash)))
	}

	pub fn deserialize<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Hash, D::Error> {
		crate::bytes::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
	}
}

#[cfg(feature = "serde")]
pub(crate) mod hex_hashes {
	use super::{Hash, Vec};
	use alloc::string::String;
	use serde::Deserialize;

	pub fn serialize<S: serde::Serializer>(hashes: &[Hash], serializer: S) -> Result<S::Ok, S::Error> {
		serializer.collect_seq(hashes.iter().map(|hash| alloc::format!("0x{}", hex::encode(hash))))
	}

	pub fn deserialize<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Hash>, D::Error> {
		let texts = Vec::<String>::deserialize(deserializer)?;
		texts.iter().map(|text| crate::bytes::parse(text).map_err(serde::de::Error::custom)).collect()
	}
}
