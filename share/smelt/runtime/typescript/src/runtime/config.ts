import { readFileSync } from "node:fs";

import { type Catalogue, readCatalogue } from "./catalogue.js";
import { Exact } from "./exact.js";
import type {
	Bound, Limits, SecurityScheme, ServerInfo, Tool,
} from "./types.js";

/* tools.json, which is served unchanged, and bindings.json, which says what
   each tool calls; in dynamic mode also catalogue.json, with the definitions.
   They lie beside package.json. */

export interface Config {
	/* What can be called. */
	tools: Tool[];
	/* What tools/list serves: the tools, or in dynamic mode the meta-tools. */
	listed: Tool[];
	dynamic?: Catalogue;
	server: ServerInfo;
	schemes: Map<string, SecurityScheme>;
	/* Without the tools that came from words, whose handlers people write. */
	bindings: Map<string, Bound>;
	limits: Limits;
}

export class ConfigError extends Error {}

const NAME = /^[a-z][a-z0-9_]*$/;
const METHODS = new Set([
	"GET", "HEAD", "OPTIONS", "TRACE", "QUERY", "POST", "PUT", "PATCH", "DELETE",
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
	maxUploadBytes: 10485760,
};

export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Exact);
}

export function read<T>(folder: URL, name: string, parse: (text: string) => T): T {
	try {
		return parse(readFileSync(new URL(name, folder), "utf8"));
	} catch (error) {
		throw new ConfigError(`cannot read ${name}: ${(error as Error).message}`);
	}
}

function readObject(folder: URL, name: string): Record<string, unknown> {
	const value = read<unknown>(folder, name, JSON.parse);

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

export function checkNames(value: unknown, file: string): Tool[] {
	if (!Array.isArray(value))
		throw new ConfigError(`${file}: no list of tools`);
	const seen = new Set<string>();
	for (const tool of value) {
		if (!isObject(tool) || typeof tool["name"] !== "string" || !NAME.test(tool["name"]))
			throw new ConfigError(`${file}: a tool without a usable name`);
		if (seen.has(tool["name"]))
			throw new ConfigError(`${file}: two tools are named ${tool["name"]}`);
		seen.add(tool["name"]);
	}
	return value as Tool[];
}

function readTools(value: unknown): Tool[] {
	const tools = checkNames(value, "tools.json");

	for (const { name, inputSchema } of tools) {
		if (!isObject(inputSchema))
			throw new ConfigError(`tools.json: ${name} has no inputSchema`);
	}
	return tools;
}

/* Other methods than those go as they are, but for what no client sends. */
function isSendable(method: string): boolean {
	return METHODS.has(method) || (/^[\w!#$%&'*+.^`|~-]+$/.test(method) &&
		!METHODS.has(method.toUpperCase()) && !/^(?:CONNECT|TRACK)$/i.test(method));
}

/* Each of several documents has an address of its own: one for all would be
   sent the credentials of all. */
function place(bindings: Map<string, Bound>): Map<string, Bound> {
	const variables = new Set<string>();

	for (const { binding } of bindings.values()) {
		if (binding.document === undefined)
			continue;
		const variable = `SMELT_BASE_URL_${binding.document.toUpperCase().replaceAll("-", "_")}`;
		const server = process.env[variable] || binding.server;
		variables.add(variable);
		/* what is not absolute is refused by a call, which names what to set */
		binding.server = URL.canParse(server) ? server : `$${variable}`;
	}
	if (variables.size > 0 && process.env["SMELT_BASE_URL"])
		throw new ConfigError("SMELT_BASE_URL: this server calls several APIs, "
			+ `set the address of each by ${[...variables].sort().join(", ")}`);
	return bindings;
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
		if (!isSendable(String(binding["method"])))
			throw new ConfigError(`bindings.json: ${name} has a method that cannot be sent`);
		bindings.set(name, bound as unknown as Bound);
	}
	return place(bindings);
}

function readServer(value: unknown): ServerInfo {
	if (!isObject(value) || typeof value["name"] !== "string")
		throw new ConfigError("bindings.json: no server name");
	return { version: "0", ...value } as unknown as ServerInfo;
}

/* Reads the files from `folder` (a file: URL that ends in a slash). */
export function readConfig(folder: URL): Config {
	const listed = readTools(readObject(folder, "tools.json")["tools"]);
	const data = readObject(folder, "bindings.json");
	const dynamic = data["mode"] === "dynamic" ? readCatalogue(folder, data) : undefined;
	const tools = dynamic?.tools ?? listed;

	if (data["format"] !== 1)
		throw new ConfigError("bindings.json: unknown format");
	const schemes = isObject(data["securitySchemes"]) ? data["securitySchemes"] : {};
	return {
		listed,
		...(dynamic === undefined ? {} : { dynamic }),
		tools,
		server: readServer(data["server"]),
		schemes: new Map(Object.entries(schemes)) as Map<string, SecurityScheme>,
		bindings: readBindings(tools, data["bindings"]),
		limits: readLimits(data["limits"]),
	};
}
