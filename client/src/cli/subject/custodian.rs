// SPDX-License-Identifier: Apache-2.0
//! What members of the custodian do about a pseudonym.

use crate::{
	chain::{Call, SubjectDuty},
	cli::{context::Context, values},
	record::{Content, ContentDigest},
	statement::keep,
	store::StoreError,
	Error,
};
use clap::{Args, Subcommand};
use epidaurus_primitives::{
	hash::{Commitment, HashSuite, NativeSha256, RecordDigest, Salt},
	ids::{NetworkId, SubjectId},
	moment::Moment,
	subjects::{proofing_evidence, sealed_link},
};
use serde::Serialize;
use std::path::PathBuf;
use subxt::utils::AccountId32;

/// Enrols a patient by pseudonym and key
///
/// The pseudonym is for this patient and this custodian alone (`epid subject id`). A deposit for it is held on the
/// organisation's sovereign account.
#[derive(Args)]
#[command(after_help = "\
Examples:
  epid subject enrol 0x07…e2 5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty --key-file records.key")]
pub(super) struct Enrol {
	#[command(flatten)]
	of: Subject,
	#[command(flatten)]
	key: NewKey,
}

/// Puts a new key in the place of one that was lost: started by one member, confirmed by another, completed after a window
#[derive(Args)]
#[command(after_help = "\
Examples:
  epid subject rebind start 0x07…e2 5FHn…94ty --evidence proofing.pdf --lost-since 2026-11-01T00:00:00Z --key-file records.key
  epid subject rebind confirm 0x07…e2 5FHn…94ty --key-file another.key
  epid subject rebind complete 0x07…e2 5FHn…94ty --key-file records.key")]
pub(super) struct Rebind {
	#[command(subcommand)]
	step: RebindStep,
}

#[derive(Subcommand)]
enum RebindStep {
	Start(Start),
	Confirm(Confirm),
	Complete(Complete),
	Withdraw(Withdraw),
}

/// Says that the subject's key is lost, and names a new one
///
/// The evidence of how the patient proved their identity stays here; a commitment to it is submitted. Its salt derives from
/// the subject's key in the store, so that the same command commits to the same, and `epid forget` makes it meaningless.
#[derive(Args)]
#[command(after_help = "\
Examples:
  epid subject rebind start 0x07…e2 5FHn…94ty --evidence proofing.pdf --lost-since 2026-11-01T00:00:00Z --key-file records.key")]
struct Start {
	#[command(flatten)]
	of: Subject,
	#[command(flatten)]
	key: NewKey,
	/// File with the evidence
	#[arg(long, value_name = "FILE")]
	evidence: PathBuf,
	/// Since when acts of the old key are in doubt, such as 2026-11-01T00:00:00Z
	#[arg(long, value_name = "TIME")]
	lost_since: Moment,
	/// Where to write what opens the commitment, for who may see the evidence
	#[arg(long, value_name = "FILE")]
	opening: Option<PathBuf>,
}

/// Confirms a re-binding to just this key, as the second member
#[derive(Args)]
#[command(after_help = "\
Examples:
  epid subject rebind confirm 0x07…e2 5FHn…94ty --key-file another.key")]
struct Confirm {
	#[command(flatten)]
	of: Subject,
	#[command(flatten)]
	key: NewKey,
}

/// Puts the new key in the old one's place, after a window in which nobody contested
#[derive(Args)]
#[command(after_help = "\
Examples:
  epid subject rebind complete 0x07…e2 5FHn…94ty --key-file records.key")]
struct Complete {
	#[command(flatten)]
	of: Subject,
	#[command(flatten)]
	key: NewKey,
}

/// Takes a re-binding back, whatever its phase
#[derive(Args)]
#[command(after_help = "\
Examples:
  epid subject rebind withdraw 0x07…e2 --key-file records.key")]
struct Withdraw {
	#[command(flatten)]
	of: Subject,
}

/// Declares a subject deceased: it can only do restrictive acts from then on
#[derive(Args)]
#[command(after_help = "\
Examples:
  epid subject deceased 0x07…e2 --key-file records.key")]
pub(super) struct Deceased {
	#[command(flatten)]
	of: Subject,
}

/// Closes a pseudonym whose patient goes on under another one
///
/// Nobody learns from the chain which: a sealed link is submitted, whose salt derives from the closed subject's key in the
/// store. Declare on a schedule: two pseudonyms that change within the minute are linked by it.
#[derive(Args)]
#[command(after_help = "\
Examples:
  epid subject merge 0x07…e2 --into 0x3c…19 --opening link.json --key-file records.key")]
pub(super) struct Merge {
	#[command(flatten)]
	of: Subject,
	/// The pseudonym under which the patient goes on
	#[arg(long, value_name = "SUBJECT")]
	into: SubjectId,
	/// Where to write what opens the link, for who may know both
	#[arg(long, value_name = "FILE")]
	opening: Option<PathBuf>,
}

