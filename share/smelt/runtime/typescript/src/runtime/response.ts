import { advice } from "./advice.js";
import { findFault } from "./arguments.js";
import { isObject } from "./config.js";
import { parse } from "./exact.js";
import type { Answer } from "./exchange.js";
import { cap, clean, cleanJson, failed } from "./failure.js";
import { parseRetryAfter } from "./retry.js";
import { essence, isJson, isText } from "./serialize.js";
import type { Binding, Limits, Result, Tool } from "./types.js";

/* The upstream's answer as a tool result. */

type Content = Result["content"][number];

const REPEATED = 32768;

/* As web browsers read them; the decoder of some Node versions does not. */
const WESTERN = new Set(["us-ascii", "iso-8859-1", "latin1", "windows-1252"]);
const C1 = [..."€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ"];
const CHARSETS = new Set([
	"utf-16", "utf-16le", "utf-16be",
	"iso-8859-2", "iso-8859-15", "windows-1251", "koi8-r", "shift_jis", "euc-jp", "euc-kr",
	"big5", "gbk", "gb2312", "gb18030",
]);

function text(value: string): Result {
	return { content: [{ type: "text", text: value }] };
}

function failedWith(message: string, data: string): Result {
	return { ...text(`${message}\n${data}`), isError: true };
}

function decode({ bytes, contentType, truncated }: Answer): string {
	const charset = /charset="?([\w.:-]+)"?/i.exec(contentType)?.[1] ?? "utf-8";
	if (WESTERN.has(charset.toLowerCase()))
		return bytes.toString("latin1").replace(/[\x80-\x9f]/g, (c) => C1[c.charCodeAt(0) - 0x80] ?? c);
	const decoder = new TextDecoder(CHARSETS.has(charset.toLowerCase()) ? charset : "utf-8");

	/* as a stream: half a character at the cut is left out */
	return decoder.decode(bytes, { stream: truncated });
}

function isUtf8(bytes: Buffer): boolean {
	try {
		new TextDecoder("utf-8", { fatal: true }).decode(bytes);
		return true;
	} catch {
		return false;
	}
}

function typeOf(answer: Answer, binding: Binding): string {
	const declared = essence(answer.contentType);

	if (declared.includes("/"))
		return declared;
	return isUtf8(answer.bytes)
		? essence(binding.response?.mediaType ?? "text/plain") : "application/octet-stream";
}

function noteOf(answer: Answer): string {
	if (answer.late)
		return `[truncated: the time limit ended the answer after ${answer.bytes.length} bytes]`;
	const whole = answer.declaredLength === undefined ? "" : ` of ${answer.declaredLength}`;
	return `[truncated: only the first ${answer.bytes.length} bytes${whole} were read; ask for less]`;
}

function isDeep(value: unknown, limit: number): boolean {
	const stack: [unknown, number][] = [[value, 1]];

	for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
		const [node, depth] = next;
		if (typeof node !== "object" || node === null)
			continue;
		if (depth > limit)
			return true;
		for (const child of Object.values(node))
			stack.push([child, depth + 1]);
	}
	return false;
}

function structured(tool: Tool, binding: Binding, body: string, box: { result: unknown }, limits: Limits): Result {
	const content = binding.response?.wrap === undefined ? box.result : box;
	const shown = cleanJson(body);

	if (isDeep(box.result, limits.maxDepth))
		return failedWith(`the answer is nested deeper than ${limits.maxDepth}, too deep for structuredContent:`, shown);
	const fault = findFault(tool.outputSchema ?? {}, content);
	if (fault !== undefined || !isObject(content))
		return failedWith(`the answer breaks the tool's outputSchema (${fault ?? "not an object"}):`, shown);
	const length = Buffer.byteLength(body);
	const said = length <= REPEATED
		? shown : `the answer, ${length} bytes of JSON, is in structuredContent`;
	return { ...text(said), structuredContent: content };
}

function empty(tool: Tool, binding: Binding, status: number): Result {
	const said = `HTTP ${status}: no content`;
	const content = binding.response?.wrap === undefined ? {} : { result: null };

	if (tool.outputSchema === undefined)
		return text(said);
	if (findFault(tool.outputSchema, content) === undefined)
		return { ...text(said), structuredContent: content };
	return failedWith(said, "The request succeeded, but the tool's outputSchema wants an answer.");
}

function fromText(tool: Tool, binding: Binding, answer: Answer, type: string, limits: Limits): Result {
	const body = decode(answer);
	const wanted = isJson(type) || tool.outputSchema !== undefined;
	const box = wanted && !answer.truncated ? parse(body) : undefined;

	if (tool.outputSchema !== undefined) {
		if (answer.truncated)
			return failedWith("the answer is too large for structuredContent:", `${clean(body)}\n${noteOf(answer)}`);
		if (box === undefined)
			return failedWith("the answer is not the JSON that the tool's outputSchema wants:", clean(body));
		return structured(tool, binding, body, box, limits);
	}
	if (answer.truncated)
		return text(`${clean(body)}\n${noteOf(answer)}`);
	return text(box === undefined ? clean(body) : cleanJson(body));
}

function fromBytes(tool: Tool, answer: Answer, type: string): Result {
	if (answer.truncated)
		return failed(`the answer (${type}) is too large. ${noteOf(answer)}`);
	const data = answer.bytes.toString("base64");
	const content: Content = type.startsWith("image/")
		? { type: "image", data, mimeType: type }
		: type.startsWith("audio/")
			? { type: "audio", data, mimeType: type }
			: { type: "resource", resource: { uri: `smelt://${tool.name}/response`, mimeType: type, blob: data } };

	return tool.outputSchema === undefined ? { content: [content] } : { content: [content], isError: true };
}

function fromError(answer: Answer, type: string): Result {
	const body = answer.bytes.length === 0 ? "no content"
		: isText(type) ? cap(clean(decode(answer))) : `${answer.bytes.length} bytes of ${type}`;

	const words = advice(answer.status, parseRetryAfter(answer.retryAfter));
	return { ...text(`HTTP ${answer.status}: ${body}${words === undefined ? "" : `\n[${words}]`}`), isError: true };
}

export function toResult(tool: Tool, binding: Binding, answer: Answer, limits: Limits): Result {
	const type = typeOf(answer, binding);

	if (answer.status < 200 || answer.status > 299)
		return fromError(answer, type);
	if (answer.bytes.length === 0)
		return empty(tool, binding, answer.status);
	return isText(type)
		? fromText(tool, binding, answer, type, limits) : fromBytes(tool, answer, type);
}
