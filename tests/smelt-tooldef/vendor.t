#!/bin/sh
# What documents say for MCP themselves: x-mcp, x-speakeasy-mcp, x-internal,
# x-hidden.
. tests/lib.sh
. tests/smelt-tooldef/defs.sh
need jq

# paths NAME: a document of GETs, a line each: PATH ID EXTENSIONS
paths() {
	{
		[ "$#" -lt 2 ] || echo "$2"
		echo 'paths:'
		while read -r _path _id _more; do
			echo "  $_path: {get: {operationId: $_id, summary: S., description: D., $_more responses: {'204': {description: ok}}}}"
		done
	} | document "$1"
	define "$tmp/$1"
}
names() {
	t .name | tr -d '"' | tr '\n' ' '
}

paths kept.yaml <<'EOF2'
/a plain
/b internal x-internal: true,
/c hidden x-hidden: true,
/d shown x-hidden: false, x-internal: false,
/e off x-mcp: false,
/f disabled x-mcp: {disabled: true},
/g enabled x-mcp: {enabled: true},
/h notEnabled x-mcp: {enabled: false},
/i speakeasyOff x-speakeasy-mcp: {disabled: true},
/j speakeasyOn x-speakeasy-mcp: {disabled: false},
/k both x-mcp: true, x-speakeasy-mcp: {disabled: true},
/l nonsense x-mcp: [7], x-speakeasy-mcp: never, x-internal: 'yes',
/m odd x-mcp: {disabled: 'yes', name: 7, title: [], description: {}, scopes: all},
EOF2
ok 'the callables by their schema' node tests/records/validate.mjs "$tmp/ast"
is 'what becomes a tool' "$(names)" 'plain shown enabled speakeasy_on both nonsense odd '
is 'what does not, and why' "$(skips)" '["internal","internal","x-internal: true"]
["hidden","internal","x-hidden: true"]
["off","excluded","x-mcp: false"]
["disabled","excluded","x-mcp: disabled"]
["not_enabled","excluded","x-mcp: not enabled"]
["speakeasy_off","excluded","x-speakeasy-mcp: disabled"]'
is 'where nothing is said nothing is carried' \
	"$(jq -c 'select(.kind == "callable" and .mcp) | [.name, .mcp]' "$tmp/ast" | sed -n 1p)" '["off",{"disabled":"x-mcp: false"}]'
sound 'kept'

# The document and the path item speak for operations that say nothing.
{
	cat <<'EOF2'
x-mcp: false
paths:
  /a:
    get: {operationId: nothing, responses: {}}
    post: {operationId: own, x-mcp: true, responses: {}}
  /b:
    x-mcp: true
    get: {operationId: ofItem, responses: {}}
    post: {operationId: ownNo, x-speakeasy-mcp: {disabled: true}, responses: {}}
  /c:
    get: {operationId: named, x-mcp: {name: wanted}, responses: {}}
  /d:
    x-internal: true
    get: {operationId: inside, x-mcp: true, responses: {}}
EOF2
} | document levels.yaml
define "$tmp/levels.yaml"
is 'the nearest counts' "$(names)" 'own of_item wanted '
is 'the others' "$(skips)" '["nothing","excluded","x-mcp: false"]
["own_no","excluded","x-speakeasy-mcp: disabled"]
["inside","internal","x-internal: true"]'

paths words.yaml <<'EOF2'
/a listAll x-mcp: {name: find-Things, title: Find things, description: "Finds \"things\"."},
/b listB x-speakeasy-mcp: {name: b_list, description: From speakeasy., scopes: [read, admin]}, x-mcp: {title: Mine},
/c listC x-mcp: {name: '***'},
/d listD x-mcp: {name: list_c},
/e deleteAll x-mcp: {name: get_rid},
/f listF x-mcp: {name: ThisIsAVeryLongNameThatNoClientWouldEverTakeAsItIs},
/g listG x-mcp: {scopes: [read, write]},
EOF2
is 'names, in the profile' "$(t .name | sed 's/_[0-9a-f]\{4\}"/_N"/' | tr '\n' ' ')" \
	'"find_things" "b_list" "list_c_N" "list_c" "get_rid" "this_is_a_very_long_name_that_no_N" "list_g" '
is 'title and description' "$(t 'select(.name == "find_things" or .name == "b_list") | [.title, .annotations.title, .description]')" \
	'["Find things","Find things","Finds \"things\"."]
["Mine","Mine","From speakeasy."]'
is 'the others keep theirs' "$(t 'select(.name == "list_g") | [.title, .description]')" '["S.","S.\nD."]'
is 'a nicer name does not hide what is done' "$(t 'select(.name == "get_rid").annotations | [.readOnlyHint, .destructiveHint, .idempotentHint]')" \
	'[false,true,false]'
sound 'words'

echo 'include: ["scope:re*"]' >"$tmp/smelt.yaml"
smelt-tooldef -q -c "$tmp/smelt.yaml" "$tmp/ast" >"$tmp/tools"
is 'scopes select' "$(names)" 'b_list list_g '
cat >"$tmp/smelt.yaml" <<'EOF2'
exclude: ["scope:admin"]
tools: {find_things: {name: search, title: Ours, description: Our words.}}
EOF2
smelt-tooldef -q -c "$tmp/smelt.yaml" "$tmp/ast" >"$tmp/tools"
is 'and exclude' "$(skips)" '["b_list","excluded","scope:admin"]'
is 'smelt.yaml goes before the document' "$(t 'select(.name == "search") | [.title, .description]')" '["Ours","Our words."]'
long=$(printf 'Long words. %.0s' $(seq 200))
paths long.yaml <<EOF2
/a a x-mcp: {description: '$long', title: '$long'},
EOF2
sound 'long words'
done_testing
