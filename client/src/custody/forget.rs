// SPDX-License-Identifier: Apache-2.0
//! Forgetting, after the chain was asked: what is held, disputed, asked to be amended or retained is kept.

use crate::{
	chain::Chain,
	store::{Doomed, Forgotten, Identity, Store},
	Error,
};
use epidaurus_primitives::{ids::RecordId, moment::Moment, views::LifeView};
use std::collections::BTreeMap;

/// Why a record must stay such that it can be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Kept {
	/// An authority holds it.
	#[error("record {0} is held by an authority, which must lift the hold first: nothing was destroyed or attested")]
	Held(RecordId),
	/// Its subject disputes it.
	#[error("record {0} is disputed, and the dispute is not resolved yet: nothing was destroyed or attested")]
	Disputed(RecordId),
	/// Its subject asked to have it amended.
	#[error(
		"record {0} is asked to be amended, and the request is not answered yet: nothing was destroyed or attested"
	)]
	Asked(RecordId),
	/// Its custodian said for how long it keeps it.
	#[error("record {record} is to be kept until {until}: nothing was destroyed or attested")]
	Retained {
		/// The record.
		record: RecordId,
		/// Until when.
		until: Moment,
	},
	/// The store saw it on chain, and the node does not know it.
	#[error("record {0} was seen on chain, and this node does not know it: it is behind, or of another chain; nothing was destroyed")]
	Unknown(RecordId),
}

impl Kept {
	/// The stable name of the reason.
	pub fn name(&self) -> &'static str {
		match self {
			Self::Held(_) => "record-held",
			Self::Disputed(_) => "record-disputed",
			Self::Asked(_) => "record-asked",
			Self::Retained { .. } => "record-retained",
			Self::Unknown(_) => "record-unknown",
		}
	}

	/// Why the chain would refuse at that moment that this record is erased; nothing if it would not, or has erased it.
	pub fn by(record: RecordId, life: &LifeView, now: Moment) -> Option<Self> {
		if life.erasure.is_some() {
			return None;
		}
		if !life.holds.is_empty() {
			return Some(Self::Held(record));
		}
		if life.disputed {
			return Some(Self::Disputed(record));
		}
		if life.requests.iter().any(|view| view.request.answered.is_none()) {
			return Some(Self::Asked(record));
		}
		life.retained_until.filter(|until| now < *until).map(|until| Self::Retained { record, until })
	}
}

/// Destroys the keys of a subject or of a record. With a chain, it is asked first about each anchored record that could not be
/// opened afterwards, and decides; without one, what must be kept is destroyed like all else. Nobody is asked if nothing is
/// anchored, since the chain knows no single entries of logs.
pub async fn forget(store: &Store, chain: Option<&Chain>, doomed: &Doomed) -> Result<Forgotten, Error> {
	if let Some(chain) = chain {
		store.expect(Identity { network: chain.network(), ..store.identity() })?;
		ensure_not_kept(chain, &doomed.records).await?;
	}
	Ok(store.destroy(doomed)?)
}

/// Refuses if one of these records must be kept, at the newest finalised block or the newest one: who destroys what cannot be
/// brought back waits for neither. A record that was seen on chain must be known.
pub async fn ensure_not_kept(chain: &Chain, records: &BTreeMap<RecordId, bool>) -> Result<(), Error> {
	for at in [chain.finalised().await?, chain.newest().await?] {
		let now = at.now().await?;
		for (record, seen) in records {
			let kept = match at.life(*record).await? {
				Some(life) => Kept::by(*record, &life, now),
				None => seen.then_some(Kept::Unknown(*record)),
			};
			if let Some(kept) = kept {
				return Err(kept.into());
			}
		}
	}
	Ok(())
}

#[cfg(test)]
mod tests {
	use super::*;
	use epidaurus_primitives::{
		hash::Commitment,
		ids::{MemberKey, OrgId, SubjectId},
		life::{ErasureGround, RecordLife, Resolution},
	};

	const RECORD: RecordId = RecordId([3; 16]);
	const AT: Moment = Moment(1000);

	fn kept(life: &RecordLife, now: Moment) -> Option<Kept> {
		Kept::by(RECORD, &life.view(true, now, |_| false), now)
	}

	#[test]
	fn what_the_chain_would_not_erase_is_kept() {
		let (text, day) = (Commitment([4; 32]), 86_400_000);
		assert_eq!(kept(&RecordLife::default(), AT), None);
		let held = RecordLife::default().hold(OrgId(1), AT).unwrap();
		assert_eq!(kept(&held, AT), Some(Kept::Held(RECORD)));
		assert_eq!(kept(&held.lift_hold(AT, |_| true).unwrap().0, AT), None);
		let disputed = RecordLife::default().dispute(SubjectId([2; 32]), text, AT).unwrap();
		assert_eq!(kept(&disputed, AT), Some(Kept::Disputed(RECORD)));
		assert_eq!(kept(&disputed.resolve_dispute(Resolution::Rejected, text, AT).unwrap(), AT), None);
		let asked = RecordLife::default().request(SubjectId([2; 32]), text, 1, AT).unwrap();
		assert_eq!(kept(&asked, AT), Some(Kept::Asked(RECORD)));
		let until = Moment(2 * day);
		let retained = RecordLife::default().retain(until).unwrap();
		assert_eq!(kept(&retained, Moment(until.0 - 1)), Some(Kept::Retained { record: RECORD, until }));
		assert_eq!(kept(&retained, until), None);
	}

	/// The same rule as the chain's, at every moment and with everything that can stand against it.
	#[test]
	fn what_is_kept_is_what_the_chain_refuses() {
		let (text, ground) = (Commitment([4; 32]), ErasureGround::Objection);
		let attest = |life: RecordLife, by, at| life.attest(OrgId(1), MemberKey([by; 32]), ground, at);
		let mut lives = vec![RecordLife::default()];
		lives.extend(lives.clone().into_iter().map(|life| life.hold(OrgId(2), AT).unwrap()));
		lives.extend(lives.clone().into_iter().map(|life| life.dispute(SubjectId([2; 32]), text, AT).unwrap()));
		lives.extend(lives.clone().into_iter().map(|life| life.request(SubjectId([2; 32]), text, 1, AT).unwrap()));
		lives.extend(lives.clone().into_iter().map(|life| life.retain(Moment(5000)).unwrap()));
		assert_eq!(lives.len(), 16);
		for life in lives {
			for now in [Moment(2000), Moment(86_400_000)] {
				assert_eq!(kept(&life, now).is_some(), attest(life.clone(), 1, now).is_err(), "{life:?}");
			}
		}
		// What is erased is erased, also if it is disputed afterwards.
		let erased = attest(attest(RecordLife::default(), 1, AT).unwrap(), 2, AT).unwrap();
		assert_eq!(kept(&erased.dispute(SubjectId([2; 32]), text, AT).unwrap(), AT), None);
	}
}
