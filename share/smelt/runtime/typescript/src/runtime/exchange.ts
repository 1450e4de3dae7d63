import { once } from "node:events";
import { request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import type { Readable } from "node:stream";
import { createGunzip, createInflate, createInflateRaw } from "node:zlib";

import { routeOf } from "./agent.js";
import { Failure } from "./failure.js";
import { reasonOf } from "./signal.js";
import { type Certificate, explainTls } from "./tls.js";

/* One HTTP request and its answer, read up to a limit. node:http sends the
   target and the headers exactly as they are given; fetch would not. */

export interface Message {
	method: string;
	origin: URL;
	target: string;
	headers: Record<string, string>;
	bytes?: Buffer | undefined;
	/* a connection of its own: a kept one may be stale, and then only what
	   can be sent again may be put on it */
	fresh?: boolean;
	/* the client certificate to show */
	certificate?: Certificate | undefined;
	/* a credential is on it */
	secret?: boolean;
}

export interface Answer {
	status: number;
	contentType: string;
	location: string | undefined;
	retryAfter: string | undefined;
	bytes: Buffer;
	truncated: boolean;
	/* the time limit ended it */
	late: boolean;
	/* of the whole body, where it is known */
	declaredLength: number | undefined;
}

async function firstByte(response: IncomingMessage): Promise<number | undefined> {
	await Promise.race([once(response, "readable"), once(response, "end")]);
	const first = response.read(1) as Buffer | null;

	if (first !== null)
		response.unshift(first);
	return first?.[0];
}

async function decoded(response: IncomingMessage): Promise<Readable> {
	const through = (decoder: NodeJS.ReadWriteStream & Readable): Readable => {
		response.on("error", (error) => decoder.destroy(error));
		return response.pipe(decoder) as Readable;
	};

	const encoding = response.headers["content-encoding"]?.trim().toLowerCase() ?? "";

	if (encoding === "" || encoding === "identity")
		return response;
	const first = await firstByte(response);
	if (first === undefined)
		return response;
	switch (encoding) {
	case "gzip":
	case "x-gzip":
		return through(createGunzip());
	case "deflate":
		/* the first byte tells deflate as it should be from deflate without its head */
		return through((first & 15) === 8 ? createInflate() : createInflateRaw());
	default:
		response.destroy();
		throw new Failure("response", "the upstream answered in an encoding that was not asked for");
	}
}

interface Body {
	bytes: Buffer;
	truncated: boolean;
	late: boolean;
}

/* As much as comes in time: an answer may be a stream without an end. */
async function readUpTo(response: IncomingMessage, limit: number, signal: AbortSignal): Promise<Body> {
	const chunks: Buffer[] = [];
	let length = 0;
	let late = false;

	try {
		for await (const chunk of await decoded(response)) {
			chunks.push(chunk as Buffer);
			length += (chunk as Buffer).length;
			if (length > limit)
				break;
		}
	} catch (error) {
		late = length > 0 && signal.aborted && reasonOf(signal).reason === "timeout";
		if (!late)
			throw error;
	}
	if (length > limit)
		response.destroy();
	return { bytes: Buffer.concat(chunks).subarray(0, limit), truncated: late || length > limit, late };
}

async function connect(message: Message, signal: AbortSignal): Promise<IncomingMessage> {
	const send = message.origin.protocol === "https:" ? requestHttps : requestHttp;
	const headers = message.bytes === undefined
		? message.headers
		: { ...message.headers, "Content-Length": String(message.bytes.length) };
	const { headers: more, ...route } = await routeOf(message);

	return new Promise((resolve, reject) => {
		const request = send(message.origin, {
			method: message.method,
			path: message.target,
			headers: { ...headers, ...more },
			signal,
			...route,
		}, resolve);
		request.on("error", reject);
		request.end(message.bytes);
	});
}

function codeOf(error: unknown): string {
	const { code } = error as { code?: unknown };
	return typeof code === "string" && /^[A-Z0-9_]+$/.test(code) ? code : "failed";
}

export async function exchange(message: Message, limit: number, signal: AbortSignal): Promise<Answer> {
	if (signal.aborted)
		throw reasonOf(signal);
	try {
		const response = await connect(message, signal);
		const { headers } = response;
		const body = await readUpTo(response, limit, signal);
		return {
			status: response.statusCode ?? 0,
			contentType: headers["content-type"] ?? "",
			location: headers.location,
			retryAfter: headers["retry-after"],
			...body,
			declaredLength: headers["content-encoding"] === undefined
				? Number(headers["content-length"]) || undefined : undefined,
		};
	} catch (error) {
		if (signal.aborted)
			throw reasonOf(signal);
		if (error instanceof Failure)
			throw error;
		if (error instanceof Error && /^Bad response: \d+$/.test(error.message))
			throw new Failure("connection", "the proxy did not connect to the upstream");
		const code = codeOf(error);
		const tls = explainTls(code, String((error as Error)?.message));
		throw tls === undefined
			? new Failure("connection", `the connection to the upstream failed (${code})`)
			: new Failure("tls", tls);
	}
}
