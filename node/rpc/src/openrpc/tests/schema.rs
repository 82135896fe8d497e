// SPDX-License-Identifier: Apache-2.0
//! Validation against the part of JSON Schema (draft 7) that the document uses. A word that it does not know is a failure,
//! never ignored.

use regex::Regex;
use serde_json::{Map, Value};

/// Words that say nothing about validity.
const NOTES: [&str; 4] = ["description", "title", "default", "format"];

/// What is wrong with the value, and where; nothing if it is of the schema.
pub fn problem(document: &Value, schema: &Value, value: &Value) -> Option<String> {
	let words = match schema {
		Value::Bool(true) => return None,
		Value::Object(words) => words,
		_ => return Some(format!("no schema: {schema}")),
	};
	words.iter().find_map(|(word, wanted)| check(document, words, word, wanted, value))
}

fn check(document: &Value, words: &Map<String, Value>, word: &str, wanted: &Value, value: &Value) -> Option<String> {
	let all = |schemas: &Value| -> Vec<Option<String>> {
		schemas.as_array().unwrap().iter().map(|schema| problem(document, schema, value)).collect()
	};
	let fits = match word {
		"$ref" => return problem(document, referred(document, wanted), value),
		"allOf" => return all(wanted).into_iter().flatten().next(),
		"anyOf" => all(wanted).iter().any(Option::is_none),
		"oneOf" => all(wanted).iter().filter(|problem| problem.is_none()).count() == 1,
		"type" => match wanted {
			Value::Array(kinds) => kinds.iter().any(|kind| is_of(value, kind.as_str().unwrap())),
			kind => is_of(value, kind.as_str().unwrap()),
		},
		"const" => value == wanted,
		"enum" => wanted.as_array().unwrap().contains(value),
		"pattern" => value.as_str().is_none_or(|text| Regex::new(wanted.as_str().unwrap()).unwrap().is_match(text)),
		"minimum" => value.as_f64().is_none_or(|number| number >= wanted.as_f64().unwrap()),
		"maximum" => value.as_f64().is_none_or(|number| number <= wanted.as_f64().unwrap()),
		"uniqueItems" => value.as_array().is_none_or(|items| (1..items.len()).all(|i| !items[..i].contains(&items[i]))),
		"required" => value.as_object().is_none_or(|members| {
			wanted.as_array().unwrap().iter().all(|name| members.contains_key(name.as_str().unwrap()))
		}),
		"properties" => return members(document, wanted, value),
		"additionalProperties" => {
			assert_eq!(wanted, false, "only closed objects are known here");
			let known = words.get("properties").and_then(Value::as_object);
			value
				.as_object()
				.is_none_or(|members| members.keys().all(|name| known.is_some_and(|known| known.contains_key(name))))
		},
		"minItems" => value.as_array().is_none_or(|items| items.len() as u64 >= wanted.as_u64().unwrap()),
		"maxItems" => value.as_array().is_none_or(|items| items.len() as u64 <= wanted.as_u64().unwrap()),
		"items" => {
			return value.as_array()?.iter().find_map(|item| problem(document, wanted, item));
		},
		word if NOTES.contains(&word) => true,
		word => panic!("the word {word} is not known here"),
	};
	(!fits).then(|| format!("{value} is not of {word} {wanted}"))
}

fn members(document: &Value, wanted: &Value, value: &Value) -> Option<String> {
	let members = value.as_object()?;
	let wanted = wanted.as_object().unwrap();
	wanted.iter().find_map(|(name, schema)| {
		let problem = problem(document, schema, members.get(name)?)?;
		Some(format!("{name}: {problem}"))
	})
}

fn referred<'a>(document: &'a Value, reference: &Value) -> &'a Value {
	let pointer = reference.as_str().unwrap().strip_prefix('#').unwrap();
	document.pointer(pointer).unwrap_or_else(|| panic!("{reference} refers to nothing"))
}

fn is_of(value: &Value, kind: &str) -> bool {
	match kind {
		"null" => value.is_null(),
		"boolean" => value.is_boolean(),
		"integer" => value.is_u64() || value.is_i64(),
		"number" => value.is_number(),
		"string" => value.is_string(),
		"array" => value.is_array(),
		"object" => value.is_object(),
		kind => panic!("the type {kind} is not known here"),
	}
}
