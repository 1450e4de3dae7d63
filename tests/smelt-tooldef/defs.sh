# shellcheck shell=sh disable=SC2154 # tmp is of tests/lib.sh
# defs.sh: what the tests of smelt-tooldef share; sourced behind tests/lib.sh.

# define FILE [OPTION...]: the artifact of a source in $tmp/tools
define() {
	smelt-intake -q "$1" >"$tmp/intake"
	smelt-ast -q "$tmp/intake" >"$tmp/ast" 2>"$tmp/ast.err"
	shift
	smelt-tooldef "$@" "$tmp/ast" >"$tmp/tools" 2>"$tmp/tools.err"
}
# operation METHOD PATH YAML...: a document with one operation, from stdin
document() {
	cat >"$tmp/$1" <<'EOF2'
openapi: 3.1.0
info: {title: T, version: "1"}
servers: [{url: 'https://api.example/v1'}]
EOF2
	cat >>"$tmp/$1"
}
# t FILTER: what jq says of the tool records, compact
t() {
	jq -c "select(.kind == \"tool\") | $1" "$tmp/tools"
}
# skips: name, reason, text of each skip
skips() {
	jq -c 'select(.kind == "skip") | [.name, .reason, .text]' "$tmp/tools"
}
# sound NAME: records by their schema, tools as strict clients want them
sound() {
	ok "$1: records by their schemas" node tests/records/validate.mjs "$tmp/tools"
	ok "$1: schemas compile, names and keys are in the profile" \
		node tests/smelt-tooldef/check.mjs "$tmp/tools"
}
