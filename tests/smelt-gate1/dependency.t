#!/bin/sh
# Dependencies of the source and of the emitted server: ranges, versions,
# aliases, severities, floors, and what the verdict says was scanned.
. tests/lib.sh
need jq node python3
rules='select(.kind == "finding" and .scanner == "dependency")'

smelt-intake -q examples/openapi/library.yaml | smelt-ast -q |
	smelt-tooldef -q >"$tmp/tools.jsonl"
smelt-codegen -q "$tmp/tools.jsonl" >"$tmp/python.jsonl"
smelt-codegen -q -t typescript "$tmp/tools.jsonl" >"$tmp/typescript.jsonl"

# dep ECOSYSTEM NAME VERSION [SCOPE [DIRECT]]: a dep record; version "" is a range
line=0
dep() {
	line=$((line + 1))
	jq -cn --arg e "$1" --arg n "$2" --arg v "$3" --arg s "${4-runtime}" \
		--argjson d "${5-true}" --argjson l "$line" '{kind: "dep",
		ecosystem: $e, name: $n} + (if $v == "" then
		{requirement: ">=1"} else {version: $v} end) +
		{purl: "pkg:generic/x", scope: $s, direct: $d, hashes: [],
		loc: {file: "deps.lock", line: $l, col: 1, endLine: $l, endCol: 9}}' \
		>>"$tmp/deps"
}
# artifact: $tmp/in.jsonl, the Python server with the dep records so far
artifact() {
	jq -c --slurpfile deps "$tmp/deps" '., if .kind == "source" then
		$deps[] else empty end' "$tmp/python.jsonl" >"$tmp/in.jsonl"
	: >"$tmp/deps"
	line=0
}
# advisory ID ECOSYSTEM NAME JQ: a record with what JQ makes of it, in $tmp/db
mkdir "$tmp/db"
advisory() {
	jq -n --arg id "$1" --arg e "$2" --arg n "$3" '{schema_version: "1.7.5",
		id: $id, modified: "2026-01-01T00:00:00Z", summary: "summary of \($id)",
		affected: [{package: {ecosystem: $e, name: $n}}]} | '"$4" \
		>"$tmp/db/$1.json"
}
events() {
	printf '.affected[0].ranges = [{type: "%s", events: [%s]}]' "$1" "$2"
}
gate() {
	smelt-gate1 -q --no-fail --today 2026-01-01 -o "$tmp/out.jsonl" "$@" \
		2>"$tmp/err" || note "$(cat "$tmp/err")"
}
# hits: "NAME VERSION RULE" of each finding
hits() {
	jq -r "$rules"' | "\(.message.arguments[0]) \(.message.arguments[1]) \(.rule)"' \
		"$tmp/out.jsonl" | sort
}
scanned() {
	jq -r 'select(.kind == "verdict") | .scanned[] |
		select(.scanner == "dependency") | "\(.status): \(.text)"' "$tmp/out.jsonl"
}

# --- none given --------------------------------------------------------------
gate "$tmp/python.jsonl"
like 'without a database it says so' "$(scanned)" \
	'^not-scanned: no --osv database given; [0-9]+ packages held against the floors only$'
is 'and finds nothing in our own server' "$(hits)" ''
gate "$tmp/typescript.jsonl"
is 'nor in the other one' "$(hits)" ''
run 2 'a database that is not there is trouble' smelt-gate1 --osv "$tmp/nowhere" \
	"$tmp/python.jsonl"
like 'it is named' "$(cat "$tmp/err")" 'nowhere'
mkdir "$tmp/empty"
run 2 'an empty directory is no database' smelt-gate1 --osv "$tmp/empty" \
	"$tmp/python.jsonl"
like 'it says what is missing' "$(cat "$tmp/err")" 'holds no advisories'

# --- ranges and versions ------------------------------------------------------
advisory R-1 PyPI alpha "$(events ECOSYSTEM '{introduced: "0"}, {fixed: "1.4"}')"
advisory R-2 npm beta "$(events SEMVER '{introduced: "2.0.0"}, {last_affected: "2.3.0"}')"
advisory R-3 Go example.com/gamma/v2 "$(events SEMVER \
	'{introduced: "0"}, {fixed: "2.0.1"}, {introduced: "2.1.0"}, {fixed: "2.1.3"}')"
