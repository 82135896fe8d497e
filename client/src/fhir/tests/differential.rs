// SPDX-License-Identifier: Apache-2.0

//! The parser against `serde_json`: both accept and refuse the same input, but for what is named here.

use super::{
	trees::{json, resource, scribble, Noise},
	FHIR_SUITES,
};
use crate::fhir::{canonicalise, parse, strip::Reach, write, FhirError};
use proptest::prelude::*;
use serde_json::Value;

/// The canonical form of any value, nothing left out.
fn plain(input: &[u8]) -> Result<Vec<u8>, FhirError> {
	let document = parse::parse(input)?;
	let mut bytes = Vec::new();
	write::write(&mut bytes, &document.root, Reach::Nowhere);
	Ok(bytes)
}

/// Both accept with the same meaning, or both refuse. Ours refuses a member used twice; theirs the 128th level, and a
/// number that no `f64` holds unless some crate in the build asks for its feature `arbitrary_precision`.
fn compare(input: &[u8]) -> Result<(), TestCaseError> {
	let theirs = serde_json::from_slice::<Value>(input);
	match (plain(input), theirs) {
		(Ok(canonical), Ok(value)) => {
			prop_assert_eq!(serde_json::from_slice::<Value>(&canonical).ok(), Some(value));
			prop_assert_eq!(plain(&canonical), Ok(canonical));
		},
		(Err(FhirError::DuplicateMember(_)), Ok(_)) => (),
		(Ok(_), Err(error)) => {
			let reason = error.to_string();
			let known =
				["number out of range", "recursion limit exceeded"].iter().any(|known| reason.starts_with(known));
			prop_assert!(known, "only serde_json refuses: {}", reason);
		},
		(Err(error), Ok(_)) => prop_assert!(false, "only ours refuses: {}", error),
		(Err(_), Err(_)) => (),
	}
	Ok(())
}

/// The place of a refusal lies within the input or just behind it.
fn place_is_inside(input: &[u8], error: FhirError) -> Result<(), TestCaseError> {
	let at = error.position().expect("the input is small");
	let lines: Vec<_> = input.split(|byte| *byte == b'\n').collect();
	prop_assert!(at.line >= 1 && at.line <= lines.len() && at.column >= 1);
	prop_assert!(at.column <= lines[at.line - 1].len() + 1);
	Ok(())
}

fn mutate(bytes: &mut Vec<u8>, noise: &mut Noise) {
	let at = noise.below(bytes.len() + 1);
	let upto = (at + noise.below(8)).min(bytes.len());
	match noise.below(6) {
		0 => bytes.truncate(at),
		1 => drop(bytes.drain(at..upto)),
		2 => {
			let copy = bytes[at..upto].to_vec();
			bytes.splice(at..at, copy);
		},
		3 if at < bytes.len() => bytes[at] ^= 1 << noise.below(8),
		_ => {
			let alphabet = b"{}[]:,\"\\/ \n\t\0\x1f0123456789+-.eEtruefalsnubdD8cC\x7f\x80\xc3\xed\xef\xf0";
			bytes.splice(at..upto.min(at + 1), [alphabet[noise.below(alphabet.len())]]);
		},
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(1024))]

	#[test]
	fn parse_correct_json_agrees(json in json(), seed: u64) {
		let written = scribble(&json, &mut Noise(seed));
		prop_assert!(plain(written.as_bytes()).is_ok());
		compare(written.as_bytes())?;
	}

	#[test]
	fn parse_mutated_json_agrees(json in json(), seed: u64, times in 1..4) {
		let noise = &mut Noise(seed);
		let mut written = scribble(&json, noise).into_bytes();
		for _ in 0..times {
			mutate(&mut written, noise);
		}
		compare(&written)?;
	}

	#[test]
	fn parse_arbitrary_words_agrees(words in prop::collection::vec(prop::sample::select(vec![
		"{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "d800", "dc00", "\\ud83d\\udc89", "\"a\"", "\"b\"", "0", "1", "-", ".5",
		"e3", "true", "null", " ", "\n", "é", "\u{feff}",
	]), 0..12)) {
		compare(words.concat().as_bytes())?;
	}

	#[test]
	fn parse_numbers_agrees(lexeme in "[-+]?[0-9]{0,3}[.]?[0-9]{0,3}([eE][-+]?[0-9]{0,2})?[0-9.eE_x-]?") {
		compare(lexeme.as_bytes())?;
		compare(format!("[{lexeme}]").as_bytes())?;
	}

	#[test]
	fn canonicalise_arbitrary_bytes_never_panics(bytes: Vec<u8>) {
		compare(&bytes)?;
		for suite in FHIR_SUITES {
			if let Err(error) = canonicalise(&bytes, suite) {
				place_is_inside(&bytes, error)?;
			}
		}
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(512))]

	#[test]
	fn canonicalise_mutated_resource_is_refused_inside_or_stable(json in resource(), seed: u64, times in 1..4) {
		let noise = &mut Noise(seed);
		let mut written = scribble(&json, noise).into_bytes();
		for _ in 0..times {
			mutate(&mut written, noise);
		}
		for suite in FHIR_SUITES {
			match canonicalise(&written, suite) {
				Ok(canonical) => prop_assert_eq!(canonicalise(&canonical, suite), Ok(canonical)),
				Err(error) => place_is_inside(&written, error)?,
			}
		}
	}
}

#[test]
fn parse_documented_differences_hold() {
	let deep = |depth: usize| [b"[".repeat(depth), b"]".repeat(depth)].concat();
	for (input, ours, theirs) in [
		(b"{\"a\":1,\"a\":2}".to_vec(), false, true),
		(deep(127), true, true),
		(deep(128), true, false),
		(deep(129), false, false),
		(b"\"\\ud800\"".to_vec(), false, false),
	] {
		assert_eq!(plain(&input).is_ok(), ours);
		assert_eq!(serde_json::from_slice::<Value>(&input).is_ok(), theirs);
	}
}
