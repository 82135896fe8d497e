// SPDX-License-Identifier: Apache-2.0
//! What accompanies a redacted copy of a record.

use super::{DisclosedElement, Disclosure, DisclosureError, ElementSalt, Pointer, Step};
use crate::merkle::Hash;
use alloc::{collections::BTreeMap, string::String, vec::Vec};
use codec::Encode;

/// What is said about an element that a redacted copy still has. Its value is in the copy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
	feature = "serde",
	derive(serde::Serialize, serde::Deserialize),
	serde(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct ShownElement {
	/// Its place among all elements of the record, from 0.
	#[cfg_attr(feature = "serde", serde(with = "crate::bytes::decimal"))]
	pub index: u64,
	/// Where it stands in the record (RFC 6901). In the copy, items of an array stand further to the front if items before
	/// them are withheld.
	pub pointer: String,
	/// Its salt.
	pub salt: ElementSalt,
}

/// What a redacted copy needs besides itself to be checked against the digest of the whole record.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
	feature = "serde",
	derive(serde::Serialize, serde::Deserialize),
	serde(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct Redaction {
	/// Number of elements of the whole record.
	#[cfg_attr(feature = "serde", serde(with = "crate::bytes::decimal"))]
	pub leaves: u64,
	/// Those that the copy has, in order.
	pub elements: Vec<ShownElement>,
	/// Hashes of what is withheld, as in [`Disclosure`].
	#[cfg_attr(feature = "serde", serde(with = "crate::ehr::hex_hashes"))]
	pub path: Vec<Hash>,
}

impl Redaction {
	/// What accompanies a copy that has these elements and no others.
	pub fn of(disclosure: &Disclosure) -> Self {
		let shown = |element: &DisclosedElement| ShownElement {
			index: element.index,
			pointer: alloc::format!("{}", element.pointer),
			salt: element.salt.clone(),
		};
		let elements = disclosure.elements.iter().map(shown).collect();
		Self { leaves: disclosure.leaves, elements, path: disclosure.path.clone() }
	}

	/// Puts a copy together with what is said about it. `copy` are the pointers and values of all its elements, in order.
	///
	/// # Errors
	/// `OtherElements` if the copy does not have exactly the elements that are listed, each where the pointers of the whole
	/// record put it; `PairShifted`.
	pub fn disclosure(
		&self,
		copy: impl IntoIterator<Item = (Pointer, Vec<u8>)>,
	) -> Result<Disclosure, DisclosureError> {
		let mut listed = self.elements.iter();
		let mut elements: Vec<DisclosedElement> = Vec::with_capacity(self.elements.len());
		let mut before = Pointer::default();
		for (place, value) in copy {
			let ShownElement { index, pointer, salt } = listed.next().ok_or(DisclosureError::OtherElements)?;
			let pointer = Pointer::of_shape(pointer, &place).ok_or(DisclosureError::OtherElements)?;
			// Two elements share an item in the copy exactly where they share one in the record.
			let shares = |last: &DisclosedElement| last.pointer.common_steps(&pointer) == before.common_steps(&place);
			if !elements.last().is_none_or(shares) {
				return Err(DisclosureError::OtherElements);
			}
			before = place;
			elements.push(DisclosedElement { index: *index, salt: salt.clone(), pointer, value });
		}
		if listed.next().is_some() {
			return Err(DisclosureError::OtherElements);
		}
		ensure_pairs(&elements)?;
		Ok(Disclosure { leaves: self.leaves, elements, path: self.path.clone() })
	}
}

/// An array of primitives `x` and the array `_x` of what FHIR says about each of them (R4 §2.6.2.3) belong together item
/// by item. Where both are shown and items move up, they must do so in both.
fn ensure_pairs(elements: &[DisclosedElement]) -> Result<(), DisclosureError> {
	// Names of arrays are by far more often alone.
	let is_extension = |name: &str| name.starts_with('_');
	if !elements.iter().any(|element| arrays(&element.pointer).any(|(_, name, _)| is_extension(name))) {
		return Ok(());
	}
	let mut items: BTreeMap<Vec<u8>, Vec<u32>> = BTreeMap::new();
	let mut pairs: BTreeMap<Vec<u8>, Vec<u8>> = BTreeMap::new();
	for (object, name, index) in elements.iter().flat_map(|element| arrays(&element.pointer)) {
		let found = items.entry((object, name).encode()).or_default();
		if found.last() != Some(&index) {
			found.push(index);
		}
		if let Some(primitives) = name.strip_prefix('_') {
			pairs.insert((object, name).encode(), (object, primitives).encode());
		}
	}
	for (extensions, primitives) in &pairs {
		if let (Some(extensions), Some(primitives)) = (items.get(extensions), items.get(primitives)) {
			if extensions != primitives && (moves_up(extensions) || moves_up(primitives)) {
				return Err(DisclosureError::PairShifted);
			}
		}
	}
	Ok(())
}

/// The arrays that an element lies in and that are members: the steps to the object, the member's name, the item's index.
fn arrays(pointer: &Pointer) -> impl Iterator<Item = (&[Step], &str, u32)> {
	let steps = pointer.0.as_slice();
	steps.windows(2).enumerate().filter_map(move |(length, pair)| match pair {
		[Step::Member(name), Step::Item(index)] => Some((steps.get(..length)?, name.as_str(), *index)),
		_ => None,
	})
}

/// Whether an item of an array of which these are shown stands elsewhere in the copy.
fn moves_up(shown: &[u32]) -> bool {
	shown.iter().zip(0u32..).any(|(index, place)| *index != place)
}
