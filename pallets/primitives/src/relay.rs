// SPDX-License-Identifier: Apache-2.0
//! What a subject signs so that somebody else can submit an act for it.
//!
//! ```text
//! payload = SCALE(b"epidaurus/relay/v1", genesis hash, subject, nonce as u64, expires_at as u64, call)
//! ```
//!
//! The tag and the hashes are bare bytes, the call stands last as the runtime encodes it. No transaction begins with
//! the tag's bytes, and the payload of a transaction does not begin with them either, so that neither signature can be
//! used for the other. The genesis hash, not the network id: a signature is for one chain, a commitment outlives it.

use crate::{ids::SubjectId, moment::Moment};
use alloc::vec::Vec;
use codec::{Decode, Encode};

/// First bytes of every payload.
pub const TAG: [u8; 18] = *b"epidaurus/relay/v1";
/// What wallets put before raw bytes that they are asked to sign.
const OPENING: &[u8] = b"<Bytes>";
/// What wallets put after them.
const CLOSING: &[u8] = b"</Bytes>";

/// What is signed, besides the chain that it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RelayedAct<'a> {
	/// Whose act it is.
	pub subject: SubjectId,
	/// The subject's count of relayed acts so far: each signature is good for one.
	pub nonce: u64,
	/// First moment at which it is too late.
	pub expires_at: Moment,
	/// The call, as the runtime encodes it.
	pub call: &'a [u8],
}

impl<'a> RelayedAct<'a> {
	/// The bytes to be signed, for the chain with this genesis hash.
	pub fn payload(&self, genesis: &[u8; 32]) -> Vec<u8> {
		let mut payload = (TAG, genesis, self.subject, self.nonce, self.expires_at).encode();
		payload.extend_from_slice(self.call);
		payload
	}

	/// What a payload says, with the genesis hash: for showing in words what is about to be signed. Nothing if it is not
	/// one of ours.
	pub fn parse(payload: &'a [u8]) -> Option<([u8; 32], Self)> {
		let mut rest = payload;
		let head: ([u8; 18], [u8; 32], SubjectId, u64, Moment) = Decode::decode(&mut rest).ok()?;
		let (tag, genesis, subject, nonce, expires_at) = head;
		(tag == TAG).then_some((genesis, Self { subject, nonce, expires_at, call: rest }))
	}
}

/// The payload as a wallet signs it that marks raw bytes.
pub fn wrapped(payload: &[u8]) -> Vec<u8> {
	[OPENING, payload, CLOSING].concat()
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	const GENESIS: [u8; 32] = [0x11; 32];

	fn act(call: &[u8]) -> RelayedAct<'_> {
		RelayedAct { subject: SubjectId([0x22; 32]), nonce: 7, expires_at: Moment(1_795_167_000_000), call }
	}

	#[test]
	fn payload_is_frozen() {
		let expected = [
			hex::encode("epidaurus/relay/v1"),
			"11".repeat(32),
			"22".repeat(32),
			"0700000000000000".into(),
			"c0954af8a1010000".into(),
			"330a".into(),
		]
		.concat();
		assert_eq!(hex::encode(act(&[0x33, 0x0a]).payload(&GENESIS)), expected);
	}

	#[test]
	fn wrapped_payload_is_frozen() {
		assert_eq!(wrapped(b"a payload"), b"<Bytes>a payload</Bytes>");
	}

	#[test]
	fn parse_reads_what_payload_wrote_and_nothing_else() {
		let payload = act(&[0x33]).payload(&GENESIS);
		assert_eq!(RelayedAct::parse(&payload), Some((GENESIS, act(&[0x33]))));
		assert_eq!(RelayedAct::parse(&wrapped(&payload)), None);
		assert_eq!(RelayedAct::parse(&payload[..TAG.len() + 79]), None);
		assert_eq!(RelayedAct::parse(b""), None);
	}

	proptest! {
		/// Two acts, or the same act on two chains, never have one payload.
		#[test]
		fn payload_is_injective(
			one in any::<([u8; 32], [u8; 32], u64, u64, Vec<u8>)>(),
			other in any::<([u8; 32], [u8; 32], u64, u64, Vec<u8>)>(),
		) {
			let payload = |(genesis, subject, nonce, until, call): &([u8; 32], [u8; 32], u64, u64, Vec<u8>)| {
				let subject = SubjectId(*subject);
				RelayedAct { subject, nonce: *nonce, expires_at: Moment(*until), call }.payload(genesis)
			};
			prop_assert_eq!(payload(&one) == payload(&other), one == other);
		}
	}
}
