// SPDX-License-Identifier: Apache-2.0
//! Where a licence holds: an ISO 3166-1 country, or an ISO 3166-2 subdivision of one.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::{fmt, str::FromStr};
use scale_info::TypeInfo;

/// A country (`GR`) or a subdivision (`US-CA`). Decoding does not check it; [`Jurisdiction::is_valid`] does.
#[derive(
	Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Jurisdiction {
	/// ISO 3166-1 alpha-2 code: two capital letters.
	pub country: [u8; 2],
	/// ISO 3166-2 code of a subdivision: one to three capital letters or digits, filled up with zero bytes.
	pub subdivision: Option<[u8; 3]>,
}

/// The text is not of the form `GR` or `US-CA`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadJurisdiction;

impl fmt::Display for BadJurisdiction {
	fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
		f.write_str("a jurisdiction is written as GR or US-CA (ISO 3166)")
	}
}

#[cfg(feature = "std")]
impl std::error::Error for BadJurisdiction {}

fn subdivision_text(code: &[u8; 3]) -> Option<&str> {
	let length = code.iter().position(|byte| *byte == 0).unwrap_or(3);
	let (letters, filling) = code.split_at_checked(length)?;
	let well_formed = !letters.is_empty()
		&& letters.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
		&& filling.iter().all(|byte| *byte == 0);
	well_formed.then(|| core::str::from_utf8(letters).ok())?
}

impl Jurisdiction {
	/// A whole country.
	pub const fn country(code: [u8; 2]) -> Self {
		Self { country: code, subdivision: None }
	}

	/// Whether the codes have the form that ISO 3166 gives them (not whether they are assigned).
	pub fn is_valid(&self) -> bool {
		self.country.iter().all(u8::is_ascii_uppercase)
			&& self.subdivision.as_ref().is_none_or(|code| subdivision_text(code).is_some())
	}

	/// Whether what holds here holds in `other`: a country covers its subdivisions, never the other way round.
	pub fn covers(&self, other: &Self) -> bool {
		self.country == other.country && (self.subdivision.is_none() || self.subdivision == other.subdivision)
	}
}

impl FromStr for Jurisdiction {
	type Err = BadJurisdiction;

	fn from_str(text: &str) -> Result<Self, BadJurisdiction> {
		let (country, subdivision) = match text.split_once('-') {
			Some((country, code)) => {
				let mut bytes = [0u8; 3];
				bytes.get_mut(..code.len()).ok_or(BadJurisdiction)?.copy_from_slice(code.as_bytes());
				(country, Some(bytes))
			},
			None => (text, None),
		};
		let country = country.as_bytes().try_into().map_err(|_| BadJurisdiction)?;
		let jurisdiction = Self { country, subdivision };
		jurisdiction.is_valid().then_some(jurisdiction).ok_or(BadJurisdiction)
	}
}

impl fmt::Display for Jurisdiction {
	fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
		f.write_str(core::str::from_utf8(&self.country).unwrap_or("??"))?;
		match &self.subdivision {
			Some(code) => write!(f, "-{}", subdivision_text(code).unwrap_or("??")),
			None => Ok(()),
		}
	}
}

impl fmt::Debug for Jurisdiction {
	fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
		fmt::Display::fmt(self, f)
	}
}

#[cfg(feature = "serde")]
impl serde::Serialize for Jurisdiction {
	fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		serializer.collect_str(self)
	}
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Jurisdiction {
	fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		let text = alloc::string::String::deserialize(deserializer)?;
		text.parse().map_err(serde::de::Error::custom)
	}
}
