/* oauth.mjs TARGET FOLDER PKI: tokens over TLS, with calls at one time. What one call
   sends is in ../wire/oauth.json. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { done, test as named } from "../runtime-typescript/tap.mjs";
import { makeServer, serving } from "./server.mjs";
import { Upstream } from "./upstream.mjs";

const [target, folder, pki] = process.argv.slice(2);
const test = (name, work) => named(`${target}: ${name}`, work);
const at = (name) => join(pki, name);
const slow = (answer) => new Promise((resolve) => setTimeout(resolve, 50, answer));
const binding = (server) => ({ type: "http", method: "GET", server, path: "/x", parameters: [], response: {}, idempotent: true });
let servers = 0;
let issued = 0;
let valid = "";

const issuer = await Upstream.start({
	tls: { key: readFileSync(at("server.key")), cert: readFileSync(at("server.pem")) },
	answer: ({ target: path }) => slow({ json: path === "/token"
		? { access_token: valid = `concurrent-token-${++issued}`, token_type: "Bearer", expires_in: 3600 }
		: { issuer: issuer.url, token_endpoint: `${issuer.url}/token` } }),
});
const upstream = await Upstream.start({ answer: ({ headers }) =>
	slow(headers.authorization === `Bearer ${valid}` ? { json: { ok: true } } : { status: 401, json: {} }) });
const given = { binding: binding(upstream.url), security: [{ "log-in": ["read"] }], securitySchemes: {
	"log-in": { type: "openIdConnect", openIdConnectUrl: `${issuer.url}/.well-known/openid-configuration` },
} };

writeFileSync(at("client-secret"), "secret-in-a-file\n");
const env = { WIRE_LOG_IN_CLIENT_ID: "me", WIRE_LOG_IN_CLIENT_SECRET_FILE: at("client-secret") };

await test("five calls at once discover once and get one token; so after a 401", () =>
	serving(makeServer(target, join(folder, `o${servers++}`), given), { ...env, SMELT_CA_FILE: at("ca.pem") }, async (server) => {
		const five = () => Promise.all([1, 2, 3, 4, 5].map(() => server.call()));
		const asked = () => issuer.take().map(({ method, target: path }) => `${method} ${path}`);
		for (const result of await five())
			assert.equal(result.failed, false, result.text);
		assert.deepEqual(asked(), ["GET /.well-known/openid-configuration", "POST /token"]);
		valid = "revoked";
		for (const result of await five())
			assert.equal(result.failed, false, result.text);
		assert.deepEqual(asked(), ["POST /token"]);
		for (const word of ["secret-in-a-file", "concurrent-token"])
			assert.ok(!server.stderr.includes(word), word);
	}));

await test("an issuer that is not trusted gets no secret", () =>
	serving(makeServer(target, join(folder, `o${servers++}`), given), env, async (server) => {
		upstream.take();
		const result = await server.call();
		assert.equal(result.failed, true);
		assert.match(result.text, /discovery document could not be reached.*not trusted/);
		assert.deepEqual(issuer.take(), []);
		assert.deepEqual(upstream.take(), []);
	}));

issuer.stop();
upstream.stop();
done();
