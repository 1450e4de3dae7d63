/* protocol.mjs PROJECT FOLDER: the server as a process: both eras, starting and
   ending, limits, handlers. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Mock } from "./mock.mjs";
import { dataOf, makeProject } from "./project.mjs";
import { modern, Server } from "./stdio.mjs";
import { done, test } from "./tap.mjs";

const [project, folder] = process.argv.slice(2);
const here = import.meta.dirname;
let projects = 0;

const get = (upstream, more) => ({
	type: "http", method: "GET", server: upstream.url, path: "/x",
	parameters: [], response: {}, idempotent: true, ...more,
});

function prepare(data) {
	const root = join(folder, `p${projects++}`);
	return { root, script: makeProject(root, project, data) };
}

function start(data, env = {}) {
	return new Server(prepare(data).script, { SMELT_LOG: "debug", ...env });
}

/* Runs `work` with a connected server and a mock, and ends both. */
async function served(given, env, work) {
	const upstream = await Mock.start();
	const server = start(dataOf({ binding: get(upstream), ...given(upstream) }), env);

	try {
		await server.initialize();
		await work(server, upstream);
	} finally {
		server.child.kill();
		upstream.stop();
	}
}

async function call(server, arguments_ = {}) {
	const { result, error } = await server.request("tools/call", { name: "call", arguments: arguments_ });
	assert.equal(error, undefined);
	return result;
}

const sorted = (value) => JSON.stringify(value, (_, node) =>
	node !== null && typeof node === "object" && !Array.isArray(node)
		? Object.entries(node).sort(([a], [b]) => a < b ? -1 : 1) : node);

function everything() {
	const text = readFileSync(join(here, "schema.json"), "utf8");
	const data = dataOf({ binding: get({ url: "http://127.0.0.1:9" }) });
	const [tool] = data.tools.tools;

	tool.inputSchema = JSON.parse(text);
	tool.outputSchema = JSON.parse(text);
	tool.description = "Text \u2028 with ${everything} `in` it, 𝔘nicode and \u0007 too.";
	return data;
}

await test("tools/list answers tools.json, legacy era", async () => {
	const data = everything();
	const server = start(data);
	const hello = await server.initialize();

	assert.equal(hello.result.protocolVersion, "2025-11-25");
	assert.deepEqual(hello.result.capabilities, { tools: { listChanged: false } });
	const { result } = await server.request("tools/list");
	assert.equal(sorted(result.tools), sorted(data.tools.tools));
	assert.equal(await server.stop(), 0);
});

await test("tools/list answers tools.json, modern era", async () => {
	const data = everything();
	const server = start(data);
	const discovered = await server.request("server/discover", modern);

	assert.deepEqual(discovered.result.supportedVersions, ["2026-07-28"]);
	const { result } = await server.request("tools/list", modern);
	assert.equal(sorted(result.tools), sorted(data.tools.tools));
	assert.equal(result.resultType, "complete");
	assert.equal(await server.stop(), 0);
});

await test("every keyword is enforced", () => served(() => ({ tool: { inputSchema: JSON.parse(readFileSync(join(here, "schema.json"), "utf8")) } }), {}, async (server, upstream) => {
	const refused = async (arguments_, word) => {
		const result = await call(server, arguments_);
		assert.equal(result.isError, true, JSON.stringify(arguments_));
		assert.ok(result.content[0].text.includes(word), result.content[0].text);
	};

	await refused({}, "kind");
	await refused({ kind: "b" }, "code");
	await refused({ kind: "a", code: "A!" }, "code");
	await refused({ kind: "a", code: "ab", count: 7 }, "count");
	await refused({ kind: "a", tags: ["y"] }, "tags.0");
	await refused({ kind: "a", shape: [["s", { x: "no" }]] }, "shape");
	await refused({ kind: "a", toString: 1 }, "toString");
	assert.deepEqual(upstream.requests, []);
	const fine = await call(server, { kind: "a", shape: [["s", { x: 1 }]], constructor: "c" });
	assert.equal(fine.isError, undefined, JSON.stringify(fine));
}));

await test("an unknown tool is a protocol error", () => served(() => ({}), {}, async (server) => {
	for (const name of ["none", "constructor", "__proto__", "toString"]) {
		const answer = await server.request("tools/call", { name, arguments: {} });
		assert.equal(answer.error?.code, -32602, name);
	}
}));

