// SPDX-License-Identifier: Apache-2.0
//! Proofs from a stored log: that an entry stands in it, and that it only grew.

use crate::store::{LogReader, SecondTree, StoreError};
use epidaurus_primitives::{
	ehr::{LogHead, LogProof},
	hash::{NativeBlake2b256, NativeSha256},
	merkle::{frontier_at, prove_consistency, prove_inclusion, Blake2Tree, Hash},
	renewal::{RenewedProof, SecondDigest, TreeSuite},
};

/// The hashes of the second tree.
pub type Second = Blake2Tree<NativeBlake2b256>;

/// The log's head as it is now.
pub fn head(log: &LogReader) -> LogHead {
	LogHead { size: log.size(), root: log.frontier().root::<NativeSha256>() }
}

/// The log's head when it had `size` entries.
pub fn head_at(log: &LogReader, size: u64) -> Result<LogHead, StoreError> {
	if size > log.size() {
		return Err(StoreError::NotFound("log of so many entries"));
	}
	Ok(LogHead { size, root: frontier_at(log, size)?.root::<NativeSha256>() })
}

/// Shows that the entry of this sequence stands in the log's first `size` entries.
pub fn prove(log: &LogReader, sequence: u64, size: u64) -> Result<LogProof, StoreError> {
	let head = head_at(log, size)?;
	let path = prove_inclusion::<NativeSha256, _>(log, sequence, size)?;
	Ok(LogProof { sequence, head, path, renewed: None })
}

/// Shows that the log's first `new` entries begin with its first `old` entries.
pub fn prove_growth(log: &LogReader, old: u64, new: u64) -> Result<Vec<Hash>, StoreError> {
	if new > log.size() {
		return Err(StoreError::NotFound("log of so many entries"));
	}
	Ok(prove_consistency::<NativeSha256, _>(log, old, new)?)
}

/// The head of the second tree when it had `size` entries.
pub fn second_head_at(tree: &SecondTree, size: u64) -> Result<LogHead, StoreError> {
	if size > tree.size() {
		return Err(StoreError::NotFound("second tree of so many entries"));
	}
	Ok(LogHead { size, root: frontier_at(tree, size)?.root::<Second>() })
}

/// Shows that the entry of this sequence, whose second digest this is, stands in a renewal.
pub fn prove_renewed(
	tree: &SecondTree,
	sequence: u64,
	head: LogHead,
	digest: SecondDigest,
) -> Result<RenewedProof, StoreError> {
	let path = prove_inclusion::<Second, _>(tree, sequence, head.size)?;
	Ok(RenewedProof { tree: TreeSuite::Blake2b256, head, digest, path })
}

/// Shows that the second tree's first `new` entries begin with its first `old` entries.
pub fn prove_second_growth(tree: &SecondTree, old: u64, new: u64) -> Result<Vec<Hash>, StoreError> {
	Ok(prove_consistency::<Second, _>(tree, old, new)?)
}
