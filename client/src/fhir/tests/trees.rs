// SPDX-License-Identifier: Apache-2.0

//! Arbitrary JSON trees, written in many ways and in the canonical one. Written without the code under test, so that
//! the two can be compared.

use epidaurus_primitives::hash::HashSuite;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A JSON tree whose strings are decoded and whose numbers are lexemes.
#[derive(Clone, Debug)]
pub(super) enum Json {
	Literal(&'static str),
	Number(String),
	Text(String),
	Array(Vec<Json>),
	Object(BTreeMap<String, Json>),
}

/// Any tree up to six levels deep.
pub(super) fn json() -> impl Strategy<Value = Json> {
	let leaf = prop_oneof![
		prop::sample::select(vec!["null", "true", "false"]).prop_map(Json::Literal),
		number().prop_map(Json::Number),
		text().prop_map(Json::Text),
	];
	leaf.prop_recursive(6, 64, 6, |inner| {
		prop_oneof![
			prop::collection::vec(inner.clone(), 0..6).prop_map(Json::Array),
			prop::collection::btree_map(name(), inner.clone(), 0..8).prop_map(Json::Object),
			(type_name(), prop::collection::btree_map(name(), inner, 0..6)).prop_map(resource_of),
		]
	})
}

/// Any tree that is a resource.
pub(super) fn resource() -> impl Strategy<Value = Json> {
	(type_name(), prop::collection::btree_map(name(), json(), 0..8)).prop_map(resource_of)
}

fn resource_of((type_name, mut members): (String, BTreeMap<String, Json>)) -> Json {
	members.insert("resourceType".into(), Json::Text(type_name));
	Json::Object(members)
}

fn type_name() -> impl Strategy<Value = String> {
	"[A-Z][a-z]{1,9}"
}

fn number() -> impl Strategy<Value = String> {
	"-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,12})?([eE][+-]?[0-9]{1,2})?"
}

fn name() -> impl Strategy<Value = String> {
	let known = ["meta", "text", "resourceType", "id", "_text", "", "contained", "entry", "text\0"];
	prop_oneof![prop::sample::select(known.to_vec()).prop_map(String::from), text()]
}

fn text() -> impl Strategy<Value = String> {
	let edges = "\0\u{1f} \"\\/\u{8}\u{c}\n\r\t\u{7f}\u{80}\u{d7ff}\u{e000}\u{feff}\u{ffff}\u{10000}\u{10ffff}💉é";
	let edge = prop::sample::select(edges.chars().collect::<Vec<_>>());
	let character = prop_oneof![3 => prop::char::range('a', 'e'), 2 => edge, 1 => any::<char>()];
	prop::collection::vec(character, 0..20).prop_map(|characters| characters.into_iter().collect())
}

/// Decisions about how a tree is written: SplitMix64 from a seed.
pub(super) struct Noise(pub u64);

impl Noise {
	/// A number below `bound`.
	pub fn below(&mut self, bound: usize) -> usize {
		self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
		let mut mixed = self.0;
		mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
		mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
		((mixed ^ (mixed >> 31)) % bound as u64) as usize
	}
}

/// The tree with members in any order, any white space, and any of the escapes that mean the same.
pub(super) fn scribble(json: &Json, noise: &mut Noise) -> String {
	let mut out = String::new();
	space(&mut out, noise);
	scribble_value(&mut out, json, noise);
	space(&mut out, noise);
	out
}

fn scribble_value(out: &mut String, json: &Json, noise: &mut Noise) {
	match json {
		Json::Literal(lexeme) => out.push_str(lexeme),
		Json::Number(lexeme) => out.push_str(lexeme),
		Json::Text(text) => scribble_text(out, text, noise),
		Json::Array(values) => {
			let values = values.iter().map(|value| (None, value));
			scribble_all(out, ('[', ']'), values, noise);
		},
		Json::Object(members) => {
			let mut members: Vec<_> = members.iter().map(|(name, value)| (Some(name), value)).collect();
			for index in (1..members.len()).rev() {
				members.swap(index, noise.below(index + 1));
			}
			scribble_all(out, ('{', '}'), members.into_iter(), noise);
		},
	}
}

fn scribble_all<'a>(
	out: &mut String,
	brackets: (char, char),
	items: impl Iterator<Item = (Option<&'a String>, &'a Json)>,
	noise: &mut Noise,
) {
	out.push(brackets.0);
	for (index, (name, value)) in items.enumerate() {
		if index > 0 {
			out.push(',');
		}
		space(out, noise);
		if let Some(name) = name {
			scribble_text(out, name, noise);
			space(out, noise);
			out.push(':');
			space(out, noise);
		}
		scribble_value(out, value, noise);
		space(out, noise);
	}
	if brackets.1 == ']' || noise.below(2) == 0 {
		space(out, noise);
	}
	out.push(brackets.1);
}

fn scribble_text(out: &mut String, text: &str, noise: &mut Noise) {
	out.push('"');
	let often = noise.below(4) == 0;
	for character in text.chars() {
		let required = character < ' ' || matches!(character, '"' | '\\');
		if !(required || often && noise.below(3) == 0) {
			out.push(character);
			continue;
		}
		let short = "\"\\/\u{8}\u{c}\n\r\t".find(character).filter(|_| noise.below(2) == 0);
		match short.and_then(|index| "\"\\/bfnrt".chars().nth(index)) {
			Some(letter) => out.extend(['\\', letter]),
			None => {
				for unit in character.encode_utf16(&mut [0; 2]) {
					let upper = noise.below(2) == 0;
					out.push_str(&if upper { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") });
				}
			},
		}
	}
	out.push('"');
}

fn space(out: &mut String, noise: &mut Noise) {
	for _ in 0..noise.below(6).saturating_sub(3) {
		out.push([' ', '\n', '\r', '\t'][noise.below(4)]);
	}
}

/// The canonical form by the letter of the rules, without a thought of speed.
pub(super) fn reference(json: &Json, suite: HashSuite, is_root: bool) -> String {
	let inner = |json: &Json| reference(json, suite, false);
	match json {
		Json::Literal(lexeme) => lexeme.to_string(),
		Json::Number(lexeme) => lexeme.clone(),
		Json::Text(text) => reference_text(text),
		Json::Array(values) => format!("[{}]", values.iter().map(inner).collect::<Vec<_>>().join(",")),
		Json::Object(members) => {
			let is_resource = matches!(members.get("resourceType"), Some(Json::Text(_)));
			let strips = is_root || (is_resource && suite == HashSuite::FhirStaticRecursive);
			let mut members: Vec<_> = members.iter().collect();
			members.retain(|(name, value)| {
				!(strips && ["meta", "text"].contains(&name.as_str()) && matches!(value, Json::Object(_)))
			});
			members.sort_by_key(|(name, _)| name.encode_utf16().collect::<Vec<_>>());
			let member = |(name, value): (&String, &Json)| format!("{}:{}", reference_text(name), inner(value));
			format!("{{{}}}", members.into_iter().map(member).collect::<Vec<_>>().join(","))
		},
	}
}

fn reference_text(text: &str) -> String {
	let character = |character: char| match character {
		'"' => "\\\"".into(),
		'\\' => "\\\\".into(),
		'\u{8}' => "\\b".into(),
		'\t' => "\\t".into(),
		'\n' => "\\n".into(),
		'\u{c}' => "\\f".into(),
		'\r' => "\\r".into(),
		'\0'..='\u{1f}' => format!("\\u{:04x}", u32::from(character)),
		other => String::from(other),
	};
	format!("\"{}\"", text.chars().map(character).collect::<String>())
}
