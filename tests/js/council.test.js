// SPDX-License-Identifier: Apache-2.0
// The consortium decides by motion: two thirds of the active organisations suspend one, and reinstate it.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { describeChain, fieldsOf } from './chain.js';

const CONTROLLERS = [
	'Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie', 'Payer', 'Sponsor', 'EthicsBoard', 'Regulator', 'PatientGroup',
];
const PATIENT_GROUP = 10;

describeChain('council', (chain) => {
	let api, controllers;

	before(() => {
		({ api } = chain);
		controllers = CONTROLLERS.map((name) => chain.key(`//${name}`));
	});

	/** Proposes the call; gives what the other steps need. */
	async function propose(call, threshold) {
		const length = call.method.encodedLength;
		const { events } = await chain.succeed(controllers[0], api.tx.council.propose(threshold, call, length));
		const { proposalIndex, proposalHash, account } = fieldsOf(events, 'council.Proposed');
		assert.equal(account, controllers[0].address);
		assert.equal(proposalHash, call.method.hash.toHex());
		const { weight } = await api.call.transactionPaymentCallApi.queryCallInfo(call.method, length);
		const close = api.tx.council.close(proposalHash, proposalIndex, weight, length);
		return { close, vote: (approve) => api.tx.council.vote(proposalHash, proposalIndex, approve) };
	}

	/** Lets the first so many controllers approve the call, and closes the motion; gives the events of the decision. */
	async function decide(call, ayes) {
		const { close, vote } = await propose(call, ayes);
		for (const controller of controllers.slice(0, ayes)) {
			await chain.succeed(controller, vote(true));
		}
		const { events } = await chain.succeed(controllers[0], close);
		assert.deepEqual(fieldsOf(events, 'council.Executed').result, { ok: null });
		return events;
	}

	const seats = async () => (await api.query.council.members()).map(String).sort();
	const addresses = (keys) => keys.map(({ address }) => address).sort();
	const status = async () => (await chain.rpc('registry_organisation', PATIENT_GROUP)).status;

	test('each active organisation has the seat of its controller', async () => {
		assert.deepEqual(await seats(), addresses(controllers));
	});

	test('less than two thirds decide nothing', async () => {
		const call = api.tx.registry.suspendOrganisation(PATIENT_GROUP);
		const { close, vote } = await propose(call, 7);
		for (const controller of controllers.slice(0, 7)) {
			await chain.succeed(controller, vote(true));
		}
		const { events } = await chain.succeed(controllers[0], close);
		const { result } = fieldsOf(events, 'council.Executed');
		assert.deepEqual(result, { err: { badOrigin: null } });
		assert.equal(await status(), 'Active');
	});

	test('a motion that is still open cannot be closed', async () => {
		const { close, vote } = await propose(api.tx.registry.suspendOrganisation(PATIENT_GROUP), 8);
		await chain.succeed(controllers[1], vote(true));
		assert.equal(await chain.fail(controllers[0], close), 'council.TooEarly');
		assert.equal(await chain.fail(controllers[1], vote(true)), 'council.DuplicateVote');
		assert.equal(await chain.fail(chain.key('//Alice//records'), vote(true)), 'council.NotMember');
		// The motion must not stand in the way of the next test, which makes the same one.
		for (const controller of controllers.slice(2, 6)) {
			await chain.succeed(controller, vote(false));
		}
		const { events } = await chain.succeed(controllers[0], close);
		fieldsOf(events, 'council.Disapproved');
	});

	test('two thirds authorise the hash of the next runtime, and take it back', async () => {
		const hash = `0x${'7a'.repeat(32)}`;
		const authorised = await decide(api.tx.upgrades.authorise(hash), 8);
		assert.equal(fieldsOf(authorised, 'system.UpgradeAuthorized').codeHash, hash);
		const withdrawn = await decide(api.tx.upgrades.withdraw(), 8);
		assert.equal(fieldsOf(withdrawn, 'upgrades.UpgradeWithdrawn').codeHash, hash);
	});

	test('two thirds suspend an organisation, which loses its seat', async () => {
		const before = await chain.rpc('registry_organisation', PATIENT_GROUP);
		const events = await decide(api.tx.registry.suspendOrganisation(PATIENT_GROUP), 8);
		assert.deepEqual(fieldsOf(events, 'registry.OrganisationSuspended'), { organisation: PATIENT_GROUP });
		assert.equal(await status(), 'Suspended');
		assert.deepEqual(await seats(), addresses(controllers.slice(0, PATIENT_GROUP)));
		// Asked about the moment before, the answer is still what it was.
		const { since } = await chain.rpc('registry_organisation', PATIENT_GROUP);
		const earlier = new Date(Date.parse(since) - 1).toISOString();
		assert.deepEqual(await chain.rpc('registry_organisation', PATIENT_GROUP, earlier), before);
	});

	test('two thirds of the others reinstate it, and it has its seat again', async () => {
		const events = await decide(api.tx.registry.reinstateOrganisation(PATIENT_GROUP), 7);
		assert.deepEqual(fieldsOf(events, 'registry.OrganisationReinstated'), { organisation: PATIENT_GROUP });
		assert.equal(await status(), 'Active');
		assert.deepEqual(await seats(), addresses(controllers));
	});
});
