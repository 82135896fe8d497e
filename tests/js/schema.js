// SPDX-License-Identifier: Apache-2.0
// Validation against the part of JSON Schema (draft 7) that the OpenRPC document uses. A word that it does not know is a
// failure, never ignored.

import { isDeepStrictEqual } from 'node:util';

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

const TYPES = {
	null: (value) => value === null,
	boolean: (value) => typeof value === 'boolean',
	integer: Number.isSafeInteger,
	number: (value) => typeof value === 'number',
	string: (value) => typeof value === 'string',
	array: Array.isArray,
	object: isObject,
};

const referred = (document, reference) =>
	reference.slice('#/'.length).split('/').reduce((found, name) => found[name], document);

/** For each word, whether a value fits. What the word does not speak about fits. */
const WORDS = {
	$ref: (wanted, value, fits, document) => fits(referred(document, wanted), value),
	allOf: (wanted, value, fits) => wanted.every((schema) => fits(schema, value)),
	anyOf: (wanted, value, fits) => wanted.some((schema) => fits(schema, value)),
	oneOf: (wanted, value, fits) => wanted.filter((schema) => fits(schema, value)).length === 1,
	type: (wanted, value) => [wanted].flat().some((type) => TYPES[type](value)),
	const: (wanted, value) => isDeepStrictEqual(value, wanted),
	enum: (wanted, value) => wanted.some((each) => isDeepStrictEqual(value, each)),
	pattern: (wanted, value) => typeof value !== 'string' || new RegExp(wanted, 'u').test(value),
	minimum: (wanted, value) => typeof value !== 'number' || value >= wanted,
	maximum: (wanted, value) => typeof value !== 'number' || value <= wanted,
	uniqueItems: (wanted, value) => !wanted || !Array.isArray(value) || new Set(value).size === value.length,
	minItems: (wanted, value) => !Array.isArray(value) || value.length >= wanted,
	maxItems: (wanted, value) => !Array.isArray(value) || value.length <= wanted,
	items: (wanted, value, fits) => !Array.isArray(value) || value.every((item) => fits(wanted, item)),
	required: (wanted, value) => !isObject(value) || wanted.every((name) => name in value),
	properties: (wanted, value, fits) =>
		!isObject(value) || Object.entries(wanted).every(([name, schema]) => !(name in value) || fits(schema, value[name])),
	additionalProperties: (wanted, value, _, __, schema) =>
		wanted !== false || !isObject(value) || Object.keys(value).every((name) => name in (schema.properties ?? {})),
	// These say nothing about validity.
	description: () => true,
	title: () => true,
	default: () => true,
	format: () => true,
};

/** Whether the value is of the schema, which stands in the document. */
export function isOf(document, schema, value) {
	if (schema === true) return true;
	const fits = (inner, part) => isOf(document, inner, part);
	return Object.entries(schema).every(([word, wanted]) => {
		if (!(word in WORDS)) throw new Error(`the word ${word} is not known here`);
		return WORDS[word](wanted, value, fits, document, schema);
	});
}
