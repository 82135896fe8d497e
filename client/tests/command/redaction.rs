// SPDX-License-Identifier: Apache-2.0
//! The suite FHIR elements without a node: whole records, redacted copies, and what is refused of them.

use crate::house::{Answer, House};
use serde_json::{json, Value};

const VISIT: &str = r##"{
  "resourceType": "Encounter", "id": "e1", "status": "finished",
  "text": {"status": "generated", "div": "<div>Topsecret</div>"},
  "contained": [{"resourceType": "Patient", "id": "p", "name": [
    {"family": "Topsecret", "given": ["Topsecret", "Bea"], "_given": [null, {"id": "g"}]}, {"text": "A. T."}]}],
  "length": {"value": 6.0, "unit": "min"}, "subject": {"reference": "#p"}
}
"##;

/// A house whose log has the visit, with its bundle `whole.epid.json` and the trusted head `head.json`.
fn house() -> House {
	let house = House::new();
	house.write("data/visit.json", VISIT);
	house.write("data/other.json", VISIT.replace("e1", "e2"));
	house.run(["append", "data", "--suite", "fhir-elements"]).expect(0);
	house.trusted_head("head.json");
	house.run(["prove", "data/visit.json", "--size", "2", "-o", "whole.epid.json"]).expect(0);
	house
}

fn redact<'a>(house: &House, arguments: impl IntoIterator<Item = &'a str>) -> Answer {
	let fixed = ["redact", "data/visit.json", "--bundle", "whole.epid.json", "-o", "copy.json", "--json"];
	house.run(fixed.into_iter().chain(arguments))
}

fn verify(house: &House, file: &str, bundle: &str) -> Answer {
	house.run(["verify", file, "--bundle", bundle, "--head", "head.json", "--json"])
}

fn reason(answer: Answer, code: i32) -> Value {
	let value = answer.expect(code).json();
	assert_eq!(value["error"]["exitCode"], code);
	value["error"]["name"].clone()
}

#[test]
fn a_whole_record_is_appended_once_proven_and_verified() {
	let house = house();
	let again = house.run(["append", "data", "--suite", "fhir-elements", "--json"]).expect(0).json();
	assert_eq!((&again["unchanged"], &again["new"]), (&json!(2), &json!(0)));
	let verdict = verify(&house, "data/visit.json", "whole.epid.json").expect(0).json();
	assert_eq!(verdict["verified"]["suite"], "fhir-elements");
	assert_eq!(verdict["verified"]["withheld"], Value::Null);
	house.write("data/visit.json", VISIT.replace("6.0", "6.00"));
	assert_eq!(reason(verify(&house, "data/visit.json", "whole.epid.json"), 1), "content-changed");
}

#[test]
fn a_redacted_copy_verifies_and_tells_what_it_lacks() {
	let house = house();
	let made = redact(&house, ["--withhold", "/contained/0/name", "/subject"]).expect(0).json();
	assert_eq!((&made["copy"], &made["bundle"]), (&json!("copy.json"), &json!("copy.json.epid.json")));
	assert_eq!((&made["withheld"]["elements"], &made["withheld"]["of"]), (&json!("7"), &json!("14")));

	let verdict = verify(&house, "copy.json", "copy.json.epid.json").expect(0).json();
	let withheld = &verdict["verified"]["withheld"];
	assert_eq!(withheld, &made["withheld"]);
	let first = json!({"first": "1", "last": "6", "after": "/contained/0/id", "before": "/contained/0/resourceType"});
	assert_eq!(withheld["places"][0], first);
	assert_eq!(withheld["places"][1], json!({"first": "13", "last": "13", "after": "/status", "before": null}));

	let told = house.run(["verify", "copy.json", "--bundle", "copy.json.epid.json", "--head", "head.json"]).expect(0);
	assert!(told.out.starts_with("verified: Encounter, version 1"), "{}", told.out);
	assert!(told.out.contains("\nredacted copy: 7 of 14 elements are withheld\n  6 after /contained/0/id, before"));
	assert!(told.out.contains("\n  1 after /status, at the end\n"), "{}", told.out);

	// Nothing of what is withheld, nor the keys to it, leaves the house.
	let key = serde_json::from_str::<Value>(&house.read("whole.epid.json")).unwrap()["elementKey"].clone();
	let handed_on = format!("{}{}{told:?}", house.read("copy.json"), house.read("copy.json.epid.json"));
	for secret in ["Topsecret", "family", "#p", key.as_str().unwrap()] {
		assert!(!handed_on.contains(secret), "{secret}");
	}
}

