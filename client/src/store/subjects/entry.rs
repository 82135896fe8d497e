// SPDX-License-Identifier: Apache-2.0
//! Entries of the file of subjects' keys.

use super::SubjectKey;
use crate::store::{
	rows::KeyId,
	seal::{decode, NONCE},
};
use epidaurus_primitives::ids::SubjectId;
use zeroize::Zeroizing;

/// Bytes of whose key it is, its subject or zeros, its id, and the key or zeros if it was destroyed.
const PLAIN: usize = 1 + 32 + 16 + 32;
/// Bytes of a sealed entry: nonce, the above, tag.
pub(super) const ENTRY: usize = NONCE + PLAIN + 16;
/// So many zeros at its end no complete entry has: they would be half of its tag.
const UNWRITTEN: usize = 8;

/// Whose a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Whose {
	/// The subject, if there is one.
	pub subject: Option<SubjectId>,
	/// Whether it is the key of one anchored record alone.
	pub alone: bool,
}

/// Stands in the place of [`Whose`] for a key that was destroyed.
const DESTROYED: u8 = 2;

impl Whose {
	fn code(self) -> u8 {
		match (self.subject.is_some(), self.alone) {
			(false, false) => 0,
			(true, false) => 1,
			(false, true) => 3,
			(true, true) => 4,
		}
	}

	fn of_code(code: u8, subject: SubjectId) -> Option<Self> {
		let (named, alone) = match code {
			0 => (false, false),
			1 => (true, false),
			3 => (false, true),
			4 => (true, true),
			_ => return None,
		};
		Some(Self { subject: named.then_some(subject), alone })
	}
}

/// An entry of the file.
pub(super) enum Kept {
	Key(SubjectKey),
	Destroyed(KeyId),
}

impl SubjectKey {
	/// What stands in the file for the key, before it is sealed.
	pub(super) fn encoded(&self) -> Zeroizing<Vec<u8>> {
		let (whose, subject) = ([self.whose.code()], self.whose.subject.unwrap_or_default());
		Zeroizing::new([&whose, subject.0.as_slice(), &self.id, self.key.as_slice()].concat())
	}
}

impl Kept {
	pub(super) fn decoded(entry: &[u8]) -> Option<Self> {
		let (code, subject, id, key): (u8, SubjectId, KeyId, [u8; 32]) = decode(entry)?;
		if code == DESTROYED {
			return Some(Self::Destroyed(id));
		}
		let whose = Whose::of_code(code, subject)?;
		Some(Self::Key(SubjectKey { id, key: Zeroizing::new(key), whose }))
	}
}

/// What stands in the file for a key that was destroyed: from its id nothing leads back.
pub(super) fn destroyed(id: &KeyId) -> Vec<u8> {
	[&[DESTROYED], SubjectId::default().0.as_slice(), id, &[0; 32]].concat()
}

/// Whether what begins with an entry that cannot be read is a write that was cut off when the file was as long already: from
/// some place in that entry on nothing came, and zeros stand there. A damaged entry that was complete once ends otherwise.
pub(super) fn is_torn(rest: &[u8]) -> bool {
	let came = rest.iter().rposition(|byte| *byte != 0).map_or(0, |last| last.saturating_add(1));
	came <= ENTRY.saturating_sub(UNWRITTEN)
}
