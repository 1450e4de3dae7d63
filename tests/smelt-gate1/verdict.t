#!/bin/sh
# Exit statuses, policy, waivers, --verdict, and what the artifact looks like.
. tests/lib.sh
need python3 jq

mkdir "$tmp/src"
cat >"$tmp/src/app.py" <<'EOF'
import hashlib


def run(text):
    hashlib.md5(text)
    return eval(text)
EOF
python3 tests/rules/artifact.py --tool '{"kind":"tool","name":"get_book","title":"Get a book","description":"Gets a book.","inputSchema":{"type":"object"},"annotations":{},"loc":{"file":"app.py","line":4,"col":1,"endLine":4,"endCol":4}}' \
	"$tmp/src" >"$tmp/in"
gate() {
	smelt-gate1 --today 2026-06-01 "$@"
}

run 1 'an error blocks' gate -o "$tmp/a" "$tmp/in"
cp "$tmp/err" "$tmp/said"
like 'the diagnostic is a compiler'"'"'s' "$(cat "$tmp/err")" \
	'^app\.py:6:12: error: .*text.* is run as code \[py-eval\]$'
like 'a warning does not' "$(grep py-weak-hash "$tmp/a")" '"level":"warning"'
unlike 'and is not printed' "$(cat "$tmp/err")" 'md5'
run 0 '--no-fail' gate --no-fail -o "$tmp/b" "$tmp/in"
same 'and changes nothing' "$tmp/b" "$tmp/a"
run 1 'from stdin to stdout' sh -c 'smelt-gate1 <"$1"' sh "$tmp/in"
same 'the same bytes' "$tmp/out" "$tmp/a"
run 1 'over its own output' gate -o "$tmp/b" "$tmp/a"
same 'changes nothing' "$tmp/b" "$tmp/a"
run 2 'but has no SARIF for it' gate --sarif "$tmp/c.sarif" -o "$tmp/b" "$tmp/a"
is 'file records are gone' "$(jq -r .kind "$tmp/a" | grep -c '^file$')" 0
is 'kinds in order' "$(jq -r .kind "$tmp/a" | tr '\n' ' ')" \
	'smelt tool finding finding verdict end '
is 'the chain names the stage' \
	"$(jq -r 'select(.kind == "smelt").chain[-1].tool' "$tmp/a")" smelt-gate1

# What was not scanned is said.
like 'no database: not scanned' "$(cat "$tmp/said")" 'not scanned: dependency'
like 'no history: not scanned' "$(jq -c 'select(.kind == "verdict").scanned' \
	"$tmp/a")" '"history","status":"not-scanned"'

python3 tests/rules/artifact.py --record '{"kind":"source","omittedTotal":7}' \
	--record '{"kind":"file","path":"a.go","language":"go","size":1,"sha256":"","encoding":"utf-8","text":"x"}' >"$tmp/in3"
run 0 'code without rules, files left out' gate -o "$tmp/b" "$tmp/in3"
like 'both are said' "$(jq -c 'select(.kind == "verdict").scanned' "$tmp/b")" \
	'7 were left out.*no rules for: go 1'

# --verdict
run 1 '--verdict of a fail' smelt-gate1 --verdict "$tmp/a"
like 'prints what blocks' "$(cat "$tmp/err")" 'app\.py:6:12: error.*\[py-eval\]'
run 1 '--verdict -v' smelt-gate1 --verdict -v "$tmp/a"
like 'reads in the sandbox' "$(cat "$tmp/err")" 'sandbox: '
run 2 'no artifact to judge' smelt-gate1 --verdict "$tmp/nowhere"
like 'is named' "$(cat "$tmp/err")" 'nowhere: cannot open: '
run 0 '--verdict --no-fail' smelt-gate1 --verdict --no-fail "$tmp/a"
run 1 '--verdict from stdin' sh -c 'smelt-gate1 --verdict <"$1"' sh "$tmp/a"
run 2 'no verdict in it' smelt-gate1 --verdict "$tmp/in"

# Policy
policy() {
	printf '%s\n' "$@" >"$tmp/policy.yaml"
}
policy 'block: {level: warning}'
run 1 'warnings may block' gate -q --policy "$tmp/policy.yaml" -o "$tmp/b" "$tmp/in"
is 'both do' "$(jq -r 'select(.kind == "verdict").blocking' "$tmp/b")" 2
policy 'block: {severity: 9.9}'
run 0 'a severity that nothing has' gate --policy "$tmp/policy.yaml" -o "$tmp/b" "$tmp/in"
is 'is a warning' "$(jq -r 'select(.kind == "verdict").result' "$tmp/b")" warn
policy 'block: {level: error}' 'rules:' '  py-eval: {level: note}' \
	'  py-weak-hash: {enabled: false}'
run 0 'rules may be changed' gate --policy "$tmp/policy.yaml" -o "$tmp/b" "$tmp/in"
is 'one is off, one a note' "$(jq -r 'select(.kind == "finding") |
	.rule + " " + .level' "$tmp/b")" 'py-eval note'
