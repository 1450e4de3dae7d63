#!/bin/sh
# What is deleted comes back, by the stage that makes it.
. tests/mk/mk.sh

project ''
mk 0 'all stages'
sums "$lib" >"$tmp/sums"
# gone NAME STAGE...: delete it; just these stages run, and the bytes are back
gone() {
	rm -rf "${lib:?}/$1"
	_gone=$1
	shift
	mk 0 "make after $_gone was deleted"
	is "$_gone: ${*:-nothing} ran" "$(ran)" "$(printf 'library/%s\n' "$@" |
		grep '/.' | LC_ALL=C sort | tr '\n' ' ' | sed 's/ $//')"
	sums "$lib" >"$tmp/sums.now"
	same "$_gone is back" "$tmp/sums.now" "$tmp/sums"
}
# (a stage that reads the file itself, not a cut of it, sees a newer one)
gone intake.jsonl intake ast
gone gate2.jsonl gate2 score
for stage in ast tooldef codegen gate1 score; do
	gone "$stage.jsonl" "$stage"
done
for stage in $stages; do
	gone "$stage.key" "$stage"
done
for stage in tooldef codegen gate1 gate2 attest; do
	gone "$stage.cut"
	gone "$stage.in" "$stage"
done
gone attest.jsonl attest
gone tools.json tooldef
gone server codegen
rm "$lib/server/smelt.json"
mk 2 'a server directory without its smelt.json is not ours'
like 'that is said' "$(cat "$tmp/err")" 'server.* not made by smelt'
rm -r "$lib/server"
mk 0 'taken away it comes back'
gone gate1.sarif gate1
gone gate2.sarif gate2
gone report.html score
gone dist attest
gone dist/VERIFY.txt attest
gone source.key intake
for ok in gate1.ok gate2.ok score.ok; do
	rm "$lib/$ok"
	mk 0 "make after $ok was deleted"
	is "$ok: no stage ran" "$(ran)" ''
	ok "$ok is back" test -f "$lib/$ok"
done
rm -rf "$lib"
mk 0 'make after all was deleted'
is 'all stages ran' "$(ran)" "$(all library)"
sums "$lib" >"$tmp/sums.now"
same 'all is back' "$tmp/sums.now" "$tmp/sums"

mk 0 'smelt-clean' smelt-clean
is 'nothing is left' "$(find "$p/build" ! -type d)" ''

# Some files are asked for by name.
mk 0 'one file' build/smelt/library/tools.json
is 'the stages up to it ran' "$(ran)" 'library/ast library/intake library/tooldef'
mk 0 'smelt-code' smelt-code
is 'code needs one stage more' "$(ran)" library/codegen
mk 0 'smelt-sarif' smelt-sarif
is 'SARIF: two stages, and the lint' "$(ran)" 'library/gate1 library/gate2 library/lint'
ok 'the lint has its file' jq -e '.runs[0].tool.driver.name == "smelt-intake"' "$lib/intake.sarif"
mk 0 'smelt-sarif again' smelt-sarif
is 'has nothing to do' "$(ran)" ''
mk 0 'smelt-gate' smelt-gate
is 'the verdicts: none' "$(ran)" ''
ok 'the verdicts are there' test -f "$lib/gate1.ok" -a -f "$lib/gate2.ok"
mk 0 'smelt-score' smelt-score
is 'the score: one' "$(ran)" library/score
mk 0 'smelt-sbom' smelt-sbom
is 'the bill of materials: one' "$(ran)" library/attest
mk 0 'smelt-clients' smelt-clients
mk 0 'smelt.library' smelt.library
is 'all is made' "$(ran)" ''

mk 0 'smelt-check' smelt-check
is 'runs no stage' "$(ran)" ''
echo '# mine' >>"$lib/server/server.py"
mk 2 'smelt-check of a changed server' smelt-check
like 'says where' "$(cat "$tmp/err")" 'server/server.py:[0-9]*:1: error: is not what .*\[changed\]$'
is 'and leaves it alone' "$(tail -n 1 "$lib/server/server.py")" '# mine'
done_testing
