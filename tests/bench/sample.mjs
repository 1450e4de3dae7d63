#!/usr/bin/env node
// sample.mjs [--count N] [--only TEXT] [--out FILE]: N documents of the corpus,
// of all sizes, through the whole chain up to gate2, once a target; every record
// is held against its schema. They are benign: what the gates find is counted by
// rule, to be looked at as false positives. Exits 1 if a stage crashes or answers anything but 0.
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Runner, documents, lines, packages, tally, top } from "./run.mjs";

const { values: options } = parseArgs({ options: {
	count: { type: "string", default: "30" }, only: { type: "string", default: process.env.ONLY ?? "" },
	out: { type: "string" },
} });
const targets = ["python", "typescript"];
const shown = 480;
const nothing = /nothing in this source can be called|no tool definitions in this artifact/;

/** Every so many documents in the order of their sizes. */
function sample(count) {
	const all = documents().filter((name) => name.includes(options.only))
		.map((name) => [statSync(join(packages, name)).size, name])
		.filter(([size]) => size < 16e6)
		.sort(([a, x], [b, y]) => a - b || (x < y ? -1 : 1));
	const step = Math.max(1, all.length / count);
	return Array.from({ length: Math.min(count, all.length) }, (_, i) =>
		all[Math.floor((i + 0.999) * step) - 1] ?? all[i]).map(([, name]) => name);
}

function chain(document, target) {
	const file = (name) => join(folder, name);
	return [
		["smelt-intake", "-q", "-o", file("intake"), "--", join(packages, document)],
		["smelt-ast", "-q", "-o", file("ast"), file("intake")],
		["smelt-tooldef", "-q", "-o", file("tooldef"), file("ast")],
		["smelt-codegen", "-q", "-t", target, "-o", file("codegen"), file("tooldef")],
		["smelt-gate1", "-q", "--no-fail", "-o", file("gate1"), file("codegen")],
		["smelt-gate2", "-q", "--no-fail", "-o", file("gate2"), file("gate1")],
		["node", "tests/records/validate.mjs", file("gate2")],
	];
}

function findings(artifact, document) {
	for (const line of lines(artifact)) {
		if (line[2] !== 0x6b || !line.subarray(0, 20).toString().startsWith('{"kind":"finding"')) continue;
		const finding = JSON.parse(line.toString());
		const key = `${finding.stage} ${finding.level} ${finding.rule}`;
		tally(rules, key, document);
		all.push({ document, ...finding });
	}
}

const folder = mkdtempSync(join(tmpdir(), "smelt-sample-"));
const runner = new Runner();
const rules = new Map();
const seconds = new Map();
const all = [];
let bad = 0, empty = 0;
for (const document of sample(Number(options.count)))
	for (const target of targets) {
		const commands = chain(document, target);
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
		if (last.status === 2 && nothing.test(last.stderr)) {
			empty++;
		} else if (last.status !== 0) {
			bad++;
			console.log(`${document} ${target}: ${commands[runs.length - 1][0]} ` +
				`${last.signal ?? last.status}: ${last.stderr.slice(0, shown)}`);
		} else if (target === targets[0]) {
			findings(join(folder, "gate2"), document);
		}
	}
runner.end();
rmSync(folder, { recursive: true });
if (options.out)
	writeFileSync(options.out, all.map((finding) => `${JSON.stringify(finding)}\n`).join(""));
for (const [stage, { cpu, rss, most, document }] of seconds)
	console.log(`${stage.padEnd(14)} ${cpu.toFixed(2).padStart(7)} s CPU, at most ` +
		`${Math.round(rss / 1024)} MB, ${most.toFixed(2)} s (${document})`);
top("findings", rules);
console.log(`\n${bad} chains that did not end well, ${empty} with nothing to call`);
process.exitCode = bad ? 1 : 0;