#[test]
fn a_copy_keeps_what_is_named_and_the_types() {
	let house = house();
	redact(&house, ["--keep", "/contained/0/name/1", "--keep", "/length/value"]).expect(0);
	let expected = concat!(
		r#"{"contained":[{"name":[{"text":"A. T."}],"resourceType":"Patient"}],"#,
		r#""length":{"value":6.0},"resourceType":"Encounter"}"#
	);
	assert_eq!(house.read("copy.json"), expected);
	verify(&house, "copy.json", "copy.json.epid.json").expect(0);
}

#[test]
fn the_pointers_are_listed() {
	let house = house();
	let listed = house.run(["canonicalise", "data/visit.json", "--suite", "fhir-elements"]).expect(0).out;
	let lines: Vec<_> = listed.lines().collect();
	assert_eq!((lines.len(), lines[0], lines[10]), (14, "/contained/0/id\t\"p\"", "/length/value\t6.0"));
	for line in
		lines.into_iter().filter(|line| !line.starts_with("/contained/0/name/0/") && !line.contains("/resource"))
	{
		redact(&house, ["--withhold", line.split('\t').next().unwrap()]).expect(0);
		verify(&house, "copy.json", "copy.json.epid.json").expect(0);
	}
	let digest = house.run(["canonicalise", "data/visit.json", "--suite", "fhir-elements", "--digest", "--json"]);
	assert_eq!(reason(digest, 2), "usage");
}

#[test]
fn forged_copies_end_with_one_and_name_their_reason() {
	let house = house();
	redact(&house, ["--withhold", "/contained/0/name/0", "/subject"]).expect(0);
	let honest = house.read("copy.json");
	let cases = [
		("6.0", "6", "element-differs"),
		("\"status\":\"finished\"", "\"state\":\"finished\"", "elements-differ"),
		("\"unit\":\"min\",", "", "elements-differ"),
		("\"unit\"", "\"code\":\"h\",\"unit\"", "elements-differ"),
		("\"status\"", "\"text\":{\"div\":\"<div>forged</div>\"},\"status\"", "uncovered-content"),
	];
	for (from, to, expected) in cases {
		house.write("forged.json", honest.replacen(from, to, 1));
		assert_eq!(reason(verify(&house, "forged.json", "copy.json.epid.json"), 1), expected, "{from}");
	}
	assert_eq!(reason(verify(&house, "copy.json", "whole.epid.json"), 1), "content-changed");
	assert_eq!(reason(verify(&house, "data/visit.json", "copy.json.epid.json"), 1), "uncovered-content");
	house.write("twice.json", honest.replacen("\"status\"", "\"id\":\"e1\",\"status\"", 1));
	assert_eq!(reason(verify(&house, "twice.json", "copy.json.epid.json"), 3), "duplicate-member");
}

