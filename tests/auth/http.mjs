/* Servers over HTTP. */
import { request } from "node:http";
import { createServer } from "node:net";

import { Server } from "./server.mjs";

/* A port that was free a moment ago: not every target can say which it took. */
function freePort() {
	return new Promise((resolve) => {
		const server = createServer();
		server.listen(0, "127.0.0.1", () => {
			const { port } = server.address();
			server.close(() => resolve(port));
		});
	});
}

/* headers may be an object or a flat list of names and values. */
export function send(port, { method = "GET", path = "/mcp", headers = {}, body } = {}) {
	return new Promise((resolve, reject) => {
		const outgoing = request({ host: "127.0.0.1", port, method, path, headers }, async (response) => {
			const chunks = [];
			for await (const chunk of response)
				chunks.push(chunk);
			resolve({ status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks).toString() });
		});
		outgoing.on("error", reject);
		outgoing.end(body);
	});
}

export async function post(port, message, headers = {}) {
	const answer = await send(port, {
		method: "POST",
		headers: {
			"content-type": "application/json",
			"accept": "application/json, text/event-stream",
			"mcp-protocol-version": "2026-07-28",
			"mcp-method": message.method,
			...(message.params?.name === undefined ? {} : { "mcp-name": message.params.name }),
			...headers,
		},
		body: JSON.stringify({ jsonrpc: "2.0", id: 1, ...message, params: { ...message.params, _meta: {
			"io.modelcontextprotocol/protocolVersion": "2026-07-28",
			"io.modelcontextprotocol/clientCapabilities": {},
			"io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
		} } }),
	});
	const json = answer.headers["content-type"]?.startsWith("text/event-stream")
		? /^data: (\{.*)$/m.exec(answer.text)?.[1] : answer.text;
	return { ...answer, json: answer.status === 200 ? JSON.parse(json) : undefined };
}

/* One HTTP server for as long as `work` takes. */
export async function listening(command, env, work) {
	const port = await freePort();
	const server = new Server(command, { SMELT_HTTP_PORT: String(port), ...env }, ["--http"]);

	try {
		for (let tries = 0; ; tries++) {
			const health = await send(port, { path: "/healthz" }).catch(() => undefined);
			if (health?.status === 200)
				break;
			if (tries === 600 || server.child.exitCode !== null)
				throw new Error(`does not listen: ${server.stderr}`);
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
		await work(port, server);
	} finally {
		server.child.kill();
		await server.ended;
	}
}
