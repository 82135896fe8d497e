// SPDX-License-Identifier: Apache-2.0
// Patients: acts from an ordinary wallet without a token, and acts signed by a wallet and relayed by somebody else.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { describeChain, fieldsOf } from './chain.js';
import { random } from './hashing.js';

const INVALID_TRANSACTION = 1010;
const DAY = 86_400_000n;

/** The bytes of a count of 64 bits in SCALE. */
function u64(count) {
	const bytes = Buffer.alloc(8);
	bytes.writeBigUInt64LE(BigInt(count));
	return bytes;
}

describeChain('subjects', (chain) => {
	let api, tx, patient, clerk, subject;

	before(async () => {
		({ api } = chain);
		({ tx } = api);
		clerk = chain.key('//Alice//records');
		subject = random(32);
		patient = chain.key(`//Patient//${Date.now()}`);
		await chain.succeed(clerk, tx.subjects.enrol(subject, patient.address));
	});

	test('a patient without a token acts, and a unit is taken', async () => {
		assert.ok((await api.query.system.account(patient.address)).data.free.isZero());
		const before = await chain.rpc('subjects_quota', 0);
		const { events } = await chain.succeed(patient, tx.subjects.proveKey());
		assert.equal(fieldsOf(events, 'subjects.FeeWaived').custodian, 0);
		assert.equal((await chain.rpc('subjects_quota', 0)).used, before.used + 1);
		assert.equal((await chain.rpc('subjects_subjectByKey', patient.address)).proven, true);
		assert.equal(await chain.fail(patient, tx.subjects.proveKey()), 'subjects.WrongState');
		assert.equal((await chain.rpc('subjects_quota', 0)).used, before.used + 2);
	});

	test('in a batch the same act is not free', async () => {
		const { code, data } = await chain.refused(patient, tx.utility.batch([tx.subjects.proveKey()]));
		assert.equal(code, INVALID_TRANSACTION);
		assert.match(data, /Inability to pay some fees/);
	});

	test('an act that a wallet signed is relayed once', async () => {
		const { nonce } = await chain.rpc('subjects_subjectByKey', patient.address);
		const expiresAt = (await api.query.timestamp.now()).toBigInt() + DAY;
		const act = tx.subjects.rotateKey(chain.key(`//Patient//new ${Date.now()}`).address);
		const payload = Buffer.concat([
			Buffer.from('epidaurus/relay/v1'),
			Buffer.from(api.genesisHash.toU8a()),
			Buffer.from(subject.slice(2), 'hex'),
			u64(nonce),
			u64(expiresAt),
			Buffer.from(act.method.toU8a()),
		]);
		const wrapped = Buffer.concat([Buffer.from('<Bytes>'), payload, Buffer.from('</Bytes>')]);
		const signature = { Sr25519: patient.sign(wrapped) };
		const relay = () => tx.subjects.relay(subject, nonce, expiresAt, act, signature);
		const { events } = await chain.succeed(chain.key('//Bob//records'), relay());
		assert.deepEqual(fieldsOf(events, 'subjects.ActRelayed').result, { ok: null });
		assert.equal(await chain.fail(chain.key('//Bob//records'), relay()), 'subjects.WrongNonce');
		const { code } = await chain.refused(patient, tx.subjects.proveKey());
		assert.equal(code, INVALID_TRANSACTION);
	});
});
