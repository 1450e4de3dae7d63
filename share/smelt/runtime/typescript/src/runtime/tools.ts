import { readdirSync } from "node:fs";
import {
	fromJsonSchema, type JsonSchemaValidator, type jsonSchemaValidator, McpServer,
} from "@modelcontextprotocol/server";

import type { Caller } from "./call.js";
import { type Config, ConfigError, isObject } from "./config.js";
import { Dynamic } from "./dynamic.js";
import { mark } from "./exact.js";
import type { Context, Handle, Result, Schema } from "./types.js";

/* The MCP server over tools.json. The SDK serves each definition as it is
   written; arguments and answers are checked in Caller, where a refusal can
   name the argument and is logged. */

const unchecked: jsonSchemaValidator = {
	getValidator<T>(): JsonSchemaValidator<T> {
		return (input) => ({ valid: true, data: input as T, errorMessage: undefined });
	},
};

const handlers = new URL("../handlers/", import.meta.url);

/* Names are [a-z][a-z0-9_]*, as readConfig has made sure. */
async function loadHandler(name: string): Promise<Handle> {
	const module = await import(new URL(`${name}.js`, handlers).href) as { handle?: Handle };

	if (typeof module.handle !== "function")
		throw new Error(`src/handlers/${name}.ts exports no function handle`);
	return module.handle;
}

/* Each tool has its file; the file itself is read with the first call. */
export function checkHandlers(config: Config): void {
	const files = new Set(readdirSync(handlers));

	for (const { name } of config.tools) {
		if (!files.has(`${name}.js`))
			throw new ConfigError(`src/handlers/${name}.ts is missing`);
	}
}

function served(schema: Schema) {
	return fromJsonSchema<unknown>(schema, unchecked);
}

/* Its numbers as the upstream wrote them: the transport takes the marks off. */
function marked(result: Result): Result {
	const { structuredContent } = result;
	return structuredContent === undefined ? result : { ...result, structuredContent: mark(structuredContent) };
}

/* What the SDK calls for each connection or HTTP request. */
export function factoryFor(config: Config, caller: Caller): () => McpServer {
	const { name, title, version, instructions } = config.server;
	const info = { name, version, ...(title === undefined ? {} : { title }) };
	const dynamic = config.dynamic === undefined ? undefined : new Dynamic(config.dynamic, config, caller, loadHandler);
	const tools = config.listed.map((tool) => ({
		tool,
		definition: {
			...(tool.title === undefined ? {} : { title: tool.title }),
			...(tool.description === undefined ? {} : { description: tool.description }),
			...(tool.annotations === undefined ? {} : { annotations: tool.annotations }),
			...(tool.outputSchema === undefined ? {} : { outputSchema: served(tool.outputSchema) }),
			inputSchema: served(tool.inputSchema),
		},
		run: async (given: unknown, context: Context): Promise<Result> => marked(
			await (dynamic?.run(tool, given, context) ?? caller.run(tool, () => loadHandler(tool.name), given, context))),
	}));

	return () => {
		const server = new McpServer(info, {
			capabilities: { tools: { listChanged: false } },
			...(instructions === undefined ? {} : { instructions }),
			cacheHints: { "tools/list": { ttlMs: 300_000, cacheScope: "public" } },
		});
		/* the SDK looks names up in a plain object, which knows "constructor" */
		const registered: unknown = Reflect.get(server, "_registeredTools");
		if (isObject(registered))
			Object.setPrototypeOf(registered, null);
		for (const { tool, definition, run } of tools)
			server.registerTool(tool.name, definition, run);
		return server;
	};
}
