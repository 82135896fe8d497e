// SPDX-License-Identifier: Apache-2.0
//! Security labels of a FHIR resource, from its `meta.security` (R4 §6.1.1).

use epidaurus_primitives::hash::{Confidentiality, Labels};
use serde::Deserialize;
use serde_json::Value;

const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

#[derive(Deserialize)]
struct Meta {
	#[serde(default)]
	security: Vec<Coding>,
}

#[derive(Deserialize)]
struct Coding {
	#[serde(default)]
	system: Value,
	#[serde(default)]
	code: Value,
}

/// The labels that a resource with this `meta` in JSON carries. A coding of another system or code says nothing here, and
/// neither does a `meta` of a form that FHIR does not know; of several confidentialities the strictest counts.
pub fn of_meta(json: &[u8]) -> Labels {
	let Ok(Some(meta)) = serde_json::from_slice::<Option<Meta>>(json) else { return Labels::default() };
	let mut labels = Labels::default();
	for coding in &meta.security {
		match (coding.system.as_str(), coding.code.as_str()) {
			(Some(CONFIDENTIALITY), Some(code)) => labels.confidentiality = stricter(labels.confidentiality, code),
			(Some(ACT_CODE), Some(code)) => labels.sensitivity |= sensitivity(code),
			_ => (),
		}
	}
	labels
}

fn stricter(known: Option<Confidentiality>, code: &str) -> Option<Confidentiality> {
	let stated = match code {
		"U" => Confidentiality::U,
		"L" => Confidentiality::L,
		"M" => Confidentiality::M,
		"N" => Confidentiality::N,
		"R" => Confidentiality::R,
		"V" => Confidentiality::V,
		_ => return known,
	};
	match known {
		Some(known) if known as u8 >= stated as u8 => Some(known),
		_ => Some(stated),
	}
}

fn sensitivity(code: &str) -> u32 {
	match code {
		"ETH" => Labels::ETH,
		"OPIOIDUD" => Labels::OPIOIDUD,
		"PSY" => Labels::PSY,
		"SDV" => Labels::SDV,
		"HIV" => Labels::HIV,
		"GDIS" => Labels::GDIS,
		"SEX" => Labels::SEX,
		"SICKLE" => Labels::SICKLE,
		_ => 0,
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::fhir;
	use epidaurus_primitives::hash::HashSuite;

	fn of_resource(json: &str) -> Labels {
		let canonical = fhir::canonical(json.as_bytes(), HashSuite::FhirStaticRoot).unwrap();
		let labels = canonical.resource.unwrap().meta.map(|meta| of_meta(&meta)).unwrap_or_default();
		assert_eq!(labels, of_document(json), "{json}");
		labels
	}

	/// The same, read from the document as it is.
	fn of_document(json: &str) -> Labels {
		#[derive(Deserialize)]
		struct Resource {
			#[serde(default)]
			meta: Value,
		}
		let Resource { meta } = serde_json::from_str(json).unwrap();
		of_meta(meta.to_string().as_bytes())
	}

	fn labels(security: &str) -> Labels {
		of_resource(&format!(r#"{{"resourceType":"Observation","meta":{{"security":{security}}}}}"#))
	}

	#[test]
	fn labels_of_both_systems_are_read() {
		let read = labels(
			r#"[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"},
				{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"HIV"},
				{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"ETH"}]"#,
		);
		assert_eq!(read.confidentiality, Some(Confidentiality::R));
		assert_eq!(read.sensitivity, Labels::HIV | Labels::ETH);
	}

	#[test]
	fn the_strictest_confidentiality_counts_in_any_order() {
		let both = |first: &str, second: &str| {
			labels(&format!(
				r#"[{{"system":"{CONFIDENTIALITY}","code":"{first}"}},{{"system":"{CONFIDENTIALITY}","code":"{second}"}}]"#
			))
			.confidentiality
		};
		assert_eq!(both("V", "N"), Some(Confidentiality::V));
		assert_eq!(both("N", "V"), Some(Confidentiality::V));
		assert_eq!(both("N", "?"), Some(Confidentiality::N));
	}

	#[test]
	fn other_systems_and_odd_forms_give_no_labels() {
		assert_eq!(labels(r#"[{"system":"urn:x","code":"R"}]"#), Labels::default());
		assert_eq!(labels(r#""R""#), Labels::default());
		assert_eq!(labels(r#"[{"system":7,"code":null}]"#), Labels::default());
		for meta in ["null", "7", "[]", r#""security""#, r#"{"security":{}}"#, r#"{"security":[7]}"#] {
			assert_eq!(of_resource(&format!(r#"{{"resourceType":"Patient","meta":{meta}}}"#)), Labels::default());
		}
		assert_eq!(of_resource(r#"{"resourceType":"Patient"}"#), Labels::default());
		assert_eq!(of_meta(b"not json"), Labels::default());
	}

	#[test]
	fn names_and_values_written_with_escapes_are_read() {
		let json = r#"{"resourceType":"Patient","\u006deta":{"security":[{"c\u006fde":"\u0052",
			"system":"http:\/\/terminology.hl7.org\/CodeSystem\/v3-Confidentiality","version":1.0}]}}"#;
		assert_eq!(of_resource(json).confidentiality, Some(Confidentiality::R));
	}
}
