// SPDX-License-Identifier: Apache-2.0
//! Everything that a store holds, checked: openings against commitments, leaves against the tree, the tree against the
//! chain's heads, anchored versions against the chain's.

use crate::{
	bundle::hex,
	chain::Statements,
	log,
	progress::Progress as Bar,
	record::kind_name,
	store::{LogReader, Opened, Progress, Store, StoreError},
	Error,
};
use epidaurus_primitives::{
	ehr::{LogEntry, LogHead, LogKind},
	hash::{Commitment, NativeSha256},
	ids::RecordId,
	merkle::{Frontier, NodeStore},
};
use serde::Serialize;

/// What was checked, and how it came out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Audit {
	/// Entries of all logs.
	pub entries: u64,
	/// Versions of records that are anchored by themselves.
	pub versions: u64,
	/// Openings that open their commitments.
	pub opened: u64,
	/// Openings whose subject was forgotten.
	pub forgotten: u64,
	/// Openings whose subject's key is missing without having been destroyed here. Each is a problem.
	pub without_key: u64,
	/// Heads that were compared, those of the chain included.
	pub heads: u64,
	/// Whether the chain was asked.
	pub chain: bool,
	/// What is wrong.
	pub problems: u64,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
	/// Where: an entry, a node, a head, a record.
	pub place: String,
	/// What.
	pub problem: String,
}

pub(super) struct Auditor<'a, F> {
	pub(super) store: &'a Store,
	pub(super) audit: Audit,
	bar: &'a Bar,
	tell: F,
}

/// Checks everything, with the chain if there is one. Each problem is told when it is met.
pub async fn audit<S: Statements>(
	store: &Store,
	chain: Option<&S>,
	bar: &Bar,
	tell: impl FnMut(Problem),
) -> Result<Audit, Error> {
	if let Some(chain) = chain {
		store.expect(crate::store::Identity { network: chain.network(), ..store.identity() })?;
	}
	let audit = Audit { chain: chain.is_some(), ..Audit::default() };
	let mut auditor = Auditor { store, audit, bar, tell };
	match store.lost_keys() {
		0 => (),
		count => auditor.problem("subjects' keys", StoreError::SubjectKeysLost(count)),
	}
	for (key, problem) in store.damaged_key_rows() {
		auditor.problem(format!("key {}", hex(&key)), problem);
	}
	for kind in [LogKind::Records, LogKind::Disclosures, LogKind::DeviceStream] {
		let reader = store.log(kind)?;
		auditor.entries(&reader)?;
		auditor.own_heads(&reader)?;
		auditor.second_tree(&reader)?;
		if let Some(chain) = chain {
			auditor.heads_on_chain(&reader, chain).await?;
			auditor.renewals_on_chain(&reader, chain).await?;
		}
	}
	for record in store.anchor_ids()? {
		auditor.versions(record)?;
		if let Some(chain) = chain {
			auditor.versions_on_chain(record, chain).await?;
		}
		bar.advance(1);
	}
	Ok(auditor.audit)
}

/// How many steps an audit of the store has.
pub fn steps(store: &Store) -> Result<u64, StoreError> {
	let mut steps = store.anchors()?;
	for kind in [LogKind::Records, LogKind::Disclosures, LogKind::DeviceStream] {
		steps = steps.saturating_add(store.log(kind)?.size());
	}
	Ok(steps)
}

