/* bare.mjs URL: one tool on the bare SDK, written by hand, without any care. */
import { Agent, request } from "node:http";
import { fromJsonSchema, McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";

const agent = new Agent({ keepAlive: true });

function get(url) {
	return new Promise((resolve, reject) => {
		request(url, { agent }, async (response) => {
			const chunks = [];
			for await (const chunk of response)
				chunks.push(chunk);
			resolve(Buffer.concat(chunks).toString());
		}).on("error", reject).end();
	});
}

serveStdio(() => {
	const server = new McpServer({ name: "bare", version: "1" });
	server.registerTool("thing_0", {
		description: "Gets a thing.",
		inputSchema: fromJsonSchema({
			type: "object",
			properties: { id: { type: "string" }, page: { type: "integer" } },
			required: ["id"],
		}),
	}, async ({ id, page }) => {
		const text = await get(`${process.argv[2]}/things/0/${encodeURIComponent(id)}?page=${page}`);
		return { content: [{ type: "text", text }], structuredContent: JSON.parse(text) };
	});
	return server;
});
