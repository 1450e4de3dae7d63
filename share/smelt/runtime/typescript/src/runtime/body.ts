import { randomUUID } from "node:crypto";

import { isObject } from "./config.js";
import { Failure } from "./failure.js";
import {
	decodeBase64, encode, encodeName, encodeQuery, essence, expandPairs, isJson, isSequence,
	isTextBody, type Pair, toJson, toText,
} from "./serialize.js";
import { type Read, typeOfName } from "./upload.js";
import type { Arguments, Body, Parameter, Property } from "./types.js";

/* Request bodies: JSON, forms, multipart, text and bytes. */

export interface Payload {
	contentType: string;
	bytes: Buffer;
}

type Given = [property: Property, value: unknown];

function given(body: Body, arguments_: Arguments): Given[] {
	if (body.mode === "argument") {
		const whole = body.argument !== undefined && Object.hasOwn(arguments_, body.argument)
			? arguments_[body.argument] : undefined;
		return isObject(whole)
			? Object.entries(whole).map(([name, value]) => [{ argument: name, name }, value])
			: [];
	}
	return (body.properties ?? [])
		.filter(({ argument }) => Object.hasOwn(arguments_, argument))
		.map((property) => [property, arguments_[property.argument]]);
}

function illFormed(argument: string): Failure {
	return new Failure("arguments", `argument ${argument}: is not well-formed Unicode`);
}

function wellFormed<T>(argument: string, work: () => T): T {
	try {
		return work();
	} catch (error) {
		throw error instanceof URIError ? illFormed(argument) : error;
	}
}

function utf8(argument: string, text: string): Buffer {
	if (!text.isWellFormed())
		throw illFormed(argument);
	return Buffer.from(text, "utf8");
}

/* Text in the character set that its type names; text types without one say
   UTF-8. */
function buildText(argument: string, contentType: string, text: string): Payload {
	const charset = /charset="?([\w.:-]+)/i.exec(contentType)?.[1]?.toLowerCase();

	switch (charset) {
	case undefined:
		return {
			contentType: essence(contentType).startsWith("text/") ? `${contentType}; charset=utf-8` : contentType,
			bytes: utf8(argument, text),
		};
	case "utf-8":
	case "utf8":
		return { contentType, bytes: utf8(argument, text) };
	case "us-ascii":
	case "iso-8859-1":
		if (!(charset === "us-ascii" ? /^[\0-\x7f]*$/ : /^[\0-\xff]*$/).test(text))
			throw new Failure("arguments", `argument ${argument}: not in ${charset}`);
		return { contentType, bytes: Buffer.from(text, "latin1") };
	default:
		throw new Failure("configuration", "this tool's body has a character set that is not supported");
	}
}

function formPairs(property: Property, value: unknown): Pair[] {
	const { contentType, ...styled } = property;

	if (value === null || value === undefined)
		return [];
	if (contentType !== undefined && (isJson(contentType) || isObject(value)))
		return [[encodeName(property.name), encode(toJson(value))]];
	if (property.style !== undefined || property.explode !== undefined)
		return expandPairs(styled, value);
	return (Array.isArray(value) ? value : [value])
		.filter((item) => item !== null && item !== undefined)
		.map((item) => [encodeName(property.name), encode(toText(item))]);
}

function buildForm(pairs: Given[]): string {
	return pairs
		.flatMap(([property, value]) => wellFormed(property.argument, () => formPairs(property, value)))
		.map(([name, value]) => `${name}=${value}`).join("&");
}

/* The escapes of browsers, which also keep a name on its line. */
function quoted(text: string): string {
	return `"${text.replaceAll("\r", "%0D").replaceAll("\n", "%0A").replaceAll('"', "%22")}"`;
}

function safeType(argument: string, mediaType: string): string {
	if (!/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:; ?[\w.+-]+=[\w.+-]+)*$/.test(mediaType))
		throw new Failure("arguments", `argument ${argument}: ${JSON.stringify(mediaType)} is no media type`);
	return mediaType;
}

function declaredType(property: Property): string | undefined {
	const first = property.contentType?.split(",", 1)[0]?.trim();
	return first === undefined || first.includes("*") ? undefined : first;
}

function filePart(property: Property, value: unknown, read: Read): [string, Buffer] {
	const { argument } = property;
	const given = isObject(value) ? value : { data: value };
	const { filename, mediaType } = given;
	const file = "path" in given ? read(argument, given["path"]) : undefined;
	const type = typeof mediaType === "string" && mediaType !== "" ? mediaType
		: declaredType(property) ?? typeOfName(file?.name ?? "") ?? "application/octet-stream";
	const name = typeof filename === "string" && filename !== "" ? filename : file?.name ?? property.name;

	utf8(argument, name);
	return [
		`; filename=${quoted(name)}\r\nContent-Type: ${safeType(argument, type)}`,
		file?.content ?? decodeBase64(argument, given["data"]),
	];
}

function fieldPart(property: Property, value: unknown): [string, Buffer] {
	const type = declaredType(property) ??
		(isObject(value) || Array.isArray(value) ? "application/json" : undefined);
	const text = type !== undefined && isJson(type) ? toJson(value) : toText(value);

	return [
		type === undefined ? "" : `\r\nContent-Type: ${safeType(property.argument, type)}`,
		utf8(property.argument, text),
	];
}

