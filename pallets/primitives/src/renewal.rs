// SPDX-License-Identifier: Apache-2.0
//! Renewal of logs: the entries of a log once more, in a tree over another hash function, stated on chain while the first
//! function still holds (the hash-tree renewal of RFC 4998 §5).
//!
//! ```text
//! content digest    = BLAKE2b-256("epidaurus/rec/v1" ‖ suite ‖ len as u64 LE ‖ content)
//! second digest     = content digest
//!                     under FHIR elements: HMAC-BLAKE2b-256(element key, "epidaurus/rek/v1" ‖ content digest)
//! second commitment = HMAC-BLAKE2b-256(salt, "epidaurus/ren/v1" ‖ network id ‖ suite ‖ second digest ‖ SCALE(header))
//! renewed entry     = SCALE(log kind, sequence, commitment, second commitment or none)
//! leaf              = BLAKE2b-256("epidaurus/mt2/v1" ‖ 0x00 ‖ renewed entry)
//! node              = BLAKE2b-256("epidaurus/mt2/v1" ‖ 0x01 ‖ left ‖ right)
//! empty tree        = BLAKE2b-256("epidaurus/mt2/v1")
//! ```
//!
//! To wrap the old entry would not be enough: where SHA-256 is broken, another content can have the same digest, and with
//! it the same commitment. The second commitment is made from the content itself, the bytes that the first digest is of;
//! under FHIR elements from `SCALE(pointer, value)` of all elements, one after the other.
//!
//! It is keyed with the salt of the first one, so that destroying the salt makes both meaningless. Under FHIR elements
//! the second digest is keyed as well, since who gets a redacted copy gets the salt: without the element key, guesses at
//! what is withheld could be tried against the second commitment.
//!
//! An entry whose content was gone when the second tree was made has no second commitment: its place is taken, and
//! nothing is proven of it under the second tree.

use crate::{
	bytes::fixed_bytes,
	ehr::{LogHead, LogKind, SuiteStatus},
	elements::ElementKey,
	hash::{hmac_blake2b, Blake2b256, Commitment, HashSuite, Opening, RECORD_DOMAIN},
	ids::NetworkId,
	merkle::{self, Blake2Tree, Hash},
	moment::Moment,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

const RENEWAL_DOMAIN: &[u8] = b"epidaurus/ren/v1";
const ELEMENTS_DOMAIN: &[u8] = b"epidaurus/rek/v1";

/// Most renewals that the chain keeps of one log.
pub const MAX_RENEWALS: u32 = 32;

/// Over which hash function a tree is.
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
pub enum TreeSuite {
	/// The tree of every log, on SHA-256 (RFC 9162 §2.1).
	#[codec(index = 0)]
	Sha256,
	/// The same shape on BLAKE2b-256, over renewed entries.
	#[codec(index = 1)]
	Blake2b256,
}

impl TreeSuite {
	/// Every tree, in the order of its code.
	pub const ALL: [Self; 2] = [Self::Sha256, Self::Blake2b256];

	/// In words.
	pub const fn name(self) -> &'static str {
		match self {
			Self::Sha256 => "SHA-256",
			Self::Blake2b256 => "BLAKE2b-256",
		}
	}
}

fixed_bytes!(
	/// Digest of a record's content under the second hash function. As low in entropy as the first: it never leaves those
	/// who may read the record.
	SecondDigest,
	32
);

impl SecondDigest {
	/// The content digest: of the bytes that the first digest is of; under FHIR elements of all elements.
	pub fn of_content<B: Blake2b256>(suite: HashSuite, content: &[u8]) -> Self {
		let length = u64::try_from(content.len()).unwrap_or(u64::MAX).to_le_bytes();
		Self(B::hash(&[RECORD_DOMAIN, &[suite.code()], &length, content]))
	}

	/// The second digest that belongs to a content digest; nothing if the suite wants an element key and there is none.
	pub fn under<B: Blake2b256>(&self, suite: HashSuite, key: Option<&ElementKey>) -> Option<Self> {
		match suite {
			HashSuite::FhirElements => {
				let key = key?;
				Some(Self(hmac_blake2b::<B>(key.0 .0.as_ref(), &[ELEMENTS_DOMAIN, &self.0])))
			},
			HashSuite::Raw | HashSuite::FhirStaticRoot | HashSuite::FhirStaticRecursive => Some(*self),
		}
	}
}

/// [`SecondDigest::of_content`] of content that is too large to hold in memory; its length must be known at the start.
#[cfg(feature = "std")]
pub struct StreamingSecondDigest {
	hasher: blake2b_simd::State,
	announced: u64,
	seen: u64,
}

