// SPDX-License-Identifier: Apache-2.0
//! Redacted copies: every one that is made verifies, and what verifies has nothing but elements of the whole record at
//! their places, whatever is done to copy and redaction.

use crate::{
	bundle::{Bundle, ElementEvidence, Evidence},
	fhir::{self, Elements},
	record::{Content, Facts, LocalKey, Prepared},
	redaction::{redact, Selection, Withheld},
	source::Source,
	verify::ensure_fits,
	Error,
};
use epidaurus_primitives::{
	elements::{ElementSalt, Redaction},
	hash::{HashSuite, NativeSha256, Salt},
	ids::{NetworkId, OrgId, RecordId},
};

/// What stands between the parts of an input.
const BETWEEN: &[u8] = b"\n---\n";

/// Checks one input: what is withheld and forged, and a record; or a copy and what is said about it.
pub fn check(bytes: &[u8]) {
	let place = bytes.windows(BETWEEN.len()).position(|window| window == BETWEEN);
	let Some((first, rest)) = place.and_then(|place| bytes.split_at_checked(place)) else { return };
	let second = &rest[BETWEEN.len()..];
	match serde_json::from_slice::<Redaction>(second) {
		Ok(redaction) => check_arbitrary(first, redaction),
		Err(_) => check_honest(&mut Source(first), second),
	}
}

/// The bundle of a record under the suite FHIR elements, if it is one.
fn bundle_of(record: &[u8]) -> Option<Bundle> {
	let suite = HashSuite::FhirElements;
	let measured = Content::Bytes(record).measure(suite).ok()?;
	let class = measured.class.clone().expect("a resource has a class");
	let (second, labels) = (measured.second, measured.labels.ok()?);
	let facts = Facts { subject: None, class, labels, clinical_time: None };
	let prepared = Prepared { key: LocalKey(Vec::new()), suite, digest: measured.digest, second, facts };
	let (opening, key) = prepared.opening(&Salt::new([9; 32]), 1);
	let network = NetworkId([1; 32]);
	Some(Bundle {
		network,
		custodian: OrgId(3),
		commitment: opening.commitment::<NativeSha256>(&network),
		opening,
		evidence: Evidence::Anchor { record: RecordId([4; 16]) },
		link_key: None,
		elements: key.map(ElementEvidence::Key),
	})
}

/// Pointers of elements, or of what holds them, or of nothing.
fn selection(source: &mut Source<'_>, elements: &Elements) -> Selection {
	let pointers: Vec<_> = elements.iter().map(|element| element.pointer()).collect();
	let keeps = source.byte().is_multiple_of(2);
	let chosen = (0..source.byte() % 6).map(|_| {
		let mut pointer = pointers[source.below(pointers.len())].clone();
		pointer.0.truncate(1 + source.below(pointer.0.len().max(1)));
		let text = pointer.to_string();
		if source.byte() == 0xff {
			format!("{text}~{}", source.byte())
		} else {
			text
		}
	});
	let chosen = chosen.collect();
	if keeps {
		Selection::Keep(chosen)
	} else {
		Selection::Withhold(chosen)
	}
}

fn check_honest(source: &mut Source<'_>, record: &[u8]) {
	let Some(bundle) = bundle_of(record) else { return };
	ensure_fits(&Content::Bytes(record), &bundle).expect("a record fits its own bundle");
	let (elements, _) = fhir::elements(record).expect("measured before");
	let selection = selection(source, &elements);
	let redacted = match redact(record, &bundle, &selection) {
		Ok(redacted) => redacted,
		Err(Error::Usage(_)) => return,
		Err(error) => panic!("a copy of a sound record is refused: {error}"),
	};
	let Some(ElementEvidence::Redacted(redaction)) = redacted.bundle.elements.clone() else {
		panic!("the bundle of a copy says what it has");
	};
	check_withheld(&redaction, &elements);
	is_true(&redacted.content, &redaction, &elements);
	let canonical = fhir::canonicalise(&redacted.content, HashSuite::FhirElements);
	assert!(canonical.is_ok_and(|canonical| canonical == redacted.content), "a copy is canonical");
	let again = redact(&redacted.content, &redacted.bundle, &selection);
	assert!(matches!(again, Err(Error::Usage(_))), "a copy has no key to make others with");
	forge(source, redacted.content, redaction, &bundle, &elements);
}

