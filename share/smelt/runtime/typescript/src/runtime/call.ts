import { randomBytes } from "node:crypto";

import { checkArguments } from "./arguments.js";
import { authorize } from "./auth.js";
import { Breaker } from "./breaker.js";
import { addCall } from "./calls.js";
import { type Config, isObject } from "./config.js";
import { type Answer, exchange, type Message } from "./exchange.js";
import { restore } from "./exact.js";
import { failed, Failure, type Reason } from "./failure.js";
import { Gate, TokenBucket } from "./limit.js";
import { log } from "./log.js";
import { buildRequest, type Request, targetOf } from "./request.js";
import { toResult } from "./response.js";
import { delayBefore, isPassing, isRepeatable, parseRetryAfter } from "./retry.js";
import { orAborted, pause } from "./signal.js";
import { observe } from "./telemetry.js";
import { uploadsUpTo } from "./upload.js";
import type { Arguments, Bound, Context, Handle, Result, Tool } from "./types.js";

/* One tool call from arguments to result. The limits and the breakers belong
   to the process: every connection shares one Caller. */

interface Trace {
	status?: number;
	attempts: number;
	sent: number;
	received: number;
	/* a word of Failure's, or defect */
	error?: Reason | "defect";
}

/* One invocation: until when, and what will be logged. */
interface Invocation {
	tool: Tool;
	signal: AbortSignal;
	deadline: number;
	trace: Trace;
	given: Arguments;
}

