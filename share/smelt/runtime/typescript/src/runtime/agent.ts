import type { RequestOptions } from "node:https";
import { Agent } from "node:https";

import { Failure } from "./failure.js";
import { proxyFor } from "./proxy.js";
import { type Certificate, type Trust, trustFor } from "./tls.js";

/* Which connections a request goes over. */

export interface Route {
	origin: URL;
	target: string;
	certificate?: Certificate | undefined;
	/* a credential is on it */
	secret?: boolean | undefined;
	/* wants a connection that no other request has used or will use */
	fresh?: boolean | undefined;
}

interface Kept {
	version: string;
	agent: Agent;
}

/* As the ones that Node keeps itself. */
const KEEP = { keepAlive: true, scheduling: "lifo", timeout: 5000 } as const;
const CONNECT = 30_000;
const kept = new Map<string, Kept>();

function secureContextOf(trust: Trust | undefined) {
	return trust === undefined ? {} : { secureContext: trust.context };
}

async function makeAgent(proxy: URL | undefined, trust: Trust | undefined, keepAlive: boolean): Promise<Agent> {
	if (proxy === undefined)
		return new Agent({ ...KEEP, ...secureContextOf(trust) });
	const { HttpsProxyAgent } = await import("hpagent");
	return new HttpsProxyAgent({ ...KEEP, keepAlive, timeout: CONNECT, proxy, ...secureContextOf(trust) });
}

/* Over TLS, a proxy sees host and port and nothing else. */
async function secureRoute({ origin, certificate, fresh }: Route): Promise<RequestOptions> {
	const trust = trustFor(certificate);
	const proxy = proxyFor(origin);

	if (fresh)
		return proxy === undefined ? { agent: false, ...secureContextOf(trust) } : { agent: await makeAgent(proxy, trust, false) };
	if (trust === undefined && proxy === undefined)
		return {};
	const key = JSON.stringify([proxy?.href, certificate]);
	const version = trust?.version ?? "";
	let known = kept.get(key);
	if (known?.version !== version) {
		known = { version, agent: await makeAgent(proxy, trust, true) };
		kept.set(key, known);
	}
	return { agent: known.agent };
}

/* In the clear, a proxy gets the whole request. */
function clearRoute({ origin, target, secret, fresh }: Route): RequestOptions {
	const proxy = proxyFor(origin);
	const alone = fresh ? { agent: false as const } : {};

	if (proxy === undefined)
		return alone;
	if (secret)
		throw new Failure("configuration", "credentials would pass a proxy in the clear: use https, or name the host in NO_PROXY");
	const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
	return {
		...alone,
		hostname: proxy.hostname.replace(/^\[|\]$/g, ""),
		port: proxy.port || 80,
		path: origin.origin + target,
		headers: {
			"Host": origin.host,
			...(pair === ":" ? {} : { "Proxy-Authorization": `Basic ${Buffer.from(pair).toString("base64")}` }),
		},
	};
}

/* Options for node:http and node:https, to be laid over those of the request; none
   where Node's own way is enough. */
export async function routeOf(route: Route): Promise<RequestOptions> {
	return route.origin.protocol === "https:" ? secureRoute(route) : clearRoute(route);
}
