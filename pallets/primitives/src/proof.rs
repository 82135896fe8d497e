// SPDX-License-Identifier: Apache-2.0
//! What a node answers that need not be believed: values of the chain's state with the trie nodes that lead to them from
//! the state root in a block's header. Who knows the hash of the block can check all the rest.

use crate::bytes::{fixed_bytes, ParseHex};
use alloc::{vec, vec::Vec};
use codec::{Decode, Encode};
use core::cell::Cell;
use scale_info::TypeInfo;

/// The most keys that one proof is made for: those of a member with as many licences as there can be, personal ones too,
/// after years of changes.
pub const MAX_PROVEN_KEYS: usize = 256;

fixed_bytes!(
	/// Hash of a block: BLAKE2b-256 of its header.
	BlockHash,
	32
);

/// Bytes of any number: hexadecimal in text and JSON, a byte vector in SCALE.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Default, Encode, Decode, TypeInfo)]
pub struct HexBytes(pub Vec<u8>);

impl core::fmt::Display for HexBytes {
	fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
		write!(f, "0x{}", hex::encode(&self.0))
	}
}

impl core::fmt::Debug for HexBytes {
	fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
		core::fmt::Display::fmt(self, f)
	}
}

impl core::str::FromStr for HexBytes {
	type Err = ParseHex;

	fn from_str(text: &str) -> Result<Self, ParseHex> {
		let digits = text.strip_prefix("0x").ok_or(ParseHex::NoPrefix)?;
		hex::decode(digits).map(Self).map_err(|error| match error {
			hex::FromHexError::OddLength => ParseHex::WrongLength,
			_ => ParseHex::BadDigit,
		})
	}
}

impl AsRef<[u8]> for HexBytes {
	fn as_ref(&self) -> &[u8] {
		&self.0
	}
}

impl From<Vec<u8>> for HexBytes {
	fn from(bytes: Vec<u8>) -> Self {
		Self(bytes)
	}
}

#[cfg(feature = "serde")]
impl serde::Serialize for HexBytes {
	fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		serializer.collect_str(self)
	}
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for HexBytes {
	fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		alloc::string::String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
	}
}

/// A key of the chain's state and what stands under it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
	feature = "serde",
	derive(serde::Serialize, serde::Deserialize),
	serde(rename_all = "camelCase", deny_unknown_fields)
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProvenItem {
	/// The whole key.
	pub key: HexBytes,
	/// The value in SCALE; nothing if nothing stands under the key.
	pub value: Option<HexBytes>,
}

/// Values of the chain's state at a block, and what proves them. Not to be believed unless checked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
	feature = "serde",
	derive(serde::Serialize, serde::Deserialize),
	serde(rename_all = "camelCase", deny_unknown_fields)
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "StateProof"))]
pub struct StateProof<Hash> {
	/// Hash of the block.
	pub block: Hash,
	/// Its header in SCALE. Holds the state root, and hashes to the block's hash.
	pub header: HexBytes,
	/// The values, each under its key.
	pub items: Vec<ProvenItem>,
	/// The trie nodes between the state root and the values, in any order.
	pub nodes: Vec<HexBytes>,
}

/// The keys of the state that an answer reads, noted as it reads them where a node has to prove the answer.
pub struct ReadKeys(Option<Cell<Vec<HexBytes>>>);

impl ReadKeys {
	/// Notes nothing: the answer itself is wanted.
	pub const fn unnoted() -> Self {
		Self(None)
	}

	/// Notes what is read, after this key.
	pub fn after(first: HexBytes) -> Self {
		Self(Some(Cell::new(vec![first])))
	}

	/// Notes a key, once however often it is read. Where nothing is noted, the key is not even computed.
	pub fn note(&self, key: impl FnOnce() -> Vec<u8>) {
		let Some(read) = &self.0 else { return };
		let (mut keys, key) = (read.take(), HexBytes(key()));
		if !keys.contains(&key) {
			keys.push(key);
		}
		read.set(keys);
	}

	/// What was noted, in the order in which it was read first.
	pub fn into_keys(self) -> Vec<HexBytes> {
		self.0.map(Cell::into_inner).unwrap_or_default()
	}
}
