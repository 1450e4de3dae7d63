/* client.mjs ERA SERVER: the official TypeScript client; see client.py. */
import { createRequire } from "node:module";

import { linesOf } from "../runtime-typescript/lines.mjs";

const require = createRequire(import.meta.url);
const { Client, StreamableHTTPClientTransport } = require("@modelcontextprotocol/client");
const { StdioClientTransport } = require("@modelcontextprotocol/client/stdio");

const [era, text] = process.argv.slice(2);
const server = JSON.parse(text);
const mode = era === "legacy" ? "legacy" : { pin: era };
const client = new Client({ name: "e2e", version: "1" }, { versionNegotiation: { mode } });

await client.connect(server.url === undefined
	? new StdioClientTransport({ ...server, env: { ...process.env, ...server.env } })
	: new StreamableHTTPClientTransport(new URL(server.url)));
for await (const line of linesOf(process.stdin)) {
	const { call } = JSON.parse(line);
	const answer = await (call === undefined ? client.listTools() : client.callTool(call)).then(
		(result) => ({ result }), (error) => ({ error: String(error) }));
	process.stdout.write(JSON.stringify({ ...answer, version: client.getNegotiatedProtocolVersion() }) + "\n");
}
await client.close();
