// SPDX-License-Identifier: Apache-2.0
// A hospital's log: opened, checkpointed with consistency proofs, and entries proven against it.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { describeChain, fieldsOf } from './chain.js';
import { commitment, entry, hex, open, random, typed } from './hashing.js';
import { consistencyPath, inclusionPath, leaf, root } from './merkle.js';

const KIND = 'records';
const SIZES = [3, 7];
const LAST = 7;

describeChain('logs', (chain) => {
	const openings = Array.from({ length: LAST + 2 }, (_, sequence) => open(`entry ${sequence}`));
	let api, leaves, network, officer;

	before(async () => {
		api = chain.api;
		officer = chain.key('//Alice//records');
		network = await chain.rpc('ehr_networkId');
		leaves = openings.map((opening, sequence) => leaf(entry(KIND, sequence, commitment(network, opening))));
	});

	/** Head of the log of the first entries. */
	const head = (size) => ({ size: String(size), root: hex(root(leaves.slice(0, size))) });
	/** Proof that an entry stands in the log of the first entries. */
	const proof = (sequence, size = LAST) => ({
		sequence: String(sequence),
		head: head(size),
		path: inclusionPath(sequence, leaves.slice(0, size)).map(hex),
	});
	/** The call that makes the log grow. */
	const checkpoint = (old, size, path = consistencyPath(old, leaves.slice(0, size)).map(hex)) =>
		api.tx.ehr.checkpoint('Records', head(size).root, size, path);
	const verify = (opening, given, custodian = 0, kind = KIND) =>
		chain.rpc('ehr_verifyLog', custodian, kind, opening, given);

	test('a log is opened once', async () => {
		assert.equal(await chain.fail(officer, checkpoint(0, 3)), 'ehr.NotFound');
		const { events } = await chain.succeed(officer, api.tx.ehr.openLog('Records'));
		const fields = { custodian: 0, kind: 'Records', by: officer.address };
		assert.deepEqual(fieldsOf(events, 'ehr.LogOpened'), fields);
		assert.equal(await chain.fail(officer, api.tx.ehr.openLog('Records')), 'ehr.AlreadyExists');
		const { head: opened, checkpoints } = await chain.rpc('ehr_log', 0, KIND);
		assert.deepEqual(opened, head(0));
		assert.equal(checkpoints, '0');
	});

	test('a log grows by checkpoints', async () => {
		let old = 0;
		for (const [number, size] of SIZES.entries()) {
			const { events } = await chain.succeed(officer, checkpoint(old, size));
			assert.deepEqual(fieldsOf(events, 'ehr.LogCheckpointed'), {
				custodian: 0,
				kind: 'Records',
				by: officer.address,
				number,
				size,
				root: head(size).root,
				licensed: true,
			});
			old = size;
		}
		const { head: newest, checkpoints } = await chain.rpc('ehr_log', 0, KIND);
		assert.deepEqual(newest, head(LAST));
		assert.equal(checkpoints, '2');
	});

	test('a checkpoint that is not the old log with something appended fails', async () => {
		const path = consistencyPath(LAST, leaves).map(hex);
		const size = leaves.length;
		const refusals = [
			['ehr.InvalidProof', checkpoint(LAST, size, path.slice(1))],
			['ehr.InvalidProof', checkpoint(LAST, size, [...path, random(32)])],
			['ehr.InvalidProof', checkpoint(LAST, size, [path[1], path[0], ...path.slice(2)])],
			['ehr.InvalidProof', checkpoint(LAST, size, consistencyPath(6, leaves).map(hex))],
			['ehr.InvalidProof', api.tx.ehr.checkpoint('Records', random(32), size, path)],
			['ehr.ForkedHead', api.tx.ehr.checkpoint('Records', random(32), LAST, [])],
			['ehr.LogShrinks', checkpoint(3, 6)],
			['ehr.AlreadyExists', checkpoint(3, LAST)],
			['ehr.TooManyEntries', api.tx.ehr.checkpoint('Records', random(32), 2n ** 62n + 1n, path)],
		];
		for (const [error, call] of refusals) {
			assert.equal(await chain.fail(officer, call), error);
		}
		assert.deepEqual((await chain.rpc('ehr_log', 0, KIND)).head, head(LAST), 'the log is as it was');
	});

	test('every entry is proven', async () => {
		const { at } = await chain.rpc('ehr_log', 0, KIND);
		for (let sequence = 0; sequence < LAST; sequence += 1) {
			assert.deepEqual(await verify(openings[sequence], proof(sequence)), {
				verified: true,
				verdict: {
					custodian: 0,
					successor: null,
					kind: KIND,
					head: head(LAST),
					at,
					licensed: true,
					suiteStatus: 'active',
				},
				refusal: null,
				reason: null,
			});
		}
	});

	test('a forged proof is refused with its reason', async () => {
		const opening = openings[2];
		const good = proof(2);
		const { path } = good;
		const [first, second, ...rest] = path;
		const length = { expected: path.length, got: path.length };
		const other = { size: String(LAST), root: random(32) };
		const forged = [
			[{ invalidProof: 'rootMismatch' }, { ...opening, salt: random(32) }, good],
			[{ invalidProof: 'rootMismatch' }, openings[3], good],
			[{ invalidProof: 'rootMismatch' }, { ...opening, suite: 'fhir-static-root' }, good],
			[{ invalidProof: 'rootMismatch' }, opening, { ...good, sequence: '3' }],
			[{ invalidProof: 'rootMismatch' }, opening, { ...good, path: [second, first, ...rest] }],
			[{ invalidProof: { pathTooShort: { ...length, got: 2 } } }, opening, { ...good, path: [first, second] }],
			[{ invalidProof: { pathTooLong: { ...length, got: 4 } } }, opening, { ...good, path: [...path, first] }],
			[{ invalidProof: { indexOutOfRange: { index: '7', size: '7' } } }, opening, { ...good, sequence: '7' }],
			[{ staleHead: { size: '7' } }, opening, proof(2, 3)],
			[{ unknownHead: { size: '7' } }, openings[8], proof(8, 9)],
			['forkedHead', opening, { ...good, head: other }],
		];
		for (const [refusal, presented, given] of forged) {
			const answer = await verify(presented, given);
			assert.deepEqual([answer.verified, answer.verdict, answer.refusal], [false, null, refusal]);
			assert.ok(answer.reason.length > 10, `${JSON.stringify(refusal)} is said in words too`);
		}
		const reason = 'the custodian has no log of this kind';
		const none = { verified: false, verdict: null, refusal: 'logNotFound', reason };
		assert.deepEqual(await verify(opening, good, 1), none, 'the log of another custodian');
		assert.deepEqual(await verify(opening, good, 0, 'disclosures'), none, 'another log');
	});

	test('an entry of one log does not stand in another', async () => {
		const other = [leaf(entry('records', 0, commitment(network, openings[0])))];
		await chain.succeed(officer, api.tx.ehr.openLog('Disclosures'));
		await chain.succeed(officer, api.tx.ehr.checkpoint('Disclosures', hex(root(other)), 1, []));
		const given = { sequence: '0', head: { size: '1', root: hex(root(other)) }, path: [] };
		const answer = await verify(openings[0], given, 0, 'disclosures');
		assert.deepEqual(answer.refusal, { invalidProof: 'rootMismatch' });
	});

	test('checkpoints are listed newest first, page by page', async () => {
		const all = await chain.rpc('ehr_checkpoints', 0, KIND);
		assert.deepEqual(all.items.map(({ number }) => number), ['1', '0']);
		assert.deepEqual(all.items.map((item) => item.head), [head(7), head(3)]);
		assert.equal(all.next, null);
		const first = await chain.rpc('ehr_checkpoints', 0, KIND, null, 1);
		const second = await chain.rpc('ehr_checkpoints', 0, KIND, first.next, 1);
		assert.deepEqual([...first.items, ...second.items], all.items);
		assert.equal(second.next, null);
	});

	test('the runtime API says the same as the RPC', async () => {
		const given = proof(4);
		const answer = await api.call.ehrApi.verifyLog(0, 'Records', typed(openings[4]), given);
		const { verdict } = await verify(openings[4], given);
		const { custodian, kind, head: proven, at, licensed } = answer.asOk.toJSON();
		assert.deepEqual({ custodian, kind, licensed }, { custodian: 0, kind: 'Records', licensed: true });
		assert.deepEqual({ ...proven, size: String(proven.size) }, verdict.head);
		assert.equal(new Date(at).toISOString(), verdict.at);
		const refusal = (await api.call.ehrApi.verifyLog(0, 'Records', typed(openings[5]), given)).asErr.toJSON();
		assert.deepEqual(refusal, { invalidProof: { rootMismatch: null } });
	});
});
