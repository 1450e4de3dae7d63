/* e2e.mjs TARGET DIR: a generated server, driven by clients that are not ours
   against an upstream that is a mock. Calls are given as the document has them
   and put into the tools' words by bindings.json. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { Mock } from "../runtime-typescript/mock.mjs";
import { partsOf } from "../runtime-typescript/parts.mjs";
import { done, test } from "../runtime-typescript/tap.mjs";
import { Driver } from "./driver.mjs";
import { Inspector } from "./inspector.mjs";
import { serve } from "./serve.mjs";

const [target, dir] = process.argv.slice(2);
const here = import.meta.dirname;
const read = (...path) => JSON.parse(readFileSync(join(...path), "utf8"));
const { tools } = read(dir, "tools.json");
const { bindings } = read(dir, "bindings.json");
const calls = read(here, "calls.json");
const eras = { "legacy": "2025-11-25", "2026-07-28": "2026-07-28" };
const upstream = await Mock.start();

/* What a user sets, and what the starting of programs needs. */
const env = {
	PATH: process.env.PATH,
	SMELT_BASE_URL: `${upstream.url}/v2`,
	LIBRARY_LIBRARYKEY_API_KEY: "key-of-the-library",
	LIBRARY_BRANCHKEY_API_KEY: "key-of-the-branch",
};
const program = target === "python"
	? { command: "python", args: [join(dir, "server.py")] }
	: { command: "node", args: [join(dir, "dist/server.js")] };

const clients = {
	"Python client": (era, server) => new Driver("python", era, server),
	"TypeScript client": (era, server) => new Driver("typescript", era, server),
	"FastMCP client": (era, server) => new Driver("fastmcp", era, server),
	"inspector": (era, server) => new Inspector(era, server, dirname(dir)),
};

const canonical = (value) => JSON.stringify(value, (_, node) =>
	node !== null && typeof node === "object" && !Array.isArray(node)
		? Object.fromEntries(Object.entries(node).sort(([a], [b]) => a < b ? -1 : 1)) : node);

function toolFor(operation) {
	const found = tools.filter(({ name }) =>
		`${bindings[name].binding.method} ${bindings[name].binding.path}` === operation);
	assert.equal(found.length, 1, `one tool is ${operation}`);
	return found[0].name;
}

function argumentFor({ parameters }, place, name) {
	const found = parameters.filter((parameter) => parameter.in === place && parameter.name === name);
	assert.equal(found.length, 1, `one argument is ${place} ${name}`);
	return found[0].argument;
}

function argumentsOf(binding, { body, ...places }) {
	const arguments_ = {};

	for (const [place, values] of Object.entries(places)) {
		for (const [name, value] of Object.entries(values))
			arguments_[argumentFor(binding, place, name)] = value;
	}
	if (body === undefined)
		return arguments_;
	if (binding.body.mode === "argument")
		return { ...arguments_, [binding.body.argument]: body };
	for (const [name, value] of Object.entries(body)) {
		const property = binding.body.properties.find((one) => one.name === name);
		assert.ok(property, `an argument is body ${name}`);
		arguments_[property.argument] = value;
	}
	return arguments_;
}

function sameRequest(request, wanted) {
	for (const [name, value] of Object.entries(wanted.headers ?? {}))
		assert.equal(request.headers[name], value, `header ${name}`);
	for (const name of wanted.absent ?? [])
		assert.equal(request.headers[name], undefined, `header ${name}`);
	if (wanted.json !== undefined)
		assert.deepEqual(JSON.parse(request.body.toString()), wanted.json);
	if (wanted.parts !== undefined) {
		assert.deepEqual(partsOf(request).map(({ bytes, ...part }) => ({ ...part, base64: bytes.toString("base64") }))
			.map((part, at) => wanted.parts[at]?.contentType === undefined ? { ...part, contentType: undefined } : part),
		wanted.parts.map((part) => ({ contentType: undefined, ...part })));
	}
}

async function check(client, wanted) {
	const name = toolFor(wanted.operation);
	const { binding } = bindings[name];
	const arguments_ = argumentsOf(binding, wanted.given);

	if (wanted.unknown !== undefined)
		arguments_[wanted.unknown] = 1;
	upstream.expect(wanted.answers ?? []);
	const { result, error } = await client.ask({ call: { name, arguments: arguments_ } });
	assert.ok(result, error);
	assert.deepEqual(upstream.requests.map((request) => `${request.method} ${request.target}`),
		wanted.requests.map((request) => request.target), JSON.stringify(result));
	wanted.requests.forEach((request, at) => sameRequest(upstream.requests[at], request));
	const text = result.content.map((block) => block.text ?? "").join("\n");
	assert.equal(result.isError ?? false, wanted.isError ?? false, text);
	if (wanted.structured !== undefined)
		assert.deepEqual(result.structuredContent, wanted.structured);
	const names = Object.entries(wanted.names ?? {}).map(([place, one]) => argumentFor(binding, place, one));
	for (const word of [...wanted.contains ?? [], ...names])
		assert.ok(text.includes(word), `${word} is in ${text}`);
}

/* The inspector takes a process for each call: what all clients have in
   common is not asked of it again. */
function callsFor(label) {
	if (label !== "inspector")
		return calls;
	const some = ["GET /categories", "POST /books"];
	return calls.filter(({ operation }) => some.includes(operation));
}

async function drive(transport, server) {
	for (const [label, connect] of Object.entries(clients)) {
		for (const [era, spoken] of Object.entries(eras)) {
			const title = `${target}, ${transport}, ${label}, ${era}`;
			const client = connect(era, server);
			await test(`${title}: the list is tools.json`, async () => {
				const { result, error, version = spoken } = await client.ask({});
				assert.ok(result, error);
				assert.equal(version, spoken);
				assert.equal(canonical(result.tools), canonical(tools));
			});
			for (const call of callsFor(label))
				await test(`${title}: ${call.about}`, () => check(client, call));
			await test(`${title}: ends`, () => client.stop());
		}
	}
}

async function serveHttp() {
	const server = await serve(target, dir, env);

	try {
		await test(`${target}, http: /healthz`, () => assert.deepEqual(server.health, { status: "ok" }));
		await drive("http", { url: server.url });
		await test(`${target}, http: a foreign Origin is refused`, async () => {
			const response = await fetch(server.url, {
				method: "POST", body: "{}",
				headers: { origin: "http://evil.example", "content-type": "application/json" },
			});
			assert.equal(response.status, 403);
		});
		await test(`${target}, http: a JSON line for each call, without keys`, () => {
			const lines = server.stderr().split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
			assert.ok(lines.filter(({ event }) => event === "call").length >= calls.length);
			assert.ok(!server.stderr().includes("key-of-the-"));
		});
	} finally {
		await server.stop();
	}
}

await serveHttp();
await drive("stdio", { ...program, env });
upstream.stop();
done();
