// SPDX-License-Identifier: Apache-2.0
//! What was measured, in numbers for programs and as a document for people.

use crate::{machine::Machine, stats};
use serde::Serialize;
use std::fmt::Write;

/// The results of one part.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
	/// The subcommand that measures it.
	pub part: &'static str,
	/// What it is about.
	pub title: &'static str,
	/// How it was measured, a paragraph each.
	pub setting: Vec<String>,
	/// Single quantities.
	pub measures: Vec<Measure>,
	/// What follows from them, and the goals.
	pub findings: Vec<Finding>,
	/// Quantities by case.
	pub tables: Vec<Table>,
	/// Why there are no results, if there are none.
	#[serde(skip_serializing_if = "Option::is_none")]
	pub skipped: Option<String>,
}

/// A quantity that was measured several times.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measure {
	/// Of what.
	pub what: String,
	/// In which unit.
	pub unit: &'static str,
	/// The middle.
	pub median: f64,
	/// The smallest.
	pub lowest: f64,
	/// The largest.
	pub highest: f64,
	/// How often it was measured.
	pub repetitions: usize,
}

impl Measure {
	/// The measure of these values.
	pub fn of(what: impl Into<String>, unit: &'static str, values: &[f64]) -> Self {
		Self {
			what: what.into(),
			unit,
			median: stats::median(values),
			lowest: values.iter().copied().fold(f64::INFINITY, f64::min),
			highest: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
			repetitions: values.len(),
		}
	}
}

/// What is wished of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Goal {
	/// Not less.
	AtLeast(f64),
	/// Not more.
	AtMost(f64),
}

impl Goal {
	fn is_met(self, value: f64) -> bool {
		match self {
			Self::AtLeast(bound) => value >= bound,
			Self::AtMost(bound) => value <= bound,
		}
	}

	fn words(self) -> String {
		match self {
			Self::AtLeast(bound) => format!("≥ {}", number(bound)),
			Self::AtMost(bound) => format!("≤ {}", number(bound)),
		}
	}
}

/// Something that follows from measures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
	/// What.
	pub what: String,
	/// How much.
	pub value: f64,
	/// In which unit; none for ratios.
	pub unit: &'static str,
	/// What is wished.
	#[serde(skip_serializing_if = "Option::is_none")]
	pub goal: Option<Goal>,
}

impl Finding {
	/// The ratio of two things.
	pub fn ratio(what: impl Into<String>, value: f64) -> Self {
		Self { what: what.into(), value, unit: "", goal: None }
	}

	/// A quantity.
	pub fn quantity(what: impl Into<String>, value: f64, unit: &'static str) -> Self {
		Self { what: what.into(), value, unit, goal: None }
	}

	/// The finding, with what is wished of it.
	pub fn goal(self, goal: Goal) -> Self {
		Self { goal: Some(goal), ..self }
	}

	fn verdict(&self) -> String {
		match self.goal {
			None => String::new(),
			Some(goal) if goal.is_met(self.value) => format!("{}: met", goal.words()),
			Some(goal) => format!("{}: **missed**", goal.words()),
		}
	}
}

/// Quantities by case; the first column names the case.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Table {
	/// The heads of the columns.
	pub columns: Vec<&'static str>,
	/// The rows.
	pub rows: Vec<Vec<Cell>>,
}

/// What stands in a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Cell {
	/// Words.
	Text(String),
	/// A number.
	Number(f64),
	/// Nothing was measured.
	Nothing,
}

impl From<&str> for Cell {
	fn from(text: &str) -> Self {
		Self::Text(text.into())
	}
}

impl From<String> for Cell {
	fn from(text: String) -> Self {
		Self::Text(text)
	}
}

impl From<f64> for Cell {
	fn from(value: f64) -> Self {
		Self::Number(value)
	}
}

impl From<u64> for Cell {
	fn from(value: u64) -> Self {
		Self::Number(value as f64)
	}
}

impl From<usize> for Cell {
	fn from(value: usize) -> Self {
		Self::Number(value as f64)
	}
}

impl Cell {
	fn words(&self) -> String {
		match self {
			Self::Text(text) => text.clone(),
			Self::Number(value) => number(*value),
			Self::Nothing => "–".into(),
		}
	}
}

/// Three digits that matter, thousands apart.
pub fn number(value: f64) -> String {
	if !value.is_finite() {
		return "–".into();
	}
	let size = value.abs();
	let decimals = match size {
		_ if size >= 100.0 || value.fract() == 0.0 => 0,
		_ if size >= 10.0 => 1,
		_ if size >= 0.1 => 2,
		_ => 4,
	};
	let text = format!("{value:.decimals$}");
	let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
	let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
	let mut grouped = String::from(sign);
	for (index, digit) in digits.chars().enumerate() {
		if index > 0 && (digits.len() - index).is_multiple_of(3) {
			grouped.push(',');
		}
		grouped.push(digit);
	}
	match fraction {
		Some(fraction) => format!("{grouped}.{fraction}"),
		None => grouped,
	}
}

fn row(out: &mut String, cells: &[String]) {
	// Writing into a string does not fail.
	let _ = writeln!(out, "| {} |", cells.join(" | "));
}

fn head(out: &mut String, columns: &[&str]) {
	row(out, &columns.iter().map(|column| (*column).to_owned()).collect::<Vec<_>>());
	row(out, &vec!["---".to_owned(); columns.len()]);
}

