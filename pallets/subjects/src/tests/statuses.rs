// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn deceased_subject_can_only_restrict_until_it_is_reinstated() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		advance(DAY);
		assert_ok!(Subjects::declare_deceased(signed(CLERK), PATIENT));
		assert_eq!(last_event(), Event::SubjectDeceased { subject: PATIENT, by: CLERK });
		assert_eq!(may(10, SubjectAct::Other), Err(Refusal::Restricted.into()));
		assert_eq!(may(10, SubjectAct::Restrictive), Ok(PATIENT));
		assert_noop!(Subjects::declare_deceased(signed(CLERK), PATIENT), Refusal::WrongState);
		assert_noop!(Subjects::merge(signed(CLERK), PATIENT, LINK), Refusal::WrongState);
		let rebind = Subjects::start_rebind(signed(CLERK), PATIENT, key(11), EVIDENCE, START);
		assert_noop!(rebind, Refusal::WrongState);
		advance(DAY);
		assert_ok!(Subjects::reinstate(signed(DEPUTY), PATIENT));
		assert_eq!(last_event(), Event::SubjectReinstated { subject: PATIENT, by: DEPUTY });
		assert_eq!(may(10, SubjectAct::Other), Ok(PATIENT));
		// What was said then is still known.
		let status = |days: u64| Subjects::key_at(PATIENT, Some(Moment(START.0 + days * DAY))).unwrap().status;
		assert_eq!(
			[status(0), status(1), status(2)],
			[SubjectStatus::Active, SubjectStatus::Deceased, SubjectStatus::Active]
		);
	});
}

#[test]
fn merged_subject_keeps_a_sealed_link_and_restrictive_acts() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		advance(DAY);
		assert_ok!(Subjects::merge(signed(CLERK), PATIENT, LINK));
		assert_eq!(last_event(), Event::SubjectMerged { subject: PATIENT, by: CLERK, link: LINK });
		assert_eq!(Subjects::subject(PATIENT).unwrap().status, SubjectStatus::Merged { link: LINK });
		assert!(Subjects::subject(PATIENT).unwrap().restricted);
		assert_ok!(Subjects::rotate_key(signed(key(10)), key(11)));
		assert_eq!(may(11, SubjectAct::Other), Err(Refusal::Restricted.into()));
		assert_noop!(Subjects::declare_deceased(signed(CLERK), PATIENT), Refusal::WrongState);
		assert_ok!(Subjects::reinstate(signed(CLERK), PATIENT));
		assert_eq!(may(11, SubjectAct::Other), Ok(PATIENT));
	});
}

#[test]
fn status_is_for_the_custodian_to_change() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		for (by, refusal) in [
			(SECRETARY, Refusal::NotAuthorised.into()),
			(NURSE, MockRegistry::NOT_AUTHORISED),
			(key(10), MockRegistry::NOT_AUTHORISED),
		] {
			assert_noop!(Subjects::declare_deceased(signed(by.clone()), PATIENT), refusal);
			assert_noop!(Subjects::merge(signed(by.clone()), PATIENT, LINK), refusal);
			assert_noop!(Subjects::reinstate(signed(by), PATIENT), refusal);
		}
		assert_noop!(Subjects::declare_deceased(signed(CLERK), SubjectId([1; 32])), Refusal::NotFound);
		assert_noop!(Subjects::reinstate(signed(CLERK), PATIENT), Refusal::WrongState);
	});
}

#[test]
fn rebind_waits_while_the_subject_is_closed() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		rebind_since(START);
		assert_ok!(Subjects::declare_deceased(signed(CLERK), PATIENT));
		advance(WEEK);
		assert_noop!(Subjects::complete_rebind(signed(CLERK), PATIENT), Refusal::WrongState);
		assert_ok!(Subjects::reinstate(signed(CLERK), PATIENT));
		assert_ok!(Subjects::complete_rebind(signed(CLERK), PATIENT));
	});
}
