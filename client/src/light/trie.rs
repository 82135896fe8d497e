// SPDX-License-Identifier: Apache-2.0
//! The read proof: trie nodes that lead from a state root to values, or show that there are none.

use super::refused::ProofRefused;
use epidaurus_primitives::proof::HexBytes;
use sp_core::{Blake2Hasher, Hasher, H256};
use sp_trie::{trie_types::TrieDBBuilder, LayoutV1, MemoryDB, Recorder, StorageProof, Trie, TrieError};
use std::collections::BTreeSet;

/// The nodes of a proof take at most so many bytes.
pub const MAX_PROOF: usize = 1 << 20;

type Layout = LayoutV1<Blake2Hasher>;

/// The nodes of a proof, and which of them were needed.
pub(super) struct Nodes {
	root: H256,
	nodes: MemoryDB<Blake2Hasher>,
	given: BTreeSet<H256>,
	used: BTreeSet<H256>,
}

impl Nodes {
	/// Takes the nodes of a proof under a root. A node that comes twice is one that is not needed.
	pub fn new(root: [u8; 32], nodes: &[HexBytes]) -> Result<Self, ProofRefused> {
		let bytes = nodes.iter().fold(0, |sum: usize, node| sum.saturating_add(node.0.len()));
		if bytes > MAX_PROOF {
			return Err(ProofRefused::TooLarge { bytes });
		}
		let proof = StorageProof::new_with_duplicate_nodes_check(nodes.iter().map(|node| node.0.clone()))
			.map_err(|_| ProofRefused::Surplus)?;
		let given = proof.iter_nodes().map(|node| Blake2Hasher::hash(node)).collect();
		Ok(Self { root: root.into(), nodes: proof.into_memory_db(), given, used: BTreeSet::new() })
	}

	/// What stands under a key. That nothing does is proven as well.
	pub fn value(&mut self, key: &[u8]) -> Result<Option<Vec<u8>>, ProofRefused> {
		let mut recorder = Recorder::<Layout>::new();
		let trie = TrieDBBuilder::<Blake2Hasher>::new(&self.nodes, &self.root).with_recorder(&mut recorder).build();
		let value = trie.get(key).map_err(|error| match *error {
			TrieError::<Layout>::InvalidStateRoot(_) => ProofRefused::OtherState,
			TrieError::<Layout>::IncompleteDatabase(_) => ProofRefused::Incomplete,
			_ => ProofRefused::BadNode,
		});
		self.used.extend(recorder.drain().into_iter().map(|record| record.hash));
		value
	}

	/// After all values were read: nothing was given that was not needed.
	pub fn ensure_all_used(&self) -> Result<(), ProofRefused> {
		if self.given.is_subset(&self.used) {
			Ok(())
		} else {
			Err(ProofRefused::Surplus)
		}
	}
}
