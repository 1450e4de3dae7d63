"""The runtime's nouns one by one: what the wire cases do not reach."""

from __future__ import annotations

import asyncio
import datetime
import json
import re
from collections.abc import Callable
from email.utils import format_datetime
from typing import Any

from mock import Mock
from paths import RUNTIME, bindings_of, http_binding

from smelt_runtime import config as configs
from smelt_runtime import request as requests
from smelt_runtime import exact, retry, schema
from smelt_runtime.breaker import Breaker
from smelt_runtime.limit import Bucket, Gate
from smelt_runtime.problem import Refused
from smelt_runtime.result import Result
from smelt_runtime.runtime import Runtime
from smelt_runtime.secret import Secrets, variable
from tap import Test, Wrong, equal, run, true


def refused(work: Callable[[], Any], what: str, kind: type[Exception] = Refused) -> str:
    try:
        work()
    except kind as error:
        return str(error)
    raise Wrong(f"not refused: {what}")


def fits(given: dict[str, Any], value: Any) -> bool:
    try:
        schema.Checker(given).check(value)
    except schema.Mismatch:
        return False
    return True


async def formats() -> None:
    good = {
        "date": ["2024-02-29"],
        "time": ["23:59:60Z", "00:00:00.5+01:00"],
        "date-time": ["2024-02-29T00:00:00Z", "2024-02-29t00:00:00.123-05:30"],
        "uuid": ["6F1C2D3E-0000-4000-8000-0123456789ab"],
        "ipv4": ["127.0.0.1"],
        "ipv6": ["::1", "1:2:3:4:5:6:7:8"],
        "email": ["a@b"],
        "uri": ["https://x/y?z#f", "urn:a:b"],
        "int32": [2147483647, -2147483648, 1.0],
        "int64": [2**63 - 1],
        "no-such-format": ["anything"],
    }
    bad = {
        "date": ["2023-02-29", "2024-2-9", "20240229", "", "٢٠٢٤-02-29"],
        "time": ["24:00:00Z", "12:00:00", "12:00Z"],
        "date-time": ["2024-02-29 00:00:00Z", "2024-02-29T00:00:00", "2024-13-01T00:00:00Z"],
        "uuid": ["{6f1c2d3e-0000-4000-8000-0123456789ab}", "6f1c2d3e0000400080000123456789ab"],
        "ipv4": ["127.0.0.1/8", "1.2.3", "01.2.3.4"],
        "ipv6": [":::", "fe80::1%eth0", "1.2.3.4"],
        "email": ["a", "a b@c"],
        "uri": ["/relative", "https://x/a b", "x"],
        "int32": [2147483648],
        "int64": [2**63, -(2**63) - 1],
    }
    for name, values in good.items():
        for value in values:
            true(fits({"format": name}, value), f"{name} takes {value!r}")
    for name, values in bad.items():
        for value in values:
            true(not fits({"format": name}, value), f"{name} takes {value!r} not")
    true(fits({"format": "date"}, 5), "a format of text says nothing about numbers")


async def patterns() -> None:
    cases = [
        ("^a$", "a", True), ("^a$", "a\n", False), ("^\\d+$", "12", True), ("^\\d+$", "٣", False),
        ("(?<y>\\d{4})-\\k", "x", True), ("^(?<y>\\d{4})$", "2024", True), ("^(?<y>\\d{4})$", "x", False),
        ("^\\p{L}+$", "1", True), ("[", "x", True), ("a\\$$", "a$", True), ("^(a|b$)", "b\n", False),
    ]  # fmt: skip
    for pattern, value, wanted in cases:
        equal(fits({"pattern": pattern}, value), wanted, f"{pattern} with {value!r}")
    closed = {"patternProperties": {"^x-": {"type": "integer"}}, "properties": {"a": True}, "additionalProperties": False}
    true(fits(closed, {"x-1": 1, "a": None}), "patternProperties")
    true(not fits(closed, {"x-1": "1"}), "its schema")
    true(not fits(closed, {"y": 1}), "and nothing else")