/* Parts without names, each by the encoding of its place. */
function buildPositions(body: Body, values: unknown[], read: Read): Payload {
	const boundary = `smelt-${randomUUID()}`;
	const chunks: Buffer[] = [];

	values.forEach((value, at) => {
		const rule = body.prefixEncoding?.[at] ?? (at < (body.prefixEncoding?.length ?? 0) ? {} : body.itemEncoding ?? {});
		const property: Property = { ...rule, argument: body.argument ?? "body", name: "" };
		const [head, bytes] = property.file ? filePart(property, value, read) : fieldPart(property, value);
		const type = /Content-Type: ([^\r\n]*)$/.exec(head)?.[1] ?? "text/plain; charset=utf-8";
		chunks.push(Buffer.from(`--${boundary}\r\nContent-Type: ${type}\r\n\r\n`), bytes, Buffer.from("\r\n"));
	});
	chunks.push(Buffer.from(`--${boundary}--\r\n`));
	return { contentType: `${essence(body.mediaType)}; boundary=${boundary}`, bytes: Buffer.concat(chunks) };
}

function buildMultipart(mediaType: string, parts: Given[], read: Read): Payload {
	const boundary = `smelt-${randomUUID()}`;
	const chunks: Buffer[] = [];

	for (const [property, value] of parts) {
		for (const item of Array.isArray(value) ? value : [value]) {
			if (item === null || item === undefined)
				continue;
			const [head, bytes] = property.file
				? filePart(property, item, read) : fieldPart(property, item);
			chunks.push(Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ` +
				`name=${quoted(property.name)}${head}\r\n\r\n`), bytes, Buffer.from("\r\n"));
		}
	}
	chunks.push(Buffer.from(`--${boundary}--\r\n`));
	return {
		contentType: `${essence(mediaType)}; boundary=${boundary}`,
		bytes: Buffer.concat(chunks),
	};
}

/* The body as one value: an object of the given properties, or the argument. */
function wholeOf(body: Body, arguments_: Arguments, pairs: Given[]): unknown {
	if (body.mode === "argument")
		return body.argument === undefined ? undefined : arguments_[body.argument];
	return Object.fromEntries(pairs.map(([{ name }, value]) => [name, value]));
}

function isAbsent(body: Body, arguments_: Arguments, pairs: Given[]): boolean {
	if (body.mode === "argument")
		return body.argument === undefined || !Object.hasOwn(arguments_, body.argument);
	return pairs.length === 0 && !body.required;
}

/* A media range names no type that can be sent. */
function sendable(mediaType: string): string {
	switch (essence(mediaType)) {
	case "*/*":
	case "application/*":
		return "application/json";
	case "text/*":
		return "text/plain";
	default:
		return mediaType.includes("*") ? "application/octet-stream" : mediaType;
	}
}

function buildSequence(mediaType: string, values: unknown[]): Buffer {
	const mark = mediaType.endsWith("json-seq") ? "\u001e" : "";
	return Buffer.from(values.map((value) => `${mark}${toJson(value)}\n`).join(""));
}

/* All of a query as its media type has it: a form, JSON, a text that is a
   query. */
export function queryText(parameter: Parameter, value: unknown): string {
	const { argument, encoding = {} } = parameter;
	const type = essence(parameter.contentType ?? "");
	const isForm = type === "application/x-www-form-urlencoded";

	if (isForm && isObject(value)) {
		return buildForm(Object.entries(value).map(([name, item]) =>
			[{ ...(Object.hasOwn(encoding, name) ? encoding[name] : {}), argument, name }, item]));
	}
	if (isJson(type) || typeof value !== "string")
		return encode(toJson(value));
	return isForm || type.startsWith("text/") ? encodeQuery(value) : encode(value);
}

export function buildBody(body: Body, arguments_: Arguments, read: Read): Payload | undefined {
	const pairs = given(body, arguments_);
	const contentType = sendable(body.mediaType);
	const type = essence(contentType);

	if (isAbsent(body, arguments_, pairs))
		return undefined;
	if (type === "application/x-www-form-urlencoded")
		return { contentType, bytes: Buffer.from(buildForm(pairs)) };
	const listed = body.mode === "argument" ? wholeOf(body, arguments_, pairs) : undefined;
	if (type.startsWith("multipart/") && Array.isArray(listed))
		return buildPositions(body, listed, read);
	if (type.startsWith("multipart/"))
		return buildMultipart(type, pairs, read);
	const whole = wholeOf(body, arguments_, pairs);
	if (isJson(type))
		return { contentType, bytes: Buffer.from(toJson(whole)) };
	if (Array.isArray(whole) && isSequence(type))
		return { contentType, bytes: buildSequence(type, whole) };
	if (isTextBody(type))
		return buildText(body.argument ?? "body", contentType, toText(whole));
	return {
		contentType,
		bytes: isObject(whole) && "path" in whole
			? read(body.argument ?? "body", whole["path"]).content : decodeBase64(body.argument ?? "body", whole),
	};
}
