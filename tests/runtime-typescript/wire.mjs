/* wire.mjs PROJECT FOLDER CASES...: tests/wire/README.md against the runtime. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { Mock } from "./mock.mjs";
import { partsOf } from "./parts.mjs";
import { dataOf, makeProject } from "./project.mjs";
import { Server } from "./stdio.mjs";
import { done, test } from "./tap.mjs";

const [project, folder, ...files] = process.argv.slice(2);
const only = process.env.CASE?.split(" ");

function sameBytes(bytes, wanted) {
	if (wanted.text !== undefined)
		assert.equal(bytes.toString("utf8"), wanted.text);
	if (wanted.json !== undefined)
		assert.deepEqual(JSON.parse(bytes.toString("utf8")), wanted.json);
	if (wanted.base64 !== undefined)
		assert.equal(bytes.toString("base64"), wanted.base64);
}

function sameBody(request, wanted) {
	const { body } = request;
	const text = body.toString("utf8");

	if (wanted.parts !== undefined) {
		const parts = partsOf(request);
		assert.deepEqual(parts.map(({ name }) => name), wanted.parts.map(({ name }) => name));
		wanted.parts.forEach((part, at) => {
			for (const key of ["filename", "contentType"]) {
				if (part[key] !== undefined)
					assert.equal(parts[at][key], part[key], `${key} of part ${at}`);
			}
			sameBytes(parts[at].bytes, part);
		});
	} else if (wanted.form !== undefined) {
		assert.deepEqual([...new URLSearchParams(text)], wanted.form);
	} else if (wanted.body !== undefined) {
		assert.equal(text, wanted.body);
	} else if (wanted.json !== undefined || wanted.base64 !== undefined) {
		sameBytes(body, wanted);
	} else {
		assert.equal(text, "", "no body");
	}
}

function sameRequest(request, wanted) {
	assert.equal(`${request.method} ${request.target}`, `${wanted.method} ${wanted.target}`);
	for (const [name, value] of Object.entries(wanted.headers ?? {}))
		assert.equal(request.headers[name], value, `header ${name}`);
	for (const [name, values] of Object.entries(wanted.each ?? {})) {
		const { rawHeaders } = request;
		assert.deepEqual(rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1].toLowerCase() === name), values);
	}
	for (const name of wanted.absent ?? [])
		assert.equal(request.headers[name], undefined, `header ${name}`);
	sameBody(request, wanted);
}

function sameResult({ result, line }, wanted) {
	const texts = result.content.map((block) => block.text ?? "").join("\n");

	assert.equal(result.isError ?? false, wanted.isError ?? false, texts);
	if (wanted.structuredContent === null)
		assert.equal(result.structuredContent, undefined);
	else if (wanted.structuredContent !== undefined)
		assert.deepEqual(result.structuredContent, wanted.structuredContent);
	if (wanted.content !== undefined)
		assert.deepEqual(result.content, wanted.content);
	if (wanted.text !== undefined)
		assert.equal(result.content[0].text, wanted.text);
	for (const part of wanted.contains ?? [])
		assert.ok(texts.includes(part), `${JSON.stringify(part)} is in ${JSON.stringify(texts)}`);
	for (const part of wanted.raw ?? [])
		assert.ok(line.includes(part), `${JSON.stringify(part)} is in the raw ${line.slice(0, 1000)}`);
	if (wanted.bytes !== undefined)
		assert.ok(line.length <= wanted.bytes, `${line.length} bytes`);
	for (const part of wanted.lacks ?? [])
		assert.ok(!texts.includes(part), `${JSON.stringify(part)} is not in ${JSON.stringify(texts)}`);
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/* The answers of the call, made as often as it says; none when cancelled. */
async function ask(server, upstream, call) {
	const given = call.argumentsText ?? JSON.stringify(call.arguments);
	const params = `{"name": "call", "arguments": ${given}}`;
	const asked = Array.from({ length: call.times ?? 1 }, () => server.ask("tools/call", params));

	if (call.cancelMs === undefined)
		return Promise.all(asked.map(({ answer }) => answer));
	for (let tries = 0; upstream.requests.length < call.requests.length && tries < 1000; tries++)
		await pause(20);
	await pause(call.cancelMs);
	for (const { id, answer } of asked) {
		assert.equal(await Promise.race([answer, "under way"]), "under way");
		server.send({ method: "notifications/cancelled", params: { requestId: id, reason: "test" } });
	}
	return [];
}

