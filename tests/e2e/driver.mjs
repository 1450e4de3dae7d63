/* The clients that are not ours, each in a process of its own. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";

import { linesOf } from "../runtime-typescript/lines.mjs";

const programs = {
	python: ["python", "client.py"],
	fastmcp: ["python", "client.py", "fastmcp"],
	typescript: ["node", "client.mjs"],
};

/* One line asks, one answers. era: "legacy", or a revision of the modern one. */
export class Driver {
	constructor(client, era, server) {
		const [command, script, ...args] = programs[client];
		this.child = spawn(command, [join(import.meta.dirname, script), era, JSON.stringify(server), ...args], {
			stdio: ["pipe", "pipe", "pipe"],
		});
		this.stderr = "";
		this.child.stderr.on("data", (chunk) => this.stderr += chunk);
		this.lines = linesOf(this.child.stdout);
	}

	async ask(request) {
		this.child.stdin.write(JSON.stringify(request) + "\n");
		const { value, done: ended } = await this.lines.next();
		if (ended)
			throw new Error(`the client ended: ${this.stderr}`);
		return JSON.parse(value);
	}

	async stop() {
		const ended = new Promise((resolve) => this.child.once("close", resolve));
		this.child.stdin.end();
		assert.equal(await ended, 0, this.stderr);
	}
}