async def schemas() -> None:
    true(not fits({"$ref": "https://evil.example/schema.json"}, 1), "no reference is fetched")
    true(not fits({"$ref": "#/$defs/none"}, 1), "a reference to nothing fits nothing")
    true(not fits({"$defs": {"a": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}, 1), "an endless reference")
    true(not fits({"type": "strin"}, "x"), "a schema that is none")
    deep: Any = 1
    for _ in range(100000):
        deep = [deep]
    refused(lambda: schema.check_depth(deep, 64), "depth", schema.TooDeep)
    refused(lambda: schema.check_depth([0] * 200000, 64), "count", schema.TooDeep)
    schema.check_depth({"a": [{"b": 1}]}, 4)
    long = refused(lambda: schema.Checker({"type": "integer"}).check("y" * 10000), "type", schema.Mismatch)
    true(len(long) < 600, "a message has a limit")
    several = {"type": "object", "required": ["a", "b", "c"]}
    text = refused(lambda: schema.Checker(several).check({"b": 1}), "required", schema.Mismatch)
    equal(text, "'a', 'c': required, but missing", "each place is named once")


async def secrets() -> None:
    import tempfile

    equal(variable("my-api", "o'auth 2", "TOKEN"), "MY_API_O_AUTH_2_TOKEN", "variable name")
    with tempfile.NamedTemporaryFile("w") as file:
        file.write("from-file-1\n")
        file.flush()
        kept = Secrets({"A": "direct-1", "B_FILE": file.name, "C_FILE": "/no/such", "D": "", "E": "a\nb", "F": "a b&c"})
        equal(kept.get("A"), "direct-1", "a variable")
        equal(kept.get("B"), "from-file-1", "a file")
        equal((kept.get("D"), kept.get("G")), (None, None), "nothing")
        true("/no/such" not in refused(lambda: kept.get("C"), "C"), "no path in the message")
        refused(lambda: kept.get("E"), "a control character")
        kept.get("F")
    text = kept.mask("x direct-1 from-file-1 a%20b%26c y")
    equal(text, "x *** *** *** y", "masked")


async def retries() -> None:
    true(not retry.allowed("POST", True, {}) and not retry.allowed("PATCH", True, {}), "POST never")
    true(retry.allowed("POST", False, {"Idempotency-Key": "k"}), "but with a key")
    true(retry.allowed("PUT", True, {}) and not retry.allowed("GET", False, {}), "as the binding says")
    equal(retry.parse_retry_after("7"), 7.0, "seconds")
    for text in ("", "-1", "soon", "1.5", "٣"):
        equal(retry.parse_retry_after(text), None, text)
    when = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=30)
    seconds = retry.parse_retry_after(format_datetime(when, usegmt=True))
    true(seconds is not None and 28 <= seconds <= 30, f"a date: {seconds}")
    for attempt, ceiling in ((1, 0.5), (2, 1.0), (3, 2.0), (9, 8.0)):
        for _ in range(50):
            wait = retry.delay(attempt, None, 0.5, 8.0)
            true(ceiling / 2 <= wait <= ceiling, f"attempt {attempt}: {wait}")


async def breakers() -> None:
    now = [0.0]
    breaker = Breaker(2, 10.0, lambda: now[0])
    true(breaker.allow(), "closed")
    breaker.failure()
    breaker.failure()
    true(not breaker.allow(), "open")
    equal(breaker.wait(), 10.0, "wait")
    now[0] = 10.0
    true(breaker.allow(), "one trial")
    true(not breaker.allow(), "and no second beside it")
    breaker.failure()
    true(not breaker.allow(), "open again")
    now[0] = 20.0
    true(breaker.allow(), "another trial")
    breaker.release()
    true(breaker.allow(), "given up: the next may try")
    breaker.success()
    true(breaker.closed and breaker.allow() and breaker.allow(), "closed")


async def limits() -> None:
    now = [0.0]
    bucket = Bucket(2.0, 3, lambda: now[0])
    equal([bucket.reserve(9) for _ in range(5)], [0.0, 0.0, 0.0, 0.5, 1.0], "waits in order")
    refused(lambda: bucket.reserve(1.0), "more than the patience")
    now[0] = 10.0
    equal([bucket.reserve(9) for _ in range(4)], [0.0, 0.0, 0.0, 0.5], "never more than the burst")
    gate = Gate(1000, 1000, 1)
    await gate.enter(1)
    try:
        await gate.enter(0.05)
    except Refused:
        pass
    else:
        raise Wrong("a second call beside the only one allowed")
    gate.leave()
    await gate.enter(0.05)


