// SPDX-License-Identifier: Apache-2.0
//! Legal holds, retention and erasure.

use super::*;
use epidaurus_primitives::{
	ids::MemberKey,
	life::{EndedHold, ErasureGround, Hold, ATTESTATION_VALID, MAX_ENDED_HOLDS},
	moment::{DAY, LAST},
	registry::Roles,
	views::ErasureView,
};
use frame_support::dispatch::{DispatchClass, GetDispatchInfo, Pays};

const GROUND: ErasureGround = ErasureGround::ConsentWithdrawn;

fn attest(by: AccountId32) -> DispatchResult {
	Ehr::attest_erasure(signed(by), RECORD, GROUND)
}

fn hold(by: AccountId32) -> DispatchResult {
	Ehr::place_hold(signed(by), RECORD)
}

fn lift(by: AccountId32) -> DispatchResult {
	Ehr::lift_hold(signed(by), RECORD)
}

fn retain(by: AccountId32, until: Moment) -> DispatchResult {
	Ehr::state_retention(signed(by), RECORD, until)
}

fn erased(test: impl FnOnce()) {
	with_patients_record(|| {
		assert_ok!(attest(CLERK));
		advance(1_000);
		assert_ok!(attest(DEPUTY));
		test();
	});
}

#[test]
fn erasure_by_two_members_works_and_says_who_attested_it() {
	with_patients_record(|| {
		assert_ok!(attest(CLERK));
		let (record, custodian, ground) = (RECORD, HOSPITAL, GROUND);
		System::assert_last_event(Event::ErasureAttested { record, custodian, by: CLERK, ground }.into());
		let life = Ehr::life_view(RECORD).unwrap();
		assert_eq!((life.erasure, life.attestation.unwrap().by), (None, MemberKey([1; 32])));
		advance(1_000);
		assert_ok!(attest(DEPUTY));
		System::assert_last_event(Event::RecordErased { record, custodian, by: DEPUTY, ground }.into());
		// Whoever still holds an opening gets an answer, and is told.
		let verdict = Ehr::verify_anchor(RECORD, &opening(OF_PATIENT, 1, RECURSIVE)).unwrap();
		let erasure = ErasureView {
			ground,
			custodian,
			attested_by: [MemberKey([1; 32]), MemberKey([2; 32])],
			at: Moment(START.0 + 61_000),
			openings_may_remain: true,
		};
		assert_eq!(verdict.life.erasure, Some(erasure));
		assert_eq!(verdict.life.attestation, None);
	});
}

#[test]
fn erasure_by_one_member_alone_fails() {
	with_patients_record(|| {
		assert_ok!(attest(CLERK));
		assert_noop!(attest(CLERK), Error::<Test>::AlreadyExists);
		assert_eq!(Lives::<Test>::get(RECORD).erasure, None);
	});
}

#[test]
fn erasure_on_two_grounds_or_too_late_begins_anew() {
	with_patients_record(|| {
		assert_ok!(attest(CLERK));
		assert_ok!(Ehr::attest_erasure(signed(DEPUTY), RECORD, ErasureGround::Objection));
		assert_eq!(Lives::<Test>::get(RECORD).attestation.unwrap().by, MemberKey([2; 32]));
		advance(ATTESTATION_VALID + 1);
		assert_eq!(Ehr::life_view(RECORD).unwrap().attestation, None);
		assert_ok!(Ehr::attest_erasure(signed(CLERK), RECORD, ErasureGround::Objection));
		let life = Lives::<Test>::get(RECORD);
		assert_eq!((life.erasure, life.attestation.unwrap().by), (None, MemberKey([1; 32])));
	});
}

