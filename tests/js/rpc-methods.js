// SPDX-License-Identifier: Apache-2.0
// Our RPC methods as polkadot.js wants them in its option `rpc`: they become `api.rpc.registry.*`, `api.rpc.ehr.*` and so on.
// Made from the OpenRPC document.

import { readFileSync } from 'node:fs';

const { methods, components } = JSON.parse(readFileSync(new URL('../../docs/openrpc.json', import.meta.url), 'utf8'));

const DIGITS_OF_32_BYTES = '{64}$';

/** The schema without references and without the alternative `null`. */
function resolved(schema) {
	if (schema.anyOf) return resolved(schema.anyOf.find(({ type }) => type !== 'null'));
	return schema.$ref ? resolved(components.schemas[schema.$ref.split('/').at(-1)]) : schema;
}

/** The type under which polkadot.js sends a value of this schema as we want it. */
function typeOf(schema) {
	const { type, pattern = '', oneOf } = resolved(schema);
	const types = [type].flat();
	if (JSON.stringify(schema).includes('/Account"')) return 'AccountId';
	if (types.includes('integer')) return 'u32';
	if (pattern.startsWith('^0x')) return pattern.endsWith(DIGITS_OF_32_BYTES) ? 'H256' : 'Bytes';
	const isWord = types.includes('string') || oneOf?.every((variant) => typeof variant.const === 'string');
	return isWord ? 'Text' : 'Json';
}

function parameter({ name, required, schema }) {
	if (name === 'block') return { name, type: 'Hash', isHistoric: true, isOptional: true };
	return required ? { name, type: typeOf(schema) } : { name, type: `Option<${typeOf(schema)}>`, isOptional: true };
}

export const rpc = {};
for (const { name, summary, params, result } of methods) {
	const [domain, method] = name.split('_');
	rpc[domain] ??= {};
	rpc[domain][method] = { description: summary, params: params.map(parameter), type: typeOf(result.schema) };
}

/** Names of all methods, as `registry_organisation`. */
export const methodNames = methods.map(({ name }) => name);
