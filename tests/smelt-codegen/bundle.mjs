/* bundle.mjs FOLDER: starts an unpacked MCP bundle as a client does, by what the
   official package makes of its manifest, with and without a credential, and holds
   tools/list against tools.json. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";

const folder = process.argv[2];
const require = createRequire(join(process.env.NODE_PATH, "x.js"));
const { getMcpConfigForManifest } = await import(require.resolve("@anthropic-ai/mcpb"));
const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
const key = Object.keys(manifest.user_config).find((name) => manifest.user_config[name].sensitive);

async function start(userConfig) {
	const { command, args, env } = await getMcpConfigForManifest({
		manifest, userConfig, extensionPath: folder, systemDirs: {}, pathSeparator: "/",
	});
	assert.ok(!JSON.stringify({ command, args, env }).includes("${"), "a place is not filled");
	assert.equal(env[key.toUpperCase()], userConfig[key] ?? "");
	const child = spawn(command, args, { env: { PATH: process.env.PATH, SMELT_LOG: "off", ...env }, cwd: "/", stdio: ["pipe", "pipe", "inherit"] });
	const send = (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
	send({ id: 1, method: "initialize", params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "t", version: "0" } } });
	for await (const line of createInterface({ input: child.stdout })) {
		const answer = JSON.parse(line);
		if (answer.id === 1) {
			send({ method: "notifications/initialized" });
			send({ id: 2, method: "tools/list", params: {} });
		} else if (answer.id === 2) {
			const { tools } = JSON.parse(readFileSync(join(folder, "tools.json"), "utf8"));
			assert.deepEqual(answer.result.tools, tools);
			child.stdin.end();
			return;
		}
	}
	assert.fail("the server ended");
}

await start({});
await start({ [key]: "secret" });
