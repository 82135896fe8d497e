// SPDX-License-Identifier: Apache-2.0
//! A chain in memory, which can fail at the worst moments.

use crate::{
	chain::{Call, ChainError, Ledger, Statements},
	log::Second,
};
use epidaurus_primitives::{
	ehr::{LogHead, LogKind, RecordStanding, SuiteStatus},
	hash::NativeSha256,
	ids::{NetworkId, OrgId, RecordId},
	link::SubjectLink,
	merkle::{empty_root, verify_consistency},
	moment::Moment,
	renewal::{superseded, Renewal, MAX_RENEWALS},
	views::{AnchorView, CheckpointView, LogView, VersionView},
};
use std::{
	collections::HashMap,
	sync::{Mutex, MutexGuard},
};

/// What happens to the next calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
	/// They are lost before they reach the pool.
	Lost,
	/// They take place, and the answer is lost.
	AnswerLost,
	/// They wait in the pool until the calls after them are made; the answer is lost.
	Delayed,
}

#[derive(Default)]
struct State {
	logs: HashMap<LogKind, Vec<CheckpointView>>,
	renewals: HashMap<LogKind, Vec<Renewal>>,
	records: HashMap<RecordId, (Vec<VersionView>, bool)>,
	links: HashMap<RecordId, SubjectLink>,
	fault: Option<Fault>,
	delayed: Vec<Call>,
	clock: u64,
	transactions: u64,
}

pub struct Memory {
	network: NetworkId,
	custodian: OrgId,
	state: Mutex<State>,
}

fn refused(name: &str) -> ChainError {
	ChainError::Refused { pallet: "Ehr".into(), name: name.into(), docs: String::new() }
}

impl Memory {
	pub fn new(network: NetworkId, custodian: OrgId) -> Self {
		Self { network, custodian, state: Mutex::default() }
	}

	pub fn fail_next(&self, fault: Fault) {
		self.state().fault = Some(fault);
	}

	/// Calls that took place and succeeded.
	pub fn transactions(&self) -> u64 {
		self.state().transactions
	}

	/// The link that a record was anchored with.
	pub fn link(&self, record: RecordId) -> Option<SubjectLink> {
		self.state().links.get(&record).copied()
	}

	fn state(&self) -> MutexGuard<'_, State> {
		self.state.lock().unwrap()
	}
}

impl State {
	fn apply(&mut self, call: &Call) -> Result<(), ChainError> {
		self.clock += 6000;
		let at = Moment(self.clock);
		match call.clone() {
			Call::OpenLog { kind } if self.logs.contains_key(&kind) => return Err(refused("AlreadyExists")),
			Call::OpenLog { kind } => {
				self.logs.insert(kind, Vec::new());
			},
			Call::Checkpoint { kind, head, proof } => {
				let log = self.logs.get_mut(&kind).ok_or_else(|| refused("NotFound"))?;
				let old = log.last().map_or(empty(), |newest| newest.head);
				if head == old {
					return Err(refused("AlreadyExists"));
				}
				verify_consistency::<NativeSha256>(old.size, &old.root, head.size, &head.root, &proof)
					.map_err(|_| refused("InvalidProof"))?;
				log.push(CheckpointView { number: log.len() as u64, head, at, licensed: true });
			},
			Call::RenewLog { kind, checkpoint, tree, head, proof, .. } => {
				let log = self.logs.get(&kind).ok_or_else(|| refused("NotFound"))?;
				let found = log.iter().find(|view| view.number == checkpoint && view.head.size == head.size);
				let found = found.ok_or_else(|| refused("NotFound"))?;
				let renewals = self.renewals.entry(kind).or_default();
				let none = LogHead { size: 0, root: empty_root::<Second>() };
				let old = renewals.last().map_or(none, Renewal::renewed_head);
				if head == old {
					return Err(refused("AlreadyExists"));
				}
				verify_consistency::<Second>(old.size, &old.root, head.size, &head.root, &proof)
					.map_err(|_| refused("InvalidProof"))?;
				let renewal = Renewal { head: found.head, checkpointed_at: found.at, tree, root: head.root, at };
				if renewals.len() == MAX_RENEWALS as usize {
					let place = superseded(renewals, &renewal, SuiteStatus::Active);
					renewals.remove(place.expect("the new one covers all"));
				}
				renewals.push(renewal);
			},
			Call::Anchor { record, .. } if self.records.contains_key(&record) => return Err(refused("AlreadyExists")),
			Call::Anchor { record, commitment, suite, link } => {
				self.links.extend(link.map(|link| (record, link)));
				let standing = RecordStanding::Current;
				let first = VersionView { version: 1, commitment, suite, anchored_at: at, standing };
				self.records.insert(record, (vec![first], false));
			},
			Call::Amend { record, expected_version, commitment, suite } => {
				let (versions, in_error) = self.records.get_mut(&record).ok_or_else(|| refused("NotFound"))?;
				if *in_error {
					return Err(refused("WrongState"));
				}
				if versions.len() != expected_version as usize {
					return Err(refused("WrongVersion"));
				}
				let (version, standing) = (expected_version + 1, RecordStanding::Current);
				versions.push(VersionView { version, commitment, suite, anchored_at: at, standing });
			},
			Call::EnteredInError { record } => {
				let (_, in_error) = self.records.get_mut(&record).ok_or_else(|| refused("NotFound"))?;
				if std::mem::replace(in_error, true) {
					return Err(refused("WrongState"));
				}
			},
			_ => (),
		}
		self.transactions += 1;
		Ok(())
	}
}

