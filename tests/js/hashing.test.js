// SPDX-License-Identifier: Apache-2.0
// The formulas against frozen values that the Rust tests have too, and against the known roots of RFC 6962.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commitment, digest, entry, hex, renewedEntry, secondCommitment, secondDigest } from './hashing.js';
import { consistencyPath, inclusionPath, leaf, root, SECOND } from './merkle.js';

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

	const second = secondDigest('fhir-static-recursive', '{"resourceType":"Patient"}');
	assert.equal(second, '0x27aa145d26926c00e4e1196c21de1dcc095230be94fdbf345b9fd30284783b10');
	const renewed = secondCommitment(repeated(1, 32), opening, second);
	assert.equal(renewed, '0xd7b0f81d242ecc6c6673d2d2369766a9d699abb5b67211875548ffadc2d8560c');
	const renewedLeaf = (last) => hex(leaf(renewedEntry('records', 5, committed, last), SECOND));
	assert.equal(renewedLeaf(renewed), '0x3642cd428a79100fdc4ba7f80fc1b42cf4482b821e44b13b15552cfe01826a10');
	assert.equal(renewedLeaf(null), '0x328ca4b636d3e12ac6ad1b217ef585c6e23108fa6026dbdd4c5b4da23a3090c4');
});

test('roots are those of RFC 6962, and of the second tree', () => {
	const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
	const leaves = inputs.map((input) => leaf(Buffer.from(input, 'hex')));
	assert.equal(hex(root([])), '0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
	assert.equal(hex(root(leaves.slice(0, 3))), '0xaeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77');
	assert.equal(hex(root(leaves)), '0x5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
	const second = inputs.map((input) => leaf(Buffer.from(input, 'hex'), SECOND));
	assert.equal(hex(root([], SECOND)), '0x97527767ffdce5809ac84d7cb2c377b11d90581f19337a7c8c3d8ec8b1dd55f1');
	assert.equal(hex(root(second, SECOND)), '0xdd1e53fb3009c35053288815e97d09e347442c9c0b81dcab571a6d3138e0e8c3');
	assert.deepEqual([0, 6].map((index) => inclusionPath(index, leaves.slice(0, 7)).length), [3, 2]);
	assert.deepEqual([0, 3, 4, 7].map((old) => consistencyPath(old, leaves.slice(0, 7)).length), [0, 4, 1, 0]);
});
