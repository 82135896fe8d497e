// SPDX-License-Identifier: Apache-2.0
//! Tests by subject; here is what they share.

mod bypass;
mod enrol;
mod fees;
mod frozen;
mod invariants;
mod keys;
mod rebinds;
mod relays;
mod seam;
mod sequences;
mod statuses;
mod stored;

use crate::{mock::*, Call, ClosedRebinds, Error, Event, InDoubt, Keys, Meters, Rebinds, Subjects as Records};
use codec::Encode;
use epidaurus_primitives::{
	hash::Commitment,
	ids::SubjectId,
	moment::{Moment, DAY},
	registry::Capability,
	relay::{wrapped, RelayedAct},
	seams::{Guests, SubjectAct, Subjects as _},
	subjects::{RebindOutcome, RebindPhase, SubjectStatus},
	testing::MockRegistry,
};
use frame_support::{assert_noop, assert_ok};
use sp_core::Pair;
use sp_runtime::{AccountId32, DispatchError, MultiSignature, TokenError};

type Refusal = Error<Test>;

const PATIENT: SubjectId = SubjectId([7; 32]);
const OTHER_PATIENT: SubjectId = SubjectId([8; 32]);
const EVIDENCE: Commitment = Commitment([9; 32]);
const LINK: Commitment = Commitment([6; 32]);

fn signed(who: AccountId32) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

/// The hospital's patient with key 10, and the clinic's with key 20.
fn enrol_both() {
	assert_ok!(Subjects::enrol(signed(CLERK), PATIENT, key(10)));
	assert_ok!(Subjects::enrol(signed(SECRETARY), OTHER_PATIENT, key(20)));
}

/// A confirmed re-binding of the hospital's patient to key 11, lost since a moment.
fn rebind_since(lost_since: Moment) {
	assert_ok!(Subjects::start_rebind(signed(CLERK), PATIENT, key(11), EVIDENCE, lost_since));
	assert_ok!(Subjects::confirm_rebind(signed(DEPUTY), PATIENT, key(11)));
}

fn last_event() -> Event<Test> {
	match System::events().pop().unwrap().event {
		RuntimeEvent::Subjects(event) => event,
		other => panic!("the last event is not ours: {other:?}"),
	}
}

fn present_key(subject: SubjectId) -> AccountId32 {
	Subjects::subject(subject).unwrap().key
}

fn sufficients(who: &AccountId32) -> u32 {
	System::account(who).sufficients
}

fn may(seed: u8, act: SubjectAct) -> Result<SubjectId, DispatchError> {
	Subjects::ensure_subject(&key(seed), act)
}
