import { randomBytes } from "node:crypto";
import { StringDecoder } from "node:string_decoder";
import { Transform } from "node:stream";


/* Numbers that keep the text they were written as: 1.10, 1e400, 64-bit ids.

   JSON.parse makes the nearest double of a text, and handlers and validation
   see that. Where its text would not come back, the text is remembered beside
   the object or array that holds the number. The SDK reads and writes JSON
   itself and knows nothing of this, so `guard` puts a marked string in the place
   of such a number in what it reads, and `reveal` turns a marked string into its
   number in what it wrote. The mark holds a random word: no client and no
   upstream can write one. */

const MARK = `smelt-number-${randomBytes(16).toString("hex")}:`;
const NUMBER = /-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/.source;
/* a string that does not end takes the rest with it: nothing is read twice */
const TOKEN = new RegExp(`("[^"\\\\]*(?:\\\\.[^"\\\\]*)*(?:"|\\\\?$))(\\s*:)?|(${NUMBER})|([{[])|([}\\]])`, "gs");
const MARKED = new RegExp(`"${MARK}(${NUMBER})"`, "g");
const CANDIDATE = /[0-9]\.[0-9]|[0-9][eE]|-0|[0-9]{16}/;
const LONGEST_LINE = 10 << 20;

/* Of an object or array: the texts of its own numbers, by key. One that only
   has such numbers further down has an entry without texts. */
const texts = new WeakMap<object, Map<string, string>>();
let made = false;

/* A number as text, in what is about to be sent. */
export class Exact {
	readonly text: string;

	constructor(text: string) {
		this.text = text;
		made = true;
	}

	/* Inside a parameter: a whole number without a fraction. */
	plain(): string {
		const value = Number(this.text);
		return Number.isSafeInteger(value)
			? String(value) : /^(-?[0-9]+)\.0+$/.exec(this.text)?.[1] ?? this.text;
	}
}

function nearest(text: string): number {
	return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, Number(text)));
}

function isAltered(text: string): boolean {
	return JSON.stringify(Number(text)) !== text;
}

function isBox(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !(value instanceof Exact);
}

function keyOf(string: string): string {
	try {
		return String(JSON.parse(string));
	} catch {
		return "";
	}
}

/* JSON with marked strings: in a JSON-RPC message those of params.arguments. */
function guarded(json: string, all: boolean): string {
	const keys = ["", "", ""];
	let depth = 0;

	if (!CANDIDATE.test(json))
		return json;
	return json.replace(TOKEN, (token: string, string?: string, colon?: string, digits?: string, opened?: string, closed?: string) => {
		if (opened !== undefined)
			depth++;
		else if (closed !== undefined)
			depth--;
		else if (colon !== undefined && string !== undefined && depth > 0 && depth < 3)
			keys[depth] = keyOf(string);
		const here = all || (depth > 1 && keys[1] === "params" && keys[2] === "arguments");
		return digits !== undefined && here && isAltered(digits) ? `"${MARK}${digits}"` : token;
	});
}

export function guard(line: string): string {
	return guarded(line, false);
}

/* Puts numbers in the place of marked strings and remembers their texts. The
   caller bounds the depth. */
export function revive(value: unknown): boolean {
	if (!isBox(value))
		return false;
	const own = new Map<string, string>();
	let found = false;
	for (const [key, item] of Object.entries(value)) {
		if (typeof item === "string" && item.startsWith(MARK)) {
			own.set(key, item.slice(MARK.length));
			value[key] = nearest(item.slice(MARK.length));
		} else if (revive(item)) {
			found = true;
		}
	}
	if (found || own.size > 0)
		texts.set(value, own);
	return found || own.size > 0;
}

/* JSON of an answer in a box; undefined for what is none, or nested too deep. */
export function parse(json: string): { result: unknown } | undefined {
	try {
		const text = guarded(json, true);
		const box = { result: JSON.parse(text) as unknown };
		if (text !== json)
			revive(box);
		return box;
	} catch {
		return undefined;
	}
}

function withTexts(value: unknown, given: unknown, put: (text: string) => unknown): unknown {
	const own = isBox(given) ? texts.get(given) : undefined;

	if (own === undefined || !isBox(given) || !isBox(value) || Array.isArray(value) !== Array.isArray(given))
		return value;
	const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
	for (const [key, item] of Object.entries(value)) {
		const text = own.get(key);
		copy[key] = text !== undefined && Object.is(item, given[key])
			? put(text) : Object.hasOwn(given, key) ? withTexts(item, given[key], put) : item;
	}
	return copy;
}

/* `value` with the texts of the numbers that are as they were in `given`. */
export function restore<T>(value: T, given: unknown): T {
	return withTexts(value, given, (text) => new Exact(text)) as T;
}

/* `value` with marked strings in the place of the numbers whose text is known. */
export function mark<T>(value: T): T {
	return withTexts(value, value, (text) => MARK + text) as T;
}

export function reveal(json: string): string {
	return json.includes(MARK) ? json.replace(MARKED, "$1") : json;
}

/* JSON with the texts of the Exacts. */
export function dump(value: unknown): string {
	if (!made)
		return JSON.stringify(value) ?? "null";
	return reveal(JSON.stringify(value, (_, item: unknown) => item instanceof Exact ? MARK + item.text : item) ?? "null");
}

/* A stream that changes each line that passes; what is too long to be one is
   left to the reader's own limit. */
export function eachLine(change: (line: string) => string): Transform {
	const decoder = new StringDecoder("utf8");
	let parts: string[] = [];
	let length = 0;

	return new Transform({
		transform(chunk: Buffer, _, done) {
			const lines = decoder.write(chunk).split("\n");
			let out = "";
			for (const [index, line] of lines.entries()) {
				parts.push(line);
				length += line.length;
				if (index < lines.length - 1) {
					out += change(parts.join("")) + "\n";
					parts = [];
					length = 0;
				}
			}
			if (length > LONGEST_LINE) {
				out += parts.join("");
				parts = [];
				length = 0;
			}
			done(null, out);
		},
		flush(done) {
			done(null, change(parts.join("") + decoder.end()));
		},
	});
}
