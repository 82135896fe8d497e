// SPDX-License-Identifier: Apache-2.0
//! What a command says: sentences for people, or one JSON value for programs. Results go to the standard output, notes
//! and warnings to the standard error.

use crate::{store::StoreError, verify::Refused, Error};
use serde::Serialize;
use serde_json::{json, Value};
use std::io::{self, IsTerminal, Write};

/// How a command speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Output {
	/// One JSON value instead of sentences.
	pub json: bool,
	/// No notes and no progress.
	pub quiet: bool,
}

impl Output {
	/// The result: `value` in JSON, or the sentences.
	pub fn result<T: Serialize>(&self, value: &T, sentences: impl FnOnce() -> String) {
		if self.json {
			print(&crate::bundle::json(value));
		} else {
			print(&format!("{}\n", sentences()));
		}
	}

	/// A line for people who watch; neither in JSON nor when quiet.
	pub fn line(&self, text: impl AsRef<str>) {
		if !self.json && !self.quiet {
			print(&format!("{}\n", text.as_ref()));
		}
	}

	/// A remark beside the result; neither in JSON nor when quiet.
	pub fn note(&self, text: impl AsRef<str>) {
		if !self.json && !self.quiet {
			complain(text.as_ref());
		}
	}

	/// What a person is about to be asked about, always.
	pub fn show(&self, text: &str) {
		complain(text);
	}

	/// Something that should be looked at, always.
	pub fn warn(&self, text: impl AsRef<str>) {
		complain(&format!("warning: {}", text.as_ref()));
	}

	/// How the command ended when it did not end well.
	pub fn error(&self, error: &Error) {
		// The result of these was told already, with all that went wrong.
		let told = matches!(
			error,
			Error::Inputs(_) | Error::Unexpected(_) | Error::Unsound(_) | Error::Store(StoreError::ContentMissing(_))
		);
		if self.json && told {
			return;
		}
		if self.json {
			print(&crate::bundle::json(&json!({ "error": described(error) })));
		} else {
			let word =
				if matches!(error, Error::Refused(_) | Error::Act(_) | Error::Kept(_)) { "refused" } else { "error" };
			complain(&format!("{word}: {error} [{}]", error.name()));
		}
	}

	/// Whether bars may be drawn.
	pub fn shows_progress(&self) -> bool {
		!self.json && !self.quiet && io::stderr().is_terminal()
	}
}

/// An error in JSON: stable name, sentence, exit code, and the place in the input where there is one.
pub fn described(error: &Error) -> Value {
	let mut value = json!({ "name": error.name(), "message": error.to_string(), "exitCode": error.exit_code() });
	let place = match error {
		Error::Input(input) => input.place(),
		Error::Refused(Refused::Content(fhir)) => fhir.position().map(|place| (place.line, place.column)),
		_ => None,
	};
	if let (Some((line, column)), Some(members)) = (place, value.as_object_mut()) {
		members.insert("line".into(), line.into());
		members.insert("column".into(), column.into());
	}
	if let (Error::Chain(chain), Some(members)) = (error, value.as_object_mut()) {
		if let Some(refusal) = chain.refusal() {
			members.insert("chainError".into(), refusal.into());
		}
	}
	value
}

/// Bytes to the standard output, as they are.
pub fn print_bytes(bytes: &[u8]) {
	let mut out = io::stdout().lock();
	// Whoever closed the pipe has read enough.
	let _ = out.write_all(bytes).and_then(|()| out.flush());
}

fn print(text: &str) {
	print_bytes(text.as_bytes());
}

fn complain(text: &str) {
	let _ = writeln!(io::stderr().lock(), "{text}");
}

/// A table with aligned columns; the first row is its head.
pub fn table(rows: &[Vec<String>]) -> String {
	let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
	let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
	let widths: Vec<_> = (0..columns).map(|column| width(column).unwrap_or_default()).collect();
	let line = |row: &Vec<String>| {
		let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
		cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
	};
	let mut lines: Vec<_> = rows.iter().map(line).collect();
	if !lines.is_empty() {
		let rule = widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>().join("  ");
		lines.insert(1, rule);
	}
	lines.join("\n")
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{chain::ChainError, fhir, record::Content};
	use epidaurus_primitives::hash::HashSuite;

	#[test]
	fn a_bad_input_is_described_with_its_place() {
		let error = Content::Bytes(b"{\n  \"a\": 1, \"a\": 2}").measure(HashSuite::FhirStaticRoot).unwrap_err();
		let value = described(&error.into());
		assert_eq!(value["name"], "duplicate-member");
		assert_eq!((&value["line"], &value["column"]), (&json!(2), &json!(11)));
		assert_eq!(value["exitCode"], 3);

		let error = fhir::canonicalise(b"{", HashSuite::FhirStaticRoot).unwrap_err();
		let value = described(&Refused::Content(error).into());
		assert_eq!((&value["exitCode"], &value["line"]), (&json!(3), &json!(1)));
	}

	#[test]
	fn a_refusal_of_the_chain_is_described_by_its_name() {
		let error = ChainError::Refused { pallet: "Registry".into(), name: "LicenceSuspended".into(), docs: "".into() };
		let value = described(&error.into());
		assert_eq!(value["chainError"], "Registry.LicenceSuspended");
		assert_eq!(value["exitCode"], 4);
	}

	#[test]
	fn a_table_aligns_its_columns() {
		let rows = [["what", "how many"], ["records", "5306"], ["é", "1"]];
		let text = table(&rows.map(|row| row.map(String::from).to_vec()));
		assert_eq!(text, "what     how many\n-------  --------\nrecords  5306\né        1");
		assert_eq!(table(&[]), "");
	}
}