advisory R-4 Maven org.example:delta "$(events ECOSYSTEM '{introduced: "1.0"}, {fixed: "1.2"}')"
advisory R-5 npm epsilon '.affected[0].versions = ["1.0.0", "1.0.2"]'
advisory R-6 npm zeta "$(events SEMVER '{introduced: "0"}, {limit: "3.0.0"}')"
advisory R-7 npm eta "$(events GIT '{introduced: "0"}')"
advisory R-8 npm theta "$(events SEMVER '{introduced: "0"}') | .withdrawn = \"2026-01-02T00:00:00Z\""
advisory R-9 PyPI iota_Iota.x "$(events ECOSYSTEM '{introduced: "0"}')"
advisory R-10 npm kappa "$(events SEMVER '{fixed: "1.5.0"}, {introduced: "1.2.0"}, {introduced: "1.7.0"}')"
advisory R-11 'Maven:https://repo.example' org.example:lambda "$(events ECOSYSTEM '{introduced: "0"}')"
advisory R-12 npm alpha "$(events SEMVER '{introduced: "0"}')"
for v in 1.3.9 1.4 1.4rc1 1.4.post1; do dep PyPI alpha $v; done
for v in 1.9.9 2.0.0 2.3.0 2.3.1 2.3.0-rc.1; do dep npm beta $v; done
for v in v2.0.0 v2.0.1 v2.1.0 v2.1.3 v2.0.2-0.20200101000000-abcdefabcdef; do
	dep Go example.com/gamma/v2 $v
done
for v in 0.9 1.0 1.2-SNAPSHOT 1.2; do dep Maven org.example:delta $v; done
for v in 1.0.0 1.0.1 1.0.2; do dep npm epsilon $v; done
for v in 2.9.9 3.0.0; do dep npm zeta $v; done
dep npm eta 1.0.0
dep npm theta 1.0.0
dep PyPI iota-iota-x 1
for v in 1.1.0 1.2.0 1.5.0 1.7.0; do dep npm kappa $v; done
dep Maven org.example/lambda 1
dep npm open ''
dep npm epsilon ''
artifact
gate --osv "$tmp/db" "$tmp/in.jsonl"
is 'affected are these and no others' "$(hits)" "alpha 1.3.9 r-1
alpha 1.4rc1 r-1
beta 2.0.0 r-2
beta 2.3.0 r-2
beta 2.3.0-rc.1 r-2
epsilon 1.0.0 r-5
epsilon 1.0.2 r-5
example.com/gamma/v2 v2.0.0 r-3
example.com/gamma/v2 v2.1.0 r-3
iota-iota-x 1 r-9
kappa 1.2.0 r-10
kappa 1.7.0 r-10
org.example/lambda 1 r-11
org.example:delta 1.0 r-4
org.example:delta 1.2-SNAPSHOT r-4
zeta 2.9.9 r-6"
like 'the verdict counts what was not checked, and names the database' "$(scanned)" \
	'^scanned: [0-9]+ packages, 12 advisories, database sha256:[0-9a-f]{64}; 1 without an exact version not checked$'
ok 'its records are valid' node tests/records/validate.mjs "$tmp/out.jsonl"
fix() {
	jq -r --arg n "$1" --arg v "$2" "$rules"' | select(.message.arguments[0] == $n and
		.message.arguments[1] == $v) | .fix' "$tmp/out.jsonl"
}
is 'the fix names the version' "$(fix alpha 1.3.9)" 'update alpha to 1.4 or later'
is 'or each of them' "$(fix example.com/gamma/v2 v2.0.0)" \
	'update example.com/gamma/v2 to 2.0.1, 2.1.3'
is 'or says that there is none' "$(fix iota-iota-x 1)" \
	'no fixed version is known: replace iota-iota-x'

# Another database makes another config, the same one the same bytes.
config() { jq -r 'select(.kind == "smelt") | .chain[-1].config' "$1"; }
cp "$tmp/out.jsonl" "$tmp/first.jsonl"
gate --osv "$tmp/db" "$tmp/in.jsonl"
same 'the same again' "$tmp/out.jsonl" "$tmp/first.jsonl"
advisory R-13 npm mu '.'
gate --osv "$tmp/db" "$tmp/in.jsonl"
ok 'a changed database changes the config' test \
	"$(config "$tmp/out.jsonl")" != "$(config "$tmp/first.jsonl")"
