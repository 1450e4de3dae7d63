#!/bin/sh
# A stage runs only when bytes that it reads are others.
. tests/mk/mk.sh

# keep: what each stage made, to be held against what the next make makes.
keep() {
	rm -rf "$tmp/before"
	mkdir "$tmp/before"
	cp "$lib"/*.jsonl "$lib"/*.in "$tmp/before"
}
# input STAGE: the file that it is given.
input() {
	case $1 in
	ast) echo intake.jsonl ;;
	score) echo gate2.jsonl ;;
	*) echo "$1.in" ;;
	esac
}
# honest NAME FIRST: the stages that ran are FIRST and those whose input changed.
honest() {
	_want=
	for _s in $stages; do
		[ "$_s" = "$2" ] || { [ "$_s" != intake ] &&
			! cmp -s "$lib/$(input "$_s")" "$tmp/before/$(input "$_s")"; } ||
			continue
		_want="$_want
library/$_s"
	done
	is "$1" "$(ran)" "$(echo "$_want" | sed 1d | LC_ALL=C sort | tr '\n' ' ' |
		sed 's/ $//')"
}
tools() {
	grep '"kind":"tool"' "$1/tooldef.jsonl"
}

project 'SMELT_CONFIG = smelt.yaml' 'SMELT_POLICY = policy.yaml'
cp share/smelt/policy.yaml "$p"
echo 'exclude: [nothingOfThisName]' >"$p/smelt.yaml"
mk 0 'all stages, from nothing'
is 'each ran once' "$(ran)" "$(all library)"
mk 0 'make again'
is 'nothing ran' "$(cat "$tmp/out" "$tmp/err")" ''
later
touch "$p/library.yaml"
mk 0 'make after touching the source'
is 'content counts, not time' "$(ran)" ''

keep
cp "$p/library.yaml" "$tmp/old"
mutate "$tmp/old" "$p/library.yaml" '1s/$/ # a comment/'
mk 0 'make after a comment was written'
is 'only stages that read the text or its digest ran' "$(ran)" \
	'library/ast library/attest library/gate1 library/intake'
honest 'as only their input changed' intake
is 'the tools are the same' "$(tools "$lib")" "$(tools "$tmp/before")"
run 1 'the new text is attested' cmp "$lib/attest.jsonl" "$tmp/before/attest.jsonl"

keep
mutate "$tmp/old" "$p/library.yaml" 's/^      summary: Search the catalogue/&, all of it/'
mk 0 'make after a description changed'
honest 'intake and the stages whose input changed ran' intake
like 'the new words are in tools.json' "$(cat "$lib/tools.json")" 'catalogue, all of it'
mk 0 'make again'
is 'nothing ran' "$(cat "$tmp/out" "$tmp/err")" ''

# Files that a stage reads beside its input.
keep
later
echo '# a comment' >>"$p/smelt.yaml"
mk 0 'make after a comment in smelt.yaml'
honest 'tooldef and the stages whose input changed ran' tooldef
keep
later
touch "$p/policy.yaml"
mk 0 'make after touching the policy'
is 'the gates ran, and no more' "$(ran)" 'library/gate1 library/gate2'
is 'as nothing changed' "$(cmp "$lib/gate2.jsonl" "$tmp/before/gate2.jsonl")" ''
mk 0 'make again'
is 'nothing ran' "$(cat "$tmp/out" "$tmp/err")" ''
done_testing
