// SPDX-License-Identifier: Apache-2.0
//! On what, of what and when something was measured.

use epidaurus_primitives::moment::Moment;
use serde::Serialize;
use std::{
	fs,
	process::Command,
	time::{SystemTime, UNIX_EPOCH},
};

/// Machine, commit and date.
#[derive(Clone, Debug, Serialize)]
pub struct Machine {
	/// Time of day, UTC.
	pub date: String,
	/// The commit of this checkout, and whether it was changed since.
	pub commit: String,
	/// The processor's name.
	pub processor: String,
	/// Processors that this process may use.
	pub cores: usize,
	/// Memory in GiB.
	pub memory: String,
	/// The file system of temporary files, on which stores, chains and PostgreSQL's cluster are made.
	pub files: String,
	/// The operating system's kernel.
	pub system: String,
	/// The compiler.
	pub compiler: String,
	/// How this program was compiled, and how the node is.
	pub profiles: String,
	/// The system's load average over a minute before anything was measured.
	pub load: String,
}

impl Machine {
	/// This machine, now.
	pub fn here() -> Self {
		let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_millis());
		let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
		Self {
			date: Moment(u64::try_from(now).unwrap_or_default()).to_string(),
			commit: commit(),
			processor: field(&read("/proc/cpuinfo"), "model name"),
			cores: std::thread::available_parallelism().map_or(1, usize::from),
			memory: gibibytes(&field(&read("/proc/meminfo"), "MemTotal")),
			files: first_line("stat", &["--file-system", "--format=%T", &std::env::temp_dir().to_string_lossy()]),
			system: first_line("uname", &["-sr"]),
			compiler: first_line("rustc", &["--version"]),
			profiles: format!(
				"this program: {}; the node: dev, as `make run` builds it, so that its times are an upper bound",
				if cfg!(debug_assertions) { "dev (of no use as a measure)" } else { "release" }
			),
			load: read("/proc/loadavg").split(' ').next().unwrap_or_default().into(),
		}
	}

	/// Names and values, for a table.
	pub fn rows(&self) -> Vec<(&'static str, String)> {
		vec![
			("date", self.date.clone()),
			("commit", self.commit.clone()),
			("processor", format!("{}, {} cores", self.processor, self.cores)),
			("memory", self.memory.clone()),
			("temporary files on", self.files.clone()),
			("system", self.system.clone()),
			("compiler", self.compiler.clone()),
			("profile", self.profiles.clone()),
			("load before", self.load.clone()),
		]
	}

	/// An invented machine.
	#[cfg(test)]
	pub fn sample() -> Self {
		Self {
			date: "2026-11-20T00:00:00.000Z".into(),
			commit: described("0123456789abcdef\n", " M file\n"),
			processor: "An invented processor".into(),
			cores: 2,
			memory: gibibytes("24000000 kB"),
			files: "xfs".into(),
			system: "Linux".into(),
			compiler: "rustc".into(),
			profiles: "release".into(),
			load: "0.1".into(),
		}
	}
}

fn commit() -> String {
	// What a measurement itself writes is no change of what was measured.
	described(
		&output("git", &["rev-parse", "HEAD"]),
		&output("git", &["status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs/benchmarks.md"]),
	)
}

fn described(commit: &str, changes: &str) -> String {
	let commit: String = commit.trim().chars().take(12).collect();
	match (commit.is_empty(), changes.trim().is_empty()) {
		(true, _) => "unknown".into(),
		(false, true) => commit,
		(false, false) => format!("{commit}, with changes"),
	}
}

/// The value behind a name and a colon.
fn field(text: &str, name: &str) -> String {
	let line = text.lines().find(|line| line.starts_with(name));
	let value = line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim());
	value.unwrap_or("unknown").to_owned()
}

fn gibibytes(kilobytes: &str) -> String {
	match kilobytes.trim_end_matches(" kB").parse::<f64>() {
		Ok(kilobytes) => format!("{:.1} GiB", kilobytes / f64::from(1 << 20)),
		Err(_) => "unknown".into(),
	}
}

fn output(program: &str, arguments: &[&str]) -> String {
	let output = Command::new(program).args(arguments).output();
	output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default()
}

fn first_line(program: &str, arguments: &[&str]) -> String {
	output(program, arguments).lines().next().unwrap_or("unknown").to_owned()
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn fields_are_found_by_name() {
		let text = "processor\t: 0\nmodel name\t: A: B\nMemTotal:       24689232 kB\n";
		assert_eq!(field(text, "model name"), "A: B");
		assert_eq!(gibibytes(&field(text, "MemTotal")), "23.5 GiB");
		assert_eq!(field(text, "absent"), "unknown");
		assert_eq!(gibibytes("unknown"), "unknown");
	}

	#[test]
	fn commits_are_short_and_say_whether_they_were_changed() {
		assert_eq!(described("0123456789abcdef\n", ""), "0123456789ab");
		assert_eq!(described("0123456789abcdef\n", " M x\n"), "0123456789ab, with changes");
		assert_eq!(described("", ""), "unknown");
	}
}
