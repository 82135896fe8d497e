// SPDX-License-Identifier: Apache-2.0
//! Steps in the life of subjects and records: each takes place once, however often it is asked for. What the chain shows is
//! believed, not what the answer to a submission was.

use crate::{
	acts::Act,
	chain::{At, Call, ChainError, Ledger, RecordDuty, Signed, SubjectDuty},
	Error,
};
use epidaurus_primitives::{
	hash::Commitment,
	ids::{MemberKey, OrgId, RecordId, SubjectId},
	life::{Answer, DisputeOutcome, RequestState, Statement},
	moment::Moment,
	subjects::{RebindPhase, SubjectStatus},
	views::{DisputeView, LifeView, RebindView, RequestView, SubjectView},
};
use subxt::utils::AccountId32;

/// What the chain shows of that which a step is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
	/// The account that would sign.
	pub me: AccountId32,
	/// The organisation that it acts for.
	pub organisation: Option<OrgId>,
	/// What happened to the record.
	pub life: Option<LifeView>,
	/// The subject.
	pub subject: Option<SubjectView<AccountId32>>,
	/// Its pending re-binding.
	pub rebind: Option<RebindView<AccountId32>>,
	/// Whether the new key of a rotation acts for a subject for which this account acted just before.
	pub rotated: bool,
}

/// Takes a step, unless it was taken already. Says whether anything was submitted.
pub async fn take(signed: &Signed<'_>, call: &Call) -> Result<bool, Error> {
	let look = || async { Seen::at(&signed.chain.finalised().await?, call, signed.account()).await };
	let before = look().await?;
	if is_taken(call, &before) {
		return Ok(false);
	}
	let Err(error) = signed.submit(std::slice::from_ref(call)).await else { return Ok(true) };
	// Somebody else may have taken it meanwhile, or only the answer was lost.
	match look().await {
		Ok(seen) if is_taken(call, &seen) || is_over(call, &before, &seen) => Ok(true),
		_ => Err(error.into()),
	}
}

impl Seen {
	/// Looks at the chain for a step that this account would take.
	pub async fn at(at: &At<'_>, call: &Call, me: AccountId32) -> Result<Self, ChainError> {
		let life = match record_of(call) {
			Some(record) => at.life(record).await?,
			None => None,
		};
		let subject = match call {
			Call::OfSubject(subject, _) => at.subject(*subject).await?,
			Call::Act(_) => at.subject_by_key(&me).await?,
			_ => None,
		};
		let rebind = match &subject {
			Some(view) => at.rebind(view.subject).await?,
			None => None,
		};
		let rotated = match call {
			Call::Act(Act::RotateKey { new_key }) => was_before(at, new_key, me).await?,
			_ => false,
		};
		let organisation = match call {
			Call::OfSubject(..) | Call::OfRecord(..) => at.member(&me).await?.map(|member| member.organisation),
			_ => None,
		};
		Ok(Self { me, organisation, life, subject, rebind, rotated })
	}
}

fn record_of(call: &Call) -> Option<RecordId> {
	match call {
		Call::OfRecord(record, _)
		| Call::Act(
			Act::Dispute { record, .. }
			| Act::WithdrawDispute { record }
			| Act::RequestAmendment { record, .. }
			| Act::Disagree { record, .. },
		) => Some(*record),
		_ => None,
	}
}

/// Whether the subject that has the new key had the old one just before.
async fn was_before(at: &At<'_>, new_key: &AccountId32, old: AccountId32) -> Result<bool, ChainError> {
	let Some(SubjectView { subject, since, .. }) = at.subject_by_key(new_key).await? else { return Ok(false) };
	let before = Moment(since.0.saturating_sub(1));
	Ok(at.subject_key(subject, Some(before)).await?.is_some_and(|view| view.key == old))
}

/// Whether the chain shows that the step was taken.
pub fn is_taken(call: &Call, seen: &Seen) -> bool {
	match call {
		Call::Act(act) => is_act_done(act, seen),
		Call::OfSubject(subject, duty) => is_settled(*subject, duty, seen),
		Call::OfRecord(_, duty) => seen.life.as_ref().is_some_and(|life| is_answered(duty, life, seen)),
		_ => false,
	}
}

/// Whether the step was taken in the meantime, and what it began has ended already.
fn is_over(call: &Call, before: &Seen, now: &Seen) -> bool {
	let Call::Act(Act::Dispute { statement, .. }) = call else { return false };
	let count = |seen: &Seen| {
		let disputes = seen.life.iter().flat_map(|life| &life.disputes);
		disputes.filter(|view| view.dispute.statement == *statement).count()
	};
	count(now) > count(before)
}

