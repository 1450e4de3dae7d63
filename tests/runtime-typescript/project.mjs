/* A server of its own: the compiled runtime beside other data. */
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const annotations = {
	title: "Call", readOnlyHint: false, destructiveHint: false,
	idempotentHint: false, openWorldHint: true,
};

/* The tools.json and bindings.json of a wire case. */
export function dataOf({ tool = {}, binding, security, securitySchemes, limits }) {
	return {
		tools: {
			tools: [{
				name: "call", title: "Call", description: "Call it.",
				inputSchema: tool.inputSchema ?? { type: "object" },
				...(tool.outputSchema ? { outputSchema: tool.outputSchema } : {}),
				annotations,
			}],
		},
		bindings: {
			format: 1,
			server: { name: "wire", title: "Wire", version: "1.0.0" },
			securitySchemes: securitySchemes ?? {},
			bindings: { call: { binding, ...(security ? { security } : {}), annotations } },
			limits: { retryBaseSeconds: 0.01, ...limits },
		},
	};
}

/* Puts it under `folder` and answers with the script to start. */
export function makeProject(folder, project, { tools, bindings }) {
	mkdirSync(folder, { recursive: true });
	cpSync(join(project, "dist"), join(folder, "dist"), { recursive: true });
	cpSync(join(project, "package.json"), join(folder, "package.json"));
	symlinkSync(process.env.NODE_PATH, join(folder, "node_modules"));
	writeFileSync(join(folder, "tools.json"), JSON.stringify(tools));
	writeFileSync(join(folder, "bindings.json"), JSON.stringify(bindings));
	return join(folder, "dist", "server.js");
}