#[cfg(feature = "std")]
impl StreamingSecondDigest {
	/// Begins the digest of `length` bytes.
	pub fn new(suite: HashSuite, length: u64) -> Self {
		let mut hasher = crate::hash::blake2b();
		hasher.update(RECORD_DOMAIN).update(&[suite.code()]).update(&length.to_le_bytes());
		Self { hasher, announced: length, seen: 0 }
	}

	/// Adds the next bytes.
	pub fn update(&mut self, bytes: &[u8]) {
		self.hasher.update(bytes);
		self.seen = self.seen.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
	}

	/// The digest, or nothing if the content had another length than announced.
	pub fn finish(self) -> Option<SecondDigest> {
		(self.seen == self.announced).then(|| SecondDigest(crate::hash::blake2b_finished(&self.hasher)))
	}
}

impl Opening {
	/// The second commitment that this opens on the network together with the second digest.
	pub fn second_commitment<B: Blake2b256>(&self, network: &NetworkId, digest: &SecondDigest) -> Commitment {
		let header = self.header.encode();
		let parts: [&[u8]; 5] = [RENEWAL_DOMAIN, &network.0, &[self.suite.code()], &digest.0, &header];
		Commitment(hmac_blake2b::<B>(self.salt.0.as_ref(), &parts))
	}
}

/// What a leaf of a renewed log stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct RenewedEntry {
	/// The log it stands in.
	pub kind: LogKind,
	/// Its place, from 0: the same as in the log.
	pub sequence: u64,
	/// What was committed first.
	pub commitment: Commitment,
	/// What was committed under the second function; nothing if the content was gone by then.
	pub second: Option<Commitment>,
}

impl RenewedEntry {
	/// The leaf in the tree on BLAKE2b-256.
	pub fn leaf<B: Blake2b256>(&self) -> Hash {
		merkle::leaf_hash::<Blake2Tree<B>>(&self.encode())
	}
}

/// A custodian's statement that its log, as it was at a checkpoint, has this root in another tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Renewal {
	/// The log at the checkpoint: size, and root in its own tree.
	pub head: LogHead,
	/// When that checkpoint was made: the entries existed then.
	pub checkpointed_at: Moment,
	/// The other tree.
	pub tree: TreeSuite,
	/// The root in it.
	#[cfg_attr(feature = "serde", serde(with = "crate::ehr::hex_hash"))]
	#[cfg_attr(feature = "schema", schemars(with = "crate::schema::HashText"))]
	pub root: Hash,
	/// When the renewal was made.
	pub at: Moment,
}

impl Renewal {
	/// The head that paths in the other tree lead to.
	pub const fn renewed_head(&self) -> LogHead {
		LogHead { size: self.head.size, root: self.root }
	}

	/// Whether it was made before the log's own tree, which has this status today, was forbidden. What is renewed later
	/// rests on a function that was no longer trusted.
	pub fn in_time(&self, own: SuiteStatus) -> bool {
		match own {
			SuiteStatus::Forbidden { since, .. } => self.at < since,
			SuiteStatus::Active | SuiteStatus::Deprecated { .. } => true,
		}
	}
}

/// The place in a list of renewals, oldest first, that gives way to `new` when there is room for no more: that of the
/// newest which a later one of its tree covers as well, and no worse. One that was made in time, while the log's own tree
/// (which has the status `own`) was not forbidden, never gives way to one that comes late; of those, all but the last are
/// covered by one which came in time too.
pub fn superseded(renewals: &[Renewal], new: &Renewal, own: SuiteStatus) -> Option<usize> {
	let covers = |later: &Renewal, one: &Renewal| later.tree == one.tree && (later.in_time(own) || !one.in_time(own));
	renewals.iter().enumerate().rev().find_map(|(place, one)| {
		let mut later = renewals.iter().skip(place.saturating_add(1)).chain([new]);
		later.any(|later| covers(later, one)).then_some(place)
	})
}

/// Shows that an entry stands in a renewed log as well.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
#[cfg_attr(
	feature = "serde",
	derive(serde::Serialize, serde::Deserialize),
	serde(rename_all = "camelCase", deny_unknown_fields)
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RenewedProof {
	/// Under which tree.
	pub tree: TreeSuite,
	/// Size and root of the renewal that the path leads to.
	pub head: LogHead,
	/// Digest of the content under the second function.
	pub digest: SecondDigest,
	/// Sibling hashes from leaf to root.
	#[cfg_attr(feature = "serde", serde(with = "crate::ehr::hex_hashes"))]
	#[cfg_attr(feature = "schema", schemars(with = "Vec<crate::schema::HashText>"))]
	pub path: Vec<Hash>,
}
