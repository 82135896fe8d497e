// SPDX-License-Identifier: Apache-2.0
//! Keys of subjects: one random key for each, from which the salts of its records derive, in a file of its own.
//!
//! A salt is never stored. `salt = HKDF-SHA-256(subject key, "epidaurus/salt/v1" ‖ nonce)`; the nonce stands with the
//! record. What hides the elements of a record and what links it to its subject derive from its salt, and are not stored
//! either. Digest, header and path of a record are sealed under the same subject key. Destroying it therefore makes every
//! commitment about the subject meaningless, in the store and in all its backups, without touching any of them.
//!
//! The file: magic and the store's id, then one sealed entry of fixed length for each key. New keys are added at the end
//! before the records that need them are written; a torn end is a key that nothing needs yet.

use super::{
	backup::KeysFrom,
	medium::Medium,
	rows::{KeyId, Opened, Sealed, Second},
	seal::{cipher, decode, derive, open, open_with, random_key, seal, seal_with, KeyBytes, NONCE},
	Identity, StoreError, StoreId, SUBJECTS_FILE,
};
use crate::record::{random_bytes, LocalKey, Prepared};
use chacha20poly1305::XChaCha20Poly1305;
use codec::{Decode, Encode};
use epidaurus_primitives::{
	elements::{opening_salt, ElementKey},
	hash::{Commitment, HashSuite, NativeBlake2b256, NativeSha256, Opening, RecordDigest, RecordHeader, Salt, Sha256},
	ids::{NetworkId, SubjectId},
	renewal::SecondDigest,
};
use std::{
	collections::{HashMap, HashSet},
	io,
	sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};
use zeroize::Zeroizing;

const MAGIC: &[u8; 16] = b"epidaurus/sub/v1";
const SALT_DOMAIN: &[u8] = b"epidaurus/salt/v1";
const ABOUT_DOMAIN: &[u8] = b"epidaurus/salt/about/v1";
const PSEUDONYM_DOMAIN: &[u8] = b"epidaurus/subject/v1";
const OPENING_DOMAIN: &[u8] = b"epidaurus/opening/v1";
const SECOND_DOMAIN: &[u8] = b"epidaurus/second/v1";
const FILE_DOMAIN: &[u8] = b"epidaurus/store/subjects/v1";

/// Bytes of magic and store id.
const HEAD: usize = 32;
/// Bytes of a key with its id and its subject, or with a zero and zeros where there is no subject.
const PLAIN: usize = 1 + 32 + 16 + 32;
/// Bytes of a sealed entry: nonce, the above, tag.
const ENTRY: usize = NONCE + PLAIN + 16;

/// The key of a subject, or of all records that name none.
pub(super) struct SubjectKey {
	id: KeyId,
	key: KeyBytes,
}

/// What a record is committed to as, and what is kept of it.
pub(super) struct Committed {
	pub commitment: Commitment,
	pub sealed: Sealed,
	pub second: Second,
}

/// What is sealed of a record under its subject's key.
#[derive(Encode, Decode)]
struct Content {
	suite: HashSuite,
	digest: RecordDigest,
	header: RecordHeader,
	key: LocalKey,
}

impl SubjectKey {
	fn random() -> Result<Self, StoreError> {
		Ok(Self { id: random_bytes()?, key: random_key()? })
	}

	/// The salt of the record with this nonce.
	pub fn salt(&self, nonce: &[u8; NONCE]) -> Result<Salt, StoreError> {
		Ok(Salt::new(*derive(&self.key, &[SALT_DOMAIN, nonce])?))
	}

	/// The pseudonym of the subject that this key was drawn for: opaque, for this custodian on this network alone, and made
	/// of nothing that describes anybody.
	pub fn pseudonym(&self, identity: &Identity) -> Result<SubjectId, StoreError> {
		Ok(SubjectId(*derive(&self.key, &[PSEUDONYM_DOMAIN, &identity.encode()])?))
	}

	/// The salt of something else that is committed to about the subject: the same for the same parts.
	pub fn salt_about(&self, parts: &[&[u8]]) -> Result<Salt, StoreError> {
		// Hashed one by one, so that the limits between the parts count.
		let parts: Vec<_> = parts.iter().map(|part| NativeSha256::hash(&[part])).collect();
		Ok(Salt::new(*derive(&self.key, &[ABOUT_DOMAIN, &parts.concat()])?))
	}

