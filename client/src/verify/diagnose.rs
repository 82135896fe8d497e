// SPDX-License-Identifier: Apache-2.0
//! What was done to a bundle that does not fit. Nothing here makes a bundle pass; it only finds the words.

use super::Refused;
use crate::{
	bundle::Bundle,
	record::{Content, Measured},
};
use epidaurus_primitives::{
	ehr::{LogEntry, LogHead, LogKind, LogProof},
	hash::{HashSuite, NativeSha256, Opening},
	merkle::{verify_inclusion, ProofError},
	verify::Refusal,
};

/// Versions that are tried as the committed one.
const MAX_VERSION: u32 = 64;

/// Places to each side of the claimed one that are tried as the true one.
const REACH: u64 = 1 << 13;

/// The content's digest is not the opening's.
pub(super) fn digest(content: &Content, bundle: &Bundle) -> Refused {
	let opening = &bundle.opening;
	let matches = |measured: &Measured| measured.digest == opening.digest;
	match other_suites(content, opening.suite).find(|(_, measured)| matches(measured)) {
		Some((committed, _)) => Refused::SuiteDiffers { stated: opening.suite, committed },
		None => Refused::ContentChanged,
	}
}

/// The opening does not open the commitment that the bundle states.
pub(super) fn opening(content: &Content, bundle: &Bundle) -> Refused {
	let stated = &bundle.opening;
	let opens = |opening: &Opening| opening.commitment::<NativeSha256>(&bundle.network) == bundle.commitment;

	let mut trial = stated.clone();
	for version in 1..=MAX_VERSION {
		trial.header.version = version;
		if opens(&trial) {
			return Refused::VersionDiffers { stated: stated.header.version, committed: version };
		}
	}
	let under = |measured: &Measured, suite| Opening { suite, digest: measured.digest, ..stated.clone() };
	match other_suites(content, stated.suite).find(|(suite, measured)| opens(&under(measured, *suite))) {
		Some((committed, _)) => Refused::SuiteDiffers { stated: stated.suite, committed },
		None => Refused::OpeningDiffers,
	}
}

/// The content measured under the suites that the bundle does not claim, where it has a form under them.
fn other_suites<'c>(content: &'c Content, stated: HashSuite) -> impl Iterator<Item = (HashSuite, Measured)> + use<'c> {
	let others = HashSuite::ALL.into_iter().filter(move |suite| *suite != stated);
	others.filter_map(|suite| content.measure(suite).ok().map(|measured| (suite, measured)))
}

/// The chain's check of a log refuses the proof.
pub(super) fn log(refusal: Refusal, bundle: &Bundle, kind: LogKind, proof: &LogProof, head: &LogHead) -> Refused {
	match refusal {
		Refusal::StaleHead { .. } | Refusal::UnknownHead { .. } if proof.head.root == head.root => {
			Refused::SizeDiffers { stated: proof.head.size, trusted: head.size }
		},
		Refusal::InvalidProof(ProofError::RootMismatch) => {
			let entry = LogEntry { kind, sequence: proof.sequence, commitment: bundle.commitment };
			match sequence(entry, proof, head) {
				Some(found) => Refused::SequenceDiffers { stated: proof.sequence, found },
				None => Refused::PathDiffers,
			}
		},
		other => Refused::from_chain(other, proof.head.size, bundle.opening.header.version),
	}
}

/// The sequence number with which the entry does lead to the root: at its own place, or at the claimed one.
fn sequence(entry: LogEntry, proof: &LogProof, head: &LogHead) -> Option<u64> {
	let leads = |sequence: u64, index: u64| {
		let leaf = LogEntry { sequence, ..entry }.leaf::<NativeSha256>();
		verify_inclusion::<NativeSha256>(&leaf, index, head.size, &proof.path, &head.root).is_ok()
	};
	let from = proof.sequence.saturating_sub(REACH);
	let to = proof.sequence.saturating_add(REACH).min(head.size);
	(from..to).find(|sequence| leads(*sequence, *sequence) || leads(*sequence, proof.sequence))
}
