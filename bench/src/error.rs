// SPDX-License-Identifier: Apache-2.0
//! What can go wrong while something is measured.

use std::{io, path::PathBuf};

/// A result of this program.
pub type Result<T> = std::result::Result<T, Error>;

/// Why nothing, or not everything, was measured.
#[derive(Debug, thiserror::Error)]
pub enum Error {
	/// The command was used wrongly.
	#[error("{0}")]
	Usage(String),
	/// Something that a part needs is not on this machine; the part is skipped where several are measured.
	#[error("{0}")]
	Missing(String),
	/// A file or folder.
	#[error("{}: {source}", path.display())]
	Io {
		/// Which.
		path: PathBuf,
		/// What the system said.
		source: io::Error,
	},
	/// The node did something unexpected.
	#[error("node: {0}")]
	Node(String),
	/// PostgreSQL did something unexpected.
	#[error("PostgreSQL: {0}")]
	Postgres(String),
	/// A result that must not be: nothing was measured then.
	#[error("wrong result: {0}")]
	Wrong(String),
	/// The vendor's library.
	#[error(transparent)]
	Epid(#[from] epid::Error),
}

impl Error {
	/// The process's exit code.
	pub fn exit_code(&self) -> u8 {
		match self {
			Self::Usage(_) => 2,
			Self::Missing(_) => 3,
			_ => 1,
		}
	}
}

/// Names the file in an error of the system.
pub fn at(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Error {
	let path = path.into();
	move |source| Error::Io { path, source }
}

/// Something a node, or the way to it, said in words.
pub fn node(error: impl std::fmt::Display) -> Error {
	Error::Node(error.to_string())
}

/// What PostgreSQL said, with its own words where it has any.
pub fn database(error: postgres::Error) -> Error {
	match error.as_db_error() {
		Some(said) => Error::Postgres(said.to_string()),
		None => Error::Postgres(error.to_string()),
	}
}

macro_rules! through_epid {
	($($error:ty),*) => {
		$(impl From<$error> for Error {
			fn from(error: $error) -> Self {
				Self::Epid(error.into())
			}
		})*
	};
}

through_epid!(epid::chain::ChainError, epid::keys::KeyError, epid::record::InputError, epid::store::StoreError);
