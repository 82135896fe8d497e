// SPDX-License-Identifier: Apache-2.0
//! Merkle proofs: no proof panics, every honest one is accepted, and of forged ones just those that the algorithms of
//! RFC 9162 §2.1.3.2 and §2.1.4.2 accept, which are written down here as the RFC gives them.

use crate::source::Source;
use codec::{Decode, Encode};
use epidaurus_primitives::{
	hash::NativeSha256,
	merkle::{
		consistency_path_len, empty_root, inclusion_path_len, leaf_hash, node_hash, verify_consistency,
		verify_inclusion, Frontier, Hash, MAX_LOG_SIZE,
	},
};

const LARGEST: usize = 200;

/// Checks what the bytes make of an honest proof.
pub fn check(bytes: &[u8]) {
	let mut source = Source(bytes);
	match source.byte() % 4 {
		0 => check_inclusion(&mut source),
		1 => check_consistency(&mut source),
		2 => check_arbitrary(&mut source),
		_ => check_frontier(&mut source),
	}
}

fn leaves(count: usize) -> Vec<Hash> {
	(0..count).map(|index| leaf_hash::<NativeSha256>(&index.to_le_bytes())).collect()
}

fn node(left: &Hash, right: &Hash) -> Hash {
	node_hash::<NativeSha256>(left, right)
}

fn split(count: usize) -> usize {
	count.next_power_of_two() / 2
}

/// RFC 9162 §2.1.1.
fn root(leaves: &[Hash]) -> Hash {
	match leaves {
		[] => empty_root::<NativeSha256>(),
		[leaf] => *leaf,
		_ => {
			let (left, right) = leaves.split_at(split(leaves.len()));
			node(&root(left), &root(right))
		},
	}
}

/// RFC 9162 §2.1.3.1.
fn inclusion(index: usize, leaves: &[Hash]) -> Vec<Hash> {
	if leaves.len() < 2 {
		return Vec::new();
	}
	let (left, right) = leaves.split_at(split(leaves.len()));
	let (mut path, sibling) = match index.checked_sub(left.len()) {
		None => (inclusion(index, left), root(right)),
		Some(index) => (inclusion(index, right), root(left)),
	};
	path.push(sibling);
	path
}

/// RFC 9162 §2.1.4.1.
fn consistency(old: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
	if old == leaves.len() {
		return if whole { Vec::new() } else { vec![root(leaves)] };
	}
	let (left, right) = leaves.split_at(split(leaves.len()));
	let (mut path, sibling) = match old.checked_sub(left.len()) {
		None | Some(0) => (consistency(old, left, whole), root(right)),
		Some(old) => (consistency(old, right, false), root(left)),
	};
	path.push(sibling);
	path
}

/// RFC 9162 §2.1.3.2, step by step.
fn accepts_inclusion(leaf: &Hash, index: u64, size: u64, path: &[Hash], root: &Hash) -> bool {
	if index >= size || size > MAX_LOG_SIZE {
		return false;
	}
	let (mut fnode, mut snode, mut hash) = (index, size - 1, *leaf);
	for sibling in path {
		if snode == 0 {
			return false;
		}
		if fnode & 1 == 1 || fnode == snode {
			hash = node(sibling, &hash);
			while fnode & 1 == 0 && fnode != 0 {
				fnode >>= 1;
				snode >>= 1;
			}
		} else {
			hash = node(&hash, sibling);
		}
		fnode >>= 1;
		snode >>= 1;
	}
	snode == 0 && hash == *root
}

/// RFC 9162 §2.1.4.2, step by step, with the cases that it leaves to the caller.
fn accepts_consistency(old: u64, old_root: &Hash, new: u64, new_root: &Hash, path: &[Hash]) -> bool {
	if old > new || new > MAX_LOG_SIZE {
		return false;
	}
	if old == 0 {
		let empty = empty_root::<NativeSha256>();
		return path.is_empty() && *old_root == empty && (new > 0 || *new_root == empty);
	}
	if old == new {
		return path.is_empty() && old_root == new_root;
	}
	let mut path = path.to_vec();
	if old.is_power_of_two() {
		path.insert(0, *old_root);
	}
	let Some((first, rest)) = path.split_first() else { return false };
	let (mut fnode, mut snode) = (old - 1, new - 1);
	while fnode & 1 == 1 {
		fnode >>= 1;
		snode >>= 1;
	}
	let (mut old_hash, mut new_hash) = (*first, *first);
	for sibling in rest {
		if snode == 0 {
			return false;
		}
		if fnode & 1 == 1 || fnode == snode {
			old_hash = node(sibling, &old_hash);
			new_hash = node(sibling, &new_hash);
			while fnode & 1 == 0 && fnode != 0 {
				fnode >>= 1;
				snode >>= 1;
			}
		} else {
			new_hash = node(&new_hash, sibling);
		}
		fnode >>= 1;
		snode >>= 1;
	}
	snode == 0 && old_hash == *old_root && new_hash == *new_root
}

