// SPDX-License-Identifier: Apache-2.0
// Runtime APIs: decoded from the metadata by polkadot.js, and asked in bare SCALE through `state_call`.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { describeChain } from './chain.js';
import { bytes, commitment, hex, open, openingBytes, random, typed } from './hashing.js';

describeChain('runtime API', (chain) => {
	let api, registryApi, ehrApi;

	before(() => {
		({ api } = chain);
		({ registryApi, ehrApi } = api.call);
	});

	test('an organisation has its attributes, and an account that nobody chose', async () => {
		const hospital = (await registryApi.organisation(0, null)).unwrap();
		const address = chain.key('//Alice').address;
		const derived = Buffer.concat([Buffer.from('modlepi/orgs'), Buffer.alloc(20)]);
		assert.equal(hospital.class.toString(), 'Provider');
		assert.equal(hospital.status.toString(), 'Active');
		assert.equal(hospital.since.toNumber(), 0);
		assert.equal(hospital.controller.toString(), address);
		assert.equal(hospital.sovereign.toHex(), hex(derived));
		assert.equal(Buffer.from(hospital.gln.unwrap()).toString(), '9521000000001');
		assert.equal(hospital.jurisdiction.country.toUtf8(), 'GR');
		assert.ok(hospital.jurisdiction.subdivision.isNone);
		assert.ok((await registryApi.organisation(99, null)).isNone);
	});

	test('a subdivision is told from a country', async () => {
		const sponsor = (await registryApi.organisation(7, null)).unwrap();
		assert.equal(sponsor.jurisdiction.country.toUtf8(), 'US');
		assert.equal(Buffer.from(sponsor.jurisdiction.subdivision.unwrap()).toString(), 'CA\0');
	});

	test('a member has organisation and roles', async () => {
		const officer = chain.key('//Bob//records').address;
		const member = (await registryApi.member(officer, null)).unwrap();
		assert.equal(member.account.toString(), officer);
		assert.equal(member.organisation.toNumber(), 1);
		assert.equal(member.roles.toNumber(), 1 << 1);
		assert.ok(member.until.isNone);
		assert.ok((await registryApi.member(chain.key('//Mallory').address, null)).isNone);
	});

	test('lists come in pages', async () => {
		const all = await registryApi.organisations(null, 256);
		assert.equal(all.items.length, 11);
		assert.ok(all.next.isNone);
		const first = await registryApi.organisations(null, 10);
		const second = await registryApi.organisations(first.next.unwrap(), 10);
		const encoded = (items) => items.map((item) => item.toHex());
		assert.deepEqual(encoded([...first.items, ...second.items]), encoded([...all.items]));
		const members = await registryApi.members(0, null, 256);
		const staff = ['//Alice', '//Alice//records', '//Alice//clinician', '//Alice//operator'];
		const accounts = members.items.map(({ account }) => account.toString());
		assert.deepEqual(accounts.sort(), staff.map((path) => chain.key(path).address).sort());
	});

	test('licences and issuers are told', async () => {
		const clinician = { Member: chain.key('//Alice//clinician').address };
		const { items } = await registryApi.licences(clinician, null, 256);
		assert.deepEqual(items.map(({ capability }) => capability.toString()), ['BreakGlass', 'Prescribe']);
		assert.ok(items.every(({ issuer, status }) => issuer.toNumber() === 9 && status.isActive));
		const licence = (await registryApi.licence(items[0].id)).unwrap();
		assert.deepEqual(licence.toJSON(), items[0].toJSON());
		assert.ok((await registryApi.licence(9_999)).isNone);
		const issuers = await registryApi.issuers(null, 256);
		assert.ok(issuers.items.length > 5 && issuers.items.every((issuer) => issuer.recognised.isTrue));
	});

	test('a capability is granted or refused with its reason', async () => {
		const standing = async (holder, capability, place = null, at = null) =>
			(await registryApi.capability(holder, capability, place, at)).standing.type;
		const member = (path) => ({ Member: chain.key(path).address });
		const germany = { country: 'DE', subdivision: null };
		assert.equal(await standing({ Organisation: 0 }, 'AnchorRecords'), 'Granted');
		assert.equal(await standing({ Organisation: 0 }, 'AnchorRecords', germany), 'NoLicence');
		assert.equal(await standing({ Organisation: 99 }, 'AnchorRecords'), 'OrganisationUnknown');
		assert.equal(await standing(member('//Alice//records'), 'AnchorRecords'), 'Granted');
		assert.equal(await standing(member('//Alice//clinician'), 'Prescribe'), 'Granted');
		assert.equal(await standing(member('//Alice'), 'AnchorRecords'), 'RoleMissing');
		assert.equal(await standing(member('//Mallory'), 'AnchorRecords'), 'NotAMember');
		assert.equal(await standing(member('//Alice//records'), 'AnchorRecords', null, 0), 'Granted', 'in the past');
	});

	test('the network is that of the preset', async () => {
		assert.equal((await ehrApi.networkId()).toUtf8(), 'epidaurus development network id');
	});

	test('a record has its anchor and versions', async () => {
		const record = random(16);
		const [first, second] = [random(32), random(32)];
		const officer = chain.key('//Alice//records');
		await chain.succeed(officer, api.tx.ehr.anchor(record, first, 'Raw', null));
		await chain.succeed(officer, api.tx.ehr.amend(record, 1, second, 'FhirStaticRoot'));
		const anchor = (await ehrApi.anchor(record)).unwrap();
		assert.equal(anchor.custodian.toNumber(), 0);
		assert.equal(anchor.version.toNumber(), 2);
		assert.ok(anchor.standing.isCurrent);
		const { items, next } = await ehrApi.versions(record, null, 256);
		assert.deepEqual(items.map((item) => [item.version.toNumber(), item.commitment.toHex(), item.suite.type]), [
			[1, first, 'Raw'],
			[2, second, 'FhirStaticRoot'],
		]);
		assert.equal(items[0].standing.asAmended.current.toNumber(), 2);
		assert.ok(items[1].anchoredAt.eq(anchor.since));
		assert.ok(next.isNone);
		assert.ok((await ehrApi.anchor(random(16))).isNone);
		assert.equal((await ehrApi.versions(random(16), null, 256)).items.length, 0);
	});

	test('openings are encoded the same by hand and by the metadata', () => {
		const bare = open('content', { suite: 'fhir-static-recursive', version: 7 });
		const empty = { subject: null, labels: { confidentiality: null, sensitivity: 0 }, clinicalTime: null };
		const { meta } = ehrApi.verifyAnchor;
		const { type } = meta.params[1];
		for (const opening of [bare, { ...bare, header: { ...bare.header, ...empty } }]) {
			assert.equal(api.createType(type, typed(opening)).toHex(), hex(openingBytes(opening)));
		}
	});

	test('state_call answers in bare SCALE', async () => {
		const call = async (name, ...parts) => bytes(await chain.rpc('state_call', name, hex(Buffer.concat(parts))));
		const network = hex(await call('EhrApi_network_id'));
		const opening = open('content');
		const record = random(16);
		const officer = chain.key('//Bob//records');
		await chain.succeed(officer, api.tx.ehr.anchor(record, commitment(network, opening), 'Raw', null));
		const now = Buffer.alloc(8);
		now.writeBigUInt64LE((await api.query.timestamp.now()).toBigInt());

		// Ok; custodian 1, no successor, version 1, suite raw, time, current; suite active;
		// ten facts of a life in which nothing happened, and five counts.
		const verdict = Buffer.concat([Buffer.from([0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0]), now, Buffer.alloc(32)]);
		const answer = await call('EhrApi_verify_anchor', bytes(record), openingBytes(opening));
		assert.equal(hex(answer), hex(verdict));

		// Err; the fifth reason, commitment mismatch.
		const forged = openingBytes({ ...opening, salt: random(32) });
		assert.equal(hex(await call('EhrApi_verify_anchor', bytes(record), forged)), '0x0104');

		const id = Buffer.from([1, 0, 0, 0]);
		const decoded = (await registryApi.organisation(1, null)).toU8a();
		assert.equal(hex(await call('RegistryApi_organisation', id, Buffer.from([0]))), hex(decoded));
	});

	test('old blocks are asked about their own state', async () => {
		const record = random(16);
		const officer = chain.key('//Alice//records');
		const { block } = await chain.succeed(officer, api.tx.ehr.anchor(record, random(32), 'Raw', null));
		const { parentHash } = await api.rpc.chain.getHeader(block);
		const [now, then] = await Promise.all([api.at(block), api.at(parentHash)]);
		assert.ok((await now.call.ehrApi.anchor(record)).isSome);
		assert.ok((await then.call.ehrApi.anchor(record)).isNone);
	});
});
