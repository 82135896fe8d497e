// SPDX-License-Identifier: Apache-2.0
//! Each invariant notices what breaks it.

use super::*;
use crate::{doubt::Doubt, History, SubjectRecordOf};

/// The world in order, then broken; the check says why.
fn broken(by: impl FnOnce(), reason: &'static str) {
	ExtBuilder.build().execute_with(|| {
		enrol_both();
		advance(DAY);
		assert_ok!(Subjects::rotate_key(signed(key(10)), key(12)));
		advance(DAY);
		rebind_since(START);
		check();
		by();
		assert_eq!(Subjects::do_try_state(), Err(reason.into()));
	});
}

fn record(change: impl FnOnce(&mut SubjectRecordOf<Test>)) {
	Records::<Test>::mutate(PATIENT, |record| change(record.as_mut().unwrap()));
}

#[test]
fn check_notices_broken_histories() {
	broken(|| History::<Test>::remove(PATIENT, 0), "a span of a subject is missing");
	broken(
		|| {
			let span = History::<Test>::get(PATIENT, 0).unwrap();
			History::<Test>::insert(PATIENT, 1, span);
		},
		"subjects have stray spans",
	);
	broken(|| record(|record| record.state.since = Moment(0)), "the present span begins before an earlier one");
	broken(|| record(|record| record.state.since = Moment(u64::MAX)), "a history lies in the future");
	broken(|| record(|record| record.rebinds = 1), "a closed re-binding is missing");
	broken(|| record(|record| record.rotated_at = Some(Moment(u64::MAX))), "a key will have been rotated");
	broken(|| record(|record| record.tally.acts = 99), "a subject has sent too much in a block");
}

#[test]
fn check_notices_broken_keys() {
	broken(|| Keys::<Test>::remove(key(12)), "a key of a subject is not listed as its own");
	broken(|| Keys::<Test>::insert(key(10), OTHER_PATIENT), "a key of a subject is not listed as its own");
	broken(
		|| {
			System::dec_sufficients(&key(12));
		},
		"a key of a subject can lose its nonce",
	);
	broken(|| Keys::<Test>::insert(key(50), SubjectId([1; 32])), "a key belongs to no subject");
}

#[test]
fn check_notices_broken_rebinds_doubts_and_meters() {
	broken(
		|| {
			let rebind = Rebinds::<Test>::get(PATIENT).unwrap();
			Rebinds::<Test>::insert(SubjectId([1; 32]), rebind);
		},
		"a re-binding of no subject",
	);
	broken(
		|| Rebinds::<Test>::mutate(PATIENT, |rebind| rebind.as_mut().unwrap().started_by = DEPUTY),
		"one member stands for a re-binding twice",
	);
	broken(|| Keys::<Test>::remove(key(11)), "a new key is not kept for its subject");
	broken(
		|| {
			let until = Moment(now().0 + 1);
			InDoubt::<Test>::mutate(PATIENT, |doubts| doubts.add(Doubt { from: START, until }));
		},
		"a doubt is empty or not over",
	);
	broken(|| Meters::<Test>::mutate(HOSPITAL, |meter| meter.used = 6), "more was given without a fee than there is");
	broken(|| Meters::<Test>::mutate(HOSPITAL, |meter| meter.day = u64::MAX), "a quota was taken on a day to come");
}
