// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn prove_key_works_once_for_each_key() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		advance(5);
		assert_ok!(Subjects::prove_key(signed(key(10))));
		assert_eq!(last_event(), Event::KeyProven { subject: PATIENT, key: key(10) });
		assert!(Subjects::subject(PATIENT).unwrap().proven);
		assert_noop!(Subjects::prove_key(signed(key(10))), Refusal::WrongState);
		assert_ok!(Subjects::rotate_key(signed(key(10)), key(11)));
		assert!(!Subjects::subject(PATIENT).unwrap().proven);
		assert_ok!(Subjects::prove_key(signed(key(11))));
		assert_noop!(Subjects::prove_key(signed(STRANGER)), Refusal::NotASubject);
	});
}

#[test]
fn rotate_key_works_and_the_old_key_is_out() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		advance(5);
		assert_ok!(Subjects::rotate_key(signed(key(10)), key(11)));
		let rotated = Event::KeyRotated { subject: PATIENT, old_key: key(10), new_key: key(11) };
		assert_eq!(last_event(), rotated);
		assert_eq!(present_key(PATIENT), key(11));
		assert_eq!(sufficients(&key(11)), 1);
		assert_eq!(sufficients(&key(10)), 1, "a nonce is never forgotten");
		assert_noop!(Subjects::rotate_key(signed(key(10)), key(12)), Refusal::NotASubject);
		assert_eq!(may(10, SubjectAct::Restrictive), Err(Refusal::NotASubject.into()));
		assert_eq!(Subjects::subject_by_key(key(10)), None);
		assert_eq!(Subjects::subject_by_key(key(11)).map(|view| view.subject), Some(PATIENT));
	});
}

#[test]
fn rotate_key_needs_a_fresh_key() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		assert_noop!(Subjects::rotate_key(signed(key(10)), key(10)), Refusal::KeyTaken);
		assert_noop!(Subjects::rotate_key(signed(key(10)), key(20)), Refusal::KeyTaken);
		assert_noop!(Subjects::rotate_key(signed(key(10)), CLERK), Refusal::KeyOfMember);
		assert_noop!(Subjects::rotate_key(signed(STRANGER), key(11)), Refusal::NotASubject);
	});
}

#[test]
fn rotate_key_needs_a_pause() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		assert_ok!(Subjects::rotate_key(signed(key(10)), key(11)));
		advance(HOUR - 1);
		assert_noop!(Subjects::rotate_key(signed(key(11)), key(12)), Refusal::TooEarly);
		advance(1);
		assert_ok!(Subjects::rotate_key(signed(key(11)), key(12)));
	});
}

#[test]
fn history_answers_which_key_acted_at_a_moment() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		for seed in 11..30 {
			if seed != 20 {
				advance(HOUR);
				assert_ok!(Subjects::rotate_key(signed(present_key(PATIENT)), key(seed)));
			}
		}
		let at = |hours: u64, less: u64| Subjects::key_at(PATIENT, Some(Moment(START.0 + hours * HOUR - less)));
		assert_eq!(Subjects::key_at(PATIENT, Some(Moment(START.0 - 1))), None);
		assert_eq!(at(0, 0).unwrap().key, key(10));
		assert_eq!(at(1, 1).unwrap().key, key(10));
		assert_eq!(at(1, 0).unwrap().key, key(11));
		assert_eq!(at(9, 0).unwrap().key, key(19));
		assert_eq!(at(10, 0).unwrap().key, key(21));
		let view = at(4, 1).unwrap();
		assert_eq!((view.key, view.since), (key(13), Moment(START.0 + 3 * HOUR)));
		assert_eq!(view.at, Moment(START.0 + 4 * HOUR - 1));
		assert!(!view.doubtful);
		assert_eq!(Subjects::key_at(PATIENT, None).unwrap().key, key(29));
		assert_eq!(Subjects::key_at(SubjectId([1; 32]), None), None);
	});
}
