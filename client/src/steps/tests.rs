// SPDX-License-Identifier: Apache-2.0

use super::*;
use epidaurus_primitives::{
	life::{DenialReason, ErasureGround, RecordLife, Resolution},
	link::LinkKey,
};

const SUBJECT: SubjectId = SubjectId([2; 32]);
const RECORD: RecordId = RecordId([3; 16]);
const ME: AccountId32 = AccountId32([7; 32]);
const KEY: AccountId32 = AccountId32([8; 32]);
const OTHER: AccountId32 = AccountId32([9; 32]);
const TEXT: Commitment = Commitment([4; 32]);
const ELSE: Commitment = Commitment([5; 32]);
const AT: Moment = Moment(1000);

fn nothing() -> Seen {
	Seen { me: ME, organisation: Some(OrgId(1)), life: None, subject: None, rebind: None, rotated: false }
}

fn with_life(life: RecordLife) -> Seen {
	Seen { life: Some(life.view(true, Moment(2000), |_| false)), ..nothing() }
}

fn with_subject(status: SubjectStatus, rebind: Option<RebindView<AccountId32>>) -> Seen {
	let subject = SubjectView {
		subject: SUBJECT,
		custodian: OrgId(1),
		enrolled_at: AT,
		key: KEY,
		proven: false,
		status,
		since: AT,
		restricted: false,
		nonce: 0,
	};
	Seen { subject: Some(subject), rebind, ..nothing() }
}

fn rebind(phase: RebindPhase) -> RebindView<AccountId32> {
	RebindView {
		phase,
		new_key: OTHER,
		evidence: TEXT,
		lost_since: AT,
		started_by: ME,
		started_at: AT,
		confirmed_by: None,
		contestable_until: None,
		contested_at: None,
	}
}

fn act(act: Act) -> Call {
	Call::Act(act)
}

fn record(duty: RecordDuty) -> Call {
	Call::OfRecord(RECORD, duty)
}

fn subject(duty: SubjectDuty) -> Call {
	Call::OfSubject(SUBJECT, duty)
}

fn dispute(statement: Commitment) -> Call {
	act(Act::Dispute { record: RECORD, link_key: LinkKey([6; 32]), statement })
}

#[test]
fn a_dispute_is_opened_and_taken_back_once_and_can_be_opened_again_when_it_has_ended() {
	let withdraw = act(Act::WithdrawDispute { record: RECORD });
	let open = RecordLife::default().dispute(SUBJECT, TEXT, AT).unwrap();
	let seen = with_life(open.clone());
	assert!(!is_taken(&dispute(TEXT), &nothing()) && !is_taken(&dispute(TEXT), &with_life(RecordLife::default())));
	assert!(is_taken(&dispute(TEXT), &seen) && !is_taken(&dispute(ELSE), &seen) && !is_taken(&withdraw, &seen));
	let withdrawn = open.clone().withdraw_dispute(SUBJECT, AT).unwrap();
	assert!(
		is_taken(&withdraw, &with_life(withdrawn.clone())) && !is_taken(&dispute(TEXT), &with_life(withdrawn.clone()))
	);
	let again = with_life(withdrawn.clone().dispute(SUBJECT, TEXT, AT).unwrap());
	assert!(is_taken(&dispute(TEXT), &again) && !is_taken(&dispute(ELSE), &again) && !is_taken(&withdraw, &again));
	// Where the answer was lost and the dispute has ended before anybody looked, it was opened all the same.
	let over = |before: &RecordLife, now: &RecordLife| {
		is_over(&dispute(TEXT), &with_life(before.clone()), &with_life(now.clone()))
	};
	assert!(over(&RecordLife::default(), &withdrawn) && !over(&withdrawn, &withdrawn) && !over(&open, &withdrawn));

	// A withdrawal that is in doubt is no withdrawal.
	let withdrawn = open.clone().withdraw_dispute(SUBJECT, AT).unwrap();
	let doubtful = Seen { life: Some(withdrawn.view(true, AT, |_| true)), ..nothing() };
	assert!(!is_taken(&withdraw, &doubtful));

	let resolve = |resolution, explanation| record(RecordDuty::ResolveDispute { resolution, explanation });
	assert!(!is_taken(&resolve(Resolution::Upheld, TEXT), &seen));
	let resolved = with_life(open.clone().resolve_dispute(Resolution::Upheld, TEXT, AT).unwrap());
	assert!(is_taken(&resolve(Resolution::Upheld, TEXT), &resolved) && !is_taken(&withdraw, &resolved));
	assert!(!is_taken(&dispute(TEXT), &resolved));
	assert!(!is_taken(&resolve(Resolution::Rejected, TEXT), &resolved));
	assert!(!is_taken(&resolve(Resolution::Upheld, ELSE), &resolved));
}

