#!/bin/sh
# The official conformance suite, on servers of both targets, in both eras.
. tests/lib.sh
need node node22

for target in python typescript; do
	dir=$tmp/$target
	tests/e2e/generate "$target" "$dir" tests/e2e/conformance/fixture.yaml
	run 0 "$target" node tests/e2e/conformance/conformance.mjs "$target" "$dir"
done
done_testing
