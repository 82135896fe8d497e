// SPDX-License-Identifier: Apache-2.0
//! What members do about records that were written: `epid dispute`, `request`, `hold`, `retain`, `erase`.

use super::context::Context;
use crate::{
	acts::ActRefused,
	chain::{Call, RecordDuty},
	custody,
	statement::{self, Statement},
	store::{Store, StoreError},
	Error,
};
use clap::{Args, Subcommand, ValueEnum};
use epidaurus_primitives::{
	hash::Commitment,
	ids::{RecordId, SubjectId},
	life::{DenialReason, ErasureGround, Resolution},
	moment::Moment,
};
use std::path::{Path, PathBuf};

/// Answers the dispute of a record
#[derive(Args)]
#[command(after_help = "\
Examples:
  epid dispute resolve 0x6f1d…90 --resolution rejected --explanation why.txt --key-file records.key")]
pub(super) struct Dispute {
	#[command(subcommand)]
	step: DisputeStep,
}

#[derive(Subcommand)]
enum DisputeStep {
	Resolve(Resolve),
}

/// Ends the open dispute of a record, with an explanation
///
/// Only a commitment to the explanation is submitted. Its salt derives from the key of the record's subject in the store, so
/// that the same command commits to the same, and `epid forget` makes it meaningless.
#[derive(Args)]
#[command(after_help = "\
Examples:
  epid dispute resolve 0x6f1d…90 --resolution upheld --explanation why.txt --opening for-the-patient.json --key-file records.key")]
struct Resolve {
	#[command(flatten)]
	of: Record,
	/// How
	#[arg(long, value_enum)]
	resolution: Outcome,
	/// File with the explanation
	#[arg(long, value_name = "FILE")]
	explanation: PathBuf,
	#[command(flatten)]
	text: Text,
}

/// Answers a request to amend a record
#[derive(Args)]
#[command(after_help = "\
Examples:
  epid request accept 0x6f1d…90 --request 0 --key-file records.key
  epid request deny 0x6f1d…90 --request 0 --reason accurate-and-complete --explanation why.txt --key-file records.key
  epid request rebut 0x6f1d…90 --request 0 --statement reply.txt --key-file records.key")]
pub(super) struct Request {
	#[command(subcommand)]
	step: RequestStep,
}

#[derive(Subcommand)]
enum RequestStep {
	Accept(Accept),
	Deny(Deny),
	Rebut(Rebut),
}

/// Tells that the record was amended as asked for (`epid amend` comes first)
#[derive(Args)]
#[command(after_help = "\
Examples:
  epid request accept 0x6f1d…90 --request 0 --key-file records.key")]
struct Accept {
	#[command(flatten)]
	of: Record,
	/// Number of the request, from 0
	#[arg(long, value_name = "NUMBER")]
	request: u32,
}

/// Tells that the record stays as it is, on one of the grounds of 45 CFR 164.526(a)(2)
#[derive(Args)]
#[command(after_help = "\
Examples:
  epid request deny 0x6f1d…90 --request 0 --reason accurate-and-complete --explanation why.txt --key-file records.key")]
struct Deny {
	#[command(flatten)]
	of: Record,
	/// Number of the request, from 0
	#[arg(long, value_name = "NUMBER")]
	request: u32,
	/// The ground
	#[arg(long, value_enum)]
	reason: Reason,
	/// File with the explanation
	#[arg(long, value_name = "FILE")]
	explanation: PathBuf,
	#[command(flatten)]
	text: Text,
}

/// Replies to the subject's disagreement with a denial; both stand beside each other for good
#[derive(Args)]
#[command(after_help = "\
Examples:
  epid request rebut 0x6f1d…90 --request 0 --statement reply.txt --key-file records.key")]
struct Rebut {
	#[command(flatten)]
	of: Record,
	/// Number of the request, from 0
	#[arg(long, value_name = "NUMBER")]
	request: u32,
	/// File with the reply
	#[arg(long, value_name = "FILE")]
	statement: PathBuf,
	#[command(flatten)]
	text: Text,
}

/// Holds a record by law, so that it cannot be erased, or lifts the hold
#[derive(Args)]
#[command(after_help = "\
Examples:
  epid hold place 0x6f1d…90 --key-file inspector.key
  epid hold lift 0x6f1d…90 --key-file inspector.key")]
pub(super) struct Hold {
	#[command(subcommand)]
	step: HoldStep,
}

#[derive(Subcommand)]
enum HoldStep {
	Place(Place),
	Lift(Lift),
}

/// Holds a record; for inspectors of an organisation that is licensed to regulate
#[derive(Args)]
#[command(after_help = "\
Examples:
  epid hold place 0x6f1d…90 --key-file inspector.key")]