await test("a tool may be named constructor", async () => {
	const data = dataOf({ binding: get({ url: "http://127.0.0.1:9" }) });
	data.tools.tools[0].name = "constructor";
	data.bindings.bindings = { constructor: data.bindings.bindings.call };
	const { root, script } = prepare(data);
	writeFileSync(join(root, "dist/handlers/constructor.js"),
		"export async function handle() { return { content: [{ type: 'text', text: 'mine' }] }; }\n");
	const server = new Server(script, {});
	await server.initialize();
	const { result } = await server.request("tools/call", { name: "constructor", arguments: {} });
	assert.equal(result.content[0].text, "mine");
	await server.stop();
});

await test("arguments that are too deep are refused", () => served(() => ({}), {}, async (server, upstream) => {
	const deep = JSON.parse('{"a":'.repeat(70) + "1" + "}".repeat(70));
	const result = await call(server, deep);

	assert.equal(result.isError, true);
	assert.match(result.content[0].text, /deeper than 64/);
	assert.deepEqual(upstream.requests, []);
}));

await test("a handler counts with numbers; what it passes on goes out as it came", async () => {
	const upstream = await Mock.start();
	const names = ["id", "price", "double"];
	const { root, script } = prepare(dataOf({
		tool: { outputSchema: { type: "object" } },
		binding: {
			type: "http", method: "POST", server: upstream.url, path: "/x", parameters: [],
			body: {
				mediaType: "application/json", required: true, mode: "properties",
				properties: names.map((name) => ({ argument: name, name })),
			},
			response: {}, idempotent: false,
		},
	}));
	writeFileSync(join(root, "dist/handlers/call.js"), `export async function handle(given, call) {
		const result = await call({ ...given, double: given.price * 2 });
		result.structuredContent.more = result.structuredContent.cost + 1;
		return result;
	}`);
	const server = new Server(script, {});

	try {
		await server.initialize();
		upstream.expect([{ text: '{"cost": 2.50}', headers: { "content-type": "application/json" } }]);
		const { line } = await server.ask("tools/call", '{"name": "call", "arguments": {"id": 9007199254740993, "price": 1.10}}').answer;
		assert.equal(String(upstream.requests[0].body), '{"id":9007199254740993,"price":1.10,"double":2.2}');
		assert.ok(line.includes('"structuredContent":{"cost":2.50,"more":3.5}'), line);
	} finally {
		server.child.kill();
		upstream.stop();
	}
});

await test("a schema that can not be evaluated is said to be so", () => served(() => ({
	tool: { inputSchema: { type: "object", properties: { a: { $ref: "#/$defs/None" } } } },
}), {}, async (server) => {
	const result = await call(server, { a: 1 });
	assert.equal(result.isError, true);
	assert.match(result.content[0].text, /schema can not be evaluated/);
}));

await test("a pattern that backtracks for ever is answered in time", () => served(() => ({
	tool: { inputSchema: { type: "object", properties: { a: { type: "string", pattern: "^(a+)+$" } } } },
}), {}, async (server) => {
	const begin = performance.now();
	const result = await call(server, { a: "a".repeat(60) + "b" });

	assert.equal(result.isError, true);
	assert.ok(performance.now() - begin < 2000);
}));

await test("a cancelled call ends its request, unanswered", () => served(() => ({}), {}, async (server, upstream) => {
	upstream.expect([{ delayMs: 30000 }]);
	const ended = new Promise((resolve) => upstream.server.once("request", (request, response) =>
		response.once("close", () => resolve(response.writableEnded))));
	const pending = server.request("tools/call", { name: "call", arguments: {} }, 77);
	while (upstream.requests.length === 0)
		await new Promise((resolve) => setTimeout(resolve, 10));
	server.send({ method: "notifications/cancelled", params: { requestId: 77 } });
	assert.equal(await ended, false);
	const late = await Promise.race([pending, call(server).then(() => "next")]);
	assert.equal(late, "next");
	assert.match(server.stderr, /"error":"cancelled"/);
}));

await test("an attempt ends at timeoutSeconds", () => served(() => ({ limits: { timeoutSeconds: 0.2 } }), {}, async (server, upstream) => {
	upstream.expect([{ delayMs: 5000 }]);
	const result = await call(server);

	assert.equal(result.isError, true);
	assert.match(result.content[0].text, /in time/);
	assert.equal(upstream.requests.length, 1);
}));

