// SPDX-License-Identifier: Apache-2.0
//! The document against the module that serves, and against the copies that are kept of it.

mod schema;
mod views;

use super::document;
use crate::{
	tests::{errors::unknown, module, respond},
	Failure,
};
use serde_json::{json, Map, Value};
use std::{collections::BTreeSet, env, fs};

/// Where the document is kept for who generates clients without a node, and where its examples are.
const KEPT: [&str; 2] = [
	concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openrpc.json"),
	concat!(env!("CARGO_MANIFEST_DIR"), "/src/openrpc/examples.json"),
];

/// Set to write both anew instead of comparing.
const UPDATE: &str = "EPIDAURUS_UPDATE";

fn methods(document: &Value) -> &Vec<Value> {
	document["methods"].as_array().unwrap()
}

fn text(value: &Value) -> &str {
	value.as_str().unwrap()
}

fn list(value: &Value) -> &Vec<Value> {
	value.as_array().unwrap()
}

/// The value with its members in alphabetical order, however the JSON library was built.
fn sorted(value: &Value) -> Value {
	match value {
		Value::Object(members) => {
			let mut members: Vec<_> = members.iter().map(|(name, value)| (name.clone(), sorted(value))).collect();
			members.sort_by(|one, other| one.0.cmp(&other.0));
			Value::Object(members.into_iter().collect::<Map<_, _>>())
		},
		Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
		other => other.clone(),
	}
}

/// Compares a kept file with what it should be, or writes it anew.
fn keep(path: &str, value: &Value) {
	let wanted = format!("{}\n", serde_json::to_string_pretty(&sorted(value)).unwrap());
	if env::var_os(UPDATE).is_some() {
		fs::write(path, &wanted).unwrap();
	}
	let found = fs::read_to_string(path).unwrap_or_default();
	assert!(found == wanted, "{path} is out of date: run this test with {UPDATE}=1, and generate the client anew");
}

/// The parameters of a method's example by name, as `examples.json` has them.
fn example(method: &Value) -> Map<String, Value> {
	let examples = list(&method["examples"]);
	assert_eq!(examples.len(), 1, "{} needs one example: an entry in examples.json", method["name"]);
	let parameters = list(&examples[0]["params"]).iter();
	parameters.map(|parameter| (text(&parameter["name"]).to_owned(), parameter["value"].clone())).collect()
}

#[tokio::test]
async fn document_is_served() {
	let response = respond("rpc.discover", json!([])).await;
	assert_eq!(response["result"], document());
	assert!(text(&response["result"]["openrpc"]).starts_with("1."));
}

#[test]
fn document_lists_exactly_the_methods_that_are_served() {
	let (module, document) = (module(), document());
	let served: BTreeSet<&str> = module.method_names().filter(|name| *name != "rpc.discover").collect();
	let listed: BTreeSet<&str> = methods(&document).iter().map(|method| text(&method["name"])).collect();
	assert_eq!(listed, served);
	assert_eq!(listed.len(), methods(&document).len(), "none twice");
}

#[tokio::test]
async fn examples_are_answered_as_they_say_by_position_and_by_name() {
	let document = document();
	for method in methods(&document) {
		let (name, given) = (text(&method["name"]), example(method));
		let answer = respond(name, Value::Object(given.clone())).await;
		assert_eq!(answer["error"], Value::Null, "{name}");
		let last = list(&method["params"]).iter().rposition(|parameter| given.contains_key(text(&parameter["name"])));
		let positions = list(&method["params"]).iter().take(last.map_or(0, |last| last + 1));
		let positions: Value = positions.map(|parameter| given.get(text(&parameter["name"])).cloned()).collect();
		assert_eq!(respond(name, positions).await, answer, "{name}: the order of the parameters");
		let problem = schema::problem(&document, &method["result"]["schema"], &answer["result"]);
		assert_eq!(problem, None, "{name}");
	}
}

#[tokio::test]
async fn kept_examples_and_the_kept_document_are_up_to_date() {
	let document = document();
	let mut examples = Map::new();
	for method in methods(&document) {
		let given = Value::Object(example(method));
		let answer = respond(text(&method["name"]), given.clone()).await;
		examples.insert(text(&method["name"]).to_owned(), json!({ "params": given, "result": answer["result"] }));
	}
	// The document is made from the examples that were compiled in: written anew, they need a second run.
	keep(KEPT[1], &Value::Object(examples));
	keep(KEPT[0], &document);
}

