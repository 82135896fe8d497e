// SPDX-License-Identifier: Apache-2.0
//! `epid ask`.

use super::{
	context::Context,
	light::{Basis, Wanted},
	values,
};
use crate::{
	bundle::json,
	light::{self, Asked, Found, Told},
	store::StoreError,
	verify::Refused,
	Error,
};
use clap::{Args, Subcommand};
use epidaurus_primitives::{
	ids::{LicenceId, OrgId, SubjectId},
	jurisdiction::Jurisdiction,
	moment::Moment,
	proof::BlockHash,
	registry::{Capability, Holder},
	views::{
		CapabilityView, HandoverView, LicenceView, MemberView, OfferView, RebindView, SubjectKeyView, SubjectView,
		SuccessionView,
	},
};
use serde_json::{json, Value};
use std::path::PathBuf;
use subxt::utils::AccountId32;

const EXAMPLES: &str = "\
Examples:
  epid ask member 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY
  epid ask capability AnchorRecords --organisation 3 --jurisdiction GR
  epid ask licence 7 --save licence.proof.json
  epid ask licence 7 --proof licence.proof.json --block 0x8a…07
        without a node, trusting the hash of that block and nothing else";
const MEMBER_EXAMPLES: &str = "\
Examples:
  epid ask member 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY
  epid ask member 5Grw…utQY --at 2026-03-01T00:00:00Z";
const LICENCE_EXAMPLES: &str = "\
Examples:
  epid ask licence 7
  epid ask licence 7 --save licence.proof.json";
const CAPABILITY_EXAMPLES: &str = "\
Examples:
  epid ask capability AnchorRecords --organisation 3 --jurisdiction GR
  epid ask capability BreakGlass --account 5Grw…utQY --at 2026-03-01T00:00:00Z
        whether this clinician might open records in an emergency on that day, and if not, why";
const SUCCESSION_EXAMPLES: &str = "\
Examples:
  epid ask succession 3
        to whom this custodian's duties passed, step by step; the last one answers for its records and patients";
const SUBJECT_EXAMPLES: &str = "\
Examples:
  epid ask subject 0x04…04
  epid ask subject --of-account 5Grw…utQY";
const KEY_EXAMPLES: &str = "\
Examples:
  epid ask key 0x04…04
  epid ask key 0x04…04 --at 2026-03-01T00:00:00Z
        which key acted for the patient then, and whether it was in the patient's hands";

/// Asks about members, licences, successors and patients, and believes what is proven
///
/// A node answers with values of the chain's state, the block's header and the trie nodes between the two; epid checks them
/// from the hash of the block on and comes to the answer by itself. That something does not exist is proven too.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
	#[command(subcommand)]
	question: Question,
	/// A proof that was saved; the node is asked for one if no file is named
	#[arg(long, value_name = "FILE", global = true)]
	proof: Option<PathBuf>,
	/// Where to save the proof, for who has no node
	#[arg(long, value_name = "FILE", global = true, conflicts_with = "proof")]
	save: Option<PathBuf>,
	/// Hash of the block that is trusted; if neither it nor a header is given, the node is believed which block is finalised
	#[arg(long, value_name = "HASH", global = true, conflicts_with = "header")]
	block: Option<BlockHash>,
	/// Header of the block that is trusted: the JSON of `chain_getHeader`, or SCALE in hexadecimal digits
	#[arg(long, value_name = "FILE", global = true)]
	header: Option<PathBuf>,
	/// Refuse a proof whose block is older, by the clock of this machine
	#[arg(long, value_name = "MINUTES", global = true)]
	max_age: Option<u64>,
}

