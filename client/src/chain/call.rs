// SPDX-License-Identifier: Apache-2.0
//! The calls that a vendor makes. Arguments are encoded by the primitives' own types; their names are compared with the
//! chain's metadata, so that a chain that means something else by a call is noticed before anything is signed.

use super::{ChainError, Encoded, RecordDuty, Relayed, SubjectDuty};
use crate::acts::{Act, Parts};
use codec::Encode;
use epidaurus_primitives::{
	ehr::{LogHead, LogKind},
	hash::{Commitment, HashSuite},
	ids::{LicenceId, OrgId, RecordId, SubjectId},
	link::SubjectLink,
	merkle::Hash,
	renewal::TreeSuite,
};
use subxt::metadata::Metadata;

/// A call to the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
	/// Opens a log.
	OpenLog {
		/// Which.
		kind: LogKind,
	},
	/// Submits a log's head.
	Checkpoint {
		/// Which log.
		kind: LogKind,
		/// Its head.
		head: LogHead,
		/// Shows that it only grew since the newest checkpoint.
		proof: Vec<Hash>,
	},
	/// States the root of a log in another tree.
	RenewLog {
		/// Whose log.
		custodian: OrgId,
		/// Which.
		kind: LogKind,
		/// Number of the checkpoint up to which it is renewed.
		checkpoint: u64,
		/// Which tree.
		tree: TreeSuite,
		/// Size, which is that of the checkpoint, and root in that tree.
		head: LogHead,
		/// Shows that the renewed log only grew since the newest renewal.
		proof: Vec<Hash>,
	},
	/// Anchors a record by itself.
	Anchor {
		/// Under which id.
		record: RecordId,
		/// What is committed.
		commitment: Commitment,
		/// Under which suite.
		suite: HashSuite,
		/// The link to its subject, if it concerns one.
		link: Option<SubjectLink>,
	},
	/// Anchors the next version of a record.
	Amend {
		/// Which record.
		record: RecordId,
		/// Its version before.
		expected_version: u32,
		/// What is committed.
		commitment: Commitment,
		/// Under which suite.
		suite: HashSuite,
	},
	/// Declares that a record should never have been.
	EnteredInError {
		/// Which record.
		record: RecordId,
	},
	/// Suspends a licence.
	SuspendLicence {
		/// Which licence.
		licence: LicenceId,
	},
	/// Reinstates a suspended licence.
	ReinstateLicence {
		/// Which licence.
		licence: LicenceId,
	},
	/// A subject's own act.
	Act(Act),
	/// What a member does about a subject.
	OfSubject(SubjectId, SubjectDuty),
	/// What a member does about a record.
	OfRecord(RecordId, RecordDuty),
	/// An act that a subject signed, submitted by somebody else.
	Relay(Relayed),
}

const EHR: &str = "Ehr";
const REGISTRY: &str = "Registry";

impl Call {
	/// Pallet and name of the call, the names of its arguments, and the arguments in SCALE.
	fn parts(&self) -> Parts {
		match self {
			Self::OpenLog { kind } => (EHR, "open_log", &["kind"], kind.encode()),
			Self::Checkpoint { kind, head, proof } => (
				EHR,
				"checkpoint",
				&["kind", "new_root", "new_size", "consistency_proof"],
				(kind, head.root, head.size, proof).encode(),
			),
			Self::RenewLog { custodian, kind, checkpoint, tree, head, proof } => (
				EHR,
				"renew_log",
				&["custodian", "kind", "checkpoint", "tree", "root", "consistency_proof"],
				(custodian, kind, (checkpoint, head.size), tree, head.root, proof).encode(),
			),
			Self::Anchor { record, commitment, suite, link } => {
				(EHR, "anchor", &["record", "commitment", "suite", "link"], (record, commitment, suite, link).encode())
			},
			Self::Amend { record, expected_version, commitment, suite } => (
				EHR,
				"amend",
				&["record", "expected_version", "commitment", "suite"],
				(record, expected_version, commitment, suite).encode(),
			),
			Self::EnteredInError { record } => (EHR, "mark_entered_in_error", &["record"], record.encode()),
			Self::SuspendLicence { licence } => (REGISTRY, "suspend_licence", &["licence"], licence.encode()),
			Self::ReinstateLicence { licence } => (REGISTRY, "reinstate_licence", &["licence"], licence.encode()),
			Self::Act(act) => act.parts(),
			Self::OfSubject(subject, duty) => duty.parts(*subject),
			Self::OfRecord(record, duty) => duty.parts(*record),
			Self::Relay(Relayed { subject, nonce, expires_at, act, signature }) => {
				let mut arguments = (subject, nonce, expires_at).encode();
				arguments.extend(act.call());
				signature.encode_to(&mut arguments);
				("Subjects", "relay", &["subject", "nonce", "expires_at", "call", "signature"], arguments)
			},
		}
	}