rm "$tmp"/db/*

# --- aliases, severities, scopes ----------------------------------------------
advisory PYSEC-1 PyPI alpha "$(events ECOSYSTEM '{introduced: "0"}, {fixed: "3"}') |
	.aliases = [\"CVE-1\"] | .database_specific.severity = \"LOW\""
advisory GHSA-x PyPI alpha "$(events ECOSYSTEM '{introduced: "0"}, {fixed: "2"}') |
	.aliases = [\"CVE-1\"] | .database_specific = {cwe_ids: [\"CWE-79\"], severity: \"HIGH\"}"
advisory OSV-3 PyPI alpha "$(events ECOSYSTEM '{introduced: "0"}') | .aliases = [\"PYSEC-1\"] |
	.database_specific.deprecatedIds = [\"OLD-1\"]"
advisory OSV-4 PyPI alpha "$(events ECOSYSTEM '{introduced: "0"}') | del(.summary) |
	.details = \"first line\nsecond line\""
advisory MAL-5 npm beta "$(events SEMVER '{introduced: "0"}')"
dep PyPI alpha 1.0
dep PyPI Alpha 1.0 dev false
dep npm beta 1.0.0 dev
dep npm beta 1.0.1 optional
artifact
gate --osv "$tmp/db" --sarif "$tmp/out.sarif" "$tmp/in.jsonl"
is 'aliases are one finding' "$(hits)" "alpha 1.0 ghsa-x
alpha 1.0 osv-4
beta 1.0.0 mal-5
beta 1.0.1 mal-5"
text() {
	jq -r --arg r "$1" "$rules"' | select(.rule == $r) | .message.text' "$tmp/out.jsonl"
}
is 'with all its names' "$(text ghsa-x)" 'alpha 1.0, a dependency, is affected by GHSA-x (CVE-1, OSV-3, PYSEC-1, OLD-1): summary of GHSA-x'
is 'one line of details where there is no summary' "$(text osv-4)" \
	'alpha 1.0, a dependency, is affected by OSV-4: first line'
is 'the scope is told' "$(text mal-5 | cut -d, -f2)" " a development dependency
 an optional dependency"
is 'severity, worst of the aliases' "$(jq -r "$rules"' |
	"\(.rule) \(.level) \(.severity)"' "$tmp/out.jsonl" | sort -u)" "ghsa-x error 8
mal-5 error 10
osv-4 warning 5"
is 'tags, package and places' "$(jq -c "$rules"' | select(.rule == "ghsa-x") |
	[.tags, .subject.purl, .loc.line, [.evidence[].loc.line]]' "$tmp/out.jsonl")" \
	'[["security","dependency","external/cwe/cwe-079"],"pkg:pypi/alpha@1.0",1,[2]]'
multitool 'the findings' "$tmp/out.sarif"
rm "$tmp"/db/*

# Scores that FIRST publishes as examples of CVSS 3.1; 4.0 is near, words decide.
n=0
while read -r score vector; do
	n=$((n + 1))
	advisory "S-$n" npm "p$n" "$(events SEMVER '{introduced: "0"}') |
		.severity = [{type: \"CVSS_V3\", score: \"CVSS:3.1/$vector\"}]"
	dep npm "p$n" 1.0.0
	echo "s-$n $score" >>"$tmp/want"
done <<-'END'
	9.8 AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H
	9.9 AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H
	9.3 AV:A/AC:L/PR:N/UI:N/S:C/C:H/I:N/A:H
	8.8 AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H
	8.8 AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H
	7.8 AV:L/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H
	7.5 AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N
	6.8 AV:N/AC:H/PR:N/UI:N/S:C/C:N/I:H/A:N
	6.8 AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H
	6.4 AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N
	6.1 AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N
	5.8 AV:N/AC:L/PR:N/UI:N/S:C/C:N/I:L/A:N
	4.6 AV:P/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N
	4.2 AV:L/AC:L/PR:H/UI:N/S:U/C:L/I:L/A:L
	3.1 AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N
END
for word in CRITICAL:9.5 high:8 MODERATE:5.5 LOW:2.5 none:5; do
	n=$((n + 1))
	advisory "S-$n" npm "p$n" "$(events SEMVER '{introduced: "0"}') |
		.affected[0].database_specific.severity = \"${word%:*}\""
	dep npm "p$n" 1.0.0
	echo "s-$n ${word#*:}" >>"$tmp/want"
done
artifact
gate --osv "$tmp/db" "$tmp/in.jsonl"
jq -r "$rules"' | "\(.rule) \(.severity)"' "$tmp/out.jsonl" | sort >"$tmp/got"
sort -o "$tmp/want" "$tmp/want"
same 'scores by CVSS 3.1 and by word' "$tmp/got" "$tmp/want"
rm "$tmp"/db/*
v4=CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N
advisory V-1 npm p1 "$(events SEMVER '{introduced: "0"}') | .severity =
	[{type: \"CVSS_V4\", score: \"$v4/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N\"}]"
advisory V-2 npm p2 "$(events SEMVER '{introduced: "0"}') | .severity =
	[{type: \"CVSS_V4\", score: \"$v4/VC:N/VI:L/VA:N/SC:N/SI:N/SA:N\"}]"
advisory V-3 npm p3 "$(events SEMVER '{introduced: "0"}') | .severity =
	[{type: \"CVSS_V4\", score: \"CVSS:4.0/nothing\"}]"
for p in p1 p2 p3; do dep npm $p 1.0.0; done
artifact
gate --osv "$tmp/db" "$tmp/in.jsonl"
is 'CVSS 4.0 gives a level' "$(jq -r "$rules"' | "\(.rule) \(.level)"' \
	"$tmp/out.jsonl" | sort)" "v-1 error
v-2 warning
v-3 warning"
rm "$tmp"/db/*

# --- the emitted server --------------------------------------------------------
pinned() { # FILE PATTERN: the version that the server pins
	jq -r --arg f "$1" 'select(.kind == "emit" and .path == $f) | .text' "$2"
}
version=$(pinned requirements.txt "$tmp/python.jsonl" | sed -n 's/^uvicorn==\([^ ;]*\).*/\1/p')
ok 'the server pins uvicorn' test -n "$version"
advisory E-1 PyPI Uvicorn "$(events ECOSYSTEM '{introduced: "0"}, {fixed: "9999"}') |
	.database_specific.severity = \"HIGH\""