async def bases() -> None:
    for url, origin, path in (
        ("https://a.example", "https://a.example", ""),
        ("HTTP://a.example:8080/v1/", "http://a.example:8080", "/v1"),
        ("http://[::1]:9/x y", "http://[::1]:9", "/x%20y"),
        ("https://münchen.example/ü", "https://xn--mnchen-3ya.example", "/%C3%BC"),
    ):
        at = requests.base(url)
        equal((at.origin, at.path), (origin, path), url)
    for url in (
        "", "/v1", "ftp://a/", "file:///etc", "https://u:p@a/", "https://a/?q", "https://a/#f", "https:///x",
        "https://a:99999/", "https://a/../b", "https://a/%2e%2e/b", "https://a b/", "https://a\\b/", "https://[::1",
        "{scheme}://a/", "https://{host}/",
    ):  # fmt: skip
        refused(lambda: requests.base(url), url)


async def config_faults() -> None:
    good = {"name": "a", "inputSchema": {"type": "object"}}
    bindings = bindings_of({"a": http_binding("http://x")})

    def bad(tools: Any, bound: Any, what: str) -> None:
        refused(lambda: configs.parse({"tools": tools}, bound, RUNTIME), what, configs.BadConfig)

    configs.parse({"tools": [good]}, bindings, RUNTIME)
    for name in ("A", "a-b", "../x", "a.b", "", "1a", "a\n", None):
        bad([good | {"name": name}], bindings, f"name {name!r}")
    bad([good], bindings | {"bindings": {}}, "no binding")
    bad([good], bindings | {"format": 2}, "format")
    bad([good], bindings | {"limits": {"maxAttempts": 0}}, "limit")
    for environ in ({"SMELT_HTTP_PORT": "x"}, {"SMELT_HTTP_PORT": "70000"}, {"SMELT_LOG": "loud"}):
        refused(lambda: configs.settings(environ), str(environ), configs.BadConfig)
    equal(configs.settings({"SMELT_HTTP_ALLOWED_HOSTS": "a, b c"}).allowed_hosts, ("a", "b", "c"), "words")


async def metrics() -> None:
    from opentelemetry import metrics as api
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader

    reader = InMemoryMetricReader()
    api.set_meter_provider(MeterProvider(metric_readers=[reader]))
    config = configs.parse(
        {"tools": [{"name": "a", "inputSchema": {"type": "object", "required": ["x"]}}]},
        bindings_of({"a": http_binding("http://127.0.0.1:9")}),
        RUNTIME,
    )
    runtime = Runtime(config, configs.settings({"SMELT_LOG": "off"}), {})
    await runtime.call("a", {})
    data = json.loads(reader.get_metrics_data().to_json())
    metric = data["resource_metrics"][0]["scope_metrics"][0]["metrics"][0]
    equal(metric["name"], "mcp.server.operation.duration", "name")
    attributes = metric["data"]["data_points"][0]["attributes"]
    equal(attributes["gen_ai.tool.name"], "a", "tool")
    equal(attributes["error.type"], "tool_error", "error")
    await runtime.close()


async def base_url() -> None:
    from mock import Mock

    async with Mock() as mock:
        config = configs.parse(
            {"tools": [{"name": "a", "inputSchema": {"type": "object"}}]},
            bindings_of({"a": http_binding("https://api.example/v1")}),
            RUNTIME,
        )
        settings = configs.settings({"SMELT_LOG": "off", "SMELT_BASE_URL": mock.url + "/other"})
        runtime = Runtime(config, settings, {})
        true(not (await runtime.call("a", {})).is_error, "answered")
        equal(mock.got[0].target, "/other/x", "target")
        await runtime.close()


async def at_once() -> None:
    """Calls at a time: never more upstream than the limit; all are answered."""
    from mock import Mock

    async with Mock() as mock:
        config = configs.parse(
            {"tools": [{"name": "a", "inputSchema": {"type": "object"}}]},
            bindings_of({"a": http_binding(mock.url)}, limits={"concurrency": 2, "burst": 50}),
            RUNTIME,
        )
        runtime = Runtime(config, configs.settings({"SMELT_LOG": "off"}), {})
        mock.answers[:] = [{"delayMs": 50, "json": {}} for _ in range(8)]
        results = await asyncio.gather(*(runtime.call("a", {}) for _ in range(8)))
        true(not any(result.is_error for result in results), "all of them are answered")
        equal((len(mock.got), mock.most), (8, 2), "requests, and at a time")
        await runtime.close()


