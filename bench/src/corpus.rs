// SPDX-License-Identifier: Apache-2.0
//! The records that are measured with: the official FHIR R4 examples, in memory.

use crate::error::{at, Error, Result};
use epid::{
	record::{files, Content, Facts, LocalKey, Prepared},
	store::StoreError,
};
use epidaurus_primitives::hash::{HashSuite, ResourceClass, Salt};
use std::{
	fs,
	path::{Path, PathBuf},
};

/// Suite of all records.
pub const SUITE: HashSuite = HashSuite::FhirStaticRecursive;

/// Folder of the examples, from the root of the checkout.
pub const EXAMPLES: &str = "tests/data/node_modules/hl7.fhir.r4.examples";

/// Records in memory.
pub struct Corpus {
	records: Vec<Vec<u8>>,
}

impl Corpus {
	/// The FHIR resources of a folder.
	pub fn read(folder: &Path) -> Result<Self> {
		let paths = [folder.to_path_buf()];
		let found = files(&paths, SUITE).collect::<std::result::Result<Vec<_>, _>>();
		let found = found.map_err(|_| missing(folder))?;
		if found.is_empty() {
			return Err(missing(folder));
		}
		let records =
			found.into_iter().map(|path: PathBuf| fs::read(&path).map_err(at(path))).collect::<Result<_>>()?;
		Ok(Self { records })
	}

	/// Number of records.
	pub fn len(&self) -> usize {
		self.records.len()
	}

	/// Bytes of all records.
	pub fn bytes(&self) -> usize {
		self.records.iter().map(Vec::len).sum()
	}

	/// The records.
	pub fn records(&self) -> impl Iterator<Item = &[u8]> {
		self.records.iter().map(Vec::as_slice)
	}

	/// The content of the record of this number; it starts again where there are no more.
	pub fn content(&self, number: u64) -> &[u8] {
		let place = number % self.records.len() as u64;
		&self.records[place as usize]
	}

	/// The record of this number, read and hashed under a name of its own.
	pub fn prepare(&self, number: u64) -> Result<Prepared> {
		prepare(self.content(number), number)
	}
}

fn missing(folder: &Path) -> Error {
	Error::Missing(format!(
		"{} holds no FHIR resources: run `make examples`, or name a folder with --examples",
		folder.display()
	))
}

/// Canonical bytes, their digest and what the header says: all that a record's content is needed for.
pub fn prepare(content: &[u8], number: u64) -> Result<Prepared> {
	let measured = Content::Bytes(content).measure(SUITE)?;
	let class = measured.class.map_or_else(|| ResourceClass::new(epid::record::RAW_CLASS), Ok);
	let class = class.map_err(|_| Error::Wrong("a class of its own".into()))?;
	let labels = measured.labels.map_err(|error| Error::Wrong(error.to_string()))?;
	let facts = Facts { subject: None, class, labels, clinical_time: None };
	Ok(Prepared {
		key: LocalKey(format!("record {number}").into_bytes()),
		suite: SUITE,
		digest: measured.digest,
		second: measured.second,
		facts,
	})
}

/// A fresh salt.
pub fn salt() -> Result<Salt> {
	Ok(Salt::new(epid::record::random_bytes().map_err(StoreError::from)?))
}

#[cfg(test)]
mod tests {
	use super::*;

	fn folder() -> tempfile::TempDir {
		let folder = tempfile::tempdir().unwrap();
		for name in ["a", "b", "c"] {
			let content = format!(r#"{{"resourceType":"Patient","id":"{name}"}}"#);
			fs::write(folder.path().join(name).with_extension("json"), content).unwrap();
		}
		folder
	}

	#[test]
	fn a_corpus_starts_again_at_its_end() {
		let corpus = Corpus::read(folder().path()).unwrap();
		assert_eq!((corpus.len(), corpus.bytes()), (3, 3 * corpus.content(0).len()));
		assert_eq!(corpus.content(1), corpus.content(4));
		let (first, again) = (corpus.prepare(1).unwrap(), corpus.prepare(4).unwrap());
		assert_eq!(first.digest, again.digest);
		assert!(first.key != again.key);
		assert_eq!(first.facts.class.as_str(), "Patient");
	}

	#[test]
	fn an_empty_or_absent_folder_says_what_to_do() {
		let empty = tempfile::tempdir().unwrap();
		for path in [empty.path().to_path_buf(), empty.path().join("absent")] {
			let error = Corpus::read(&path).err().unwrap();
			assert!(matches!(&error, Error::Missing(text) if text.contains("make examples")), "{error}");
		}
	}
}
