// SPDX-License-Identifier: Apache-2.0

//! A resource as elements, and parts of it.

use super::{
	trees::{reference, resource, scribble, Noise},
	under,
};
use crate::fhir::{elements, kept, Elements};
use epidaurus_primitives::{
	elements::{prove_disclosure, DisclosedElement, Disclosure, DisclosureError, ElementKey, Pointer, Redaction},
	hash::{
		HashSuite::{FhirElements, FhirStaticRecursive, FhirStaticRoot},
		NativeSha256, RecordDigest, Salt,
	},
};
use proptest::prelude::*;

fn of(input: &str) -> Elements {
	elements(input.as_bytes()).expect("the resource is correct").0
}

/// Pointers and values, one element to a line.
fn lines(input: &str) -> Vec<String> {
	let line = |pointer: Pointer, value| format!("{pointer} {}", String::from_utf8(value).expect("UTF-8"));
	of(input).iter().map(|element| line(element.pointer(), element.value())).collect()
}

fn key() -> ElementKey {
	ElementKey(Salt::new([5; 32]))
}

fn digest(input: &str) -> RecordDigest {
	of(input).digest(&key())
}

#[test]
fn elements_are_scalars_and_empty_containers_in_canonical_order() {
	let input = r#"{"resourceType":"Basic","b":[1.00,[],{"y":null,"x":true}],"a/~":{"\u00e9":"\u000a"},"c":{},"":-0}"#;
	let expected = [
		"/ -0",
		"/a~1~0/é \"\\n\"",
		"/b/0 1.00",
		"/b/1 []",
		"/b/2/x true",
		"/b/2/y null",
		"/c {}",
		"/resourceType \"Basic\"",
	];
	assert_eq!(lines(input), expected);
	assert!(!of(input).left_out());
}

#[test]
fn meta_and_narrative_of_every_resource_are_no_elements() {
	let input = r#"{"resourceType":"Bundle","meta":{"a":1},"text":{"div":"x"},"entry":[{"text":{"kept":1},
		"resource":{"resourceType":"Basic","meta":{"a":1},"text":{"div":"y"}}}]}"#;
	let expected = ["/entry/0/resource/resourceType \"Basic\"", "/entry/0/text/kept 1", "/resourceType \"Bundle\""];
	assert_eq!(lines(input), expected);
	assert!(of(input).left_out());
	// Where they are no objects they say something else.
	let input = r#"{"resourceType":"Basic","meta":[1],"text":"x"}"#;
	assert_eq!(lines(input), ["/meta/0 1", "/resourceType \"Basic\"", "/text \"x\""]);
}

#[test]
fn the_digest_is_frozen() {
	// Computed by another implementation (Python's hashlib and hmac) from the formulas of the suite.
	let input = r#"{"resourceType":"Observation","text":{"div":"x"},"valueQuantity":{"unit":"mg","value":6.0},
		"note":[{"text":"a"},{"text":"\u00e9\n"}],"component":[]}"#;
	assert_eq!(digest(input).to_string(), "0x2a238231dd685e71baa6f09020decc8676f5829c3a3c46af4bf51c22b47ce0aa");
}

#[test]
fn other_structure_gives_another_digest() {
	let inputs = [
		r#"{"resourceType":"Basic","a":["x","y"]}"#,
		r#"{"resourceType":"Basic","a":["y","x"]}"#,
		r#"{"resourceType":"Basic","a":{"0":"x","1":"y"}}"#,
		r#"{"resourceType":"Basic","a":[["x"],["y"]]}"#,
		r#"{"resourceType":"Basic","a":["x","y",[]]}"#,
		r#"{"resourceType":"Basic","a":["x","y",{}]}"#,
		r#"{"resourceType":"Basic","a":["x","y",null]}"#,
		r#"{"resourceType":"Basic","a":["x"],"b":["y"]}"#,
		r#"{"resourceType":"Basic","a":[1,"y"]}"#,
		r#"{"resourceType":"Basic","a":["1","y"]}"#,
		r#"{"resourceType":"Basic","a":[1.0,"y"]}"#,
	];
	for (index, left) in inputs.iter().enumerate() {
		for right in &inputs[index + 1..] {
			assert_ne!(digest(left), digest(right), "{left} {right}");
		}
	}
}

