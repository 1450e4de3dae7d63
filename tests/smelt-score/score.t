#!/bin/sh
# smelt-score: each rule fires where it should and stays quiet where it should.
. tests/lib.sh
need jq python

here=tests/smelt-score
grade() {
	jq -c 'select(.kind=="grade")' "$1"
}
# server CHANGE...: score that server; leaves $tmp/g.jsonl and the record in $g
server() {
	python $here/server.py "$@" >"$tmp/in.jsonl"
	smelt-score -q -o "$tmp/g.jsonl" "$tmp/in.jsonl"
	g=$(grade "$tmp/g.jsonl")
}
rules() {
	printf '%s\n' "$g" | jq -r '[.dimensions[].deductions[].rule]|unique|join(" ")'
}

python $here/server.py >"$tmp/in.jsonl"
ok 'the server of this test has the form of records' node tests/records/validate.mjs "$tmp/in.jsonl"
run 0 'a server with nothing wanting' smelt-score -o "$tmp/g.jsonl" "$tmp/in.jsonl"
g=$(grade "$tmp/g.jsonl")
is 'no rule fires' "$(rules)" ''
is 'it has 100 of 100' "$(printf '%s' "$g" | jq -c '[.score,.grade,.potential,.fixes]')" '[100,"A",100,[]]'
is 'in all dimensions' "$(printf '%s' "$g" | jq -c '[.dimensions[]|[.id,.score,.grade]]')" \
	'[["description-clarity",100,"A"],["schema-completeness",100,"A"],["naming-consistency",100,"A"],["overlap",100,"A"],["error-surface",100,"A"],["observability-hooks",100,"A"]]'
is 'and categories' "$(printf '%s' "$g" | jq -c '[.security[]|[.id,.score,.grade,.evidence]]')" \
	'[["injection",100,"A",[]],["secrets",100,"A",[]],["dependencies",100,"A",[]],["tool-poisoning",100,"A",[]],["permissions",100,"A",[]]]'
like 'the summary says so' "$(cat "$tmp/err")" 'library: 4 tools, grade A, 100 of 100'
cp "$tmp/g.jsonl" "$tmp/first.jsonl"
run 0 'its own output is input again' smelt-score -q -o "$tmp/again.jsonl" "$tmp/g.jsonl"
same 'and gives the same' "$tmp/again.jsonl" "$tmp/g.jsonl"

is 'this test knows every rule of score.yaml' \
	"$(python $here/server.py --list | LC_ALL=C sort | tr '\n' ' ')" \
	"$(python -c 'import sys, yaml; print("\n".join(yaml.safe_load(open(sys.argv[1]))["rules"]))' \
		share/smelt/score.yaml | LC_ALL=C sort | tr '\n' ' ')"
