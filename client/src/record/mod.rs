// SPDX-License-Identifier: Apache-2.0
//! From a file to what is committed: canonical bytes, digest, and what the header says besides.

mod input;
mod labels;
mod walk;

pub use input::{fhir_name, InputError};
pub use labels::{of_meta as labels_of_meta, LabelsUnreadable};
pub use walk::files;

use crate::fhir::{self, Elements};
use codec::{Decode, Encode};
use epidaurus_primitives::{
	ehr::LogKind,
	elements::{opening_salt, ElementKey},
	hash::{
		digest, HashSuite, Labels, NativeBlake2b256, NativeSha256, Opening, RecordDigest, RecordHeader, ResourceClass,
		Salt, StreamingDigest,
	},
	ids::{RecordId, SubjectId},
	moment::Moment,
	renewal::{SecondDigest, StreamingSecondDigest},
};
use std::{
	fs::File,
	io::{self, Read},
	path::{Path, PathBuf},
};

/// A suite by its name in JSON and on the command line.
pub fn suite_name(suite: HashSuite) -> &'static str {
	match suite {
		HashSuite::Raw => "raw",
		HashSuite::FhirStaticRoot => "fhir-static-root",
		HashSuite::FhirStaticRecursive => "fhir-static-recursive",
		HashSuite::FhirElements => "fhir-elements",
	}
}

/// A log by its name in JSON and on the command line.
pub fn kind_name(kind: LogKind) -> &'static str {
	match kind {
		LogKind::Records => "records",
		LogKind::Disclosures => "disclosures",
		LogKind::DeviceStream => "device-stream",
	}
}

/// Class of a record whose content says nothing about itself.
pub const RAW_CLASS: &str = "Binary";

/// Under which name the store keeps a record: the absolute path of its file. Stays in the store.
#[derive(Clone, PartialEq, Eq, Hash, Encode, Decode)]
pub struct LocalKey(pub Vec<u8>);

impl LocalKey {
	/// The key of the file at `path`, the same from whichever folder and over whichever links it is named.
	pub fn of_file(path: &Path) -> Result<Self, InputError> {
		let absolute = path.canonicalize().map_err(|source| InputError::Io { path: path.to_path_buf(), source })?;
		Ok(Self(absolute.as_os_str().as_encoded_bytes().to_vec()))
	}

	/// The path, for people; characters that are not UTF-8 are replaced.
	pub fn display(&self) -> String {
		String::from_utf8_lossy(&self.0).into_owned()
	}
}

impl core::fmt::Debug for LocalKey {
	// File names of records often name people.
	fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
		f.write_str("LocalKey(hidden)")
	}
}

/// What a header says about a record besides its version.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Facts {
	/// Whom the record concerns, if the custodian states it.
	pub subject: Option<SubjectId>,
	/// What kind of record it is.
	pub class: ResourceClass,
	/// Security labels.
	pub labels: Labels,
	/// When it happened or was observed, if the custodian states it.
	pub clinical_time: Option<Moment>,
}

impl Facts {
	/// The header of this version of the record.
	pub fn header(&self, version: u32) -> RecordHeader {
		RecordHeader {
			subject: self.subject,
			class: self.class.clone(),
			labels: self.labels,
			clinical_time: self.clinical_time,
			version,
		}
	}

	/// The facts that a header states.
	pub fn of_header(header: &RecordHeader) -> Self {
		Self {
			subject: header.subject,
			class: header.class.clone(),
			labels: header.labels,
			clinical_time: header.clinical_time,
		}
	}
}

/// A record that was read and hashed: all that a commitment needs but the salt and the version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
	/// Its name in the store.
	pub key: LocalKey,
	/// How its content was made into bytes.
	pub suite: HashSuite,
	/// Digest of those bytes, or what it is made of.
	pub digest: ContentDigest,
	/// Content digest under the second hash function.
	pub second: SecondDigest,
	/// What its header says.
	pub facts: Facts,
}

/// The digest of a content, or what it is made of where it depends on the record's salt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContentDigest {
	/// The digest.
	Known(RecordDigest),
	/// The elements, under [`HashSuite::FhirElements`].
	Elements(Elements),
}

