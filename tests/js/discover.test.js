// SPDX-License-Identifier: Apache-2.0
// The OpenRPC document against the running node: it is the one that is kept, it lists what the node offers, and the example
// of each method is answered in the form that the document states.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { describeChain } from './chain.js';
import { random } from './hashing.js';
import { methodNames } from './rpc-methods.js';
import { isOf } from './schema.js';

const KEPT = new URL('../../docs/openrpc.json', import.meta.url);
const NOT_FOUND = 26001;

describeChain('discovery', (chain) => {
	let document;

	before(async () => {
		document = await chain.rpc('rpc.discover');
		const officer = chain.key('//Alice//records');
		const { ehr, subjects } = chain.api.tx;
		// What the examples ask about, if nobody made it before.
		const examples = [
			['ehr_anchor', ({ record }) => ehr.anchor(record, random(32), 'Raw', null)],
			['ehr_log', () => ehr.openLog('Records')],
			['subjects_subject', ({ subject }) => subjects.enrol(subject, exampleOf('subjects_subjectByKey').key)],
			['subjects_rebind', ({ subject }) => subjects.startRebind(subject, random(32), random(32), Date.now())],
		];
		for (const [name, call] of examples) {
			const params = exampleOf(name);
			const missing = await chain.provider.send(name, params).then(() => false, ({ code }) => code === NOT_FOUND);
			if (missing) await chain.succeed(officer, call(params));
		}
	});

	const exampleOf = (name) => example(document.methods.find((method) => method.name === name));

	/** Parameters of a method's example, by name. */
	function example({ name, examples }) {
		assert.equal(examples.length, 1, `${name} has one example`);
		return Object.fromEntries(examples[0].params.map((param) => [param.name, param.value]));
	}

	test('the node serves the document that is kept', () => {
		assert.deepEqual(document, JSON.parse(readFileSync(KEPT, 'utf8')));
		assert.match(document.openrpc, /^1\./);
	});

	test('the document lists exactly our methods', async () => {
		const listed = document.methods.map(({ name }) => name).sort();
		const domains = new Set(listed.map((name) => name.split('_')[0]));
		const { methods } = await chain.rpc('rpc_methods');
		assert.deepEqual(listed, methods.filter((name) => domains.has(name.split('_')[0])).sort());
		assert.deepEqual(listed, [...methodNames].sort(), 'polkadot.js is told the same');
		assert.ok(methods.includes('rpc.discover'));
	});

	test('every example is answered in the form that the document states', async () => {
		for (const method of document.methods) {
			// Asked about the present: what the examples are about was made just now.
			const { at, ...params } = example(method);
			const answer = await chain.provider.send(method.name, params);
			assert.ok(isOf(document, method.result.schema, answer), `${method.name}: ${JSON.stringify(answer)}`);
			const [{ result }] = method.examples;
			assert.ok(isOf(document, method.result.schema, result.value), `${method.name}: the example's own answer`);
			assert.ok(!isOf(document, method.result.schema, { no: 'answer' }), `${method.name} answers anything`);
		}
	});

	test('the node refuses with the codes that the document lists', async () => {
		const { errors } = document.components;
		const unknown = random(32);
		for (const method of document.methods) {
			const refusals = [[{ ...example(method), block: unknown }, 'UnknownBlock'], [{ block: 7 }, 'InvalidParameter']];
			if (method.params.some(({ name }) => name === 'limit')) {
				refusals.push([{ ...example(method), limit: 257 }, 'LimitOutOfRange']);
			}
			for (const [params, name] of refusals) {
				const { code } = await chain.rpcError(method.name, params);
				assert.equal(code, errors[name].code, `${method.name} ${JSON.stringify(params)}`);
				assert.ok(method.errors.some(({ $ref }) => $ref.endsWith(`/${name}`)), `${method.name} lists ${name}`);
			}
		}
	});
});
