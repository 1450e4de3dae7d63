import { readFileSync } from "node:fs";

import type {
	Bound, Limits, SecurityScheme, ServerInfo, Tool,
} from "./types.js";

/* tools.json, which is served unchanged, and bindings.json, which says what
   each tool calls. Both lie beside package.json. */

export interface Config {
	tools: Tool[];
	server: ServerInfo;
	schemes: Map<string, SecurityScheme>;
	/* Without the tools that came from words, whose handlers people write. */
	bindings: Map<string, Bound>;
	limits: Limits;
}

export class ConfigError extends Error {}

const NAME = /^[a-z][a-z0-9_]*$/;
const METHODS = new Set([
	"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE",
]);
const LIMITS: Limits = {
	timeoutSeconds: 30,
	totalSeconds: 60,
	maxResponseBytes: 1048576,
	maxAttempts: 3,
	ratePerSecond: 10,
	burst: 20,
	concurrency: 8,
	breakerFailures: 5,
	breakerSeconds: 30,
	maxDepth: 64,
	retryBaseSeconds: 0.5,
	retryMaxSeconds: 8,
};

export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readObject(file: URL): Record<string, unknown> {
	const name = file.pathname.split("/").at(-1);
	let value: unknown;

	try {
		value = JSON.parse(readFileSync(file, "utf8"));
	} catch (error) {
		throw new ConfigError(`cannot read ${name}: ${(error as Error).message}`);
	}
	if (!isObject(value))
		throw new ConfigError(`${name}: not an object`);
	return value;
}

function readLimits(value: unknown): Limits {
	const limits = { ...LIMITS };

	if (!isObject(value))
		return limits;
	for (const key of Object.keys(LIMITS) as (keyof Limits)[]) {
		const given = value[key];
		if (given === undefined)
			continue;
		if (typeof given !== "number" || !(given > 0))
			throw new ConfigError(`bindings.json: limits.${key} is not a positive number`);
		limits[key] = given;
	}
	return limits;
}

function readTools(value: unknown): Tool[] {
	if (!Array.isArray(value))
		throw new ConfigError("tools.json: no list of tools");
	const seen = new Set<string>();
	for (const tool of value) {
		if (!isObject(tool) || typeof tool["name"] !== "string" || !NAME.test(tool["name"]))
			throw new ConfigError("tools.json: a tool without a usable name");
		if (seen.has(tool["name"]))
			throw new ConfigError(`tools.json: two tools are named ${tool["name"]}`);
		if (!isObject(tool["inputSchema"]))
			throw new ConfigError(`tools.json: ${tool["name"]} has no inputSchema`);
		seen.add(tool["name"]);
	}
	return value as Tool[];
}

function readBindings(tools: Tool[], value: unknown): Map<string, Bound> {
	const given = isObject(value) ? value : {};
	const bindings = new Map<string, Bound>();

	for (const { name } of tools) {
		const bound = Object.hasOwn(given, name) ? given[name] : undefined;
		const binding = isObject(bound) ? bound["binding"] : undefined;
		if (!isObject(binding))
			throw new ConfigError(`bindings.json: no binding for ${name}`);
		if (binding["type"] === "manual")
			continue;
		if (binding["type"] !== "http")
			throw new ConfigError(`bindings.json: ${name} is not bound to HTTP, which is all that this target calls`);
		if (!METHODS.has(String(binding["method"])))
			throw new ConfigError(`bindings.json: ${name} has a method that cannot be sent`);
		bindings.set(name, bound as unknown as Bound);
	}
	return bindings;
}

function readServer(value: unknown): ServerInfo {
	if (!isObject(value) || typeof value["name"] !== "string")
		throw new ConfigError("bindings.json: no server name");
	return { version: "0", ...value } as unknown as ServerInfo;
}

/* Reads both files from `folder` (a file: URL that ends in a slash). */
export function readConfig(folder: URL): Config {
	const tools = readTools(readObject(new URL("tools.json", folder))["tools"]);
	const data = readObject(new URL("bindings.json", folder));

	if (data["format"] !== 1)
		throw new ConfigError("bindings.json: unknown format");
	const schemes = isObject(data["securitySchemes"]) ? data["securitySchemes"] : {};
	return {
		tools,
		server: readServer(data["server"]),
		schemes: new Map(Object.entries(schemes)) as Map<string, SecurityScheme>,
		bindings: readBindings(tools, data["bindings"]),
		limits: readLimits(data["limits"]),
	};
}
