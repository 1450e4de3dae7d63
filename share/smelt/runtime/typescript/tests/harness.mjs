import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/* The server as a process, the API that it calls, and both as they are needed to
   test it: a copy of the server, whose limits do not slow a test down. */

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

const COPIED = ["dist", "package.json", "tools.json", "bindings.json", "catalogue.json"];
const WORKING = new Set(["apiKey", "basic", "bearer", "oauth2", "openIdConnect"]);
export const SECRET = "secret-of-the-tests";

export function read(name) {
	return JSON.parse(readFileSync(join(ROOT, name), "utf8"));
}

/* JSON whose numbers become texts, as they are written. */
export function exactly(text) {
	return JSON.parse(text.replace(/("(?:[^"\\]|\\.)*")|(-?\d[\d.eE+-]*)/g,
		(_, string, number) => string ?? `"number ${number}"`));
}

/* Answers everything with {}, and remembers what it was asked. */
export async function startUpstream() {
	const requests = [];
	const server = createServer((request, response) => {
		requests.push({ method: request.method, path: request.url });
		request.resume().on("end", () => {
			response.writeHead(200, { "Content-Type": "application/json", "Connection": "close" });
			response.end("{}");
		});
	});

	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		requests,
		address: `http://127.0.0.1:${server.address().port}`,
		close: () => new Promise((resolve) => {
			server.close(resolve);
			server.closeAllConnections();
		}),
	};
}

const isUsable = (scheme) =>
	WORKING.has(scheme?.type === "http" ? String(scheme.scheme).toLowerCase() : scheme?.type);

/* Rate limits up; away with client certificates, which tests have not, and with
   schemes that no server can use. */
function loosened() {
	const bindings = read("bindings.json");
	const schemes = new Map(Object.entries(bindings.securitySchemes ?? {}));

	Object.assign(bindings.limits, { ratePerSecond: 100000, burst: 100000 });
	for (const bound of Object.values(bindings.bindings)) {
		bound.security = (bound.security ?? []).filter((alternative) =>
			Object.keys(alternative).every((name) => isUsable(schemes.get(name))));
	}
	return bindings;
}

/* No setting of the machine's, and a credential for all that .env.example has. */
function environmentOf(upstream) {
	const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) =>
		!name.startsWith("SMELT_") && !/_proxy$/i.test(name)));
	const example = readFileSync(join(ROOT, ".env.example"), "utf8");

	for (const [, name] of example.matchAll(/^(?:# )?(SMELT_BASE_URL\w*)=/gm))
		environment[name] = upstream;
	for (const [, name, kind] of example.matchAll(/^([A-Z0-9_]+_)(API_KEY|TOKEN|USERNAME|PASSWORD|CLIENT_ID)=/gm))
		environment[name + (kind === "CLIENT_ID" ? "TOKEN" : kind)] = SECRET;
	return {
		...environment,
		SMELT_ALLOW_DESTRUCTIVE: "*",
		SMELT_LOG: "off",
	};
}

/* Speaks MCP with a copy of this server over its stdin and stdout. */
export async function startServer(upstream) {
	const folder = mkdtempSync(join(tmpdir(), "server-"));
	const bindings = loosened();
	const there = COPIED.filter((name) => name !== "catalogue.json" || bindings.mode === "dynamic");

	for (const name of there)
		cpSync(join(ROOT, name), join(folder, name), { recursive: true });
	symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
	writeFileSync(join(folder, "bindings.json"), JSON.stringify(bindings));
	const child = spawn(process.execPath, [join(folder, "dist", "server.js")], {
		stdio: ["pipe", "pipe", "pipe"],
		env: environmentOf(upstream),
	});
	const waiting = new Map();
	let said = "";
	let last = 0;

	child.stderr.on("data", (data) => {
		said = (said + data).slice(-4000);
	});
	child.on("exit", () => {
		for (const { reject } of waiting.values())
			reject(new Error(`the server ended: ${said}`));
	});
	createInterface({ input: child.stdout }).on("line", (line) => {
		const answer = JSON.parse(line);
		const waits = waiting.get(answer.id);
		waiting.delete(answer.id);
		if (answer.error === undefined)
			waits?.resolve({ result: answer.result, line });
		else
			waits?.reject(new Error(JSON.stringify(answer.error)));
	});
	const send = (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
	const request = (method, params) => new Promise((resolve, reject) => {
		waiting.set(++last, { resolve, reject });
		send({ id: last, method, params });
	});
	await request("initialize", {
		protocolVersion: "2025-06-18",
		capabilities: {},
		clientInfo: { name: "tests", version: "0" },
	});
	send({ method: "notifications/initialized" });
	return {
		request,
		call: async (name, arguments_) =>
			(await request("tools/call", { name, arguments: arguments_ })).result,
		close: async () => {
			const ended = new Promise((resolve) => child.once("close", resolve));
			child.stdin.end();
			setTimeout(() => child.kill("SIGKILL"), 5000).unref();
			await ended;
			rmSync(folder, { recursive: true, force: true });
		},
	};
}