await test("a call ends at totalSeconds, whatever its handler does", async () => {
	const { root, script } = prepare(dataOf({ binding: get({ url: "http://127.0.0.1:9" }), limits: { totalSeconds: 0.3 } }));
	writeFileSync(join(root, "dist/handlers/call.js"), "export function handle() { return new Promise(() => {}); }\n");
	const server = new Server(script, {});
	await server.initialize();
	const result = await call(server);
	assert.match(result.content[0].text, /in time/);
	assert.equal(await server.stop(), 0);
});

await test("no more calls at once than concurrency", () => served(() => ({ limits: { concurrency: 1 } }), {}, async (server, upstream) => {
	let now = 0;
	let most = 0;
	upstream.server.on("request", (request, response) => {
		most = Math.max(most, ++now);
		response.once("finish", () => now--);
	});
	upstream.expect([{ delayMs: 50 }, { delayMs: 50 }, { delayMs: 50 }]);
	await Promise.all([call(server), call(server), call(server)]);
	assert.equal(most, 1);
	assert.equal(upstream.requests.length, 3);
}));

await test("calls over the rate wait, and are refused when that is too long", () => served(() => ({ limits: { ratePerSecond: 1, burst: 1, totalSeconds: 1.9 } }), {}, async (server, upstream) => {
	const begin = performance.now();
	const results = await Promise.all([call(server), call(server), call(server), call(server)]);

	assert.ok(performance.now() - begin >= 950);
	assert.equal(upstream.requests.length, 2);
	const refused = results.filter(({ isError }) => isError);
	assert.equal(refused.length, 2);
	assert.match(refused[0].content[0].text, /rate limit/);
}));

await test("SMELT_BASE_URL and its path stand before the declared server", async () => {
	const upstream = await Mock.start();
	const server = start(dataOf({ binding: get({ url: "/relative" }) }), { SMELT_BASE_URL: `${upstream.url}/base/` });
	await server.initialize();
	await call(server);
	assert.equal(upstream.requests[0].target, "/base/x");
	await server.stop();
	upstream.stop();
});

await test("a secret from a file, masked in what the upstream says", async () => {
	const file = join(folder, "secret");
	writeFileSync(file, "hush-hush\n");
	await served(() => ({
		securitySchemes: { key: { type: "apiKey", in: "header", name: "X-Key" } }, security: [{ key: [] }],
	}), { WIRE_KEY_API_KEY_FILE: file }, async (server, upstream) => {
		upstream.expect([{ status: 403, text: "no hush-hush here" }]);
		const result = await call(server);
		assert.equal(upstream.requests[0].headers["x-key"], "hush-hush");
		assert.equal(result.content[0].text.split("\n")[0], "HTTP 403: no *** here");
		rmSync(file);
		const gone = await call(server);
		assert.equal(gone.isError, true);
		assert.match(gone.content[0].text, /WIRE_KEY_API_KEY_FILE/);
		assert.ok(!gone.content[0].text.includes(file));
		assert.ok(!server.stderr.includes("hush-hush"));
	});
});

await test("an edited handler is what is called", async () => {
	const upstream = await Mock.start();
	const { root, script } = prepare(dataOf({ binding: get(upstream, {
		parameters: [{ argument: "q", name: "q", in: "query" }],
	}) }));
	writeFileSync(join(root, "dist/handlers/call.js"),
		"export async function handle(given, call) { return call({ ...given, q: given.q + '!' }); }\n");
	const server = new Server(script, {});
	await server.initialize();
	await call(server, { q: "hey" });
	assert.equal(upstream.requests[0].target, "/x?q=hey%21");
	await server.stop();
	upstream.stop();
});

await test("what a handler throws stays in the log", async () => {
	const { root, script } = prepare(dataOf({ binding: get({ url: "http://127.0.0.1:9" }) }));
	writeFileSync(join(root, "dist/handlers/call.js"),
		"export async function handle() { throw new Error('inner workings'); }\n");
	const server = new Server(script, {});
	await server.initialize();
	const result = await call(server);
	assert.equal(result.isError, true);
	assert.ok(!JSON.stringify(result).includes("inner workings"));
	await server.stop();
	assert.match(server.stderr, /inner workings/);
});

await test("a handler that gives nothing is a defect", async () => {
	const { root, script } = prepare(dataOf({ binding: get({ url: "http://127.0.0.1:9" }) }));
	writeFileSync(join(root, "dist/handlers/call.js"), "export async function handle() {}\n");
	const server = new Server(script, {});
	await server.initialize();
	const result = await call(server);
	assert.equal(result.isError, true);
	assert.match(result.content[0].text, /^internal error, reference [0-9a-f]{16}$/);
	await server.stop();
});

