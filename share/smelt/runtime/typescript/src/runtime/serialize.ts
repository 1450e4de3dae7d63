import { isObject } from "./config.js";
import { dump, Exact } from "./exact.js";
import { Failure } from "./failure.js";
import type { Parameter, Property, Style } from "./types.js";

/* Values as text on the wire: the OpenAPI styles, exploded or not, for each
   location. Encoded text holds unreserved characters and %XX alone. */

export type Pair = [name: string, value: string];

const RESERVED_KEPT = /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B|3D)/g;

/* Throws URIError for what is not well-formed Unicode. */
export function encode(text: string): string {
	return encodeURIComponent(text).replace(/[!'()*]/g,
		(c) => "%" + c.charCodeAt(0).toString(16).toUpperCase());
}

/* A name as declared: brackets stay, for upstreams that compare bytes. */
export function encodeName(name: string): string {
	return encode(name).replaceAll("%5B", "[").replaceAll("%5D", "]");
}

function encodeReserved(text: string): string {
	return encode(text).replace(RESERVED_KEPT, decodeURIComponent);
}

/* allowReserved in a path: what one segment may hold stays. */
export function encodeSegment(text: string): string {
	return encode(text).replace(/%(?:21|24|26|27|28|29|2A|2B|2C|3B|3D|3A|40)/g, decodeURIComponent);
}

/* A text that is a query already: only what can not stand in one is encoded. */
export function encodeQuery(text: string): string {
	return text.replace(/%(?![0-9A-Fa-f]{2})|[^\x21-\x7e]|["#<>[\\\]^`{|}]/gu, encode);
}

export function toJson(value: unknown): string {
	return dump(value);
}

/* One value without structure; nested structure is its JSON text. */
export function toText(value: unknown): string {
	switch (typeof value) {
	case "string":
		return value;
	case "boolean":
		return String(value);
	case "number":
		return Number.isInteger(value) && Math.abs(value) < 1e21
			? BigInt(value).toString() : String(value);
	default:
		return value instanceof Exact ? value.plain() : toJson(value);
	}
}

/* The value without members that are null or hold nothing; undefined when that
   leaves nothing. An empty text is something. */
export function present(value: unknown): unknown {
	if (Array.isArray(value)) {
		const items = value.map(present).filter((item) => item !== undefined);
		return items.length === 0 ? undefined : items;
	}
	if (isObject(value)) {
		const entries = Object.entries(value)
			.map(([key, item]): [string, unknown] => [key, present(item)])
			.filter(([, item]) => item !== undefined);
		return entries.length === 0 ? undefined : Object.fromEntries(entries);
	}
	return value ?? undefined;
}

function entriesOf(value: object): Pair[] {
	return Object.entries(value).map(([key, item]) => [key, toText(item)]);
}

/* `simple`, `label` and `matrix`, for paths and headers. */
export function expandSegment(
	parameter: Pick<Parameter, "name" | "style" | "explode">, given: unknown,
	coded: (text: string) => string,
): string {
	const value = present(given);
	const style = parameter.style ?? "simple";
	const explode = parameter.explode ?? false;
	const lead = style === "label" ? "." : style === "matrix" ? ";" : "";
	const between = explode && lead !== "" ? lead : ",";
	const named = style === "matrix" ? `${coded(parameter.name)}=` : "";

	if (Array.isArray(value)) {
		const items = value.map((item) => coded(toText(item)));
		return explode
			? lead + items.map((item) => named + item).join(between)
			: lead + named + items.join(",");
	}
	if (isObject(value)) {
		const entries = entriesOf(value).map(([k, v]) => [coded(k), coded(v)]);
		return explode
			? lead + entries.map((pair) => pair.join("=")).join(between)
			: lead + named + entries.flat().join(",");
	}
	return lead + named + coded(toText(value));
}

/* deepObject: name[key][key]=value; an array repeats its name. */
function expandDeep(name: string, value: unknown, pairs: Pair[]): void {
	if (Array.isArray(value)) {
		for (const item of value)
			expandDeep(name, item, pairs);
	} else if (isObject(value)) {
		for (const [key, item] of Object.entries(value))
			expandDeep(`${name}[${key}]`, item, pairs);
	} else {
		pairs.push([name, toText(value)]);
	}
}

/* In cookies of the style `cookie` values stand as they are. */
function plain(text: string): string {
	return text;
}

function separator(style: Style): string {
	return style === "spaceDelimited" ? "%20" : style === "pipeDelimited" ? "%7C" : ",";
}

/* `form`, `spaceDelimited`, `pipeDelimited` and `deepObject`: encoded pairs
   for a query, a cookie or a form body. */
export function expandPairs(
	parameter: Pick<Parameter & Property, "name" | "style" | "explode" | "allowReserved" | "contentType">,
	given: unknown,
): Pair[] {
	const { name } = parameter;
	const style = parameter.style ?? "form";
	const explode = parameter.explode ?? (style === "form" || style === "cookie");
	const coded = style === "cookie" ? plain : parameter.allowReserved ? encodeReserved : encode;
	const code = ([k, v]: Pair): Pair => [encodeName(k), coded(v)];

	if (given === null || given === undefined)
		return [];
	if (parameter.contentType !== undefined)
		return [code([name, toContent(parameter.contentType, given)])];
	const value = present(given);
	if (value === undefined)
		return [];
	if (style === "deepObject") {
		const pairs: Pair[] = [];
		expandDeep(name, value, pairs);
		return pairs.map(code);
	}
	const many = Array.isArray(value) ? value.map((item): Pair => [name, toText(item)])
		: isObject(value) ? entriesOf(value) : undefined;
	if (many === undefined)
		return [code([name, toText(value)])];
	if (explode)
		return many.map(code);
	const texts = Array.isArray(value) ? many.map(([, text]) => text) : many.flat();
	return [[encodeName(name), texts.map(coded).join(separator(style))]];
}

/* A parameter that is declared through `content`. */
export function toContent(mediaType: string, value: unknown): string {
	return typeof value === "string" && !isJson(mediaType) ? value : toJson(value);
}

export function essence(mediaType: string): string {
	return (mediaType.split(";", 1)[0] ?? "").trim().toLowerCase();
}

export function isJson(mediaType: string): boolean {
	const type = essence(mediaType);
	return type === "application/json" || type === "text/json" || type.endsWith("+json");
}

/* JSON values one after the other. */
export function isSequence(mediaType: string): boolean {
	return /^application\/(?:jsonl|ndjson|x-ndjson|json-seq)$|\+json-seq$/.test(essence(mediaType));
}

/* Request bodies that are text as they are; others are given in base64. */
export function isTextBody(mediaType: string): boolean {
	return /^text\/|^application\/(?:xml|graphql|x-ndjson)$|(?:\+xml|yaml)$/.test(essence(mediaType));
}

/* Answers that are text. */
export function isText(mediaType: string): boolean {
	return isJson(mediaType) || isTextBody(mediaType) ||
		/^application\/(?:javascript|ecmascript|json-seq|jsonl|sql|toml|x-www-form-urlencoded)$/.test(essence(mediaType));
}

/* Base64 text as bytes; blanks and line ends between are allowed. */
export function decodeBase64(argument: string, text: unknown): Buffer {
	const plain = typeof text === "string" ? text.replace(/[ \t\r\n]+/g, "") : "?";

	if (plain.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(plain))
		throw new Failure("arguments", `argument ${argument}: must be base64 text`);
	return Buffer.from(plain, "base64");
}
