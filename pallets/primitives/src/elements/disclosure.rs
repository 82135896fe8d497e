// SPDX-License-Identifier: Apache-2.0
//! A part of a record's elements, with what leads from them to the digest of the whole.

use super::{ElementSalt, Pointer, Statement};
use crate::{
	hash::{RecordDigest, Sha256},
	merkle::{node_hash, root, Hash, MAX_LOG_SIZE},
};
use alloc::vec::Vec;
use codec::Encode;
use core::{fmt, iter::Peekable};

/// An element that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisclosedElement {
	/// Its place among the leaves, from 0.
	pub index: u64,
	/// Its salt.
	pub salt: ElementSalt,
	/// Where it stands in the document.
	pub pointer: Pointer,
	/// Its value as canonical JSON: a scalar, `{}` or `[]`.
	pub value: Vec<u8>,
}

impl DisclosedElement {
	fn leaf<H: Sha256>(&self) -> Hash {
		self.salt.leaf::<H>(&(&self.pointer, &self.value).encode())
	}
}

/// The elements of a record that are shown, and the hashes of what is withheld.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosure {
	/// Number of elements of the whole record.
	pub leaves: u64,
	/// Those that are shown, in order.
	pub elements: Vec<DisclosedElement>,
	/// Roots of the largest subtrees of which everything is withheld, from left to right.
	pub path: Vec<Hash>,
}

/// Why a disclosure shows nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisclosureError {
	/// The record would have no elements, or more than a tree can have.
	BadCount,
	/// An element claims a place that the record does not have.
	IndexOutOfRange {
		/// The place, from 0.
		index: u64,
		/// Number of elements of the record.
		leaves: u64,
	},
	/// Places or pointers are not in strictly ascending order, or pointers contradict each other.
	OutOfOrder,
	/// There are fewer hashes than the withheld places want.
	PathTooShort,
	/// There are more hashes than the withheld places want.
	PathTooLong,
	/// What is shown and the hashes do not lead to the record's digest.
	DigestMismatch,
	/// A redacted copy has other elements than are said to be shown: more, fewer, or at other places.
	OtherElements,
	/// Of an array of primitives and the array of their extensions other items are shown, so that they do not belong
	/// together any more.
	PairShifted,
}

impl fmt::Display for DisclosureError {
	fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
		match self {
			Self::BadCount => f.write_str("a record has at least one element and at most 2^62"),
			Self::IndexOutOfRange { index, leaves } => write!(f, "no element {index} in a record of {leaves}"),
			Self::OutOfOrder => f.write_str("the elements are not in their order, or contradict each other"),
			Self::PathTooShort => f.write_str("there are fewer hashes than withheld places"),
			Self::PathTooLong => f.write_str("there are more hashes than withheld places"),
			Self::DigestMismatch => {
				f.write_str("a value, pointer, salt, place or hash is not the one that was committed")
			},
			Self::OtherElements => f.write_str("the copy does not have exactly the elements that are said to be shown"),
			Self::PairShifted => {
				f.write_str("items of an array and of the array of their extensions must be withheld together")
			},
		}
	}
}

impl core::error::Error for DisclosureError {}

impl Disclosure {
	/// Number of elements that are withheld.
	pub fn withheld(&self) -> u64 {
		self.leaves.saturating_sub(u64::try_from(self.elements.len()).unwrap_or(u64::MAX))
	}

	/// The digest that the disclosure leads to.
	///
	/// # Errors
	/// `BadCount`, `IndexOutOfRange`, `OutOfOrder`, `PathTooShort`, `PathTooLong`.
	pub fn digest<H: Sha256>(&self) -> Result<RecordDigest, DisclosureError> {
		self.ensure_order()?;
		let leaves = self.elements.iter().map(|element| (element.index, element.leaf::<H>())).peekable();
		let mut climb = Climb { leaves, path: self.path.iter() };
		let root = climb.subtree::<H>(0, self.leaves)?;
		if climb.path.next().is_some() {
			return Err(DisclosureError::PathTooLong);
		}
		Ok(Statement { leaves: self.leaves, root }.digest::<H>())
	}

	/// Checks that everything that is shown is part of the record of this digest, at its place.
	///
	/// # Errors
	/// Those of [`digest`](Self::digest), `DigestMismatch`.
	pub fn verify<H: Sha256>(&self, digest: &RecordDigest) -> Result<(), DisclosureError> {
		if self.digest::<H>()? == *digest {
			Ok(())
		} else {
			Err(DisclosureError::DigestMismatch)
		}
	}

	/// Every element lies within the tree, and no element is shown twice, at two places, or as what holds another.
	fn ensure_order(&self) -> Result<(), DisclosureError> {
		if self.leaves == 0 || self.leaves > MAX_LOG_SIZE {
			return Err(DisclosureError::BadCount);
		}
		let mut before: Option<&DisclosedElement> = None;
		for element in &self.elements {
			if element.index >= self.leaves {
				return Err(DisclosureError::IndexOutOfRange { index: element.index, leaves: self.leaves });
			}
			let follows =
				|last: &DisclosedElement| last.index < element.index && last.pointer.precedes(&element.pointer);
			if !before.is_none_or(follows) {
				return Err(DisclosureError::OutOfOrder);
			}
			before = Some(element);
		}
		Ok(())
	}
}

struct Climb<'a, Leaves: Iterator<Item = (u64, Hash)>> {
	leaves: Peekable<Leaves>,
	path: core::slice::Iter<'a, Hash>,
}

impl<Leaves: Iterator<Item = (u64, Hash)>> Climb<'_, Leaves> {
	/// Root of the subtree over `size` leaves from `from` on. Goes down only to what is shown: at most 62 levels.
	fn subtree<H: Sha256>(&mut self, from: u64, size: u64) -> Result<Hash, DisclosureError> {
		let end = from.saturating_add(size);
		if self.leaves.peek().is_none_or(|(index, _)| *index >= end) {
			return self.path.next().copied().ok_or(DisclosureError::PathTooShort);
		}
		let Some(half) = half(size) else {
			return self.leaves.next().map(|(_, leaf)| leaf).ok_or(DisclosureError::PathTooShort);
		};
		let left = self.subtree::<H>(from, half)?;
		let right = self.subtree::<H>(from.saturating_add(half), size.saturating_sub(half))?;
		Ok(node_hash::<H>(&left, &right))
	}
}

/// Leaves on the left side of a tree: the largest power of two below `size` (RFC 6962 §2.1); nothing for one leaf.
fn half(size: u64) -> Option<u64> {
	1u64.checked_shl(size.checked_sub(1)?.checked_ilog2()?)
}

/// The path of a disclosure of the leaves at these places, which must be in ascending order.
pub fn prove_disclosure<H: Sha256>(leaves: &[Hash], disclosed: &[u64]) -> Vec<Hash> {
	let mut path = Vec::new();
	collect::<H>(leaves, 0, disclosed, &mut path);
	path
}

fn collect<H: Sha256>(leaves: &[Hash], from: u64, disclosed: &[u64], path: &mut Vec<Hash>) {
	if disclosed.is_empty() {
		return path.push(root::<H>(leaves));
	}
	let Some(half) = u64::try_from(leaves.len()).ok().and_then(half) else { return };
	let middle = from.saturating_add(half);
	let known = disclosed.partition_point(|index| *index < middle);
	let sides = usize::try_from(half).ok().and_then(|half| leaves.split_at_checked(half));
	if let (Some((left, right)), Some((known_left, known_right))) = (sides, disclosed.split_at_checked(known)) {
		collect::<H>(left, from, known_left, path);
		collect::<H>(right, middle, known_right, path);
	}
}
