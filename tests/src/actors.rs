// SPDX-License-Identifier: Apache-2.0
//! Who acts in the stories: the people of the preset, by their seeds.

use epidaurus_primitives::ids::OrgId;
use epidaurus_runtime::{genesis_config_presets::DEVELOPMENT_SEED, AccountId};
use sp_core::{crypto::DeriveJunction, sr25519, Pair};

/// The hospital in Greece.
pub const HOSPITAL: OrgId = OrgId(0);
/// Its controller.
pub const HOSPITAL_CONTROLLER: &str = "Alice";
/// The member that keeps its records.
pub const CLERK: &str = "Alice//records";
/// The hospital in Germany.
pub const OTHER_HOSPITAL: OrgId = OrgId(1);
/// The member that keeps its records.
pub const OTHER_CLERK: &str = "Bob//records";
/// The regulator's member that licenses.
pub const LICENSING: &str = "Regulator//licensing";
/// The regulator's member that inspects.
pub const INSPECTOR: &str = "Regulator//inspector";
/// Somebody who is no member.
pub const STRANGER: &str = "Mallory";

/// The controllers of the founders, who have the seats of the council.
pub const SEATS: [&str; 11] = [
	"Alice",
	"Bob",
	"Charlie",
	"Dave",
	"Eve",
	"Ferdie",
	"Payer",
	"Sponsor",
	"EthicsBoard",
	"Regulator",
	"PatientGroup",
];

/// The key of an actor.
pub fn pair(seed: &str) -> sr25519::Pair {
	let root = sr25519::Pair::from_seed(&DEVELOPMENT_SEED);
	root.derive(seed.split("//").map(DeriveJunction::hard), None).expect("hard derivation works").0
}

/// The account of an actor.
pub fn account(seed: &str) -> AccountId {
	pair(seed).public().into()
}
