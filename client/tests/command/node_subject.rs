// SPDX-License-Identifier: Apache-2.0
//! Patients, their custodian and an inspector against a node: acts that are relayed or sent, and each step taken once.

use crate::{
	house::{answer, resource, Answer, House},
	node::Node,
	subject::ecdsa,
};
use codec::Encode;
use epid::{
	acts::{ActFile, Understood},
	chain::Encoded,
};
use epidaurus_primitives::{
	ids::{NetworkId, SubjectId},
	moment::Moment,
	registry::Roles,
	relay::wrapped,
};
use serde_json::Value;
use sp_crypto_hashing::blake2_256;
use subxt::{utils::AccountId32, OnlineClient, SubstrateConfig};
use subxt_signer::{
	sr25519::{Keypair, Signature},
	SecretUri,
};

const CLERK: &str = "//Alice//records";
const SECOND: &str = "//Alice//records//second";
const INSPECTOR: &str = "//Regulator//inspector";
const PATIENT: &str = "//Patient";

fn key(uri: &str) -> Keypair {
	Keypair::from_uri(&uri.parse::<SecretUri>().unwrap()).unwrap()
}

fn account(uri: &str) -> String {
	key(uri).public_key().to_account_id().to_string()
}

fn signature_text(signature: &Signature) -> String {
	format!("0x01{}", signature.0.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
}

/// A hospital with a node, a record about a patient whom it enrolled, and the bundle of that record.
struct Ward {
	house: House,
	node: Node,
	subject: String,
	record: String,
}

impl Ward {
	fn new() -> Self {
		let house = House::empty();
		let mut ward = Self { house, node: Node::start(200), subject: String::new(), record: String::new() };
		ward.by(CLERK, &["init"]).expect(0);
		ward.subject = ward.by(CLERK, &["subject", "id"]).expect(0).json()["subject"].as_str().unwrap().to_owned();
		ward.house.write("why.txt", "it was the other knee");
		ward.house.write("reply.txt", "it was this knee");
		ward.once(CLERK, &["subject", "enrol", &ward.subject, &account(PATIENT)]);
		ward.house.write("r.json", resource("one"));
		let anchored = ward.by(CLERK, &["anchor", "r.json", "--subject", &ward.subject]).expect(0).json();
		ward.record = anchored["record"].as_str().unwrap().to_owned();
		ward.by(CLERK, &["prove", &ward.record, "-o", "b.epid.json"]).expect(0);
		ward
	}

	/// Runs a command with a key.
	fn by(&self, key: &str, arguments: &[&str]) -> Answer {
		let all = arguments.iter().copied().chain(["--node", &self.node.url, "--json"]);
		answer(self.house.command(all).env("EPID_KEY", key))
	}

	/// Runs a command twice: the second time nothing is submitted.
	#[track_caller]
	fn once(&self, key: &str, arguments: &[&str]) {
		for submitted in [true, false] {
			let told = self.by(key, arguments).expect(0).json();
			assert_eq!(told["submitted"], submitted, "{arguments:?}");
		}
	}

	fn life(&self) -> Value {
		let head = ["head", "--record", &self.record, "-o", "head.json"];
		self.by(CLERK, &head).expect(0);
		serde_json::from_str::<Value>(&self.house.read("head.json")).unwrap()["life"].clone()
	}

	fn nonce(&self) -> String {
		let status = self.by(CLERK, &["subject", "status", &self.subject]).expect(0).json();
		status["subject"]["nonce"].as_str().unwrap().to_owned()
	}

	/// What is in a file of an act.
	fn understood(&self, file: &str) -> (Understood, NetworkId) {
		let file: ActFile = serde_json::from_str(&self.house.read(file)).unwrap();
		(file.understood().unwrap(), file.network_id)
	}

	/// Writes the file of an act that the patient signed, or somebody else.
	fn write(&self, act: &Understood, network: NetworkId, uri: &str) {
		let signer = key(uri);
		let signature = signature_text(&signer.sign(act.payload()));
		let signature = act.signature_of(&signature, &signer.public_key().to_account_id()).unwrap();
		let file = ActFile::new(act, network, Some(&signature));
		self.house.write("x.act.json", serde_json::to_string(&file).unwrap());
	}

	fn relay(&self, file: &str) -> Answer {
		self.by("//Bob//records", &["relay", file])
	}
}

fn name(answer: &Answer) -> String {
	answer.json()["error"]["name"].as_str().unwrap().to_owned()
}

#[test]
fn a_signed_act_is_relayed_once_and_all_others_are_refused_with_a_reason() {
	let ward = Ward::new();
	let dispute = ["subject", "sign", "dispute", "--bundle", "b.epid.json", "--statement", "why.txt", "--yes"];
	let signed = ward.by(PATIENT, &dispute).expect(0).json();
	assert_eq!((&signed["nonce"], &signed["subject"]), (&"0".into(), &ward.subject.as_str().into()));
	let (good, network) = ward.understood("dispute.act.json");

	// Another chain, another network, nobody's subject, another time, another key.
	let altered = |genesis, subject, nonce, until| Understood::new(genesis, subject, nonce, until, good.act);
	let refusal = |act: &Understood, network, uri: &str| {
		ward.write(act, network, uri);
		name(&ward.relay("x.act.json").expect(1))
	};
	let until = good.expires_at;
	assert_eq!(refusal(&altered([9; 32], good.subject, 0, until), network, PATIENT), "other-chain");
	assert_eq!(refusal(&good, NetworkId([9; 32]), PATIENT), "other-network");
	assert_eq!(refusal(&altered(good.genesis, SubjectId([9; 32]), 0, until), network, PATIENT), "unknown-subject");
	assert_eq!(refusal(&altered(good.genesis, good.subject, 1, until), network, PATIENT), "nonce-ahead");
	assert_eq!(refusal(&altered(good.genesis, good.subject, 0, Moment(1)), network, PATIENT), "act-expired");
	assert_eq!(refusal(&good, network, "//Thief"), "bad-signature");
	assert_eq!(ward.nonce(), "0");

	let relayed = ward.relay("dispute.act.json").expect(0).json();
	assert_eq!((&relayed["relayed"], &relayed["words"]), (&"dispute".into(), &signed["words"]));
	assert_eq!((ward.nonce().as_str(), &ward.life()["disputed"]), ("1", &true.into()));
	assert_eq!(name(&ward.relay("dispute.act.json").expect(1)), "nonce-used");

	// An act that fails inside: its nonce is spent, and the error is told by its name.
	let sign = ["subject", "sign", "withdraw-dispute", "0x00000000000000000000000000000000", "--yes", "-o", "w.json"];
	ward.by(PATIENT, &sign).expect(0);
	let failed = ward.relay("w.json").expect(4).json();
	assert_eq!(
		(&failed["error"]["name"], &failed["error"]["chainError"]),
		(&"act-failed".into(), &"Ehr.NotFound".into())
	);
	assert_eq!(ward.nonce(), "2");

	// Another wallet signs it wrapped.
	let sign = [
		"subject",
		"sign",
		"withdraw-dispute",
		&ward.record,
		"--payload-only",
		"--subject",
		&ward.subject,
		"-o",
		"w.json",
	];
	ward.by(PATIENT, &sign).expect(0);
	let signature = signature_text(&key(PATIENT).sign(&wrapped(ward.understood("w.json").0.payload())));
	let complete = ["subject", "complete", "w.json", "--signature", &signature, "--account", &account(PATIENT)];
	ward.by(PATIENT, &complete).expect(0);
	ward.relay("w.json").expect(0);
	assert_eq!(ward.life()["disputed"], false);
	// A key that is nobody's signs nothing.
	assert_eq!(name(&ward.by("//Thief", &["subject", "sign", "prove-key", "--yes"]).expect(2)), "not-a-subject");
	let of_another = ["subject", "sign", "prove-key", "--yes", "--subject", &ward.subject];
	assert_eq!(name(&ward.by("//Thief", &of_another).expect(2)), "other-key");
}

#[test]
fn acts_of_an_ecdsa_key_are_relayed() {
	let ward = Ward::new();
	let (public, sign) = ecdsa(7);
	let (public, next) = (format!("0x{public}"), ecdsa(8).0);
	let subject = ward.by(CLERK, &["subject", "id"]).expect(0).json()["subject"].as_str().unwrap().to_owned();
	ward.once(CLERK, &["subject", "enrol", &subject, &public]);
	for (act, wrap) in [(&["prove-key"][..], false), (&["rotate-key", &format!("0x{next}")], true)] {
		let ask = [&["subject", "sign", "--payload-only", "--subject", &subject, "-o", "e.json"], act].concat();
		ward.by(PATIENT, &ask).expect(0);
		let payload = ward.understood("e.json").0.payload().to_vec();
		let signature = sign(&if wrap { wrapped(&payload) } else { payload });
		let complete = ["subject", "complete", "e.json", "--signature", &signature, "--account", &public];
		ward.by(PATIENT, &complete).expect(0);
		ward.relay("e.json").expect(0);
	}
	let status = ward.by(CLERK, &["subject", "status", &subject]).expect(0).json();
	let expected = AccountId32(blake2_256(&hex::decode(next).unwrap()));
	assert_eq!((&status["subject"]["nonce"], &status["subject"]["key"]), (&"2".into(), &expected.to_string().into()));
}

#[test]
fn patient_and_custodian_take_each_step_of_a_records_life_once() {
	let ward = Ward::new();
	let record = ward.record.as_str();
	ward.once(PATIENT, &["subject", "prove-key"]);
	let linked = ["--bundle", "b.epid.json", "--statement", "why.txt"];
	ward.once(PATIENT, &[&["subject", "dispute"][..], &linked].concat());
	let resolve = ["dispute", "resolve", record, "--resolution", "rejected", "--explanation", "reply.txt"];
	ward.once(CLERK, &[&resolve[..], &["--opening", "for-the-patient.json"]].concat());
	let opening: Value = serde_json::from_str(&ward.house.read("for-the-patient.json")).unwrap();
	let life = ward.life();
	let outcome = &life["disputes"][0]["end"]["outcome"]["resolved"];
	assert_eq!((&outcome["resolution"], &outcome["explanation"]), (&"rejected".into(), &opening["commitment"]));

	let ask = [&["subject", "request-amendment", "--opening", "how.json"][..], &linked].concat();
	ward.once(PATIENT, &ask);
	let deny = [
		"request",
		"deny",
		record,
		"--request",
		"0",
		"--reason",
		"accurate-and-complete",
		"--explanation",
		"reply.txt",
	];
	ward.once(CLERK, &deny);
	ward.once(
		PATIENT,
		&["subject", "disagree", record, "--request", "0", "--statement", "why.txt", "--opening", "no.json"],
	);
	ward.once(CLERK, &["request", "rebut", record, "--request", "0", "--statement", "reply.txt"]);
	let life = ward.life();
	let request = &life["requests"][0];
	assert_eq!((&request["state"], &request["overdue"]), (&"rebutted".into(), &false.into()));

	// A second request is accepted after the record was amended.
	ward.house.write("how.txt", "write: the other knee");
	ward.once(PATIENT, &["subject", "request-amendment", "--bundle", "b.epid.json", "--statement", "how.txt"]);
	let accept = ["request", "accept", record, "--request", "1"];
	assert_eq!(ward.by(CLERK, &accept).expect(4).json()["error"]["chainError"], "Ehr.NotAmended");
	ward.house.write("r.json", resource("two"));
	ward.by(CLERK, &["amend", record, "r.json", "--subject", &ward.subject]).expect(0);
	ward.once(CLERK, &accept);

	assert_eq!(name(&ward.by(PATIENT, &["hold", "place", record]).expect(4)), "not-a-member");
}

#[test]
fn what_is_held_disputed_or_retained_is_neither_forgotten_nor_erased() {
	let ward = Ward::new();
	ward.employ(SECOND);
	let (record, subject) = (ward.record.as_str(), ward.subject.as_str());
	let erase = ["erase", record, "--ground", "consent-withdrawn"];
	assert_eq!(name(&ward.by(CLERK, &erase).expect(2)), "usage", "the store can still open it");
	ward.house.write("other.json", resource("other"));
	let other = ward.by(CLERK, &["anchor", "other.json", "--subject", subject]).expect(0).json();
	let other = other["record"].as_str().unwrap();
	let forgets: [&[&str]; 2] = [&["forget", subject], &["forget", "--record", record]];
	let kept = |reason: &str| {
		for forget in forgets {
			let refused = ward.by(CLERK, forget).expect(1);
			assert_eq!(name(&refused), reason);
			assert!(refused.json()["error"]["message"].as_str().unwrap().contains(record), "{refused:?}");
		}
		// Nothing was destroyed.
		ward.by(CLERK, &["prove", record, "-o", "again.epid.json"]).expect(0);
	};
	ward.once(INSPECTOR, &["hold", "place", record]);
	kept("record-held");
	ward.once(INSPECTOR, &["hold", "lift", record]);
	let dispute = ["subject", "dispute", "--bundle", "b.epid.json", "--statement", "why.txt"];
	ward.once(PATIENT, &dispute);
	kept("record-disputed");
	let resolve = ["dispute", "resolve", record, "--resolution", "rejected", "--explanation", "reply.txt"];
	ward.once(CLERK, &resolve);
	// The same text after the dispute has ended opens another, once.
	ward.once(PATIENT, &dispute);
	assert_eq!((&ward.life()["disputed"], ward.life()["disputes"].as_array().map(Vec::len)), (&true.into(), Some(2)));
	kept("record-disputed");
	ward.by(PATIENT, &["subject", "withdraw-dispute", record]).expect(0);
	// A node that knows nothing of the record is no answer.
	let stranger = Node::start(200);
	let elsewhere = ["forget", subject, "--node", &stranger.url, "--json"];
	let refused = answer(ward.house.command(elsewhere).env("EPID_KEY", CLERK));
	assert_eq!(name(&refused.expect(1)), "record-unknown");
	assert_eq!(
		name(&ward.house.run(["forget", subject, "--node", "ws://127.0.0.1:1", "--json"]).expect(4)),
		"node-unreachable"
	);

	// One record alone: the other one of the same patient stays.
	let forgotten = ward.by(CLERK, &["forget", "--record", record]).expect(0).json();
	assert_eq!((&forgotten["forgotten"]["versions"], &forgotten["chainAsked"]), (&1.into(), &true.into()));
	ward.by(CLERK, &["prove", other, "-o", "other.epid.json"]).expect(0);
	assert_eq!(name(&ward.by(CLERK, &["prove", record, "-o", "gone.epid.json"]).expect(5)), "record-forgotten");
	// What stands against it is asked for again before anybody attests.
	ward.once(INSPECTOR, &["hold", "place", record]);
	assert_eq!(name(&ward.by(CLERK, &erase).expect(1)), "record-held");
	ward.once(INSPECTOR, &["hold", "lift", record]);
	ward.once(CLERK, &erase);
	assert_eq!(ward.life()["attestation"]["ground"], "consentWithdrawn");
	ward.once(SECOND, &erase);
	assert_eq!(ward.life()["erasure"]["ground"], "consentWithdrawn");

	ward.once(CLERK, &["retain", other, "--until", "2099-01-01T00:00:00Z"]);
	assert_eq!(name(&ward.by(CLERK, &["forget", subject]).expect(1)), "record-retained");
	let erase = ["erase", other, "--ground", "consent-withdrawn"];
	// Whoever goes round the question is warned, and still does not get it erased.
	let without = ward.by(CLERK, &["forget", subject, "--without-chain"]).expect(0);
	assert!(without.err.contains("the chain was not asked"), "{}", without.err);
	assert_eq!(name(&ward.by(CLERK, &erase).expect(1)), "record-retained");
}

#[test]
fn a_record_of_nobody_is_forgotten_and_erased_alone() {
	let ward = Ward::new();
	ward.employ(SECOND);
	let anchor = |file: &str| {
		ward.house.write(file, resource(file));
		ward.by(CLERK, &["anchor", file]).expect(0).json()["record"].as_str().unwrap().to_owned()
	};
	let (record, other) = (anchor("n.json"), anchor("o.json"));
	let erase = ["erase", &record, "--ground", "unlawful-processing"];
	assert_eq!(name(&ward.by(CLERK, &erase).expect(2)), "usage");
	ward.by(CLERK, &["forget", "--record", &record]).expect(0);
	ward.once(CLERK, &erase);
	ward.once(SECOND, &erase);
	ward.by(CLERK, &["head", "--record", &record, "-o", "h.json"]).expect(0);
	let head: Value = serde_json::from_str(&ward.house.read("h.json")).unwrap();
	assert_eq!(head["life"]["erasure"]["ground"], "unlawfulProcessing");
	ward.by(CLERK, &["prove", &other, "-o", "o.epid.json"]).expect(0);
}

#[test]
fn keys_are_rotated_bound_anew_and_contested() {
	let ward = Ward::new();
	ward.employ(SECOND);
	let subject = ward.subject.as_str();
	ward.once(PATIENT, &["subject", "rotate-key", &account("//Patient//second")]);
	assert_eq!(name(&ward.by(PATIENT, &["subject", "prove-key"]).expect(2)), "not-a-subject");
	let status = ward.by(CLERK, &["subject", "status", subject]).expect(0).json();
	assert_eq!((&status["subject"]["key"], &status["rebind"]), (&account("//Patient//second").into(), &Value::Null));

	ward.house.write("proofing.pdf", "passport seen");
	let (new, other) = (account("//Patient//third"), account("//Patient//fourth"));
	let start = ["subject", "rebind", "start", subject, &new, "--evidence", "proofing.pdf", "--lost-since"];
	let start = [&start[..], &["2020-01-01T00:00:00Z", "--opening", "proofing.json"]].concat();
	ward.once(CLERK, &start);
	let confirm = ["subject", "rebind", "confirm", subject, &new];
	assert_eq!(ward.by(CLERK, &confirm).expect(4).json()["error"]["chainError"], "Subjects.SameMember");
	ward.once(SECOND, &confirm);
	let status = ward.by(CLERK, &["subject", "status", subject]).expect(0).json();
	let opening: Value = serde_json::from_str(&ward.house.read("proofing.json")).unwrap();
	assert_eq!(
		(&status["rebind"]["phase"], &status["rebind"]["evidence"]),
		(&"contestable".into(), &opening["commitment"])
	);
	assert_eq!(name(&ward.by(CLERK, &["subject", "rebind", "complete", subject, &other]).expect(2)), "usage");
	let complete = ward.by(CLERK, &["subject", "rebind", "complete", subject, &new]).expect(4).json();
	assert_eq!(complete["error"]["chainError"], "Subjects.TooEarly");
	ward.once("//Patient//second", &["subject", "contest-rebind"]);
	let plain = ward.house.run(["subject", "status", subject, "--node", &ward.node.url]).expect(0).out;
	assert!(plain.contains("contested: the consortium decides"), "{plain}");
	ward.once(CLERK, &["subject", "rebind", "withdraw", subject]);

	ward.once(CLERK, &["subject", "deceased", subject]);
	ward.once(CLERK, &["subject", "reinstate", subject]);
	let into = ward.by(CLERK, &["subject", "id"]).expect(0).json()["subject"].as_str().unwrap().to_owned();
	ward.once(CLERK, &["subject", "merge", subject, "--into", &into, "--opening", "link.json"]);
	let status = ward.by(CLERK, &["subject", "status", subject]).expect(0).json();
	let opening: Value = serde_json::from_str(&ward.house.read("link.json")).unwrap();
	assert_eq!(status["subject"]["status"]["merged"]["link"], opening["commitment"]);
	assert_eq!(name(&ward.by(CLERK, &["subject", "status", &into]).expect(1)), "unknown-subject");
}

impl Ward {
	/// The hospital employs another records officer, who gets something to pay fees with.
	fn employ(&self, uri: &str) {
		let member = key(uri).public_key().0;
		let employ = (member, Roles::RECORDS, None::<Moment>).encode();
		let transfer = ([&[0], member.as_slice()].concat(), codec::Compact(10u128.pow(13)));
		let mut paid = transfer.0;
		paid.extend(transfer.1.encode());
		for (pallet, call, arguments) in [("Registry", "add_member", employ), ("Balances", "transfer_keep_alive", paid)]
		{
			let call = Encoded::new(pallet, call, arguments);
			tokio::runtime::Runtime::new().unwrap().block_on(async {
				let client = OnlineClient::<SubstrateConfig>::from_url(&self.node.url).await.unwrap();
				let at = client.at_current_block().await.unwrap();
				let sent = at.transactions().sign_and_submit_then_watch_default(&call, &key("//Alice")).await.unwrap();
				sent.wait_for_finalized_success().await.unwrap();
			});
		}
	}
}
