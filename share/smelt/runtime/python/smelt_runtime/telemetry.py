"""OpenTelemetry metrics, when its API is there; without a configured SDK the
API's own objects do nothing. Spans are the protocol library's own.

Source: OpenTelemetry semantic conventions for MCP."""

from __future__ import annotations

try:
    from opentelemetry import metrics, trace
except ImportError:
    metrics = trace = None  # type: ignore[assignment]

BOUNDS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300]


class Telemetry:
    def __init__(self) -> None:
        self._duration = None
        if metrics is not None:
            self._duration = metrics.get_meter("smelt").create_histogram(
                "mcp.server.operation.duration",
                unit="s",
                description="Duration of a tool call",
                explicit_bucket_boundaries_advisory=BOUNDS,
            )

    def call(self, tool: str, seconds: float, failed: bool, via: str | None = None) -> None:
        """via: the meta-tool after which the protocol library named its span."""
        if self._duration is None:
            return
        if via is not None and trace is not None:
            span = trace.get_current_span()
            span.update_name(f"tools/call {tool}")
            span.set_attributes({"gen_ai.tool.name": tool, "smelt.via": via})
        attributes = {"mcp.method.name": "tools/call", "gen_ai.tool.name": tool}
        if failed:
            attributes["error.type"] = "tool_error"
        self._duration.record(seconds, attributes)
