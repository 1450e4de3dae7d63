// schemas.mjs ARTIFACT: does every schema of the callables and types compile,
// with all its references?  Prints one line for each that does not.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(path.join(process.env.NODE_PATH, "x.js"));
const Ajv2020 = require("ajv/dist/2020").default;

const records = readFileSync(process.argv[2], "utf8").trim().split("\n")
	.map((line) => JSON.parse(line));
const $defs = Object.fromEntries(records.filter((r) => r.kind === "type")
	.map((r) => [r.id, r.schema]));
let count = 0;
let bad = 0;

function compile(where, schema) {
	count++;
	try {
		new Ajv2020({ strict: true, strictTypes: false, strictTuples: false,
			validateFormats: false, allowUnionTypes: true })
			.compile({ $defs, allOf: [schema] });
	} catch (error) {
		console.log(`${where}: ${error.message}`);
		bad++;
	}
}

for (const r of records) {
	for (const p of r.parameters ?? [])
		compile(`${r.id} ${p.name}`, p.schema);
	for (const c of r.body?.content ?? [])
		compile(`${r.id} body`, c.schema);
	for (const a of r.responses ?? [])
		for (const c of a.content)
			compile(`${r.id} ${a.status}`, c.schema);
	if (r.kind === "callable" && r.returns !== undefined)
		compile(`${r.id} returns`, r.returns);
}
if (!count)
	console.log("no schema at all");
process.exit(bad || !count ? 1 : 0);
