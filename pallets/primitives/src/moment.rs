// SPDX-License-Identifier: Apache-2.0
//! Time as the chain knows it: milliseconds since 1970-01-01T00:00:00Z, UTC, as in `pallet-timestamp`.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Milliseconds of a day.
pub const DAY: u64 = 86_400_000;

/// The last moment that ISO 8601 writes with four digits for the year, in milliseconds.
pub const LAST: u64 = 253_402_300_799_999;

/// A moment in milliseconds UTC; ISO 8601 in JSON.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Hash,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Moment(pub u64);

impl Moment {
	/// Whether it can be written in ISO 8601: it does not lie after the year 9999.
	pub const fn is_on_calendar(self) -> bool {
		self.0 <= LAST
	}

	/// Number of the UTC day that the moment lies in.
	pub const fn day(self) -> u64 {
		match self.0.checked_div(DAY) {
			Some(day) => day,
			None => 0,
		}
	}

	/// The first midnight UTC that is not earlier; the last one that can be written where there is none.
	pub const fn end_of_day(self) -> Self {
		let begun = match self.0.checked_rem(DAY) {
			Some(0) | None => 0,
			Some(_) => 1,
		};
		match self.day().saturating_add(begun).checked_mul(DAY) {
			Some(midnight) => Self(midnight),
			None => Self(self.day().saturating_mul(DAY)),
		}
	}

	/// The moment so many milliseconds earlier, or the beginning of time.
	pub const fn before(self, milliseconds: u64) -> Self {
		Self(self.0.saturating_sub(milliseconds))
	}
}

/// Validity `[from, until)`: without an end it holds until something else ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Interval {
	/// First moment inside.
	pub from: Moment,
	/// First moment outside.
	pub until: Option<Moment>,
}

impl Interval {
	/// Whether the moment lies in the interval.
	pub fn contains(&self, at: Moment) -> bool {
		self.from <= at && self.until.is_none_or(|until| at < until)
	}

	/// Whether there is any moment in it.
	pub fn is_empty(&self) -> bool {
		self.until.is_some_and(|until| until <= self.from)
	}
}

#[cfg(feature = "serde")]
mod iso8601 {
	use super::Moment;
	use alloc::string::String;
	use chrono::{DateTime, SecondsFormat, Utc};
	use core::{fmt, str::FromStr};

	/// The text is not a moment in ISO 8601 with an offset, from 1970 to 9999 in UTC.
	#[derive(Clone, Copy, Debug, PartialEq, Eq)]
	pub struct BadMoment;

	impl fmt::Display for BadMoment {
		fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
			f.write_str("a moment is written as 2026-11-20T09:30:00Z (ISO 8601, from 1970 to 9999)")
		}
	}

	#[cfg(feature = "std")]
	impl std::error::Error for BadMoment {}

	impl fmt::Display for Moment {
		fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
			let within = i64::try_from(self.0).ok().filter(|_| self.is_on_calendar());
			match within.and_then(DateTime::<Utc>::from_timestamp_millis) {
				Some(time) => f.write_str(&time.to_rfc3339_opts(SecondsFormat::Millis, true)),
				None => f.write_str("beyond the calendar"),
			}
		}
	}

	impl FromStr for Moment {
		type Err = BadMoment;

		fn from_str(text: &str) -> Result<Self, BadMoment> {
			let time = DateTime::parse_from_rfc3339(text).map_err(|_| BadMoment)?;
			// With an offset a text of the year 9999 can mean a later one, which nobody could read back.
			let moment = u64::try_from(time.timestamp_millis()).ok().map(Self);
			moment.filter(|moment| moment.is_on_calendar()).ok_or(BadMoment)
		}
	}

	impl serde::Serialize for Moment {
		fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
			serializer.collect_str(self)
		}
	}

	impl<'de> serde::Deserialize<'de> for Moment {
		fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
			let text = <String as serde::Deserialize>::deserialize(deserializer)?;
			text.parse().map_err(serde::de::Error::custom)
		}
	}
}
#[cfg(feature = "serde")]
pub use iso8601::BadMoment;

#[cfg(all(test, feature = "serde"))]
mod tests {
	use super::*;

	#[test]
	fn calendar_ends_with_the_year_9999() {
		let last = Moment(LAST);
		assert_eq!(last.to_string(), "9999-12-31T23:59:59.999Z");
		assert!(last.is_on_calendar() && Moment(0).is_on_calendar());
		assert!(!Moment(LAST + 1).is_on_calendar() && !Moment(u64::MAX).is_on_calendar());
	}
}
