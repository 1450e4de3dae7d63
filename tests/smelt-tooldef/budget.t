#!/bin/sh
# --max-tokens and --max-tools: what is made smaller, what is left out, in which
# order, and what never is.
. tests/lib.sh
. tests/smelt-tooldef/defs.sh
need jq

# operation PATH ID TAG MORE: a POST with all that can be made smaller
operation() {
	cat <<EOF2
  $1:
    post:
      operationId: $2
      tags: [$3]
      summary: Do $2
      description: |-
        Does $2 to the thing, e.g. at night. This second sentence is not needed by anybody.

        - nor is this list
      $4
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [mode, inner]
              properties:
                mode: {type: string, enum: [fast, slow], description: How it goes. Slow is slow., examples: [fast]}
                title: {type: string, maxLength: 9}
                amount: {type: integer, format: int64, maximum: 900}
                note: {type: string, format: date, maxLength: 256}
                left: {description: On this side. Here., type: object, properties: &side {x: {type: string, enum: [north, south]}, y: {type: number}}}
                right: {description: On that side. There., type: object, properties: *side}
                inner:
                  type: object
                  title: Inner
                  description: What is within. And much more of that.
                  required: [examples]
                  properties:
                    examples: {type: array, items: {type: string, description: An example. It shows things.}}
                    description: {type: integer, description: A number. A whole one., minimum: 3}
                    more: {\$ref: '#/components/schemas/More'}
                keep:
                  type: object
                  default: {title: Kept. Whole., description: One. Two., examples: [1, 2]}
                  properties: {a: {const: {title: Kept. Too.}}}
      responses:
        '200': {description: ok, content: {application/json: {schema: {\$ref: '#/components/schemas/Answer'}}}}
        '404': {description: There is no such thing in the store}
EOF2
}
{
	echo 'tags: [{name: last-but-first}, {name: second}]'
	echo 'paths:'
	operation /a oldThing last-but-first 'deprecated: true'
	operation /b thingOne second ''
	operation /c thingTwo unheard ''
	operation /d thingThree last-but-first ''
	operation /e thingFour second ''
	cat <<'EOF2'
  /f: {get: {operationId: small, responses: {'204': {description: ok}}}}
components:
  schemas:
    More: {type: object, properties: {x: {type: string, description: More of it. And more., enum: [One. Two., three]}}}
    Answer: {type: object, required: [sum], properties: {sum: {type: number, description: The sum. Of all.}}}
EOF2
} | document budget.yaml
define "$tmp/budget.yaml" --include-deprecated -v
cp "$tmp/tools" "$tmp/whole"
sound 'without a limit'
all=$(t .tokens | jq -s add)
small=$(t 'select(.name == "small").tokens')
like 'the count in all' "$(cat "$tmp/tools.err")" "smelt-tooldef: 6 tools, about $all tokens \\([0-9]+ without outputSchemas\\)"
like 'the count of each' "$(cat "$tmp/tools.err")" "tool small: $small tokens"
is 'nothing was compacted' "$(t '.compacted // empty')" ''

# limit OPTION...: again, in these limits
limit() {
	smelt-tooldef --include-deprecated -v "$@" "$tmp/ast" >"$tmp/tools" 2>"$tmp/tools.err"
}
# what may not change, of each tool: all but prose, examples, loose bounds and the
# answer; a reference means what it refers to
bare() {
	jq -c 'def inline($defs): if type == "object" and has("$ref")
			then $defs[."$ref" | ltrimstr("#/$defs/")] | inline($defs)
			elif type == "object" or type == "array" then map_values(inline($defs)) else . end;
		select(.kind == "tool") | [.name, .title, (.inputSchema | ."$defs" as $defs | del(."$defs") | inline($defs) |
		walk(if type == "object" then with_entries(select(
			((.key == "description" or .key == "title") and (.value | type) == "string" or
			.key == "examples" and (.value | type) == "array" or
			.key == "format" and .value == "int64" or .key == "maxLength" and .value == 256) | not)) else . end)),
		.annotations, (.binding | del(.response)), .permissions, .security]' "$1"
}
bare "$tmp/whole" >"$tmp/bare"
limit --max-tokens "$all"
sed 1d "$tmp/tools" >"$tmp/rest"
sed 1d "$tmp/whole" >"$tmp/want"
same 'a limit that is met changes nothing' "$tmp/rest" "$tmp/want"

