#!/bin/sh
# Spans name the tool that was called, not the meta-tool alone.
. tests/lib.sh
need node jq

for target in python typescript; do
	tests/dynamic/generate $target "$tmp/$target"
	run 0 "$target: spans" node tests/dynamic/spans.mjs $target "$tmp/$target"
	is "$target: all four tests were made" "$(grep -c '^ok' "$tmp/out")" 4
done
done_testing
