import { setFlagsFromString } from "node:v8";
import { type Context, createContext, Script } from "node:vm";

import { log } from "./log.js";

/* Patterns of schemas against texts that anybody wrote. A pattern may take time
   exponential in the text: V8 then goes on with its linear engine where that
   knows the pattern's features, and where it does not, the search is ended.
   The linear engine wants no u flag, so that is set only for what needs it. */

setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");

const MILLISECONDS = 400;
const SHORT = 1000;
const LONG = 50_000;
const ATOM = /(?:\[(?:\\.|[^\]\\])+\]|\\[dDwWsS]|\\[^A-Za-z0-9]|[^\\()[\]{}*+?|^$])/.source;
/* One repetition without an upper bound, from the beginning to the end. */
const SIMPLE = new RegExp(`^\\^${ATOM}(?:[*+]|\\{\\d*,?\\d*\\})?(?:${ATOM}(?:\\?|\\{\\d(?:,\\d)?\\})?)*\\$$`);

let sandbox: Context | undefined;
let search: Script | undefined;
let until = 0;
const slow = new Set<string>();

/* The time for the searches of one value begins. */
export function startSearches(): void {
	until = performance.now() + MILLISECONDS;
	slow.clear();
}

/* Was the search for this pattern given up since then. */
export function wasSlow(pattern: unknown): boolean {
	return typeof pattern === "string" && slow.has(pattern);
}

/* A search that ends: in time, or by an exception. */
function timed(work: () => boolean, milliseconds: number): boolean {
	sandbox ??= createContext({});
	search ??= new Script("work()");
	sandbox["work"] = work;
	return search.runInContext(sandbox, { timeout: milliseconds }) as boolean;
}

function isFound(compiled: RegExp, simple: boolean, text: string): boolean {
	const left = Math.floor(until - performance.now());

	if (left <= 0 || (text.length > LONG && !simple))
		throw new Error("no time");
	return simple || (text.length <= SHORT && !/[*+,]/.test(compiled.source))
		? compiled.test(text) : timed(() => compiled.test(text), left);
}

/* The engine tells patterns apart by their text. */
export function compilePattern(pattern: string): { test(text: string): boolean; toString(): string } {
	let compiled: RegExp;

	try {
		compiled = new RegExp(pattern, /\\[pPu]\{|\\[pP]/.test(pattern) ? "u" : "");
	} catch {
		log("warning", "pattern", { message: "a pattern is no ECMAScript regular expression and is not enforced" });
		return { test: () => true, toString: () => pattern };
	}
	const simple = SIMPLE.test(pattern);
	return {
		toString: () => pattern,
		test(text) {
			try {
				return isFound(compiled, simple, text);
			} catch {
				slow.add(pattern);
				return false;
			}
		},
	};
}