# steps: which were done at any tool; done N: how often each
steps() {
	t '.compacted // [] | .[]' | sort -u | tr -d '"' | tr '\n' ',' | sed 's/,$//'
}
limit --max-tokens $((all - 1))
is 'one over: one outputSchema goes' "$(t 'select(.compacted).name') $(steps)" '"old_thing" outputSchema'
is 'and is not there' "$(t 'select(.compacted) | .outputSchema')" null
like 'it is said' "$(cat "$tmp/tools.err")" 'compacted to fit, by tools: 1 outputSchema$'
like 'of which tool' "$(cat "$tmp/tools.err")" 'note: compacted old_thing: outputSchema$'
sound 'one over'

# Ever smaller: the steps come in their order, each at all tools before the next.
order='outputSchema shared_schemas examples loose_bounds nested_descriptions description argument_descriptions all_nested_descriptions all_argument_descriptions'
last=0 max=$((all - 1)) good=1 seen=''
while limit --max-tokens "$max" && [ "$(t .name | wc -l)" -eq 6 ]; do
	got=$(t .tokens | jq -s add)
	[ "$got" -le "$max" ] || { good=0; note "$got is over $max"; }
	bare "$tmp/tools" | cmp -s - "$tmp/bare" || { good=0; note "another argument at $max"; }
	at=0 n=0
	for step in $order; do
		n=$((n + 1))
		if grep -q "\"compacted\":\\[[^]]*\"$(echo "$step" | tr _ ' ')\"" "$tmp/tools"; then
			at=$n
			[ "$step" = "${seen##* }" ] || seen="$seen $step"
		fi
	done
	[ "$at" -ge "$last" ] || { good=0; note "step $at behind $last at $max"; }
	last=$at
	max=$((got - 1))
done
ok 'at every limit: it is met, no argument, type, enumeration or requirement is lost' [ "$good" -eq 1 ]
is 'all steps were taken' "$(for step in $seen; do echo "$step"; done | awk '!s[$0]++' | tr '\n' ' ')" "$order "
limit --max-tokens "$((max + 1))"
sound 'as small as can be'
is 'what is left of the words' "$(t 'select(.name == "thing_one") | .description, [.inputSchema.properties | .mode.description,
	.inner.description, .inner.properties.description.description, .inner.properties.examples.items.description]')" \
	'"Do thingOne.\nDoes thingOne to the thing, e.g. at night."
[null,null,null,null]'
is 'of definitions, the shared one called by its first place' "$(t 'select(.name == "thing_one") | .inputSchema."$defs"')" \
	'{"More":{"type":"object","properties":{"x":{"type":"string","enum":["One. Two.","three"]}}},"left":{"type":"object","properties":{"x":{"type":"string","enum":["north","south"]},"y":{"type":"number"}}}}'
is 'a place that shares' "$(t 'select(.name == "thing_one") | .inputSchema.properties.right')" '{"$ref":"#/$defs/left"}'
is 'only loose bounds went' "$(t 'select(.name == "thing_one") | .inputSchema.properties | [.amount, .note, .title]')" \
	'[{"type":"integer","maximum":900},{"type":"string","format":"date"},{"type":"string","maxLength":9}]'
is 'values are no prose' "$(t 'select(.name == "thing_one") | .inputSchema.properties.keep | [.default, .properties.a.const]')" \
	'[{"title":"Kept. Whole.","description":"One. Two.","examples":[1,2]},{"title":"Kept. Too."}]'
is 'no examples, no titles of schemas, but properties that are called so' \
	"$(t 'select(.name == "thing_one") | .inputSchema.properties | [.mode.examples, .inner.title, .title.type, .inner.properties.examples.type]')" \
	'[null,null,"string","array"]'
is 'a deprecated one still says so' "$(t 'select(.name == "old_thing").description')" \
	'"Do oldThing.\nDoes oldThing to the thing, e.g. at night.\nDeprecated."'

# Then whole tools: deprecated, then the last tags, then the last of the source.
max=$(t .tokens | jq -s add) gone=''
for _n in 1 2 3 4; do
	limit --max-tools $((6 - _n))
	gone="$gone $(skips | jq -r 'select(.[1] == "limit")[0]' | tr '\n' ' ')/"
done
is 'what --max-tools leaves out' "$gone" \
	' old_thing / old_thing small / old_thing thing_two small / old_thing thing_two thing_four small /'