impl ContentDigest {
	/// The digest; nothing if it needs a key and there is none.
	pub fn under(&self, key: Option<&ElementKey>) -> Option<RecordDigest> {
		match self {
			Self::Known(digest) => Some(*digest),
			Self::Elements(elements) => key.map(|key| elements.digest(key)),
		}
	}
}

impl Prepared {
	/// The opening of this version of the record, which has this salt. Under [`HashSuite::FhirElements`] also the key of
	/// its elements, which the opening's salt does not lead to.
	pub fn opening(&self, salt: &Salt, version: u32) -> (Opening, Option<ElementKey>) {
		let (digest, key) = match &self.digest {
			ContentDigest::Known(digest) => (*digest, None),
			ContentDigest::Elements(elements) => {
				let key = ElementKey::of_record::<NativeSha256>(salt);
				(elements.digest(&key), Some(key))
			},
		};
		let salt = opening_salt::<NativeSha256>(self.suite, salt);
		(Opening { salt, suite: self.suite, digest, header: self.facts.header(version) }, key)
	}

	/// Whether an opening, with the key of its elements if it has any, is of this content and these facts.
	pub fn is_of(&self, opening: &Opening, key: Option<&ElementKey>) -> bool {
		opening.suite == self.suite
			&& Facts::of_header(&opening.header) == self.facts
			&& self.digest.under(key) == Some(opening.digest)
	}
}

/// How records are read, and what is stated about them from outside.
#[derive(Clone, Debug)]
pub struct Reader {
	/// How content is made into bytes.
	pub suite: HashSuite,
	/// Whom the records concern.
	pub subject: Option<SubjectId>,
	/// Class of raw records; [`RAW_CLASS`] if none is stated.
	pub class: Option<ResourceClass>,
	/// When the records happened or were observed.
	pub clinical_time: Option<Moment>,
	/// Whether the records are older than their place in the log: [`Labels::IMPORTED`].
	pub imported: bool,
}

impl Reader {
	/// A reader that states nothing besides what the content says.
	pub fn new(suite: HashSuite) -> Self {
		Self { suite, subject: None, class: None, clinical_time: None, imported: false }
	}

	/// Reads and hashes a file. Raw files are never in memory as a whole, FHIR resources one at a time.
	pub fn read(&self, path: &Path) -> Result<Prepared, InputError> {
		let key = LocalKey::of_file(path)?;
		let measured = Content::File(path).measure(self.suite)?;
		let class = match (measured.class, &self.class) {
			(Some(class), _) => class,
			(None, Some(stated)) => stated.clone(),
			(None, None) => raw_class(path)?,
		};
		let mut labels = measured.labels.map_err(|source| InputError::Labels { path: path.to_path_buf(), source })?;
		if self.imported {
			labels.sensitivity |= Labels::IMPORTED;
		}
		let facts = Facts { subject: self.subject, class, labels, clinical_time: self.clinical_time };
		Ok(Prepared { key, suite: self.suite, digest: measured.digest, second: measured.second, facts })
	}
}

fn raw_class(path: &Path) -> Result<ResourceClass, InputError> {
	ResourceClass::new(RAW_CLASS).map_err(|_| InputError::Class { path: path.to_path_buf() })
}

/// Content that is to be hashed, possibly under several suites.
#[derive(Clone, Copy)]
pub enum Content<'a> {
	/// A file, read as often as it is measured.
	File(&'a Path),
	/// Bytes in memory.
	Bytes(&'a [u8]),
}

/// What was measured of a content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
	/// Digest under the suite, or what it is made of.
	pub digest: ContentDigest,
	/// Content digest under the second hash function.
	pub second: SecondDigest,
	/// Class, under the FHIR suites.
	pub class: Option<ResourceClass>,
	/// Labels that the content carries; none under [`HashSuite::Raw`]. They stand outside of what is hashed: a copy of which they
	/// cannot be read is the same record, but nobody should commit to it.
	pub labels: Result<Labels, LabelsUnreadable>,
}

