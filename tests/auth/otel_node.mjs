/* node --import otel_node.mjs SERVER: with an OpenTelemetry SDK that keeps everything
   in memory; the file OTEL_OUT gets it as JSON when the server ends. */
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.env.PACKAGES, "x.js"));
const api = require("@opentelemetry/api");
const { W3CTraceContextPropagator } = require("@opentelemetry/core");
const { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } = require("@opentelemetry/sdk-trace-base");
const { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } = require("@opentelemetry/sdk-metrics");

const spans = new InMemorySpanExporter();
const points = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const reader = new PeriodicExportingMetricReader({ exporter: points, exportIntervalMillis: 3600_000 });
api.trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }));
api.metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
api.propagation.setGlobalPropagator(new W3CTraceContextPropagator());

function told() {
	const metrics = points.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
	return {
		spans: spans.getFinishedSpans().map((span) => ({
			name: span.name, kind: api.SpanKind[span.kind], trace: span.spanContext().traceId,
			parent: span.parentSpanContext?.spanId ?? null, failed: span.status.code === 2, attributes: span.attributes,
		})),
		durations: metrics.flatMap(({ descriptor, dataPoints }) => dataPoints.map(({ attributes, value }) => ({
			name: descriptor.name, unit: descriptor.unit, count: value.count, bounds: value.buckets.boundaries, attributes,
		}))),
	};
}

process.stdin.once("end", async () => {
	await reader.forceFlush();
	writeFileSync(process.env.OTEL_OUT, JSON.stringify(told()));
	await reader.shutdown();
});
