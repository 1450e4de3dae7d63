import { example, matches, Unmade } from "./pattern.mjs";

/* Makes a value that a JSON Schema takes, the smallest that is easy to find. */

const DEPTH = 16;
const LENGTH = 10000;
const TEXTS = new Map(Object.entries({
	"date": "2026-01-31",
	"date-time": "2026-01-31T12:00:00Z",
	"time": "12:00:00Z",
	"email": "a@example.org",
	"ipv4": "192.0.2.1",
	"ipv6": "2001:db8::1",
	"uri": "https://example.org/",
	"url": "https://example.org/",
	"uuid": "12345678-1234-4234-8234-123456789abc",
	"hostname": "example.org",
	"byte": "dGVzdA==",
	"duration": "P1D",
}));

export function sample(given, root, depth = 0) {
	if (depth > DEPTH)
		throw new Unmade("the schema is too deep");
	if (given === true)
		return "text";
	if (given === false)
		throw new Unmade("no value is allowed");
	const schema = flat(given, root, depth);
	if ("const" in schema)
		return schema.const;
	if (schema.enum?.length > 0)
		return schema.enum.find((value) => value !== null) ?? null;
	switch (kindOf(schema)) {
	case "object":
		return sampleObject(schema, root, depth);
	case "array":
		return sampleArray(schema, root, depth);
	case "integer":
		return sampleNumber(schema, schema.multipleOf ?? 1);
	case "number":
		return sampleNumber(schema, schema.multipleOf);
	case "string":
		return sampleString(schema);
	case "boolean":
		return true;
	default:
		return null;
	}
}

const isNull = (schema) => JSON.stringify(schema) === '{"type":"null"}';

/* Without $ref, allOf, and with one of anyOf and oneOf. */
function flat(schema, root, depth) {
	const { $ref, allOf = [], anyOf = [], oneOf = [], ...rest } = schema;
	const parts = [
		...($ref === undefined ? [] : [resolve($ref, root)]),
		...allOf,
		...anyOf.filter((part) => !isNull(part)).slice(0, 1),
		...oneOf.filter((part) => !isNull(part)).slice(0, 1),
	];
	let whole = rest;

	if (parts.length > 0 && depth > DEPTH)
		throw new Unmade("references go round in a circle");
	for (const part of parts) {
		if (typeof part !== "object")
			continue;
		const more = flat(part, root, depth + 1);
		whole = {
			...more,
			...whole,
			properties: { ...more.properties, ...whole.properties },
			required: [...more.required ?? [], ...whole.required ?? []],
		};
	}
	return whole;
}

function resolve(reference, root) {
	let value = root;
	for (const word of reference.replace(/^#/, "").split("/").slice(1))
		value = value[word.replaceAll("~1", "/").replaceAll("~0", "~")];
	return value;
}

function kindOf(schema) {
	if (Array.isArray(schema.type))
		return schema.type.find((one) => one !== "null") ?? "null";
	if (schema.type !== undefined)
		return schema.type;
	if (Object.keys(schema.properties ?? {}).length > 0 || schema.required?.length > 0)
		return "object";
	return "items" in schema ? "array" : "string";
}

function sampleObject(schema, root, depth) {
	const known = new Map(Object.entries(schema.properties ?? {}));
	const names = new Set(schema.required);
	const least = Math.min(schema.minProperties ?? 0, LENGTH);

	for (const name of known.keys()) {
		if (names.size < least)
			names.add(name);
	}
	for (let i = names.size; i < least; i++)
		names.add(`name${i}`);
	const rest = schema.additionalProperties ?? true;
	return Object.fromEntries([...names].map((name) =>
		[name, sample(known.get(name) ?? rest, root, depth + 1)]));
}

function sampleArray(schema, root, depth) {
	const fixed = schema.prefixItems ?? [];
	const count = Math.min(Math.max(schema.minItems ?? 0, fixed.length), LENGTH);
	const values = Array.from({ length: count }, (_, i) =>
		sample(fixed[i] ?? schema.items ?? true, root, depth + 1));

	if (!schema.uniqueItems || count < 2)
		return values;
	if (schema.items?.enum?.length >= count)
		return schema.items.enum.slice(0, count);
	const first = values[0];
	if (typeof first !== "string" && typeof first !== "number")
		throw new Unmade("values that differ are wanted");
	return values.map((_, i) => typeof first === "number" ? first + i : `${first}${i}`);
}

function sampleNumber(schema, step) {
	const { minimum: low = -1e308, exclusiveMinimum: above = -1e308 } = schema;
	const { maximum: high = 1e308, exclusiveMaximum: below = 1e308 } = schema;
	const least = Math.max(low, above);
	const guesses = [1, 0, low, above + 1, high, below - 1, (least + Math.min(high, below)) / 2];

	if (step)
		guesses.push(step, Math.ceil(least / step) * step, (Math.floor(least / step) + 1) * step);
	for (const value of guesses) {
		if (low <= value && value <= high && above < value && value < below &&
		    (!step || value % step === 0))
			return value;
	}
	throw new Unmade("no number was found");
}

function sampleString(schema) {
	const least = Math.min(schema.minLength ?? 0, LENGTH);
	const most = schema.maxLength ?? LENGTH;
	const plain = "text".slice(0, most).padEnd(least, "t");
	const given = [schema.default, schema.example, ...Array.isArray(schema.examples) ? schema.examples : []];

	if (schema.contentEncoding === "base64")
		return TEXTS.get("byte");
	for (const text of [TEXTS.get(schema.format) ?? plain, ...given, plain]) {
		if (typeof text === "string" && least <= text.length && text.length <= most &&
		    (schema.pattern === undefined || matches(schema.pattern, text)))
			return text;
	}
	return schema.pattern === undefined ? plain : example(schema.pattern, least, most);
}