impl<F: FnMut(Problem)> Auditor<'_, F> {
	pub(super) fn problem(&mut self, place: impl Into<String>, problem: impl ToString) {
		self.audit.problems = self.audit.problems.saturating_add(1);
		(self.tell)(Problem { place: place.into(), problem: problem.to_string() });
	}

	/// What was read, unless it is damaged, which is a problem and not the end.
	pub(super) fn sound<T>(&mut self, place: &str, read: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
		match read {
			Ok(read) => Ok(Some(read)),
			Err(error @ (StoreError::Damaged(_) | StoreError::NotFound(_) | StoreError::KeyInDoubt(_))) => {
				self.problem(place, error);
				Ok(None)
			},
			Err(error) => Err(error),
		}
	}

	/// Compares an opening with its commitment. Gives it if it is there.
	fn opening(
		&mut self,
		place: &str,
		commitment: &Commitment,
		opened: Result<Opened, StoreError>,
	) -> Result<Option<Opened>, StoreError> {
		let opened = match opened {
			Err(StoreError::Forgotten) => {
				self.audit.forgotten = self.audit.forgotten.saturating_add(1);
				return Ok(None);
			},
			Err(StoreError::SubjectKeyMissing) => {
				self.audit.without_key = self.audit.without_key.saturating_add(1);
				self.problem(place, StoreError::SubjectKeyMissing);
				return Ok(None);
			},
			opened => self.sound(place, opened)?,
		};
		let Some(opened) = opened else { return Ok(None) };
		if opened.opening.commitment::<NativeSha256>(&self.store.identity().network) != *commitment {
			self.problem(place, "the opening does not open the commitment");
			return Ok(None);
		}
		self.audit.opened = self.audit.opened.saturating_add(1);
		Ok(Some(opened))
	}

	/// Builds the tree anew from the entries, and compares every node of it.
	fn entries(&mut self, reader: &LogReader) -> Result<(), StoreError> {
		let mut tree = Frontier::new();
		for sequence in 0..reader.size() {
			let place = format!("entry {sequence} of {}", kind_name(reader.kind()));
			let leaf = self.entry(reader, sequence, &place)?;
			// Where the entry is lost, the tree's own leaf shows whether the rest is sound.
			let leaf = match leaf {
				Some(leaf) => leaf,
				None => self.sound(&place, reader.node(0, sequence))?.unwrap_or_default(),
			};
			let mut completed = Vec::new();
			tree.append_with::<NativeSha256>(leaf, |level, index, hash| completed.push((level, index, *hash)))?;
			for (level, index, hash) in completed {
				let place = format!("node {index} of level {level} of {}", kind_name(reader.kind()));
				match self.sound(&place, reader.node(level, index))? {
					Some(stored) if stored != hash => self.problem(place, "not the hash of what stands below it"),
					_ => (),
				}
			}
			self.audit.entries = self.audit.entries.saturating_add(1);
			self.bar.advance(1);
		}
		if tree != *reader.frontier() {
			self.problem(format!("head of {}", kind_name(reader.kind())), "not that of its entries");
		}
		Ok(())
	}

	/// Checks an entry by itself. Gives its leaf.
	fn entry(&mut self, reader: &LogReader, sequence: u64, place: &str) -> Result<Option<[u8; 32]>, StoreError> {
		let missing = StoreError::Damaged("the entry is missing");
		let entry = reader.entry(sequence).and_then(|entry| entry.ok_or(missing));
		let Some(entry) = self.sound(place, entry)? else { return Ok(None) };
		if let Some(opened) = self.opening(place, &entry.commitment, reader.opened(&entry))? {
			let newest = reader.newest(&opened.key);
			let version = opened.opening.header.version;
			let is_found = |newest| reader.version(newest, version).is_ok_and(|found| found.sequence == sequence);
			if !self.sound(place, newest)?.flatten().is_some_and(is_found) {
				self.problem(place, "the record's path does not lead to it");
			}
		}
		let kind = reader.kind();
		Ok(Some(LogEntry { kind, sequence, commitment: entry.commitment }.leaf::<NativeSha256>()))
	}

	fn compare(&mut self, reader: &LogReader, head: &LogHead, whose: &str) -> Result<(), StoreError> {
		self.audit.heads = self.audit.heads.saturating_add(1);
		let place = format!("{whose} head of {} entries of {}", head.size, kind_name(reader.kind()));
		match self.sound(&place, log::head_at(reader, head.size))? {
			Some(own) if own != *head => self.problem(place, "the log never had it"),
			_ => (),
		}
		Ok(())
	}

	fn own_heads(&mut self, reader: &LogReader) -> Result<(), StoreError> {
		let mut heads = Vec::new();
		let read = self.store.checkpoints_from_newest(reader.kind(), |head, _| {
			heads.push(head);
			true
		});
		self.sound("checkpoints", read)?;
		heads.iter().try_for_each(|head| self.compare(reader, head, "own"))
	}

	async fn heads_on_chain<S: Statements>(&mut self, reader: &LogReader, chain: &S) -> Result<(), Error> {
		let custodian = self.store.identity().custodian;
		let heads = chain.checkpoints(custodian, reader.kind()).await?;
		for checkpoint in &heads {
			self.compare(reader, &checkpoint.head, "the chain's")?;
		}
		let newest = heads.first().map_or(0, |checkpoint| checkpoint.head.size);
		match self.store.newest_finalised(reader.kind())? {
			Some((own, _)) if own.size > newest => {
				let place = format!("own head of {} entries of {}", own.size, kind_name(reader.kind()));
				self.problem(place, format!("the chain's newest head has {newest} entries"));
			},
			_ => (),
		}
		Ok(())
	}

	fn versions(&mut self, record: RecordId) -> Result<(), StoreError> {
		let place = format!("record {record}");
		let anchor = self.store.anchor(record);
		let Some(anchor) = self.sound(&place, anchor)?.flatten() else { return Ok(()) };
		for version in &anchor.versions {
			let place = format!("version {} of record {record}", version.number);
			self.audit.versions = self.audit.versions.saturating_add(1);
			let Some(opened) = self.opening(&place, &version.commitment, self.store.opened(version))? else { continue };
			let (number, suite) = (opened.opening.header.version, opened.opening.suite);
			if (number, suite) != (version.number, version.suite) {
				self.problem(place, "its opening is of another version or suite");
			}
		}
		Ok(())
	}

	async fn versions_on_chain<S: Statements>(&mut self, record: RecordId, chain: &S) -> Result<(), Error> {
		// A damaged row was told before.
		let Ok(Some(anchor)) = self.store.anchor(record) else { return Ok(()) };
		let view = chain.anchor(record).await?;
		let known = view.as_ref().map_or(0, |view| view.version);
		if view.is_some_and(|view| view.custodian != self.store.identity().custodian) {
			self.problem(format!("record {record}"), "on chain it is of another organisation");
		}
		let mut on_chain = Vec::new();
		for number in 1..=known {
			let Some(view) = chain.version(record, number).await? else { continue };
			if anchor.version(&view.commitment).is_none() {
				self.problem(
					format!("version {number} of record {record}"),
					"on chain there is one that is not in the store",
				);
			}
			on_chain.push(view.commitment);
		}
		for version in &anchor.versions {
			let finalised = matches!(version.progress, Progress::Finalised { .. });
			if finalised && !on_chain.contains(&version.commitment) {
				let place = format!("version {} of record {record}", version.number);
				self.problem(place, "it was seen on chain and is not there");
			}
		}
		Ok(())
	}
}
