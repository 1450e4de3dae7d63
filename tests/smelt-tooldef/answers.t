#!/bin/sh
# Answers, annotations, security: what a tool promises and may do.
. tests/lib.sh
. tests/smelt-tooldef/defs.sh
need jq

document a.yaml <<'EOF2'
paths:
  /object: {get: {operationId: object, responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}, '404': {description: No such thing here}}}}
  /array: {get: {operationId: array, responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}}}}}
  /two: {get: {operationId: two, responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}, '201': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Other'}}}}}}}
  /empty: {get: {operationId: empty, responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}, '204': {description: nothing}}}}
  /any: {get: {operationId: any, responses: {'200': {description: ok, content: {application/json: {schema: {}}}}}}}
  /csv: {get: {operationId: csv, responses: {'200': {description: ok, content: {text/csv: {schema: {type: string}}}}}}}
  /fault: {get: {operationId: fault, responses: {default: {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}}}
components:
  schemas:
    Thing:
      type: object
      required: [id, word]
      additionalProperties: false
      properties:
        id: {type: string, format: uuid, pattern: '^x', default: y}
        word: {type: string, writeOnly: true}
        part: {oneOf: [{type: string, maxLength: 3}, {$ref: '#/components/schemas/Thing'}]}
    Other: {type: object, properties: {a: {type: string}}}
EOF2
ok 'answers' define "$tmp/a.yaml" -q
sound 'answers'
is 'an object is the answer: its shape, no bounds' "$(t 'select(.name == "object").outputSchema')" \
	'{"type":"object","required":["id"],"properties":{"id":{"type":"string"},"part":{"anyOf":[{"type":"string"},{"$ref":"#/$defs/Thing"}]}},"$defs":{"Thing":{"type":"object","required":["id"],"properties":{"id":{"type":"string"},"part":{"anyOf":[{"type":"string"},{"$ref":"#/$defs/Thing"}]}}}}}'
is 'the rest is wrapped' "$(t 'select(.name == "array") | [.outputSchema.properties.result.type, .outputSchema.required, .binding.response]')" \
	'["array",["result"],{"mediaType":"application/json","wrap":"result"}]'
is 'two answers are a choice' "$(t 'select(.name == "two").outputSchema | [.type, .anyOf]')" \
	'["object",[{"$ref":"#/$defs/Thing"},{"$ref":"#/$defs/Other"}]]'
is 'no promise where an answer may be empty, anything, other than JSON, or an error' \
	"$(t 'select(.outputSchema | not) | [.name, .binding.response.mediaType]')" \
	'["empty","application/json"]
["any","application/json"]
["csv","text/csv"]
["fault",null]'

document b.yaml <<'EOF2'
security: [{b: [read], c: []}, {}]
paths:
  /a:
    get: {operationId: getA, summary: Read it}
    put: {operationId: putA, summary: Put it}
    post: {operationId: postA, summary: Add one}
    patch: {operationId: patchA, summary: Change it}
    delete: {operationId: deleteA, summary: Delete it}
    head: {operationId: headA, summary: Look}
    trace: {operationId: traceA, summary: Trace}
  /b:
    get: {operationId: deleteAllThings, security: [], summary: A GET that destroys}
    post: {operationId: removeTag, security: [{b: [write, read]}], summary: A POST that destroys}
components: {securitySchemes: {b: {type: http, scheme: bearer}, c: {type: apiKey, in: query, name: k}}}
EOF2
ok 'methods' define "$tmp/b.yaml" -q
sound 'methods'
is 'read only, destructive, idempotent, open world; safe to repeat' \
	"$(t '[.name, (.annotations | [.readOnlyHint, .destructiveHint, .idempotentHint, .openWorldHint]), .binding.idempotent]')" \
	'["get_a",[true,false,true,true],true]
["put_a",[false,true,true,true],true]
["post_a",[false,false,false,true],false]
["patch_a",[false,true,false,true],false]
["delete_a",[false,true,true,true],true]
["head_a",[true,false,true,true],true]
["delete_all_things",[false,true,false,true],false]
["remove_tag",[false,true,false,true],false]'
is 'security: none last, own, and none' "$(t 'select(.name | test("get_a|delete_all|remove")) | [.security, .permissions.scopes, .permissions.hosts, .permissions.effects]')" \
	'[[{"b":["read"],"c":[]},{}],["read"],["api.example"],["net"]]
[[],[],["api.example"],["net"]]
[[{"b":["write","read"]}],["read","write"],["api.example"],["net"]]'
is 'TRACE is no tool' "$(skips)" '["trace_a","unsupported","method TRACE"]'

# Words: the source's own, at most 1,024 characters of them.
words=$(printf 'This sentence has sixty characters, one after the other, ok. %.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20)
document c.yaml <<EOF2
paths:
  /a: {get: {operationId: a, summary: Find it, description: "Find it, and more.", responses: {'404': {description: Not Found}, '409': {description: "It is taken. Try another."}, '410': {description: Gone.}}}}
  /b: {get: {operationId: b, responses: {}}}
  /c: {get: {operationId: c, description: '$words', security: [{k: []}], responses: {'400': {description: '$words'}}}}
  /d: {get: {operationId: d, description: '$(printf 'ä%.0s' $(seq 1500))'}}
EOF2
ok 'words' define "$tmp/c.yaml"
sound 'words'
is 'said once, errors where there are words for them' "$(t 'select(.name == "a").description')" \
	'"Find it, and more.\nErrors: 409 It is taken."'
is 'method and path where there are none' "$(t 'select(.name == "b") | [.title, .description]')" '["B","Calls GET /b."]'
is 'cut behind a sentence' "$(t 'select(.name == "c").description | [length <= 1024, (.[-300:] | test("ok\\.\\nNeeds authorization\\. Errors: 400 This sentence"))]')" '[true,true]'
is 'or at a character' "$(t 'select(.name == "d").description | [length, .[-2:]]')" '[1024,"ä…"]'
like 'and that is said' "$(cat "$tmp/tools.err")" 'too long: 2 descriptions were cut'

# A schema that is too large is eased from the far end, an answer's left out.
python3 - >"$tmp/big.yaml" <<'EOF2'
import json
schemas = {f"T{i}": {"type": "object", "properties": {
    **{f"p{j}": {"type": "string", "description": "x" * 60} for j in range(20)},
    "next": {"$ref": f"#/components/schemas/T{i + 1}"}}} for i in range(80)}
schemas["T80"] = {"type": "string"}
json_of = lambda n: {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/T{n}"}}}}
print(json.dumps({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/a": {"post": {
    "operationId": "big", "requestBody": {"required": True, **json_of(0)},
    "responses": {"200": {"description": "ok", **json_of(0)}}}}}, "components": {"schemas": schemas}}))
EOF2
ok 'large schemas' define "$tmp/big.yaml"
sound 'large schemas'
is 'all arguments, no outputSchema, within the bound' "$(t '[(.inputSchema.properties | length), .outputSchema, (.inputSchema | tostring | length < 70000)]')" '[21,null,true]'
is 'the far end takes anything' "$(t '.inputSchema."$defs" | to_entries | map(select(.value == true)) | length')" 1
like 'and that is said' "$(cat "$tmp/tools.err")" '1 inputSchemas eased, 1 outputSchemas left out'
done_testing