advisory E-2 npm @modelcontextprotocol/sdk "$(events SEMVER '{introduced: "0"}')"
advisory E-3 npm @modelcontextprotocol/server "$(events SEMVER '{introduced: "0"}')"
run 1 'an affected pin of the server is a red verdict' smelt-gate1 -q \
	--osv "$tmp/db" -o "$tmp/out.jsonl" "$tmp/python.jsonl"
is 'it is found' "$(hits)" "uvicorn $version e-1"
is 'where it stands' "$(jq -r "$rules"' | "\(.loc.file) \(.subject.path) \(.snippet)"' \
	"$tmp/out.jsonl")" "requirements.txt requirements.txt uvicorn==$version \\"
like 'as one of the server' "$(text e-1)" 'a dependency of the generated server'
gate --osv "$tmp/db" "$tmp/typescript.jsonl"
like 'npm pins are read, too' "$(hits)" '^@modelcontextprotocol/s(dk|erver) .* e-[23]$'
is 'at their line' "$(jq -r "$rules"' | "\(.loc.file) \(.snippet)"' "$tmp/out.jsonl" |
	grep -c 'package-lock.json.*node_modules/@modelcontextprotocol')" "$(hits | wc -l)"
rm "$tmp"/db/*

# --- layouts, and what is no database ----------------------------------------------
advisory L-1 PyPI alpha "$(events ECOSYSTEM '{introduced: "0"}')"
advisory L-2 npm beta "$(events SEMVER '{introduced: "0"}')"
dep PyPI alpha 1
dep npm beta 1.0.0
artifact
zip() { (cd "$tmp/db" && python3 -m zipfile -c "$@"); }
mkdir -p "$tmp/tree/deep/er" "$tmp/zips/PyPI" "$tmp/scanner/osv-scanner/npm"
cp "$tmp"/db/*.json "$tmp/tree/deep/er"
echo '{"not": "an advisory of beta", "name": "beta"}' >"$tmp/tree/other.json"
echo 'no JSON' >"$tmp/tree/README"
zip "$tmp/both.zip" L-1.json L-2.json
zip "$tmp/zips/PyPI/all.zip" L-1.json
zip "$tmp/scanner/osv-scanner/npm/all.zip" L-2.json
gate --osv "$tmp/tree" "$tmp/in.jsonl"
is 'a tree of files' "$(hits)" "alpha 1 l-1
beta 1.0.0 l-2"
gate --osv "$tmp/both.zip" "$tmp/in.jsonl"
is 'one zip' "$(hits)" "alpha 1 l-1
beta 1.0.0 l-2"
gate --osv "$tmp/zips" "$tmp/in.jsonl"
is 'ECOSYSTEM/all.zip' "$(hits)" 'alpha 1 l-1'
like 'what it does not cover is counted' "$(scanned)" \
	'; 1 not checked: their ecosystem is not in the database$'
gate --osv "$tmp/scanner" "$tmp/in.jsonl"
is 'osv-scanner/ECOSYSTEM/all.zip' "$(hits)" 'beta 1.0.0 l-2'
# spoilt NAME PATH REGEX: trouble, a message, and no output
spoilt() {
	rm -f "$tmp/none"
	run 2 "$1 is trouble" smelt-gate1 --osv "$2" -o "$tmp/none" "$tmp/in.jsonl"
	like '  and says so' "$(cat "$tmp/err")" "$3"
	absent '  with no output' "$tmp/none"
}
size=$(wc -c <"$tmp/both.zip")
head -c $((size / 2)) "$tmp/both.zip" >"$tmp/half.zip"
spoilt 'half a zip' "$tmp/half.zip" 'half.zip: error: cannot read the archive'
echo 'PKnonsense' >"$tmp/no.zip"
spoilt 'what only starts like a zip' "$tmp/no.zip" 'no.zip: error: '
spoilt 'a file that is no zip' "$tmp/in.jsonl" 'not a zip of advisories'
printf '{"id": "L-3", "affected": [{"package": {"name": "beta"}' >"$tmp/tree/bad.json"
spoilt 'an advisory cut off' "$tmp/tree" 'tree/bad.json:1:[0-9]+: error: not JSON'
rm "$tmp"/db/*

# --- floors ---------------------------------------------------------------------
dep PyPI mcp 1.22.9
dep PyPI mcp 1.23.0
dep PyPI FastMCP 3.2.0rc1
dep PyPI fastmcp 3.2.0
dep npm @modelcontextprotocol/sdk 1.30.99
dep npm @modelcontextprotocol/sdk 1.31.0
dep npm @modelcontextprotocol/server 2.1.9 dev
dep npm @modelcontextprotocol/server 2.2.0
artifact
run 1 'an SDK below its floor is a red verdict, without a database' smelt-gate1 \
	-o "$tmp/out.jsonl" "$tmp/in.jsonl"
is 'those below and no others' "$(hits)" "@modelcontextprotocol/sdk 1.30.99 dependency-sdk-floor
@modelcontextprotocol/server 2.1.9 dependency-sdk-floor
FastMCP 3.2.0rc1 dependency-sdk-floor
mcp 1.22.9 dependency-sdk-floor"
like 'as diagnostics' "$(cat "$tmp/err")" \
	'^deps.lock:1:1: error: mcp 1.22.9, a dependency, is older than 1.23.0: .* \[dependency-sdk-floor\]$'
is 'with what to do' "$(fix mcp 1.22.9)" 'update mcp to 1.23.0 or later'
sed 's/requirements.txt/&/; s/\\nmcp==[0-9.]*/\\nmcp==1.0.0/' "$tmp/python.jsonl" >"$tmp/old.jsonl"
if cmp -s "$tmp/old.jsonl" "$tmp/python.jsonl"; then
	fail 'the server pins mcp'
else
	gate "$tmp/old.jsonl"
	is 'pins of the server have floors' "$(hits)" 'mcp 1.0.0 dependency-sdk-floor'
fi
done_testing