fn empty() -> LogHead {
	LogHead { size: 0, root: empty_root::<NativeSha256>() }
}

impl Statements for Memory {
	fn network(&self) -> NetworkId {
		self.network
	}

	async fn log(&self, custodian: OrgId, kind: LogKind) -> Result<Option<LogView>, ChainError> {
		assert_eq!(custodian, self.custodian);
		let state = self.state();
		Ok(state.logs.get(&kind).map(|log| {
			let (head, at) = log.last().map_or((empty(), Moment(0)), |newest| (newest.head, newest.at));
			LogView { custodian, kind, head, at, checkpoints: log.len() as u64 }
		}))
	}

	async fn newest_checkpoint(&self, _: OrgId, kind: LogKind) -> Result<Option<CheckpointView>, ChainError> {
		Ok(self.state().logs.get(&kind).and_then(|log| log.last().cloned()))
	}

	async fn checkpoints(&self, _: OrgId, kind: LogKind) -> Result<Vec<CheckpointView>, ChainError> {
		Ok(self.state().logs.get(&kind).map(|log| log.iter().rev().cloned().collect()).unwrap_or_default())
	}

	async fn renewals(&self, _: OrgId, kind: LogKind) -> Result<Vec<Renewal>, ChainError> {
		Ok(self.state().renewals.get(&kind).cloned().unwrap_or_default())
	}

	async fn anchor(&self, record: RecordId) -> Result<Option<AnchorView>, ChainError> {
		let custodian = self.custodian;
		Ok(self.state().records.get(&record).map(|(versions, in_error)| AnchorView {
			record,
			custodian,
			version: versions.len() as u32,
			standing: if *in_error { RecordStanding::EnteredInError } else { RecordStanding::Current },
			since: Moment(0),
		}))
	}

	async fn version(&self, record: RecordId, version: u32) -> Result<Option<VersionView>, ChainError> {
		let state = self.state();
		Ok(state.records.get(&record).and_then(|(versions, _)| versions.get(version as usize - 1).cloned()))
	}
}

impl Ledger for Memory {
	async fn submit(&self, calls: &[Call]) -> Result<(), ChainError> {
		let mut state = self.state();
		let gone = || ChainError::Failed("the connection is gone".into());
		for call in std::mem::take(&mut state.delayed) {
			let _ = state.apply(&call);
		}
		let fault = state.fault.take();
		match fault {
			Some(Fault::Lost) => return Err(gone()),
			Some(Fault::Delayed) => {
				state.delayed = calls.to_vec();
				return Err(gone());
			},
			Some(Fault::AnswerLost) | None => (),
		}
		let results = calls.iter().map(|call| state.apply(call)).collect::<Vec<_>>();
		match fault {
			None => results.into_iter().collect(),
			Some(_) => Err(gone()),
		}
	}
}