/* What the word for a failure is in the log. */
function outcomeOf(error: Trace["error"]): "error" | "refused" | "cancelled" | "fault" {
	switch (error) {
	case "arguments":
	case "circuit-open":
	case "configuration":
	case "credentials":
	case "handler":
	case "rate-limit":
		return "refused";
	case "cancelled":
		return "cancelled";
	case "defect":
		return "fault";
	default:
		return "error";
	}
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const HOPS = 3;
/* milliseconds in which a call can still say what came */
const MARGIN = 50;

function messageOf(request: Request, bound: Bound): Message {
	const accept = bound.binding.response?.mediaType ?? "";
	const cookie = request.cookies.map(([name, value]) => `${name}=${value}`).join("; ");
	const kind = request.payload?.contentType;

	return {
		method: request.method,
		origin: request.origin,
		target: targetOf(request),
		headers: {
			"Accept": /^[\w.+-]+\/[\w.+-]+$/.test(accept) ? `${accept}, */*;q=0.8` : "*/*",
			"Accept-Encoding": "gzip, deflate",
			"User-Agent": "smelt",
			...Object.fromEntries(request.headers),
			...(cookie === "" ? {} : { "Cookie": cookie }),
			...(kind === undefined ? {} : { "Content-Type": kind }),
		},
		bytes: request.payload?.bytes,
		fresh: !isRepeatable(bound.binding, request.headers),
		certificate: request.certificate,
		secret: request.secret,
	};
}

function copyOf(request: Request): Request {
	return {
		...request,
		query: [...request.query],
		headers: new Map(request.headers),
		cookies: [...request.cookies],
	};
}

export class Caller {
	readonly #config: Config;
	readonly #bucket: TokenBucket;
	readonly #gate: Gate;
	readonly #breakers = new Map<string, Breaker>();

	constructor(config: Config) {
		this.#config = config;
		this.#bucket = new TokenBucket(config.limits.ratePerSecond, config.limits.burst);
		this.#gate = new Gate(config.limits.concurrency);
	}

	/* Never throws: whatever goes wrong is a result with isError. `via` is the
	   meta-tool that the client called. */
	async run(tool: Tool, handle: () => Promise<Handle>, given: unknown, context: Context, via?: string): Promise<Result> {
		const trace: Trace = { attempts: 0, sent: 0, received: 0 };
		const request = randomBytes(8).toString("hex");
		const start = performance.now();
		const result = await observe(tool.name, context, () => this.#guarded(tool, handle, given, context, trace, request), via);

		const call = {
			tool: tool.name,
			via,
			request,
			outcome: result.isError ? outcomeOf(trace.error) : "ok" as const,
			status: trace.status,
			ms: Math.round((performance.now() - start) * 10) / 10,
			attempts: trace.attempts,
			sent: trace.sent,
			received: trace.received,
		};
		log("info", "call", { ...call, error: trace.error });
		addCall({ kind: "call", time: new Date().toISOString(), server: this.#config.server.name, ...call });
		return result;
	}

	async #guarded(tool: Tool, handle: () => Promise<Handle>, given: unknown, context: Context, trace: Trace, request: string): Promise<Result> {
		const { maxDepth, totalSeconds } = this.#config.limits;
		const total = totalSeconds * 1000;

		try {
			const arguments_ = checkArguments(tool, given, maxDepth);
			const signal = AbortSignal.any([context.mcpReq.signal, AbortSignal.timeout(total)]);
			return await this.#limited(handle, arguments_,
				{ tool, signal, trace, given: arguments_, deadline: performance.now() + total });
		} catch (error) {
			if (error instanceof Failure) {
				trace.error = error.reason;
				return failed(error.message);
			}
			trace.error = "defect";
			log("error", "fault", { request, tool: tool.name, message: String((error as Error)?.stack ?? error) });
			return failed(`internal error, reference ${request}`);
		}
	}

	async #limited(handle: () => Promise<Handle>, arguments_: Arguments, invocation: Invocation): Promise<Result> {
		const { signal } = invocation;

		await this.#bucket.enter(this.#config.limits.totalSeconds, signal);
		const leave = await this.#gate.enter(signal);
		try {
			const call = (changed: Arguments): Promise<Result> => this.#send(changed, invocation);
			const result: unknown = await orAborted((await handle())(arguments_, call), signal);
			if (!isObject(result) || !Array.isArray(result["content"]))
				throw new Error("the handler gave no result");
			return result as Result;
		} finally {
			leave();
		}
	}

	async #send(arguments_: Arguments, invocation: Invocation): Promise<Result> {
		const { tool, trace, given } = invocation;
		const bound = this.#config.bindings.get(tool.name);
		if (bound === undefined)
			throw new Failure("handler", `this tool has no implementation yet: edit src/handlers/${tool.name}.ts`);
		const request = buildRequest(bound.binding, restore(arguments_, given), uploadsUpTo(this.#config.limits.maxUploadBytes));
		const answer = await this.#persist(bound, request, invocation);

		const result = toResult(tool, bound.binding, answer, this.#config.limits);
		if (result.isError)
			trace.error = answer.status >= 200 && answer.status <= 299 ? "response" : "http";
		return result;
	}

	/* Sends until there is an answer worth having or no more time. */
	async #persist(bound: Bound, request: Request, invocation: Invocation): Promise<Answer> {
		const { signal, deadline } = invocation;
		const { limits } = this.#config;
		const repeatable = isRepeatable(bound.binding, request.headers);
		let renewed = false;

		for (let attempt = 1; ; attempt++) {
			const last = !repeatable || attempt >= limits.maxAttempts;
			const outcome = await this.#attempt(bound, request, invocation).catch((error: unknown) => {
				if (!last && error instanceof Failure && error.reason === "connection")
					return error;
				throw error;
			});
			if (!(outcome instanceof Failure)) {
				const { answer, grant } = outcome;
				if (answer.status === 401 && grant.renew() && !renewed) {
					renewed = true;
					attempt--;
					continue;
				}
				if (last || !isPassing(answer.status))
					return answer;
			}
			const asked = outcome instanceof Failure ? undefined : parseRetryAfter(outcome.answer.retryAfter);
			const wait = delayBefore(attempt, limits, asked);
			if (performance.now() + wait >= deadline || this.#breakerFor(request.origin.origin).open) {
				if (outcome instanceof Failure)
					throw outcome;
				return outcome.answer;
			}
			await pause(wait, signal);
		}
	}

	async #attempt(bound: Bound, request: Request, invocation: Invocation) {
		const { signal, trace } = invocation;
		const signed = copyOf(request);
		const grant = await authorize(this.#config, bound, signed, signal);
		let message = messageOf(signed, bound);

		for (let hop = 0; ; hop++) {
			const answer = await this.#exchange(message, invocation, hop);
			trace.status = answer.status;
			trace.received += answer.bytes.length;
			if (!REDIRECTS.has(answer.status) || answer.location === undefined)
				return { answer, grant };
			if (hop === HOPS)
				throw new Failure("redirect", `the upstream redirects more than ${HOPS} times`, answer.status);
			message = { ...message, target: redirectedTo(message, answer) };
		}
	}

	async #exchange(message: Message, { signal, deadline, trace }: Invocation, hop: number): Promise<Answer> {
		const { timeoutSeconds, maxResponseBytes } = this.#config.limits;
		const breaker = this.#breakerFor(message.origin.origin);
		const within = Math.max(0, Math.round(Math.min(timeoutSeconds * 1000, deadline - performance.now() - MARGIN)));
		let success: boolean | undefined;

		if (within <= MARGIN)
			throw new Failure("timeout", "there was no time left to ask the upstream");
		breaker.enter();
		if (hop === 0) {
			trace.attempts++;
			trace.sent += message.bytes?.length ?? 0;
		}
		try {
			const answer = await exchange(message, maxResponseBytes,
				AbortSignal.any([signal, AbortSignal.timeout(within)]));
			success = answer.status < 500;
			return answer;
		} catch (error) {
			success = error instanceof Failure && error.reason !== "cancelled" ? false : undefined;
			throw error;
		} finally {
			breaker.settle(success);
		}
	}

	#breakerFor(origin: string): Breaker {
		const { breakerFailures, breakerSeconds } = this.#config.limits;
		let breaker = this.#breakers.get(origin);

		if (breaker === undefined) {
			breaker = new Breaker(breakerFailures, breakerSeconds);
			this.#breakers.set(origin, breaker);
		}
		return breaker;
	}
}

/* Only a reader is led on, and never to another origin: the credentials on
   the request are for this one. */
function redirectedTo(message: Message, { status, location }: Answer): string {
	const here = message.origin.origin + message.target;
	const url = URL.canParse(location ?? "", here) ? new URL(location ?? "", here) : undefined;

	if (message.method !== "GET" && message.method !== "HEAD")
		throw new Failure("redirect", `HTTP ${status}: a redirect is not followed for ${message.method}`, status);
	if (url?.origin !== message.origin.origin)
		throw new Failure("redirect", `HTTP ${status}: a redirect to another origin is not followed`, status);
	return url.pathname + url.search;
}
