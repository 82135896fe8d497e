// SPDX-License-Identifier: Apache-2.0

//! Frozen canonical forms, as SHA-256, and inputs of the size and depth that vendors have. A hash that changes here voids
//! every commitment made before: add a suite instead.

use epid::fhir::{canonicalise, FhirError, MAX_DEPTH};
use epidaurus_primitives::hash::{
	HashSuite::{self, FhirStaticRecursive, FhirStaticRoot, Raw},
	NativeSha256, Sha256,
};
use std::fmt::Write;

/// Contained resources, extensions of primitives, escapes, names beyond the basic plane.
const PATIENT: &str = r##"{
	"resourceType": "Patient",
	"id": "asclepius-1",
	"meta": { "versionId": "7", "lastUpdated": "2024-02-29T23:59:59.999+01:00" },
	"text": { "status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">Koronis<\/div>" },
	"contained": [
		{ "resourceType": "Organization", "id": "org", "meta": { "versionId": "1" }, "name": "Ἀσκληπιεῖον",
		  "text": { "status": "empty", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"/>" } }
	],
	"name": [ { "use": "official", "family": "M\u00fcller\u2013Lüdens\u0063heidt", "given": [ "Zo\u0065\u0308", "\ud83d\udc89" ] },
		{ "text": "a name in words\tand a tab \/ a slash \u001f \u007F" } ],
	"birthDate": "1970-03-30",
	"_birthDate": { "extension": [ { "valueDateTime": "1970-03-30T04:05:06Z", "url": "http://example.org/birthTime" } ] },
	"managingOrganization": { "reference": "#org" },
	"\uFB2A": 1, "\ud83d\udc89": 2, "\u20a4": 3, "\n": 4, "\u0085": 5, "\ue000": 6,
	"deceasedBoolean": false, "multipleBirthInteger": -0, "active": true
}
"##;

/// Decimals whose lexeme is content, and a `text` that is a string.
const OBSERVATION: &str = r#"{"valueQuantity":{"value":6.0,"unit":"mmol/L","system":"http://unitsofmeasure.org"},
"resourceType":"Observation","status":"final","code":{"text":"Glucose","coding":[{"code":"15074-8","system":"http://loinc.org"}]},
"component":[{"valueQuantity":{"value":1.00}},{"valueQuantity":{"value":1e3}},{"valueQuantity":{"value":1E3}},
{"valueQuantity":{"value":-0}},{"valueQuantity":{"value":-0.0}},{"valueQuantity":{"value":0.010E-02}},
{"valueQuantity":{"value":185.000000000000000000000000000000001}},{"valueQuantity":{"value":9007199254740993}}],
"note":[{"text":"fasting"},{"text":null,"meta":[]}],"id":"f001"}"#;

/// Resources within resources: Bundle, Parameters, Questionnaire, and things that look like resources and are none.
const BUNDLE: &str = r#"
{"type":"collection","entry":[
  {"fullUrl":"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0","resource":
    {"text":{"div":"<div/>","status":"additional"},"resourceType":"Questionnaire","meta":{"tag":[{"code":"a"}]},
     "item":[{"linkId":"1","text":"How are you?","item":[{"linkId":"1.1","text":"And now?","meta":{"not":"a resource"}}]}]}},
  {"resource":{"parameter":[{"name":"p","resource":{"meta":{},"resourceType":"Basic","text":{}}},
     {"resourceType":"","text":{"status":"empty"}},{"resourceType":1,"text":{"status":"empty"},"meta":{"a":[]}}],
     "resourceType":"Parameters"},"search":{"score":0.50,"mode":"match"}}],
 "meta":{"lastUpdated":"2024-01-01T00:00:00Z"},"resourceType":"Bundle","total":2,"id":"b"}
"#;

fn sha256(bytes: &[u8]) -> String {
	NativeSha256::hash(&[bytes]).iter().fold(String::new(), |mut hex, byte| {
		write!(hex, "{byte:02x}").expect("writing to a string");
		hex
	})
}

#[track_caller]
fn frozen(input: &str, suite: HashSuite, expected: &str) {
	let canonical = canonicalise(input.as_bytes(), suite).expect("the vector is correct");
	assert_eq!(sha256(&canonical), expected);
}

#[test]
fn canonicalise_patient_is_frozen() {
	frozen(PATIENT, Raw, "4a92833f98b4e1a9b471b40d13a9711c57621636116681f82ed7932d51cd7a6e");
	frozen(PATIENT, FhirStaticRoot, "da7eee2c3b992a1176391ec3d96388608f56529976b91860ac56f9cc3547204a");
	frozen(PATIENT, FhirStaticRecursive, "fc1f71bd191c9aca207d8dbe6c2147fabf51c450e2959290028a10f3ea99edb2");
}

