// SPDX-License-Identifier: Apache-2.0
//! What readers without a runtime read under the keys of an answer is what the pallet goes by.

use super::*;
use crate::{quota::Tally, SubjectRecord};
use codec::DecodeAll;
use epidaurus_primitives::{
	proof::HexBytes,
	stored::{StoredSubject, SUBJECTS_STORAGE_VERSION},
	subjects::{
		doubt::{is_doubtful, Doubt},
		rebind::Rebind,
		SubjectState,
	},
	timeline::Timeline,
};
use frame_support::traits::{GetStorageVersion, StorageVersion};

/// What stands under a key.
fn stored<Value: DecodeAll>(key: &HexBytes) -> Option<Value> {
	let bytes = frame_support::storage::unhashed::get_raw(&key.0)?;
	Some(Value::decode_all(&mut &bytes[..]).expect("the stored form is the described one"))
}

#[test]
fn stored_forms_are_of_the_storage_version_of_the_pallet() {
	assert_eq!(Subjects::in_code_storage_version(), StorageVersion::new(SUBJECTS_STORAGE_VERSION));
}

#[test]
fn a_subject_is_mirrored() {
	let state = SubjectState { key: key(1), proven: true, status: SubjectStatus::Merged { link: LINK } };
	let record = SubjectRecord {
		custodian: HOSPITAL,
		state: Timeline { state: state.clone(), since: Moment(5), earlier: 3 },
		rotated_at: Some(Moment(4)),
		nonce: 7,
		rebinds: 2,
		tally: Tally { block: 8u32, acts: 9 },
		ticket: 10u128,
	};
	let mirror = StoredSubject::decode_all(&mut &record.encode()[..]).unwrap();
	assert_eq!(mirror.encode(), record.encode());
	let expected = StoredSubject {
		custodian: HOSPITAL,
		state: Timeline { state, since: Moment(5), earlier: 3 },
		rotated_at: Some(Moment(4)),
		nonce: 7,
		rebinds: 2,
		tally: (8, 9),
		deposit: 10,
	};
	assert_eq!(mirror, expected);
}

#[test]
fn keys_lead_to_all_that_a_doubt_rests_on() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		let begun = now();
		let mut moments = vec![begun];
		let agree = |moments: &[Moment]| {
			let keys = Subjects::doubt_keys(PATIENT);
			assert_eq!((keys.len(), stored::<u16>(&keys[0])), (3, Some(SUBJECTS_STORAGE_VERSION)));
			let doubts: Vec<Doubt> = stored(&keys[1]).unwrap_or_default();
			let pending: Option<Rebind<AccountId32>> = stored(&keys[2]);
			for at in moments {
				assert_eq!(is_doubtful(&doubts, pending.as_ref(), *at), Subjects::is_doubtful(&PATIENT, *at), "{at:?}");
			}
			(doubts.len(), pending.is_some())
		};
		assert_eq!(agree(&moments), (0, false));
		for (seed, done) in [(40, 1), (41, 2)] {
			advance(10 * DAY);
			let lost = now();
			moments.extend([Moment(lost.0 - 1), lost, Moment(lost.0 + 1)]);
			assert_ok!(Subjects::start_rebind(signed(CLERK), PATIENT, key(seed), EVIDENCE, lost));
			assert_eq!(agree(&moments), (done - 1, true));
			assert!(!Subjects::is_doubtful(&PATIENT, lost), "one member's word is not enough");
			assert_ok!(Subjects::confirm_rebind(signed(DEPUTY), PATIENT, key(seed)));
			assert_eq!(agree(&moments), (done - 1, true));
			assert!(Subjects::is_doubtful(&PATIENT, lost));
			advance(WEEK);
			assert_ok!(Subjects::complete_rebind(signed(CLERK), PATIENT));
			moments.extend([Moment(now().0 - 1), now()]);
			assert_eq!(agree(&moments), (done, false));
		}
		let of_another = Subjects::doubt_keys(OTHER_PATIENT);
		assert_eq!((stored::<Vec<Doubt>>(&of_another[1]), stored::<Rebind<AccountId32>>(&of_another[2])), (None, None));
	});
}
