// SPDX-License-Identifier: Apache-2.0
// The formulas against frozen values that the Rust tests have too, and against the known roots of RFC 6962.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commitment, digest, entry, hex } from './hashing.js';
import { consistencyPath, inclusionPath, leaf, root } from './merkle.js';

const repeated = (byte, length) => hex(Buffer.alloc(length, byte));

test('digest, commitment and leaf have their frozen values', () => {
	const opening = {
		salt: repeated(7, 32),
		suite: 'fhir-static-recursive',
		digest: digest('fhir-static-recursive', '{"resourceType":"Patient"}'),
		header: {
			subject: repeated(9, 32),
			class: 'Patient',
			labels: { confidentiality: 'N', sensitivity: 4 },
			clinicalTime: new Date(1_700_000_000_000).toISOString(),
			version: 1,
		},
	};
	const committed = commitment(repeated(1, 32), opening);
	assert.equal(opening.digest, '0xd3ab534b79095faf687def731d914a4663cf1721e9f803be08f5f7a0afb9dd3c');
	assert.equal(committed, '0xe1b3e35900a33c87b9ad15a5b6797081557ce5eef941c22018cd2e6b6e4001f9');
	const frozenLeaf = '0x2715f7f07c25a6ff95e9a9530bf30a8164c84ed6fcbc80fb7fc57cb5906c860e';
	assert.equal(hex(leaf(entry('records', 5, committed))), frozenLeaf);
});

test('roots are those of RFC 6962', () => {
	const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
	const leaves = inputs.map((input) => leaf(Buffer.from(input, 'hex')));
	assert.equal(hex(root([])), '0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
	assert.equal(hex(root(leaves.slice(0, 3))), '0xaeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77');
	assert.equal(hex(root(leaves)), '0x5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
	assert.deepEqual([0, 6].map((index) => inclusionPath(index, leaves.slice(0, 7)).length), [3, 2]);
	assert.deepEqual([0, 3, 4, 7].map((old) => consistencyPath(old, leaves.slice(0, 7)).length), [0, 4, 1, 0]);
});
