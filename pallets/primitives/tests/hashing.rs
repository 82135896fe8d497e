// SPDX-License-Identifier: Apache-2.0
//! Published vectors, and the formats that thirty years of proofs depend on.

use codec::{Decode, Encode};
use epidaurus_primitives::{
	ehr::{LogEntry, LogHead, LogKind, LogProof, RecordStanding},
	gln::Gln,
	hash::{
		digest, hmac, Commitment, Confidentiality, HashSuite, Labels, NativeSha256, Opening, RecordDigest,
		RecordHeader, ResourceClass, Salt, Sha256, StreamingDigest,
	},
	ids::{LicenceId, NetworkId, OrgId, RecordId, SubjectId},
	jurisdiction::Jurisdiction,
	moment::{BadMoment, Moment},
	registry::{
		Capability, Holder, LicenceScope, LicenceStatus, OrganisationClass, OrganisationStatus, Roles, Standing,
	},
	verify::Refusal,
};
use hex_literal::hex;
use proptest::prelude::*;

fn opening() -> Opening {
	Opening {
		salt: Salt::new([7; 32]),
		suite: HashSuite::FhirStaticRecursive,
		digest: digest::<NativeSha256>(HashSuite::FhirStaticRecursive, br#"{"resourceType":"Patient"}"#),
		header: RecordHeader {
			subject: Some(SubjectId([9; 32])),
			class: ResourceClass::new("Patient").unwrap(),
			labels: Labels { confidentiality: Some(Confidentiality::N), sensitivity: Labels::PSY },
			clinical_time: Some(Moment(1_700_000_000_000)),
			version: 1,
		},
	}
}

#[test]
fn hmac_fits_rfc_4231() {
	let cases: [(&[u8], &[u8], [u8; 32]); 6] = [
		(&[0x0b; 20], b"Hi There", hex!("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")),
		(
			b"Jefe",
			b"what do ya want for nothing?",
			hex!("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
		),
		(&[0xaa; 20], &[0xdd; 50], hex!("773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe")),
		(
			&hex!("0102030405060708090a0b0c0d0e0f10111213141516171819"),
			&[0xcd; 50],
			hex!("82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
		),
		(
			&[0xaa; 131],
			b"Test Using Larger Than Block-Size Key - Hash Key First",
			hex!("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
		),
		(
			&[0xaa; 131],
			b"This is a test using a larger than block-size key and a larger than block-size data. \
			The key needs to be hashed before being used by the HMAC algorithm.",
			hex!("9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
		),
	];
	for (key, message, expected) in cases {
		assert_eq!(hmac::<NativeSha256>(key, &[message]), expected);
		let (front, back) = message.split_at(message.len() / 2);
		assert_eq!(hmac::<NativeSha256>(key, &[front, back]), expected, "the parts' borders must not matter");
	}
}

#[test]
fn digest_and_commitment_are_what_the_design_says() {
	let opening = opening();
	let content = br#"{"resourceType":"Patient"}"#;
	let mut preimage = b"epidaurus/rec/v1".to_vec();
	preimage.push(2);
	preimage.extend((content.len() as u64).to_le_bytes());
	preimage.extend(content);
	assert_eq!(opening.digest.0, NativeSha256::hash(&[&preimage]));

	let network = NetworkId([1; 32]);
	let mut message = b"epidaurus/com/v1".to_vec();
	message.extend(network.0);
	message.push(2);
	message.extend(opening.digest.0);
	message.extend(opening.header.encode());
	assert_eq!(opening.commitment::<NativeSha256>(&network).0, hmac::<NativeSha256>(&[7; 32], &[&message]));
}

#[test]
fn hashes_are_frozen() {
	let opening = opening();
	let commitment = opening.commitment::<NativeSha256>(&NetworkId([1; 32]));
	let entry = LogEntry { kind: LogKind::Records, sequence: 5, commitment };
	assert_eq!(opening.digest.to_string(), FROZEN_DIGEST);
	assert_eq!(commitment.to_string(), FROZEN_COMMITMENT);
	assert_eq!(Commitment(entry.leaf::<NativeSha256>()).to_string(), FROZEN_LEAF);
}
// Computed from the formulas by another implementation (Python's hashlib and hmac).
const FROZEN_DIGEST: &str = "0xd3ab534b79095faf687def731d914a4663cf1721e9f803be08f5f7a0afb9dd3c";
const FROZEN_COMMITMENT: &str = "0xe1b3e35900a33c87b9ad15a5b6797081557ce5eef941c22018cd2e6b6e4001f9";
const FROZEN_LEAF: &str = "0x2715f7f07c25a6ff95e9a9530bf30a8164c84ed6fcbc80fb7fc57cb5906c860e";

#[test]
fn encodings_are_frozen() {
	assert_eq!(
		opening().header.encode(),
		[
			&[1][..],
			&[9; 32],
			&[28],
			b"Patient",
			&hex!("0103"),
			&hex!("04000000"),
			&[1],
			&1_700_000_000_000u64.to_le_bytes(),
			&hex!("01000000"),
		]
		.concat()
	);
	let entry = LogEntry { kind: LogKind::DeviceStream, sequence: 258, commitment: Commitment([3; 32]) };
	assert_eq!(entry.encode(), [&hex!("020201000000000000")[..], &[3; 32]].concat());
	let head = LogHead { size: 1, root: [4; 32] };
	assert_eq!(head.encode(), [&hex!("0100000000000000")[..], &[4; 32]].concat());
	assert_eq!(OrgId(1).encode(), hex!("01000000"));
	assert_eq!(LicenceId(2).encode(), hex!("02000000"));
	assert_eq!(RecordId([5; 16]).encode(), [5; 16]);
	assert_eq!(Holder::<u8>::Organisation(OrgId(1)).encode(), hex!("0001000000"));
	assert_eq!(Holder::Member(8u8).encode(), hex!("0108"));
	assert_eq!(LicenceScope::All.encode(), hex!("00"));
	assert_eq!("US-CA".parse::<Jurisdiction>().unwrap().encode(), b"US\x01CA\0");
	assert_eq!(RecordStanding::Amended { current: 2 }.encode(), hex!("0102000000"));
	assert_eq!(Refusal::CommitmentMismatch.encode(), hex!("04"));
	assert_eq!(Standing::OrganisationInactive(OrganisationStatus::Suspended).encode(), hex!("0302"));
}

#[test]
fn codes_of_words_are_frozen() {
	fn codes<Word: Encode>(words: &[Word]) -> Vec<u8> {
		words.iter().flat_map(Encode::encode).collect()
	}
	assert_eq!(codes(OrganisationClass::ALL), (0..=10).collect::<Vec<u8>>());
	assert_eq!(codes(OrganisationStatus::ALL), (0..=4).collect::<Vec<u8>>());
	assert_eq!(codes(Capability::ALL), (0..=10).collect::<Vec<u8>>());
	assert_eq!(codes(LicenceStatus::ALL), (0..=2).collect::<Vec<u8>>());
	assert_eq!(codes(&HashSuite::ALL), (0..=3).collect::<Vec<u8>>());
	assert!(HashSuite::ALL.iter().all(|suite| suite.encode() == [suite.code()]), "hashed code is the SCALE index");
	assert_eq!(codes(&[LogKind::Records, LogKind::Disclosures, LogKind::DeviceStream]), [0, 1, 2]);
	// They are hashed with every header that has labels.
	use Confidentiality::{L, M, N, R, U, V};
	assert_eq!(codes(&[U, L, M, N, R, V]), [0, 1, 2, 3, 4, 5]);
	let first = [Labels::ETH, Labels::OPIOIDUD, Labels::PSY, Labels::SDV, Labels::HIV];
	let last = [Labels::GDIS, Labels::SEX, Labels::SICKLE, Labels::IMPORTED];
	assert_eq!((first, last), ([1, 2, 4, 8, 16], [32, 64, 128, 0x8000_0000]));
	assert_eq!(
		Roles::GRANTABLE.names().collect::<Vec<_>>().join(" "),
		"Records Clinician Pharmacist Production Quality Logistics Trials Reviewer Licensing Claims Operator Inspector"
	);
	let low = [Roles::CONTROLLER, Roles::RECORDS, Roles::CLINICIAN, Roles::PHARMACIST, Roles::PRODUCTION];
	let middle = [Roles::QUALITY, Roles::LOGISTICS, Roles::TRIALS, Roles::REVIEWER, Roles::LICENSING];
	let high = [Roles::CLAIMS, Roles::OPERATOR, Roles::INSPECTOR];
	for (bit, role) in low.into_iter().chain(middle).chain(high).enumerate() {
		assert_eq!(role.encode(), (1_u16 << bit).encode());
	}
}

#[test]
fn salt_is_not_printed() {
	assert!(!format!("{:?}", opening()).contains("0707"));
}

#[test]
fn resource_class_refuses_all_but_letters() {
	assert_eq!(ResourceClass::new("Observation").unwrap().as_str(), "Observation");
	for bad in ["", "Two Words", "a/b", "é", &"x".repeat(65)] {
		assert!(ResourceClass::new(bad).is_err(), "{bad:?}");
		assert!(ResourceClass::decode(&mut &bad.encode()[..]).is_err(), "{bad:?}");
	}
	let longest = "x".repeat(64);
	for good in ["R", "Observation", &longest] {
		let class = ResourceClass::new(good).unwrap();
		assert_eq!(class.encode(), good.encode(), "its bytes, with their number before");
		assert_eq!(ResourceClass::decode(&mut &good.encode()[..]), Ok(class));
	}
	assert!(ResourceClass::decode(&mut &[4, 0xff][..]).is_err(), "no text");
	let mut encoded = opening().encode();
	let place = encoded.windows(7).position(|bytes| bytes == b"Patient").unwrap();
	Opening::decode(&mut &encoded[..]).unwrap();
	encoded[place] = b' ';
	assert!(Opening::decode(&mut &encoded[..]).is_err(), "also within what is shown to the chain");
}

#[test]
fn streaming_digest_refuses_another_length() {
	let mut stream = StreamingDigest::new(HashSuite::Raw, 5);
	stream.update(b"four");
	assert_eq!(stream.finish(), None);
	let mut stream = StreamingDigest::new(HashSuite::Raw, 3);
	stream.update(b"four");
	assert_eq!(stream.finish(), None);
}

#[test]
fn json_of_an_opening_and_a_proof_reads_back() {
	let opening = opening();
	let json = serde_json::to_value(&opening).unwrap();
	assert_eq!(json["suite"], "fhir-static-recursive");
	assert_eq!(json["header"]["clinicalTime"], "2023-11-14T22:13:20.000Z");
	assert_eq!(json["header"]["class"], "Patient");
	assert_eq!(serde_json::from_value::<Opening>(json).unwrap(), opening);

	let proof =
		LogProof { sequence: u64::MAX, head: LogHead { size: 9, root: [1; 32] }, path: vec![[2; 32]], renewed: None };
	let json = serde_json::to_value(&proof).unwrap();
	assert_eq!(json["sequence"], "18446744073709551615");
	assert_eq!(serde_json::from_value::<LogProof>(json).unwrap(), proof);
}

#[test]
fn json_refuses_malformed_values() {
	for bad in [r#""12""#, r#""0x12""#, r#""0xzz""#, "5", r#""0x""#] {
		assert!(serde_json::from_str::<RecordId>(bad).is_err(), "{bad}");
	}
	for bad in [r#""2023-11-14""#, r#""1969-12-31T23:59:59Z""#, "17", r#""now""#] {
		assert!(serde_json::from_str::<Moment>(bad).is_err(), "{bad}");
	}
	for bad in [r#""gr""#, r#""GRC""#, r#""US-""#, r#""US-CALI""#, r#""US_CA""#, r#""""#, r#""é""#] {
		assert!(serde_json::from_str::<Jurisdiction>(bad).is_err(), "{bad}");
	}
	for bad in [r#"["Controller","Emperor"]"#, r#""Records""#] {
		assert!(serde_json::from_str::<Roles>(bad).is_err(), "{bad}");
	}
}

#[test]
fn country_covers_its_subdivisions_only() {
	let [us, ca, ny, gr] = ["US", "US-CA", "US-NY", "GR"].map(|text| text.parse::<Jurisdiction>().unwrap());
	assert!(us.covers(&us) && us.covers(&ca) && ca.covers(&ca));
	assert!(!ca.covers(&us) && !ca.covers(&ny) && !gr.covers(&us));
	assert_eq!(ca.to_string(), "US-CA");
}

#[test]
fn gln_checks_its_digits() {
	for good in ["0614141000012", "4012345000009", "5412345000013"] {
		assert_eq!(good.parse::<Gln>().unwrap().to_string(), good);
	}
	use epidaurus_primitives::gln::BadGln;
	assert_eq!("0614141000013".parse::<Gln>(), Err(BadGln::WrongCheckDigit));
	assert_eq!("061414100001".parse::<Gln>(), Err(BadGln::WrongLength));
	assert_eq!("06141410000l2".parse::<Gln>(), Err(BadGln::NotADigit));
	assert!(!Gln([0xff; 13]).is_valid());
}

proptest! {
	#[test]
	fn streaming_digest_equals_digest(content: Vec<u8>, cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..4)) {
		let mut stream = StreamingDigest::new(HashSuite::Raw, content.len() as u64);
		let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(content.len() + 1)).collect();
		places.extend([0, content.len()]);
		places.sort();
		for pair in places.windows(2) {
			stream.update(&content[pair[0]..pair[1]]);
		}
		prop_assert_eq!(stream.finish(), Some(digest::<NativeSha256>(HashSuite::Raw, &content)));
	}

	/// Everything that a commitment covers changes it.
	#[test]
	fn commitment_binds_each_part(part in 0usize..9, byte in 1u8..) {
		let network = NetworkId([1; 32]);
		let original = opening();
		let mut other = opening();
		let mut other_network = network;
		match part {
			0 => other.salt = Salt::new([7 ^ byte; 32]),
			1 => other.suite = HashSuite::Raw,
			2 => other.digest = RecordDigest([byte; 32]),
			3 => other.header.subject = None,
			4 => other.header.class = ResourceClass::new("Person").unwrap(),
			5 => other.header.labels.sensitivity ^= u32::from(byte),
			6 => other.header.clinical_time = Some(Moment(u64::from(byte))),
			7 => other.header.version += u32::from(byte),
			_ => other_network.0[usize::from(byte) % 32] ^= byte,
		}
		prop_assert_ne!(original.commitment::<NativeSha256>(&network), other.commitment::<NativeSha256>(&other_network));
	}

	#[test]
	fn gln_has_one_check_digit(digits in prop::array::uniform12(b'0'..=b'9')) {
		let valid = (b'0'..=b'9').filter(|check| {
			let mut number = [0u8; 13];
			number[..12].copy_from_slice(&digits);
			number[12] = *check;
			Gln(number).is_valid()
		});
		prop_assert_eq!(valid.count(), 1);
	}

	#[test]
	fn decoding_bytes_never_panics(bytes: Vec<u8>) {
		let _ = Opening::decode(&mut &bytes[..]);
		let _ = LogProof::decode(&mut &bytes[..]).map(|proof| format!("{proof:?}"));
		let _ = Jurisdiction::decode(&mut &bytes[..]).map(|place| (place.is_valid(), place.to_string()));
		if let Ok(class) = ResourceClass::decode(&mut &bytes[..]) {
			prop_assert_eq!(ResourceClass::new(class.as_str()), Ok(class));
		}
	}
}

#[test]
fn moment_of_four_digit_years_is_read_as_written() {
	let last = Moment(253_402_300_799_999);
	assert_eq!(last.to_string(), "9999-12-31T23:59:59.999Z");
	for moment in [Moment(0), Moment(1_795_167_000_123), last] {
		assert_eq!(moment.to_string().parse(), Ok(moment));
	}
	for beyond in [Moment(last.0 + 1), Moment(u64::MAX)] {
		assert_eq!(beyond.to_string(), "beyond the calendar");
	}
	for text in ["9999-12-31T23:59:59-00:01", "1969-12-31T23:59:59Z", "+10000-01-01T00:00:00Z", "beyond the calendar"] {
		assert_eq!(text.parse::<Moment>(), Err(BadMoment), "{text}");
	}
}
