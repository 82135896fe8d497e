// SPDX-License-Identifier: Apache-2.0
//! Seats, votes and what two thirds means.

use super::{account, development};
use crate::{
	configs::{CouncilInstance, TwoThirds},
	council::{CouncilPrivilege, Seats, SilenceIsNo},
	AccountId, Council, Hash, OriginCaller, Runtime, RuntimeCall, RuntimeOrigin, System,
};
use codec::{Decode, Encode};
use epidaurus_primitives::seams::OnVoiceChange;
use frame_support::{
	assert_ok,
	traits::{EnsureOrigin, OriginTrait, PrivilegeCmp},
};
use pallet_collective::{DefaultVote, Members, RawOrigin, Voting};
use sp_runtime::traits::{BlakeTwo256, Hash as _};
use std::cmp::Ordering;

fn seats() -> Vec<AccountId> {
	Members::<Runtime, CouncilInstance>::get()
}

/// Opens a motion and gives its hash.
fn motion(marker: u32) -> Hash {
	let call: RuntimeCall =
		pallet_registry::Call::admit_organisation { organisation: epidaurus_primitives::ids::OrgId(marker) }.into();
	let hash = BlakeTwo256::hash_of(&call);
	assert_ok!(Council::propose(RuntimeOrigin::signed(account("Alice")), 8, Box::new(call), 1_000));
	hash
}

fn vote(who: &str, hash: Hash, index: u32, approve: bool) {
	assert_ok!(Council::vote(RuntimeOrigin::signed(account(who)), hash, index, approve));
}

/// Who said yes and who said no.
fn votes(hash: Hash) -> (Vec<AccountId>, Vec<AccountId>) {
	let record = Voting::<Runtime, CouncilInstance>::get(hash).expect("the motion is open").encode();
	let (_, _, ayes, nays, _) =
		<(u32, u32, Vec<AccountId>, Vec<AccountId>, u32)>::decode(&mut record.as_slice()).expect("its layout is known");
	(ayes, nays)
}

#[test]
fn gained_voice_takes_a_seat_in_order() {
	development().execute_with(|| {
		let before = seats().len();
		for newcomer in ["Newcomer", "Other", "Third"] {
			Seats::gained(&account(newcomer));
		}
		assert_eq!(seats().len(), before + 3);
		assert!(seats().is_sorted());
		assert!(Council::is_member(&account("Other")));
	});
}

#[test]
fn gained_voice_of_a_seated_account_changes_nothing() {
	development().execute_with(|| {
		let before = seats();
		Seats::gained(&account("Alice"));
		assert_eq!(seats(), before);
	});
}

#[test]
fn lost_voice_leaves_the_seat_and_its_votes() {
	development().execute_with(|| {
		let (first, second) = (motion(1), motion(2));
		vote("Bob", first, 0, true);
		vote("Bob", second, 1, false);
		vote("Charlie", first, 0, true);
		Seats::lost(&account("Bob"));
		assert!(!Council::is_member(&account("Bob")));
		assert_eq!(votes(first), (vec![account("Charlie")], vec![]));
		assert_eq!(votes(second), (vec![], vec![]));
	});
}

#[test]
fn lost_voice_of_a_stranger_changes_nothing() {
	development().execute_with(|| {
		let before = seats();
		Seats::lost(&account("Stranger"));
		assert_eq!(seats(), before);
	});
}

#[test]
fn moved_voice_takes_seat_and_votes_along() {
	development().execute_with(|| {
		let (first, second, third) = (motion(1), motion(2), motion(3));
		vote("Bob", first, 0, true);
		vote("Bob", second, 1, false);
		vote("Charlie", third, 2, true);
		let before = seats().len();
		Seats::moved(&account("Bob"), &account("Robert"));
		assert_eq!(seats().len(), before);
		assert!(seats().is_sorted());
		assert!(!Council::is_member(&account("Bob")) && Council::is_member(&account("Robert")));
		assert_eq!(votes(first), (vec![account("Robert")], vec![]));
		assert_eq!(votes(second), (vec![], vec![account("Robert")]));
		assert_eq!(votes(third), (vec![account("Charlie")], vec![]));
	});
}

#[test]
fn moved_voice_to_itself_keeps_everything() {
	development().execute_with(|| {
		let hash = motion(1);
		vote("Bob", hash, 0, true);
		let before = seats();
		Seats::moved(&account("Bob"), &account("Bob"));
		assert_eq!((seats(), votes(hash)), (before, (vec![account("Bob")], vec![])));
	});
}

#[test]
fn change_of_seats_adds_its_weight_to_the_block() {
	development().execute_with(|| {
		let weigh = || {
			let before = System::block_weight().total();
			Seats::moved(&account("Bob"), &account("Robert"));
			Seats::moved(&account("Robert"), &account("Bob"));
			System::block_weight().total().saturating_sub(before)
		};
		let without = weigh();
		motion(1);
		assert!(without.ref_time() > 0);
		assert!(weigh().ref_time() > without.ref_time());
	});
}

#[test]
fn two_thirds_are_really_two_thirds() {
	let passes = |yes, seats| {
		let origin = RuntimeOrigin::from(RawOrigin::<AccountId, CouncilInstance>::Members(yes, seats));
		TwoThirds::try_origin(origin).is_ok()
	};
	for seats in 1..=100u32 {
		for yes in 0..=seats {
			assert_eq!(passes(yes, seats), yes * 3 >= seats * 2, "{yes} of {seats}");
		}
	}
	assert!(!passes(7, 11) && passes(8, 11));
}

#[test]
fn two_thirds_are_no_single_account() {
	let single = RawOrigin::<AccountId, CouncilInstance>::Member(account("Alice"));
	assert!(TwoThirds::try_origin(RuntimeOrigin::from(single)).is_err());
	assert!(TwoThirds::try_origin(RuntimeOrigin::signed(account("Alice"))).is_err());
	assert!(TwoThirds::try_origin(RuntimeOrigin::none()).is_err());
	// Nobody is Root; were somebody, the consortium's decisions would still be its own.
	assert!(TwoThirds::try_origin(RuntimeOrigin::root()).is_err());
}

#[test]
fn silence_never_counts_as_yes() {
	for (prime, yes, no, seats) in [(None, 0, 0, 11), (None, 6, 0, 11), (Some(true), 7, 0, 11), (Some(true), 10, 1, 11)]
	{
		assert!(!SilenceIsNo::default_vote(prime, yes, no, seats));
	}
}

#[test]
fn decisions_of_the_council_weigh_the_same() {
	let decision = |yes| OriginCaller::Council(RawOrigin::Members(yes, 11));
	let single = OriginCaller::Council(RawOrigin::Member(account("Alice")));
	let signed = |who| RuntimeOrigin::signed(account(who)).caller().clone();
	let compare = CouncilPrivilege::cmp_privilege;
	assert_eq!(compare(&decision(8), &decision(11)), Some(Ordering::Equal));
	assert_eq!(compare(&single, &decision(8)), None);
	assert_eq!(compare(&signed("Alice"), &decision(8)), None);
	assert_eq!(compare(&signed("Alice"), &signed("Bob")), None);
	assert_eq!(compare(&signed("Alice"), &signed("Alice")), Some(Ordering::Equal));
}
