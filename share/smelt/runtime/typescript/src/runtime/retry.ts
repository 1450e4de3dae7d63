import type { Binding, Limits } from "./types.js";

/* What may be sent again, and after how long. */

const STATUSES = new Set([429, 502, 503, 504]);

/* What the document and HTTP call idempotent; POST and PATCH only with a key by
   which the upstream knows the same request again. */
export function isRepeatable({ method, idempotent }: Binding, headers: Map<string, string>): boolean {
	if (method !== "POST" && method !== "PATCH")
		return idempotent;
	return [...headers].some(([name, value]) => name.toLowerCase() === "idempotency-key" && value !== "");
}

export function isPassing(status: number): boolean {
	return STATUSES.has(status);
}

/* Retry-After as milliseconds: seconds or an HTTP date. */
export function parseRetryAfter(text: string | undefined, now: number = Date.now()): number | undefined {
	const trimmed = text?.trim() ?? "";

	if (/^\d+$/.test(trimmed))
		return Number(trimmed) * 1000;
	if (!/^[A-Za-z]{3},? /.test(trimmed))
		return undefined;
	const date = Date.parse(trimmed);
	return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/* Exponential, with jitter over its upper half; never less than asked for. */
export function delayBefore(attempt: number, { retryBaseSeconds, retryMaxSeconds }: Limits, asked: number | undefined): number {
	const full = 1000 * Math.min(retryMaxSeconds, retryBaseSeconds * 2 ** (attempt - 1));
	return Math.max(asked ?? 0, full / 2 + Math.random() * full / 2);
}
