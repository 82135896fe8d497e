// SPDX-License-Identifier: Apache-2.0
//! The life of a record, without storage.
//!
//! ```text
//! anchored ──► in force, version 1 ──amended──► in force, version n ─┐
//!                       │                          │  ▲──amended─────┘
//!                       └──────entered in error────┴──► entered in error (final)
//! ```

use codec::{Decode, Encode, MaxEncodedLen};
use epidaurus_primitives::{ehr::RecordStanding, ids::OrgId, link::SubjectLink, moment::Moment};
use scale_info::TypeInfo;

/// Number of a record's first version.
pub const FIRST_VERSION: u32 = 1;

/// Where a record is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum RecordState {
	/// Its newest version holds.
	#[codec(index = 0)]
	InForce,
	/// It should never have been, in any version. Final.
	#[codec(index = 1)]
	EnteredInError,
}

/// An anchored record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct RecordHead {
	/// The organisation that keeps it.
	pub custodian: OrgId,
	/// Its newest version, from [`FIRST_VERSION`].
	pub version: u32,
	/// Where it is in its life.
	pub state: RecordState,
	/// Since when this version has been in this state.
	pub since: Moment,
	/// A hiding hash of the subject that it concerns.
	pub link: Option<SubjectLink>,
}

/// Why a record does not take a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
	/// It is entered in error.
	EnteredInError,
	/// Its newest version is another one than expected.
	WrongVersion,
	/// Versions cannot be counted further.
	TooManyVersions,
}

impl RecordHead {
	/// A record as first anchored.
	pub const fn anchored(custodian: OrgId, link: Option<SubjectLink>, at: Moment) -> Self {
		Self { custodian, version: FIRST_VERSION, state: RecordState::InForce, since: at, link }
	}

	/// The record after a correction of the `expected` version.
	///
	/// # Errors
	/// `EnteredInError`, `WrongVersion`, `TooManyVersions`.
	pub fn amended(self, expected: u32, at: Moment) -> Result<Self, Refused> {
		self.ensure_in_force()?;
		if self.version != expected {
			return Err(Refused::WrongVersion);
		}
		let version = self.version.checked_add(1).ok_or(Refused::TooManyVersions)?;
		Ok(Self { version, since: at, ..self })
	}

	/// The record after it was found that it should never have been.
	///
	/// # Errors
	/// `EnteredInError`.
	pub fn entered_in_error(self, at: Moment) -> Result<Self, Refused> {
		self.ensure_in_force()?;
		Ok(Self { state: RecordState::EnteredInError, since: at, ..self })
	}

	/// Where a version stands; nothing if the record has no such version.
	pub fn standing_of(&self, version: u32) -> Option<RecordStanding> {
		if version < FIRST_VERSION || version > self.version {
			return None;
		}
		Some(match self.state {
			RecordState::EnteredInError => RecordStanding::EnteredInError,
			RecordState::InForce if version < self.version => RecordStanding::Amended { current: self.version },
			RecordState::InForce => RecordStanding::Current,
		})
	}

	/// Where the newest version stands.
	pub const fn standing(&self) -> RecordStanding {
		match self.state {
			RecordState::InForce => RecordStanding::Current,
			RecordState::EnteredInError => RecordStanding::EnteredInError,
		}
	}

