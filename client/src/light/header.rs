// SPDX-License-Identifier: Apache-2.0
//! Headers of blocks, as far as they matter here: which hash they have and which state they stand for.

use crate::record::InputError;
use codec::{Compact, Decode, Encode};
use epidaurus_primitives::proof::{BlockHash, HexBytes};
use serde::Deserialize;
use sp_crypto_hashing::blake2_256;
use std::path::Path;

const WHAT: &str = "a block header";

/// What a header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
	/// Hash of the block: BLAKE2b-256 of the header.
	pub hash: BlockHash,
	/// Number of the block.
	pub number: u32,
	/// Root of the trie over the state after the block.
	pub state_root: [u8; 32],
}

impl Header {
	/// Reads a header in SCALE. What follows the roots is only hashed: the seals differ from chain to chain.
	pub fn decode(bytes: &[u8]) -> Option<Self> {
		type Fields = ([u8; 32], Compact<u32>, [u8; 32], [u8; 32]);
		let input = &mut &bytes[..];
		let (_, Compact(number), state_root, _) = Fields::decode(input).ok()?;
		// A header without a digest has one byte here, which says so.
		if input.is_empty() {
			return None;
		}
		Some(Self { hash: BlockHash(blake2_256(bytes)), number, state_root })
	}

	/// Reads a header from a file: in SCALE as hexadecimal digits, or in the JSON that `chain_getHeader` answers.
	pub fn read(path: &Path) -> Result<Self, InputError> {
		let text = crate::bundle::read_text(path)?;
		let trimmed = text.trim();
		let bytes = if trimmed.starts_with("0x") {
			trimmed.parse().unwrap_or_default()
		} else {
			let json: Json = crate::bundle::parse(path, &text, WHAT)?;
			HexBytes(json.encoded())
		};
		Self::decode(&bytes.0).ok_or_else(|| InputError::Form {
			path: path.to_path_buf(),
			what: WHAT,
			line: 0,
			column: 0,
			problem: "these are not the bytes of a header".into(),
		})
	}
}

/// The JSON form of a header.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Json {
	parent_hash: BlockHash,
	number: Number,
	state_root: BlockHash,
	extrinsics_root: BlockHash,
	digest: Digest,
}

#[derive(Deserialize)]
struct Digest {
	/// Each in SCALE.
	logs: Vec<HexBytes>,
}

/// Nodes write it in hexadecimal, libraries as a number.
#[derive(Deserialize)]
#[serde(try_from = "serde_json::Value")]
struct Number(u32);

impl TryFrom<serde_json::Value> for Number {
	type Error = &'static str;

	fn try_from(value: serde_json::Value) -> Result<Self, Self::Error> {
		let number = match &value {
			serde_json::Value::Number(number) => number.as_u64().and_then(|number| number.try_into().ok()),
			serde_json::Value::String(text) => {
				text.strip_prefix("0x").and_then(|digits| u32::from_str_radix(digits, 16).ok())
			},
			_ => None,
		};
		number.map(Self).ok_or("the number of a block")
	}
}

impl Json {
	fn encoded(&self) -> Vec<u8> {
		let mut bytes =
			(self.parent_hash.0, Compact(self.number.0), self.state_root.0, self.extrinsics_root.0).encode();
		let count = u32::try_from(self.digest.logs.len()).unwrap_or(u32::MAX);
		bytes.extend(Compact(count).encode());
		self.digest.logs.iter().for_each(|log| bytes.extend_from_slice(&log.0));
		bytes
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::fs;

	/// A header with a seal of two bytes, as a node would write it.
	const JSON: &str = r#"{"parentHash":"0x0101010101010101010101010101010101010101010101010101010101010101",
		"number":"0x4d","stateRoot":"0x0202020202020202020202020202020202020202020202020202020202020202",
		"extrinsicsRoot":"0x0303030303030303030303030303030303030303030303030303030303030303",
		"digest":{"logs":["0x08", "0x0642"]}}"#;

	fn scale() -> Vec<u8> {
		let (parent, state, extrinsics) = ([1; 32], [2; 32], [3; 32]);
		// 77 takes two bytes in the compact form.
		[&parent[..], &[0x35, 0x01], &state, &extrinsics, &[8, 8, 6, 0x42]].concat()
	}

	fn read(text: &str) -> Result<Header, InputError> {
		let folder = tempfile::tempdir().unwrap();
		let path = folder.path().join("header");
		fs::write(&path, text).unwrap();
		Header::read(&path)
	}

	#[test]
	fn both_forms_of_a_header_are_the_same_header() {
		let header = Header::decode(&scale()).unwrap();
		assert_eq!((header.number, header.state_root), (77, [2; 32]));
		assert_eq!(header.hash, BlockHash(blake2_256(&scale())));
		assert_eq!(read(JSON).unwrap(), header);
		assert_eq!(read(&JSON.replace("\"0x4d\"", "77")).unwrap(), header);
		assert_eq!(read(&format!("{}\n", crate::bundle::hex(&scale()))).unwrap(), header);
	}

	#[test]
	fn every_byte_of_a_header_matters() {
		let hash = Header::decode(&scale()).unwrap().hash;
		for index in 0..scale().len() {
			let mut bytes = scale();
			bytes[index] ^= 1;
			assert!(Header::decode(&bytes).is_none_or(|header| header.hash != hash), "{index}");
		}
	}

	#[test]
	fn what_is_no_header_is_refused() {
		assert_eq!(Header::decode(&scale()[..98]), None, "it ends before the digest");
		assert_eq!(Header::decode(&[]), None);
		for text in
			["", "0x12", "0x1", "0xzz", "{}", "[]", &JSON.replace("0x4d", "0x1ffffffff"), &JSON.replace("0x4d", "77")]
		{
			let error = read(text).unwrap_err();
			assert_eq!(error.name(), "bad-form", "{text}: {error}");
		}
	}
}
