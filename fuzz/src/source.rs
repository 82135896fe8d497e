// SPDX-License-Identifier: Apache-2.0
//! Choices out of the fuzzer's bytes. When they are used up, every choice is the first one.

/// The bytes that are left.
pub struct Source<'a>(pub &'a [u8]);

impl<'a> Source<'a> {
	/// The next byte.
	pub fn byte(&mut self) -> u8 {
		match self.0.split_first() {
			Some((first, rest)) => {
				self.0 = rest;
				*first
			},
			None => 0,
		}
	}

	/// The next eight bytes as a number.
	pub fn number(&mut self) -> u64 {
		u64::from_le_bytes(std::array::from_fn(|_| self.byte()))
	}

	/// A number below the bound, or 0.
	pub fn below(&mut self, bound: usize) -> usize {
		let drawn = usize::from(self.byte()) << 8 | usize::from(self.byte());
		drawn.checked_rem(bound).unwrap_or(0)
	}

	/// So many of the next bytes, or as many as are left.
	pub fn take(&mut self, count: usize) -> &'a [u8] {
		let (taken, rest) = self.0.split_at(count.min(self.0.len()));
		self.0 = rest;
		taken
	}

	/// Cuts bytes off, adds one, or changes one.
	pub fn change(&mut self, bytes: &mut Vec<u8>) {
		let at = self.below(bytes.len().max(1));
		match self.byte() % 4 {
			0 => bytes.truncate(at),
			1 => bytes.push(self.byte()),
			_ => drop(bytes.get_mut(at).map(|byte| *byte ^= 1 << (self.byte() % 8))),
		}
	}

	/// Whether nothing is left.
	pub fn is_empty(&self) -> bool {
		self.0.is_empty()
	}
}
