#!/bin/sh
# One document as several servers, several documents as one; options of stages.
. tests/lib.sh
need jq
export XDG_CONFIG_HOME="$tmp/config"

cat >"$tmp/shop.yaml" <<'EOF2'
openapi: 3.0.3
info: {title: Shop, version: "1.2.3"}
servers: [{url: 'https://shop.example.com/v1'}]
paths:
  /pets:
    get: {operationId: listPets, summary: List pets, tags: [Pets, Store], responses: {'200': {description: ok}}}
    post: {operationId: addPet, summary: Add a pet, tags: [Pets], responses: {'200': {description: ok}}}
  /orders:
    get: {operationId: listOrders, summary: List orders, tags: ['store/orders', Pets], responses: {'200': {description: ok}}}
  /orders2:
    get: {operationId: moreOrders, summary: List more orders, tags: ['Store Orders!'], responses: {'200': {description: ok}}}
  /health:
    get: {operationId: health, summary: Is it well, responses: {'200': {description: ok}}}
  /old:
    get: {operationId: old, summary: Old, deprecated: true, tags: [Old], responses: {'200': {description: ok}}}
EOF2
run 0 'a server for each tag' smelt --split-by-tag "$tmp/shop.yaml" -o "$tmp/dir"
(cd "$tmp/dir" && find . -mindepth 1 -maxdepth 1 -type d | sort) >"$tmp/dirs"
is 'they lie beside each other' "$(sed 's/-[0-9a-f]\{4\}$/-#/' "$tmp/dirs" |
	tr '\n' ' ')" './pets ./shop ./store-orders-# ./store-orders-# '
is 'each operation is in one of them' "$(for i in "$tmp"/dir/*/tools.json; do
	jq -r '.tools[].name' "$i"
done | LC_ALL=C sort | tr '\n' ' ')" 'add_pet health list_orders list_pets more_orders '
is 'by its first tag' "$(jq -r '.tools[].name' "$tmp/dir/pets/tools.json" |
	tr '\n' ' ')" 'list_pets add_pet '
is 'what has none is in the one of the name' \
	"$(jq -r '.tools[].name' "$tmp/dir/shop/tools.json")" health
for i in pets shop; do
	is "$i: is called so" "$(jq -c '.server | [.name, .title, .version]' \
		"$tmp/dir/$i/server/bindings.json")" "[\"$i\",\"Shop\",\"1.2.3\"]"
	ok "$i: the records have their form" node tests/records/validate.mjs \
		"$tmp/dir/$i/artifact.jsonl"
	ok "$i: is signed" smelt-attest -q --verify "$tmp/dir/$i/dist" \
		--key "$XDG_CONFIG_HOME/smelt/smelt.key.pub"
	is "$i: all is accounted for" "$(jq -r 'select(.kind == "tool" or
		.kind == "skip") | .callable' "$tmp/dir/$i/artifact.jsonl" |
		sort -u | grep -c .)" 6
done
is 'intake and ast ran once' "$(grep -c '^smelt-ast: OpenAPI: 6 operations' "$tmp/err")" 1
like 'the summary says where all is' "$(cat "$tmp/err")" \
	'^smelt: 4 servers: 6 operations, each in one of them, 5 are tools$'
like 'and what has no server' "$(cat "$tmp/err")" \
	'^smelt: .*/dir/old: 0 of 1 operations: no server$'
is 'nothing but servers is left' "$(cd "$tmp/dir" && echo .[!.]*)" \
	'.gitignore .servers .smelt'
cp -r "$tmp/dir" "$tmp/first"
run 0 'the same again' smelt -q --split-by-tag "$tmp/shop.yaml" -o "$tmp/dir"
ok 'is the same' diff -r -x dist -x artifact.jsonl "$tmp/first" "$tmp/dir"

# Tags come and go.
sed -i 's/tags: \[Pets\(, Store\)*\]/tags: [Animals]/' "$tmp/shop.yaml"
echo 'edited' >"$tmp/dir/pets/server/handlers/mine.py"
run 0 'a tag that is no more' smelt --split-by-tag "$tmp/shop.yaml" -o "$tmp/dir"
ok 'its successor is there' test -f "$tmp/dir/animals/dist/VERIFY.txt"
absent 'nothing signed is left of it' "$tmp/dir/pets/dist"
ok 'what a person wrote is' test -f "$tmp/dir/pets/server/handlers/mine.py"
like 'which is said' "$(cat "$tmp/err")" 'dir/pets: is no server of this run any more'
run 0 'and all in one, there' smelt -q "$tmp/shop.yaml" -o "$tmp/dir"
absent 'leaves nothing signed of the others' "$tmp/dir/animals/dist"
is 'and is all' "$(jq '.tools | length' "$tmp/dir/tools.json")" 5