for rule in $(python $here/server.py --list); do
	server "$rule"
	like "$rule fires" " $(rules) " " $rule "
	is "$rule: points, text and a fix" "$(printf '%s' "$g" | jq -c --arg r "$rule" \
		'[.dimensions[].deductions[]|select(.rule==$r)|(.points>0 and .text!="" and .fix!="" and (.text|contains("{")|not))]|unique')" '[true]'
	like "$rule: the score is lower, and the fix is worth it" \
		"$(printf '%s' "$g" | jq -c '[.score<100 or .dimensions[].score<100, (.fixes|length)>0, .potential>=.score]')" \
		'true'
	# some of these servers break the form of tool records, which is the point
	jq -c 'select(.kind=="smelt" or .kind=="grade" or .kind=="end")' "$tmp/g.jsonl" >"$tmp/form.jsonl"
	ok "$rule: the record is in form" node tests/records/validate.mjs "$tmp/form.jsonl"
done

# What each rule must not touch.
only() {
	server "$1"
	is "only $1" "$(rules)" "$2"
}
only description-missing description-missing
only description-no-usage description-no-usage
only description-no-verb description-no-verb
only description-no-result description-no-result
only description-no-limit description-no-limit
only description-no-resource description-no-resource
only description-long description-long
only description-endless description-endless
only description-markup description-markup
only schema-undescribed schema-undescribed
only schema-open schema-open
only schema-deep schema-deep
only name-synonym name-synonym
only name-parameter-style name-parameter-style
only overlap-near overlap-near
only overlap-heavy overlap-heavy
only overlap-flood overlap-flood
only error-undocumented error-undocumented
only error-limit error-limit
only hook-health hook-health
only foreign ''
only namespaced ''
only silent ''

# Length is a band: neither the longest nor the shortest description is best.
clarity() {
	server "$1"
	printf '%s' "$g" | jq '.dimensions[0].score'
}
middle=$(clarity name-charset)
ok 'a short description costs' [ "$(clarity description-short)" -lt "$middle" ]
ok 'a long one too' [ "$(clarity description-long)" -lt "$middle" ]
ok 'an endless one more' [ "$(clarity description-endless)" -lt "$(clarity description-long)" ]

# The arithmetic: one tool of four at 0 in one dimension.
server description-missing
is 'a dimension is 0.6 mean + 0.4 worst' "$(printf '%s' "$g" | jq '.dimensions[0].score')" 45
is 'and so is the score' "$(printf '%s' "$g" | jq '.score')" 73
is 'with its letter' "$(printf '%s' "$g" | jq -r '.grade')" C
is 'the gain is what is missing' "$(printf '%s' "$g" | jq -c '[.fixes[0].gain,.fixes[0].tools,.potential]')" '[27.5,["get_book"],100]'
is 'the deduction names tool and place' "$(printf '%s' "$g" | jq -c '.dimensions[0].deductions[0]|[.points,.tool,.loc.file,.loc.line]')" \
	'[100,"get_book","library.yaml",7]'

# Security
server security
is 'findings become grades, waived ones do not' "$(printf '%s' "$g" | jq -c '[.security[]|[.score,.grade,(.evidence|length)]]')" \
	'[[60,"D",1],[88,"B",1],[0,"-",1],[98,"A",1],[100,"A",1]]'
is 'what was not scanned says so' "$(printf '%s' "$g" | jq -r '.security[2].evidence[0]')" 'not scanned: dependency: no --osv'
like 'a waived finding is told' "$(printf '%s' "$g" | jq -r '.security[4].evidence[0]')" '^waived error: something is wrong'
is 'and are no part of the score' "$(printf '%s' "$g" | jq .score)" 100

# Many tools: the record stays small and says what it leaves out.
server huge
is 'one rule is listed 25 times and then counted' \
	"$(printf '%s' "$g" | jq -c '[.dimensions[0].deductions[]|select(.rule=="description-missing")]|[length,.[-1].count]')" '[26,375]'

# The threshold
python $here/server.py poor >"$tmp/in.jsonl"
run 0 'a poor server is scored' smelt-score -o "$tmp/poor.jsonl" "$tmp/in.jsonl"
grade "$tmp/poor.jsonl" | jq . >"$tmp/poor.json"
golden 'as it was' "$tmp/poor.json" $here/poor.json
sed 's/^smelt-score: //' "$tmp/err" >"$tmp/poor.txt"
golden 'and so is its summary' "$tmp/poor.txt" $here/poor.txt
letter=$(jq -r .grade "$tmp/poor.json")
run 0 "--min-grade $letter" smelt-score --min-grade "$letter" -o "$tmp/x.jsonl" "$tmp/in.jsonl"
run 1 '--min-grade A' smelt-score --min-grade A -o "$tmp/x.jsonl" "$tmp/in.jsonl"
like 'says why' "$(cat "$tmp/err")" "error: library: grade $letter is below A"
same 'the artifact is written all the same' "$tmp/x.jsonl" "$tmp/poor.jsonl"
run 0 'with --no-fail' smelt-score --no-fail --min-grade A -o "$tmp/x.jsonl" "$tmp/in.jsonl"
run 2 'a grade that is none' smelt-score --min-grade E "$tmp/in.jsonl"
run 2 'nor is that' smelt-score --min-grade a "$tmp/in.jsonl"

# Bad input
lacks() {
	python $here/server.py | jq -c "select($1|not)" >"$tmp/lack.jsonl"
	run 2 "without $2's records: refused" smelt-score -o "$tmp/none.jsonl" --report "$tmp/none.html" "$tmp/lack.jsonl"
	like "and $2 is named" "$(cat "$tmp/err")" "run smelt-$2 "
	absent 'no output' "$tmp/none.jsonl"
	absent 'no report' "$tmp/none.html"
}
lacks '.kind=="tool"' tooldef
lacks '.path=="bindings.json"' codegen
lacks '.kind=="verdict"' gate1
python $here/server.py | sed '$d' >"$tmp/cut.jsonl"
run 2 'a cut artifact' smelt-score -o "$tmp/none.jsonl" "$tmp/cut.jsonl"
absent 'no output' "$tmp/none.jsonl"
run 2 'an unwritable report' smelt-score --report /nowhere/x.html -o "$tmp/none.jsonl" "$tmp/in.jsonl"
absent 'no output' "$tmp/none.jsonl"
run 2 'a full disk' sh -c 'smelt-score "$1" >/dev/full' - "$tmp/in.jsonl"

done_testing
