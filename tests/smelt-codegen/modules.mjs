/* What `npm ci && npm prune --omit=dev` makes of the TypeScript server that is the
   current directory, from the packages of the tests, of the same versions. */
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";

const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));

for (const [path, { version, dev }] of Object.entries(packages)) {
	if (path === "" || dev)
		continue;
	const from = join(process.env.NODE_PATH, path.slice("node_modules/".length));
	const here = JSON.parse(readFileSync(join(from, "package.json"), "utf8")).version;
	if (here !== version)
		throw new Error(`${path} ${version} is wanted, ${here} is installed`);
	cpSync(from, path, { recursive: true });
}
