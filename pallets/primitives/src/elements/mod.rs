// SPDX-License-Identifier: Apache-2.0
//! The suite *FHIR elements*: a record as a Merkle tree over its elements, each under a salt of its own, so that a part
//! of it can be withheld and the rest still be checked against the same commitment.
//!
//! ```text
//! element key  = HMAC-SHA-256(record salt, "epidaurus/elk/v1")
//! opening salt = HMAC-SHA-256(record salt, "epidaurus/els/v1")
//! element salt = HMAC-SHA-256(element key, "epidaurus/elm/v1" ‖ SCALE(pointer))
//! leaf         = SHA-256(0x00 ‖ element salt ‖ SCALE(pointer, value))
//! statement    = 0x01 ‖ number of leaves as u64 LE ‖ RFC 6962 root over the leaves
//! digest       = SHA-256("epidaurus/rec/v1" ‖ 0x03 ‖ 41 as u64 LE ‖ statement)
//! ```
//!
//! An element is a scalar or an empty container. Its pointer says for each step whether it is a member or an item, so
//! that the elements determine the whole document; they stand in the order of a canonical document ([`Pointer`]).
//!
//! Whoever gets a part of a record gets the [`Opening`](crate::hash::Opening) as well, since nothing else opens the
//! commitment. Its salt must not lead to the salts of what is withheld, which would then be open to guessing. Therefore
//! it is derived from the record's salt beside the element key, and neither leads to the other or back.
//!
//! The statement binds the number of leaves. What a disclosure shows about withheld ones is that number, their places
//! and, since the order is known, between which pointers they stand.

mod disclosure;
mod pointer;
mod redaction;

pub use disclosure::{prove_disclosure, DisclosedElement, Disclosure, DisclosureError};
pub use pointer::{Pointer, Step};
pub use redaction::{Redaction, ShownElement};

use crate::{
	hash::{digest, hmac, HashSuite, RecordDigest, Salt, Sha256},
	merkle::{self, Hash},
};
use alloc::vec::Vec;
use codec::{Decode, Encode};

const KEY_DOMAIN: &[u8] = b"epidaurus/elk/v1";
const OPENING_DOMAIN: &[u8] = b"epidaurus/els/v1";
const ELEMENT_DOMAIN: &[u8] = b"epidaurus/elm/v1";

/// Version of the statement.
const VERSION: u8 = 1;

/// The salt of the opening of a record under a suite: under the others the record's salt itself, under FHIR elements a
/// value from which the salts of elements cannot be derived.
pub fn opening_salt<H: Sha256>(suite: HashSuite, record: &Salt) -> Salt {
	match suite {
		HashSuite::FhirElements => Salt::new(hmac::<H>(record.0.as_ref(), &[OPENING_DOMAIN])),
		HashSuite::Raw | HashSuite::FhirStaticRoot | HashSuite::FhirStaticRecursive => record.clone(),
	}
}

/// What the salts of all elements of one record are derived from. Belongs to those who may read the whole record.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct ElementKey(pub Salt);

impl ElementKey {
	/// The element key of the record that has this salt. It is not the salt of the record's opening.
	pub fn of_record<H: Sha256>(record: &Salt) -> Self {
		Self(Salt::new(hmac::<H>(record.0.as_ref(), &[KEY_DOMAIN])))
	}

	/// The salt of the element at the pointer that is encoded here.
	pub fn salt<H: Sha256>(&self, pointer: &[u8]) -> ElementSalt {
		ElementSalt(Salt::new(hmac::<H>(self.0 .0.as_ref(), &[ELEMENT_DOMAIN, pointer])))
	}
}

/// The salt of one element.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct ElementSalt(pub Salt);

impl ElementSalt {
	/// The leaf of the element under this salt. `element` is `SCALE(pointer, value)`, the value as canonical JSON.
	pub fn leaf<H: Sha256>(&self, element: &[u8]) -> Hash {
		merkle::leaf_hash_of::<H>(self.0 .0.as_ref(), element)
	}
}

/// What the digest of a record under FHIR elements is made of; encoded, its canonical bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statement {
	/// Number of elements.
	pub leaves: u64,
	/// RFC 6962 root over their leaves.
	pub root: Hash,
}

impl Statement {
	/// The statement about a record with these leaves, in their order.
	pub fn of<H: Sha256>(leaves: &[Hash]) -> Self {
		Self { leaves: u64::try_from(leaves.len()).unwrap_or(u64::MAX), root: merkle::root::<H>(leaves) }
	}

	/// The canonical bytes: 41 of them, whatever the record.
	pub fn canonical_bytes(&self) -> Vec<u8> {
		(VERSION, self.leaves, self.root).encode()
	}

	/// The record's digest.
	pub fn digest<H: Sha256>(&self) -> RecordDigest {
		digest::<H>(HashSuite::FhirElements, &self.canonical_bytes())
	}
}
