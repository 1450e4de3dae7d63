import { mask } from "./mask.js";
import type { Result } from "./types.js";

/* A call that went wrong in a way we understand. The message is ours and goes
   to the model; `reason` is the word for the log. Anything else that is thrown
   is a defect, and its message stays in the log. */

export type Reason =
	| "arguments" | "authorization" | "cancelled" | "circuit-open"
	| "configuration" | "connection" | "credentials" | "handler" | "http" | "rate-limit"
	| "redirect" | "response" | "timeout" | "tls";

export class Failure extends Error {
	readonly reason: Reason;
	readonly status: number | undefined;

	constructor(reason: Reason, message: string, status?: number) {
		super(message);
		this.name = "Failure";
		this.reason = reason;
		this.status = status;
	}
}

const SHOWN = 2000;

/* Control characters (but tab and newlines), bidirectional overrides and the
   invisible tag characters: they can hide or rewrite what a person sees. */
const UNSAFE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/gu;

/* The same characters inside JSON strings, where an escape keeps the value. */
export function cleanJson(text: string): string {
	return text.replace(UNSAFE, (character) => [...Array(character.length).keys()]
		.map((at) => "\\u" + character.charCodeAt(at).toString(16).padStart(4, "0")).join(""));
}

export function clean(text: string): string {
	return mask(text.toWellFormed()).replace(UNSAFE, "\ufffd");
}

export function cap(text: string, length: number = SHOWN): string {
	if (text.length <= length)
		return text;
	return text.slice(0, length).toWellFormed() +
		` [truncated: ${text.length - length} more characters]`;
}

export function failed(message: string): Result {
	return {
		content: [{ type: "text", text: cap(clean(message)) }],
		isError: true,
	};
}
