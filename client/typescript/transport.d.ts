// SPDX-License-Identifier: Apache-2.0
// Types of transport.js.

/** Sends one request and gives its answer; throws {@link RpcError} if the node refuses, {@link Unreachable} if none comes. */
export type Send = (method: string, params: object) => Promise<unknown>;

/** The node answered with an error. `code` and `data` are those of JSON-RPC. */
export class RpcError extends Error {
	constructor(error: { code: number; message: string; data?: unknown });
	readonly code: number;
	readonly data: unknown;
}

/** No answer came: the node is down, unreachable, too slow, or something else listens there. Nothing is known of the request. */
export class Unreachable extends Error {
	constructor(url: string, cause: unknown);
}

/** Sends requests to a node over HTTP, one by one. `timeout` is in milliseconds, 30,000 if left out. */
export function overHttp(url: string, options?: { timeout?: number }): Send;

/** Every item of a list, page after page: `each((cursor) => node.registry.organisations({ cursor }))`. */
export function each<Item>(
	ask: (cursor: string | null) => Promise<{ items: Item[]; next?: string | null }>,
): AsyncGenerator<Item, void, undefined>;
