"""Starts the server: stdio, or streamable HTTP on /mcp with --http."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit("server.py: Python 3.11 or newer is wanted")

os.environ.setdefault("FASTMCP_ENV_FILE", os.devnull)
os.environ.setdefault("FASTMCP_LOG_LEVEL", "WARNING")
os.environ.setdefault("FASTMCP_ENABLE_RICH_LOGGING", "false")

import handlers
from smelt_runtime import config as configs
from smelt_runtime import service
from smelt_runtime.dynamic import Dynamic
from smelt_runtime.problem import Refused
from smelt_runtime.runtime import Runtime

ROOT = Path(__file__).resolve().parent


def main() -> int:
    parser = argparse.ArgumentParser(description="MCP server, on stdio unless --http is given")
    parser.add_argument("--http", action="store_true", help="serve streamable HTTP on /mcp")
    options = parser.parse_args()
    try:
        config = configs.place(configs.load(ROOT), os.environ)
        settings = configs.process_settings()
        guarding = service.guards(os.environ, settings) if options.http else []
    except (configs.BadConfig, Refused) as error:
        print(f"server.py: {error}", file=sys.stderr)
        return 2
    names = [tool.name for tool in config.tools]
    with contextlib.redirect_stdout(sys.stderr):
        loaded = handlers.load(names) if config.search is None else handlers.Lazy(names)
    runtime = Runtime(config, settings, os.environ, loaded)
    try:
        runtime.check()
    except Refused as error:
        print(f"server.py: {error}", file=sys.stderr)
        return 2
    caller = None if config.search is None else Dynamic(config, settings, runtime)
    server = service.create(config, runtime, caller)
    try:
        if options.http:
            service.run_http(server, settings, guarding)
        else:
            service.run_stdio(server)
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
