// SPDX-License-Identifier: Apache-2.0

use super::*;
use epidaurus_primitives::{
	ids::NetworkId,
	life::{Dispute, DisputeOutcome, ErasureGround, Resolution, MAX_DISPUTES},
};
use frame_support::dispatch::{DispatchClass, GetDispatchInfo, Pays};

const GROUND: ErasureGround = ErasureGround::ConsentWithdrawn;

fn withdraw(by: AccountId32) -> DispatchResult {
	Ehr::withdraw_dispute(signed(by), RECORD)
}

fn resolve(by: AccountId32) -> DispatchResult {
	Ehr::resolve_dispute(signed(by), RECORD, Resolution::Rejected, text(9))
}

#[test]
fn dispute_by_the_subject_works() {
	with_patients_record(|| {
		assert_ok!(dispute(PATIENT, OF_PATIENT));
		let life = Lives::<Test>::get(RECORD);
		let opened_at = Moment(START.0 + 60_000);
		let opened = Dispute { statement: text(1), opened_at, withdrawn_in_doubt: None, end: None };
		assert_eq!(life.disputes.to_vec(), [opened]);
		assert_eq!(life.subject, Some(PATIENT_ID));
		let (record, subject, by, statement) = (RECORD, PATIENT_ID, PATIENT, text(1));
		System::assert_last_event(Event::RecordDisputed { record, subject, by, statement }.into());
	});
}

#[test]
fn dispute_by_another_subject_or_with_another_key_fails() {
	with_patients_record(|| {
		assert_noop!(dispute(NEIGHBOUR, OF_PATIENT), Error::<Test>::InvalidLink);
		assert_noop!(dispute(NEIGHBOUR, OF_NEIGHBOUR), Error::<Test>::InvalidLink);
		assert_noop!(dispute(PATIENT, OF_NEIGHBOUR), Error::<Test>::InvalidLink);
		// Neither salt nor link serve as the key.
		let salt = LinkKey(opening(OF_PATIENT, 1, RECURSIVE).salt.0 .0);
		let link = LinkKey(Records::<Test>::get(RECORD).unwrap().link.unwrap().0);
		for key in [salt, link] {
			assert_noop!(Ehr::dispute(signed(PATIENT), RECORD, key, text(1)), Error::<Test>::InvalidLink);
		}
	});
}

#[test]
fn dispute_opens_this_record_only() {
	with_patients_record(|| {
		// Another record of the same subject under another salt, and one of the same salt under another id.
		let other = RecordId([8; 16]);
		let mut opening = opening(OF_PATIENT, 1, RECURSIVE);
		opening.salt = Salt::new([1; 32]);
		let link = opening.subject_link::<NativeSha256>(&NETWORK, &other);
		assert_ok!(Ehr::anchor(signed(CLERK), other, commitment(&opening), RECURSIVE, link));
		let refused = Ehr::dispute(signed(PATIENT), other, key(OF_PATIENT), text(1));
		assert_noop!(refused, Error::<Test>::InvalidLink);
		let elsewhere = opening.subject_link::<NativeSha256>(&NetworkId([1; 32]), &RecordId([9; 16]));
		assert_ok!(Ehr::anchor(signed(CLERK), RecordId([9; 16]), commitment(&opening), RECURSIVE, elsewhere));
		let refused = Ehr::dispute(signed(PATIENT), RecordId([9; 16]), key(1), text(1));
		assert_noop!(refused, Error::<Test>::InvalidLink);
		assert_ok!(dispute(PATIENT, OF_PATIENT));
		assert_eq!(Lives::<Test>::iter().count(), 1);
	});
}

#[test]
fn dispute_of_a_record_without_link_or_of_none_fails() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(dispute(PATIENT, OF_PATIENT), Error::<Test>::NotFound);
		assert_ok!(anchor(CLERK, RECORD, OF_PATIENT));
		assert_noop!(dispute(PATIENT, OF_PATIENT), Error::<Test>::InvalidLink);
	});
}

#[test]
fn dispute_by_no_subject_fails() {
	with_patients_record(|| {
		for who in [CLERK, NURSE, STRANGER, HOSPITAL.sovereign_account()] {
			assert_noop!(dispute(who, OF_PATIENT), MockSubjects::NOT_A_SUBJECT);
		}
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_noop!(Ehr::dispute(origin, RECORD, key(OF_PATIENT), text(1)), DispatchError::BadOrigin);
		}
	});
}

