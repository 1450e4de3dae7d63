import { serveStdio, StdioServerTransport } from "@modelcontextprotocol/server/stdio";

import { certificatesOf } from "./runtime/auth.js";
import { Caller } from "./runtime/call.js";
import { checkCallLog } from "./runtime/calls.js";
import { ConfigError, readConfig } from "./runtime/config.js";
import { eachLine, guard, reveal } from "./runtime/exact.js";
import { Failure } from "./runtime/failure.js";
import { log } from "./runtime/log.js";
import { checkProxies } from "./runtime/proxy.js";
import { checkTls } from "./runtime/tls.js";
import { checkUploads } from "./runtime/upload.js";
import { checkHandlers, factoryFor } from "./runtime/tools.js";

/* Serves tools.json over standard input and output, or with --http over
   streamable HTTP. Exit status: 0 after a clean end, 2 on trouble. */

const USAGE = "usage: server.js [--http]";

/* The SDK's own, behind streams that keep numbers as they are written. */
function stdioTransport(): StdioServerTransport {
	const output = eachLine(reveal);

	output.pipe(process.stdout);
	return new StdioServerTransport(process.stdin.pipe(eachLine(guard)), output);
}

async function serve(http: boolean): Promise<() => void> {
	const config = readConfig(new URL("../", import.meta.url));

	checkHandlers(config);
	checkUploads();
	checkTls(certificatesOf(config));
	checkCallLog();
	checkProxies(new Set([...config.bindings.values()].map(({ binding }) => binding.server)));
	const factory = factoryFor(config, new Caller(config));
	if (http)
		return (await import("./runtime/http.js")).serveHttp(factory);
	const handle = serveStdio(factory, {
		transport: stdioTransport(),
		onerror: (error) => log("debug", "protocol", { message: error.message }),
	});
	return () => void handle.close();
}

async function main(options: string[]): Promise<void> {
	if (options.some((option) => option !== "--http"))
		throw new ConfigError(USAGE);
	/* a reader that went away ends the process, without a trace of calls */
	process.stdout.on("error", () => process.exit(2));
	const stop = await serve(options.includes("--http"));
	for (const signal of ["SIGINT", "SIGTERM"] as const) {
		process.once(signal, () => {
			stop();
			setTimeout(() => process.exit(0), 1000).unref();
		});
	}
}

main(process.argv.slice(2)).catch((error: unknown) => {
	const message = error instanceof ConfigError || error instanceof Failure
		? error.message : String((error as Error)?.stack ?? error);
	process.stderr.write(`server: error: ${message}\n`);
	process.exitCode = 2;
});
