import type { Caller } from "./call.js";
import type { Catalogue } from "./catalogue.js";
import { type Config, ConfigError, isObject } from "./config.js";
import { dump, parse, restore } from "./exact.js";
import { Failure } from "./failure.js";
import { Index } from "./search.js";
import type { Arguments, Context, Handle, Result, Tool } from "./types.js";

/* Dynamic mode: a client sees four meta-tools, which find, describe and call
   the tools of the catalogue. Their definitions are in tools.json.

   A call of a tool goes through the Caller as ever, under the tool's own name;
   what is refused here is a call of the meta-tool. */

type Load = (name: string) => Promise<Handle>;

const LINE = 160;
const HINTS = ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"];
const BLANKS = /[ \t\r\n\v\f]+/g;
const NAME = 100;

/* The first sentence, or as much of it as fits in a line. */
function oneLine(text: string): string {
	const line = text.replace(BLANKS, " ").replace(/^ | $/g, "");
	const end = line.indexOf(". ");
	const shown = [...(end < 0 ? line : line.slice(0, end + 1))];

	return shown.length <= LINE ? shown.join("") : shown.slice(0, LINE - 1).join("") + "…";
}

/* A name that no tool has may be any text. */
function shownName(name: string): string {
	return [...name].slice(0, 64).join("").replace(/[^A-Za-z0-9_.-]/gu, "?");
}

/* A glob's * stands for any characters; nothing else is special. */
export function fits(glob: string, name: string): boolean {
	const [first = "", ...rest] = glob.split("*");
	const last = rest.pop();

	if (last === undefined)
		return glob === name;
	if (!name.startsWith(first))
		return false;
	let at = first.length;
	for (const piece of rest) {
		const found = name.indexOf(piece, at);
		if (found < 0)
			return false;
		at = found + piece.length;
	}
	return name.length - at >= last.length && name.endsWith(last);
}

function readAllowed(): string[] {
	const globs = (process.env["SMELT_ALLOW_DESTRUCTIVE"] ?? "").split(/[\s,]+/).filter((glob) => glob !== "");

	if (!globs.every((glob) => /^[a-z0-9_*]+$/.test(glob)))
		throw new ConfigError("SMELT_ALLOW_DESTRUCTIVE: names of tools are wanted, in which * may stand");
	return globs;
}

function isReadOnly(tool: Tool): boolean {
	return tool.annotations?.["readOnlyHint"] === true;
}

/* By the protocol's defaults, a tool that says nothing is. */
function isDestructive(tool: Tool): boolean {
	return tool.annotations?.["destructiveHint"] !== false && !isReadOnly(tool);
}

function withoutOutput(line: string): string {
	const tool = parse(line)?.result as Tool;
	const { outputSchema: _, ...rest } = tool;

	return dump(restore(rest, tool));
}

function answered(structuredContent: Arguments, text: string): Result {
	return { content: [{ type: "text", text }], structuredContent };
}

/* Stands before a Caller, which has the tools of the catalogue. */
export class Dynamic {
	readonly #catalogue: Catalogue;
	readonly #limit: number;
	readonly #caller: Caller;
	readonly #load: Load;
	readonly #allowed = readAllowed();
	readonly #tools: Map<string, Tool>;
	readonly #tags = new Map<string, number>();
	readonly #index: Index;

	constructor(catalogue: Catalogue, { limits }: Config, caller: Caller, load: Load) {
		this.#catalogue = catalogue;
		this.#limit = limits.maxResponseBytes;
		this.#caller = caller;
		this.#load = load;
		this.#tools = new Map(catalogue.tools.map((tool) => [tool.name, tool]));
		for (const tag of catalogue.tools.flatMap((tool) => this.#tagsOf(tool)))
			this.#tags.set(tag, (this.#tags.get(tag) ?? 0) + 1);
		this.#index = new Index(catalogue);
	}

	run(meta: Tool, given: unknown, context: Context): Promise<Result> {
		const tool = this.#callable(meta, given);

		if (tool !== undefined) {
			const { arguments: inner = {} } = given as Arguments;
			return this.#caller.run(tool, () => this.#load(tool.name), inner, context, meta.name);
		}
		return this.#caller.run(meta, async () => this.#handlerOf(meta), given, context);
	}

	/* The tool of a call that may be made; undefined where the meta-tool's own
	   check or handler will say what is wrong. */
	#callable(meta: Tool, given: unknown): Tool | undefined {
		if (!isObject(given) || Object.keys(given).some((key) => key !== "name" && key !== "arguments"))
			return undefined;
		const { name, arguments: inner = {} } = given;
		if (typeof name !== "string" || name.length > NAME || !isObject(inner))
			return undefined;
		const tool = this.#tools.get(name);
		if (tool === undefined)
			return undefined;
		if (meta.name === "call_read_only_tool")
			return isReadOnly(tool) ? tool : undefined;
		return meta.name === "call_tool" && this.#isAllowed(tool) ? tool : undefined;
	}

	#handlerOf(meta: Tool): Handle {
		switch (meta.name) {
		case "search_tools":
			return async (arguments_) => this.#search(arguments_);
		case "describe_tool":
			return async (arguments_) => this.#describe(arguments_);
		default:
			return async ({ name }) => this.#refuse(meta, this.#known(String(name)));
		}
	}

