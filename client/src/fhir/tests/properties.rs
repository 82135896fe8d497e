// SPDX-License-Identifier: Apache-2.0

//! Properties over arbitrary resources.

use super::{
	trees::{reference, resource, scribble, Json, Noise},
	under, FHIR_SUITES,
};
use crate::fhir::{canonical, FhirError};
use epidaurus_primitives::hash::HashSuite::{FhirStaticRecursive, FhirStaticRoot};
use proptest::prelude::*;

proptest! {
	#![proptest_config(ProptestConfig::with_cases(384))]

	#[test]
	fn canonicalise_any_writing_gives_the_reference_form(json in resource(), seeds: [u64; 3]) {
		for suite in FHIR_SUITES {
			let expected = reference(&json, suite, true);
			for seed in seeds {
				let written = scribble(&json, &mut Noise(seed));
				let canonical = under(suite, &written);
				prop_assert_eq!(canonical.as_ref(), Ok(&expected), "{}", written);
				prop_assert!(expected.len() <= written.len());
			}
		}
	}

	#[test]
	fn canonicalise_twice_changes_nothing(json in resource(), seed: u64) {
		let written = scribble(&json, &mut Noise(seed));
		for suite in FHIR_SUITES {
			let once = under(suite, &written);
			prop_assert_eq!(once.clone().and_then(|once| under(suite, &once)), once);
		}
		let by_root = under(FhirStaticRoot, &written).and_then(|once| under(FhirStaticRecursive, &once));
		prop_assert_eq!(by_root, under(FhirStaticRecursive, &written));
	}

	#[test]
	fn canonicalise_other_content_gives_other_bytes(json in resource(), other in resource(), seed: u64) {
		for suite in FHIR_SUITES {
			let same = reference(&json, suite, true) == reference(&other, suite, true);
			let [left, right] = [&json, &other].map(|json| under(suite, &scribble(json, &mut Noise(seed))));
			prop_assert_eq!(left == right, same);
		}
	}

	#[test]
	fn canonicalise_member_repeated_anywhere_fails(json in resource(), seed: u64, choice: prop::sample::Index) {
		let Json::Object(members) = &json else { unreachable!("a resource is an object") };
		let (name, value) = members.iter().nth(choice.index(members.len())).expect("resourceType is there");
		let again = Json::Object([(name.clone(), value.clone())].into());
		let [first, second] = [&json, &again].map(|json| scribble(json, &mut Noise(seed)));
		let body = first.trim_end().strip_suffix('}').expect("an object");
		let repeated = format!("{body},{}", second.trim_start().strip_prefix('{').expect("an object"));
		let at = body.len() + 1 + second.trim_start().find('"').expect("a name") - 1;
		let line = repeated[..at].matches('\n').count() + 1;
		for suite in FHIR_SUITES {
			let error = under(suite, &repeated).expect_err("a name is used twice");
			prop_assert!(matches!(error, FhirError::DuplicateMember(place) if place.line == line), "{}", repeated);
		}
	}

	#[test]
	fn canonical_tells_the_type_of_any_resource(json in resource(), seed: u64) {
		let Json::Object(members) = &json else { unreachable!("a resource is an object") };
		let written = scribble(&json, &mut Noise(seed));
		let text = |name: &str| match members.get(name) {
			Some(Json::Text(text)) => Some(text.clone()),
			_ => None,
		};
		let canonical = canonical(written.as_bytes(), FhirStaticRoot).expect("the resource is correct");
		let resource = canonical.resource.expect("a FHIR suite tells the type");
		prop_assert_eq!(Some(resource.resource_type), text("resourceType"));
		prop_assert_eq!(resource.id, text("id"));
	}
}
