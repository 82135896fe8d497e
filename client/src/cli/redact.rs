// SPDX-License-Identifier: Apache-2.0
//! `epid redact`.

use super::context::Context;
use crate::{
	bundle::{write_private, Bundle, ElementEvidence, MAX_FILE},
	record::read_bounded,
	redaction::{redact, Selection, Withheld},
	store::StoreError,
	Error,
};
use clap::Args;
use serde_json::json;
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  epid redact visit.json --bundle visit.json.epid.json --withhold /subject /note/0 -o shared.json
        all but the subject and the first note
  epid redact visit.json --bundle visit.json.epid.json --keep /status /valueQuantity -o shared.json
        nothing but status and value, and the resource's type
  epid canonicalise visit.json --suite fhir-elements
        the pointers of all elements";

/// Makes a copy of a record from which something is withheld, and which can be verified all the same
///
/// The record must have been committed under the suite fhir-elements. Writes the copy, and its bundle beside it as
/// OUT.epid.json: hand on these two, and never the bundle of the whole record. The bundle shows how many elements are
/// withheld and between which others they stand, nothing of what they are; the header goes along whole.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
	/// The whole record's file
	#[arg(value_name = "FILE")]
	file: PathBuf,
	/// The whole record's proof bundle
	#[arg(long, value_name = "FILE")]
	bundle: PathBuf,
	/// What the copy keeps, with all that is below: JSON pointers (RFC 6901)
	#[arg(long, value_name = "POINTER", num_args = 1.., required_unless_present = "withhold")]
	keep: Vec<String>,
	/// What is withheld, with all that is below; the copy keeps the rest
	#[arg(long, value_name = "POINTER", num_args = 1.., conflicts_with = "keep")]
	withhold: Vec<String>,
	/// Where to write the copy
	#[arg(long, short, value_name = "OUT")]
	output: PathBuf,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<(), Error> {
	let Arguments { file, bundle, keep, withhold, output } = arguments;
	let mut name = output.clone().into_os_string();
	name.push(".epid.json");
	let side = PathBuf::from(name);
	for (written, read) in [output, &side].into_iter().flat_map(|written| [(written, file), (written, bundle)]) {
		ensure_kept(written, read)?;
	}
	let selection = match withhold.is_empty() {
		true => Selection::Keep(keep.clone()),
		false => Selection::Withhold(withhold.clone()),
	};
	let redacted = redact(&read_bounded(file)?, &Bundle::read(bundle)?, &selection)?;
	let text = redacted.bundle.to_json();
	if u64::try_from(text.len()).unwrap_or(u64::MAX) > MAX_FILE {
		return Err(Error::Usage(format!("the copy's bundle would be larger than {MAX_FILE} bytes: keep less")));
	}
	write(output, &redacted.content)?;
	write(&side, text.as_bytes())?;

	let withheld = match &redacted.bundle.elements {
		Some(ElementEvidence::Redacted(redaction)) => Some(Withheld::of(redaction)),
		Some(ElementEvidence::Key(_)) | None => None,
	};
	let value = json!({ "copy": output, "bundle": side, "withheld": withheld });
	context.output.result(&value, || {
		let told = withheld.as_ref().map_or(String::new(), |withheld| format!("\n{}", super::verify::lacks(withheld)));
		format!("wrote {} and {}{told}", output.display(), side.display())
	});
	Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
	let written = write_private(path, bytes);
	Ok(written.map_err(|source| StoreError::Io { path: path.to_path_buf(), source })?)
}

/// Refuses to write over what is read, under whichever name.
pub(super) fn ensure_kept(written: &Path, read: &Path) -> Result<(), Error> {
	match (written.canonicalize(), read.canonicalize()) {
		(Ok(one), Ok(other)) if one == other => {
			Err(Error::Usage(format!("{} would be overwritten: name another file", read.display())))
		},
		_ => Ok(()),
	}
}