impl Report {
	/// The section of the document.
	pub fn markdown(&self) -> String {
		let mut out = format!("## {}\n\n", self.title);
		for paragraph in &self.setting {
			out.push_str(&wrapped(paragraph));
			out.push_str("\n\n");
		}
		if let Some(reason) = &self.skipped {
			let _ = writeln!(out, "**Not measured**: {reason}\n");
		}
		if !self.measures.is_empty() {
			head(&mut out, &["measured", "median", "lowest", "highest", "unit", "runs"]);
			for measure in &self.measures {
				let Measure { what, unit, median, lowest, highest, repetitions } = measure;
				let values = [median, lowest, highest].map(|value| number(*value));
				let [median, lowest, highest] = values;
				row(&mut out, &[what.clone(), median, lowest, highest, (*unit).into(), repetitions.to_string()]);
			}
			out.push('\n');
		}
		for table in &self.tables {
			head(&mut out, &table.columns);
			for cells in &table.rows {
				row(&mut out, &cells.iter().map(Cell::words).collect::<Vec<_>>());
			}
			out.push('\n');
		}
		if !self.findings.is_empty() {
			head(&mut out, &["finding", "value", "goal"]);
			for finding in &self.findings {
				let value = format!("{} {}", number(finding.value), finding.unit);
				row(&mut out, &[finding.what.clone(), value.trim_end().into(), finding.verdict()]);
			}
			out.push('\n');
		}
		out
	}

	/// A part that could not be measured.
	pub fn skipped(part: &'static str, title: &'static str, reason: String) -> Self {
		Self { part, title, skipped: Some(reason), ..Self::default() }
	}
}

/// Lines of at most 120 characters.
fn wrapped(paragraph: &str) -> String {
	let mut out = String::new();
	let mut length = 0;
	for word in paragraph.split_whitespace() {
		let size = word.chars().count();
		if length > 0 && length + 1 + size > 120 {
			out.push('\n');
			length = 0;
		} else if length > 0 {
			out.push(' ');
			length += 1;
		}
		out.push_str(word);
		length += size;
	}
	out
}

/// The whole document.
pub fn document(machine: &Machine, seconds: u64, reports: &[Report]) -> String {
	let mut out = String::from(
		"# Benchmarks\n\nWritten by `make bench`, which measures everything anew and overwrites this file. What is compared ran side by side, in\n\
		 one process or one run on one machine: the ratios are what counts, single numbers are this machine's. Medians throughout.\n\n",
	);
	head(&mut out, &["", ""]);
	for (name, value) in machine.rows() {
		row(&mut out, &[name.into(), value]);
	}
	row(&mut out, &["duration".into(), format!("{seconds} s")]);
	out.push('\n');
	for report in reports {
		out.push_str(&report.markdown());
	}
	out.truncate(out.trim_end().len());
	out.push('\n');
	out
}

#[cfg(test)]
mod tests {
	use super::*;

	fn sample() -> Report {
		Report {
			part: "records",
			title: "Records",
			setting: vec!["How it was done. ".repeat(12)],
			measures: vec![Measure::of("parsed", "records/s", &[3000.0, 1000.0, 2000.0])],
			findings: vec![
				Finding::ratio("ours to theirs", 0.75).goal(Goal::AtLeast(0.5)),
				Finding::quantity("p99", 20.0, "s").goal(Goal::AtMost(15.0)),
				Finding::ratio("other", 2.0),
			],
			tables: vec![Table {
				columns: vec!["case", "size", "time"],
				rows: vec![vec!["first".into(), 1_000_000_u64.into(), Cell::Nothing]],
			}],
			skipped: None,
		}
	}

	#[test]
	fn numbers_have_three_digits_that_matter() {
		for (value, text) in [
			(1_234_567.8, "1,234,568"),
			(1000.0, "1,000"),
			(999.6, "1,000"),
			(12.345, "12.3"),
			(0.512_34, "0.51"),
			(0.012_34, "0.0123"),
			(-1_234.0, "-1,234"),
			(7.0, "7"),
			(f64::NAN, "–"),
			(f64::INFINITY, "–"),
		] {
			assert_eq!(number(value), text);
		}
	}

	#[test]
	fn measures_have_their_ends() {
		let measure = Measure::of("x", "s", &[3.0, 1.0, 2.0]);
		assert_eq!((measure.median, measure.lowest, measure.highest, measure.repetitions), (2.0, 1.0, 3.0, 3));
	}

	#[test]
	fn a_section_says_which_goals_are_met() {
		let text = sample().markdown();
		assert!(text.starts_with("## Records\n\nHow it was done."));
		assert!(text.contains("| parsed | 2,000 | 1,000 | 3,000 | records/s | 3 |"));
		assert!(text.contains("| ours to theirs | 0.75 | ≥ 0.50: met |"));
		assert!(text.contains("| p99 | 20 s | ≤ 15: **missed** |"));
		assert!(text.contains("| other | 2 |  |"));
		assert!(text.contains("| first | 1,000,000 | – |"));
		assert!(text.lines().all(|line| line.chars().count() <= 120));
	}

	#[test]
	fn a_skipped_part_says_why() {
		let text = Report::skipped("postgres", "PostgreSQL", "install it".into()).markdown();
		assert_eq!(text, "## PostgreSQL\n\n**Not measured**: install it\n\n");
	}

	#[test]
	fn a_document_names_machine_and_commit_and_ends_with_one_line_end() {
		let text = document(&Machine::sample(), 61, &[sample()]);
		assert!(text.contains("| commit | 0123456789ab, with changes |"));
		assert!(text.contains("| duration | 61 s |"));
		assert!(text.ends_with("|\n") && !text.ends_with("\n\n"));
	}

	#[test]
	fn json_has_numbers() {
		let json = serde_json::to_value(sample()).unwrap();
		assert_eq!(json["measures"][0]["median"], 2000.0);
		assert_eq!(json["findings"][0]["goal"]["atLeast"], 0.5);
		assert_eq!(json["tables"][0]["rows"][0][1], 1e6);
		assert!(json["tables"][0]["rows"][0][2].is_null());
	}
}
