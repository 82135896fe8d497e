// SPDX-License-Identifier: Apache-2.0
// Our RPC methods: what they answer, page by page, and their errors.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { each, ErrorCode } from '../../client/typescript/epidaurus.js';
import { describeChain } from './chain.js';
import { commitment, hex, open, random } from './hashing.js';
import { rpc } from './rpc-methods.js';

const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const LAUNCH = '1970-01-01T00:00:00.000Z';
const { InvalidParameter, LimitOutOfRange, NotFound, UnknownBlock } = ErrorCode;

/** Runs with the option `rpc` of polkadot.js, so that methods are also `api.rpc.registry.*` and `api.rpc.ehr.*`. */
describeChain('RPC', (chain) => {
	const opening = open('{"value":1.00}', { suite: 'fhir-static-root' });
	const amended = open('{"value":1.0}', { suite: 'raw', version: 2 });
	const record = random(16);
	let address, anchoredIn, committed;

	before(async () => {
		const { tx } = chain.api;
		const officer = chain.key('//Alice//records');
		address = (path) => chain.key(path).address;
		const network = await chain.node.ehr.networkId();
		committed = [opening, amended].map((version) => commitment(network, version));
		({ block: anchoredIn } = await chain.succeed(officer, tx.ehr.anchor(record, committed[0], 'FhirStaticRoot', null)));
		await chain.succeed(officer, tx.ehr.amend(record, 1, committed[1], 'Raw'));
		await chain.succeed(officer, tx.ehr.openLog('DeviceStream'));
	});

	/** All items of a list, asked for in pages of this length. */
	async function pages(limit, method, ...params) {
		const items = [];
		let cursor = null;
		do {
			const page = await chain.rpc(method, ...params, cursor, limit);
			assert.ok(page.items.length <= limit, `${page.items.length} items on a page of ${limit}`);
			items.push(...page.items);
			cursor = page.next;
		} while (cursor !== null);
		return items;
	}

	test('an organisation', async () => {
		const { sovereign, ...hospital } = await chain.node.registry.organisation({ organisation: 0 });
		assert.deepEqual(hospital, {
			id: 0,
			class: 'Provider',
			status: 'Active',
			since: LAUNCH,
			controller: address('//Alice'),
			gln: '9521000000001',
			jurisdiction: 'GR',
			successor: null,
		});
		assert.match(sovereign, /^5[1-9A-HJ-NP-Za-km-z]{47}$/);
		const organisation = (number) => chain.node.registry.organisation({ organisation: number });
		assert.equal((await organisation(7)).jurisdiction, 'US-CA');
		assert.equal((await organisation(10)).gln, null);
	});

	test('a list is the same in pages of any length', async () => {
		const staff = { member: address('//Alice//clinician') };
		const lists = [
			[11, 3, 'registry_organisations'],
			[4, 3, 'registry_members', 0],
			[4, 3, 'registry_licences', { organisation: 0 }],
			[2, 1, 'registry_licences', staff],
			[2, 1, 'ehr_versions', record],
			[undefined, 2, 'registry_issuers'],
		];
		for (const [count, limit, method, ...params] of lists) {
			const { items, next } = await chain.rpc(method, ...params, null, 256);
			assert.equal(next, null);
			assert.equal(items.length, count ?? items.length, method);
			assert.ok(items.length > limit);
			assert.deepEqual(await pages(limit, method, ...params), items, method);
			const unsaid = await chain.rpc(method, ...params);
			assert.deepEqual(unsaid.items, items.slice(0, 50), 'fifty if nothing is said');
		}
		const ids = [];
		const organisations = each((cursor) => chain.node.registry.organisations({ cursor, limit: 4 }));
		for await (const { id } of organisations) ids.push(id);
		assert.deepEqual(ids, [...Array(11).keys()]);
	});

	test('a member and its licences', async () => {
		const clinician = address('//Alice//clinician');
		const member = await chain.node.registry.member({ account: clinician });
		const roles = ['Clinician'];
		assert.deepEqual(member, { account: clinician, organisation: 0, roles, since: LAUNCH, until: null });
		const { items } = await chain.node.registry.licences({ holder: { member: clinician } });
		const { id, ...licence } = items[0];
		assert.deepEqual(licence, {
			holder: { member: clinician },
			capability: 'BreakGlass',
			jurisdiction: 'GR',
			scope: 'all',
			issuer: 9,
			issuedAt: LAUNCH,
			validity: { from: LAUNCH, until: null },
			status: 'Active',
			since: LAUNCH,
			distrustedFrom: null,
		});
		assert.deepEqual(await chain.node.registry.licence({ licence: id }), items[0]);
		const { items: issuers } = await chain.node.registry.issuers();
		assert.deepEqual(issuers.find(({ capability }) => capability === 'SponsorTrial'), {
			organisation: 9,
			capability: 'SponsorTrial',
			jurisdiction: 'US',
			recognised: true,
			since: LAUNCH,
			distrustedFrom: null,
		});
	});

	test('a capability, here and elsewhere, now and then', async () => {
		const ask = (holder, capability, jurisdiction, at) =>
			chain.node.registry.capability({ holder, capability, jurisdiction, at });
		const { at, ...answer } = await ask({ organisation: 0 }, 'AnchorRecords');
		assert.match(at, ISO_8601);
		assert.deepEqual(answer, { standing: 'granted', organisation: 0 });
		const then = '2020-02-29T12:00:00.000Z';
		const records = { member: address('//Alice//records') };
		assert.deepEqual(await ask(records, 'AnchorRecords', 'GR', then), { ...answer, at: then });
		assert.equal((await ask(records, 'AnchorRecords', 'DE')).standing, 'noLicence');
		assert.equal((await ask(records, 'Prescribe')).standing, 'roleMissing');
		const sponsor = { organisation: 7 };
		assert.equal((await ask(sponsor, 'SponsorTrial', 'US-NY')).standing, 'granted', 'a country covers its parts');
		const offset = await ask(sponsor, 'SponsorTrial', null, '2020-02-29T14:00:00+02:00');
		assert.equal(offset.at, then, 'a time with an offset is understood');
	});

	test('a record, its versions and verdicts', async () => {
		const { ehr } = chain.node;
		assert.equal(await ehr.networkId(), hex(Buffer.from('epidaurus development network id')));
		const { since, ...anchor } = await ehr.anchor({ record });
		assert.match(since, ISO_8601);
		assert.deepEqual(anchor, { record, custodian: 0, version: 2, standing: 'current' });
		const { items } = await ehr.versions({ record });
		const [{ anchoredAt }] = items;
		const standing = { amended: { current: 2 } };
		assert.deepEqual(items, [
			{ version: 1, commitment: committed[0], suite: 'fhir-static-root', anchoredAt, standing },
			{ version: 2, commitment: committed[1], suite: 'raw', anchoredAt: since, standing: 'current' },
		]);
		const suite = 'fhir-static-root';
		const uneventful = {
			linked: false, disputed: false, overdue: false, disputes: [], requests: [], holds: [],
			endedHolds: [], retainedUntil: null, attestation: null, erasure: null,
			folded: { disputes: 0, requests: 0, overdue: 0, disagreements: 0, holds: 0 },
		};
		assert.deepEqual(await ehr.life({ record }), uneventful);
		assert.deepEqual(await ehr.verifyAnchor({ record, opening }), {
			verified: true,
			verdict: {
				custodian: 0,
				successor: null,
				version: 1,
				suite,
				anchoredAt,
				standing,
				suiteStatus: 'active',
				life: uneventful,
			},
			refusal: null,
			reason: null,
		});
		assert.equal((await ehr.verifyAnchor({ record, opening: amended })).verdict.standing, 'current');
	});

	test('a forged opening is refused with the reason in code and words', async () => {
		const version = (number) => ({ header: { ...opening.header, version: number } });
		const mismatch = (anchored, presented) => ({ suiteMismatch: { anchored, presented } });
		const differs = 'content, salt, header or network differ from what was anchored';
		const [raw, fhir] = ['raw', 'fhir-static-root'];
		const refusals = [
			[{ salt: random(32) }, 'commitmentMismatch', differs],
			[{ suite: raw }, mismatch(fhir, raw), 'anchored under the suite FhirStaticRoot, presented under Raw'],
			[version(2), mismatch(raw, fhir), 'anchored under the suite Raw, presented under FhirStaticRoot'],
			[version(3), { versionNotFound: { current: 2 } }, 'no such version; the newest is 2'],
		];
		for (const [change, refusal, reason] of refusals) {
			const answer = await chain.node.ehr.verifyAnchor({ record, opening: { ...opening, ...change } });
			assert.deepEqual(answer, { verified: false, verdict: null, refusal, reason });
		}
		const { refusal } = await chain.node.ehr.verifyAnchor({ record: random(16), opening });
		assert.equal(refusal, 'recordNotFound');
	});

	test('a log before its first checkpoint', async () => {
		const { at, head, ...log } = await chain.node.ehr.log({ custodian: 0, kind: 'device-stream' });
		assert.match(at, ISO_8601);
		assert.deepEqual(log, { custodian: 0, kind: 'device-stream', checkpoints: '0' });
		assert.deepEqual(head.size, '0');
		assert.match(head.root, /^0xe3b0c442[0-9a-f]{56}$/);
		const checkpoints = await chain.node.ehr.checkpoints({ custodian: 0, kind: 'device-stream' });
		assert.deepEqual(checkpoints, { items: [], next: null });
	});

	test('a proof is what the node itself reads and proves under the listed keys', async () => {
		const { parentHash, stateRoot } = await chain.rpc('chain_getHeader', anchoredIn);
		const proofs = [
			await chain.rpc('ehr_proveAnchor', record, 1, anchoredIn),
			await chain.rpc('ehr_proveLog', 0, 'device-stream', anchoredIn),
			await chain.rpc('ehr_proveAnchor', random(16), 1, anchoredIn),
			await chain.rpc('registry_proveOrganisation', 0, anchoredIn),
		];
		for (const { block, header, items, nodes } of proofs) {
			assert.equal(block, anchoredIn);
			assert.ok(header.startsWith(parentHash) && header.includes(stateRoot.slice(2)));
			const keys = items.map(({ key }) => key);
			const { at, proof } = await chain.rpc('state_getReadProof', keys, anchoredIn);
			assert.deepEqual([at, proof.sort()], [anchoredIn, nodes.sort()]);
			for (const { key, value } of items) {
				assert.equal(value, await chain.rpc('state_getStorage', key, anchoredIn));
			}
		}
		const [{ items }, , absent, organisation] = proofs;
		// Layout, record, version, life, network, four suites, time.
		const unwritten = [false, false, false, true, false, true, true, true, true, false];
		assert.deepEqual(items.map(({ value }) => value === null), unwritten, 'nothing happened to it, and all suites are active');
		assert.ok(items[2].value.startsWith(committed[0]), 'a version begins with its commitment');
		assert.deepEqual(absent.items.map(({ value }) => value === null), unwritten.map((is, index) => is || index === 1 || index === 2));
		// Layout, organisation, its succession, time.
		assert.deepEqual(organisation.items.map(({ value }) => value === null), [false, false, true, false], 'nobody took over from it');
	});

	test('a block is asked about its own state', async () => {
		const { parentHash } = await chain.rpc('chain_getHeader', anchoredIn);
		assert.equal((await chain.rpcError('ehr_anchor', [record, parentHash])).code, NotFound);
		assert.equal((await chain.rpc('ehr_anchor', record, anchoredIn)).version, 1);
		const genesis = await chain.rpc('chain_getBlockHash', 0);
		assert.equal((await chain.rpc('registry_organisations', null, null, genesis)).items.length, 11);
	});

	test('parameters can be given by name', async () => {
		const byName = await chain.node.registry.organisations({ limit: 2 });
		assert.deepEqual(byName, await chain.rpc('registry_organisations', null, 2));
		const verified = await chain.node.ehr.verifyAnchor({ opening, record });
		assert.deepEqual(verified, await chain.rpc('ehr_verifyAnchor', record, opening));
		assert.equal((await chain.rpcError('ehr_anchor', {})).code, InvalidParameter);
	});

	test('what does not exist is not found', async () => {
		const missing = [
			['organisation', 'registry_organisation', 99],
			['organisation', 'registry_succession', 99],
			['member', 'registry_member', address('//Mallory')],
			['licence', 'registry_licence', 9_999],
			['record', 'ehr_anchor', random(16)],
			['log', 'ehr_log', 1, 'records'],
		];
		for (const [what, method, ...params] of missing) {
			const { code, message } = await chain.rpcError(method, params);
			assert.deepEqual([code, message], [NotFound, `${NotFound}: ${what} not found`]);
		}
	});

	test('a limit out of range is refused by every list', async () => {
		const lists = [
			['registry_organisations'],
			['registry_members', 0],
			['registry_licences', { organisation: 0 }],
			['registry_issuers'],
			['ehr_versions', record],
			['ehr_checkpoints', 0, 'records'],
		];
		for (const [method, ...params] of lists) {
			for (const limit of [0, 257, 2 ** 32 - 1]) {
				const { code } = await chain.rpcError(method, [...params, null, limit]);
				assert.equal(code, LimitOutOfRange, `${method} ${limit}`);
			}
		}
	});

	test('an unknown block is refused', async () => {
		const block = random(32);
		const questions = [
			['ehr_networkId'],
			['ehr_anchor', record],
			['ehr_proveAnchor', record, 1],
			['ehr_proveLog', 0, 'records'],
			['registry_proveOrganisation', 0],
			['registry_organisation', 0, null],
		];
		for (const [method, ...params] of questions) {
			assert.equal((await chain.rpcError(method, [...params, block])).code, UnknownBlock, method);
		}
	});

	test('a wrong parameter is refused', async () => {
		const wrong = [
			['registry_organisation', 'first'],
			['registry_organisation', -1],
			['registry_organisation', 0, 'yesterday'],
			['registry_organisation', 0, null, '0x12'],
			['registry_organisation'],
			['registry_organisations', 'next', 3],
			['registry_organisations', null, 'three'],
			['registry_member', '5Grwva'],
			['registry_licences', { hospital: 0 }],
			['registry_capability', { organisation: 0 }, 'Operate'],
			['registry_capability', { organisation: 0 }, 'AnchorRecords', 'Greece'],
			['ehr_anchor', random(15)],
			['ehr_anchor', record.slice(2)],
			['ehr_log', 0, 'Records'],
			['ehr_verifyAnchor', record, { ...opening, salt: random(31) }],
			['ehr_verifyAnchor', record, { ...opening, suite: 'md5' }],
			['ehr_verifyAnchor', record, { ...opening, header: { ...opening.header, class: 'a name' } }],
		];
		for (const [method, ...params] of wrong) {
			const { code } = await chain.rpcError(method, params);
			assert.equal(code, InvalidParameter, `${method} ${JSON.stringify(params)}`);
		}
	});

	test('a cursor that is none of ours ends the list', async () => {
		const lists = [['registry_organisations'], ['registry_members', 0], ['ehr_versions', record]];
		for (const [method, ...params] of lists) {
			const page = await chain.rpc(method, ...params, '0xdeadbeefdeadbeef', 3);
			assert.deepEqual(page, { items: [], next: null }, method);
		}
	});

	test('polkadot.js calls the methods by their definitions', async () => {
		const { registry, ehr } = chain.api.rpc;
		assert.deepEqual((await registry.organisation(0)).toJSON(), await chain.rpc('registry_organisation', 0));
		assert.equal((await registry.organisations(null, 2)).toJSON().items.length, 2);
		assert.equal((await ehr.networkId()).toUtf8(), 'epidaurus development network id');
		assert.equal((await ehr.verifyAnchor(record, opening)).toJSON().verified, true);
		assert.equal((await ehr.anchor(record, anchoredIn)).toJSON().version, 1);
		const officer = await registry.member(address('//Alice//records'));
		assert.deepEqual(officer.toJSON().roles, ['Records']);
	});
}, { rpc });
