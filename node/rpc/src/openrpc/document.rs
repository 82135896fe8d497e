// SPDX-License-Identifier: Apache-2.0
//! The document itself, in the form of OpenRPC 1.3.

use super::{
	method::{Method, Schemas},
	DOMAINS,
};
use crate::error::Failure;
use jsonrpsee::types::error::INVALID_PARAMS_CODE;
use serde_json::{json, Map, Value};

/// Requests that work on a development chain, and what a test's runtime answers to them.
const EXAMPLES: &str = include_str!("examples.json");

const ABOUT: &str = "Questions to an Epidaurus node. Each method asks the runtime at `block`, the best block if that is \
	left out. Parameters are given by position or by name. Hashes are hexadecimal with 0x, times ISO 8601, 64-bit counts \
	decimal strings, accounts SS58. Lists are paged: `limit` from 1 to 256 (50 if left out), `cursor` as `next` of the page \
	before.";

/// The OpenRPC document of all methods of this crate.
pub fn document() -> Value {
	let examples: Map<String, Value> = serde_json::from_str(EXAMPLES).unwrap_or_default();
	let mut schemas = Schemas::new();
	let methods: Vec<Method> = DOMAINS.iter().flat_map(|domain| domain(&mut schemas)).collect();
	let methods: Vec<Value> = methods.iter().map(|method| described(method, examples.get(method.name))).collect();
	let mut document = json!({
		"openrpc": "1.3.2",
		"info": {
			"title": "Epidaurus",
			"version": env!("CARGO_PKG_VERSION"),
			"description": ABOUT,
			"license": { "name": env!("CARGO_PKG_LICENSE") },
		},
		"methods": methods,
		"components": { "schemas": schemas.finish(), "errors": errors() },
	});
	unlink(&mut document);
	document
}

/// Links between items mean nothing outside of the code that the descriptions come from.
fn unlink(value: &mut Value) {
	match value {
		Value::Object(members) => {
			if let Some(Value::String(description)) = members.get_mut("description") {
				*description = description.replace("[`", "`").replace("`]", "`");
			}
			members.values_mut().for_each(unlink);
		},
		Value::Array(items) => items.iter_mut().for_each(unlink),
		_ => (),
	}
}

fn described(method: &Method, example: Option<&Value>) -> Value {
	let parameters: Vec<Value> = method
		.parameters
		.iter()
		.map(|parameter| json!({ "name": parameter.name, "required": parameter.required, "schema": parameter.schema }))
		.collect();
	json!({
		"name": method.name,
		"summary": method.summary.trim(),
		"paramStructure": "either",
		"params": parameters,
		"result": { "name": "answer", "schema": method.answer },
		"errors": errors_of(method),
		"examples": example.map(|example| pairing(method, example)).into_iter().collect::<Vec<_>>(),
	})
}

/// The example with its parameters in the order of the trait.
fn pairing(method: &Method, example: &Value) -> Value {
	let given = |name| example["params"].get(name).map(|value| json!({ "name": name, "value": value }));
	let parameters: Vec<Value> = method.parameters.iter().filter_map(|parameter| given(parameter.name)).collect();
	json!({
		"name": method.name,
		"params": parameters,
		"result": { "name": "answer", "value": example["result"] },
	})
}

/// Methods that take an id and answer whatever it is: with a refusal, a reason, or a count of nothing.
const ALWAYS_ANSWERED: [&str; 5] =
	["registry_capability", "subjects_quota", "ehr_renewals", "ehr_verifyAnchor", "ehr_verifyLog"];

fn errors_of(method: &Method) -> Vec<Value> {
	let paged = method.parameters.iter().any(|parameter| parameter.name == "limit");
	let takes = method.parameters.iter().any(|parameter| parameter.required);
	let proves = method.name.contains("_prove");
	let can = |failure: &&Failure| match failure {
		Failure::LimitOutOfRange => paged,
		Failure::NotFound(_) => takes && !paged && !proves && !ALWAYS_ANSWERED.contains(&method.name),
		Failure::TooManyKeys => proves,
		Failure::UnknownBlock | Failure::ApiUnavailable | Failure::RuntimeFailed => true,
	};
	let ours = Failure::ALL.iter().filter(can).map(Failure::name).map(String::from);
	ours.chain([INVALID_PARAMETER.into()])
		.map(|name: String| json!({ "$ref": format!("#/components/errors/{name}") }))
		.collect()
}

/// The one error that is not of this crate: the server refuses parameters before a handler sees them.
const INVALID_PARAMETER: &str = "InvalidParameter";

fn errors() -> Map<String, Value> {
	let ours = Failure::ALL.iter().map(|failure| {
		let error = json!({ "code": failure.code(), "message": failure.to_string(), "x-advice": failure.advice() });
		(failure.name().to_owned(), error)
	});
	let invalid = json!({
		"code": INVALID_PARAMS_CODE,
		"message": "Invalid params",
		"x-advice": "correct the call; the `data` of the error says what was expected",
	});
	ours.chain([(INVALID_PARAMETER.to_owned(), invalid)]).collect()
}
