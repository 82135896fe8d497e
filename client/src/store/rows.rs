// SPDX-License-Identifier: Apache-2.0
//! Tables of the store and what stands in them. Rows are SCALE, sealed; keys are such that what is appended stands at the
//! end.

use super::{
	seal::{decode, NONCE},
	StoreError,
};
use crate::record::LocalKey;
use codec::{Decode, Encode};
use epidaurus_primitives::{
	ehr::LogKind,
	elements::ElementKey,
	hash::{Commitment, HashSuite, Opening},
	merkle::Hash,
	moment::Moment,
};
use redb::TableDefinition;

/// Format of the store. It changes with every change of a table or a row; tables that are added are made in older stores.
pub const FORMAT: u32 = 2;

/// What the store is and whose, by name. The only table that is not sealed.
pub const SETTINGS: TableDefinition<&str, &[u8]> = TableDefinition::new("settings");
/// [`Entry`] by log and sequence.
pub const ENTRIES: TableDefinition<(u8, u64), &[u8]> = TableDefinition::new("entries");
/// Hash of a complete node by log, level and index.
pub const NODES: TableDefinition<(u8, u8, u64), &[u8]> = TableDefinition::new("nodes");
/// Frontier of each log.
pub const FRONTIERS: TableDefinition<u8, &[u8]> = TableDefinition::new("frontiers");
/// [`Newest`] by log and keyed hash of the local key.
pub const RECORDS: TableDefinition<(u8, &[u8; 32]), &[u8]> = TableDefinition::new("records");
/// [`Checkpoint`] by log and size.
pub const CHECKPOINTS: TableDefinition<(u8, u64), &[u8]> = TableDefinition::new("checkpoints");
/// [`Anchor`] by record id.
pub const ANCHORS: TableDefinition<&[u8; 16], &[u8]> = TableDefinition::new("anchors");
/// Record id by keyed hash of the local key.
pub const ANCHORED: TableDefinition<&[u8; 32], &[u8]> = TableDefinition::new("anchored");
/// [`Second`] by log and sequence. Absent for entries that were appended before there was a second hash function and were
/// not renewed since; like the tables below it is missing in older stores until they are opened.
pub const SECONDS: TableDefinition<(u8, u64), &[u8]> = TableDefinition::new("seconds");
/// Hash of a complete node of the second tree by log, level and index.
pub const SECOND_NODES: TableDefinition<(u8, u8, u64), &[u8]> = TableDefinition::new("second-nodes");
/// Frontier of the second tree of each log.
pub const SECOND_FRONTIERS: TableDefinition<u8, &[u8]> = TableDefinition::new("second-frontiers");
/// [`Checkpoint`] in the second tree by log and size: renewals that were submitted to the chain.
pub const RENEWALS: TableDefinition<(u8, u64), &[u8]> = TableDefinition::new("renewals");
/// Nothing, by id of each subject's key that was made: what stands here and is neither in the keys' file nor destroyed is
/// lost. Made anew where it is missing: in older stores, and after a restore.
pub const MADE: TableDefinition<&[u8; 16], &[u8]> = TableDefinition::new("made");
/// When it was accepted, by id of a subject's key that is lost.
pub const LOST: TableDefinition<&[u8; 16], &[u8]> = TableDefinition::new("lost");
/// When it was destroyed, by id of a subject's key.
pub const FORGOTTEN: TableDefinition<&[u8; 16], &[u8]> = TableDefinition::new("forgotten");

/// Random id of a subject's key. Not derived from the subject, so that nothing leads back once the key is gone.
pub type KeyId = [u8; 16];

/// The code of a log in keys; the same as its SCALE index.
pub fn code(kind: LogKind) -> u8 {
	match kind {
		LogKind::Records => 0,
		LogKind::Disclosures => 1,
		LogKind::DeviceStream => 2,
	}
}

/// What is kept of an opening. Suite, digest, header and local key are sealed under the key of the subject. The salt
/// derives from that key and the nonce, from the salt the keys of the elements and of the link; none of them is stored.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Sealed {
	/// Which subject's key.
	pub subject: KeyId,
	/// Drawn for this version of this record.
	pub nonce: [u8; NONCE],
	/// What is sealed.
	pub bytes: Vec<u8>,
}

