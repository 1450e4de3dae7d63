#!/bin/sh
# Every artifact of every stage, for each example, against our JSON Schemas;
# and the promises of smelt-records(5) that a schema can not say.
. tests/lib.sh

valid() {
	run 0 "$1" node tests/records/validate.mjs "$2"
	[ ! -s "$tmp/out" ] || note "$(head -n 5 "$tmp/out")"
}

# step NAME STAGE INPUT [OPTION...]: runs it twice, validates
step() {
	n=$1 s=$2 in=$3
	shift 3
	run 0 "$n: smelt-$s" "smelt-$s" -q "$@" -o "$tmp/$n.$s" "$in"
	valid "$n: the artifact of $s conforms" "$tmp/$n.$s"
}

again() {
	n=$1 s=$2
	shift 2
	"smelt-$s" -q "$@" -o "$tmp/again" "$tmp/$n.$s"
	ok "$n: $s run on its own output changes nothing" \
		cmp "$tmp/again" "$tmp/$n.$s"
}

chain() {
	c=$1 src=$2 target=$3
	run 0 "$c: smelt-intake" smelt-intake -q -n "$c" \
		-o "$tmp/$c.intake" "$src"
	valid "$c: the artifact of intake conforms" "$tmp/$c.intake"
	step "$c" ast "$tmp/$c.intake"
	again "$c" ast
	step "$c" tooldef "$tmp/$c.ast"
	again "$c" tooldef
	step "$c" codegen "$tmp/$c.tooldef" -t "$target"
	again "$c" codegen -t "$target"
	step "$c" gate1 "$tmp/$c.codegen" --no-fail
	step "$c" gate2 "$tmp/$c.gate1" --no-fail
	again "$c" gate2 --no-fail
	step "$c" score "$tmp/$c.gate2"
	again "$c" score
	is "$c: no file record is left behind gate1" \
		"$(grep -c '^{"kind":"file"' "$tmp/$c.score" || :)" 0
	unlike "$c: no path of this machine" \
		"$(cat "$tmp/$c.score")" "$(printf '%s' "$top" |
		sed 's/[.[\*^$]/\\&/g')"
}

chain library examples/openapi/library.yaml python
chain library-ts examples/openapi/library.yaml typescript
chain notes examples/flask python
chain garden examples/text/garden.txt python

step library attest "$tmp/library.score" --unsigned --out "$tmp/dist"

done_testing