#[test]
fn dispute_twice_fails_until_the_first_has_ended() {
	with_patients_record(|| {
		assert_ok!(dispute(PATIENT, OF_PATIENT));
		assert_noop!(dispute(PATIENT, OF_PATIENT), Error::<Test>::AlreadyExists);
		assert_ok!(withdraw(PATIENT));
		assert_ok!(dispute(PATIENT, OF_PATIENT));
		assert_ok!(resolve(CLERK));
	});
}

#[test]
fn dispute_after_as_many_as_are_kept_works() {
	with_patients_record(|| {
		// A thief opens and withdraws as many as it likes, and still the patient is not locked out.
		for number in 0..2 * MAX_DISPUTES {
			advance(1_000);
			assert_ok!(dispute(PATIENT, OF_PATIENT));
			assert_ok!(withdraw(PATIENT));
			check();
			assert_eq!(Lives::<Test>::get(RECORD).folded.disputes, (number + 1).saturating_sub(MAX_DISPUTES));
		}
		assert_ok!(dispute(PATIENT, OF_PATIENT));
		let life = Ehr::life_view(RECORD).unwrap();
		assert_eq!((life.disputed, life.folded.disputes), (true, MAX_DISPUTES + 1));
		assert_noop!(Ehr::attest_erasure(signed(CLERK), RECORD, GROUND), Error::<Test>::Disputed);
	});
}

#[test]
fn withdrawal_by_a_thief_shows_and_opens_no_way_to_erasure() {
	with_patients_record(|| {
		assert_ok!(dispute(PATIENT, OF_PATIENT));
		advance(1_000);
		assert_ok!(withdraw(PATIENT));
		let stolen = Moment(Timestamp::get());
		assert_ok!(Ehr::attest_erasure(signed(CLERK), RECORD, GROUND));
		advance(1_000);
		let doubts = || {
			let life = Ehr::verify_anchor(RECORD, &opening(OF_PATIENT, 1, RECURSIVE)).unwrap().life;
			(life.disputed, life.disputes[0].doubtful, life.disputes[0].end_doubtful)
		};
		assert_eq!(doubts(), (false, false, false));
		MockSubjects::doubt(PATIENT_ID, stolen);
		assert_eq!(doubts(), (true, false, true));
		for who in [CLERK, DEPUTY] {
			assert_noop!(Ehr::attest_erasure(signed(who), RECORD, GROUND), Error::<Test>::Disputed);
		}
		// The custodian answers it as if nobody had withdrawn it, and what one attested before counts no more.
		assert_ok!(resolve(CLERK));
		let ended = Lives::<Test>::get(RECORD).disputes[0];
		assert_eq!((ended.withdrawn_in_doubt, ended.end.unwrap().at), (Some(stolen), Moment(stolen.0 + 1_000)));
		assert_eq!(doubts(), (false, false, false));
		assert_noop!(resolve(CLERK), Error::<Test>::NotFound);
		assert_ok!(Ehr::attest_erasure(signed(DEPUTY), RECORD, GROUND));
		assert_eq!(Lives::<Test>::get(RECORD).erasure, None);
	});
}

#[test]
fn dispute_after_a_withdrawal_in_doubt_works_for_the_subject() {
	with_patients_record(|| {
		assert_ok!(dispute(PATIENT, OF_PATIENT));
		assert_ok!(withdraw(PATIENT));
		MockSubjects::doubt(PATIENT_ID, START);
		// Its own word: to withdraw it once more, or to dispute anew.
		frame_support::hypothetically!({
			assert_ok!(withdraw(PATIENT));
		});
		assert_ok!(dispute(PATIENT, OF_PATIENT));
		assert_eq!(Lives::<Test>::get(RECORD).disputes.len(), 2);
	});
}

#[test]
fn dispute_while_the_key_is_in_question_works_and_withdrawing_it_fails() {
	with_patients_record(|| {
		MockSubjects::restrict(PATIENT_ID);
		assert_ok!(dispute(PATIENT, OF_PATIENT));
		assert_noop!(withdraw(PATIENT), MockSubjects::RESTRICTED);
	});
}

#[test]
fn dispute_is_free_and_urgent_and_withdrawing_it_is_not() {
	let info = Call::<Test>::dispute { record: RECORD, link_key: key(1), statement: text(1) }.get_dispatch_info();
	assert_eq!((info.class, info.pays_fee), (DispatchClass::Operational, Pays::No));
	let info = Call::<Test>::withdraw_dispute { record: RECORD }.get_dispatch_info();
	assert_eq!((info.class, info.pays_fee), (DispatchClass::Normal, Pays::Yes));
}

