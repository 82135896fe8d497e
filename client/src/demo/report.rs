// SPDX-License-Identifier: Apache-2.0
//! What the demonstration tells at its end.

use crate::output::table;
use serde::Serialize;
use std::{
	collections::BTreeSet,
	time::{Duration, Instant},
};

/// One thing that was done.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Step {
	/// What.
	pub what: String,
	/// How many came out as expected.
	pub good: u64,
	/// How many there were.
	pub of: u64,
	/// How long it took, in seconds.
	pub seconds: f64,
	/// Anything worth knowing.
	#[serde(skip_serializing_if = "String::is_empty")]
	pub note: String,
}

impl Step {
	pub fn new(what: impl Into<String>, good: u64, of: u64, taken: Duration) -> Self {
		Self { what: what.into(), good, of, seconds: taken.as_secs_f64(), note: String::new() }
	}

	pub fn note(self, note: impl Into<String>) -> Self {
		Self { note: note.into(), ..self }
	}

	fn row(&self) -> Vec<String> {
		let speed = match self.seconds {
			seconds if self.of > 10 && seconds > 0.0 => format!("{:.0}/s", self.of as f64 / seconds),
			_ => String::new(),
		};
		let count = if self.good == self.of { self.of.to_string() } else { format!("{} of {}", self.good, self.of) };
		let mark = if self.good == self.of { "ok" } else { "NOT AS EXPECTED" };
		let seconds = format!("{:.1} s", self.seconds);
		[mark.into(), self.what.clone(), count, seconds, speed, self.note.clone()].to_vec()
	}
}

/// A forgery that was tried.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Tried {
	/// What was done.
	pub what: String,
	/// Stable name of the reason for the refusal; nothing if it verified.
	pub refused: Option<String>,
	/// The reason in words.
	#[serde(skip)]
	pub sentence: String,
	/// The reason that was expected; nothing if it should verify.
	pub expected: Option<String>,
	/// What the node said by itself to opening and proof, where it was asked.
	#[serde(skip_serializing_if = "Option::is_none")]
	pub node: Option<String>,
	/// Whether it came out as expected.
	pub ok: bool,
}

impl Tried {
	pub fn line(&self) -> String {
		let mark = if self.ok { " " } else { "!" };
		let outcome = match &self.refused {
			Some(reason) => format!("refused: {} [{reason}]", self.sentence),
			None => "verifies, as it must".into(),
		};
		let node = self.node.as_ref().map_or(String::new(), |node| format!("; the node: {node}"));
		format!("{mark} {} → {outcome}{node}", self.what)
	}
}

/// Everything.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
	/// Things done, in their order.
	pub steps: Vec<Step>,
	/// Forgeries tried, in their order.
	pub forgeries: Vec<Tried>,
	/// Number of distinct reasons for refusals.
	pub reasons: usize,
	/// Seconds from beginning to end.
	pub seconds: f64,
	/// Whether everything came out as expected.
	pub ok: bool,
	#[serde(skip)]
	started: Option<Instant>,
}

impl Report {
	pub fn new() -> Self {
		let started = Some(Instant::now());
		Self { steps: Vec::new(), forgeries: Vec::new(), reasons: 0, seconds: 0.0, ok: true, started }
	}

	/// Counts up what was collected.
	pub fn finish(&mut self) {
		let reasons: BTreeSet<_> = self.forgeries.iter().filter_map(|tried| tried.refused.as_deref()).collect();
		self.reasons = reasons.len();
		self.seconds = self.started.map_or(0.0, |started| started.elapsed().as_secs_f64());
		self.ok = self.unexpected() == 0;
	}

	/// How many steps and forgeries did not come out as expected.
	pub fn unexpected(&self) -> usize {
		let steps = self.steps.iter().filter(|step| step.good != step.of).count();
		steps.saturating_add(self.forgeries.iter().filter(|tried| !tried.ok).count())
	}

	pub fn summary(&self) -> String {
		let mut rows = vec![["", "what", "count", "time", "speed", ""].map(String::from).to_vec()];
		rows.extend(self.steps.iter().map(Step::row));
		let end = if self.ok {
			format!("Everything came out as expected, in {:.0} s.", self.seconds)
		} else {
			format!("{} things did NOT come out as expected.", self.unexpected())
		};
		format!("\n{}\n\n{end}", table(&rows))
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn tried(refused: Option<&str>, ok: bool) -> Tried {
		let refused = refused.map(String::from);
		Tried { what: "x".into(), expected: refused.clone(), refused, sentence: "s".into(), node: None, ok }
	}

	#[test]
	fn a_report_is_good_only_if_all_of_it_is() {
		let mut report = Report::new();
		report.steps.push(Step::new("append", 5, 5, Duration::from_secs(1)));
		report.forgeries.extend([tried(Some("a"), true), tried(Some("a"), true), tried(None, true)]);
		report.finish();
		assert!(report.ok);
		assert_eq!(report.reasons, 1);
		assert!(report.summary().contains("Everything came out"));

		report.steps.push(Step::new("verify", 4, 5, Duration::from_secs(1)));
		report.forgeries.push(tried(Some("b"), false));
		report.finish();
		assert_eq!((report.ok, report.unexpected(), report.reasons), (false, 2, 2));
		assert!(report.summary().contains("4 of 5"));
	}
}
