// SPDX-License-Identifier: Apache-2.0

//! A strict parser of JSON (RFC 8259).

use super::{
	error::{FhirError, Position},
	lexeme,
	tree::{compare_names, Member, Text, Value},
	MAX_DEPTH, MAX_INPUT,
};
use core::cmp::Ordering;

/// The value that makes up a whole input, and where it starts.
pub(super) struct Document<'a> {
	text: &'a str,
	/// The byte at which the value starts.
	pub start: usize,
	/// The value.
	pub root: Value<'a>,
}

impl Document<'_> {
	/// The refusal of what starts at this byte.
	pub fn refuse(&self, kind: fn(Position) -> FhirError, offset: usize) -> FhirError {
		kind(Position::of(self.text, offset))
	}
}

/// Reads an input that consists of one value and white space around it. Refuses what [`FhirError`] lists.
pub(super) fn parse(input: &[u8]) -> Result<Document<'_>, FhirError> {
	let text = text(input)?;
	let mut parser = Parser { text, bytes: input, at: 0, depth: 0, values: Vec::new(), members: Vec::new() };
	parser.skip_white_space();
	let start = parser.at;
	let root = parser.value()?;
	parser.skip_white_space();
	match parser.peek() {
		None => Ok(Document { text, start, root }),
		Some(_) => Err(parser.refuse(FhirError::TrailingBytes, parser.at)),
	}
}

fn text(input: &[u8]) -> Result<&str, FhirError> {
	if input.len() > MAX_INPUT {
		return Err(FhirError::InputTooLarge);
	}
	if input.starts_with("\u{feff}".as_bytes()) {
		return Err(FhirError::ByteOrderMark(Position::of("", 0)));
	}
	core::str::from_utf8(input).map_err(|error| {
		let valid = input.get(..error.valid_up_to()).unwrap_or_default();
		let before = core::str::from_utf8(valid).unwrap_or_default();
		FhirError::InvalidUtf8(Position::of(before, before.len()))
	})
}

struct Parser<'a> {
	text: &'a str,
	bytes: &'a [u8],
	at: usize,
	depth: usize,
	// Elements of all arrays, and members of all objects, that are still open. They move into a vector of their own when
	// the bracket closes, so that each container is allocated once and in its final size.
	values: Vec<Value<'a>>,
	members: Vec<Member<'a>>,
}

impl<'a> Parser<'a> {
	fn peek(&self) -> Option<u8> {
		self.bytes.get(self.at).copied()
	}

