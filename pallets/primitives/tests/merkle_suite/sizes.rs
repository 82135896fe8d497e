// SPDX-License-Identifier: Apache-2.0
//! What a root says about its size, and what it does not: the statements of the module's documentation, tried on every
//! pair of small trees.

use epidaurus_primitives::merkle::{
	consistency_path_len, empty_root, inclusion_path_len, prove_consistency, prove_inclusion, verify_consistency,
	verify_inclusion, Hash, MemoryStore, ProofError, MAX_LOG_SIZE,
};
use proptest::prelude::*;

use crate::common::{at, is_wrong_length, leaves, roots, split, store_of, H};

/// The sides on which a leaf meets its siblings, lowest first, by RFC 6962's definition of PATH.
fn turns(index: usize, size: usize) -> String {
	if size == 1 {
		return String::new();
	}
	let k = split(size);
	if index < k {
		turns(index, k) + "R"
	} else {
		turns(index - k, size - k) + "L"
	}
}

/// The same for a consistency path by the definition of SUBPROOF; "S" where it carries the node to start from.
fn growth_turns(old: usize, new: usize, whole: bool) -> String {
	if old == new {
		return String::from(if whole { "" } else { "S" });
	}
	let k = split(new);
	if old <= k {
		growth_turns(old, k, whole) + "R"
	} else {
		growth_turns(old - k, new - k, false) + "L"
	}
}

struct Log {
	leaves: Vec<Hash>,
	store: MemoryStore,
	roots: Vec<Hash>,
}

fn log(size: u64) -> Log {
	let leaves = leaves(size);
	Log { store: store_of(&leaves), roots: roots(&leaves), leaves }
}

impl Log {
	/// Verifies the true path of (`index`, `size`) under the claim that it is of (`as_index`, `as_size`).
	fn claim(&self, (index, size): (u64, u64), (as_index, as_size): (u64, u64)) -> Result<(), ProofError> {
		let path = prove_inclusion::<H, _>(&self.store, index, size).unwrap();
		verify_inclusion::<H>(&self.leaves[at(index)], as_index, as_size, &path, &self.roots[at(size)])
	}

	/// Verifies the true path of `old -> new` under the claim that it is of `as_old -> as_new`.
	fn claim_growth(&self, (old, new): (u64, u64), (as_old, as_new): (u64, u64)) -> Result<(), ProofError> {
		let path = prove_consistency::<H, _>(&self.store, old, new).unwrap();
		verify_consistency::<H>(as_old, &self.roots[at(old)], as_new, &self.roots[at(new)], &path)
	}
}

/// At the true index a wrong size passes if it wants as many hashes; otherwise the length refuses it, never the root.
#[test]
fn inclusion_at_wrong_size_is_decided_by_length() {
	let log = log(40);
	for size in 1..=40 {
		for index in 0..size {
			for wrong in index + 1..=90 {
				let result = log.claim((index, size), (index, wrong));
				if inclusion_path_len(index, wrong) == inclusion_path_len(index, size) {
					assert_eq!(result, Ok(()), "{index} of {size} as of {wrong}");
				} else {
					assert!(is_wrong_length(result), "{index} of {size} as of {wrong}: {result:?}");
				}
			}
		}
	}
}

/// Those sizes lie next to each other and are 2^d, where d is the highest bit in which `index` and `size - 1` differ;
/// for the last leaf, where none differs, there is only the true size.
#[test]
fn inclusion_passes_for_a_run_of_sizes() {
	let log = log(40);
	for size in 1..=40_u64 {
		for index in 0..size {
			let passing = (1..=128).filter(|claimed| log.claim((index, size), (index, *claimed)).is_ok());
			let passing = passing.collect::<Vec<_>>();
			let expected = match (index ^ (size - 1)).checked_ilog2() {
				Some(highest) => {
					let first = ((index >> highest) | 1) << highest;
					(first + 1..=first + (1 << highest)).collect()
				},
				None => vec![size],
			};
			assert_eq!(passing, expected, "{index} of {size}");
		}
	}
}

/// The off-by-one sizes, written out for trees of up to eight leaves.
#[test]
fn inclusion_at_size_off_by_one_works_for_these_only() {
	let log = log(8);
	let passing = |by: u64| {
		let places = (1..8_u64).flat_map(|size| (0..size).map(move |index| (index, size)));
		places.filter(move |place| log.claim(*place, (place.0, place.1 + by)).is_ok()).collect::<Vec<_>>()
	};
	let below_two = [(0, 3), (1, 3)];
	let below_four = (5..8).flat_map(|size| (0..4).map(move |index| (index, size)));
	let mut expected = below_two.into_iter().chain(below_four).chain([(4, 7), (5, 7)]).collect::<Vec<_>>();
	expected.sort_by_key(|(index, size)| (*size, *index));
	assert_eq!(passing(1), expected);
}

