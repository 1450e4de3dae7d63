/* dynamic.mjs TARGET DIR: a generated dynamic server against cases.json, by raw
   messages and by clients that are not ours. README.md says what a case is. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

import { linesOf } from "../runtime-typescript/lines.mjs";
import { Mock } from "../runtime-typescript/mock.mjs";
import { done, test } from "../runtime-typescript/tap.mjs";

const [target, dir] = process.argv.slice(2);
const here = import.meta.dirname;
const text = (...path) => readFileSync(join(...path), "utf8");
const { groups } = JSON.parse(text(here, "cases.json"));
const { tools: listed } = JSON.parse(text(dir, "tools.json"));
const definitions = new Map(text(dir, "catalogue.json").split("\n").slice(1, -2)
	.map((line) => line.replace(/,$/, "")).map((line) => [JSON.parse(line).name, line]));
const program = target === "python"
	? { command: "python", args: [join(dir, "server.py")] }
	: { command: "node", args: [join(dir, "dist/server.js")] };
const upstream = await Mock.start();
const setting = { PATH: process.env.PATH, SMELT_BASE_URL: `${upstream.url}/v1` };

function start(command, args, env) {
	const child = spawn(command, args, { env, stdio: ["pipe", "pipe", "pipe"] });

	child.said = "";
	child.stderr.on("data", (chunk) => child.said += chunk);
	child.ended = new Promise((resolve) => child.once("close", resolve));
	child.lines = linesOf(child.stdout);
	child.stdin.on("error", () => {});
	return child;
}

/* A client of ours: the messages as they are. */
class Raw {
	#next = 0;

	constructor(env) {
		this.child = start(program.command, program.args, { ...setting, ...env });
	}

	async request(method, params) {
		const id = this.#next++;
		this.child.stdin.write(JSON.stringify({ jsonrpc: "2.0", id, method, params }) + "\n");
		const { value, done: ended } = await this.child.lines.next();
		assert.ok(!ended, `the server ended: ${this.child.said}`);
		this.last = value;
		return JSON.parse(value);
	}

	async open() {
		const { result } = await this.request("initialize", {
			protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" },
		});
		this.child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
		return result;
	}

	list() {
		return this.request("tools/list", {});
	}

	call(call) {
		return this.request("tools/call", call);
	}

	/* The log line of the last call. */
	async logged(count) {
		for (let tries = 0; tries < 200; tries++) {
			const lines = this.child.said.split("\n").slice(0, -1).filter((line) => line.startsWith("{"))
				.map((line) => JSON.parse(line)).filter(({ event }) => event === "call");
			if (lines.length >= count)
				return lines[count - 1];
			await new Promise((resolve) => setTimeout(resolve, 10));
		}
		throw new Error(`no log line: ${this.child.said}`);
	}

	async close() {
		this.child.stdin.end();
		assert.equal(await this.child.ended, 0, this.child.said);
	}
}

/* An official client, in a process of its own. */
class Other {
	constructor(command, script, era, server) {
		this.child = start(command, [join(here, "../e2e", script), era, JSON.stringify(server)]);
	}

	async open() {}

	async #ask(request) {
		this.child.stdin.write(JSON.stringify(request) + "\n");
		const { value, done: ended } = await this.child.lines.next();
		assert.ok(!ended, `the client ended: ${this.child.said}`);
		return JSON.parse(value);
	}

	list() {
		return this.#ask({});
	}

	call(call) {
		return this.#ask({ call });
	}

	async close() {
		this.child.stdin.end();
		assert.equal(await this.child.ended, 0, this.child.said);
	}
}

function filled(value) {
	if (Array.isArray(value))
		return value.map(filled);
	if (typeof value !== "object" || value === null)
		return value;
	if (value.$repeat !== undefined)
		return value.$repeat[0].repeat(value.$repeat[1]);
	if (value.$nest !== undefined)
		return Array(value.$nest).fill(0).reduce((inner) => ({ a: inner }), {});
	return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item)]));
}

