// SPDX-License-Identifier: Apache-2.0
//! What has happened: without it a machine that does nothing would find nothing wrong.

use crate::calls::{call_names, PALLETS};
use std::collections::BTreeMap;

/// How often each call worked, and each reason for not working was given.
#[derive(Clone, Debug, Default)]
pub struct Tally {
	done: BTreeMap<String, u32>,
	failed: BTreeMap<String, u32>,
	refused: BTreeMap<String, u32>,
	motions: u32,
}

impl Tally {
	/// A call worked.
	pub fn done(&mut self, call: String) {
		*self.done.entry(call).or_default() += 1;
	}

	/// A call failed.
	pub fn failed(&mut self, error: String) {
		*self.failed.entry(error).or_default() += 1;
	}

	/// A transaction was refused.
	pub fn refused(&mut self, reason: String) {
		*self.refused.entry(reason).or_default() += 1;
	}

	/// A motion was held.
	pub fn motion(&mut self) {
		self.motions += 1;
	}

	/// Both together.
	pub fn add(&mut self, other: Self) {
		for (mine, theirs) in
			[(&mut self.done, other.done), (&mut self.failed, other.failed), (&mut self.refused, other.refused)]
		{
			for (name, times) in theirs {
				*mine.entry(name).or_default() += times;
			}
		}
		self.motions += other.motions;
	}

	/// How many calls were made.
	pub fn calls(&self) -> u32 {
		[&self.done, &self.failed, &self.refused].into_iter().flat_map(BTreeMap::values).sum()
	}

	/// In a line.
	pub fn summary(&self) -> String {
		let sum = |book: &BTreeMap<String, u32>| book.values().sum::<u32>();
		format!(
			"{} calls: {} worked ({} different ones), {} failed in {} ways, {} were refused, {} motions; after each call \
			 the state of {} pallets was checked",
			self.calls(),
			sum(&self.done),
			self.done.len(),
			sum(&self.failed),
			self.failed.len(),
			sum(&self.refused),
			self.motions,
			PALLETS.len(),
		)
	}

	/// What should have happened and has not: each call works so many times, each error is seen, strangers are refused,
	/// motions are held, and not so much fails for money that nothing else is tested.
	pub fn gaps(&self, least: u32) -> Vec<String> {
		let times = |book: &BTreeMap<String, u32>, name: &str| book.get(name).copied().unwrap_or_default();
		let mut gaps = Vec::new();
		for pallet in PALLETS {
			for call in call_names(pallet) {
				let name = format!("{}.{call}", pallet.name);
				let worked = times(&self.done, &name);
				if worked < least {
					gaps.push(format!("{name} worked {worked} times"));
				}
			}
			for (_, error) in (pallet.errors)() {
				let name = format!("{}.{error}", pallet.name);
				let seen = times(&self.failed, &name) > 0;
				let excused = pallet.excused.iter().any(|(excused, _)| *excused == error);
				if seen == excused {
					gaps.push(format!("{name} is {}", if seen { "excused and was seen" } else { "never seen" }));
				}
			}
		}
		for reason in ["BadSigner", "Call"] {
			if times(&self.refused, reason) < least {
				gaps.push(format!("the pool seldom says {reason}"));
			}
		}
		if times(&self.failed, "BadOrigin") < least || self.motions < least {
			gaps.push("the council seldom decides, or nobody else tries to".into());
		}
		let poor = self.failed.iter().filter(|(error, _)| error.starts_with("Token")).map(|(_, times)| times);
		let poor = poor.sum::<u32>() + times(&self.refused, "Payment") + times(&self.refused, "ExhaustsResources");
		if poor > self.calls() / 5 {
			gaps.push(format!("{poor} of {} calls found no money or no room", self.calls()));
		}
		gaps
	}
}
