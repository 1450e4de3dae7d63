#!/bin/sh
# Servers of several documents: addresses and credentials stay apart, on the wire.
. tests/lib.sh
need node

for target in python typescript; do
	smelt-intake -q --name shop tests/e2e/several/orders.yaml \
		tests/e2e/several/stock/openapi.yaml | smelt-ast -q |
		smelt-tooldef -q >"$tmp/tools.jsonl"
	smelt-codegen -q -t "$target" --dir "$tmp/$target" -o "$tmp/$target.jsonl" \
		"$tmp/tools.jsonl"
done
ln -s "$NODE_PATH" "$tmp/typescript/node_modules"
(cd "$tmp/typescript" && node node_modules/typescript/bin/tsc -p .)
node tests/e2e/several.mjs "$tmp/python" "$tmp/typescript"