async function runCall(server, upstream, call) {
	const before = upstream.requests.length;

	await pause(call.waitMs ?? 0);
	assert.equal(upstream.requests.length, before, "requests after a call");
	upstream.expect(call.responses ?? []);
	const start = performance.now();
	const answers = await ask(server, upstream, call);
	const took = performance.now() - start;

	for (const answer of answers)
		assert.ok(answer.result, JSON.stringify(answer.error));
	assert.deepEqual(upstream.requests.map(({ method, target }) => `${method} ${target}`),
		call.requests.map(({ method, target }) => `${method} ${target}`), JSON.stringify(answers).slice(0, 1000));
	call.requests.forEach((wanted, at) => sameRequest(upstream.requests[at], wanted));
	for (const answer of answers)
		sameResult(answer, call.result);
	assert.ok(took >= (call.minMs ?? 0), `${took} ms is too short`);
	assert.ok(took <= (call.maxMs ?? 20000), `${took} ms is too long`);
	if (call.most !== undefined)
		assert.equal(upstream.most, call.most, "requests at one time");
	if (call.left !== undefined) {
		for (let tries = 0; upstream.left < call.left && tries < 100; tries++)
			await pause(20);
		assert.equal(upstream.left, call.left, "connections ended before their answer");
	}
}

function put(folder, files = {}) {
	mkdirSync(folder, { recursive: true });
	for (const [name, file] of Object.entries(files)) {
		const path = join(folder, name);
		mkdirSync(dirname(path), { recursive: true });
		if (file.link !== undefined)
			symlinkSync(file.link, path);
		else if (file.fifo !== undefined)
			execFileSync("mkfifo", [path]);
		else if (file.directory !== undefined)
			mkdirSync(path);
		else
			writeFileSync(path, file.base64 !== undefined ? Buffer.from(file.base64, "base64")
				: file.repeat !== undefined ? file.repeat.text.repeat(file.repeat.times) : file.text);
	}
}

async function runCase(raw) {
	const upstream = await Mock.start();
	const elsewhere = await Mock.start();
	const files = join(folder, `${raw.id}.files`);
	const text = JSON.stringify(raw).replaceAll("{upstream}", upstream.url)
		.replaceAll("{elsewhere}", elsewhere.url).replaceAll("{files}", files);
	const given = JSON.parse(text);
	put(files, raw.files);
	const server = new Server(makeProject(join(folder, raw.id), project, dataOf(given)),
		{ SMELT_LOG: "debug", ...given.env });

	try {
		await server.initialize();
		for (const [at, call] of given.calls.entries()) {
			await runCall(server, upstream, call).catch((error) => {
				error.message = `call ${at}: ${error.message}`;
				throw error;
			});
		}
		assert.deepEqual(elsewhere.requests, []);
		if (given.connections !== undefined)
			assert.equal(upstream.connections, given.connections, "connections");
		assert.equal(await server.stop(), 0, server.stderr);
		for (const line of server.stderr.trimEnd().split("\n"))
			JSON.parse(line);
		for (const [name, secret] of Object.entries(given.env ?? {})) {
			if (/_(TOKEN|API_KEY|PASSWORD|CLIENT_SECRET)$/.test(name) && secret.length > 3)
				assert.ok(!server.stderr.includes(secret), `${name} is in the log`);
		}
	} finally {
		server.child.kill();
		upstream.stop();
		elsewhere.stop();
	}
}

const cases = files.flatMap((file) => JSON.parse(readFileSync(file, "utf8")).cases)
	.filter(({ id }) => only?.includes(id) ?? true);
const running = cases.map(({ id }) => id);
assert.equal(new Set(running).size, running.length, "ids are unique");

async function worker() {
	for (let next = cases.shift(); next !== undefined; next = cases.shift())
		await test(`${next.id}: ${next.about}`, () => runCase(next));
}
await Promise.all([worker(), worker()]);
done();
