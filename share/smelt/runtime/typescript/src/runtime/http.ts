import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Transform } from "node:stream";
import {
	hostHeaderValidation, localhostHostValidation, localhostOriginValidation,
	originValidation, toNodeHandler,
} from "@modelcontextprotocol/node";
import {
	createMcpHandler, localhostAllowedHostnames, localhostAllowedOrigins,
	type McpServer,
} from "@modelcontextprotocol/server";

import { ConfigError } from "./config.js";
import { eachLine, guard, reveal } from "./exact.js";
import { log } from "./log.js";
import type { Resource } from "./resource.js";
import { readSecret } from "./secret.js";

/* MCP over streamable HTTP at /mcp, and /healthz. The SDK's handler checks
   neither Host nor Origin nor a token; that is done here, before it. */

type Fetch = ReturnType<typeof createMcpHandler>["fetch"];
type Guard = (request: IncomingMessage, response: ServerResponse) => boolean;

function listOf(variable: string): string[] {
	return (process.env[variable] ?? "").split(",").map((item) => item.trim()).filter((item) => item !== "");
}

function hostGuard(): Guard {
	const allowed = listOf("SMELT_HTTP_ALLOWED_HOSTS");

	return allowed.length === 0 ? localhostHostValidation()
		: hostHeaderValidation([...localhostAllowedHostnames(), ...allowed]);
}

/* An entry with a scheme allows that very origin, a bare one a host name. */
function originGuard(): Guard {
	const allowed = listOf("SMELT_HTTP_ALLOWED_ORIGINS");
	const exact = new Set(allowed.filter((entry) => entry.includes("://")));
	const names = allowed.filter((entry) => !entry.includes("://"));
	const guard = names.length === 0 ? localhostOriginValidation()
		: originValidation([...localhostAllowedOrigins(), ...names]);

	return (request, response) => exact.has(request.headers.origin ?? "") || guard(request, response);
}

function digest(text: string): Buffer {
	return createHash("sha256").update(text).digest();
}

function tokenGuard(): Guard {
	const token = readSecret("SMELT_HTTP_TOKEN");
	const wanted = token === undefined ? undefined : digest(token);

	return (request, response) => {
		const given = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
		if (wanted === undefined || (given !== undefined && timingSafeEqual(digest(given), wanted)))
			return true;
		response.writeHead(401, { "WWW-Authenticate": "Bearer" }).end();
		return false;
	};
}

/* Who issues tokens for this server; JWTs are not for every server. */
async function resourceOf(): Promise<Resource | undefined> {
	return Object.keys(process.env).some((name) => name.startsWith("SMELT_OAUTH_"))
		? (await import("./resource.js")).resourceOf() : undefined;
}

function answer(response: ServerResponse, status: number, body: object): void {
	response.writeHead(status, { "Content-Type": "application/json" });
	response.end(JSON.stringify(body));
}

function addressOf(): { host: string; port: number } {
	const host = process.env["SMELT_HTTP_HOST"] || "127.0.0.1";
	const text = process.env["SMELT_HTTP_PORT"] || "8000";
	const port = Number(text);

	if (!/^\d+$/.test(text) || port > 65535)
		throw new ConfigError("SMELT_HTTP_PORT is not a port number");
	if (!["127.0.0.1", "::1", "localhost"].includes(host) && readSecret("SMELT_HTTP_TOKEN") === undefined && !process.env["SMELT_OAUTH_ISSUER"])
		log("warning", "exposed", { message: "listening beyond this machine without SMELT_HTTP_TOKEN or SMELT_OAUTH_ISSUER" });
	return { host, port };
}

function listen(server: Server, host: string, port: number): Promise<void> {
	return new Promise((resolve, reject) => {
		server.once("error", (error) => reject(new ConfigError(`cannot listen: ${error.message}`)));
		server.listen(port, host, resolve);
	});
}

/* The SDK's handler, between bodies that keep numbers as they are written. */
async function exactly(fetch: Fetch, request: Request, options: Parameters<Fetch>[1]): Promise<Response> {
	const body = request.method === "POST" ? guard(await request.text()) : undefined;
	const response = await fetch(body === undefined ? request : new Request(request, { body }), options);
	const headers = new Headers(response.headers);

	headers.delete("content-length");
	return new Response(response.body?.pipeThrough(Transform.toWeb(eachLine(reveal))) ?? null,
		{ status: response.status, headers });
}

/* Serves until the returned function is called. */
export async function serveHttp(factory: () => McpServer): Promise<() => void> {
	const { host, port } = addressOf();
	const resource = await resourceOf();
	const guards = [hostGuard(), originGuard(), tokenGuard()];
	const onerror = (error: Error): void => log("debug", "protocol", { message: error.message });
	const mcp = createMcpHandler(factory, { onerror });
	const handle = toNodeHandler({ fetch: (request, options) => exactly(mcp.fetch, request, options) }, { onerror });
	const server = createServer((request, response) => {
		const path = request.url?.split("?", 1)[0];
		const reading = request.method === "GET" || request.method === "HEAD";
		if (path === "/healthz" && reading)
			answer(response, 200, { status: "ok" });
		else if (path !== "/mcp" && !(reading && resource?.paths.has(path ?? "")))
			answer(response, 404, { error: "not found" });
		else if (!guards.every((guard) => guard(request, response)))
			return;
		else if (path !== "/mcp")
			answer(response, 200, resource?.metadata ?? {});
		else if (resource === undefined)
			void handle(request, response);
		else
			void resource.admits(request, response).then((admitted) => admitted ? handle(request, response) : undefined);
	});

	await listen(server, host, port);
	const bound = server.address();
	log("info", "listening", { host, port: typeof bound === "object" && bound !== null ? bound.port : port });
	return () => {
		server.close();
		void mcp.close();
		server.closeAllConnections();
	};
}
