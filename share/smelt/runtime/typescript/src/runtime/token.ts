import { askJson, discover, type Endpoint, type Method, METHODS } from "./discovery.js";
import { Failure } from "./failure.js";
import { remember } from "./mask.js";
import { encode } from "./serialize.js";
import { orAborted } from "./signal.js";

/* OAuth 2.0 access tokens by client credentials, kept until shortly before they
   end. Concurrent calls wait for one request. Sources: RFC 6749 sections 2.3.1
   and 4.4. */

/* One way to a token. `url` is the token endpoint or, with `discovered`, the URL
   of the document that names it; `method` is what the operator asked for. */
export interface Source {
	url: URL;
	discovered: boolean;
	id: string;
	secret: string;
	method: Method | undefined;
	scope: string;
}

interface Held {
	token: string;
	until: number;
}

const EARLY = 30;
const LIFETIME = 300;
const held = new Map<string, Held>();
const pending = new Map<string, Promise<string>>();

function keyOf({ url, id, secret, method, scope }: Source): string {
	return JSON.stringify([url.href, id, secret, method, scope]);
}

function methodOf({ method }: Source, { methods }: Endpoint): Method {
	if (method !== undefined)
		return method;
	const first = methods.includes(METHODS[0]) ? METHODS[0] : methods[0];
	if (first === undefined)
		throw new Failure("authorization", "the token endpoint takes neither client_secret_basic nor client_secret_post");
	return first;
}

async function ask(source: Source): Promise<Held> {
	const { id, secret, scope } = source;
	const endpoint = source.discovered ? await discover(source.url) : { url: source.url, methods: METHODS };
	const headers: Record<string, string> = { "Content-Type": "application/x-www-form-urlencoded" };
	let body = "grant_type=client_credentials" + (scope === "" ? "" : `&scope=${encode(scope)}`);

	if (methodOf(source, endpoint) === "client_secret_basic") {
		const basic = Buffer.from(`${encode(id)}:${encode(secret)}`).toString("base64");
		remember(basic);
		headers["Authorization"] = `Basic ${basic}`;
	} else {
		body += `&client_id=${encode(id)}&client_secret=${encode(secret)}`;
	}
	const { status, object } = await askJson(endpoint.url, "token endpoint", { body, headers });
	return parse(status, object ?? {});
}

/* Some servers write the number as a string. */
function lifetimeOf(given: unknown): number {
	const seconds = typeof given === "string" && /^\d+$/.test(given) ? Number(given) : given;
	return typeof seconds === "number" && seconds >= 0 ? Math.min(seconds, 1e9) : LIFETIME;
}

function parse(status: number, { access_token: token, token_type: kind = "bearer", expires_in: seconds, error }: Record<string, unknown>): Held {
	if (status !== 200 || typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) {
		const word = typeof error === "string" && /^[A-Za-z_]\w{0,38}$/.test(error) ? error : "no token";
		throw new Failure("authorization", `the token endpoint answered HTTP ${status}: ${word}`);
	}
	if (typeof kind !== "string" || kind.toLowerCase() !== "bearer")
		throw new Failure("authorization", "the token endpoint gave a token that is not of type Bearer");
	remember(token);
	const lifetime = lifetimeOf(seconds);
	return { token, until: performance.now() + (lifetime - Math.min(EARLY, lifetime / 2)) * 1000 };
}

export async function obtain(source: Source, signal: AbortSignal): Promise<string> {
	const key = keyOf(source);
	const known = held.get(key);

	if (known !== undefined && performance.now() < known.until)
		return known.token;
	let asking = pending.get(key);
	if (asking === undefined) {
		asking = ask(source).then((fresh) => {
			held.set(key, fresh);
			return fresh.token;
		}).finally(() => pending.delete(key));
		pending.set(key, asking);
	}
	return orAborted(asking, signal);
}

/* The upstream did not take it; a newer one is left alone. */
export function forget(source: Source, token: string): void {
	if (held.get(keyOf(source))?.token === token)
		held.delete(keyOf(source));
}
