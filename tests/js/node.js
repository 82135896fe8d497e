// SPDX-License-Identifier: Apache-2.0
// Starts the built node as a development chain of its own, on free ports and in a temporary directory.

import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds within which the node must answer and have a block. A debug build compiles the runtime first. */
const PATIENCE = 120_000;
/** The chain that the tests share, with a block every quarter of a second. */
const DEVELOPMENT = ['--dev', '--dev-block-time', '250'];
/** Blocks whose state can be asked about: more than the tests make. An archive node would have other RPC methods. */
const KEPT_STATES = '1000';
/** What the log says of each block, and while there is nothing to do. */
const ROUTINE = /💤|🙌|🎁|🏆/u;
const LISTENING = /Running JSON-RPC server: addr=(127\.0\.0\.1:\d+)/;

/** The node's binary. */
export function binary() {
	const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
	const target = process.env.CARGO_TARGET_DIR || join(cache, 'epidaurus', 'target');
	return process.env.EPIDAURUS_BIN || join(target, 'debug', 'epidaurus');
}

/** A running node. It ends with this process, and its directory goes; if a test failed, the log's tail is shown. */
class Node {
	#directory = mkdtempSync(join(tmpdir(), 'epidaurus-js-'));
	#log = join(this.#directory, 'log.txt');
	#child;
	#ended = null;

	constructor(chain) {
		const output = openSync(this.#log, 'w');
		const place = ['--base-path', join(this.#directory, 'base'), '--state-pruning', KEPT_STATES];
		const rest = ['--rpc-port', '0', '--port', '0', '--no-prometheus'];
		this.#child = spawn(binary(), [...chain, ...place, ...rest], { stdio: ['ignore', output, output] });
		closeSync(output);
		this.#child.once('error', (error) => (this.#ended = `could not be started: ${error.message}`));
		this.#child.once('exit', (code, signal) => (this.#ended ??= `ended with ${signal ?? code}`));
		this.#child.unref();
		process.once('exit', (code) => this.#cleanUp(code));
	}

	/** Ends the node before this process ends. */
	stop() {
		this.#child.kill('SIGKILL');
	}

	/** Waits until the node has a final block. */
	async ready() {
		const address = await this.#until('line with the RPC address', () => LISTENING.exec(this.#read())?.[1]);
		this.url = `ws://${address}`;
		await this.#until('final block', () => hasFinalised(`http://${address}`));
		return this;
	}

	#read() {
		return readFileSync(this.#log, 'utf8');
	}

	async #until(what, ask) {
		const deadline = Date.now() + PATIENCE;
		while (Date.now() < deadline) {
			const answer = await ask();
			if (answer) return answer;
			if (this.#ended) throw new Error(`the node ${this.#ended} (${binary()})`);
			await sleep(50);
		}
		throw new Error(`no ${what} within ${PATIENCE / 1000} s`);
	}

	#cleanUp(code) {
		this.#child.kill('SIGKILL');
		const tail = this.#read().split('\n').filter((line) => !ROUTINE.test(line)).slice(-40).join('\n');
		rmSync(this.#directory, { recursive: true, force: true, maxRetries: 10 });
		// Last, since nobody may be there to read it any more.
		if (code !== 0) console.error(`The end of the node's log, without what it says of each block:\n${tail}`);
	}
}

let node;

/**
 * The node of this process; the first call starts it.
 * @returns {Promise<{url: string}>}
 */
export function startNode() {
	node ??= startNodeOfOneself(DEVELOPMENT);
	return node;
}

/** A node that is nobody else's, started with these options. */
export function startNodeOfOneself(options) {
	// Without these, a signal would end this process and leave the node.
	for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
	return new Node(options).ready();
}

async function hasFinalised(url) {
	const ask = async (method, params) => {
		const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
		const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
		return (await response.json()).result;
	};
	const header = await ask('chain_getHeader', [await ask('chain_getFinalizedHead', [])]);
	return Number(header.number) > 0;
}
