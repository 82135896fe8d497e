// SPDX-License-Identifier: Apache-2.0
//! Where an element stands in a JSON document (RFC 6901), with the kind of each step.

use alloc::{
	string::{String, ToString},
	vec::Vec,
};
use codec::{Decode, Encode};
use core::{cmp::Ordering, fmt};

/// One step from a container to what is in it.
#[derive(Clone, PartialEq, Eq, Hash, Encode, Decode)]
pub enum Step {
	/// To the member of this name.
	#[codec(index = 0)]
	Member(String),
	/// To the item of this index, from 0.
	#[codec(index = 1)]
	Item(u32),
}

impl Step {
	/// Whether the step is written like this in a pointer, its escapes decoded. An index has no leading zeros.
	pub fn is_written(&self, token: &str) -> bool {
		match self {
			Self::Member(name) => name == token,
			Self::Item(index) => index.to_string() == token,
		}
	}

	/// The order of two steps from the same container; nothing where one goes into an object and one into an array.
	fn order(&self, other: &Self) -> Option<Ordering> {
		match (self, other) {
			// RFC 8785 §3.2.3.
			(Self::Member(left), Self::Member(right)) => Some(left.encode_utf16().cmp(right.encode_utf16())),
			(Self::Item(left), Self::Item(right)) => Some(left.cmp(right)),
			_ => None,
		}
	}
}

impl fmt::Debug for Step {
	// Names of members are content where a document is not of FHIR.
	fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
		f.write_str(match self {
			Self::Member(_) => "Member(hidden)",
			Self::Item(_) => "Item(hidden)",
		})
	}
}

/// The steps from a document's root to an element.
///
/// Written as RFC 6901 says. The text does not tell the item 0 from a member named `0`; hashes cover which it is.
/// Elements stand in the order in which a canonical document names them: members by the UTF-16 code units of their
/// names (RFC 8785 §3.2.3), items by their index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Encode, Decode)]
pub struct Pointer(pub Vec<Step>);

impl Pointer {
	/// The decoded tokens of a pointer in text; nothing if the text is no pointer.
	pub fn tokens(text: &str) -> Option<Vec<String>> {
		if text.is_empty() {
			return Some(Vec::new());
		}
		text.strip_prefix('/')?.split('/').map(token).collect()
	}

	/// The pointer that is written as `text` and whose steps are of the kinds of `shape`'s. Members must be the same as
	/// `shape`'s, items may be others.
	pub fn of_shape(text: &str, shape: &Self) -> Option<Self> {
		let tokens = Self::tokens(text)?;
		if tokens.len() != shape.0.len() {
			return None;
		}
		let step = |(token, step): (&String, &Step)| match step {
			Step::Member(name) => (name == token).then(|| step.clone()),
			Step::Item(_) => {
				let found = Step::Item(token.parse().ok()?);
				found.is_written(token).then_some(found)
			},
		};
		tokens.iter().zip(&shape.0).map(step).collect::<Option<Vec<_>>>().map(Self)
	}

	/// Number of steps that both pointers begin with.
	pub fn common_steps(&self, other: &Self) -> usize {
		self.0.iter().zip(&other.0).take_while(|(left, right)| left == right).count()
	}

	/// Whether an element here stands before one at `other` in one document: it comes first in the order, neither lies
	/// within the other, and no container would be both an object and an array.
	pub fn precedes(&self, other: &Self) -> bool {
		let mut steps = self.0.iter().zip(&other.0).skip_while(|(left, right)| left == right);
		steps.next().is_some_and(|(left, right)| left.order(right) == Some(Ordering::Less))
	}
}

/// RFC 6901 §4.
fn token(text: &str) -> Option<String> {
	let mut decoded = String::with_capacity(text.len());
	let mut characters = text.chars();
	while let Some(character) = characters.next() {
		decoded.push(match character {
			'~' => match characters.next()? {
				'0' => '~',
				'1' => '/',
				_ => return None,
			},
			other => other,
		});
	}
	Some(decoded)
}

impl fmt::Display for Pointer {
	fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
		for step in &self.0 {
			match step {
				Step::Member(name) => write!(f, "/{}", name.replace('~', "~0").replace('/', "~1"))?,
				Step::Item(index) => write!(f, "/{index}")?,
			}
		}
		Ok(())
	}
}
