/* A server process and JSON-RPC over its standard input and output. */
import { spawn } from "node:child_process";

import { linesOf } from "./lines.mjs";

export class Server {
	#waiting = new Map();
	#next = 1;
	stderr = "";

	constructor(script, env, options = [], command = process.execPath) {
		this.child = spawn(command, [script, ...options], {
			env: { PATH: process.env.PATH, ...env },
			stdio: ["pipe", "pipe", "pipe"],
		});
		this.child.stderr.on("data", (chunk) => this.stderr += chunk);
		this.ended = new Promise((resolve) => this.child.on("close", (code, signal) => {
			for (const { reject } of this.#waiting.values())
				reject(new Error(`the server ended: ${code ?? signal}: ${this.stderr}`));
			resolve(code ?? signal);
		}));
		void this.#listen();
		this.child.stdin.on("error", () => {});
	}

	async #listen() {
		for await (const line of linesOf(this.child.stdout)) {
			const message = JSON.parse(line);
			this.#waiting.get(message.id)?.resolve(Object.defineProperty(message, "line", { value: line }));
			this.#waiting.delete(message.id);
		}
	}

	send(message) {
		this.child.stdin.write(JSON.stringify({ jsonrpc: "2.0", ...message }) + "\n");
	}

	request(method, params, id = this.#next++) {
		this.send({ id, method, params });
		return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
	}

	/* The same with params as JSON text, for what this JSON can not write. */
	ask(method, params) {
		const id = this.#next++;

		this.child.stdin.write(`{"jsonrpc": "2.0", "id": ${id}, "method": "${method}", "params": ${params}}\n`);
		return { id, answer: new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject })) };
	}

	async initialize() {
		const answer = await this.request("initialize", {
			protocolVersion: "2025-11-25",
			capabilities: {},
			clientInfo: { name: "test", version: "1" },
		});
		this.send({ method: "notifications/initialized" });
		return answer;
	}

	async stop() {
		this.child.stdin.end();
		return this.ended;
	}
}

/* What every request of the modern era carries. */
export const modern = {
	_meta: {
		"io.modelcontextprotocol/protocolVersion": "2026-07-28",
		"io.modelcontextprotocol/clientCapabilities": {},
		"io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
	},
};