await test("a tool that came from words says what to edit", () => served(() => ({ binding: { type: "manual" } }), {}, async (server) => {
	const result = await call(server);
	assert.equal(result.isError, true);
	assert.match(result.content[0].text, /no implementation yet: edit src\/handlers\/call\.ts/);
}));

await test("OpenTelemetry is used where it is installed", async () => {
	const upstream = await Mock.start();
	const { root, script } = prepare(dataOf({ binding: get(upstream) }));
	const module = join(root, "dist/node_modules/@opentelemetry/api");
	mkdirSync(module, { recursive: true });
	writeFileSync(join(module, "package.json"), '{"type":"module","exports":"./index.js"}');
	writeFileSync(join(module, "index.js"), `
const say = (...words) => process.stderr.write("otel " + JSON.stringify(words) + "\\n");
export const context = { active: () => "active", with: (given, work) => { say("with", given); return work(); } };
export const propagation = { extract: (given, carrier) => carrier.traceparent ?? given };
export const metrics = { getMeter: () => ({ createHistogram: (name) => ({ record: (value, labels) => say(name, typeof value, labels) }) }) };
export const trace = {
	getTracer: () => ({ startSpan: (name, options, parent) => {
		say(name, options, parent);
		return { setAttribute: (key, value) => say(key, value), setStatus: (status) => say(status), end: () => say("end") };
	} }),
	setSpan: (parent) => "span of " + parent,
};
`);
	const server = new Server(script, { SMELT_LOG: "off" });
	await server.initialize();
	upstream.expect([{ status: 500 }]);
	await server.request("tools/call", { name: "call", arguments: {}, _meta: { traceparent: "00-1-2-03" } });
	assert.equal(await server.stop(), 0);
	assert.deepEqual(server.stderr.trim().split("\n").map((line) => JSON.parse(line.slice(5))), [
		["tools/call call", { kind: 1, attributes: {
			"mcp.method.name": "tools/call", "gen_ai.tool.name": "call", "gen_ai.operation.name": "execute_tool",
			"jsonrpc.request.id": "2", "network.transport": "pipe",
		} }, "00-1-2-03"],
		["with", "span of 00-1-2-03"],
		["error.type", "tool_error"], [{ code: 2 }], ["end"],
		["mcp.server.operation.duration", "number", {
			"mcp.method.name": "tools/call", "gen_ai.tool.name": "call", "gen_ai.operation.name": "execute_tool",
			"network.transport": "pipe", "error.type": "tool_error",
		}],
	]);
	upstream.stop();
});

await test("SIGTERM ends the server", async () => {
	const server = start(dataOf({ binding: get({ url: "http://127.0.0.1:9" }) }));
	await server.initialize();
	server.child.kill("SIGTERM");
	assert.equal(await server.ended, 0);
});

async function refuses(name, change, pattern, options = []) {
	await test(name, async () => {
		const data = dataOf({ binding: get({ url: "http://127.0.0.1:9" }) });
		const remove = change(data);
		const { root, script } = prepare(data);
		if (typeof remove === "string")
			rmSync(join(root, remove));
		const server = new Server(script, {}, options);
		assert.equal(await server.ended, 2);
		assert.match(server.stderr, pattern);
		assert.equal(server.stderr.trim().split("\n").length, 1, server.stderr);
	});
}

await refuses("no tools.json, no start", () => "tools.json", /cannot read tools\.json/);
await refuses("no handler, no start", () => "dist/handlers/call.js", /src\/handlers\/call\.ts is missing/);
await refuses("a tool without a binding", (data) => { data.bindings.bindings = {}; }, /no binding for call/);
await refuses("a binding of another target", (data) => { data.bindings.bindings.call.binding = { type: "python" }; }, /not bound to HTTP/);
await refuses("a name that is no identifier", (data) => { data.tools.tools[0].name = "../call"; }, /usable name/);
await refuses("one name twice", (data) => { data.tools.tools.push(data.tools.tools[0]); }, /two tools are named call/);
await refuses("an unknown format", (data) => { data.bindings.format = 2; }, /unknown format/);
await refuses("a limit of nothing", (data) => { data.bindings.limits = { burst: 0 }; }, /limits\.burst/);
await refuses("an unknown option", () => {}, /usage: server\.js \[--http\]/, ["--htpp"]);
done();
