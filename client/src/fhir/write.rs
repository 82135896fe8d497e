// SPDX-License-Identifier: Apache-2.0

//! The canonical form of a tree.

use super::{
	lexeme,
	strip::{is_left_out, Reach},
	tree::{Member, Text, Value},
};

/// Appends the canonical form of a value, without what a suite leaves out within `reach`.
pub(super) fn write(out: &mut Vec<u8>, value: &Value<'_>, reach: Reach) {
	match value {
		Value::Literal(lexeme) => out.extend_from_slice(lexeme.as_bytes()),
		Value::Number(lexeme) => out.extend_from_slice(lexeme.as_bytes()),
		Value::String(text) => string(out, text),
		Value::Array(values) => array(out, values, reach.below()),
		Value::Object(members) => object(out, members, reach),
	}
}

fn array(out: &mut Vec<u8>, values: &[Value<'_>], reach: Reach) {
	out.push(b'[');
	for (index, value) in values.iter().enumerate() {
		if index > 0 {
			out.push(b',');
		}
		write(out, value, reach);
	}
	out.push(b']');
}

fn object(out: &mut Vec<u8>, members: &[Member<'_>], reach: Reach) {
	let strips = reach.strips(members);
	out.push(b'{');
	let mut first = true;
	for member in members {
		if strips && is_left_out(member) {
			continue;
		}
		if !first {
			out.push(b',');
		}
		first = false;
		string(out, &member.name);
		out.push(b':');
		write(out, &member.value, reach.below());
	}
	out.push(b'}');
}

fn string(out: &mut Vec<u8>, text: &Text<'_>) {
	out.push(b'"');
	match text {
		Text::Plain(text) => out.extend_from_slice(text.as_bytes()),
		Text::Decoded(text) => escaped(out, text),
	}
	out.push(b'"');
}

/// RFC 8785 §3.2.2.2.
fn escaped(out: &mut Vec<u8>, text: &str) {
	let mut rest = text.as_bytes();
	loop {
		let (plain, special) = rest.split_at(lexeme::plain_run(rest));
		out.extend_from_slice(plain);
		let Some((byte, behind)) = special.split_first() else { return };
		escape(out, *byte);
		rest = behind;
	}
}

/// The escape of a character that is not plain: a quotation mark, a backslash or a control character.
fn escape(out: &mut Vec<u8>, byte: u8) {
	let letter = match byte {
		b'"' | b'\\' => byte,
		0x08 => b'b',
		b'\t' => b't',
		b'\n' => b'n',
		0x0c => b'f',
		b'\r' => b'r',
		_ => {
			let low = byte & 0xf;
			let low = if low < 10 { b'0' + low } else { b'a' + (low - 10) };
			return out.extend_from_slice(&[b'\\', b'u', b'0', b'0', b'0' + (byte >> 4), low]);
		},
	};
	out.extend_from_slice(&[b'\\', letter]);
}