/// Does to a path and two numbers what the bytes say. Nothing, once they are used up.
fn forge(source: &mut Source<'_>, path: &mut Vec<Hash>, numbers: &mut [u64; 2], roots: &mut [Hash; 2]) {
	for _ in 0..4 {
		if source.is_empty() {
			return;
		}
		let at = source.below(path.len().max(1));
		match source.byte() % 12 {
			0 => path.truncate(at),
			1 => path.push(roots[at & 1]),
			2 => path.reverse(),
			3 => path.extend_from_within(..),
			4 if at < path.len() => drop(path.remove(at)),
			5 => path.insert(at.min(path.len()), [source.byte(); 32]),
			6 if at < path.len() => path[at][source.below(32)] ^= 1 << (source.byte() % 8),
			7 => numbers[at & 1] = numbers[at & 1].wrapping_add(1),
			8 => numbers[at & 1] = numbers[at & 1].wrapping_sub(1),
			9 => numbers[at & 1] = source.number(),
			10 => roots[at & 1][source.below(32)] ^= 1 << (source.byte() % 8),
			11 => roots.swap(0, 1),
			_ => (),
		}
	}
}

fn check_inclusion(source: &mut Source<'_>) {
	let leaves = leaves(1 + source.below(LARGEST));
	let index = source.below(leaves.len());
	let mut path = inclusion(index, &leaves);
	let mut numbers = [index as u64, leaves.len() as u64];
	let mut roots = [leaves[index], root(&leaves)];
	let honest = source.is_empty();
	forge(source, &mut path, &mut numbers, &mut roots);
	let ([index, size], [leaf, root]) = (numbers, roots);
	let ours = verify_inclusion::<NativeSha256>(&leaf, index, size, &path, &root);
	assert_eq!(ours.is_ok(), accepts_inclusion(&leaf, index, size, &path, &root), "{index} of {size}: {ours:?}");
	assert!(!honest || ours.is_ok(), "{index} of {size}: {ours:?}");
	if ours.is_ok() {
		assert_eq!(inclusion_path_len(index, size), u32::try_from(path.len()).ok());
	}
}

fn check_consistency(source: &mut Source<'_>) {
	let leaves = leaves(source.below(LARGEST));
	let old = source.below(leaves.len() + 1);
	let mut path = if old == 0 { Vec::new() } else { consistency(old, &leaves, true) };
	let mut numbers = [old as u64, leaves.len() as u64];
	let mut roots = [root(&leaves[..old]), root(&leaves)];
	let honest = source.is_empty();
	forge(source, &mut path, &mut numbers, &mut roots);
	let ([old, new], [old_root, new_root]) = (numbers, roots);
	let ours = verify_consistency::<NativeSha256>(old, &old_root, new, &new_root, &path);
	let theirs = accepts_consistency(old, &old_root, new, &new_root, &path);
	assert_eq!(ours.is_ok(), theirs, "{old} to {new}: {ours:?}");
	assert!(!honest || ours.is_ok(), "{old} to {new}: {ours:?}");
	if ours.is_ok() {
		assert_eq!(consistency_path_len(old, new), u32::try_from(path.len()).ok());
	}
}

/// Nothing honest in it.
fn check_arbitrary(source: &mut Source<'_>) {
	let (first, second) = (source.number(), source.number());
	let mut hash = || std::array::from_fn(|_| source.byte());
	let (one, other): (Hash, Hash) = (hash(), hash());
	let path: Vec<Hash> = source.0.chunks_exact(32).filter_map(|chunk| chunk.try_into().ok()).collect();
	let ours = verify_inclusion::<NativeSha256>(&one, first, second, &path, &other);
	assert_eq!(ours.is_ok(), accepts_inclusion(&one, first, second, &path, &other));
	let ours = verify_consistency::<NativeSha256>(first, &one, second, &other, &path);
	assert_eq!(ours.is_ok(), accepts_consistency(first, &one, second, &other, &path));
}

/// What decodes as a frontier is one: it has a root, grows, and is written as it was read.
fn check_frontier(source: &mut Source<'_>) {
	let mut rest = source.0;
	let Ok(mut frontier) = Frontier::decode(&mut rest) else { return };
	let read = &source.0[..source.0.len() - rest.len()];
	assert_eq!(frontier.encode(), read);
	let (size, before) = (frontier.size(), frontier.root::<NativeSha256>());
	let grown = frontier.append::<NativeSha256>([7; 32]);
	assert_eq!(grown.is_ok(), size < MAX_LOG_SIZE);
	assert!(grown.is_err() || (frontier.size() == size + 1 && frontier.root::<NativeSha256>() != before));
}
