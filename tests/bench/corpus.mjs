#!/usr/bin/env node
// corpus.mjs [--only TEXT] [--part I/N] [--quick] [--keep] [--out FILE]: every
// document of the corpus (make deps-bench) through smelt-intake, smelt-ast and
// smelt-tooldef; what comes out is held against strict.mjs. Every operation
// of a document must be a tool or a skip record. Prints a summary, writes one
// line of JSON a document to FILE, and exits 1 if anything is not as it must be.
// --quick only measures: nothing but crashes and refusals is seen then.
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { parseArgs } from "node:util";
import { Runner, documents, lines, packages, tally, top } from "./run.mjs";
import { Strict } from "./strict.mjs";

const { values: options } = parseArgs({ options: {
	only: { type: "string", default: process.env.ONLY ?? "" },
	part: { type: "string", default: "0/1" }, quick: { type: "boolean", default: false },
	keep: { type: "boolean", default: false }, out: { type: "string" },
} });
const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
const stages = ["smelt-intake", "smelt-ast", "smelt-tooldef"];
// a file (with line and column, but where the whole of it is meant) and why
const located = /^(?!smelt-)\S.*: error: \S/m;

/** Path items of a JSON document, and the methods in them; -1: not known. */
function operations(path) {
	if (extname(path) !== ".json") return -1;
	const text = readFileSync(path);
	if (text.length > 500e6) return -1;
	const root = JSON.parse(text.toString());
	let count = 0;
	for (let [key, item] of Object.entries(root.paths ?? {})) {
		for (let i = 0; i < 64 && typeof item?.$ref === "string"; i++) {
			if (!item.$ref.startsWith("#/")) return -1;
			item = item.$ref.slice(2).split("/").map((part) =>
				decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~"))
				.reduce((at, part) => at?.[part], root);
		}
		if (key.startsWith("/") && item && typeof item === "object")
			count += Object.keys(item).filter((name) => methods.includes(name)).length;
	}
	return count;
}

function check(path, artifact) {
	const result = { tools: 0, skips: {}, callables: 0, tokens: 0, findings: [] };
	let strict;
	for (const line of lines(artifact)) {
		const kind = line.subarray(0, 40).toString().match(/^\{"kind":"(\w+)"/)?.[1];
		if (kind === "smelt") {
			strict = new Strict(JSON.parse(line.toString()).name);
		} else if (kind === "callable") {
			result.callables++;
		} else if (kind === "skip") {
			const { reason } = JSON.parse(line.toString());
			result.skips[reason] = (result.skips[reason] ?? 0) + 1;
		} else if (kind === "tool") {
			const tool = JSON.parse(line.toString());
			result.tools++;
			result.tokens += tool.tokens;
			strict.tool(tool);
		}
	}
	result.findings = strict.finish();
	result.operations = operations(path);
	const skipped = Object.values(result.skips).reduce((a, b) => a + b, 0);
	for (const [what, n] of [["the document", result.operations], ["callables", result.callables]])
		if (n >= 0 && n !== result.tools + skipped)
			result.findings.push({ what: "operation lost",
				text: `${n} in ${what}, ${result.tools} tools and ${skipped} skipped` });
	return result;
}

function judge(name, files, runs) {
	const document = { name, runs: runs.map(({ stderr, ...run }) => run), findings: [] };
	const last = runs.at(-1);
	const warnings = runs.flatMap(({ stderr }) => stderr.match(/^.*: warning: .*$/gm) ?? []);
	document.warnings = warnings.length;
	if (last.status === 0) {
		if (!options.quick) Object.assign(document, check(join(packages, name), files[2]));
	} else if (last.status === 2 && located.test(last.stderr)) {
		document.refused = last.stderr.match(/error: (.*)/)[1];
	} else {
		document.findings.push({ what: last.signal ? "crash or hang" : "exit status",
			text: `${stages[runs.length - 1]}: ${last.signal ?? last.status}: ${last.stderr.slice(0, 300)}` });
	}
	return document;
}

function summarise(all) {
	const findings = new Map(), refusals = new Map(), reasons = new Map();
	const cpu = [0, 0, 0], rss = [0, 0, 0];
	let tools = 0, skipped = 0, slowest = [];
	for (const document of all) {
		let sum = 0;
		document.runs.forEach((run, i) => {
			cpu[i] += run.cpu;
			sum += run.cpu;
			rss[i] = Math.max(rss[i], run.rss);
		});
		slowest.push([sum, document.name]);
		tools += document.tools ?? 0;
		if (document.refused) tally(refusals, document.refused.replace(/'[^']*'/g, "'…'").slice(0, 100), document.name);
		for (const [reason, n] of Object.entries(document.skips ?? {})) {
			skipped += n;
			for (let i = 0; i < n; i++) tally(reasons, reason, document.name);
		}
		for (const { tool, what, text } of document.findings)
			tally(findings, `${what}: ${text.replace(/[\w.~%-]*\d[\w.~%-]*/g, "…").slice(0, 120)}`,
				`${document.name} ${tool ?? ""}`);
	}
	slowest = slowest.sort((a, b) => b[0] - a[0]).slice(0, 8);
	console.log(`${all.length} documents, ${tools} tools, ${skipped} operations skipped`);
	stages.forEach((stage, i) =>
		console.log(`${stage.padEnd(14)} ${cpu[i].toFixed(2).padStart(7)} s CPU, at most ${Math.round(rss[i] / 1024)} MB`));
	console.log(`in all         ${cpu.reduce((a, b) => a + b).toFixed(2).padStart(7)} s CPU`);
	for (const [seconds, name] of slowest) console.log(`  ${seconds.toFixed(2)} s  ${name}`);
	top("documents refused, with a place", refusals);
	top("operations skipped", reasons);
	top("NOT AS IT MUST BE", findings);
	const bad = all.filter(({ findings: list }) => list.length).length;
	console.log(`\n${bad} documents with ${[...findings.values()].reduce((a, b) => a + b.n, 0)} violations`);
	return bad;
}

/** Start the stages on one document: the files that they write. */
function start(name) {
	const files = stages.map((_, i) => join(folder, `${runner.n}.${i}`));
	runner.start(stages.map((stage, i) =>
		[stage, "-o", files[i], "--", i ? files[i - 1] : join(packages, name)]));
	return files;
}

const folder = mkdtempSync(join(tmpdir(), "smelt-corpus-"));
const runner = new Runner();
const out = options.out && createWriteStream(options.out);
const [part, parts] = options.part.split("/").map(Number);
const names = documents().filter((name) => name.includes(options.only))
	.filter((_, i) => i % parts === part);
const started = [];
const all = [];
for (let i = 0; i < names.length || started.length; ) {
	while (i < names.length && started.length < 4)
		started.push([names[i], start(names[i++])]);
	const [name, files] = started.shift();
	const document = judge(name, files, await runner.result());
	if (!options.keep) files.forEach((file) => rmSync(file, { force: true }));
	out?.write(`${JSON.stringify(document)}\n`);
	all.push(document);
	if (process.stderr.isTTY) process.stderr.write(`\r${all.length}/${names.length}`);
}
runner.end();
out?.end();
if (options.keep) console.log(`artifacts: ${folder}`);
else rmSync(folder, { recursive: true });
process.exitCode = summarise(all) ? 1 : 0;
