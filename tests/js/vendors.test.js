// SPDX-License-Identifier: Apache-2.0
// docs/vendors.md is true: every command on it is run against a node of its own, and its tables are compared with the chain.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { describeChain } from './chain.js';
import { blocksOf, installed, isAsShown, perform, Shell } from './fences.js';
import { random } from './hashing.js';
import { binary, startNodeOfOneself } from './node.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const read = (path) => readFileSync(here(path), 'utf8');
const page = read('../../docs/vendors.md');
const blocks = blocksOf(page);

/** Rows of the table whose head begins like this, each a list of its cells. */
function table(head) {
	const lines = page.split('\n');
	const rows = lines.slice(lines.findIndex((line) => line.startsWith(head)) + 2);
	const end = rows.findIndex((line) => !line.startsWith('|'));
	return rows.slice(0, end).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
}

describe('vendors', { timeout: 600_000 }, () => {
	const isOfNode = ({ options }) => 'node' in options;
	let node, shell;

	before(async () => {
		const [program, ...options] = blocks.find(isOfNode).text.trim().split(/\s+/);
		assert.equal(program, 'epidaurus');
		node = await startNodeOfOneself(options);
		const epid = process.env.EPID_BIN || join(dirname(binary()), 'epid');
		shell = new Shell({
			address: new URL(node.url).host,
			programs: { epid, epidaurus: binary(), node: process.execPath },
			modules: { ...installed(here('node_modules')), 'epidaurus-client': here('../../client/typescript') },
			variables: { EPID_NODE: node.url, EPIDAURUS: here('../..') },
		});
	});

	after(() => {
		shell?.remove();
		node?.stop();
	});

	test('what must be there before is what make and npm bring', () => {
		const setups = blocks.filter(({ options }) => 'setup' in options).map(({ text }) => text).join('\n');
		const [, goal] = /^make (\w+)$/m.exec(setups);
		assert.match(read('../../Makefile'), new RegExp(`^${goal}:`, 'm'));
		const { dependencies } = JSON.parse(read('package.json'));
		assert.ok(setups.includes(`@polkadot/api@${dependencies['@polkadot/api']} `), setups);
		assert.equal(JSON.parse(read('../../client/typescript/package.json')).name, 'epidaurus-client');
		assert.equal(blocks.filter(isOfNode).length, 1);
	});

	test('every command works as the page says', async (context) => {
		const heard = blocks.filter(({ options }) => !('setup' in options) && !('node' in options));
		assert.ok(heard.length > 25, `${heard.length} blocks`);
		for (const block of heard) {
			const { language, text, options } = block;
			assert.ok(language === 'sh' || options.file, `${language} needs a file: ${text}`);
			const missing = (options.needs ?? '').split(',').filter((program) => program && !shell.has(program));
			const name = options.file ?? text.split('\n')[0];
			await context.test(name, { skip: missing.length > 0 && `without ${missing}` }, () => {
				if (options.file) shell.write(options.file, text);
				else perform(shell, block);
			});
		}
	});

	test('output that differs is noticed', () => {
		assert.ok(isAsShown('at …\nthe …, root (x)', 'at 12:00\nthe log, root (x)\n'));
		assert.ok(!isAsShown('at …', 'at 12:00\nand more'));
		assert.ok(!isAsShown('2 new', '3 new'));
	});

	test('the table of RPC errors is the one of the OpenRPC document', () => {
		const { errors } = JSON.parse(read('../../docs/openrpc.json')).components;
		const wanted = Object.entries(errors).map(([name, { code }]) => [String(code), name]);
		const found = table('| code | name |').map(([code, name]) => [code, name]);
		assert.deepEqual(found.sort(), wanted.sort());
	});
});

describeChain('refusals that docs/vendors.md explains', (chain) => {
	const call = () => chain.api.tx.ehr.anchor(random(16), random(32), 'Raw', null);
	const officer = () => chain.key('//Alice//records');

	/** The refusal of a signed transaction, given as hexadecimal. */
	async function refusal(transaction) {
		const { code, data } = await chain.rpcError('author_submitExtrinsic', [transaction]);
		return [String(code), data];
	}

	/** Ways to meet each refusal of the pool. */
	const provoked = {
		'Inability to pay some fees (e.g. account balance too low)': async () => {
			const signed = await call().signAsync(chain.key('//Vendor//without//money'), { nonce: -1 });
			return refusal(signed.toHex());
		},
		'Invalid signing address': async () => {
			const stranger = chain.key('//Vendor//stranger');
			await chain.succeed(chain.key('//Alice'), chain.api.tx.balances.transferKeepAlive(stranger.address, 10n ** 12n));
			return refusal((await call().signAsync(stranger, { nonce: -1 })).toHex());
		},
		'Transaction call is not expected': async () => {
			const signed = await chain.api.tx.registry.suspendLicence(0).signAsync(officer(), { nonce: -1 });
			return refusal(signed.toHex());
		},
		'Transaction is outdated': async () => refusal((await call().signAsync(officer(), { nonce: 0 })).toHex()),
		'Transaction has a bad signature': async () => {
			const genesisHash = random(32);
			const elsewhere = { nonce: -1, genesisHash, era: 0, blockHash: genesisHash };
			return refusal((await call().signAsync(officer(), elsewhere)).toHex());
		},
		'Transaction Already Imported': async () => {
			// With a number that is not up yet, it stays in the pool.
			const nonce = (await chain.api.rpc.system.accountNextIndex(officer().address)).addn(40);
			const future = (await call().signAsync(officer(), { nonce })).toHex();
			await chain.rpc('author_submitExtrinsic', future);
			const { code, message } = await chain.rpcError('author_submitExtrinsic', [future]);
			return [String(code), /Transaction Already Imported/.exec(message)?.[0]];
		},
		'The transaction has too low priority to replace another transaction already in the pool.': async () => {
			const patient = chain.key('//Vendor//patient');
			await chain.succeed(chain.key('//Bob//records'), chain.api.tx.subjects.enrol(random(32), patient.publicKey));
			// The same act again, before a block has the first one. Blocks come often, so that it may take a few attempts.
			for (let nonce = 0; nonce < 40; nonce += 2) {
				const again = [nonce, nonce + 1].map((nonce) => chain.api.tx.subjects.proveKey().signAsync(patient, { nonce }));
				const [first, second] = (await Promise.all(again)).map((signed) => signed.toHex());
				await chain.rpc('author_submitExtrinsic', first);
				try {
					await chain.rpc('author_submitExtrinsic', second);
				} catch ({ code, data }) {
					return [String(code), data];
				}
			}
			return [];
		},
	};

	test('the pool refuses as the table says', async () => {
		await chain.succeed(officer(), call());
		const rows = table('| code | data |');
		assert.deepEqual(rows.map(([, data]) => data).sort(), Object.keys(provoked).sort());
		for (const [code, data] of rows) {
			assert.deepEqual(await provoked[data](), [code, data]);
		}
	});

	test('the errors of calls are those of the metadata', () => {
		const named = table('| error | what you do |').flatMap(([cell]) => [...cell.matchAll(/`([\w.]+)`/g)].map(([, name]) => name));
		assert.ok(named.length > 10);
		let pallet;
		for (const name of named) {
			const [first, second] = name.split('.');
			pallet = second ? first.toLowerCase() : pallet;
			assert.ok(chain.api.errors[pallet][second ?? first], name);
		}
	});
});
