import { readFileSync, statSync } from "node:fs";

/* Secrets come from the environment, NAME or the file that NAME_FILE names,
   and from nowhere else. Each one that was read is remembered so that it can
   be blotted out of every text that leaves the process. */

const LARGEST = 65536;
const SHORTEST_MASKED = 4;
const known = new Set<string>();

export function remember(secret: string): void {
	if (secret.length >= SHORTEST_MASKED)
		known.add(secret);
}

export function mask(text: string): string {
	for (const secret of known) {
		for (const form of new Set([secret, encodeURIComponent(secret)])) {
			if (text.includes(form))
				text = text.replaceAll(form, "***");
		}
	}
	return text;
}

function fromFile(name: string, path: string): string {
	try {
		if (statSync(path).size > LARGEST)
			throw new Error("too large");
		return readFileSync(path, "utf8").replace(/[\r\n]+$/, "");
	} catch {
		throw new Error(`cannot read the file that ${name} names`);
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
