// SPDX-License-Identifier: Apache-2.0
//! To whom duties pass, who may say so, and who answers for whom.

use super::*;
use crate::{
	types::{Acceptance, Succession},
	HoldReason, Lines, Successions,
};
use codec::{Encode, MaxEncodedLen};
use epidaurus_primitives::{
	hash::Commitment,
	registry::{Successor, MAX_HANDOVERS},
	views::{HandoverView, OfferView, SuccessionView},
};
use sp_runtime::DispatchResult;

const STATEMENT: Commitment = Commitment([0x5a; 32]);

fn offer(who: AccountId, predecessor: OrgId, successor: OrgId) -> DispatchResult {
	Registry::offer_succession(signed(who), predecessor, successor)
}

fn accept(who: AccountId, predecessor: OrgId) -> DispatchResult {
	Registry::accept_succession(signed(who), predecessor, STATEMENT)
}

/// The hospital offers its duties to the pharmacy.
fn offered(test: impl FnOnce()) {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(offer(HOSPITAL_HEAD, HOSPITAL, PHARMACY));
		set_time(START + 10);
		test();
	});
}

/// The pharmacy answers for the hospital.
fn succeeded(test: impl FnOnce()) {
	offered(|| {
		assert_ok!(accept(PHARMACY_HEAD, HOSPITAL));
		test();
	});
}

fn answers(organisation: OrgId, custodian: OrgId) -> bool {
	Registry::answers_for(organisation, custodian)
}

/// A new provider with this controller, with tokens for its deposits.
fn provider(controller: AccountId) -> OrgId {
	let organisation = crate::NextOrganisation::<Test>::get();
	assert_ok!(Registry::apply(signed(AUTHORITY_HEAD), controller, OrganisationClass::Provider, None, GREECE));
	assert_ok!(Registry::allot(council(), organisation, 5_000));
	assert_ok!(Registry::admit_organisation(council(), organisation));
	organisation
}

/// Everything about successions that is stored.
fn successions() -> Vec<Vec<u8>> {
	let stored = Successions::<Test>::iter().map(|entry| entry.encode());
	stored.chain(Lines::<Test>::iter().map(|entry| entry.encode())).collect()
}

#[test]
fn offer_succession_works() {
	offered(|| {
		let (predecessor, successor, by) = (HOSPITAL, PHARMACY, Some(HOSPITAL_HEAD));
		assert_eq!(last_event(), Event::SuccessionOffered { predecessor, successor, by });
		let view = Registry::succession(HOSPITAL).unwrap();
		let pending = Some(OfferView { successor: PHARMACY, offered_at: Moment(START) });
		assert_eq!(view, SuccessionView { organisation: HOSPITAL, released: false, line: vec![], offer: pending });
		assert!(!answers(PHARMACY, HOSPITAL), "an offer is not enough");
		assert_eq!(Registry::successor_of(HOSPITAL), None);
		assert_noop!(offer(HOSPITAL_HEAD, HOSPITAL, PHARMACY), Refusal::AlreadyExists);
	});
}

#[test]
fn offer_succession_by_anybody_but_its_controller_fails() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(offer(STRANGER, HOSPITAL, PHARMACY), Refusal::NotAMember);
		assert_noop!(offer(CLERK, HOSPITAL, PHARMACY), Refusal::RoleMissing);
		for head in [PHARMACY_HEAD, AUTHORITY_HEAD] {
			assert_noop!(offer(head, HOSPITAL, PHARMACY), Refusal::NotAuthorised);
		}
		assert_noop!(Registry::offer_succession(RuntimeOrigin::none(), HOSPITAL, PHARMACY), BadOrigin);
	});
}

