// SPDX-License-Identifier: Apache-2.0
//! Keys of subjects: random, in a file of their own. The salts of records derive from them: those of log entries from the key of
//! their subject, or from one for all that name none; those of an anchored record from a key of its own, so that it can be
//! forgotten alone. A subject is forgotten with all keys that are its own or of its records.
//!
//! A salt is never stored. `salt = HKDF-SHA-256(subject key, "epidaurus/salt/v1" ‖ nonce)`; the nonce stands with the
//! record. What hides the elements of a record and what links it to its subject derive from its salt, and are not stored
//! either. Digest, header and path of a record are sealed under the same subject key. Destroying it therefore makes every
//! commitment about the subject meaningless, in the store and in all its backups, without touching any of them.
//!
//! The file: magic and the store's id, then one sealed entry of fixed length for each key, and for each that was destroyed its
//! id. New keys are added at the end before the records that need them are written. The database then knows their ids and the
//! length of the file that must be readable from then on, in the same change as what needs them: only an end beyond that
//! length can be torn, and is a key that nothing needs yet. A database that was just restored does not say the length: an end
//! is torn then if zeros stand for what did not come. Everything else that cannot be read is damage, and a key that is known
//! and not there is lost.

mod entry;

use super::{
	backup::KeysFrom,
	keys::Listed,
	medium::Medium,
	rows::{KeyId, Opened, Sealed, Second},
	seal::{cipher, decode, derive, open, open_with, random_key, seal, seal_with, KeyBytes, NONCE},
	Identity, StoreError, StoreId, SUBJECTS_FILE,
};
use crate::record::{random_bytes, LocalKey, Prepared};
use chacha20poly1305::XChaCha20Poly1305;
use codec::{Decode, Encode};
use entry::{destroyed, is_torn, Kept, Whose, ENTRY};
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

/// The key of a subject, of all log entries that name none, or of one anchored record.
pub(super) struct SubjectKey {
	id: KeyId,
	key: KeyBytes,
	whose: Whose,
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
	fn random(whose: Whose) -> Result<Self, StoreError> {
		Ok(Self { id: random_bytes()?, key: random_key()?, whose })
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
}

#[derive(Default)]
struct Keys {
	by_id: HashMap<KeyId, Arc<SubjectKey>>,
	of: HashMap<Option<SubjectId>, KeyId>,
	/// Keys that were destroyed.
	forgotten: HashSet<KeyId>,
	/// Keys that the database does not know of yet.
	unnoted: HashSet<KeyId>,
	/// Keys that the database knows of, and that are neither there nor destroyed.
	lost: HashSet<KeyId>,
	/// Keys of which the database does not say any more whether they were destroyed: nothing is opened with them.
	withheld: HashSet<KeyId>,
	/// Keys of which the database does not say any more that they were made, and those whose loss was perhaps accepted.
	unread: [HashSet<KeyId>; 2],
	/// Bytes at the end of the file that were passed over when it was read.
	torn: u64,
	/// Length of the part of the file that holds good; nothing if it was to be replaced and it is not known how that ended.
	length: Option<u64>,
}

impl Keys {
	/// Reads a file. What was never needed may be torn: an end shorter than an entry, and everything beyond the length that
	/// the database needs; if it says none, what looks like a write that was cut off.
	fn read(
		file: &[u8],
		store: StoreId,
		cipher: &XChaCha20Poly1305,
		needed: Option<u64>,
		medium: &dyn Medium,
	) -> Result<Self, StoreError> {
		ensure_of(file, store, medium)?;
		let mut keys = Self::default();
		let mut rest = file.get(HEAD..).unwrap_or_default();
		let length = |rest: &[u8]| size(file.len().saturating_sub(rest.len()));
		while let Some((entry, after)) = rest.split_at_checked(ENTRY) {
			match open(cipher, &store, entry).and_then(|entry| Kept::decoded(&entry)) {
				Some(Kept::Key(key)) => keys.add(key),
				Some(Kept::Destroyed(id)) => keys.forgotten.extend([id]),
				None if needed.map_or_else(|| is_torn(rest), |needed| needed <= length(rest)) => break,
				None => return Err(StoreError::SubjectKeysDamaged(medium.folder().join(SUBJECTS_FILE))),
			}
			rest = after;
		}
		(keys.length, keys.torn) = (Some(length(rest)), size(rest.len()));
		Ok(keys)
	}

