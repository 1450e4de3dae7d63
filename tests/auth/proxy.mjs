/* proxy.mjs TARGET FOLDER PKI: calls through a proxy, and what it gets to see. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";

import { done, test as named } from "../runtime-typescript/tap.mjs";
import { makeServer, Server, serving } from "./server.mjs";
import { Upstream } from "./upstream.mjs";

const [target, folder, pki] = process.argv.slice(2);
const test = (name, work) => named(`${target}: ${name}`, work);
const at = (name) => join(pki, name);
const read = (name) => readFileSync(at(name));
let servers = 0;

async function chosenBy(rows) {
	if (target === "python") {
		const ran = spawnSync("python3", ["tests/auth/proxies.py", join(process.env.SMELT_SHARE, "runtime/python")],
			{ input: JSON.stringify(rows), encoding: "utf8" });
		assert.equal(ran.status, 0, ran.stderr);
		return JSON.parse(ran.stdout);
	}
	const { proxyFor } = await import(join(process.env.PROJECT, "dist/runtime/proxy.js"));
	return rows.map(([, environment, origin]) => {
		try {
			return { proxy: proxyFor(new URL(origin), environment)?.href.replace(/\/$/, "") ?? null };
		} catch (error) {
			return { refused: error.message };
		}
	});
}

const rows = JSON.parse(readFileSync("tests/auth/proxies.json", "utf8"));
const chosen = await chosenBy(rows);
for (const [at, [about, , , wanted]] of rows.entries()) {
	await test(`${about}: ${wanted ?? "straight"}`, () => {
		const { proxy, refused } = chosen[at];
		if (wanted === null || wanted.startsWith("http:"))
			return assert.deepEqual([proxy, refused], [wanted, undefined]);
		assert.ok(refused?.startsWith(`${wanted} is not an http proxy`), JSON.stringify(chosen[at]));
		assert.ok(!refused.includes("secret-word"));
	});
}

/* Connects every name to one of the upstreams of this machine. */
class Proxy {
	seen = [];
	refuses = 0;

	static async start(to) {
		const proxy = new Proxy();
		proxy.to = to;
		proxy.server = createServer((request, response) => proxy.forward(request, response));
		proxy.server.on("connect", (request, socket, head) => proxy.tunnel(request, socket, head));
		await new Promise((resolve) => proxy.server.listen(0, "127.0.0.1", resolve));
		proxy.address = `127.0.0.1:${proxy.server.address().port}`;
		return proxy;
	}

	forward({ method, url, headers }, response) {
		this.seen.push({ method, target: url, headers });
		response.writeHead(200, { "content-type": "application/json" });
		response.end('{"by":"proxy"}');
	}

