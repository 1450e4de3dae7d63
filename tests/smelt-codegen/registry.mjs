/* registry.mjs FILE: holds a server.json against what the schema of 2025-12-11 says
   of it. The schema and mcp-publisher are in no package that the tests could lock,
   so this is written by hand, closed and a little narrower: MCPB packages must have
   their digest, as the registry wants, and versions are exact. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.env.NODE_PATH, "x.js"));
const Ajv = require("ajv/dist/2020.js").default;
const formats = require("ajv-formats").default;
const short = { type: "string", minLength: 1, maxLength: 100 };
const exact = { type: "string", minLength: 1, maxLength: 255, not: { pattern: "^latest$|[\\^~<>=*|]|\\.x$" } };
const schema = {
	type: "object",
	required: ["$schema", "name", "description", "version"],
	additionalProperties: false,
	properties: {
		$schema: { const: "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json" },
		name: { type: "string", minLength: 3, maxLength: 200, pattern: "^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$" },
		title: short,
		description: short,
		version: exact,
		packages: {
			type: "array",
			items: {
				type: "object",
				required: ["registryType", "identifier", "transport", "fileSha256"],
				additionalProperties: false,
				properties: {
					registryType: { const: "mcpb" },
					identifier: { type: "string", format: "uri", pattern: "^https://" },
					version: exact,
					fileSha256: { type: "string", pattern: "^[a-f0-9]{64}$" },
					transport: { const: { type: "stdio" } },
				},
			},
		},
		_meta: {
			type: "object",
			additionalProperties: false,
			properties: { "io.modelcontextprotocol.registry/publisher-provided": { type: "object" } },
		},
	},
};
const ajv = new Ajv({ strict: true, allErrors: true });

formats(ajv);
const check = ajv.compile(schema);
if (!check(JSON.parse(readFileSync(process.argv[2], "utf8")))) {
	for (const { instancePath, message } of check.errors)
		console.error(`${instancePath || "/"} ${message}`);
	process.exit(1);
}
