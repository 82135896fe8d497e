// SPDX-License-Identifier: Apache-2.0
// Only type-checked: what a vendor's code may and may not write.

import {
	each,
	Epidaurus,
	ErrorCode,
	overHttp,
	RpcError,
	type AnchorView,
	type LogKind,
	type Opening,
	type RecordStanding,
} from '../../../client/typescript/epidaurus.js';

const node = new Epidaurus(overHttp('http://127.0.0.1:9944', { timeout: 1_000 }));

export async function understood(record: string, opening: Opening): Promise<string> {
	const anchor: AnchorView = await node.ehr.anchor({ record });
	const standing: RecordStanding = anchor.standing;
	if (typeof standing === 'object') return `version ${standing.amended.current.toFixed()}`;
	const { verdict, refusal } = await node.ehr.verifyAnchor({ record, opening, block: null });
	const at: string | undefined = verdict?.anchoredAt;
	return at ?? (typeof refusal === 'string' ? refusal : 'refused');
}

export async function names(): Promise<Array<string | null>> {
	const found: Array<string | null> = [];
	for await (const { gln } of each((cursor) => node.registry.organisations({ cursor }))) found.push(gln);
	return found;
}

export async function troubles(record: string): Promise<string[]> {
	const { disputes, requests, erasure } = await node.ehr.life({ record });
	const answers = requests.map(({ answered }) => (answered && 'denied' in answered.answer ? answered.answer.denied.reason : 'open'));
	const members: [string, string] | undefined = erasure?.attestedBy;
	return [...disputes.map(({ openedAt }) => openedAt), ...answers, ...(members ?? [])];
}

export async function proven(organisation: number): Promise<Array<string | null>> {
	const { items } = await node.registry.proveOrganisation({ organisation });
	return items.map(({ value }) => value);
}

export async function statusOf(key: string): Promise<string> {
	const { status } = await node.subjects.subjectByKey({ key });
	return typeof status === 'object' ? `merged: ${status.merged.link}` : status;
}

export const isMissing = (error: unknown): boolean => error instanceof RpcError && error.code === ErrorCode.NotFound;

export const header: Opening['header'] = { class: 'Observation', version: 1 };

// @ts-expect-error a record must be given
void node.ehr.anchor({});
// @ts-expect-error no such log
export const kind: LogKind = 'diary';
// @ts-expect-error counts are decimal strings
void node.ehr.verifyLog({ custodian: 0, kind: 'records', opening: {} as Opening, proof: { sequence: 1, head: { size: '1', root: '0x' }, path: [] } });
// @ts-expect-error a holder is an organisation or a member
void node.registry.licences({ holder: { person: 1 } });
// @ts-expect-error there is no such method
void node.registry.remove;
