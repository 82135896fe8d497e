// SPDX-License-Identifier: Apache-2.0

//! What the canonical form looks like, rule by rule.

use super::{both, under};
use crate::fhir::{canonical, canonicalise, Canonical};
use epidaurus_primitives::hash::HashSuite::{self, FhirStaticRecursive, FhirStaticRoot, Raw};
use std::borrow::Cow;

/// The canonical form of a value that is a member of a resource.
fn value(json: &str) -> String {
	let canonical = both(&format!(r#"{{"resourceType":"Basic","a":{json}}}"#)).expect("the value is correct");
	let rest = canonical.strip_prefix(r#"{"a":"#).expect("a comes first");
	rest.strip_suffix(r#","resourceType":"Basic"}"#).expect("the type comes last").into()
}

#[test]
fn canonicalise_raw_keeps_any_bytes() {
	for input in [b"".as_slice(), b"\xff\x00 {", b"\xef\xbb\xbf{}", b"{ \"a\" : 1 }"] {
		assert_eq!(canonicalise(input, Raw), Ok(input.to_vec()));
		let borrowed = canonical(input, Raw).expect("raw bytes are never refused");
		assert!(matches!(borrowed.bytes, Cow::Borrowed(bytes) if bytes == input));
		assert!(borrowed.resource.is_none());
	}
}

#[test]
fn canonicalise_members_in_any_order_sorts_them() {
	let expected = r#"{"":0,"A":1,"a":2,"aa":3,"ab":{"x":[{"p":1,"q":2}],"y":4},"b":5,"resourceType":"Basic"}"#;
	let shuffled = r#"{"b":5,"aa":3,"resourceType":"Basic","a":2,"ab":{"y":4,"x":[{"q":2,"p":1}]},"":0,"A":1}"#;
	assert_eq!(both(shuffled).as_deref(), Ok(expected));
	assert_eq!(both(expected).as_deref(), Ok(expected));
}

#[test]
fn canonicalise_member_names_sort_by_utf16_code_units() {
	// In code points U+1F489 is the last of these. In UTF-16 it starts with D83D, before E000.
	let ordered = [
		"\\n",
		"10",
		"9",
		"A",
		"a",
		"resourceType",
		"z",
		"\u{7f}",
		"\u{e9}",
		"\u{5d4}",
		"\u{20a4}",
		"\u{d7ff}",
		"\u{10000}",
		"\u{1f489}",
		"\u{1f489}a",
		"\u{10ffff}",
		"\u{e000}",
		"\u{e000}a",
		"\u{fb2a}",
		"\u{fffd}",
		"\u{ffff}",
	];
	let member = |name: &&str| match *name {
		"resourceType" => r#""resourceType":"Basic""#.to_string(),
		name => format!(r#""{name}":null"#),
	};
	let forwards: Vec<_> = ordered.iter().map(member).collect();
	let mut backwards = forwards.clone();
	backwards.reverse();
	let mut interleaved: Vec<_> =
		forwards.iter().step_by(2).chain(forwards.iter().skip(1).step_by(2)).cloned().collect();
	interleaved.rotate_left(5);
	let expected = format!("{{{}}}", forwards.join(","));
	for order in [forwards, backwards, interleaved] {
		assert_eq!(both(&format!("{{{}}}", order.join(","))).as_deref(), Ok(expected.as_str()));
	}
}

#[test]
fn canonicalise_many_members_sorts_them() {
	let names = (0..1000).map(|number| format!("n{number:04}"));
	let members: Vec<_> = names.map(|name| format!(r#""{name}":{{"resourceType":1}}"#)).collect();
	let expected = format!(r#"{{{},"resourceType":"Basic"}}"#, members.join(","));
	let reversed: Vec<_> = members.into_iter().rev().collect();
	let input = format!(r#"{{"resourceType":"Basic",{}}}"#, reversed.join(","));
	assert_eq!(both(&input).as_deref(), Ok(expected.as_str()));
}

#[test]
fn canonicalise_white_space_leaves_none() {
	let spaced = "\r\n\t {\t\"resourceType\" :\r\n\"Basic\" , \"a\" : [ 1 , [ ] , { } , \" \\t x\" ] \n}\n \t\r";
	assert_eq!(both(spaced).as_deref(), Ok(r#"{"a":[1,[],{}," \t x"],"resourceType":"Basic"}"#));
}

#[test]
fn canonicalise_array_keeps_its_order() {
	assert_eq!(value("[3, 1, 2, null, true, false, [2, 1]]"), "[3,1,2,null,true,false,[2,1]]");
}

#[test]
fn canonicalise_numbers_keep_their_lexeme() {
	for lexeme in [
		"0",
		"-0",
		"0.0",
		"-0.0",
		"6",
		"6.0",
		"1.00",
		"1e3",
		"1E3",
		"1e+3",
		"1E-03",
		"0e0",
		"1.5e400",
		"1e-999",
		"9007199254740993",
		"123456789012345678901234567890.123456789012345678901234567890",
	] {
		assert_eq!(value(lexeme), lexeme);
		assert_eq!(value(&format!("[ {lexeme} , {lexeme}\n]")), format!("[{lexeme},{lexeme}]"));
	}
}

#[test]
fn canonicalise_strings_have_one_form() {
	for (written, canonical) in [
		(r#""""#, r#""""#),
		(r#""a\/b""#, r#""a/b""#),
		(r#""\u0041\u00e9\u20AC\u20ac""#, r#""Aé€€""#),
		(r#""\ud83d\uDC89 and \uD83D\udc89""#, r#""💉 and 💉""#),
		(r#""\uDBFF\uDFFF\uD800\uDC00""#, "\"\u{10ffff}\u{10000}\""),
		(r#""\u0022\u005C\u002f""#, r#""\"\\/""#),
		(r#""\u0008\u0009\u000A\u000C\u000D""#, r#""\b\t\n\f\r""#),
		(r#""\b\t\n\f\r\"\\""#, r#""\b\t\n\f\r\"\\""#),
		(
			r#""\u0000\u0001\u0007\u000B\u000E\u001F\u0010\u001a""#,
			r#""\u0000\u0001\u0007\u000b\u000e\u001f\u0010\u001a""#,
		),
		(r#""\u007f\u0080\u2028\uFEFF\uFFFF""#, "\"\u{7f}\u{80}\u{2028}\u{feff}\u{ffff}\""),
		("\"\u{7f}\u{80}\u{2028}\u{feff}\u{ffff}\"", "\"\u{7f}\u{80}\u{2028}\u{feff}\u{ffff}\""),
		(r#""eight by\u0074es, then \u006dore""#, r#""eight bytes, then more""#),
	] {
		assert_eq!(value(written), canonical);
		assert_eq!(value(canonical), canonical);
	}
}

#[test]
fn canonicalise_every_length_of_string_works() {
	for length in 0..40 {
		let plain = "x".repeat(length);
		assert_eq!(value(&format!(r#""{plain}""#)), format!(r#""{plain}""#));
		assert_eq!(value(&format!(r#""{plain}\u0079{plain}\n""#)), format!(r#""{plain}y{plain}\n""#));
		let wide = "é".repeat(length);
		assert_eq!(value(&format!(r#""{wide}\"{wide}""#)), format!(r#""{wide}\"{wide}""#));
	}
}

#[test]
fn canonicalise_composed_and_decomposed_letters_stay_apart() {
	assert_eq!(value("\"\u{e9}\""), "\"\u{e9}\"");
	assert_eq!(value("\"e\u{301}\""), "\"e\u{301}\"");
}

#[test]
fn canonicalise_names_with_escapes_have_one_form() {
	let canonical = both(r#"{"resource\u0054ype":"Basic","\u0000\"":1,"\/":2}"#);
	assert_eq!(canonical.as_deref(), Ok(r#"{"\u0000\"":1,"/":2,"resourceType":"Basic"}"#));
}

const NESTED: &str = r#"{"resourceType":"Bundle","meta":{"versionId":"1"},"text":{"status":"empty"},"entry":[
	{"text":{"kept":1},"meta":{"kept":2},"resource":{"resourceType":"Patient","meta":{"versionId":"2"},
	"text":{"div":"<div/>"},"contained":[{"resourceType":"","text":{},"meta":{}}]}},
	{"resource":{"text":{"kept":3},"resourceType":["Patient"]}}]}"#;

#[test]
fn canonicalise_root_suite_strips_the_root_only() {
	let expected = concat!(
		r#"{"entry":[{"meta":{"kept":2},"resource":{"contained":[{"meta":{},"resourceType":"","text":{}}],"#,
		r#""meta":{"versionId":"2"},"resourceType":"Patient","text":{"div":"<div/>"}},"text":{"kept":1}},"#,
		r#"{"resource":{"resourceType":["Patient"],"text":{"kept":3}}}],"resourceType":"Bundle"}"#
	);
	assert_eq!(under(FhirStaticRoot, NESTED).as_deref(), Ok(expected));
}

#[test]
fn canonicalise_recursive_suite_strips_every_resource() {
	let expected = concat!(
		r#"{"entry":[{"meta":{"kept":2},"resource":{"contained":[{"resourceType":""}],"resourceType":"Patient"},"#,
		r#""text":{"kept":1}},{"resource":{"resourceType":["Patient"],"text":{"kept":3}}}],"resourceType":"Bundle"}"#
	);
	assert_eq!(under(FhirStaticRecursive, NESTED).as_deref(), Ok(expected));
}

#[test]
fn canonicalise_meta_and_text_that_are_not_objects_stay() {
	for other in ["1", "null", "true", r#""words""#, r#"[{"status":"empty"}]"#] {
		let input = format!(r#"{{"meta":{other},"resourceType":"Basic","text":{other}}}"#);
		assert_eq!(both(&input).as_deref(), Ok(input.as_str()));
	}
}

#[test]
fn canonicalise_members_beside_meta_and_text_stay() {
	let input = concat!(
		r#"{"Text":{},"_birthDate":{"extension":[{"url":"u","valueDateTime":"1974-12-25T14:35:45-05:00"}]},"#,
		r#""_meta":{"a":1},"_text":{"b":2},"code":{"text":"words"},"metadata":{},"#,
		r##""reference":"#x/_history/2","resourceType":"Basic","text ":{}}"##
	);
	assert_eq!(both(input).as_deref(), Ok(input));
	let with = input.replacen('{', r#"{"te\u0078t":{"status":"empty"},"meta":{"tag":[]},"#, 1);
	assert_eq!(both(&with).as_deref(), Ok(input));
}

#[test]
fn canonicalise_only_stripped_members_leaves_the_type() {
	let input = r#"{"meta":{},"text":{},"resourceType":"Basic"}"#;
	assert_eq!(both(input).as_deref(), Ok(r#"{"resourceType":"Basic"}"#));
}

#[test]
fn canonical_tells_type_and_id() {
	let resource = |input: &str| {
		let canonical: Canonical<'_> = canonical(input.as_bytes(), FhirStaticRoot).expect("the input is correct");
		let resource = canonical.resource.expect("a FHIR suite tells the type");
		(resource.resource_type, resource.id)
	};
	let patient = r#"{"contained":[{"resourceType":"Group","id":"g"}],"id":"p\u0031","resourceType":"Pa\u0074ient"}"#;
	assert_eq!(resource(patient), ("Patient".into(), Some("p1".into())));
	assert_eq!(resource(r#"{"resourceType":"Basic"}"#), ("Basic".into(), None));
	assert_eq!(resource(r#"{"resourceType":"Basic","id":7}"#), ("Basic".into(), None));
}

#[test]
fn canonical_debug_tells_no_content() {
	for suite in HashSuite::ALL {
		let canonical = canonical(br#"{"resourceType":"Basic","id":"Asclepius"}"#, suite).expect("correct");
		let shown = format!("{canonical:?} {:?}", canonical.resource);
		assert!(!shown.contains("Asclepius") && !shown.contains("Basic"), "{shown}");
	}
}
