// SPDX-License-Identifier: Apache-2.0
//! Which calls may be made at all.
//!
//! No call may carry bytes that the chain neither understands nor needs: sooner or later somebody puts a name into them.
//! Calls of the SDK's pallets are closed unless they are opened here. What is opened is looked through to the innermost
//! call: a nested call that is refused only when it runs has been written down by then, in a motion, an agenda or a
//! preimage.

use crate::{
	configs::{MaxInvulnerables, MaxSignatories},
	AccountId, Address, Runtime, RuntimeCall,
};
use codec::{DecodeLimit, Encode, MemTrackingInput};
use frame_support::traits::{Contains, Get};
use sp_runtime::{
	traits::{BlakeTwo256, Hash},
	MultiAddress,
};

/// The runtime's filter for every call, nested ones too, from every origin but Root, which nobody has.
pub struct CallFilter;

/// Calls within calls that are looked through; deeper ones are refused.
pub const MAX_NESTING: u32 = 8;

/// Levels of containers that the encoding of a permitted preimage can have: a call in a box in a list, each time.
const MAX_DECODING_DEPTH: u32 = 4 * MAX_NESTING;
/// Memory that decoding a preimage may take; the same limit that the SDK sets for a transaction.
const MAX_DECODING_MEMORY: usize = 16 * 1024 * 1024;
/// Bytes of the signature by which a session key proves its owner.
const SESSION_KEY_PROOF: usize = 64;

impl Contains<RuntimeCall> for CallFilter {
	fn contains(call: &RuntimeCall) -> bool {
		permits(call, MAX_NESTING)
	}
}

fn permits(call: &RuntimeCall, depth: u32) -> bool {
	match call {
		RuntimeCall::System(call) => system(call),
		// Inherents: the chain takes them from the block's author only.
		RuntimeCall::ParachainSystem(cumulus_pallet_parachain_system::Call::set_validation_data { .. }) => true,
		RuntimeCall::Timestamp(pallet_timestamp::Call::set { .. }) => true,
		RuntimeCall::Balances(call) => balances(call),
		RuntimeCall::CollatorSelection(call) => collator_selection(call),
		RuntimeCall::Session(call) => session(call),
		RuntimeCall::Utility(call) => utility(call, depth),
		RuntimeCall::Proxy(call) => proxy(call, depth),
		RuntimeCall::Multisig(call) => multisig(call, depth),
		RuntimeCall::Preimage(call) => preimage(call, depth),
		RuntimeCall::Scheduler(call) => scheduler(call, depth),
		RuntimeCall::Council(call) => council(call, depth),
		RuntimeCall::Upgrades(_) | RuntimeCall::Registry(_) | RuntimeCall::Ehr(_) => true,
		RuntimeCall::Subjects(call) => subjects(call, depth),
		_ => false,
	}
}

fn nested(call: &RuntimeCall, depth: u32) -> bool {
	depth.checked_sub(1).is_some_and(|depth| permits(call, depth))
}

fn all_nested(calls: &[RuntimeCall], depth: u32) -> bool {
	calls.iter().all(|call| nested(call, depth))
}

/// An address can also be a text of any length.
fn is_account(address: &Address) -> bool {
	matches!(address, MultiAddress::Id(_))
}

fn few(accounts: &[AccountId], most: u32) -> bool {
	u32::try_from(accounts.len()).is_ok_and(|count| count <= most)
}

/// Only the very code that has been authorised.
fn system(call: &frame_system::Call<Runtime>) -> bool {
	use frame_system::Call;
	match call {
		// What the SDK's benchmarks put into batches, proxies, motions and agendas.
		#[cfg(feature = "runtime-benchmarks")]
		Call::remark { .. } => true,
		// The authorisation keeps its fields to itself; encoded, it begins with the hash.
		Call::apply_authorized_upgrade { code } => frame_system::Pallet::<Runtime>::authorized_upgrade()
			.is_some_and(|upgrade| upgrade.encode().starts_with(BlakeTwo256::hash(code).as_bytes())),
		_ => false,
	}
}

/// A relayed act is looked through like any other call within a call.
fn subjects(call: &pallet_subjects::Call<Runtime>, depth: u32) -> bool {
	match call {
		pallet_subjects::Call::relay { call, .. } => nested(call, depth),
		_ => true,
	}
}

