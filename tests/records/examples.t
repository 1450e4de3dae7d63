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
	_n=$1 _s=$2 _in=$3
	shift 3
	run 0 "$_n: smelt-$_s" "smelt-$_s" -q "$@" -o "$tmp/$_n.$_s" "$_in"
	valid "$_n: the artifact of $_s conforms" "$tmp/$_n.$_s"
}

again() {
	_n=$1 _s=$2
	shift 2
	"smelt-$_s" -q "$@" -o "$tmp/again" "$tmp/$_n.$_s"
	ok "$_n: $_s run on its own output changes nothing" \
		cmp "$tmp/again" "$tmp/$_n.$_s"
}

chain() {
	_name=$1 _source=$2 _target=$3
	run 0 "$_name: smelt-intake" smelt-intake -q -n "$_name" \
		-o "$tmp/$_name.intake" "$_source"
	valid "$_name: the artifact of intake conforms" "$tmp/$_name.intake"
	step "$_name" ast "$tmp/$_name.intake"
	again "$_name" ast
	step "$_name" tooldef "$tmp/$_name.ast"
	again "$_name" tooldef
	step "$_name" codegen "$tmp/$_name.tooldef" -t "$_target"
	again "$_name" codegen -t "$_target"
	step "$_name" gate1 "$tmp/$_name.codegen" --no-fail
	step "$_name" gate2 "$tmp/$_name.gate1" --no-fail
	again "$_name" gate2 --no-fail
	step "$_name" score "$tmp/$_name.gate2"
	again "$_name" score
	is "$_name: no file record is left behind gate1" \
		"$(grep -c '^{"kind":"file"' "$tmp/$_name.score" || :)" 0
	unlike "$_name: no path of this machine" \
		"$(cat "$tmp/$_name.score")" "$(printf '%s' "$top" |
		sed 's/[.[\*^$]/\\&/g')"
}

chain library examples/openapi/library.yaml python
chain library-ts examples/openapi/library.yaml typescript
chain notes examples/flask python
chain garden examples/text/garden.txt python

step library attest "$tmp/library.score" --unsigned --out "$tmp/dist"

done_testing
