#!/bin/sh
# An option makes exactly its own stage stale, also when it is taken away.
. tests/mk/mk.sh

project ''
mk 0 'all stages'
for stage in $stages; do
	flag=FLAGS_$(echo "$stage" | tr '[:lower:]' '[:upper:]')
	mk 0 "SMELT_$flag" "SMELT_$flag=-j2"
	is "SMELT_$flag: $stage runs, and no more" "$(ran)" "library/$stage"
	mk 0 "SMELT_$flag taken away"
	is "SMELT_$flag taken away: $stage runs again" "$(ran)" "library/$stage"
	mk 0 "SMELT_$flag for another server" "SMELT_$flag.other=-j2"
	is "SMELT_$flag for another server: nothing" "$(ran)" ''
done

# first NAME STAGE VAR=VALUE: the earliest stage that runs is this one
first() {
	mk 0 "$1: before"
	mk 0 "$1" "$3"
	for s in $stages; do
		case " $(ran) " in *" library/$s "*) break ;; esac
		s=none
	done
	is "$1: $2 is the first to run" "$s" "$2"
}
first 'at most so many tokens' tooldef SMELT_TOKENS=2000
ok 'they are met' [ "$(jq -s 'map(.tokens // 0) | add' "$lib/tooldef.jsonl")" -le 2000 ]
first 'at most so many tools' tooldef SMELT_TOOLS=9
mk 0 'of one server before all' SMELT_TOOLS=9 SMELT_TOOLS.library=2
is 'there are two' "$(jq '.tools | length' "$lib/tools.json")" 2
mk 0 'no limit again'
is 'there are all' "$(jq '.tools | length' "$lib/tools.json")" 9
mk 2 'a limit that can not be met' SMELT_TOKENS=10
like 'has its number' "$(cat "$tmp/err")" 'no tool fits into 10 tokens'
first 'another target' codegen SMELT_TARGET=typescript
mk 0 'back'
mk 0 'the target of this server' SMELT_TARGET.library=typescript
ok 'it is typescript' test -f "$lib/server/package.json"
mk 0 'back'
first 'another mode' codegen SMELT_MODE=dynamic
like 'and later stages' "$(ran)" 'library/codegen .*library/gate2'
is 'the server lists its meta-tools' "$(jq -r '.tools[].name' "$lib/server/tools.json" | xargs)" \
	'search_tools describe_tool call_read_only_tool call_tool'
mk 0 'the mode of this server' SMELT_MODE=dynamic SMELT_MODE.library=static
is 'is static: there are all' "$(jq '.tools | length' "$lib/server/tools.json")" 9
mk 0 'which is the default'
is 'nothing but codegen for it' "$(ran)" library/codegen
first 'another grade' score SMELT_MIN_GRADE=F
first 'no signature' attest SMELT_UNSIGNED=1
is 'nothing is signed' "$(find "$lib/dist" -name '*.sigstore.json')" ''
mk 0 'signed again'
is 'signed again: attest' "$(ran)" library/attest
smelt-attest -q --gen-key "$tmp/key2"
first 'another key' attest SMELT_KEY="$tmp/key2"
mk 0 'back'
mk 0 'make SMELT_V=1 shows commands' SMELT_V=1
is 'but runs nothing for it' "$(cat "$tmp/out")" ''
mk 0 'SMELT_V=1 with something to do' SMELT_V=1 SMELT_MIN_GRADE=F
like 'it shows the command' "$(cat "$tmp/out")" 'smelt-score .*--min-grade F'

# Values that a comment follows keep their blanks; properties of one server go
# before those of all.
project 'SMELT_TARGET = typescript   # for all' \
	'SMELT_TARGET.library = python   # but this one' \
	'SMELT_MIN_GRADE = F	# tab'
mk 0 'blanks behind values' smelt-code
ok 'one server goes before all' test -f "$lib/server/server.py"
project 'SMELT_OUT = elsewhere   # blank'
mk 0 'another place' smelt-code
ok 'SMELT_OUT is where it is' test -f "$p/elsewhere/library/server/smelt.json"
absent 'nothing in the usual place' "$p/build"
done_testing