	tunnel({ method, url, headers }, socket, head) {
		this.seen.push({ method, target: url, headers });
		socket.on("error", () => {});
		if (this.refuses > 0) {
			this.refuses--;
			return void socket.end("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
		}
		const onward = connect(this.to(url).port, "127.0.0.1", () => {
			socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
			onward.write(head);
			socket.pipe(onward).pipe(socket);
		});
		onward.on("error", () => socket.destroy());
	}

	take() {
		return this.seen.splice(0);
	}
}

const tls = { key: read("server.key"), cert: read("server.pem"), ca: read("ca.pem") };
const upstream = await Upstream.start({ tls: { ...tls, requestCert: true, rejectUnauthorized: false } });
const login = await Upstream.start({ tls, answer: () => ({ json: { access_token: "token-through-proxy", token_type: "Bearer" } }) });
const local = await Upstream.start();
const proxy = await Proxy.start((name) => name.startsWith("login.") ? login : upstream);
const env = { HTTPS_PROXY: `http://me:proxy-word@${proxy.address}`, SMELT_CA_FILE: at("ca.pem") };
const binding = (server, more = {}) => ({ type: "http", method: "GET", server, path: "/private/x", parameters: [], response: {}, idempotent: true, ...more });
const limits = { timeoutSeconds: 3, maxAttempts: 1 };
const made = (given) => makeServer(target, join(folder, `p${servers++}`), { limits, ...given });
const secured = {
	security: [{ o: [], k: [], m: [] }],
	securitySchemes: {
		o: { type: "oauth2", flows: { clientCredentials: { tokenUrl: "https://login.example/token", scopes: {} } } },
		k: { type: "apiKey", in: "query", name: "key" },
		m: { type: "mutualTLS" },
	},
};
const credentials = {
	WIRE_O_CLIENT_ID: "id", WIRE_O_CLIENT_SECRET: "client-secret-word", WIRE_K_API_KEY: "query-key-word",
	WIRE_M_CERT_FILE: at("alice.pem"), WIRE_M_KEY_FILE: at("alice.key"),
};

for (const method of ["GET", "POST"]) {
	await test(`${method} over TLS: the proxy sees host and port, the upstream everything`, () =>
		serving(made({ binding: binding("https://api.example:8443", { method, idempotent: method === "GET" }), ...secured }),
			{ ...env, ...credentials }, async (server) => {
				for (let call = 0; call < 2; call++) {
					const result = await server.call();
					assert.equal(result.failed, false, result.text);
				}
				const [first, second] = upstream.take();
				assert.deepEqual([first.client, first.headers.authorization, first.target, first.headers.host],
					["alice", "Bearer token-through-proxy", "/private/x?key=query-key-word", "api.example:8443"]);
				assert.equal(second.client, "alice");
				assert.equal(login.take().length, 1);
				const seen = proxy.take();
				const places = seen.map(({ method: how, target: place }) => `${how} ${place}`);
				assert.deepEqual([...new Set(places)], ["CONNECT login.example:443", "CONNECT api.example:8443"]);
				for (const { headers } of seen) {
					assert.equal(headers["proxy-authorization"], `Basic ${Buffer.from("me:proxy-word").toString("base64")}`);
					for (const word of ["token-through-proxy", "client-secret-word", "query-key-word", "private"])
						assert.ok(!JSON.stringify(headers).includes(word), word);
				}
				assert.ok(!JSON.stringify([first, second]).includes("proxy-word"));
				assert.ok(!server.stderr.includes("proxy-word"));
			}));
}

await test("who answers behind the proxy has to be who it should be", () =>
	serving(made({ binding: binding("https://api.example.org") }), env, async (server) => {
		const result = await server.call();
		assert.equal(result.failed, true);
		assert.match(result.text, /certificate is not trusted/);
		assert.deepEqual(upstream.take(), []);
		assert.equal(proxy.take().length, 1);
	}));

await test("a proxy that refuses is not taken for the upstream", () =>
	serving(made({ binding: binding("https://api.example") }), env, async (server) => {
		proxy.refuses = 1;
		const result = await server.call();
		assert.equal(result.failed, true);
		assert.match(result.text, /the proxy did not connect to the upstream/);
		proxy.take();
		assert.equal((await server.call()).failed, false);
		assert.equal(proxy.take().length, 1);
	}));

await test("a host of NO_PROXY is asked straight, and so is this machine", async () => {
	upstream.take();
	await serving(made({ binding: binding("https://api.example") }), { ...env, NO_PROXY: "x.test,.example" }, async (server) => {
		assert.equal((await server.call()).failed, true);
		assert.deepEqual([proxy.take(), upstream.take()], [[], []]);
	});
	await serving(made({ binding: binding(local.url) }), { HTTP_PROXY: `http://${proxy.address}` }, async (server) => {
		assert.equal((await server.call()).failed, false);
		assert.deepEqual([proxy.take().length, local.take().length], [0, 1]);
	});
});

await test("in the clear the proxy gets the request, but never with credentials", async () => {
	const open = { http_proxy: `http://me:proxy-word@${proxy.address}` };
	const query = binding("http://api.example:8080", { parameters: [{ argument: "q", name: "q", in: "query" }] });
	await serving(made({ binding: query }), open, async (server) => {
		const result = await server.call("call", { q: "a b" });
		assert.equal(result.text.replaceAll(" ", ""), '{"by":"proxy"}');
		const [got, ...more] = proxy.take();
		assert.deepEqual(more, []);
		assert.deepEqual([got.method, got.target, got.headers.host], ["GET", "http://api.example:8080/private/x?q=a%20b", "api.example:8080"]);
		assert.equal(got.headers["proxy-authorization"], `Basic ${Buffer.from("me:proxy-word").toString("base64")}`);
	});
	await serving(made({ binding: query, security: [{ k: [] }], securitySchemes: secured.securitySchemes }), { ...open, ...credentials }, async (server) => {
		const result = await server.call();
		assert.equal(result.failed, true);
		assert.match(result.text, /proxy in the clear/);
		assert.deepEqual(proxy.take(), []);
	});
});

await test("a proxy that would be passed by ends the start", async () => {
	const server = new Server(made({ binding: binding("https://api.example") }), { ALL_PROXY: "socks5://me:proxy-word@127.0.0.1:1080" });
	assert.equal(await server.ended, 2, server.stderr);
	assert.match(server.stderr, /^[^\n]*ALL_PROXY is not an http proxy[^\n]+\n$/);
	assert.ok(!server.stderr.includes("proxy-word"));
	await serving(made({ binding: binding(local.url) }), { ALL_PROXY: "socks5://127.0.0.1:1080" }, async (other) =>
		assert.equal((await other.call()).failed, false, "not where it does not matter"));
});

for (const each of [upstream, login, local])
	each.stop();
proxy.server.closeAllConnections();
proxy.server.close();
done();
