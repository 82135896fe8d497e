// SPDX-License-Identifier: Apache-2.0
// A connection to the node: submitting calls, and reading what became of them.

import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
import { Epidaurus } from '../../client/typescript/epidaurus.js';
import { startNode } from './node.js';

/** Milliseconds that the tests of one file may take. */
const TIMEOUT = 300_000;

/**
 * Describes the tests of one subject. `tests` receives the chain, which is connected once the first test runs. Subjects
 * share the chain's state: each leaves what others count as it found it.
 * @param {string} name
 * @param {(chain: Chain) => void} tests
 * @param {object} options of the ApiPromise
 */
export function describeChain(name, tests, options = {}) {
	describe(name, { timeout: TIMEOUT }, () => {
		const chain = new Chain();
		before(() => chain.start(options));
		tests(chain);
		after(() => chain.stop());
	});
}

class Chain {
	async start(options) {
		const { url } = await startNode();
		// Reconnecting would hide that the node went away.
		const provider = new WsProvider(url, false);
		await provider.connect();
		// What polkadot.js prints at the start is tested in connection.test.js.
		this.api = await ApiPromise.create({ provider, noInitWarn: true, throwOnConnect: true, ...options });
		this.provider = provider;
		// The client for vendors, over this connection.
		this.node = new Epidaurus((method, params) => provider.send(method, params));
		this.keyring = new Keyring({ type: 'sr25519', ss58Format: 42 });
	}

	async stop() {
		await this.api?.disconnect();
	}

	/** The key derived from the well-known development phrase, such as `//Alice`. */
	key(path) {
		return this.keyring.addFromUri(path);
	}

	/** Result of an RPC method; a refusal is thrown with its code. */
	rpc(method, ...params) {
		return this.provider.send(method, params);
	}

	/** The error of an RPC method that must fail. Parameters are a list, or an object by name. */
	async rpcError(method, params) {
		try {
			const result = await this.provider.send(method, params);
			assert.fail(`${method} should fail but answers ${JSON.stringify(result)}`);
		} catch (error) {
			if (typeof error.code !== 'number') throw error;
			return error;
		}
	}

	/** Submits a signed call, waits until it is final, and gives its block and its events. It must succeed. */
	async succeed(signer, call) {
		const result = await this.#submit(signer, call);
		assert.equal(this.errorName(result.dispatchError), null, `${call.method.section}.${call.method.method}`);
		return { block: result.status.asFinalized.toHex(), events: result.events.map(({ event }) => event) };
	}

	/** Submits a signed call that gets into a block and fails there; gives the error's name, such as `ehr.NotFound`. */
	async fail(signer, call) {
		return this.errorName((await this.#submit(signer, call)).dispatchError);
	}

	/** Submits a signed call that must not get into the pool; gives the RPC error. */
	async refused(signer, call) {
		const signed = await call.signAsync(signer, { nonce: -1 });
		return this.rpcError('author_submitExtrinsic', [signed.toHex()]);
	}

	/** Name of a dispatch error; null if there is none. */
	errorName(error) {
		if (!error) return null;
		if (!error.isModule) return error.toString();
		const { section, name } = this.api.registry.findMetaError(error.asModule);
		return `${section}.${name}`;
	}

	#submit(signer, call) {
		return new Promise((resolve, reject) => {
			const watch = (result) => {
				if (result.isFinalized) resolve(result);
				if (result.isError) reject(new Error(`the pool gave the transaction up: ${result.status.type}`));
			};
			call.signAndSend(signer, { nonce: -1 }, watch).catch(reject);
		});
	}
}

/** The fields by name of the one event of this kind, such as `ehr.RecordAnchored`. */
export function fieldsOf(events, name) {
	const found = events.filter((event) => `${event.section}.${event.method}` === name);
	const all = events.map((event) => `${event.section}.${event.method}`).join(', ');
	assert.equal(found.length, 1, `one ${name} is expected among ${all}`);
	const { data } = found[0];
	// polkadot.js appends an underscore to names that its own objects have, such as `size` and `new`.
	return Object.fromEntries(data.names.map((field, place) => [field.replace(/_$/, ''), data[place].toJSON()]));
}
