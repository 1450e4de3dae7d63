import { log } from "./log.js";
import type { Context, Result } from "./types.js";

/* A span and a duration per call by the OpenTelemetry conventions for MCP,
   where @opentelemetry/api is installed; otherwise nothing. The few members
   that are used are declared here, so the package is no dependency. */

interface Histogram {
	record(value: number, attributes: object): void;
}

interface Span {
	setAttribute(key: string, value: string): void;
	setStatus(status: { code: number }): void;
	end(): void;
}

interface Api {
	context: { active(): unknown; with<T>(context: unknown, work: () => T): T };
	metrics: { getMeter(name: string): { createHistogram(name: string, options: object): Histogram } };
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
const VERSION = "io.modelcontextprotocol/protocolVersion";
let loading: Promise<Telemetry | undefined> | undefined;

interface Telemetry {
	api: Api;
	durations: Histogram;
}

async function load(): Promise<Telemetry | undefined> {
	try {
		const api = await import(PACKAGE) as Api;
		return {
			api,
			durations: api.metrics.getMeter("smelt").createHistogram("mcp.server.operation.duration", {
				unit: "s", description: "Duration of a tool call", advice: { explicitBucketBoundaries: BOUNDARIES },
			}),
		};
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
		"network.transport": context.http === undefined ? "pipe" : "tcp",
	};
}

/* What a span says beside the labels of the durations. */
function spanOnly({ mcpReq: { id, _meta } }: Context) {
	const version = _meta?.[VERSION];
	return {
		"jsonrpc.request.id": String(id),
		...(typeof version === "string" ? { "mcp.protocol.version": version } : {}),
	};
}

/* via: the meta-tool that the client called. */
export async function observe(tool: string, context: Context, work: () => Promise<Result>, via?: string): Promise<Result> {
	const telemetry = await (loading ??= load());

	if (telemetry === undefined)
		return work();
	const { api, durations } = telemetry;
	const labels = attributesOf(tool, context, via);
	const attributes = { ...labels, ...spanOnly(context) };
	const parent = api.propagation.extract(api.context.active(), context.mcpReq._meta ?? {});
	const span = api.trace.getTracer("smelt").startSpan(`tools/call ${tool}`, { kind: SERVER, attributes }, parent);
	const start = performance.now();
	const result = await api.context.with(api.trace.setSpan(parent, span), work);
	const error = result.isError ? { "error.type": "tool_error" } : {};

	if (result.isError) {
		span.setAttribute("error.type", "tool_error");
		span.setStatus({ code: ERROR });
	}
	span.end();
	durations.record((performance.now() - start) / 1000, { ...labels, ...error });
	return result;
}
