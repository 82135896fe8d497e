// SPDX-License-Identifier: Apache-2.0
//! A record to be forged. It is invented, and has what forgers go for: decimals, a narrative, another one in a contained
//! resource.

use epidaurus_primitives::hash::HashSuite;

const SPECIMEN: &str = r#"{
  "resourceType": "Observation",
  "id": "specimen",
  "text": { "status": "generated", "div": "<div>Glucose 6.30 mmol/l</div>" },
  "contained": [
    {
      "resourceType": "Specimen",
      "id": "blood",
      "text": { "status": "generated", "div": "<div>Venous blood</div>" }
    }
  ],
  "status": "final",
  "code": { "text": "Glucose" },
  "valueQuantity": { "value": 6.30, "unit": "mmol/l" }
}
"#;

/// The same members in another order and with other white space.
const REORDERED: &str = r#"{"valueQuantity":{"unit":"mmol/l","value":6.30},"code":{"text":"Glucose"},"status":"final",
"contained":[{"text":{"div":"<div>Venous blood</div>","status":"generated"},"id":"blood","resourceType":"Specimen"}],
"text":{"div":"<div>Glucose 6.30 mmol/l</div>","status":"generated"},"id":"specimen","resourceType":"Observation"}"#;

/// Names of the specimens' files, with the suite that each is appended under.
pub(super) const FILES: [(&str, HashSuite); 3] = [
	("specimen-raw.json", HashSuite::Raw),
	("specimen-static-root.json", HashSuite::FhirStaticRoot),
	("specimen-static-recursive.json", HashSuite::FhirStaticRecursive),
];

pub(super) fn original() -> &'static str {
	SPECIMEN
}

pub(super) fn reordered() -> &'static str {
	REORDERED
}

pub(super) fn other_lexeme() -> String {
	SPECIMEN.replace("\"value\": 6.30", "\"value\": 6.3")
}

pub(super) fn other_narrative() -> String {
	SPECIMEN.replace("Glucose 6.30 mmol/l</div>", "Glucose 9.80 mmol/l</div>")
}

pub(super) fn other_contained_narrative() -> String {
	SPECIMEN.replace("Venous blood</div>", "Capillary blood</div>")
}

pub(super) fn duplicate_key() -> String {
	SPECIMEN.replace("\"unit\": \"mmol/l\"", "\"unit\": \"mmol/l\", \"value\": 9.80")
}

/// The content of the `number`th record that is anchored by itself.
pub(super) fn anchored(number: u64) -> String {
	SPECIMEN.replace("\"specimen\"", &format!("\"anchored-{number}\""))
}

/// That record as it is corrected later.
pub(super) fn amended(number: u64) -> String {
	anchored(number).replace("\"final\"", "\"amended\"")
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::fhir::canonicalise;

	#[test]
	fn the_specimens_differ_where_they_should() {
		let canonical = |text: &str, suite| canonicalise(text.as_bytes(), suite).unwrap();
		for suite in [HashSuite::FhirStaticRoot, HashSuite::FhirStaticRecursive] {
			let original = canonical(original(), suite);
			assert_eq!(canonical(reordered(), suite), original);
			assert_ne!(canonical(&other_lexeme(), suite), original);
			assert_eq!(canonical(&other_narrative(), suite), original);
			let contained = canonical(&other_contained_narrative(), suite);
			assert_eq!(contained == original, suite == HashSuite::FhirStaticRecursive);
			assert_ne!(canonical(&anchored(1), suite), canonical(&amended(1), suite));
			assert_ne!(canonical(&anchored(1), suite), canonical(&anchored(2), suite));
		}
		for changed in [other_narrative(), other_contained_narrative(), reordered().to_owned()] {
			assert_ne!(changed, original());
		}
		assert!(canonicalise(duplicate_key().as_bytes(), HashSuite::FhirStaticRoot).is_err());
	}
}
