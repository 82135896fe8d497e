// SPDX-License-Identifier: Apache-2.0
//! Copies of a record from which something is withheld, and what such a copy says about what it lacks.

mod selection;

pub use selection::Selection;

use crate::{
	bundle::{decimal, Bundle, ElementEvidence, Evidence},
	fhir,
	record::{suite_name, Content},
	verify::{ensure_fits, Refused},
	Error,
};
use epidaurus_primitives::{
	ehr::LogProof,
	elements::{prove_disclosure, DisclosedElement, Disclosure, DisclosureError, ElementKey, Redaction},
	hash::{HashSuite, NativeSha256},
};
use serde::Serialize;

/// What a redacted copy lacks. Of what is withheld nothing is known but how much it is and between what it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Withheld {
	/// Number of elements that are withheld.
	#[serde(serialize_with = "decimal")]
	pub elements: u64,
	/// Number of elements of the whole record.
	#[serde(serialize_with = "decimal")]
	pub of: u64,
	/// Where they stand, in order.
	pub places: Vec<Gap>,
}

/// Neighbouring elements of which all are withheld.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gap {
	/// Place of the first among all elements of the record, from 0.
	#[serde(serialize_with = "decimal")]
	pub first: u64,
	/// Place of the last.
	#[serde(serialize_with = "decimal")]
	pub last: u64,
	/// Pointer of the element before; none at the record's beginning.
	pub after: Option<String>,
	/// Pointer of the element behind; none at the record's end.
	pub before: Option<String>,
}

impl Withheld {
	/// What a redaction withholds, if it was verified.
	pub fn of(redaction: &Redaction) -> Self {
		let mut places = Vec::new();
		let (mut next, mut after) = (0u64, None);
		let shown = redaction.elements.iter().map(|element| (element.index, Some(element.pointer.clone())));
		for (index, before) in shown.chain([(redaction.leaves, None)]) {
			if index > next {
				let last = index.saturating_sub(1);
				places.push(Gap { first: next, last, after: after.clone(), before: before.clone() });
			}
			(next, after) = (index.saturating_add(1), before);
		}
		let shown = u64::try_from(redaction.elements.len()).unwrap_or(u64::MAX);
		Self { elements: redaction.leaves.saturating_sub(shown), of: redaction.leaves, places }
	}
}

/// A redacted copy, and the bundle that goes with it.
pub struct Redacted {
	/// The copy, as canonical JSON.
	pub content: Vec<u8>,
	/// Its bundle, which holds the salts of what the copy has and of nothing else.
	pub bundle: Bundle,
}

/// Makes a redacted copy of a record that was committed under FHIR elements. `content` is the whole record and `bundle` its
/// bundle, with the key of its elements.
pub fn redact(content: &[u8], bundle: &Bundle, selection: &Selection) -> Result<Redacted, Error> {
	let key = element_key(bundle)?;
	ensure_fits(&Content::Bytes(content), bundle)?;
	let (elements, _) = fhir::elements(content).map_err(Refused::Content)?;
	let keep = selection.keep(&elements)?;

	let shown = (0u64..).zip(elements.iter()).zip(&keep).filter(|(_, keep)| **keep);
	let shown = shown.map(|((index, element), _)| DisclosedElement {
		index,
		salt: element.salt(key),
		pointer: element.pointer(),
		value: element.value(),
	});
	let shown: Vec<_> = shown.collect();
	let indices: Vec<_> = shown.iter().map(|element| element.index).collect();
	let leaves = elements.leaves(key);
	let disclosure = Disclosure {
		leaves: u64::try_from(leaves.len()).unwrap_or(u64::MAX),
		elements: shown,
		path: prove_disclosure::<NativeSha256>(&leaves, &indices),
	};
	let redaction = ElementEvidence::Redacted(Redaction::of(&disclosure));
	let evidence = without_renewal(&bundle.evidence);
	let bundle = Bundle { elements: Some(redaction), evidence, ..bundle.clone() };
	let content = fhir::kept(content, &keep).map_err(Refused::Content)?;
	match ensure_fits(&Content::Bytes(&content), &bundle) {
		Err(Error::Refused(Refused::Redaction(DisclosureError::PairShifted))) => Err(Error::Usage(
			"this would tear apart an array of primitives and their extensions (such as `given` and `_given`): keep or \
			 withhold the items of both together"
				.into(),
		)),
		result => result.map(|()| Redacted { content, bundle }),
	}
}

/// A renewal is of the whole content: who lacks a part of it cannot check the second digest.
fn without_renewal(evidence: &Evidence) -> Evidence {
	match evidence.clone() {
		Evidence::Log { kind, proof } => Evidence::Log { kind, proof: LogProof { renewed: None, ..proof } },
		anchor @ Evidence::Anchor { .. } => anchor,
	}
}

/// The key of the elements of a whole record.
fn element_key(bundle: &Bundle) -> Result<&ElementKey, Error> {
	let suite = bundle.opening.suite;
	if suite != HashSuite::FhirElements {
		return Err(Error::Usage(format!(
			"only records of the suite {} can be redacted; this one was committed under {}",
			suite_name(HashSuite::FhirElements),
			suite_name(suite)
		)));
	}
	match &bundle.elements {
		Some(ElementEvidence::Key(key)) => Ok(key),
		Some(ElementEvidence::Redacted(_)) => {
			Err(Error::Usage("this is the bundle of a redacted copy: redact the whole record with its own".into()))
		},
		None => Err(Refused::ElementKeyMissing.into()),
	}
}

#[cfg(test)]
mod tests;
