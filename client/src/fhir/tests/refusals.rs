// SPDX-License-Identifier: Apache-2.0

//! Every refusal, with its place.

use super::{both, FHIR_SUITES};
use crate::fhir::{canonicalise, elements, kept, FhirError, Position, MAX_DEPTH, MAX_INPUT};

/// Both FHIR suites refuse the input at this place for this reason.
#[track_caller]
fn refused(input: impl AsRef<[u8]>, kind: fn(Position) -> FhirError, line: usize, column: usize) {
	let expected = kind(Position { line, column });
	for suite in FHIR_SUITES {
		assert_eq!(canonicalise(input.as_ref(), suite), Err(expected));
	}
	assert_eq!(elements(input.as_ref()).map(|_| ()), Err(expected));
	assert_eq!(kept(input.as_ref(), &[true; 9]), Err(expected));
	assert_eq!(expected.position(), Some(Position { line, column }));
	assert!(expected.to_string().starts_with(&format!("line {line}, column {column}: ")));
}

/// The same for a value in line 2, whose first character stands in column 6.
#[track_caller]
fn value_refused(value: &str, kind: fn(Position) -> FhirError, column: usize) {
	refused(format!("{{\"resourceType\":\"Basic\",\n\"é\": {value}}}"), kind, 2, column);
}

#[test]
fn canonicalise_invalid_utf8_fails() {
	refused(b"\xff", FhirError::InvalidUtf8, 1, 1);
	refused(b"{\"\xc3\xa9\xe2\x82\xac\":\n \"\xf0\x9f\x92\x89\xc3\"}", FhirError::InvalidUtf8, 2, 4);
	// Overlong, a surrogate in UTF-8, beyond U+10FFFF, cut off, UTF-16.
	for bytes in [b"\"\xc0\xaf\"".as_slice(), b"\"\xed\xa0\x80\"", b"\"\xf4\x90\x80\x80\"", b"\"\xe2\x82"] {
		refused(bytes, FhirError::InvalidUtf8, 1, 2);
	}
	refused(b"\xff\xfe{\0}\0", FhirError::InvalidUtf8, 1, 1);
	// The whole input is checked before its grammar.
	refused(b"?\n\n\xff", FhirError::InvalidUtf8, 3, 1);
}

#[test]
fn canonicalise_byte_order_mark_fails() {
	refused(b"\xef\xbb\xbf{\"resourceType\":\"Basic\"}", FhirError::ByteOrderMark, 1, 1);
	refused("{\u{feff}}", FhirError::UnexpectedCharacter, 1, 2);
}

#[test]
fn canonicalise_unexpected_end_fails() {
	refused("", FhirError::UnexpectedEnd, 1, 1);
	refused(" \r\n\n  ", FhirError::UnexpectedEnd, 3, 3);
	for cut in [
		"{",
		"{ ",
		"{\"a",
		"{\"a\"",
		"{\"a\":",
		"{\"a\": ",
		"{\"a\":1",
		"{\"a\":1,",
		"[",
		"[1",
		"[1,",
		"[[]",
		"t",
		"tru",
		"fals",
		"nul",
		"\"",
		"\"a",
		"\"\\",
		"\"\\u",
		"\"\\u00e",
		"\"é\n"[..3].as_ref(),
	] {
		refused(cut, FhirError::UnexpectedEnd, 1, cut.chars().count() + 1);
	}
}

#[test]
fn canonicalise_every_cut_of_a_resource_fails() {
	let whole = "{\"resourceType\":\"B\\u0061sic\",\"a\":[true,false,null,1,\"\\n\",{\"b\":{}}]}";
	assert!(both(whole).is_ok());
	for length in 0..whole.len() {
		refused(&whole[..length], FhirError::UnexpectedEnd, 1, length + 1);
	}
}

