// SPDX-License-Identifier: Apache-2.0
// The generated client, without a node: it is what the document generates, its types hold, its transport tells failures apart.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { each, Epidaurus, ErrorCode, overHttp, RpcError, Unreachable } from '../../client/typescript/epidaurus.js';
import { typeOf } from '../../client/typescript/generate.js';
import { isOf } from './schema.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const run = (...args) => spawnSync(process.execPath, args, { encoding: 'utf8' });
const document = JSON.parse(readFileSync(here('../../docs/openrpc.json'), 'utf8'));

/** Answers one request at a time with what `reply` makes of it. */
async function withServer(reply, use) {
	const server = createServer(async (request, response) => {
		let body = '';
		for await (const part of request) body += part;
		const { status = 200, text } = await reply(JSON.parse(body));
		response.writeHead(status, { 'content-type': 'application/json' }).end(text);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	try {
		await use(`http://127.0.0.1:${server.address().port}`);
	} finally {
		server.closeAllConnections();
		server.close();
	}
}

const result = (value) => ({ text: JSON.stringify({ jsonrpc: '2.0', id: 1, result: value }) });

describe('client', () => {
	test('generating it again gives the same bytes', () => {
		const { status, stderr } = run(here('../../client/typescript/generate.js'), '--check');
		assert.equal(status, 0, stderr);
	});

	test('its types hold, and refuse what the node would refuse', () => {
		const { status, stdout } = run(here('node_modules/typescript/bin/tsc'), '--project', here('types/tsconfig.json'));
		assert.equal(status, 0, stdout);
	});

	test('a schema that the generator does not know is not passed over', () => {
		assert.throws(() => typeOf({ type: 'string', contentEncoding: 'base64' }), /contentEncoding/);
		assert.throws(() => typeOf({ type: 'tuple' }), /tuple/);
		assert.throws(() => isOf({}, { minLength: 3 }, 'x'), /minLength/);
		assert.equal(typeOf({ type: ['string', 'null'] }), 'string | null');
		const list = { type: 'array', items: { type: 'string' }, minItems: 2 };
		assert.deepEqual([typeOf(list), typeOf({ ...list, maxItems: 2 })], ['Array<string>', '[string, string]']);
	});

	test('it has every method and every error code of the document', async () => {
		const sent = [];
		const node = new Epidaurus(async (method, params) => sent.push([method, params]));
		for (const { name } of document.methods) {
			const [domain, method] = name.split('_');
			await node[domain][method]({ block: null });
		}
		assert.deepEqual(sent, document.methods.map(({ name }) => [name, { block: null }]));
		const codes = Object.entries(document.components.errors).map(([name, { code }]) => [name, code]);
		assert.deepEqual(new Map(Object.entries(ErrorCode)), new Map(codes.sort(([, one], [, other]) => one - other)));
		await node.registry.organisations();
		assert.deepEqual(sent.at(-1), ['registry_organisations', {}], 'what needs nothing can be called with nothing');
	});

	test('an answer, an error and no answer are told apart', async () => {
		const replies = {
			ehr_networkId: result('0x07'),
			ehr_anchor: { text: '{"jsonrpc":"2.0","id":1,"error":{"code":26001,"message":"record not found"}}' },
			ehr_log: { status: 502, text: 'Bad Gateway' },
			ehr_versions: { text: 'no JSON' },
		};
		let url;
		await withServer(({ method }) => replies[method], async (address) => {
			url = address;
			const { ehr } = new Epidaurus(overHttp(url));
			assert.equal(await ehr.networkId(), '0x07');
			const notFound = { name: 'RpcError', code: ErrorCode.NotFound, message: 'record not found' };
			await assert.rejects(ehr.anchor({ record: '0x00' }), (error) => {
				assert.ok(error instanceof RpcError);
				return Object.entries(notFound).every(([name, value]) => error[name] === value);
			});
			await assert.rejects(ehr.log({ custodian: 0, kind: 'records' }), Unreachable);
			await assert.rejects(ehr.versions({ record: '0x00' }), Unreachable);
		});
		await assert.rejects(new Epidaurus(overHttp(url)).ehr.networkId(), Unreachable);
	});

	test('a node that does not answer in time is unreachable', async () => {
		await withServer(() => new Promise(() => {}), async (url) => {
			await assert.rejects(new Epidaurus(overHttp(url, { timeout: 50 })).ehr.networkId(), Unreachable);
		});
	});

	test('a list is gone through page by page', async () => {
		const pages = { null: { items: [1, 2], next: '0xaa' }, '0xaa': { items: [3], next: null } };
		const found = [];
		for await (const item of each(async (cursor) => pages[cursor])) found.push(item);
		assert.deepEqual(found, [1, 2, 3]);
	});
});