	fn cipher(&self) -> Result<XChaCha20Poly1305, StoreError> {
		Ok(cipher(&derive(&self.key, &[OPENING_DOMAIN])?))
	}

	/// Commits to a version of a record under a fresh salt. Of what derives from the salt nothing is kept.
	pub fn commit(&self, record: &Prepared, version: u32, network: &NetworkId) -> Result<Committed, StoreError> {
		let nonce = random_bytes()?;
		let (opening, element_key) = record.opening(&self.salt(&nonce)?, version);
		let commitment = opening.commitment::<NativeSha256>(network);
		let second = self.second(&opening, element_key.as_ref(), &record.second, network)?;
		let Opening { suite, digest, header, .. } = opening;
		let content = Content { suite, digest, header, key: record.key.clone() }.encode();
		// The nonce seals this once and derives the salt, under different keys.
		let bytes = seal_with(&self.cipher()?, &nonce, &commitment.0, &Zeroizing::new(content))?;
		Ok(Committed { commitment, sealed: Sealed { subject: self.id, nonce, bytes }, second })
	}

	/// Commits to the same record under the second hash function; `content` is its content digest.
	fn second(
		&self,
		opening: &Opening,
		element_key: Option<&ElementKey>,
		content: &SecondDigest,
		network: &NetworkId,
	) -> Result<Second, StoreError> {
		let digest = content.under::<NativeBlake2b256>(opening.suite, element_key);
		let digest = digest.ok_or(StoreError::Damaged("a record of elements without their key"))?;
		let commitment = opening.second_commitment::<NativeBlake2b256>(network, &digest);
		Ok(Second { commitment, digest: seal(&self.second_cipher()?, &commitment.0, &digest.0)? })
	}

	fn second_cipher(&self) -> Result<XChaCha20Poly1305, StoreError> {
		Ok(cipher(&derive(&self.key, &[SECOND_DOMAIN])?))
	}

	fn open_second(&self, second: &Second) -> Result<SecondDigest, StoreError> {
		let plain = open(&self.second_cipher()?, &second.commitment.0, &second.digest);
		let digest = plain.and_then(|plain| decode::<SecondDigest>(&plain));
		digest.ok_or(StoreError::Damaged("a second digest that does not open"))
	}

	fn open(&self, sealed: &Sealed, commitment: &Commitment) -> Result<Opened, StoreError> {
		let damaged = || StoreError::Damaged("an opening that does not open");
		let content = open_with(&self.cipher()?, &sealed.nonce, &commitment.0, &sealed.bytes).ok_or_else(damaged)?;
		let Content { suite, digest, header, key } = decode(&content).ok_or_else(damaged)?;
		let salt = self.salt(&sealed.nonce)?;
		let element_key = match suite {
			HashSuite::FhirElements => Some(ElementKey::of_record::<NativeSha256>(&salt)),
			HashSuite::Raw | HashSuite::FhirStaticRoot | HashSuite::FhirStaticRecursive => None,
		};
		let salt = opening_salt::<NativeSha256>(suite, &salt);
		Ok(Opened { opening: Opening { salt, suite, digest, header }, element_key, key })
	}

	fn encoded(&self, subject: Option<SubjectId>) -> Zeroizing<Vec<u8>> {
		let named = [u8::from(subject.is_some())];
		let subject = subject.unwrap_or_default();
		Zeroizing::new([&named, subject.0.as_slice(), &self.id, self.key.as_slice()].concat())
	}

	fn decoded(entry: &[u8]) -> Option<(Option<SubjectId>, Self)> {
		let (named, subject, id, key): (bool, SubjectId, KeyId, [u8; 32]) = decode(entry)?;
		Some((named.then_some(subject), Self { id, key: Zeroizing::new(key) }))
	}
}

#[derive(Default)]
struct Keys {
	by_id: HashMap<KeyId, Arc<SubjectKey>>,
	of: HashMap<Option<SubjectId>, KeyId>,
	/// Keys that were destroyed.
	forgotten: HashSet<KeyId>,
	/// Length of the part of the file that holds good; nothing if it was to be replaced and it is not known how that ended.
	length: Option<u64>,
}

