// SPDX-License-Identifier: Apache-2.0

//! Canonical FHIR JSON: the bytes that are hashed under a [`HashSuite`].
//!
//! [`HashSuite::Raw`] takes any bytes as they are. The FHIR suites take one resource in JSON and write it so that
//! two copies of the same content give the same bytes, whatever wrote them:
//!
//! - Members are sorted by the UTF-16 code units of their names (RFC 8785 §3.2.3), whatever their order was.
//! - There is no white space between the parts.
//! - Strings are written as RFC 8785 §3.2.2.2 says: `\"`, `\\`, `\b`, `\t`, `\n`, `\f`, `\r`, other control characters
//!   below U+0020 as `\u00` and two lower-case digits, everything else literally in UTF-8. There is no Unicode
//!   normalisation: a composed letter and its decomposed form are different content.
//! - Numbers stay as they were written, byte for byte, and here the suites leave RFC 8785: in FHIR `6.0` is not `6`, the
//!   precision of a decimal is content (R4, data type `decimal`). So `1.00`, `1e3`, `1E3` and `-0` stay as they are.
//! - [`HashSuite::FhirStaticRoot`] leaves out the members `meta` and `text` of the whole input where they are objects;
//!   [`HashSuite::FhirStaticRecursive`] does so in every resource, that is every object whose member `resourceType` is a
//!   string, at any depth: contained resources, entries of Bundles, parameters. Servers rewrite both without changing
//!   what a record says; what only stands there is not covered by the hash.
//! - [`HashSuite::FhirElements`] leaves out the same as [`HashSuite::FhirStaticRecursive`]. It does not hash these bytes
//!   but the [`Elements`] that they are made of, each by itself.
//! - Everything else is kept: extensions of primitives (`_birthDate`), `_text`, references, contained resources.
//!
//! What is left out of the canonical form must be correct JSON all the same. Input that different parsers could read
//! differently (a member twice, half of a surrogate pair, bytes that are not UTF-8) is refused, with the reason and the
//! place: see [`FhirError`]. Canonical bytes are themselves an input, whose canonical form they are; and they are never
//! longer than the input.

mod elements;
mod error;
mod lexeme;
mod parse;
mod strip;
mod tree;
mod write;

#[cfg(test)]
mod tests;

pub use elements::{elements, kept, Element, Elements};
pub use error::{FhirError, Position};

use epidaurus_primitives::hash::HashSuite;
use parse::Document;
use std::borrow::Cow;
use strip::Reach;
use tree::{member, Member, Value};

/// The longest input, in bytes, of which a FHIR suite makes a canonical form: one gibibyte. The whole input and a tree
/// over it, which can be several times as large, are in memory at once. [`HashSuite::Raw`] knows no limit.
pub const MAX_INPUT: usize = 1 << 30;

/// How many arrays and objects may be open at once, the whole input included.
pub const MAX_DEPTH: usize = 128;

/// A record made ready for hashing.
#[derive(Clone, PartialEq, Eq)]
pub struct Canonical<'a> {
	/// The canonical bytes; under [`HashSuite::Raw`] the input itself.
	pub bytes: Cow<'a, [u8]>,
	/// What the record says about itself; `None` under [`HashSuite::Raw`].
	pub resource: Option<Resource>,
}

impl core::fmt::Debug for Canonical<'_> {
	// The content and the id belong to a person.
	fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
		write!(f, "Canonical({} bytes)", self.bytes.len())
	}
}

/// What a FHIR resource says about itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Resource {
	/// Its member `resourceType`: not empty, otherwise as written, so that it need not be a type of FHIR.
	pub resource_type: String,
	/// Its member `id`, where that is a string. It is personal data: it names records in the holder's own store and goes
	/// nowhere else.
	pub id: Option<String>,
	/// Its member `meta`, if there is one, as canonical JSON with nothing left out.
	pub meta: Option<Vec<u8>>,
}

impl core::fmt::Debug for Resource {
	fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
		f.write_str("Resource(hidden)")
	}
}

/// The canonical bytes of a record under a suite; under [`HashSuite::FhirElements`] those of all that its elements cover,
/// which are not what is hashed. Never fails under [`HashSuite::Raw`]; otherwise refuses what
/// [`FhirError`] lists.
pub fn canonicalise(input: &[u8], suite: HashSuite) -> Result<Vec<u8>, FhirError> {
	canonical(input, suite).map(|canonical| canonical.bytes.into_owned())
}

/// As [`canonicalise`], with what the record says about itself, and without a copy of raw bytes.
pub fn canonical(input: &[u8], suite: HashSuite) -> Result<Canonical<'_>, FhirError> {
	let reach = match suite {
		HashSuite::Raw => return Ok(Canonical { bytes: Cow::Borrowed(input), resource: None }),
		HashSuite::FhirStaticRoot => Reach::Here,
		HashSuite::FhirStaticRecursive | HashSuite::FhirElements => Reach::Everywhere,
	};
	let document = parse::parse(input)?;
	let resource = resource(&document)?;
	let mut bytes = Vec::with_capacity(input.len());
	write::write(&mut bytes, &document.root, reach);
	Ok(Canonical { bytes: Cow::Owned(bytes), resource: Some(resource) })
}

fn resource(document: &Document<'_>) -> Result<Resource, FhirError> {
	let Value::Object(members) = &document.root else {
		return Err(document.refuse(FhirError::NotAnObject, document.start));
	};
	let (offset, resource_type) = match member(members, "resourceType") {
		Some(Member { offset, value: Value::String(text), .. }) => (*offset, text.as_str()),
		Some(member) => return Err(document.refuse(FhirError::ResourceTypeNotString, member.offset)),
		None => return Err(document.refuse(FhirError::ResourceTypeMissing, document.start)),
	};
	if resource_type.is_empty() {
		return Err(document.refuse(FhirError::ResourceTypeEmpty, offset));
	}
	let id = match member(members, "id") {
		Some(Member { value: Value::String(text), .. }) => Some(String::from(text.as_str())),
		_ => None,
	};
	let meta = member(members, "meta").map(|meta| {
		let mut bytes = Vec::new();
		write::write(&mut bytes, &meta.value, Reach::Nowhere);
		bytes
	});
	Ok(Resource { resource_type: String::from(resource_type), id, meta })
}
