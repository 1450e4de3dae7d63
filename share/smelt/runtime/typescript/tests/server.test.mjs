import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { AjvJsonSchemaValidator } from "@modelcontextprotocol/server/validators/ajv";

import { exactly, read, ROOT, SECRET, startServer, startUpstream } from "./harness.mjs";
import { Unmade } from "./pattern.mjs";
import { sample } from "./sample.mjs";

/* What clients see of this server: the definitions that were signed, arguments
   that are checked before anything is sent, and a request for each tool's call. */

/* words of JSON Schema that sample() knows nothing of */
const HARD = /"(pattern|patternProperties|not|if|dependent\w+|unevaluated\w+|contains|propertyNames|format)":/;

const bindings = read("bindings.json");
const dynamic = bindings.mode === "dynamic";
const { tools } = read(dynamic ? "catalogue.json" : "tools.json");
const made = new Map(read("smelt.json").files.map(({ path, sha256 }) => [path, sha256]));
let upstream, server;

before(async () => {
	upstream = await startUpstream();
	server = await startServer(`${upstream.address}/base`);
});
after(async () => {
	await server?.close();
	await upstream?.close();
});

function call(name, arguments_) {
	return dynamic ? server.call("call_tool", { name, arguments: arguments_ }) : server.call(name, arguments_);
}

test("definitions are served unchanged", async () => {
	const { result, line } = await server.request("tools/list", {});
	const signed = exactly(readFileSync(join(ROOT, "tools.json"), "utf8"));

	assert.equal(result.nextCursor, undefined);
	assert.deepEqual(exactly(line).result.tools, signed.tools);
});

test("schemas compile", async (context) => {
	for (const tool of tools) {
		await context.test(tool.name, () => {
			for (const schema of [tool.inputSchema, tool.outputSchema ?? { type: "object" }]) {
				assert.equal(schema.type, "object");
				new AjvJsonSchemaValidator().getValidator(schema);
			}
		});
	}
});

test("wrong arguments are refused before any request", async (context) => {
	for (const { name, inputSchema } of tools) {
		await context.test(name, async () => {
			const wrong = [{ "no such argument": 0 }, ...inputSchema.required?.length > 0 ? [{}] : []];
			for (const arguments_ of wrong) {
				upstream.requests.length = 0;
				const result = await call(name, arguments_);
				assert.equal(result.isError, true);
				assert.match(result.content[0].text, /invalid arguments/);
				assert.doesNotMatch(result.content[0].text, /can ?not be (evaluated|compiled|used)/);
				assert.deepEqual(upstream.requests, []);
			}
		});
	}
});

test("each http tool sends its request", async (context) => {
	for (const tool of tools) {
		const { binding } = bindings.bindings[tool.name];
		if (binding.type === "http")
			await context.test(tool.name, (inner) => checkCall(inner, tool, binding));
	}
});

/* Percent-encoding undone, where it is one. */
function unescaped(text) {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

async function checkCall(context, { name, inputSchema }, binding) {
	let arguments_;
	try {
		arguments_ = sample(inputSchema, inputSchema);
	} catch (error) {
		if (error instanceof Unmade)
			return context.skip(`no arguments were found: ${error.message}`);
		throw error;
	}
	upstream.requests.length = 0;
	const result = await call(name, arguments_);
	const text = result.content.find((block) => block.type === "text")?.text ?? "";
	if (isEdited(name))
		return context.skip("its handler was edited: what it sends is its own affair");
	if (text.startsWith("invalid arguments") && HARD.test(JSON.stringify(inputSchema)))
		return context.skip(`no arguments were found: ${text}`);
	assert.equal(upstream.requests.length, 1, text);
	const [{ method, path }] = upstream.requests;
	assert.equal(method, binding.method);
	const parts = binding.path.split(/\{[^{}]*\}/).map((part) =>
		unescaped(part).replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
	assert.match(unescaped(path), new RegExp(`^/base${parts.join(".*")}([?&].*)?$`, "s"));
	assert.ok(!JSON.stringify(result).includes(SECRET));
}

/* Is its handler another than smelt made? */
function isEdited(name) {
	const path = `src/handlers/${name}.ts`;
	const text = existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path)) : "";
	return made.get(path) !== `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
