// SPDX-License-Identifier: Apache-2.0
//! Messages from the relay chain and from other parachains: taken off their queues, and refused unread.
//!
//! The relay chain counts what it has sent, so that messages must be taken. There is nothing here that could execute one:
//! no executor, no call that sends, no queue that grows, no account of another chain. ADR 0018 says why, and what opening
//! would ask for.

use cumulus_primitives_core::{relay_chain::BlockNumber as RelayChainBlockNumber, ParaId, XcmpMessageHandler};
use frame_support::{
	traits::{ConstU32, HandleMessage},
	weights::Weight,
};
use sp_runtime::BoundedSlice;

const LOG_TARGET: &str = "runtime::xcm";

/// Refuses every message.
pub struct Refused;

impl HandleMessage for Refused {
	// No length is too long to be thrown away.
	type MaxMessageLen = ConstU32<{ u32::MAX }>;

	fn handle_message(message: BoundedSlice<u8, Self::MaxMessageLen>) {
		log::warn!(target: LOG_TARGET, "refused a message of {} bytes from the relay chain", message.len());
	}

	fn handle_messages<'a>(messages: impl Iterator<Item = BoundedSlice<'a, u8, Self::MaxMessageLen>>) {
		messages.for_each(Self::handle_message);
	}

	fn sweep_queue() {}
}

impl XcmpMessageHandler for Refused {
	fn handle_xcmp_messages<'a, I: Iterator<Item = (ParaId, RelayChainBlockNumber, &'a [u8])>>(
		messages: I,
		_max_weight: Weight,
	) -> Weight {
		for (sender, _, message) in messages {
			log::warn!(target: LOG_TARGET, "refused {} bytes of messages from {sender:?}", message.len());
		}
		Weight::zero()
	}
}