#[test]
fn erasure_by_members_of_two_organisations_begins_anew() {
	with_patients_record(|| {
		assert_ok!(attest(CLERK));
		MockRegistry::succeed(ARCHIVE, HOSPITAL);
		assert_ok!(attest(ARCHIVIST));
		let life = Lives::<Test>::get(RECORD);
		assert_eq!((life.erasure, life.attestation.unwrap().organisation), (None, ARCHIVE));
		assert_noop!(attest(ARCHIVIST), Error::<Test>::AlreadyExists);
		// Two of the archive do, and it is the one that answers name.
		let second = AccountId32::new([0x77; 32]);
		MockRegistry::enrol(&second, ARCHIVE, Roles::RECORDS);
		assert_ok!(attest(second));
		let erasure = Ehr::life_view(RECORD).unwrap().erasure.unwrap();
		assert_eq!(erasure.custodian, ARCHIVE);
		assert_eq!(erasure.attested_by, [MemberKey([7; 32]), MemberKey([0x77; 32])]);
	});
}

#[test]
fn erasure_after_the_first_member_went_begins_anew() {
	with_patients_record(|| {
		let gone: [fn(); 3] = [
			|| MockRegistry::remove(&CLERK),
			|| MockRegistry::enrol(&CLERK, HOSPITAL, Roles::GRANTABLE.without(Roles::RECORDS)),
			|| MockRegistry::enrol(&CLERK, LABORATORY, Roles::RECORDS),
		];
		for leave in gone {
			MockRegistry::enrol(&CLERK, HOSPITAL, Roles::RECORDS);
			frame_support::hypothetically!({
				assert_ok!(attest(CLERK));
				leave();
				assert_ok!(attest(DEPUTY));
				let life = Lives::<Test>::get(RECORD);
				assert_eq!((life.erasure, life.attestation.unwrap().by), (None, MemberKey([2; 32])));
			});
		}
	});
}

#[test]
fn erasure_is_refused_while_a_request_is_not_answered() {
	with_patients_record(|| {
		assert_ok!(attest(CLERK));
		assert_ok!(request(PATIENT, OF_PATIENT));
		for who in [CLERK, DEPUTY] {
			assert_noop!(attest(who), Error::<Test>::Unanswered);
		}
		// An answer that fits can be given, and both attest again, knowing of the request.
		assert_ok!(amend(CLERK, RECORD, 1, 2));
		assert_ok!(Ehr::accept_amendment(signed(CLERK), RECORD, 0));
		assert_ok!(attest(DEPUTY));
		assert_eq!(Lives::<Test>::get(RECORD).erasure, None);
		assert_ok!(attest(CLERK));
		assert!(Lives::<Test>::get(RECORD).erasure.is_some());
	});
}

#[test]
fn erasure_by_others_fails() {
	with_patients_record(|| {
		assert_ok!(attest(CLERK));
		assert_noop!(attest(ANALYST), Error::<Test>::NotAuthorised);
		for who in [NURSE, STRANGER, PATIENT, INSPECTOR] {
			assert_noop!(attest(who), MockRegistry::NOT_AUTHORISED);
		}
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_noop!(Ehr::attest_erasure(origin, RECORD, GROUND), DispatchError::BadOrigin);
		}
		let nowhere = Ehr::attest_erasure(signed(CLERK), RecordId([8; 16]), GROUND);
		assert_noop!(nowhere, Error::<Test>::NotFound);
	});
}

#[test]
fn erasure_is_refused_while_held_disputed_or_retained() {
	with_patients_record(|| {
		assert_ok!(hold(INSPECTOR));
		assert_noop!(attest(CLERK), Error::<Test>::Held);
		assert_ok!(lift(INSPECTOR));
		assert_ok!(dispute(PATIENT, OF_PATIENT));
		assert_noop!(attest(CLERK), Error::<Test>::Disputed);
		assert_ok!(Ehr::withdraw_dispute(signed(PATIENT), RECORD));
		let until = Moment((START.day() + 9) * DAY);
		assert_ok!(retain(CLERK, until));
		set_now(Moment(until.0 - 1));
		assert_noop!(attest(CLERK), Error::<Test>::Retained);
		set_now(until);
		assert_ok!(attest(CLERK));
		assert_ok!(attest(DEPUTY));
	});
}

