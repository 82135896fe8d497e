// SPDX-License-Identifier: Apache-2.0
//! Any sequence of calls by several custodians, against a model that a reader can check by eye.

mod life;

use super::*;
use crate::record::RecordState;
use epidaurus_primitives::{ehr::SuiteStatus, moment::DAY};
use life::{Act, Life};
use proptest::prelude::*;
use std::collections::BTreeMap;

const KINDS: [LogKind; 2] = [LogKind::Records, LogKind::Disclosures];
const HOUR: u64 = 3_600_000;

/// What is wrong with a checkpoint.
#[derive(Clone, Copy, Debug)]
enum Fault {
	None,
	Repeated,
	Forked,
	Rewritten,
	Shrunk,
	WrongPath,
}

#[derive(Clone, Copy, Debug)]
enum Step {
	Anchor { who: usize, record: u8 },
	Amend { who: usize, record: u8, behind: u32 },
	EnterInError { who: usize, record: u8 },
	Settle { who: usize, record: u8, version: u32 },
	OpenLog { who: usize, kind: usize },
	Checkpoint { who: usize, kind: usize, entries: u8, fault: Fault },
	Wait { hours: u64 },
	License { who: usize, licensed: bool },
	Fund { who: usize, funded: bool },
	Live { record: u8, act: Act },
	RetireSuite,
}

fn step() -> impl Strategy<Value = Step> {
	let who = || 0..3_usize;
	let record = || 0..4_u8;
	let fault = prop_oneof![
		8 => Just(Fault::None),
		1 => Just(Fault::Repeated),
		1 => Just(Fault::Forked),
		1 => Just(Fault::Rewritten),
		1 => Just(Fault::Shrunk),
		1 => Just(Fault::WrongPath),
	];
	prop_oneof![
		3 => (who(), record()).prop_map(|(who, record)| Step::Anchor { who, record }),
		6 => (who(), record(), 0..3_u32).prop_map(|(who, record, behind)| {
			Step::Amend { who, record, behind: behind.saturating_sub(1) }
		}),
		1 => (who(), record()).prop_map(|(who, record)| Step::EnterInError { who, record }),
		3 => (who(), record(), 0..4_u32).prop_map(|(who, record, version)| Step::Settle { who, record, version }),
		2 => (who(), 0..2_usize).prop_map(|(who, kind)| Step::OpenLog { who, kind }),
		12 => (who(), 0..2_usize, 1..5_u8, fault).prop_map(|(who, kind, entries, fault)| {
			Step::Checkpoint { who, kind, entries, fault }
		}),
		6 => (0..72_u64).prop_map(|hours| Step::Wait { hours }),
		2 => (who(), any::<bool>()).prop_map(|(who, licensed)| Step::License { who, licensed }),
		2 => (who(), any::<bool>()).prop_map(|(who, funded)| Step::Fund { who, funded }),
		1 => Just(Step::RetireSuite),
		32 => (record(), life::act()).prop_map(|(record, act)| Step::Live { record, act }),
	]
}

/// A record as the model knows it: of each version its time and whether it is paid.
struct Record {
	custodian: OrgId,
	versions: Vec<(Moment, bool)>,
	ended: bool,
	life: Life,
}

struct Model {
	records: BTreeMap<u8, Record>,
	logs: BTreeMap<(OrgId, LogKind), (TestLog, Vec<Checkpoint>)>,
	licensed: BTreeMap<OrgId, bool>,
	funded: BTreeMap<OrgId, bool>,
	suite: SuiteStatus,
}

type Outcome = Result<(), DispatchError>;

fn error(error: Error<Test>) -> Outcome {
	Err(error.into())
}

impl Model {
	fn new() -> Self {
		let yes = || [HOSPITAL, LABORATORY].map(|custodian| (custodian, true)).into();
		let (records, logs, suite) = (BTreeMap::new(), BTreeMap::new(), SuiteStatus::Active);
		Self { records, logs, licensed: yes(), funded: yes(), suite }
	}

	fn now() -> Moment {
		Moment(Timestamp::get())
	}

