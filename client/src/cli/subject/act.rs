// SPDX-License-Identifier: Apache-2.0
//! The acts of a subject, as they are named on the command line.

use crate::{
	acts::{Act, ActRefused},
	bundle::{Bundle, Evidence},
	chain::{Call, Signed},
	cli::{
		context::{Context, WAITING},
		values,
	},
	custody,
	statement::{self, Statement},
	steps, Error,
};
use clap::{Args, Subcommand};
use epidaurus_primitives::{
	ids::{NetworkId, RecordId, SubjectId},
	link::LinkKey,
};
use serde_json::json;
use std::path::PathBuf;
use subxt::utils::AccountId32;

/// An act, with what it needs.
#[derive(Subcommand)]
pub(super) enum Command {
	Dispute(Dispute),
	WithdrawDispute(WithdrawDispute),
	RequestAmendment(RequestAmendment),
	Disagree(Disagree),
	RotateKey(RotateKey),
	ContestRebind(ContestRebind),
	ProveKey(ProveKey),
}

/// Which record, and what shows that it concerns the subject.
#[derive(Args)]
struct Linked {
	/// The record's id; not needed with a bundle, which names it
	#[arg(value_name = "RECORD", required_unless_present = "bundle")]
	record: Option<RecordId>,
	/// Bundle of the record (`epid prove`), with its link key; without one, the store is asked
	#[arg(long, value_name = "FILE")]
	bundle: Option<PathBuf>,
}

/// A text that is committed to.
#[derive(Args)]
struct Text {
	/// File with the text; only a commitment to it is submitted
	#[arg(long, value_name = "FILE")]
	statement: PathBuf,
	/// Where the opening of the text is kept; beside it if no place is named
	#[arg(long, value_name = "FILE")]
	opening: Option<PathBuf>,
}

/// Disputes a record: everybody who asks about it sees so
///
/// The same text disputes once, however often the command runs. The call opens whom this one record concerns, and nothing
/// else of it.
#[derive(Args)]
#[command(after_help = "\
Examples:
  epid subject dispute --bundle r.json.epid.json --statement why.txt --key-file patient.key
  epid subject sign dispute --bundle r.json.epid.json --statement why.txt --key-file patient.key")]
pub(super) struct Dispute {
	#[command(flatten)]
	linked: Linked,
	#[command(flatten)]
	text: Text,
}

/// Takes the open dispute of a record back
#[derive(Args)]
#[command(after_help = "\
Examples:
  epid subject withdraw-dispute 0x6f1d…90 --key-file patient.key
  epid subject sign withdraw-dispute 0x6f1d…90 --key-file patient.key")]
pub(super) struct WithdrawDispute {
	/// The record's id
	#[arg(value_name = "RECORD")]
	record: RecordId,
}

/// Asks that a record be amended; the custodian has 60 days
///
/// The same text asks once, however often the command runs.
#[derive(Args)]
#[command(after_help = "\
Examples:
  epid subject request-amendment --bundle r.json.epid.json --statement how.txt --key-file patient.key
  epid subject sign request-amendment --bundle r.json.epid.json --statement how.txt --key-file patient.key")]
pub(super) struct RequestAmendment {
	#[command(flatten)]
	linked: Linked,
	#[command(flatten)]
	text: Text,
}

/// States that the subject disagrees with the denial of a request
#[derive(Args)]
#[command(after_help = "\
Examples:
  epid subject disagree 0x6f1d…90 --request 0 --statement still.txt --key-file patient.key
  epid subject sign disagree 0x6f1d…90 --request 0 --statement still.txt --key-file patient.key")]
pub(super) struct Disagree {
	/// The record's id
	#[arg(value_name = "RECORD")]
	record: RecordId,
	/// Number of the request, from 0
	#[arg(long, value_name = "NUMBER")]
	request: u32,
	#[command(flatten)]
	text: Text,
}

/// Puts another key in the place of the one that signs
///
/// From then on only the new key acts for the subject. It must never have been any subject's.
#[derive(Args)]
#[command(after_help = "\
Examples:
  epid subject rotate-key 5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty --key-file patient.key
  epid subject sign rotate-key 5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty --key-file patient.key")]
pub(super) struct RotateKey {
	/// The new key's account: in SS58, or its public key as 0x and 64 hexadecimal digits (66 of ECDSA)
	#[arg(value_name = "ACCOUNT", value_parser = values::account)]
	account: AccountId32,
}

/// Contests a re-binding of the subject to another key: the consortium decides
#[derive(Args)]
#[command(after_help = "\
Examples:
  epid subject contest-rebind --key-file patient.key
  epid subject sign contest-rebind --key-file patient.key")]
