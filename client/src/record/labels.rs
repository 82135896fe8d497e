// SPDX-License-Identifier: Apache-2.0
//! Security labels of a FHIR resource, from its `meta.security` (R4 §6.1.1).

use epidaurus_primitives::hash::{Confidentiality, Labels};
use serde::{
	de::{value::MapAccessDeserializer, MapAccess, Visitor},
	Deserialize, Deserializer,
};
use std::{fmt, marker::PhantomData};

const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

/// `meta.security` is not a list of codings. What it was meant to say is unknown, so nobody may take it for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("meta.security is not a list of codings (objects whose system and code are texts): its labels cannot be read")]
pub struct LabelsUnreadable;

#[derive(Deserialize)]
struct Meta {
	security: Option<Vec<Object<Coding>>>,
}

#[derive(Deserialize)]
struct Coding {
	system: Option<String>,
	code: Option<String>,
}

/// What is read from an object alone: serde takes lists of values in order for structures, too.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
	fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		deserializer.deserialize_map(Members(PhantomData))
	}
}

struct Members<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
	type Value = Object<T>;

	fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
		f.write_str("an object")
	}

	fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Self::Value, A::Error> {
		T::deserialize(MapAccessDeserializer::new(members)).map(Object)
	}
}

/// The labels that a resource with this `meta` in JSON carries. A coding of another system or code says nothing here; of several
/// confidentialities the strictest counts. One coding of a form that FHIR does not know is enough for an error, since it may
/// have been the strictest.
pub fn of_meta(json: &[u8]) -> Result<Labels, LabelsUnreadable> {
	let meta = serde_json::from_slice::<Option<Object<Meta>>>(json).map_err(|_| LabelsUnreadable)?;
	let mut labels = Labels::default();
	for Object(coding) in meta.and_then(|Object(meta)| meta.security).unwrap_or_default() {
		match (coding.system.as_deref(), coding.code.as_deref()) {
			(Some(CONFIDENTIALITY), Some(code)) => labels.confidentiality = stricter(labels.confidentiality, code),
			(Some(ACT_CODE), Some(code)) => labels.sensitivity |= sensitivity(code),
			_ => (),
		}
	}
	Ok(labels)
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
	use serde_json::Value;

	fn read(json: &str) -> Result<Labels, LabelsUnreadable> {
		let canonical = fhir::canonical(json.as_bytes(), HashSuite::FhirStaticRoot).unwrap();
		let labels = canonical.resource.unwrap().meta.map_or(Ok(Labels::default()), |meta| of_meta(&meta));
		assert_eq!(labels, of_document(json), "{json}");
		labels
	}

	/// The same, read from the document as it is.
	fn of_document(json: &str) -> Result<Labels, LabelsUnreadable> {
		#[derive(Deserialize)]
		struct Resource {
			#[serde(default)]
			meta: Value,
		}
		let Resource { meta } = serde_json::from_str(json).unwrap();
		of_meta(meta.to_string().as_bytes())
	}

	fn of_security(security: &str) -> Result<Labels, LabelsUnreadable> {
		read(&format!(r#"{{"resourceType":"Observation","meta":{{"security":{security}}}}}"#))
	}

	fn labels(security: &str) -> Labels {
		of_security(security).unwrap()
	}

	#[test]
	fn labels_of_both_systems_are_read() {
		let both = labels(
			r#"[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"},
				{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"HIV"},
				{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"ETH"}]"#,
		);
		assert_eq!(both.confidentiality, Some(Confidentiality::R));
		assert_eq!(both.sensitivity, Labels::HIV | Labels::ETH);
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
	fn other_systems_codes_and_absent_values_give_no_labels() {
		for security in [
			r#"[{"system":"urn:x","code":"R"}]"#,
			r#"[{"code":"R"},{"system":"urn:x"},{}]"#,
			r#"[{"system":null,"code":null,"version":1.0,"userSelected":[[]]}]"#,
			"[]",
			"null",
		] {
			assert_eq!(of_security(security), Ok(Labels::default()), "{security}");
		}
		// Too large for a number of ours, but none that is asked for.
		assert_eq!(of_meta(br#"{"security":[{"version":1e999}],"extension":[1e999]}"#), Ok(Labels::default()));
		for resource in [r#"{"resourceType":"Patient"}"#, r#"{"resourceType":"Patient","meta":null}"#] {
			assert_eq!(read(resource), Ok(Labels::default()));
		}
	}

	#[test]
	fn one_label_that_cannot_be_read_is_not_passed_over() {
		let strict = format!(r#"{{"system":"{CONFIDENTIALITY}","code":"V"}}"#);
		assert_eq!(labels(&format!("[{strict}]")).confidentiality, Some(Confidentiality::V));
		for odd in ["7", "null", r#""R""#, "[]", r#"{"system":7}"#, r#"{"code":["R"]}"#, r#"{"code":false}"#] {
			for security in [format!("[{strict},{odd}]"), format!("[{odd},{strict}]")] {
				assert_eq!(of_security(&security), Err(LabelsUnreadable), "{security}");
			}
		}
		let listed = format!(r#"[["{CONFIDENTIALITY}","V"]]"#);
		for security in [strict.as_str(), "{}", "7", r#""R""#, "true", &listed] {
			assert_eq!(of_security(security), Err(LabelsUnreadable), "{security}");
		}
		for meta in ["7", "[]", "[null]", r#""security""#, "false"] {
			let resource = format!(r#"{{"resourceType":"Patient","meta":{meta}}}"#);
			assert_eq!(read(&resource), Err(LabelsUnreadable), "{meta}");
		}
		assert_eq!(of_meta(b"not json"), Err(LabelsUnreadable));
	}

	#[test]
	fn names_and_values_written_with_escapes_are_read() {
		let json = r#"{"resourceType":"Patient","\u006deta":{"security":[{"c\u006fde":"\u0052",
			"system":"http:\/\/terminology.hl7.org\/CodeSystem\/v3-Confidentiality","version":1.0}]}}"#;
		assert_eq!(read(json).map(|labels| labels.confidentiality), Ok(Some(Confidentiality::R)));
	}
}
