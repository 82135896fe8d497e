// SPDX-License-Identifier: Apache-2.0
//! How a subject that lost its key is bound to a new one: a state machine without storage.
//!
//! One member of the custodian starts, another one confirms within a limited time; then the old key has a window in
//! which it can contest. Uncontested, the custodian completes it; contested, the consortium decides. Only time moves it
//! from phase to phase by itself, so the phase is computed and never stored.

use super::RebindPhase;
use crate::{hash::Commitment, moment::Moment};
use codec::{Decode, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// That a second member confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Confirmation<AccountId> {
	/// The member.
	pub by: AccountId,
	/// When.
	pub at: Moment,
	/// First moment at which the old key can contest no more.
	pub until: Moment,
}

/// A pending re-binding.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Rebind<AccountId> {
	/// The key that is to act for the subject.
	pub new_key: AccountId,
	/// The evidence by which the patient proved their identity, committed.
	pub evidence: Commitment,
	/// From when on acts of the old key are in doubt.
	pub lost_since: Moment,
	/// The member that started it.
	pub started_by: AccountId,
	/// When.
	pub started_at: Moment,
	/// First moment at which it can be confirmed no more.
	pub confirm_until: Moment,
	/// The second member's word.
	pub confirmed: Option<Confirmation<AccountId>>,
	/// When the old key contested.
	pub contested_at: Option<Moment>,
}

/// Why a step is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
	/// The step does not follow on the present phase.
	WrongState,
	/// The member has said its word already.
	SameMember,
	/// It is too late.
	Expired,
	/// It is too early.
	TooEarly,
	/// The old key contested: the consortium decides.
	Contested,
}

impl<AccountId: PartialEq> Rebind<AccountId> {
	/// How far it has come at a moment.
	pub fn phase(&self, now: Moment) -> RebindPhase {
		match &self.confirmed {
			None if now < self.confirm_until => RebindPhase::Started,
			None => RebindPhase::Lapsed,
			Some(_) if self.contested_at.is_some() => RebindPhase::Contested,
			Some(confirmation) if now < confirmation.until => RebindPhase::Contestable,
			Some(_) => RebindPhase::Unopposed,
		}
	}

	/// A second member confirms just this key; the old one can contest for so many milliseconds from now.
	pub fn confirm(&mut self, by: AccountId, new_key: &AccountId, now: Moment, window: u64) -> Result<(), Refusal> {
		match self.phase(now) {
			RebindPhase::Started => (),
			RebindPhase::Lapsed => return Err(Refusal::Expired),
			_ => return Err(Refusal::WrongState),
		}
		if *new_key != self.new_key {
			return Err(Refusal::WrongState);
		}
		if by == self.started_by {
			return Err(Refusal::SameMember);
		}
		self.confirmed = Some(Confirmation { by, at: now, until: Moment(now.0.saturating_add(window)) });
		Ok(())
	}

	/// The old key contests.
	pub fn contest(&mut self, now: Moment) -> Result<(), Refusal> {
		match self.phase(now) {
			RebindPhase::Contestable => self.contested_at = Some(now),
			RebindPhase::Unopposed => return Err(Refusal::Expired),
			_ => return Err(Refusal::WrongState),
		}
		Ok(())
	}

	/// Whether the custodian can complete it.
	pub fn ensure_unopposed(&self, now: Moment) -> Result<(), Refusal> {
		match self.phase(now) {
			RebindPhase::Unopposed => Ok(()),
			RebindPhase::Contestable => Err(Refusal::TooEarly),
			RebindPhase::Contested => Err(Refusal::Contested),
			_ => Err(Refusal::WrongState),
		}
	}

	/// Whether it is for the consortium to decide.
	pub fn ensure_contested(&self, now: Moment) -> Result<(), Refusal> {
		if self.phase(now) == RebindPhase::Contested {
			Ok(())
		} else {
			Err(Refusal::WrongState)
		}
	}

	/// Whether the old key is in question: two members say that it is lost.
	pub const fn restricts(&self) -> bool {
		self.confirmed.is_some()
	}

