// SPDX-License-Identifier: Apache-2.0
//! Who acts in the demonstration: members of the preset `development`, by the derivation of their well-known keys.

use crate::{
	keys::{self, KeyError},
	signer::Signer,
	Error,
};

/// The records officer of hospital one (organisation 0).
const HOSPITAL_ONE: &str = "//Alice//records";
/// The records officer of hospital two (organisation 1).
const HOSPITAL_TWO: &str = "//Bob//records";
/// The licensing officer of the regulator, who issued the hospitals' licences.
const REGULATOR: &str = "//Regulator//licensing";

/// The keys of those who act.
pub(super) struct People {
	pub hospital_one: Signer,
	pub hospital_two: Signer,
	pub regulator: Signer,
}

impl People {
	pub fn new() -> Result<Self, Error> {
		let key = |name| keys::parse(name).map(Signer::Key).map_err(|_| KeyError::Malformed);
		Ok(Self { hospital_one: key(HOSPITAL_ONE)?, hospital_two: key(HOSPITAL_TWO)?, regulator: key(REGULATOR)? })
	}
}
