// SPDX-License-Identifier: Apache-2.0
//! What a store is opened with, and how it locks the key that everything in it is sealed under.

use super::{
	rows::FORMAT,
	seal::{cipher, derive, open, random_key, seal, KeyBytes},
	Identity, StoreError, StoreId,
};
use crate::{bundle::hex, record::random_bytes};
use argon2::{Algorithm, Argon2, Params, Version};
use codec::{Decode, Encode};
use epidaurus_primitives::hash::SaltBytes;
use zeroize::Zeroizing;

/// Argon2id for passphrases (RFC 9106 §4, second recommended option): memory in KiB, passes, lanes.
const MEMORY: u32 = 64 << 10;
const PASSES: u32 = 3;
const LANES: u32 = 4;

/// Memory in KiB and passes above which a store's own statement is not believed.
const MAX_MEMORY: u32 = 1 << 20;
const MAX_PASSES: u32 = 64;

/// What opens a store: the content of its key file, or a passphrase. Never shown.
pub enum Secret {
	/// 32 random bytes.
	Key(Zeroizing<[u8; 32]>),
	/// What a person remembers.
	Passphrase(Zeroizing<String>),
}

impl core::fmt::Debug for Secret {
	fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
		f.write_str("Secret(hidden)")
	}
}

impl Secret {
	/// A fresh key.
	pub fn random() -> Result<Self, StoreError> {
		Ok(Self::Key(random_key()?))
	}

	/// The first line of a text: `0x` and 64 hexadecimal digits are a key, everything else but nothing is a passphrase.
	pub fn parse(text: &str) -> Option<Self> {
		let text = text.lines().next().unwrap_or_default().trim();
		if let Ok(key) = text.parse::<SaltBytes>() {
			return Some(Self::Key(Zeroizing::new(key.0)));
		}
		(!text.is_empty()).then(|| Self::Passphrase(Zeroizing::new(text.to_owned())))
	}

	/// The text of a key file, if this is a key.
	pub fn key_text(&self) -> Option<Zeroizing<String>> {
		match self {
			Self::Key(key) => Some(Zeroizing::new(hex(key.as_slice()) + "\n")),
			Self::Passphrase(_) => None,
		}
	}
}

/// How the store's key is locked. Stands in the store unsealed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
enum Lock {
	/// By a key file.
	#[codec(index = 0)]
	Key,
	/// By a passphrase, through Argon2id with this salt, memory in KiB, passes and lanes.
	#[codec(index = 1)]
	Passphrase { salt: [u8; 16], memory: u32, passes: u32, lanes: u32 },
}

impl Lock {
	fn new(secret: &Secret) -> Result<Self, StoreError> {
		Ok(match secret {
			Secret::Key(_) => Self::Key,
			Secret::Passphrase(_) => {
				Self::Passphrase { salt: random_bytes()?, memory: MEMORY, passes: PASSES, lanes: LANES }
			},
		})
	}

	/// The key that the secret gives for this lock.
	fn key(&self, secret: &Secret) -> Result<KeyBytes, StoreError> {
		match (self, secret) {
			(Self::Key, Secret::Key(key)) => derive(key, &[b"epidaurus/store/lock/v1"]),
			(Self::Passphrase { salt, memory, passes, lanes }, Secret::Passphrase(passphrase)) => {
				let damaged = |_| StoreError::Damaged("a lock that asks for more than is reasonable");
				if *memory > MAX_MEMORY || *passes > MAX_PASSES {
					return Err(damaged(()));
				}
				let params = Params::new(*memory, *passes, *lanes, Some(32)).map_err(|_| damaged(()))?;
				let mut key = Zeroizing::new([0; 32]);
				Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
					.hash_password_into(passphrase.as_bytes(), salt, key.as_mut_slice())
					.map_err(|_| damaged(()))?;
				Ok(key)
			},
			_ => Err(StoreError::WrongKey),
		}
	}
}

/// What a store says about itself, unsealed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) struct Settings {
	pub identity: Identity,
	/// Tells the store and its copies from all others.
	pub id: StoreId,
	lock: Lock,
	locked: Vec<u8>,
}

impl Settings {
	/// Settings of a new store, and its key.
	pub fn new(identity: Identity, secret: &Secret) -> Result<(Self, KeyBytes), StoreError> {
		let (lock, id, key) = (Lock::new(secret)?, random_bytes()?, random_key()?);
		let locked = seal(&cipher(&lock.key(secret)?), &bound(&identity, &id, &lock), key.as_slice())?;
		Ok((Self { identity, id, lock, locked }, key))
	}

