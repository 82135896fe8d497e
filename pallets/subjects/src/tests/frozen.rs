// SPDX-License-Identifier: Apache-2.0
//! What stored data and clients rely on.

use super::*;
use crate::{doubt::Doubt, quota::Meter, HoldReason, SubjectRecordOf};
use codec::MaxEncodedLen;

#[test]
fn hold_reasons_are_frozen() {
	assert_eq!(HoldReason::Subject.encode(), [0]);
}

#[test]
fn stored_forms_are_frozen() {
	assert_eq!(Doubt { from: Moment(1), until: Moment(2) }.encode(), [1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]);
	let meter = Meter { day: 1, used: 2, block: 3u32, ordinary: 4, restrictive: 5 };
	let expected = [1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5, 0, 0, 0];
	assert_eq!(meter.encode(), expected);
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		let encoded = Records::<Test>::get(PATIENT).unwrap().encode();
		let state = [HOSPITAL.encode(), key(10).encode(), vec![0, 0], START.encode(), vec![0; 4]].concat();
		assert!(encoded.starts_with(&state));
	});
}

/// The price of a subject is part of what custodians are told.
#[test]
fn sizes_are_frozen() {
	assert_eq!(SubjectRecordOf::<Test>::max_encoded_len(), 123);
	assert_eq!(Subjects::subject_footprint().size, 1_985);
}