/// What is said to be withheld is all that is not shown.
fn check_withheld(redaction: &Redaction, elements: &Elements) {
	let withheld = Withheld::of(redaction);
	let places = withheld.places.iter().map(|gap| gap.last - gap.first + 1).sum::<u64>();
	assert_eq!(withheld.of, elements.count() as u64);
	assert_eq!((withheld.elements, places), (withheld.of - redaction.elements.len() as u64, withheld.elements));
}

/// Each element of a copy that verifies is the element of the record at its place.
fn is_true(copy: &[u8], redaction: &Redaction, elements: &Elements) {
	let (shown, _) = fhir::elements(copy).expect("it was verified");
	let shown = shown.iter().map(|element| (element.pointer(), element.value()));
	let disclosure = redaction.disclosure(shown).expect("it was verified");
	assert_eq!(disclosure.leaves, elements.count() as u64);
	let all: Vec<_> = elements.iter().collect();
	for element in disclosure.elements {
		let known =
			usize::try_from(element.index).ok().and_then(|index| all.get(index)).expect("a place of the record");
		assert!(known.pointer() == element.pointer && known.value() == element.value, "a copy shows the record");
	}
}

/// Does to copy and redaction what the bytes say, a few times, and asks each time whether it still verifies.
fn forge(source: &mut Source<'_>, mut copy: Vec<u8>, mut redaction: Redaction, bundle: &Bundle, elements: &Elements) {
	for _ in 0..4 {
		if source.is_empty() {
			return;
		}
		if source.byte().is_multiple_of(2) {
			change_copy(source, &mut copy, elements);
		} else {
			change_redaction(source, &mut redaction);
		}
		let forged = Bundle { elements: Some(ElementEvidence::Redacted(redaction.clone())), ..bundle.clone() };
		match ensure_fits(&Content::Bytes(&copy), &forged) {
			Ok(()) => is_true(&copy, &redaction, elements),
			Err(error) => drop((error.name(), error.to_string())),
		}
	}
}

fn change_copy(source: &mut Source<'_>, copy: &mut Vec<u8>, elements: &Elements) {
	let at = source.below(copy.len().max(1));
	match source.byte() % 4 {
		0 => copy[at..].iter_mut().take(1).for_each(|byte| *byte ^= 1 << (source.byte() % 8)),
		1 => *copy = source.0.to_vec(),
		2 => copy.truncate(at),
		// Less of it.
		_ => {
			let keep = selection(source, elements).keep(elements).unwrap_or_default();
			*copy = fhir::kept(copy, &keep).unwrap_or_default();
		},
	}
}

fn change_redaction(source: &mut Source<'_>, redaction: &mut Redaction) {
	let elements = &mut redaction.elements;
	let at = source.below(elements.len().max(1));
	match source.byte() % 13 {
		0 => redaction.leaves = redaction.leaves.wrapping_add(1),
		1 => redaction.leaves = source.number(),
		2 => redaction.path.reverse(),
		3 => redaction.path.push([source.byte(); 32]),
		4 => redaction.path.truncate(at),
		5 if at <= redaction.path.len() => redaction.path.rotate_left(at),
		6.. if at >= elements.len() => (),
		6 => elements[at].index ^= 1 << (source.byte() % 8),
		7 => elements[at].salt = ElementSalt(Salt::new([source.byte(); 32])),
		8 => elements[at].pointer.push(char::from(source.byte() % 128)),
		9 => elements.insert(at, elements[at].clone()),
		10 => elements.swap(at, 0),
		11 => elements[at].pointer = elements[0].pointer.clone(),
		12 => drop(elements.remove(at)),
		_ => (),
	}
}

/// A record whose redactions are all of it that somebody can guess.
const RECORD: &[u8] =
	b"{\"resourceType\":\"Basic\",\"id\":\"a\",\"code\":{\"coding\":[{\"code\":\"b\"},{\"code\":\"c\"}]}}";

/// A copy and a redaction from somebody who wants them to be taken for another record's.
fn check_arbitrary(copy: &[u8], redaction: Redaction) {
	let written = serde_json::to_string(&redaction).expect("what was read can be written");
	assert!(serde_json::from_str::<Redaction>(&written).is_ok_and(|again| again == redaction));
	let _ = Withheld::of(&redaction);
	let bundle = bundle_of(RECORD).expect("a resource");
	let (elements, _) = fhir::elements(RECORD).expect("a resource");
	let forged = Bundle { elements: Some(ElementEvidence::Redacted(redaction.clone())), ..bundle };
	match ensure_fits(&Content::Bytes(copy), &forged) {
		Ok(()) => is_true(copy, &redaction, &elements),
		Err(error) => drop((error.name(), error.to_string())),
	}
}
