// SPDX-License-Identifier: Apache-2.0
//! What a node answers about a state that is made up here, and what can be done to its proofs.

use crate::{
	light::{merged, Header, TrustedBlock},
	source::Source,
};
use codec::{Compact, Encode};
use epidaurus_primitives::proof::{BlockHash, HexBytes, ProvenItem, StateProof};
use sp_core::{Blake2Hasher, H256};
use sp_trie::{
	trie_types::{TrieDBBuilder, TrieDBMutBuilderV1},
	LayoutV1, MemoryDB, RandomState, Recorder, Trie, TrieMut,
};
use std::collections::BTreeMap;

/// What a node answers.
pub type Proof = StateProof<BlockHash>;

/// The values of a chain's state by their keys.
pub type State = BTreeMap<Vec<u8>, Vec<u8>>;

fn header(state_root: [u8; 32]) -> Vec<u8> {
	([1u8; 32], Compact(77u32), state_root, [3u8; 32], vec![[6u8; 4]]).encode()
}

/// What an honest node answers that has this state: header, values and the nodes on their paths.
pub fn prove(state: &State, keys: impl IntoIterator<Item = Vec<u8>>) -> (Proof, TrustedBlock) {
	let (mut nodes, mut root) = (MemoryDB::<Blake2Hasher>::with_hasher(RandomState::default()), H256::default());
	{
		let mut trie = TrieDBMutBuilderV1::new(&mut nodes, &mut root).build();
		for (key, value) in state {
			trie.insert(key, value).expect("a trie in memory");
		}
	}
	let mut recorder = Recorder::<LayoutV1<Blake2Hasher>>::new();
	let items: Vec<_> = {
		let trie = TrieDBBuilder::new(&nodes, &root).with_recorder(&mut recorder).build();
		let read = |key: Vec<u8>| {
			let value = trie.get(&key).expect("a trie in memory").map(HexBytes);
			ProvenItem { key: HexBytes(key), value }
		};
		keys.into_iter().map(read).collect()
	};
	let recorded: BTreeMap<_, _> =
		recorder.drain().into_iter().map(|record| (record.hash, HexBytes(record.data))).collect();
	answer_of(root.0, items, recorded.into_values().collect())
}

/// The same of a state that need not be one.
pub fn answer_of(root: [u8; 32], items: Vec<ProvenItem>, nodes: Vec<HexBytes>) -> (Proof, TrustedBlock) {
	let header = HexBytes(header(root));
	let known = Header::decode(&header.0).expect("a header");
	(StateProof { block: known.hash, header, items, nodes }, known.into())
}

/// Does to a proof what the bytes say; what it puts in comes out of another honest one.
pub fn forge(source: &mut Source<'_>, proof: &mut Proof, other: &Proof) {
	let (node, item) = (source.below(proof.nodes.len().max(1)), source.below(proof.items.len().max(1)));
	match source.byte() % 20 {
		0 if !proof.nodes.is_empty() => drop(proof.nodes.remove(node)),
		1 => proof.nodes.extend(proof.nodes.get(node).cloned()),
		2 => change(source, proof.nodes.get_mut(node)),
		3 => proof.nodes.extend(other.nodes.get(node).cloned()),
		4 => proof.nodes.reverse(),
		5 => proof.nodes.push(HexBytes(source.0.to_vec())),
		6 if !proof.items.is_empty() => drop(proof.items.remove(item)),
		7 => proof.items.extend(proof.items.get(item).cloned()),
		8 => change(source, proof.items.get_mut(item).and_then(|item| item.value.as_mut())),
		9 => change(source, proof.items.get_mut(item).map(|item| &mut item.key)),
		10 => proof.items.reverse(),
		11 => drop(proof.items.get_mut(item).map(|item| item.value = None)),
		12 => drop(proof.items.get_mut(item).map(|item| item.value = Some(HexBytes(source.0.to_vec())))),
		13 => proof.items.extend(other.items.get(item).cloned()),
		14 => proof.items.clone_from(&other.items),
		15 => proof.nodes.clone_from(&other.nodes),
		16 => change(source, Some(&mut proof.header)),
		17 => proof.block.0[source.below(32)] ^= 1 << (source.byte() % 8),
		18 => proof.block = Header::decode(&proof.header.0).map_or(proof.block, |header| header.hash),
		_ => *proof = merged(proof.clone(), other.clone()),
	}
}

fn change(source: &mut Source<'_>, bytes: Option<&mut HexBytes>) {
	if let Some(HexBytes(bytes)) = bytes {
		source.change(bytes);
	}
}