#[test]
fn dispute_does_not_stop_corrections() {
	with_patients_record(|| {
		assert_ok!(dispute(PATIENT, OF_PATIENT));
		assert_ok!(amend(CLERK, RECORD, 1, 2));
		assert_ok!(Ehr::mark_entered_in_error(signed(CLERK), RECORD));
		assert!(Lives::<Test>::get(RECORD).is_disputed());
	});
}

#[test]
fn withdraw_dispute_by_its_subject_only_works() {
	with_patients_record(|| {
		assert_noop!(withdraw(PATIENT), Error::<Test>::NotFound);
		assert_ok!(dispute(PATIENT, OF_PATIENT));
		assert_noop!(withdraw(NEIGHBOUR), Error::<Test>::NotAuthorised);
		assert_noop!(withdraw(CLERK), MockSubjects::NOT_A_SUBJECT);
		assert_noop!(Ehr::withdraw_dispute(RuntimeOrigin::root(), RECORD), DispatchError::BadOrigin);
		assert_ok!(withdraw(PATIENT));
		let end = Lives::<Test>::get(RECORD).disputes[0].end.unwrap();
		assert_eq!(end.outcome, DisputeOutcome::Withdrawn);
		let event = Event::DisputeWithdrawn { record: RECORD, subject: PATIENT_ID, by: PATIENT };
		System::assert_last_event(event.into());
		assert_noop!(withdraw(PATIENT), Error::<Test>::NotFound);
	});
}

#[test]
fn resolve_dispute_by_the_custodian_whatever_its_standing_works() {
	with_patients_record(|| {
		assert_noop!(resolve(CLERK), Error::<Test>::NotFound);
		assert_ok!(dispute(PATIENT, OF_PATIENT));
		MockRegistry::set_active(HOSPITAL, false);
		set_free_funds(HOSPITAL, 0);
		assert_ok!(resolve(DEPUTY));
		let (resolution, explanation) = (Resolution::Rejected, text(9));
		let end = Lives::<Test>::get(RECORD).disputes[0].end.unwrap();
		assert_eq!(end.outcome, DisputeOutcome::Resolved { resolution, explanation });
		let (record, custodian, by) = (RECORD, HOSPITAL, DEPUTY);
		System::assert_last_event(Event::DisputeResolved { record, custodian, by, resolution, explanation }.into());
		assert_noop!(resolve(CLERK), Error::<Test>::NotFound);
	});
}

#[test]
fn resolve_dispute_by_others_fails() {
	with_patients_record(|| {
		assert_ok!(dispute(PATIENT, OF_PATIENT));
		assert_noop!(resolve(ANALYST), Error::<Test>::NotAuthorised);
		for who in [NURSE, STRANGER, PATIENT, INSPECTOR] {
			assert_noop!(resolve(who), MockRegistry::NOT_AUTHORISED);
		}
		let refused = Ehr::resolve_dispute(RuntimeOrigin::root(), RECORD, Resolution::Upheld, text(9));
		assert_noop!(refused, DispatchError::BadOrigin);
	});
}

#[test]
fn verify_anchor_shows_disputes_and_doubtful_ones_in_every_version() {
	with_patients_record(|| {
		assert_ok!(dispute(PATIENT, OF_PATIENT));
		assert_ok!(resolve(CLERK));
		advance(1_000);
		assert_ok!(amend(CLERK, RECORD, 1, OF_PATIENT));
		assert_ok!(dispute(PATIENT, OF_PATIENT));
		MockSubjects::doubt(PATIENT_ID, Moment(Timestamp::get()));
		for version in [1, 2] {
			let life = Ehr::verify_anchor(RECORD, &opening(OF_PATIENT, version, RECURSIVE)).unwrap().life;
			assert!(life.linked && life.disputed);
			assert_eq!(life.disputes.iter().map(|view| view.doubtful).collect::<Vec<_>>(), [false, true]);
			assert_eq!(Some(life), Ehr::life_view(RECORD));
		}
		assert_ok!(resolve(CLERK));
		assert!(!Ehr::life_view(RECORD).unwrap().disputed);
		assert_eq!(Ehr::life_view(RecordId([8; 16])), None);
	});
}