/// The keys of all subjects of a store, in memory and in their file.
pub(super) struct Subjects {
	medium: Arc<dyn Medium>,
	store: StoreId,
	cipher: XChaCha20Poly1305,
	keys: RwLock<Keys>,
}

fn failed(medium: &dyn Medium) -> impl Fn(io::Error) -> StoreError + '_ {
	|source| StoreError::Io { path: medium.folder().join(SUBJECTS_FILE), source }
}

/// Begins the file of a new store. One that holds keys is never overwritten.
pub(super) fn begin(medium: &dyn Medium, store: StoreId) -> Result<(), StoreError> {
	let there = medium.subjects().map_err(failed(medium))?;
	if there.is_some_and(|there| there.len() > HEAD) {
		return Err(StoreError::KeysWithoutStore(medium.folder().to_path_buf()));
	}
	medium.replace_subjects(&head(store)).map_err(failed(medium))
}

/// Sees to it that a restored store has its file. One that holds keys is never overwritten.
pub(super) fn settle(medium: &dyn Medium, store: StoreId, from: KeysFrom) -> Result<(), StoreError> {
	let path = || medium.folder().join(SUBJECTS_FILE);
	match (from, medium.subjects().map_err(failed(medium))?) {
		(KeysFrom::Folder, Some(there)) => ensure_of(&there, store, medium),
		(KeysFrom::Folder, None) => Err(StoreError::SubjectKeysMissing(path())),
		(KeysFrom::Copy(copy), Some(there)) if there.len() > HEAD && there != copy => Err(StoreError::Exists(path())),
		(KeysFrom::Copy(copy), _) => {
			ensure_of(copy, store, medium)?;
			medium.replace_subjects(copy).map_err(failed(medium))
		},
		(KeysFrom::Nowhere, _) => begin(medium, store),
	}
}

/// Refuses a file that is not of this store.
fn ensure_of(file: &[u8], store: StoreId, medium: &dyn Medium) -> Result<(), StoreError> {
	if file.get(..HEAD) == Some(head(store).as_slice()) {
		return Ok(());
	}
	Err(StoreError::OtherSubjectKeys(medium.folder().join(SUBJECTS_FILE)))
}

fn head(store: StoreId) -> Vec<u8> {
	[MAGIC.as_slice(), &store].concat()
}

impl Subjects {
	/// Reads the file.
	pub fn read(medium: Arc<dyn Medium>, store: StoreId, key: &KeyBytes) -> Result<Self, StoreError> {
		let cipher = cipher(&derive(key, &[FILE_DOMAIN])?);
		let file = medium.subjects().map_err(failed(&*medium))?;
		let file = file.ok_or_else(|| StoreError::SubjectKeysMissing(medium.folder().join(SUBJECTS_FILE)))?;
		ensure_of(&file, store, &*medium)?;
		let mut keys = Keys::default();
		let mut torn = false;
		let mut length = HEAD;
		for entry in file.get(HEAD..).unwrap_or_default().chunks(ENTRY) {
			let found = open(&cipher, &store, entry).and_then(|entry| SubjectKey::decoded(&entry));
			match found {
				Some(_) if torn => return Err(StoreError::Damaged("a key in the file of subjects' keys")),
				Some((subject, key)) => {
					keys.of.insert(subject, key.id);
					keys.by_id.insert(key.id, Arc::new(key));
					length = length.saturating_add(ENTRY);
				},
				None => torn = true,
			}
		}
		keys.length = u64::try_from(length).ok();
		Ok(Self { medium, store, cipher, keys: RwLock::new(keys) })
	}

