// SPDX-License-Identifier: Apache-2.0
//! The council: one seat for each active organisation, taken by its controller. The registry decides who that is.

use crate::{configs::CouncilInstance, AccountId, BlockNumber, Council, Hash, OriginCaller, Runtime, System};
use alloc::vec::Vec;
use codec::{Decode, Encode};
use core::cmp::Ordering;
use epidaurus_primitives::seams::OnVoiceChange;
use frame_support::{
	dispatch::DispatchClass,
	traits::{ChangeMembers, PrivilegeCmp},
};
use pallet_collective::{MemberCount, Members, ProposalIndex, Proposals, RawOrigin, Voting};

/// Keeps the seats in step with the registry.
///
/// Who loses a seat loses the votes in open motions with it. Where only the controller changes, seat and votes belong to
/// the organisation and pass to the new controller.
pub struct Seats;

impl OnVoiceChange<AccountId> for Seats {
	fn gained(controller: &AccountId) {
		change(Some(controller), None);
	}

	fn lost(controller: &AccountId) {
		change(None, Some(controller));
	}

	fn moved(old: &AccountId, new: &AccountId) {
		if old == new {
			return;
		}
		let votes = votes_of(old);
		change(Some(new), Some(old));
		for (motion, index, approve) in votes {
			// Fails only where the new controller has voted the same way already, which a newcomer cannot have.
			if let Err(error) = Council::do_vote(new.clone(), motion, index, approve) {
				log::warn!(target: "runtime::council", "a vote did not move with its seat: {error:?}");
			}
		}
	}
}

fn change(incoming: Option<&AccountId>, outgoing: Option<&AccountId>) {
	let mut seats = Members::<Runtime, CouncilInstance>::get();
	seats.retain(|seat| Some(seat) != outgoing);
	if let Some(newcomer) = incoming {
		if let Err(place) = seats.binary_search(newcomer) {
			seats.insert(place, newcomer.clone());
		}
	}
	<Council as ChangeMembers<AccountId>>::change_members_sorted(
		incoming.map(core::slice::from_ref).unwrap_or_default(),
		outgoing.map(core::slice::from_ref).unwrap_or_default(),
		&seats,
	);
	charge();
}

/// The registry's weights know nothing of the council: what a change of seats costs is added to the block here.
fn charge() {
	if System::block_number() == 0 {
		// Genesis is no block.
		return;
	}
	let motions = Proposals::<Runtime, CouncilInstance>::decode_len().unwrap_or_default();
	// Each open motion's votes are read and written, twice when a seat moves.
	let votes = u64::try_from(motions).unwrap_or(u64::MAX).saturating_mul(2);
	let touched = votes.saturating_add(3);
	let weight = <Runtime as frame_system::Config>::DbWeight::get().reads_writes(touched, touched);
	System::register_extra_weight_unchecked(weight, DispatchClass::Operational);
}

/// The pallet keeps the fields of its vote records to itself; this is what they look like in storage.
type Votes = (ProposalIndex, MemberCount, Vec<AccountId>, Vec<AccountId>, BlockNumber);

fn votes_of(who: &AccountId) -> Vec<(Hash, ProposalIndex, bool)> {
	let vote_in = |motion: Hash| {
		let record = Voting::<Runtime, CouncilInstance>::get(motion)?.encode();
		let (index, _, ayes, nays, _) = Votes::decode(&mut record.as_slice()).ok()?;
		let approve = ayes.contains(who);
		(approve || nays.contains(who)).then_some((motion, index, approve))
	};
	Proposals::<Runtime, CouncilInstance>::get().into_iter().filter_map(vote_in).collect()
}

/// Who has not voted when a motion's time is over has not said yes. Any other rule would let fewer than two thirds of the
/// organisations pass for two thirds.
pub struct SilenceIsNo;

impl pallet_collective::DefaultVote for SilenceIsNo {
	fn default_vote(_: Option<bool>, _: MemberCount, _: MemberCount, _: MemberCount) -> bool {
		false
	}
}

/// Two decisions of the council weigh the same, however many seats stood behind each: what was scheduled by eleven of
/// eleven can be cancelled by eight. (Scheduling and cancelling both ask for two thirds.)
pub struct CouncilPrivilege;

impl PrivilegeCmp<OriginCaller> for CouncilPrivilege {
	fn cmp_privilege(left: &OriginCaller, right: &OriginCaller) -> Option<Ordering> {
		match (left, right) {
			(OriginCaller::Council(RawOrigin::Members(..)), OriginCaller::Council(RawOrigin::Members(..))) => {
				Some(Ordering::Equal)
			},
			_ => (left == right).then_some(Ordering::Equal),
		}
	}
}
