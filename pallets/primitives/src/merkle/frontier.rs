// SPDX-License-Identifier: Apache-2.0
//! Appending without the tree: the complete nodes along the right edge are all that the next root depends on.

use alloc::vec::Vec;

use codec::{Compact, Decode, DecodeWithMemTracking, Encode, Error, Input, MaxEncodedLen};
use scale_info::TypeInfo;

use super::{empty_root, node_hash, Hash, ProofError, TreeHash, MAX_LOG_SIZE};

/// The largest number of peaks: one for each bit of a size below [`MAX_LOG_SIZE`].
const MAX_PEAKS: u32 = MAX_LOG_SIZE.ilog2();

const MALFORMED: &str = "number of peaks is not the number of bits set in the size";

/// A log's size and the roots of the complete nodes that make it up (*peaks*), largest and leftmost first: one for each
/// bit that is set in the size, so at most 62 hashes.
///
/// Whatever is decoded or deserialised has as many peaks as its size wants. That the peaks are those of the log that
/// the holder means shows only in [`root`](Self::root).
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "Parts"))]
pub struct Frontier {
	#[cfg_attr(feature = "serde", serde(with = "crate::bytes::decimal"))]
	pub(super) size: u64,
	#[cfg_attr(feature = "serde", serde(with = "crate::ehr::hex_hashes"))]
	pub(super) peaks: Vec<Hash>,
}

impl Frontier {
	/// The empty log.
	pub fn new() -> Self {
		Self::default()
	}

	/// A log of `size` leaves with these peaks, largest first; `None` if the size is above [`MAX_LOG_SIZE`] or the
	/// number of peaks is not the number of bits set in it.
	pub fn from_peaks(size: u64, peaks: Vec<Hash>) -> Option<Self> {
		let count = u32::try_from(peaks.len()).ok()?;
		is_well_formed(size, count).then_some(Self { size, peaks })
	}

	/// Number of leaves.
	pub fn size(&self) -> u64 {
		self.size
	}

	/// The peaks, largest first.
	pub fn peaks(&self) -> &[Hash] {
		&self.peaks
	}

	/// The log's root. At most 61 hashes are computed.
	pub fn root<H: TreeHash>(&self) -> Hash {
		let mut peaks = self.peaks.iter().rev();
		let Some(smallest) = peaks.next() else { return empty_root::<H>() };
		peaks.fold(*smallest, |right, left| node_hash::<H>(left, &right))
	}

	/// Append a leaf (a [`leaf_hash`](super::leaf_hash)).
	///
	/// # Errors
	/// `SizeTooLarge` if the log is full; then nothing changes.
	pub fn append<H: TreeHash>(&mut self, leaf: Hash) -> Result<(), ProofError> {
		self.append_with::<H>(leaf, |_, _, _| ())
	}

	/// Append a leaf and call `completed(level, index, hash)` for each node that it completes: for the leaf itself at
	/// level 0, then upwards. A store that keeps all of these can prove every size of the log.
	///
	/// # Errors
	/// `SizeTooLarge` if the log is full; then nothing changes and nothing is reported.
	pub fn append_with<H: TreeHash>(
		&mut self,
		leaf: Hash,
		mut completed: impl FnMut(u32, u64, &Hash),
	) -> Result<(), ProofError> {
		let size = self.size.checked_add(1).filter(|size| *size <= MAX_LOG_SIZE).ok_or(ProofError::SizeTooLarge)?;
		let (mut index, mut hash) = (self.size, leaf);
		completed(0, index, &hash);
		// A right child completes its parent; its left sibling is the smallest peak.
		let merged = usize::try_from(self.size.trailing_ones()).unwrap_or(usize::MAX);
		for (level, left) in (1..).zip(self.peaks.iter().rev().take(merged)) {
			hash = node_hash::<H>(left, &hash);
			index >>= 1;
			completed(level, index, &hash);
		}
		self.peaks.truncate(self.peaks.len().saturating_sub(merged));
		self.peaks.push(hash);
		self.size = size;
		Ok(())
	}
}

fn is_well_formed(size: u64, peaks: u32) -> bool {
	size <= MAX_LOG_SIZE && size.count_ones() == peaks
}

impl Decode for Frontier {
	fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
		let size = u64::decode(input)?;
		let Compact(count) = Compact::<u32>::decode(input)?;
		if !is_well_formed(size, count) {
			return Err(MALFORMED.into());
		}
		input.on_before_alloc_mem(usize::try_from(count).unwrap_or(usize::MAX).saturating_mul(size_of::<Hash>()))?;
		let peaks = (0..count).map(|_| Hash::decode(input)).collect::<Result<Vec<_>, _>>()?;
		Ok(Self { size, peaks })
	}
}

impl DecodeWithMemTracking for Frontier {}

impl MaxEncodedLen for Frontier {
	fn max_encoded_len() -> usize {
		let peaks = usize::try_from(MAX_PEAKS).unwrap_or(usize::MAX).saturating_mul(Hash::max_encoded_len());
		u64::max_encoded_len().saturating_add(Compact(MAX_PEAKS).encoded_size()).saturating_add(peaks)
	}
}

/// What is read before it is known to fit together.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
struct Parts {
	#[serde(with = "crate::bytes::decimal")]
	size: u64,
	#[serde(with = "crate::ehr::hex_hashes")]
	peaks: Vec<Hash>,
}

#[cfg(feature = "serde")]
impl TryFrom<Parts> for Frontier {
	type Error = &'static str;

	fn try_from(parts: Parts) -> Result<Self, Self::Error> {
		Self::from_peaks(parts.size, parts.peaks).ok_or(MALFORMED)
	}
}
