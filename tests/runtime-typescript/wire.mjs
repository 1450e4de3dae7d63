/* wire.mjs PROJECT FOLDER CASES...: tests/wire/README.md against the runtime. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Mock } from "./mock.mjs";
import { partsOf } from "./parts.mjs";
import { dataOf, makeProject } from "./project.mjs";
import { Server } from "./stdio.mjs";
import { done, test } from "./tap.mjs";

const [project, folder, ...files] = process.argv.slice(2);
const only = process.env.CASE;

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
	for (const name of wanted.absent ?? [])
		assert.equal(request.headers[name], undefined, `header ${name}`);
	sameBody(request, wanted);
}

function sameResult(result, wanted) {
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
	for (const part of wanted.lacks ?? [])
		assert.ok(!texts.includes(part), `${JSON.stringify(part)} is not in ${JSON.stringify(texts)}`);
}

async function runCall(server, upstream, call) {
	if (call.waitMs !== undefined)
		await new Promise((resolve) => setTimeout(resolve, call.waitMs));
	upstream.expect(call.responses ?? []);
	const start = performance.now();
	const answer = await server.request("tools/call", { name: "call", arguments: call.arguments });
	const took = performance.now() - start;

	assert.ok(answer.result, JSON.stringify(answer.error));
	assert.deepEqual(upstream.requests.map(({ method, target }) => `${method} ${target}`),
		call.requests.map(({ method, target }) => `${method} ${target}`), JSON.stringify(answer.result));
	call.requests.forEach((wanted, at) => sameRequest(upstream.requests[at], wanted));
	sameResult(answer.result, call.result);
	assert.ok(took >= (call.minMs ?? 0), `${took} ms is too short`);
	assert.ok(took <= (call.maxMs ?? Infinity), `${took} ms is too long`);
}

async function runCase(raw) {
	const upstream = await Mock.start();
	const elsewhere = await Mock.start();
	const text = JSON.stringify(raw).replaceAll("{upstream}", upstream.url).replaceAll("{elsewhere}", elsewhere.url);
	const given = JSON.parse(text);
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
	.filter(({ id }) => only === undefined || id === only);
const running = cases.map(({ id }) => id);
assert.equal(new Set(running).size, running.length, "ids are unique");

async function worker() {
	for (let next = cases.shift(); next !== undefined; next = cases.shift())
		await test(`${next.id}: ${next.about}`, () => runCase(next));
}
await Promise.all([worker(), worker()]);
done();
