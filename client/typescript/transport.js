// SPDX-License-Identifier: Apache-2.0
// How requests reach a node, and what can come back instead of an answer.

/** The node answered with an error. `code` and `data` are those of JSON-RPC. */
export class RpcError extends Error {
	constructor({ code, message, data }) {
		super(message);
		this.name = 'RpcError';
		this.code = code;
		this.data = data;
	}
}

/** No answer came: the node is down, unreachable, too slow, or something else listens there. Nothing is known of the request. */
export class Unreachable extends Error {
	constructor(url, cause) {
		super(`no answer from ${url}: ${cause?.cause?.code ?? cause?.message ?? cause}`, { cause });
		this.name = 'Unreachable';
	}
}

/**
 * Sends requests to a node over HTTP, one by one. All methods of the client only read: a request can be repeated.
 * @param {string} url such as `http://127.0.0.1:9944`
 * @param {{ timeout?: number }} [options] milliseconds to wait for an answer
 */
export function overHttp(url, { timeout = 30_000 } = {}) {
	let id = 0;
	return async (method, params) => {
		let answer;
		try {
			const response = await fetch(url, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params }),
				signal: AbortSignal.timeout(timeout),
			});
			if (!response.ok) throw new Error(`HTTP status ${response.status}`);
			answer = await response.json();
		} catch (error) {
			throw new Unreachable(url, error);
		}
		if (answer.error) throw new RpcError(answer.error);
		return answer.result;
	};
}

/**
 * Every item of a list, page after page: `each((cursor) => node.registry.organisations({ cursor }))`.
 * @param {(cursor: string | null) => Promise<{ items: unknown[], next: string | null }>} ask
 */
export async function* each(ask) {
	let cursor = null;
	do {
		const page = await ask(cursor);
		yield* page.items;
		cursor = page.next;
	} while (cursor !== null);
}
