#!/bin/sh
# Every rule of rules/secrets finds its sample and nothing else, and no value
# reaches any output.
. tests/lib.sh
need python3 jq

python3 tests/rules/secrets.py "$tmp/samples"
python3 tests/rules/artifact.py "$tmp/samples" >"$tmp/in"
run 1 'samples block' smelt-gate1 --sarif "$tmp/sarif" -o "$tmp/found" "$tmp/in"
jq -r 'select(.scanner == "secret") | .rule + " " + .loc.file' "$tmp/found" |
	sort -u >"$tmp/pairs"
cat share/smelt/rules/secrets/*.yaml |
	sed -n 's/^  - id: secret-//p' >"$tmp/rules"
ok 'rules were read' test -s "$tmp/rules"
while read -r rule; do
	like "$rule is found" "$(grep "^secret-$rule " "$tmp/pairs")" \
		"^secret-$rule bad/$rule.txt"
done <"$tmp/rules"
is 'nothing is found in the good samples' "$(grep ' good/' "$tmp/pairs")" ''
is 'one rule a bad sample' "$(cut -d' ' -f2 "$tmp/pairs" | uniq -d)" ''
is 'every finding names its line' "$(jq -r 'select(.scanner == "secret") |
	select(.rule != "secret-private-key") | .loc.line' "$tmp/found" |
	sort -u)" 2

# A value is the longest word of its sample.
cat "$tmp"/samples/bad/*.txt | tr -c 'A-Za-z0-9+/_-' '\n' |
	awk 'length > 15 && !/^(aws_secret|DISCORD)/' >"$tmp/words"
ok 'there are values to look for' test "$(wc -l <"$tmp/words")" -gt 30
grep -F -f "$tmp/words" "$tmp/sarif" "$tmp/err" >"$tmp/leaks" || :
is 'no value in SARIF and diagnostics' "$(cat "$tmp/leaks")" ''
jq -c 'select(.kind == "finding")' "$tmp/found" | grep -F -f "$tmp/words" \
	>"$tmp/leaks" || :
is 'no value in the records' "$(cat "$tmp/leaks")" ''

# Two values on one line: neither finding shows the other.
python3 - "$tmp" <<'EOF'
import os, sys
sys.argv[1:], top = [os.devnull], sys.argv[1]
source = open("tests/rules/secrets.py").read().replace("\nmain(sys.argv[1])", "")
exec(source)
os.makedirs(top + "/two")
line = "a ghp_%s b glpat-%s c\n" % (make(ALNUM, 36, "1"), make(URL, 20, "2"))
open(top + "/two/x.txt", "w").write(line)
open(top + "/two.words", "w").write(make(ALNUM, 36, "1") + "\n" + make(URL, 20, "2") + "\n")
EOF
python3 tests/rules/artifact.py "$tmp/two" >"$tmp/in"
run 1 'two values on a line' smelt-gate1 --sarif "$tmp/sarif" -o "$tmp/found" \
	"$tmp/in"
is 'both are found' "$(jq -r 'select(.kind == "finding") | .rule' \
	"$tmp/found" | sort | tr '\n' ' ')" 'secret-github-token secret-gitlab-token '
jq -c 'select(.kind == "finding")' "$tmp/found" | cat - "$tmp/sarif" |
	grep -F -f "$tmp/two.words" >"$tmp/leaks" || :
is 'neither shows the other' "$(cat "$tmp/leaks")" ''

# In an example of a document a value is a note, elsewhere in it an error.
token=gh$(printf p_)$(python3 -c 'import hashlib; print(hashlib.sha256(b"x").hexdigest()[:36])')
mkdir "$tmp/doc"
printf 'components:\n  examples:\n    one:\n      value:\n\n        token: %s\n' \
	"$token" >"$tmp/doc/example.yaml"
printf 'paths:\n  /a:\n    get:\n      parameters:\n        - name: t\n          example: %s\n' \
	"$token" >"$tmp/doc/inline.yaml"
printf 'examples:\n  one: 1\nservers:\n  - token: %s\n' "$token" >"$tmp/doc/real.yaml"
printf '{\n "examples": {\n  "one": {\n   "token": "%s"\n  }\n }\n}\n' \
	"$token" >"$tmp/doc/example.json"
printf '{"a":{"example":{"b":[1,"%s"]},"token":"%s"},"examples":"%s"}' \
	"$token" "$token" "$token" >"$tmp/doc/short.json"
python3 tests/rules/artifact.py "$tmp/doc" >"$tmp/in"
run 1 'a value in a document' smelt-gate1 -o "$tmp/found" "$tmp/in"
is 'blocks outside of examples' "$(jq -r 'select(.kind == "finding") |
	.loc.file + " " + .level' "$tmp/found" | LC_ALL=C sort)" \
	'example.json note
example.yaml note
inline.yaml note
real.yaml error
short.json error
short.json note
short.json note'

done_testing