const checks = {
	isError: () => {},
	total: ({ structuredContent }, wanted) => assert.equal(structuredContent.total, wanted),
	next: ({ structuredContent }, wanted) => assert.equal(structuredContent.next ?? null, wanted),
	tags: ({ structuredContent }, wanted) => assert.deepEqual(structuredContent.tags ?? null, wanted),
	names: ({ structuredContent }, wanted) =>
		assert.deepEqual(structuredContent.tools.map(({ name }) => name), wanted),
	first: ({ structuredContent }, wanted) => assert.equal(structuredContent.tools[0].name, wanted),
	shown: ({ structuredContent }, wanted) => assert.deepEqual(structuredContent.tools[0], wanted),
	disallowed: ({ structuredContent }, wanted) => assert.deepEqual(
		structuredContent.tools.filter(({ allowed }) => allowed === false).map(({ name }) => name), wanted),
	structuredContent: ({ structuredContent }, wanted) => assert.deepEqual(structuredContent ?? null, wanted),
	text: ({ content }, wanted) => assert.equal(content[0].text, wanted),
	contains: ({ content }, wanted) => wanted.forEach((part) =>
		assert.ok(content[0].text.includes(part), `${part} is in ${content[0].text}`)),
	unknown: ({ structuredContent }, wanted) => assert.deepEqual(structuredContent.unknown, wanted),
	lines({ structuredContent, content }, names) {
		const lines = names.map((name) => definitions.get(name));
		assert.deepEqual(structuredContent.tools, lines.map((line) => JSON.parse(line)));
		assert.ok(content[0].text.startsWith(`{"tools":[${lines.join(",")}]`), content[0].text);
		assert.deepEqual(JSON.parse(content[0].text), structuredContent);
	},
};

checks.brief = ({ structuredContent }, names) => assert.deepEqual(structuredContent.tools,
	names.map((name) => JSON.parse(definitions.get(name))).map(({ outputSchema: _, ...rest }) => rest));

async function check(client, wanted, count) {
	upstream.expect(wanted.responses ?? []);
	const { result, error } = await client.call({ name: wanted.tool, arguments: filled(wanted.arguments) });

	assert.ok(result, JSON.stringify(error));
	assert.equal(result.isError ?? false, wanted.result.isError ?? false, JSON.stringify(result));
	assert.deepEqual(upstream.requests.map(({ method, target: path }) => `${method} ${path}`), wanted.requests ?? [],
		JSON.stringify(result));
	for (const [key, value] of Object.entries(wanted.result))
		checks[key](result, value);
	for (const name of client instanceof Raw ? wanted.result.lines ?? [] : [])
		assert.ok(client.last.includes(definitions.get(name)), `structuredContent has the text of ${name}`);
	if (result.structuredContent !== undefined && ["search_tools", "describe_tool"].includes(wanted.tool))
		assert.deepEqual(JSON.parse(result.content[0].text), result.structuredContent);
	if (wanted.log === undefined || count === undefined)
		return;
	const line = await client.logged(count);
	for (const [key, value] of Object.entries(wanted.log))
		assert.equal(line[key] ?? null, value, `${key} in the log`);
}

async function drive(title, client, calls) {
	await test(`${title}: the list is the meta-tools`, async () => {
		const { instructions } = await client.open() ?? {};
		const { result } = await client.list();
		assert.deepEqual(result.tools, listed);
		if (instructions !== undefined)
			assert.match(instructions, /search_tools.*describe_tool.*call_read_only_tool.*call_tool/s);
	});
	for (const [at, call] of calls.entries())
		await test(`${title}: ${call.about}`, () => check(client, call, client instanceof Raw ? at + 1 : undefined));
	await test(`${title}: ends`, () => client.close());
}

const others = {
	"Python": (era, server) => new Other("python", "client.py", era, server),
	"TypeScript": (era, server) => new Other("node", "client.mjs", era, server),
};

function freePort() {
	return new Promise((resolve) => {
		const server = createServer().listen(0, "127.0.0.1", () => {
			const { port } = server.address();
			server.close(() => resolve(port));
		});
	});
}

async function driveOthers(title, env, calls) {
	const port = await freePort();
	const child = start(program.command, [...program.args, "--http"], { ...setting, ...env, SMELT_HTTP_PORT: String(port) });
	const answers = () => fetch(`http://127.0.0.1:${port}/healthz`).then(({ ok }) => ok, () => false);
	child.stdout.resume();

	for (const [name, connect] of Object.entries(others)) {
		for (const era of ["legacy", "2026-07-28"])
			await drive(`${title}, ${name}, ${era}`, connect(era, { ...program, env: { ...setting, ...env } }), calls);
	}
	await test(`${title}: HTTP`, async () => {
		for (let tries = 0; !await answers(); tries++) {
			assert.ok(tries < 600 && child.exitCode === null, child.said);
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	});
	for (const [name, connect] of Object.entries(others))
		await drive(`${title}, ${name}, HTTP`, connect("2026-07-28", { url: `http://127.0.0.1:${port}/mcp` }), calls);
	child.kill();
	await child.ended;
}

for (const { about, env = {}, calls, clients, fails } of groups) {
	const title = `${target}, ${about}`;
	if (fails !== undefined) {
		await test(title, async () => {
			const { child } = new Raw(env);
			assert.equal(await child.ended, 2, child.said);
			assert.match(child.said, new RegExp(fails));
			assert.equal(child.said.trimEnd().split("\n").length, 1, child.said);
		});
		continue;
	}
	await drive(title, new Raw(env), calls);
	if (clients)
		await driveOthers(title, env, calls);
}
upstream.stop();
done();
