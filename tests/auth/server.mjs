/* A generated server of either target, and JSON-RPC over its standard input and
   output. makeServer(target, folder, data) writes one; data is as in a wire case,
   or {tools, bindings}. */
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { dataOf } from "../runtime-typescript/project.mjs";
import { Server as Process } from "../runtime-typescript/stdio.mjs";

const runtime = join(process.env.SMELT_SHARE, "runtime", "python");

function makePython(folder, tools) {
	const manifest = JSON.parse(readFileSync(join(runtime, "manifest.json"), "utf8"));
	const copy = ({ from, to }) => {
		mkdirSync(dirname(join(folder, to)), { recursive: true });
		cpSync(join(runtime, from), join(folder, to));
	};
	manifest.files.forEach(copy);
	for (const { name } of tools)
		copy({ from: manifest.handler.from, to: manifest.handler.to.replace("<tool>", name) });
	return ["python3", join(folder, "server.py")];
}

/* PROJECT is what assemble.sh made: compiled, its handler is named call. */
function makeTypescript(folder, tools) {
	const project = process.env.PROJECT;
	cpSync(join(project, "dist"), join(folder, "dist"), { recursive: true });
	for (const { name } of tools)
		cpSync(join(project, "dist/handlers/call.js"), join(folder, "dist/handlers", `${name}.js`));
	cpSync(join(project, "package.json"), join(folder, "package.json"));
	symlinkSync(process.env.NODE_PATH, join(folder, "node_modules"));
	return [process.execPath, join(folder, "dist/server.js")];
}

export function makeServer(target, folder, given) {
	const { tools, bindings } = given.tools === undefined ? dataOf(given) : given;
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, "tools.json"), JSON.stringify(tools));
	writeFileSync(join(folder, "bindings.json"), JSON.stringify(bindings));
	return (target === "python" ? makePython : makeTypescript)(folder, tools.tools);
}

export class Server extends Process {
	constructor([command, script, ...options], env = {}, more = []) {
		super(script, { PYTHONDONTWRITEBYTECODE: "1", LC_ALL: "C.UTF-8", ...env }, [...options, ...more], command);
	}

	/* The result of a call, its text beside it. */
	async call(name = "call", given = {}, more = {}) {
		const answer = await this.request("tools/call", { name, arguments: given, ...more });
		if (answer.result === undefined)
			throw new Error(JSON.stringify(answer.error));
		const text = answer.result.content.map((block) => block.text ?? "").join("\n");
		return { ...answer.result, failed: answer.result.isError ?? false, text };
	}

	/* The log lines on stderr, the one of a call being event "call". */
	lines() {
		return this.stderr.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
	}
}

/* One server for as long as `work` takes. */
export async function serving(command, env, work) {
	const server = new Server(command, env);

	try {
		await server.initialize();
		return await work(server);
	} finally {
		server.child.stdin.end();
		setTimeout(() => server.child.kill(), 2000).unref();
		await server.ended;
	}
}
