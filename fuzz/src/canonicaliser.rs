// SPDX-License-Identifier: Apache-2.0
//! Canonical FHIR: no input panics, canonical bytes are their own canonical form and never longer than the input, and what
//! is accepted, with what meaning, is what `serde_json` says, but for the differences that are named here.

use crate::{
	fhir::{canonical, canonicalise, FhirError, Resource},
	record::labels_of_meta,
};
use epidaurus_primitives::hash::HashSuite;
use serde_json::{Map, Value};

/// Checks one input under the suites of FHIR.
pub fn check(input: &[u8]) {
	let _ = labels_of_meta(input);
	for suite in [HashSuite::FhirStaticRoot, HashSuite::FhirStaticRecursive, HashSuite::FhirElements] {
		check_suite(input, suite);
	}
	assert_eq!(canonicalise(input, HashSuite::Raw).as_deref(), Ok(input));
}

fn check_suite(input: &[u8], suite: HashSuite) {
	let theirs = serde_json::from_slice::<Value>(input);
	match canonicalise(input, suite) {
		Ok(bytes) => {
			assert!(bytes.len() <= input.len());
			let again = canonical(&bytes, suite).expect("canonical bytes are accepted");
			assert!(*again.bytes == bytes, "canonical bytes are their own canonical form");
			let before = canonical(input, suite).expect("accepted once");
			assert!(before.resource.as_ref().map(names) == again.resource.as_ref().map(names), "type and id stay");
			if let Some(meta) = before.resource.and_then(|resource| resource.meta) {
				let _ = labels_of_meta(&meta);
			}
			match theirs {
				Ok(theirs) => {
					let ours: Value = serde_json::from_slice(&bytes).expect("canonical bytes are JSON");
					assert!(ours == without_narrative(theirs, suite), "the meaning stays, but for what is left out");
				},
				Err(error) => {
					let reason = error.to_string();
					let known = ["number out of range", "recursion limit exceeded"];
					assert!(known.iter().any(|known| reason.starts_with(known)), "only serde_json refuses: {reason}");
				},
			}
		},
		Err(error) => {
			if let Ok(theirs) = theirs {
				assert!(is_named(&error, &theirs), "only ours refuses: {error}");
			}
			check_place(input, &error);
		},
	}
}

fn names(resource: &Resource) -> (&str, Option<&str>) {
	(&resource.resource_type, resource.id.as_deref())
}

/// Whether this is one of the reasons for which correct JSON is refused, and the right one.
fn is_named(error: &FhirError, value: &Value) -> bool {
	let resource_type = value.as_object().map(|members| members.get("resourceType"));
	match error {
		// `serde_json` takes the last of two members.
		FhirError::DuplicateMember(_) => true,
		FhirError::NotAnObject(_) => resource_type.is_none(),
		FhirError::ResourceTypeMissing(_) => resource_type == Some(None),
		FhirError::ResourceTypeNotString(_) => {
			resource_type.is_some_and(|found| found.is_some_and(|found| !found.is_string()))
		},
		FhirError::ResourceTypeEmpty(_) => resource_type == Some(Some(&Value::String(String::new()))),
		_ => false,
	}
}

/// The place of a refusal lies within the input or just behind it.
fn check_place(input: &[u8], error: &FhirError) {
	let Some(at) = error.position() else { return };
	let lines: Vec<_> = input.split(|byte| *byte == b'\n').collect();
	let line = at.line.checked_sub(1).and_then(|index| lines.get(index)).expect("the line is there");
	assert!(at.column >= 1 && at.column <= line.len() + 1);
}

/// What the suites leave out, said a second time.
fn without_narrative(value: Value, suite: HashSuite) -> Value {
	let everywhere = suite != HashSuite::FhirStaticRoot;
	strip(value, true, everywhere)
}

fn strip(value: Value, here: bool, everywhere: bool) -> Value {
	match value {
		Value::Array(values) => {
			Value::Array(values.into_iter().map(|one| strip(one, everywhere, everywhere)).collect())
		},
		Value::Object(members) => {
			let resource = here && members.get("resourceType").is_some_and(Value::is_string);
			let kept = |name: &str, value: &Value| !(resource && value.is_object() && matches!(name, "meta" | "text"));
			let members: Map<_, _> = members
				.into_iter()
				.filter(|(name, value)| kept(name, value))
				.map(|(name, value)| (name, strip(value, everywhere, everywhere)))
				.collect();
			Value::Object(members)
		},
		other => other,
	}
}
