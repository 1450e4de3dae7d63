/* calls.mjs TARGET FOLDER: the call log, and the line of each call on stderr. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { done, test as named } from "../runtime-typescript/tap.mjs";
import { makeServer, Server, serving } from "./server.mjs";
import { Upstream } from "./upstream.mjs";

const [target, folder] = process.argv.slice(2);
const test = (name, work) => named(`${target}: ${name}`, work);
const require = createRequire(join(process.env.NODE_PATH, "x.js"));
const ajv = new (require("ajv/dist/2020").default)({ strict: true });
require("ajv-formats").default(ajv);
const valid = ajv.compile(JSON.parse(readFileSync(join(process.env.SMELT_SHARE, "schemas/call.schema.json"), "utf8")));

let answers = [];
let open;
const upstream = await Upstream.start({ answer: () => answers.shift() ?? { json: { ok: true } } });
const binding = (method) => ({
	type: "http", method, server: upstream.url, path: "/x", idempotent: method === "GET", response: {},
	parameters: [{ argument: "q", name: "q", in: "query" }],
	...(method === "GET" ? {} : { body: { mediaType: "text/plain", required: false, mode: "argument", argument: "text" } }),
});
const tools = { call: "GET", write: "POST" };
const schema = { type: "object", properties: { q: { type: "string" }, text: { type: "string" } }, additionalProperties: false };
const command = makeServer(target, join(folder, "calls"), {
	tools: { tools: Object.keys(tools).map((name) => ({ name, description: "A tool.", inputSchema: schema })) },
	bindings: {
		format: 1, server: { name: "wire", title: "Wire", version: "1" }, limits: { retryBaseSeconds: 0.01 },
		securitySchemes: { k: { type: "http", scheme: "bearer" } },
		bindings: Object.fromEntries(Object.entries(tools).map(([name, method]) =>
			[name, { binding: binding(method), security: [{ k: [] }] }])),
	},
});
const file = join(folder, "calls.log");
const linesOf = (path) => readFileSync(path, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
const env = { SMELT_CALL_LOG: file, WIRE_K_TOKEN: "secret-in-no-log" };

await test("a line a call, with what happened and nothing of what was said", async () => {
	await serving(command, env, async (server) => {
		assert.equal(statSync(file).mode & 0o777, 0o600);
		assert.equal((await server.call("call", { q: "argument-word" })).failed, false);
		answers = [{ status: 503 }, { json: { ok: "answer-word" } }];
		assert.equal((await server.call("call", {})).failed, false);
		assert.equal((await server.call("write", { text: "twelve bytes" })).failed, false);
		answers = [{ status: 404, text: "none" }];
		assert.equal((await server.call("call", {})).failed, true);
		assert.equal((await server.call("call", { other: 1 })).failed, true);
		answers = [new Promise((resolve) => open = resolve)];
		const cancelled = server.request("tools/call", { name: "call", arguments: {} }, "to-cancel").catch(() => {});
		while (upstream.requests.length < 6)
			await new Promise((resolve) => setTimeout(resolve, 10));
		server.send({ method: "notifications/cancelled", params: { requestId: "to-cancel" } });
		while (linesOf(file).length < 6)
			await new Promise((resolve) => setTimeout(resolve, 10));
		void cancelled;
		open({ json: {} });
		const lines = linesOf(file);
		for (const line of lines)
			assert.ok(valid(line), JSON.stringify([line, valid.errors]));
		assert.deepEqual(lines.map(({ tool, outcome, status, attempts, sent }) => [tool, outcome, status, attempts, sent]), [
			["call", "ok", 200, 1, 0], ["call", "ok", 200, 2, 0], ["write", "ok", 200, 1, 12],
			["call", "error", 404, 1, 0], ["call", "refused", undefined, 0, 0], ["call", "cancelled", undefined, 1, 0],
		]);
		assert.deepEqual(lines.slice(0, 5).map(({ received }) => received),
			[JSON.stringify({ ok: true }).length, JSON.stringify({ ok: "answer-word" }).length, 11, 4, 0]);
		assert.equal(new Set(lines.map(({ request }) => request)).size, 6);
		for (const word of ["argument-word", "answer-word", "twelve", "secret-in-no-log", "none"])
			assert.ok(!readFileSync(file, "utf8").includes(word), word);
		let said = [];
		while ((said = server.lines().filter(({ event }) => event === "call")).length < 6)
			await new Promise((resolve) => setTimeout(resolve, 10));
		const strip = ({ kind, server: _, time, level, event, error, ...rest }) => rest;
		assert.deepEqual(said.map(strip), lines.map(strip), "stderr says the same");
	});
	upstream.take();
});

await test("the log goes on where it was, and anew where the file was moved or removed", () =>
	serving(command, { ...env, SMELT_LOG: "off" }, async (server) => {
		await server.call("call");
		assert.equal(linesOf(file).length, 7, "what is there stays");
		renameSync(file, `${file}.1`);
		await server.call("call");
		assert.equal(linesOf(file).length, 1);
		assert.equal(linesOf(`${file}.1`).length, 7);
		assert.equal(statSync(file).mode & 0o777, 0o600);
		rmSync(file);
		await server.call("call");
		assert.equal(linesOf(file).length, 1);
		assert.deepEqual(server.lines(), [], "SMELT_LOG is for stderr");
	}));

await test("a full disk costs lines and one warning, no call", () =>
	serving(command, { ...env, SMELT_CALL_LOG: "/dev/full" }, async (server) => {
		for (let call = 0; call < 3; call++)
			assert.equal((await server.call("call")).failed, false);
		await new Promise((resolve) => setTimeout(resolve, 200));
		const said = server.lines().filter(({ event }) => event === "call-log");
		assert.equal(said.length, 1, server.stderr);
		assert.match(JSON.stringify(said[0]), /no space left on device/i);
	}));

await test("a file that can not be opened ends the start", async () => {
	mkdirSync(join(folder, "there"));
	for (const path of [join(folder, "not-there", "x.log"), join(folder, "there")]) {
		const server = new Server(command, { ...env, SMELT_CALL_LOG: path });
		assert.equal(await server.ended, 2, server.stderr);
		assert.match(server.stderr, /^[^\n]*SMELT_CALL_LOG[^\n]*\n$/);
		assert.ok(!server.stderr.includes(folder), server.stderr);
	}
});

upstream.stop();
done();