#[test]
fn consortium_offers_for_an_organisation_that_is_not_active_and_for_no_other() {
	for status in [OrganisationStatus::Suspended, OrganisationStatus::Left, OrganisationStatus::Expelled] {
		ExtBuilder::default().build_and_execute(|| {
			let by_council = || Registry::offer_succession(council(), HOSPITAL, PHARMACY);
			assert_noop!(by_council(), Refusal::WrongState);
			assert_ok!(Registry::change_status(HOSPITAL, status));
			assert_ok!(by_council());
			assert_ok!(Registry::withdraw_succession(council(), HOSPITAL));
			// Its controller still may: handing over is a duty.
			assert_ok!(offer(HOSPITAL_HEAD, HOSPITAL, PHARMACY));
			assert_ok!(accept(PHARMACY_HEAD, HOSPITAL));
			assert!(answers(PHARMACY, HOSPITAL));
		});
	}
}

#[test]
fn offer_succession_to_one_that_cannot_succeed_fails() {
	ExtBuilder::default().build_and_execute(|| {
		let to = |successor| offer(HOSPITAL_HEAD, HOSPITAL, successor);
		assert_noop!(to(HOSPITAL), Refusal::SameOrganisation);
		assert_noop!(to(OrgId(99)), Refusal::NotFound);
		assert_noop!(to(AUTHORITY), Refusal::UnfitSuccessor);
		let applicant = apply();
		assert_noop!(to(applicant), Refusal::OrganisationInactive);
		assert_noop!(Registry::offer_succession(council(), applicant, PHARMACY), Refusal::WrongState);
		assert_noop!(Registry::offer_succession(council(), OrgId(99), PHARMACY), Refusal::NotFound);
		for status in [OrganisationStatus::Suspended, OrganisationStatus::Expelled] {
			assert_ok!(Registry::change_status(PHARMACY, status));
			assert_noop!(to(PHARMACY), Refusal::OrganisationInactive);
		}
		// Nor does a hospital take over from the authority that watches over it.
		assert_noop!(offer(AUTHORITY_HEAD, AUTHORITY, HOSPITAL), Refusal::UnfitSuccessor);
	});
}

#[test]
fn withdraw_succession_works_for_who_may_offer() {
	offered(|| {
		let withdraw = |origin| Registry::withdraw_succession(origin, HOSPITAL);
		assert_noop!(withdraw(signed(CLERK)), Refusal::RoleMissing);
		assert_noop!(withdraw(signed(PHARMACY_HEAD)), Refusal::NotAuthorised);
		assert_noop!(withdraw(council()), Refusal::WrongState);
		assert_ok!(withdraw(signed(HOSPITAL_HEAD)));
		let (predecessor, successor, by) = (HOSPITAL, PHARMACY, Some(HOSPITAL_HEAD));
		assert_eq!(last_event(), Event::SuccessionWithdrawn { predecessor, successor, by });
		assert_eq!(Successions::<Test>::get(HOSPITAL), None);
		assert_noop!(withdraw(signed(HOSPITAL_HEAD)), Refusal::NotFound);
		assert_noop!(accept(PHARMACY_HEAD, HOSPITAL), Refusal::NotFound);
	});
}

#[test]
fn decline_succession_works_for_the_one_it_was_offered_to() {
	offered(|| {
		let decline = |who| Registry::decline_succession(signed(who), HOSPITAL);
		assert_noop!(decline(PHARMACIST), Refusal::RoleMissing);
		for head in [HOSPITAL_HEAD, AUTHORITY_HEAD] {
			assert_noop!(decline(head), Refusal::NotAuthorised);
		}
		assert_noop!(Registry::decline_succession(council(), HOSPITAL), BadOrigin);
		assert_ok!(decline(PHARMACY_HEAD));
		let (predecessor, successor, by) = (HOSPITAL, PHARMACY, PHARMACY_HEAD);
		assert_eq!(last_event(), Event::SuccessionDeclined { predecessor, successor, by });
		assert_eq!(Successions::<Test>::get(HOSPITAL), None);
		assert_noop!(decline(PHARMACY_HEAD), Refusal::NotFound);
	});
}

