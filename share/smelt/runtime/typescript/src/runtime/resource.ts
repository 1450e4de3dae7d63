import type { IncomingMessage, ServerResponse } from "node:http";
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";

import { ConfigError, isObject } from "./config.js";
import { absolute, askJson, OAUTH, OPENID } from "./discovery.js";
import { Failure } from "./failure.js";
import { log } from "./log.js";
import { isLoopback } from "./proxy.js";

/* The HTTP server as an OAuth 2.0 resource server: says who issues its tokens, and
   lets in who holds one that is for it. Sources: MCP authorization, RFC 9728
   (metadata), RFC 6750 (challenges), RFC 8707 (audience), RFC 7519 and 7517 (tokens
   and keys). Tokens go nowhere from here. */

interface Settings {
	issuer: string;
	resource: URL;
	named: string;
	audiences: string[];
	scopes: string[];
}

const ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"];
const LONGEST = 16384;
const LEEWAY = 30;
const FRESH = 600_000;
const STALE = 3600_000;
const PAUSE = 5_000;
const WELL_KNOWN = "/.well-known/oauth-protected-resource";
const PLAIN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

class BadToken extends Error {}
class NoKeys extends Error {}

function wordsOf(text: string): string[] {
	return text.split(/[\s,]+/).filter((word) => word !== "");
}

function urlOf(name: string, text: string): URL {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	const near = url !== undefined && isLoopback(url.hostname);

	if (url === undefined || !PLAIN.test(text) || /[?#@]/.test(text) || url.hostname === "" ||
	    (url.protocol !== "https:" && !(url.protocol === "http:" && near)))
		throw new ConfigError(`${name}: an https URL without query is wanted`);
	return url;
}

/* undefined where no issuer is set. */
function settingsOf(): Settings | undefined {
	const given = (name: string): string => (process.env[`SMELT_OAUTH_${name}`] ?? "").trim();
	const issuer = given("ISSUER");
	const named = given("RESOURCE");
	const scopes = wordsOf(given("SCOPES"));
	const audiences = wordsOf(given("AUDIENCE"));

	if (issuer === "") {
		if (named !== "" || scopes.length > 0 || audiences.length > 0)
			throw new ConfigError("SMELT_OAUTH_ISSUER is not set, but other SMELT_OAUTH_ variables are");
		return undefined;
	}
	if (process.env["SMELT_HTTP_TOKEN"] || process.env["SMELT_HTTP_TOKEN_FILE"])
		throw new ConfigError("SMELT_OAUTH_ISSUER and SMELT_HTTP_TOKEN: set one of them");
	if (named === "")
		throw new ConfigError("SMELT_OAUTH_RESOURCE is not set: the URL by which clients reach this server's /mcp");
	urlOf("SMELT_OAUTH_ISSUER", issuer);
	const resource = urlOf("SMELT_OAUTH_RESOURCE", named);
	if (!scopes.every((scope) => PLAIN.test(scope)))
		throw new ConfigError("SMELT_OAUTH_SCOPES: a scope holds a character that none may hold");
	return { issuer, resource, named, audiences: audiences.length > 0 ? audiences : [named], scopes };
}

/* RFC 8414 puts the well-known path before the issuer's own, OpenID behind. */
function metadataUrls(issuer: string): URL[] {
	const { origin, pathname } = new URL(issuer);
	const path = pathname.replace(/\/+$/, "");
	return [new URL(origin + OAUTH + path), new URL(origin + path + OPENID)];
}

async function fetchKeys(issuer: string): Promise<JSONWebKeySet> {
	let metadata: Record<string, unknown> | undefined;

	for (const url of metadataUrls(issuer)) {
		const { status, object } = await askJson(url, "issuer");
		if (status === 200 && object?.["issuer"] === issuer) {
			metadata = object;
			break;
		}
	}
	const url = metadata?.["jwks_uri"];
	if (typeof url !== "string")
		throw new Failure("authorization", "the issuer names no keys");
	const { object } = await askJson(absolute(url, issuer), "issuer's keys");
	if (!Array.isArray(object?.["keys"]))
		throw new Failure("authorization", "the issuer's keys can not be read");
	return { keys: object["keys"].filter(isObject) } as unknown as JSONWebKeySet;
}

/* The issuer's signing keys, fetched when they are needed, again when a token names
   one that is not there, and kept for a while when they can not be. */
class Keys {
	readonly #issuer: string;
	#find = createLocalJWKSet({ keys: [] });
	#got = -Infinity;
	#asked = -Infinity;
	#asking: Promise<void> | undefined;

	constructor(issuer: string) {
		this.#issuer = issuer;
	}

	readonly find: JWTVerifyGetKey = async (header, token) => {
		if (performance.now() - this.#got > FRESH)
			await this.#refresh();
		try {
			return await this.#find(header, token);
		} catch (error) {
			if (!(error instanceof errors.JWKSNoMatchingKey))
				throw error;
			await this.#refresh();
			return this.#find(header, token);
		}
	};

	async #refresh(): Promise<void> {
		if (this.#asking === undefined && performance.now() - this.#asked > PAUSE) {
			this.#asked = performance.now();
			this.#asking = this.#load().finally(() => {
				this.#asking = undefined;
			});
		}
		await this.#asking;
		if (performance.now() - this.#got > STALE)
			throw new NoKeys();
	}

	async #load(): Promise<void> {
		try {
			this.#find = createLocalJWKSet(await fetchKeys(this.#issuer));
			this.#got = performance.now();
		} catch (error) {
			if (!(error instanceof Failure) && !(error instanceof errors.JOSEError))
				throw error;
			log("debug", "keys", { message: error.message });
		}
	}
}