	fn keys(&self) -> RwLockReadGuard<'_, Keys> {
		self.keys.read().unwrap_or_else(PoisonError::into_inner)
	}

	fn keys_mut(&self) -> RwLockWriteGuard<'_, Keys> {
		self.keys.write().unwrap_or_else(PoisonError::into_inner)
	}

	/// The key of a subject, or of the records without one; it is made and kept first if there is none.
	pub fn of(&self, subject: Option<SubjectId>) -> Result<Arc<SubjectKey>, StoreError> {
		let known = |keys: &Keys| keys.of.get(&subject).and_then(|id| keys.by_id.get(id)).cloned();
		if let Some(key) = known(&self.keys()) {
			return Ok(key);
		}
		self.ensure([subject])?;
		known(&self.keys()).ok_or(StoreError::Damaged("a key that was made and is not there"))
	}

	/// Makes and keeps a key for a subject that is not known yet, and says its pseudonym, which derives from the key.
	pub fn begin(&self, identity: &Identity) -> Result<SubjectId, StoreError> {
		let key = SubjectKey::random()?;
		let subject = key.pseudonym(identity)?;
		self.keep(&mut self.keys_mut(), vec![(Some(subject), key)])?;
		Ok(subject)
	}

	/// Makes and keeps the keys of those subjects that have none, all at once.
	pub fn ensure(&self, subjects: impl IntoIterator<Item = Option<SubjectId>>) -> Result<(), StoreError> {
		let mut keys = self.keys_mut();
		let missing: HashSet<_> = subjects.into_iter().filter(|subject| !keys.of.contains_key(subject)).collect();
		if missing.is_empty() {
			return Ok(());
		}
		let made = missing.into_iter().map(|subject| Ok((subject, SubjectKey::random()?)));
		let made = made.collect::<Result<_, StoreError>>()?;
		self.keep(&mut keys, made)
	}

	/// Adds new keys to the file, and then to memory.
	fn keep(&self, keys: &mut Keys, made: Vec<(Option<SubjectId>, SubjectKey)>) -> Result<(), StoreError> {
		let mut entries = Vec::with_capacity(made.len().saturating_mul(ENTRY));
		for (subject, key) in &made {
			entries.extend(seal(&self.cipher, &self.store, &key.encoded(*subject))?);
		}
		let failed = failed(&*self.medium);
		let length =
			keys.length.ok_or_else(|| failed(io::Error::other("a change of it failed; run the command again")))?;
		self.medium.extend_subjects(length, &entries).map_err(failed)?;
		keys.length = length.checked_add(u64::try_from(entries.len()).unwrap_or(u64::MAX));
		for (subject, key) in made {
			keys.of.insert(subject, key.id);
			keys.by_id.insert(key.id, Arc::new(key));
		}
		Ok(())
	}

	/// The id of a subject's key, if it has one.
	pub fn id_of(&self, subject: SubjectId) -> Option<KeyId> {
		self.keys().of.get(&Some(subject)).copied()
	}

	/// Opens what was kept of a record.
	pub fn open(&self, sealed: &Sealed, commitment: &Commitment) -> Result<Opened, StoreError> {
		self.by_id(&sealed.subject)?.open(sealed, commitment)
	}

	/// Opens the second digest of a record whose subject's key is this.
	pub fn open_second(&self, subject: &KeyId, second: &Second) -> Result<SecondDigest, StoreError> {
		self.by_id(subject)?.open_second(second)
	}

	/// Commits under the second hash function to a record that was committed to before it was known.
	pub fn second(
		&self,
		subject: &KeyId,
		opened: &Opened,
		content: &SecondDigest,
		network: &NetworkId,
	) -> Result<Second, StoreError> {
		self.by_id(subject)?.second(&opened.opening, opened.element_key.as_ref(), content, network)
	}

	fn by_id(&self, subject: &KeyId) -> Result<Arc<SubjectKey>, StoreError> {
		let keys = self.keys();
		match keys.by_id.get(subject) {
			Some(key) => Ok(Arc::clone(key)),
			None if keys.forgotten.contains(subject) => Err(StoreError::Forgotten),
			None => Err(StoreError::SubjectKeyMissing),
		}
	}

	/// Destroys keys, in memory and in the file. Those that are not there, or no longer, are only noted.
	pub fn destroy(&self, ids: impl IntoIterator<Item = KeyId>) -> Result<(), StoreError> {
		let mut keys = self.keys_mut();
		let mut found = false;
		for id in ids {
			found |= keys.by_id.remove(&id).is_some();
			keys.forgotten.insert(id);
		}
		if !found {
			return Ok(());
		}
		let Keys { by_id, of, .. } = &mut *keys;
		of.retain(|_, id| by_id.contains_key(id));
		let mut file = head(self.store);
		for (subject, id) in &keys.of {
			if let Some(key) = keys.by_id.get(id) {
				file.extend(seal(&self.cipher, &self.store, &key.encoded(*subject))?);
			}
		}
		keys.length = None;
		self.medium.replace_subjects(&file).map_err(failed(&*self.medium))?;
		keys.length = u64::try_from(file.len()).ok();
		Ok(())
	}
}