async def manual() -> None:
    config = configs.parse(
        {"tools": [{"name": n, "inputSchema": {"type": "object"}} for n in ("a", "b")]},
        bindings_of({"a": {"type": "manual"}, "b": {"type": "manual"}}),
        RUNTIME,
    )

    async def written(arguments: Any, call: Any) -> Result:
        return Result.text("done")

    runtime = Runtime(config, configs.settings({"SMELT_LOG": "off"}), {}, {"b": written})
    first, second = await runtime.call("a", {}), await runtime.call("b", {})
    true(first.is_error and "edit handlers/a.py" in first.content[0]["text"], "unwritten")
    equal(second.content[0]["text"], "done", "written")
    await runtime.close()


async def numbers() -> None:
    """A handler counts with numbers; what it passes on goes out as it came."""
    names = ("id", "price", "double")
    body = {
        "mediaType": "application/json", "required": True, "mode": "properties",
        "properties": [{"argument": name, "name": name} for name in names],
    }  # fmt: skip
    tool = {"name": "put", "inputSchema": {"type": "object"}, "outputSchema": {"type": "object"}}

    async def handler(arguments: Any, call: Any) -> Result:
        result = await call({**arguments, "double": arguments["price"] * 2})
        result.structured["more"] = result.structured["cost"] + 1
        return result

    async with Mock() as mock:
        bindings = bindings_of({"put": http_binding(mock.url, "POST", body=body)})
        config = configs.parse({"tools": [tool]}, bindings, RUNTIME)
        runtime = Runtime(config, configs.settings({"SMELT_LOG": "off"}), {}, {"put": handler})
        mock.answers = [{"text": '{"cost": 2.50}', "headers": {"content-type": "application/json"}}]
        result = await runtime.call("put", exact.parse('{"id": 9007199254740993, "price": 1.10}'))
        await runtime.close()
    equal(mock.got[0].content, b'{"id":9007199254740993,"price":1.10,"double":2.2}', "the body")
    equal(exact.dump(result.structured), '{"cost":2.50,"more":3.5}', "the answer")


async def guarded() -> None:
    line = '{"id": 1e2, "params": {"arguments": {"a": [1.10, "1.10"]}, "_meta": {"b": 1.10}}}'
    marked = exact.guard(line)
    equal(json.loads(marked)["id"], 100.0, "the request's own number")
    equal(json.loads(marked)["params"]["_meta"], {"b": 1.1}, "another member")
    equal(exact.reveal(marked), line, "and back")
    equal(exact.guard('{"params": {"arguments": }}}} 1.10 "'), '{"params": {"arguments": }}}} 1.10 "', "no JSON")
    value = exact.revive(json.loads(marked))["params"]["arguments"]["a"]
    equal((value[0] + 1, value[1]), (2.1, "1.10"), "a number and a text")
    true(exact.Exact("1e400") > 1e308 and exact.Exact("-1e400") < -1e308, "beyond all floats")


async def pins() -> None:
    text = (RUNTIME / "requirements.txt").read_text()
    entries = re.findall(r"^([a-z0-9][a-z0-9._-]*)==(\S+)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)$", text, re.M)
    equal(len(entries), len(re.findall(r"^[a-z]", text, re.M)), "every entry is pinned and hashed")
    true("://" not in text, "no address")
    version = {name: tuple(int(n) for n in v.split(".")[:3]) for name, v, _ in entries if name in ("mcp", "fastmcp")}
    true(version["mcp"] >= (1, 23, 0), f"mcp {version['mcp']}")
    true(version["fastmcp"] >= (3, 2, 0), f"fastmcp {version['fastmcp']}")


TESTS: list[Test] = [
    ("formats", formats),
    ("patterns of ECMAScript", patterns),
    ("schemas that lead nowhere; depth", schemas),
    ("secrets", secrets),
    ("retries", retries),
    ("circuit breaker", breakers),
    ("rate and concurrency limits", limits),
    ("server URLs", bases),
    ("data and settings that are refused", config_faults),
    ("metrics", metrics),
    ("SMELT_BASE_URL", base_url),
    ("calls at a time", at_once),
    ("tools that a person writes", manual),
    ("numbers that handlers see", numbers),
    ("marks of numbers", guarded),
    ("requirements.txt", pins),
]

run(TESTS)