is 'why' "$(skips | grep old_thing)" '["old_thing","limit","2 tools go before it, and no more are wanted"]'
sound 'a few tools'
is 'the rest is whole' "$(t '.compacted // empty')" ''
limit --max-tokens "$((max - 1))"
is 'one token less: one tool less' "$(t .name | wc -l) $(skips | jq -c '.[:2]')" '5 ["old_thing","limit"]'
like 'with the numbers' "$(skips)" '"needs [0-9]+ tokens, and [0-9]+ of [0-9]+ are left"'
like 'in the summary' "$(cat "$tmp/tools.err")" '; 1 skipped: 1 limit$'
limit --max-tokens "$small"
is 'the smallest alone' "$(t .name)" '"small"'
run 2 'not even that' smelt-tooldef -o "$tmp/none" --max-tokens $((small - 1)) "$tmp/ast"
is 'the error has both numbers' "$(cat "$tmp/err")" \
	"smelt-tooldef: error: no tool fits into $((small - 1)) tokens: the smallest, small, needs $small (--max-tokens)"
absent 'no output' "$tmp/none"

# Patterns say what is wanted first; a description of one's own stays.
cat >"$tmp/smelt.yaml" <<'EOF2'
include: [thing_four, "*"]
tools: {thing_four: {description: "My own words. All of them."}}
EOF2
limit --config "$tmp/smelt.yaml" --max-tools 1 --max-tokens 300
is 'the order of include patterns' "$(t '[.name, .description]')" '["thing_four","My own words. All of them."]'
limit --max-tokens 900 --tools "$tmp/file"
cp "$tmp/tools" "$tmp/first"
limit --max-tokens 900 --tools "$tmp/file2"
same 'the same again' "$tmp/tools" "$tmp/first"
is '--tools has what was kept' "$(jq -c '[.tools[].name]' "$tmp/file")" "$(t .name | jq -sc .)"
unlike 'a limit is part of the config' "$(head -n 1 "$tmp/tools")" "$(head -n 1 "$tmp/whole" | sed 's/.*"config":"//')"
run 2 'no number' smelt-tooldef --max-tokens much "$tmp/ast"
limit --max-tokens 0 --max-tools 0
is 'zero is no limit' "$(t .name | wc -l)" 6

# The estimate against o200k_base of gpt-tokenizer 3.4.0, over the tools as they
# are served: compact JSON of golden/library.json and garden.json.
while read -r file real; do
	got=$(jq -s 'map(select(.kind == "tool").tokens) | add' "tests/smelt-tooldef/golden/$file")
	ok "$file: $got tokens, within 8 % of $real" [ $((got * 100 / real)) -ge 92 -a $((got * 100 / real)) -le 107 ]
done <"tests/smelt-tooldef/golden/tokens"

# More than 10 MiB in tools/list: clients would hang up.
awk 'BEGIN {
	print "openapi: 3.1.0\ninfo: {title: T, version: \"1\"}\nservers: [{url: \"https://api.example\"}]\npaths:"
	for (i = 0; i < 10; i++) words = words "Every word that is said here costs something; "
	for (i = 0; i < 8000; i++) {
		printf "  /p%d: {get: {operationId: op%d, description: D., parameters: [", i, i
		for (k = 0; k < 3; k++)
			printf "{name: a%d, in: query, description: \"First. %s\", schema: {type: string}}, ", k, words
		print "], responses: {\"204\": {description: ok}}}}"
	}
}' >"$tmp/huge.yaml"
smelt-intake -q "$tmp/huge.yaml" | smelt-ast -q >"$tmp/ast" 2>"$tmp/err"
run 0 'more than 10 MiB' smelt-tooldef -o "$tmp/large" "$tmp/ast"
like 'is warned of, with the ways out' "$(cat "$tmp/err")" \
	'huge\.yaml: warning: tools/list would have 8000 tools in 1[0-9]{7} bytes, .* cut the connection at 10485760 bytes: set --max-tokens .* --mode dynamic'
run 2 'no server lists them' smelt-codegen -o "$tmp/none" -d "$tmp/none.d" "$tmp/large"
like 'with the ways out' "$(cat "$tmp/err")" \
	'error: tools/list would have 8000 tools in 1[0-9]{7} bytes, .* 10485760 bytes: use --mode dynamic'
absent 'no artifact of it' "$tmp/none"
absent 'no directory' "$tmp/none.d"
run 0 'a dynamic server has them' smelt-codegen -q -m dynamic -d "$tmp/dynamic" -o "$tmp/none" "$tmp/large"
is 'all of them' "$(jq '.tools | length' "$tmp/dynamic/catalogue.json")" 8000
run 0 'and taken' smelt-tooldef --max-tokens 1000000 --tools "$tmp/file" -o "$tmp/tools" "$tmp/ast"
is 'with all tools' "$(t .name | wc -l)" 8000
ok 'in less than 10 MiB' [ "$(jq -c . "$tmp/file" | wc -c)" -lt 10485760 ]
done_testing