#[test]
fn erasure_stops_at_what_comes_between_the_two_members() {
	with_patients_record(|| {
		assert_ok!(attest(CLERK));
		assert_ok!(hold(INSPECTOR));
		assert_noop!(attest(DEPUTY), Error::<Test>::Held);
		assert_ok!(lift(INSPECTOR));
		// Both attest again, knowing of the hold.
		assert_ok!(attest(DEPUTY));
		assert_eq!(Lives::<Test>::get(RECORD).erasure, None);
		assert_ok!(dispute(PATIENT, OF_PATIENT));
		assert_noop!(attest(CLERK), Error::<Test>::Disputed);
	});
}

#[test]
fn erased_record_takes_no_amendment_request_hold_or_retention() {
	erased(|| {
		assert_noop!(amend(CLERK, RECORD, 1, 2), Error::<Test>::Erased);
		assert_noop!(attest(CLERK), Error::<Test>::Erased);
		assert_noop!(request(PATIENT, OF_PATIENT), Error::<Test>::Erased);
		assert_noop!(hold(INSPECTOR), Error::<Test>::Erased);
		assert_noop!(retain(CLERK, Moment(START.0 + DAY)), Error::<Test>::Erased);
		assert_noop!(anchor(CLERK, RECORD, 1), Error::<Test>::AlreadyExists);
	});
}

#[test]
fn erased_record_can_still_be_disputed_and_declared_an_error() {
	erased(|| {
		assert_ok!(dispute(PATIENT, OF_PATIENT));
		assert_ok!(Ehr::mark_entered_in_error(signed(CLERK), RECORD));
	});
}

#[test]
fn erasure_of_an_amended_record_covers_all_versions() {
	with_patients_record(|| {
		assert_ok!(amend(CLERK, RECORD, 1, OF_PATIENT));
		assert_ok!(attest(CLERK));
		assert_ok!(attest(DEPUTY));
		for version in [1, 2] {
			let verdict = Ehr::verify_anchor(RECORD, &opening(OF_PATIENT, version, RECURSIVE)).unwrap();
			assert!(verdict.life.erasure.is_some());
		}
	});
}

#[test]
fn place_hold_by_a_licensed_authority_works() {
	with_patients_record(|| {
		assert_ok!(hold(INSPECTOR));
		let since = Moment(START.0 + 60_000);
		assert_eq!(Ehr::life_view(RECORD).unwrap().holds, [Hold { by: AUTHORITY, since }]);
		let event = Event::HoldPlaced { record: RECORD, authority: AUTHORITY, by: INSPECTOR };
		System::assert_last_event(event.into());
		assert_noop!(hold(INSPECTOR), Error::<Test>::AlreadyExists);
	});
}

#[test]
fn place_hold_by_others_fails() {
	with_patients_record(|| {
		assert_noop!(hold(CLERK), MockRegistry::NOT_AUTHORISED);
		assert_noop!(hold(PATIENT), MockRegistry::NOT_AUTHORISED);
		// The role without the licence.
		assert_noop!(hold(NURSE), MockRegistry::NOT_LICENSED);
		assert_noop!(hold(ARCHIVIST), MockRegistry::NOT_LICENSED);
		assert_noop!(Ehr::place_hold(RuntimeOrigin::root(), RECORD), DispatchError::BadOrigin);
		assert_noop!(Ehr::place_hold(signed(INSPECTOR), RecordId([8; 16])), Error::<Test>::NotFound);
		MockRegistry::set_active(AUTHORITY, false);
		assert_noop!(hold(INSPECTOR), MockRegistry::NOT_LICENSED);
	});
}