	/// Two members of the hospital and one of the laboratory.
	fn person(who: usize) -> (AccountId32, OrgId) {
		[(CLERK, HOSPITAL), (DEPUTY, HOSPITAL), (ANALYST, LABORATORY)][who].clone()
	}

	fn owes(&self, custodian: OrgId) -> bool {
		let mut own = self.records.values().filter(|record| record.custodian == custodian);
		own.any(|record| record.versions.iter().any(|(_, paid)| !paid))
	}

	/// Why the custodian may not begin something new, if it may not.
	fn right(&self, custodian: OrgId) -> Outcome {
		if !self.licensed[&custodian] {
			return Err(MockRegistry::NOT_LICENSED);
		}
		if self.owes(custodian) {
			return error(Error::DepositOwed);
		}
		Ok(())
	}

	fn money(&self, custodian: OrgId) -> Outcome {
		if self.funded[&custodian] {
			Ok(())
		} else {
			Err(TokenError::FundsUnavailable.into())
		}
	}

	/// A record that is this custodian's.
	fn own(&mut self, custodian: OrgId, record: u8) -> Result<&mut Record, DispatchError> {
		match self.records.get_mut(&record) {
			None => Err(Error::<Test>::NotFound.into()),
			Some(record) if record.custodian != custodian => Err(Error::<Test>::NotAuthorised.into()),
			Some(record) => Ok(record),
		}
	}

	fn anchor(&mut self, custodian: OrgId, record: u8) -> Outcome {
		self.right(custodian)?;
		if self.records.contains_key(&record) {
			return error(Error::AlreadyExists);
		}
		if self.suite.is_forbidden() {
			return error(Error::SuiteForbidden);
		}
		self.money(custodian)?;
		let versions = vec![(Self::now(), true)];
		self.records.insert(record, Record { custodian, versions, ended: false, life: Life::default() });
		Ok(())
	}

	fn amend(&mut self, custodian: OrgId, record: u8, behind: u32) -> Outcome {
		let (paid, forbidden) = (self.funded[&custodian], self.suite.is_forbidden());
		let record = self.own(custodian, record)?;
		if record.ended {
			return error(Error::WrongState);
		}
		if behind > 0 {
			return error(Error::WrongVersion);
		}
		if record.life.erased {
			return error(Error::Erased);
		}
		if forbidden {
			return error(Error::SuiteForbidden);
		}
		record.versions.push((Self::now(), paid));
		Ok(())
	}

	fn enter_in_error(&mut self, custodian: OrgId, record: u8) -> Outcome {
		let record = self.own(custodian, record)?;
		if record.ended {
			return error(Error::WrongState);
		}
		record.ended = true;
		Ok(())
	}

	fn settle(&mut self, custodian: OrgId, record: u8, version: u32) -> Outcome {
		let money = self.money(custodian);
		let record = self.own(custodian, record)?;
		let version = usize::try_from(version).unwrap().checked_sub(1);
		match version.and_then(|version| record.versions.get_mut(version)) {
			None => error(Error::NotFound),
			Some((_, true)) => error(Error::WrongState),
			Some((_, paid)) => {
				money?;
				*paid = true;
				Ok(())
			},
		}
	}

	fn open_log(&mut self, custodian: OrgId, kind: LogKind) -> Outcome {
		self.right(custodian)?;
		if self.logs.contains_key(&(custodian, kind)) {
			return error(Error::AlreadyExists);
		}
		self.money(custodian)?;
		self.logs.insert((custodian, kind), (TestLog::new(kind), Vec::new()));
		Ok(())
	}

