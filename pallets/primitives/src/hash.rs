// SPDX-License-Identifier: Apache-2.0
//! Hash suites, digests, openings, commitments and log entries.
//!
//! ```text
//! digest     = SHA-256("epidaurus/rec/v1" ‖ suite ‖ len as u64 LE ‖ canonical bytes)
//! commitment = HMAC-SHA-256(salt, "epidaurus/com/v1" ‖ network id ‖ suite ‖ digest ‖ SCALE(header))
//! entry      = SCALE(log kind, sequence, commitment)
//! ```

use crate::{
	bytes::fixed_bytes,
	ids::{NetworkId, SubjectId},
	moment::Moment,
};
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

pub(crate) const RECORD_DOMAIN: &[u8] = b"epidaurus/rec/v1";
const COMMITMENT_DOMAIN: &[u8] = b"epidaurus/com/v1";

/// SHA-256, so that the runtime can use the host's function and clients their own with assembly.
pub trait Sha256 {
	/// Hash of the concatenation of `parts`.
	fn hash(parts: &[&[u8]]) -> [u8; 32];
}

/// SHA-256 of the crate `sha2`, which uses the processor's instructions where it has them.
#[cfg(feature = "std")]
pub struct NativeSha256;

#[cfg(feature = "std")]
impl Sha256 for NativeSha256 {
	// Inlined, the lengths of the parts are known: a node of a tree takes a tenth less.
	#[inline]
	fn hash(parts: &[&[u8]]) -> [u8; 32] {
		use sha2::Digest as _;
		let mut hasher = sha2::Sha256::new();
		for part in parts {
			hasher.update(part);
		}
		hasher.finalize().into()
	}
}

/// SHA-256 of the node's host function, for code that runs in WASM.
#[cfg(feature = "frame")]
pub struct HostSha256;

#[cfg(feature = "frame")]
impl Sha256 for HostSha256 {
	fn hash(parts: &[&[u8]]) -> [u8; 32] {
		sp_io::hashing::sha2_256(&parts.concat())
	}
}

/// BLAKE2b with 32 bytes of output and no key (RFC 7693): the second hash function, in case the first one falls.
pub trait Blake2b256 {
	/// Hash of the concatenation of `parts`.
	fn hash(parts: &[&[u8]]) -> [u8; 32];
}

/// BLAKE2b-256 of the crate `blake2b_simd`.
#[cfg(feature = "std")]
pub struct NativeBlake2b256;

#[cfg(feature = "std")]
impl Blake2b256 for NativeBlake2b256 {
	fn hash(parts: &[&[u8]]) -> [u8; 32] {
		let mut hasher = blake2b();
		for part in parts {
			hasher.update(part);
		}
		blake2b_finished(&hasher)
	}
}

#[cfg(feature = "std")]
pub(crate) fn blake2b() -> blake2b_simd::State {
	blake2b_simd::Params::new().hash_length(32).to_state()
}

#[cfg(feature = "std")]
pub(crate) fn blake2b_finished(hasher: &blake2b_simd::State) -> [u8; 32] {
	hasher.finalize().as_bytes().try_into().unwrap_or_default()
}

/// BLAKE2b-256 of the node's host function, for code that runs in WASM.
#[cfg(feature = "frame")]
pub struct HostBlake2b256;

#[cfg(feature = "frame")]
impl Blake2b256 for HostBlake2b256 {
	fn hash(parts: &[&[u8]]) -> [u8; 32] {
		sp_io::hashing::blake2_256(&parts.concat())
	}
}

/// How a record's content becomes the bytes that are hashed. Stored with each anchor.
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
pub enum HashSuite {
	/// The bytes as they are.
	#[codec(index = 0)]
	Raw,
	/// Canonical FHIR JSON without `meta` and narrative of the root resource.
	#[codec(index = 1)]
	FhirStaticRoot,
	/// Canonical FHIR JSON without `meta` and narrative of every resource in it.
	#[codec(index = 2)]
	FhirStaticRecursive,
	/// The elements of FHIR JSON as a Merkle tree with a salt for each, so that a redacted copy can be checked: see
	/// [`elements`](crate::elements).
	#[codec(index = 3)]
	FhirElements,
}

impl HashSuite {
	/// Every suite, in the order of its code.
	pub const ALL: [Self; 4] = [Self::Raw, Self::FhirStaticRoot, Self::FhirStaticRecursive, Self::FhirElements];

	/// The code under which the suite enters hashes; the same as its SCALE index.
	pub const fn code(self) -> u8 {
		match self {
			Self::Raw => 0,
			Self::FhirStaticRoot => 1,
			Self::FhirStaticRecursive => 2,
			Self::FhirElements => 3,
		}
	}
}

