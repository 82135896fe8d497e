// SPDX-License-Identifier: Apache-2.0
//! Subjects on chain, and acts that are submitted for them.

use super::{error, Call, Chain, ChainError, Included};
use crate::{acts::Act, chain::At, signer::Signer};
use epidaurus_primitives::{
	ids::SubjectId,
	moment::Moment,
	views::{RebindView, SubjectKeyView, SubjectView},
};
use subxt::{
	error::DispatchError,
	utils::{AccountId32, MultiSignature},
};

/// Bytes of the fields of `ActRelayed` before the result: subject, nonce, who submitted it.
const BEFORE_RESULT: usize = 32 + 8 + 32;

/// An act that a subject signed, as it is submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relayed {
	/// Whose act it is.
	pub subject: SubjectId,
	/// Which of the subject's relayed acts.
	pub nonce: u64,
	/// First moment at which it is too late.
	pub expires_at: Moment,
	/// The act.
	pub act: Act,
	/// The subject's signature.
	pub signature: MultiSignature,
}

impl At<'_> {
	/// A subject as it stands.
	pub async fn subject(&self, subject: SubjectId) -> Result<Option<SubjectView<AccountId32>>, ChainError> {
		self.call("SubjectsApi_subject", subject).await
	}

	/// The subject whose present key this is.
	pub async fn subject_by_key(&self, key: &AccountId32) -> Result<Option<SubjectView<AccountId32>>, ChainError> {
		self.call("SubjectsApi_subject_by_key", key).await
	}

	/// The key that acts for a subject now, with the chain's time, or that acted at a moment.
	pub async fn subject_key(
		&self,
		subject: SubjectId,
		at: Option<Moment>,
	) -> Result<Option<SubjectKeyView<AccountId32>>, ChainError> {
		self.call("SubjectsApi_key", (subject, at)).await
	}

	/// The pending re-binding of a subject.
	pub async fn rebind(&self, subject: SubjectId) -> Result<Option<RebindView<AccountId32>>, ChainError> {
		self.call("SubjectsApi_rebind", subject).await
	}
}

impl Chain {
	/// Refuses if the chain means something else by an act than this program: another number, or other arguments.
	pub async fn ensure_known(&self, act: &Act) -> Result<(), ChainError> {
		let at = self.client.at_current_block().await.map_err(|error| ChainError::Failed(error::innermost(&error)))?;
		let call = Call::Act(*act);
		let bytes = at.transactions().call_data(&call.encoded(at.metadata_ref())?)?;
		if bytes == act.call() {
			return Ok(());
		}
		let (pallet, call, arguments, _) = act.parts();
		Err(ChainError::NoSuchCall { pallet, call, arguments: arguments.join(", ") })
	}

	/// Submits an act for a subject and waits until it is finalised. That the chain refused the act itself is an error;
	/// its nonce is spent all the same.
	pub async fn relay(&self, signer: &Signer, relayed: Relayed) -> Result<Included, ChainError> {
		let at = self.client.at_current_block().await.map_err(|error| ChainError::Failed(error::innermost(&error)))?;
		let pending = self.submit(signer, &Call::Relay(relayed)).await?;
		let (included, events) = pending.with_events().await?;
		for event in events.iter() {
			let event = event.map_err(|error| ChainError::Failed(error::innermost(&error)))?;
			if (event.pallet_name(), event.event_name()) != ("Subjects", "ActRelayed") {
				continue;
			}
			let unknown = || ChainError::Answer("Subjects.ActRelayed".into());
			let Err(failed) = outcome(event.field_bytes()).ok_or_else(unknown)? else { return Ok(included) };
			let dispatch = DispatchError::decode_from(failed, at.metadata()).map_err(|_| unknown())?;
			return Err(ChainError::ActFailed(Box::new(error::from_dispatch(&dispatch))));
		}
		Err(ChainError::Answer("Subjects.ActRelayed".into()))
	}
}

/// What came of an act, from the fields of its event: the bytes of the error if it failed; nothing if the fields are of
/// another form.
fn outcome(fields: &[u8]) -> Option<Result<(), &[u8]>> {
	match fields.get(BEFORE_RESULT..)?.split_first()? {
		(0, []) => Some(Ok(())),
		(1, failed) if !failed.is_empty() => Some(Err(failed)),
		_ => None,
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_outcome_of_an_act_is_read_from_its_event() {
		let fields = |result: &[u8]| [&[7; BEFORE_RESULT], result].concat();
		assert_eq!(outcome(&fields(&[0])), Some(Ok(())));
		assert_eq!(outcome(&fields(&[1, 3, 60, 2, 0, 0, 0])), Some(Err([3, 60, 2, 0, 0, 0].as_slice())));
		for other in [[].as_slice(), &[0, 0], &[1], &[2, 0]] {
			assert_eq!(outcome(&fields(other)), None, "{other:?}");
		}
		assert_eq!(outcome(&[0; BEFORE_RESULT]), None);
	}
}
