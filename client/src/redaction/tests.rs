// SPDX-License-Identifier: Apache-2.0
use super::*;
use crate::{
	bundle::Evidence,
	record::{Facts, LocalKey, Prepared},
};
use epidaurus_primitives::{
	elements::ShownElement,
	hash::{Commitment, Salt},
	ids::{NetworkId, OrgId, RecordId},
};
use proptest::prelude::*;
use serde_json::Value;

const RECORD: [u8; 32] = [9; 32];

const VISIT: &str = r##"{
	"resourceType": "Encounter", "id": "e1", "status": "finished",
	"meta": {"versionId": "3"}, "text": {"status": "generated", "div": "<div>Seldom Topsecret</div>"},
	"contained": [{"resourceType": "Patient", "id": "p", "name": [
		{"family": "Topsecret", "given": ["Ann", "Bea"], "_given": [null, {"id": "g"}]}, {"text": "A. T."}]}],
	"length": {"value": 6.0, "unit": "min"}, "subject": {"reference": "#p"}
}"##;

/// Pointers of all elements of the visit, in order.
const POINTERS: [&str; 14] = [
	"/contained/0/id",
	"/contained/0/name/0/_given/0",
	"/contained/0/name/0/_given/1/id",
	"/contained/0/name/0/family",
	"/contained/0/name/0/given/0",
	"/contained/0/name/0/given/1",
	"/contained/0/name/1/text",
	"/contained/0/resourceType",
	"/id",
	"/length/unit",
	"/length/value",
	"/resourceType",
	"/status",
	"/subject/reference",
];

fn bundle_under(suite: HashSuite, content: &str) -> Bundle {
	let measured = Content::Bytes(content.as_bytes()).measure(suite).unwrap();
	let class = measured.class.clone().unwrap();
	let facts = Facts { subject: None, class, labels: measured.labels.unwrap(), clinical_time: None };
	let (digest, second) = (measured.digest, measured.second);
	let prepared = Prepared { key: LocalKey(Vec::new()), suite, digest, second, facts };
	let (opening, key) = prepared.opening(&Salt::new(RECORD), 1);
	let network = NetworkId([1; 32]);
	Bundle {
		network,
		custodian: OrgId(3),
		commitment: opening.commitment::<NativeSha256>(&network),
		opening,
		evidence: Evidence::Anchor { record: RecordId([4; 16]) },
		link_key: None,
		elements: key.map(ElementEvidence::Key),
	}
}

fn bundle() -> Bundle {
	bundle_under(HashSuite::FhirElements, VISIT)
}

fn pointers(texts: &[&str]) -> Vec<String> {
	texts.iter().map(|text| String::from(*text)).collect()
}

fn keeping(texts: &[&str]) -> Result<Redacted, Error> {
	redact(VISIT.as_bytes(), &bundle(), &Selection::Keep(pointers(texts)))
}

fn withholding(texts: &[&str]) -> Result<Redacted, Error> {
	redact(VISIT.as_bytes(), &bundle(), &Selection::Withhold(pointers(texts)))
}

fn text(redacted: &Redacted) -> &str {
	std::str::from_utf8(&redacted.content).unwrap()
}

fn redaction(bundle: &mut Bundle) -> &mut Redaction {
	match &mut bundle.elements {
		Some(ElementEvidence::Redacted(redaction)) => redaction,
		_ => panic!("not the bundle of a redacted copy"),
	}
}

fn refusal(content: &str, bundle: &Bundle) -> &'static str {
	match ensure_fits(&Content::Bytes(content.as_bytes()), bundle) {
		Err(Error::Refused(refused)) => refused.name(),
		other => panic!("not refused: {other:?}"),
	}
}

fn usage(result: Result<Redacted, Error>) -> String {
	match result {
		Err(Error::Usage(told)) => told,
		Err(error) => panic!("{error:?}"),
		Ok(_) => panic!("redacted"),
	}
}

