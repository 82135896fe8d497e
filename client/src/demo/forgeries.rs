// SPDX-License-Identifier: Apache-2.0
//! Bundles and contents as a forger would present them, each with the reason for which it must be refused.

use super::{
	specimen,
	stage::{Stage, KIND},
};
use crate::{
	bundle::{Bundle, Evidence},
	custody,
	store::StoreError,
	Error,
};
use epidaurus_primitives::{
	ehr::{LogEntry, LogHead, LogKind, LogProof},
	hash::{HashSuite, NativeSha256, Salt},
	ids::{NetworkId, OrgId, RecordId, SubjectId},
	merkle::{prove_inclusion, MemoryStore},
};

/// What the node alone, which never sees the content, must say to opening and proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Node {
	/// It is not asked: opening and proof are genuine, or its question has no place for what was forged.
	NotAsked,
	/// No.
	Refuses,
}

/// A forgery, or something that only looks like one.
pub(super) struct Forgery {
	/// What was done.
	pub what: &'static str,
	/// What is presented.
	pub content: String,
	/// With which bundle.
	pub bundle: Bundle,
	/// The reason expected; nothing if it must verify.
	pub expected: Option<&'static str>,
	/// What the node must say.
	pub node: Node,
	/// The organisation that the record must be of, if the verifier knows.
	pub custodian: Option<OrgId>,
}

/// What there is to forge.
pub(super) struct Loot {
	/// Specimens in the log, in the order of [`specimen::FILES`].
	pub raw: Bundle,
	pub root: Bundle,
	pub recursive: Bundle,
	/// The recursive specimen's path to an earlier head.
	pub earlier: Bundle,
	/// The bundle of another entry.
	pub neighbour: Bundle,
	/// A record of hospital two, in its own log.
	pub other_hospital: Bundle,
	/// An anchored record: as it was, and as it is.
	pub before: (String, Bundle),
	pub after: (String, Bundle),
	/// An anchored record that was declared entered in error.
	pub in_error: (String, Bundle),
}

impl Loot {
	/// The sequence numbers are of the specimens.
	pub fn new(stage: &Stage, sequences: [u64; 3], anchors: [(String, Bundle); 3]) -> Result<Self, Error> {
		let reader = stage.one.log(KIND)?;
		let size = checkpointed(stage)?;
		let [raw, root, recursive] = sequences;
		// What is forged is of the log's own tree, also where an earlier run renewed it.
		let bundle = |sequence| {
			let mut bundle = custody::bundle(&stage.one, &reader, sequence, size)?;
			if let Some(proof) = proof(&mut bundle) {
				proof.renewed = None;
			}
			Ok::<_, Error>(bundle)
		};
		let earlier = custody::bundle(&stage.one, &reader, root, root.saturating_add(1))?;
		let two = stage.two.log(KIND)?;
		let other_hospital = custody::bundle(&stage.two, &two, 0, two.size())?;
		let [before, after, in_error] = anchors;
		Ok(Self {
			raw: bundle(raw)?,
			root: bundle(root)?,
			recursive: bundle(recursive)?,
			earlier,
			neighbour: bundle(recursive.saturating_add(1))?,
			other_hospital,
			before,
			after,
			in_error,
		})
	}
}

/// The size of the newest checkpoint of hospital one's log.
pub(super) fn checkpointed(stage: &Stage) -> Result<u64, Error> {
	let newest = stage.one.newest_finalised(KIND)?.ok_or(StoreError::NotFound("checkpoint"))?;
	Ok(newest.0.size)
}

fn proof(bundle: &mut Bundle) -> Option<&mut LogProof> {
	match &mut bundle.evidence {
		Evidence::Log { proof, .. } => Some(proof),
		Evidence::Anchor { .. } => None,
	}
}

/// Collects forgeries.
struct Forger {
	forgeries: Vec<Forgery>,
}

impl Forger {
	/// A changed content with a genuine bundle.
	fn content(&mut self, what: &'static str, content: String, bundle: &Bundle, expected: Option<&'static str>) {
		let bundle = bundle.clone();
		self.forgeries.push(Forgery { what, content, bundle, expected, node: Node::NotAsked, custodian: None });
	}

	/// The genuine specimen with a changed bundle.
	fn bundle(
		&mut self,
		what: &'static str,
		bundle: &Bundle,
		expected: &'static str,
		node: Node,
		forge: impl FnOnce(&mut Bundle),
	) {
		self.record(what, (specimen::original(), bundle), Some(expected), node, forge);
	}

