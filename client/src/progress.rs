// SPDX-License-Identifier: Apache-2.0
//! Bars that show how far a long job is. Nothing is drawn unless a person is watching.

use indicatif::{ProgressBar, ProgressStyle};

/// How far a job is.
pub struct Progress {
	bar: ProgressBar,
}

impl Progress {
	/// A job of a known length, or of a length that only shows at its end.
	pub fn new(visible: bool, what: &'static str, total: Option<u64>) -> Self {
		let bar = match (visible, total) {
			(false, _) => ProgressBar::hidden(),
			(true, Some(total)) => ProgressBar::new(total),
			(true, None) => ProgressBar::new_spinner(),
		};
		let template = match total {
			Some(_) => "{msg} {bar:32} {human_pos}/{human_len} {per_sec} {eta}",
			None => "{spinner} {msg} {human_pos} {per_sec}",
		};
		if let Ok(style) = ProgressStyle::with_template(template) {
			bar.set_style(style);
		}
		bar.set_message(what);
		Self { bar }
	}

	/// A job that nobody watches.
	pub fn hidden() -> Self {
		Self { bar: ProgressBar::hidden() }
	}

	/// So many more are done.
	pub fn advance(&self, count: u64) {
		self.bar.inc(count);
	}

	/// Writes a line above the bar.
	pub fn say(&self, line: &str) {
		self.bar.suspend(|| eprintln!("{line}"));
	}

	/// How many are done.
	pub fn done(&self) -> u64 {
		self.bar.position()
	}
}

impl Drop for Progress {
	fn drop(&mut self) {
		self.bar.finish_and_clear();
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_hidden_job_still_counts() {
		for progress in [Progress::hidden(), Progress::new(false, "x", Some(9)), Progress::new(false, "x", None)] {
			progress.advance(3);
			progress.advance(1);
			assert_eq!(progress.done(), 4);
		}
	}
}
