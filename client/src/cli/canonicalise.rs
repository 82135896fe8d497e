// SPDX-License-Identifier: Apache-2.0
//! `epid canonicalise`.

use super::{context::Context, values::Suite};
use crate::{
	fhir, output,
	record::{read_bounded, Content, InputError},
	Error,
};
use clap::Args;
use epidaurus_primitives::hash::HashSuite;
use serde_json::json;
use std::{fs::File, io, path::PathBuf};

const EXAMPLES: &str = "\
Examples:
  epid canonicalise patient.json
  epid canonicalise bundle.json --suite fhir-static-root --digest
  epid canonicalise visit.json --suite fhir-elements
        one line for each element: its JSON pointer and its value";

/// Prints the bytes of a record that are hashed, or their digest
///
/// The digest is not salted: it is as secret as the record. Under fhir-elements the elements are printed, each of which
/// is hashed under a salt; there is no digest without the record's salt. With --json a value is the text of canonical JSON,
/// so that no number changes on the way.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
	/// The record's file
	#[arg(value_name = "FILE")]
	file: PathBuf,
	/// How content is made into bytes
	#[arg(long, value_enum, default_value = "fhir-static-recursive")]
	suite: Suite,
	/// Print the digest instead
	#[arg(long)]
	digest: bool,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<(), Error> {
	let (path, suite, output) = (&arguments.file, HashSuite::from(arguments.suite), context.output);
	if arguments.digest {
		let digest = Content::File(path).measure(suite)?.digest.under(None);
		let salted = || Error::Usage("under fhir-elements the digest depends on the record's salt".into());
		let digest = digest.ok_or_else(salted)?;
		output.result(&json!({ "suite": suite, "digest": digest }), || digest.to_string());
	} else if suite == HashSuite::Raw {
		if output.json {
			return Err(Error::Usage("raw bytes are no JSON: leave --json out, or ask for --digest".into()));
		}
		let failed = |source| InputError::Io { path: path.clone(), source };
		let mut file = File::open(path).map_err(failed)?;
		// Whoever closed the pipe has read enough.
		let _ = io::copy(&mut file, &mut io::stdout().lock());
	} else if suite == HashSuite::FhirElements {
		let bytes = read_bounded(path)?;
		let elements = fhir::elements(&bytes).map_err(|source| InputError::Fhir { path: path.clone(), source })?.0;
		let pairs = elements.iter().map(|element| {
			// Canonical bytes are UTF-8.
			let value = String::from_utf8_lossy(&element.value()).into_owned();
			(element.pointer().to_string(), value)
		});
		if output.json {
			let listed: Vec<_> = pairs.map(|(pointer, value)| json!({ "pointer": pointer, "value": value })).collect();
			output.result(&json!({ "suite": suite, "elements": listed }), String::new);
		} else {
			let lines: String = pairs.map(|(pointer, value)| format!("{pointer}\t{value}\n")).collect();
			output::print_bytes(lines.as_bytes());
		}
	} else {
		let bytes = read_bounded(path)?;
		let canonical = fhir::canonicalise(&bytes, suite);
		let canonical = canonical.map_err(|source| InputError::Fhir { path: path.clone(), source })?;
		output::print_bytes(&canonical);
	}
	Ok(())
}