fixed_bytes!(
	/// Hash of a record's canonical bytes. Low in entropy: it never leaves those who may read the record.
	RecordDigest,
	32
);
fixed_bytes!(
	/// A hiding hash of a record: HMAC under a random salt. The only thing about a record that reaches the chain.
	Commitment,
	32
);

/// The random key of a commitment; whoever loses it can never open the commitment again.
#[derive(Clone, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Salt(pub SaltBytes);

fixed_bytes!(
	/// The bytes of a [`Salt`].
	SaltBytes,
	32
);

impl Salt {
	/// A salt of these bytes, which must come from a secure random source.
	pub const fn new(bytes: [u8; 32]) -> Self {
		Self(SaltBytes(bytes))
	}
}

impl core::fmt::Debug for Salt {
	// A salt in a log would open the record to whoever reads the log.
	fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
		f.write_str("Salt(hidden)")
	}
}

/// FHIR resource type, such as `Observation` (R4 §2.1, `resourceType`), or another class name for raw content.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, MaxEncodedLen, TypeInfo)]
pub struct ResourceClass(BoundedVec<u8, ConstU32<64>>);

/// The name is not one to 64 ASCII letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadResourceClass;

impl core::fmt::Display for BadResourceClass {
	fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
		f.write_str("a resource class is one to 64 ASCII letters")
	}
}

#[cfg(feature = "std")]
impl std::error::Error for BadResourceClass {}

impl ResourceClass {
	/// The class of this name: one to 64 ASCII letters.
	pub fn new(name: &str) -> Result<Self, BadResourceClass> {
		BoundedVec::try_from(name.as_bytes().to_vec()).map_err(|_| BadResourceClass).and_then(Self::checked)
	}

	fn checked(name: BoundedVec<u8, ConstU32<64>>) -> Result<Self, BadResourceClass> {
		if name.is_empty() || !name.iter().all(u8::is_ascii_alphabetic) {
			return Err(BadResourceClass);
		}
		Ok(Self(name))
	}

	/// The name.
	pub fn as_str(&self) -> &str {
		core::str::from_utf8(&self.0).unwrap_or_default()
	}
}

/// As its bytes; others than letters are no class.
impl Decode for ResourceClass {
	fn decode<I: codec::Input>(input: &mut I) -> Result<Self, codec::Error> {
		Self::checked(BoundedVec::decode(input)?).map_err(|_| "a resource class is one to 64 ASCII letters".into())
	}
}

impl DecodeWithMemTracking for ResourceClass {}

#[cfg(feature = "serde")]
impl serde::Serialize for ResourceClass {
	fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		serializer.serialize_str(self.as_str())
	}
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for ResourceClass {
	fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		let name = alloc::string::String::deserialize(deserializer)?;
		Self::new(&name).map_err(serde::de::Error::custom)
	}
}

/// HL7 v3 Confidentiality codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Confidentiality {
	/// Unrestricted.
	#[codec(index = 0)]
	U,
	/// Low.
	#[codec(index = 1)]
	L,
	/// Moderate.
	#[codec(index = 2)]
	M,
	/// Normal.
	#[codec(index = 3)]
	N,
	/// Restricted.
	#[codec(index = 4)]
	R,
	/// Very restricted.
	#[codec(index = 5)]
	V,
}

/// Security labels of a record: confidentiality, and a set of sensitivities by bit (HL7 v3 InformationSensitivityPolicy;
/// the bits are assigned in [`Labels`]'s constants).
#[derive(
	Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default, rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Labels {
	/// Confidentiality, where the record states one.
	pub confidentiality: Option<Confidentiality>,
	/// Sensitivities by bit.
	pub sensitivity: u32,
}

impl Labels {
	/// Substance use (ETH).
	pub const ETH: u32 = 1;
	/// Opioid use disorder (OPIOIDUD).
	pub const OPIOIDUD: u32 = 1 << 1;
	/// Psychiatry (PSY).
	pub const PSY: u32 = 1 << 2;
	/// Sexual assault, abuse or domestic violence (SDV).
	pub const SDV: u32 = 1 << 3;
	/// HIV or AIDS (HIV).
	pub const HIV: u32 = 1 << 4;
	/// Genetic disease (GDIS).
	pub const GDIS: u32 = 1 << 5;
	/// Sexuality and reproductive health (SEX).
	pub const SEX: u32 = 1 << 6;
	/// Sickle cell (SICKLE).
	pub const SICKLE: u32 = 1 << 7;
	/// No sensitivity: the record was written before its custodian kept it here, and its clinical time is the custodian's
	/// claim. No commitment can be older than its entry or anchor.
	pub const IMPORTED: u32 = 1 << 31;