#[test]
fn canonicalise_unexpected_character_fails() {
	value_refused("?", FhirError::UnexpectedCharacter, 6);
	value_refused("'a'", FhirError::UnexpectedCharacter, 6);
	value_refused("True", FhirError::UnexpectedCharacter, 6);
	value_refused("trUe", FhirError::UnexpectedCharacter, 8);
	value_refused("nulL", FhirError::UnexpectedCharacter, 9);
	value_refused("truex", FhirError::UnexpectedCharacter, 10);
	value_refused("1 2", FhirError::UnexpectedCharacter, 8);
	value_refused("\"a\" \"b\"", FhirError::UnexpectedCharacter, 10);
	value_refused("[,]", FhirError::UnexpectedCharacter, 7);
	value_refused("[1,,2]", FhirError::UnexpectedCharacter, 9);
	value_refused("[1}", FhirError::UnexpectedCharacter, 8);
	value_refused("[1:2]", FhirError::UnexpectedCharacter, 8);
	value_refused("{,}", FhirError::UnexpectedCharacter, 7);
	value_refused("{a:1}", FhirError::UnexpectedCharacter, 7);
	value_refused("{1:1}", FhirError::UnexpectedCharacter, 7);
	value_refused("{\"a\" 1}", FhirError::UnexpectedCharacter, 11);
	value_refused("{\"a\":}", FhirError::UnexpectedCharacter, 11);
	value_refused("{\"a\":1 \"b\":2}", FhirError::UnexpectedCharacter, 13);
	value_refused("{\"a\":1]", FhirError::UnexpectedCharacter, 12);
	value_refused("/* comment */ 1", FhirError::UnexpectedCharacter, 6);
	value_refused("\u{a0}1", FhirError::UnexpectedCharacter, 6);
	value_refused("\u{b}1", FhirError::UnexpectedCharacter, 6);
	value_refused("\0", FhirError::UnexpectedCharacter, 6);
	value_refused("inf", FhirError::UnexpectedCharacter, 6);
}

#[test]
fn canonicalise_trailing_comma_fails() {
	value_refused("[1,]", FhirError::TrailingComma, 8);
	value_refused("[1\t, ]", FhirError::TrailingComma, 9);
	value_refused("{\"a\":1,}", FhirError::TrailingComma, 12);
	refused("{\"resourceType\":\"Basic\",\n}", FhirError::TrailingComma, 1, 24);
}

#[test]
fn canonicalise_trailing_bytes_fails() {
	refused("{\"resourceType\":\"Basic\"}\n {}", FhirError::TrailingBytes, 2, 2);
	refused("{\"resourceType\":\"Basic\"},", FhirError::TrailingBytes, 1, 25);
	refused("{\"resourceType\":\"Basic\"}\0", FhirError::TrailingBytes, 1, 25);
	refused("{\"resourceType\":\"Basic\"}\u{feff}", FhirError::TrailingBytes, 1, 25);
	refused("nullx", FhirError::TrailingBytes, 1, 5);
	refused("1 2", FhirError::TrailingBytes, 1, 3);
}

#[test]
fn canonicalise_bad_number_fails() {
	for number in [
		"01",
		"-01",
		"00",
		"00.5",
		"+1",
		"+",
		"-",
		"--1",
		"1.",
		"-1.",
		".5",
		"-.5",
		".",
		"1.e3",
		"1e",
		"1e+",
		"1E-",
		"1e+-1",
		"1.5.2",
		"1e5e5",
		"1e5.5",
		"0x10",
		"1_000",
		"1-2",
		"NaN",
		"-NaN",
		"Infinity",
		"-Infinity",
		"1f",
		"1e3x",
	] {
		value_refused(number, FhirError::BadNumber, 6);
		value_refused(&format!("[0, {number}"), FhirError::BadNumber, 10);
		refused(number, FhirError::BadNumber, 1, 1);
	}
}

#[test]
fn canonicalise_bad_escape_fails() {
	for escape in ["\\x41", "\\'", "\\0", "\\U0041", "\\\n", "\\é", "\\u", "\\u12", "\\u12g4", "\\u+123", "\\u é00"] {
		value_refused(&format!("\"ab{escape}\""), FhirError::BadEscape, 9);
	}
	refused("{\"\\a\":1}", FhirError::BadEscape, 1, 3);
}

