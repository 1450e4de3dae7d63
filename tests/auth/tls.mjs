/* tls.mjs TARGET FOLDER PKI: client certificates, and whom a server trusts. */
import assert from "node:assert/strict";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { done, test as named } from "../runtime-typescript/tap.mjs";
import { makeServer, Server, serving } from "./server.mjs";
import { Upstream } from "./upstream.mjs";

const [target, folder, pki] = process.argv.slice(2);
const test = (name, work) => named(`${target}: ${name}`, work);
const at = (name) => join(pki, name);
let servers = 0;

const read = (name) => readFileSync(at(name));
const own = { key: read("server.key"), cert: read("server.pem"), ca: read("ca.pem") };
const wanting = { ...own, requestCert: true, rejectUnauthorized: true };
const upstream = await Upstream.start({ tls: wanting });
const old = await Upstream.start({ tls: { ...wanting, maxVersion: "TLSv1.2" } });
const plain = await Upstream.start({ tls: own });
const clear = await Upstream.start();

const mutual = { security: [{ "m-tls": [] }], securitySchemes: { "m-tls": { type: "mutualTLS" } } };

function binding(server, more = {}) {
	return { type: "http", method: "GET", server, path: "/x", parameters: [], response: {}, idempotent: true, ...more };
}

function made(given) {
	return makeServer(target, join(folder, `${target}${servers++}`), given);
}

function pair(prefix, cert, key = cert) {
	return { [`${prefix}_CERT_FILE`]: at(`${cert}.pem`), [`${prefix}_KEY_FILE`]: at(`${key}.key`) };
}

await test("a mutualTLS scheme shows its certificate, and a new one as the files change", async () => {
	for (const suffix of ["pem", "key"])
		copyFileSync(at(`alice.${suffix}`), at(`turn.${suffix}`));
	const env = { SMELT_CA_FILE: at("ca.pem"), ...pair("WIRE_M_TLS", "turn"), WIRE_K_API_KEY: "key-beside-1" };
	const both = { security: [{ "m-tls": [], "k": [] }], securitySchemes: {
		...mutual.securitySchemes, k: { type: "apiKey", in: "header", name: "X-Key" },
	} };
	await serving(made({ binding: binding(upstream.url), ...both }), env, async (server) => {
		for (const [who, call] of [["alice", 1], ["alice", 2]]) {
			const result = await server.call();
			assert.equal(result.failed, false, result.text);
			const [got] = upstream.take();
			assert.equal(got.client, who, `call ${call}`);
			assert.equal(got.headers["x-key"], "key-beside-1");
		}
		for (const suffix of ["pem", "key"])
			copyFileSync(at(`bob.${suffix}`), at(`turn.${suffix}`));
		assert.equal((await server.call()).failed, false);
		assert.equal(upstream.take()[0].client, "bob");
		const before = upstream.connections;
		rmSync(at("turn.key"));
		const gone = await server.call();
		assert.equal(gone.failed, true);
		assert.match(gone.text, /WIRE_M_TLS_KEY_FILE/);
		assert.ok(!gone.text.includes(pki), gone.text);
		assert.equal(upstream.connections, before, "nothing was sent without it");
	});
});

await test("a key under a password, from a file", async () => {
	const env = {
		SMELT_CA_FILE: at("ca.pem"),
		WIRE_M_TLS_CERT_FILE: at("alice.pem"), WIRE_M_TLS_KEY_FILE: at("sealed.key"),
		WIRE_M_TLS_KEY_PASSWORD_FILE: at("word"),
	};
	await serving(made({ binding: binding(upstream.url, { method: "POST", idempotent: false }), ...mutual }), env, async (server) => {
		const result = await server.call();
		assert.equal(result.failed, false, result.text);
		assert.equal(upstream.take()[0].client, "alice");
	});
});

await test("SMELT_CLIENT is shown to the upstream whatever the document says", async () => {
	const env = { SMELT_CA_FILE: at("ca.pem"), ...pair("SMELT_CLIENT", "bob") };
	await serving(made({ binding: binding(upstream.url) }), env, async (server) => {
		const result = await server.call();
		assert.equal(result.failed, false, result.text);
		assert.equal(upstream.take()[0].client, "bob");
	});
});

await test("a scheme's certificate goes before SMELT_CLIENT, and never to a token endpoint", async () => {
	const tokens = await Upstream.start({ tls: { ...own, requestCert: true, rejectUnauthorized: false },
		answer: () => ({ json: { access_token: "token-of-tls", token_type: "Bearer" } }) });
	const env = {
		SMELT_CA_FILE: at("ca.pem"), ...pair("SMELT_CLIENT", "bob"), ...pair("WIRE_M_TLS", "alice"),
		WIRE_O_CLIENT_ID: "id", WIRE_O_CLIENT_SECRET: "secret-of-tls",
	};
	await serving(made({
		binding: binding(upstream.url), security: [{ "o": [], "m-tls": [] }],
		securitySchemes: { ...mutual.securitySchemes,
			o: { type: "oauth2", flows: { clientCredentials: { tokenUrl: `${tokens.url}/token`, scopes: {} } } } },
	}), env, async (server) => {
		const result = await server.call();
		assert.equal(result.failed, false, result.text);
		assert.deepEqual(tokens.take().map(({ client }) => client), [undefined]);
		const [got] = upstream.take();
		assert.equal(got.client, "alice");
		assert.equal(got.headers.authorization, "Bearer token-of-tls");
	});
	tokens.stop();
});

