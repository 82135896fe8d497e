// SPDX-License-Identifier: Apache-2.0
//! The traits through which pallets meet. A pallet never imports another of ours.

use crate::{
	ids::{OrgId, SubjectId},
	jurisdiction::Jurisdiction,
	moment::Moment,
	registry::{Capability, Roles, Successor},
};
use codec::Encode;
use sp_io::hashing::blake2_128;
use sp_runtime::{
	transaction_validity::{TransactionPriority, TransactionTag},
	DispatchError, Weight,
};

/// Who is who and who may what; implemented by the registry.
pub trait Registry<AccountId> {
	/// The organisation for which the account may exercise a right at that moment: the account is a current member with
	/// the capability's role, its organisation is active, and a licence covers the jurisdiction (the organisation's own
	/// where none is given). Personal capabilities need a licence of the member too.
	fn ensure_capability(
		who: &AccountId,
		capability: Capability,
		jurisdiction: Option<Jurisdiction>,
		at: Moment,
	) -> Result<OrgId, DispatchError>;

	/// The organisation for which the account may do a duty now: a current member with the role. Duties survive
	/// suspension, leaving and expulsion, so the organisation's status does not matter.
	fn ensure_duty(who: &AccountId, role: Roles) -> Result<OrgId, DispatchError>;

	/// Whether the organisation is active and licensed at that moment, whoever acts for it.
	fn is_licensed(organisation: OrgId, capability: Capability, jurisdiction: Option<Jurisdiction>, at: Moment)
		-> bool;

	/// Whether an organisation answers for what a custodian keeps: it is that custodian, or took over its duties, and has
	/// not handed them over and gone.
	fn answers_for(organisation: OrgId, custodian: OrgId) -> bool {
		organisation == custodian
	}

	/// Whether an organisation answers for a custodian, or once did. What was true stays true.
	fn has_answered_for(organisation: OrgId, custodian: OrgId) -> bool {
		Self::answers_for(organisation, custodian)
	}

	/// Who answers in a custodian's place; nothing where nobody took over.
	fn successor_of(_custodian: OrgId) -> Option<Successor> {
		None
	}

	/// Makes one organisation the last in the longest line of successors of another, for benchmarks.
	#[cfg(feature = "runtime-benchmarks")]
	fn succeed_for_benchmark(successor: OrgId, custodian: OrgId);

	/// Makes the account a member with every role of a licensed, active organisation, for benchmarks.
	#[cfg(feature = "runtime-benchmarks")]
	fn enrol_for_benchmark(who: &AccountId, capability: Capability) -> OrgId;
}

/// Whether an act takes something back or opens something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectAct {
	/// Revokes, disputes, rotates: allowed also while the subject's key is in question.
	Restrictive,
	/// Anything else.
	Other,
}

/// Who the patients are, by pseudonym, and which keys act for them.
pub trait Subjects<AccountId> {
	/// The subject whose key this account is today, if that key may do such an act now.
	fn ensure_subject(who: &AccountId, act: SubjectAct) -> Result<SubjectId, DispatchError>;

	/// The organisation that enrolled the subject, whoever answers for it today.
	fn custodian_of(subject: &SubjectId) -> Option<OrgId>;

	/// Whether an act of the subject at that moment may have been somebody else's: its key was declared lost for then.
	fn is_doubtful(subject: &SubjectId, at: Moment) -> bool;

	/// Enrols a subject of the organisation with this key, for benchmarks.
	#[cfg(feature = "runtime-benchmarks")]
	fn enrol_for_benchmark(key: &AccountId, custodian: OrgId) -> SubjectId;
}

/// Which transactions come first where not all find room: those of a higher rank, in the pool as in the block.
///
/// What costs nothing stands below what is paid for where anybody could make senders of it, and above where the senders
/// are members, who are known by name. Of these each can be stopped by somebody of a higher rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
	/// A guest's act that takes a unit of a quota.
	Waived,
	/// A guest's act that takes power away, for nothing.
	Restrictive,
	/// Pays a fee. Tips order these among themselves, and lift what is below.
	Paying,
	/// A member's duty that costs nothing.
	Duty,
	/// Takes power from members, for nothing.
	Guard,
	/// The consortium decides.
	Consortium,
}

impl Rank {
	/// More than the fee handler's priority of any transaction without fee and tip, which is the number of its like that
	/// find room in a block.
	pub const STEP: TransactionPriority = 0x1_0000_0000;

	/// What is added to the fee handler's priority. The three highest stand so high that only a tip of a hundred thousand
	/// fees reaches them, and nothing stands above the highest.
	pub const fn priority(self) -> TransactionPriority {
		match self {
			Self::Waived => 0,
			Self::Restrictive => Self::STEP,
			Self::Paying => Self::STEP.saturating_mul(2),
			Self::Duty => TransactionPriority::MAX.saturating_sub(Self::STEP.saturating_mul(2)),
			Self::Guard => TransactionPriority::MAX.saturating_sub(Self::STEP),
			Self::Consortium => TransactionPriority::MAX,
		}
	}
}

/// Where an act that needs no token waits in a pool. A pool takes one transaction for each tag, and another one in its
/// place only with a higher priority: so the subjects of one custodian, however many it invents, never hold more places
/// than a custodian has seats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
	/// Enrolled the subject.
	pub custodian: OrgId,
	/// Below the number of seats that a custodian has.
	pub number: u32,
}

impl Seat {
	/// Stands before each tag, so that it is nobody else's.
	pub const DOMAIN: [u8; 14] = *b"epidaurus/seat";

