import { type Answer, exchange } from "./exchange.js";
import { Failure } from "./failure.js";
import { isLoopback } from "./proxy.js";
import { baseOf } from "./request.js";

/* Where a token is to be had: URLs of the document, and the discovery documents
   that they lead to. Sources: RFC 8414, OpenID Connect Discovery 1.0. */

export const METHODS = ["client_secret_basic", "client_secret_post"] as const;
export type Method = typeof METHODS[number];

export interface Endpoint {
	url: URL;
	methods: readonly Method[];
}

const LARGEST = 65536;
const TIMEOUT = 30_000;
const KNOWN_FOR = 3600_000;
export const OPENID = "/.well-known/openid-configuration";
export const OAUTH = "/.well-known/oauth-authorization-server";
const known = new Map<string, { endpoint: Endpoint; until: number }>();

/* A URL of the document, resolved against the server's. A secret goes there:
   over TLS, or to this machine. */
export function absolute(text: string, base: string): URL {
	const from = URL.canParse(text) ? undefined : baseOf(base).href;
	const url = URL.canParse(text, from) ? new URL(text, from) : undefined;
	const near = url !== undefined && isLoopback(url.hostname);

	if (url?.protocol !== "https:" && !(url?.protocol === "http:" && near))
		throw new Failure("configuration", "the token URL is not https:");
	url.hash = "";
	return url;
}

/* What ends in no well-known path is taken for the issuer. */
export function discoveryUrl(text: string, base: string): URL {
	const url = absolute(text, base);

	return url.pathname.includes("/.well-known/") ? url : new URL(url.href.replace(/\/+$/, "") + OPENID);
}

/* One small JSON object, of which `what` is the name; no redirect is followed. */
export async function askJson(url: URL, what: string, form?: { body: string; headers: Record<string, string> }): Promise<{ status: number; object: Record<string, unknown> | undefined }> {
	let answer: Answer;

	try {
		answer = await exchange({
			method: form === undefined ? "GET" : "POST",
			origin: new URL(url.origin),
			target: url.pathname + url.search,
			headers: { "Accept": "application/json", ...form?.headers },
			bytes: form === undefined ? undefined : Buffer.from(form.body),
			fresh: form !== undefined,
		}, LARGEST, AbortSignal.timeout(TIMEOUT));
	} catch (error) {
		if (error instanceof Failure && error.reason !== "configuration")
			throw new Failure("authorization", `the ${what} could not be reached: ${error.message}`);
		throw error;
	}
	return { status: answer.status, object: answer.truncated ? undefined : parse(answer.bytes) };
}

function parse(bytes: Buffer): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(bytes.toString("utf8"));
		return typeof value === "object" && value !== null && !Array.isArray(value)
			? value as Record<string, unknown> : undefined;
	} catch {
		return undefined;
	}
}

/* Whose document a well-known URL is, without a slash at the end. */
function issuerOf(url: URL): string {
	const path = url.pathname.endsWith(OPENID) ? url.pathname.slice(0, -OPENID.length)
		: url.pathname.replace(OPENID, "").replace(OAUTH, "");

	return (url.origin + path).replace(/\/+$/, "");
}

/* The token endpoint that a discovery document names, on the origin that the
   signed document names. */
function endpointOf(url: URL, document: Record<string, unknown>): Endpoint {
	const { issuer, token_endpoint: text, token_endpoint_auth_methods_supported: methods } = document;

	if (typeof issuer !== "string" || issuer.replace(/\/+$/, "") !== issuerOf(url))
		throw new Failure("authorization", "the discovery document is of another issuer");
	if (typeof text !== "string")
		throw new Failure("authorization", "the discovery document names no token endpoint");
	const endpoint = URL.canParse(text) ? new URL(text) : undefined;
	if (endpoint?.origin !== url.origin || endpoint.username !== "" || endpoint.password !== "")
		throw new Failure("authorization", "the discovery document names a token endpoint of another origin, which gets no secret");
	return {
		url: endpoint,
		methods: Array.isArray(methods) ? METHODS.filter((method) => methods.includes(method)) : [METHODS[0]],
	};
}

export async function discover(url: URL): Promise<Endpoint> {
	const held = known.get(url.href);

	if (held !== undefined && performance.now() < held.until)
		return held.endpoint;
	const { status, object } = await askJson(url, "discovery document");
	if (status !== 200 || object === undefined)
		throw new Failure("authorization", `the discovery document can not be had: HTTP ${status}`);
	const endpoint = endpointOf(url, object);
	known.set(url.href, { endpoint, until: performance.now() + KNOWN_FOR });
	return endpoint;
}
