#!/bin/sh
# Selecting by tag: every callable in exactly one server.
. tests/lib.sh
need jq

cat >"$tmp/api.yaml" <<'EOF2'
openapi: 3.0.3
info: {title: T, version: "1"}
servers: [{url: 'https://t.example.com'}]
paths:
  /1: {get: {operationId: one, tags: [a b, x], responses: {'200': {description: ok}}}}
  /2: {get: {operationId: two, tags: [x, a b], responses: {'200': {description: ok}}}}
  /3: {get: {operationId: three, tags: ['A-B'], responses: {'200': {description: ok}}}}
  /4: {get: {operationId: four, responses: {'200': {description: ok}}}}
  /5: {get: {operationId: five, tags: ['', 7, "q\u0000r\t\n\""], responses: {'200': {description: ok}}}}
  /6: {get: {operationId: six, tags: ['../../etc', y], responses: {'200': {description: ok}}}}
  /7: {get: {operationId: seven, deprecated: true, tags: ['日本'], responses: {'200': {description: ok}}}}
  /8: {get: {operationId: eight, tags: [api], responses: {'200': {description: ok}}}}
EOF2
smelt-intake -q "$tmp/api.yaml" | smelt-ast -q >"$tmp/ast"
def() {
	_st=$1 _nm=$2
	shift 2
	run "$_st" "$_nm" smelt-tooldef -q "$@" "$tmp/ast"
	jq -r 'select(.kind == "tool").name' "$tmp/out" >"$tmp/names" 2>&1 || :
}
names() {
	tr '\n' ' ' <"$tmp/names"
}

run 0 'the list' smelt-tooldef -q --list-tags -o "$tmp/list" "$tmp/ast"
sed 's/-[0-9a-f]\{4\}	/-#	/' "$tmp/list" >"$tmp/plain"
cat >"$tmp/want" <<'EOF2'
a-b-#	1	1	"a b"
x	1	1	"x"
a-b-#	1	1	"A-B"
q	1	1	"q\u0000r\t\n\""
etc	1	1	"../../etc"
server	0	1	"日本"
api	1	1	"api"
api-untagged	1	1	null
EOF2
same 'has a line for each' "$tmp/plain" "$tmp/want"
is 'slugs are all different' "$(cut -f 1 "$tmp/list" | sort | uniq -d)" ''
run 0 'on stdout, too' smelt-tooldef -q --list-tags "$tmp/ast"
same 'the same' "$tmp/out" "$tmp/list"

def 0 'by name' --tag 'a b'
is 'the first tag counts' "$(names)" 'one '
is 'all others are skips' "$(jq -c 'select(.kind == "skip") |
	[.name, .reason, .text]' "$tmp/out" | sort | sed -n '1p;4p;7p' | tr '\n' ' ')" \
	"$(printf '%s ' '["eight","excluded","its tag '"'api'"' is not selected"]' \
	'["seven","deprecated","deprecated: true"]' \
	'["two","excluded","its tag '"'x'"' is not selected"]')"
ok 'by the schemas' node tests/records/validate.mjs "$tmp/out"
def 0 'two of them' --tag x --tag A-B
is 'both' "$(names)" 'two three '
def 0 'what has none' --untagged
is 'is it' "$(names)" 'four '
def 0 'and a tag' --untagged --tag etc
is 'both' "$(names)" 'four six '
def 2 'a tag that is none' --tag nothing
like 'is told, with those that are' "$(cat "$tmp/err")" \
	"nothing has the tag 'nothing'; tags are: a b, x, A-B, q"
def 2 'a second tag is nobody'"'"'s name' --tag y
all=
for slug in $(cut -f 1 "$tmp/list"); do
	if [ "$slug" = api-untagged ]; then
		def 0 "by slug: $slug" --untagged
	else
		def 0 "by slug: $slug" --tag "$slug"
	fi
	all="$all$(names)"
done
is 'all together are all of them, once' "$(echo "$all" | tr ' ' '\n' | sort |
	sed '/^$/d' | tr '\n' ' ')" 'eight five four one six three two '

# The names of tools do not depend on what is selected.
sed 's/operationId: .*, tags/operationId: same, tags/' "$tmp/api.yaml" >"$tmp/same.yaml"
smelt-intake -q "$tmp/same.yaml" | smelt-ast -q 2>/dev/null >"$tmp/ast"
def 0 'all' --name t
cp "$tmp/names" "$tmp/all"
def 0 'one tag' --name t --tag x
is 'has the name that it has among all' "$(grep -cxF -f "$tmp/names" "$tmp/all")" 1

def 0 'another name' --name other-name
is 'stands in the header' "$(jq -r 'select(.kind == "smelt").name' "$tmp/out")" \
	other-name
def 2 'a name that is none' --name 'Other Name'

# Nothing has a tag.
sed -i 's/, tags: [^]]*\]//' "$tmp/api.yaml"
smelt-intake -q "$tmp/api.yaml" | smelt-ast -q >"$tmp/ast"
run 0 'without tags' smelt-tooldef -q --list-tags "$tmp/ast"
is 'one line' "$(cat "$tmp/out")" "$(printf 'api\t7\t8\tnull')"
def 2 'a tag' --tag x
like 'is told' "$(cat "$tmp/err")" 'tags are: none$'
done_testing