#[test]
fn accept_succession_passes_duties_on_and_no_rights_or_deposits() {
	offered(|| {
		license_hospital(None);
		let held_before = [HOSPITAL, PHARMACY].map(|id| held(id, HoldReason::Organisation));
		assert_ok!(accept(PHARMACY_HEAD, HOSPITAL));
		let (predecessor, successor, handover) = (HOSPITAL, PHARMACY, STATEMENT);
		let by = PHARMACY_HEAD;
		assert_eq!(last_event(), Event::SuccessionAccepted { predecessor, successor, handover, by });
		assert!(answers(PHARMACY, HOSPITAL) && answers(HOSPITAL, HOSPITAL));
		assert!(!answers(HOSPITAL, PHARMACY) && !answers(AUTHORITY, HOSPITAL));
		let (offered_at, since) = (Moment(START), Moment(START + 10));
		let line = vec![HandoverView { predecessor, successor, offered_at, since, handover }];
		let view = SuccessionView { organisation: HOSPITAL, released: false, line, offer: None };
		assert_eq!(Registry::succession(HOSPITAL), Some(view));
		assert_eq!(Registry::successor_of(HOSPITAL), Some(Successor { organisation: PHARMACY, since, handover }));
		assert!(Registry::is_licensed(HOSPITAL, Capability::AnchorRecords, None, since));
		assert!(!Registry::is_licensed(PHARMACY, Capability::AnchorRecords, None, since));
		assert_eq!([HOSPITAL, PHARMACY].map(|id| held(id, HoldReason::Organisation)), held_before);
	});
}

#[test]
fn accept_succession_by_anybody_but_the_one_it_was_offered_to_fails() {
	offered(|| {
		assert_noop!(accept(STRANGER, HOSPITAL), Refusal::NotAMember);
		assert_noop!(accept(PHARMACIST, HOSPITAL), Refusal::RoleMissing);
		for head in [HOSPITAL_HEAD, AUTHORITY_HEAD] {
			assert_noop!(accept(head, HOSPITAL), Refusal::NotAuthorised);
		}
		assert_noop!(Registry::accept_succession(council(), HOSPITAL, STATEMENT), BadOrigin);
		assert_noop!(accept(PHARMACY_HEAD, AUTHORITY), Refusal::NotFound);
	});
}

#[test]
fn suspended_successor_cannot_accept_but_goes_on_answering() {
	offered(|| {
		assert_ok!(Registry::suspend_organisation(council(), PHARMACY));
		assert_noop!(accept(PHARMACY_HEAD, HOSPITAL), Refusal::OrganisationInactive);
		assert_ok!(Registry::reinstate_organisation(council(), PHARMACY));
		assert_ok!(accept(PHARMACY_HEAD, HOSPITAL));
		for status in [OrganisationStatus::Suspended, OrganisationStatus::Expelled] {
			assert_ok!(Registry::change_status(PHARMACY, status));
			assert!(answers(PHARMACY, HOSPITAL), "it is a duty");
		}
	});
}

#[test]
fn hand_over_is_for_good() {
	succeeded(|| {
		let before = successions();
		assert_noop!(accept(PHARMACY_HEAD, HOSPITAL), Refusal::HandedOver);
		assert_noop!(Registry::decline_succession(signed(PHARMACY_HEAD), HOSPITAL), Refusal::HandedOver);
		assert_noop!(Registry::withdraw_succession(signed(HOSPITAL_HEAD), HOSPITAL), Refusal::HandedOver);
		assert_noop!(offer(HOSPITAL_HEAD, HOSPITAL, PHARMACY), Refusal::HandedOver);
		assert_ok!(Registry::leave(signed(HOSPITAL_HEAD)));
		assert_noop!(Registry::withdraw_succession(council(), HOSPITAL), Refusal::HandedOver);
		assert_noop!(Registry::offer_succession(council(), HOSPITAL, PHARMACY), Refusal::HandedOver);
		assert_ok!(Registry::leave(signed(PHARMACY_HEAD)));
		assert!(answers(PHARMACY, HOSPITAL));
		assert_eq!(successions(), before);
	});
}