#[test]
fn canonicalise_observation_is_frozen() {
	frozen(OBSERVATION, Raw, "5ea90c77846d6d5568599bdf1675a93cb68009b1be95df377293cf8e1217e983");
	// There is nothing to leave out.
	frozen(OBSERVATION, FhirStaticRoot, "68e83d3456281970453c32f1558483a5d220ca1dde498ad40a158205a16ab4f4");
	frozen(OBSERVATION, FhirStaticRecursive, "68e83d3456281970453c32f1558483a5d220ca1dde498ad40a158205a16ab4f4");
}

#[test]
fn canonicalise_bundle_is_frozen() {
	frozen(BUNDLE, Raw, "64cef07202b3f065e4a8de31f7ad58b7e8b639e51a28e75bf5830fb97977fabd");
	frozen(BUNDLE, FhirStaticRoot, "f1515144bdb9831ff9ab7ab26516a29fabe995503713bbab776dba2fbb725b3d");
	frozen(BUNDLE, FhirStaticRecursive, "2796b9b35ff4b45509a6c89c22b26015ebfea0f9b987dcb921b6517ab205a7e3");
}

/// A Bundle of `count` observations, written with these line breaks, with the members in one order or the opposite one.
fn bundle(count: usize, feed: &str, backwards: bool) -> String {
	let object = |mut members: Vec<String>| {
		if backwards {
			members.reverse();
		}
		format!("{{{feed}{}{feed}}}", members.join(&format!(",{feed}")))
	};
	let entry = |number: usize| {
		let quantity = object(vec![format!("\"value\":{number}.{}0", number % 1000), "\"unit\":\"µg/L\"".into()]);
		let narrative = "words ".repeat(20);
		let resource = object(vec![
			"\"resourceType\":\"Observation\"".into(),
			format!("\"id\":\"o{number}\""),
			format!("\"meta\":{}", object(vec![format!("\"versionId\":\"{number}\"")])),
			format!("\"text\":{}", object(vec![format!("\"div\":\"<div>{narrative}<\\/div>\"")])),
			format!("\"code\":{}", object(vec![format!("\"text\":\"Line\\nbreak and \\u00e9 of {number}\"")])),
			format!("\"valueQuantity\":{quantity}"),
			format!("\"note\":[{feed}{feed}null,true,[],{{}}{feed}]"),
		]);
		object(vec![format!("\"fullUrl\":\"urn:example:{number}\""), format!("\"resource\":{resource}")])
	};
	let entries: Vec<_> = (0..count).map(entry).collect();
	object(vec![
		"\"resourceType\":\"Bundle\"".into(),
		format!("\"entry\":[{feed}{}]", entries.join(&format!(",{feed}"))),
		"\"type\":\"collection\"".into(),
	])
}

#[test]
fn canonicalise_ten_megabytes_works() {
	let pretty = bundle(24_000, "\r\n\t\t", false);
	let compact = bundle(24_000, "", true);
	assert!(pretty.len() > 10_000_000);
	for (suite, expected) in [
		(FhirStaticRoot, "8f4ecf5a6274cddf6209deee9e9def1415b503809050b0c63dea94e5a477f41b"),
		(FhirStaticRecursive, "b565be219155c6353a3f29fded0d62d662fd741b2ee890bfad9f672521ab813e"),
	] {
		let canonical = canonicalise(pretty.as_bytes(), suite).expect("the bundle is correct");
		assert_eq!(sha256(&canonical), expected);
		assert!(canonicalise(compact.as_bytes(), suite).as_ref() == Ok(&canonical));
		assert!(canonicalise(&canonical, suite).as_ref() == Ok(&canonical));
	}
	let cut = &pretty.as_bytes()[..pretty.len() - 1];
	assert!(matches!(canonicalise(cut, FhirStaticRoot), Err(FhirError::UnexpectedEnd(at)) if at.line > 400_000));
}

/// Resources within resources, `levels` of objects and arrays deep; `levels` is even.
fn nested(levels: usize) -> String {
	let opening = r#"{"resourceType":"Bundle","meta":{},"entry":["#;
	format!("{}{}", opening.repeat(levels / 2), "]}".repeat(levels / 2))
}

#[test]
fn canonicalise_deep_bundle_works_until_the_limit() {
	let deepest = nested(MAX_DEPTH);
	let stripped = canonicalise(deepest.as_bytes(), FhirStaticRecursive).expect("within the limit");
	assert_eq!(String::from_utf8_lossy(&stripped).matches("meta").count(), 0);
	let root = canonicalise(deepest.as_bytes(), FhirStaticRoot).expect("within the limit");
	assert_eq!(String::from_utf8_lossy(&root).matches("meta").count(), MAX_DEPTH / 2 - 1);
	let error = canonicalise(nested(MAX_DEPTH + 2).as_bytes(), FhirStaticRecursive).expect_err("beyond the limit");
	assert!(matches!(error, FhirError::TooDeep(_)));
}
