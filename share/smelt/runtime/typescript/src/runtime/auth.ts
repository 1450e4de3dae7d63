import type { Config } from "./config.js";
import { absolute, discoveryUrl, type Method, METHODS } from "./discovery.js";
import { Failure } from "./failure.js";
import { remember } from "./mask.js";
import type { Request } from "./request.js";
import { readSecret } from "./secret.js";
import { encode, encodeName } from "./serialize.js";
import { type Certificate, describe, GENERAL, hasCertificate } from "./tls.js";
import { forget, obtain, type Source } from "./token.js";
import type { Bound, Requirement, SecurityScheme } from "./types.js";

/* Credentials for a request: the first alternative of the tool's security for
   which every variable is set. Nothing of the caller's is passed on. */

const UNSUPPORTED = "(nothing: this kind of security is not supported)";

/* Puts a credential on the request; may have to fetch a token first. */
type Apply = (request: Request, signal: AbortSignal) => void | Promise<void>;

interface Ready {
	apply: Apply;
	/* forgets the token that was fetched, when the upstream answers 401 */
	renew?: () => void;
}

/* Undoes nothing and leaks nothing: says whether a 401 is worth a second try. */
export interface Grant {
	renew(): boolean;
}

function variable(...words: string[]): string {
	return words.join("_").replace(/[^A-Za-z0-9]/gu, "_").toUpperCase();
}

function safe(value: string, name: string): string {
	if (!/^[\x20-\x7e]+$/.test(value))
		throw new Failure("configuration", `the value of ${name} can not stand in a header`);
	return value;
}

function setAuthorization(value: string): Apply {
	return (request) => void request.headers.set("Authorization", value);
}

