// The tools of one artifact as strict clients see them: schemas by Ajv 2020-12
// (strict, formats), names, keys, patterns. One Strict a document: the
// definitions that its tools share are compiled once.
import { createRequire } from "node:module";

const require = createRequire(`${process.env.NODE_PATH}/x.js`);
const Ajv = require("ajv/dist/2020").default;
const addFormats = require("ajv-formats").default;

const options = {
	strict: true, strictTypes: false, strictTuples: false,
	strictRequired: false, allowMatchingProperties: true,
	validateFormats: true, unicodeRegExp: true, logger: false,
	code: { optimize: false },
};
const named = new Set(["properties", "patternProperties", "$defs", "dependentSchemas"]);
const literal = new Set(["enum", "const", "examples", "default"]);
const foreign = new Set(["nullable", "example", "discriminator", "xml", "externalDocs",
	"definitions", "components", "id"]);
const head = "#/$defs/";

/** Every schema in schema, with itself. */
function* schemas(schema) {
	if (Array.isArray(schema)) {
		for (const item of schema) yield* schemas(item);
	} else if (schema && typeof schema === "object") {
		yield schema;
		for (const [key, value] of Object.entries(schema))
			if (named.has(key))
				for (const item of Object.values(value)) yield* schemas(item);
			else if (!literal.has(key))
				yield* schemas(value);
	}
}

function regexps(schema) {
	return [...(typeof schema.pattern === "string" ? [schema.pattern] : []),
		...Object.keys(schema.patternProperties ?? {})];
}

/** One way of the tools' schemas: arguments, or answers. */
class Pool {
	texts = new Map();

	constructor(report) {
		this.report = report;
		this.ajv = this.fresh();
		this.defs = {};
		this.refs = new Map();
		this.later = [];
	}

	fresh() {
		const ajv = new Ajv(options);
		addFormats(ajv);
		return ajv;
	}

	/** What one schema says, without its definitions. */
	look(schema) {
		const refs = new Set();
		for (const part of schemas(schema)) {
			if (typeof part.$ref === "string") refs.add(part.$ref);
			for (const key of Object.keys(part))
				if (foreign.has(key)) this.report("foreign keyword", key);
			for (const text of regexps(part))
				try {
					new RegExp(text, "u");
				} catch (error) {
					this.report("pattern", error.message);
				}
		}
		return refs;
	}

	add(schema) {
		const { $defs = {}, ...root } = schema;
		let conflict = false;
		const refs = this.look(root);
		for (const [id, def] of Object.entries($defs)) {
			const text = JSON.stringify(def);
			if (!this.texts.has(id)) {
				this.texts.set(id, text);
				this.defs[id] = def;
				this.refs.set(text, this.look(def));
			} else if (this.texts.get(id) !== text) {
				conflict = true;
			}
			if (!this.refs.has(text)) this.refs.set(text, this.look(def));
			for (const ref of this.refs.get(text)) refs.add(ref);
		}
		for (const ref of refs)
			if (!ref.startsWith(head) || !Object.hasOwn($defs, ref.slice(head.length)))
				this.report("$ref", `${ref} is not there`);
		for (const id of Object.keys($defs))
			if (!refs.has(head + id)) this.report("$defs", `${id} is there for nothing`);
		if (conflict) this.compile(this.fresh(), schema);
		else this.later.push([this.report.tool, root]);
	}

	compile(ajv, schema) {
		try {
			ajv.compile(schema);
		} catch (error) {
			this.report("schema", error.message.slice(0, 300));
		}
	}

	finish() {
		this.ajv.addSchema({ $id: "d", $defs: this.defs }, "d");
		for (const [tool, root] of this.later) {
			this.report.tool = tool;
			const text = JSON.stringify(root).replaceAll(`"$ref":"${head}`, `"$ref":"d${head}`);
			this.compile(this.ajv, JSON.parse(text));
		}
	}
}

export class Strict {
	constructor(server) {
		this.server = server;
		this.findings = [];
		const report = (what, text) =>
			this.findings.push({ tool: report.tool, what, text });
		this.report = report;
		this.names = new Set();
		this.input = new Pool(report);
		this.output = new Pool(report);
	}

	name(name) {
		if (this.names.has(name)) this.report("name", "is there twice");
		this.names.add(name);
		if (!/^[a-z][a-z0-9_]{0,39}$/.test(name)) this.report("name", "is out of the profile");
		if (this.server.length + name.length > 52) this.report("name", "too long with the server's");
	}

	arguments(tool) {
		const { inputSchema: schema, binding } = tool;
		const keys = Object.keys(schema.properties ?? {});
		const bound = [...(binding.parameters ?? []), ...(binding.body?.properties ?? [])]
			.map((entry) => entry.argument);
		if (binding.body?.argument) bound.push(binding.body.argument);
		for (const key of keys)
			if (!/^[a-zA-Z0-9_.-]{1,64}$/.test(key)) this.report("key", JSON.stringify(key));
		for (const key of schema.required ?? [])
			if (!keys.includes(key)) this.report("required", JSON.stringify(key));
		if ([...bound].sort().join() !== [...keys].sort().join())
			this.report("binding", `${bound} are bound, ${keys} declared`);
		for (const match of binding.path.matchAll(/\{([^{}]+)\}/g))
			if (!binding.parameters.some((p) => p.in === "path" && p.name === match[1]))
				this.report("binding", `path part ${match[1]}`);
	}

	tool(tool) {
		this.report.tool = tool.name;
		this.name(tool.name);
		if (!tool.title || !tool.description) this.report("text", "no title or description");
		if ([...tool.description].length > 1024) this.report("text", "description over 1024");
		for (const hint of ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"])
			if (typeof tool.annotations[hint] !== "boolean") this.report("hint", hint);
		if (tool.inputSchema.type !== "object" || tool.inputSchema.additionalProperties !== false)
			this.report("root", "inputSchema is not a closed object");
		this.arguments(tool);
		this.input.add(tool.inputSchema);
		if (!tool.outputSchema) return;
		if (tool.outputSchema.type !== "object") this.report("root", "outputSchema is no object");
		this.output.add(tool.outputSchema);
	}

	/** All findings. */
	finish() {
		this.input.finish();
		this.output.finish();
		return this.findings;
	}
}
