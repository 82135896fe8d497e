// SPDX-License-Identifier: Apache-2.0
//! ECDSA over secp256k1 as the chain takes it: of BLAKE2b-256 of what is signed, with what it takes to recover the key.

use k256::ecdsa::{RecoveryId, Signature, VerifyingKey};
use sp_crypto_hashing::blake2_256;
use subxt::utils::AccountId32;

/// The account of a compressed public key: its hash. Nothing if it is no point of the curve.
pub(crate) fn account(key: &[u8; 33]) -> Option<AccountId32> {
	// The library knows forms that the chain does not.
	let [2 | 3, ..] = key else { return None };
	VerifyingKey::from_sec1_bytes(key).ok().map(|key| account_of(&key))
}

/// The account whose signature over the payload this is: r, s, and which of the keys that fit.
pub(super) fn signer(bytes: &[u8; 65], payload: &[u8]) -> Option<AccountId32> {
	let (which, bytes) = bytes.split_last()?;
	// Ethereum's wallets count from 27 on.
	let which = which.checked_sub(27).unwrap_or(*which);
	let written = Signature::from_slice(bytes).ok()?;
	// The chain takes either of two values of s, which belong to keys of opposite parity; the library takes the lower.
	let (signature, flip) = written.normalize_s().map_or((written, 0), |lower| (lower, 1));
	let which = RecoveryId::from_byte(which ^ flip)?;
	let key = VerifyingKey::recover_from_prehash(&blake2_256(payload), &signature, which).ok()?;
	Some(account_of(&key))
}

fn account_of(key: &VerifyingKey) -> AccountId32 {
	AccountId32(blake2_256(key.to_encoded_point(true).as_bytes()))
}

#[cfg(test)]
pub(crate) mod tests {
	use super::*;
	use crate::signer::{parse_signature, verifies};
	use k256::ecdsa::SigningKey;

	/// The public key of 32 sevens, its account, and its signatures over the payload of `acts`' tests, bare and wrapped. The
	/// tests of the subjects' pallet have the same.
	pub(crate) const KEY: &str = "02989c0b76cb563971fdc9bef31ec06c3560f3249d6ee9e5d83c57625596e05f6f";
	pub(crate) const ACCOUNT: &str = "4b9feced8f3a8ca1610230cf330053ea8119bacaab5736f336717c7d48366749";
	pub(crate) const SIGNATURES: [&str; 2] = [
		"f1eec51d72d7203ac2c422dd163422a19cf737e4ae51a43e32a1a1b7cea65f431459287890e4a9d7aa1ed10012211491dcbf3e02caa3f6b3\
		47cd13e9e07e608001",
		"f1eec51d72d7203ac2c422dd163422a19cf737e4ae51a43e32a1a1b7cea65f435d5ec2e249d353a48ea282f73bf39fe782209a6e254bddfc\
		159aa1d6f1e3746b01",
	];
	/// The first of them with the higher s.
	pub(crate) const HIGHER: &str =
		"f1eec51d72d7203ac2c422dd163422a19cf737e4ae51a43e32a1a1b7cea65f43eba6d7876f1b562855e12effedde\
		eb6cddef9ee3e4a4a98878054aa2efb7e0c100";

	pub(crate) fn sign(seed: u8, payload: &[u8]) -> [u8; 65] {
		let key = SigningKey::from_slice(&[seed; 32]).unwrap();
		let (signature, which) = key.sign_prehash_recoverable(&blake2_256(payload)).unwrap();
		let mut bytes = [which.to_byte(); 65];
		bytes[..64].copy_from_slice(&signature.to_bytes());
		bytes
	}

	pub(crate) fn account_of_seed(seed: u8) -> AccountId32 {
		account_of(SigningKey::from_slice(&[seed; 32]).unwrap().verifying_key())
	}

	#[test]
	fn account_is_the_hash_of_the_compressed_key() {
		let key: [u8; 33] = hex::decode(KEY).unwrap().try_into().unwrap();
		let expected = AccountId32(hex::decode(ACCOUNT).unwrap().try_into().unwrap());
		assert_eq!(account(&key), Some(expected));
		assert_eq!(account_of_seed(7), expected);
		for tag in [0, 1, 4, 5] {
			let mut other = key;
			other[0] = tag;
			assert_eq!(account(&other), None, "{tag}");
		}
		let mut no_point = [0xff; 33];
		no_point[0] = 2;
		assert_eq!(account(&no_point), None);
	}

	#[test]
	fn signature_is_of_the_key_that_is_recovered() {
		for (seed, payload) in [(1, b"one".as_slice()), (2, b""), (9, &[0; 300])] {
			let bytes = sign(seed, payload);
			assert_eq!(signer(&bytes, payload), Some(account_of_seed(seed)));
			// As some wallets count.
			let mut counted = bytes;
			counted[64] += 27;
			assert_eq!(signer(&counted, payload), Some(account_of_seed(seed)));
			for change in [0, 31, 32, 63, 64] {
				let mut changed = bytes;
				changed[change] ^= 1;
				assert_ne!(signer(&changed, payload), Some(account_of_seed(seed)), "{change}");
			}
			assert_ne!(signer(&bytes, b"another"), Some(account_of_seed(seed)));
			for which in [4, 26, 31, 255] {
				let mut changed = bytes;
				changed[64] = which;
				assert_eq!(signer(&changed, payload), None, "{which}");
			}
		}
		assert_eq!(signer(&[0; 65], b"one"), None);
		assert_eq!(signer(&[0xff; 65], b"one"), None);
	}

	#[test]
	fn signature_that_begins_like_another_scheme_is_known_by_the_account() {
		// Of these keys, some signature begins with each of the schemes' numbers.
		for scheme in 0..=2u8 {
			let mut payloads = (0u32..).map(|number| number.to_le_bytes());
			let payload = payloads.find(|payload| sign(3, payload)[0] == scheme).unwrap();
			let text = hex::encode(sign(3, &payload));
			let candidates = parse_signature(&text).unwrap();
			assert_eq!(candidates.len(), if scheme == 2 { 1 } else { 2 });
			assert_eq!(candidates.iter().filter(|one| verifies(one, &payload, &account_of_seed(3))).count(), 1);
		}
	}
}
