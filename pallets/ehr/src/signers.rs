// SPDX-License-Identifier: Apache-2.0
//! Which members can succeed with calls that cost them nothing.

use crate::{
	impls::{AUTHORITY, CAPABILITY},
	Call, Config,
};
use epidaurus_primitives::seams::Signer;

impl<T: Config> Call<T> {
	/// Which member can succeed with the call, as far as its role decides. A dispute is free as well, but for subjects only
	/// and within limits of their own.
	pub const fn signer(&self) -> Signer {
		match self {
			Self::mark_entered_in_error { .. } => Signer::Holding(CAPABILITY.role()),
			Self::place_hold { .. } => Signer::Holding(AUTHORITY.role()),
			_ => Signer::Member,
		}
	}
}
