// SPDX-License-Identifier: Apache-2.0
// A hospital's records officer anchors records, corrects one, withdraws one, and everybody can check.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { describeChain, fieldsOf } from './chain.js';
import { commitment, open, random, subjectLink, typed } from './hashing.js';

describeChain('records', (chain) => {
	let api, network, officer;

	before(async () => {
		api = chain.api;
		officer = chain.key('//Alice//records');
		network = (await api.call.ehrApi.networkId()).toHex();
	});

	/** Anchors a record that has this opening as version 1. */
	async function anchor(opening) {
		const record = random(16);
		const call = api.tx.ehr.anchor(record, commitment(network, opening), typed(opening).suite, null);
		const { events } = await chain.succeed(officer, call);
		return { record, events };
	}

	const verify = (record, opening) => api.call.ehrApi.verifyAnchor(record, typed(opening));

	test('an anchored record verifies, and its event names every field', async () => {
		const opening = open('{"status":"final"}', { suite: 'fhir-static-recursive' });
		const { record, events } = await anchor(opening);
		assert.deepEqual(fieldsOf(events, 'ehr.RecordAnchored'), {
			record,
			custodian: 0,
			by: officer.address,
			commitment: commitment(network, opening),
			suite: 'FhirStaticRecursive',
		});
		const { custodian, version, suite, standing } = (await verify(record, opening)).asOk.toJSON();
		assert.deepEqual(
			{ custodian, version, suite, standing },
			{ custodian: 0, version: 1, suite: 'FhirStaticRecursive', standing: { current: null } },
		);
	});

	test('a forged opening is refused with its reason', async () => {
		const opening = open('6.0');
		const { record } = await anchor(opening);
		const header = (change) => ({ ...opening, header: { ...opening.header, ...change } });
		const forged = {
			commitmentMismatch: [
				{ ...opening, salt: random(32) },
				{ ...opening, digest: open('6').digest },
				header({ subject: random(32) }),
				header({ subject: null }),
				header({ class: 'Patient' }),
				header({ labels: { confidentiality: null, sensitivity: 4 } }),
				header({ labels: { confidentiality: 'R', sensitivity: 0 } }),
				header({ clinicalTime: '2026-03-01T08:15:30.251Z' }),
			],
			suiteMismatch: [{ ...opening, suite: 'fhir-static-root' }],
			versionNotFound: [header({ version: 2 }), header({ version: 0 })],
		};
		for (const [reason, openings] of Object.entries(forged)) {
			for (const forgery of openings) {
				const refusal = (await verify(record, forgery)).asErr.toJSON();
				assert.deepEqual(Object.keys(refusal), [reason]);
			}
		}
		assert.deepEqual((await verify(random(16), opening)).asErr.toJSON(), { recordNotFound: null });
		assert.ok((await verify(record, opening)).isOk, 'the true one still verifies');
	});

	test('an opening made for another network is refused', async () => {
		const opening = open('elsewhere');
		const record = random(16);
		await chain.succeed(officer, api.tx.ehr.anchor(record, commitment(random(32), opening), 'Raw', null));
		assert.deepEqual((await verify(record, opening)).asErr.toJSON(), { commitmentMismatch: null });
	});

	test('anchoring the same record again fails with AlreadyExists', async () => {
		const opening = open('once');
		const { record } = await anchor(opening);
		const again = api.tx.ehr.anchor(record, commitment(network, opening), 'Raw', null);
		assert.equal(await chain.fail(officer, again), 'ehr.AlreadyExists');
		assert.equal(await chain.fail(chain.key('//Bob//records'), again), 'ehr.AlreadyExists');
	});

	test('an amendment becomes the current version, and the old one says so', async () => {
		const first = open('5.0');
		const second = open('6.0', { version: 2, suite: 'fhir-static-root' });
		const { record } = await anchor(first);
		const amend = api.tx.ehr.amend(record, 1, commitment(network, second), 'FhirStaticRoot');
		const { events } = await chain.succeed(officer, amend);
		assert.deepEqual(fieldsOf(events, 'ehr.RecordAmended'), {
			record,
			custodian: 0,
			by: officer.address,
			version: 2,
			commitment: commitment(network, second),
			suite: 'FhirStaticRoot',
			deposited: true,
		});
		assert.deepEqual((await verify(record, first)).asOk.toJSON().standing, { amended: { current: 2 } });
		assert.deepEqual((await verify(record, second)).asOk.toJSON().standing, { current: null });
		assert.equal(await chain.fail(officer, amend), 'ehr.WrongVersion', 'a repeated submission');
		const stranger = chain.key('//Bob//records');
		const theft = api.tx.ehr.amend(record, 2, random(32), 'Raw');
		assert.equal(await chain.fail(stranger, theft), 'ehr.NotAuthorised');
		assert.equal(await chain.fail(officer, api.tx.ehr.amend(random(16), 1, random(32), 'Raw')), 'ehr.NotFound');
	});

	test('entered in error is final, costs no fee, and shows in every answer', async () => {
		const opening = open('the wrong patient');
		const { record } = await anchor(opening);
		const free = async () => (await api.query.system.account(officer.address)).data.free.toBigInt();
		const before = await free();
		const call = api.tx.ehr.markEnteredInError(record);
		assert.equal((await call.paymentInfo(officer)).partialFee.toNumber(), 0, 'as wallets show it');
		const { events } = await chain.succeed(officer, call);
		assert.equal(await free(), before);
		const fields = { record, custodian: 0, by: officer.address, version: 1 };
		assert.deepEqual(fieldsOf(events, 'ehr.RecordEnteredInError'), fields);
		assert.deepEqual((await verify(record, opening)).asOk.toJSON().standing, { enteredInError: null });
		const amend = api.tx.ehr.amend(record, 1, random(32), 'Raw');
		assert.equal(await chain.fail(officer, amend), 'ehr.WrongState');
	});

	test('a linked record that an authority holds cannot be erased', async () => {
		const opening = open('to be kept as evidence');
		const record = random(16);
		const link = subjectLink(network, record, opening);
		await chain.succeed(officer, api.tx.ehr.anchor(record, commitment(network, opening), 'Raw', link));
		const inspector = chain.key('//Regulator//inspector');
		const { events } = await chain.succeed(inspector, api.tx.ehr.placeHold(record));
		const held = { record, authority: 9, by: inspector.address };
		assert.deepEqual(fieldsOf(events, 'ehr.HoldPlaced'), held);
		const { life } = (await verify(record, opening)).asOk;
		assert.ok(life.linked.isTrue);
		assert.equal(life.holds[0].by.toNumber(), 9);
		const attest = api.tx.ehr.attestErasure(record, 'LegalObligation');
		assert.equal(await chain.fail(officer, attest), 'ehr.Held');
		await chain.succeed(inspector, api.tx.ehr.liftHold(record));
		const [ended] = (await verify(record, opening)).asOk.life.endedHolds;
		assert.deepEqual([ended.by.toNumber(), ended.since.lte(ended.until)], [9, true]);
		await chain.succeed(officer, attest);
		assert.equal(await chain.fail(officer, attest), 'ehr.AlreadyExists', 'it takes two');
		assert.ok((await verify(record, opening)).asOk.life.erasure.isNone);
	});

	test('the deposit is held on the hospital, not on who acts', async () => {
		const { sovereign } = (await api.call.registryApi.organisation(0, null)).unwrap();
		const held = async () => (await api.query.balances.holds(sovereign)).toJSON();
		const before = await held();
		await anchor(open('a deposit more'));
		const sum = (holds) => holds.reduce((total, { amount }) => total + BigInt(amount), 0n);
		assert.ok(sum(await held()) > sum(before));
		assert.ok((await held()).every(({ id }) => 'ehr' in id), 'on hold for records only');
		assert.deepEqual((await api.query.balances.holds(officer.address)).toJSON(), []);
	});
});