async function verify(token: string, keys: Keys, { issuer, audiences }: Settings): Promise<JWTPayload> {
	try {
		const { payload } = await jwtVerify(token, (header, jws) => {
			if ("crit" in header)
				throw new BadToken();
			return keys.find(header, jws);
		}, {
			algorithms: ALGORITHMS, issuer, audience: audiences,
			clockTolerance: LEEWAY, requiredClaims: ["exp", "iss", "aud"],
		});
		return payload;
	} catch (error) {
		if (error instanceof NoKeys)
			throw error;
		throw new BadToken(error instanceof errors.JWTExpired ? "the token has expired" : "the token is not valid");
	}
}

/* scope is a text (RFC 8693); some issuers write scp, a text or a list. */
function scopesOf(claims: JWTPayload): Set<string> {
	const held = [claims["scope"], claims["scp"]].flatMap((value) =>
		typeof value === "string" ? value.split(/\s+/) : Array.isArray(value) ? value : []);
	return new Set(held.filter((scope) => typeof scope === "string"));
}

export interface Resource {
	/* Where the metadata is served, and what it says. */
	paths: Set<string>;
	metadata: object;
	/* Answers who may not come in; true for who may. */
	admits(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}

export function resourceOf(): Resource | undefined {
	const settings = settingsOf();

	if (settings === undefined)
		return undefined;
	const { issuer, resource, named, scopes } = settings;
	const path = resource.pathname.replace(/\/+$/, "");
	const keys = new Keys(issuer);
	const challenge = (response: ServerResponse, status: number, error?: string, text?: string): false => {
		const words = {
			error, error_description: text,
			scope: scopes.length > 0 ? scopes.join(" ") : undefined,
			resource_metadata: `${resource.origin}${WELL_KNOWN}${path}`,
		};
		const said = Object.entries(words).filter(([, word]) => word !== undefined);
		response.writeHead(status, {
			"WWW-Authenticate": "Bearer " + said.map(([name, word]) => `${name}="${word}"`).join(", "),
			...(error === undefined ? {} : { "Content-Type": "application/json" }),
		});
		response.end(error === undefined ? undefined : JSON.stringify({ error, error_description: text }));
		return false;
	};

	return {
		paths: new Set([WELL_KNOWN, WELL_KNOWN + path, `${WELL_KNOWN}/mcp`]),
		metadata: {
			resource: named,
			authorization_servers: [issuer],
			bearer_methods_supported: ["header"],
			...(scopes.length > 0 ? { scopes_supported: scopes } : {}),
		},
		async admits(request, response) {
			const given = request.headersDistinct["authorization"] ?? [];
			const token = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(given[0] ?? "")?.[1];

			if (given.length === 0)
				return challenge(response, 401);
			if (given.length > 1 || token === undefined || token.length > LONGEST)
				return challenge(response, 401, "invalid_token", "the token is not valid");
			try {
				const held = scopesOf(await verify(token, keys, settings));
				return scopes.every((scope) => held.has(scope)) ||
					challenge(response, 403, "insufficient_scope", "the token has not every scope that is wanted");
			} catch (error) {
				if (error instanceof BadToken) {
					log("debug", "unauthorized", { message: error.message });
					return challenge(response, 401, "invalid_token", error.message);
				}
				log("error", "keys", { message: "the keys of SMELT_OAUTH_ISSUER can not be had" });
				response.writeHead(503, { "Content-Type": "application/json", "Retry-After": String(PAUSE / 1000) });
				response.end(JSON.stringify({ error: "temporarily_unavailable" }));
				return false;
			}
		},
	};
}
