// SPDX-License-Identifier: Apache-2.0

use super::*;
use epidaurus_primitives::moment::DAY;
use LogKind::Records as RecordsLog;

const HOUR: u64 = 3_600_000;

/// Makes checkpoints at these hours after midnight before the start, each of one entry more.
fn checkpoints_at(log: &mut TestLog, hours: impl IntoIterator<Item = u64>) {
	for hour in hours {
		set_now(Moment(START.day() * DAY + hour * HOUR));
		let old = log.size();
		log.append(u8::try_from(old % 256).unwrap());
		assert_ok!(log.checkpoint(CLERK, old));
		assert_ok!(Ehr::do_try_state());
	}
}

fn with_log(test: impl FnOnce(TestLog)) {
	ExtBuilder::default().build_and_execute(|| {
		set_now(Moment(START.day() * DAY));
		assert_ok!(Ehr::open_log(signed(CLERK), RecordsLog));
		test(TestLog::new(RecordsLog));
	});
}

fn daily() -> Vec<u64> {
	let days = Logs::<Test>::get(HOSPITAL, RecordsLog).unwrap().days;
	(0..days).map(|place| DailyCheckpoints::<Test>::get((HOSPITAL, RecordsLog, place)).unwrap()).collect()
}

#[test]
fn thinning_of_a_young_log_keeps_everything() {
	with_log(|mut log| {
		// Twelve a day for a week; the last one is exactly as old as the limit.
		checkpoints_at(&mut log, (0..=7 * 12).map(|index| index * 2));
		assert_eq!(kept(HOSPITAL, RecordsLog), (0..=84).collect::<Vec<_>>());
		assert_eq!(Logs::<Test>::get(HOSPITAL, RecordsLog).unwrap().thinned, 0);
	});
}

#[test]
fn thinning_keeps_the_last_of_each_utc_day() {
	with_log(|mut log| {
		// Day 0: numbers 0, 1, 2. Day 1: 3, 4. Day 3: 5. Then long silence.
		checkpoints_at(&mut log, [1, 2, 23, 24, 25, 80]);
		checkpoints_at(&mut log, [1_000, 1_001, 1_002]);
		assert_eq!(kept(HOSPITAL, RecordsLog), [2, 4, 5, 6, 7, 8]);
		assert_eq!(daily(), [2, 4, 5]);
		assert_eq!(Logs::<Test>::get(HOSPITAL, RecordsLog).unwrap().thinned, 6);
	});
}

#[test]
fn thinning_looks_at_no_more_than_its_steps() {
	with_log(|mut log| {
		checkpoints_at(&mut log, 0..20);
		for made in 1..=5_u64 {
			checkpoints_at(&mut log, [10_000 + made]);
			let thinned = Logs::<Test>::get(HOSPITAL, RecordsLog).unwrap().thinned;
			assert_eq!(thinned, made * u64::from(STEPS));
			// All of the twenty lie on one day, so each one that was looked at is gone.
			let left = 20 + made - thinned;
			assert_eq!(kept(HOSPITAL, RecordsLog).len(), usize::try_from(left).unwrap());
		}
	});
}

#[test]
fn thinning_catches_up_after_a_busy_day() {
	with_log(|mut log| {
		checkpoints_at(&mut log, 0..24);
		// Then one a day: each adds one and deals with up to three.
		checkpoints_at(&mut log, (1..=30).map(|day| day * 24 + 12));
		let now = START.day() + 30;
		let state = Logs::<Test>::get(HOSPITAL, RecordsLog).unwrap();
		for number in kept(HOSPITAL, RecordsLog) {
			let day = Checkpoints::<Test>::get((HOSPITAL, RecordsLog, number)).unwrap().at.day();
			assert!(number < state.thinned || day + 8 >= now, "checkpoint {number} is overdue");
		}
		assert_eq!(daily()[..2], [23, 24]);
	});
}

#[test]
fn thinning_never_takes_the_newest() {
	with_log(|mut log| {
		checkpoints_at(&mut log, [0, 1, 2]);
		set_now(Moment((START.day() + 4_000) * DAY));
		assert_eq!(kept(HOSPITAL, RecordsLog), [0, 1, 2], "nothing happens without a checkpoint");
		log.append(9);
		assert_ok!(log.checkpoint(CLERK, 3));
		assert_eq!(kept(HOSPITAL, RecordsLog), [2, 3]);
		assert_eq!(newest(HOSPITAL, RecordsLog).head, log.head());
	});
}

#[test]
fn thinning_works_log_by_log() {
	ExtBuilder::default().build_and_execute(|| {
		let kinds = [RecordsLog, LogKind::Disclosures];
		for kind in kinds {
			assert_ok!(Ehr::open_log(signed(CLERK), kind));
			assert_ok!(Ehr::open_log(signed(ANALYST), kind));
			let mut log = TestLog::new(kind);
			for seed in 0..3 {
				log.append(seed);
				assert_ok!(log.checkpoint(CLERK, log.size() - 1));
				assert_ok!(log.checkpoint(ANALYST, log.size() - 1));
				advance(1);
			}
		}
		advance(WEEK + 1);
		let log = TestLog::of(RecordsLog, 0..4);
		assert_ok!(log.checkpoint(CLERK, 3));
		assert_eq!(kept(HOSPITAL, RecordsLog), [2, 3]);
		for (custodian, kind) in [(HOSPITAL, kinds[1]), (LABORATORY, kinds[0]), (LABORATORY, kinds[1])] {
			assert_eq!(kept(custodian, kind), [0, 1, 2]);
		}
	});
}

#[test]
fn thinning_of_checkpoints_in_one_block_keeps_the_last() {
	with_log(|mut log| {
		checkpoints_at(&mut log, [5, 5, 5]);
		checkpoints_at(&mut log, [900]);
		assert_eq!(kept(HOSPITAL, RecordsLog), [2, 3]);
	});
}
