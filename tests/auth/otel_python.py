"""otel_python.py OUT SERVER [OPTION...]: a server with an OpenTelemetry SDK that
keeps everything in memory; OUT gets it as JSON when the server ends."""

import json
import runpy
import sys
from pathlib import Path

from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

out, server = sys.argv[1:3]
exporter, reader = InMemorySpanExporter(), InMemoryMetricReader()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(exporter))
trace.set_tracer_provider(provider)
metrics.set_meter_provider(MeterProvider([reader]))


def spans():
    for span in exporter.get_finished_spans():
        yield {
            "name": span.name,
            "kind": span.kind.name,
            "trace": f"{span.context.trace_id:032x}",
            "parent": f"{span.parent.span_id:016x}" if span.parent else None,
            "failed": span.status.status_code.name == "ERROR",
            "attributes": dict(span.attributes),
        }


def durations():
    data = reader.get_metrics_data()
    for resource in data.resource_metrics if data else []:
        for scope in resource.scope_metrics:
            for metric in scope.metrics:
                for point in metric.data.data_points:
                    yield {
                        "name": metric.name,
                        "unit": metric.unit,
                        "count": point.count,
                        "bounds": list(point.explicit_bounds),
                        "attributes": dict(point.attributes),
                    }


sys.argv = sys.argv[2:]
sys.path.insert(0, str(Path(server).parent))
try:
    runpy.run_path(server, run_name="__main__")
finally:
    durations = [point for point in durations() if point["name"].startswith("mcp.server.")]
    Path(out).write_text(json.dumps({"spans": list(spans()), "durations": durations}))
