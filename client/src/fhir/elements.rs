// SPDX-License-Identifier: Apache-2.0

//! A resource as the elements that are hashed under `HashSuite::FhirElements`.
//!
//! Every scalar is an element, and every empty array or object, at its JSON pointer. What is left out is the same as
//! under `HashSuite::FhirStaticRecursive`: `meta` and narrative of every resource. A narrative says again, in words,
//! what elements say; left out, it can give away nothing that a redacted copy withholds.

use super::{
	parse::{self, Document},
	resource,
	strip::{is_left_out, Reach},
	tree::{Member, Value},
	write, FhirError, Resource,
};
use codec::{Compact, Decode, Encode};
use epidaurus_primitives::{
	elements::{ElementKey, ElementSalt, Pointer, Statement},
	hash::{HashSuite, NativeBlake2b256, NativeSha256, RecordDigest},
	merkle::Hash,
	renewal::SecondDigest,
};

/// The elements of a resource, in their order.
#[derive(Clone, PartialEq, Eq)]
pub struct Elements {
	/// `SCALE(pointer, value)` of each element, one after the other.
	encoded: Vec<u8>,
	ends: Vec<Ends>,
	left_out: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Ends {
	pointer: usize,
	element: usize,
}

/// One element of a resource.
#[derive(Clone, Copy)]
pub struct Element<'a> {
	/// `SCALE(pointer, value)`.
	encoded: &'a [u8],
	/// Length of `SCALE(pointer)` in it.
	pointer: usize,
}

impl core::fmt::Debug for Elements {
	// They are the content.
	fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
		write!(f, "Elements({})", self.ends.len())
	}
}

impl Element<'_> {
	/// Where it stands.
	pub fn pointer(&self) -> Pointer {
		let mut bytes = self.encoded.get(..self.pointer).unwrap_or_default();
		Pointer::decode(&mut bytes).unwrap_or_default()
	}

	/// Its value as canonical JSON.
	pub fn value(&self) -> Vec<u8> {
		let mut bytes = self.encoded.get(self.pointer..).unwrap_or_default();
		Vec::decode(&mut bytes).unwrap_or_default()
	}

	/// Its salt under a key.
	pub fn salt(&self, key: &ElementKey) -> ElementSalt {
		key.salt::<NativeSha256>(self.encoded.get(..self.pointer).unwrap_or_default())
	}

	/// Its leaf under a key.
	pub fn leaf(&self, key: &ElementKey) -> Hash {
		self.salt(key).leaf::<NativeSha256>(self.encoded)
	}
}

impl Elements {
	/// Number of elements; at least one, the resource's type.
	pub fn count(&self) -> usize {
		self.ends.len()
	}

	/// Whether something of the resource is no element and therefore not covered: `meta` or a narrative.
	pub fn left_out(&self) -> bool {
		self.left_out
	}

	/// The elements, in the order of their leaves.
	pub fn iter(&self) -> impl Iterator<Item = Element<'_>> {
		let starts = core::iter::once(0).chain(self.ends.iter().map(|ends| ends.element));
		starts.zip(&self.ends).map(|(start, ends)| Element {
			encoded: self.encoded.get(start..ends.element).unwrap_or_default(),
			pointer: ends.pointer.saturating_sub(start),
		})
	}

	/// Their leaves under a key.
	pub fn leaves(&self, key: &ElementKey) -> Vec<Hash> {
		self.iter().map(|element| element.leaf(key)).collect()
	}

	/// The digest of the resource under a key.
	pub fn digest(&self, key: &ElementKey) -> RecordDigest {
		Statement::of::<NativeSha256>(&self.leaves(key)).digest::<NativeSha256>()
	}

	/// The content digest under the second hash function, which needs no key yet.
	pub fn content_digest(&self) -> SecondDigest {
		SecondDigest::of_content::<NativeBlake2b256>(HashSuite::FhirElements, &self.encoded)
	}
}

