// SPDX-License-Identifier: Apache-2.0
//! What is answered about a life.

use super::{AmendmentRequest, Dispute, Erasure, RecordLife};
use crate::{
	moment::Moment,
	views::{DisputeView, ErasureView, LifeView, RequestView},
};

impl RecordLife {
	/// The answer about the life of a record; `doubtful` says whether an act of its subject at a moment may have been
	/// somebody else's.
	pub fn view(&self, linked: bool, now: Moment, doubtful: impl Fn(Moment) -> bool) -> LifeView {
		let dispute = |dispute: &Dispute| DisputeView {
			dispute: *dispute,
			doubtful: doubtful(dispute.opened_at),
			end_doubtful: dispute.withdrawn_at().is_some_and(&doubtful),
		};
		let request = |(place, request): (u32, &AmendmentRequest)| RequestView {
			number: self.folded.requests.saturating_add(place),
			request: *request,
			state: request.state(),
			due: request.due(),
			overdue: request.is_overdue(now),
			doubtful: doubtful(request.asked_at),
			disagreement_doubtful: request.disagreement.is_some_and(|statement| doubtful(statement.at)),
		};
		LifeView {
			linked,
			disputed: self.disputes.last().is_some_and(|last| last.stands(&doubtful)),
			overdue: self.folded.overdue > 0 || self.requests.iter().any(|request| request.is_overdue(now)),
			disputes: self.disputes.iter().map(dispute).collect(),
			requests: (0..).zip(self.requests.iter()).map(request).collect(),
			holds: self.holds.to_vec(),
			ended_holds: self.ended_holds.to_vec(),
			retained_until: self.retained_until,
			attestation: self.attestation.filter(|first| first.is_valid(now)),
			erasure: self.erasure.map(ErasureView::from),
			folded: self.folded,
		}
	}
}

impl From<Erasure> for ErasureView {
	fn from(erasure: Erasure) -> Self {
		let Erasure { ground, custodian, first, second, at } = erasure;
		Self { ground, custodian, attested_by: [first.by, second], at, openings_may_remain: true }
	}
}