	/// Any content with a bundle, changed or not.
	fn record(
		&mut self,
		what: &'static str,
		(content, bundle): (&str, &Bundle),
		expected: Option<&'static str>,
		node: Node,
		forge: impl FnOnce(&mut Bundle),
	) {
		let (content, mut bundle) = (content.to_owned(), bundle.clone());
		forge(&mut bundle);
		self.forgeries.push(Forgery { what, content, bundle, expected, node, custodian: None });
	}
}

/// All forgeries.
pub(super) fn all(stage: &Stage, loot: &Loot) -> Result<Vec<Forgery>, Error> {
	let mut forger = Forger { forgeries: Vec::new() };
	contents(&mut forger, loot);
	openings(&mut forger, loot);
	origins(&mut forger, stage, loot);
	heads(&mut forger, stage, loot)?;
	paths(&mut forger, loot);
	anchors(&mut forger, loot);
	Ok(forger.forgeries)
}

fn contents(forger: &mut Forger, loot: &Loot) {
	let changed = Some("content-changed");
	forger.content("number 6.30 written as 6.3", specimen::other_lexeme(), &loot.recursive, changed);
	let narrative = specimen::other_narrative;
	forger.content("narrative changed, suite raw", narrative(), &loot.raw, changed);
	forger.content("narrative changed, suite static-root", narrative(), &loot.root, None);
	forger.content("narrative changed, suite static-recursive", narrative(), &loot.recursive, None);
	let contained = specimen::other_contained_narrative;
	forger.content("contained narrative changed, suite raw", contained(), &loot.raw, changed);
	forger.content("contained narrative changed, suite static-root", contained(), &loot.root, changed);
	forger.content("contained narrative changed, suite static-recursive", contained(), &loot.recursive, None);
	forger.content("members in another order", specimen::reordered().into(), &loot.recursive, None);
	forger.content("members in another order, suite raw", specimen::reordered().into(), &loot.raw, changed);
	forger.content("a member twice", specimen::duplicate_key(), &loot.recursive, Some("duplicate-member"));
	forger.content("another record's bundle", specimen::original().into(), &loot.neighbour, Some("content-changed"));
}

fn openings(forger: &mut Forger, loot: &Loot) {
	let opening = "opening-differs";
	forger.bundle("other salt", &loot.recursive, opening, Node::Refuses, |bundle| {
		bundle.opening.salt = Salt::new([7; 32]);
	});
	forger.bundle("other salt, commitment made to fit", &loot.recursive, "path-differs", Node::Refuses, |bundle| {
		bundle.opening.salt = Salt::new([7; 32]);
		bundle.commitment = bundle.opening.commitment::<NativeSha256>(&bundle.network);
	});
	forger.bundle("other subject in the header", &loot.recursive, opening, Node::Refuses, |bundle| {
		bundle.opening.header.subject = Some(SubjectId([7; 32]));
	});
	forger.bundle("suite downgraded from raw", &loot.raw, "suite-differs", Node::Refuses, |bundle| {
		bundle.opening.suite = HashSuite::FhirStaticRecursive;
		bundle.opening.digest = loot.recursive.opening.digest;
	});
	forger.bundle("suite downgraded from static-root", &loot.root, "suite-differs", Node::Refuses, |bundle| {
		bundle.opening.suite = HashSuite::FhirStaticRecursive;
		bundle.opening.digest = loot.recursive.opening.digest;
	});
}

fn origins(forger: &mut Forger, stage: &Stage, loot: &Loot) {
	forger.bundle("other network", &loot.recursive, "other-network", Node::NotAsked, |bundle| {
		bundle.network = NetworkId([7; 32]);
	});
	forger.bundle("made for another network", &loot.recursive, "opening-differs", Node::NotAsked, |bundle| {
		bundle.commitment = bundle.opening.commitment::<NativeSha256>(&NetworkId([7; 32]));
	});
	let two = stage.two.identity().custodian;
	forger.bundle("claimed to be of hospital two", &loot.recursive, "unknown-head", Node::Refuses, |bundle| {
		bundle.custodian = two;
	});
	let theirs = (specimen::original(), &loot.other_hospital);
	forger.record(
		"hospital two's record where ours is wanted",
		theirs,
		Some("other-custodian"),
		Node::NotAsked,
		|_| (),
	);
	if let Some(last) = forger.forgeries.last_mut() {
		last.custodian = Some(stage.one.identity().custodian);
	}
	forger.record("hospital two's record claimed as ours", theirs, Some("stale-head"), Node::Refuses, |bundle| {
		bundle.custodian = stage.one.identity().custodian;
	});
	forger.bundle("claimed to be a disclosure", &loot.recursive, "log-not-found", Node::Refuses, |bundle| {
		if let Evidence::Log { kind, .. } = &mut bundle.evidence {
			*kind = LogKind::Disclosures;
		}
	});
}