	/// The seat of an act, one of so many. It is the same as often as it is asked; what an account sends beside it has
	/// another one, as a rule.
	pub fn of<AccountId: Encode, Call: Encode>(custodian: OrgId, who: &AccountId, call: &Call, seats: u32) -> Self {
		let hash = u128::from_le_bytes((who, call).using_encoded(blake2_128));
		let number = hash.checked_rem(seats.into()).and_then(|number| u32::try_from(number).ok());
		Self { custodian, number: number.unwrap_or_default() }
	}

	/// The tag that a pool has once only.
	pub fn tag(&self) -> TransactionTag {
		(Self::DOMAIN, self.custodian, self.number).encode()
	}
}

/// What a guest may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuestCall {
	/// An act that needs no token. It waits in this seat, also if its sender tips.
	Act(Seat),
	/// What its sender pays for.
	Paid,
}

/// Who may transact without being a member of an organisation.
pub trait Guests<AccountId, Call> {
	/// What the call is, if the account, which is no member, may send it. What is free for members only is not for guests.
	fn admit(who: &AccountId, call: &Call) -> Option<GuestCall>;

	/// Whether the account is, was or is meant to be a guest's: it can be no member's. Who acts for an organisation in
	/// public must not be a patient under the same key.
	fn is_guest(who: &AccountId) -> bool;

	/// The rank of a guest's call. What is no act of guests pays.
	fn rank(call: &Call) -> Rank;

	/// Most that it costs to treat the signer of this call as a guest: this question, and what the fee handler does
	/// for a guest.
	fn weight(call: &Call) -> Weight;
}

/// Nobody.
impl<AccountId, Call> Guests<AccountId, Call> for () {
	fn admit(_: &AccountId, _: &Call) -> Option<GuestCall> {
		None
	}

	fn is_guest(_: &AccountId) -> bool {
		false
	}

	fn rank(_: &Call) -> Rank {
		Rank::Paying
	}

	fn weight(_: &Call) -> Weight {
		Weight::zero()
	}
}

/// Which member can succeed with a call. Who cannot must not send it where it costs nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signer {
	/// Any; also of calls that cost a fee, which pays for a failure too.
	Member,
	/// One with this role.
	Holding(Roles),
	/// None: the call is for the consortium.
	Nobody,
}

/// The calls of a runtime that cost members no fee.
pub trait FreeCalls<Call> {
	/// Which member can succeed with the call, as far as its role decides. Calls within the call do not count: in a batch or
	/// behind a proxy they are not free.
	fn signer(call: &Call) -> Signer;

	/// Whether the consortium decides by such calls. They cost a fee; a controller's get through whoever floods the
	/// chain.
	fn decides(call: &Call) -> bool;
}

/// There are none.
impl<Call> FreeCalls<Call> for () {
	fn signer(_: &Call) -> Signer {
		Signer::Member
	}

	fn decides(_: &Call) -> bool {
		false
	}
}

/// Told when an organisation gains, loses or moves its voice in the consortium.
pub trait OnVoiceChange<AccountId> {
	/// An organisation became active (again) under this controller.
	fn gained(controller: &AccountId);
	/// An organisation that was active under this controller is so no more.
	fn lost(controller: &AccountId);
	/// An active organisation's controller rotated.
	fn moved(old: &AccountId, new: &AccountId) {
		Self::lost(old);
		Self::gained(new);
	}
}

impl<AccountId> OnVoiceChange<AccountId> for () {
	fn gained(_: &AccountId) {}
	fn lost(_: &AccountId) {}
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::collections::HashSet;

	const SEATS: u32 = 1_024;

	fn seat(custodian: u32, who: u32, call: &str) -> Seat {
		let mut account = [0xfa; 32];
		account[..4].copy_from_slice(&who.to_le_bytes());
		Seat::of(OrgId(custodian), &account, &call, SEATS)
	}

	#[test]
	fn tag_is_domain_custodian_and_number() {
		let tag = Seat { custodian: OrgId(0x0102), number: 1_023 }.tag();
		assert_eq!(tag, [&b"epidaurus/seat"[..], &[2, 1, 0, 0], &[0xff, 3, 0, 0]].concat());
		// Not as long as what the SDK gives each account and nonce.
		assert_ne!(tag.len(), 36);
	}

	/// All nodes of a chain run the same code, but two runtimes follow each other.
	#[test]
	fn number_of_an_act_is_frozen() {
		assert_eq!(
			[seat(1, 0, "an act"), seat(1, 1, "an act"), seat(1, 0, "another")].map(|seat| seat.number),
			[601, 544, 159]
		);
	}

	#[test]
	fn seat_follows_account_and_call_and_is_each_custodians_own() {
		assert_eq!(seat(1, 0, "an act"), seat(1, 0, "an act"));
		assert_ne!(seat(1, 0, "an act").number, seat(1, 1, "an act").number);
		assert_ne!(seat(1, 0, "an act").number, seat(1, 0, "another").number);
		assert_eq!(seat(1, 0, "an act").number, seat(2, 0, "an act").number);
		assert_ne!(seat(1, 0, "an act").tag(), seat(2, 0, "an act").tag());
	}

	#[test]
	fn ten_thousand_accounts_hold_all_seats_and_no_more() {
		let tags = |custodian| (0..10_000).map(|who| seat(custodian, who, "an act").tag()).collect::<HashSet<_>>();
		let (one, other) = (tags(1), tags(2));
		assert_eq!((one.len(), other.len()), (1_024, 1_024));
		assert!(one.is_disjoint(&other));
	}

	#[test]
	fn without_seats_there_is_one() {
		assert_eq!(Seat::of(OrgId(1), &1, &1, 0), Seat { custodian: OrgId(1), number: 0 });
	}
}