#[test]
fn canonicalise_lone_surrogate_fails() {
	for lone in [
		"\\ud800",
		"\\uDBFF",
		"\\udc00",
		"\\uDFFF",
		"\\udc00\\ud800",
		"\\ud800\\ud800",
		"\\ud800\\u0041",
		"\\ud800x",
		"\\ud800\\n",
		"\\ud800\\\\udc00",
		"\\ud800 \\udc00",
		"\\ud83d\\uzzzz",
		"\\ud83d\\u",
	] {
		value_refused(&format!("\"é{lone}\""), FhirError::LoneSurrogate, 8);
	}
	value_refused("\"\\ud83d\\udc89\\ud83d\"", FhirError::LoneSurrogate, 19);
	refused("{\"\\ud800\":1}", FhirError::LoneSurrogate, 1, 3);
}

#[test]
fn canonicalise_control_character_fails() {
	for code in 0..0x20u8 {
		let control = char::from(code);
		value_refused(&format!("\"{control}\""), FhirError::ControlCharacter, 7);
		value_refused(&format!("\"nine char\\n{control}\""), FhirError::ControlCharacter, 18);
	}
	refused("{\"a\tb\":1}", FhirError::ControlCharacter, 1, 4);
}

#[test]
fn canonicalise_duplicate_member_fails() {
	value_refused("{\"a\":1,\"a\":1}", FhirError::DuplicateMember, 13);
	value_refused("{\"a\":1,\"\\u0061\":2}", FhirError::DuplicateMember, 13);
	value_refused("{\"\\ud83d\\udc89\":1,\"b\":0,\"💉\":2}", FhirError::DuplicateMember, 30);
	value_refused("{\"\":1,\"\":2}", FhirError::DuplicateMember, 12);
	// The second of three, the earliest of several, the inner before the outer.
	value_refused("{\"a\":1,\"a\":2,\"a\":3}", FhirError::DuplicateMember, 13);
	value_refused("{\"b\":1,\"a\":2,\"b\":3,\"a\":4}", FhirError::DuplicateMember, 19);
	value_refused("{\"a\":1,\"a\":{\"b\":1,\"b\":2}}", FhirError::DuplicateMember, 24);
	refused("{\"resourceType\":\"Basic\",\n \"resourceType\":\"Basic\"}", FhirError::DuplicateMember, 2, 2);
	// Also where it would be left out.
	refused("{\"resourceType\":\"Basic\",\"meta\":{\"a\":1,\"a\":1}}", FhirError::DuplicateMember, 1, 39);
	refused("{\"resourceType\":\"Basic\",\"text\":{},\"text\":{}}", FhirError::DuplicateMember, 1, 35);
}

#[test]
fn canonicalise_duplicate_among_many_members_fails() {
	let members: Vec<_> = (0..500).map(|number| format!("\n\"n{}\":0", number * 7 % 500)).collect();
	let input = format!("{{\"resourceType\":\"Basic\",{},\n \"n250\":1}}", members.join(","));
	refused(input, FhirError::DuplicateMember, 502, 2);
}

