// SPDX-License-Identifier: Apache-2.0
//! The later life of records. The steps are the pure ones of the primitives; here is who may take them.

use super::AUTHORITY;
use crate::{record::RecordHead, record::RecordState, Config, Error, Event, Lives, Pallet, Records};
use codec::{Decode, Encode};
use epidaurus_primitives::{
	hash::{Commitment, HostSha256},
	ids::{MemberKey, OrgId, RecordId, SubjectId},
	life::{Attestation, DenialReason, Dispute, ErasureGround, RecordLife, Refused, Resolution},
	link::LinkKey,
	moment::Moment,
	seams::{Registry, SubjectAct, Subjects},
	views::LifeView,
};
use frame_support::ensure;
use sp_runtime::{traits::TrailingZeroInput, DispatchError, DispatchResult};

impl<T> From<Refused> for Error<T> {
	fn from(refused: Refused) -> Self {
		match refused {
			Refused::NotFound => Self::NotFound,
			Refused::AlreadyExists => Self::AlreadyExists,
			Refused::WrongState => Self::WrongState,
			Refused::OtherSubject => Self::NotAuthorised,
			Refused::TooMany => Self::TooManyActs,
			Refused::NotAmended => Self::NotAmended,
			Refused::NotProlonged => Self::NotProlonged,
			Refused::Held => Self::Held,
			Refused::Disputed => Self::Disputed,
			Refused::Unanswered => Self::Unanswered,
			Refused::Retained => Self::Retained,
			Refused::Erased => Self::Erased,
		}
	}
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_dispute(
		by: T::AccountId,
		record: RecordId,
		link_key: LinkKey,
		statement: Commitment,
	) -> DispatchResult {
		let (subject, _) = Self::ensure_linked(&by, SubjectAct::Restrictive, record, &link_key)?;
		Self::change_life(record, |life| life.dispute(subject, statement, Self::now()))?;
		Self::deposit_event(Event::RecordDisputed { record, subject, by, statement });
		Ok(())
	}

	pub(crate) fn do_withdraw_dispute(by: T::AccountId, record: RecordId) -> DispatchResult {
		let subject = T::Subjects::ensure_subject(&by, SubjectAct::Other)?;
		Self::change_life(record, |life| Self::reconsidered(life).withdraw_dispute(subject, Self::now()))?;
		Self::deposit_event(Event::DisputeWithdrawn { record, subject, by });
		Ok(())
	}

	pub(crate) fn do_resolve_dispute(
		by: T::AccountId,
		record: RecordId,
		resolution: Resolution,
		explanation: Commitment,
	) -> DispatchResult {
		let RecordHead { custodian, .. } = Self::ensure_keeper(&by, record)?;
		let resolve = |life| Self::reconsidered(life).resolve_dispute(resolution, explanation, Self::now());
		Self::change_life(record, resolve)?;
		Self::deposit_event(Event::DisputeResolved { record, custodian, by, resolution, explanation });
		Ok(())
	}

	pub(crate) fn do_request_amendment(
		by: T::AccountId,
		record: RecordId,
		link_key: LinkKey,
		statement: Commitment,
	) -> DispatchResult {
		let (subject, head) = Self::ensure_linked(&by, SubjectAct::Other, record, &link_key)?;
		let life = Self::change_life(record, |life| life.request(subject, statement, head.version, Self::now()))?;
		let request = life.newest_request().unwrap_or_default();
		Self::deposit_event(Event::AmendmentRequested { record, subject, by, request, statement });
		Ok(())
	}

	pub(crate) fn do_accept_amendment(by: T::AccountId, record: RecordId, request: u32) -> DispatchResult {
		let now = Self::now();
		let RecordHead { custodian, version, state, .. } = Self::ensure_keeper(&by, record)?;
		let in_error = state == RecordState::EnteredInError;
		let accept = |life: RecordLife| life.change_request(request, |one| one.accepted(version, in_error, now));
		let overdue = Self::is_overdue(&Self::change_life(record, accept)?, request, now);
		Self::deposit_event(Event::AmendmentAccepted { record, custodian, by, request, version, overdue });
		Ok(())
	}

	pub(crate) fn do_deny_amendment(
		by: T::AccountId,
		record: RecordId,
		request: u32,
		reason: DenialReason,
		explanation: Commitment,
	) -> DispatchResult {
		let now = Self::now();
		let RecordHead { custodian, .. } = Self::ensure_keeper(&by, record)?;
		let deny = |life: RecordLife| life.change_request(request, |one| one.denied(reason, explanation, now));
		let overdue = Self::is_overdue(&Self::change_life(record, deny)?, request, now);
		Self::deposit_event(Event::AmendmentDenied { record, custodian, by, request, reason, explanation, overdue });
		Ok(())
	}

	fn is_overdue(life: &RecordLife, request: u32, now: Moment) -> bool {
		life.request_numbered(request).is_some_and(|request| request.is_overdue(now))
	}

	pub(crate) fn do_disagree(
		by: T::AccountId,
		record: RecordId,
		request: u32,
		statement: Commitment,
	) -> DispatchResult {
		let subject = T::Subjects::ensure_subject(&by, SubjectAct::Other)?;
		Self::change_life(record, |life| life.disagree(subject, request, statement, Self::now()))?;
		Self::deposit_event(Event::DisagreementStated { record, subject, by, request, statement });
		Ok(())
	}

	pub(crate) fn do_rebut(by: T::AccountId, record: RecordId, request: u32, statement: Commitment) -> DispatchResult {
		let RecordHead { custodian, .. } = Self::ensure_keeper(&by, record)?;
		let rebut = |life: RecordLife| life.change_request(request, |one| one.rebutted(statement, Self::now()));
		Self::change_life(record, rebut)?;
		Self::deposit_event(Event::DisagreementRebutted { record, custodian, by, request, statement });
		Ok(())
	}