/// A reason, and what is done to the bundle of a copy that must be refused for it.
type Case = (&'static str, fn(&mut Value));

#[test]
fn forged_bundles_end_with_one_and_name_their_reason() {
	let house = house();
	redact(&house, ["--withhold", "/contained/0/name/0", "/subject"]).expect(0);
	let honest: Value = serde_json::from_str(&house.read("copy.json.epid.json")).unwrap();
	let cases: [Case; 9] = [
		("element-path-too-short", |bundle| bundle["redaction"]["leaves"] = json!("15")),
		("element-differs", |bundle| bundle["redaction"]["elements"][0]["salt"] = bundle["opening"]["salt"].clone()),
		("element-path-too-short", |bundle| bundle["redaction"]["elements"][1]["index"] = json!("5")),
		("elements-differ", |bundle| bundle["redaction"]["elements"][0]["pointer"] = json!("/contained/0/ix")),
		("elements-differ", |bundle| drop(bundle["redaction"]["elements"].as_array_mut().unwrap().remove(0))),
		("element-path-too-short", |bundle| drop(bundle["redaction"]["path"].as_array_mut().unwrap().pop())),
		("element-differs", |bundle| bundle["redaction"]["path"][0] = bundle["opening"]["salt"].clone()),
		("element-key-missing", |bundle| drop(bundle.as_object_mut().unwrap().remove("redaction"))),
		("opening-differs", |bundle| bundle["opening"]["salt"] = bundle["redaction"]["elements"][0]["salt"].clone()),
	];
	for (number, (expected, forge)) in cases.into_iter().enumerate() {
		let mut forged = honest.clone();
		forge(&mut forged);
		house.write("forged.epid.json", forged.to_string());
		assert_eq!(reason(verify(&house, "copy.json", "forged.epid.json"), 1), expected, "case {number}");
	}
	// The bundle of another record leads to another commitment.
	house.run(["prove", "data/other.json", "--size", "2", "-o", "other.epid.json"]).expect(0);
	let mut other: Value = serde_json::from_str(&house.read("other.epid.json")).unwrap();
	other.as_object_mut().unwrap().remove("elementKey");
	other["redaction"] = honest["redaction"].clone();
	house.write("forged.epid.json", other.to_string());
	assert_eq!(reason(verify(&house, "copy.json", "forged.epid.json"), 1), "element-differs");
}

#[test]
fn malformed_bundles_end_with_three() {
	let house = house();
	redact(&house, ["--withhold", "/subject"]).expect(0);
	let honest: Value = serde_json::from_str(&house.read("copy.json.epid.json")).unwrap();
	let cases: [fn(&mut Value); 5] = [
		|bundle| bundle["elementKey"] = bundle["opening"]["salt"].clone(),
		|bundle| bundle["redaction"]["more"] = json!(1),
		|bundle| bundle["redaction"]["leaves"] = json!("-1"),
		|bundle| bundle["redaction"]["elements"][0]["salt"] = json!("0x12"),
		|bundle| bundle["redaction"]["path"] = json!(7),
	];
	for forge in cases {
		let mut forged = honest.clone();
		forge(&mut forged);
		house.write("forged.epid.json", forged.to_string());
		assert_eq!(reason(verify(&house, "copy.json", "forged.epid.json"), 3), "bad-form");
	}
}

#[test]
fn wrong_use_of_redact_ends_with_two_and_writes_nothing() {
	let house = house();
	let cases: [&[&str]; 8] = [
		&[],
		&["--keep", "/status", "--withhold", "/subject"],
		&["--withhold", "subject"],
		&["--withhold", "/no-such-member"],
		&["--withhold", "/text"],
		&["--withhold", "/resourceType"],
		&["--withhold", ""],
		// `given` would be shifted against `_given`.
		&["--withhold", "/contained/0/name/0/given/0"],
	];
	for arguments in cases {
		redact(&house, arguments.iter().copied()).expect(2);
		assert!(!house.path("copy.json").exists() && !house.path("copy.json.epid.json").exists(), "{arguments:?}");
	}
	let over = |output: &str| {
		let arguments = ["--withhold", "/subject", "--bundle", "whole.epid.json", "--json", "-o", output];
		house.run(["redact", "data/visit.json"].into_iter().chain(arguments))
	};
	assert_eq!(reason(over("data/visit.json"), 2), "usage");
	assert_eq!(reason(over("whole.epid.json"), 2), "usage");
	assert_eq!(reason(over("whole"), 2), "usage");
	assert_eq!(house.read("data/visit.json"), VISIT);
}

#[test]
fn redact_refuses_inputs_that_do_not_fit() {
	let house = house();
	let with = |file: &str, bundle: &str| {
		house.run(["redact", file, "--bundle", bundle, "--withhold", "/subject", "-o", "copy.json", "--json"])
	};
	assert_eq!(reason(with("data/other.json", "whole.epid.json"), 1), "content-changed");
	assert_eq!(reason(with("missing.json", "whole.epid.json"), 3), "unreadable");
	assert_eq!(reason(with("data/visit.json", "head.json"), 3), "bad-form");
	house.write("broken.json", "{");
	assert_eq!(reason(with("broken.json", "whole.epid.json"), 3), "unexpected-end");
	house.write("plain.json", VISIT);
	house.run(["append", "plain.json"]).expect(0);
	house.run(["prove", "plain.json", "--size", "3", "-o", "plain.epid.json"]).expect(0);
	assert_eq!(reason(with("plain.json", "plain.epid.json"), 2), "usage");
	assert!(!house.path("copy.json").exists());

	with("data/visit.json", "whole.epid.json").expect(0);
	let again =
		["redact", "copy.json", "--bundle", "copy.json.epid.json", "--withhold", "/id", "-o", "c.json", "--json"];
	assert_eq!(reason(house.run(again), 2), "usage");
}

#[cfg(unix)]
#[test]
fn copies_and_their_bundles_are_for_their_owner_only() {
	use std::os::unix::fs::PermissionsExt;
	let house = house();
	redact(&house, ["--withhold", "/subject"]).expect(0);
	for name in ["copy.json", "copy.json.epid.json"] {
		assert_eq!(std::fs::metadata(house.path(name)).unwrap().permissions().mode() & 0o777, 0o600);
	}
}