#[derive(Subcommand)]
enum Question {
	/// For whom an account acts, or acted, and in which roles
	#[command(after_help = MEMBER_EXAMPLES)]
	Member {
		/// The account: in SS58, or its public key
		#[arg(value_name = "ACCOUNT", value_parser = values::account)]
		account: AccountId32,
		/// At which moment; that of the block if none is named
		#[arg(long, value_name = "TIME")]
		at: Option<Moment>,
	},
	/// A licence as it stands
	#[command(after_help = LICENCE_EXAMPLES)]
	Licence {
		/// Its number
		#[arg(value_name = "NUMBER")]
		licence: LicenceId,
	},
	/// Whether somebody may act under a capability, or might, and why not
	#[command(after_help = CAPABILITY_EXAMPLES)]
	Capability {
		/// What, such as AnchorRecords
		#[arg(value_name = "CAPABILITY", value_parser = values::capability)]
		capability: Capability,
		/// An organisation, whoever acts for it
		#[arg(long, value_name = "NUMBER", required_unless_present = "account")]
		organisation: Option<OrgId>,
		/// A member: the whole question
		#[arg(long, value_name = "ACCOUNT", value_parser = values::account, conflicts_with = "organisation")]
		account: Option<AccountId32>,
		/// Where, such as GR or US-CA; where the organisation is at home if none is named
		#[arg(long, value_name = "CODE")]
		jurisdiction: Option<Jurisdiction>,
		/// At which moment; that of the block if none is named
		#[arg(long, value_name = "TIME")]
		at: Option<Moment>,
	},
	/// To whom the duties of an organisation passed, or are offered
	#[command(after_help = SUCCESSION_EXAMPLES)]
	Succession {
		/// Its number
		#[arg(value_name = "NUMBER")]
		organisation: OrgId,
	},
	/// A patient's pseudonym: custodian, key, status, pending re-binding
	#[command(after_help = SUBJECT_EXAMPLES)]
	Subject {
		/// The pseudonym, as 0x and 64 hexadecimal digits
		#[arg(value_name = "SUBJECT", required_unless_present = "of_account")]
		subject: Option<SubjectId>,
		/// Instead: the one whose present key this account is
		#[arg(long, value_name = "ACCOUNT", value_parser = values::account, conflicts_with = "subject")]
		of_account: Option<AccountId32>,
	},
	/// Which key acts for a patient, or acted, and whether that is in doubt
	#[command(after_help = KEY_EXAMPLES)]
	Key {
		/// The pseudonym, as 0x and 64 hexadecimal digits
		#[arg(value_name = "SUBJECT")]
		subject: SubjectId,
		/// At which moment; that of the block if none is named
		#[arg(long, value_name = "TIME")]
		at: Option<Moment>,
	},
}

impl Question {
	/// The moment that is asked about, if one was named.
	fn moment(&self) -> Option<Moment> {
		match self {
			Self::Member { at, .. } | Self::Capability { at, .. } | Self::Key { at, .. } => *at,
			Self::Licence { .. } | Self::Succession { .. } | Self::Subject { .. } => None,
		}
	}