struct Place {
	#[command(flatten)]
	of: Record,
}

/// Lifts the hold of the inspector's organisation
#[derive(Args)]
#[command(after_help = "\
Examples:
  epid hold lift 0x6f1d…90 --key-file inspector.key")]
struct Lift {
	#[command(flatten)]
	of: Record,
}

/// States how long a record is kept at least; can only be prolonged
#[derive(Args)]
#[command(after_help = "\
Examples:
  epid retain 0x6f1d…90 --until 2036-12-31T00:00:00Z --key-file records.key")]
pub(super) struct Retain {
	#[command(flatten)]
	of: Record,
	/// Until when, rounded outward to the day
	#[arg(long, value_name = "TIME")]
	until: Moment,
}

/// Attests that the salts of a record are destroyed; when a second member does, the record is erased
///
/// Run `epid forget` first: unless the store has destroyed the record's key, this is refused, and so it is while the record is
/// held, disputed, asked to be amended or to be retained. Openings that were handed on remain with those who have them, and the
/// chain says so.
#[derive(Args)]
#[command(after_help = "\
Examples:
  epid forget --record 0x6f1d…90
  epid erase 0x6f1d…90 --ground consent-withdrawn --key-file records.key
  epid erase 0x6f1d…90 --ground consent-withdrawn --key-file another.key")]
pub(super) struct Erase {
	#[command(flatten)]
	of: Record,
	/// The ground, of article 17(1) GDPR
	#[arg(long, value_enum)]
	ground: Ground,
}

#[derive(Args)]
struct Record {
	/// The record's id
	#[arg(value_name = "RECORD")]
	record: RecordId,
}