# A server that breaks, a verdict that is no.
run 2 'a stage breaks' smelt --split-by-tag "$tmp/shop.yaml" -o "$tmp/broken" \
	-W score,--no-such-option
absent 'nothing is left' "$tmp/broken"
run 1 'a verdict is no' smelt --split-by-tag "$tmp/shop.yaml" -o "$tmp/no" \
	--min-grade A
ok 'all reports are there' test -f "$tmp/no/animals/report.html" -a \
	-f "$tmp/no/shop/report.html"
absent 'nothing is signed' "$tmp/no/animals/dist"
printf 'openapi: 3.0.0\npaths: {}\n' >"$tmp/nothing.yaml"
run 2 'no operations' smelt -q --split-by-tag "$tmp/nothing.yaml" -o "$tmp/x"
sed 's/^    \(get\|post\): {/&deprecated: true, /' "$tmp/shop.yaml" |
	sed 's/deprecated: true, summary: Old, deprecated: true/deprecated: true/;
		s/, deprecated: true, tags: \[Old\]/, tags: [Old]/' >"$tmp/old.yaml"
run 2 'no tools' smelt -q --split-by-tag "$tmp/old.yaml" -o "$tmp/x"
like 'is said' "$(cat "$tmp/err")" 'no operation of any tag can be a tool'
run 2 '--tag beside it' smelt --split-by-tag --tag Pets "$tmp/shop.yaml" -o "$tmp/x"
absent 'nothing is made' "$tmp/x"

# Options that reach their stage.
run 0 '--tag, --untagged' smelt -q --tag Animals --untagged "$tmp/shop.yaml" \
	-o "$tmp/some" --unsigned
is 'choose' "$(jq -r '.tools[].name' "$tmp/some/tools.json" | tr '\n' ' ')" \
	'list_pets add_pet health '
run 0 '--max-tools' smelt -q --max-tools 2 "$tmp/shop.yaml" -o "$tmp/some" --unsigned
is 'is held' "$(jq '.tools | length' "$tmp/some/tools.json")" 2
run 0 '--max-tokens' smelt -q --max-tokens 150 "$tmp/shop.yaml" -o "$tmp/some" --unsigned
ok 'is held' jq -se 'map(select(.kind == "tool").tokens) | add <= 150' \
	"$tmp/some/artifact.jsonl"
cat >"$tmp/ours.yaml" <<'EOF2'
overlay: 1.0.0
info: {title: Less, version: 1.0.0}
actions:
  - target: $.paths['/orders']
    remove: true
EOF2
sed 's/orders/health/; s/Less/Lesser/' "$tmp/ours.yaml" >"$tmp/more.yaml"
run 0 '--overlay, twice' smelt -q --overlay "$tmp/ours.yaml" \
	--overlay "$tmp/more.yaml" "$tmp/shop.yaml" -o "$tmp/some" --unsigned
is 'changes the document' "$(jq -r '.tools[].name' "$tmp/some/tools.json" |
	tr '\n' ' ')" 'list_pets add_pet more_orders '
run 0 '--fix-overlay' smelt -q --fix-overlay "$tmp/fixes.yaml" "$tmp/shop.yaml" \
	-o "$tmp/some" --unsigned
like 'is written' "$(cat "$tmp/fixes.yaml")" '^overlay: 1\.'

# Several documents in one server.
cp examples/openapi/library.yaml "$tmp/library.yaml"
run 0 'two documents' smelt "$tmp/shop.yaml" "$tmp/library.yaml" -o "$tmp/both" \
	--name both
is 'are one server' "$(jq -c '[.server.name, ([.bindings[].binding.document] |
	unique)]' "$tmp/both/server/bindings.json")" '["both",["library","shop"]]'
ok 'the records have their form' node tests/records/validate.mjs \
	"$tmp/both/artifact.jsonl"
ok 'the signatures hold' smelt-attest -q --verify "$tmp/both/dist" \
	--key "$XDG_CONFIG_HOME/smelt/smelt.key.pub"
run 0 'and several again' smelt -q --split-by-tag "$tmp/shop.yaml" \
	"$tmp/library.yaml" -o "$tmp/each" --name both --unsigned
ok 'by the tags of both' test -d "$tmp/each/animals" -a -d "$tmp/each/catalogue"
run 2 'a directory beside a document' smelt -q "$tmp/shop.yaml" examples/flask \
	-o "$tmp/x"
absent 'is nothing' "$tmp/x"
done_testing
