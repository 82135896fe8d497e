// SPDX-License-Identifier: Apache-2.0
//! Medians, percentiles, and the timing of things side by side.

use crate::error::Result;
use std::time::Instant;

/// The middle of some values; the mean of the two middle ones if their number is even; not a number if there are none.
pub fn median(values: &[f64]) -> f64 {
	let sorted = sorted(values);
	let upper = sorted.len() / 2;
	match (sorted.get(upper), sorted.len() % 2) {
		(Some(middle), 1) => *middle,
		(Some(above), _) => (sorted[upper - 1] + above) / 2.0,
		(None, _) => f64::NAN,
	}
}

/// The smallest value that at least `percent` of the values do not exceed (nearest rank); not a number if there are none.
pub fn percentile(values: &[f64], percent: f64) -> f64 {
	let sorted = sorted(values);
	let rank = (percent / 100.0 * sorted.len() as f64).ceil().max(1.0) as usize;
	sorted.get(rank.min(sorted.len()).wrapping_sub(1)).copied().unwrap_or(f64::NAN)
}

fn sorted(values: &[f64]) -> Vec<f64> {
	let mut sorted = values.to_vec();
	sorted.sort_unstable_by(f64::total_cmp);
	sorted
}

/// The median of `numerator[i] / denominator[i]`: what was measured in the same repetition met the same noise.
pub fn paired_ratio(numerator: &[f64], denominator: &[f64]) -> f64 {
	let ratios: Vec<_> = numerator.iter().zip(denominator).map(|(above, below)| above / below).collect();
	median(&ratios)
}

/// Something that is timed.
pub type Run<'a> = &'a mut dyn FnMut() -> Result<()>;

/// Times each of the runs in each repetition, each repetition beginning with another one; before that, every run once
/// without a clock. Seconds, by run and then by repetition.
pub fn side_by_side(repetitions: usize, runs: &mut [Run<'_>]) -> Result<Vec<Vec<f64>>> {
	for run in runs.iter_mut() {
		run()?;
	}
	let mut seconds = vec![Vec::with_capacity(repetitions); runs.len()];
	for repetition in 0..repetitions {
		for step in 0..runs.len() {
			let which = (repetition + step) % runs.len();
			let started = Instant::now();
			runs[which]()?;
			seconds[which].push(started.elapsed().as_secs_f64());
		}
	}
	Ok(seconds)
}

/// So much work in each of these times, as work a second.
pub fn rates(work: f64, seconds: &[f64]) -> Vec<f64> {
	seconds.iter().map(|seconds| work / seconds).collect()
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn median_of_odd_even_and_none() {
		assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
		assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
		assert_eq!(median(&[7.0]), 7.0);
		assert!(median(&[]).is_nan());
	}

	#[test]
	fn percentiles_are_nearest_ranks() {
		let hundred: Vec<f64> = (1..=100).rev().map(f64::from).collect();
		assert_eq!(percentile(&hundred, 50.0), 50.0);
		assert_eq!(percentile(&hundred, 99.0), 99.0);
		assert_eq!(percentile(&hundred, 100.0), 100.0);
		assert_eq!(percentile(&hundred, 0.0), 1.0);
		assert_eq!(percentile(&[1.0, 2.0, 3.0], 99.0), 3.0);
		assert_eq!(percentile(&[5.0], 1.0), 5.0);
		assert!(percentile(&[], 99.0).is_nan());
	}

	#[test]
	fn ratios_are_paired() {
		// The second repetition was disturbed, for both alike.
		assert_eq!(paired_ratio(&[1.0, 10.0, 1.0], &[2.0, 20.0, 2.0]), 0.5);
		assert!(paired_ratio(&[], &[]).is_nan());
	}

	#[test]
	fn runs_take_turns_after_a_warm_up() {
		let order = std::cell::RefCell::new(String::new());
		let mut first = || {
			order.borrow_mut().push('a');
			Ok(())
		};
		let mut second = || {
			order.borrow_mut().push('b');
			Ok(())
		};
		let seconds = side_by_side(3, &mut [&mut first, &mut second]).unwrap();
		assert_eq!(order.borrow().as_str(), "ababbaab");
		assert!(seconds.iter().all(|run| run.len() == 3));
	}

	#[test]
	fn a_run_that_fails_ends_it() {
		let mut fails = || Err(crate::error::Error::Usage("no".into()));
		assert!(side_by_side(3, &mut [&mut fails]).is_err());
	}

	#[test]
	fn rates_are_work_by_time() {
		assert_eq!(rates(10.0, &[2.0, 5.0]), [5.0, 2.0]);
	}
}
