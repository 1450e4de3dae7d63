// check.mjs ARTIFACT: every tool record as a strict client sees it. Prints
// `NAME: what is wrong` for each violation; exit 1 if there is one.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(`${process.env.NODE_PATH}/x.js`);
const Ajv = require("ajv/dist/2020").default;
const addFormats = require("ajv-formats").default;

const lines = readFileSync(process.argv[2], "utf8").trimEnd().split("\n");
const records = lines.map((line) => JSON.parse(line));
const header = records[0];
const tools = records.filter((record) => record.kind === "tool");
const methods = { GET: true, HEAD: true, OPTIONS: true };
let violations = 0;

function bad(name, text) {
	violations++;
	console.log(`${name}: ${text}`);
}

function compile(name, which, schema) {
	const ajv = new Ajv({
		strict: true, strictTypes: false, strictTuples: false,
		strictRequired: false, allowMatchingProperties: true,
		validateFormats: true, unicodeRegExp: true,
	});
	addFormats(ajv);
	ajv.addKeyword("$anchor"); // which it follows, but does not list
	ajv.addKeyword("x-mcp-header"); // MCP's own
	try {
		ajv.compile(schema);
	} catch (error) {
		bad(name, `${which} does not compile: ${error.message}`);
	}
}

const named = new Set(["properties", "patternProperties", "$defs", "dependentSchemas"]);
const literal = new Set(["enum", "const", "examples", "default"]);

function references(schema, found = new Set()) {
	if (Array.isArray(schema)) {
		schema.forEach((item) => references(item, found));
	} else if (schema && typeof schema === "object") {
		for (const [key, value] of Object.entries(schema)) {
			if (key === "$ref")
				found.add(value);
			else if (named.has(key))
				Object.values(value).forEach((item) => references(item, found));
			else if (!literal.has(key))
				references(value, found);
		}
	}
	return found;
}

function checkDefinitions(name, which, schema) {
	const used = references(schema);
	for (const ref of used)
		if (!ref.startsWith("#/$defs/"))
			bad(name, `${which} refers to ${ref}`);
	for (const id of Object.keys(schema.$defs ?? {}))
		if (!used.has(`#/$defs/${id}`))
			bad(name, `${which} carries ${id} for nothing`);
}

function checkArguments(name, tool) {
	const keys = Object.keys(tool.inputSchema.properties);
	const { binding } = tool;
	const bound = [
		...(binding.parameters ?? []), ...(binding.arguments ?? []),
		...(binding.body?.properties ?? []),
	].map((entry) => entry.argument);
	if (binding.body?.argument) bound.push(binding.body.argument);
	for (const key of keys)
		if (!/^[a-zA-Z0-9_.-]{1,64}$/.test(key))
			bad(name, `argument key ${JSON.stringify(key)}`);
	if (binding.type !== "manual" &&
	    JSON.stringify([...bound].sort()) !== JSON.stringify([...keys].sort()))
		bad(name, `bound ${bound} but declared ${keys}`);
	for (const key of tool.inputSchema.required ?? [])
		if (!keys.includes(key)) bad(name, `requires unknown ${key}`);
	for (const match of (binding.path ?? "").matchAll(/\{([^{}]+)\}/g))
		if (!binding.parameters.some((p) => p.in === "path" && p.name === match[1]))
			bad(name, `path part ${match[1]} is not bound`);
}

function checkHints(name, tool) {
	const { annotations: a, binding } = tool;
	for (const hint of ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"])
		if (typeof a[hint] !== "boolean") bad(name, `${hint} is not set`);
	if (a.readOnlyHint && binding.type === "http" && !methods[binding.method])
		bad(name, `${binding.method} is no reading`);
	if (a.readOnlyHint && a.destructiveHint) bad(name, "reads and destroys");
}

const names = new Set();
for (const tool of tools) {
	const { name } = tool;
	if (names.has(name)) bad(name, "name is there twice");
	names.add(name);
	if (!/^[a-z][a-z0-9_]{0,39}$/.test(name)) bad(name, "name is out of profile");
	if (header.name.length <= 36 && header.name.length + name.length > 52)
		bad(name, "longer than 52 with the server's name");
	if (!tool.title || !tool.description) bad(name, "no title or description");
	if ([...tool.description].length > 1024) bad(name, "description over 1024");
	if (tool.inputSchema.type !== "object" || tool.inputSchema.additionalProperties !== false)
		bad(name, "inputSchema is not a closed object");
	checkArguments(name, tool);
	checkHints(name, tool);
	checkDefinitions(name, "inputSchema", tool.inputSchema);
	compile(name, "inputSchema", tool.inputSchema);
	if (!tool.outputSchema) continue;
	if (tool.outputSchema.type !== "object") bad(name, "outputSchema is not of an object");
	checkDefinitions(name, "outputSchema", tool.outputSchema);
	compile(name, "outputSchema", tool.outputSchema);
}
console.error(`${tools.length} tools, ${violations} violations`);
process.exit(violations ? 1 : 0);
