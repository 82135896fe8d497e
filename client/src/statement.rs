// SPDX-License-Identifier: Apache-2.0
//! Statements: texts about a record that the chain knows by their commitment only. Why it is disputed, how it should be
//! amended, why it was not.
//!
//! A statement is committed as a raw record about the subject, version 1 of class `Binary`. Its opening is kept in a file
//! of its own, so that the text can be shown to belong to the commitment, and so that the same command, run again, commits
//! to the same.

use crate::{
	bundle::{self, write_durable},
	record::{random_bytes, InputError, Prepared, Reader},
	store::StoreError,
	Error,
};
use epidaurus_primitives::{
	hash::{Commitment, HashSuite, NativeSha256, Opening, Salt},
	ids::{NetworkId, SubjectId},
};
use serde::{Deserialize, Serialize};
use std::{
	fs, io,
	path::{Path, PathBuf},
};

/// Version of the form.
const VERSION: u32 = 1;

/// A committed text and what opens it. Belongs to those who may read the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Statement {
	version: u32,
	/// The network that it was committed for.
	pub network_id: NetworkId,
	/// What opens it.
	pub opening: Opening,
	/// What goes on chain.
	pub commitment: Commitment,
}

/// A text that is to be committed to, about this subject.
pub fn prepare(text: &Path, subject: Option<SubjectId>) -> Result<Prepared, InputError> {
	Reader { subject, ..Reader::new(HashSuite::Raw) }.read(text)
}

/// Where the opening of a text is kept if no other place is named: beside it.
pub fn beside(text: &Path) -> PathBuf {
	let mut name = text.as_os_str().to_owned();
	name.push(".opening.json");
	name.into()
}

impl Statement {
	/// Commits to a text under this salt.
	pub fn new(prepared: &Prepared, salt: &Salt, network_id: NetworkId) -> Self {
		let (opening, _) = prepared.opening(salt, 1);
		let commitment = opening.commitment::<NativeSha256>(&network_id);
		Self { version: VERSION, network_id, opening, commitment }
	}

	/// Commits to a text under a fresh salt, and keeps the opening in a file before anything can be submitted. If that file
	/// is there, it is the opening of just this text, and is used again.
	pub fn kept(text: &Path, file: &Path, network_id: NetworkId, subject: SubjectId) -> Result<Self, Error> {
		let prepared = prepare(text, Some(subject))?;
		if file.exists() {
			let kept: Self = bundle::parse(file, &bundle::read_text(file)?, "the opening of a statement")?;
			if kept == Self::new(&prepared, &kept.opening.salt, network_id) {
				return Ok(kept);
			}
			return Err(Error::Usage(format!(
				"{} opens another text, or this one about another subject; name another place with --opening",
				file.display()
			)));
		}
		let salt = Salt::new(random_bytes().map_err(StoreError::from)?);
		let statement = Self::new(&prepared, &salt, network_id);
		statement.keep(file)?;
		Ok(statement)
	}

	/// Writes the opening to a file, as [`keep()`] does.
	pub fn keep(&self, file: &Path) -> Result<(), Error> {
		keep(file, self)
	}
}

/// Writes what opens a commitment to a file that only its owner can read. What stands there already and is something else is
/// not overwritten: it may be the text itself.
pub fn keep(file: &Path, opened: &impl Serialize) -> Result<(), Error> {
	let failed = |source| StoreError::Io { path: file.to_path_buf(), source };
	let text = bundle::json(opened);
	match fs::read(file) {
		Ok(kept) if kept == text.as_bytes() => Ok(()),
		Ok(_) => Err(Error::Usage(format!("{} is there already: name another place with --opening", file.display()))),
		Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(write_durable(file, text).map_err(failed)?),
		Err(error) => Err(failed(error).into()),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const NETWORK: NetworkId = NetworkId([1; 32]);
	const SUBJECT: SubjectId = SubjectId([2; 32]);

	#[test]
	fn a_text_is_committed_once_and_its_opening_opens_it() {
		let folder = tempfile::tempdir().unwrap();
		let text = folder.path().join("why.txt");
		fs::write(&text, "it was the other knee").unwrap();
		let file = beside(&text);
		let first = Statement::kept(&text, &file, NETWORK, SUBJECT).unwrap();
		assert_eq!(first.opening.commitment::<NativeSha256>(&NETWORK), first.commitment);
		assert_eq!(first.opening.header.subject, Some(SUBJECT));
		assert_eq!(Statement::kept(&text, &file, NETWORK, SUBJECT).unwrap(), first);
		let elsewhere = Statement::kept(&text, &folder.path().join("other"), NETWORK, SUBJECT).unwrap();
		assert_ne!(elsewhere.commitment, first.commitment, "another salt");
	}

	#[test]
	fn the_opening_of_something_else_is_not_overwritten() {
		let folder = tempfile::tempdir().unwrap();
		let text = folder.path().join("why.txt");
		fs::write(&text, "one").unwrap();
		let file = beside(&text);
		Statement::kept(&text, &file, NETWORK, SUBJECT).unwrap();
		let before = fs::read(&file).unwrap();
		for (network, subject) in [(NetworkId([9; 32]), SUBJECT), (NETWORK, SubjectId([9; 32]))] {
			assert!(matches!(Statement::kept(&text, &file, network, subject), Err(Error::Usage(_))));
		}
		fs::write(&text, "two").unwrap();
		assert!(matches!(Statement::kept(&text, &file, NETWORK, SUBJECT), Err(Error::Usage(_))));
		fs::write(&file, "{}").unwrap();
		assert_eq!(Statement::kept(&text, &file, NETWORK, SUBJECT).unwrap_err().exit_code(), 3);
		fs::write(&file, &before).unwrap();
		fs::write(&text, "one").unwrap();
		let kept = Statement::kept(&text, &file, NETWORK, SUBJECT).unwrap();
		// Nor is the text, or anything else, by who names it as the place.
		for there in [&text, &folder.path().to_path_buf()] {
			kept.keep(there).unwrap_err();
		}
		assert_eq!(fs::read_to_string(&text).unwrap(), "one");
		kept.keep(&file).unwrap();
		assert_eq!(fs::read(&file).unwrap(), before);
	}
}
