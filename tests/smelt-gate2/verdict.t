#!/bin/sh
# What smelt-gate2 writes and how it ends.
. tests/smelt-gate2/gate2.sh

chain examples/openapi/library.yaml "$tmp/ts.jsonl" -t typescript
for base in library notes ts; do
	run 0 "$base: green" smelt-gate2 -o "$tmp/$base.out" --sarif "$tmp/$base.sarif" \
		"$tmp/$base.jsonl"
	ok "$base: the records have their form" valid "$tmp/$base.out"
	is "$base: it passes" "$(jq -r 'select(.kind=="verdict" and .stage=="gate2").result' \
		"$tmp/$base.out")" pass
	is "$base: each tool has a verdict" \
		"$(jq -r 'select(.kind=="verdict" and .stage=="gate2").tools[].name' "$tmp/$base.out")" \
		"$(jq -r 'select(.kind=="tool").name' "$tmp/$base.jsonl")"
	run 0 "$base: --verdict" smelt-gate2 --verdict "$tmp/$base.out"
	run 0 "$base: by pipe" sh -c "smelt-gate2 -q <'$tmp/$base.jsonl' >'$tmp/piped'"
	same "$base: the same bytes" "$tmp/piped" "$tmp/$base.out"
	run 0 "$base: over its own output" smelt-gate2 -q -o "$tmp/again" "$tmp/$base.out"
	same "$base: changes nothing" "$tmp/again" "$tmp/$base.out"
	is "$base: no language model judged" \
		"$(jq -r 'select(.kind=="verdict" and .stage=="gate2").judge' "$tmp/$base.out")" static
done

# Pass, Warn and Fail, tool by tool.
edit "$notes" 'if .kind == "tool" then
	if .name == "convert_note" then .description = "Make a note pretty." | .title = "x"
	elif .name == "share_note" then .description = "Send a note by HTTP." else . end else . end'
run 1 'red' smelt-gate2 -o "$tmp/red.out" --sarif "$tmp/red.sarif" "$tmp/edited.jsonl"
ok 'the records have their form' valid "$tmp/red.out"
results() {
	jq -r 'select(.kind=="verdict" and .stage=="gate2").tools[] | "\(.name) \(.result)"' "$1"
}
is 'the tool that lies fails' "$(results "$tmp/red.out" | grep -v pass)" 'convert_note fail
share_note fail'
like 'and says why' "$(jq -r 'select(.kind=="verdict" and .stage=="gate2").tools[] |
	select(.name=="convert_note").reasons[]' "$tmp/red.out")" 'does proc, which'
like 'one line says so with a place' "$(cat "$tmp/err")" \
	'^notes\.py:[0-9]+:[0-9]+: error: .*\[drift-undeclared-danger\]$'
run 1 '--verdict says no, too' smelt-gate2 --verdict "$tmp/red.out"
run 0 '--no-fail' smelt-gate2 -q --no-fail -o /dev/null "$tmp/edited.jsonl"
run 1 '--verdict -v' smelt-gate2 --verdict -v "$tmp/red.out"
like 'reads in the sandbox' "$(cat "$tmp/err")" 'sandbox: '
run 2 'no artifact to judge' smelt-gate2 --verdict "$tmp/nowhere"
like 'is named' "$(cat "$tmp/err")" 'nowhere: cannot open: '
run 0 '--verdict --no-fail' smelt-gate2 --verdict --no-fail "$tmp/red.out"
run 2 '--verdict of an artifact without one' smelt-gate2 --verdict "$library"

# The code of one file is compared with its definition: a warning alone warns.
edit "$library" 'if .kind == "tool" and .name == "list_books" then
	.annotations.openWorldHint = false else . end'
gate "$tmp/edited.jsonl"
is 'counts are those of the findings' \
	"$(jq -c 'select(.kind=="verdict" and .stage=="gate2").counts' "$tmp/judged.jsonl")" \
	"$(jq -s -c '[.[] | select(.kind=="finding" and .stage=="gate2" and .suppressed == null).level] |
		{error: map(select(.=="error"))|length, warning: map(select(.=="warning"))|length,
		note: map(select(.=="note"))|length, suppressed: 0}' "$tmp/judged.jsonl")"

# Policy and waivers.
printf 'block: {level: error}\nrules: {drift-undeclared-danger: {level: note, severity: 1.0},
  emitted-definition: {level: note, severity: 1.0}}\n' >"$tmp/policy.yaml"
edit "$notes" 'if .kind == "tool" and .name == "convert_note" then
	.description = "Make a note pretty." | .title = "x" else . end'
run 0 'a policy that thinks otherwise' smelt-gate2 -q --policy "$tmp/policy.yaml" \
	-o "$tmp/judged.jsonl" "$tmp/edited.jsonl"
printf 'waivers:\n  - {rule: drift-undeclared-danger, justification: known, owner: me, expires: 2027-01-31}
  - {rule: emitted-definition, justification: known, owner: me, expires: 2027-01-31}\n' \
	>"$tmp/waivers.yaml"
run 0 'a waiver' smelt-gate2 -q --waivers "$tmp/waivers.yaml" --today 2027-01-31 \
	-o "$tmp/judged.jsonl" "$tmp/edited.jsonl"
is 'the finding is there, suppressed' \
	"$(jq -r 'select(.kind=="finding" and .rule=="drift-undeclared-danger").suppressed.owner' \
	"$tmp/judged.jsonl")" me
ok 'in form' valid "$tmp/judged.jsonl"
run 1 'a day later' smelt-gate2 -q --waivers "$tmp/waivers.yaml" --today 2027-02-01 \
	-o "$tmp/judged.jsonl" "$tmp/edited.jsonl"
is 'the waiver itself is told' "$(found waiver-expired | wc -l)" 2

# SARIF, as GitHub takes it.
for base in library red; do
	multitool "$base" "$tmp/$base.sarif"
done
is 'each finding is a result' "$(jq '.runs[0].results | length' "$tmp/red.sarif")" \
	"$(jq -s '[.[] | select(.kind=="finding" and .stage=="gate2")] | length' "$tmp/red.out")"

# A language model is for later, and no secret reason to pass.
for url in http://127.0.0.1:9/v1 ''; do
	run 2 "SMELT_LLM_URL=$url is refused" env SMELT_LLM_URL="$url" smelt-gate2 "$library"
	like 'it says why' "$(cat "$tmp/err")" \
		'^smelt-gate2: error: SMELT_LLM_URL is set, but this version judges by static analysis'
	is 'nothing is written' "$(cat "$tmp/out")" ''
done
done_testing