/* As it is but for what would end a cookie. */
function cookieValue(value: string): string {
	return value.replace(/[^\w.~!$&'()*+/:=@-]/gu, encode);
}

function apiKey(scheme: SecurityScheme, name: string): Apply | undefined {
	const value = readSecret(name);
	const key = scheme.name;

	if (value === undefined || key === undefined)
		return undefined;
	switch (scheme.in) {
	case "header":
		return (request) => void request.headers.set(key, safe(value, name));
	case "query":
		return (request) => void request.query.push([encodeName(key), encode(value)]);
	case "cookie":
		return (request) => void request.cookies.push([encode(key), cookieValue(value)]);
	default:
		return undefined;
	}
}

function bearer(name: string): Apply | undefined {
	const value = readSecret(name);
	return value === undefined ? undefined : setAuthorization(`Bearer ${safe(value, name)}`);
}

function basic(server: string, scheme: string): Apply | undefined {
	const user = readSecret(variable(server, scheme, "USERNAME"));
	const password = readSecret(variable(server, scheme, "PASSWORD"));

	if (user === undefined || password === undefined)
		return undefined;
	const pair = Buffer.from(`${user}:${password}`).toString("base64");
	remember(pair);
	return setAuthorization(`Basic ${pair}`);
}

function mutualTls(certificate: Certificate): Apply | undefined {
	if (!hasCertificate(certificate))
		return undefined;
	return (request) => {
		if (request.origin.protocol !== "https:")
			throw new Failure("configuration", "a client certificate can be shown over https only");
		if (![undefined, GENERAL].includes(request.certificate))
			throw new Failure("configuration", "two client certificates are wanted for one connection");
		request.certificate = certificate;
	};
}

/* Of every mutualTLS scheme, set or not. */
export function certificatesOf(config: Config): Certificate[] {
	return [...config.schemes].filter(([, { type }]) => type === "mutualTLS")
		.map(([name]) => variable(config.server.name, name));
}

/* Where client credentials get a token, and whether that is the endpoint itself
   or the document which names it. */
function endpointOf({ type, flows, openIdConnectUrl, oauth2MetadataUrl }: SecurityScheme): { text: string; discovered: boolean } | undefined {
	const direct = type === "oauth2" ? flows?.["clientCredentials"]?.tokenUrl : undefined;
	const found = type === "openIdConnect" ? openIdConnectUrl : type === "oauth2" ? oauth2MetadataUrl : undefined;

	if (direct !== undefined)
		return { text: direct, discovered: false };
	return found ? { text: found, discovered: true } : undefined;
}

function methodOf(name: string): Method | undefined {
	const given = process.env[name] || undefined;
	const method = METHODS.find((one) => one === given);

	if (method !== given)
		throw new Failure("configuration", `${name}: ${METHODS.join(" or ")} is wanted`);
	return method;
}

function clientCredentials(of: (what: string) => string, scheme: SecurityScheme, scopes: string[], base: string): Ready | undefined {
	const endpoint = endpointOf(scheme);
	const id = endpoint && readSecret(of("CLIENT_ID"));
	const secret = endpoint && readSecret(of("CLIENT_SECRET"));

	if (endpoint === undefined || id === undefined || secret === undefined)
		return undefined;
	const { text, discovered } = endpoint;
	const source: Source = {
		url: discovered ? discoveryUrl(text, base) : absolute(text, base),
		discovered, id, secret, method: methodOf(of("AUTH_METHOD")), scope: scopes.join(" "),
	};
	const ready: Ready = {
		apply: async (request, signal) => {
			const token = await obtain(source, signal);
			ready.renew = () => forget(source, token);
			request.headers.set("Authorization", `Bearer ${token}`);
		},
	};
	return ready;
}

function ready(apply: Apply | undefined): Ready | undefined {
	return apply === undefined ? undefined : { apply };
}

function prepare(config: Config, name: string, scopes: string[], base: string): Ready | undefined {
	const scheme = config.schemes.get(name);
	const server = config.server.name;
	const token = variable(server, name, "TOKEN");

	switch (scheme?.type) {
	case "apiKey":
		return ready(apiKey(scheme, variable(server, name, "API_KEY")));
	case "http":
		switch (scheme.scheme?.toLowerCase()) {
		case "basic":
			return ready(basic(server, name));
		case "bearer":
			return ready(bearer(token));
		default:
			return undefined;
		}
	case "mutualTLS":
		return ready(mutualTls(variable(server, name)));
	case "openIdConnect":
	case "oauth2":
		return ready(bearer(token)) ??
			clientCredentials((what) => variable(server, name, what), scheme, scopes, base);
	default:
		return undefined;
	}
}

function variablesOf(config: Config, name: string): string {
	const scheme = config.schemes.get(name);
	const of = (what: string): string => variable(config.server.name, name, what);

	switch (scheme?.type) {
	case "apiKey":
		return of("API_KEY");
	case "http":
		switch (scheme.scheme?.toLowerCase()) {
		case "basic":
			return `${of("USERNAME")} and ${of("PASSWORD")}`;
		case "bearer":
			return of("TOKEN");
		default:
			return UNSUPPORTED;
		}
	case "mutualTLS":
		return describe(variable(config.server.name, name));
	case "openIdConnect":
	case "oauth2":
		return endpointOf(scheme) === undefined ? of("TOKEN")
			: `${of("CLIENT_ID")} and ${of("CLIENT_SECRET")} (or ${of("TOKEN")})`;
	default:
		return UNSUPPORTED;
	}
}

function missing(config: Config, security: Requirement[]): Failure {
	const ways = security.map((requirement) => Object.keys(requirement)
		.map((name) => variablesOf(config, name)).join(" and "));
	return new Failure("credentials",
		`no credentials: set ${ways.join("; or ")} in the server's environment (or the same with _FILE)`);
}

export async function authorize(config: Config, bound: Bound, request: Request, signal: AbortSignal): Promise<Grant> {
	const security = bound.security ?? [];
	const named = security.filter((requirement) => Object.keys(requirement).length > 0);

	for (const requirement of named) {
		const parts = Object.entries(requirement)
			.map(([name, scopes]) => prepare(config, name, scopes, bound.binding.server));
		if (!parts.every((part) => part !== undefined))
			continue;
		for (const part of parts)
			await part.apply(request, signal);
		request.secret = true;
		const renewals = parts.flatMap((part) => part.renew ?? []);
		return { renew: () => renewals.map((renew) => renew()).length > 0 };
	}
	if (named.length > 0 && named.length === security.length)
		throw missing(config, named);
	return { renew: () => false };
}
