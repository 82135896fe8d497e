// SPDX-License-Identifier: Apache-2.0
//! The link of a record to its subject.

use codec::Encode;
use epidaurus_primitives::{
	hash::{hmac, HashSuite, Labels, NativeSha256, Opening, RecordDigest, RecordHeader, ResourceClass, Salt},
	ids::{NetworkId, RecordId, SubjectId},
	link::{LinkKey, SubjectLink},
};
use proptest::prelude::*;

const NETWORK: NetworkId = NetworkId([1; 32]);
const RECORD: RecordId = RecordId([5; 16]);
const SUBJECT: SubjectId = SubjectId([9; 32]);

fn opening(subject: Option<SubjectId>) -> Opening {
	Opening {
		salt: Salt::new([7; 32]),
		suite: HashSuite::Raw,
		digest: RecordDigest([3; 32]),
		header: RecordHeader {
			subject,
			class: ResourceClass::new("Observation").unwrap(),
			labels: Labels::default(),
			clinical_time: None,
			version: 1,
		},
	}
}

#[test]
fn key_and_link_are_what_the_design_says() {
	let key = hmac::<NativeSha256>(&[7; 32], &[b"epidaurus/lnk/v1"]);
	let message = [&b"epidaurus/lnk/v1"[..], &[1; 32], &[5; 16], &[9; 32]].concat();
	assert_eq!(LinkKey::of::<NativeSha256>(&Salt::new([7; 32])).0, key);
	let link = opening(Some(SUBJECT)).subject_link::<NativeSha256>(&NETWORK, &RECORD).unwrap();
	assert_eq!(link.0, hmac::<NativeSha256>(&key, &[&message]));
}

#[test]
fn key_and_link_are_frozen() {
	let key = LinkKey::of::<NativeSha256>(&Salt::new([7; 32]));
	assert_eq!(key.to_string(), FROZEN_KEY);
	let link = key.link::<NativeSha256>(&NETWORK, &RECORD, &SUBJECT);
	assert_eq!(link.to_string(), FROZEN_LINK);
	assert_eq!((key.encode(), link.encode()), (key.0.to_vec(), link.0.to_vec()), "bare bytes");
	assert_eq!(serde_json::from_str::<SubjectLink>(&format!("\"{FROZEN_LINK}\"")).unwrap(), link);
}
// Computed from the formulas by another implementation (Python's hmac).
const FROZEN_KEY: &str = "0xa07992ffda676013475ab8bd98832c49219f2fdadde723e9b2ecd974bd0c7094";
const FROZEN_LINK: &str = "0x5f708a8c92943baefaeca6a057fa012511489ccb68459721b2687189698415da";

#[test]
fn a_record_without_subject_has_no_link() {
	assert_eq!(opening(None).subject_link::<NativeSha256>(&NETWORK, &RECORD), None);
}

#[test]
fn a_key_is_not_a_commitment_and_no_link() {
	let opening = opening(Some(SUBJECT));
	let key = LinkKey::of::<NativeSha256>(&opening.salt);
	assert_ne!(key.0, opening.commitment::<NativeSha256>(&NETWORK).0);
	assert_ne!(key.0, opening.salt.0 .0);
	assert_ne!(Some(key.0), opening.subject_link::<NativeSha256>(&NETWORK, &RECORD).map(|link| link.0));
}

proptest! {
	/// Everything that a link covers changes it, so that no key opens another record, subject or network.
	#[test]
	fn link_binds_each_part(part in 0usize..4, place in 0usize..16, byte in 1u8..) {
		let mut salt = [7; 32];
		let (mut network, mut record, mut subject) = (NETWORK, RECORD, SUBJECT);
		match part {
			0 => salt[place] ^= byte,
			1 => network.0[place] ^= byte,
			2 => record.0[place] ^= byte,
			_ => subject.0[place] ^= byte,
		}
		let link = LinkKey::of::<NativeSha256>(&Salt::new([7; 32])).link::<NativeSha256>(&NETWORK, &RECORD, &SUBJECT);
		let other = LinkKey::of::<NativeSha256>(&Salt::new(salt)).link::<NativeSha256>(&network, &record, &subject);
		prop_assert_ne!(link, other);
	}

	/// The key of one version's salt says nothing about another's: two records of one subject cannot be tied together.
	#[test]
	fn links_of_one_subject_differ(one: [u8; 32], other: [u8; 32], record: [u8; 16]) {
		prop_assume!(one != other);
		let link = |salt| LinkKey::of::<NativeSha256>(&Salt::new(salt))
			.link::<NativeSha256>(&NETWORK, &RecordId(record), &SUBJECT);
		prop_assert_ne!(link(one), link(other));
	}
}