/// The elements of a resource, and what it says about itself. Refuses what [`FhirError`] lists.
pub fn elements(input: &[u8]) -> Result<(Elements, Resource), FhirError> {
	let document = parse::parse(input)?;
	let resource = resource(&document)?;
	Ok((elements_of(&document), resource))
}

fn elements_of(document: &Document<'_>) -> Elements {
	let elements = Elements { encoded: Vec::new(), ends: Vec::new(), left_out: false };
	let mut walk = Walk { elements, path: Vec::new(), depth: 0 };
	walk.value(&document.root, Reach::Everywhere);
	walk.elements
}

struct Walk {
	elements: Elements,
	/// The steps to the value that is walked, each encoded.
	path: Vec<u8>,
	depth: u32,
}

impl Walk {
	fn value(&mut self, value: &Value<'_>, reach: Reach) {
		match value {
			Value::Array(values) if !values.is_empty() => {
				for (index, value) in (0u32..).zip(values) {
					self.step((1u8, index), |walk| walk.value(value, reach.below()));
				}
			},
			Value::Object(members) if !members.is_empty() => {
				let strips = reach.strips(members);
				for member in members {
					if strips && is_left_out(member) {
						self.elements.left_out = true;
						continue;
					}
					self.step((0u8, member.name.as_str()), |walk| walk.value(&member.value, reach.below()));
				}
			},
			_ => self.leaf(value),
		}
	}

	/// Walks what lies behind a step, which encodes as [`Step`](epidaurus_primitives::elements::Step) does.
	fn step(&mut self, step: impl Encode, walk: impl FnOnce(&mut Self)) {
		let length = self.path.len();
		step.encode_to(&mut self.path);
		self.depth = self.depth.saturating_add(1);
		walk(self);
		self.depth = self.depth.saturating_sub(1);
		self.path.truncate(length);
	}

	fn leaf(&mut self, value: &Value<'_>) {
		let Elements { encoded, ends, .. } = &mut self.elements;
		Compact(self.depth).encode_to(encoded);
		encoded.extend_from_slice(&self.path);
		let pointer = encoded.len();
		let mut canonical = Vec::new();
		write::write(&mut canonical, value, Reach::Nowhere);
		canonical.encode_to(encoded);
		ends.push(Ends { pointer, element: encoded.len() });
	}
}

/// The canonical form of a resource without the elements for which `keep` says no, and without containers of which
/// nothing is left. Items of arrays move up. An element for which `keep` says nothing is not kept.
pub fn kept(input: &[u8], keep: &[bool]) -> Result<Vec<u8>, FhirError> {
	let document = parse::parse(input)?;
	resource(&document)?;
	let mut bytes = Vec::new();
	if let Some(root) = kept_of(document.root, Reach::Everywhere, &mut keep.iter().copied()) {
		write::write(&mut bytes, &root, Reach::Nowhere);
	}
	Ok(bytes)
}

/// Takes one answer for each element, in the order of [`Walk`].
fn kept_of<'a>(value: Value<'a>, reach: Reach, keep: &mut impl Iterator<Item = bool>) -> Option<Value<'a>> {
	match value {
		Value::Array(values) if !values.is_empty() => {
			let below = values.into_iter().filter_map(|value| kept_of(value, reach.below(), keep));
			Some(below.collect::<Vec<_>>()).filter(|values| !values.is_empty()).map(Value::Array)
		},
		Value::Object(members) if !members.is_empty() => {
			let strips = reach.strips(&members);
			let covered = members.into_iter().filter(|member| !(strips && is_left_out(member)));
			let below = covered.filter_map(|Member { name, offset, value }| {
				kept_of(value, reach.below(), keep).map(|value| Member { name, offset, value })
			});
			Some(below.collect::<Vec<_>>()).filter(|members| !members.is_empty()).map(Value::Object)
		},
		leaf => keep.next().unwrap_or(false).then_some(leaf),
	}
}
