#!/bin/sh
# --overlay: the document is changed by overlays, and kept beside them.
. tests/lib.sh
need jq

cat >"$tmp/api.yaml" <<'EOF2'
openapi: 3.0.3
info: {title: Old, version: "1"}
servers: [{url: 'https://h.example'}]
paths:
  /a:
    get: {operationId: getA, responses: {'200': {description: ok}}}
EOF2
# overlay NAME ACTIONS: one with these
overlay() {
	printf 'overlay: 1.0.0\ninfo: {title: o, version: "1"}\nactions:\n%s\n' \
		"$2" >"$tmp/$1"
}
field() {
	jq -c "select(.kind==\"source\")|$1" "$tmp/out"
}

overlay o.yaml '  - {target: $.info, update: {title: New}}'
overlay p.yaml '  - {target: $.info, update: {title: Newer, version: "2"}}'
run 0 'two overlays' smelt-intake -q --overlay "$tmp/o.yaml" \
	--overlay "$tmp/p.yaml" "$tmp/api.yaml"
is 'in their order' "$(field '[.title,.version,.overlays]')" \
	'["Newer","2",["o.yaml","p.yaml"]]'
is 'all are files' "$(jq -r 'select(.kind=="file")|.path+" "+.language' "$tmp/out")" \
	'api.yaml openapi
o.yaml yaml
p.yaml yaml'
jq -j 'select(.path=="api.yaml").text' "$tmp/out" >"$tmp/text"
same 'the document is as it was' "$tmp/text" "$tmp/api.yaml"
ok 'by the schemas' node tests/records/validate.mjs "$tmp/out"
cp "$tmp/out" "$tmp/one"
run 0 'the other order' smelt-intake -q --overlay "$tmp/p.yaml" \
	--overlay "$tmp/o.yaml" "$tmp/api.yaml"
is 'is another document' "$(field .title)" '"New"'
run 0 'without' smelt-intake -q "$tmp/api.yaml"
is 'nothing is said of them' "$(field 'has("overlays")')" false
mkdir "$tmp/else"
cp "$tmp/o.yaml" "$tmp/p.yaml" "$tmp/api.yaml" "$tmp/else"
(cd "$tmp/else" && smelt-intake -q --overlay o.yaml --overlay p.yaml api.yaml) >"$tmp/two"
same 'the same bytes from another place' "$tmp/two" "$tmp/one"
mkdir "$tmp/ov"
cp "$tmp/o.yaml" "$tmp/ov/api.yaml"
run 0 'a name that is taken' smelt-intake -q --overlay "$tmp/ov/api.yaml" "$tmp/api.yaml"
is 'gets a folder' "$(field .overlays)" '["overlays/1/api.yaml"]'
(cd "$tmp" && smelt-intake -q --overlay o.yaml) <"$tmp/api.yaml" >"$tmp/out"
is 'a document on stdin' "$(field .title)" '"New"'

# what an overlay refers to is read, from the document's directory
printf 'C: {type: object}\n' >"$tmp/c.yaml"
overlay r.yaml '  - {target: $, update: {components: {schemas: {C: {$ref: "c.yaml#/C"}}}}}'
mv "$tmp/r.yaml" "$tmp/ov/"
run 0 'a reference' smelt-intake -q --overlay "$tmp/ov/r.yaml" "$tmp/api.yaml"
is 'is followed' "$(jq -r 'select(.kind=="file").path' "$tmp/out")" 'api.yaml
c.yaml
r.yaml'
sed -i 's/c\.yaml/https:\/\/x.example\/c/' "$tmp/ov/r.yaml"
run 2 'a remote one' smelt-intake -q --overlay "$tmp/ov/r.yaml" "$tmp/api.yaml"
like 'is refused where it stands' "$(cat "$tmp/err")" \
	'ov/r\.yaml:4:[0-9]+: error: reference .* is remote|^r\.yaml:4:[0-9]+: error: reference .* is remote'

# digests and keys
key() {
	smelt-intake --key "$@"
}
a=$(key --overlay "$tmp/o.yaml" "$tmp/api.yaml")
is 'a key is the same again' "$(key --overlay "$tmp/o.yaml" "$tmp/api.yaml")" "$a"
if [ "$a" = "$(key "$tmp/api.yaml")" ]; then
	fail 'an overlay is in the key'
else
	pass 'an overlay is in the key'
fi
config() {
	smelt-intake -q --overlay "$1" "$tmp/api.yaml" |
		jq -r 'select(.kind=="smelt").chain[0].config'
}
b=$(config "$tmp/o.yaml")
echo '# more' >>"$tmp/o.yaml"
unlike 'a changed overlay changes the key' "$(key --overlay "$tmp/o.yaml" "$tmp/api.yaml")" "$a"
unlike 'and the configuration' "$(config "$tmp/o.yaml")" "$b"

