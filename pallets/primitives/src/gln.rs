// SPDX-License-Identifier: Apache-2.0
//! GS1 Global Location Numbers: thirteen digits, the last of which checks the others.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::{fmt, str::FromStr};
use scale_info::TypeInfo;

/// A number as written; [`Gln::parse`] and [`Gln::is_valid`] check it, decoding does not.
#[derive(
	Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Gln(pub [u8; 13]);

/// Why a text is not a GLN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadGln {
	/// It has not thirteen characters.
	WrongLength,
	/// A character is not a digit.
	NotADigit,
	/// The last digit does not check the others (GS1 General Specifications §7.9).
	WrongCheckDigit,
}

impl fmt::Display for BadGln {
	fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
		f.write_str(match self {
			Self::WrongLength => "a GLN has thirteen digits",
			Self::NotADigit => "a GLN consists of digits",
			Self::WrongCheckDigit => "the GLN's check digit is wrong",
		})
	}
}

#[cfg(feature = "std")]
impl std::error::Error for BadGln {}

/// GS1 check digit of the digits before it, given as ASCII, with weights 3 and 1 alternating from the right
/// (GS1 General Specifications §7.9). `None` if one is not a digit.
pub fn check_digit(digits: &[u8]) -> Option<u8> {
	let mut sum = 0u32;
	for (place, digit) in digits.iter().rev().enumerate() {
		let value = u32::from(digit.checked_sub(b'0').filter(|value| *value <= 9)?);
		let weight = if place.checked_rem(2) == Some(0) { 3 } else { 1 };
		sum = sum.checked_add(value.checked_mul(weight)?)?;
	}
	let rest = u8::try_from(sum.checked_rem(10)?).ok()?;
	10u8.checked_sub(rest)?.checked_rem(10)?.checked_add(b'0')
}

impl Gln {
	/// The number written in `digits`, if it has thirteen of them and its check digit is right.
	pub fn parse(digits: &[u8]) -> Result<Self, BadGln> {
		let digits: [u8; 13] = digits.try_into().map_err(|_| BadGln::WrongLength)?;
		let gln = Self(digits);
		if !digits.iter().all(u8::is_ascii_digit) {
			return Err(BadGln::NotADigit);
		}
		if gln.is_valid() {
			Ok(gln)
		} else {
			Err(BadGln::WrongCheckDigit)
		}
	}

	/// Whether all thirteen are digits and the last checks the others.
	pub fn is_valid(&self) -> bool {
		match self.0.split_last() {
			Some((check, digits)) => check_digit(digits) == Some(*check),
			None => false,
		}
	}
}

impl FromStr for Gln {
	type Err = BadGln;

	fn from_str(text: &str) -> Result<Self, BadGln> {
		Self::parse(text.as_bytes())
	}
}

impl fmt::Display for Gln {
	fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
		f.write_str(core::str::from_utf8(&self.0).unwrap_or("invalid GLN"))
	}
}

impl fmt::Debug for Gln {
	fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
		fmt::Display::fmt(self, f)
	}
}

#[cfg(feature = "serde")]
impl serde::Serialize for Gln {
	fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		serializer.collect_str(self)
	}
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Gln {
	fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		let text = alloc::string::String::deserialize(deserializer)?;
		text.parse().map_err(serde::de::Error::custom)
	}
}
