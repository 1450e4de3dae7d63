#!/bin/sh
# Own rules on the code of the emitted server: silent on what codegen makes, loud
# on what somebody adds between the stages.
. tests/smelt-gate2/gate2.sh

ts=$tmp/ts.jsonl
chain examples/openapi/library.yaml "$ts" -t typescript
for base in "$library" "$notes" "$ts"; do
	gate "$base"
	is "${base##*/}: nothing to say" \
		"$(jq -r 'select(.kind=="finding" and .stage=="gate2").rule' "$tmp/judged.jsonl")" ''
	like "${base##*/}: it says what it scanned" \
		"$(jq -r 'select(.kind=="verdict" and .stage=="gate2").scanned[] |
		select(.scanner=="emitted").text' "$tmp/judged.jsonl")" \
		'definitions, bindings, digests; [0-9]+ files of code, [0-9]+ rules$'
done

# adds RULE BASE FILE LINE: with this line at its end the rule fires on the file
adds() {
	LINE=$4 edit "$2" "if .kind == \"emit\" and .path == \"$3\" then
		.text += \"\\n\" + env.LINE + \"\\n\" else . end"
	gate "$tmp/edited.jsonl"
	is "$1: $4" "$(found "$1" | sort -u)" "${5-error $3}"
}
py=handlers/get_book.py
adds emitted-py-eval "$library" $py 'eval("1")'
adds emitted-py-eval "$library" smelt_runtime/runtime.py 'exec(text)'
adds emitted-py-eval "$library" $py 'from pickle import loads as l; l(data)'
adds emitted-py-process "$library" $py 'import os; os.system("id")'
adds emitted-py-process "$library" $py 'from subprocess import run as r; r(["id"])'
adds emitted-py-process "$library" server.py 'import asyncio; asyncio.create_subprocess_shell(x)'
adds emitted-py-process "$library" tests/sample.py 'import subprocess'
adds emitted-py-process "$library" tests/harness.py 'subprocess.run(["id"])' ''
adds emitted-py-import "$library" $py '__import__(name)'
adds emitted-py-import "$library" $py 'import importlib; importlib.import_module(name)'
adds emitted-py-import "$library" handlers/__init__.py 'importlib.import_module(name)' ''
adds emitted-py-network "$library" $py 'import socket'
adds emitted-py-network "$library" $py 'import urllib.request; urllib.request.urlopen(url)'
adds emitted-py-network "$library" smelt_runtime/client.py 'httpx2.AsyncClient()' ''
adds emitted-py-environment "$library" $py 'import os; os.environ["LIBRARY_KEY"]'
adds emitted-py-environment "$library" $py 'import os; os.getenv("LIBRARY_KEY")'
adds emitted-py-environment "$library" smelt_runtime/secret.py 'os.environ["X"]' ''
adds emitted-py-tls "$library" smelt_runtime/client.py 'httpx2.AsyncClient(verify=False)'
adds emitted-py-eval "$library" $py '# eval("1") in a comment' ''
adds emitted-py-eval "$library" $py 're.compile("x")' ''
adds emitted-py-eval "$library" README.md 'eval("1")' ''

t=src/handlers/get_book.ts
adds emitted-ts-eval "$ts" $t 'eval("1");'
adds emitted-ts-eval "$ts" $t 'new Function("return 1")();'
adds emitted-ts-process "$ts" $t 'import { exec } from "node:child_process";'
adds emitted-ts-process "$ts" $t 'const c = await import("child_process");'
adds emitted-ts-import "$ts" $t 'await import(name);'
adds emitted-ts-import "$ts" $t 'require(name);'
adds emitted-ts-import "$ts" $t 'await import("./other.js");' ''
adds emitted-ts-process "$ts" tests/sample.mjs 'import { exec } from "node:child_process";'
adds emitted-ts-process "$ts" tests/harness.mjs 'spawn("id");' ''
adds emitted-ts-network "$ts" $t 'await fetch(url);'
adds emitted-ts-network "$ts" $t 'import net from "node:net";'
adds emitted-ts-network "$ts" $t 'const kind = "http";' ''
adds emitted-ts-environment "$ts" $t 'process.env["LIBRARY_KEY"];'
adds emitted-ts-tls "$ts" src/runtime/exchange.ts 'const o = { rejectUnauthorized: false };'

# What was copied from the source is gate1's.
edit "$notes" 'if .kind == "emit" and .role == "source" then .text += "\neval(x)\n" else . end'
gate "$tmp/edited.jsonl"
is 'files of the source are not judged here' "$(found emitted-py-eval)" ''

# Not scanned is said.
edit "$library" "if .kind == \"emit\" and .path == \"$py\" then .path = \"handlers/get_book.rb\" else . end"
gate "$tmp/edited.jsonl"
like 'code of another language is told' "$(jq -r 'select(.kind=="verdict" and
	.stage=="gate2").scanned[].text' "$tmp/judged.jsonl")" '; 1 files of code not scanned'
edit "$library" "if .kind == \"emit\" and .path == \"$py\" then .text += \"\\ndef (:\\n\" else . end"
gate "$tmp/edited.jsonl"
like 'code that does not parse is told' "$(jq -r 'select(.kind=="verdict" and
	.stage=="gate2").scanned[].text' "$tmp/judged.jsonl")" '; 1 files do not parse cleanly'
done_testing
