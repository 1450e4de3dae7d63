import { readFileSync, statSync } from "node:fs";

import { Failure } from "./failure.js";
import { remember } from "./mask.js";

/* Secrets come from the environment, NAME or the file that NAME_FILE names,
   and from nowhere else. */

const LARGEST = 65536;

function fromFile(name: string, path: string): string {
	try {
		if (statSync(path).size > LARGEST)
			throw new Error("too large");
		return readFileSync(path, "utf8").replace(/[\r\n]+$/, "");
	} catch {
		throw new Failure("configuration", `cannot read the file that ${name} names`);
	}
}

/* The value of NAME or the content of the file NAME_FILE; the file is read
   each time, so a rotated secret needs no restart. */
export function readSecret(name: string): string | undefined {
	const direct = process.env[name];
	const path = process.env[`${name}_FILE`];
	const value = direct ? direct
		: path ? fromFile(`${name}_FILE`, path) : undefined;

	if (!value)
		return undefined;
	remember(value);
	return value;
}
