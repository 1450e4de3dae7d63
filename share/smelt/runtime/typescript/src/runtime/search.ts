import type { Catalogue } from "./catalogue.js";
import type { Tool } from "./types.js";

/* Ranks tools by the words of a query: the same order in every language that
   this is written in, so scores are whole numbers and ties go by the catalogue.

   A word of the query counts where a tool has it (or a word of the same
   meaning, or, if no tool has it, one that begins alike): more in the name than
   in the title, in tags, arguments and description; more the fewer tools have
   it. A tool with more words of the query comes before one with fewer. */

/* What bindings.json says: words that say nothing, words that mean the same. */
export interface SearchWords {
	stop: string[];
	same: string[][];
}

/* Number of a tool, weight of the word there, whether its name has it: one
   small integer, of which there are tens of thousands. */
type Posting = number;

function posting(tool: number, weight: number, named: boolean): Posting {
	return tool << 6 | weight << 1 | Number(named);
}

const NAME = 8, TITLE = 6, TAG = 4, ARGUMENT = 2, DESCRIPTION = 2;
const EXACT = 4, SAME = 3, ALIKE = 2;
const QUERY_WORDS = 32;
const TEXT_WORDS = 300;
const BEGINNING = 3;

/* letters and digits, other scripts in runs, and each sign of those without spaces */
const RUN = /[A-Za-z0-9\u00c0-\u1fff\u2c00-\u2fef\ua4d0-\uabff]+|[\u3040-\u9fff\uac00-\ud7af]/g;
const HUMP = /[a-z0-9][A-Z]|[A-Z][A-Z][a-z]/;
const PART = /[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[\u00c0-\u1fff\u2c00-\u2fef\ua4d0-\uabff]+/g;

/* Without the ending of an English plural. */
function stem(word: string): string {
	const ends = (...endings: string[]): boolean => endings.some((ending) => word.endsWith(ending));

	if (word.length > 4 && ends("ies"))
		return word.slice(0, -3) + "y";
	if (word.length > 4 && ends("sses", "shes", "ches", "xes", "zes"))
		return word.slice(0, -2);
	return word.length > 3 && ends("s") && !ends("ss", "us", "is") ? word.slice(0, -1) : word;
}

function runsOf(text: string): string[] {
	return text.match(RUN) ?? [];
}

function partsOf(run: string): string[] {
	return (run.match(PART) ?? []).map((part) => stem(part.toLowerCase()));
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
	const list = map.get(key);

	if (list === undefined)
		map.set(key, [value]);
	else
		list.push(value);
}

export class Index {
	readonly #stop: Set<string>;
	readonly #same = new Map<string, string[]>();
	readonly #postings = new Map<string, Posting[]>();
	readonly #sorted: string[];
	/* how many words the name of each tool has */
	readonly #names: number[] = [];
	/* the words of the runs that were seen before, while the index is made */
	readonly #known = new Map<string, string[]>();

	constructor({ tools, tags, arguments: names, search: { stop, same } }: Catalogue) {
		this.#stop = new Set(stop);
		for (const group of same) {
			for (const word of group.map(stem))
				group.map(stem).filter((other) => other !== word).forEach((other) => push(this.#same, word, other));
		}
		tools.forEach((tool, number) =>
			this.#add(tool, number, tags.get(tool.name) ?? [], names.get(tool.name) ?? []));
		this.#sorted = [...this.#postings.keys()].sort();
		this.#known.clear();
	}

	/* The words of a text, of twoWords also two and words. */
	#wordsOf(text: string): string[] {
		const found: string[] = [];

		for (const run of runsOf(text)) {
			let words = this.#known.get(run);
			if (words === undefined) {
				words = [stem(run.toLowerCase()), ...(HUMP.test(run) ? partsOf(run) : [])];
				this.#known.set(run, words);
			}
			for (const word of words)
				found.push(word);
		}
		return found;
	}

	#add({ name, title, description }: Tool, tool: number, tags: string[], names: string[]): void {
		const named = this.#wordsOf(name.replaceAll("_", " "));
		const weights = new Map(named.map((word) => [word, NAME]));
		const texts: [number, string][] = [
			[TITLE, title ?? ""],
			[TAG, tags.join(" ")],
			[ARGUMENT, names.join(" ").replaceAll("_", " ")],
			[DESCRIPTION, description ?? ""],
		];

		this.#names.push(Math.max(1, named.length));
		for (const [weight, text] of texts) {
			for (const word of new Set(this.#wordsOf(text).slice(0, TEXT_WORDS)))
				weights.set(word, (weights.get(word) ?? 0) + weight);
		}
		for (const [word, weight] of weights)
			push(this.#postings, word, posting(tool, weight, named.includes(word)));
	}

	/* The words of tools that a word of the query stands for. */
	#variantsOf(run: string): [string, number][] {
		const word = stem(run.toLowerCase());
		const known = (words: string[], factor: number): [string, number][] =>
			[...new Set(words)].filter((one) => this.#postings.has(one)).map((one) => [one, factor]);
		let found = [...known([word], EXACT), ...known(this.#same.get(word) ?? [], SAME)];

		if (found.length === 0 && HUMP.test(run))
			found = known(partsOf(run), SAME);
		if (found.length === 0 && word.length >= BEGINNING)
			found = known(this.#beginning(word), ALIKE);
		for (let end = word.length - 1; found.length === 0 && end > BEGINNING; end--)
			found = known([word.slice(0, end)], ALIKE);
		return found;
	}

	#beginning(word: string): string[] {
		let start = 0;

		for (let end = this.#sorted.length; start < end;) {
			const middle = (start + end) >> 1;
			if ((this.#sorted[middle] ?? "") < word)
				start = middle + 1;
			else
				end = middle;
		}
		const found: string[] = [];
		for (let at = start; this.#sorted[at]?.startsWith(word); at++)
			found.push(this.#sorted[at] ?? "");
		return found;
	}

	#wanted(query: string): string[] {
		const runs = new Map<string, string>();

		for (const run of runsOf(query)) {
			const word = stem(run.toLowerCase());
			if (!runs.has(word))
				runs.set(word, run);
		}
		const telling = [...runs.values()].filter((run) => !this.#stop.has(run.toLowerCase()));
		return (telling.length > 0 ? telling : [...runs.values()]).slice(0, QUERY_WORDS);
	}

	/* Numbers of the tools that match, best first. */
	find(query: string): number[] {
		const size = this.#names.length;
		const sums = new Float64Array(size), hits = new Uint8Array(size), named = new Uint8Array(size);

		for (const run of this.#wanted(query)) {
			const best = new Float64Array(size), inName = new Uint8Array(size);
			for (const [word, factor] of this.#variantsOf(run)) {
				const postings = this.#postings.get(word) ?? [];
				const worth = factor * (32 - Math.clz32(size / postings.length));
				for (const one of postings) {
					const tool = one >> 6;
					best[tool] = Math.max(best[tool]!, worth * (one >> 1 & 31));
					inName[tool]! |= one & 1;
				}
			}
			for (let tool = 0; tool < size; tool++) {
				sums[tool]! += best[tool]!;
				hits[tool]! += Number(best[tool]! > 0);
				named[tool]! += inName[tool]!;
			}
		}
		return this.#ranked(sums, hits, named);
	}

	#ranked(sums: Float64Array, hits: Uint8Array, named: Uint8Array): number[] {
		const ranks: [number, number][] = [];

		this.#names.forEach((words, tool) => {
			if (hits[tool] === 0)
				return;
			const covered = Math.floor(8 * Math.min(named[tool]!, words) / words);
			ranks.push([sums[tool]! * hits[tool]! * (8 + covered), tool]);
		});
		return ranks.sort(([a, i], [b, j]) => b - a || i - j).map(([, tool]) => tool);
	}
}
