// tokens.mjs ARTIFACT...: the tools of each as the o200k_base tokenizer counts them:
// tools, tokens by the estimate in the records, tokens in truth (as they are served,
// with outputSchema), and tokens of names, descriptions and inputSchemas alone, as
// one array of compact JSON.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(`${process.env.NODE_PATH}/x.js`);
const { countTokens } = require("gpt-tokenizer/encoding/o200k_base");
/* a text that looks like one of the model's own marks is text */
const length = (value) => countTokens(JSON.stringify(value), { disallowedSpecial: new Set() });

export function count(artifact) {
	const inputs = [];
	let estimate = 0;
	let served = 0;

	for (const line of readFileSync(artifact, "utf8").split("\n")) {
		if (!line.startsWith('{"kind":"tool"')) continue;
		const { name, title, description, inputSchema, outputSchema, annotations, tokens } = JSON.parse(line);
		estimate += tokens;
		served += length({ name, title, description, inputSchema, outputSchema, annotations });
		inputs.push({ name, description, inputSchema });
	}
	return { tools: inputs.length, estimate, served, inputs: length(inputs) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	for (const artifact of process.argv.slice(2)) {
		const { tools, estimate, served, inputs } = count(artifact);
		console.log(tools, estimate, served, inputs);
	}
}
