#!/bin/sh
# Every naughty string, in four places of a document, comes out of both servers as
# it went in.
. tests/lib.sh
need node

node tests/e2e/naughty/document.mjs >"$tmp/naughty.json"
for target in python typescript; do
	dir=$tmp/$target
	tests/e2e/generate "$target" "$dir" "$tmp/naughty.json"
	[ "$target" = python ] || (cd "$dir" && npm run --silent build)
	run 0 "$target" node tests/e2e/naughty/check.mjs "$target" "$dir"
done
done_testing