	/// Does the checkpoint too, since the model's log has to be asked for the proof.
	fn checkpoint(&mut self, by: AccountId32, custodian: OrgId, kind: LogKind, entries: u8, fault: Fault) {
		let licensed = self.licensed[&custodian];
		let Some((log, checkpoints)) = self.logs.get_mut(&(custodian, kind)) else {
			let head = TestLog::new(kind).head();
			let refused = checkpoint(by, kind, head, ConsistencyProof::default());
			assert_noop!(refused, Error::<Test>::NotFound);
			return;
		};
		let old = log.size();
		let refused = match fault {
			Fault::None => {
				(0..entries).for_each(|entry| log.append(entry));
				assert_ok!(log.checkpoint(by, old));
				checkpoints.push(Checkpoint { head: log.head(), at: Self::now(), licensed });
				return;
			},
			Fault::Repeated => {
				let refused = checkpoint(by, kind, log.head(), ConsistencyProof::default());
				assert_noop!(refused, Error::<Test>::AlreadyExists);
				return;
			},
			Fault::Forked => {
				let head = LogHead { root: [0xab; 32], ..log.head() };
				assert_noop!(checkpoint(by, kind, head, ConsistencyProof::default()), Error::<Test>::ForkedHead);
				return;
			},
			Fault::Shrunk if old > 0 => {
				let path = log.growth(old - 1, old);
				assert_noop!(checkpoint(by, kind, log.head_at(old - 1), path), Error::<Test>::LogShrinks);
				return;
			},
			// The first entry is another one. From the empty log any growth is honest.
			Fault::Rewritten if old > 0 => {
				let mut other = TestLog::of(kind, [0xff]);
				(1..old + u64::from(entries)).for_each(|_| other.append(1));
				other.checkpoint(by, old)
			},
			Fault::WrongPath => {
				let head = LogHead { size: old + u64::from(entries), root: [0xcd; 32] };
				checkpoint(by, kind, head, vec![[0xef; 32]; 60].try_into().unwrap())
			},
			Fault::Shrunk | Fault::Rewritten => return,
		};
		assert_noop!(refused, Error::<Test>::InvalidProof);
	}

	/// From active to deprecated to forbidden, and no further.
	fn retire_suite(&mut self) {
		let (root, now) = (RuntimeOrigin::root, Self::now());
		self.suite = match self.suite {
			SuiteStatus::Active => {
				assert_noop!(Ehr::forbid_suite(root(), RECURSIVE), Error::<Test>::WrongState);
				assert_ok!(Ehr::deprecate_suite(root(), RECURSIVE));
				SuiteStatus::Deprecated { since: now }
			},
			SuiteStatus::Deprecated { since } => {
				assert_noop!(Ehr::deprecate_suite(root(), RECURSIVE), Error::<Test>::WrongState);
				assert_ok!(Ehr::forbid_suite(root(), RECURSIVE));
				SuiteStatus::Forbidden { since: now, deprecated: since }
			},
			forbidden @ SuiteStatus::Forbidden { .. } => {
				assert_noop!(Ehr::forbid_suite(root(), RECURSIVE), Error::<Test>::WrongState);
				forbidden
			},
		};
	}

	fn take(&mut self, step: Step) {
		let id = |record: u8| RecordId([record; 16]);
		match step {
			Step::Anchor { who, record } => {
				let (by, custodian) = Self::person(who);
				assert_eq!(anchor_linked(by, id(record), record), self.anchor(custodian, record), "{step:?}");
			},
			Step::Amend { who, record, behind } => {
				let (by, custodian) = Self::person(who);
				let newest = self.records.get(&record).map_or(1, |record| record.versions.len());
				let expected = u32::try_from(newest).unwrap() - behind.min(u32::try_from(newest).unwrap());
				let outcome = self.amend(custodian, record, behind);
				assert_eq!(amend(by, id(record), expected, record), outcome, "{step:?}");
			},
			Step::EnterInError { who, record } => {
				let (by, custodian) = Self::person(who);
				let outcome = self.enter_in_error(custodian, record);
				assert_eq!(Ehr::mark_entered_in_error(signed(by), id(record)), outcome, "{step:?}");
			},
			Step::Settle { who, record, version } => {
				let (by, custodian) = Self::person(who);
				let outcome = self.settle(custodian, record, version);
				assert_eq!(Ehr::settle_deposit(signed(by), id(record), version), outcome, "{step:?}");
			},
			Step::OpenLog { who, kind } => {
				let (by, custodian) = Self::person(who);
				let outcome = self.open_log(custodian, KINDS[kind]);
				assert_eq!(Ehr::open_log(signed(by), KINDS[kind]), outcome, "{step:?}");
			},
			Step::Checkpoint { who, kind, entries, fault } => {
				let (by, custodian) = Self::person(who);
				self.checkpoint(by, custodian, KINDS[kind], entries, fault);
			},
			Step::Live { record, act } => {
				let outcome = self.live(record, act);
				assert_eq!(act.call(id(record), record), outcome, "{step:?}");
			},
			Step::RetireSuite => self.retire_suite(),
			Step::Wait { hours } => advance(hours * HOUR),
			Step::License { who, licensed } => {
				let (_, custodian) = Self::person(who);
				MockRegistry::set_active(custodian, licensed);
				self.licensed.insert(custodian, licensed);
			},
			Step::Fund { who, funded } => {
				let (_, custodian) = Self::person(who);
				set_free_funds(custodian, if funded { FUNDS } else { 0 });
				self.funded.insert(custodian, funded);
			},
		}
	}

