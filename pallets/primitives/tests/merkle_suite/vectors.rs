// SPDX-License-Identifier: Apache-2.0
//! Known answers: the reference inputs of the Certificate Transparency implementations, and the frozen encodings.

use codec::{Decode, Encode};
use epidaurus_primitives::merkle::{
	empty_root, leaf_hash, prove_consistency, prove_inclusion, root, verify_consistency, verify_inclusion, Frontier,
	Hash, ProofError,
};
use hex_literal::hex;

use crate::common::{at, store_of, H};

pub const ENTRIES: [&[u8]; 8] = [
	&[],
	&[0x00],
	&[0x10],
	&hex!("2021"),
	&hex!("3031"),
	&hex!("40414243"),
	&hex!("5051525354555657"),
	&hex!("606162636465666768696a6b6c6d6e6f"),
];

/// Roots of the first 0 to 8 entries.
pub const ROOTS: [Hash; 9] = [
	hex!("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
	hex!("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
	hex!("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
	hex!("aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
	hex!("d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
	hex!("4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
	hex!("76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"),
	hex!("ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
	hex!("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
];

const LEAF_0: Hash = hex!("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
const LEAF_1: Hash = hex!("96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7");
const LEAF_4: Hash = hex!("bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b");
const NODE_0_1: Hash = hex!("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
const NODE_2_3: Hash = hex!("5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e");
const NODE_4_5: Hash = hex!("0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a");
const NODE_6_7: Hash = hex!("ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0");
const NODE_0_3: Hash = hex!("d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
const NODE_4_7: Hash = hex!("6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");

fn reference_leaves() -> Vec<Hash> {
	ENTRIES.iter().map(|entry| leaf_hash::<H>(entry)).collect()
}

#[test]
fn root_of_reference_entries_works() {
	let leaves = reference_leaves();
	assert_eq!(empty_root::<H>(), ROOTS[0]);
	for (size, expected) in ROOTS.iter().enumerate() {
		assert_eq!(root::<H>(&leaves[..size]), *expected, "{size} leaves");
	}
}

#[test]
fn inclusion_of_reference_entries_works() {
	let leaves = reference_leaves();
	let store = store_of(&leaves);
	let cases: [(u64, u64, &[Hash]); 7] = [
		(0, 1, &[]),
		(0, 2, &[LEAF_1]),
		(1, 2, &[LEAF_0]),
		(2, 3, &[NODE_0_1]),
		(1, 5, &[LEAF_0, NODE_2_3, LEAF_4]),
		(0, 8, &[LEAF_1, NODE_2_3, NODE_4_7]),
		(5, 8, &[LEAF_4, NODE_6_7, NODE_0_3]),
	];
	for (index, size, path) in cases {
		assert_eq!(prove_inclusion::<H, _>(&store, index, size).unwrap(), path, "{index} of {size}");
		assert_eq!(verify_inclusion::<H>(&leaves[at(index)], index, size, path, &ROOTS[at(size)]), Ok(()));
	}
}

#[test]
fn consistency_of_reference_entries_works() {
	let store = store_of(&reference_leaves());
	let cases: [(u64, u64, &[Hash]); 6] = [
		(0, 8, &[]),
		(1, 1, &[]),
		(1, 8, &[LEAF_1, NODE_2_3, NODE_4_7]),
		(2, 5, &[NODE_2_3, LEAF_4]),
		(6, 8, &[NODE_4_5, NODE_6_7, NODE_0_3]),
		(4, 8, &[NODE_4_7]),
	];
	for (old, new, path) in cases {
		assert_eq!(prove_consistency::<H, _>(&store, old, new).unwrap(), path, "{old} -> {new}");
		assert_eq!(verify_consistency::<H>(old, &ROOTS[at(old)], new, &ROOTS[at(new)], path), Ok(()));
	}
}

#[test]
fn proof_error_encoding_is_frozen() {
	let cases: [(ProofError, &[u8]); 8] = [
		(ProofError::EmptyTree, &hex!("00")),
		(ProofError::IndexOutOfRange { index: 9, size: 0x0102 }, &hex!("01 0900000000000000 0201000000000000")),
		(ProofError::SizeTooLarge, &hex!("02")),
		(ProofError::SizeShrinks { old: 8, new: 7 }, &hex!("03 0800000000000000 0700000000000000")),
		(ProofError::PathTooShort { expected: 3, got: 2 }, &hex!("04 03000000 02000000")),
		(ProofError::PathTooLong { expected: 63, got: 0x0100 }, &hex!("05 3f000000 00010000")),
		(ProofError::RootMismatch, &hex!("06")),
		(ProofError::OldRootMismatch, &hex!("07")),
	];
	for (error, bytes) in cases {
		assert_eq!(error.encode(), bytes, "{error:?}");
		assert_eq!(ProofError::decode(&mut &*bytes).unwrap(), error);
	}
	assert!(ProofError::decode(&mut &[8_u8][..]).is_err());
}

#[test]
fn frontier_encoding_is_frozen() {
	let mut frontier = Frontier::new();
	assert_eq!(frontier.encode(), hex!("0000000000000000 00"));
	for leaf in &reference_leaves()[..5] {
		frontier.append::<H>(*leaf).unwrap();
	}
	let bytes = [&hex!("0500000000000000 08")[..], &NODE_0_3, &LEAF_4].concat();
	assert_eq!(frontier.encode(), bytes);
	assert_eq!(Frontier::decode(&mut &*bytes).unwrap(), frontier);
}

#[test]
fn proof_error_display_says_the_numbers() {
	let text = ProofError::PathTooShort { expected: 3, got: 2 }.to_string();
	assert_eq!(text, "path too short: 2 hashes instead of 3");
	assert_eq!(ProofError::SizeShrinks { old: 8, new: 7 }.to_string(), "the log would shrink from 8 to 7 leaves");
	assert_eq!(ProofError::IndexOutOfRange { index: 9, size: 8 }.to_string(), "no leaf 9 in a tree of 8");
}

#[cfg(feature = "serde")]
#[test]
fn proof_error_json_is_frozen() {
	let cases = [
		(
			ProofError::SizeShrinks { old: u64::MAX, new: 7 },
			r#"{"sizeShrinks":{"old":"18446744073709551615","new":"7"}}"#,
		),
		(ProofError::IndexOutOfRange { index: 9, size: 8 }, r#"{"indexOutOfRange":{"index":"9","size":"8"}}"#),
		(ProofError::PathTooLong { expected: 3, got: 4 }, r#"{"pathTooLong":{"expected":3,"got":4}}"#),
		(ProofError::RootMismatch, r#""rootMismatch""#),
	];
	for (error, json) in cases {
		assert_eq!(serde_json::to_string(&error).unwrap(), json);
		assert_eq!(serde_json::from_str::<ProofError>(json).unwrap(), error);
	}
}
