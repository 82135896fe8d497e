// SPDX-License-Identifier: Apache-2.0
//! The link of a record to its subject: a hiding hash on chain, which whoever holds the salt can open for one subject.
//!
//! ```text
//! link key     = HMAC-SHA-256(salt, "epidaurus/lnk/v1")
//! subject link = HMAC-SHA-256(link key, "epidaurus/lnk/v1" ‖ network id ‖ record id ‖ subject)
//! ```
//!
//! A subject shows the link key when it opens something about the record. The key says whom this one record concerns, and
//! nothing else: salt, digest and header stay hidden, since the key comes from the salt by a one-way function, and no
//! other record's link has the same key.

use crate::{
	bytes::fixed_bytes,
	hash::{hmac, Opening, Salt, Sha256},
	ids::{NetworkId, RecordId, SubjectId},
};

const LINK_DOMAIN: &[u8] = b"epidaurus/lnk/v1";

fixed_bytes!(
	/// What opens a record's [`SubjectLink`]. Derived from the salt of the version that was anchored first.
	LinkKey,
	32
);
fixed_bytes!(
	/// A hiding hash of the subject that a record concerns; kept with the record.
	SubjectLink,
	32
);

impl LinkKey {
	/// The key that belongs to a salt.
	pub fn of<H: Sha256>(salt: &Salt) -> Self {
		Self(hmac::<H>(&salt.0 .0, &[LINK_DOMAIN]))
	}

	/// The link of a record to a subject under this key.
	pub fn link<H: Sha256>(&self, network: &NetworkId, record: &RecordId, subject: &SubjectId) -> SubjectLink {
		SubjectLink(hmac::<H>(&self.0, &[LINK_DOMAIN, &network.0, &record.0, &subject.0]))
	}
}

impl Opening {
	/// The link that a record anchored with this opening carries; nothing if it concerns no subject.
	pub fn subject_link<H: Sha256>(&self, network: &NetworkId, record: &RecordId) -> Option<SubjectLink> {
		let subject = self.header.subject.as_ref()?;
		Some(LinkKey::of::<H>(&self.salt).link::<H>(network, record, subject))
	}
}