fn balances(call: &pallet_balances::Call<Runtime>) -> bool {
	use pallet_balances::Call;
	match call {
		Call::transfer_allow_death { dest, .. }
		| Call::transfer_keep_alive { dest, .. }
		| Call::transfer_all { dest, .. } => is_account(dest),
		_ => false,
	}
}

fn collator_selection(call: &pallet_collator_selection::Call<Runtime>) -> bool {
	use pallet_collator_selection::Call;
	match call {
		Call::set_invulnerables { new } => few(new, MaxInvulnerables::get()),
		Call::add_invulnerable { .. } | Call::remove_invulnerable { .. } => true,
		_ => false,
	}
}

fn session(call: &pallet_session::Call<Runtime>) -> bool {
	use pallet_session::Call;
	match call {
		Call::set_keys { proof, .. } => proof.len() == SESSION_KEY_PROOF,
		Call::purge_keys {} => true,
		_ => false,
	}
}

fn utility(call: &pallet_utility::Call<Runtime>, depth: u32) -> bool {
	use pallet_utility::Call;
	match call {
		Call::batch { calls } | Call::batch_all { calls } | Call::force_batch { calls } => all_nested(calls, depth),
		Call::as_derivative { call, .. } => nested(call, depth),
		Call::if_else { main, fallback } => nested(main, depth) && nested(fallback, depth),
		_ => false,
	}
}

fn proxy(call: &pallet_proxy::Call<Runtime>, depth: u32) -> bool {
	use pallet_proxy::Call;
	match call {
		Call::proxy { real, call, .. } => is_account(real) && nested(call, depth),
		Call::proxy_announced { delegate, real, call, .. } => {
			is_account(delegate) && is_account(real) && nested(call, depth)
		},
		Call::add_proxy { delegate, .. } | Call::remove_proxy { delegate, .. } => is_account(delegate),
		Call::announce { real, .. } | Call::remove_announcement { real, .. } => is_account(real),
		Call::reject_announcement { delegate, .. } => is_account(delegate),
		Call::kill_pure { spawner, .. } => is_account(spawner),
		Call::remove_proxies {} | Call::create_pure { .. } | Call::poke_deposit {} => true,
		_ => false,
	}
}

fn multisig(call: &pallet_multisig::Call<Runtime>, depth: u32) -> bool {
	use pallet_multisig::Call;
	let signatories = |others: &[AccountId]| few(others, MaxSignatories::get());
	match call {
		Call::as_multi_threshold_1 { other_signatories, call } | Call::as_multi { other_signatories, call, .. } => {
			signatories(other_signatories) && nested(call, depth)
		},
		Call::approve_as_multi { other_signatories, .. }
		| Call::cancel_as_multi { other_signatories, .. }
		| Call::poke_deposit { other_signatories, .. } => signatories(other_signatories),
		_ => false,
	}
}

fn preimage(call: &pallet_preimage::Call<Runtime>, depth: u32) -> bool {
	use pallet_preimage::Call;
	match call {
		Call::note_preimage { bytes } => decode_wholly(bytes).is_some_and(|call| nested(&call, depth)),
		Call::unnote_preimage { .. } | Call::request_preimage { .. } | Call::unrequest_preimage { .. } => true,
		_ => false,
	}
}

fn decode_wholly(bytes: &[u8]) -> Option<RuntimeCall> {
	let mut rest = bytes;
	let call = RuntimeCall::decode_with_depth_limit(
		MAX_DECODING_DEPTH,
		&mut MemTrackingInput::new(&mut rest, MAX_DECODING_MEMORY),
	)
	.ok()?;
	rest.is_empty().then_some(call)
}

/// The calls with names are closed: a name is 32 free bytes.
fn scheduler(call: &pallet_scheduler::Call<Runtime>, depth: u32) -> bool {
	use pallet_scheduler::Call;
	match call {
		Call::schedule { call, .. } | Call::schedule_after { call, .. } => nested(call, depth),
		Call::cancel { .. } | Call::set_retry { .. } | Call::cancel_retry { .. } => true,
		_ => false,
	}
}

fn council(call: &pallet_collective::Call<Runtime, crate::configs::CouncilInstance>, depth: u32) -> bool {
	use pallet_collective::Call;
	match call {
		Call::propose { proposal, .. } | Call::execute { proposal, .. } => nested(proposal, depth),
		Call::vote { .. }
		| Call::close { .. }
		| Call::disapprove_proposal { .. }
		| Call::kill { .. }
		| Call::release_proposal_cost { .. } => true,
		_ => false,
	}
}
