// SPDX-License-Identifier: Apache-2.0
//! A patient's side of the command without a node: what is signed, what it is told in, and what is refused.

use crate::house::{answer, Answer, House, NETWORK};
use epid::{
	acts::{Act, ActFile, Understood},
	bundle::{Bundle, Evidence},
};
use epidaurus_primitives::{
	ehr::{LogKind, LogProof},
	hash::{HashSuite, Labels, NativeSha256, Opening, RecordDigest, RecordHeader, ResourceClass, Salt},
	ids::{NetworkId, OrgId, RecordId, SubjectId},
	link::LinkKey,
	moment::Moment,
	relay::wrapped,
};
use serde_json::{json, Value};
use sp_crypto_hashing::blake2_256;
use subxt_signer::sr25519::dev;

const SUBJECT: SubjectId = SubjectId([0x22; 32]);
const RECORD: RecordId = RecordId([0x33; 16]);

/// The bundle of a record that concerns this subject.
fn bundle(subject: Option<SubjectId>) -> Bundle {
	let network: NetworkId = NETWORK.parse().unwrap();
	let class = ResourceClass::new("Observation").unwrap();
	let header = RecordHeader { subject, class, labels: Labels::default(), clinical_time: None, version: 1 };
	let salt = Salt::new([7; 32]);
	let opening = Opening { salt: salt.clone(), suite: HashSuite::Raw, digest: RecordDigest([8; 32]), header };
	Bundle {
		network,
		custodian: OrgId(3),
		commitment: opening.commitment::<NativeSha256>(&network),
		opening,
		evidence: Evidence::Anchor { record: RECORD },
		link_key: subject.map(|_| LinkKey::of::<NativeSha256>(&salt)),
		elements: None,
	}
}

/// A patient with a key, a text, and the bundle of a record.
struct Patient {
	house: House,
}

impl Patient {
	fn new() -> Self {
		let house = House::empty();
		house.write("patient.key", "//Alice\n");
		house.write("why.txt", "it was the other knee");
		house.write("b.epid.json", bundle(Some(SUBJECT)).to_json());
		Self { house }
	}

	/// Signs without a node.
	fn sign(&self, act: &[&str]) -> Answer {
		let (genesis, subject) = (format!("0x{}", "11".repeat(32)), SUBJECT.to_string());
		let ground = ["--genesis", &genesis, "--network", NETWORK, "--nonce", "7", "--subject", &subject];
		let start = ["subject", "sign"].into_iter().chain(act.iter().copied());
		self.house.run(start.chain(ground).chain(["--key-file", "patient.key", "--json"]))
	}

	fn dispute(&self, more: &[&str]) -> Answer {
		let dispute = ["dispute", "--bundle", "b.epid.json", "--statement", "why.txt"];
		self.sign(&[&dispute[..], more].concat())
	}

	fn relay(&self, file: &str, more: &[&str]) -> Answer {
		let relay = ["relay", file, "--key-file", "patient.key", "--node", "ws://127.0.0.1:1", "--json"];
		self.house.run(relay.into_iter().chain(more.iter().copied()))
	}

	fn file(&self, name: &str) -> Value {
		serde_json::from_str(&self.house.read(name)).unwrap()
	}
}

fn name(answer: &Answer) -> String {
	answer.json()["error"]["name"].as_str().unwrap().to_owned()
}

fn payload(file: &Value) -> Vec<u8> {
	let digits = file["payload"].as_str().unwrap().trim_start_matches("0x");
	(0..digits.len() / 2).map(|index| u8::from_str_radix(&digits[2 * index..2 * index + 2], 16).unwrap()).collect()
}

#[test]
fn a_dispute_is_signed_in_words_and_the_words_are_the_payloads() {
	let patient = Patient::new();
	let told = patient.dispute(&["--yes", "--expires-in", "2h"]).expect(0).json();
	assert_eq!((&told["act"], &told["signed"], &told["nonce"]), (&"dispute".into(), &true.into(), &"7".into()));
	let file = patient.file("dispute.act.json");
	assert_eq!((&file["words"], &file["networkId"]), (&told["words"], &NETWORK.into()));
	let understood = Understood::read(&payload(&file)).unwrap();
	assert_eq!((understood.genesis, understood.subject, understood.nonce), ([0x11; 32], SUBJECT, 7));
	let Act::Dispute { record, link_key, statement } = understood.act else { panic!("{understood:?}") };
	assert_eq!((record, Some(link_key)), (RECORD, bundle(Some(SUBJECT)).link_key));
	let opening = patient.file("why.txt.opening.json");
	assert_eq!(
		(&opening["commitment"], &opening["opening"]["header"]["subject"]),
		(&json!(statement), &json!(SUBJECT))
	);
	assert!(understood.signature_of(file["signature"].as_str().unwrap(), &dev::alice().public_key().into()).is_ok());

	// For people: the same words, how long, and which network.
	let plain = patient.house.run([
		"subject",
		"sign",
		"prove-key",
		"--yes",
		"--genesis",
		&format!("0x{}", "11".repeat(32)),
		"--network",
		NETWORK,
		"--nonce",
		"0",
		"--subject",
		&SUBJECT.to_string(),
		"--key-file",
		"patient.key",
	]);
	let plain = plain.expect(0).out;
	for said in ["act:       show that somebody holds", "in 1 day", NETWORK, "nonce:     0", "wrote prove-key.act.json"]
	{
		assert!(plain.contains(said), "{plain}");
	}
	// The same text commits to the same, whenever it is signed.
	patient.dispute(&["--yes", "-o", "again.json"]).expect(0);
	let again = Understood::read(&payload(&patient.file("again.json"))).unwrap();
	assert_eq!(again.act, understood.act);
}

