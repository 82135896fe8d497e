// SPDX-License-Identifier: Apache-2.0
// The fenced blocks of a page in Markdown, and a shell that runs them one after the other.
//
// ```sh            run; exit=N expects that exit code, needs=a,b passes it over where these programs are missing
// ```sh setup      not run: what the tests have done before; ```sh node: starts the node
// ```js file=NAME  written to a file, like sh with file=NAME
// ```text          what the block before writes to its standard output; … stands for anything

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FENCE = /^```(\w+)(?: (.*))?\n([^]*?)^```$/gm;
/** The node's address on the page. */
const ADDRESS = '127.0.0.1:9944';
/** Milliseconds for one block. */
const PATIENCE = 120_000;

/** Each block with its options, in order; `output` is what it should write, where the page says so. */
export function blocksOf(page) {
	const blocks = [];
	for (const [, language, words = '', text] of page.matchAll(FENCE)) {
		const options = Object.fromEntries(words.split(' ').filter(Boolean).map((word) => word.split('=')));
		if (language !== 'text') blocks.push({ language, text, options });
		else blocks.at(-1).output = text;
	}
	return blocks;
}

/** Whether a text is as the page shows it. */
export function isAsShown(shown, text) {
	const escaped = shown.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '[^\\n]*');
	return new RegExp(`^${escaped}$`, 'u').test(text.trim());
}

/** A folder, and a shell in it that remembers folder and variables from block to block. */
export class Shell {
	#folder = mkdtempSync(join(tmpdir(), 'epidaurus-docs-'));
	#work = join(this.#folder, 'work');
	#address;
	#env;

	/** `programs` are put on the path by name, `modules` are folders that Node.js finds by name. */
	constructor({ address, programs, modules, variables }) {
		this.#address = address;
		for (const folder of ['bin', 'work', 'work/node_modules']) mkdirSync(join(this.#folder, folder));
		for (const [name, path] of Object.entries(programs)) symlinkSync(path, join(this.#folder, 'bin', name));
		for (const [name, path] of Object.entries(modules)) symlinkSync(path, join(this.#work, 'node_modules', name));
		// Scripts of the page are modules.
		writeFileSync(join(this.#work, 'package.json'), '{ "type": "module" }');
		const { HOME, PATH } = process.env;
		this.#env = { HOME, LANG: 'C.UTF-8', PATH: `${join(this.#folder, 'bin')}:${PATH}`, ...variables };
	}

	has(program) {
		return spawnSync('bash', ['-c', `command -v ${program}`], { env: this.#env }).status === 0;
	}

	write(name, text) {
		writeFileSync(join(this.#work, name), this.#here(text));
	}

	/** Runs commands until one fails. */
	run(text) {
		const state = join(this.#folder, 'state');
		// Every variable is exported, so that the next block has it.
		const script = `set -aeuo pipefail
			cd "${this.#work}"; [ ! -e "${state}" ] || . "${state}"
			trap '{ export -p; echo "cd \\"$PWD\\""; } > "${state}"' EXIT\n${this.#here(text)}`;
		const options = { cwd: this.#folder, encoding: 'utf8', env: this.#env, timeout: PATIENCE };
		const { error, status, stdout, stderr } = spawnSync('bash', ['-c', script], options);
		if (error) throw error;
		return { status, stdout, stderr };
	}

	remove() {
		rmSync(this.#folder, { recursive: true, force: true, maxRetries: 10 });
	}

	#here(text) {
		return text.replaceAll(ADDRESS, this.#address);
	}
}

/** Runs a block and compares what comes of it with what the page says. */
export function perform(shell, { text, options, output }) {
	const { status, stdout, stderr } = shell.run(text);
	assert.equal(status, Number(options.exit ?? 0), `${text}\n${stdout}\n${stderr}`);
	if (output) assert.ok(isAsShown(output, stdout), `${text}\nshould write\n${output}\nbut writes\n${stdout}\n${stderr}`);
}

/** Folders of installed modules by name. */
export function installed(folder) {
	const names = readdirSync(folder).filter((name) => !name.startsWith('.'));
	return Object.fromEntries(names.map((name) => [name, join(folder, name)]));
}
