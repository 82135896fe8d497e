// SPDX-License-Identifier: Apache-2.0
// Connecting as the apps UI does: all types load, and polkadot.js prints its two known notices and nothing else.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { printed } from './printed.js';
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
import { startNode } from './node.js';
import { methodNames } from './rpc-methods.js';

/** Methods of the SDK that polkadot.js 16.5.6 does not know. */
const UNKNOWN_SDK_METHODS = [
	'author_rotateKeysWithOwner',
	'bitswap_v1_get',
	'chainHead_v1_body',
	'chainHead_v1_call',
	'chainHead_v1_continue',
	'chainHead_v1_follow',
	'chainHead_v1_header',
	'chainHead_v1_stopOperation',
	'chainHead_v1_storage',
	'chainHead_v1_unfollow',
	'chainHead_v1_unpin',
	'chainSpec_v1_chainName',
	'chainSpec_v1_genesisHash',
	'chainSpec_v1_properties',
	'state_callRecorded',
	'transactionWatch_v1_submitAndWatch',
	'transactionWatch_v1_unwatch',
	'transaction_v1_broadcast',
	'transaction_v1_stop',
];

describe('connection', { timeout: 300_000 }, () => {
	let api;

	before(async () => {
		const { url } = await startNode();
		assert.deepEqual(printed, [], 'nothing is printed while polkadot.js is loaded');
		api = await ApiPromise.create({ provider: new WsProvider(url) });
	});

	after(() => api?.disconnect());

	test('the two known notices are printed', () => {
		const extensions = ['AuthorizeCall', 'CheckMember', 'StorageWeightReclaim'];
		assert.equal(printed.length, 2, printed.join('\n'));
		assert.equal(
			printed.find((line) => line.startsWith('REGISTRY:')),
			`REGISTRY: Unknown signed extensions ${extensions.join(', ')} found, treating them as no-effect`,
		);
		const notice = /^API\/INIT: RPC methods not decorated: (.*)$/;
		const [, methods] = printed.map((line) => notice.exec(line)).find(Boolean);
		assert.deepEqual(methods.split(', ').sort(), [...UNKNOWN_SDK_METHODS, 'rpc.discover', ...methodNames].sort());
	});

	test('our methods are those that the README of the RPC lists', () => {
		const readme = readFileSync(new URL('../../node/rpc/README.md', import.meta.url), 'utf8');
		const listed = [...readme.matchAll(/^\| `([a-z]+_\w+)`/gm)].map(([, name]) => name);
		assert.deepEqual(listed.sort(), [...methodNames].sort());
	});

	test('every type of the metadata can be made', () => {
		const { lookup } = api.registry;
		assert.ok(lookup.types.length > 100);
		for (const { id } of lookup.types) {
			api.registry.createType(lookup.getTypeDef(id).type);
		}
	});

	test('metadata is of the newest version that polkadot.js reads, with every runtime API', () => {
		assert.equal(api.runtimeMetadata.version, 16);
		const apis = api.registry.metadata.apis.map(({ name }) => name.toString());
		for (const name of ['Core', 'Metadata', 'TransactionPaymentApi', 'RegistryApi', 'SubjectsApi', 'EhrApi']) {
			assert.ok(apis.includes(name), `${name} among ${apis}`);
		}
	});

	test('wallets learn token and address format, and sign transactions of version 4', async () => {
		assert.deepEqual(api.registry.chainTokens, ['EPI']);
		assert.deepEqual(api.registry.chainDecimals, [12]);
		assert.equal(api.registry.chainSS58, 42);
		assert.equal((await api.rpc.system.chain()).toString(), 'Epidaurus Development');
		assert.equal(api.runtimeVersion.specName.toString(), 'epidaurus');
		assert.equal(api.consts.balances.existentialDeposit.toBigInt(), 10n ** 9n);
		assert.equal(api.extrinsicVersion, 4);
	});

	test('the first things that the UI asks for are answered', async () => {
		const header = await new Promise((resolve, reject) => {
			api.derive.chain.subscribeNewHeads(resolve).catch(reject);
		});
		assert.ok(header.number.toNumber() > 0);
		assert.ok(header.author, 'the author of a block is known');
		const { block } = await api.derive.chain.getBlock(header.hash);
		assert.ok(block.extrinsics.length >= 2, 'time and validation data');
		assert.ok((await api.derive.accounts.info(header.author)).accountId.eq(header.author));
		assert.ok((await api.derive.balances.all(header.author)).availableBalance.gtn(0));
		assert.equal((await api.rpc.system.health()).peers.toNumber(), 0);
		await api.at(header.hash);
	});

	test('a transaction is signed and gets into a block', async () => {
		const alice = new Keyring({ type: 'sr25519' }).addFromUri('//Alice');
		const { events } = await new Promise((resolve, reject) => {
			const watch = (result) => result.isFinalized && resolve(result);
			api.tx.utility.batch([]).signAndSend(alice, watch).catch(reject);
		});
		assert.ok(events.some(({ event }) => api.events.system.ExtrinsicSuccess.is(event)));
	});

	test('nothing else was printed', () => {
		assert.equal(printed.length, 2, printed.join('\n'));
	});
});
