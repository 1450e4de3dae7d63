// validate.mjs [ARTIFACT...]: every record against its JSON Schema with Ajv.
//
// Prints one line for each record that does not conform and exits 1 then;
// 0 when all do.  Stricter than the schemas: no record of an unknown kind, the
// header first, the end record last, records of one kind unique by id.
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(path.join(process.env.NODE_PATH, "x.js"));
const Ajv2020 = require("ajv/dist/2020").default;
const share = process.env.SMELT_SHARE;
const dir = path.join(share, "schemas");

const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false,
	strictRequired: false });
for (const name of readdirSync(dir).sort())
	if (name.endsWith(".schema.json"))
		ajv.addSchema(JSON.parse(readFileSync(path.join(dir, name))));

const unique = { tool: "name", callable: "id", type: "id", file: "path",
	emit: "path", unit: "path" };
let bad = 0;

function complain(file, line, text) {
	console.log(`${file}:${line}: ${text}`);
	bad++;
}

function check(file) {
	const text = readFileSync(file, "utf8");
	const lines = text.split("\n");
	const seen = new Map();

	if (lines.pop() !== "")
		complain(file, lines.length, "no line end at the end");
	lines.forEach((line, i) => {
		let record;
		try {
			record = JSON.parse(line);
		} catch (e) {
			complain(file, i + 1, `not JSON: ${e.message}`);
			return;
		}
		const validate = ajv.getSchema("urn:smelt:schema:" + record.kind);
		if (!validate)
			complain(file, i + 1, `unknown kind ${record.kind}`);
		else if (!validate(record))
			for (const e of validate.errors)
				complain(file, i + 1, `${record.kind}` +
					`${e.instancePath} ${e.message} ` +
					JSON.stringify(e.params));
		if (!line.startsWith(`{"kind":"${record.kind}"`))
			complain(file, i + 1, "kind is not the first key");
		if ((record.kind === "smelt") !== (i === 0))
			complain(file, i + 1, "header is not the first record");
		if ((record.kind === "end") !== (i === lines.length - 1))
			complain(file, i + 1, "end is not the last record");
		const key = record.kind + " " + record[unique[record.kind]];
		if (unique[record.kind] && seen.has(key))
			complain(file, i + 1,
				`${key} stands on line ${seen.get(key)} too`);
		seen.set(key, i + 1);
	});
}

for (const file of process.argv.slice(2))
	check(file);
process.exit(bad ? 1 : 0);