/// Takes a declaration of death or a merger back
#[derive(Args)]
#[command(after_help = "\
Examples:
  epid subject reinstate 0x07…e2 --key-file records.key")]
pub(super) struct Reinstate {
	#[command(flatten)]
	of: Subject,
}

#[derive(Args)]
struct Subject {
	/// The subject's pseudonym of 32 bytes, as 0x and 64 hexadecimal digits
	#[arg(value_name = "SUBJECT")]
	subject: SubjectId,
}

#[derive(Args)]
struct NewKey {
	/// The patient's key: its account in SS58, or its public key as 0x and 64 hexadecimal digits (66 of ECDSA)
	#[arg(value_name = "ACCOUNT", value_parser = values::account)]
	account: AccountId32,
}

/// What opens a commitment about a subject that is not a record.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Opened {
	version: u32,
	network_id: NetworkId,
	subject: SubjectId,
	#[serde(skip_serializing_if = "Option::is_none")]
	into: Option<SubjectId>,
	#[serde(skip_serializing_if = "Option::is_none")]
	digest: Option<RecordDigest>,
	salt: Salt,
	commitment: Commitment,
}

pub(super) fn enrol(context: &Context, arguments: &Enrol) -> Result<(), Error> {
	take(context, "enrol", arguments.of.subject, SubjectDuty::Enrol { key: arguments.key.account })
}

pub(super) fn rebind(context: &Context, arguments: &Rebind) -> Result<(), Error> {
	match &arguments.step {
		RebindStep::Start(start) => {
			let (new_key, lost_since) = (start.key.account, start.lost_since);
			let evidence = proofing(context, start)?;
			take(context, "rebind start", start.of.subject, SubjectDuty::StartRebind { new_key, evidence, lost_since })
		},
		RebindStep::Confirm(Confirm { of, key }) => {
			take(context, "rebind confirm", of.subject, SubjectDuty::ConfirmRebind { new_key: key.account })
		},
		RebindStep::Complete(Complete { of, key }) => {
			let new_key = key.account;
			ensure_pending(context, of.subject, new_key)?;
			take(context, "rebind complete", of.subject, SubjectDuty::CompleteRebind { new_key })
		},
		RebindStep::Withdraw(Withdraw { of }) => {
			take(context, "rebind withdraw", of.subject, SubjectDuty::WithdrawRebind)
		},
	}
}

pub(super) fn deceased(context: &Context, arguments: &Deceased) -> Result<(), Error> {
	take(context, "deceased", arguments.of.subject, SubjectDuty::DeclareDeceased)
}

pub(super) fn reinstate(context: &Context, arguments: &Reinstate) -> Result<(), Error> {
	take(context, "reinstate", arguments.of.subject, SubjectDuty::Reinstate)
}

pub(super) fn merge(context: &Context, arguments: &Merge) -> Result<(), Error> {
	let (subject, into) = (arguments.of.subject, arguments.into);
	if subject == into {
		return Err(Error::Usage("a pseudonym is not merged into itself".into()));
	}
	let store = context.store()?;
	let network_id = store.identity().network;
	let salt = store.salt_about(subject, &[b"merge", &into.0])?;
	let link = sealed_link::<NativeSha256>(&salt, &network_id, &subject, &into);
	drop(store);
	let opened = Opened { version: 1, network_id, subject, into: Some(into), digest: None, salt, commitment: link };
	arguments.opening.as_deref().map_or(Ok(()), |file| keep(file, &opened))?;
	take(context, "merge", subject, SubjectDuty::Merge { link })
}

/// Commits to the evidence of a re-binding.
fn proofing(context: &Context, start: &Start) -> Result<Commitment, Error> {
	let subject = start.of.subject;
	let measured = Content::File(&start.evidence).measure(HashSuite::Raw)?;
	let ContentDigest::Known(digest) = measured.digest else {
		return Err(StoreError::Damaged("a raw digest that is none").into());
	};
	let store = context.store()?;
	let network_id = store.identity().network;
	let salt = store.salt_about(subject, &[b"proofing", &digest.0])?;
	let commitment = proofing_evidence::<NativeSha256>(&salt, &network_id, &subject, &digest.0);
	let opened = Opened { version: 1, network_id, subject, into: None, digest: Some(digest), salt, commitment };
	start.opening.as_deref().map_or(Ok(()), |file| keep(file, &opened))?;
	Ok(commitment)
}

/// Refuses to complete a re-binding to another key than the one that is meant.
fn ensure_pending(context: &Context, subject: SubjectId, new_key: AccountId32) -> Result<(), Error> {
	let pending = context.block_on(async { Ok(context.chain().await?.finalised().await?.rebind(subject).await?) })?;
	match pending {
		Some(pending) if pending.new_key != new_key => {
			Err(Error::Usage(format!("the pending re-binding is to the key {}", pending.new_key)))
		},
		_ => Ok(()),
	}
}

fn take(context: &Context, what: &str, subject: SubjectId, duty: SubjectDuty) -> Result<(), Error> {
	context.take(what, "subject", subject, &Call::OfSubject(subject, duty))
}
