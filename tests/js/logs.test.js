// SPDX-License-Identifier: Apache-2.0
// A hospital's log: opened, checkpointed with consistency proofs, and entries proven against it.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { describeChain, fieldsOf } from './chain.js';
import {
	commitment, entry, hex, open, random, renewedEntry, secondCommitment, secondDigest, typed,
} from './hashing.js';
import { consistencyPath, inclusionPath, leaf, root, SECOND } from './merkle.js';

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
		const { items } = await chain.rpc('ehr_checkpoints', 0, KIND);
		const trees = await chain.rpc('ehr_trees');
		assert.deepEqual(trees, ['sha256', 'blake2b256'].map((tree) => ({ tree, status: 'active' })));
		for (let sequence = 0; sequence < LAST; sequence += 1) {
			const coveredAt = items[sequence < SIZES[0] ? 1 : 0].at;
			const rests = { tree: 'sha256', treeStatus: 'active', renewal: null, renewedInTime: null, trees };
			const log = { custodian: 0, successor: null, kind: KIND, head: head(LAST), at, licensed: true, suiteStatus: 'active' };
			assert.deepEqual(await verify(openings[sequence], proof(sequence)), {
				verified: true,
				verdict: { ...log, coveredAt, ...rests },
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

	test('a log is renewed in the second tree, and its entries are proven in both', async () => {
		const digests = openings.map((_, sequence) => secondDigest('raw', `entry ${sequence}`));
		const renewed = openings.map((opening, sequence) => {
			const second = secondCommitment(network, opening, digests[sequence]);
			return leaf(renewedEntry(KIND, sequence, commitment(network, opening), second), SECOND);
		});
		const secondHead = (size) => ({ size: String(size), root: hex(root(renewed.slice(0, size), SECOND)) });
		const renew = (number, size, old) => {
			const path = consistencyPath(old, renewed.slice(0, size), SECOND).map(hex);
			return api.tx.ehr.renewLog(0, 'Records', { number, size }, 'Blake2b256', secondHead(size).root, path);
		};
		assert.equal(await chain.fail(officer, renew(0, LAST, 0)), 'ehr.NotFound');
		const { events } = await chain.succeed(officer, renew(0, 3, 0));
		const fields = { custodian: 0, kind: 'Records', by: officer.address, tree: 'Blake2b256', size: 3 };
		assert.deepEqual(fieldsOf(events, 'ehr.LogRenewed'), { ...fields, root: secondHead(3).root });
		assert.equal(await chain.fail(officer, renew(1, LAST, 2)), 'ehr.InvalidProof');
		await chain.succeed(officer, renew(1, LAST, 3));
		const renewals = await chain.rpc('ehr_renewals', 0, KIND);
		assert.deepEqual(renewals.map(({ head: own, root: other }) => [own, other]), [
			[head(3), secondHead(3).root],
			[head(LAST), secondHead(LAST).root],
		]);

		const path = inclusionPath(4, renewed.slice(0, LAST), SECOND).map(hex);
		const given = { tree: 'blake2b256', head: secondHead(LAST), digest: digests[4], path };
		const { verdict } = await verify(openings[4], { ...proof(4), renewed: given });
		assert.deepEqual([verdict.tree, verdict.treeStatus, verdict.renewedInTime], ['blake2b256', 'active', true]);
		assert.deepEqual(verdict.renewal, renewals[1]);
		const forged = [
			[{ invalidRenewal: 'rootMismatch' }, { digest: digests[5] }],
			[{ renewalNotFound: { size: '7' } }, { head: secondHead(5) }],
			['forkedRenewal', { head: { size: '3', root: random(32) } }],
		];
		for (const [refusal, change] of forged) {
			const answer = await verify(openings[4], { ...proof(4), renewed: { ...given, ...change } });
			assert.deepEqual(answer.refusal, refusal);
		}
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
