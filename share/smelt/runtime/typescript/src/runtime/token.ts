import { exchange } from "./exchange.js";
import { Failure } from "./failure.js";
import { remember } from "./mask.js";
import { encode } from "./serialize.js";
import { orAborted } from "./signal.js";

/* OAuth 2.0 access tokens by client credentials, kept until shortly before
   they end. Concurrent calls wait for one request. */

export interface TokenRequest {
	url: URL;
	id: string;
	secret: string;
	scope: string;
}

interface Held {
	token: string;
	until: number;
}

const EARLY = 30_000;
const LIFETIME = 300;
const LARGEST = 65536;
const TIMEOUT = 30_000;
const held = new Map<string, Held>();
const pending = new Map<string, Promise<string>>();

function keyOf({ url, id, scope }: TokenRequest): string {
	return JSON.stringify([url.href, id, scope]);
}

async function ask({ url, id, secret, scope }: TokenRequest): Promise<Held> {
	const form = "grant_type=client_credentials" +
		(scope === "" ? "" : `&scope=${encode(scope)}`);
	const basic = Buffer.from(`${encode(id)}:${encode(secret)}`).toString("base64");
	remember(basic);
	const answer = await exchange({
		method: "POST",
		origin: new URL(url.origin),
		target: url.pathname + url.search,
		headers: {
			"Accept": "application/json",
			"Authorization": `Basic ${basic}`,
			"Content-Type": "application/x-www-form-urlencoded",
		},
		bytes: Buffer.from(form),
	}, LARGEST, AbortSignal.timeout(TIMEOUT));

	if (answer.status !== 200 || answer.truncated)
		throw new Failure("authorization", `the token endpoint answered HTTP ${answer.status}`);
	return parse(answer.bytes.toString("utf8"));
}

function parse(text: string): Held {
	let body: { access_token?: unknown; expires_in?: unknown };

	try {
		body = JSON.parse(text) as typeof body;
	} catch {
		body = {};
	}
	const { access_token: token, expires_in: seconds } = body;
	if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token))
		throw new Failure("authorization", "the token endpoint gave no usable access token");
	remember(token);
	const lifetime = typeof seconds === "number" ? seconds : LIFETIME;
	return { token, until: Date.now() + lifetime * 1000 - EARLY };
}

export async function obtain(request: TokenRequest, signal: AbortSignal): Promise<string> {
	const key = keyOf(request);
	const known = held.get(key);

	if (known !== undefined && Date.now() < known.until)
		return known.token;
	let asking = pending.get(key);
	if (asking === undefined) {
		asking = ask(request).then((fresh) => {
			held.set(key, fresh);
			return fresh.token;
		}).finally(() => pending.delete(key));
		pending.set(key, asking);
	}
	return orAborted(asking, signal);
}

export function forget(request: TokenRequest): void {
	held.delete(keyOf(request));
}
