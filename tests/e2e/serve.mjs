/* A generated server by HTTP: started with the second command of its README. */
import { spawn } from "node:child_process";
import { createServer } from "node:net";

function freePort() {
	return new Promise((resolve) => {
		const server = createServer().listen(0, "127.0.0.1", () => {
			const { port } = server.address();
			server.close(() => resolve(port));
		});
	});
}

async function healthy(url, child, stderr) {
	for (let tries = 0; tries < 1200; tries++) {
		if (child.exitCode !== null)
			throw new Error(`the server ended: ${stderr()}`);
		const response = await fetch(url).catch(() => undefined);
		if (response?.ok)
			return response.json();
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	throw new Error("the server does not answer");
}

/* {url, health, stderr(), stop()}; TypeScript is built by its start. */
export async function serve(target, dir, env) {
	const port = await freePort();
	const [command, args] = target === "python"
		? ["python", ["server.py", "--http"]] : ["npm", ["start", "--silent", "--", "--http"]];
	const child = spawn(command, args, {
		cwd: dir, env: { ...env, SMELT_HTTP_PORT: String(port) }, stdio: ["ignore", "ignore", "pipe"], detached: true,
	});
	const ended = new Promise((resolve) => child.once("close", resolve));
	let text = "";
	child.stderr.on("data", (chunk) => text += chunk);
	const stop = () => {
		if (child.exitCode === null)
			process.kill(-child.pid, "SIGTERM");
		return ended;
	};

	try {
		const health = await healthy(`http://127.0.0.1:${port}/healthz`, child, () => text);
		return { url: `http://127.0.0.1:${port}/mcp`, health, stderr: () => text, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}
