// SPDX-License-Identifier: Apache-2.0
//! How a subject stands, which key acts or acted for it, and whether its acts are in doubt.
//!
//! The runtime asks its storage, a light client what was proven of it; the answers are these same functions'. Which of
//! the state they read is what has to be proven.

use super::{
	doubt::{is_doubtful, Doubt},
	rebind::Rebind,
	SubjectState, SubjectStatus,
};
use crate::{
	ids::{OrgId, SubjectId},
	moment::Moment,
	timeline::{Span, Timeline},
	views::{RebindView, SubjectKeyView, SubjectView},
};

/// The part of a subject's record that answers rest on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject<AccountId> {
	/// The organisation that enrolled it.
	pub custodian: OrgId,
	/// Its key and status.
	pub state: Timeline<SubjectState<AccountId>>,
	/// The nonce of its next relayed act.
	pub nonce: u64,
}

/// The subjects' state: what questions read, and the questions.
///
/// A moment yet to come is answered as if nothing changed until then. No moment means now.
pub trait SubjectsState<AccountId: Clone + PartialEq> {
	/// Doubts of one subject.
	type Doubts: AsRef<[Doubt]>;

	/// The chain's time.
	fn now(&self) -> Moment;
	/// A subject.
	fn subject(&self, subject: &SubjectId) -> Option<Subject<AccountId>>;
	/// An earlier span of its key and status.
	fn span(&self, subject: &SubjectId, number: u32) -> Option<Span<SubjectState<AccountId>>>;
	/// When its acts are in doubt because of re-bindings that are over.
	fn doubts(&self, subject: &SubjectId) -> Self::Doubts;
	/// Its pending re-binding.
	fn rebind(&self, subject: &SubjectId) -> Option<Rebind<AccountId>>;
	/// Whose a key is, was, or is meant to be.
	fn owner(&self, key: &AccountId) -> Option<SubjectId>;

	/// Whether an act of a subject at that moment may have been somebody else's.
	fn is_doubtful(&self, subject: &SubjectId, at: Moment) -> bool {
		is_doubtful(self.doubts(subject).as_ref(), self.rebind(subject).as_ref(), at)
	}

	/// The answer about a subject as it stands now.
	fn subject_view(&self, id: SubjectId) -> Option<SubjectView<AccountId>> {
		let subject = self.subject(&id)?;
		let Timeline { state, since, .. } = subject.state;
		let enrolled_at = self.span(&id, 0).map_or(since, |first| first.since);
		let in_question = self.rebind(&id).is_some_and(|rebind| rebind.restricts());
		Some(SubjectView {
			subject: id,
			custodian: subject.custodian,
			enrolled_at,
			restricted: state.status != SubjectStatus::Active || in_question,
			nonce: subject.nonce,
			since,
			key: state.key,
			proven: state.proven,
			status: state.status,
		})
	}

	/// The answer about the subject whose present key this is.
	fn subject_by_key(&self, key: &AccountId) -> Option<SubjectView<AccountId>> {
		let subject = self.owner(key)?;
		self.subject_view(subject).filter(|view| view.key == *key)
	}

	/// The answer about the key that acts for a subject now, or acted at a moment; nothing before its enrolment.
	fn key_view(&self, id: SubjectId, at: Option<Moment>) -> Option<SubjectKeyView<AccountId>> {
		let at = at.unwrap_or_else(|| self.now());
		let span = self.subject(&id)?.state.find(at, |number| self.span(&id, number))?;
		let SubjectState { key, proven, status } = span.state;
		let doubtful = self.is_doubtful(&id, at);
		Some(SubjectKeyView { key, proven, status, since: span.since, at, doubtful })
	}

	/// The answer about the pending re-binding of a subject.
	fn rebind_view(&self, id: &SubjectId) -> Option<RebindView<AccountId>> {
		let rebind = self.rebind(id)?;
		Some(RebindView {
			phase: rebind.phase(self.now()),
			new_key: rebind.new_key,
			evidence: rebind.evidence,
			lost_since: rebind.lost_since,
			started_by: rebind.started_by,
			started_at: rebind.started_at,
			contestable_until: rebind.confirmed.as_ref().map(|confirmation| confirmation.until),
			confirmed_by: rebind.confirmed.map(|confirmation| confirmation.by),
			contested_at: rebind.contested_at,
		})
	}
}