#[test]
fn place_hold_is_free_and_urgent_and_lifting_it_is_not() {
	let info = Call::<Test>::place_hold { record: RECORD }.get_dispatch_info();
	assert_eq!((info.class, info.pays_fee), (DispatchClass::Operational, Pays::No));
	let info = Call::<Test>::lift_hold { record: RECORD }.get_dispatch_info();
	assert_eq!((info.class, info.pays_fee), (DispatchClass::Normal, Pays::Yes));
}

#[test]
fn lift_hold_by_its_authority_whatever_its_standing_works() {
	with_patients_record(|| {
		assert_noop!(lift(INSPECTOR), Error::<Test>::NotFound);
		assert_ok!(hold(INSPECTOR));
		MockRegistry::revoke(AUTHORITY, Capability::Regulate);
		MockRegistry::set_active(AUTHORITY, false);
		assert_noop!(lift(ARCHIVIST), Error::<Test>::NotFound);
		assert_noop!(lift(CLERK), MockRegistry::NOT_AUTHORISED);
		assert_noop!(Ehr::lift_hold(RuntimeOrigin::root(), RECORD), DispatchError::BadOrigin);
		advance(1_000);
		assert_ok!(lift(INSPECTOR));
		let event = Event::HoldLifted { record: RECORD, authority: AUTHORITY, by: INSPECTOR };
		System::assert_last_event(event.into());
		let (since, until) = (Moment(START.0 + 60_000), Moment(Timestamp::get()));
		let life = Ehr::life_view(RECORD).unwrap();
		assert_eq!((life.holds, life.ended_holds), (vec![], vec![EndedHold { by: AUTHORITY, since, until }]));
	});
}

#[test]
fn lift_hold_more_often_than_is_kept_folds_the_oldest() {
	with_patients_record(|| {
		for _ in 0..MAX_ENDED_HOLDS + 2 {
			assert_ok!(hold(INSPECTOR));
			advance(1_000);
			assert_ok!(lift(INSPECTOR));
			check();
		}
		let life = Ehr::life_view(RECORD).unwrap();
		assert_eq!((life.ended_holds.len(), life.folded.holds), (8, 2));
		assert_eq!(life.ended_holds[0].since, Moment(START.0 + 62_000));
	});
}

#[test]
fn state_retention_is_rounded_to_the_day_and_only_prolonged() {
	with_patients_record(|| {
		let day = START.day() + 100;
		assert_ok!(retain(CLERK, Moment(day * DAY - 5)));
		let until = Moment(day * DAY);
		assert_eq!(Ehr::life_view(RECORD).unwrap().retained_until, Some(until));
		let event = Event::RetentionStated { record: RECORD, custodian: HOSPITAL, by: CLERK, until };
		System::assert_last_event(event.into());
		for shorter in [Moment(0), Moment(until.0 - DAY), until] {
			assert_noop!(retain(CLERK, shorter), Error::<Test>::NotProlonged);
		}
		assert_ok!(retain(DEPUTY, Moment(until.0 + 1)));
		assert_eq!(Lives::<Test>::get(RECORD).retained_until, Some(Moment((day + 1) * DAY)));
	});
}

#[test]
fn state_retention_beyond_the_calendar_fails() {
	with_patients_record(|| {
		// The last midnight of the year 9999; the next one is in the year 10000.
		let last = Moment(LAST).day() * DAY;
		for after in [last + 1, LAST, LAST + 1, u64::MAX] {
			assert_noop!(retain(CLERK, Moment(after)), Error::<Test>::BeyondCalendar);
		}
		assert_ok!(retain(CLERK, Moment(last)));
	});
}

#[test]
fn state_retention_by_others_fails() {
	with_patients_record(|| {
		assert_noop!(retain(ANALYST, Moment(u64::MAX)), Error::<Test>::NotAuthorised);
		assert_noop!(retain(PATIENT, Moment(u64::MAX)), MockRegistry::NOT_AUTHORISED);
		assert_noop!(Ehr::state_retention(RuntimeOrigin::root(), RECORD, START), DispatchError::BadOrigin);
	});
}