	/// Whether the record is marked as imported.
	pub const fn is_imported(&self) -> bool {
		self.sensitivity & Self::IMPORTED != 0
	}
}

/// What a commitment says about a record besides its content.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordHeader {
	/// Whom the record concerns, if anybody.
	#[cfg_attr(feature = "serde", serde(default))]
	pub subject: Option<SubjectId>,
	/// What kind of record it is.
	pub class: ResourceClass,
	/// Security labels.
	#[cfg_attr(feature = "serde", serde(default))]
	pub labels: Labels,
	/// When it happened or was observed, where the record says so.
	#[cfg_attr(feature = "serde", serde(default))]
	pub clinical_time: Option<Moment>,
	/// Version of the record, from 1.
	pub version: u32,
}

/// What was committed, with the salt: whoever holds it can show what a commitment stands for.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Opening {
	/// The commitment's key.
	pub salt: Salt,
	/// How the content was made into bytes.
	pub suite: HashSuite,
	/// Digest of those bytes.
	pub digest: RecordDigest,
	/// What else was committed.
	pub header: RecordHeader,
}

impl Opening {
	/// The commitment that this opens on the network.
	pub fn commitment<H: Sha256>(&self, network: &NetworkId) -> Commitment {
		let header = self.header.encode();
		let parts: [&[u8]; 5] = [COMMITMENT_DOMAIN, &network.0, &[self.suite.code()], &self.digest.0, &header];
		Commitment(hmac::<H>(&self.salt.0 .0, &parts))
	}
}

/// Digest of a record's canonical bytes under a suite.
pub fn digest<H: Sha256>(suite: HashSuite, canonical: &[u8]) -> RecordDigest {
	let length = u64::try_from(canonical.len()).unwrap_or(u64::MAX).to_le_bytes();
	RecordDigest(H::hash(&[RECORD_DOMAIN, &[suite.code()], &length, canonical]))
}

/// [`digest`] of content that is too large to hold in memory; its length must be known at the start.
#[cfg(feature = "std")]
pub struct StreamingDigest {
	hasher: sha2::Sha256,
	announced: u64,
	seen: u64,
}

#[cfg(feature = "std")]
impl StreamingDigest {
	/// Begins the digest of `length` bytes.
	pub fn new(suite: HashSuite, length: u64) -> Self {
		use sha2::Digest as _;
		let hasher = sha2::Sha256::new()
			.chain_update(RECORD_DOMAIN)
			.chain_update([suite.code()])
			.chain_update(length.to_le_bytes());
		Self { hasher, announced: length, seen: 0 }
	}

	/// Adds the next bytes.
	pub fn update(&mut self, bytes: &[u8]) {
		use sha2::Digest as _;
		self.hasher.update(bytes);
		self.seen = self.seen.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
	}

	/// The digest, or nothing if the content had another length than announced.
	pub fn finish(self) -> Option<RecordDigest> {
		use sha2::Digest as _;
		(self.seen == self.announced).then(|| RecordDigest(self.hasher.finalize().into()))
	}
}

/// HMAC-SHA-256 (RFC 2104) under a key of at most one block, that is 64 bytes; a longer key is hashed first.
pub fn hmac<H: Sha256>(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
	hmac_with::<64>(key, parts, H::hash)
}

/// HMAC-BLAKE2b-256 (RFC 2104) under a key of at most one block, that is 128 bytes; a longer key is hashed first.
pub fn hmac_blake2b<B: Blake2b256>(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
	hmac_with::<128>(key, parts, B::hash)
}

fn hmac_with<const BLOCK: usize>(key: &[u8], parts: &[&[u8]], hash: impl Fn(&[&[u8]]) -> [u8; 32]) -> [u8; 32] {
	let hashed;
	let key = if key.len() > BLOCK {
		hashed = hash(&[key]);
		&hashed
	} else {
		key
	};
	let mut inner_pad = [0x36u8; BLOCK];
	let mut outer_pad = [0x5cu8; BLOCK];
	for ((inner, outer), byte) in inner_pad.iter_mut().zip(outer_pad.iter_mut()).zip(key) {
		*inner ^= byte;
		*outer ^= byte;
	}
	let mut inner: alloc::vec::Vec<&[u8]> = alloc::vec![&inner_pad];
	inner.extend_from_slice(parts);
	hash(&[&outer_pad, &hash(&inner)])
}