	/// Whether acts at a moment are in doubt because of it.
	pub fn doubts(&self, at: Moment) -> bool {
		self.restricts() && self.lost_since <= at
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	const WITHIN: u64 = 100;
	const WINDOW: u64 = 1_000;

	/// Started by 1 at moment 10 for key 7, confirmed by 2 at 50 if so.
	fn rebind(confirmed: bool) -> Rebind<u8> {
		let mut rebind = Rebind {
			new_key: 7,
			evidence: Commitment([5; 32]),
			lost_since: Moment(4),
			started_by: 1,
			started_at: Moment(10),
			confirm_until: Moment(10 + WITHIN),
			confirmed: None,
			contested_at: None,
		};
		if confirmed {
			rebind.confirm(2, &7, Moment(50), WINDOW).unwrap();
		}
		rebind
	}

	#[test]
	fn phase_follows_time_and_words() {
		let started = rebind(false);
		assert_eq!(started.phase(Moment(109)), RebindPhase::Started);
		assert_eq!(started.phase(Moment(110)), RebindPhase::Lapsed);
		let mut confirmed = rebind(true);
		assert_eq!(confirmed.phase(Moment(1_049)), RebindPhase::Contestable);
		assert_eq!(confirmed.phase(Moment(1_050)), RebindPhase::Unopposed);
		confirmed.contest(Moment(1_049)).unwrap();
		assert_eq!(confirmed.phase(Moment(u64::MAX)), RebindPhase::Contested);
	}

	#[test]
	fn confirm_needs_another_member_in_time_and_the_same_key() {
		let mut one = rebind(false);
		assert_eq!(one.confirm(1, &7, Moment(20), WINDOW), Err(Refusal::SameMember));
		assert_eq!(one.confirm(2, &8, Moment(20), WINDOW), Err(Refusal::WrongState));
		assert_eq!(one.confirm(2, &7, Moment(110), WINDOW), Err(Refusal::Expired));
		assert_eq!(one, rebind(false));
		assert_eq!(one.confirm(2, &7, Moment(109), WINDOW), Ok(()));
		assert_eq!(one.confirm(3, &7, Moment(109), WINDOW), Err(Refusal::WrongState));
	}

	#[test]
	fn contest_works_once_and_within_the_window() {
		assert_eq!(rebind(false).contest(Moment(20)), Err(Refusal::WrongState));
		assert_eq!(rebind(true).contest(Moment(1_050)), Err(Refusal::Expired));
		let mut one = rebind(true);
		assert_eq!(one.contest(Moment(50)), Ok(()));
		assert_eq!(one.contest(Moment(51)), Err(Refusal::WrongState));
	}

	#[test]
	fn who_ends_it_depends_on_the_phase() {
		let mut contested = rebind(true);
		contested.contest(Moment(60)).unwrap();
		for (rebind, now, complete, resolve) in [
			(rebind(false), 20, Err(Refusal::WrongState), Err(Refusal::WrongState)),
			(rebind(false), 200, Err(Refusal::WrongState), Err(Refusal::WrongState)),
			(rebind(true), 1_049, Err(Refusal::TooEarly), Err(Refusal::WrongState)),
			(rebind(true), 1_050, Ok(()), Err(Refusal::WrongState)),
			(contested, 5_000, Err(Refusal::Contested), Ok(())),
		] {
			assert_eq!(rebind.ensure_unopposed(Moment(now)), complete, "{rebind:?}");
			assert_eq!(rebind.ensure_contested(Moment(now)), resolve, "{rebind:?}");
		}
	}

	#[test]
	fn doubt_and_restriction_begin_with_the_second_word() {
		assert!(!rebind(false).restricts() && !rebind(false).doubts(Moment(20)));
		assert!(rebind(true).restricts());
		assert!(!rebind(true).doubts(Moment(3)));
		assert!(rebind(true).doubts(Moment(4)) && rebind(true).doubts(Moment(u64::MAX)));
	}

	proptest! {
		/// Whatever is tried when: nobody completes what was contested or what one member alone wanted, and the window is
		/// never shorter than promised.
		#[test]
		fn no_order_of_steps_goes_round_the_rules(steps in proptest::collection::vec((0u64..400, 0u8..4, 1u8..4), 1..30)) {
			let mut one = rebind(false);
			let mut now = Moment(10);
			for (pause, step, by) in steps {
				now = Moment(now.0 + pause);
				let before = one.clone();
				let done = match step {
					0 => one.confirm(by, &7, now, WINDOW),
					1 => one.contest(now),
					2 => one.ensure_unopposed(now),
					_ => one.ensure_contested(now),
				};
				prop_assert!(done.is_ok() || one == before, "a refused step changes nothing");
				match (step, done.is_ok()) {
					(2, true) => {
						let confirmation = one.confirmed.clone().unwrap();
						prop_assert!(confirmation.by != one.started_by && one.contested_at.is_none());
						prop_assert!(now.0 >= confirmation.at.0 + WINDOW);
					},
					(3, true) => prop_assert!(one.contested_at.is_some()),
					_ => (),
				}
			}
		}
	}
}
