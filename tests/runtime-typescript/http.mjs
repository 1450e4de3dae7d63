/* http.mjs PROJECT FOLDER: the server over HTTP. */
import assert from "node:assert/strict";
import { request } from "node:http";
import { join } from "node:path";

import { Mock } from "./mock.mjs";
import { dataOf, makeProject } from "./project.mjs";
import { modern, Server } from "./stdio.mjs";
import { done, test } from "./tap.mjs";

const [project, folder] = process.argv.slice(2);
let projects = 0;

/* The port is in the log: SMELT_HTTP_PORT=0 lets the system choose. */
async function listening(server) {
	for (let tries = 0; tries < 500; tries++) {
		const port = /"event":"listening".*"port":(\d+)/.exec(server.stderr)?.[1];
		if (port !== undefined)
			return Number(port);
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
	throw new Error(`does not listen: ${server.stderr}`);
}

function send(port, { method = "POST", path = "/mcp", headers = {}, body } = {}) {
	return new Promise((resolve, reject) => {
		const outgoing = request({ host: "127.0.0.1", port, method, path, headers }, async (response) => {
			const chunks = [];
			for await (const chunk of response)
				chunks.push(chunk);
			const text = Buffer.concat(chunks).toString();
			resolve({ status: response.statusCode, headers: response.headers, text });
		});
		outgoing.on("error", reject);
		outgoing.end(body);
	});
}

function post(port, message, headers = {}) {
	return send(port, {
		headers: {
			"content-type": "application/json",
			"accept": "application/json, text/event-stream",
			...headers,
		},
		body: JSON.stringify({ jsonrpc: "2.0", id: 1, ...message }),
	});
}

function payload({ text, headers }) {
	const json = headers["content-type"].startsWith("text/event-stream")
		? /^data: (\{.*)$/m.exec(text)[1] : text;
	return JSON.parse(json);
}

const ofModern = (method, name) => ({
	"mcp-protocol-version": "2026-07-28",
	"mcp-method": method,
	...(name === undefined ? {} : { "mcp-name": name }),
});

async function served(env, work) {
	const upstream = await Mock.start();
	const data = dataOf({ binding: {
		type: "http", method: "GET", server: upstream.url, path: "/x",
		parameters: [], response: {}, idempotent: true,
	} });
	const server = new Server(makeProject(join(folder, `h${projects++}`), project, data),
		{ SMELT_HTTP_PORT: "0", ...env }, ["--http"]);

	try {
		await work(await listening(server), { data, server, upstream });
	} finally {
		server.child.kill();
		await server.ended;
		upstream.stop();
	}
}

await test("both eras list and call", () => served({}, async (port, { data, upstream }) => {
	const legacy = payload(await post(port, { method: "tools/list" }, { "mcp-protocol-version": "2025-11-25" }));
	assert.deepEqual(legacy.result.tools, data.tools.tools);
	const now = payload(await post(port, { method: "tools/list", params: modern }, ofModern("tools/list")));
	assert.deepEqual(now.result.tools, data.tools.tools);
	upstream.expect([{ json: { a: 1 } }]);
	const called = payload(await post(port, { method: "tools/call", params: { name: "call", arguments: {}, ...modern } },
		ofModern("tools/call", "call")));
	assert.equal(called.result.content[0].text, '{"a":1}');
	assert.deepEqual(upstream.requests.map(({ target }) => target), ["/x"]);
}));

await test("numbers keep their text", async () => {
	const upstream = await Mock.start();
	const data = dataOf({
		tool: { outputSchema: { type: "object" } },
		binding: {
			type: "http", method: "POST", server: upstream.url, path: "/x", parameters: [],
			body: { mediaType: "application/json", required: true, mode: "argument", argument: "n" },
			response: {}, idempotent: false,
		},
	});
	const server = new Server(makeProject(join(folder, `h${projects++}`), project, data), { SMELT_HTTP_PORT: "0" }, ["--http"]);

	try {
		const port = await listening(server);
		upstream.expect([{ text: '{"id": 9007199254740993, "p": 1.10}', headers: { "content-type": "application/json" } }]);
		const { text } = await send(port, {
			headers: {
				"content-type": "application/json",
				"accept": "application/json, text/event-stream",
				...ofModern("tools/call", "call"),
			},
			body: `{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "call",
				"arguments": {"n": [1.10, 12345678901234567890, 1e400]}, "_meta": ${JSON.stringify(modern._meta)}}}`,
		});
		assert.equal(String(upstream.requests[0].body), "[1.10,12345678901234567890,1e400]");
		assert.ok(text.includes('"id":9007199254740993,"p":1.10}'), text);
	} finally {
		server.child.kill();
		await server.ended;
		upstream.stop();
	}
});

await test("/healthz and what is not there", () => served({ SMELT_HTTP_TOKEN: "word-of-entry" }, async (port) => {
	const health = await send(port, { method: "GET", path: "/healthz" });
	assert.equal(health.status, 200);
	assert.deepEqual(JSON.parse(health.text), { status: "ok" });
	for (const path of ["/", "/mcp/", "/mcpx", "/%6dcp", "/tools.json"])
		assert.equal((await send(port, { method: "GET", path })).status, 404, path);
}));

await test("a foreign Host or Origin is refused before anything else", () => served({}, async (port, { upstream }) => {
	const list = { method: "tools/list" };
	for (const headers of [
		{ host: "evil.example" }, { host: "localhost.evil.example:80" },
		{ origin: "https://evil.example" }, { origin: "null" }, { origin: "http://localhost.evil.example" },
	])
		assert.equal((await post(port, list, headers)).status, 403, JSON.stringify(headers));
	for (const headers of [{ host: "localhost" }, { host: `[::1]:${port}` }, { origin: `http://localhost:${port}` }])
		assert.equal((await post(port, list, headers)).status, 200, JSON.stringify(headers));
	assert.deepEqual(upstream.requests, []);
}));

await test("the environment adds hosts and origins", () => served({
	SMELT_HTTP_ALLOWED_HOSTS: "mcp.example, other.example",
	SMELT_HTTP_ALLOWED_ORIGINS: "https://app.example:8443,plain.example",
}, async (port) => {
	const list = { method: "tools/list" };
	const status = async (headers) => (await post(port, list, headers)).status;
	assert.equal(await status({ host: "mcp.example" }), 200);
	assert.equal(await status({ host: "other.example:99" }), 200);
	assert.equal(await status({ host: "localhost" }), 200);
	assert.equal(await status({ host: "third.example" }), 403);
	assert.equal(await status({ origin: "https://app.example:8443" }), 200);
	assert.equal(await status({ origin: "https://app.example" }), 403);
	assert.equal(await status({ origin: "http://plain.example" }), 200);
}));

await test("a token, when there is one, is needed", () => served({ SMELT_HTTP_TOKEN: "word-of-entry" }, async (port, { server, upstream }) => {
	const list = { method: "tools/list" };
	const without = await post(port, list);
	assert.equal(without.status, 401);
	assert.equal(without.headers["www-authenticate"], "Bearer");
	assert.equal((await post(port, list, { authorization: "Bearer word" })).status, 401);
	assert.equal((await post(port, list, { authorization: "Basic word-of-entry" })).status, 401);
	const fine = { authorization: "Bearer word-of-entry" };
	assert.equal((await post(port, list, fine)).status, 200);
	await post(port, { method: "tools/call", params: { name: "call", arguments: {} } }, fine);
	assert.equal(upstream.requests[0].headers.authorization, undefined, "it is not passed on");
	assert.ok(!server.stderr.includes("word-of-entry"));
}));

await test("a body that is too large or no JSON is refused", () => served({}, async (port) => {
	const large = await post(port, { method: "tools/list", params: { x: "y".repeat(5 << 20) } }).catch(() => ({ status: 413 }));
	assert.equal(large.status, 413);
	const broken = await send(port, { headers: { "content-type": "application/json", "accept": "application/json, text/event-stream" }, body: "{" });
	assert.equal(broken.status, 400);
	assert.equal((await post(port, { method: "tools/list" })).status, 200, "and the server goes on");
}));

await test("a client that goes away ends the call upstream", () => served({}, async (port, { upstream }) => {
	upstream.expect([{ delayMs: 30000 }]);
	const ended = new Promise((resolve) => upstream.server.once("request", (_, response) =>
		response.once("close", () => resolve(response.writableEnded))));
	const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "call", arguments: {}, ...modern } });
	const outgoing = request({ host: "127.0.0.1", port, method: "POST", path: "/mcp", headers: {
		"content-type": "application/json", "accept": "application/json, text/event-stream", ...ofModern("tools/call", "call"),
	} });
	outgoing.on("error", () => {});
	outgoing.end(body);
	while (upstream.requests.length === 0)
		await new Promise((resolve) => setTimeout(resolve, 10));
	outgoing.destroy();
	assert.equal(await ended, false);
}));

await test("a taken port is one line and exit status 2", () => served({}, async (port) => {
	const data = dataOf({ binding: { type: "http", method: "GET", server: "http://127.0.0.1:9", path: "/", parameters: [], idempotent: true } });
	const second = new Server(makeProject(join(folder, "second"), project, data), { SMELT_HTTP_PORT: String(port) }, ["--http"]);
	assert.equal(await second.ended, 2);
	assert.match(second.stderr, /^server: error: cannot listen: [^\n]*\n$/);
}));
done();
