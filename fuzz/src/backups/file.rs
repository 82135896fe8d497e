// SPDX-License-Identifier: Apache-2.0
//! The file of a backup, read and written by its description: magic, settings, rows, an end, and a code over all of it
//! under a key that derives from the store's.

use chacha20poly1305::{
	aead::{Aead, KeyInit, Payload},
	XChaCha20Poly1305, XNonce,
};
use codec::Decode;
use epidaurus_primitives::hash::{hmac, NativeSha256, Sha256};
use hkdf::Hkdf;
use std::collections::BTreeMap;

const MAGIC: &[u8] = b"epidaurus/backup/v1";
const TAG: usize = 32;

/// Bytes of the settings before the store's key, which is locked by a key file: format, network, custodian, id, lock.
const BOUND: usize = 4 + 32 + 4 + 16 + 1;

/// Bytes of a nonce.
const NONCE: usize = 24;

/// A row of some table.
#[derive(Clone)]
pub struct Row {
	/// Code of the table; 0 would be the end of all rows.
	pub table: u8,
	/// Key of the row.
	pub key: Vec<u8>,
	/// What stands there.
	pub sealed: Vec<u8>,
}

/// What stands in a backup.
pub struct Backup {
	settings: Vec<u8>,
	/// Its rows.
	pub rows: Vec<Row>,
	/// What follows their end.
	pub rest: Vec<u8>,
}

/// A part after its length.
fn sized<'a>(bytes: &mut &'a [u8]) -> &'a [u8] {
	let (length, rest) = bytes.split_first_chunk().expect("a length");
	let (part, rest) = rest.split_at(u32::from_le_bytes(*length) as usize);
	*bytes = rest;
	part
}

fn put_sized(file: &mut Vec<u8>, part: &[u8]) {
	file.extend((part.len() as u32).to_le_bytes());
	file.extend_from_slice(part);
}

impl Backup {
	/// Reads one that the store wrote.
	pub fn read(file: &[u8]) -> Self {
		let body = file.strip_prefix(MAGIC).expect("a backup");
		let mut left = &body[..body.len() - TAG];
		let settings = sized(&mut left).to_vec();
		let mut rows = Vec::new();
		loop {
			let (table, rest) = left.split_first().expect("an end");
			left = rest;
			if *table == 0 {
				return Self { settings, rows, rest: left.to_vec() };
			}
			rows.push(Row { table: *table, key: sized(&mut left).to_vec(), sealed: sized(&mut left).to_vec() });
		}
	}

	/// Writes it as whoever knows the content of the store's key file.
	pub fn write(&self, secret: &[u8; 32]) -> Vec<u8> {
		let mut file = MAGIC.to_vec();
		put_sized(&mut file, &self.settings);
		for row in &self.rows {
			file.push(row.table);
			put_sized(&mut file, &row.key);
			put_sized(&mut file, &row.sealed);
		}
		file.push(0);
		file.extend_from_slice(&self.rest);
		let tag = hmac::<NativeSha256>(&self.key(secret), &[&NativeSha256::hash(&[&file])]);
		file.extend(tag);
		file
	}

	/// The key under which the file is authenticated.
	fn key(&self, secret: &[u8; 32]) -> [u8; 32] {
		let (aad, locked) = self.settings.split_at(BOUND);
		let locked = Vec::<u8>::decode(&mut &locked[..]).expect("the locked key");
		let (nonce, msg) = locked.split_at(NONCE);
		let cipher = XChaCha20Poly1305::new(&derive(secret, b"epidaurus/store/lock/v1").into());
		let key = cipher.decrypt(XNonce::from_slice(nonce), Payload { msg, aad }).expect("the secret opens it");
		derive(&key.try_into().expect("32 bytes"), b"epidaurus/store/backups/v1")
	}

	/// The rows that a store has which reads this, each under its table and key: of two, the later one.
	pub fn by_key(&self) -> BTreeMap<(u8, Vec<u8>), Vec<u8>> {
		let rows = self.rows.iter().take_while(|row| row.table != 0);
		rows.map(|row| ((row.table, row.key.clone()), row.sealed.clone())).collect()
	}
}

fn derive(key: &[u8; 32], purpose: &[u8]) -> [u8; 32] {
	let mut derived = [0; 32];
	Hkdf::<sha2::Sha256>::new(None, key).expand(purpose, &mut derived).expect("32 bytes");
	derived
}
