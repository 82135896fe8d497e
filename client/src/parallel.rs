// SPDX-License-Identifier: Apache-2.0
//! Work spread over all processors.

use std::{
	sync::{
		atomic::{AtomicUsize, Ordering},
		Mutex, PoisonError,
	},
	thread,
};

/// Does `work` for every item; the results are in the order of the items. So many items are in work at once as there are
/// processors, so that memory does not grow with their number.
pub fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
	let workers = thread::available_parallelism().map_or(1, usize::from).min(items.len());
	let next = AtomicUsize::new(0);
	let results = Mutex::new(Vec::with_capacity(items.len()));
	thread::scope(|scope| {
		for _ in 0..workers {
			scope.spawn(|| {
				while let Some((index, item)) = take(&next, items) {
					let result = work(item);
					results.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
				}
			});
		}
	});
	let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
	results.sort_unstable_by_key(|(index, _)| *index);
	results.into_iter().map(|(_, result)| result).collect()
}

fn take<'i, T>(next: &AtomicUsize, items: &'i [T]) -> Option<(usize, &'i T)> {
	let index = next.fetch_add(1, Ordering::Relaxed);
	items.get(index).map(|item| (index, item))
}

#[cfg(test)]
mod tests {
	#[test]
	fn results_are_in_the_order_of_the_items() {
		let items: Vec<u32> = (0..1000).collect();
		let uneven = |item: &u32| {
			std::thread::sleep(std::time::Duration::from_micros(u64::from(item % 7)));
			item * 2
		};
		assert_eq!(super::map(&items, uneven), items.iter().map(|item| item * 2).collect::<Vec<_>>());
		assert!(super::map(&[], uneven).is_empty());
	}
}