#[test]
fn organisation_that_handed_over_and_went_answers_no_more() {
	for (status, released) in
		[(OrganisationStatus::Suspended, false), (OrganisationStatus::Left, true), (OrganisationStatus::Expelled, true)]
	{
		offered(|| {
			assert_ok!(Registry::change_status(HOSPITAL, status));
			assert!(answers(HOSPITAL, HOSPITAL), "nobody else does its duties yet");
			assert_ok!(accept(PHARMACY_HEAD, HOSPITAL));
			assert_eq!(answers(HOSPITAL, HOSPITAL), !released);
			assert_eq!(Registry::succession(HOSPITAL).unwrap().released, released);
			assert!(Registry::has_answered_for(HOSPITAL, HOSPITAL), "what was done stays its own");
		});
	}
}

#[test]
fn duties_pass_on_along_the_line() {
	succeeded(|| {
		let third = provider(NEWCOMER);
		assert_ok!(offer(PHARMACY_HEAD, PHARMACY, third));
		assert!(!answers(third, HOSPITAL));
		set_time(START + 20);
		assert_ok!(accept(NEWCOMER, PHARMACY));
		assert!(answers(third, HOSPITAL) && answers(third, PHARMACY) && answers(PHARMACY, HOSPITAL));
		assert_ok!(Registry::leave(signed(PHARMACY_HEAD)));
		assert!(answers(third, HOSPITAL) && !answers(PHARMACY, HOSPITAL) && !answers(PHARMACY, PHARMACY));
		assert!(Registry::has_answered_for(PHARMACY, HOSPITAL));
		// Each moment has its answer.
		let successor_at = |at| Registry::organisation(HOSPITAL, Some(Moment(at))).unwrap().successor;
		assert_eq!(successor_at(START + 9), None);
		let since = Moment(START + 10);
		assert_eq!(successor_at(START + 19), Some(Successor { organisation: PHARMACY, since, handover: STATEMENT }));
		let (organisation, since) = (third, Moment(START + 20));
		assert_eq!(successor_at(START + 20), Some(Successor { organisation, since, handover: STATEMENT }));
		let line = Registry::succession(HOSPITAL).unwrap().line;
		assert_eq!(line.iter().map(|step| step.predecessor).collect::<Vec<_>>(), [HOSPITAL, PHARMACY]);
	});
}

#[test]
fn one_can_succeed_many() {
	succeeded(|| {
		let third = provider(NEWCOMER);
		assert_ok!(offer(NEWCOMER, third, PHARMACY));
		assert_ok!(accept(PHARMACY_HEAD, third));
		assert!(answers(PHARMACY, HOSPITAL) && answers(PHARMACY, third));
		assert!(!answers(HOSPITAL, third) && !answers(third, HOSPITAL));
		assert_eq!(Lines::<Test>::get(PHARMACY), 1);
	});
}

#[test]
fn line_of_successors_never_leads_back() {
	offered(|| {
		// Each offers to the other; one of them comes first.
		assert_ok!(offer(PHARMACY_HEAD, PHARMACY, HOSPITAL));
		assert_ok!(accept(PHARMACY_HEAD, HOSPITAL));
		assert_noop!(accept(HOSPITAL_HEAD, PHARMACY), Refusal::HandedOver);
		assert_ok!(Registry::withdraw_succession(signed(PHARMACY_HEAD), PHARMACY));
		assert_noop!(offer(PHARMACY_HEAD, PHARMACY, HOSPITAL), Refusal::HandedOver);
		// Nor does anybody else hand over to one that has handed over.
		let third = provider(NEWCOMER);
		assert_noop!(offer(NEWCOMER, third, HOSPITAL), Refusal::HandedOver);
		assert_ok!(offer(PHARMACY_HEAD, PHARMACY, third));
		assert_ok!(accept(NEWCOMER, PHARMACY));
		assert_noop!(offer(NEWCOMER, third, HOSPITAL), Refusal::HandedOver);
	});
}

