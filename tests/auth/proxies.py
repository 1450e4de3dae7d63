"""proxies.py RUNTIME < proxies.json: what the Python runtime makes of each row."""

import json
import sys

sys.path.insert(0, sys.argv[1])

from smelt_runtime.problem import Refused  # noqa: E402
from smelt_runtime.proxy import choose  # noqa: E402


def chosen(environ, origin):
    try:
        return {"proxy": choose(origin, environ)}
    except Refused as problem:
        return {"refused": problem.text}


print(json.dumps([chosen(environ, origin) for _, environ, origin, _ in json.load(sys.stdin)]))