	fn asked(&self) -> Asked {
		match self {
			Self::Member { account, at } => Asked::Member { account: *account, at: *at },
			Self::Licence { licence } => Asked::Licence { licence: *licence },
			Self::Capability { capability, organisation, account, jurisdiction, at } => {
				let holder = match account {
					Some(account) => Holder::Member(*account),
					None => Holder::Organisation(organisation.unwrap_or_default()),
				};
				Asked::Capability { holder, capability: *capability, jurisdiction: *jurisdiction, at: *at }
			},
			Self::Succession { organisation } => Asked::Succession { organisation: *organisation },
			Self::Subject { subject, of_account } => match of_account {
				Some(key) => Asked::SubjectByKey { key: *key },
				None => Asked::Subject { subject: subject.unwrap_or_default() },
			},
			Self::Key { subject, at } => Asked::Key { subject: *subject, at: *at },
		}
	}
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<(), Error> {
	let asked = arguments.question.asked();
	let saved = arguments.proof.as_deref().map(light::read).transpose()?;
	let given = super::light::given(arguments.block, arguments.header.as_deref())?;
	let (proof, block, source) = super::light::gather(context, &Wanted::Answer(&asked), saved, given)?;
	let Told { found, at, number, hash } = light::answer(&asked, &proof, &block).map_err(Refused::from)?;
	let basis = Basis::new(context, source, at, number, hash, arguments.max_age)?;
	if let Some(path) = &arguments.save {
		std::fs::write(path, json(&proof)).map_err(|source| StoreError::Io { path: path.clone(), source })?;
		context.output.note(format!("wrote {}", path.display()));
	}
	let (mut value, sentences) = told(&found);
	// A block proves nothing about what comes after it.
	let is_ahead = arguments.question.moment().is_some_and(|asked| asked > at);
	value["yetToCome"] = is_ahead.into();
	value["light"] = basis.to_json();
	context.output.result(&value, || {
		let ahead =
			if is_ahead { "\nthat moment is yet to come: so it will be if nothing changes until then" } else { "" };
		format!("{sentences}{ahead}\n{}", basis.sentence())
	});
	Ok(())
}

/// For programs and for people.
fn told(found: &Found) -> (Value, String) {
	match found {
		Found::Member(view) => (json!({ "member": view }), view.as_ref().map_or("no member then".into(), member)),
		Found::Licence(view) => (json!({ "licence": view }), view.as_ref().map_or("no such licence".into(), licence)),
		Found::Capability(view) => (json!({ "capability": view }), decision(view)),
		Found::Succession(view) => {
			(json!({ "succession": view }), view.as_ref().map_or("no such organisation".into(), succession))
		},
		Found::Subject(view, rebind) => {
			let mut lines = vec![view.as_ref().map_or("no such subject".into(), subject)];
			lines.extend(rebind.as_ref().map(pending));
			(json!({ "subject": view, "rebind": rebind }), lines.join("\n"))
		},
		Found::Key(view) => (json!({ "key": view }), view.as_ref().map_or("no such subject then".into(), key)),
	}
}

fn member(view: &MemberView<AccountId32>) -> String {
	let MemberView { account, organisation, roles, since, until } = view;
	let until = until.map_or(String::new(), |until| format!(" until {until}"));
	format!("{account} acts for organisation {organisation} as {roles:?} since {since}{until}")
}

fn licence(view: &LicenceView<AccountId32>) -> String {
	let LicenceView { id, holder, capability, jurisdiction, issuer, validity, status, since, distrusted_from, .. } =
		view;
	let holder = match holder {
		Holder::Organisation(id) => format!("organisation {id}"),
		Holder::Member(account) => account.to_string(),
	};
	let until = validity.until.map_or(String::new(), |until| format!(" until {until}"));
	let distrusted = distrusted_from.map_or(String::new(), |from| format!("; not to be trusted from {from} on"));
	format!(
		"licence {id}: {holder}, {capability} in {jurisdiction}, issued by organisation {issuer}\n\
		from {}{until}; {status} since {since}{distrusted}",
		validity.from
	)
}

fn decision(view: &CapabilityView) -> String {
	let CapabilityView { standing, organisation, at } = view;
	let organisation = organisation.map_or(String::new(), |id| format!(", organisation {id}"));
	let answer = if standing.is_granted() { "yes".to_owned() } else { format!("no: {standing:?}") };
	format!("{answer}{organisation}, at {at}")
}

fn succession(view: &SuccessionView) -> String {
	let SuccessionView { organisation, released, line, offer } = view;
	let mut lines: Vec<_> = line.iter().map(passed).collect();
	if line.is_empty() {
		lines.push(format!("organisation {organisation} has not handed over its duties"));
	}
	lines.extend(offer.iter().map(|OfferView { successor, offered_at }| {
		format!("it offers them to organisation {successor} since {offered_at}, which has not accepted yet")
	}));
	if *released {
		lines.push(format!("organisation {organisation} itself has gone and answers no more"));
	}
	lines.join("\n")
}

fn passed(step: &HandoverView) -> String {
	let HandoverView { predecessor, successor, since, handover, .. } = step;
	format!(
		"organisation {predecessor} handed over its duties to {successor} at {since}, under the statement {handover}"
	)
}

fn subject(view: &SubjectView<AccountId32>) -> String {
	let SubjectView { subject, custodian, key, status, restricted, since, .. } = view;
	let restricted = if *restricted { "; it can only do restrictive acts" } else { "" };
	format!("subject {subject} of organisation {custodian}: {status:?}\nkey {key} since {since}{restricted}")
}

fn pending(view: &RebindView<AccountId32>) -> String {
	let RebindView { phase, new_key, lost_since, .. } = view;
	format!("to be bound to {new_key}, since its key was lost at {lost_since}: {phase:?}")
}

fn key(view: &SubjectKeyView<AccountId32>) -> String {
	let SubjectKeyView { key, status, since, at, doubtful, .. } = view;
	let doubt = if *doubtful { "; perhaps not in the subject's hands: it was lost by then" } else { "" };
	format!("at {at}: key {key} since {since}, {status:?}{doubt}")
}
