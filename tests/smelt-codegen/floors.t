#!/bin/sh
# The packages that generated servers want are not below the safe floors.
. tests/lib.sh
smelt-intake -q examples/openapi/library.yaml | smelt-ast -q | smelt-tooldef -q >"$tmp/tools.jsonl"

# low TARGET SED-SCRIPT PACKAGE: with another version it is
low() {
	smelt-codegen -q -t "$1" "$tmp/tools.jsonl" >"$tmp/$1.jsonl"
	run 0 "$1: nothing is too old" smelt-gate1 -o "$tmp/judged" "$tmp/$1.jsonl"
	is "$1: no finding" "$(jq -r 'select(.kind == "finding" and .scanner == "dependency").rule' "$tmp/judged")" ''
	like "$1: packages were looked at" "$(cat "$tmp/err")" '[1-9][0-9]* packages held against the floors'
	mutate "$tmp/$1.jsonl" "$tmp/low.jsonl" "$2"
	run 1 "$1: an older $3" smelt-gate1 -o "$tmp/judged" "$tmp/low.jsonl"
	is "$1: is found" "$(jq -r 'select(.kind == "finding" and .scanner == "dependency") | "\(.rule) \(.subject.purl)"' "$tmp/judged")" \
		"dependency-sdk-floor $3"
}
low python '/"path":"requirements.txt"/s/\\nfastmcp==[0-9.]*/\\nfastmcp==3.1.0/' pkg:pypi/fastmcp@3.1.0
low typescript '/"path":"package-lock.json"/s/\(node_modules\/@modelcontextprotocol\/server\\": {[^}]*version\\": \\"\)[0-9.]*/\12.1.0/' \
	'pkg:npm/%40modelcontextprotocol/server@2.1.0'
done_testing
