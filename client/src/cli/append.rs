// SPDX-License-Identifier: Apache-2.0
//! `epid append`.

use super::{
	context::Context,
	values::{Kind, Reading},
};
use crate::{bundle::hex, custody, log, progress::Progress, record::kind_name, Error};
use clap::Args;
use epidaurus_primitives::ehr::LogKind;
use serde_json::json;
use std::{path::PathBuf, time::Instant};

const EXAMPLES: &str = "\
Examples:
  epid append exports/
        all FHIR resources (*.json) in the folder and below
  epid append --suite raw --class ImagingStudy scans/ report.pdf
        any files, as they are
  epid append --subject 0x07…e2 --clinical-time 2026-11-20T09:30:00Z visit.json
  epid append --imported --clinical-time 2009-03-01T00:00:00Z archive/2009-03/
        records of an older system: marked, with the time that you claim";

/// Appends records to a log of the store
///
/// A record is known by the path of its file. Unchanged records are not appended again; of a changed one the next version
/// is appended. Files that cannot be used are told and passed over; the exit code is 3 then.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
	/// Files, and folders with all that is below them
	#[arg(required = true, value_name = "PATH")]
	paths: Vec<PathBuf>,
	/// Which log
	#[arg(long, value_enum, default_value = "records")]
	kind: Kind,
	#[command(flatten)]
	reading: Reading,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<(), Error> {
	let store = context.store()?;
	let kind = LogKind::from(arguments.kind);
	let output = context.output;
	let progress = Progress::new(output.shows_progress(), "reading", None);
	let started = Instant::now();
	let mut first_errors = Vec::new();
	let unusable = |error: crate::record::InputError| {
		if output.json && first_errors.len() < MAX_TOLD {
			first_errors.push(crate::output::described(&error.into()));
		} else if !output.json {
			progress.say(&format!("unusable: {error} [{}]", error.name()));
		}
	};
	let reader = arguments.reading.reader();
	let tally = custody::append(&store, kind, &reader, &arguments.paths, &progress, unusable)?;
	drop(progress);

	let seconds = started.elapsed().as_secs_f64();
	let head = log::head(&store.log(kind)?);
	let value = json!({
		"kind": kind, "new": tally.new, "changed": tally.changed, "unchanged": tally.unchanged,
		"forgotten": tally.forgotten, "unusable": tally.unusable, "head": head, "seconds": seconds, "errors": first_errors,
	});
	output.result(&value, || {
		let next = if tally.appended() > 0 { "; `epid checkpoint` puts its head on chain" } else { "" };
		let forgotten = match tally.forgotten {
			0 => String::new(),
			count => format!(", {count} forgotten and passed over"),
		};
		format!(
			"{} new, {} changed, {} unchanged, {} unusable{forgotten} in {seconds:.1} s\nthe log {} has {} entries, root {}{next}",
			tally.new,
			tally.changed,
			tally.unchanged,
			tally.unusable,
			kind_name(kind),
			head.size,
			hex(&head.root),
		)
	});
	if tally.unusable > 0 {
		return Err(Error::Inputs(tally.unusable));
	}
	Ok(())
}

/// Errors that the JSON value lists; more are only counted.
const MAX_TOLD: usize = 100;