/// A leaf passes at a place of another tree that lies on the same turns, and nowhere else.
#[test]
fn inclusion_at_another_place_is_decided_by_turns() {
	let log = log(18);
	for (size, claimed) in (1..=18).flat_map(|size| (1..=20).map(move |claimed| (size, claimed))) {
		for index in 0..size {
			for wrong in 0..claimed {
				let passes = log.claim((index, size), (wrong, claimed)).is_ok();
				let expected = turns(at(index), at(size)) == turns(at(wrong), at(claimed));
				assert_eq!(passes, expected, "{index} of {size} as {wrong} of {claimed}");
			}
		}
	}
	assert_eq!(log.claim((2, 3), (1, 2)), Ok(()), "the example of the documentation");
}

/// With sequence numbers in the leaves, the path of the last one binds the size.
#[test]
fn inclusion_of_last_sequence_number_binds_size() {
	let log = log(66);
	for size in 1..=66 {
		for claimed in 1..=66 {
			let last = claimed - 1;
			let passes = last < size && log.claim((last, size), (last, claimed)).is_ok();
			assert_eq!(passes, claimed == size, "{size} as {claimed}");
		}
	}
}

/// With the true old size, a wrong new size is decided by length alone, as for inclusion.
#[test]
fn consistency_at_wrong_new_size_is_decided_by_length() {
	let log = log(30);
	for new in 2..=30 {
		for old in 1..new {
			for wrong in 0..=70 {
				let result = log.claim_growth((old, new), (old, wrong));
				if wrong < old {
					assert_eq!(result, Err(ProofError::SizeShrinks { old, new: wrong }));
				} else if consistency_path_len(old, wrong) == consistency_path_len(old, new) {
					assert_eq!(result, Ok(()), "{old} -> {new} as -> {wrong}");
				} else {
					assert!(is_wrong_length(result), "{old} -> {new} as -> {wrong}: {result:?}");
				}
			}
		}
	}
}

/// With the true new size, no wrong old size passes.
#[test]
fn consistency_at_wrong_old_size_fails() {
	let log = log(40);
	for new in 2..=40 {
		for old in 1..new {
			for wrong in (0..=new + 1).filter(|wrong| *wrong != old) {
				assert!(log.claim_growth((old, new), (wrong, new)).is_err(), "{old} -> {new} as {wrong} ->");
			}
		}
	}
}

/// With both sizes wrong, a path passes where both trees climb the same way, and nowhere else.
#[test]
fn consistency_at_wrong_sizes_is_decided_by_turns() {
	let log = log(13);
	for (new, claimed) in (2..=13_u64).flat_map(|new| (1..=16_u64).map(move |claimed| (new, claimed))) {
		for old in 1..new {
			for wrong in 1..claimed {
				let passes = log.claim_growth((old, new), (wrong, claimed)).is_ok();
				let expected = growth_turns(at(old), at(new), true) == growth_turns(at(wrong), at(claimed), true);
				assert_eq!(passes, expected, "{old} -> {new} as {wrong} -> {claimed}");
			}
			assert!(log.claim_growth((old, new), (claimed, claimed)).is_err());
			assert!(log.claim_growth((old, new), (0, claimed)).is_err());
		}
	}
	assert_eq!(log.claim_growth((1, 2), (2, 3)), Ok(()), "the example of the documentation");
}

/// A log of `n` leaves passes for the start of any larger one: growth from the empty log binds nothing.
#[test]
fn growth_from_empty_log_binds_no_size() {
	let roots = roots(&leaves(5));
	for claimed in 1..=9 {
		assert_eq!(verify_consistency::<H>(0, &empty_root::<H>(), claimed, &roots[5], &[]), Ok(()));
	}
}

proptest! {
	/// The rule of the run of sizes, for logs of every length.
	#[test]
	fn sizes_that_want_the_same_length_share_a_run(
		size in (1..=62_u32, 1..=MAX_LOG_SIZE).prop_map(|(bits, size)| (size >> (62 - bits)).max(1)),
		part in 0.0..1.0_f64,
		flip in 0..62_u32,
	) {
		let index = ((size as f64 * part) as u64).min(size - 1);
		let other = ((size - 1) ^ (1 << flip)) + 1;
		prop_assume!(index < other && other <= MAX_LOG_SIZE);
		let same_run = (index ^ (size - 1)).leading_zeros() == (index ^ (other - 1)).leading_zeros();
		prop_assert_eq!(inclusion_path_len(index, size) == inclusion_path_len(index, other), same_run);
	}
}