#[test]
fn nothing_is_signed_unasked() {
	let patient = Patient::new();
	let refused = patient.dispute(&[]).expect(2);
	assert_eq!(name(&refused), "usage");
	assert!(refused.err.contains("act:       dispute the record"), "{}", refused.err);
	assert!(!patient.house.path("dispute.act.json").exists());
	let house = &patient.house;
	let partly = ["subject", "sign", "prove-key", "--yes", "--network", NETWORK, "--key-file", "patient.key", "--json"];
	house.run(partly).expect(2);
	house.run(["subject", "sign", "prove-key", "--expires-in", "5", "--yes"]).expect(2);
	house.run(["subject", "sign", "--yes"]).expect(2);
	house.run(["subject"]).expect(2);
}

/// What another wallet holds: its public key, and its signatures with their scheme before them.
type Wallet = (String, Box<dyn Fn(&[u8]) -> String>);

fn sr25519() -> Wallet {
	let key = dev::alice();
	let public = hex::encode(key.public_key().0);
	(public, Box::new(move |payload| format!("0x01{}", hex::encode(key.sign(payload).0))))
}

/// As polkadot.js makes and uses its keys of the type `ecdsa`.
pub fn ecdsa(seed: u8) -> Wallet {
	let key = k256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap();
	let public = hex::encode(key.verifying_key().to_encoded_point(true));
	let sign = move |payload: &[u8]| {
		let (signature, which) = key.sign_prehash_recoverable(&blake2_256(payload)).unwrap();
		format!("0x02{}{:02x}", hex::encode(signature.to_bytes()), which.to_byte())
	};
	(public, Box::new(sign))
}

#[test]
fn another_wallet_signs_the_payload_raw_or_wrapped() {
	for wallet in [sr25519(), ecdsa(7)] {
		signed_by_another(wallet);
	}
}

fn signed_by_another((public, sign): Wallet) {
	let patient = Patient::new();
	let account = format!("0x{public}");
	for wrap in [false, true] {
		patient.dispute(&["--payload-only"]).expect(0);
		let file = patient.file("dispute.act.json");
		assert!(file.get("signature").is_none());
		assert_eq!(name(&patient.relay("dispute.act.json", &[]).expect(3)), "act-unsigned");
		let payload = payload(&file);
		let text = sign(&if wrap { wrapped(&payload) } else { payload });
		let complete = |signature: &str, account: &str| {
			let all =
				["subject", "complete", "dispute.act.json", "--signature", signature, "--account", account, "--json"];
			patient.house.run(all)
		};
		assert_eq!(name(&complete("0x1234", &account).expect(3)), "not-a-signature");
		assert_eq!(
			name(&complete(&text, "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty").expect(1)),
			"bad-signature"
		);
		let elsewhere = sign(b"another payload");
		assert_eq!(name(&complete(&elsewhere, &account).expect(1)), "bad-signature");
		complete(&text, &account).expect(0);
		assert_eq!(patient.file("dispute.act.json")["signature"], text);
		// Now only the node is missing.
		assert_eq!(name(&patient.relay("dispute.act.json", &[]).expect(4)), "node-unreachable");
	}
}

#[test]
fn a_file_that_was_tampered_with_is_refused_before_anything_is_asked() {
	let patient = Patient::new();
	patient.dispute(&["--yes"]).expect(0);
	let text = patient.house.read("dispute.act.json");
	let refusal = |text: &str, code: i32| {
		patient.house.write("t.json", text);
		let answer = patient.house.run(["relay", "t.json", "--json"]).expect(code);
		name(&answer)
	};
	assert_eq!(refusal(&text.replace("dispute the record", "praise the record"), 1), "words-differ");
	assert_eq!(refusal(&text.replace("nonce:     7", "nonce:     8"), 1), "words-differ");
	let call = "3c06".to_owned() + &"33".repeat(16);
	assert!(text.contains(&call));
	assert_eq!(refusal(&text.replace(&call, &call.replace("3c06", "3c08")), 3), "unsupported-call");
	assert_eq!(refusal(&text.replace(&call, &call.replace("3c06", "3c09")), 1), "words-differ");
	assert_eq!(refusal(&text.replace("\"payload\": \"0x65", "\"payload\": \"0x66"), 3), "not-an-act");
	assert_eq!(refusal(&text.replace("\"payload\": \"0x", "\"payload\": \""), 3), "not-an-act");
	refusal("{}", 3);
	assert_eq!(name(&patient.house.run(["relay", "no-such-file", "--json"]).expect(3)), "unreadable");
	let other = format!("0x{}", "23".repeat(32));
	assert_eq!(name(&patient.relay("dispute.act.json", &["--subject", &other]).expect(1)), "other-subject");
}