	fn add(&mut self, key: SubjectKey) {
		if !key.whose.alone {
			self.of.insert(key.whose.subject, key.id);
		}
		self.by_id.insert(key.id, Arc::new(key));
	}

	fn find(&self, id: &KeyId) -> Result<Arc<SubjectKey>, StoreError> {
		match self.by_id.get(id) {
			Some(key) => Ok(Arc::clone(key)),
			None if self.forgotten.contains(id) => Err(StoreError::Forgotten),
			None => Err(StoreError::SubjectKeyMissing),
		}
	}

	/// The key of a subject, or of the log entries without one.
	fn of(&self, subject: Option<SubjectId>) -> Result<Option<Arc<SubjectKey>>, StoreError> {
		let Some(id) = self.of.get(&subject) else { return Ok(None) };
		self.ensure_not_withheld(id)?;
		Ok(self.by_id.get(id).cloned())
	}

	/// Refuses a key that was perhaps to be destroyed.
	fn ensure_not_withheld(&self, id: &KeyId) -> Result<(), StoreError> {
		match self.withheld.contains(id) {
			true => Err(StoreError::KeyInDoubt(*id)),
			false => Ok(()),
		}
	}

	/// Refuses if keys are lost: forgetting does not reach what is sealed under them, nor would it if a new one stood beside
	/// the lost one of the same subject.
	fn ensure_none_lost(&self) -> Result<(), StoreError> {
		match self.lost.len() {
			0 => Ok(()),
			count => Err(StoreError::SubjectKeysLost(size(count))),
		}
	}
}

fn size(length: usize) -> u64 {
	u64::try_from(length).unwrap_or(u64::MAX)
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

/// Sees to it that a restored store has its file, and that it can be read. One that holds keys is never overwritten.
pub(super) fn settle(medium: &dyn Medium, store: StoreId, key: &KeyBytes, from: KeysFrom) -> Result<(), StoreError> {
	let path = || medium.folder().join(SUBJECTS_FILE);
	let ensure = |file: &[u8]| Keys::read(file, store, &file_cipher(key)?, None, medium).map(|_| ());
	match (from, medium.subjects().map_err(failed(medium))?) {
		(KeysFrom::Folder, Some(there)) => ensure(&there),
		(KeysFrom::Folder, None) => Err(StoreError::SubjectKeysMissing(path())),
		(KeysFrom::Copy(copy), Some(there)) if there.len() > HEAD && there != copy => Err(StoreError::Exists(path())),
		(KeysFrom::Copy(copy), _) => {
			ensure(copy)?;
			medium.replace_subjects(copy).map_err(failed(medium))
		},
		(KeysFrom::Nowhere, _) => begin(medium, store),
	}
}

fn file_cipher(key: &KeyBytes) -> Result<XChaCha20Poly1305, StoreError> {
	Ok(cipher(&derive(key, &[FILE_DOMAIN])?))
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
	/// Reads the file, of which so many bytes are needed by what stands in the database; if it does not say, all of them.
	pub fn read(
		medium: Arc<dyn Medium>,
		store: StoreId,
		key: &KeyBytes,
		needed: Option<u64>,
	) -> Result<Self, StoreError> {
		let cipher = file_cipher(key)?;
		let file = medium.subjects().map_err(failed(&*medium))?;
		let file = file.ok_or_else(|| StoreError::SubjectKeysMissing(medium.folder().join(SUBJECTS_FILE)))?;
		let keys = Keys::read(&file, store, &cipher, needed, &*medium)?;
		Ok(Self { medium, store, cipher, keys: RwLock::new(keys) })
	}

	fn keys(&self) -> RwLockReadGuard<'_, Keys> {
		self.keys.read().unwrap_or_else(PoisonError::into_inner)
	}

	fn keys_mut(&self) -> RwLockWriteGuard<'_, Keys> {
		self.keys.write().unwrap_or_else(PoisonError::into_inner)
	}

	/// The key of a subject, or of the log entries without one; it is made and kept first if there is none.
	pub fn of(&self, subject: Option<SubjectId>) -> Result<Arc<SubjectKey>, StoreError> {
		let known = self.keys().of(subject)?;
		if let Some(key) = known {
			return Ok(key);
		}
		self.ensure([subject])?;
		self.keys().of(subject)?.ok_or(StoreError::Damaged("a key that was made and is not there"))
	}