#[test]
fn what_is_withheld_is_counted_and_located() {
	let mut redacted = withholding(&["/contained/0/name", "/subject"]).unwrap();
	let expected = concat!(
		r#"{"contained":[{"id":"p","resourceType":"Patient"}],"id":"e1","#,
		r#""length":{"unit":"min","value":6.0},"resourceType":"Encounter","status":"finished"}"#
	);
	assert_eq!(text(&redacted), expected);
	let gap = |first, last, after: Option<&str>, before: Option<&str>| Gap {
		first,
		last,
		after: after.map(String::from),
		before: before.map(String::from),
	};
	let places =
		vec![gap(1, 6, Some("/contained/0/id"), Some("/contained/0/resourceType")), gap(13, 13, Some("/status"), None)];
	assert_eq!(Withheld::of(redaction(&mut redacted.bundle)), Withheld { elements: 7, of: 14, places });

	let mut all = keeping(&[""]).unwrap();
	let nothing = Withheld { elements: 0, of: 14, places: Vec::new() };
	assert_eq!(Withheld::of(redaction(&mut all.bundle)), nothing);
	assert!(redaction(&mut all.bundle).path.is_empty());
}

#[test]
fn what_is_kept_brings_the_types_of_its_resources() {
	let redacted = keeping(&["/contained/0/name/1"]).unwrap();
	let expected = r#"{"contained":[{"name":[{"text":"A. T."}],"resourceType":"Patient"}],"resourceType":"Encounter"}"#;
	assert_eq!(text(&redacted), expected);
	// The item moved up; the bundle says where it stood.
	let Some(ElementEvidence::Redacted(redaction)) = &redacted.bundle.elements else { panic!() };
	assert_eq!(redaction.elements[0].pointer, "/contained/0/name/1/text");
	assert_eq!(text(&keeping(&["/status"]).unwrap()), r#"{"resourceType":"Encounter","status":"finished"}"#);
}

#[test]
fn nothing_of_what_is_withheld_is_in_the_copy_or_its_bundle() {
	let redacted = withholding(&["/contained/0/name", "/length"]).unwrap();
	let copy = format!("{}{}", text(&redacted), redacted.bundle.to_json());
	for secret in ["Topsecret", "Ann", "family", "given", "6.0", "length", "Seldom", "versionId"] {
		assert!(!copy.contains(secret), "{secret}");
	}
	// Neither are the keys that would lead to the salts of what is withheld, nor these salts.
	let whole = bundle();
	let key = element_key(&whole).unwrap();
	let hex = |salt: &Salt| salt.0.to_string();
	let (elements, _) = fhir::elements(VISIT.as_bytes()).unwrap();
	assert!(!copy.contains(&hex(&Salt::new(RECORD))) && !copy.contains(&hex(&key.0)));
	for (element, pointer) in elements.iter().zip(POINTERS) {
		assert_eq!(element.pointer().to_string(), pointer);
		let shown = !pointer.starts_with("/contained/0/name") && !pointer.starts_with("/length");
		assert_eq!(copy.contains(&hex(&element.salt(key).0)), shown, "{pointer}");
		// The opening's salt is shown, and leads nowhere.
		let derived = ElementKey::of_record::<NativeSha256>(&redacted.bundle.opening.salt);
		assert!(element.salt(&derived) != element.salt(key));
		assert!(element.salt(&ElementKey(redacted.bundle.opening.salt.clone())) != element.salt(key));
	}
}

#[test]
fn every_choice_of_elements_verifies_or_would_tear_a_pair_apart() {
	let mut torn = 0;
	for choice in 0u32..1 << 14 {
		// The pairs matter; of the others a few choices are enough.
		if choice >> 6 & 0xff != 0 && choice & 0x3f != 0x15 {
			continue;
		}
		let shown = |at: usize| choice >> at & 1 == 1;
		let wanted: Vec<_> = (0..14).filter(|at| shown(*at)).map(|at| POINTERS[at]).collect();
		// `_given` has items 0 and 1 at places 1 and 2, `given` at 4 and 5.
		let tears = match ([shown(1), shown(2)], [shown(4), shown(5)]) {
			([false, false], _) | (_, [false, false]) => false,
			(extensions, primitives) => {
				extensions != primitives && (extensions == [false, true] || primitives == [false, true])
			},
		};
		match keeping(&wanted) {
			Ok(redacted) => {
				assert!(!tears, "{wanted:?}");
				ensure_fits(&Content::Bytes(&redacted.content), &redacted.bundle).unwrap();
			},
			Err(Error::Usage(told)) => {
				assert!(tears && told.contains("_given"), "{told}: {wanted:?}");
				torn += 1;
			},
			Err(error) => panic!("{error:?}"),
		}
	}
	assert!(torn > 0);
}

#[test]
fn a_changed_copy_is_refused_by_its_reason() {
	let redacted = withholding(&["/contained/0/name/0", "/subject"]).unwrap();
	let copy = text(&redacted);
	let cases: [(&str, &str, &str); 16] = [
		("\"finished\"", "\"planned\"", "element-differs"),
		("6.0", "6.00", "element-differs"),
		("6.0", "\"6.0\"", "element-differs"),
		("6.0", "null", "element-differs"),
		("6.0", "[]", "element-differs"),
		("\"unit\":\"min\"", "\"unit\":\"6.0\"", "element-differs"),
		("6.0", "[6.0]", "elements-differ"),
		("\"unit\"", "\"units\"", "elements-differ"),
		("\"unit\":\"min\",", "", "elements-differ"),
		("\"unit\":\"min\"", "\"unit\":\"min\",\"code\":\"min\"", "elements-differ"),
		("\"status\"", "\"subject\":{\"reference\":\"#q\"},\"status\"", "elements-differ"),
		("[{\"text\":\"A. T.\"}]", "[{},{\"text\":\"A. T.\"}]", "elements-differ"),
		("[{\"text\":\"A. T.\"}]", "[{\"text\":\"A. T.\"},null]", "elements-differ"),
		("[{\"text\":\"A. T.\"}]", "{\"0\":{\"text\":\"A. T.\"}}", "elements-differ"),
		("\"status\"", "\"text\":{\"status\":\"generated\",\"div\":\"<div>x</div>\"},\"status\"", "uncovered-content"),
		("\"id\":\"p\"", "\"id\":\"p\",\"meta\":{}", "uncovered-content"),
	];
	for (from, to, reason) in cases {
		let changed = copy.replacen(from, to, 1);
		assert_ne!(changed, copy, "{from}");
		assert_eq!(refusal(&changed, &redacted.bundle), reason, "{changed}");
	}
	// Order of members and white space are no content.
	let reordered = copy.replacen("\"unit\":\"min\",\"value\":6.0", "\"value\": 6.0 , \"unit\":\"min\"", 1);
	assert_ne!(reordered, copy);
	ensure_fits(&Content::Bytes(reordered.as_bytes()), &redacted.bundle).unwrap();
	// The whole record is not the copy, and the copy is not the whole record.
	assert_eq!(refusal(VISIT, &redacted.bundle), "uncovered-content");
	assert_eq!(refusal(copy, &bundle()), "content-changed");
}

#[test]
fn items_cannot_change_places_nor_come_twice() {
	let list = r#"{"resourceType":"Basic","a":[{"x":1,"y":2},{"x":1,"y":2},{"x":3}]}"#;
	let whole = bundle_under(HashSuite::FhirElements, list);
	let selection = Selection::Withhold(pointers(&["/a/0/x"]));
	let redacted = redact(list.as_bytes(), &whole, &selection).unwrap();
	assert_eq!(text(&redacted), r#"{"a":[{"y":2},{"x":1,"y":2},{"x":3}],"resourceType":"Basic"}"#);
	let changed = [
		(r#"{"a":[{"x":1,"y":2},{"y":2},{"x":3}],"resourceType":"Basic"}"#, "elements-differ"),
		(r#"{"a":[{"x":3},{"x":1,"y":2},{"y":2}],"resourceType":"Basic"}"#, "elements-differ"),
		(r#"{"a":[{"y":2},{"x":3,"y":2},{"x":1}],"resourceType":"Basic"}"#, "element-differs"),
		(r#"{"a":[{"y":2},{"x":1,"y":2},{"x":3},{"x":3}],"resourceType":"Basic"}"#, "elements-differ"),
		// Two items that look like one, and one that looks like two.
		(r#"{"a":[{"x":1,"y":2},{"x":3}],"resourceType":"Basic"}"#, "elements-differ"),
		(r#"{"a":[{"y":2},{"x":1},{"y":2},{"x":3}],"resourceType":"Basic"}"#, "elements-differ"),
	];
	for (copy, reason) in changed {
		assert_eq!(refusal(copy, &redacted.bundle), reason, "{copy}");
	}
}

#[test]
fn a_changed_bundle_is_refused_by_its_reason() {
	let honest = withholding(&["/contained/0/name/0", "/subject"]).unwrap();
	type Forgery = (&'static str, fn(&mut Redaction));
	let cases: [Forgery; 18] = [
		("element-path-too-short", |it| it.leaves += 1),
		("element-path-too-short", |it| it.leaves *= 2),
		("element-count-impossible", |it| it.leaves = 0),
		("element-out-of-range", |it| it.leaves = 5),
		("element-differs", |it| it.elements[0].salt.0 .0 .0[0] ^= 1),
		("element-order-differs", |it| it.elements[1].index = it.elements[0].index),
		("element-path-too-short", |it| it.elements[1].index -= 1),
		("element-differs", |it| it.elements.last_mut().unwrap().index = 13),
		("elements-differ", |it| it.elements[0].pointer = "/contained/0/ID".into()),
		("element-differs", |it| it.elements[1].pointer = "/contained/0/name/0/text".into()),
		("elements-differ", |it| it.elements[1].pointer = "/contained/0/name/01/text".into()),
		("elements-differ", |it| it.elements[1].pointer = "/contained/1/name/1/text".into()),
		("elements-differ", |it| it.elements.swap(0, 1)),
		("elements-differ", |it| drop(it.elements.remove(2))),
		("elements-differ", |it| it.elements.push(it.elements[0].clone())),
		("element-path-too-short", |it| it.path.truncate(it.path.len() - 1)),
		("element-path-too-long", |it| it.path.push([0; 32])),
		("element-differs", |it| it.path[0][31] ^= 1),
	];
	for (number, (reason, forge)) in cases.into_iter().enumerate() {
		let mut bundle = honest.bundle.clone();
		forge(redaction(&mut bundle));
		assert_eq!(refusal(text(&honest), &bundle), reason, "case {number}");
	}
	let mut bundle = honest.bundle.clone();
	bundle.elements = None;
	assert_eq!(refusal(text(&honest), &bundle), "element-key-missing");
	bundle.elements = Some(ElementEvidence::Key(ElementKey(Salt::new([0; 32]))));
	assert_eq!(refusal(text(&honest), &bundle), "content-changed");
	let mut bundle = honest.bundle.clone();
	bundle.opening.salt = Salt::new(RECORD);
	assert_eq!(refusal(text(&honest), &bundle), "opening-differs");
	let mut bundle = honest.bundle.clone();
	bundle.commitment = Commitment([0; 32]);
	assert_eq!(refusal(text(&honest), &bundle), "opening-differs");
	for suite in [HashSuite::Raw, HashSuite::FhirStaticRoot, HashSuite::FhirStaticRecursive] {
		let mut bundle = honest.bundle.clone();
		bundle.opening.suite = suite;
		assert_eq!(refusal(text(&honest), &bundle), "suite-differs");
	}
}

#[test]
fn a_copy_that_tears_a_pair_apart_is_refused_also_where_its_hashes_fit() {
	// As a redactor could make it by hand: the extension of the second name with the first one.
	let (elements, _) = fhir::elements(VISIT.as_bytes()).unwrap();
	let keep: Vec<_> = POINTERS.iter().map(|pointer| !pointer.ends_with("/_given/0")).collect();
	let (whole, mut bundle) = (bundle(), bundle());
	let key = element_key(&whole).unwrap();
	let indices: Vec<_> = (0..14).filter(|index| keep[*index as usize]).collect();
	let shown = (0..14).zip(elements.iter()).filter(|(index, _)| keep[*index as usize]);
	let shown = shown.map(|(index, element)| ShownElement {
		index,
		pointer: element.pointer().to_string(),
		salt: element.salt(key),
	});
	let path = prove_disclosure::<NativeSha256>(&elements.leaves(key), &indices);
	bundle.elements = Some(ElementEvidence::Redacted(Redaction { leaves: 14, elements: shown.collect(), path }));
	let copy = String::from_utf8(fhir::kept(VISIT.as_bytes(), &keep).unwrap()).unwrap();
	assert!(copy.contains(r#""_given":[{"id":"g"}]"#), "{copy}");
	assert_eq!(refusal(&copy, &bundle), "element-pair-shifted");
}

#[test]
fn unusable_selections_are_refused() {
	assert!(usage(keeping(&["status"])).contains("not a JSON pointer"));
	assert!(usage(keeping(&["/status/~2"])).contains("not a JSON pointer"));
	for missing in ["/stat", "/status/0", "/contained/1", "/contained/00", "/contained/-", "/meta", "/text/div", "/"] {
		assert!(usage(withholding(&[missing])).contains("no element"), "{missing}");
		assert!(usage(keeping(&["/id", missing])).contains("no element"), "{missing}");
	}
	for all in ["", "/resourceType"] {
		assert!(usage(withholding(&[all])).contains("resourceType"));
	}
}

#[test]
fn only_whole_records_of_the_suite_can_be_redacted() {
	let selection = Selection::Withhold(pointers(&["/status"]));
	let other = bundle_under(HashSuite::FhirStaticRecursive, VISIT);
	assert!(usage(redact(VISIT.as_bytes(), &other, &selection)).contains("fhir-static-recursive"));
	let once = withholding(&["/subject"]).unwrap();
	assert!(usage(redact(&once.content, &once.bundle, &selection)).contains("redacted copy"));

	let name = |content: &str, bundle: &Bundle| match redact(content.as_bytes(), bundle, &selection) {
		Err(error) => (error.name(), error.exit_code()),
		Ok(_) => panic!("redacted"),
	};
	assert_eq!(name(&VISIT.replace("6.0", "6.1"), &bundle()), ("content-changed", 1));
	assert_eq!(name("{", &bundle()), ("unexpected-end", 3));
	assert_eq!(name(VISIT, &Bundle { elements: None, ..bundle() }), ("element-key-missing", 1));
}

#[test]
fn bundles_with_a_key_or_a_redaction_survive_writing_and_reading() {
	let whole = bundle();
	let redacted = withholding(&["/subject"]).unwrap().bundle;
	for bundle in [&whole, &redacted] {
		assert_eq!(serde_json::from_str::<Bundle>(&bundle.to_json()).unwrap(), *bundle);
	}
	let value: Value = serde_json::from_str(&redacted.to_json()).unwrap();
	assert_eq!((&value["redaction"]["leaves"], &value["elementKey"]), (&Value::from("14"), &Value::Null));
	assert_eq!(value["redaction"]["elements"][8]["index"], "8");
	assert_eq!(value["redaction"]["elements"][8]["pointer"], "/id");
	let mut both: Value = serde_json::from_str(&whole.to_json()).unwrap();
	assert!(both["elementKey"].as_str().unwrap().starts_with("0x"));
	both["redaction"] = value["redaction"].clone();
	assert!(serde_json::from_value::<Bundle>(both).is_err());
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(96))]

	/// Whatever single bit of what accompanies a copy is changed, it does not pass.
	#[test]
	fn no_bit_of_a_redaction_can_be_changed(choice in 1u32..1 << 14, part in 0usize..4, at: prop::sample::Index, byte in 0usize..32, bit in 0u8..8) {
		let wanted: Vec<_> = (0..14).filter(|at| choice >> at & 1 == 1).map(|at| POINTERS[at]).collect();
		let Ok(honest) = keeping(&wanted) else { return Ok(()) };
		let mut bundle = honest.bundle.clone();
		let redaction = redaction(&mut bundle);
		let element = at.index(redaction.elements.len());
		match part {
			0 => redaction.leaves ^= 1 << bit,
			1 => redaction.elements[element].index ^= 1 << bit,
			2 => redaction.elements[element].salt.0 .0 .0[byte] ^= 1 << bit,
			_ if redaction.path.is_empty() => redaction.path.push([0; 32]),
			_ => {
				let hash = at.index(redaction.path.len());
				redaction.path[hash][byte] ^= 1 << bit;
			},
		}
		let result = ensure_fits(&Content::Bytes(&honest.content), &bundle);
		prop_assert!(matches!(result, Err(Error::Refused(_))));
	}
}
