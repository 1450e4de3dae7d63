#!/usr/bin/env node
// sample.mjs [--only TEXT] [--again] [--out FILE]: the documents of sample.txt
// through the whole chain up to gate2, once a target, every record held against
// its schema; what is emitted is type-checked, started, and listed by both official
// clients, in one era each: the list is tools.json. They are benign: what the gates
// find is counted by rule, to be looked at as false positives. Prints a line a
// server, and exits 1 if any is not as it must be. What was good and has not changed
// since is not done again but with --again.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Driver } from "../e2e/driver.mjs";
import { Runner, lines, packages, tally, top } from "./run.mjs";

const { values: options } = parseArgs({ options: {
	only: { type: "string", default: process.env.ONLY ?? "" }, again: { type: "boolean", default: false },
	out: { type: "string" },
} });
const servers = {
	python: { program: { command: "python", args: ["server.py"] },
		clients: [["python", "2026-07-28"], ["typescript", "legacy"]] },
	typescript: { program: { command: "node", args: ["dist/server.js"] },
		clients: [["python", "legacy"], ["typescript", "2026-07-28"]] },
};
const shown = 480;
const nothing = /nothing in this source can be called|no tool definitions in this artifact/;

function chain(document, target) {
	const file = (name) => join(folder, name);
	return [
		["smelt-intake", "-q", "-o", file("intake"), "--", join(packages, document)],
		["smelt-ast", "-q", "-o", file("ast"), file("intake")],
		["smelt-tooldef", "-q", "-o", file("tooldef"), file("ast")],
		["smelt-codegen", "-q", "-t", target, "--dir", file("server"), "-o", file("codegen"), file("tooldef")],
		["smelt-gate1", "-q", "--no-fail", "-o", file("gate1"), file("codegen")],
		["smelt-gate2", "-q", "--no-fail", "-o", file("gate2"), file("gate1")],
		["node", "tests/records/validate.mjs", file("gate2")],
	];
}

function findings(artifact, document) {
	for (const line of lines(artifact)) {
		if (line[2] !== 0x6b || !line.subarray(0, 20).toString().startsWith('{"kind":"finding"')) continue;
		const finding = JSON.parse(line.toString());
		tally(rules, `${finding.stage} ${finding.level} ${finding.rule}`, document);
		all.push({ document, ...finding });
	}
}

/** The stages: undefined, or what went wrong. */
async function emit(document, target) {
	const commands = chain(document, target);
	rmSync(join(folder, "server"), { recursive: true, force: true });
	runner.start(commands);
	const runs = await runner.result();
	runs.forEach((run, i) => {
		const entry = seconds.get(commands[i][0]) ?? { cpu: 0, rss: 0, most: 0 };
		entry.cpu += run.cpu;
		entry.rss = Math.max(entry.rss, run.rss);
		if (run.cpu > entry.most) Object.assign(entry, { most: run.cpu, document });
		seconds.set(commands[i][0], entry);
	});
	const last = runs.at(-1);
	if (last.status === 0) return undefined;
	if (last.status === 2 && nothing.test(last.stderr)) return nothing;
	return `${commands[runs.length - 1][0]} ${last.signal ?? last.status}: ${last.stderr.slice(0, shown)}`;
}

function check(dir, target) {
	if (target === "typescript") symlinkSync(process.env.NODE_PATH, join(dir, "node_modules"));
	const { status, stdout, stderr } = spawnSync("tests/e2e/typecheck", [target, dir, cache], { encoding: "utf8", timeout: 600e3 });
	return status === 0 ? undefined : `types: ${(stdout + stderr).slice(0, shown)}`;
}

async function list(dir, target) {
	const wanted = JSON.parse(readFileSync(join(dir, "tools.json"), "utf8")).tools;
	const { program: { command, args }, clients } = servers[target];
	const env = { PATH: process.env.PATH, SMELT_BASE_URL: "http://127.0.0.1:9" };
	for (const [client, era] of clients) {
		const driver = new Driver(client, era, { command, args: args.map((arg) => join(dir, arg)), env });
		try {
			const { result, error } = await driver.ask({});
			assert.ok(result, error);
			assert.deepEqual(result.tools, wanted);
			await driver.stop();
		} catch (error) {
			driver.child.kill();
			return `${client}, ${era}: ${String(error).slice(0, shown)}`;
		}
	}
	return undefined;
}

/** What a result depends on, but for what is installed. */
function key() {
	const hash = createHash("sha256");
	for (const file of [join(folder, "codegen"), "tests/bench/sample.mjs", "tests/e2e/typecheck"])
		hash.update(readFileSync(file));
	return hash.digest("hex");
}

async function server(document, target) {
	const began = performance.now();
	const fault = await emit(document, target);
	if (fault === nothing) return { empty: true };
	if (fault !== undefined) return { fault };
	const dir = join(folder, "server");
	const tools = JSON.parse(readFileSync(join(dir, "tools.json"), "utf8")).tools.length;
	if (target === "python") findings(join(folder, "gate2"), document);
	const now = key();
	if (!options.again && good.has(now)) return { tools, same: true };
	const wrong = check(dir, target) ?? await list(dir, target);
	if (wrong === undefined) appendFileSync(kept, `${now}\n`);
	return { tools, fault: wrong, took: (performance.now() - began) / 1000 };
}

const documents = readFileSync("tests/bench/sample.txt", "utf8").split("\n")
	.filter((line) => line !== "" && !line.startsWith("#")).map((line) => line.split("\t")[0])
	.filter((name) => name.includes(options.only));
const work = join(process.env.O, "tests/sample");
const cache = join(work, "cache");
mkdirSync(cache, { recursive: true });
const kept = join(work, "good");
const good = new Set(existsSync(kept) ? readFileSync(kept, "utf8").split("\n") : []);
const folder = mkdtempSync(join(tmpdir(), "smelt-sample-"));
const runner = new Runner();
const rules = new Map();
const seconds = new Map();
const all = [];
const sum = { servers: 0, tools: 0, empty: 0, bad: 0 };
for (const document of documents)
	for (const target of Object.keys(servers)) {
		const { tools = 0, empty, same, took, fault } = await server(document, target);
		sum.servers++;
		sum.tools += tools;
		if (empty) sum.empty++;
		if (fault) sum.bad++;
		const word = fault ? "NOT AS IT MUST BE" : empty ? "nothing to call" : same ? "good, as before" : `good, ${took.toFixed(1)} s`;
		console.log(`${target.padEnd(10)} ${String(tools).padStart(5)} tools  ${word.padEnd(17)}  ${document}`);
		if (fault) console.log(fault.replace(/^/gm, "    "));
	}
runner.end();
rmSync(folder, { recursive: true });
if (options.out)
	writeFileSync(options.out, all.map((finding) => `${JSON.stringify(finding)}\n`).join(""));
for (const [stage, { cpu, rss, most, document }] of seconds)
	console.log(`${stage.padEnd(14)} ${cpu.toFixed(2).padStart(7)} s CPU, at most ` +
		`${Math.round(rss / 1024)} MB, ${most.toFixed(2)} s (${document})`);
top("findings", rules);
console.log(`\n${documents.length} documents, ${sum.servers} servers, ${sum.tools} tools: ${sum.bad} not as they must be, ${sum.empty} with nothing to call`);
process.exitCode = sum.bad || !documents.length ? 1 : 0;
