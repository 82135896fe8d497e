// SPDX-License-Identifier: Apache-2.0
// Digests, commitments and log entries, written anew from the formulas, so that two implementations check each other:
//
//   digest     = SHA-256("epidaurus/rec/v1" ‖ suite ‖ len as u64 LE ‖ canonical bytes)
//   commitment = HMAC-SHA-256(salt, "epidaurus/com/v1" ‖ network id ‖ suite ‖ digest ‖ SCALE(header))
//   entry      = SCALE(log kind, sequence, commitment)
//   link key   = HMAC-SHA-256(salt, "epidaurus/lnk/v1")
//   link       = HMAC-SHA-256(link key, "epidaurus/lnk/v1" ‖ network id ‖ record id ‖ subject)
//   second digest     = BLAKE2b-256("epidaurus/rec/v1" ‖ suite ‖ len as u64 LE ‖ canonical bytes)
//   second commitment = HMAC-BLAKE2b-256(salt, "epidaurus/ren/v1" ‖ network id ‖ suite ‖ second digest ‖ SCALE(header))
//   renewed entry     = SCALE(log kind, sequence, commitment, second commitment or none)
//
// Openings have the form of the RPC: hashes as hexadecimal, suites and kinds by name, times in ISO 8601.

import { createHash, createHmac, randomBytes } from 'node:crypto';
import { blake2AsU8a } from '@polkadot/util-crypto';

const SUITES = ['raw', 'fhir-static-root', 'fhir-static-recursive', 'fhir-elements'];
const LOG_KINDS = ['records', 'disclosures', 'device-stream'];
const CONFIDENTIALITIES = 'ULMNRV';

/** Hexadecimal of bytes. */
export const hex = (bytes) => `0x${Buffer.from(bytes).toString('hex')}`;
/** Bytes of hexadecimal. */
export const bytes = (text) => Buffer.from(text.slice(2), 'hex');
/** Random bytes as hexadecimal. */
export const random = (length) => hex(randomBytes(length));
/** SHA-256 of the concatenation. */
export const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();

/** BLAKE2b-256 of the concatenation. */
export const blake2b256 = (...parts) => Buffer.from(blake2AsU8a(Buffer.concat(parts), 256));

const u8 = (value) => Buffer.from([value]);

function u32(value) {
	const buffer = Buffer.alloc(4);
	buffer.writeUInt32LE(value);
	return buffer;
}

function u64(value) {
	const buffer = Buffer.alloc(8);
	buffer.writeBigUInt64LE(BigInt(value));
	return buffer;
}

const option = (value, encode) => (value === null ? u8(0) : Buffer.concat([u8(1), encode(value)]));

/** SCALE of a text of fewer than 64 bytes. */
const text = (value) => Buffer.concat([u8(value.length << 2), Buffer.from(value)]);

/** SCALE of an opening's header. */
export function headerBytes({ subject, class: resource, labels, clinicalTime, version }) {
	return Buffer.concat([
		option(subject, bytes),
		text(resource),
		option(labels.confidentiality, (code) => u8(CONFIDENTIALITIES.indexOf(code))),
		u32(labels.sensitivity),
		option(clinicalTime, (time) => u64(Date.parse(time))),
		u32(version),
	]);
}

/** SCALE of an opening. */
export function openingBytes({ salt, suite, digest, header }) {
	return Buffer.concat([bytes(salt), u8(SUITES.indexOf(suite)), bytes(digest), headerBytes(header)]);
}

/** Digest of a record's canonical bytes, as hexadecimal. */
export function digest(suite, canonical) {
	const content = Buffer.from(canonical);
	return hex(sha256(Buffer.from('epidaurus/rec/v1'), u8(SUITES.indexOf(suite)), u64(content.length), content));
}

/** What the opening opens on the network, as hexadecimal. */
export function commitment(network, opening) {
	const hmac = createHmac('sha256', bytes(opening.salt));
	hmac.update('epidaurus/com/v1').update(bytes(network)).update(u8(SUITES.indexOf(opening.suite)));
	return hex(hmac.update(bytes(opening.digest)).update(headerBytes(opening.header)).digest());
}

/** HMAC of RFC 2104 with BLAKE2b-256, whose block has 128 bytes; for keys that are no longer. */
function hmacBlake2b(key, ...parts) {
	const pad = (byte) => Buffer.alloc(128, byte).map((value, index) => value ^ (key[index] ?? 0));
	return blake2b256(pad(0x5c), blake2b256(pad(0x36), ...parts));
}

/** Digest of a record's canonical bytes under the second hash function, as hexadecimal; not for FHIR elements. */
export function secondDigest(suite, canonical) {
	const content = Buffer.from(canonical);
	return hex(blake2b256(Buffer.from('epidaurus/rec/v1'), u8(SUITES.indexOf(suite)), u64(content.length), content));
}

/** What the opening opens on the network with its second digest, as hexadecimal. */
export function secondCommitment(network, { salt, suite, header }, second) {
	const parts = [Buffer.from('epidaurus/ren/v1'), bytes(network), u8(SUITES.indexOf(suite)), bytes(second)];
	return hex(hmacBlake2b(bytes(salt), ...parts, headerBytes(header)));
}

/** The entry of a renewed log. */
export function renewedEntry(kind, sequence, committed, second) {
	return Buffer.concat([entry(kind, sequence, committed), option(second, bytes)]);
}

/** The link of a record to the subject in the opening's header, as hexadecimal. */
export function subjectLink(network, record, { salt, header }) {
	const domain = 'epidaurus/lnk/v1';
	const key = createHmac('sha256', bytes(salt)).update(domain).digest();
	const hmac = createHmac('sha256', key).update(domain).update(bytes(network)).update(bytes(record));
	return hex(hmac.update(bytes(header.subject)).digest());
}

/** The entry of a log. */
export function entry(kind, sequence, committed) {
	return Buffer.concat([u8(LOG_KINDS.indexOf(kind)), u64(sequence), bytes(committed)]);
}

/** An opening of this content, with a random salt and a header that uses every field. */
export function open(content, { suite = 'raw', version = 1 } = {}) {
	const labels = { confidentiality: 'R', sensitivity: 4 };
	const clinicalTime = '2026-03-01T08:15:30.250Z';
	const header = { subject: random(32), class: 'Observation', labels, clinicalTime, version };
	return { salt: random(32), suite, digest: digest(suite, content), header };
}

/** The same opening as polkadot.js encodes it from the metadata: variants by their names in Rust, time as number. */
export function typed({ suite, header, ...rest }) {
	const variant = suite.split('-').map((word) => word[0].toUpperCase() + word.slice(1)).join('');
	const clinicalTime = header.clinicalTime && Date.parse(header.clinicalTime);
	return { ...rest, suite: variant, header: { ...header, clinicalTime } };
}