	pub(crate) fn do_place_hold(by: T::AccountId, record: RecordId) -> DispatchResult {
		let now = Self::now();
		let authority = T::Registry::ensure_capability(&by, AUTHORITY, None, now)?;
		ensure!(Records::<T>::contains_key(record), Error::<T>::NotFound);
		Self::change_life(record, |life| life.hold(authority, now))?;
		Self::deposit_event(Event::HoldPlaced { record, authority, by });
		Ok(())
	}

	pub(crate) fn do_lift_hold(by: T::AccountId, record: RecordId) -> DispatchResult {
		let organisation = T::Registry::ensure_duty(&by, AUTHORITY.role())?;
		let life = Lives::<T>::get(record);
		let answers_for = |authority: OrgId| T::Registry::answers_for(organisation, authority);
		let (life, authority) = life.lift_hold(Self::now(), answers_for).map_err(Error::<T>::from)?;
		Self::put_life(record, &life);
		Self::deposit_event(Event::HoldLifted { record, authority, by });
		Ok(())
	}

	pub(crate) fn do_state_retention(by: T::AccountId, record: RecordId, until: Moment) -> DispatchResult {
		let RecordHead { custodian, .. } = Self::ensure_keeper(&by, record)?;
		// It is rounded outward.
		ensure!(until.end_of_day().is_on_calendar(), Error::<T>::BeyondCalendar);
		let life = Self::change_life(record, |life| life.retain(until))?;
		let until = life.retained_until.unwrap_or(until);
		Self::deposit_event(Event::RetentionStated { record, custodian, by, until });
		Ok(())
	}

	pub(crate) fn do_attest_erasure(by: T::AccountId, record: RecordId, ground: ErasureGround) -> DispatchResult {
		let keeper = Self::ensure_duty(&by)?;
		let RecordHead { custodian, .. } = Self::head_kept_by(keeper, record)?;
		let attest = |life| {
			let life = Self::without_stale_attestation(Self::reconsidered(life), keeper);
			life.attest(keeper, Self::key_of(&by), ground, Self::now())
		};
		let life = Self::change_life(record, attest)?;
		Self::deposit_event(match life.erasure {
			Some(_) => Event::RecordErased { record, custodian, by, ground },
			None => Event::ErasureAttested { record, custodian, by, ground },
		});
		Ok(())
	}

	/// The subject for which `who` acts, if the record concerns it.
	fn ensure_linked(
		who: &T::AccountId,
		act: SubjectAct,
		record: RecordId,
		key: &LinkKey,
	) -> Result<(SubjectId, RecordHead), DispatchError> {
		let subject = T::Subjects::ensure_subject(who, act)?;
		let head = Records::<T>::get(record).ok_or(Error::<T>::NotFound)?;
		let link = key.link::<HostSha256>(&Self::network_id(), &record, &subject);
		ensure!(head.link == Some(link), Error::<T>::InvalidLink);
		Ok((subject, head))
	}

	/// The head of a record that the organisation of `who` keeps.
	fn ensure_keeper(who: &T::AccountId, record: RecordId) -> Result<RecordHead, DispatchError> {
		Self::head_kept_by(Self::ensure_duty(who)?, record)
	}

	/// Takes a step in the life of a record.
	fn change_life(
		record: RecordId,
		step: impl FnOnce(RecordLife) -> Result<RecordLife, Refused>,
	) -> Result<RecordLife, DispatchError> {
		let life = step(Lives::<T>::get(record)).map_err(Error::<T>::from)?;
		Self::put_life(record, &life);
		Ok(life)
	}

	/// A dispute that was withdrawn by a key which is declared lost for then is open. What the answer rests on is read in
	/// any case, so that a call costs what was measured.
	fn reconsidered(life: RecordLife) -> RecordLife {
		let at = life.disputes.last().and_then(Dispute::withdrawn_at).unwrap_or_default();
		let doubtful = life.subject.is_some_and(|subject| T::Subjects::is_doubtful(&subject, at));
		life.reconsidered(|_| doubtful)
	}

	/// What the first member attested counts as long as it is a member that could still do so.
	fn without_stale_attestation(mut life: RecordLife, keeper: OrgId) -> RecordLife {
		let acts = |first: &Attestation| {
			let member = T::AccountId::decode(&mut TrailingZeroInput::new(&first.by.0));
			member.is_ok_and(|member| Self::ensure_duty(&member) == Ok(keeper))
		};
		life.attestation = life.attestation.filter(acts);
		life
	}

	fn put_life(record: RecordId, life: &RecordLife) {
		if life.is_uneventful() {
			Lives::<T>::remove(record);
		} else {
			Lives::<T>::insert(record, life);
		}
	}

	/// The key of a member's account, by which answers name it.
	pub(crate) fn key_of(who: &T::AccountId) -> MemberKey {
		who.using_encoded(|bytes| MemberKey::decode(&mut TrailingZeroInput::new(bytes)).unwrap_or_default())
	}

	/// What happened to a record after it was written.
	pub fn life_view(record: RecordId) -> Option<LifeView> {
		Records::<T>::get(record).map(|head| Self::life_of(record, &head))
	}

	pub(super) fn life_of(record: RecordId, head: &RecordHead) -> LifeView {
		let life = Lives::<T>::get(record);
		let doubtful = |at| life.subject.as_ref().is_some_and(|subject| T::Subjects::is_doubtful(subject, at));
		life.view(head.link.is_some(), Self::now(), doubtful)
	}
}
