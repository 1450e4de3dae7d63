/* resource.mjs TARGET FOLDER: the HTTP server as an OAuth resource server. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

import { done, test as named } from "../runtime-typescript/tap.mjs";
import { listening, post, send } from "./http.mjs";
import { makeServer, Server } from "./server.mjs";
import { Upstream } from "./upstream.mjs";

const [target, folder] = process.argv.slice(2);
const test = (name, work) => named(`${target}: ${name}`, work);
const jose = await import(pathToFileURL(createRequire(join(process.env.NODE_PATH, "x.js")).resolve("jose")).href);
const RESOURCE = "https://mcp.example/api/mcp";
const METADATA = "https://mcp.example/.well-known/oauth-protected-resource/api/mcp";
let servers = 0;

const signers = {};
for (const alg of ["RS256", "PS256", "ES256", "EdDSA"])
	signers[alg] = { alg, kid: alg, ...await jose.generateKeyPair(alg, { extractable: true }) };
const stranger = { alg: "ES256", kid: "ES256", ...await jose.generateKeyPair("ES256") };
const jwkOf = async ({ publicKey, kid, alg }) => ({ ...await jose.exportJWK(publicKey), kid, alg, use: "sig" });
let keys = await Promise.all(Object.values(signers).map(jwkOf));
let open = true;
const issuer = await Upstream.start({ answer: ({ target: path }) => {
	if (!open)
		return { status: 500 };
	if (path === "/jwks")
		return { json: { keys } };
	return path === "/.well-known/openid-configuration"
		? { json: { issuer: issuer.url, jwks_uri: `${issuer.url}/jwks` } } : { status: 404 };
} });
const upstream = await Upstream.start();
const now = () => Math.floor(Date.now() / 1000);

function token(claims = {}, signer = signers.ES256, header = {}) {
	const payload = { iss: issuer.url, aud: RESOURCE, sub: "someone", scope: "notes:read other", iat: now(), exp: now() + 600, ...claims };
	for (const [name, value] of Object.entries(payload)) {
		if (value === null)
			delete payload[name];
	}
	return new jose.SignJWT(payload).setProtectedHeader({ alg: signer.alg, kid: signer.kid, ...header })
		.sign(signer.privateKey, header.crit ? { crit: Object.fromEntries(header.crit.map((name) => [name, true])) } : {});
}

function unsigned(alg, sign) {
	const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
	const head = `${part({ alg, kid: "RS256" })}.${part({ iss: issuer.url, aud: RESOURCE, scope: "notes:read", exp: now() + 600 })}`;
	return `${head}.${sign(head)}`;
}

const given = { binding: { type: "http", method: "GET", server: upstream.url, path: "/x", parameters: [], response: {}, idempotent: true } };
const env = { SMELT_OAUTH_ISSUER: issuer.url, SMELT_OAUTH_RESOURCE: RESOURCE, SMELT_OAUTH_SCOPES: "notes:read" };
const made = (more = {}) => makeServer(target, join(folder, `r${servers++}`), { ...given, ...more });
const list = { method: "tools/list" };
const bearer = (text) => ({ authorization: `Bearer ${text}` });

await listening(made({ security: [{ k: [] }], securitySchemes: { k: { type: "http", scheme: "bearer" } } }),
	{ ...env, WIRE_K_TOKEN: "token-of-the-server", SMELT_LOG: "debug" }, async (port, server) => {
		const statusOf = async (headers) => (await post(port, list, headers)).status;

		await test("the metadata stands at both places, without a token", async () => {
			for (const path of ["/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/mcp",
				"/.well-known/oauth-protected-resource/api/mcp"]) {
				const answer = await send(port, { path });
				assert.equal(answer.status, 200, path);
				assert.match(answer.headers["content-type"], /^application\/json/);
				assert.deepEqual(JSON.parse(answer.text), {
					resource: RESOURCE, authorization_servers: [issuer.url],
					bearer_methods_supported: ["header"], scopes_supported: ["notes:read"],
				});
			}
			assert.notEqual((await send(port, { path: "/.well-known/oauth-protected-resource/other" })).status, 200);
			assert.deepEqual(issuer.take(), [], "nobody has asked for keys yet");
		});

		await test("without a token: 401, and where to go", async () => {
			for (const headers of [{}, { "x-token": "a" }]) {
				const answer = await post(port, list, headers);
				assert.equal(answer.status, 401);
				assert.equal(answer.headers["www-authenticate"], `Bearer scope="notes:read", resource_metadata="${METADATA}"`);
			}
			const inQuery = await send(port, { method: "POST", path: `/mcp?access_token=${await token()}` });
			assert.equal(inQuery.status, 401);
		});

		await test("a token of each algorithm lets in", async () => {
			for (const signer of Object.values(signers)) {
				const answer = await post(port, list, bearer(await token({}, signer)));
				assert.equal(answer.status, 200, `${signer.alg} ${answer.text}`);
				assert.equal(answer.json.result.tools[0].name, "call");
			}
			assert.equal(await statusOf(bearer(await token({ aud: ["x", RESOURCE] }))), 200, "one of several audiences");
			assert.equal(await statusOf(bearer(await token({ exp: now() - 10 }))), 200, "clocks differ");
			assert.equal(await statusOf(bearer(await token({ nbf: now() + 10 }))), 200);
			assert.equal(await statusOf({ authorization: `bearer ${await token()}` }), 200);
			assert.deepEqual(issuer.take().map(({ target: path }) => path),
				["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration", "/jwks"], "keys are kept");
		});

		const publicPem = Buffer.from(await jose.exportSPKI(signers.RS256.publicKey));
		for (const [about, text] of Object.entries({
			"no signature": unsigned("none", () => ""),
			"a signature with the public key as secret": unsigned("HS256", (head) => createHmac("sha256", publicPem).update(head).digest("base64url")),
			"the key of a stranger": await token({}, stranger),
			"another key's name": await token({}, { ...signers.ES256, kid: "RS256" }),
			"an end in the past": await token({ exp: now() - 120 }),
			"no end": await token({ exp: null }),
			"a beginning in the future": await token({ nbf: now() + 120 }),
			"another issuer": await token({ iss: "https://issuer.example" }),
			"no issuer": await token({ iss: null }),
			"another audience": await token({ aud: "https://mcp.example/other" }),
			"an audience that begins the same": await token({ aud: `${RESOURCE}/x` }),
			"no audience": await token({ aud: null }),
			"an extension that is critical": await token({}, signers.ES256, { crit: ["x-own"], "x-own": 1 }),
			"no form": "not-a-token",
			"three empty parts": "..",
			"more than is read": `${await token()}${"A".repeat(20000)}`,
		})) {
			await test(`a token with ${about} is refused`, async () => {
				const answer = await post(port, list, bearer(text)).catch(() => ({ status: 431 }));
				if (text.length > 16384 && answer.status === 431)
					return;
				assert.equal(answer.status, 401, answer.text);
				const said = about === "an end in the past" ? "the token has expired" : "the token is not valid";
				assert.equal(answer.headers["www-authenticate"],
					`Bearer error="invalid_token", error_description="${said}", scope="notes:read", resource_metadata="${METADATA}"`);
			});
		}

		await test("other ways to send a token are refused", async () => {
			const fine = await token();
			assert.equal(await statusOf({ authorization: `Basic ${fine}` }), 401);
			assert.equal(await statusOf({ authorization: fine }), 401);
			assert.equal(await statusOf({ authorization: `Bearer ${fine} ${fine}` }), 401);
		});

		await test("a scope that is missing: 403 and which", async () => {
			const answer = await post(port, list, bearer(await token({ scope: "notes:write notes:readonly" })));
			assert.equal(answer.status, 403);
			assert.match(answer.headers["www-authenticate"], /^Bearer error="insufficient_scope", /);
			assert.match(answer.headers["www-authenticate"], /scope="notes:read", resource_metadata="https:\/\/mcp\.example\//);
			assert.equal(await statusOf(bearer(await token({ scope: null }))), 403);
			assert.equal(await statusOf(bearer(await token({ scope: null, scp: ["a", "notes:read"] }))), 200);
			assert.equal(await statusOf(bearer(await token({ scope: null, scp: "a notes:read" }))), 200);
		});

		await test("the token goes no further, and not into the log", async () => {
			const text = await token();
			const answer = await post(port, { method: "tools/call", params: { name: "call", arguments: {} } }, bearer(text));
			assert.equal(answer.json.result.isError ?? false, false, answer.text);
			const [got] = upstream.take();
			assert.equal(got.headers.authorization, "Bearer token-of-the-server");
			assert.ok(!JSON.stringify(got).includes(text));
			assert.ok(!server.stderr.includes(text.split(".")[2]));
			assert.ok(!server.stderr.includes("token-of-the-server"));
		});

		await test("a foreign Host or Origin is refused, token or not", async () => {
			const fine = bearer(await token());
			assert.ok([403, 421].includes(await statusOf({ ...fine, host: "evil.example" })));
			assert.equal(await statusOf({ ...fine, origin: "https://evil.example" }), 403);
			const away = await send(port, { path: "/.well-known/oauth-protected-resource", headers: { host: "evil.example" } });
			assert.ok([403, 421].includes(away.status));
		});

		await test("somebody else's session is not joined", async () => {
			const headers = (text) => ({
				...bearer(text), "content-type": "application/json", "accept": "application/json, text/event-stream",
			});
			const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params: {
				protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } } });
			const begun = await send(port, { method: "POST", headers: headers(await token({ sub: "alice" })), body });
			assert.equal(begun.status, 200);
			const session = begun.headers["mcp-session-id"];
			if (session === undefined)
				return;
			const again = JSON.stringify({ jsonrpc: "2.0", id: 2, method: "tools/list" });
			const join = async (sub) => (await send(port, { method: "POST", body: again,
				headers: { ...headers(await token({ sub })), "mcp-session-id": session, "mcp-protocol-version": "2025-11-25" } })).status;
			assert.equal(await join("alice"), 200);
			assert.equal(await join("bob"), 404);
		});

		await test("a key that is new is fetched, once in a while", async () => {
			const fresh = { alg: "ES256", kid: "rotated", ...await jose.generateKeyPair("ES256", { extractable: true }) };
			await pause(5200);
			issuer.take();
			assert.equal(await statusOf(bearer(await token({}, { ...stranger, kid: "unknown" }))), 401);
			assert.equal(issuer.take().length, 3);
			keys = [...keys, await jwkOf(fresh)];
			assert.equal(await statusOf(bearer(await token({}, fresh))), 401, "asked a moment ago");
			assert.deepEqual(issuer.take(), []);
			await pause(5200);
			assert.equal(await statusOf(bearer(await token({}, fresh))), 200);
			assert.equal(issuer.take().length, 3);
			open = false;
			await pause(5200);
			assert.equal(await statusOf(bearer(await token({}, { ...stranger, kid: "unknown" }))), 401);
			assert.equal(await statusOf(bearer(await token({}, fresh))), 200, "known keys are kept");
		});
	});

await test("without the issuer's keys nobody is let in, and nobody called a liar", async () => {
	open = false;
	await listening(made(), { ...env, SMELT_OAUTH_AUDIENCE: "api://one, api://two" }, async (port) => {
		const answer = await post(port, list, bearer(await token({ aud: "api://two" })));
		assert.equal(answer.status, 503);
		assert.equal(answer.headers["retry-after"], "5");
		assert.equal(answer.headers["www-authenticate"], undefined);
		open = true;
		await pause(5200);
		assert.equal((await post(port, list, bearer(await token({ aud: "api://two" })))).status, 200);
		assert.equal((await post(port, list, bearer(await token()))).status, 401, "the resource is no audience then");
	});
});

for (const [about, more, word] of [
	["no resource", { SMELT_OAUTH_RESOURCE: "" }, "SMELT_OAUTH_RESOURCE"],
	["no issuer", { SMELT_OAUTH_ISSUER: "" }, "SMELT_OAUTH_ISSUER"],
	["an issuer in the clear", { SMELT_OAUTH_ISSUER: "http://issuer.example" }, "SMELT_OAUTH_ISSUER"],
	["a resource with a quote", { SMELT_OAUTH_RESOURCE: "https://mcp.example/\"x" }, "SMELT_OAUTH_RESOURCE"],
	["a scope with a quote", { SMELT_OAUTH_SCOPES: "a\"b" }, "SMELT_OAUTH_SCOPES"],
	["a fixed token beside", { SMELT_HTTP_TOKEN: "word-of-entry" }, "SMELT_HTTP_TOKEN"],
]) {
	await test(`${about} ends the start`, async () => {
		const server = new Server(made(), { SMELT_HTTP_PORT: "0", ...env, ...more }, ["--http"]);
		assert.equal(await server.ended, 2, server.stderr);
		assert.match(server.stderr, /^[^\n]+\n$/, "one line");
		assert.ok(server.stderr.includes(word), server.stderr);
		assert.ok(!server.stderr.includes("word-of-entry"));
	});
}

issuer.stop();
upstream.stop();
done();