	fn skip_white_space(&mut self) {
		while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
			self.at += 1;
		}
	}

	/// The source between two bytes, both of which stand beside ASCII characters.
	fn source(&self, from: usize, to: usize) -> &'a str {
		self.text.get(from..to).unwrap_or_default()
	}

	#[cold]
	fn refuse(&self, kind: fn(Position) -> FhirError, offset: usize) -> FhirError {
		kind(Position::of(self.text, offset))
	}

	/// The refusal of whatever stands at the cursor, or of there being nothing.
	#[cold]
	fn unexpected(&self) -> FhirError {
		match self.peek() {
			Some(_) => self.refuse(FhirError::UnexpectedCharacter, self.at),
			None => self.refuse(FhirError::UnexpectedEnd, self.at),
		}
	}

	/// A value; the cursor stands on its first character.
	fn value(&mut self) -> Result<Value<'a>, FhirError> {
		match self.peek() {
			Some(b'"') => self.string().map(Value::String),
			Some(b'{') => self.nested(Self::object),
			Some(b'[') => self.nested(Self::array),
			Some(b't') => self.literal("true"),
			Some(b'f') => self.literal("false"),
			Some(b'n') => self.literal("null"),
			Some(_) => self.number(),
			None => Err(self.unexpected()),
		}
	}

	fn nested(&mut self, read: fn(&mut Self) -> Result<Value<'a>, FhirError>) -> Result<Value<'a>, FhirError> {
		if self.depth == MAX_DEPTH {
			return Err(self.refuse(FhirError::TooDeep, self.at));
		}
		self.depth += 1;
		let value = read(self)?;
		self.depth -= 1;
		Ok(value)
	}

	fn literal(&mut self, literal: &'static str) -> Result<Value<'a>, FhirError> {
		for expected in literal.bytes() {
			if self.peek() != Some(expected) {
				return Err(self.unexpected());
			}
			self.at += 1;
		}
		Ok(Value::Literal(literal))
	}

	fn number(&mut self) -> Result<Value<'a>, FhirError> {
		let rest = self.bytes.get(self.at..).unwrap_or_default();
		let Some(length) = lexeme::number(rest) else {
			return Err(match lexeme::looks_like_number(rest) {
				true => self.refuse(FhirError::BadNumber, self.at),
				false => self.unexpected(),
			});
		};
		let start = self.at;
		self.at += length;
		Ok(Value::Number(self.source(start, self.at)))
	}

	/// A string; the cursor stands on its quotation mark.
	fn string(&mut self) -> Result<Text<'a>, FhirError> {
		self.at += 1;
		let plain = self.plain_run();
		if self.peek() == Some(b'"') {
			self.at += 1;
			return Ok(Text::Plain(plain));
		}
		let mut decoded = String::from(plain);
		loop {
			match self.peek() {
				Some(b'"') => break,
				Some(b'\\') => decoded.push(self.escape()?),
				Some(_) => return Err(self.refuse(FhirError::ControlCharacter, self.at)),
				None => return Err(self.unexpected()),
			}
			decoded.push_str(self.plain_run());
		}
		self.at += 1;
		Ok(Text::Decoded(decoded))
	}

	/// The characters up to the next quotation mark, backslash, control character or the end.
	fn plain_run(&mut self) -> &'a str {
		let start = self.at;
		self.at += lexeme::plain_run(self.bytes.get(start..).unwrap_or_default());
		self.source(start, self.at)
	}

	/// The character for which an escape stands; the cursor stands on its backslash.
	fn escape(&mut self) -> Result<char, FhirError> {
		let rest = self.bytes.get(self.at..).unwrap_or_default();
		match lexeme::escape(rest) {
			Ok((character, length)) => {
				self.at += length;
				Ok(character)
			},
			Err(lexeme::BadEscape::Cut) => Err(self.refuse(FhirError::UnexpectedEnd, self.bytes.len())),
			Err(lexeme::BadEscape::Unknown) => Err(self.refuse(FhirError::BadEscape, self.at)),
			Err(lexeme::BadEscape::LoneSurrogate) => Err(self.refuse(FhirError::LoneSurrogate, self.at)),
		}
	}

	/// An array; the cursor stands on its bracket.
	fn array(&mut self) -> Result<Value<'a>, FhirError> {
		let first = self.values.len();
		self.at += 1;
		self.skip_white_space();
		if self.peek() != Some(b']') {
			loop {
				let value = self.value()?;
				self.values.push(value);
				if !self.comma(b']')? {
					break;
				}
			}
		}
		self.at += 1;
		Ok(Value::Array(self.values.drain(first..).collect()))
	}

	/// An object; the cursor stands on its brace.
	fn object(&mut self) -> Result<Value<'a>, FhirError> {
		let first = self.members.len();
		self.at += 1;
		self.skip_white_space();
		if self.peek() != Some(b'}') {
			loop {
				let member = self.member()?;
				self.members.push(member);
				if !self.comma(b'}')? {
					break;
				}
			}
		}
		self.at += 1;
		match sort(self.members.get_mut(first..).unwrap_or_default()) {
			None => Ok(Value::Object(self.members.drain(first..).collect())),
			Some(second) => Err(self.refuse(FhirError::DuplicateMember, second)),
		}
	}

	fn member(&mut self) -> Result<Member<'a>, FhirError> {
		let offset = self.at;
		if self.peek() != Some(b'"') {
			return Err(self.unexpected());
		}
		let name = self.string()?;
		self.skip_white_space();
		if self.peek() != Some(b':') {
			return Err(self.unexpected());
		}
		self.at += 1;
		self.skip_white_space();
		let value = self.value()?;
		Ok(Member { name, offset, value })
	}

	/// After an element: moves behind a comma to the next element and says yes, or to the closing bracket and says no.
	fn comma(&mut self, closing: u8) -> Result<bool, FhirError> {
		self.skip_white_space();
		match self.peek() {
			Some(b',') => (),
			Some(byte) if byte == closing => return Ok(false),
			_ => return Err(self.unexpected()),
		}
		let comma = self.at;
		self.at += 1;
		self.skip_white_space();
		match self.peek() {
			Some(byte) if byte == closing => Err(self.refuse(FhirError::TrailingComma, comma)),
			_ => Ok(true),
		}
	}
}

/// Sorts the members of an object. If a name is there twice: the offset of the first member, in the order of the input,
/// that repeats an earlier one.
fn sort(members: &mut [Member<'_>]) -> Option<usize> {
	let order = |a: &Member<'_>, b: &Member<'_>| compare_names(a.name.as_str(), b.name.as_str());
	let strictly_ascending = |pair: &[Member<'_>]| match pair {
		[a, b] => order(a, b) == Ordering::Less,
		_ => true,
	};
	if members.windows(2).all(strictly_ascending) {
		return None;
	}
	members.sort_unstable_by(|a, b| order(a, b).then(a.offset.cmp(&b.offset)));
	let repeats = members.windows(2).filter(|pair| !strictly_ascending(pair));
	repeats.filter_map(|pair| pair.last()).map(|member| member.offset).min()
}
