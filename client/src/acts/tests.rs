// SPDX-License-Identifier: Apache-2.0

use super::*;
use crate::signer::ecdsa;
use epidaurus_primitives::{
	ids::{NetworkId, OrgId, SubjectId},
	moment::Moment,
	relay::wrapped,
	subjects::SubjectStatus,
	views::SubjectView,
};
use subxt_signer::sr25519::{dev, Keypair};

const GENESIS: [u8; 32] = [0x11; 32];
const SUBJECT: SubjectId = SubjectId([0x22; 32]);
const NONCE: u64 = 7;
const UNTIL: Moment = Moment(1_795_167_000_000);
const NOW: Moment = Moment(UNTIL.0 - 3_600_000);
const NETWORK: NetworkId = NetworkId([0x65; 32]);

const RECORD: RecordId = RecordId([0x33; 16]);
const LINK: LinkKey = LinkKey([0x44; 32]);
const TEXT: Commitment = Commitment([0x55; 32]);

/// Every act with its encoded call, by hand: pallet, call, arguments.
fn all() -> Vec<(Act, String)> {
	let (record, link_key, statement) = (RECORD, LINK, TEXT);
	let (r, l, t) = ("33".repeat(16), "44".repeat(32), "55".repeat(32));
	vec![
		(Act::Dispute { record, link_key, statement }, format!("3c06{r}{l}{t}")),
		(Act::WithdrawDispute { record }, format!("3c07{r}")),
		(Act::RequestAmendment { record, link_key, statement }, format!("3c09{r}{l}{t}")),
		(Act::Disagree { record, request: 2, statement }, format!("3c0c{r}02000000{t}")),
		(Act::ProveKey, "3301".into()),
		(Act::RotateKey { new_key: AccountId32([0x66; 32]) }, format!("3302{}", "66".repeat(32))),
		(Act::ContestRebind, "3305".into()),
	]
}

fn understood(act: Act) -> Understood {
	Understood::new(GENESIS, SUBJECT, NONCE, UNTIL, act)
}

pub(crate) fn view(nonce: u64, key: AccountId32) -> SubjectView<AccountId32> {
	SubjectView {
		subject: SUBJECT,
		custodian: OrgId(3),
		enrolled_at: Moment(1),
		key,
		proven: false,
		status: SubjectStatus::Active,
		since: Moment(1),
		restricted: false,
		nonce,
	}
}

fn account(key: &Keypair) -> AccountId32 {
	key.public_key().into()
}

#[test]
fn calls_are_frozen() {
	for (act, expected) in all() {
		assert_eq!(hex::encode(act.call()), expected, "{}", act.name());
		assert_eq!(Act::of_call(&act.call()), Some(act));
	}
}

/// The vector of `epidaurus_primitives::relay` with a call of ours.
#[test]
fn payload_is_frozen() {
	let expected = [
		hex::encode("epidaurus/relay/v1"),
		"11".repeat(32),
		"22".repeat(32),
		"0700000000000000".into(),
		"c0954af8a1010000".into(),
		"3301".into(),
	];
	assert_eq!(hex::encode(understood(Act::ProveKey).payload()), expected.concat());
}

#[test]
fn a_call_that_is_no_act_is_not_understood() {
	// subjects.enrol, ehr.resolve_dispute, balances.transfer, and calls that are too short or too long.
	for call in ["3300", "3c08", "0a00", "33", "", "330100", "3c07", "3302", "3c0733"] {
		let call = hex::decode(call).unwrap();
		assert_eq!(Act::of_call(&call), None);
		let payload = [understood(Act::ProveKey).payload().strip_suffix(&[0x33, 0x01]).unwrap(), &call].concat();
		assert_eq!(Understood::read(&payload), Err(ActRefused::UnsupportedCall));
	}
	assert_eq!(Understood::read(&wrapped(understood(Act::ProveKey).payload())), Err(ActRefused::NotAnAct));
	assert_eq!(Understood::read(b""), Err(ActRefused::NotAnAct));
}

#[test]
fn what_was_written_is_read() {
	for (act, _) in all() {
		let written = understood(act);
		assert_eq!(Understood::read(written.payload()), Ok(written));
	}
}

#[test]
fn words_are_frozen() {
	let words = understood(all()[0].0).words();
	let expected = [
		"act:       dispute the record 0x33333333333333333333333333333333: everybody who asks about it sees that its subject says \
		 it is wrong, and it cannot be erased until the dispute has ended",
		"shows:     the link key 0x4444444444444444444444444444444444444444444444444444444444444444: that this one record concerns \
		 this subject, and nothing else",
		"statement: 0x5555555555555555555555555555555555555555555555555555555555555555, a commitment; the text stays with who has \
		 its opening",
		"subject:   0x2222222222222222222222222222222222222222222222222222222222222222",
		"chain:     0x1111111111111111111111111111111111111111111111111111111111111111 (hash of its first block); good on no other",
		"nonce:     7; good once",
		"expires:   2026-11-20T09:30:00.000Z",
	];
	assert_eq!(words, expected);
}

