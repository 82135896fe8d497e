// SPDX-License-Identifier: Apache-2.0

//! Why an input is refused, and where.

use core::fmt;

use super::{MAX_DEPTH, MAX_INPUT};

/// A place in the input, counted from 1.
///
/// A line ends with a line feed (so a carriage return before it is the last character of its line). A column counts
/// characters, that is Unicode scalar values, and neither bytes nor what a screen shows as one sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
	/// The line, from 1.
	pub line: usize,
	/// The character in the line, from 1.
	pub column: usize,
}

impl Position {
	/// The place of the character that starts at byte `offset` of `text`, or the end of `text` if it is shorter.
	pub(super) fn of(text: &str, offset: usize) -> Self {
		let before = text.get(..offset).unwrap_or(text);
		let line_start = before.rfind('\n').map_or(0, |feed| feed.saturating_add(1));
		let feeds = before.bytes().filter(|byte| *byte == b'\n').count();
		let characters = before.get(line_start..).unwrap_or_default().chars().count();
		Self { line: feeds.saturating_add(1), column: characters.saturating_add(1) }
	}
}

impl fmt::Display for Position {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "line {}, column {}", self.line, self.column)
	}
}

/// Why an input has no canonical form under a FHIR suite.
///
/// A refusal says its kind and its place and never quotes the input: a record may be about a person, and messages end
/// up in logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FhirError {
	/// The input is longer than [`MAX_INPUT`] bytes; nothing of it was read, so there is no place to tell.
	#[error("the input is larger than {MAX_INPUT} bytes")]
	InputTooLarge,
	/// A byte sequence that is not UTF-8 (RFC 8259 §8.1) starts here.
	#[error("{0}: this is not valid UTF-8")]
	InvalidUtf8(Position),
	/// The input starts with the byte-order mark of UTF-8 (RFC 8259 §8.1).
	#[error("{0}: the input starts with a byte-order mark")]
	ByteOrderMark(Position),
	/// The input ends inside a value or before one; the place is the end of the input.
	#[error("{0}: the input ends too early")]
	UnexpectedEnd(Position),
	/// This character cannot stand here.
	#[error("{0}: unexpected character")]
	UnexpectedCharacter(Position),
	/// The comma here has no value after it, only the closing bracket.
	#[error("{0}: a comma before a closing bracket")]
	TrailingComma(Position),
	/// Something other than white space follows the value.
	#[error("{0}: something follows the end of the value")]
	TrailingBytes(Position),
	/// The number that starts here is not one of JSON (RFC 8259 §6): leading zero or plus, bare point, `NaN` and so on.
	#[error("{0}: not a JSON number")]
	BadNumber(Position),
	/// The backslash here starts no escape of JSON (RFC 8259 §7).
	#[error("{0}: not a JSON escape")]
	BadEscape(Position),
	/// The `\u` escape here is half of a surrogate pair without its other half.
	#[error("{0}: half of a surrogate pair")]
	LoneSurrogate(Position),
	/// A control character below U+0020 stands unescaped in a string.
	#[error("{0}: an unescaped control character in a string")]
	ControlCharacter(Position),
	/// The member name here was already used in the same object; names are compared after their escapes are decoded.
	#[error("{0}: a member name used twice in one object")]
	DuplicateMember(Position),
	/// The bracket here opens a level deeper than [`MAX_DEPTH`].
	#[error("{0}: nested deeper than {MAX_DEPTH} levels")]
	TooDeep(Position),
	/// The value, which starts here, is not an object and therefore not a resource.
	#[error("{0}: a FHIR resource must be a JSON object")]
	NotAnObject(Position),
	/// The object that starts here, the whole input, has no member `resourceType`.
	#[error("{0}: the resource has no resourceType")]
	ResourceTypeMissing(Position),
	/// The member `resourceType` of the whole input, whose name stands here, is not a string.
	#[error("{0}: the resourceType is not a string")]
	ResourceTypeNotString(Position),
	/// The member `resourceType` of the whole input, whose name stands here, is the empty string.
	#[error("{0}: the resourceType is empty")]
	ResourceTypeEmpty(Position),
}

impl FhirError {
	/// Where the input is refused; `None` only for [`FhirError::InputTooLarge`].
	pub fn position(&self) -> Option<Position> {
		match self {
			Self::InputTooLarge => None,
			Self::InvalidUtf8(at)
			| Self::ByteOrderMark(at)
			| Self::UnexpectedEnd(at)
			| Self::UnexpectedCharacter(at)
			| Self::TrailingComma(at)
			| Self::TrailingBytes(at)
			| Self::BadNumber(at)
			| Self::BadEscape(at)
			| Self::LoneSurrogate(at)
			| Self::ControlCharacter(at)
			| Self::DuplicateMember(at)
			| Self::TooDeep(at)
			| Self::NotAnObject(at)
			| Self::ResourceTypeMissing(at)
			| Self::ResourceTypeNotString(at)
			| Self::ResourceTypeEmpty(at) => Some(*at),
		}
	}
}