	/// The same settings, with the store's key locked by another secret.
	pub fn relocked(&self, key: &KeyBytes, secret: &Secret) -> Result<Self, StoreError> {
		let Self { identity, id, .. } = *self;
		let lock = Lock::new(secret)?;
		let locked = seal(&cipher(&lock.key(secret)?), &bound(&identity, &id, &lock), key.as_slice())?;
		Ok(Self { identity, id, lock, locked })
	}

	/// The store's key.
	pub fn unlock(&self, secret: &Secret) -> Result<KeyBytes, StoreError> {
		let Self { identity, id, lock, locked } = self;
		let key = open(&cipher(&lock.key(secret)?), &bound(identity, id, lock), locked);
		let key = key.and_then(|key| <[u8; 32]>::try_from(key.as_slice()).ok());
		key.map(Zeroizing::new).ok_or(StoreError::WrongKey)
	}
}

/// Settings that were changed by hand do not unlock.
fn bound(identity: &Identity, id: &StoreId, lock: &Lock) -> Vec<u8> {
	(FORMAT, identity, id, lock).encode()
}

#[cfg(test)]
mod tests {
	use super::*;
	use epidaurus_primitives::ids::{NetworkId, OrgId};

	const IDENTITY: Identity = Identity { network: NetworkId([1; 32]), custodian: OrgId(3) };

	fn passphrase(text: &str) -> Secret {
		Secret::parse(text).unwrap()
	}

	#[test]
	fn the_right_secret_unlocks_and_no_other() {
		let secrets =
			|| [Secret::Key(Zeroizing::new([1; 32])), Secret::Key(Zeroizing::new([2; 32])), passphrase("one two")];
		for (index, right) in secrets().iter().enumerate() {
			let (settings, key) = Settings::new(IDENTITY, right).unwrap();
			for (other, secret) in secrets().iter().enumerate() {
				match settings.unlock(secret) {
					Ok(found) => assert!(other == index && found == key),
					Err(error) => assert!(other != index && matches!(error, StoreError::WrongKey), "{error}"),
				}
			}
		}
	}

	#[test]
	fn the_same_key_is_locked_by_another_secret() {
		let secrets =
			[Secret::Key(Zeroizing::new([1; 32])), passphrase("one two"), Secret::Key(Zeroizing::new([2; 32]))];
		let (mut settings, key) = Settings::new(IDENTITY, &secrets[0]).unwrap();
		for (old, new) in secrets.iter().zip(&secrets[1..]) {
			let relocked = settings.relocked(&key, new).unwrap();
			assert!(relocked.unlock(new).unwrap() == key);
			assert!(matches!(relocked.unlock(old), Err(StoreError::WrongKey)));
			assert_eq!((relocked.identity, relocked.id), (settings.identity, settings.id));
			settings = relocked;
		}
	}

	#[test]
	fn another_passphrase_does_not_unlock() {
		let (settings, _) = Settings::new(IDENTITY, &passphrase("one two")).unwrap();
		assert!(matches!(settings.unlock(&passphrase("one tw")), Err(StoreError::WrongKey)));
	}

	#[test]
	fn changed_settings_do_not_unlock() {
		let secret = Secret::random().unwrap();
		let (settings, _) = Settings::new(IDENTITY, &secret).unwrap();
		let other = Identity { custodian: OrgId(4), ..IDENTITY };
		for changed in [
			Settings { identity: other, ..settings.clone() },
			Settings { id: [0; 16], ..settings.clone() },
			Settings { locked: Vec::new(), ..settings.clone() },
		] {
			assert!(matches!(changed.unlock(&secret), Err(StoreError::WrongKey)));
		}
	}

	#[test]
	fn a_lock_without_reason_is_refused() {
		let (mut settings, _) = Settings::new(IDENTITY, &passphrase("x")).unwrap();
		settings.lock = Lock::Passphrase { salt: [0; 16], memory: u32::MAX, passes: 1, lanes: 1 };
		assert!(matches!(settings.unlock(&passphrase("x")), Err(StoreError::Damaged(_))));
	}

	#[test]
	fn the_first_line_is_a_key_or_a_passphrase() {
		let text = Secret::Key(Zeroizing::new([9; 32])).key_text().unwrap();
		assert!(
			matches!(Secret::parse(&format!("{}second", text.as_str())), Some(Secret::Key(key)) if *key == [9; 32])
		);
		assert!(matches!(Secret::parse(" 0x12 "), Some(Secret::Passphrase(text)) if text.as_str() == "0x12"));
		assert!(Secret::parse("\nsecond").is_none() && Secret::parse("").is_none());
		assert_eq!(format!("{:?}", Secret::parse("visible").unwrap()), "Secret(hidden)");
	}
}
