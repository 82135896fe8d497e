// SPDX-License-Identifier: Apache-2.0
//! Sealed rows: XChaCha20-Poly1305 under keys that derive from the store's key by HKDF-SHA-256 (RFC 5869).
//!
//! A row is sealed together with the table and key that it stands under, so that it opens nowhere else. Where a key of a
//! table would tell something (a file's path), a keyed hash stands in its place.

use super::{medium::Medium, subjects::Subjects, StoreError, StoreId};
use crate::record::{random_bytes, LocalKey};
use chacha20poly1305::{
	aead::{Aead, KeyInit, Payload},
	XChaCha20Poly1305, XNonce,
};
use codec::{Decode, DecodeAll, Encode};
use epidaurus_primitives::hash::{hmac, NativeSha256};
use hkdf::Hkdf;
use redb::TableHandle;
use sha2::Sha256;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Bytes of a key; wiped when they are dropped.
pub(super) type KeyBytes = Zeroizing<[u8; 32]>;

/// Bytes of a nonce of XChaCha20-Poly1305.
pub(super) const NONCE: usize = 24;

/// A fresh key.
pub(super) fn random_key() -> Result<KeyBytes, StoreError> {
	Ok(Zeroizing::new(random_bytes()?))
}

/// A key for one purpose. HKDF-SHA-256 without a salt, since what it derives from is a uniformly random key.
pub(super) fn derive(key: &KeyBytes, purpose: &[&[u8]]) -> Result<KeyBytes, StoreError> {
	let mut derived = Zeroizing::new([0; 32]);
	let expanded = Hkdf::<Sha256>::new(None, key.as_slice()).expand_multi_info(purpose, derived.as_mut_slice());
	expanded.map_err(|_| StoreError::Damaged("a key that does not derive"))?;
	Ok(derived)
}

/// The cipher under a key; it wipes its copy of the key.
pub(super) fn cipher(key: &KeyBytes) -> XChaCha20Poly1305 {
	XChaCha20Poly1305::new(key.as_slice().into())
}

/// Seals under a nonce that is used for nothing else.
pub(super) fn seal_with(
	cipher: &XChaCha20Poly1305,
	nonce: &[u8; NONCE],
	bound: &[u8],
	plain: &[u8],
) -> Result<Vec<u8>, StoreError> {
	let payload = Payload { msg: plain, aad: bound };
	cipher.encrypt(XNonce::from_slice(nonce), payload).map_err(|_| StoreError::Damaged("a row that is too long"))
}

/// Opens what [`seal_with`] sealed; nothing if the key, the nonce, the bytes or what they are bound to is another.
pub(super) fn open_with(
	cipher: &XChaCha20Poly1305,
	nonce: &[u8; NONCE],
	bound: &[u8],
	sealed: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
	let payload = Payload { msg: sealed, aad: bound };
	cipher.decrypt(XNonce::from_slice(nonce), payload).ok().map(Zeroizing::new)
}

/// Seals under a random nonce, which comes first.
pub(super) fn seal(cipher: &XChaCha20Poly1305, bound: &[u8], plain: &[u8]) -> Result<Vec<u8>, StoreError> {
	let nonce = random_bytes()?;
	let mut sealed = nonce.to_vec();
	sealed.extend(seal_with(cipher, &nonce, bound, plain)?);
	Ok(sealed)
}

/// Opens what [`seal()`] sealed.
pub(super) fn open(cipher: &XChaCha20Poly1305, bound: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
	let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
	open_with(cipher, nonce, bound, sealed)
}

/// All keys of an open store.
pub(super) struct Vault {
	rows: XChaCha20Poly1305,
	names: KeyBytes,
	backups: KeyBytes,
	/// The subjects' keys.
	pub subjects: Subjects,
}

impl Vault {
	/// Derives the keys from the store's key, and reads those of the subjects, of whose file so many bytes are needed.
	pub fn open(
		medium: Arc<dyn Medium>,
		store: StoreId,
		key: &KeyBytes,
		needed: Option<u64>,
	) -> Result<Self, StoreError> {
		Ok(Self {
			rows: cipher(&derive(key, &[b"epidaurus/store/rows/v1"])?),
			names: derive(key, &[b"epidaurus/store/names/v1"])?,
			backups: backup_key(key)?,
			subjects: Subjects::read(medium, store, key, needed)?,
		})
	}

	/// A value for the row of this table and key.
	pub fn seal<T: Encode>(
		&self,
		table: &impl TableHandle,
		key: impl Encode,
		value: &T,
	) -> Result<Vec<u8>, StoreError> {
		seal(&self.rows, &bound(table, &key), &Zeroizing::new(value.encode()))
	}

	/// The value of the row of this table and key.
	pub fn open_row<T: Decode>(&self, table: &impl TableHandle, key: impl Encode, row: &[u8]) -> Result<T, StoreError> {
		let damaged = StoreError::Damaged("a row that was changed or stands in another's place");
		let plain = open(&self.rows, &bound(table, &key), row).ok_or(damaged)?;
		super::rows::row(&plain)
	}

	/// What stands for a local key in the keys of tables.
	pub fn name(&self, key: &LocalKey) -> [u8; 32] {
		hmac::<NativeSha256>(self.names.as_slice(), &[&key.0])
	}

	/// The key under which backups are authenticated.
	pub fn backups(&self) -> &KeyBytes {
		&self.backups
	}
}

/// The key under which backups are authenticated, from the store's key.
pub(super) fn backup_key(key: &KeyBytes) -> Result<KeyBytes, StoreError> {
	derive(key, &[b"epidaurus/store/backups/v1"])
}

/// What a row is bound to. No name of a table is the beginning of another together with a key: a zero ends it.
fn bound(table: &impl TableHandle, key: &impl Encode) -> Vec<u8> {
	[table.name().as_bytes(), &[0], &key.encode()].concat()
}

/// Decodes completely.
pub(super) fn decode<T: Decode>(mut bytes: &[u8]) -> Option<T> {
	T::decode_all(&mut bytes).ok()
}