#[test]
fn line_of_successors_has_a_longest() {
	ExtBuilder::default().build_and_execute(|| {
		let (mut last, mut head) = (HOSPITAL, HOSPITAL_HEAD);
		let mut line = vec![HOSPITAL];
		for number in 0..MAX_HANDOVERS {
			let next_head = account(100 + u8::try_from(number).unwrap());
			let next = provider(next_head.clone());
			assert_ok!(offer(head.clone(), last, next));
			assert_ok!(accept(next_head.clone(), last));
			// Seats are few.
			assert_ok!(Registry::leave(signed(head)));
			(last, head) = (next, next_head);
			line.push(last);
		}
		for custodian in &line {
			assert!(answers(last, *custodian), "{custodian:?}");
			assert_eq!(Registry::successor_of(*custodian).map_or(last, |found| found.organisation), last);
		}
		assert_eq!(Lines::<Test>::get(last), MAX_HANDOVERS);
		assert_noop!(offer(head, last, PHARMACY), Refusal::TooManyHandovers);
		// Who stands at the end of a shorter line can.
		assert_ok!(Registry::leave(signed(PHARMACY_HEAD)));
		let fresh = provider(NEWCOMER);
		assert_ok!(offer(PHARMACY_HEAD, PHARMACY, fresh));
	});
}

#[test]
fn unknown_organisation_has_no_succession() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(Registry::succession(OrgId(99)), None);
		assert!(!answers(HOSPITAL, OrgId(99)));
		let nothing = SuccessionView { organisation: HOSPITAL, released: false, line: vec![], offer: None };
		assert_eq!(Registry::succession(HOSPITAL), Some(nothing));
	});
}

#[test]
fn wrong_successions_are_found() {
	let accepted = Some(Acceptance { at: Moment(START), handover: STATEMENT });
	let to = |successor| Succession { successor, offered_at: Moment(START), accepted };
	type Change = fn(&dyn Fn(OrgId) -> Succession);
	let wrong: [Change; 6] = [
		|to| Successions::<Test>::insert(HOSPITAL, to(HOSPITAL)),
		|to| {
			Successions::<Test>::insert(HOSPITAL, to(PHARMACY));
			Successions::<Test>::insert(PHARMACY, to(HOSPITAL));
		},
		|to| Successions::<Test>::insert(HOSPITAL, to(OrgId(99))),
		|to| Successions::<Test>::insert(HOSPITAL, to(PHARMACY)),
		|_| Lines::<Test>::insert(PHARMACY, 1),
		|to| {
			let accepted = Some(Acceptance { at: Moment(START - 1), handover: STATEMENT });
			Successions::<Test>::insert(HOSPITAL, Succession { accepted, ..to(PHARMACY) });
			Lines::<Test>::insert(PHARMACY, 1);
		},
	];
	for change in wrong {
		ExtBuilder::default().build().execute_with(|| {
			assert_ok!(Registry::do_try_state());
			change(&to);
			assert!(Registry::do_try_state().is_err());
		});
	}
}

#[test]
fn stored_form_of_a_succession_is_frozen() {
	let offered = Succession { successor: OrgId(0xa1), offered_at: Moment(0x0102), accepted: None };
	assert_eq!(offered.encode(), [&[0xa1, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0][..], &[0]].concat());
	let accepted = Some(Acceptance { at: Moment(3), handover: STATEMENT });
	let encoded = [&[0xa1, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 1, 3, 0, 0, 0, 0, 0, 0, 0][..], &[0x5a; 32]].concat();
	assert_eq!(Succession { accepted, ..offered }.encode(), encoded);
	assert_eq!(Succession::max_encoded_len(), 53);
}
