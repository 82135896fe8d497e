// SPDX-License-Identifier: Apache-2.0
// Who may transact, and with what: strangers and free bytes stay out, rights need role and licence.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { describeChain, fieldsOf } from './chain.js';
import { random } from './hashing.js';

const EPI = 10n ** 12n;
const INVALID_TRANSACTION = 1010;
/** Bits of `Roles`. */
const RECORDS = 1 << 1;

describeChain('membership', (chain) => {
	let api, key, tx;

	before(() => {
		({ api } = chain);
		({ tx } = api);
		key = (path) => chain.key(path);
	});

	const anchor = () => tx.ehr.anchor(random(16), random(32), 'Raw', null);
	const remark = () => tx.system.remark('0x6e616d65');

	test('a stranger without money is refused by the pool', async () => {
		const { code, data } = await chain.refused(key('//Mallory'), anchor());
		assert.equal(code, INVALID_TRANSACTION);
		assert.match(data, /Inability to pay some fees/);
	});

	test('a stranger with money is refused by the pool too', async () => {
		const stranger = key('//Mallory//rich');
		await chain.succeed(key('//Alice'), tx.balances.transferKeepAlive(stranger.address, EPI));
		for (const call of [anchor(), tx.balances.transferKeepAlive(key('//Alice').address, 1), tx.utility.batch([])]) {
			const { code, data } = await chain.refused(stranger, call);
			assert.equal(code, INVALID_TRANSACTION);
			assert.equal(data, 'Invalid signing address');
		}
		assert.equal((await api.query.system.account(stranger.address)).data.free.toBigInt(), EPI, 'it lost nothing');
	});

	test('a free call that can only fail is refused by the pool', async () => {
		const { code, data } = await chain.refused(key('//Alice//records'), tx.registry.suspendOrganisation(1));
		assert.equal(code, INVALID_TRANSACTION);
		assert.equal(data, 'Transaction call is not expected');
	});

	test('a decision of the consortium cannot be made by one', async () => {
		assert.equal(await chain.fail(key('//Alice'), tx.registry.allot(0, EPI)), 'BadOrigin');
	});

	test('a member without the role cannot anchor', async () => {
		assert.equal(await chain.fail(key('//Alice'), anchor()), 'registry.RoleMissing');
		assert.equal(await chain.fail(key('//Alice//clinician'), anchor()), 'registry.RoleMissing');
	});

	test('a member joins, cannot anchor without a licence, and leaves', async () => {
		const [dave, newcomer] = [key('//Dave'), key('//Dave//records')];
		const add = tx.registry.addMember(newcomer.address, RECORDS, null);
		const joined = await chain.succeed(dave, add);
		const fields = { organisation: 3, member: newcomer.address };
		assert.deepEqual(fieldsOf(joined.events, 'registry.MemberAdded'), {
			...fields, roles: RECORDS, until: null, by: dave.address,
		});
		assert.equal(await chain.fail(dave, add), 'registry.AlreadyMember');

		const funded = await chain.succeed(dave, tx.registry.fundMember(newcomer.address, EPI));
		assert.deepEqual(fieldsOf(funded.events, 'registry.MemberFunded'), {
			...fields, amount: Number(EPI), by: dave.address,
		});
		assert.equal(await chain.fail(newcomer, anchor()), 'registry.NoLicence');

		const left = await chain.succeed(newcomer, tx.registry.resign());
		assert.deepEqual(fieldsOf(left.events, 'registry.MemberResigned'), fields);
		assert.equal((await chain.refused(newcomer, anchor())).data, 'Invalid signing address');
	});

	test('duties are offered, and declined', async () => {
		const [payer, sponsor] = [key('//Payer'), key('//Sponsor')];
		const offer = tx.registry.offerSuccession(6, 7);
		const made = await chain.succeed(payer, offer);
		const fields = { predecessor: 6, successor: 7 };
		assert.deepEqual(fieldsOf(made.events, 'registry.SuccessionOffered'), { ...fields, by: payer.address });
		assert.equal(await chain.fail(payer, offer), 'registry.AlreadyExists');
		assert.equal(await chain.fail(key('//Alice'), tx.registry.offerSuccession(6, 0)), 'registry.NotAuthorised');
		assert.equal(await chain.fail(payer, tx.registry.acceptSuccession(6, random(32))), 'registry.NotAuthorised');
		const { line, offer: pending, released } = await chain.rpc('registry_succession', 6);
		assert.deepEqual([line, pending.successor, released], [[], 7, false]);
		const { data } = await chain.refused(key('//Alice//records'), tx.registry.withdrawSuccession(6));
		assert.equal(data, 'Transaction call is not expected');
		const declined = await chain.succeed(sponsor, tx.registry.declineSuccession(6));
		assert.deepEqual(fieldsOf(declined.events, 'registry.SuccessionDeclined'), { ...fields, by: sponsor.address });
		assert.equal((await chain.rpc('registry_succession', 6)).offer, null);
	});

	test('a suspended licence stops rights and no duties', async () => {
		const [laboratory, authority] = [key('//Charlie//records'), key('//Regulator//licensing')];
		const record = random(16);
		const { items } = await chain.rpc('registry_licences', { organisation: 2 });
		assert.deepEqual(items.map(({ capability }) => capability), ['AnchorRecords']);
		const [{ id: licence }] = items;
		await chain.succeed(laboratory, tx.ehr.openLog('Records'));
		await chain.succeed(laboratory, tx.ehr.anchor(record, random(32), 'Raw', null));

		const { events } = await chain.succeed(authority, tx.registry.suspendLicence(licence));
		assert.deepEqual(fieldsOf(events, 'registry.LicenceSuspended'), { licence, by: authority.address });
		assert.equal(await chain.fail(laboratory, anchor()), 'registry.LicenceSuspended');
		assert.equal(await chain.fail(laboratory, tx.ehr.openLog('Disclosures')), 'registry.LicenceSuspended');
		await chain.succeed(laboratory, tx.ehr.amend(record, 1, random(32), 'Raw'));
		const made = await chain.succeed(laboratory, tx.ehr.checkpoint('Records', random(32), 1, []));
		assert.equal(fieldsOf(made.events, 'ehr.LogCheckpointed').licensed, false, 'recorded, and marked');

		await chain.succeed(authority, tx.registry.reinstateLicence(licence));
		await chain.succeed(laboratory, anchor());
	});

	test('only the issuer suspends a licence', async () => {
		const { data } = await chain.refused(key('//Alice//records'), tx.registry.suspendLicence(0));
		assert.equal(data, 'Transaction call is not expected');
		const unknown = tx.registry.suspendLicence(9_999);
		assert.equal(await chain.fail(key('//Regulator//licensing'), unknown), 'registry.NotFound');
	});

	test('free bytes are refused before any block holds them, nested ones too', async () => {
		const alice = key('//Alice');
		const hidden = [
			remark(),
			tx.system.remarkWithEvent('0x6e616d65'),
			tx.utility.batch([remark()]),
			tx.utility.batchAll([anchor(), remark()]),
			tx.utility.forceBatch([tx.utility.batch([remark()])]),
			tx.proxy.proxy(alice.address, null, remark()),
			tx.multisig.asMultiThreshold1([key('//Bob').address], remark()),
			tx.council.propose(8, remark(), 100),
			tx.preimage.notePreimage(remark().method.toHex()),
		];
		for (const call of hidden) {
			const { data } = await chain.refused(alice, call);
			assert.equal(data, 'Transaction call is not expected', call.toHuman().method.method);
		}
	});

	test('a batch of permitted calls works, and stops at the first failure', async () => {
		const officer = key('//Alice//records');
		const [first, second] = [anchor(), anchor()];
		const both = await chain.succeed(officer, tx.utility.batchAll([first, second]));
		const anchored = both.events.filter((event) => api.events.ehr.RecordAnchored.is(event));
		const records = [first, second].map(({ args }) => args[0].toHex());
		assert.deepEqual(anchored.map(({ data }) => data.record.toHex()), records);

		const { events } = await chain.succeed(officer, tx.utility.batch([anchor(), first, anchor()]));
		const { data } = events.find((event) => api.events.utility.BatchInterrupted.is(event));
		assert.equal(data.index.toNumber(), 1);
		assert.equal(chain.errorName(data.error), 'ehr.AlreadyExists');
	});
});
