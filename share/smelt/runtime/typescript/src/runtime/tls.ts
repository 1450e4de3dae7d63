import { X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { createSecureContext, type SecureContext } from "node:tls";

import { Failure } from "./failure.js";
import { readSecret } from "./secret.js";

/* TLS towards upstreams: whom to trust and which certificate to show.
   SMELT_CA_FILE replaces Node's own roots. A client certificate is a pair of PEM
   files, CERT_FILE and KEY_FILE; both are read again when they change, and a pair
   that cannot be read is an error, never a connection without it. */

const CA = "SMELT_CA_FILE";
export const GENERAL = "SMELT_CLIENT";
const LARGEST = 4 << 20;

/* The prefix of the variables that name a client certificate: SMELT_CLIENT, or
   SERVER_SCHEME of a mutualTLS scheme. */
export type Certificate = string;

export interface Trust {
	context: SecureContext;
	/* differs when the files have */
	version: string;
}

const made = new Map<Certificate, Trust>();

function namesOf(certificate: Certificate): [cert: string, key: string, password: string] {
	return [`${certificate}_CERT_FILE`, `${certificate}_KEY_FILE`, `${certificate}_KEY_PASSWORD`];
}

export function describe(certificate: Certificate): string {
	return namesOf(certificate).slice(0, 2).join(" and ");
}

/* Whether both files are named; one alone is a mistake. */
export function hasCertificate(certificate: Certificate): boolean {
	const [cert, key] = namesOf(certificate);
	const named = [cert, key].filter((name) => process.env[name]);

	if (named.length === 1)
		throw new Failure("configuration", `${cert} and ${key} are set together or not at all`);
	return named.length === 2;
}

export function generalCertificate(): Certificate | undefined {
	return hasCertificate(GENERAL) ? GENERAL : undefined;
}

function unreadable(name: string): Failure {
	return new Failure("configuration", `the file that ${name} names can not be read`);
}

function stampOf(name: string): string {
	try {
		const { ino, size, mtimeMs } = statSync(process.env[name] ?? "");
		return `${ino}:${size}:${mtimeMs}`;
	} catch {
		throw unreadable(name);
	}
}

function readPem(name: string): Buffer {
	const path = process.env[name] ?? "";

	try {
		if (statSync(path).size > LARGEST)
			throw new Error("too large");
		return readFileSync(path);
	} catch {
		throw unreadable(name);
	}
}

/* Node takes a file without any certificate in silence, so each is read here. */
function roots(): { ca?: Buffer } {
	if (!process.env[CA])
		return {};
	const ca = readPem(CA);
	const found = ca.toString("latin1").match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];

	try {
		if (found.map((pem) => new X509Certificate(pem)).length === 0)
			throw new Error("none");
	} catch {
		throw new Failure("configuration", `the file that ${CA} names can not be read or holds no certificates`);
	}
	return { ca };
}

function make(certificate: Certificate | undefined): SecureContext {
	const trusted = roots();

	if (certificate === undefined)
		return createSecureContext(trusted);
	const [cert, key, password] = namesOf(certificate);
	try {
		return createSecureContext({
			...trusted,
			cert: readPem(cert),
			key: readPem(key),
			passphrase: readSecret(password) ?? "",
		});
	} catch (error) {
		if (error instanceof Failure)
			throw error;
		throw new Failure("configuration", `the client certificate that ${cert} and ${key} name can not be used:` +
			` not readable, not PEM, not a pair, or ${password} does not open it`);
	}
}

/* What to connect with; undefined is Node's own way. The same context until a
   file of it changes. */
export function trustFor(certificate: Certificate | undefined): Trust | undefined {
	const names = [
		...(process.env[CA] ? [CA] : []),
		...(certificate === undefined ? [] : namesOf(certificate).slice(0, 2)),
	];
	if (names.length === 0)
		return undefined;
	const version = names.map(stampOf).join(" ");
	const key = certificate ?? "";
	let trust = made.get(key);

	if (trust?.version !== version) {
		trust = { context: make(certificate), version };
		made.set(key, trust);
	}
	return trust;
}

/* At start: fails for files that are named and no good. */
export function checkTls(certificates: Certificate[]): void {
	trustFor(undefined);
	for (const certificate of [...certificates, GENERAL]) {
		if (hasCertificate(certificate))
			trustFor(certificate);
	}
}

/* Trust does not come by trying again; what the upstream said of ours neither. */
export function explainTls(code: string, message: string): string | undefined {
	if (/^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|ERR_TLS_CERT_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_|HOSTNAME_MISMATCH)/.test(code))
		return `the upstream's TLS certificate is not trusted; ${CA} may name its authority`;
	if ((code.startsWith("ERR_SSL_") && code.includes("_ALERT_")) || (code === "EPROTO" && message.includes(" alert ")))
		return "the upstream refused the TLS connection: it may want a client certificate, or another one";
	return undefined;
}
