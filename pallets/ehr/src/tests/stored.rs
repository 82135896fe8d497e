// SPDX-License-Identifier: Apache-2.0
//! What the primitives say about the stored forms, for readers without a runtime, is what the pallet stores.

use super::*;
use crate::record::{RecordHead, RecordState};
use codec::{DecodeAll, Encode, FullCodec};
use epidaurus_primitives::{
	ehr::SuiteStatus,
	link::SubjectLink,
	proof::HexBytes,
	renewal::TreeSuite,
	stored::{StoredLog, StoredRecord, StoredVersion, EHR_STORAGE_VERSION},
};
use frame_support::traits::{GetStorageVersion, StorageVersion};
use proptest::prelude::*;

/// Both forms have the same bytes, and each is read back from the other's.
fn mirrored<Ours: FullCodec, Mirror: FullCodec>(ours: &Ours) -> Mirror {
	let bytes = ours.encode();
	let mirror = Mirror::decode_all(&mut bytes.as_slice()).expect("the mirror reads what the pallet stores");
	assert_eq!(mirror.encode(), bytes);
	mirror
}

fn head() -> impl Strategy<Value = RecordHead> {
	let state = prop_oneof![Just(RecordState::InForce), Just(RecordState::EnteredInError)];
	let link = any::<Option<[u8; 32]>>();
	(any::<u32>(), any::<u32>(), state, any::<u64>(), link).prop_map(|(custodian, version, state, since, link)| {
		let (custodian, since, link) = (OrgId(custodian), Moment(since), link.map(SubjectLink));
		RecordHead { custodian, version, state, since, link }
	})
}

fn checkpoint() -> impl Strategy<Value = Checkpoint> {
	(any::<u64>(), any::<[u8; 32]>(), any::<u64>(), any::<bool>()).prop_map(|(size, root, at, licensed)| Checkpoint {
		head: LogHead { size, root },
		at: Moment(at),
		licensed,
	})
}

proptest! {
	#[test]
	fn a_record_is_mirrored_with_the_standing_of_its_versions(head in head(), version in any::<u32>()) {
		let mirror: StoredRecord = mirrored(&head);
		prop_assert_eq!((mirror.custodian, mirror.version, mirror.since), (head.custodian, head.version, head.since));
		prop_assert_eq!(mirror.link, head.link);
		let near = [0, 1, head.version.saturating_sub(1), head.version, head.version.saturating_add(1), version];
		for version in near {
			prop_assert_eq!(mirror.standing_of(version), head.standing_of(version));
		}
	}

	#[test]
	fn a_version_is_mirrored(
		commitment in any::<[u8; 32]>(),
		suite in proptest::sample::select(HashSuite::ALL.to_vec()),
		at in any::<u64>(),
		ticket in any::<Option<u128>>(),
		payer in any::<u32>(),
	) {
		let (commitment, anchored_at, payer) = (Commitment(commitment), Moment(at), OrgId(payer));
		let version = Version { commitment, suite, anchored_at, ticket, payer };
		let mirror: StoredVersion = mirrored(&version);
		let expected = StoredVersion { commitment, suite, anchored_at, deposit: ticket, payer };
		prop_assert_eq!(mirror, expected);
	}

	#[test]
	fn a_log_is_mirrored(
		newest in checkpoint(),
		(checkpoints, thinned, days, ticket) in (any::<u64>(), any::<u64>(), any::<u32>(), any::<u128>()),
	) {
		let log = LogState { newest, checkpoints, thinned, days, ticket };
		let mirror: StoredLog = mirrored(&log);
		let found = (mirror.newest.head, mirror.newest.at, mirror.newest.licensed);
		prop_assert_eq!(found, (newest.head, newest.at, newest.licensed));
		let found = (mirror.checkpoints, mirror.thinned, mirror.days, mirror.deposit);
		prop_assert_eq!(found, (checkpoints, thinned, days, ticket));
	}
}

#[test]
fn mirrors_are_of_the_storage_version_of_the_pallet() {
	assert_eq!(Ehr::in_code_storage_version(), StorageVersion::new(EHR_STORAGE_VERSION));
}

fn raw(key: &HexBytes) -> Option<Vec<u8>> {
	frame_support::storage::unhashed::get_raw(&key.0)
}

