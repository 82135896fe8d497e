// SPDX-License-Identifier: Apache-2.0
//! What every option and every argument of every command refuses. The list is clap's own: who adds an option says here what it
//! refuses, or the test fails.

use super::{below, run, Cli, Context};
use crate::{
	bundle::{write_private, Bundle, Evidence},
	output::Output,
};
use clap::{error::ContextKind, error::ContextValue, Arg, ArgAction, Command, CommandFactory, Parser};
use epidaurus_primitives::{
	hash::{HashSuite, Labels, NativeSha256, Opening, RecordDigest, RecordHeader, ResourceClass, Salt},
	ids::OrgId,
	link::LinkKey,
};
use std::{any::TypeId, ffi::OsString, fs, path::PathBuf};
use tempfile::TempDir;

/// What stands for a value in the help, a value that is taken under this name, and some that are refused.
const VALUES: [(&str, &str, &[&str]); 15] = [
	("NUMBER", "1", &["-1", "1.5", "one", "0x1", "18446744073709551616"]),
	("ENTRIES", "1", &["-1", "1.5", "all", "18446744073709551616"]),
	("SECONDS", "5", &["0", "-1", "1.5", "3601", "soon"]),
	("MINUTES", "5", &["-1", "1.5", "5m", "18446744073709551616"]),
	("30m|12h|7d", "12h", &["12", "0h", "-1h", "1.5h", "1w", "h"]),
	("TIME", "2026-01-31T09:30:00Z", &["yesterday", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-31", "0"]),
	("HEX", SUBJECT, &["0x12", "07", "0xzz", NETWORK_CUT]),
	("HASH", SUBJECT, &["0x12", "07", "0xzz", NETWORK_CUT]),
	("SUBJECT", SUBJECT, &["0x12", "Alice", NETWORK_CUT]),
	("RECORD", RECORD, &["0x12", "6f1d", SUBJECT]),
	("ACCOUNT", ACCOUNT, &["Alice", "0x12", "5GrwvaEF5zXb26Fz9rcQ"]),
	("NAME", "Observation", &["not a class", "9"]),
	("CAPABILITY", "BreakGlass", &["breakglass", "Everything", "0"]),
	("CODE", "GR", &["Greece", "gr", "G", "GR-"]),
	("PATH", "x", &[]),
];

const SUBJECT: &str = "0x6565656565656565656565656565656565656565656565656565656565656565";
const OTHER: &str = "0x6665656565656565656565656565656565656565656565656565656565656565";
const ACCOUNT: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
const NETWORK_CUT: &str = "0x65656565656565656565656565656565656565656565656565656565656565";
const RECORD: &str = "0x33333333333333333333333333333333";

/// Values that are well-formed and make no sense where they stand.
const SENSELESS: [(&str, &str, &str); 2] =
	[("epid prove", "version_number", "0"), ("epid light-proof", "version_number", "0")];

fn parses(arguments: &[String]) -> Result<(), clap::Error> {
	Cli::try_parse_from(arguments).map(|_| ())
}

/// Whether the command line was refused for the value of this argument.
fn blames(refused: &Result<(), clap::Error>, argument: &Arg) -> bool {
	let Err(error) = refused else { return false };
	let name = argument.get_long().map_or_else(|| format!("<{}>", value_name(argument)), |long| format!("--{long}"));
	let blamed = match error.get(ContextKind::InvalidArg) {
		Some(ContextValue::String(blamed)) => blamed.clone(),
		_ => String::new(),
	};
	blamed.starts_with(&name) || blamed.contains(&value_name(argument)) && argument.is_positional()
}

fn value_name(argument: &Arg) -> String {
	let names = argument.get_value_names().unwrap_or_default();
	names.first().map_or_else(|| argument.get_id().as_str().to_uppercase(), ToString::to_string)
}

/// Paths and texts, which are refused by what they lead to.
fn is_free(argument: &Arg) -> bool {
	let parser = argument.get_value_parser().type_id();
	[TypeId::of::<PathBuf>(), TypeId::of::<String>(), TypeId::of::<OsString>()].iter().any(|free| parser == *free)
}

fn value(name: &str) -> (&'static str, &'static [&'static str]) {
	let found = VALUES.iter().find(|(known, ..)| *known == name);
	let (_, good, bad) = found.unwrap_or_else(|| panic!("say in VALUES what is refused as {name}"));
	(good, bad)
}

/// A command line in which the argument has this value.
fn with(path: &str, command: &Command, argument: &Arg, value_of_it: &str) -> Vec<String> {
	let mut line: Vec<String> = path.split(' ').map(String::from).collect();
	match argument.get_long() {
		Some(long) => line.push(format!("--{long}={value_of_it}")),
		None => {
			for before in command.get_positionals().take_while(|before| before.get_id() != argument.get_id()) {
				line.push(if is_free(before) { "x".into() } else { value(&value_name(before)).0.into() });
			}
			line.push(value_of_it.into());
		},
	}
	line
}

#[test]
fn every_typed_argument_refuses_what_is_none() {
	let cli = Cli::command();
	let mut seen = 0;
	for (path, command) in below(&cli, "epid".into()) {
		for argument in command.get_arguments() {
			let what = format!("{path}, {}", argument.get_id());
			let line = |value: &str| with(&path, command, argument, value);
			let is_flag = matches!(argument.get_action(), ArgAction::SetTrue);
			let possible = argument.get_possible_values();
			let names = possible.iter().filter(|_| !is_flag).map(|value| value.get_name().to_owned());
			let names: Vec<_> = names.collect();
			let bad: Vec<String> = if is_flag {
				["x", "yes", "2"].map(String::from).into()
			} else if !names.is_empty() {
				let upper = names.iter().map(|name| name.to_uppercase());
				upper.chain(["no-such-value".into(), String::new()]).collect()
			} else if matches!(argument.get_action(), ArgAction::Help | ArgAction::Version) || is_free(argument) {
				continue;
			} else {
				let (good, bad) = value(&value_name(argument));
				assert!(!blames(&parses(&line(good)), argument), "{what}: {good} is taken");
				assert!(!bad.is_empty(), "{what}: say in VALUES what is refused");
				bad.iter().map(ToString::to_string).collect()
			};
			for good in names {
				assert!(!blames(&parses(&line(&good)), argument), "{what}: {good} is taken");
			}
			for bad in bad {
				// A positional that begins like an option is refused as an option.
				let refused = parses(&line(&bad));
				let as_option = argument.is_positional() && bad.starts_with('-') && refused.is_err();
				assert!(blames(&refused, argument) || as_option, "{what}: {bad}: {refused:?}");
			}
			seen += 1;
		}
	}
	assert!(seen > 90, "{seen}");
	for (path, id, bad) in SENSELESS {
		let (_, command) = below(&cli, "epid".into()).into_iter().find(|(found, _)| found == path).unwrap();
		let argument = command.get_arguments().find(|argument| argument.get_id() == id).unwrap();
		assert!(blames(&parses(&with(path, command, argument, bad)), argument), "{path} --{id} {bad}");
	}
}

/// The bundle of an anchored record of a subject.
fn anchored() -> Bundle {
	let (network, subject) = (SUBJECT.parse().unwrap(), SUBJECT.parse().ok());
	let class = ResourceClass::new("Observation").unwrap();
	let header = RecordHeader { subject, class, labels: Labels::default(), clinical_time: None, version: 1 };
	let salt = Salt::new([7; 32]);
	let link_key = Some(LinkKey::of::<NativeSha256>(&salt));
	let opening = Opening { salt, suite: HashSuite::Raw, digest: RecordDigest([8; 32]), header };
	Bundle {
		network,
		custodian: OrgId(3),
		commitment: opening.commitment::<NativeSha256>(&network),
		opening,
		evidence: Evidence::Anchor { record: RECORD.parse().unwrap() },
		link_key,
		elements: None,
	}
}

/// A house with a store of two log entries, and files; `@` in a command line stands for its folder, `{S}` and `{T}` for subjects,
/// `{R}` for a record, `{A}` for an account.
struct House(TempDir);

impl House {
	fn new() -> Self {
		let house = Self(tempfile::tempdir().unwrap());
		let resource = r#"{"resourceType":"Observation","id":"1","value":6.0,"note":"x"}"#;
		for (name, content) in [("r.json", resource), ("e.json", resource), ("k", "//Alice\n"), ("short", "short\n")] {
			write_private(&house.0.path().join(name), content).unwrap();
		}
		for line in [
			&format!("init --network {SUBJECT} --organisation 3"),
			"append @/r.json",
			"append --suite fhir-elements @/e.json",
			"prove 0 --size 2 -o @/r.epid",
			"prove 1 --size 2 -o @/e.epid",
		] {
			house.run(line).unwrap();
		}
		fs::write(house.0.path().join("a.epid"), anchored().to_json()).unwrap();
		house
	}

	fn run(&self, line: &str) -> Result<(), String> {
		let home = self.0.path().to_str().unwrap();
		let has = |option: &str| line.contains(option);
		let mut all = vec!["epid".to_owned(), "--json".into(), "--quiet".into()];
		if !has("--store ") {
			all.extend(["--store".into(), format!("{home}/store")]);
		}
		if !has("--node ") {
			all.extend(["--node".into(), "ws://127.0.0.1:1".into()]);
		}
		if !has("--key-file ") && !has("--signer-command") {
			all.extend(["--key-file".into(), format!("{home}/k")]);
		}
		let stands = [("{S}", SUBJECT), ("{T}", OTHER), ("{R}", RECORD), ("{A}", ACCOUNT), ("@", home)];
		let word = |word: &str| stands.iter().fold(word.to_owned(), |word, (name, value)| word.replace(name, value));
		all.extend(line.split(' ').map(word));
		let Cli { global, command } = Cli::try_parse_from(&all).map_err(|error| format!("{error}"))?;
		let context = Context { global, output: Output { json: true, quiet: true } };
		run(&context, command).map_err(|error| error.name().to_owned())
	}
}

/// Which argument it is, a command line in which it leads nowhere, and the name of the refusal. What matters only after a node
/// has answered is refused for want of one; tests of the command with a node have the rest.
const FREE: [(&str, &str, &str, &str); 63] = [
	("epid", "store", "status --store @/nowhere", "store-not-initialised"),
	("epid", "node", "verify-all --chain --node ws://node.example:1", "node-insecure"),
	("epid", "key_file", "anchor @/r.json --key-file @/nowhere", "key-unreadable"),
	("epid", "store_key_file", "status --store-key-file @/nowhere", "key-unreadable"),
	("epid", "signer_command", "anchor @/r.json --signer-command x", "usage"),
	("epid append", "paths", "append @/nowhere", "unusable-files"),
	("epid renew", "paths", "renew @/nowhere", "node-unreachable"),
	("epid anchor", "file", "anchor @/nowhere", "unreadable"),
	("epid amend", "file", "amend {R} @/nowhere", "unreadable"),
	("epid backup", "file", "backup @/no/such", "store-unreadable"),
	("epid restore", "file", "restore @/nowhere --store @/other --store-key-file @/store.key", "store-unreadable"),
	("epid restore", "subjects", "restore @/r.json --store @/o --store-key-file @/store.key --subjects @/no", "store-unreadable"),
	("epid rekey", "new_store_key_file", "rekey --new-store-key-file @/short", "passphrase-too-short"),
	("epid prove", "what", "prove @/nowhere --size 2", "unreadable"),
	("epid prove", "output", "prove 0 --size 2 --output @/no/such", "store-unreadable"),
	("epid redact", "file", "redact @/nowhere --bundle @/e.epid --keep /id -o @/c", "unreadable"),
	("epid redact", "bundle", "redact @/e.json --bundle @/nowhere --keep /id -o @/c", "unreadable"),
	("epid redact", "keep", "redact @/e.json --bundle @/e.epid -o @/c --keep id", "usage"),
	("epid redact", "withhold", "redact @/e.json --bundle @/e.epid -o @/c --withhold /nothing", "usage"),
	("epid redact", "output", "redact @/e.json --bundle @/e.epid --keep /id --output @/no/such", "store-unreadable"),
	("epid verify", "file", "verify @/nowhere --bundle @/r.epid --head @/h", "unreadable"),
	("epid verify", "bundle", "verify @/r.json --bundle @/nowhere", "unreadable"),
	("epid verify", "head", "verify @/r.json --bundle @/r.epid --head @/nowhere", "unreadable"),
	("epid verify", "proof", "verify @/r.json --bundle @/r.epid --light --proof @/nowhere", "unreadable"),
	("epid verify", "header", "verify @/r.json --bundle @/r.epid --light --header @/nowhere", "unreadable"),
	("epid head", "output", "head --custodian 3 --output @/no/such", "node-unreachable"),
	("epid light-proof", "bundle", "light-proof --bundle @/nowhere", "unreadable"),
	("epid light-proof", "output", "light-proof --bundle @/r.epid --output @/no/such", "node-unreachable"),
	("epid ask", "proof", "ask licence 7 --proof @/nowhere", "unreadable"),
	("epid ask", "save", "ask licence 7 --save @/no/such", "node-unreachable"),
	("epid ask", "header", "ask licence 7 --header @/nowhere", "unreadable"),
	("epid canonicalise", "file", "canonicalise @/nowhere", "unreadable"),
	("epid relay", "file", "relay @/nowhere", "unreadable"),
	("epid demo", "examples", "demo --examples @/nowhere", "node-unreachable"),
	("epid demo", "keep", "demo --examples @ --keep @/k/x", "node-unreachable"),
	("epid subject dispute", "bundle", "subject dispute --bundle @/nowhere --statement @/r.json", "node-unreachable"),
	("epid subject dispute", "statement", "subject dispute --bundle @/r.epid --statement @/nowhere", "node-unreachable"),
	("epid subject dispute", "opening", "subject dispute --bundle @/r.epid --statement @/r.json --opening @/no/such", "node-unreachable"),
	("epid subject request-amendment", "bundle", "subject request-amendment --bundle @/nowhere --statement @/r.json", "node-unreachable"),
	("epid subject request-amendment", "statement", "subject request-amendment --bundle @/r.epid --statement @/nowhere", "node-unreachable"),
	("epid subject request-amendment", "opening", "subject request-amendment --bundle @/r.epid --statement @/r.json --opening @/no/x", "node-unreachable"),
	("epid subject disagree", "statement", "subject disagree {R} --request 0 --statement @/nowhere", "node-unreachable"),
	("epid subject disagree", "opening", "subject disagree {R} --request 0 --statement @/r.json --opening @/no/x", "node-unreachable"),
	("epid subject sign dispute", "bundle", "subject sign --yes --genesis {S} --network {S} --nonce 1 --subject {S} dispute --bundle @/nowhere --statement @/r.json", "unreadable"),
	("epid subject sign dispute", "statement", "subject sign --yes --genesis {S} --network {S} --nonce 1 --subject {S} dispute --bundle @/a.epid --statement @/nowhere", "unreadable"),
	("epid subject sign dispute", "opening", "subject sign --yes --genesis {S} --network {S} --nonce 1 --subject {S} dispute --bundle @/a.epid --statement @/r.json --opening @/no/x", "store-unreadable"),
	("epid subject sign request-amendment", "bundle", "subject sign --yes --genesis {S} --network {S} --nonce 1 --subject {S} request-amendment --bundle @/nowhere --statement @/r.json", "unreadable"),
	("epid subject sign request-amendment", "statement", "subject sign --yes --genesis {S} --network {S} --nonce 1 --subject {S} request-amendment --bundle @/a.epid --statement @/nowhere", "unreadable"),
	("epid subject sign request-amendment", "opening", "subject sign --yes --genesis {S} --network {S} --nonce 1 --subject {S} request-amendment --bundle @/a.epid --statement @/r.json --opening @/no/x", "store-unreadable"),
	("epid subject sign disagree", "statement", "subject sign --yes --genesis {S} --network {S} --nonce 1 --subject {S} disagree {R} --request 0 --statement @/nowhere", "unreadable"),
	("epid subject sign disagree", "opening", "subject sign --yes --genesis {S} --network {S} --nonce 1 --subject {S} disagree {R} --request 0 --statement @/r.json --opening @/no/x", "store-unreadable"),
	("epid subject sign", "output", "subject sign --yes --genesis {S} --network {S} --nonce 1 --subject {S} prove-key --output @/no/such", "store-unreadable"),
	("epid subject complete", "file", "subject complete @/nowhere --signature 0x00 --account {A}", "unreadable"),
	("epid subject complete", "signature", "subject complete @/r.json --signature xyz --account {A}", "bad-form"),
	("epid subject rebind start", "evidence", "subject rebind start {S} {A} --lost-since 2020-01-01T00:00:00Z --evidence @/nowhere", "unreadable"),
	("epid subject rebind start", "opening", "subject rebind start {S} {A} --lost-since 2020-01-01T00:00:00Z --evidence @/r.json --opening @/no/such", "store-unreadable"),
	("epid subject merge", "opening", "subject merge {S} --into {T} --opening @/no/such", "store-unreadable"),
	("epid dispute resolve", "explanation", "dispute resolve {R} --subject {S} --resolution upheld --explanation @/nowhere", "unreadable"),
	("epid dispute resolve", "opening", "dispute resolve {R} --subject {S} --resolution upheld --explanation @/r.json --opening @/no/such", "store-unreadable"),
	("epid request deny", "explanation", "request deny {R} --subject {S} --request 0 --reason not-created-here --explanation @/nowhere", "unreadable"),
	("epid request deny", "opening", "request deny {R} --subject {S} --request 0 --reason not-created-here --explanation @/r.json --opening @/no/such", "store-unreadable"),
	("epid request rebut", "statement", "request rebut {R} --subject {S} --request 0 --statement @/nowhere", "unreadable"),
	("epid request rebut", "opening", "request rebut {R} --subject {S} --request 0 --statement @/r.json --opening @/no/such", "store-unreadable"),
];

#[test]
fn every_path_and_every_text_is_refused_where_it_leads_nowhere() {
	let cli = Cli::command();
	let commands = below(&cli, "epid".into());
	let free = commands.iter().flat_map(|(path, command)| {
		let arguments = command.get_arguments().filter(|argument| is_free(argument));
		arguments
			.filter(|argument| argument.get_action().takes_values())
			.map(|argument| (path.as_str(), argument.get_id().as_str()))
	});
	let free: Vec<_> = free.collect();
	let told: Vec<_> = FREE.iter().map(|(path, id, ..)| (*path, *id)).collect();
	let untold: Vec<_> = free.iter().filter(|argument| !told.contains(argument)).collect();
	assert!(untold.is_empty(), "say in FREE what is refused of {untold:?}");
	let gone: Vec<_> = told.iter().filter(|argument| !free.contains(argument)).collect();
	assert!(gone.is_empty(), "these are no arguments: {gone:?}");

	let house = House::new();
	let found = FREE.iter().map(|(path, id, line, name)| (path, id, house.run(line), *name));
	let wrong: Vec<_> = found.filter(|(.., result, name)| *result != Err((*name).to_owned())).collect();
	assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What one option refuses of another, or of the state that it meets.
#[test]
fn options_that_do_not_fit_together_are_refused() {
	let house = House::new();
	for line in [
		"init --network {S}",
		"append --imported @/r.json",
		"anchor --imported @/r.json",
		"forget",
		"forget {S} --record {R}",
		"restore x --subjects y --without-subjects",
		"rekey --new-store-key-file x --prompt",
		"redact @/e.json --bundle @/e.epid -o @/c",
		"redact @/e.json --bundle @/e.epid -o @/c --keep /id --withhold /note",
		"verify @/r.json --bundle @/r.epid --head @/h --light",
		"verify @/r.json --bundle @/r.epid --proof @/p",
		"verify @/r.json --bundle @/r.epid --block {S}",
		"verify @/r.json --bundle @/r.epid --max-age 5",
		"verify @/r.json --bundle @/r.epid --light --block {S} --header @/h",
		"head --custodian 1 --record {R}",
		"light-proof",
		"light-proof --record {R} --bundle @/r.epid",
		"light-proof --version-number 1 --custodian 1",
		"light-proof --kind records --record {R}",
		"light-proof --kind records --bundle @/r.epid",
		"ask capability BreakGlass",
		"ask capability BreakGlass --account {A} --organisation 1",
		"ask licence 7 --proof @/p --save @/q",
		"erase {R}",
		"retain {R}",
		"subject merge {S}",
		"subject rebind start {S} {A} --evidence @/r.json",
	] {
		let refused = house.run(line).unwrap_err();
		assert!(refused.starts_with("error:"), "{line}: {refused}");
	}
	for (line, name) in [
		("prove 0 --size 3", "store-not-found"),
		("prove 0 --size 0", "no-such-proof"),
		("prove @/r.json --size 2 -o @/r.json", "usage"),
		("dispute resolve {R} --subject {S} --resolution upheld --explanation @/r.json --opening @/r.json", "usage"),
		("prove @/r.json --version-number 2 --size 2", "store-not-found"),
		("prove 0 --size 2 --kind disclosures", "store-not-found"),
		("init --network {T} --organisation 3", "store-other-network"),
		("init --network {S} --organisation 4", "store-other-organisation"),
		("anchor @/r.json --signer-command x --signer-account {A} --key-file @/k", "usage"),
		("verify @/r.json --bundle @/r.epid --custodian 4", "node-unreachable"),
		("canonicalise @/k --digest", "unexpected-character"),
		("subject sign prove-key --yes --nonce 1", "node-unreachable"),
		("subject sign prove-key --yes --genesis {S}", "usage"),
		("subject merge {S} --into {S}", "usage"),
		("forget {T}", "store-not-found"),
		("forget --record {R}", "store-not-found"),
		("forget {T} --without-chain", "store-not-found"),
		("erase {R} --ground objection", "node-unreachable"),
		("renew --allow-missing", "node-unreachable"),
		("checkpoint --kind device-stream", "node-unreachable"),
	] {
		assert_eq!(house.run(line), Err(name.to_owned()), "{line}");
	}
}
