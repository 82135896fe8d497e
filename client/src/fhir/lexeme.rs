// SPDX-License-Identifier: Apache-2.0

//! The words of JSON: numbers, escapes and the plain parts of strings. Pure functions over the bytes from the cursor on.

/// Length of the number at the start of `bytes` (RFC 8259 §6), or `None` if there is none or it goes on in a way that
/// no number does (`01`, `1.`, `1.5.2`, `0x10`, `1_000`).
pub(super) fn number(bytes: &[u8]) -> Option<usize> {
	let mut length = usize::from(bytes.first() == Some(&b'-'));
	let whole = digits(bytes, length);
	if whole == 0 || (whole > 1 && bytes.get(length) == Some(&b'0')) {
		return None;
	}
	length += whole;
	if bytes.get(length) == Some(&b'.') {
		let fraction = digits(bytes, length + 1);
		if fraction == 0 {
			return None;
		}
		length += 1 + fraction;
	}
	if let Some(b'e' | b'E') = bytes.get(length) {
		let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
		let exponent = digits(bytes, length + 1 + sign);
		if exponent == 0 {
			return None;
		}
		length += 1 + sign + exponent;
	}
	let ends = !bytes.get(length).is_some_and(|byte| byte.is_ascii_alphanumeric() || b"+-._".contains(byte));
	ends.then_some(length)
}

fn digits(bytes: &[u8], from: usize) -> usize {
	bytes.get(from..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// Whether what stands here is meant as a number, right or wrong.
pub(super) fn looks_like_number(bytes: &[u8]) -> bool {
	let signed = matches!(bytes.first(), Some(b'-' | b'+' | b'.' | b'0'..=b'9'));
	signed || bytes.starts_with(b"NaN") || bytes.starts_with(b"Infinity")
}

/// Length of the part of a string that stands for itself: up to a quotation mark, a backslash, a control character or
/// the end of `bytes`.
pub(super) fn plain_run(bytes: &[u8]) -> usize {
	let mut length = 0;
	while let Some(word) = bytes.get(length..).and_then(|rest| rest.first_chunk::<8>()) {
		let marks = mark_special(u64::from_le_bytes(*word));
		if marks != 0 {
			return length + (marks.trailing_zeros() / 8) as usize;
		}
		length += 8;
	}
	let rest = bytes.get(length..).unwrap_or_default();
	length + rest.iter().take_while(|byte| **byte >= 0x20 && !matches!(byte, b'"' | b'\\')).count()
}

/// Marks, by its highest bit, the lowest byte of the word that is a quotation mark, a backslash or a control character.
/// Bytes above that one may be marked too, whatever they are: a subtraction borrows from them.
fn mark_special(word: u64) -> u64 {
	const ONES: u64 = u64::from_le_bytes([1; 8]);
	const HIGHEST_BITS: u64 = ONES * 0x80;
	let below = |word: u64, bound: u64| word.wrapping_sub(ONES * bound) & !word;
	let quote = below(word ^ (ONES * 0x22), 1);
	let backslash = below(word ^ (ONES * 0x5c), 1);
	(below(word, 0x20) | quote | backslash) & HIGHEST_BITS
}

/// What is wrong with an escape.
pub(super) enum BadEscape {
	/// The input ends within it.
	Cut,
	/// JSON has no such escape.
	Unknown,
	/// It is half of a surrogate pair.
	LoneSurrogate,
}

/// The character for which the escape at the start of `bytes` stands, and the escape's length (RFC 8259 §7). A surrogate
/// pair is one escape of twelve bytes.
pub(super) fn escape(bytes: &[u8]) -> Result<(char, usize), BadEscape> {
	let character = match bytes.get(1) {
		Some(byte @ (b'"' | b'\\' | b'/')) => char::from(*byte),
		Some(b'b') => '\u{8}',
		Some(b'f') => '\u{c}',
		Some(b'n') => '\n',
		Some(b'r') => '\r',
		Some(b't') => '\t',
		Some(b'u') => return hexadecimal(bytes),
		Some(_) => return Err(BadEscape::Unknown),
		None => return Err(BadEscape::Cut),
	};
	Ok((character, 2))
}

fn hexadecimal(bytes: &[u8]) -> Result<(char, usize), BadEscape> {
	let unit = code_unit(bytes)?;
	if let Some(character) = char::from_u32(unit) {
		return Ok((character, 6));
	}
	let second = bytes.get(6..).unwrap_or_default();
	let low = match second.starts_with(b"\\u") {
		true => code_unit(second).unwrap_or_default(),
		false => 0,
	};
	match (unit, low) {
		(0xd800..=0xdbff, 0xdc00..=0xdfff) => {
			let character = 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
			char::from_u32(character).map(|character| (character, 12)).ok_or(BadEscape::LoneSurrogate)
		},
		_ => Err(BadEscape::LoneSurrogate),
	}
}

/// The four hexadecimal digits behind the `\u` at the start of `bytes`.
fn code_unit(bytes: &[u8]) -> Result<u32, BadEscape> {
	(2..6).try_fold(0, |unit, index| {
		let digit = bytes.get(index).ok_or(BadEscape::Cut)?;
		let value = char::from(*digit).to_digit(16).ok_or(BadEscape::Unknown)?;
		Ok(unit << 4 | value)
	})
}