	/// The call for a transaction, if the chain has it in this form.
	pub(super) fn encoded(&self, metadata: &Metadata) -> Result<Encoded, ChainError> {
		let (pallet, call, names, arguments) = self.parts();
		let fields = metadata
			.pallet_by_name(pallet)
			.and_then(|pallet| pallet.call_variant_by_name(call))
			.map(|variant| variant.fields.iter().map(|field| field.name.as_deref()).collect::<Vec<_>>());
		match fields {
			Some(fields) if fields.iter().copied().eq(names.iter().copied().map(Some)) => {
				Ok(Encoded::new(pallet, call, arguments))
			},
			_ => Err(ChainError::NoSuchCall { pallet, call, arguments: names.join(", ") }),
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn arguments_are_encoded_in_the_order_of_their_names() {
		let head = LogHead { size: 3, root: [9; 32] };
		let call = Call::Checkpoint { kind: LogKind::Disclosures, head, proof: vec![[1; 32], [2; 32]] };
		let (_, _, names, bytes) = call.parts();
		assert_eq!(names, ["kind", "new_root", "new_size", "consistency_proof"]);
		let expected = [&[1][..], &[9; 32], &[3, 0, 0, 0, 0, 0, 0, 0], &[8], &[1; 32], &[2; 32]].concat();
		assert_eq!(bytes, expected);
	}

	#[test]
	fn a_renewal_is_encoded_as_the_chain_wants_it() {
		let (custodian, kind, tree) = (OrgId(0xa1), LogKind::Disclosures, TreeSuite::Blake2b256);
		let (head, proof) = (LogHead { size: 5, root: [0xdd; 32] }, vec![[0xee; 32]]);
		let call = Call::RenewLog { custodian, kind, checkpoint: 3, tree, head, proof };
		let numbers = [&[0xa1, 0, 0, 0, 1][..], &[3, 0, 0, 0, 0, 0, 0, 0], &[5, 0, 0, 0, 0, 0, 0, 0], &[1]].concat();
		assert_eq!(call.parts().3, [&numbers[..], &[0xdd; 32], &[4], &[0xee; 32]].concat());
	}

	#[test]
	fn ids_are_encoded_without_a_length() {
		let call = Call::Amend {
			record: RecordId([7; 16]),
			expected_version: 2,
			commitment: Commitment([8; 32]),
			suite: HashSuite::FhirStaticRecursive,
		};
		let expected = [&[7; 16][..], &[2, 0, 0, 0], &[8; 32], &[2]].concat();
		assert_eq!(call.parts().3, expected);
		let link = Some(SubjectLink([6; 32]));
		let (record, commitment, suite) = (RecordId([7; 16]), Commitment([8; 32]), HashSuite::Raw);
		let expected = [&[7; 16][..], &[8; 32], &[0, 1], &[6; 32]].concat();
		assert_eq!(Call::Anchor { record, commitment, suite, link }.parts().3, expected);
		assert_eq!(Call::SuspendLicence { licence: LicenceId(5) }.parts().3, [5, 0, 0, 0]);
	}
}