#[test]
fn canonicalise_same_name_in_other_objects_works() {
	assert!(both(r#"{"resourceType":"Basic","a":{"a":{"a":[{"a":1},{"a":1}]}}}"#).is_ok());
}

#[test]
fn canonicalise_depth_at_limit_works_and_beyond_fails() {
	let nested = |depth: usize, open: &str, close: &str| {
		let inner = depth - 1;
		format!("{{\"resourceType\":\"Basic\",\"a\":{}0{}}}", open.repeat(inner), close.repeat(inner))
	};
	for depth in [MAX_DEPTH - 1, MAX_DEPTH] {
		let arrays = nested(depth, "[", "]");
		assert_eq!(both(&arrays).map(|canonical| canonical.len()), Ok(arrays.len()));
		assert!(both(&nested(depth, "{\"a\":", "}")).is_ok());
	}
	let column = "{\"resourceType\":\"Basic\",\"a\":".len() + MAX_DEPTH;
	refused(nested(MAX_DEPTH + 1, "[", "]"), FhirError::TooDeep, 1, column);
	refused(nested(MAX_DEPTH + 1, "{\"a\":", "}"), FhirError::TooDeep, 1, column + 4 * (MAX_DEPTH - 1));
	// Brackets beside one another are not nested.
	assert!(both(&format!("{{\"resourceType\":\"Basic\",\"a\":[{}[]]}}", "[],".repeat(1000))).is_ok());
}

#[test]
fn canonicalise_depth_bomb_fails() {
	refused("[".repeat(10_000_000), FhirError::TooDeep, 1, MAX_DEPTH + 1);
	refused("{\"\":".repeat(1_000_000), FhirError::TooDeep, 1, 4 * MAX_DEPTH + 1);
}

#[test]
fn canonicalise_depth_at_limit_in_a_small_stack_works() {
	let deep = format!("{{\"resourceType\":\"Basic\",\"a\":{}{}}}", "[".repeat(127), "]".repeat(127));
	let small = std::thread::Builder::new().stack_size(1 << 20);
	let thread = small.spawn(move || both(&deep).is_ok()).expect("a thread starts");
	assert_eq!(thread.join().ok(), Some(true));
}

#[test]
fn canonicalise_input_too_large_fails() {
	let zeros = vec![0; MAX_INPUT + 1];
	for suite in FHIR_SUITES {
		assert_eq!(canonicalise(&zeros, suite), Err(FhirError::InputTooLarge));
	}
	assert_eq!(FhirError::InputTooLarge.position(), None);
	assert_eq!(FhirError::InputTooLarge.to_string(), "the input is larger than 1073741824 bytes");
}

#[test]
fn canonicalise_not_an_object_fails() {
	for input in ["[]", "null", "true", "1.5", "\"Basic\"", "[{\"resourceType\":\"Basic\"}]"] {
		refused(format!("\n  {input}\n"), FhirError::NotAnObject, 2, 3);
	}
}

#[test]
fn canonicalise_without_resource_type_fails() {
	refused("\n {}", FhirError::ResourceTypeMissing, 2, 2);
	refused("{\"resourcetype\":\"Basic\",\"a\":{\"resourceType\":\"Basic\"}}", FhirError::ResourceTypeMissing, 1, 1);
	for value in ["null", "7", "true", "{}", "[\"Basic\"]"] {
		refused(format!("{{\"id\":\"1\",\n  \"resourceType\":{value}}}"), FhirError::ResourceTypeNotString, 2, 3);
	}
	refused("{\"id\":\"1\",\n  \"resourceType\":\"\"}", FhirError::ResourceTypeEmpty, 2, 3);
}

#[test]
fn fhir_error_messages_tell_kind_and_place_only() {
	let asclepius = "{\"resourceType\":\"Basic\",\n \"Asclepius\":1,\n \"Asclepius\":1}";
	let message = both(asclepius).expect_err("a name is used twice").to_string();
	assert_eq!(message, "line 3, column 2: a member name used twice in one object");
	for input in
		["{\"Asclepius", "{\"a\":Asclepius", "{\"Asclepius\\q", "[\"Asclepius\",]", "{} Asclepius", "\"Asclepius\""]
	{
		let error = both(input).expect_err("incorrect");
		assert!(!format!("{error} {error:?}").contains("Asclepius"));
	}
}

#[test]
fn fhir_error_lines_end_with_line_feeds() {
	refused("\r\r?", FhirError::UnexpectedCharacter, 1, 3);
	refused("\r\n?", FhirError::UnexpectedCharacter, 2, 1);
	refused("\n\r\n\n{\t?", FhirError::UnexpectedCharacter, 4, 3);
	refused("[\"e\u{301}💉\u{2028}\" ?", FhirError::UnexpectedCharacter, 1, 9);
}
