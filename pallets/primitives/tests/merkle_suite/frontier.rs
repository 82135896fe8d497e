// SPDX-License-Identifier: Apache-2.0
//! The frontier: appending gives the same roots as the whole tree, and what is read back fits together.

use std::collections::BTreeMap;

use codec::{Compact, Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use epidaurus_primitives::merkle::{
	empty_root, leaf_hash, root, Frontier, Hash, NodeMissing, NodeStore, ProofError, MAX_LOG_SIZE,
};
use proptest::prelude::*;

use crate::common::{at, leaves, len_u64, reference_root, store_of, H};

fn frontier_of(leaves: &[Hash]) -> Frontier {
	let mut frontier = Frontier::new();
	for leaf in leaves {
		frontier.append::<H>(*leaf).unwrap();
	}
	frontier
}

/// A frontier of any size, with made-up peaks.
fn made_up(size: u64) -> Frontier {
	let peaks = (0..size.count_ones()).map(|peak| leaf_hash::<H>(&peak.encode())).collect();
	Frontier::from_peaks(size, peaks).unwrap()
}

#[test]
fn root_of_every_size_works() {
	let leaves = leaves(300);
	let mut frontier = Frontier::new();
	assert_eq!((frontier.size(), frontier.root::<H>()), (0, empty_root::<H>()));
	for (size, leaf) in (1_u64..).zip(&leaves) {
		frontier.append::<H>(*leaf).unwrap();
		let expected = reference_root(&leaves[..at(size)]);
		assert_eq!(frontier.size(), size);
		assert_eq!(frontier.root::<H>(), expected, "{size} leaves");
		assert_eq!(root::<H>(&leaves[..at(size)]), expected, "{size} leaves");
		assert_eq!(len_u64(frontier.peaks()), u64::from(size.count_ones()));
	}
}

#[test]
fn append_with_reports_every_complete_node_once() {
	let leaves = leaves(130);
	let mut nodes = BTreeMap::new();
	let mut frontier = Frontier::new();
	for (size, leaf) in (1_u64..).zip(&leaves) {
		let mut reported = Vec::new();
		frontier.append_with::<H>(*leaf, |level, index, hash| reported.push((level, index, *hash))).unwrap();
		assert_eq!(reported[0], (0, size - 1, *leaf));
		assert!(reported.iter().zip(0..).all(|(node, level)| node.0 == level), "from the leaf upwards");
		for (level, index, hash) in reported {
			assert!((index + 1) << level == size, "completed by this leaf and no other");
			assert_eq!(nodes.insert((level, index), hash), None, "reported once");
		}
	}
	for level in 0..8 {
		for (index, leaves) in (0_u64..).zip(leaves.chunks_exact(1 << level)) {
			assert_eq!(nodes.remove(&(level, index)), Some(reference_root(leaves)), "node ({level}, {index})");
		}
	}
	assert!(nodes.is_empty(), "no node that is not complete");
}

#[test]
fn append_to_full_log_fails() {
	let leaf = leaf_hash::<H>(b"last");
	let mut frontier = made_up(MAX_LOG_SIZE - 1);
	let mut reported = 0;
	frontier.append_with::<H>(leaf, |_, _, _| reported += 1).unwrap();
	assert_eq!((frontier.size(), frontier.peaks().len(), reported), (MAX_LOG_SIZE, 1, 63));
	let full = frontier.clone();
	let refused = frontier.append_with::<H>(leaf, |_, _, _| panic!("nothing is completed"));
	assert_eq!(refused, Err(ProofError::SizeTooLarge));
	assert_eq!(frontier.append::<H>(leaf), Err(ProofError::SizeTooLarge));
	assert_eq!(frontier, full);
}

#[test]
fn from_peaks_of_wrong_number_fails() {
	let peak = leaf_hash::<H>(b"peak");
	for (size, peaks) in [(0, 1), (1, 0), (1, 2), (5, 1), (5, 3), (MAX_LOG_SIZE, 0), (MAX_LOG_SIZE, 2)] {
		assert_eq!(Frontier::from_peaks(size, vec![peak; peaks]), None, "{peaks} peaks of {size}");
	}
	assert_eq!(Frontier::from_peaks(MAX_LOG_SIZE + 1, vec![peak; 2]), None);
	assert_eq!(Frontier::from_peaks(u64::MAX, vec![peak; 64]), None);
	assert!(Frontier::from_peaks(MAX_LOG_SIZE, vec![peak]).is_some());
	assert_eq!(Frontier::from_peaks(0, Vec::new()), Some(Frontier::new()));
}

#[test]
fn decode_of_malformed_frontier_fails() {
	let peak = leaf_hash::<H>(b"peak");
	for (size, peaks) in
		[(0, 1), (1, 0), (1, 2), (5, 1), (5, 3), (MAX_LOG_SIZE, 2), (MAX_LOG_SIZE + 1, 2), (u64::MAX, 64)]
	{
		let bytes = (size, vec![peak; peaks]).encode();
		assert!(Frontier::decode(&mut &*bytes).is_err(), "{peaks} peaks of {size}");
	}
	// A count that no size wants is refused before anything is read or set aside for it.
	assert!(Frontier::decode(&mut &*(u64::MAX, Compact(u32::MAX)).encode()).is_err());
	let whole = made_up(0b1011).encode();
	for short in 0..whole.len() {
		assert!(Frontier::decode(&mut &whole[..short]).is_err(), "{short} bytes");
	}
	assert_eq!(Frontier::decode(&mut &*whole).unwrap(), made_up(0b1011));
}

#[test]
fn encoded_length_is_bounded() {
	let largest = made_up(MAX_LOG_SIZE - 1);
	assert_eq!(largest.peaks().len(), 62);
	assert_eq!(largest.encoded_size(), Frontier::max_encoded_len());
	assert_eq!(Frontier::max_encoded_len(), 8 + 1 + 62 * 32);
	fn ensure_tracked<T: DecodeWithMemTracking>() {}
	ensure_tracked::<Frontier>();
}

#[test]
fn memory_store_holds_what_is_complete() {
	let store = store_of(&leaves(5));
	assert_eq!(store.frontier(), frontier_of(&leaves(5)));
	assert_eq!(store.node(2, 0), Ok(reference_root(&leaves(4))));
	for (level, index) in [(0, 5), (1, 2), (2, 1), (3, 0), (u32::MAX, 0), (0, u64::MAX)] {
		assert_eq!(store.node(level, index), Err(NodeMissing { level, index }));
	}
	assert_eq!(NodeMissing { level: 1, index: 2 }.to_string(), "no complete node 2 at level 1");
}

#[cfg(feature = "serde")]
#[test]
fn deserialise_of_malformed_frontier_fails() {
	let frontier = frontier_of(&leaves(5));
	let json = serde_json::to_value(&frontier).unwrap();
	assert_eq!(json["size"], "5");
	assert!(json["peaks"][1].as_str().unwrap().starts_with("0x"));
	assert_eq!(serde_json::from_value::<Frontier>(json.clone()).unwrap(), frontier);
	for size in ["4", "7", "4611686018427387905"] {
		let mut wrong = json.clone();
		wrong["size"] = size.into();
		assert!(serde_json::from_value::<Frontier>(wrong).is_err(), "two peaks of {size}");
	}
	let mut wrong = json;
	wrong["peaks"].as_array_mut().unwrap().pop();
	assert!(serde_json::from_value::<Frontier>(wrong).is_err());
}

proptest! {
	#[test]
	fn root_of_random_leaves_works(leaves in proptest::collection::vec(any::<Hash>(), 0..600)) {
		prop_assert_eq!(frontier_of(&leaves).root::<H>(), root::<H>(&leaves));
	}

	#[test]
	fn decode_of_encoded_works(size in prop_oneof![0..100_u64, 0..=MAX_LOG_SIZE], more in 0..5_u32) {
		let mut frontier = made_up(size);
		for leaf in 0..more {
			if frontier.append::<H>(leaf_hash::<H>(&leaf.encode())).is_err() {
				prop_assert_eq!(frontier.size(), MAX_LOG_SIZE);
			}
		}
		prop_assert_eq!(Frontier::decode(&mut &*frontier.encode()).unwrap(), frontier);
	}

	#[test]
	fn decode_of_garbage_never_breaks_the_rule(
		bytes in proptest::collection::vec(any::<u8>(), 0..200),
		size in 0..8_u8,
	) {
		// Mostly small sizes, so that some of the garbage does decode.
		let bytes = [&[size, 0, 0, 0, 0, 0, 0, 0][..], &[(size.count_ones() << 2) as u8], &bytes].concat();
		if let Ok(frontier) = Frontier::decode(&mut &*bytes) {
			prop_assert_eq!(len_u64(frontier.peaks()), u64::from(frontier.size().count_ones()));
			frontier.root::<H>();
		}
		let _ = Frontier::decode(&mut &bytes[9..]);
	}
}
