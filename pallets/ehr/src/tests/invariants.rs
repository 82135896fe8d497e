// SPDX-License-Identifier: Apache-2.0
//! The invariants can fail: each test breaks one by hand and expects its name.

use super::*;
use crate::record::RecordState;
use epidaurus_primitives::{
	ehr::SuiteStatus,
	life::{EndedHold, ErasureGround, Folded, Hold, RecordLife, Resolution},
	moment::DAY,
};
use LogKind::Records as RecordsLog;

/// A record of two versions, and a log whose first six checkpoints, of two days, are thinned.
fn breaking(expected: &'static str, break_one: impl FnOnce()) {
	ExtBuilder::default().build().execute_with(|| {
		assert_ok!(anchor(CLERK, RECORD, 1));
		advance(60_000);
		assert_ok!(amend(CLERK, RECORD, 1, 1));
		set_now(Moment((START.day() + 1) * DAY));
		assert_ok!(Ehr::open_log(signed(CLERK), RecordsLog));
		let mut log = TestLog::new(RecordsLog);
		for number in 0..8 {
			log.append(number);
			assert_ok!(log.checkpoint(CLERK, u64::from(number)));
			advance(if number < 5 { DAY / 3 } else { 2 * WEEK });
		}
		assert_eq!(kept(HOSPITAL, RecordsLog), [2, 5, 6, 7]);
		check();
		break_one();
		assert_eq!(Ehr::do_try_state(), Err(expected.into()));
	});
}

fn change_log(change: impl FnOnce(&mut LogStateOf<Test>)) {
	Logs::<Test>::mutate(HOSPITAL, RecordsLog, |log| change(log.as_mut().unwrap()));
}

fn change_checkpoint(number: u64, change: impl FnOnce(&mut Checkpoint)) {
	Checkpoints::<Test>::mutate((HOSPITAL, RecordsLog, number), |stored| change(stored.as_mut().unwrap()));
}

fn change_record(change: impl FnOnce(&mut record::RecordHead)) {
	Records::<Test>::mutate(RECORD, |head| change(head.as_mut().unwrap()));
}

#[test]
fn try_state_of_a_record_without_versions_fails() {
	breaking("record without versions", || {
		let _ = Versions::<Test>::clear_prefix(RECORD, 10, None);
	});
}

#[test]
fn try_state_of_a_version_without_record_fails() {
	breaking("version without its record", || Records::<Test>::remove(RECORD));
}

#[test]
fn try_state_of_another_number_of_versions_fails() {
	let expected = "versions are not numbered from one to the head's";
	breaking(expected, || change_record(|head| head.version = 3));
	breaking(expected, || change_record(|head| head.version = 1));
	breaking(expected, || Versions::<Test>::remove(RECORD, 1));
}

#[test]
fn try_state_of_wrong_times_of_a_record_fails() {
	let expected = "the head is older than its version";
	breaking(expected, || change_record(|head| head.since = START));
	breaking(expected, || change_record(|head| head.since = Moment(u64::MAX)));
	breaking("the head has another time", || change_record(|head| head.since = Moment(START.0 + 90_000)));
	breaking("a version is older than the one before", || {
		Versions::<Test>::mutate(RECORD, 1, |version| version.as_mut().unwrap().anchored_at.0 += 90_000);
	});
	// What is entered in error may be younger than its newest version.
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(anchor(CLERK, RECORD, 1));
		advance(1);
		change_record(|head| {
			head.state = RecordState::EnteredInError;
			head.since = Moment(START.0 + 1);
		});
	});
}

#[test]
fn try_state_of_wrong_debts_fails() {
	let expected = "owed deposits are not the missing tickets";
	breaking(expected, || Owed::<Test>::insert(HOSPITAL, 1));
	breaking(expected, || Owed::<Test>::insert(LABORATORY, 0));
	breaking(expected, || Versions::<Test>::mutate(RECORD, 2, |version| version.as_mut().unwrap().ticket = None));
	breaking("the first version is never owed", || {
		Versions::<Test>::mutate(RECORD, 1, |version| version.as_mut().unwrap().ticket = None);
	});
}

#[test]
fn try_state_of_another_head_than_the_newest_checkpoint_fails() {
	let expected = "the log's head is not its newest checkpoint";
	breaking(expected, || change_log(|log| log.newest.head.size += 1));
	breaking(expected, || change_log(|log| log.newest.licensed = false));
	breaking("the newest checkpoint is not stored", || change_log(|log| log.checkpoints += 1));
	breaking("a checkpoint comes from the future", || {
		set_now(Moment(START.0 + DAY));
	});
}

