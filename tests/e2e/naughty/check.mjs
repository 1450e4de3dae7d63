/* check.mjs TARGET DIR: the naughty strings in what a generated server lists. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { done, test } from "../../runtime-typescript/tap.mjs";
import { Driver } from "../driver.mjs";
import { strings } from "./list.mjs";

const [target, dir] = process.argv.slice(2);
const server = target === "python"
	? { command: "python", args: [join(dir, "server.py")] }
	: { command: "node", args: [join(dir, "dist/server.js")] };
const signed = JSON.parse(readFileSync(join(dir, "tools.json"), "utf8")).tools;

/* All places where what is there is not what is wanted. */
function differences(place, wanted, got) {
	return strings.flatMap((string, i) =>
		Buffer.from(got(i)).equals(Buffer.from(wanted(string, i))) ? [] :
			[`${place} ${i}: ${JSON.stringify(got(i))} for ${JSON.stringify(wanted(string, i))}`]);
}

/* Line ends at the end go; where nothing is there, there is something to say
   instead; a title has at most 120 characters. */
const text = (string) => string.replace(/\n+$/, "");
function title(string, i, got) {
	const whole = text(string) || `Summary ${i}`;
	const cut = [...whole].length > 120 && [...got].length <= 120 && whole.startsWith(got.replace(/…$/, ""));
	return cut ? got : whole;
}

for (const era of ["2026-07-28", "legacy"]) {
	const client = new Driver("typescript", era, { ...server, env: { PATH: process.env.PATH } });
	const { result, error } = await client.ask({});
	const tools = new Map(result?.tools.map((tool) => [tool.name, tool]));
	const same = (name, place, wanted, got) => test(`${target}, ${era}: ${name}`, () =>
		assert.deepEqual(differences(place, wanted, got), []));
	const parameter = (name) => tools.get(name).inputSchema.properties.p;

	await test(`${target}, ${era}: a tool for each`, () => assert.equal(tools.size, 2 * strings.length, error));
	await test(`${target}, ${era}: the list is tools.json`, () => assert.deepEqual(result.tools, signed));
	await same("summaries as titles", "title", (string, i) => title(string, i, tools.get(`summary_${i}`).title),
		(i) => tools.get(`summary_${i}`).title);
	await same("summaries, described", "summary", (string, i) => text(string) || `Calls GET /a/${i}.`,
		(i) => tools.get(`summary_${i}`).description);
	await same("descriptions", "description", (string, i) => text(string) || `Calls GET /b/${i}.`,
		(i) => tools.get(`description_${i}`).description);
	await same("values of an enum", "enum", (string) => string, (i) => parameter(`summary_${i}`).enum[0]);
	await same("defaults", "default", (string) => string, (i) => parameter(`description_${i}`).default);
	await client.stop();
}
done();
