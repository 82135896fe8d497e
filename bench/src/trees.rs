// SPDX-License-Identifier: Apache-2.0
//! Building Merkle trees, against hashing as much and against other libraries.

use crate::{
	error::{Error, Result},
	report::{Finding, Goal, Measure, Report},
	stats::{paired_ratio, rates, side_by_side},
};
use ct_merkle::{
	digest::{consts::U32, FixedOutput, HashMarker, Output, OutputSizeUser, Update},
	mem_backed_tree::MemoryBackedTree,
};
use epidaurus_primitives::{
	hash::NativeSha256,
	merkle::{leaf_hash, root, Frontier, Hash, MemoryStore},
};
use rs_merkle::{algorithms, MerkleTree};
use sha2::{Digest, Sha256};
use std::hint::black_box;

/// The subcommand.
pub const PART: &str = "trees";
/// What it is about.
pub const TITLE: &str = "Merkle trees, against raw hashing and other libraries";

/// Bytes that a node of RFC 6962 hashes: a prefix and two hashes.
const NODE: usize = 65;

/// SHA-256 of the crate `sha2`, which we use too, under the traits that ct-merkle asks for.
#[derive(Clone, Default)]
struct SameHash(Sha256);

impl HashMarker for SameHash {}

impl OutputSizeUser for SameHash {
	type OutputSize = U32;
}

impl Update for SameHash {
	fn update(&mut self, bytes: &[u8]) {
		Digest::update(&mut self.0, bytes);
	}
}

impl FixedOutput for SameHash {
	fn finalize_into(self, out: &mut Output<Self>) {
		out.copy_from_slice(&self.0.finalize());
	}
}

fn failed(error: impl std::fmt::Display) -> Error {
	Error::Wrong(error.to_string())
}

/// Measures it on one core.
pub fn measure(leaves: usize, repetitions: usize) -> Result<Report> {
	if leaves < 2 {
		return Err(Error::Usage("a tree to measure has at least two leaves".into()));
	}
	let entries: Vec<[u8; 32]> = (0..leaves as u64).map(entry).collect();
	let hashes: Vec<Hash> = entries.iter().map(|entry| leaf_hash::<NativeSha256>(entry)).collect();
	let expected = root::<NativeSha256>(&hashes);
	let same = |found: &[u8]| match found == expected {
		true => Ok(()),
		false => Err(Error::Wrong("another root".into())),
	};

	let mut raw = || raw(&hashes);
	let mut kept = || same(&log_of(hashes.iter().copied())?.frontier().root::<NativeSha256>());
	let mut root_only = || same(&root::<NativeSha256>(black_box(&hashes)));
	let mut frontier = || frontier(&hashes).and_then(|root| same(&root));
	let mut rs_merkle = || rs_merkle(&hashes);
	let mut from_entries = || {
		same(&log_of(entries.iter().map(|entry| leaf_hash::<NativeSha256>(entry)))?.frontier().root::<NativeSha256>())
	};
	let mut ct = || same(&ct_merkle(&entries));
	let seconds = side_by_side(
		repetitions,
		&mut [&mut raw, &mut kept, &mut root_only, &mut frontier, &mut rs_merkle, &mut from_entries, &mut ct],
	)?;
	let [raw, kept, root_only, frontier, rs_merkle, from_entries, ct] = seconds.as_slice() else {
		return Err(Error::Wrong("seven things are timed".into()));
	};
	let count = leaves as f64;
	let measures = [
		("raw: one SHA-256 over 65 bytes for each node, nothing kept", raw),
		("ours, appending, every node kept", kept),
		("ours, root of a list of leaves", root_only),
		("ours, appending, only the frontier kept", frontier),
		("rs_merkle, from a list of leaves, every node kept", rs_merkle),
		("ours, from entries (leaves hashed too), every node kept", from_entries),
		("ct-merkle, from entries (leaves hashed too), every node kept", ct),
	];
	Ok(Report {
		part: PART,
		title: TITLE,
		setting: vec![
			format!(
				"{} leaves, one thread, SHA-256 of the crate sha2 everywhere. Ours and ct-merkle build the tree of RFC 6962 (nodes are hashes of 65 \
				 bytes, two blocks) and their roots are compared; rs_merkle 1.5.0 builds a tree without prefixes (64 bytes, also two blocks).",
				crate::report::number(count)
			),
			"ct-merkle 0.3.0 is told which entries there are and keeps them; ours keeps hashes only.".into(),
		],
		measures: measures.map(|(what, seconds)| Measure::of(what, "leaves/s per core", &rates(count, seconds))).to_vec(),
		findings: vec![
			Finding::ratio("ours (every node kept) to raw hashing", paired_ratio(raw, kept)).goal(Goal::AtLeast(0.8)),
			Finding::ratio("ours (root of a list) to raw hashing", paired_ratio(raw, root_only)),
			Finding::ratio("ours (only the frontier) to raw hashing", paired_ratio(raw, frontier)),
			Finding::ratio("ours (every node kept) to rs_merkle", paired_ratio(rs_merkle, kept)),
			Finding::ratio("ours (from entries) to ct-merkle", paired_ratio(ct, from_entries)),
		],
		..Report::default()
	})
}

fn entry(number: u64) -> [u8; 32] {
	Sha256::digest(number.to_le_bytes()).into()
}

fn raw(leaves: &[Hash]) -> Result<()> {
	let mut node = [1; NODE];
	for pair in leaves.windows(2) {
		node[1..33].copy_from_slice(&pair[0]);
		node[33..].copy_from_slice(&pair[1]);
		black_box(Sha256::digest(node));
	}
	Ok(())
}

fn log_of(leaves: impl Iterator<Item = Hash>) -> Result<MemoryStore> {
	let mut log = MemoryStore::new();
	for leaf in leaves {
		log.append::<NativeSha256>(leaf).map_err(failed)?;
	}
	Ok(log)
}

fn frontier(leaves: &[Hash]) -> Result<Hash> {
	let mut frontier = Frontier::new();
	for leaf in leaves {
		frontier.append::<NativeSha256>(*leaf).map_err(failed)?;
	}
	Ok(frontier.root::<NativeSha256>())
}

fn rs_merkle(leaves: &[Hash]) -> Result<()> {
	let tree = MerkleTree::<algorithms::Sha256>::from_leaves(leaves);
	black_box(tree.root()).map(|_| ()).ok_or_else(|| failed("rs_merkle gives no root"))
}

fn ct_merkle(entries: &[[u8; 32]]) -> Hash {
	let mut tree = MemoryBackedTree::<SameHash, [u8; 32]>::new();
	for entry in entries {
		tree.push(*entry);
	}
	let mut root = [0; 32];
	root.copy_from_slice(tree.root().as_bytes());
	root
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn every_way_gives_a_root_and_ours_and_ct_merkle_the_same() {
		for leaves in [2, 3, 64, 100] {
			let report = measure(leaves, 1).unwrap();
			assert_eq!(report.measures.len(), 7);
			assert!(report.findings.iter().all(|finding| finding.value > 0.0));
		}
	}

	#[test]
	fn a_tree_of_one_leaf_is_refused() {
		assert!(matches!(measure(1, 1), Err(Error::Usage(_))));
	}
}