#[test]
fn try_state_of_checkpoints_out_of_order_fails() {
	let expected = "a checkpoint is not larger than before";
	breaking(expected, || change_checkpoint(5, |checkpoint| checkpoint.head.size = 3));
	breaking(expected, || change_checkpoint(6, |checkpoint| checkpoint.head.size = 8));
	let expected = "a checkpoint is older than the one before";
	breaking(expected, || change_checkpoint(6, |checkpoint| checkpoint.at = START));
	breaking("a checkpoint of the empty log", || change_checkpoint(2, |checkpoint| checkpoint.head.size = 0));
}

#[test]
fn try_state_of_a_broken_new_log_fails() {
	let open = || {
		assert_ok!(Ehr::open_log(signed(ANALYST), RecordsLog));
	};
	let change = |change: fn(&mut LogStateOf<Test>)| {
		Logs::<Test>::mutate(LABORATORY, RecordsLog, |log| change(log.as_mut().unwrap()));
	};
	breaking("a new log has another root", || {
		open();
		change(|log| log.newest.head.root = [1; 32]);
	});
	breaking("a new log is not empty", || {
		open();
		change(|log| log.newest.head.size = 1);
	});
	breaking("thinning has reached the newest checkpoint", || {
		open();
		change(|log| log.thinned = 1);
	});
}

#[test]
fn try_state_of_wrong_thinning_fails() {
	breaking("what thinning left is not what it lists", || {
		DailyCheckpoints::<Test>::insert((HOSPITAL, RecordsLog, 0), 1);
	});
	breaking("what thinning left is not what it lists", || {
		Checkpoints::<Test>::remove((HOSPITAL, RecordsLog, 2));
	});
	breaking("places of daily checkpoints have a gap", || {
		DailyCheckpoints::<Test>::remove((HOSPITAL, RecordsLog, 0));
	});
	breaking("places of daily checkpoints have a gap", || change_log(|log| log.days += 1));
	breaking("a young checkpoint is missing", || Checkpoints::<Test>::remove((HOSPITAL, RecordsLog, 6)));
	breaking("two old checkpoints of one UTC day", || {
		let day = Checkpoints::<Test>::get((HOSPITAL, RecordsLog, 2)).unwrap().at;
		change_checkpoint(5, |checkpoint| checkpoint.at = day);
	});
}

#[test]
fn try_state_of_checkpoints_without_log_fails() {
	breaking("checkpoint without its log", || Logs::<Test>::remove(HOSPITAL, RecordsLog));
	breaking("daily checkpoint without its log", || {
		DailyCheckpoints::<Test>::insert((LABORATORY, RecordsLog, 0), 0);
	});
}

#[test]
fn try_state_of_a_version_of_another_organisation_fails() {
	let pay =
		|number, payer| Versions::<Test>::mutate(RECORD, number, |version| version.as_mut().unwrap().payer = payer);
	breaking("the first version is not the custodian's", || pay(1, ARCHIVE));
	breaking("a version of an organisation that does not keep the record", || pay(2, ARCHIVE));
	breaking("owed deposits are not the missing tickets", || {
		MockRegistry::succeed(ARCHIVE, HOSPITAL);
		pay(2, ARCHIVE);
		Owed::<Test>::insert(HOSPITAL, 1);
	});
}

/// A record of the patient with an ended dispute, a denied request, an amendment, an accepted request and a hold.
fn breaking_life(expected: &'static str, break_one: impl FnOnce(&mut RecordLife)) {
	ExtBuilder::default().build().execute_with(|| {
		assert_ok!(anchor_linked(CLERK, RECORD, OF_PATIENT));
		advance(60_000);
		assert_ok!(dispute(PATIENT, OF_PATIENT));
		assert_ok!(Ehr::resolve_dispute(signed(CLERK), RECORD, Resolution::Upheld, text(2)));
		assert_ok!(request(PATIENT, OF_PATIENT));
		advance(60_000);
		assert_ok!(amend(CLERK, RECORD, 1, 2));
		assert_ok!(Ehr::accept_amendment(signed(CLERK), RECORD, 0));
		assert_ok!(Ehr::place_hold(signed(INSPECTOR), RECORD));
		check();
		Lives::<Test>::mutate(RECORD, break_one);
		assert_eq!(Ehr::do_try_state(), Err(expected.into()));
	});
}

