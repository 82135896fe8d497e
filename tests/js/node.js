// SPDX-License-Identifier: Apache-2.0
// Starts the built node as a development chain of its own, on free ports and in a temporary directory, and ends it.

import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds within which the node must answer, have a block and end. A debug build compiles the runtime first. */
const PATIENCE = 120_000;
const LISTENING = /Running JSON-RPC server: addr=(127\.0\.0\.1:\d+)/;

function binary() {
	const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
	const target = process.env.CARGO_TARGET_DIR || join(cache, 'epidaurus', 'target');
	return process.env.EPIDAURUS_BIN || join(target, 'debug', 'epidaurus');
}

/** A running node. */
export class Node {
	#directory = mkdtempSync(join(tmpdir(), 'epidaurus-js-'));
	#log = join(this.#directory, 'log.txt');
	#child;
	#ended = null;
	#atExit = (code) => this.#cleanUp(code);

	/**
	 * Starts a node that seals a block for each transaction, and waits until its first block is final.
	 * @returns {Promise<Node>}
	 */
	static async start() {
		const node = new Node();
		try {
			node.#spawn();
			const address = await node.#until('line with the RPC address', () => LISTENING.exec(node.log)?.[1]);
			node.url = `ws://${address}`;
			await node.#until('final block', () => hasFinalised(`http://${address}`));
			return node;
		} catch (error) {
			await node.stop();
			throw error;
		}
	}

	/** What the node wrote so far. */
	get log() {
		return readFileSync(this.#log, 'utf8');
	}

	/** Ends the node. Its directory goes when the tests of this file have ended, with the log's tail if one failed. */
	async stop() {
		if (this.#child?.pid === undefined || this.#ended) return;
		this.#child.kill('SIGTERM');
		await this.#until('end of the node', () => this.#ended, true);
	}

	#spawn() {
		const output = openSync(this.#log, 'w');
		const ports = ['--rpc-port', '0', '--port', '0', '--no-prometheus'];
		const base = ['--base-path', join(this.#directory, 'base')];
		this.#child = spawn(binary(), ['--dev', '--instant-seal', '--disable-log-color', ...ports, ...base], {
			stdio: ['ignore', output, output],
		});
		closeSync(output);
		this.#child.once('error', (error) => (this.#ended = `could not be started: ${error.message}`));
		this.#child.once('exit', (code, signal) => (this.#ended ??= `ended with ${signal ?? code}`));
		process.once('exit', this.#atExit);
	}

	async #until(what, ask, ending = false) {
		const deadline = Date.now() + PATIENCE;
		while (Date.now() < deadline) {
			const answer = await ask();
			if (answer) return answer;
			if (this.#ended && !ending) throw new Error(`the node ${this.#ended} (${binary()})`);
			await sleep(50);
		}
		throw new Error(`no ${what} within ${PATIENCE / 1000} s`);
	}

	#cleanUp(code) {
		if (!this.#ended) this.#child.kill('SIGKILL');
		const tail = this.log.split('\n').slice(-40).join('\n');
		if (code !== 0) console.error(`The last lines of the node's log:\n${tail}`);
		rmSync(this.#directory, { recursive: true, force: true });
	}
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
