/* otel.mjs TARGET FOLDER: spans and durations by the OpenTelemetry conventions for MCP,
   as an SDK gets them. */
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { done, test as named } from "../runtime-typescript/tap.mjs";
import { makeServer, serving } from "./server.mjs";
import { Upstream } from "./upstream.mjs";

const [target, folder] = process.argv.slice(2);
const test = (name, work) => named(`${target}: ${name}`, work);
const out = join(folder, "otel.json");
const upstream = await Upstream.start({ answer: ({ target: path }) => path === "/x" ? { json: {} } : { status: 404 } });
const server = join(folder, "otel");
const [program, script] = makeServer(target, server, { binding: {
	type: "http", method: "GET", server: upstream.url, path: "/x", idempotent: true, response: {},
	parameters: [{ argument: "q", name: "q", in: "query" }],
} });
const traced = target === "python" ? [program, "tests/auth/otel_python.py", out, script]
	: [program, "--import", new URL("otel_node.mjs", import.meta.url).href, script];
const meta = { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };
const attributes = {
	"mcp.method.name": "tools/call", "gen_ai.tool.name": "call",
	"gen_ai.operation.name": "execute_tool", "network.transport": "pipe",
};
const error = { "error.type": "tool_error" };

await test("calls come to their end", () =>
	serving(traced, { OTEL_OUT: out, PACKAGES: process.env.NODE_PATH }, async (one) => {
		assert.equal((await one.call("call", {}, { _meta: meta })).failed, false);
		assert.equal((await one.call("call", { q: "x" })).failed, true);
		assert.equal((await one.call("call", {})).failed, false);
	}));

const { spans, durations } = JSON.parse(readFileSync(out, "utf8"));
const calls = spans.filter(({ kind, name }) => kind === "SERVER" && name.startsWith("tools/call"));

await test("a server span a call, with what the conventions want", () => {
	assert.equal(calls.length, 3);
	for (const [at, { name, attributes: said, failed }] of calls.entries()) {
		assert.equal(name, "tools/call call");
		for (const [key, value] of Object.entries({ ...attributes, ...(at === 1 ? error : {}) }))
			assert.equal(said[key], value, key);
		assert.match(said["jsonrpc.request.id"], /^\d+$/);
		assert.equal(failed, at === 1);
		assert.equal("error.type" in said, at === 1);
	}
	assert.equal(new Set(calls.map(({ attributes: said }) => said["jsonrpc.request.id"])).size, 3);
});

await test("a span goes on the trace that the call names, and no other", () => {
	assert.deepEqual(calls.map(({ trace, parent }) => [trace, parent])[0],
		["0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"]);
	for (const { trace } of calls.slice(1))
		assert.notEqual(trace, "0af7651916cd43dd8448eb211c80319c");
});

await test("durations, in the buckets and under the labels of the conventions", () => {
	const own = durations.filter(({ name }) => name === "mcp.server.operation.duration");
	assert.deepEqual(own.map(({ unit, bounds, count }) => [unit, bounds, count]).sort((a, b) => a[2] - b[2]), [
		["s", [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300], 1],
		["s", [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300], 2],
	]);
	assert.deepEqual(own.sort((a, b) => b.count - a.count).map(({ attributes: labels }) => labels),
		[attributes, { ...attributes, ...error }]);
});

if (target === "typescript") {
	await test("without the API there is nothing of it", async () => {
		const packages = join(server, "node_modules");
		rmSync(packages);
		mkdirSync(packages);
		for (const name of readdirSync(process.env.NODE_PATH)) {
			if (name !== "@opentelemetry")
				symlinkSync(join(process.env.NODE_PATH, name), join(packages, name));
		}
		await serving([program, "--preserve-symlinks", script], { SMELT_LOG: "debug" }, async (one) => {
			assert.equal((await one.call("call", {}, { _meta: meta })).failed, false);
			assert.match(one.stderr, /@opentelemetry\/api is not installed/);
		});
	});
}

upstream.stop();
done();