#[test]
fn each_step_of_a_request_is_seen() {
	let ask = act(Act::RequestAmendment { record: RECORD, link_key: LinkKey([6; 32]), statement: TEXT });
	let reason = DenialReason::AccurateAndComplete;
	let deny = |reason| record(RecordDuty::DenyAmendment { request: 0, reason, explanation: ELSE });
	let disagree = act(Act::Disagree { record: RECORD, request: 0, statement: ELSE });
	let rebut = record(RecordDuty::Rebut { request: 0, statement: TEXT });
	let accept = record(RecordDuty::AcceptAmendment { request: 0 });

	let asked = RecordLife::default().request(SUBJECT, TEXT, 1, AT).unwrap();
	let denied = asked.clone().change_request(0, |one| one.denied(reason, ELSE, AT)).unwrap();
	let disagreed = denied.clone().disagree(SUBJECT, 0, ELSE, AT).unwrap();
	let rebutted = disagreed.clone().change_request(0, |one| one.rebutted(TEXT, AT)).unwrap();
	let accepted = asked.clone().change_request(0, |one| one.accepted(2, false, AT)).unwrap();
	let calls = [&ask, &deny(reason), &disagree, &rebut, &accept];
	for (life, expected) in [
		(RecordLife::default(), [false; 5]),
		(asked, [true, false, false, false, false]),
		(denied.clone(), [true, true, false, false, false]),
		(disagreed, [true, true, true, false, false]),
		(rebutted, [true, true, true, true, false]),
		(accepted, [true, false, false, false, true]),
	] {
		assert_eq!(calls.map(|call| is_taken(call, &with_life(life.clone()))), expected);
	}
	assert!(!is_taken(&deny(DenialReason::NotCreatedHere), &with_life(denied)));
}

#[test]
fn holds_retention_and_attestations_are_seen() {
	let held = |by| with_life(RecordLife::default().hold(OrgId(by), AT).unwrap());
	let (place, lift) = (record(RecordDuty::PlaceHold), record(RecordDuty::LiftHold));
	assert!(is_taken(&place, &held(1)) && !is_taken(&place, &held(2)) && !is_taken(&lift, &held(1)));
	assert!(is_taken(&lift, &with_life(RecordLife::default())) && !is_taken(&lift, &nothing()));

	let day = 86_400_000;
	let kept = with_life(RecordLife::default().retain(Moment(day + 1)).unwrap());
	let retain = |until| record(RecordDuty::StateRetention { until: Moment(until) });
	assert!(is_taken(&retain(day + 5), &kept) && is_taken(&retain(1), &kept) && !is_taken(&retain(2 * day + 1), &kept));

	let ground = ErasureGround::Objection;
	let erase = |ground| record(RecordDuty::AttestErasure { ground });
	let attested = |by: AccountId32| RecordLife::default().attest(OrgId(1), MemberKey(by.0), ground, AT).unwrap();
	assert!(is_taken(&erase(ground), &with_life(attested(ME))));
	assert!(!is_taken(&erase(ground), &with_life(attested(OTHER))));
	assert!(!is_taken(&erase(ErasureGround::LegalObligation), &with_life(attested(ME))));
	let erased = attested(OTHER).attest(OrgId(1), MemberKey(ME.0), ground, AT).unwrap();
	assert!(is_taken(&erase(ground), &with_life(erased)));
}

