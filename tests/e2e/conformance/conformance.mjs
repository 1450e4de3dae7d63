/* conformance.mjs TARGET DIR: the official conformance suite against a generated
   server by HTTP: all that each revision of the protocol asks of a server, and
   what the suite has learnt since. What a server of tools only can not do is in
   expected.txt; the suite also fails where that is no longer true. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { done, test } from "../../runtime-typescript/tap.mjs";
import { serve } from "../serve.mjs";

const [target, dir] = process.argv.slice(2);
const suite = join(process.env.NODE_PATH, "@modelcontextprotocol/conformance/dist/index.js");
const revisions = ["2026-07-28", "2025-11-25"];
const both = ["tools-list", "tools-call-simple-text", "tools-call-image", "tools-call-audio", "tools-call-embedded-resource",
	"tools-call-error", "json-schema-2020-12", "dns-rebinding-protection"];
const met = {
	"2026-07-28": [...both, "http-header-validation"],
	"2025-11-25": [...both, "server-initialize", "ping"],
};
const picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const answers = {
	"/text": [200, "text/plain", "Words."],
	"/error": [500, "text/plain", "It failed."],
	"/image": [200, "image/png", Buffer.from(picture, "base64")],
	"/audio": [200, "audio/wav", Buffer.from("RIFF$\0\0\0WAVE", "latin1")],
	"/file": [200, "application/zip", Buffer.from("PK\x05\x06" + "\0".repeat(18), "latin1")],
};

function answer(request, response) {
	const [status, type, body] = answers[request.url] ?? [404, "text/plain", "nothing here"];

	request.resume();
	response.writeHead(status, { "content-type": type });
	response.end(body);
}

/* The suite, in a process of its own: [exit status, what it printed]. */
function run(options) {
	return new Promise((resolve) => {
		const child = spawn("node22", [suite, "server", ...options], { stdio: ["ignore", "pipe", "pipe"] });
		let text = "";
		for (const stream of [child.stdout, child.stderr])
			stream.on("data", (chunk) => text += chunk);
		child.on("close", (status) => resolve([status, text]));
	});
}

/* A baseline for the suite, of the lines for this revision and target. */
function baseline(revision) {
	const path = join(dir, `expected-${revision}.yaml`);
	const rows = readFileSync(join(import.meta.dirname, "expected.txt"), "utf8").split("\n")
		.filter((line) => line !== "" && !line.startsWith("#")).map((line) => line.split(/ +/))
		.filter(([when, where]) => ["*", revision].includes(when) && ["*", target].includes(where));

	writeFileSync(path, ["server:", ...rows.map(([, , entry]) => `  - ${entry}`), ""].join("\n"));
	return path;
}

const upstream = createServer(answer);
await new Promise((resolve) => upstream.listen(0, "127.0.0.1", resolve));
const server = await serve(target, dir, {
	PATH: process.env.PATH, SMELT_BASE_URL: `http://127.0.0.1:${upstream.address().port}`,
});
try {
	for (const revision of revisions)
		await test(`${target}: ${revision}`, async () => {
			const [status, all] = await run(["--url", server.url, "--requirements", revision,
				"--expected-failures", baseline(revision), "-o", join(dir, "conformance")]);
			const text = all.slice(all.indexOf("=== SUMMARY"));
			/* what it must have looked at, and found good */
			for (const scenario of met[revision])
				assert.match(text, new RegExp(`^✓ ${scenario}: [1-9]`, "m"));
			assert.equal(status, 0, text.slice(text.indexOf("Total:")));
		});
} finally {
	await server.stop();
	upstream.close();
}
done();