	#refuse(meta: Tool, { name }: Tool): never {
		throw new Failure("arguments", meta.name === "call_read_only_tool"
			? `${name} is not read-only: use call_tool`
			: `${name} is destructive, and the operator of this server has not allowed it: ` +
				`SMELT_ALLOW_DESTRUCTIVE=${name} in the server's environment allows it ` +
				"(a list separated by commas, in which * stands for any characters)");
	}

	#known(name: string): Tool {
		const tool = this.#tools.get(name);

		if (tool !== undefined)
			return tool;
		const near = this.#index.find(name).slice(0, 3).map((number) => this.#catalogue.tools[number]!.name);
		const hint = near.length > 0 ? `near are ${near.join(", ")}` : "search_tools finds names";
		throw new Failure("arguments", `no tool '${shownName(name)}': ${hint}`);
	}

	#tagsOf(tool: Tool): string[] {
		return this.#catalogue.tags.get(tool.name) ?? [];
	}

	#isAllowed(tool: Tool): boolean {
		return !isDestructive(tool) || this.#allowed.some((glob) => fits(glob, tool.name));
	}

	#search(arguments_: Arguments): Result {
		const { query = "", tag, limit = 10, offset = 0 } = arguments_ as
			{ query?: string; tag?: string; limit?: number; offset?: number };
		const words = query.replace(BLANKS, " ").replace(/^ | $/g, "");
		const { tools } = this.#catalogue;

		if (tag !== undefined && !this.#tags.has(tag))
			throw new Failure("arguments", "no tool has this tag: a search without query and tag lists the tags");
		const found = (words === "" ? tools : this.#index.find(words).map((number) => tools[number]!))
			.filter((tool) => tag === undefined || this.#tagsOf(tool).includes(tag));
		const answer = {
			total: found.length,
			tools: found.slice(offset, offset + limit).map((tool) => this.#shown(tool)),
			...(offset + limit < found.length ? { next: offset + limit } : {}),
			...(words === "" && tag === undefined && this.#tags.size > 0 ? { tags: Object.fromEntries(this.#tags) } : {}),
		};
		return answered(answer, JSON.stringify(answer));
	}

	#shown(tool: Tool): Arguments {
		const line = oneLine(tool.description ?? "");
		const hints = HINTS.filter((hint) => tool.annotations?.[hint] !== undefined);

		return {
			name: tool.name,
			...(tool.title === undefined ? {} : { title: tool.title }),
			...(line === "" || line === tool.title ? {} : { description: line }),
			annotations: Object.fromEntries(hints.map((hint) => [hint, tool.annotations?.[hint]])),
			...(this.#isAllowed(tool) ? {} : { allowed: false }),
		};
	}

	#describe(arguments_: Arguments): Result {
		const names = [...new Set(arguments_["names"] as string[])];
		const found = names.filter((name) => this.#tools.has(name));
		const unknown = names.filter((name) => !this.#tools.has(name)).map(shownName);
		const texts = found.map((name) => this.#catalogue.texts.get(name) ?? "")
			.map((line) => arguments_["brief"] === true ? withoutOutput(line) : line);
		const size = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
		const text = `{"tools":[${texts.join(",")}]${unknown.length > 0 ? `,"unknown":${JSON.stringify(unknown)}` : ""}}`;

		if (found.length === 0)
			this.#known(names[0] ?? "");
		if (size > this.#limit)
			throw new Failure("arguments", `these definitions have ${size} bytes, more than ${this.#limit}: ask for fewer`);
		return answered(parse(text)?.result as Arguments, text);
	}
}
