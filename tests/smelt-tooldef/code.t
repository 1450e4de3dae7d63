#!/bin/sh
# Python sources: routes by HTTP, functions in process.
. tests/lib.sh
. tests/smelt-tooldef/defs.sh
need jq

ok 'the flask example' define examples/flask -q
sound 'flask'
is 'its routes, by HTTP on this machine' "$(t '[.binding.type, .binding.server] | join(" ")' | sort -u)" \
	'"http http://127.0.0.1:5000"'
is 'not its functions' "$(skips | grep -c 'the source has routes')" "$(
	jq -r 'select(.kind == "callable" and .type == "function" and .visibility == "public").id' "$tmp/ast" | wc -l)"

mkdir "$tmp/lib"
cat >"$tmp/lib/words.py" <<'EOF2'
import os
import subprocess


def count(text: str, limit: int = 10) -> int:
    """Count the words of a text."""
    return len(text.split()[:limit])


def untyped(thing):
    """Do something to a thing."""
    return thing


def silent(text: str) -> str:
    return text


def run(command: str) -> list[str]:
    """Run a command and give its lines."""
    return subprocess.run(command, capture_output=True).stdout.split()


def _inner(text: str) -> str:
    """Not for others."""
    return text


class Counter:
    def add(self, n: int) -> int:
        """Add a number."""
        return n
EOF2
ok 'a module' define "$tmp/lib" -q
sound 'a module'
is 'functions with words and types' "$(t '[.name, .binding.type, .binding.module, .binding.qualname, .binding.wrap]')" \
	'["count","python","words","count","result"]
["run","python","words","run","result"]'
is 'what they do decides what is said of them' "$(t '[.annotations.readOnlyHint, .annotations.destructiveHint, .permissions.effects]')" \
	'[true,false,[]]
[false,true,["proc"]]'
is 'their arguments' "$(t 'select(.name == "count") | [.inputSchema.properties.limit, .inputSchema.required, .binding.arguments]')" \
	'[{"type":"integer","default":10},["text"],[{"argument":"text","name":"text","kind":"keyword"},{"argument":"limit","name":"limit","kind":"keyword"}]]'
is 'the others with a reason' "$(skips | sort)" \
	'["add","unsupported","method: nothing says how its object is made"]
["inner","internal","'"'_inner'"' begins with an underscore"]
["silent","unsupported","no docstring says what it does"]
["untyped","unsupported","parameter '"'thing'"' has no type that JSON can express"]'
done_testing