#[derive(Args)]
struct Text {
	/// Where to write what opens the commitment, for who may read the text
	#[arg(long, value_name = "FILE")]
	opening: Option<PathBuf>,
	/// Whom the record concerns, if the store does not know or has forgotten it
	#[arg(long, value_name = "HEX")]
	subject: Option<SubjectId>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Outcome {
	/// The subject is right
	Upheld,
	/// The record stands
	Rejected,
}

#[derive(Clone, Copy, ValueEnum)]
enum Reason {
	/// The custodian did not create it, and who did can still be asked
	NotCreatedHere,
	/// It is not part of the set of records that the right is about
	NotInRecordSet,
	/// The subject has no right to inspect it
	NotOpenToInspection,
	/// It is accurate and complete
	AccurateAndComplete,
}

#[derive(Clone, Copy, ValueEnum)]
enum Ground {
	/// (a) the purpose is served
	NoLongerNecessary,
	/// (b) the consent was withdrawn
	ConsentWithdrawn,
	/// (c) the subject objected
	Objection,
	/// (d) it was unlawful
	UnlawfulProcessing,
	/// (e) the law demands it
	LegalObligation,
	/// (f) it was collected for a service offered to a child
	ChildsService,
}

impl From<Outcome> for Resolution {
	fn from(outcome: Outcome) -> Self {
		match outcome {
			Outcome::Upheld => Self::Upheld,
			Outcome::Rejected => Self::Rejected,
		}
	}
}

impl From<Reason> for DenialReason {
	fn from(reason: Reason) -> Self {
		match reason {
			Reason::NotCreatedHere => Self::NotCreatedHere,
			Reason::NotInRecordSet => Self::NotInRecordSet,
			Reason::NotOpenToInspection => Self::NotOpenToInspection,
			Reason::AccurateAndComplete => Self::AccurateAndComplete,
		}
	}
}

impl From<Ground> for ErasureGround {
	fn from(ground: Ground) -> Self {
		match ground {
			Ground::NoLongerNecessary => Self::NoLongerNecessary,
			Ground::ConsentWithdrawn => Self::ConsentWithdrawn,
			Ground::Objection => Self::Objection,
			Ground::UnlawfulProcessing => Self::UnlawfulProcessing,
			Ground::LegalObligation => Self::LegalObligation,
			Ground::ChildsService => Self::ChildsService,
		}
	}
}

pub(super) fn dispute(context: &Context, arguments: &Dispute) -> Result<(), Error> {
	let DisputeStep::Resolve(Resolve { of, resolution, explanation, text }) = &arguments.step;
	let explanation = committed(context, of.record, &[b"resolve"], explanation, text)?;
	let resolution = (*resolution).into();
	take(context, "dispute resolve", of.record, RecordDuty::ResolveDispute { resolution, explanation })
}

pub(super) fn request(context: &Context, arguments: &Request) -> Result<(), Error> {
	match &arguments.step {
		RequestStep::Accept(Accept { of, request }) => {
			take(context, "request accept", of.record, RecordDuty::AcceptAmendment { request: *request })
		},
		RequestStep::Deny(Deny { of, request, reason, explanation, text }) => {
			let about: &[&[u8]] = &[b"deny", &request.to_le_bytes()];
			let explanation = committed(context, of.record, about, explanation, text)?;
			let duty = RecordDuty::DenyAmendment { request: *request, reason: (*reason).into(), explanation };
			take(context, "request deny", of.record, duty)
		},
		RequestStep::Rebut(Rebut { of, request, statement, text }) => {
			let about: &[&[u8]] = &[b"rebut", &request.to_le_bytes()];
			let statement = committed(context, of.record, about, statement, text)?;
			take(context, "request rebut", of.record, RecordDuty::Rebut { request: *request, statement })
		},
	}
}

pub(super) fn hold(context: &Context, arguments: &Hold) -> Result<(), Error> {
	match &arguments.step {
		HoldStep::Place(Place { of }) => take(context, "hold place", of.record, RecordDuty::PlaceHold),
		HoldStep::Lift(Lift { of }) => take(context, "hold lift", of.record, RecordDuty::LiftHold),
	}
}

pub(super) fn retain(context: &Context, arguments: &Retain) -> Result<(), Error> {
	take(context, "retain", arguments.of.record, RecordDuty::StateRetention { until: arguments.until })
}

pub(super) fn erase(context: &Context, arguments: &Erase) -> Result<(), Error> {
	let record = arguments.of.record;
	let known = Store::is_in(&context.global.store)? && ensure_forgotten(&context.store()?, record)?;
	if !known {
		context.output.warn("no store here knows this record: that its salts are destroyed is your word alone");
	}
	context.block_on(async {
		let chain = context.chain().await?;
		custody::ensure_not_kept(&chain, &[(record, false)].into()).await
	})?;
	take(context, "erase", record, RecordDuty::AttestErasure { ground: arguments.ground.into() })
}

/// Refuses to attest that nobody can open a record whose key this store has not destroyed: it has it, or it is lost, and whoever
/// finds it opens the record. Says whether the store knows the record.
fn ensure_forgotten(store: &Store, record: RecordId) -> Result<bool, Error> {
	let Some(anchor) = store.anchor(record)? else { return Ok(false) };
	for version in &anchor.versions {
		match store.opened(version) {
			Err(StoreError::Forgotten) => (),
			Err(error) => return Err(error.into()),
			Ok(_) => {
				return Err(Error::Usage(format!(
					"this store can still open the record: `epid forget --record {record}` destroys its key"
				)))
			},
		}
	}
	Ok(true)
}

/// Commits to a text about a record, under a salt that the key of the record's subject gives.
fn committed(
	context: &Context,
	record: RecordId,
	about: &[&[u8]],
	path: &Path,
	text: &Text,
) -> Result<Commitment, Error> {
	let store = context.store()?;
	let subject = match text.subject {
		Some(subject) => subject,
		None => subject_of(&store, record)?,
	};
	let prepared = statement::prepare(path, Some(subject))?;
	let unsalted = prepared.digest.under(None).map(|digest| digest.0).unwrap_or_default();
	let parts = [&[b"statement".as_slice(), &record.0, &unsalted][..], about].concat();
	let statement = Statement::new(&prepared, &store.salt_about(subject, &parts)?, store.identity().network);
	if let Some(file) = &text.opening {
		statement.keep(file)?;
	}
	Ok(statement.commitment)
}

/// Whom a record concerns, as the store knows.
fn subject_of(store: &Store, record: RecordId) -> Result<SubjectId, Error> {
	let unknown = "anchor of this id; name whom it concerns with --subject";
	let anchor = store.anchor(record)?.ok_or(StoreError::NotFound(unknown))?;
	let first = anchor.versions.iter().find(|version| version.number == 1).map_or_else(|| anchor.newest(), Ok)?;
	let opened = store.opened(first)?;
	Ok(opened.opening.header.subject.ok_or(ActRefused::NotLinked)?)
}

fn take(context: &Context, what: &str, record: RecordId, duty: RecordDuty) -> Result<(), Error> {
	context.take(what, "record", record, &Call::OfRecord(record, duty))
}

#[cfg(test)]
mod tests {
	use super::*;

	/// The names are those that the chain's answers have in JSON, in words.
	#[test]
	fn names_are_those_of_json() {
		fn check<T: ValueEnum, J: From<T> + serde::Serialize>() {
			for value in T::value_variants() {
				let name = value.to_possible_value().unwrap().get_name().replace('-', "");
				let json = serde_json::to_value(J::from(value.clone())).unwrap();
				assert_eq!(json.as_str().unwrap().to_lowercase(), name);
			}
		}
		check::<Outcome, Resolution>();
		check::<Reason, DenialReason>();
		check::<Ground, ErasureGround>();
	}
}