	/// The key of an anchored record whose earlier versions are sealed under these; it is made and kept first if none of them
	/// is of this record alone and of this subject.
	pub fn of_record(
		&self,
		subject: Option<SubjectId>,
		earlier: impl IntoIterator<Item = KeyId>,
	) -> Result<Arc<SubjectKey>, StoreError> {
		let whose = Whose { subject, alone: true };
		let mut keys = self.keys_mut();
		let mut found = None;
		for id in earlier {
			keys.ensure_not_withheld(&id)?;
			found = found.or_else(|| keys.by_id.get(&id).filter(|key| key.whose == whose).cloned());
		}
		if let Some(key) = found {
			return Ok(key);
		}
		keys.ensure_none_lost()?;
		let key = SubjectKey::random(whose)?;
		let id = key.id;
		self.keep(&mut keys, vec![key])?;
		keys.by_id.get(&id).cloned().ok_or(StoreError::Damaged("a key that was made and is not there"))
	}

	/// Makes and keeps a key for a subject that is not known yet, and says its pseudonym, which derives from the key.
	pub fn begin(&self, identity: &Identity) -> Result<SubjectId, StoreError> {
		let mut key = SubjectKey::random(Whose { subject: None, alone: false })?;
		let subject = key.pseudonym(identity)?;
		key.whose.subject = Some(subject);
		self.keep(&mut self.keys_mut(), vec![key])?;
		Ok(subject)
	}

	/// Makes and keeps the keys of those subjects that have none, all at once.
	pub fn ensure(&self, subjects: impl IntoIterator<Item = Option<SubjectId>>) -> Result<(), StoreError> {
		let mut keys = self.keys_mut();
		let missing: HashSet<_> = subjects.into_iter().filter(|subject| !keys.of.contains_key(subject)).collect();
		if missing.is_empty() {
			return Ok(());
		}
		keys.ensure_none_lost()?;
		let made = missing.into_iter().map(|subject| SubjectKey::random(Whose { subject, alone: false }));
		let made = made.collect::<Result<_, StoreError>>()?;
		self.keep(&mut keys, made)
	}

	/// Adds new keys to the file, and then to memory.
	fn keep(&self, keys: &mut Keys, made: Vec<SubjectKey>) -> Result<(), StoreError> {
		let mut entries = Vec::with_capacity(made.len().saturating_mul(ENTRY));
		for key in &made {
			entries.extend(seal(&self.cipher, &self.store, &key.encoded())?);
		}
		let failed = failed(&*self.medium);
		let length =
			keys.length.ok_or_else(|| failed(io::Error::other("a change of it failed; run the command again")))?;
		self.medium.extend_subjects(length, &entries).map_err(failed)?;
		keys.length = length.checked_add(size(entries.len()));
		for key in made {
			keys.unnoted.insert(key.id);
			keys.add(key);
		}
		Ok(())
	}

	/// Takes note of the keys that the database knows of, but for those whose loss was accepted. Of rows that cannot be read the
	/// worst is taken: the key was made, its loss was not accepted.
	pub fn compare(&self, made: Listed, accepted: Listed) {
		let mut keys = self.keys_mut();
		let Keys { by_id, forgotten, .. } = &*keys;
		let there = |id: &KeyId| by_id.contains_key(id) || forgotten.contains(id);
		let known = made.read.union(&made.unread);
		let lost = known.filter(|id| !there(id) && !accepted.read.contains(*id)).copied().collect();
		let unnoted = by_id.keys().filter(|id| !made.read.contains(*id)).copied().collect();
		(keys.lost, keys.unnoted) = (lost, unnoted);
		keys.unread = [made.unread, accepted.unread];
	}

	/// Nothing is opened with these keys from now on, unless they are known to be destroyed: whether they were to be, cannot be
	/// read. Nor are they destroyed, since nobody who has the store's key says so.
	pub fn withhold(&self, ids: &HashSet<KeyId>) {
		let mut keys = self.keys_mut();
		let withheld = ids.difference(&keys.forgotten).copied().collect();
		keys.withheld = withheld;
	}

