// SPDX-License-Identifier: Apache-2.0
//! A store with something in every table, and its backup.

use super::{kind_code, log, secret, Arc, Disk, Entry, LogKind, Medium, Opened, Store};
use crate::{
	record::{ContentDigest, Facts, LocalKey, Prepared},
	scratch,
	store::{Anchor, Forget, Identity, Progress},
};
use epidaurus_primitives::{
	hash::{HashSuite, Labels, RecordDigest, ResourceClass},
	ids::{NetworkId, OrgId, RecordId, SubjectId},
	moment::Moment,
	renewal::SecondDigest,
};
use std::{collections::BTreeMap, fs};

/// All logs, in the order of their codes.
pub const KINDS: [LogKind; 3] = [LogKind::Records, LogKind::Disclosures, LogKind::DeviceStream];

/// More entries than any log has.
pub const MANY: u64 = 16;

const RECORD: RecordId = RecordId([7; 16]);

/// What was put in.
pub struct Honest {
	/// The backup.
	pub backup: Vec<u8>,
	/// The file of subjects' keys.
	pub keys: Vec<u8>,
	/// The entries of all logs by the code of the log and sequence, with what opens them where it is not forgotten.
	pub entries: BTreeMap<(u8, u64), (Entry, Option<Opened>)>,
	/// What is anchored by itself.
	pub anchors: BTreeMap<[u8; 16], Anchor>,
}

fn record(name: u8, subject: Option<u8>) -> Prepared {
	Prepared {
		key: LocalKey(vec![name]),
		suite: HashSuite::Raw,
		digest: ContentDigest::Known(RecordDigest([name; 32])),
		second: SecondDigest([name ^ 1; 32]),
		facts: Facts {
			subject: subject.map(|subject| SubjectId([subject; 32])),
			class: ResourceClass::new("Binary").expect("a class"),
			labels: Labels::default(),
			clinical_time: None,
		},
	}
}

impl Honest {
	/// Makes the store, and takes its backup.
	pub fn make() -> Self {
		let disk = Disk::new(0);
		let identity = Identity { network: NetworkId([1; 32]), custodian: OrgId(3) };
		let (store, _) = Store::create_on(Arc::new(disk.clone()), identity, &secret()).expect("a disk in memory");
		let anchors = fill(&store).expect("a disk in memory");
		let path = scratch::file(&[]);
		store.backup(&path, drop).expect("a disk in memory");
		let mut entries = BTreeMap::new();
		for kind in KINDS {
			let reader = store.log(kind).expect("a log");
			for sequence in 0..reader.size() {
				let entry = reader.entry(sequence).ok().flatten().expect("an entry");
				let opened = reader.opened(&entry).ok();
				entries.insert((kind_code(kind), sequence), (entry, opened));
			}
		}
		let keys = disk.subjects().ok().flatten().expect("the file of subjects' keys");
		Self { backup: fs::read(&path).expect("it was written"), keys, entries, anchors }
	}
}

fn fill(store: &Store) -> Result<BTreeMap<[u8; 16], Anchor>, crate::store::StoreError> {
	store.append(LogKind::Records, &[record(0, None), record(1, Some(1)), record(2, Some(2)), record(3, None)])?;
	store.append(LogKind::Records, &[Prepared { key: LocalKey(vec![0]), ..record(4, None) }])?;
	store.append(LogKind::Disclosures, &[record(5, Some(1))])?;
	let head = log::head(&store.log(LogKind::Records)?);
	store.put_checkpoint(LogKind::Records, head, Progress::Finalised { at: Moment(5) })?;
	store.extend_second_tree(LogKind::Records, head.size)?;
	let renewed = log::second_head_at(&store.second_tree(LogKind::Records)?, head.size)?;
	store.put_renewal(LogKind::Records, renewed, Progress::Submitted)?;
	let prepared = record(6, Some(1));
	let anchor = Anchor { versions: vec![store.commit(&prepared, 1, &[])?], entered_in_error: false };
	store.put_anchor(RECORD, &prepared.key, &anchor)?;
	store.destroy(&store.doomed(Forget::Subject(SubjectId([2; 32])))?)?;
	Ok([(RECORD.0, anchor)].into())
}