fn is_act_done(act: &Act, seen: &Seen) -> bool {
	let mut disputes = seen.life.iter().flat_map(|life| &life.disputes);
	let mut requests = seen.life.iter().flat_map(|life| &life.requests);
	match act {
		// One that has ended is no longer in dispute: the same text opens another.
		Act::Dispute { statement, .. } => {
			disputes.any(|DisputeView { dispute, .. }| dispute.statement == *statement && dispute.end.is_none())
		},
		Act::WithdrawDispute { .. } => {
			let last = disputes.next_back().filter(|view| !view.end_doubtful);
			last.and_then(|view| view.dispute.end).is_some_and(|end| end.outcome == DisputeOutcome::Withdrawn)
		},
		Act::RequestAmendment { statement, .. } => {
			requests.any(|RequestView { request, .. }| request.statement == *statement)
		},
		Act::Disagree { request, statement, .. } => {
			requests.any(|view| view.number == *request && says(view.request.disagreement, statement))
		},
		Act::RotateKey { new_key } => {
			seen.rotated || seen.subject.as_ref().is_some_and(|subject| subject.key == *new_key)
		},
		Act::ContestRebind => seen.rebind.as_ref().is_some_and(|rebind| rebind.phase == RebindPhase::Contested),
		Act::ProveKey => seen.subject.as_ref().is_some_and(|subject| subject.proven),
	}
}

fn says(stated: Option<Statement>, text: &Commitment) -> bool {
	stated.is_some_and(|stated| stated.text == *text)
}

fn is_settled(subject: SubjectId, duty: &SubjectDuty, seen: &Seen) -> bool {
	let Some(view) = seen.subject.as_ref().filter(|view| view.subject == subject) else { return false };
	let pending = seen.rebind.as_ref();
	match duty {
		SubjectDuty::Enrol { key } => view.key == *key && Some(view.custodian) == seen.organisation,
		SubjectDuty::StartRebind { new_key, evidence, lost_since } => pending.is_some_and(|rebind| {
			let same = (rebind.new_key, rebind.evidence, rebind.started_by) == (*new_key, *evidence, seen.me);
			same && rebind.lost_since <= *lost_since && rebind.phase != RebindPhase::Lapsed
		}),
		SubjectDuty::ConfirmRebind { new_key } => {
			pending.is_some_and(|rebind| rebind.new_key == *new_key && rebind.confirmed_by == Some(seen.me))
		},
		SubjectDuty::CompleteRebind { new_key } => pending.is_none() && view.key == *new_key,
		SubjectDuty::WithdrawRebind => pending.is_none(),
		SubjectDuty::DeclareDeceased => view.status == SubjectStatus::Deceased,
		SubjectDuty::Merge { link } => view.status == SubjectStatus::Merged { link: *link },
		SubjectDuty::Reinstate => view.status == SubjectStatus::Active,
	}
}

fn is_answered(duty: &RecordDuty, life: &LifeView, seen: &Seen) -> bool {
	let request = |number: &u32| life.requests.iter().find(|view| view.number == *number);
	match duty {
		RecordDuty::ResolveDispute { resolution, explanation } => {
			let outcome = DisputeOutcome::Resolved { resolution: *resolution, explanation: *explanation };
			let end = life.disputes.last().and_then(|view| view.dispute.end);
			end.is_some_and(|end| end.outcome == outcome)
		},
		RecordDuty::AcceptAmendment { request: number } => {
			request(number).is_some_and(|view| view.state == RequestState::Accepted)
		},
		RecordDuty::DenyAmendment { request: number, reason, explanation } => {
			let answer = Answer::Denied { reason: *reason, explanation: *explanation };
			request(number).and_then(|view| view.request.answered).is_some_and(|answered| answered.answer == answer)
		},
		RecordDuty::Rebut { request: number, statement } => {
			request(number).is_some_and(|view| says(view.request.rebuttal, statement))
		},
		RecordDuty::PlaceHold => life.holds.iter().any(|hold| Some(hold.by) == seen.organisation),
		// An organisation also lifts the holds of those for which it answers: only none at all is surely lifted.
		RecordDuty::LiftHold => life.holds.is_empty(),
		RecordDuty::StateRetention { until } => life.retained_until.is_some_and(|stated| until.end_of_day() <= stated),
		RecordDuty::AttestErasure { ground } => {
			let mine = life.attestation.filter(|first| first.by == MemberKey(seen.me.0) && first.ground == *ground);
			life.erasure.is_some() || mine.is_some()
		},
	}
}

#[cfg(test)]
mod tests;