/// These are the keys of all suites.
fn ensure_suites(keys: &[HexBytes]) {
	assert_eq!(keys.len(), HashSuite::ALL.len());
	for (suite, key) in HashSuite::ALL.into_iter().zip(keys) {
		assert_eq!(raw(key), None, "active");
		frame_support::hypothetically!({
			assert_ok!(Ehr::deprecate_suite(RuntimeOrigin::root(), suite));
			assert_eq!(raw(key), Some(Suites::<Test>::get(suite).encode()));
		});
	}
}

#[test]
fn keys_lead_to_the_subject_that_opened_a_record_and_to_no_other() {
	with_patients_record(|| {
		assert_eq!(Ehr::known_subject(RECORD), None, "the link alone says nothing");
		assert_ok!(dispute(PATIENT, OF_PATIENT));
		assert_eq!(Ehr::known_subject(RECORD), Some(PATIENT_ID));
		assert_eq!(Ehr::known_subject(RecordId([8; 16])), None);
	});
}

#[test]
fn keys_lead_to_all_that_an_answer_about_an_anchor_rests_on() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(anchor(CLERK, RECORD, 1));
		let keys = Ehr::verify_anchor_keys(RECORD, 1);
		assert_eq!(raw(&keys[3]), None, "nothing happened to it");
		assert_ok!(Ehr::place_hold(signed(INSPECTOR), RECORD));
		let (keys, suites) = keys.split_at(5);
		ensure_suites(suites);
		let values: Vec<_> = keys.iter().map(|key| raw(key).expect("it is stored")).collect();
		assert_eq!(values[0], EHR_STORAGE_VERSION.encode(), "set at genesis");
		assert_eq!(values[1], Records::<Test>::get(RECORD).unwrap().encode());
		assert_eq!(values[2], Versions::<Test>::get(RECORD, 1).unwrap().encode());
		assert_eq!(values[3], Lives::<Test>::get(RECORD).encode());
		assert_eq!(values[4], NETWORK.encode());
		assert_eq!(Ehr::anchor_keys(RECORD), keys[..2]);

		let other = Ehr::verify_anchor_keys(RECORD, 2);
		assert_eq!((raw(&other[2]), &other[1]), (None, &keys[1]));
		assert_eq!(raw(&Ehr::anchor_keys(RecordId([8; 16]))[1]), None);
	});
}

#[test]
fn keys_lead_to_all_that_an_answer_about_a_log_rests_on() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Ehr::open_log(signed(CLERK), LogKind::Disclosures));
		let keys = Ehr::verify_log_keys(HOSPITAL, LogKind::Disclosures);
		let (log_keys, common) = keys.split_at(3 + TreeSuite::ALL.len());
		assert!(log_keys[2..].iter().all(|key| raw(key).is_none()), "it was never renewed, and all trees are active");
		let (network, suites) = common.split_at(1);
		ensure_suites(suites);
		let log = TestLog::of(LogKind::Disclosures, 0..3);
		assert_ok!(log.checkpoint(CLERK, 0));
		let (checkpoint, path) = (CheckpointId { number: 0, size: 3 }, ConsistencyProof::default());
		let tree = TreeSuite::Blake2b256;
		assert_ok!(Ehr::renew_log(signed(CLERK), HOSPITAL, LogKind::Disclosures, checkpoint, tree, [7; 32], path));
		for tree in TreeSuite::ALL {
			assert_ok!(Ehr::deprecate_tree(RuntimeOrigin::root(), tree));
		}
		let values: Vec<_> = log_keys.iter().map(|key| raw(key).expect("it is stored")).collect();
		assert_eq!(values[0], EHR_STORAGE_VERSION.encode());
		assert_eq!(values[1], Logs::<Test>::get(HOSPITAL, LogKind::Disclosures).unwrap().encode());
		assert_eq!(values[2], Renewals::<Test>::get(HOSPITAL, LogKind::Disclosures).encode());
		assert_eq!(values[2], Ehr::renewals(HOSPITAL, LogKind::Disclosures).encode());
		let deprecated = SuiteStatus::Deprecated { since: START }.encode();
		assert_eq!(values[3..], [deprecated.clone(), deprecated]);
		assert_eq!(network.iter().map(raw).collect::<Vec<_>>(), [Some(NETWORK.encode())]);
		assert_eq!(Ehr::log_keys(HOSPITAL, LogKind::Disclosures), keys[..2]);
		assert_eq!(raw(&Ehr::log_keys(HOSPITAL, LogKind::Records)[1]), None);
	});
}
