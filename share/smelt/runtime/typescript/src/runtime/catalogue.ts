import { checkNames, isObject, read } from "./config.js";
import type { SearchWords } from "./search.js";
import type { Schema, Tool } from "./types.js";

/* The definitions of catalogue.json, one a line. Of a line only the ends are
   read at start, what a search wants to know: an API of ten thousand operations
   has a hundred megabytes of schemas, of which a session needs a few. */

export interface Catalogue {
	tools: Tool[];
	/* The line of a tool. */
	texts: Map<string, string>;
	search: SearchWords;
	tags: Map<string, string[]>;
	/* Names of arguments, by the binding. */
	arguments: Map<string, string[]>;
}

const MIDDLE = ',"inputSchema":';
const TAIL = ',"annotations":';

/* All members but the schemas, or undefined where the line is another one. A
   quotation mark inside a string is escaped, so what is found is a key; a key
   further inside leaves braces over. */
function endsOf(line: string): Tool | undefined {
	const middle = line.indexOf(MIDDLE), tail = line.lastIndexOf(TAIL);

	try {
		return middle > 0 && tail > middle
			? { ...JSON.parse(line.slice(0, middle) + "}"), ...JSON.parse("{" + line.slice(tail + 1)) } : undefined;
	} catch {
		return undefined;
	}
}

/* A line's object; its schemas are read when they are asked for. */
function toolOf(line: string): Tool {
	const ends = endsOf(line);
	let whole: Tool | undefined;
	const member = (key: "inputSchema" | "outputSchema"): PropertyDescriptor => ({
		enumerable: true,
		get: (): Schema | undefined => (whole ??= JSON.parse(line) as Tool)[key],
	});

	return ends === undefined ? JSON.parse(line) as Tool
		: Object.defineProperties(ends, { inputSchema: member("inputSchema"), outputSchema: member("outputSchema") });
}

function linesOf(text: string): string[] {
	const lines = text.replace(/\n+$/, "").split("\n");

	if (lines.length < 2 || lines.shift() !== '{"tools":[' || lines.pop() !== "]}")
		throw new Error("one definition a line is wanted");
	return lines.map((line) => line.replace(/,$/, ""));
}

function listOf(value: unknown): unknown[] {
	return Array.isArray(value) ? value : [];
}

function argumentsOf(binding: Record<string, unknown>): string[] {
	const body = isObject(binding["body"]) ? binding["body"] : {};
	const bound = [...listOf(binding["parameters"]), body, ...listOf(body["properties"])];

	return bound.flatMap((item) => isObject(item) && typeof item["argument"] === "string" ? [item["argument"]] : []);
}

/* `data` is bindings.json. */
export function readCatalogue(folder: URL, data: Record<string, unknown>): Catalogue {
	const lines = read(folder, "catalogue.json", linesOf);
	const tools = checkNames(read(folder, "catalogue.json", () => lines.map(toolOf)), "catalogue.json");
	const bindings = isObject(data["bindings"]) ? data["bindings"] : {};
	const search = isObject(data["search"]) ? data["search"] : {};
	const boundOf = ({ name }: Tool): Record<string, unknown> => {
		const bound = Object.hasOwn(bindings, name) ? bindings[name] : undefined;
		return isObject(bound) ? bound : {};
	};

	return {
		tools,
		texts: new Map(tools.map(({ name }, at) => [name, lines[at] ?? ""])),
		search: { stop: [], same: [], ...search },
		tags: new Map(tools.map((tool) => [tool.name, listOf(boundOf(tool)["tags"]) as string[]])),
		arguments: new Map(tools.map((tool) => {
			const { binding } = boundOf(tool);
			return [tool.name, isObject(binding) ? argumentsOf(binding) : []];
		})),
	};
}
