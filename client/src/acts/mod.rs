// SPDX-License-Identifier: Apache-2.0
//! Acts of a subject: calls that its key sends itself, or signs so that somebody else submits them.
//!
//! What a payload says is read from its bytes, and from nothing beside them. Pallets and calls stand here by their numbers,
//! which never change, so that a payload can be made and read without a node; where there is one, they are compared with
//! its metadata.

mod file;
mod refused;
mod words;

pub use file::{ActFile, Understood};
pub use refused::ActRefused;
pub use words::{in_how_long, words};

use codec::{Decode, DecodeAll, Encode};
use epidaurus_primitives::{hash::Commitment, ids::RecordId, link::LinkKey};
use subxt::utils::AccountId32;

const EHR: u8 = 60;
const SUBJECTS: u8 = 51;

/// What a subject can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
	/// Disputes a record.
	Dispute {
		/// Which.
		record: RecordId,
		/// Shows that it concerns the subject.
		link_key: LinkKey,
		/// Why, committed.
		statement: Commitment,
	},
	/// Takes a dispute back.
	WithdrawDispute {
		/// Of which record.
		record: RecordId,
	},
	/// Asks that a record be amended.
	RequestAmendment {
		/// Which.
		record: RecordId,
		/// Shows that it concerns the subject.
		link_key: LinkKey,
		/// How and why, committed.
		statement: Commitment,
	},
	/// Disagrees with the denial of such a request.
	Disagree {
		/// Of which record.
		record: RecordId,
		/// Number of the request, from 0.
		request: u32,
		/// Why, committed.
		statement: Commitment,
	},
	/// Puts another key in the place of the present one.
	RotateKey {
		/// The account that acts for the subject from then on.
		new_key: AccountId32,
	},
	/// Objects to a re-binding.
	ContestRebind,
	/// Shows that somebody holds the key.
	ProveKey,
}

/// Pallet, call, names of the arguments, and the arguments in SCALE.
pub(crate) type Parts = (&'static str, &'static str, &'static [&'static str], Vec<u8>);

impl Act {
	/// Its name on the command line.
	pub fn name(&self) -> &'static str {
		match self {
			Self::Dispute { .. } => "dispute",
			Self::WithdrawDispute { .. } => "withdraw-dispute",
			Self::RequestAmendment { .. } => "request-amendment",
			Self::Disagree { .. } => "disagree",
			Self::RotateKey { .. } => "rotate-key",
			Self::ContestRebind => "contest-rebind",
			Self::ProveKey => "prove-key",
		}
	}

	fn place(&self) -> (u8, u8) {
		match self {
			Self::Dispute { .. } => (EHR, 6),
			Self::WithdrawDispute { .. } => (EHR, 7),
			Self::RequestAmendment { .. } => (EHR, 9),
			Self::Disagree { .. } => (EHR, 12),
			Self::ProveKey => (SUBJECTS, 1),
			Self::RotateKey { .. } => (SUBJECTS, 2),
			Self::ContestRebind => (SUBJECTS, 5),
		}
	}

	pub(crate) fn parts(&self) -> Parts {
		let linked: &[&str] = &["record", "link_key", "statement"];
		match self {
			Self::Dispute { record, link_key, statement } => {
				("Ehr", "dispute", linked, (record, link_key, statement).encode())
			},
			Self::WithdrawDispute { record } => ("Ehr", "withdraw_dispute", &["record"], record.encode()),
			Self::RequestAmendment { record, link_key, statement } => {
				("Ehr", "request_amendment", linked, (record, link_key, statement).encode())
			},
			Self::Disagree { record, request, statement } => {
				("Ehr", "disagree", &["record", "request", "statement"], (record, request, statement).encode())
			},
			Self::RotateKey { new_key } => ("Subjects", "rotate_key", &["new_key"], new_key.0.encode()),
			Self::ContestRebind => ("Subjects", "contest_rebind", &[], Vec::new()),
			Self::ProveKey => ("Subjects", "prove_key", &[], Vec::new()),
		}
	}

	/// The call as the runtime encodes it.
	pub fn call(&self) -> Vec<u8> {
		let (pallet, call) = self.place();
		let (.., arguments) = self.parts();
		[&[pallet, call], arguments.as_slice()].concat()
	}

	/// The act that an encoded call is; nothing if it is none, or if bytes are left over.
	pub fn of_call(call: &[u8]) -> Option<Self> {
		let ([pallet, call], arguments) = call.split_first_chunk::<2>()?;
		Some(match (*pallet, *call) {
			(EHR, 6) => {
				let (record, link_key, statement) = all(arguments)?;
				Self::Dispute { record, link_key, statement }
			},
			(EHR, 7) => Self::WithdrawDispute { record: all(arguments)? },
			(EHR, 9) => {
				let (record, link_key, statement) = all(arguments)?;
				Self::RequestAmendment { record, link_key, statement }
			},
			(EHR, 12) => {
				let (record, request, statement) = all(arguments)?;
				Self::Disagree { record, request, statement }
			},
			(SUBJECTS, 1) => all::<()>(arguments).map(|()| Self::ProveKey)?,
			(SUBJECTS, 2) => Self::RotateKey { new_key: AccountId32(all(arguments)?) },
			(SUBJECTS, 5) => all::<()>(arguments).map(|()| Self::ContestRebind)?,
			_ => return None,
		})
	}
}

fn all<T: Decode>(mut bytes: &[u8]) -> Option<T> {
	T::decode_all(&mut bytes).ok()
}

#[cfg(test)]
pub(crate) mod tests;
