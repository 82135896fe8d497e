// SPDX-License-Identifier: Apache-2.0
//! Randomness that is the same on every machine and in every year: SplitMix64.

/// A stream of numbers that a seed determines.
pub struct Rng(u64);

impl Rng {
	/// The stream of a seed.
	pub fn new(seed: u64) -> Self {
		Self(seed)
	}

	/// The next number.
	pub fn next(&mut self) -> u64 {
		self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
		let mut mixed = self.0;
		mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
		mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
		mixed ^ (mixed >> 31)
	}

	/// One of the numbers from 0 that are below the bound; 0 if there is none.
	pub fn below(&mut self, bound: u64) -> u64 {
		self.next().checked_rem(bound).unwrap_or(0)
	}

	/// Yes once in so many times.
	pub fn one_in(&mut self, times: u64) -> bool {
		self.below(times) == 0
	}

	/// One of these, if there is one.
	pub fn pick<Item: Clone>(&mut self, from: &[Item]) -> Option<Item> {
		let bound = u64::try_from(from.len()).expect("a list in memory");
		from.get(usize::try_from(self.below(bound)).expect("below its length")).cloned()
	}

	/// One of these, of which there is at least one.
	pub fn choose<Item: Clone, const COUNT: usize>(&mut self, from: [Item; COUNT]) -> Item {
		self.pick(&from).expect("a choice has something to choose from")
	}

	/// Random bytes.
	pub fn bytes<const LENGTH: usize>(&mut self) -> [u8; LENGTH] {
		std::array::from_fn(|_| self.next().to_le_bytes()[0])
	}
}