/// What was kept of a record, opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
	/// What opens the commitment.
	pub opening: Opening,
	/// What the salts of its elements derive from, under the suite FHIR elements.
	pub element_key: Option<ElementKey>,
	/// Which record it is.
	pub key: LocalKey,
}

/// An entry of a log.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Entry {
	/// What was committed.
	pub commitment: Commitment,
	/// Sequence of the version before, if there is one.
	pub previous: Option<u64>,
	/// What opens it.
	pub sealed: Sealed,
}

/// What renews an entry under the second hash function.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Second {
	/// The second commitment. Hides as much as the first, under the same salt.
	pub commitment: Commitment,
	/// The second digest, sealed under the key of the entry's subject.
	pub digest: Vec<u8>,
}

/// Where the newest version of a record stands in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Newest {
	/// Number of that version, from 1.
	pub version: u32,
	/// Its place in the log.
	pub sequence: u64,
}

/// How far something has come on its way to the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Progress {
	/// Written down before it was submitted; whether it arrived is not known.
	#[codec(index = 0)]
	Submitted,
	/// Seen in a finalised block.
	#[codec(index = 1)]
	Finalised {
		/// The chain's time of it.
		at: Moment,
	},
}

impl Progress {
	/// The time of the finalised block.
	pub const fn at(self) -> Option<Moment> {
		match self {
			Self::Finalised { at } => Some(at),
			Self::Submitted => None,
		}
	}
}

/// A head of a log that was submitted to the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Checkpoint {
	/// Root of the log at that size.
	pub root: Hash,
	/// How far it has come.
	pub progress: Progress,
}

/// A version of a record that was, or was to be, anchored by itself.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct AnchorVersion {
	/// Its number, from 1.
	pub number: u32,
	/// How its content was made into bytes.
	pub suite: HashSuite,
	/// What was committed.
	pub commitment: Commitment,
	/// What opens it.
	pub sealed: Sealed,
	/// How far it has come.
	pub progress: Progress,
}

/// A record that is anchored by itself.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Anchor {
	/// Everything that was ever submitted, in that order. There can be several of one number: a submission whose fate was
	/// not known when the file changed may still arrive, and must be opened then.
	pub versions: Vec<AnchorVersion>,
	/// Whether it was declared entered in error, as far as the store knows.
	pub entered_in_error: bool,
}

impl Anchor {
	/// What was submitted last.
	pub fn newest(&self) -> Result<&AnchorVersion, StoreError> {
		self.versions.last().ok_or(StoreError::Damaged("an anchor without versions"))
	}

	/// The version that this commitment is of.
	pub fn version(&self, commitment: &Commitment) -> Option<&AnchorVersion> {
		self.versions.iter().find(|version| version.commitment == *commitment)
	}

	/// The newest version that was seen in a finalised block.
	pub fn newest_finalised(&self) -> Option<&AnchorVersion> {
		let finalised = self.versions.iter().filter(|version| matches!(version.progress, Progress::Finalised { .. }));
		finalised.max_by_key(|version| version.number)
	}
}

/// Decodes a row completely.
pub fn row<T: Decode>(bytes: &[u8]) -> Result<T, StoreError> {
	decode(bytes).ok_or(StoreError::Damaged("a row that does not decode"))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn codes_are_the_scale_indices() {
		for kind in [LogKind::Records, LogKind::Disclosures, LogKind::DeviceStream] {
			assert_eq!(kind.encode(), [code(kind)]);
		}
	}

	#[test]
	fn a_row_with_bytes_left_over_is_refused() {
		let bytes = Newest { version: 1, sequence: 2 }.encode();
		assert_eq!(row::<Newest>(&bytes).unwrap().sequence, 2);
		assert!(matches!(row::<Newest>(&[bytes.as_slice(), &[0]].concat()), Err(StoreError::Damaged(_))));
		assert!(matches!(row::<Newest>(&bytes[1..]), Err(StoreError::Damaged(_))));
	}
}