/// Whatever differs in a payload differs in its words.
#[test]
fn every_part_of_a_payload_shows_in_its_words() {
	let (record, link_key, statement) = (RECORD, LINK, TEXT);
	let base = Act::Disagree { record, request: 2, statement };
	let dispute = Act::Dispute { record, link_key, statement };
	let mut payloads: Vec<_> = all().into_iter().map(|(act, _)| understood(act)).collect();
	payloads.extend([
		Understood::new([0; 32], SUBJECT, NONCE, UNTIL, base),
		Understood::new(GENESIS, SubjectId([0; 32]), NONCE, UNTIL, base),
		Understood::new(GENESIS, SUBJECT, 8, UNTIL, base),
		Understood::new(GENESIS, SUBJECT, NONCE, Moment(UNTIL.0 + 1), base),
		understood(Act::Disagree { record: RecordId([0; 16]), request: 2, statement }),
		understood(Act::Disagree { record, request: 3, statement }),
		understood(Act::Disagree { record, request: 2, statement: Commitment([0; 32]) }),
		understood(Act::Dispute { record, link_key: LinkKey([0; 32]), statement }),
		understood(Act::RotateKey { new_key: AccountId32([0; 32]) }),
	]);
	assert!(payloads.contains(&understood(dispute)) && payloads.contains(&understood(base)));
	for (place, one) in payloads.iter().enumerate() {
		assert!(payloads[..place].iter().all(|other| other.words() != one.words()), "{place}");
	}
}

#[test]
fn how_long_it_lasts_is_told_in_two_units() {
	let told = |left: u64| in_how_long(Moment(1000 + left), Moment(1000));
	assert_eq!(told(0), "too late");
	assert_eq!(told(1), "in less than a second");
	assert_eq!(told(1000), "in 1 second");
	assert_eq!(told(90_000), "in 1 minute 30 seconds");
	assert_eq!(told(3_600_000), "in 1 hour");
	assert_eq!(told(3_600_000 + 59_000), "in 1 hour");
	assert_eq!(told(93_600_000), "in 1 day 2 hours");
	assert_eq!(in_how_long(Moment(1), Moment(2)), "too late");
}

#[test]
fn a_signature_over_the_bare_or_the_wrapped_payload_is_taken() {
	let (key, act) = (dev::alice(), understood(Act::ProveKey));
	for payload in [act.payload().to_vec(), wrapped(act.payload())] {
		let signature = key.sign(&payload).0;
		for text in
			[hex::encode(signature), format!("0x{}", hex::encode(signature)), format!("0x01{}", hex::encode(signature))]
		{
			let found = act.signature_of(&text, &account(&key)).unwrap();
			assert_eq!(codec::Encode::encode(&found)[0], 1);
		}
		let text = hex::encode(signature);
		let other = account(&dev::bob());
		assert_eq!(act.signature_of(&text, &other), Err(ActRefused::BadSignature(other)));
		let elsewhere = understood(Act::ContestRebind);
		assert!(matches!(elsewhere.signature_of(&text, &account(&key)), Err(ActRefused::BadSignature(_))));
		assert!(matches!(act.signature_of(&format!("00{text}"), &account(&key)), Err(ActRefused::BadSignature(_))));
	}
	let twice = key.sign(&wrapped(&wrapped(act.payload()))).0;
	assert!(matches!(act.signature_of(&hex::encode(twice), &account(&key)), Err(ActRefused::BadSignature(_))));
	for text in ["", "0x", "zz", &"ab".repeat(63), &"ab".repeat(66)] {
		assert_eq!(act.signature_of(text, &account(&key)), Err(ActRefused::NotASignature), "{text}");
	}
}

/// The tests of the subjects' pallet have the same signatures.
#[test]
fn a_signature_by_ecdsa_is_taken_bare_or_wrapped() {
	let act = understood(Act::ProveKey);
	let key = ecdsa::tests::account_of_seed(7);
	assert_eq!(hex::encode(key.0), ecdsa::tests::ACCOUNT);
	for signature in ecdsa::tests::SIGNATURES.into_iter().chain([ecdsa::tests::HIGHER]) {
		for text in [signature.to_owned(), format!("0x{signature}"), format!("0x02{signature}")] {
			let found = act.signature_of(&text, &key).unwrap();
			assert_eq!(hex::encode(codec::Encode::encode(&found)), format!("02{signature}"));
		}
		let other = ecdsa::tests::account_of_seed(8);
		assert_eq!(act.signature_of(signature, &other), Err(ActRefused::BadSignature(other)));
		let elsewhere = understood(Act::ContestRebind);
		assert_eq!(elsewhere.signature_of(signature, &key), Err(ActRefused::BadSignature(key)));
		assert_eq!(act.signature_of(&format!("0x03{signature}"), &key), Err(ActRefused::NotASignature));
		assert_eq!(
			act.signature_of(&signature[..128], &key),
			Err(ActRefused::BadSignature(key)),
			"which key is missing"
		);
	}
	let wrapped_twice = ecdsa::tests::sign(7, &wrapped(&wrapped(act.payload())));
	assert_eq!(act.signature_of(&hex::encode(wrapped_twice), &key), Err(ActRefused::BadSignature(key)));
	let file = ActFile::new(&act, NETWORK, act.signature_of(ecdsa::tests::SIGNATURES[1], &key).ok().as_ref());
	assert!(act.signature_of(file.signature().unwrap(), &key).is_ok(), "as it is handed on");
}