# refuse NAME REGEX ACTION
refuse() {
	overlay bad.yaml "$3"
	run 2 "$1" smelt-intake -q --overlay "$tmp/bad.yaml" "$tmp/api.yaml"
	like 'is told where' "$(cat "$tmp/err")" "^bad\.yaml:$2"
}
refuse 'no JSONPath' "4:14: error: JSONPath, character 1: '.' is expected" '  - {target: info, update: {}}'
refuse 'a slice' '4:14: error: JSONPath, character 4: slices' "  - {target: '\$[0:1]', update: {}}"
refuse 'a function' '4:14: error: JSONPath, character 10: functions' "  - {target: '\$[?length(@.a) == 1]', update: {}}"
refuse 'less than' '4:14: error: .*only == and !=' "  - {target: '\$[?@.a < 1]', update: {}}"
refuse 'a primitive' '4:14: error: .*neither object nor array' "  - {target: \$.info.title, update: {a: 1}}"
refuse 'an object and a string' '4:14: error: .*the update is none' "  - {target: \$.info, update: x}"
refuse 'no target' '1:1: error: an action needs a target|4:.*' '  - {update: {}}'
refuse 'no verb' "4:14: error: an action needs 'update'" "  - {target: \$.info}"
refuse 'all of it removed' '4:14: error: the whole document' "  - {target: \$, remove: true}"
refuse 'another version of OpenAPI' '4:43: error: OpenAPI 4\.0\.0 is not read' "  - {target: '\$',       update: {openapi: 4.0.0}}"
refuse '1.1' "4:27: error: 'copy'" "  - {target: \$.info,      copy: \$.paths}"
printf 'overlay: 2.0.0\n' >"$tmp/bad.yaml"
run 2 'another version' smelt-intake --overlay "$tmp/bad.yaml" "$tmp/api.yaml"
like 'is told' "$(cat "$tmp/err")" 'bad\.yaml:1:10: error: of OpenAPI Overlay, only'
printf 'a: [\n' >"$tmp/bad.yaml"
run 2 'no YAML' smelt-intake --overlay "$tmp/bad.yaml" "$tmp/api.yaml"
like 'is told' "$(cat "$tmp/err")" 'bad\.yaml:[0-9]+:[0-9]+: error: '
run 2 'not there' smelt-intake --overlay "$tmp/nowhere.yaml" "$tmp/api.yaml"
run 2 'a URL' smelt-intake --overlay https://h.example/o.yaml "$tmp/api.yaml"
like 'is told' "$(cat "$tmp/err")" 'an overlay is a file, not a URL'
run 2 'a directory' smelt-intake --overlay "$tmp/o.yaml" "$tmp/ov"
like 'has no document' "$(cat "$tmp/err")" 'overlay needs an OpenAPI document'
overlay none.yaml '  - {target: $.paths.*.put, remove: true}'
run 0 'what selects nothing' smelt-intake -q --overlay "$tmp/none.yaml" "$tmp/api.yaml"
run 0 'is a warning' smelt-intake --overlay "$tmp/none.yaml" "$tmp/api.yaml"
like 'with its place' "$(cat "$tmp/err")" 'none\.yaml:4:14: warning: the target selects nothing'

# hostile: bounded, with a place
python3 - "$tmp" <<'EOF2'
import json, sys
tmp = sys.argv[1]
def put(name, actions):
    json.dump({"overlay": "1.0.0", "info": {}, "actions": actions}, open(f"{tmp}/{name}", "w"))
big = {f"k{i}": "x" * 1000 for i in range(1000)}
put("big.json", [{"target": "$..[?@.responses]", "update": {"x": big}}])
put("twice.json", [{"target": "$..[?@.a]", "update": {"b": {"a": 1}, "c": {"a": 1}, "d": {"a": 1}, "e": {"a": 1}}}] * 200)
put("wide.json", [{"target": "$..*", "update": big}])
put("long.json", [{"target": "$" + ".a" * 100000, "update": {}}])
put("parts.json", [{"target": "$" + ".a" * 300, "update": {}}])
put("paren.json", [{"target": "$[?" + "(" * 2000 + "@.a" + ")" * 2000 + "]", "update": {}}])
put("many.json", [{"target": "$" + "..*" * 200, "remove": False, "update": {}}])
put("deep.json", [{"target": "$.info", "update": {"x": json.loads('{"a":' * 200 + "1" + "}" * 200)}},
                  {"target": "$.info.x" + ".a" * 199, "update": json.loads('{"a":' * 200 + "1" + "}" * 200)}])
doc = {"openapi": "3.0.3", "info": {"title": "t", "version": "1"},
       "paths": {f"/{i}": {"get": {"a": {"type": "x"}, "responses": {"200": {"description": "ok"}}}} for i in range(500)}}
json.dump(doc, open(f"{tmp}/doc.json", "w"))
EOF2
for case in 'big;grows too large' 'twice;too large|more than 1000000' 'long;more than 4096 bytes' 'parts;too many parts' \
	'paren;nested too deep' 'deep;too large or too deep' 'wide;neither object nor array'; do
	run 2 "hostile: ${case%;*}" timeout 60 smelt-intake -q --overlay "$tmp/${case%;*}.json" "$tmp/doc.json"
	like 'has a place' "$(cut -c1-300 "$tmp/err")" "${case%;*}\.json:1:[0-9]+: error: .*(${case#*;})"
done
run 0 'hostile: many descents' timeout 60 smelt-intake -q --overlay "$tmp/many.json" "$tmp/doc.json"
set --
for _ in 1 2 3 4 5 6 7 8 9 10 11; do
	for _ in a b c d e f g h i j; do
		set -- "$@" --overlay "$tmp/o.yaml"
	done
done
run 2 'more overlays than are read' smelt-intake "$@" "$tmp/api.yaml"
like 'is told' "$(cat "$tmp/err")" 'more than 100 overlays'
python3 - "$tmp/slow.json" <<'EOF2'
import json, sys
json.dump({"overlay": "1.0.0", "info": {}, "actions":
           [{"target": "$..*..none", "remove": True}] * 200000}, open(sys.argv[1], "w"))
EOF2
run 2 'actions that select nothing, slowly' timeout 120 smelt-intake -q --overlay "$tmp/slow.json" "$tmp/doc.json"
like 'have an end' "$(cut -c1-200 "$tmp/err")" 'slow\.json:1:[0-9]+: error: the actions are too much work'
done_testing
