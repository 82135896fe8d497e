// SPDX-License-Identifier: Apache-2.0
//! Against `ct-merkle`, an independent implementation: same roots, same paths, and each verifies the other's.

use core::mem;

use ct_merkle::{
	digest::{consts::U32, FixedOutput, HashMarker, Output, OutputSizeUser, Update},
	mem_backed_tree::MemoryBackedTree,
	ConsistencyProof, InclusionProof, RootHash,
};
use epidaurus_primitives::{
	hash::Sha256,
	merkle::{
		leaf_hash, prove_consistency, prove_inclusion, root, verify_consistency, verify_inclusion, Hash, MemoryStore,
	},
};
use proptest::prelude::*;

use crate::{
	common::{at, entry, len_u64, H},
	vectors::{ENTRIES, ROOTS},
};

/// Our SHA-256 under the digest trait of `ct-merkle`, which is of a later generation than our `sha2`.
#[derive(Clone, Default)]
struct Theirs(Vec<u8>);

impl HashMarker for Theirs {}

impl OutputSizeUser for Theirs {
	type OutputSize = U32;
}

impl Update for Theirs {
	fn update(&mut self, data: &[u8]) {
		self.0.extend_from_slice(data);
	}
}

impl FixedOutput for Theirs {
	fn finalize_into(mut self, out: &mut Output<Self>) {
		out.copy_from_slice(&H::hash(&[&mem::take(&mut self.0)]));
	}
}

/// The same log in both implementations.
struct Both {
	ours: MemoryStore,
	theirs: MemoryBackedTree<Theirs, Vec<u8>>,
	leaves: Vec<Hash>,
}

impl Both {
	fn new() -> Self {
		Self { ours: MemoryStore::new(), theirs: MemoryBackedTree::new(), leaves: Vec::new() }
	}

	fn of(entries: impl IntoIterator<Item = Vec<u8>>) -> Self {
		let mut both = Self::new();
		entries.into_iter().for_each(|entry| both.push(entry));
		both
	}

	fn push(&mut self, entry: Vec<u8>) {
		let leaf = leaf_hash::<H>(&entry);
		self.leaves.push(leaf);
		self.ours.append::<H>(leaf).unwrap();
		self.theirs.push(entry);
	}

	fn our_root(&self) -> Hash {
		root::<H>(&self.leaves)
	}

	fn their_root(&self) -> Hash {
		bytes(self.theirs.root().as_bytes())
	}

	fn assert_inclusion(&self, index: u64) {
		let size = len_u64(&self.leaves);
		let ours = prove_inclusion::<H, _>(&self.ours, index, size).unwrap();
		let theirs = self.theirs.prove_inclusion(at(index));
		assert_eq!(ours.concat(), theirs.as_bytes(), "{index} of {size}");

		let path = hashes(theirs.as_bytes());
		let leaf = &self.leaves[at(index)];
		assert_eq!(verify_inclusion::<H>(leaf, index, size, &path, &self.their_root()), Ok(()));
		let proof = InclusionProof::try_from_bytes(ours.concat()).unwrap();
		let entry = self.theirs.get(at(index)).unwrap();
		their_form(&self.our_root(), size).verify_inclusion(entry, index, &proof).unwrap();
	}

	/// `older`: the same log when it was smaller.
	fn assert_consistency(&self, older: &Self) {
		let (old, new) = (len_u64(&older.leaves), len_u64(&self.leaves));
		let ours = prove_consistency::<H, _>(&self.ours, old, new).unwrap();
		let theirs = self.theirs.prove_consistency(at(new - old));
		assert_eq!(ours.concat(), theirs.as_bytes(), "{old} -> {new}");

		let path = hashes(theirs.as_bytes());
		let verified = verify_consistency::<H>(old, &older.their_root(), new, &self.their_root(), &path);
		assert_eq!(verified, Ok(()), "{old} -> {new}");
		let proof = ConsistencyProof::try_from_bytes(ours.concat()).unwrap();
		let old_root = their_form(&older.our_root(), old);
		their_form(&self.our_root(), new).verify_consistency(&old_root, &proof).unwrap();
	}
}

fn their_form(root: &Hash, size: u64) -> RootHash<Theirs> {
	RootHash::new((*root).into(), size)
}

fn bytes(output: &Output<Theirs>) -> Hash {
	output.as_slice().try_into().unwrap()
}

fn hashes(path: &[u8]) -> Vec<Hash> {
	path.chunks_exact(32).map(|hash| hash.try_into().unwrap()).collect()
}

#[test]
fn known_roots_are_theirs_too() {
	let mut both = Both::new();
	assert_eq!(both.their_root(), ROOTS[0]);
	for (entry, expected) in ENTRIES.iter().zip(&ROOTS[1..]) {
		both.push(entry.to_vec());
		assert_eq!(both.their_root(), *expected);
	}
}

#[test]
fn every_proof_agrees() {
	let older = (0..=70).map(|size| Both::of((0..size).map(entry))).collect::<Vec<_>>();
	for both in &older {
		let size = len_u64(&both.leaves);
		assert_eq!(both.our_root(), both.their_root(), "{size} leaves");
		(0..size).for_each(|index| both.assert_inclusion(index));
		(1..size).for_each(|old| both.assert_consistency(&older[at(old)]));
	}
}

/// What a wrong proof is refused for may differ, whether it is refused may not.
#[test]
fn every_refusal_agrees() {
	let sizes = 12;
	let trees = (0..=sizes).map(|size| Both::of((0..size).map(entry))).collect::<Vec<_>>();
	for (true_size, both) in (0..).zip(&trees).skip(1) {
		for true_index in 0..true_size {
			let path = prove_inclusion::<H, _>(&both.ours, true_index, true_size).unwrap();
			let proof = InclusionProof::try_from_bytes(path.concat()).unwrap();
			let (leaf, root) = (both.leaves[at(true_index)], both.our_root());
			for size in 0..=sizes + 4 {
				for index in 0..=size {
					let ours = verify_inclusion::<H>(&leaf, index, size, &path, &root).is_ok();
					let theirs = their_form(&root, size).verify_inclusion(&entry(true_index), index, &proof).is_ok();
					assert_eq!(ours, theirs, "{true_index} of {true_size} as {index} of {size}");
				}
			}
		}
		for true_old in 1..true_size {
			let path = prove_consistency::<H, _>(&both.ours, true_old, true_size).unwrap();
			let proof = ConsistencyProof::try_from_bytes(path.concat()).unwrap();
			let (old_root, new_root) = (trees[at(true_old)].our_root(), both.our_root());
			for new in 1..=sizes + 4 {
				for old in 1..=new + 1 {
					let ours = verify_consistency::<H>(old, &old_root, new, &new_root, &path).is_ok();
					let theirs = their_form(&new_root, new).verify_consistency(&their_form(&old_root, old), &proof);
					assert_eq!(ours, theirs.is_ok(), "{true_old} -> {true_size} as {old} -> {new}");
				}
			}
		}
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(64))]
	#[test]
	fn random_proofs_agree(
		entries in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 2..400),
		pick in any::<proptest::sample::Index>(),
	) {
		let index = pick.index(entries.len() - 1);
		let older = Both::of(entries[..=index].iter().cloned());
		let both = Both::of(entries);
		prop_assert_eq!(both.our_root(), both.their_root());
		both.assert_inclusion(u64::try_from(index).unwrap());
		both.assert_consistency(&older);
	}
}