await test("a scheme without its files: the variables are named and nothing is sent", async () => {
	await serving(made({ binding: binding(upstream.url), ...mutual }), { SMELT_CA_FILE: at("ca.pem") }, async (server) => {
		const before = upstream.connections;
		const result = await server.call();
		assert.equal(result.failed, true);
		assert.match(result.text, /WIRE_M_TLS_CERT_FILE and WIRE_M_TLS_KEY_FILE/);
		assert.equal(upstream.connections, before);
	});
});

await test("a certificate is not shown in the clear", async () => {
	await serving(made({ binding: binding(clear.url), ...mutual }), pair("WIRE_M_TLS", "alice"), async (server) => {
		const result = await server.call();
		assert.equal(result.failed, true);
		assert.match(result.text, /https/);
		assert.equal(clear.connections, 0);
	});
});

await test("an upstream that wants a certificate, or another one, says so", async () => {
	await serving(made({ binding: binding(old.url) }), { SMELT_CA_FILE: at("ca.pem") }, async (server) => {
		const result = await server.call();
		assert.equal(result.failed, true);
		assert.match(result.text, /refused the TLS connection/);
		assert.equal(old.connections, 1, "it is not tried again");
	});
	await serving(made({ binding: binding(old.url), ...mutual }),
		{ SMELT_CA_FILE: at("ca.pem"), ...pair("WIRE_M_TLS", "mallory") }, async (server) => {
			const result = await server.call();
			assert.equal(result.failed, true);
		});
	assert.deepEqual(old.requests, []);
});

await test("who is not trusted gets no request", async () => {
	for (const env of [{}, { SMELT_CA_FILE: at("other.pem") }]) {
		await serving(made({ binding: binding(plain.url) }), env, async (server) => {
			const before = plain.connections;
			const result = await server.call();
			assert.equal(result.failed, true);
			assert.match(result.text, /certificate is not trusted.*SMELT_CA_FILE/);
			assert.equal(plain.connections, before + 1, "it is not tried again");
		});
	}
	assert.deepEqual(plain.requests, []);
});

await test("a name that the certificate does not have is not trusted", async () => {
	const elsewhere = plain.url.replace("127.0.0.1", "127.0.0.2");
	const second = await Upstream.start({ tls: own, host: "127.0.0.2" });
	await serving(made({ binding: binding(elsewhere.replace(String(plain.port), String(second.port))) }),
		{ SMELT_CA_FILE: at("ca.pem") }, async (server) => {
			const result = await server.call();
			assert.equal(result.failed, true);
			assert.match(result.text, /certificate is not trusted/);
		});
	assert.deepEqual(second.requests, []);
	second.stop();
});

writeFileSync(at("empty.pem"), "no certificate\n");
writeFileSync(at("torn.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
const alice = pair("WIRE_M_TLS", "alice");
for (const [about, env, words] of [
	["half a pair", { WIRE_M_TLS_CERT_FILE: at("alice.pem") }, ["WIRE_M_TLS_CERT_FILE", "WIRE_M_TLS_KEY_FILE"]],
	["half of SMELT_CLIENT", { SMELT_CLIENT_KEY_FILE: at("alice.key") }, ["SMELT_CLIENT_CERT_FILE"]],
	["the key of another", pair("WIRE_M_TLS", "alice", "bob"), ["WIRE_M_TLS_KEY_FILE"]],
	["no such file", pair("WIRE_M_TLS", "nobody"), ["WIRE_M_TLS_CERT_FILE"]],
	["a sealed key without its password", { ...alice, WIRE_M_TLS_KEY_FILE: at("sealed.key") }, ["WIRE_M_TLS_KEY_PASSWORD"]],
	["a sealed key and a wrong one", { ...alice, WIRE_M_TLS_KEY_FILE: at("sealed.key"), WIRE_M_TLS_KEY_PASSWORD: "wrong-word-1" }, ["WIRE_M_TLS_KEY_PASSWORD"]],
	["an authority that is not there", { SMELT_CA_FILE: at("none.pem") }, ["SMELT_CA_FILE"]],
	["an authority without certificates", { SMELT_CA_FILE: at("empty.pem") }, ["SMELT_CA_FILE"]],
	["an authority that is torn", { SMELT_CA_FILE: at("torn.pem") }, ["SMELT_CA_FILE"]],
]) {
	await test(`${about} ends the start`, async () => {
		const server = new Server(made({ binding: binding(upstream.url), ...mutual }), env);
		assert.equal(await server.ended, 2, server.stderr);
		assert.match(server.stderr, /^[^\n]+\n$/, "one line");
		for (const word of words)
			assert.ok(server.stderr.includes(word), server.stderr);
		for (const secret of [pki, "wrong-word-1"])
			assert.ok(!server.stderr.includes(secret), server.stderr);
	});
}

for (const each of [upstream, old, plain, clear])
	each.stop();
done();