is 'nothing left to warn of' "$(jq -r 'select(.kind == "verdict").result' "$tmp/b")" pass
policy 'scanners:' '  history: {required: true}'
run 1 'a required scanner' gate --policy "$tmp/policy.yaml" -o "$tmp/b" "$tmp/in"
like 'that did not run is named' "$(cat "$tmp/err")" 'history.*\[scan-missing\]'
policy 'block: {levle: error}'
run 2 'an unknown member' gate --policy "$tmp/policy.yaml" -o "$tmp/b" "$tmp/in"
like 'is located' "$(cat "$tmp/err")" 'policy\.yaml:1:9: error: .*levle'
policy 'block: {level: bad}'
run 2 'an unknown level' gate --policy "$tmp/policy.yaml" -o "$tmp/b" "$tmp/in"

# Waivers
waiver() {
	{
		echo 'waivers:'
		printf '  - %s\n' "$1"
		shift
		printf '    %s\n' "$@"
	} >"$tmp/waivers.yaml"
}
waive() {
	gate --waivers "$tmp/waivers.yaml" -o "$tmp/b" "$@" "$tmp/in"
}
print=$(jq -r 'select(.rule == "py-eval").fingerprint' "$tmp/a")
waiver "fingerprint: $print" 'justification: a calculator' 'owner: ann' \
	'expires: 2026-06-01'
run 0 'waived by fingerprint, on its last day' waive
is 'the finding stays, suppressed' "$(jq -r 'select(.rule == "py-eval") |
	.suppressed.owner' "$tmp/b")" ann
is 'and is counted' "$(jq -r 'select(.kind == "verdict").counts.suppressed' "$tmp/b")" 1
run 1 'a day later' waive --today 2026-06-02
like 'the waiver is a finding' "$(jq -r '.rule // empty' "$tmp/b")" waiver-expired
run 1 'SOURCE_DATE_EPOCH is the day' env SOURCE_DATE_EPOCH=1893456000 \
	smelt-gate1 --waivers "$tmp/waivers.yaml" -o "$tmp/b" "$tmp/in"
waiver 'rule: py-eval' 'path: "*.py"' 'justification: x' 'owner: y' \
	'expires: 2027-01-01'
run 0 'waived by rule and path' waive
waiver 'rule: py-eval' 'path: "lib/*.py"' 'justification: x' 'owner: y' \
	'expires: 2027-01-01'
run 1 'another path' waive
like 'the waiver is told to be unused' "$(jq -r '.rule // empty' "$tmp/b")" waiver-unused
waiver 'rule: py-eval' 'owner: y' 'expires: 2027-01-01'
run 2 'no justification' waive
waiver 'rule: py-eval' 'justification: x' 'owner: y' 'expires: 2027-13-01'
run 2 'no such month' waive

# The fingerprint knows neither line nor place.
sed '1i # a line more' "$tmp/src/app.py" >"$tmp/src/moved.py"
python3 tests/rules/artifact.py "$tmp/src/moved.py" >"$tmp/in2"
run 1 'the same code elsewhere' gate -q -o "$tmp/b" "$tmp/in2"
is 'has the same fingerprint' "$(jq -r 'select(.rule == "py-eval").fingerprint' \
	"$tmp/b")" "$print"

# Bad input, bad usage: exit 2, no file.
sed '$d' "$tmp/in" >"$tmp/cut"
run 2 'a cut artifact' gate --sarif "$tmp/c.sarif" -o "$tmp/c" "$tmp/cut"
absent 'leaves no artifact' "$tmp/c"
absent 'and no SARIF' "$tmp/c.sarif"
run 2 'not an artifact' gate -o "$tmp/c" README.md
run 2 'an unknown profile' gate --sarif-profile x -o "$tmp/c" "$tmp/in"
run 2 'a day that is none' smelt-gate1 --today tomorrow -o "$tmp/c" "$tmp/in"
run 2 'no such policy' gate --policy "$tmp/none" -o "$tmp/c" "$tmp/in"
run 2 'an output that can not be' gate -o "$tmp/none/x" "$tmp/in"
run 2 'a SARIF that can not be' gate --sarif "$tmp/none/x" -o "$tmp/c" "$tmp/in"
absent 'leaves no artifact either' "$tmp/c"
run 2 'a full disk' sh -c 'smelt-gate1 "$1" >/dev/full' sh "$tmp/in"

# Rules of the user; one that is not supported is told, not dropped.
cat >"$tmp/own.yaml" <<'EOF'
rules:
  - id: own-print
    languages: [python]
    severity: ERROR
    message: "$X is called with text"
    pattern: $X(text)
  - id: own-taint
    languages: [python]
    severity: ERROR
    message: taint
    mode: taint
    pattern-sources: [{pattern: a}]
    pattern-sinks: [{pattern: b}]
EOF
run 1 'own rules' gate -v --rules "$tmp/own.yaml" --sarif "$tmp/c.sarif" \
	-o "$tmp/b" "$tmp/in"
like 'fire' "$(jq -r 'select(.rule == "own-print").message.text' "$tmp/b")" \
	'eval is called with text'
like 'an unsupported one is a notification' \
	"$(jq -r '.runs[0].invocations[0].toolExecutionNotifications[].message.text' \
	"$tmp/c.sarif")" "own-taint.*does not run on python: unsupported"
like 'and in the verdict' "$(jq -c 'select(.kind == "verdict").scanned' "$tmp/b")" \
	'1 rules did not run'
sed -i 's/severity: ERROR/severity: LOUD/' "$tmp/own.yaml"
run 2 'a broken pack' gate --rules "$tmp/own.yaml" -o "$tmp/c" "$tmp/in"
like 'is located' "$(cat "$tmp/err")" 'own\.yaml:4:'
done_testing