#[test]
fn an_act_is_due_on_its_chain_once_and_in_time() {
	let act = understood(Act::ProveKey);
	let key = account(&dev::alice());
	let due = |genesis, nonce, now| act.ensure_due(genesis, Some(&view(nonce, key)), now);
	assert_eq!(due(GENESIS, NONCE, NOW), Ok(()));
	assert_eq!(due(GENESIS, NONCE, Moment(UNTIL.0 - 1)), Ok(()));
	assert_eq!(due([0x12; 32], NONCE, NOW).unwrap_err().name(), "other-chain");
	assert_eq!(due(GENESIS, 8, NOW), Err(ActRefused::NonceUsed { stated: 7, next: 8 }));
	assert_eq!(due(GENESIS, 6, NOW), Err(ActRefused::NonceAhead { stated: 7, next: 6 }));
	assert_eq!(due(GENESIS, NONCE, UNTIL), Err(ActRefused::Expired { until: UNTIL, now: UNTIL }));
	assert_eq!(act.ensure_due(GENESIS, None, NOW), Err(ActRefused::UnknownSubject(SUBJECT)));
}

#[test]
fn a_file_is_understood_by_its_payload_and_refused_if_its_words_differ() {
	let folder = tempfile::tempdir().unwrap();
	let path = folder.path().join("act.json");
	let read = |text: &str| {
		std::fs::write(&path, text).unwrap();
		ActFile::read(&path)
	};
	let act = understood(all()[0].0);
	let unsigned = ActFile::new(&act, NETWORK, None);
	let signature =
		act.signature_of(&hex::encode(dev::alice().sign(act.payload()).0), &account(&dev::alice())).unwrap();
	let signed = unsigned.clone().signed(&signature);
	assert_eq!(unsigned.signature(), Err(ActRefused::Unsigned));
	assert_eq!(signed, ActFile::new(&act, NETWORK, Some(&signature)));
	let text = crate::bundle::json(&signed);
	assert_eq!(read(&text).unwrap(), signed);
	assert_eq!(read(&text).unwrap().understood(), Ok(act.clone()));
	assert!(act.signature_of(signed.signature().unwrap(), &account(&dev::alice())).is_ok());

	// Words, payload, and both of them changed.
	let kinder = text.replace("dispute the record", "praise the record");
	assert_eq!(read(&kinder).unwrap().understood(), Err(ActRefused::WordsDiffer));
	let other = text.replace(&"33".repeat(16), &"34".repeat(16));
	let both = read(&other).unwrap().understood().unwrap();
	assert!(act.signature_of(signed.signature().unwrap(), &account(&dev::alice())).is_ok());
	assert!(both.signature_of(signed.signature().unwrap(), &account(&dev::alice())).is_err());
	let payload = hex::encode(act.payload());
	let changed = text.replace(&payload, &payload.replace(&"33".repeat(16), &"34".repeat(16)));
	assert_eq!(read(&changed).unwrap().understood(), Err(ActRefused::WordsDiffer));
	for broken in [payload.replace("3c06", "3c08"), payload[2..].to_owned(), "zz".to_owned()] {
		assert!(read(&text.replace(&payload, &broken)).unwrap().understood().is_err(), "{broken}");
	}
	for malformed in ["", "{}", &text.replace("\"version\": 1", "\"version\": 2"), &text.replace("words", "word")] {
		assert_eq!(crate::Error::from(read(malformed).unwrap_err()).exit_code(), 3);
	}
}

#[test]
fn reasons_have_names_of_their_own() {
	let key = account(&dev::alice());
	let reasons = [
		ActRefused::NotAnAct,
		ActRefused::UnsupportedCall,
		ActRefused::WordsDiffer,
		ActRefused::Unsigned,
		ActRefused::NotASignature,
		ActRefused::OtherChain { stated: String::new(), asked: String::new() },
		ActRefused::OtherNetwork { stated: NETWORK, asked: NETWORK },
		ActRefused::OtherSubject { stated: SUBJECT, asked: SUBJECT },
		ActRefused::UnknownSubject(SUBJECT),
		ActRefused::NotASubject(key),
		ActRefused::OtherKey { given: key, present: key },
		ActRefused::NonceUsed { stated: 0, next: 1 },
		ActRefused::NonceAhead { stated: 1, next: 0 },
		ActRefused::Expired { until: NOW, now: UNTIL },
		ActRefused::BadSignature(key),
		ActRefused::NotAnchored,
		ActRefused::NotLinked,
		ActRefused::Declined,
	];
	let codes: Vec<_> = reasons.iter().map(ActRefused::exit_code).collect();
	assert_eq!(codes, [3, 3, 1, 3, 3, 1, 1, 1, 1, 2, 2, 1, 1, 1, 1, 3, 3, 2]);
	let names: std::collections::HashSet<_> = reasons.iter().map(ActRefused::name).collect();
	assert_eq!(names.len(), reasons.len());
}
