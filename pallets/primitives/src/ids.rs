// SPDX-License-Identifier: Apache-2.0
//! Opaque ids. What an id stands for (keys, controllers, numbers) are attributes that can rotate; the id never does.

use crate::bytes::fixed_bytes;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

macro_rules! counted_id {
	($(#[$doc:meta])* $name:ident, $inner:ty) => {
		$(#[$doc])*
		#[derive(
			Clone,
			Copy,
			Debug,
			PartialEq,
			Eq,
			PartialOrd,
			Ord,
			Hash,
			Default,
			Encode,
			Decode,
			DecodeWithMemTracking,
			MaxEncodedLen,
			TypeInfo,
		)]
		#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
		#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
		pub struct $name(pub $inner);

		impl core::fmt::Display for $name {
			fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
				core::fmt::Display::fmt(&self.0, f)
			}
		}

		impl core::str::FromStr for $name {
			type Err = core::num::ParseIntError;

			fn from_str(text: &str) -> Result<Self, Self::Err> {
				text.parse().map(Self)
			}
		}
	};
}

counted_id!(
	/// An organisation of the consortium; counted up by the registry.
	OrgId,
	u32
);
counted_id!(
	/// A licence; counted up by the registry.
	LicenceId,
	u32
);

fixed_bytes!(
	/// A record anchor: sixteen random bytes chosen by the custodian.
	RecordId,
	16
);
fixed_bytes!(
	/// A patient pseudonym: pairwise, one per patient and custodian, derived off chain.
	SubjectId,
	32
);
fixed_bytes!(
	/// The public key of a member's account, as answers about records name those who attested something.
	MemberKey,
	32
);
fixed_bytes!(
	/// The network that a commitment belongs to: random bytes fixed at first launch and carried over any re-genesis.
	NetworkId,
	32
);

#[cfg(feature = "frame")]
impl OrgId {
	/// The account on which the organisation's deposits are held. It has no key and never rotates.
	pub fn sovereign_account<AccountId: codec::Decode + codec::Encode>(self) -> AccountId {
		use sp_runtime::traits::AccountIdConversion;
		frame_support::PalletId(*b"epi/orgs").into_sub_account_truncating(self)
	}
}
