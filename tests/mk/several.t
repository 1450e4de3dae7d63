#!/bin/sh
# Several documents in one server, one document in several servers.
. tests/mk/mk.sh

# doc FILE ID [TAG]: a document with one operation
doc() {
	mkdir -p "$p/$(dirname "$1")"
	printf '%s\n' 'openapi: 3.1.0' "info: {title: The $2, version: 1.0.0}" \
		"servers: [{url: 'https://$2.example/v1'}]" 'paths:' "  /$2:" '    get:' \
		"      operationId: list$2" "      summary: List the $2" \
		"      tags: [${3:-none}]" \
		'      responses: {"200": {description: The things}}' >"$p/$1"
}
project 'SMELT_SERVERS += both' 'SMELT_SOURCE.both = api/a.yaml api/b.yaml' \
	'SMELT_UNSIGNED = 1'
doc api/a.yaml apples
doc api/b.yaml berries
mk 0 'two documents' -j2
is 'each is in the server' "$(jq -r '.tools[].name' "$out/both/tools.json" |
	tr '\n' ' ')" 'listapples listberries '
is 'as a document of its own' "$(jq -c '[.bindings[].binding.document] | unique' \
	"$out/both/server/bindings.json")" '["a","b"]'
mk 0 'make again'
is 'nothing ran' "$(ran)" ''
mk 0 'and again, all at once' -j4
is 'nothing ran' "$(ran)" ''
later
touch "$p/api/a.yaml" "$p/api/b.yaml"
mk 0 'touched, not changed'
is 'nothing ran' "$(ran)" ''

# one of them changes
sed -i 's/^openapi: 3.1.0/& # a comment/' "$p/api/b.yaml"
mk 0 'why, when the second one changed' smelt-why
like 'its intake, and why' "$(cat "$tmp/out")" '^both/intake: changed: .*source.key$'
mk 0 'a comment in the second one'
is 'stops where nobody sees it' "$(ran)" 'both/ast both/attest both/gate1 both/intake'
sed -i 's/List the berries/List all berries/' "$p/api/b.yaml"
mk 0 'a word in the second one'
is 'all stages of that server' "$(ran)" "$(all both)"
sed -i 's/List the apples/List all apples/' "$p/api/a.yaml"
mk 0 'a word in the first one'
is 'all stages of that server' "$(ran)" "$(all both)"
mk 0 'another order' 'SMELT_SOURCE.both=api/b.yaml api/a.yaml'
like 'is another command' "$(ran)" 'both/intake'
mk 0 'back'
mk 0 'one document more' 'SMELT_SOURCE.both=api/a.yaml api/b.yaml library.yaml'
is 'is more tools' "$(jq '.tools | length' "$out/both/tools.json")" 11
mk 0 'back'
is 'is less' "$(jq '.tools | length' "$out/both/tools.json")" 2

# a document that is made by a rule, one that is not there
cp "$p/Makefile" "$tmp/Makefile"
sed '$d' "$tmp/Makefile" >"$p/Makefile"
cat >>"$p/Makefile" <<'EOF2'
SMELT_SOURCE.both = api/a.yaml api/made.yaml
include rules.mk
api/made.yaml: words
	sed 's/berries/cherries/g' api/b.yaml >$@
EOF2
echo 1 >"$p/words"
mk 0 'one of them is made'
like 'it is read' "$(cat "$out/both/tools.json")" listcherries
mk 0 'make again'
is 'nothing ran' "$(ran)" ''
later
echo 2 >"$p/words"
mk 0 'made again, the same'
is 'nothing ran' "$(ran)" ''
rm "$p/api/made.yaml" "$p/api/b.yaml"
mk 2 'it can not be made'
rm -f "$p/api/made.yaml"
doc api/b.yaml dates
mk 0 'now it can'
cp "$tmp/Makefile" "$p/Makefile"
mk 0 'as before'
rm "$p/api/b.yaml"
mk 2 'one is gone' -k
like 'which is said' "$(cat "$tmp/out" "$tmp/err")" "b.yaml"
doc api/b.yaml berries
printf 'openapi: 3.0.0\npaths: [\n' >"$p/api/b.yaml"
mk 2 'one is broken' -k
like 'where is said' "$(cat "$tmp/out" "$tmp/err")" 'api/b\.yaml:[0-9]+:[0-9]+: error'
doc api/b.yaml berries
mk 0 'mended'

# names that a shell would read
doc "api/it's \$(touch pwned).yaml" odd
mk 2 'a name with blanks is several' "SMELT_SOURCE.both=api/it's api/a.yaml"
absent 'nothing is run' "$p/pwned"

# --- by tag -----------------------------------------------------------------------
project 'SMELT_SERVERS = trees herbs rest' 'SMELT_SOURCE = garden.yaml' \
	'SMELT_TAG.trees = Trees' 'SMELT_TAG.herbs = herbs Weeds' \
	'SMELT_UNTAGGED.rest = 1' 'SMELT_UNSIGNED = 1'
cat >"$p/garden.yaml" <<'EOF2'
openapi: 3.1.0
info: {title: Garden, version: 1.0.0}
servers: [{url: 'https://garden.example/v1'}]
paths:
  /1: {get: {operationId: oak, summary: Read the oak, tags: [Trees, herbs], responses: {'200': {description: x}}}}
  /2: {get: {operationId: dill, summary: Read the dill, tags: [herbs], responses: {'200': {description: x}}}}
  /3: {get: {operationId: dock, summary: Read the dock, tags: [Weeds], responses: {'200': {description: x}}}}
  /4: {get: {operationId: shed, summary: Read the shed, responses: {'200': {description: x}}}}
EOF2
mk 0 'three servers of one document' -j2
for i in 'trees oak ' 'herbs dill dock ' 'rest shed '; do
	is "${i%% *}: its operations" "$(jq -r '.tools[].name' \
		"$out/${i%% *}/tools.json" | tr '\n' ' ')" "${i#* }"
done
mk 0 'make again'
is 'nothing ran' "$(ran)" ''
mk 0 'another tag for one' SMELT_TAG.trees=Weeds
is 'is its tooldef, and what follows' "$(ran)" "$(all trees |
	sed 's/trees.ast //; s/trees.intake //')"
mk 0 'back'
for i in trees herbs rest; do
	cp "$out/$i/tools.json" "$tmp/$i.json"
done
sed -i 's/the dock/all docks/' "$p/garden.yaml"
mk 0 'an operation of one server changed'
same 'the others offer what they did' "$tmp/trees.json" "$out/trees/tools.json"
same 'all of them' "$tmp/rest.json" "$out/rest/tools.json"
like 'the one another' "$(cat "$out/herbs/tools.json")" 'all docks'
mk 2 'a tag that nothing has' SMELT_TAG.trees=Roses
like 'those that are, are told' "$(cat "$tmp/out" "$tmp/err")" \
	"has the tag 'Roses'; tags are: Trees, herbs, Weeds"
# shellcheck disable=SC2016 # for make and the shell, which must not
mk 2 'a tag that a shell would run' 'SMELT_TAG.trees=`touch${IFS}pwned`'
absent 'nothing is run' "$p/pwned"
mk 0 'what there is' smelt-help
like 'is in the help' "$(cat "$tmp/out")" '^	TAG '
like 'and several documents' "$(cat "$tmp/out")" 'several OpenAPI documents'
done_testing
