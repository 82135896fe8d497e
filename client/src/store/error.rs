// SPDX-License-Identifier: Apache-2.0
//! What can go wrong with the store.

use super::rows::KeyId;
use crate::{bundle::hex, record::NoRandomness};
use epidaurus_primitives::{
	ids::{NetworkId, OrgId},
	merkle::{ProofError, ProveError},
};
use std::{io, path::PathBuf};

/// A store that cannot be used, or lacks what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
	/// There is no store in the folder.
	#[error("{} holds no store; `epid init` makes one", .0.display())]
	NotInitialised(PathBuf),
	/// There is a store already, or another file of subjects' keys.
	#[error("{} is there already, and is not overwritten", .0.display())]
	Exists(PathBuf),
	/// What was given does not open the store.
	#[error("this key or passphrase does not open the store")]
	WrongKey,
	/// The subject's key was destroyed.
	#[error("this record was forgotten: the key of its subject was destroyed, and nobody can open it again")]
	Forgotten,
	/// The subject's key is not there.
	#[error(
		"the key of this record's subject is not in the store, and was not destroyed here: it is lost, or the subjects' keys \
		 are an older copy, or were not restored with the store; `epid verify-all` says how many are missing"
	)]
	SubjectKeyMissing,
	/// The file with the keys of all subjects is not there.
	#[error("the subjects' keys in {} are missing; without them no record can be opened: put a copy of the file back", .0.display())]
	SubjectKeysMissing(PathBuf),
	/// The file with the keys of all subjects cannot be read to its end.
	#[error("the subjects' keys in {} are damaged: put a copy of the file back, the newest there is", .0.display())]
	SubjectKeysDamaged(PathBuf),
	/// Keys are neither there nor destroyed.
	#[error(
		"{0} keys of subjects or records are missing and were not destroyed: put the newest copy of the subjects' keys back; if \
		 there is none, `epid verify-all --accept-lost` goes on without them, and what they opened stays closed"
	)]
	SubjectKeysLost(u64),
	/// Whether a key was to be destroyed cannot be read any more.
	#[error(
		"whether the key {} of a subject or record was destroyed cannot be read any more, since its row in the store is damaged, \
		 so nothing is opened with it: `epid restore` brings the row back from a backup made before, `epid forget` destroys the \
		 key for good", hex(.0)
	)]
	KeyInDoubt(KeyId),
	/// The salts of the record derive from a key that others share.
	#[error(
		"this record cannot be forgotten alone: an older epid anchored it under the key of its subject, or of all records \
		 without one; `epid forget SUBJECT` forgets a subject's records together"
	)]
	SharedKey,
	/// The file with the keys of all subjects is of another store.
	#[error("the subjects' keys in {} are of another store", .0.display())]
	OtherSubjectKeys(PathBuf),
	/// There are subjects' keys and no store that they belong to.
	#[error("{} holds subjects' keys and no store: `epid restore` brings the store back from a backup", .0.display())]
	KeysWithoutStore(PathBuf),
	/// The backup is not one, is cut off, or was changed.
	#[error("the backup cannot be used: {0}")]
	BadBackup(&'static str),
	/// Another process has the store open.
	#[error("another process is using the store in {}", .0.display())]
	InUse(PathBuf),
	/// The folder or its database could not be read or written.
	#[error("{}: {source}", path.display())]
	Io {
		/// Which file or folder.
		path: PathBuf,
		/// What the system said.
		source: io::Error,
	},
	/// The store was written in another format.
	#[error("the store has format {found}; this program knows format {known}")]
	OtherFormat {
		/// Format of the store.
		found: u32,
		/// Format of this program.
		known: u32,
	},
	/// The store belongs to another network.
	#[error("the store belongs to network {stored}, not to {asked}")]
	OtherNetwork {
		/// Network of the store.
		stored: NetworkId,
		/// Network asked for.
		asked: NetworkId,
	},
	/// The store belongs to another organisation.
	#[error("the store belongs to organisation {stored}, not to {asked}")]
	OtherOrganisation {
		/// Organisation of the store.
		stored: OrgId,
		/// Organisation asked for.
		asked: OrgId,
	},
	/// The log and the chain's checkpoints do not belong together: the store was restored from an old copy, or something
	/// else writes the same log.
	#[error(
		"the chain's head of {chain} entries is not in this store's log of {stored} entries: the store is an old copy, or \
		 something else writes the same log"
	)]
	Diverged {
		/// Entries in the store.
		stored: u64,
		/// Entries at the chain's newest checkpoint.
		chain: u64,
	},
	/// The chain's version of an anchored record is none that this store made.
	#[error("version {0} of this record on chain is none that this store made: the store is an old copy")]
	OtherVersion(u32),
	/// The store holds nothing under this name.
	#[error("the store holds no {0}")]
	NotFound(&'static str),
	/// Entries cannot be renewed: the contents that they are of were not found.
	#[error(
		"{0} entries cannot be renewed, since their content is not where it was: name the folders where it is now, or renew \
		 without it by --allow-missing, after which these entries prove nothing once SHA-256 has fallen"
	)]
	ContentMissing(u64),
	/// The log has no such proof.
	#[error("no such proof: {0}")]
	NoSuchProof(#[from] ProofError),
	/// A salt or an id could not be drawn.
	#[error(transparent)]
	NoRandomness(#[from] NoRandomness),
	/// What was read is not what the store writes.
	#[error("the store is damaged: {0}")]
	Damaged(&'static str),
	/// The database failed.
	#[error("the store's database failed: {0}")]
	Database(Box<redb::Error>),
}

impl StoreError {
	/// The stable name of the kind of problem.
	pub fn name(&self) -> &'static str {
		match self {
			Self::NotInitialised(_) => "store-not-initialised",
			Self::Exists(_) => "store-exists",
			Self::WrongKey => "store-wrong-key",
			Self::Forgotten => "record-forgotten",
			Self::SubjectKeyMissing => "subject-key-missing",
			Self::SubjectKeysMissing(_) => "subject-keys-missing",
			Self::SubjectKeysDamaged(_) => "subject-keys-damaged",
			Self::SubjectKeysLost(_) => "subject-keys-lost",
			Self::KeyInDoubt(_) => "subject-key-in-doubt",
			Self::SharedKey => "record-key-shared",
			Self::OtherSubjectKeys(_) => "subject-keys-other-store",
			Self::KeysWithoutStore(_) => "store-lost",
			Self::BadBackup(_) => "backup-unusable",
			Self::InUse(_) => "store-in-use",
			Self::Io { .. } => "store-unreadable",
			Self::OtherFormat { .. } => "store-other-format",
			Self::OtherNetwork { .. } => "store-other-network",
			Self::OtherOrganisation { .. } => "store-other-organisation",
			Self::Diverged { .. } => "store-diverged",
			Self::OtherVersion(_) => "store-diverged",
			Self::NotFound(_) => "store-not-found",
			Self::ContentMissing(_) => "content-missing",
			Self::NoSuchProof(_) => "no-such-proof",
			Self::NoRandomness(_) => "no-randomness",
			Self::Damaged(_) => "store-damaged",
			Self::Database(_) => "store-failed",
		}
	}
}

impl From<ProveError<StoreError>> for StoreError {
	fn from(error: ProveError<StoreError>) -> Self {
		match error {
			ProveError::NoSuchProof(error) => Self::NoSuchProof(error),
			ProveError::Store(error) => error,
		}
	}
}

macro_rules! from_redb {
	($($error:ident),+) => {
		$(
			impl From<redb::$error> for StoreError {
				fn from(error: redb::$error) -> Self {
					Self::Database(Box::new(error.into()))
				}
			}
		)+
	};
}
from_redb!(CommitError, DatabaseError, StorageError, TableError, TransactionError);
