// SPDX-License-Identifier: Apache-2.0
//! `epid prove`.

use super::{context::Context, redact::ensure_kept, values::Kind};
use crate::{
	bundle::{write_private, Bundle},
	custody, output,
	record::LocalKey,
	store::{LogReader, Store, StoreError},
	Error,
};
use clap::Args;
use epidaurus_primitives::{ehr::LogKind, ids::RecordId};
use serde_json::json;
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  epid prove exports/patient-17.json
        the newest version of the record, to patient-17.json.epid.json in this folder
  epid prove 4711 -o - | gpg --encrypt …
        the entry with this sequence number, to the standard output
  epid prove 0x6f1d…90 --version-number 1
        a record that was anchored by itself";

/// Writes the proof bundle of a record
///
/// The bundle leads to the newest checkpoint on chain. It holds the record's salt: hand it only to those who may read the
/// record.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
	/// The record's file, the sequence number of an entry, or the id of an anchored record
	#[arg(value_name = "FILE|SEQUENCE|RECORD")]
	what: String,
	/// Which log
	#[arg(long, value_enum, default_value = "records")]
	kind: Kind,
	/// Which version of the record; the newest if none is named
	#[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
	version_number: Option<u32>,
	/// Prove against the log's first so many entries, whether or not a checkpoint has this size
	#[arg(long, value_name = "ENTRIES")]
	size: Option<u64>,
	/// Where to write the bundle; - is the standard output
	#[arg(long, short, value_name = "FILE")]
	output: Option<PathBuf>,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<(), Error> {
	let store = context.store()?;
	let kind = LogKind::from(arguments.kind);
	let (bundle, name) = if let Ok(record) = arguments.what.parse::<RecordId>() {
		(custody::anchor_bundle(&store, record, arguments.version_number)?, arguments.what.clone())
	} else {
		let reader = store.log(kind)?;
		let (sequence, name) = entry(&reader, arguments)?;
		let size = match arguments.size {
			Some(size) => size,
			None => checkpointed(&store, kind, sequence)?,
		};
		(custody::bundle(&store, &reader, sequence, size)?, name)
	};
	write(context, arguments, &bundle, &name)
}

/// Which entry is meant, and how the bundle's file begins.
fn entry(reader: &LogReader, arguments: &Arguments) -> Result<(u64, String), Error> {
	let path = Path::new(&arguments.what);
	if !path.exists() {
		if let Ok(sequence) = arguments.what.parse() {
			return Ok((sequence, arguments.what.clone()));
		}
	}
	let newest = reader.newest(&LocalKey::of_file(path)?)?;
	let newest = newest.ok_or(StoreError::NotFound("record of this file; `epid append` appends it"))?;
	let found = reader.version(newest, arguments.version_number.unwrap_or(newest.version))?;
	let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
	Ok((found.sequence, name.unwrap_or_else(|| "record".into())))
}

/// The size of the newest checkpoint on chain, which must cover the entry.
fn checkpointed(store: &Store, kind: LogKind, sequence: u64) -> Result<u64, Error> {
	match store.newest_finalised(kind)? {
		Some((head, _)) if head.size > sequence => Ok(head.size),
		_ => Err(StoreError::NotFound("checkpoint that covers this entry; `epid checkpoint` makes one").into()),
	}
}

fn write(context: &Context, arguments: &Arguments, bundle: &Bundle, name: &str) -> Result<(), Error> {
	let text = bundle.to_json();
	if arguments.output.as_deref() == Some(Path::new("-")) {
		output::print_bytes(text.as_bytes());
		return Ok(());
	}
	let path = arguments.output.clone().unwrap_or_else(|| PathBuf::from(format!("{name}.epid.json")));
	ensure_kept(&path, Path::new(&arguments.what))?;
	write_private(&path, &text).map_err(|source| StoreError::Io { path: path.clone(), source })?;
	context.output.result(&json!({ "bundle": path }), || format!("wrote {}", path.display()));
	Ok(())
}
