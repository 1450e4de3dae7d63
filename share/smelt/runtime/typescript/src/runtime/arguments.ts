import { addFormats, AjvJsonSchemaValidator } from "@modelcontextprotocol/server/validators/ajv";

import { isObject } from "./config.js";
import { revive } from "./exact.js";
import { cap, Failure } from "./failure.js";
import { log } from "./log.js";
import { compilePattern, startSearches, wasSlow } from "./pattern.js";
import type { Arguments, Schema, Tool } from "./types.js";

/* Checks values against a tool's schemas with the JSON Schema 2020-12 engine
   inside the MCP SDK. A schema is compiled when it is first needed. The formats
   that are unmistakable are enforced; the others are annotations. */

interface SchemaError {
	instancePath: string;
	keyword: string;
	params: Record<string, unknown>;
	message?: string;
}

interface Check {
	(value: unknown): boolean;
	errors?: SchemaError[] | null;
}

interface Engine {
	addFormat(name: string, format: { type: "number"; validate(value: number): boolean }): unknown;
	compile(schema: Schema): Check;
}

type EngineClass = new (options: object) => Engine;

const FORMATS = ["date-time", "date", "email", "ipv4", "ipv6", "uuid"] as const;
const ELEMENTS = 100000;
const REPORTED = 5;
const checks = new WeakMap<Schema, Check>();
let engine: EngineClass | undefined;

/* The SDK carries its 2020-12 engine inside and hands it out through the
   validator's `ajv` member alone. */
function findEngine(): EngineClass {
	const inner: unknown = Reflect.get(new AjvJsonSchemaValidator(), "ajv");

	if (typeof inner !== "object" || inner === null)
		throw new Error("the SDK's JSON Schema engine has moved");
	return inner.constructor as EngineClass;
}

function compile(schema: Schema): Check {
	let check = checks.get(schema);

	if (check === undefined) {
		engine ??= findEngine();
		const regExp = Object.assign(compilePattern, { code: "new RegExp" });
		const fresh = new engine({
			allErrors: true,
			code: { regExp },
			logger: false,
			strict: false,
			validateSchema: false,
		});
		addFormats(fresh as unknown as Parameters<typeof addFormats>[0], [...FORMATS]);
		for (const bits of [32, 64]) {
			const end = 2 ** (bits - 1);
			fresh.addFormat(`int${bits}`, { type: "number", validate: (value) => value >= -end && value <= end - (bits === 32 ? 1 : 0) });
		}
		check = fresh.compile(schema);
		checks.set(schema, check);
	}
	return check;
}

function place(pointer: string, last?: unknown): string {
	const steps = pointer.split("/").slice(1)
		.map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));

	if (typeof last === "string")
		steps.push(last);
	return steps.join(".");
}

function quote(value: unknown): string {
	return cap(JSON.stringify(value), 80);
}

function explain({ instancePath, keyword, params, message }: SchemaError): string {
	switch (keyword) {
	case "required":
		return `${place(instancePath, params["missingProperty"])}: is required`;
	case "additionalProperties":
		return `${place(instancePath, params["additionalProperty"])}: is not known`;
	case "unevaluatedProperties":
		return `${place(instancePath, params["unevaluatedProperty"])}: is not known`;
	case "enum": {
		const allowed = params["allowedValues"] as unknown[];
		const shown = allowed.slice(0, 20).map(quote).join(", ");
		const more = allowed.length > 20 ? ", …" : "";
		return `${place(instancePath)}: must be one of ${shown}${more}`;
	}
	case "pattern":
		if (wasSlow(params["pattern"]))
			return `${place(instancePath)}: takes too long to check against its pattern`;
		return `${place(instancePath)}: ${message}`;
	case "const":
		return `${place(instancePath)}: must be ${quote(params["allowedValue"])}`;
	default:
		return `${place(instancePath) || "value"}: ${message ?? "is not valid"}`;
	}
}

/* What is wrong with the value, in words, or undefined. */
export function findFault(schema: Schema, value: unknown): string | undefined {
	let check: Check;

	try {
		check = compile(schema);
	} catch (error) {
		log("error", "schema", { message: (error as Error).message });
		return "the schema can not be evaluated";
	}
	startSearches();
	if (check(value))
		return undefined;
	const all = [...new Set((check.errors ?? []).map(explain))];
	const shown = all.slice(0, REPORTED).map((text) => cap(text, 300)).join("; ");
	return all.length > REPORTED ? `${shown}; and ${all.length - REPORTED} more` : shown;
}

/* Refuses what is too deep or too large for a recursive walk, before one. */
function measure(value: unknown, maxDepth: number): void {
	const stack: [unknown, number][] = [[value, 1]];
	let count = 0;

	for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
		const [node, depth] = next;
		if (typeof node !== "object" || node === null)
			continue;
		if (depth > maxDepth)
			throw new Failure("arguments", `the arguments are nested deeper than ${maxDepth}`);
		for (const child of Object.values(node)) {
			if (++count > ELEMENTS)
				throw new Failure("arguments", `the arguments hold more than ${ELEMENTS} values`);
			stack.push([child, depth + 1]);
		}
	}
}

export function checkArguments(tool: Tool, given: unknown, maxDepth: number): Arguments {
	const value = given ?? {};

	if (!isObject(value))
		throw new Failure("arguments", "the arguments are not an object");
	measure(value, maxDepth);
	revive(value);
	const fault = findFault(tool.inputSchema, value);
	if (fault !== undefined)
		throw new Failure("arguments", `invalid arguments for ${tool.name}: ${fault}`);
	return value;
}
