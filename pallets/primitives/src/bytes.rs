// SPDX-License-Identifier: Apache-2.0
//! Newtypes of fixed byte strings: hexadecimal in text and JSON, bare bytes in SCALE.

/// Why a text is not the hexadecimal form of a fixed byte string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseHex {
	/// The text lacks the prefix `0x`.
	NoPrefix,
	/// The text has another number of digits than the type has half-bytes.
	WrongLength,
	/// A character is not a hexadecimal digit.
	BadDigit,
}

impl core::fmt::Display for ParseHex {
	fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
		f.write_str(match self {
			Self::NoPrefix => "hexadecimal values begin with 0x",
			Self::WrongLength => "wrong number of hexadecimal digits",
			Self::BadDigit => "not a hexadecimal digit",
		})
	}
}

#[cfg(feature = "std")]
impl std::error::Error for ParseHex {}

pub(crate) fn parse<const N: usize>(text: &str) -> Result<[u8; N], ParseHex> {
	let digits = text.strip_prefix("0x").ok_or(ParseHex::NoPrefix)?;
	let mut bytes = [0u8; N];
	hex::decode_to_slice(digits, &mut bytes).map_err(|error| match error {
		hex::FromHexError::InvalidHexCharacter { .. } => ParseHex::BadDigit,
		_ => ParseHex::WrongLength,
	})?;
	Ok(bytes)
}

/// Declares a newtype over `[u8; N]` with its text and JSON forms.
macro_rules! fixed_bytes {
	($(#[$doc:meta])* $name:ident, $len:literal) => {
		$(#[$doc])*
		#[derive(
			Clone,
			Copy,
			PartialEq,
			Eq,
			PartialOrd,
			Ord,
			Hash,
			Default,
			codec::Encode,
			codec::Decode,
			codec::DecodeWithMemTracking,
			codec::MaxEncodedLen,
			scale_info::TypeInfo,
		)]
		#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
		#[cfg_attr(feature = "schema", schemars(extend("pattern" = $crate::schema::hexadecimal($len))))]
		pub struct $name(#[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))] pub [u8; $len]);

		impl core::fmt::Display for $name {
			fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
				write!(f, "0x{}", hex::encode(self.0))
			}
		}

		impl core::fmt::Debug for $name {
			fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
				core::fmt::Display::fmt(self, f)
			}
		}

		impl core::str::FromStr for $name {
			type Err = $crate::bytes::ParseHex;

			fn from_str(text: &str) -> Result<Self, Self::Err> {
				$crate::bytes::parse(text).map(Self)
			}
		}

		impl AsRef<[u8]> for $name {
			fn as_ref(&self) -> &[u8] {
				&self.0
			}
		}

		#[cfg(feature = "serde")]
		impl serde::Serialize for $name {
			fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
				serializer.collect_str(self)
			}
		}

		#[cfg(feature = "serde")]
		impl<'de> serde::Deserialize<'de> for $name {
			fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
				let text = alloc::string::String::deserialize(deserializer)?;
				text.parse().map_err(serde::de::Error::custom)
			}
		}
	};
}
pub(crate) use fixed_bytes;

/// JSON form of 64-bit counts: decimal strings, since JSON numbers lose digits above 2^53.
#[cfg(feature = "serde")]
pub(crate) mod decimal {
	use alloc::string::String;
	use serde::Deserialize;

	pub fn serialize<S: serde::Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
		serializer.collect_str(value)
	}

	/// Accepts a decimal string and, for small counts, a plain number.
	pub fn deserialize<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
		#[derive(Deserialize)]
		#[serde(untagged)]
		enum Form {
			Number(u64),
			Text(String),
		}
		match Form::deserialize(deserializer)? {
			Form::Number(value) => Ok(value),
			Form::Text(text) => text.parse().map_err(serde::de::Error::custom),
		}
	}
}