#[test]
fn what_was_done_about_a_subject_is_seen() {
	let active = with_subject(SubjectStatus::Active, None);
	let enrol = |key| subject(SubjectDuty::Enrol { key });
	assert!(is_taken(&enrol(KEY), &active) && !is_taken(&enrol(OTHER), &active) && !is_taken(&enrol(KEY), &nothing()));
	assert!(!is_taken(&enrol(KEY), &Seen { organisation: Some(OrgId(2)), ..active.clone() }));
	assert!(!is_taken(&Call::OfSubject(SubjectId([1; 32]), SubjectDuty::Enrol { key: KEY }), &active));

	let deceased = with_subject(SubjectStatus::Deceased, None);
	let merged = with_subject(SubjectStatus::Merged { link: TEXT }, None);
	let steps = [SubjectDuty::DeclareDeceased, SubjectDuty::Merge { link: TEXT }, SubjectDuty::Reinstate].map(subject);
	let seen = |seen: &Seen| [0, 1, 2].map(|step: usize| is_taken(&steps[step], seen));
	assert_eq!(seen(&active), [false, false, true]);
	assert_eq!(seen(&deceased), [true, false, false]);
	assert_eq!(seen(&merged), [false, true, false]);
	assert!(!is_taken(&subject(SubjectDuty::Merge { link: ELSE }), &merged));
}

#[test]
fn each_step_of_a_rebinding_is_seen() {
	let start = |evidence| subject(SubjectDuty::StartRebind { new_key: OTHER, evidence, lost_since: AT });
	let confirm = subject(SubjectDuty::ConfirmRebind { new_key: OTHER });
	let complete = |new_key| subject(SubjectDuty::CompleteRebind { new_key });
	let withdraw = subject(SubjectDuty::WithdrawRebind);
	let pending = |view| with_subject(SubjectStatus::Active, Some(view));
	let started = pending(rebind(RebindPhase::Started));
	assert!(is_taken(&start(TEXT), &started) && !is_taken(&start(ELSE), &started) && !is_taken(&confirm, &started));
	assert!(!is_taken(&start(TEXT), &pending(rebind(RebindPhase::Lapsed))));
	assert!(!is_taken(&start(TEXT), &Seen { me: KEY, ..started.clone() }), "somebody else started it");
	let confirmed = RebindView { confirmed_by: Some(ME), ..rebind(RebindPhase::Contestable) };
	assert!(is_taken(&confirm, &pending(confirmed.clone())));
	assert!(!is_taken(&confirm, &Seen { me: OTHER, ..pending(confirmed.clone()) }));
	assert!(!is_taken(&complete(OTHER), &pending(confirmed.clone())) && !is_taken(&withdraw, &pending(confirmed)));
	let closed = with_subject(SubjectStatus::Active, None);
	assert!(is_taken(&complete(KEY), &closed) && !is_taken(&complete(OTHER), &closed) && is_taken(&withdraw, &closed));
}

#[test]
fn acts_with_a_key_are_seen() {
	let active = with_subject(SubjectStatus::Active, None);
	let rotate = |new_key| act(Act::RotateKey { new_key });
	assert!(is_taken(&rotate(KEY), &active) && !is_taken(&rotate(OTHER), &active));
	assert!(is_taken(&rotate(OTHER), &Seen { rotated: true, ..nothing() }));
	assert!(!is_taken(&act(Act::ProveKey), &active));
	let mut proven = active.clone();
	proven.subject.as_mut().unwrap().proven = true;
	assert!(is_taken(&act(Act::ProveKey), &proven));
	let contest = act(Act::ContestRebind);
	assert!(!is_taken(&contest, &active));
	assert!(!is_taken(&contest, &with_subject(SubjectStatus::Active, Some(rebind(RebindPhase::Contestable)))));
	assert!(is_taken(&contest, &with_subject(SubjectStatus::Active, Some(rebind(RebindPhase::Contested)))));
}
