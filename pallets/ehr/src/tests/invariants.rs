// SPDX-License-Identifier: Apache-2.0
//! The invariants can fail: each test breaks one by hand and expects its name.

use super::*;
use crate::record::RecordState;
use epidaurus_primitives::moment::DAY;
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