impl Content<'_> {
	/// Hashes the content under a suite.
	pub fn measure(&self, suite: HashSuite) -> Result<Measured, InputError> {
		match (self, suite) {
			(Self::File(path), HashSuite::Raw) => raw_file(path),
			(Self::File(path), _) => measure(&read_bounded(path)?, suite, path),
			(Self::Bytes(bytes), _) => measure(bytes, suite, Path::new("content")),
		}
	}
}

fn measure(bytes: &[u8], suite: HashSuite, path: &Path) -> Result<Measured, InputError> {
	let (digest, second, resource) = hashed(bytes, suite).map_err(|source| fhir_error(path, source))?;
	let class = resource.as_ref().map(|resource| ResourceClass::new(&resource.resource_type)).transpose();
	let class = class.map_err(|_| InputError::Class { path: path.to_path_buf() })?;
	let meta = resource.and_then(|resource| resource.meta);
	let labels = meta.map_or(Ok(Labels::default()), |meta| labels_of_meta(&meta));
	Ok(Measured { digest, second, class, labels })
}

/// Both digests of the content, and what it says about itself.
type Hashed = (ContentDigest, SecondDigest, Option<fhir::Resource>);

fn hashed(bytes: &[u8], suite: HashSuite) -> Result<Hashed, fhir::FhirError> {
	if suite == HashSuite::FhirElements {
		let (elements, resource) = fhir::elements(bytes)?;
		let second = elements.content_digest();
		return Ok((ContentDigest::Elements(elements), second, Some(resource)));
	}
	let canonical = fhir::canonical(bytes, suite)?;
	let second = SecondDigest::of_content::<NativeBlake2b256>(suite, &canonical.bytes);
	Ok((ContentDigest::Known(digest::<NativeSha256>(suite, &canonical.bytes)), second, canonical.resource))
}

fn fhir_error(path: &Path, source: fhir::FhirError) -> InputError {
	InputError::Fhir { path: path.to_path_buf(), source }
}

/// The bytes of a file that a FHIR suite can take; a larger one is refused before it is in memory.
pub fn read_bounded(path: &Path) -> Result<Vec<u8>, InputError> {
	let failed = |source| InputError::Io { path: path.to_path_buf(), source };
	let limit = u64::try_from(fhir::MAX_INPUT).unwrap_or(u64::MAX);
	let mut file = File::open(path).map_err(failed)?;
	let length = file.metadata().map_err(failed)?.len();
	if length > limit {
		return Err(fhir_error(path, fhir::FhirError::InputTooLarge));
	}
	let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
	file.by_ref().take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
	Ok(bytes)
}

fn raw_file(path: &Path) -> Result<Measured, InputError> {
	let failed = |source| InputError::Io { path: path.to_path_buf(), source };
	let mut file = File::open(path).map_err(failed)?;
	let length = file.metadata().map_err(failed)?.len();
	let mut hasher = StreamingDigest::new(HashSuite::Raw, length);
	let mut second = StreamingSecondDigest::new(HashSuite::Raw, length);
	let mut buffer = vec![0; 1 << 16];
	loop {
		match file.read(&mut buffer) {
			Ok(0) => break,
			Ok(count) => {
				let bytes = buffer.get(..count).unwrap_or_default();
				hasher.update(bytes);
				second.update(bytes);
			},
			Err(error) if error.kind() == io::ErrorKind::Interrupted => (),
			Err(error) => return Err(failed(error)),
		}
	}
	let changed = || InputError::Changed { path: PathBuf::from(path) };
	let (digest, second) = hasher.finish().zip(second.finish()).ok_or_else(changed)?;
	Ok(Measured { digest: ContentDigest::Known(digest), second, class: None, labels: Ok(Labels::default()) })
}

/// The system's source of randomness failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no random bytes")]
pub struct NoRandomness;

/// Fresh random bytes.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], NoRandomness> {
	let mut bytes = [0; N];
	getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
	Ok(bytes)
}

/// A fresh id of a record.
pub fn random_record() -> Result<RecordId, NoRandomness> {
	Ok(RecordId(random_bytes()?))
}

#[cfg(test)]
mod tests;
