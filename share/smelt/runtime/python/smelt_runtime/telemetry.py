"""OpenTelemetry, when its API is there; without a configured SDK the API's own
objects do nothing. The span of a call is the protocol library's own, to which is
added what the conventions want and it does not say; the durations are ours.

Source: OpenTelemetry semantic conventions for MCP."""

from __future__ import annotations

from contextvars import ContextVar

try:
    from opentelemetry import metrics, trace
except ImportError:
    metrics = trace = None  # type: ignore[assignment]

BOUNDS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300]
TRANSPORTS = {"stdio": "pipe", "streamable-http": "tcp"}
_origin: ContextVar[tuple[str | None, str | None]] = ContextVar("origin", default=(None, None))


def arrived(request_id: str | None, transport: str | None) -> None:
    """Whence the call came, for the rest of this task."""
    _origin.set((request_id, TRANSPORTS.get(transport or "")))


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
        if self._duration is None or trace is None:
            return
        request_id, transport = _origin.get()
        attributes = {
            "mcp.method.name": "tools/call",
            "gen_ai.tool.name": tool,
            "gen_ai.operation.name": "execute_tool",
            "network.transport": transport,
            "smelt.via": via,
            "error.type": "tool_error" if failed else None,
        }
        said = {name: value for name, value in attributes.items() if value is not None}
        self._duration.record(seconds, said)
        span = trace.get_current_span()
        if span.is_recording():
            if via is not None:
                span.update_name(f"tools/call {tool}")
            span.set_attributes(said | ({} if request_id is None else {"jsonrpc.request.id": request_id}))
            if failed:
                span.set_status(trace.StatusCode.ERROR)
