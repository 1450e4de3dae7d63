/* spans.mjs TARGET DIR: the spans of a dynamic server name the tool. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";

import { linesOf } from "../runtime-typescript/lines.mjs";
import { Mock } from "../runtime-typescript/mock.mjs";
import { done, test } from "../runtime-typescript/tap.mjs";

const [target, dir] = process.argv.slice(2);
const here = import.meta.dirname;
const upstream = await Mock.start();
const [command, ...options] = target === "python"
	? ["python", join(here, "spans.py"), join(dir, "server.py")]
	: ["node", "--require", join(here, "spans.cjs"), join(dir, "dist/server.js")];
const child = spawn(command, options, {
	env: {
		PATH: process.env.PATH, NODE_PATH: process.env.NODE_PATH,
		SMELT_BASE_URL: `${upstream.url}/v1`, SMELT_LOG: "off",
	},
	stdio: ["pipe", "pipe", "pipe"],
});
const lines = linesOf(child.stdout);
let said = "";
child.stderr.on("data", (chunk) => said += chunk);

async function request(id, method, params) {
	child.stdin.write(JSON.stringify({ jsonrpc: "2.0", id, method, params }) + "\n");
	const { value, done: ended } = await lines.next();
	assert.ok(!ended, said);
	return JSON.parse(value);
}

await request(1, "initialize", {
	protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" },
});
child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
await request(2, "tools/call", { name: "search_tools", arguments: {} });
await request(3, "tools/call", { name: "call_read_only_tool", arguments: { name: "list_shelves" } });
await request(4, "tools/call", { name: "call_tool", arguments: { name: "delete_shelf" } });
const ended = new Promise((resolve) => child.once("close", resolve));
child.stdin.end();
await ended;
upstream.stop();

const spans = said.split("\n").filter((line) => line.startsWith("span ")).map((line) => JSON.parse(line.slice(5)))
	.filter(({ name }) => name.startsWith("tools/call"));
const wanted = [
	["a search", "search_tools", undefined],
	["a call", "list_shelves", "call_read_only_tool"],
	["a call that is refused", "call_tool", undefined],
];
await test(`${target}: a span for each call`, () => assert.equal(spans.length, wanted.length, said));
for (const [at, [about, tool, via]] of wanted.entries()) {
	await test(`${target}: ${about}`, () => {
		assert.equal(spans[at].name, `tools/call ${tool}`);
		assert.equal(spans[at].attributes["gen_ai.tool.name"], tool);
		assert.equal(spans[at].attributes["smelt.via"], via);
	});
}
done();