	/// Compares everything that can be asked with what the model knows.
	fn compare(&self) {
		assert_eq!(Records::<Test>::iter().count(), self.records.len());
		for (seed, record) in &self.records {
			let id = RecordId([*seed; 16]);
			let head = Records::<Test>::get(id).unwrap();
			let count = u32::try_from(record.versions.len()).unwrap();
			assert_eq!((head.custodian, head.version), (record.custodian, count));
			assert_eq!(head.state == RecordState::EnteredInError, record.ended);
			record.life.compare(&Ehr::life_view(id).unwrap());
			let views = Ehr::versions_page(id, None, u32::MAX).items;
			assert!(views.iter().map(|view| view.anchored_at).eq(record.versions.iter().map(|(at, _)| *at)));
			for view in views {
				let verdict = Ehr::verify_anchor(id, &opening(*seed, view.version, RECURSIVE)).unwrap();
				assert_eq!((verdict.standing, verdict.anchored_at), (view.standing, view.anchored_at));
				assert_eq!(verdict.suite_status, self.suite);
			}
		}
		assert_eq!(Logs::<Test>::iter().count(), self.logs.len());
		for ((custodian, kind), (log, checkpoints)) in &self.logs {
			let view = Ehr::log_view(*custodian, *kind).unwrap();
			assert_eq!((view.head, view.checkpoints), (log.head(), u64::try_from(checkpoints.len()).unwrap()));
			Self::compare_checkpoints(*custodian, *kind, checkpoints);
			if let Some(last) = log.size().checked_sub(1) {
				let opening = log.openings.last().unwrap();
				assert!(Ehr::verify_log(*custodian, *kind, opening, &log.inclusion(last)).is_ok());
			}
		}
	}

	/// What is listed is what was made; what is missing is old and has a later one of its UTC day.
	fn compare_checkpoints(custodian: OrgId, kind: LogKind, made: &[Checkpoint]) {
		let mut listed = BTreeMap::new();
		let mut cursor = None;
		loop {
			let page = Ehr::checkpoints_page(custodian, kind, cursor, 3);
			for view in page.items {
				let checkpoint = Checkpoint { head: view.head, at: view.at, licensed: view.licensed };
				assert!(listed.keys().all(|later| *later > view.number), "newest first");
				listed.insert(view.number, checkpoint);
			}
			cursor = page.next;
			if cursor.is_none() {
				break;
			}
		}
		for (number, checkpoint) in (0..).zip(made) {
			match listed.get(&number) {
				Some(kept) => assert_eq!(kept, checkpoint),
				None => {
					assert!(Self::now().0 - checkpoint.at.0 > 7 * DAY, "{number} is too young to go");
					let mut later = listed.range(number..);
					assert!(later.any(|(_, kept)| kept.at.day() == checkpoint.at.day()), "{number} was its day's last");
				},
			}
		}
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(96))]

	#[test]
	fn any_sequence_of_calls_does_what_the_model_says(steps in proptest::collection::vec(step(), 1..120)) {
		ExtBuilder::default().build_and_execute(|| {
			life::enrol_subjects();
			let mut model = Model::new();
			for step in steps {
				model.take(step);
				check();
			}
			model.compare();
		});
	}
}
