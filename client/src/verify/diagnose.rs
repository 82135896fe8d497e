// SPDX-License-Identifier: Apache-2.0
//! What was done to a bundle that does not fit. Nothing here makes a bundle pass; it only finds the words.

use super::{digest_of, Refused};
use crate::{
	bundle::{Bundle, ElementEvidence},
	record::Content,
};
use epidaurus_primitives::{
	ehr::{LogEntry, LogHead, LogKind, LogProof},
	elements::DisclosureError,
	hash::{HashSuite, NativeSha256, Opening, RecordDigest},
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
	match other_suites(content, bundle).find(|(_, digest)| *digest == opening.digest) {
		Some((committed, _)) => Refused::SuiteDiffers { stated: opening.suite, committed },
		None => match (opening.suite, &bundle.elements) {
			(HashSuite::FhirElements, Some(ElementEvidence::Redacted(_))) => {
				Refused::Redaction(DisclosureError::DigestMismatch)
			},
			_ => Refused::ContentChanged,
		},
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
	let under = |suite, digest| Opening { suite, digest, ..stated.clone() };
	match other_suites(content, bundle).find(|(suite, digest)| opens(&under(*suite, *digest))) {
		Some((committed, _)) => Refused::SuiteDiffers { stated: stated.suite, committed },
		None => Refused::OpeningDiffers,
	}
}

/// The content's digests under the suites that the bundle does not claim, where it has one under them.
fn other_suites<'c>(
	content: &'c Content,
	bundle: &'c Bundle,
) -> impl Iterator<Item = (HashSuite, RecordDigest)> + use<'c> {
	let others = HashSuite::ALL.into_iter().filter(|suite| *suite != bundle.opening.suite);
	others.filter_map(|suite| {
		let measured = content.measure(suite).ok()?;
		Some((suite, digest_of(&measured, bundle).ok()?))
	})
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
		Refusal::RenewalNotFound { size: newest } => {
			let stated = proof.renewed.as_ref().map_or(0, |renewed| renewed.head.size);
			Refused::RenewalNotFound { stated, newest }
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