#[test]
fn try_state_of_a_broken_life_fails() {
	breaking_life("a life in which nothing happened", |life| *life = RecordLife::default());
	breaking_life("a subject is known if and only if it opened something", |life| life.subject = None);
	breaking_life("disputes are out of order", |life| life.disputes[0].opened_at.0 += 60_000);
	breaking_life("disputes are out of order", |life| {
		life.disputes[0].end = None;
		let again = life.disputes[0];
		life.disputes.try_push(again).unwrap();
	});
	breaking_life("requests are out of order", |life| life.requests[0].asked_at.0 += 90_000);
	breaking_life("holds of one organisation, or of the future", |life| {
		life.holds.try_push(Hold { by: AUTHORITY, since: START }).unwrap();
	});
	breaking_life("disputes are out of order", |life| life.disputes[0].withdrawn_in_doubt = Some(START));
	breaking_life("holds that ended are out of order", |life| {
		life.ended_holds.try_push(EndedHold { by: AUTHORITY, since: Moment(5), until: Moment(4) }).unwrap();
	});
	for fold in [
		|folded: &mut Folded| folded.disputes = 1,
		|folded: &mut Folded| folded.requests = 1,
		|folded: &mut Folded| folded.holds = 1,
		|folded: &mut Folded| folded.overdue = 1,
		|folded: &mut Folded| folded.disagreements = 1,
	] {
		breaking_life("something gave way where there was room", |life| fold(&mut life.folded));
	}
	breaking_life("retention ends within a day", |life| life.retained_until = Some(Moment(5)));
	breaking_life("a request about a version that is not there", |life| life.requests[0].version = 3);
	breaking_life("a request accepted without an amendment", |life| life.requests[0].version = 2);
	breaking_life("an attestation outlives what is against it", |life| {
		let by = epidaurus_primitives::ids::MemberKey([1; 32]);
		let attested = RecordLife::default().attest(HOSPITAL, by, ErasureGround::Objection, START);
		life.attestation = attested.unwrap().attestation;
	});
}

#[test]
fn try_state_of_a_life_without_record_or_link_fails() {
	breaking("a life without its record", || {
		let life = RecordLife::default().retain(START).unwrap();
		Lives::<Test>::insert(RecordId([8; 16]), life);
	});
	breaking("a subject of a record without link", || {
		let life = RecordLife::default().dispute(PATIENT_ID, text(1), START).unwrap();
		Lives::<Test>::insert(RECORD, life);
	});
}

#[test]
fn try_state_of_a_wrong_erasure_fails() {
	let erased = |change: fn(&mut RecordLife)| {
		assert_ok!(Ehr::attest_erasure(signed(CLERK), RECORD, ErasureGround::Objection));
		assert_ok!(Ehr::attest_erasure(signed(DEPUTY), RECORD, ErasureGround::Objection));
		check();
		Lives::<Test>::mutate(RECORD, change);
	};
	breaking("an erasure by one member, or of the future", || {
		erased(|life| {
			let erasure = life.erasure.as_mut().unwrap();
			erasure.second = erasure.first.by;
		});
	});
	breaking("an erased record is held", || {
		erased(|life| life.holds.try_push(Hold { by: AUTHORITY, since: START }).unwrap());
	});
	breaking("an erasure by one member, or of the future", || {
		erased(|life| life.erasure.as_mut().unwrap().first.organisation = ARCHIVE);
	});
	breaking("a request about an erased record is not answered", || {
		erased(|life| {
			let asked = RecordLife::default().request(PATIENT_ID, text(1), 1, START).unwrap();
			(life.subject, life.requests) = (asked.subject, asked.requests);
		});
	});
	breaking("an attestation about an erased record", || {
		erased(|life| life.attestation = life.erasure.map(|erasure| erasure.first));
	});
	breaking("a record was erased before its retention ended", || {
		erased(|life| life.retained_until = Some(Moment(u64::MAX).end_of_day()));
	});
	breaking("an erased record was amended", || {
		erased(|life| {
			let erasure = life.erasure.as_mut().unwrap();
			(erasure.first.at, erasure.at) = (START, START);
		});
	});
}

#[test]
fn try_state_of_a_wrong_suite_fails() {
	let expected = "a suite's status is the default or of the future";
	let (since, deprecated) = (START, Moment(START.0 + 1));
	for status in [
		SuiteStatus::Active,
		SuiteStatus::Deprecated { since: Moment(u64::MAX) },
		SuiteStatus::Forbidden { since, deprecated },
	] {
		breaking(expected, || Suites::<Test>::insert(RECURSIVE, status));
	}
}
