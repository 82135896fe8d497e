// SPDX-License-Identifier: Apache-2.0
// Listens to what is printed as warning or error. To be imported before polkadot.js, which prints already while it is
// loaded if it finds conflicting versions of itself.

/** The lines so far, without the time that polkadot.js puts before them. */
export const printed = [];

for (const level of ['warn', 'error']) {
	const print = console[level];
	console[level] = (...words) => {
		printed.push(words.join(' ').replace(/^[\d-]{10} [\d:]{8}\s+/, ''));
		print(...words);
	};
}
