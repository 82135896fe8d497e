// SPDX-License-Identifier: Apache-2.0
// Our RPC methods as polkadot.js wants them in its option `rpc`: they become `api.rpc.registry.*` and so on.

const optional = (name, type) => ({ name, type: `Option<${type}>`, isOptional: true });
const block = { name: 'block', type: 'Hash', isHistoric: true, isOptional: true };
const page = [optional('cursor', 'Bytes'), optional('limit', 'u32'), block];
const at = optional('at', 'Text');
const given = (name, type) => ({ name, type });
const log = [given('custodian', 'u32'), given('kind', 'Text')];

const method = (description, params, type = 'Json') => ({ description, params, type });

export const rpc = {
	registry: {
		organisation: method('One organisation', [given('organisation', 'u32'), at, block]),
		organisations: method('All organisations', page),
		member: method('The membership of an account', [given('account', 'AccountId'), at, block]),
		members: method('Members of an organisation', [given('organisation', 'u32'), ...page]),
		licence: method('One licence', [given('licence', 'u32'), block]),
		licences: method('Licences of a holder', [given('holder', 'Json'), ...page]),
		issuers: method('Recognised issuers', page),
		capability: method('Whether the holder may act', [
			given('holder', 'Json'),
			given('capability', 'Text'),
			optional('jurisdiction', 'Text'),
			at,
			block,
		]),
		proveOrganisation: method('What proves an answer about an organisation', [given('organisation', 'u32'), block]),
	},
	subjects: {
		subject: method('A subject', [given('subject', 'H256'), block]),
		subjectByKey: method('The subject of a key', [given('key', 'AccountId'), block]),
		key: method('The key of a subject at a moment', [given('subject', 'H256'), at, block]),
		rebind: method('The pending re-binding of a subject', [given('subject', 'H256'), block]),
		quota: method('Calls without a fee of a custodian', [given('custodian', 'u32'), block]),
	},
	ehr: {
		networkId: method('The network that commitments are made for', [block], 'H256'),
		anchor: method('An anchored record', [given('record', 'Bytes'), block]),
		versions: method('Versions of a record', [given('record', 'Bytes'), ...page]),
		verifyAnchor: method('Whether an opening fits', [given('record', 'Bytes'), given('opening', 'Json'), block]),
		life: method('What happened to a record since', [given('record', 'Bytes'), block]),
		suites: method('Hash suites with how far they may be trusted', [block]),
		log: method('A log', [...log, block]),
		checkpoints: method('Checkpoints of a log', [...log, ...page]),
		verifyLog: method('Whether an opening stands in a log', [
			...log,
			given('opening', 'Json'),
			given('proof', 'Json'),
			block,
		]),
		proveAnchor: method('What proves an answer about an anchor', [
			given('record', 'Bytes'),
			given('version', 'u32'),
			block,
		]),
		proveLog: method('What proves an answer about a log', [...log, block]),
	},
};

/** Names of all methods, as `registry_organisation`. */
export const methodNames = Object.entries(rpc).flatMap(([domain, methods]) =>
	Object.keys(methods).map((name) => `${domain}_${name}`),
);