#[test]
fn a_bundle_that_is_not_of_the_subject_is_refused() {
	let patient = Patient::new();
	let refusal = |bundle: Bundle, code: i32| {
		patient.house.write("b.epid.json", bundle.to_json());
		name(&patient.dispute(&["--yes"]).expect(code))
	};
	assert_eq!(refusal(bundle(Some(SubjectId([0x23; 32]))), 1), "other-subject");
	assert_eq!(refusal(bundle(None), 3), "not-linked");
	assert_eq!(refusal(Bundle { link_key: None, ..bundle(Some(SUBJECT)) }, 3), "not-linked");
	assert_eq!(refusal(Bundle { network: NetworkId([1; 32]), ..bundle(Some(SUBJECT)) }, 1), "other-network");
	let proof = LogProof {
		sequence: 0,
		head: epidaurus_primitives::ehr::LogHead { size: 1, root: [0; 32] },
		path: vec![],
		renewed: None,
	};
	let evidence = Evidence::Log { kind: LogKind::Records, proof };
	assert_eq!(refusal(Bundle { evidence, link_key: None, ..bundle(Some(SUBJECT)) }, 3), "not-anchored");
	assert!(!patient.house.path("why.txt.opening.json").exists(), "nothing was committed to");
	patient.house.write("b.epid.json", bundle(Some(SUBJECT)).to_json());
	patient.dispute(&["--yes", "0x44444444444444444444444444444444"]).expect(2);
	patient.dispute(&["--yes", &RECORD.to_string()]).expect(0);
	// Without bundle and store there is nothing to show the link with.
	let answer = patient.sign(&["dispute", &RECORD.to_string(), "--statement", "why.txt", "--yes"]);
	assert_eq!(name(&answer.expect(5)), "store-not-initialised");
	patient.house.write("why.txt", "it was the other ankle");
	assert_eq!(name(&patient.dispute(&["--yes"]).expect(2)), "usage");
	patient.dispute(&["--yes", "--opening", "second.json"]).expect(0);
}

#[test]
fn a_file_of_the_library_is_a_file_of_the_command() {
	let patient = Patient::new();
	let act = Understood::new([0x11; 32], SUBJECT, 3, Moment(1_795_167_000_000), Act::ContestRebind);
	let file = ActFile::new(&act, NETWORK.parse().unwrap(), None);
	patient.house.write("a.json", serde_json::to_string(&file).unwrap());
	assert_eq!(name(&patient.relay("a.json", &[]).expect(3)), "act-unsigned");
}

#[test]
fn a_pseudonym_is_another_one_each_time() {
	let house = House::new();
	let id = || house.run(["subject", "id", "--json"]).expect(0).json()["subject"].as_str().unwrap().to_owned();
	let (one, other) = (id(), id());
	assert!(one != other && one.parse::<SubjectId>().is_ok());
	assert_eq!(house.run(["subject", "id"]).expect(0).out.trim().parse::<SubjectId>().map(|_| ()), Ok(()));
	house.resources(1);
	house.run(["append", "data", "--subject", &one]).expect(0);
	assert_eq!(house.run(["forget", &one, "--json"]).expect(0).json()["forgotten"]["entries"], 1);
	assert_eq!(name(&House::empty().run(["subject", "id", "--json"]).expect(5)), "store-not-initialised");
}

#[test]
fn duties_are_used_rightly_or_not_at_all() {
	let house = House::new();
	house.write("why.txt", "it is accurate");
	let (subject, record) = (SUBJECT.to_string(), RECORD.to_string());
	house.run(["subject", "merge", &subject, "--into", &subject]).expect(2);
	let resolve = ["dispute", "resolve", &record, "--resolution", "upheld", "--explanation", "why.txt", "--json"];
	assert_eq!(name(&house.run(resolve).expect(5)), "store-not-found");
	house
		.run(["request", "deny", &record, "--request", "0", "--reason", "no-such-reason", "--explanation", "why.txt"])
		.expect(2);
	for wrong in [&["hold", &record][..], &["retain", &record], &["erase", &record], &["request", "accept", &record]] {
		house.run(wrong.iter().copied()).expect(2);
	}
	let mut command = house.command(["hold", "place", &record, "--node", "ws://127.0.0.1:1", "--json"]);
	assert_eq!(name(&answer(command.env("EPID_KEY", "//Regulator//inspector")).expect(4)), "node-unreachable");
}