#[test]
fn what_is_kept_moves_up_and_empty_containers_go() {
	let input = r#"{"resourceType":"Basic","a":[{"x":1},{"x":2,"y":[]},3],"b":{"c":{"d":4}},"text":{"div":"x"}}"#;
	let keep = |keep: [bool; 6]| String::from_utf8(kept(input.as_bytes(), &keep).expect("correct")).expect("UTF-8");
	assert_eq!(lines(input).len(), 6);
	let all = r#"{"a":[{"x":1},{"x":2,"y":[]},3],"b":{"c":{"d":4}},"resourceType":"Basic"}"#;
	assert_eq!(keep([true; 6]), all);
	assert_eq!(keep([false, false, true, true, false, true]), r#"{"a":[{"y":[]},3],"resourceType":"Basic"}"#);
	assert_eq!(keep([false; 6]), "");
	// An element for which nothing is said is not kept.
	assert_eq!(kept(input.as_bytes(), &[true]), Ok(r#"{"a":[{"x":1}]}"#.into()));
}

fn disclosure(elements: &Elements, keep: &[bool]) -> Disclosure {
	let shown = (0u64..).zip(elements.iter()).zip(keep).filter(|(_, keep)| **keep);
	let shown = shown.map(|((index, element), _)| DisclosedElement {
		index,
		salt: element.salt(&key()),
		pointer: element.pointer(),
		value: element.value(),
	});
	let elements_shown: Vec<_> = shown.collect();
	let indices: Vec<_> = elements_shown.iter().map(|element| element.index).collect();
	let path = prove_disclosure::<NativeSha256>(&elements.leaves(&key()), &indices);
	Disclosure { leaves: elements.count() as u64, elements: elements_shown, path }
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(256))]

	#[test]
	fn any_writing_gives_the_same_elements(json in resource(), seeds: [u64; 2]) {
		let [left, right] = seeds.map(|seed| scribble(&json, &mut Noise(seed)));
		prop_assert!(of(&left) == of(&right));
		let canonical = reference(&json, FhirStaticRecursive, true);
		prop_assert_eq!(lines(&left), lines(&canonical));
		prop_assert!(!of(&canonical).left_out());
		prop_assert_eq!(of(&left).left_out(), canonical != reference(&json, FhirStaticRoot, false));
		prop_assert_eq!(under(FhirElements, &left), Ok(canonical));
	}

	#[test]
	fn pointers_are_in_their_order(json in resource()) {
		let pointers: Vec<_> = of(&scribble(&json, &mut Noise(1))).iter().map(|element| element.pointer()).collect();
		prop_assert!(pointers.windows(2).all(|pair| pair[0].precedes(&pair[1])));
	}

	#[test]
	fn other_content_gives_another_digest(json in resource(), other in resource()) {
		let same = reference(&json, FhirStaticRecursive, true) == reference(&other, FhirStaticRecursive, true);
		let [left, right] = [&json, &other].map(|json| digest(&scribble(json, &mut Noise(2))));
		prop_assert_eq!(left == right, same);
	}

	/// A copy with any choice of elements leads to the digest of the whole, and with anything else changed does not.
	#[test]
	fn any_part_verifies(json in resource(), seed: u64, choice: u64) {
		let written = scribble(&json, &mut Noise(seed));
		let whole = of(&written);
		let mut noise = Noise(choice);
		let is_type = |pointer: Pointer| pointer.to_string() == "/resourceType";
		let keep: Vec<_> = whole.iter().map(|element| noise.below(3) > 0 || is_type(element.pointer())).collect();
		let redaction = Redaction::of(&disclosure(&whole, &keep));
		let copy = kept(written.as_bytes(), &keep).expect("correct");
		let (shown, _) = elements(&copy).expect("the copy is a resource");
		prop_assert_eq!(shown.count(), redaction.elements.len());
		let copied = || shown.iter().map(|element| (element.pointer(), element.value()));
		let disclosed = match redaction.disclosure(copied()) {
			Err(DisclosureError::PairShifted) => return Ok(()),
			disclosed => disclosed.expect("the copy has what is listed"),
		};
		prop_assert_eq!(&disclosed, &disclosure(&whole, &keep));
		prop_assert_eq!(disclosed.verify::<NativeSha256>(&whole.digest(&key())), Ok(()));

		let more = copied().chain([(Pointer::default(), Vec::new())]);
		prop_assert_eq!(redaction.disclosure(more), Err(DisclosureError::OtherElements));
		prop_assert_eq!(redaction.disclosure(copied().skip(1)), Err(DisclosureError::OtherElements));
	}
}
