import { BlockList, isIP } from "node:net";

import { Failure } from "./failure.js";

/* Which proxy a request goes over: HTTPS_PROXY, HTTP_PROXY and ALL_PROXY, but for
   the hosts of NO_PROXY and this machine's own. The small spelling goes first. The
   other target reads them the same way (smelt_runtime/proxy.py). */

type Environment = Record<string, string | undefined>;

const PORTS: Record<string, number> = { "http:": 80, "https:": 443 };

/* A host as URL writes it. */
export function isLoopback(host: string): boolean {
	return /^(127(\.\d+){3}|\[::1\]|localhost)$/.test(host);
}

function contains(network: string, host: string): boolean {
	const [address = "", bits] = network.split("/");
	const family = isIP(address);
	const list = new BlockList();

	if (family === 0 || isIP(host) !== family || !/^\d*$/.test(bits ?? ""))
		return false;
	try {
		const kind = family === 4 ? "ipv4" : "ipv6";
		list.addSubnet(address, bits === undefined ? (family === 4 ? 32 : 128) : Number(bits), kind);
		return list.check(host, kind);
	} catch {
		return false;
	}
}

/* *, a name (with all below it), an address or a network; with a port or not. */
function excepts(entry: string, host: string, port: number): boolean {
	const found = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(entry);

	if (found !== null) {
		if (Number(found[3]) !== port)
			return false;
		entry = found[1] ?? found[2] ?? "";
	}
	entry = entry.replace(/^\[|\]$/g, "");
	if (entry === "*" || contains(entry, host))
		return true;
	const name = entry.replace(/^\*/, "").replace(/^\./, "");
	return name !== "" && (host === name || host.endsWith(`.${name}`));
}

function checked(name: string, value: string): URL {
	const text = value.includes("://") ? value : `http://${value}`;
	const url = URL.canParse(text) ? new URL(text) : undefined;

	if (url?.protocol !== "http:" || url.hostname === "" || url.pathname !== "/" || url.search !== "" ||
	    url.hash !== "" || url.port === "0") {
		throw new Failure("configuration",
			`${name} is not an http proxy, http://[user:password@]host:port, and others are not supported`);
	}
	return url;
}

/* At start: fails for a proxy that calls to these servers could not use. */
export function checkProxies(servers: Iterable<string>): void {
	for (const server of process.env["SMELT_BASE_URL"] ? [process.env["SMELT_BASE_URL"]] : servers) {
		if (URL.canParse(server))
			proxyFor(new URL(server));
	}
}

/* undefined: straight. Fails for a proxy that can not be used: it would be passed by
   in silence. */
export function proxyFor(origin: URL, environment: Environment = process.env): URL | undefined {
	const spelled = (name: string): string => name in environment ? name : name.toUpperCase();
	const name = [`${origin.protocol.slice(0, -1)}_proxy`, "all_proxy"].map(spelled)
		.find((one) => (environment[one] ?? "").trim() !== "");

	if (name === undefined || isLoopback(origin.hostname))
		return undefined;
	const host = origin.hostname.replace(/^\[|\]$/g, "").toLowerCase();
	const port = Number(origin.port) || (PORTS[origin.protocol] ?? 0);
	const exceptions = (environment[spelled("no_proxy")] ?? "").toLowerCase().split(/[\s,]+/);
	if (exceptions.some((entry) => entry !== "" && excepts(entry, host, port)))
		return undefined;
	return checked(name, (environment[name] ?? "").trim());
}
