// SPDX-License-Identifier: Apache-2.0
//! Why a verification says no.

use crate::{
	fhir::FhirError,
	light::ProofRefused,
	record::{fhir_name, kind_name, suite_name},
};
use epidaurus_primitives::{
	ehr::LogKind,
	elements::DisclosureError,
	hash::{HashSuite, ResourceClass},
	ids::{NetworkId, OrgId, RecordId},
	merkle::ProofError,
	verify::Refusal,
};

/// Why content, bundle and what the chain says do not fit together. Quotes nothing of the record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
	/// The content has no canonical form under the bundle's suite.
	#[error("the content cannot be what was committed: {0}")]
	Content(FhirError),
	/// The content is not the one that was committed.
	#[error("the content was changed: its digest is not the committed one")]
	ContentChanged,
	/// The suite wants the key of the elements, or what is said about a redacted copy, and the bundle has neither.
	#[error("the bundle has neither the key of the record's elements nor a redaction")]
	ElementKeyMissing,
	/// The content is not the redacted copy that the bundle describes, or the bundle does not describe what was committed.
	#[error("this is no redacted copy of what was committed: {0}")]
	Redaction(DisclosureError),
	/// A redacted copy has `meta` or a narrative, which no redacted copy has.
	#[error("the redacted copy has a `meta` or narrative, which was added to it")]
	Uncovered,
	/// The content is of another class than the header says.
	#[error("the content is a {}, the header says {}", found.as_str(), stated.as_str())]
	ClassDiffers {
		/// Class in the header.
		stated: ResourceClass,
		/// Class of the content.
		found: ResourceClass,
	},
	/// The bundle claims another suite than the record was committed under.
	#[error("the record was committed under the suite {}, the bundle claims {}", suite_name(*committed), suite_name(*stated))]
	SuiteDiffers {
		/// Suite in the bundle.
		stated: HashSuite,
		/// Suite that was committed.
		committed: HashSuite,
	},
	/// The bundle claims another version than was committed.
	#[error("this is version {committed} of the record, the bundle claims version {stated}")]
	VersionDiffers {
		/// Version in the bundle.
		stated: u32,
		/// Version that was committed.
		committed: u32,
	},
	/// Salt or header are not those of the commitment.
	#[error("the opening does not open the commitment: salt or header were changed")]
	OpeningDiffers,
	/// The bundle is of another network.
	#[error("the bundle is of the network {stated}, not of {trusted}")]
	OtherNetwork {
		/// Network in the bundle.
		stated: NetworkId,
		/// Network of the chain or the head.
		trusted: NetworkId,
	},
	/// The bundle is of another custodian.
	#[error("the bundle is of organisation {stated}, not of {trusted}")]
	OtherCustodian {
		/// Custodian in the bundle.
		stated: OrgId,
		/// Custodian asked for.
		trusted: OrgId,
	},
	/// The bundle is of another log of the custodian.
	#[error("the bundle is of the log {}, not of {}", kind_name(*stated), kind_name(*trusted))]
	OtherLog {
		/// Log in the bundle.
		stated: LogKind,
		/// Log that the head is of.
		trusted: LogKind,
	},
	/// The bundle is of another record.
	#[error("the bundle is of the record {stated}, not of {trusted}")]
	OtherRecord {
		/// Record in the bundle.
		stated: RecordId,
		/// Record that the statement is about.
		trusted: RecordId,
	},
	/// A log's head says nothing about an anchor, nor the other way round.
	#[error("the statement is about {0}, the bundle is not")]
	OtherEvidence(&'static str),
	/// The proof is for an older head.
	#[error("the proof is for an older head of {proven} entries; the log has {trusted} now")]
	StaleHead {
		/// Entries in the proof.
		proven: u64,
		/// Entries at the newest checkpoint.
		trusted: u64,
	},
	/// The proof is for more entries than any checkpoint has.
	#[error("the proof is for {proven} entries; the newest checkpoint has {trusted}")]
	UnknownHead {
		/// Entries in the proof.
		proven: u64,
		/// Entries at the newest checkpoint.
		trusted: u64,
	},
	/// The proof leads to another history of the same length.
	#[error("the proof is for another history: its root is not the one of the checkpoint of {size} entries")]
	ForkedHead {
		/// Entries at the checkpoint.
		size: u64,
	},
	/// The root is the right one, the number of entries is not.
	#[error("the proof claims {stated} entries under a root of {trusted} entries")]
	SizeDiffers {
		/// Entries in the proof.
		stated: u64,
		/// Entries at the checkpoint.
		trusted: u64,
	},
	/// The leaf stands in the log, at another place or with another sequence number than claimed.
	#[error("the proof claims the place {stated} for an entry with the sequence number {found}")]
	SequenceDiffers {
		/// Place in the proof.
		stated: u64,
		/// Sequence number found.
		found: u64,
	},
	/// The log has no such place.
	#[error("the proof claims the place {index} in a log of {size} entries")]
	OutOfRange {
		/// Place in the proof.
		index: u64,
		/// Entries in the log.
		size: u64,
	},
	/// The path has too few hashes.
	#[error("the path is too short: {got} hashes instead of {expected}")]
	PathTooShort {
		/// Hashes wanted.
		expected: u32,
		/// Hashes given.
		got: u32,
	},
	/// The path has too many hashes.
	#[error("the path is too long: {got} hashes instead of {expected}")]
	PathTooLong {
		/// Hashes wanted.
		expected: u32,
		/// Hashes given.
		got: u32,
	},
	/// The path does not lead from the entry to the root.
	#[error("the path does not lead from this entry to the log's root: the entry is not in the log, or the path was changed")]
	PathDiffers,
	/// The content does not have the second digest that the renewed proof speaks of.
	#[error("the content is not the one that was renewed: its second digest differs")]
	SecondDigestDiffers,
	/// The log has no renewal that the renewed proof could lead to.
	#[error("the chain keeps no renewal of {stated} entries of this log; the newest covers {newest}")]
	RenewalNotFound {
		/// Entries in the renewed proof.
		stated: u64,
		/// Entries in the newest renewal under that tree.
		newest: u64,
	},
	/// The renewed proof leads to another root than the renewal's.
	#[error("the renewed proof is for another history: its root is not the one of the renewal")]
	ForkedRenewal,
	/// The renewed path does not lead from the entry to the renewal.
	#[error("the renewed path does not lead from this entry to the renewal: {0}")]
	RenewedPathDiffers(ProofError),
	/// The log has no entries.
	#[error("the log is empty")]
	EmptyLog,
	/// The custodian has no log of this kind.
	#[error("the custodian has no log of this kind")]
	LogNotFound,
	/// No record is anchored under this id.
	#[error("no record is anchored under this id")]
	RecordNotFound,
	/// The record has no version of this number.
	#[error("the record has no version {stated}; the newest is {current}")]
	VersionNotFound {
		/// Version in the bundle.
		stated: u32,
		/// The newest version.
		current: u32,
	},
	/// The bundle opens something else than what is anchored.
	#[error("the opening does not open what is anchored: content, salt or header differ")]
	CommitmentDiffers,
	/// A later version replaced the one presented.
	#[error("version {version} was replaced; version {current} is in force")]
	Superseded {
		/// Version in the bundle.
		version: u32,
		/// Version in force.
		current: u32,
	},
	/// The custodian declared that the record should never have been.
	#[error("the custodian declared the record entered in error")]
	EnteredInError,
	/// The checks here say yes, the node says no.
	#[error("the node refuses what the checks here accept: {0}")]
	Node(Refusal),
	/// What a node told about the chain's state is not proven.
	#[error(transparent)]
	Proof(#[from] ProofRefused),
}

impl Refused {
	/// The stable name of the reason.
	pub fn name(&self) -> &'static str {
		match self {
			Self::Content(error) => fhir_name(error),
			Self::ContentChanged => "content-changed",
			Self::ElementKeyMissing => "element-key-missing",
			Self::Redaction(error) => redaction_name(error),
			Self::Uncovered => "uncovered-content",
			Self::ClassDiffers { .. } => "class-differs",
			Self::SuiteDiffers { .. } => "suite-differs",
			Self::VersionDiffers { .. } => "version-differs",
			Self::OpeningDiffers => "opening-differs",
			Self::OtherNetwork { .. } => "other-network",
			Self::OtherCustodian { .. } => "other-custodian",
			Self::OtherLog { .. } => "other-log",
			Self::OtherRecord { .. } => "other-record",
			Self::OtherEvidence(_) => "other-evidence",
			Self::StaleHead { .. } => "stale-head",
			Self::UnknownHead { .. } => "unknown-head",
			Self::ForkedHead { .. } => "forked-head",
			Self::SizeDiffers { .. } => "size-differs",
			Self::SequenceDiffers { .. } => "sequence-differs",
			Self::OutOfRange { .. } => "out-of-range",
			Self::PathTooShort { .. } => "path-too-short",
			Self::PathTooLong { .. } => "path-too-long",
			Self::PathDiffers => "path-differs",
			Self::SecondDigestDiffers => "second-digest-differs",
			Self::RenewalNotFound { .. } => "renewal-not-found",
			Self::ForkedRenewal => "forked-renewal",
			Self::RenewedPathDiffers(_) => "renewed-path-differs",
			Self::EmptyLog => "empty-log",
			Self::LogNotFound => "log-not-found",
			Self::RecordNotFound => "record-not-found",
			Self::VersionNotFound { .. } => "version-not-found",
			Self::CommitmentDiffers => "commitment-differs",
			Self::Superseded { .. } => "superseded",
			Self::EnteredInError => "entered-in-error",
			Self::Node(_) => "node-disagrees",
			Self::Proof(proof) => proof.name(),
		}
	}

	/// A refusal of the chain's own checks, for a proof of `size` entries or an opening of `version`.
	pub(super) fn from_chain(refusal: Refusal, size: u64, version: u32) -> Self {
		match refusal {
			Refusal::RecordNotFound => Self::RecordNotFound,
			Refusal::LogNotFound => Self::LogNotFound,
			Refusal::VersionNotFound { current } => Self::VersionNotFound { stated: version, current },
			Refusal::SuiteMismatch { anchored, presented } => {
				Self::SuiteDiffers { stated: presented, committed: anchored }
			},
			Refusal::CommitmentMismatch => Self::CommitmentDiffers,
			Refusal::StaleHead { size: trusted } => Self::StaleHead { proven: size, trusted },
			Refusal::UnknownHead { size: trusted } => Self::UnknownHead { proven: size, trusted },
			Refusal::ForkedHead => Self::ForkedHead { size },
			Refusal::InvalidProof(error) => Self::from_proof(error),
			Refusal::RenewalNotFound { size: newest } => Self::RenewalNotFound { stated: size, newest },
			Refusal::ForkedRenewal => Self::ForkedRenewal,
			Refusal::InvalidRenewal(error) => Self::RenewedPathDiffers(error),
		}
	}

	fn from_proof(error: ProofError) -> Self {
		match error {
			ProofError::EmptyTree => Self::EmptyLog,
			ProofError::IndexOutOfRange { index, size } => Self::OutOfRange { index, size },
			ProofError::PathTooShort { expected, got } => Self::PathTooShort { expected, got },
			ProofError::PathTooLong { expected, got } => Self::PathTooLong { expected, got },
			ProofError::SizeTooLarge
			| ProofError::SizeShrinks { .. }
			| ProofError::RootMismatch
			| ProofError::OldRootMismatch => Self::PathDiffers,
		}
	}
}

fn redaction_name(error: &DisclosureError) -> &'static str {
	match error {
		DisclosureError::BadCount => "element-count-impossible",
		DisclosureError::IndexOutOfRange { .. } => "element-out-of-range",
		DisclosureError::OutOfOrder => "element-order-differs",
		DisclosureError::PathTooShort => "element-path-too-short",
		DisclosureError::PathTooLong => "element-path-too-long",
		DisclosureError::DigestMismatch => "element-differs",
		DisclosureError::OtherElements => "elements-differ",
		DisclosureError::PairShifted => "element-pair-shifted",
	}
}