pub(super) struct ContestRebind {}

/// Shows that somebody holds the subject's key
#[derive(Args)]
#[command(after_help = "\
Examples:
  epid subject prove-key --key-file patient.key
  epid subject sign prove-key --key-file patient.key")]
pub(super) struct ProveKey {}

impl Linked {
	/// The record, and the key that shows that it concerns the subject.
	fn opened(&self, context: &Context, network: NetworkId, subject: SubjectId) -> Result<(RecordId, LinkKey), Error> {
		let bundle = match (&self.bundle, self.record) {
			(Some(path), _) => Bundle::read(path)?,
			(None, Some(record)) => custody::anchor_bundle(&context.store()?, record, None)?,
			(None, None) => return Err(Error::Usage("name the record, or give its bundle".into())),
		};
		let Evidence::Anchor { record } = bundle.evidence else { return Err(ActRefused::NotAnchored.into()) };
		if self.record.is_some_and(|asked| asked != record) {
			return Err(Error::Usage(format!("the bundle is of the record {record}")));
		}
		if bundle.network != network {
			return Err(ActRefused::OtherNetwork { stated: bundle.network, asked: network }.into());
		}
		if let Some(stated) = bundle.opening.header.subject.filter(|stated| *stated != subject) {
			return Err(ActRefused::OtherSubject { stated, asked: subject }.into());
		}
		Ok((record, bundle.link_key.ok_or(ActRefused::NotLinked)?))
	}
}

impl Text {
	fn kept(&self, network: NetworkId, subject: SubjectId) -> Result<Statement, Error> {
		let file = self.opening.clone().unwrap_or_else(|| statement::beside(&self.statement));
		Statement::kept(&self.statement, &file, network, subject)
	}
}

impl Command {
	/// The act of this subject on this network. Openings of statements are kept first.
	pub fn act(&self, context: &Context, network: NetworkId, subject: SubjectId) -> Result<Act, Error> {
		let linked = |linked: &Linked, text: &Text| {
			let (record, link_key) = linked.opened(context, network, subject)?;
			Ok::<_, Error>((record, link_key, text.kept(network, subject)?.commitment))
		};
		Ok(match self {
			Self::Dispute(arguments) => {
				let (record, link_key, statement) = linked(&arguments.linked, &arguments.text)?;
				Act::Dispute { record, link_key, statement }
			},
			Self::RequestAmendment(arguments) => {
				let (record, link_key, statement) = linked(&arguments.linked, &arguments.text)?;
				Act::RequestAmendment { record, link_key, statement }
			},
			Self::WithdrawDispute(WithdrawDispute { record }) => Act::WithdrawDispute { record: *record },
			Self::Disagree(Disagree { record, request, text }) => {
				Act::Disagree { record: *record, request: *request, statement: text.kept(network, subject)?.commitment }
			},
			Self::RotateKey(RotateKey { account }) => Act::RotateKey { new_key: *account },
			Self::ContestRebind(ContestRebind {}) => Act::ContestRebind,
			Self::ProveKey(ProveKey {}) => Act::ProveKey,
		})
	}
}

/// Sends the act with the subject's own key.
pub(super) fn run(context: &Context, command: &Command) -> Result<(), Error> {
	let key = context.key()?;
	let (act, subject, submitted) = context.block_on(async {
		let chain = context.chain().await?;
		let signed = Signed { chain: &chain, key: &key };
		let subject = subject_of(&signed, command).await?;
		let act = command.act(context, chain.network(), subject)?;
		context.output.note(WAITING);
		Ok((act, subject, steps::take(&signed, &Call::Act(act)).await?))
	})?;
	let value = json!({ "act": act.name(), "subject": subject, "submitted": submitted });
	context.output.result(&value, || {
		let what = if submitted { "done" } else { "done already" };
		format!("{what}: {} of the subject {subject}", act.name())
	});
	Ok(())
}

/// The subject for which the signer acts. After a rotation of its key, the one for which the new key does.
async fn subject_of(signed: &Signed<'_>, command: &Command) -> Result<SubjectId, Error> {
	let at = signed.chain.finalised().await?;
	let account = signed.account();
	if let Some(view) = at.subject_by_key(&account).await? {
		return Ok(view.subject);
	}
	if let Command::RotateKey(RotateKey { account: new_key }) = command {
		if let Some(view) = at.subject_by_key(new_key).await? {
			return Ok(view.subject);
		}
	}
	Err(ActRefused::NotASubject(account).into())
}
