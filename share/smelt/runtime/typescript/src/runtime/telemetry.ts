import { log } from "./log.js";
import type { Context, Result } from "./types.js";

/* A span and a duration per call by the OpenTelemetry conventions for MCP,
   where @opentelemetry/api is installed; otherwise nothing. The few members
   that are used are declared here, so the package is no dependency. */

interface Span {
	setAttribute(key: string, value: string): void;
	setStatus(status: { code: number }): void;
	end(): void;
}

interface Api {
	context: { active(): unknown; with<T>(context: unknown, work: () => T): T };
	metrics: { getMeter(name: string): { createHistogram(name: string, options: object): { record(value: number, attributes: object): void } } };
	propagation: { extract(context: unknown, carrier: unknown): unknown };
	trace: {
		getTracer(name: string): { startSpan(name: string, options: object, context: unknown): Span };
		setSpan(context: unknown, span: Span): unknown;
	};
}

const PACKAGE: string = "@opentelemetry/api";
const SERVER = 1;
const ERROR = 2;
const BOUNDARIES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];
let loading: Promise<Api | undefined> | undefined;

async function load(): Promise<Api | undefined> {
	try {
		return await import(PACKAGE) as Api;
	} catch {
		log("debug", "telemetry", { message: `${PACKAGE} is not installed` });
		return undefined;
	}
}

function attributesOf(tool: string, context: Context, via: string | undefined) {
	return {
		...(via === undefined ? {} : { "smelt.via": via }),
		"mcp.method.name": "tools/call",
		"gen_ai.tool.name": tool,
		"gen_ai.operation.name": "execute_tool",
		"jsonrpc.request.id": String(context.mcpReq.id),
		"network.transport": context.http === undefined ? "pipe" : "tcp",
	};
}

/* via: the meta-tool that the client called. */
export async function observe(tool: string, context: Context, work: () => Promise<Result>, via?: string): Promise<Result> {
	const api = await (loading ??= load());

	if (api === undefined)
		return work();
	const attributes = attributesOf(tool, context, via);
	const parent = api.propagation.extract(api.context.active(), context.mcpReq._meta ?? {});
	const span = api.trace.getTracer("smelt").startSpan(`tools/call ${tool}`, { kind: SERVER, attributes }, parent);
	const histogram = api.metrics.getMeter("smelt").createHistogram("mcp.server.operation.duration",
		{ unit: "s", advice: { explicitBucketBoundaries: BOUNDARIES } });
	const start = performance.now();
	const result = await api.context.with(api.trace.setSpan(parent, span), work);
	const error = result.isError ? { "error.type": "tool_error" } : {};

	if (result.isError) {
		span.setAttribute("error.type", "tool_error");
		span.setStatus({ code: ERROR });
	}
	span.end();
	const { "jsonrpc.request.id": _, ...labels } = attributes;
	histogram.record((performance.now() - start) / 1000, { ...labels, ...error });
	return result;
}
