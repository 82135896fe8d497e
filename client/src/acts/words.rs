// SPDX-License-Identifier: Apache-2.0
//! What an act says, in plain words: for the person who is about to sign it, and for whoever submits it.
//!
//! The words follow from the payload alone, so that they can be made again from it and compared.

use super::Act;
use crate::bundle::hex;
use epidaurus_primitives::{moment::Moment, relay::RelayedAct};

const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// What is signed, line by line.
pub fn words(genesis: &[u8; 32], relayed: &RelayedAct, act: &Act) -> Vec<String> {
	let RelayedAct { subject, nonce, expires_at, .. } = relayed;
	let mut lines = vec![format!("act:       {}", sentence(act))];
	lines.extend(details(act));
	lines.extend([
		format!("subject:   {subject}"),
		format!("chain:     {} (hash of its first block); good on no other", hex(genesis)),
		format!("nonce:     {nonce}; good once"),
		format!("expires:   {expires_at}"),
	]);
	lines
}

fn sentence(act: &Act) -> String {
	match act {
		Act::Dispute { record, .. } => format!(
			"dispute the record {record}: everybody who asks about it sees that its subject says it is wrong, and it \
			 cannot be erased until the dispute has ended"
		),
		Act::WithdrawDispute { record } => format!("take back the open dispute of the record {record}"),
		Act::RequestAmendment { record, .. } => {
			format!("ask that the record {record} be amended; its custodian has 60 days to answer")
		},
		Act::Disagree { record, request, .. } => {
			format!("disagree with the denial of request {request} to amend the record {record}")
		},
		Act::RotateKey { new_key } => format!(
			"put the key {new_key} in the place of the one that signs this: from then on only the new key acts for the \
			 subject, and the old one never again"
		),
		Act::ContestRebind => {
			"contest the re-binding of the subject to another key: the consortium decides which key stays".into()
		},
		Act::ProveKey => "show that somebody holds the subject's key".into(),
	}
}

fn details(act: &Act) -> Vec<String> {
	let stated = |statement| format!("statement: {statement}, a commitment; the text stays with who has its opening");
	match act {
		Act::Dispute { link_key, statement, .. } | Act::RequestAmendment { link_key, statement, .. } => vec![
			format!("shows:     the link key {link_key}: that this one record concerns this subject, and nothing else"),
			stated(statement),
		],
		Act::Disagree { statement, .. } => vec![stated(statement)],
		Act::WithdrawDispute { .. } | Act::RotateKey { .. } | Act::ContestRebind | Act::ProveKey => Vec::new(),
	}
}

/// How long it is until then, in the two largest units.
pub fn in_how_long(until: Moment, now: Moment) -> String {
	let Some(left) = until.0.checked_sub(now.0).filter(|left| *left > 0) else { return "too late".into() };
	let units = [(DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (SECOND, "second")];
	let mut rest = left;
	let mut parts = Vec::new();
	for (length, name) in units {
		let (count, left) = (rest / length, rest % length);
		// Nothing smaller than what follows the largest unit that there is.
		if parts.is_empty() && count == 0 {
			continue;
		}
		parts.push((count, name));
		rest = left;
	}
	let said = parts.iter().take(2).filter(|(count, _)| *count > 0);
	let said = said.map(|(count, name)| format!("{count} {name}{}", if *count == 1 { "" } else { "s" }));
	match said.collect::<Vec<_>>().join(" ") {
		text if text.is_empty() => "in less than a second".into(),
		text => format!("in {text}"),
	}
}
