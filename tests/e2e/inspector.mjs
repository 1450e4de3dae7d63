/* The inspector's command line: a process for each request. */
import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/* With the status that it exits with: 0, or 5 for a result with isError. */
function run(options, folder) {
	return new Promise((resolve) => {
		const child = spawn(process.execPath, [
			join(process.env.NODE_PATH, "@modelcontextprotocol/inspector/clients/launcher/build/index.js"),
			"--cli", ...options, "--format", "json",
		], { env: { ...process.env, HOME: folder, MCP_INSPECTOR_SECRET_STORE: "memory" }, stdio: ["ignore", "pipe", "pipe"] });
		let stdout = "";
		let stderr = "";
		child.stdout.on("data", (chunk) => stdout += chunk);
		child.stderr.on("data", (chunk) => stderr += chunk);
		child.on("close", (status) => resolve({ status, stdout, stderr }));
	});
}

export class Inspector {
	constructor(era, server, folder) {
		this.folder = mkdtempSync(join(folder, "inspector-"));
		this.config = join(this.folder, "config.json");
		writeFileSync(this.config, JSON.stringify({ mcpServers: { it: {
			...(server.url === undefined ? { type: "stdio" } : { type: "streamable-http" }),
			...server,
			protocolEra: era === "legacy" ? "legacy" : "modern",
		} } }));
	}

	async ask({ call }) {
		const options = ["--config", this.config, "--server", "it", ...(call === undefined
			? ["--method", "tools/list", "--strict"]
			: ["--method", "tools/call", "--tool-name", call.name, "--tool-args-json", JSON.stringify(call.arguments)])];
		const { status, stdout, stderr } = await run(options, this.folder);
		if (status !== 0 && status !== 5)
			return { error: `exit status ${status}: ${stderr}` };
		const { result } = JSON.parse(stdout);
		if ((status === 5) !== (result.isError === true))
			return { error: `exit status ${status} with isError ${result.isError}` };
		return { result };
	}

	async stop() {}
}
