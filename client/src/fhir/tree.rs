// SPDX-License-Identifier: Apache-2.0

//! The tree that the parser builds: it borrows from the input wherever the input can be kept as it stands.

use core::cmp::Ordering;

/// A JSON value.
pub(super) enum Value<'a> {
	/// `null`, `true` or `false`, as written.
	Literal(&'static str),
	/// A number, as written.
	Number(&'a str),
	/// A string.
	String(Text<'a>),
	/// An array.
	Array(Vec<Value<'a>>),
	/// An object: no name twice, members in the order of [`compare_names`].
	Object(Vec<Member<'a>>),
}

/// A member of an object.
pub(super) struct Member<'a> {
	/// The name, its escapes decoded.
	pub name: Text<'a>,
	/// The byte of the input at which the name's quotation mark stands.
	pub offset: usize,
	/// The value.
	pub value: Value<'a>,
}

/// A string, its escapes decoded.
pub(super) enum Text<'a> {
	/// Written without an escape. It therefore holds nothing that must be escaped, and is canonical as it stands.
	Plain(&'a str),
	/// Written with escapes.
	Decoded(String),
}

impl Text<'_> {
	/// The characters.
	pub fn as_str(&self) -> &str {
		match self {
			Self::Plain(text) => text,
			Self::Decoded(text) => text,
		}
	}
}

/// The member of this name, found by bisection.
pub(super) fn member<'m, 'a>(members: &'m [Member<'a>], name: &str) -> Option<&'m Member<'a>> {
	let index = members.binary_search_by(|member| compare_names(member.name.as_str(), name)).ok()?;
	members.get(index)
}

/// The order of names in RFC 8785 §3.2.3, by UTF-16 code units, computed on UTF-8.
///
/// Bytes of UTF-8 sort as code points do, and code points as code units do, but for one pair of ranges: the surrogates
/// that stand for U+10000 and above (first byte F0 to F4) come before U+E000 to U+FFFF (first byte EE or EF).
pub(super) fn compare_names(left: &str, right: &str) -> Ordering {
	let differing = left.bytes().zip(right.bytes()).find(|(a, b)| a != b);
	match differing {
		Some((a, b)) => rank(a).cmp(&rank(b)),
		None => left.len().cmp(&right.len()),
	}
}

/// Bytes at which two names first differ, ranked as the code units they begin or continue.
fn rank(byte: u8) -> u8 {
	match byte {
		0xee => 0xfe,
		0xef => 0xff,
		other => other,
	}
}
