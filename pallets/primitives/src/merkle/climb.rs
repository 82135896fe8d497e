// SPDX-License-Identifier: Apache-2.0
//! The way from a complete node up to the root: which siblings it meets, and on which side. Proving and verifying walk
//! the same way, so that the shape of a proof is decided in one place.

use super::{ProofError, MAX_LOG_SIZE};

/// The way from node (`level`, `index`) up to the root of a tree.
///
/// Its first `turns` siblings lie on the side that the bits of `index` say; the last of these is the one that holds the
/// tree's right edge. Above, the climber is on that edge itself: there it meets one complete left sibling for each bit
/// that is set, and levels without a sibling add nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Climb {
	level: u32,
	index: u64,
	turns: u32,
}

/// One sibling on the way up: node (`level`, `index`), incomplete only where it holds the tree's right edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sibling {
	pub level: u32,
	pub index: u64,
	/// It lies to the left of the climber.
	pub left: bool,
}

impl Climb {
	/// From leaf `index` in a tree of `size` leaves.
	pub fn from_leaf(index: u64, size: u64) -> Result<Self, ProofError> {
		if size > MAX_LOG_SIZE {
			return Err(ProofError::SizeTooLarge);
		}
		let last = size.checked_sub(1).ok_or(ProofError::EmptyTree)?;
		if index > last {
			return Err(ProofError::IndexOutOfRange { index, size });
		}
		Ok(Self::new(0, index, last))
	}

	/// In a tree of `new` leaves, from the last of the complete nodes that make up the tree of `old` leaves; `None` if
	/// there is nothing to climb, because the old tree is empty or is the new one.
	pub fn from_old_edge(old: u64, new: u64) -> Result<Option<Self>, ProofError> {
		if new > MAX_LOG_SIZE {
			return Err(ProofError::SizeTooLarge);
		}
		if old > new {
			return Err(ProofError::SizeShrinks { old, new });
		}
		let level = old.trailing_zeros();
		Ok(match (old.checked_sub(1), new.checked_sub(1)) {
			(Some(edge), Some(last)) if edge != last => Some(Self::new(level, shr(edge, level), shr(last, level))),
			_ => None,
		})
	}

	/// `last`: index of the node at the same level that holds the tree's last leaf.
	fn new(level: u32, index: u64, last: u64) -> Self {
		let turns = u64::BITS.saturating_sub((index ^ last).leading_zeros());
		Self { level, index, turns }
	}

	/// Number of siblings.
	pub fn len(&self) -> u32 {
		self.turns.saturating_add(shr(self.index, self.turns).count_ones())
	}

	/// The node that it starts from, as (level, index).
	pub fn start(&self) -> (u32, u64) {
		(self.level, self.index)
	}

	/// The siblings, lowest first.
	pub fn siblings(self) -> impl Iterator<Item = Sibling> {
		let Self { level, index, turns } = self;
		(0..u64::BITS).filter(move |step| *step < turns || bit(index, *step)).map(move |step| Sibling {
			level: level.saturating_add(step),
			index: shr(index, step) ^ 1,
			left: bit(index, step),
		})
	}
}

/// `value >> by`, 0 if nothing is left.
pub(super) fn shr(value: u64, by: u32) -> u64 {
	value.checked_shr(by).unwrap_or(0)
}

/// Whether bit `at` is set.
pub(super) fn bit(value: u64, at: u32) -> bool {
	shr(value, at) & 1 == 1
}

#[cfg(test)]
mod tests {
	use super::*;

	fn sides(climb: Climb) -> alloc::string::String {
		climb.siblings().map(|sibling| if sibling.left { 'L' } else { 'R' }).collect()
	}

	#[test]
	fn from_leaf_of_seven_works() {
		// RFC 6962 §2.1.3 draws this tree: d0, d3, d4 and d6 are its examples of audit paths.
		for (index, expected) in [(0, "RRR"), (3, "LLR"), (4, "RRL"), (5, "LRL"), (6, "LL")] {
			let climb = Climb::from_leaf(index, 7).unwrap();
			assert_eq!(sides(climb), expected, "leaf {index}");
			assert_eq!(climb.len(), u32::try_from(expected.len()).unwrap());
		}
	}

	#[test]
	fn from_old_edge_of_seven_works() {
		// RFC 6962 §2.1.3: PROOF(3, D[7]) starts at c, PROOF(4, D[7]) at the whole old tree, PROOF(6, D[7]) at i.
		for (old, start, expected) in [(3, (0, 2), "RLR"), (4, (2, 0), "R"), (6, (1, 2), "RL")] {
			let climb = Climb::from_old_edge(old, 7).unwrap().unwrap();
			assert_eq!((climb.start(), sides(climb).as_str()), (start, expected), "{old} -> 7");
		}
	}

	#[test]
	fn siblings_are_as_many_as_len_says() {
		for size in 1..=130 {
			for index in 0..size {
				let climb = Climb::from_leaf(index, size).unwrap();
				assert_eq!(climb.siblings().count(), usize::try_from(climb.len()).unwrap());
				let Some(climb) = Climb::from_old_edge(index, size).unwrap() else { continue };
				assert_eq!(climb.siblings().count(), usize::try_from(climb.len()).unwrap());
				assert!(climb.len() >= 1, "growth always meets the new edge");
			}
		}
	}

	#[test]
	fn shr_by_all_bits_is_zero() {
		assert_eq!((shr(u64::MAX, 63), shr(u64::MAX, 64), shr(u64::MAX, u32::MAX)), (1, 0, 0));
		assert!(bit(1 << 62, 62) && !bit(1 << 62, 61) && !bit(u64::MAX, 64));
	}
}