#[tokio::test]
async fn parameters_have_their_names_their_schemas_and_are_required_as_stated() {
	let document = document();
	for method in methods(&document) {
		let (name, given) = (text(&method["name"]), example(method));
		for parameter in list(&method["params"]) {
			let known = text(&parameter["name"]);
			let required = parameter["required"] == true;
			if let Some(value) = given.get(known) {
				assert_eq!(schema::problem(&document, &parameter["schema"], value), None, "{name}: {known}");
			}
			let without: Map<_, _> = given.clone().into_iter().filter(|(name, _)| name != known).collect();
			let response = respond(name, Value::Object(without)).await;
			assert_eq!(response["error"]["code"] == -32602, required, "{name} without {known}: {response}");
			// What is no value of any parameter is refused only where the parameter is known by this name.
			let mut wrong = given.clone();
			wrong.insert(known.to_owned(), json!({ "no": ["such", "value"] }));
			let response = respond(name, Value::Object(wrong)).await;
			assert_eq!(response["error"]["code"], -32602, "{name}: {known}");
			assert!(schema::problem(&document, &parameter["schema"], &json!({ "no": ["value"] })).is_some(), "{known}");
		}
		assert!(given.keys().all(|key| list(&method["params"]).iter().any(|parameter| parameter["name"] == **key)));
	}
}

#[test]
fn every_error_code_is_listed_with_what_to_do() {
	let document = document();
	let errors = document["components"]["errors"].as_object().unwrap();
	// As many as `code` in error.rs gives out.
	let codes = include_str!("../../error.rs").lines().filter(|line| line.contains("=> 26")).count();
	assert_eq!(Failure::ALL.len(), codes, "every failure stands in Failure::ALL");
	for failure in &Failure::ALL {
		assert_eq!(errors[failure.name()]["code"], failure.code());
		assert!(!text(&errors[failure.name()]["x-advice"]).is_empty());
	}
	assert_eq!(errors["InvalidParameter"]["code"], -32602);
	assert_eq!(errors.len(), codes + 1);
	let used = methods(&document).iter().flat_map(|method| list(&method["errors"]));
	for error in used {
		let pointer = text(&error["$ref"]).strip_prefix('#').unwrap();
		assert!(document.pointer(pointer).is_some(), "{pointer}");
	}
}

/// The methods of [`unknown`] show that they can; that the others cannot is in the handlers.
#[test]
fn methods_list_not_found_exactly_if_they_can_answer_it() {
	let document = document();
	let lists = |method: &&Value| {
		let mut errors = list(&method["errors"]).iter();
		errors.any(|error| text(&error["$ref"]).ends_with("/NotFound"))
	};
	let listed: BTreeSet<&str> = methods(&document).iter().filter(lists).map(|method| text(&method["name"])).collect();
	assert_eq!(listed, unknown().into_iter().map(|(method, _)| method).collect());
	let handlers = [include_str!("../../ehr.rs"), include_str!("../../registry.rs"), include_str!("../../subjects.rs")];
	let answered: usize = handlers.iter().map(|handler| handler.matches("Failure::NotFound(").count()).sum();
	assert_eq!(answered, listed.len());
}

#[test]
fn answers_have_all_their_members_and_requests_may_leave_defaults_out() {
	let document = document();
	let schemas = &document["components"]["schemas"];
	let required = |name: &str| list(&schemas[name]["required"]).iter().map(text).collect::<BTreeSet<_>>();
	assert!(required("OrganisationView").contains("gln"), "null if there is none");
	assert_eq!(required("RecordHeader"), BTreeSet::from(["class", "version"]));
	assert_eq!(schemas["LogKind"]["oneOf"][2]["const"], "device-stream");
	assert_eq!(schemas["NetworkId"]["pattern"], "^0x[0-9a-fA-F]{64}$");
}

#[test]
fn validation_refuses_what_is_not_of_the_schema() {
	let document = document();
	let refused = |name: &str, value: Value| {
		let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
		schema::problem(&document, &schema, &value).is_some()
	};
	for (name, good, bad) in [
		("RecordStanding", json!("current"), json!("Current")),
		("RecordStanding", json!({ "amended": { "current": 2 } }), json!({ "amended": {} })),
		("LogHead", json!({ "size": "9", "root": format!("0x{}", "44".repeat(32)) }), json!({ "size": "9" })),
		("Decimal", json!("9"), json!(9)),
		("Roles", json!(["Records"]), json!(["Records", "Records"])),
		("Jurisdiction", json!("US-CA"), json!("Greece")),
		("Account", json!("5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"), json!("nobody")),
	] {
		assert!(!refused(name, good), "{name}");
		assert!(refused(name, bad), "{name}");
	}
}
