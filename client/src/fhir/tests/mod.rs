// SPDX-License-Identifier: Apache-2.0

//! Tests of the canonical form.

mod differential;
mod elements;
mod properties;
mod refusals;
mod rules;
mod trees;

use super::{canonicalise, FhirError};
use epidaurus_primitives::hash::HashSuite;

const FHIR_SUITES: [HashSuite; 2] = [HashSuite::FhirStaticRoot, HashSuite::FhirStaticRecursive];

fn under(suite: HashSuite, input: &str) -> Result<String, FhirError> {
	canonicalise(input.as_bytes(), suite).map(|bytes| String::from_utf8(bytes).expect("canonical bytes are UTF-8"))
}

/// The canonical form under both FHIR suites, which must agree.
fn both(input: &str) -> Result<String, FhirError> {
	let [root, recursive] = FHIR_SUITES.map(|suite| under(suite, input));
	assert_eq!(root, recursive);
	root
}