	fn ensure_in_force(&self) -> Result<(), Refused> {
		match self.state {
			RecordState::InForce => Ok(()),
			RecordState::EnteredInError => Err(Refused::EnteredInError),
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	const CUSTODIAN: OrgId = OrgId(7);
	const LINK: Option<SubjectLink> = Some(SubjectLink([3; 32]));

	fn new() -> RecordHead {
		RecordHead::anchored(CUSTODIAN, LINK, Moment(10))
	}

	#[test]
	fn anchored_starts_at_version_one() {
		assert_eq!(
			new(),
			RecordHead { custodian: CUSTODIAN, version: 1, state: RecordState::InForce, since: Moment(10), link: LINK }
		);
		assert_eq!(new().standing(), RecordStanding::Current);
	}

	#[test]
	fn amended_counts_up_and_keeps_the_custodian() {
		let head = new().amended(1, Moment(20)).unwrap();
		assert_eq!(
			head,
			RecordHead { custodian: CUSTODIAN, version: 2, state: RecordState::InForce, since: Moment(20), link: LINK }
		);
	}

	#[test]
	fn amended_of_another_version_fails() {
		let head = new().amended(1, Moment(20)).unwrap();
		for expected in [0, 1, 3, u32::MAX] {
			assert_eq!(head.amended(expected, Moment(30)), Err(Refused::WrongVersion), "{expected}");
		}
	}

	#[test]
	fn amended_beyond_the_last_number_fails() {
		let head = RecordHead { version: u32::MAX, ..new() };
		assert_eq!(head.amended(u32::MAX, Moment(20)), Err(Refused::TooManyVersions));
	}

	#[test]
	fn entered_in_error_is_final() {
		let head = new().entered_in_error(Moment(20)).unwrap();
		assert_eq!((head.version, head.state, head.since), (1, RecordState::EnteredInError, Moment(20)));
		assert_eq!(head.entered_in_error(Moment(30)), Err(Refused::EnteredInError));
		assert_eq!(head.amended(1, Moment(30)), Err(Refused::EnteredInError));
		// The state is told before the version.
		assert_eq!(head.amended(9, Moment(30)), Err(Refused::EnteredInError));
	}

	#[test]
	fn standing_of_each_version_works() {
		let head = new().amended(1, Moment(20)).unwrap().amended(2, Moment(30)).unwrap();
		assert_eq!(head.standing_of(0), None);
		assert_eq!(head.standing_of(1), Some(RecordStanding::Amended { current: 3 }));
		assert_eq!(head.standing_of(2), Some(RecordStanding::Amended { current: 3 }));
		assert_eq!(head.standing_of(3), Some(RecordStanding::Current));
		assert_eq!(head.standing_of(4), None);
		let head = head.entered_in_error(Moment(40)).unwrap();
		assert!((1..=3).all(|version| head.standing_of(version) == Some(RecordStanding::EnteredInError)));
		assert_eq!(head.standing_of(4), None);
	}

	#[derive(Clone, Copy, Debug)]
	enum Step {
		Amend { expected: u32 },
		EnterInError,
	}

	fn step() -> impl Strategy<Value = Step> {
		prop_oneof![
			9 => (0..6_u32).prop_map(|expected| Step::Amend { expected }),
			1 => Just(Step::EnterInError),
		]
	}

	proptest! {
		#[test]
		fn any_life_counts_its_amendments_and_ends_once(steps in proptest::collection::vec(step(), 0..40)) {
			let mut head = new();
			let (mut amendments, mut ended) = (0, None);
			for (at, step) in (11..).zip(steps) {
				let at = Moment(at);
				let next = match step {
					Step::Amend { expected } => head.amended(expected, at),
					Step::EnterInError => head.entered_in_error(at),
				};
				match (next, step) {
					(Ok(next), Step::Amend { expected }) => {
						prop_assert_eq!((expected, next.version), (head.version, head.version + 1));
						amendments += 1;
						head = next;
					},
					(Ok(next), Step::EnterInError) => {
						ended = Some(at);
						head = next;
					},
					(Err(refused), _) => prop_assert_eq!(refused == Refused::EnteredInError, ended.is_some()),
				}
				prop_assert_eq!(head.version, FIRST_VERSION + amendments);
				prop_assert_eq!(head.state == RecordState::EnteredInError, ended.is_some());
				prop_assert!(ended.is_none_or(|ended| head.since == ended), "nothing happens after the end");
				prop_assert_eq!((head.custodian, head.link), (CUSTODIAN, LINK));
				prop_assert_eq!(head.standing_of(head.version), Some(head.standing()));
			}
		}
	}
}