fn heads(forger: &mut Forger, stage: &Stage, loot: &Loot) -> Result<(), Error> {
	let genuine = specimen::original();
	forger.record("stale head", (genuine, &loot.earlier), Some("stale-head"), Node::Refuses, |_| ());
	let resize = |change: fn(u64) -> u64| {
		move |bundle: &mut Bundle| {
			if let Some(proof) = proof(bundle) {
				proof.head.size = change(proof.head.size);
			}
		}
	};
	let (recursive, differs) = (&loot.recursive, "size-differs");
	forger.bundle("size one less", recursive, differs, Node::Refuses, resize(|size| size.saturating_sub(1)));
	forger.bundle("size one more", recursive, differs, Node::Refuses, resize(|size| size.saturating_add(1)));
	let (head, path) = fork(stage, recursive)?;
	forger.bundle("forked head", recursive, "forked-head", Node::Refuses, |bundle| {
		if let Some(proof) = proof(bundle) {
			proof.head = head;
			proof.path = path;
		}
	});
	Ok(())
}

/// The log with a last entry that is another one, and the bundle's path in it.
fn fork(stage: &Stage, bundle: &Bundle) -> Result<(LogHead, Vec<[u8; 32]>), Error> {
	let reader = stage.one.log(KIND)?;
	let size = checkpointed(stage)?;
	let mut forked = MemoryStore::new();
	for sequence in 0..size {
		let entry = reader.entry(sequence)?.ok_or(StoreError::Damaged("an entry is missing"))?;
		let mut commitment = entry.commitment;
		if sequence == size.saturating_sub(1) {
			commitment.0 = [7; 32];
		}
		let leaf = LogEntry { kind: KIND, sequence, commitment }.leaf::<NativeSha256>();
		forked.append::<NativeSha256>(leaf).map_err(StoreError::from)?;
	}
	let head = LogHead { size, root: forked.frontier().root::<NativeSha256>() };
	let sequence = match &bundle.evidence {
		Evidence::Log { proof, .. } => proof.sequence,
		Evidence::Anchor { .. } => 0,
	};
	let path = prove_inclusion::<NativeSha256, _>(&forked, sequence, size);
	Ok((head, path.map_err(|_| StoreError::Damaged("a forked log without proofs"))?))
}

fn paths(forger: &mut Forger, loot: &Loot) {
	let recursive = &loot.recursive;
	let mut path = |what, expected, change: fn(&mut LogProof)| {
		forger.bundle(what, recursive, expected, Node::Refuses, |bundle| {
			if let Some(proof) = proof(bundle) {
				change(proof);
			}
		});
	};
	path("leaf claimed at a second place", "sequence-differs", |proof| proof.sequence ^= 1);
	path("place beyond the end", "out-of-range", |proof| proof.sequence = proof.head.size);
	path("path truncated", "path-too-short", |proof| proof.path.truncate(proof.path.len().saturating_sub(1)));
	path("path extended", "path-too-long", |proof| proof.path.push([7; 32]));
	path("path swapped", "path-differs", |proof| proof.path.rotate_left(1));
}

fn anchors(forger: &mut Forger, loot: &Loot) {
	let (before, after) = (&loot.before, &loot.after);
	let old = (before.0.as_str(), &before.1);
	forger.record("old version", old, Some("superseded"), Node::NotAsked, |_| ());
	forger.record("old version as current", old, Some("version-differs"), Node::Refuses, |bundle| {
		bundle.opening.header.version = 2;
	});
	forger.record("old version, commitment made to fit", old, Some("commitment-differs"), Node::Refuses, |bundle| {
		bundle.opening.header.version = 2;
		bundle.commitment = bundle.opening.commitment::<NativeSha256>(&bundle.network);
	});
	forger.record("a version that never was", old, Some("version-not-found"), Node::Refuses, |bundle| {
		bundle.opening.header.version = 9;
		bundle.commitment = bundle.opening.commitment::<NativeSha256>(&bundle.network);
	});
	let new = (after.0.as_str(), &after.1);
	forger.record("the version in force", new, None, Node::NotAsked, |_| ());
	forger.record("suite of an anchor changed", new, Some("suite-differs"), Node::Refuses, |bundle| {
		bundle.opening.suite = HashSuite::FhirStaticRoot;
	});
	forger.record("another record id", old, Some("record-not-found"), Node::Refuses, |bundle| {
		bundle.evidence = Evidence::Anchor { record: RecordId([7; 16]) };
	});
	let in_error = (loot.in_error.0.as_str(), &loot.in_error.1);
	forger.record("entered in error", in_error, Some("entered-in-error"), Node::NotAsked, |_| ());
}