	/// Keys about which a row cannot be read that matters, and what follows from it.
	pub fn unread(&self) -> Vec<(KeyId, &'static str)> {
		let keys = self.keys();
		let [made, accepted] = &keys.unread;
		let withheld = keys.withheld.iter().map(|id| {
			(*id, "its row among the forgotten keys is damaged: whether it was destroyed is not known, and it opens nothing")
		});
		let made = made.intersection(&keys.lost);
		let made = made.map(|id| (*id, "its row among the keys that were made is damaged: it counts as lost"));
		let accepted = accepted.intersection(&keys.lost);
		let accepted =
			accepted.map(|id| (*id, "its row among the accepted losses is damaged: its loss is not accepted"));
		withheld.chain(made).chain(accepted).collect()
	}

	/// Bytes at the end of the file that were passed over when it was read.
	pub fn torn(&self) -> u64 {
		self.keys().torn
	}

	/// Length of the file as far as it holds good, and the keys that the database does not know of yet.
	pub fn unnoted(&self) -> (Option<u64>, Vec<KeyId>) {
		let keys = self.keys();
		(keys.length, keys.unnoted.iter().copied().collect())
	}

	/// The database knows of these keys now.
	pub fn noted(&self, ids: &[KeyId]) {
		let mut keys = self.keys_mut();
		for id in ids {
			keys.unnoted.remove(id);
		}
	}

	/// Keys that are neither there nor destroyed.
	pub fn lost(&self) -> Vec<KeyId> {
		self.keys().lost.iter().copied().collect()
	}

	/// Their loss was accepted: new keys may be made again.
	pub fn give_up(&self) {
		self.keys_mut().lost.clear();
	}

	/// Ids of all keys of a subject and of its records. Refuses if keys are lost: they may be of this subject, too, and nothing
	/// says so before they are found.
	pub fn ids_of(&self, subject: SubjectId) -> Result<HashSet<KeyId>, StoreError> {
		let keys = self.keys();
		keys.ensure_none_lost()?;
		let its = keys.by_id.values().filter(|key| key.whose.subject == Some(subject));
		Ok(its.map(|key| key.id).collect())
	}

	/// Whether a key is that of one record alone; nothing if it was destroyed.
	pub fn is_alone(&self, id: &KeyId) -> Result<Option<bool>, StoreError> {
		match self.keys().find(id) {
			Ok(key) => Ok(Some(key.whose.alone)),
			Err(StoreError::Forgotten) => Ok(None),
			Err(error) => Err(error),
		}
	}

	/// Ids of all keys that are there.
	pub fn ids(&self) -> Vec<KeyId> {
		self.keys().by_id.keys().copied().collect()
	}

	/// Ids of all keys that were destroyed.
	pub fn destroyed(&self) -> HashSet<KeyId> {
		self.keys().forgotten.clone()
	}

	/// Opens what was kept of a record.
	pub fn open(&self, sealed: &Sealed, commitment: &Commitment) -> Result<Opened, StoreError> {
		self.by_id(&sealed.subject)?.open(sealed, commitment)
	}

	/// Opens what was kept of a record that is to be forgotten, also if that was perhaps decided before.
	pub fn open_doomed(&self, sealed: &Sealed, commitment: &Commitment) -> Result<Opened, StoreError> {
		self.keys().find(&sealed.subject)?.open(sealed, commitment)
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

	pub(super) fn by_id(&self, subject: &KeyId) -> Result<Arc<SubjectKey>, StoreError> {
		let keys = self.keys();
		keys.ensure_not_withheld(subject)?;
		keys.find(subject)
	}

	/// Destroys keys, in memory and in the file. Those that are not there, or no longer, are only noted.
	pub fn destroy(&self, ids: impl IntoIterator<Item = KeyId>) -> Result<(), StoreError> {
		let mut keys = self.keys_mut();
		let mut found = false;
		for id in ids {
			found |= keys.by_id.remove(&id).is_some();
			keys.withheld.remove(&id);
			keys.forgotten.insert(id);
		}
		if !found {
			return Ok(());
		}
		let Keys { by_id, of, .. } = &mut *keys;
		of.retain(|_, id| by_id.contains_key(id));
		let kept = keys.by_id.values().map(|key| key.encoded());
		let gone = keys.forgotten.iter().map(|id| Zeroizing::new(destroyed(id)));
		let mut file = head(self.store);
		for entry in kept.chain(gone) {
			file.extend(seal(&self.cipher, &self.store, &entry)?);
		}
		keys.length = None;
		self.medium.replace_subjects(&file).map_err(failed(&*self.medium))?;
		keys.length = Some(size(file.len()));
		Ok(())
	}
}
