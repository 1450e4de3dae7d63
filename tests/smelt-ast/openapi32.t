#!/bin/sh
# OpenAPI 3.2: what is new in it reaches the records and the tools.
. tests/lib.sh
need jq

# tools: the artifact of $tmp/a.yaml in $tmp/out, with tools, valid
tools() {
	smelt-intake -q "$tmp/a.yaml" >"$tmp/in"
	if ! smelt-ast "$tmp/in" >"$tmp/ast" 2>"$tmp/err"; then
		cat "$tmp/err"
		return 1
	fi
	smelt-tooldef -q "$tmp/ast" >"$tmp/out"
	node tests/records/validate.mjs "$tmp/out"
}
q() {
	jq -c "$1" "$tmp/out"
}
# the binding of the tool $1
binding() {
	q "select(.kind==\"tool\" and .name==\"$1\").binding|$2"
}

cat >"$tmp/a.yaml" <<'EOF2'
openapi: 3.2.0
$self: https://example.org/api
info: {title: T, version: '1'}
servers: [{url: 'https://api.example.org', name: main}]
tags:
  - {name: inner, summary: Inner, description: d, parent: outer, kind: nav}
  - {name: outer}
paths:
  /books:
    query:
      operationId: findBooks
      requestBody: {required: true, content: {application/json: {schema: {type: object, properties: {word: {type: string}}}}}}
      responses: {'200': {summary: the books, content: {application/json: {schema: {type: object}}}}}
    additionalOperations:
      COPY: {operationId: copyBooks, responses: {'204': {description: done}}}
      purge-all: {responses: {'204': {description: done}}}
      TRACK: {operationId: track, responses: {'204': {description: done}}}
      POST: {operationId: notHere, responses: {'204': {description: done}}}
      'BAD METHOD': {operationId: nor, responses: {'204': {description: done}}}
  /search:
    get:
      operationId: search
      parameters:
        - in: querystring
          required: true
          description: all of the query
          content:
            application/x-www-form-urlencoded:
              schema: {type: object, properties: {text: {type: string}, ids: {type: array, items: {type: integer}}}}
              encoding: {ids: {style: pipeDelimited, explode: false, x-gone: 1}}
        - {name: theme, in: cookie, style: cookie, schema: {type: string}, examples: {one: {dataValue: dark, serializedValue: theme=dark}}}
        - {name: plain, in: cookie, schema: {type: string}}
      responses: {'200': {$ref: '#/components/responses/R', description: found}}
  /selector:
    get:
      operationId: select
      parameters: [{name: path, in: querystring, content: {application/jsonpath: {$ref: '#/components/mediaTypes/Path'}}}]
      responses: {'200': {description: found, content: {text/event-stream: {itemSchema: {type: object, required: [data]}}}}}
  /log:
    post:
      operationId: log
      requestBody:
        content: {application/jsonl: {itemSchema: {$ref: '#/components/schemas/Line'}}}
      responses: {'204': {description: done}}
  /parts:
    post:
      operationId: parts
      requestBody:
        content:
          multipart/mixed:
            itemSchema: {type: string}
            prefixEncoding: [{contentType: text/plain}]
            itemEncoding: {contentType: image/png, headers: {}}
      responses: {'204': {description: done}}
components:
  mediaTypes: {Path: {schema: {type: string}}}
  responses: {R: {description: own, content: {application/json: {schema: {type: object}}}}}
  schemas: {Line: {type: object, properties: {text: {type: string}}, required: [text]}}
  securitySchemes:
    device:
      type: oauth2
      deprecated: true
      oauth2MetadataUrl: https://example.org/.well-known/oauth-authorization-server
      flows: {deviceAuthorization: {deviceAuthorizationUrl: 'https://example.org/d', tokenUrl: 'https://example.org/t', scopes: {}}}
EOF2
ok 'a document of 3.2' tools
like 'methods are counted' "$(cat "$tmp/err")" '8 operations \(get 2, post 2, query 1, others 3\)'
is 'methods as they are sent' "$(q 'select(.kind=="callable" and .route.path=="/books")|[.id,.route.method]')" \
	'["a.yaml#findBooks","QUERY"]
["a.yaml#copyBooks","COPY"]
["a.yaml#purge-all /books","purge-all"]
["a.yaml#track","TRACK"]'
for bad in "a.yaml:18:7: warning: 'POST'" "a.yaml:19:7: warning: 'BAD METHOD'"; do
	like "$bad" "$(cat "$tmp/err")" "$bad is no further method: left out"
done
is 'what can not be sent is no tool' "$(q 'select(.kind=="skip" and .name=="track")|[.reason,.text]')" '["unsupported","method TRACK"]'
is 'QUERY is safe' "$(q 'select(.kind=="tool" and .name=="find_books")|[.annotations.readOnlyHint,.annotations.idempotentHint,.binding.method,.binding.body.mediaType]')" \
	'[true,true,"QUERY","application/json"]'
is 'what nobody knows is not' "$(q 'select(.kind=="tool" and .name=="copy_books")|[.annotations.readOnlyHint,.annotations.destructiveHint,.binding.idempotent]')" \
	'[false,true,false]'
is 'a tool without an id goes by method and path' "$(q 'select(.kind=="tool" and .binding.method=="purge-all").name')" '"purge_all_books"'
is 'a querystring parameter' "$(q 'select(.kind=="callable" and .name=="search").parameters[0]')" \
	'{"name":"querystring","in":"querystring","required":true,"schema":{"type":"object","properties":{"text":{"type":"string"},"ids":{"type":"array","items":{"type":"integer"}}}},"doc":"all of the query","contentType":"application/x-www-form-urlencoded","encoding":{"ids":{"style":"pipeDelimited","explode":false}}}'
is 'is bound as one argument' "$(binding search '.parameters[0]')" \
	'{"argument":"querystring","name":"querystring","in":"querystring","contentType":"application/x-www-form-urlencoded","encoding":{"ids":{"style":"pipeDelimited","explode":false}}}'
is 'of another media type, by reference' "$(binding select '.parameters')" \
	'[{"argument":"path","name":"path","in":"querystring","contentType":"application/jsonpath"}]'
is 'cookies by either style' "$(binding search '[.parameters[1:][]|[.name,.style,.explode]]')" '[["theme","cookie",true],["plain","form",true]]'
is 'examples by dataValue' "$(q 'select(.kind=="callable" and .name=="search").parameters[1].schema')" '{"type":"string","examples":["dark"]}'
is 'texts of responses' "$(q 'select(.kind=="callable" and .responses[0].doc!="done").responses[0].doc')" '"the books"
"found"
"found"'
is 'itemSchema is that of an array' "$(q 'select(.kind=="callable" and .name=="log").body.content')" \
	'[{"mediaType":"application/jsonl","schema":{"type":"array","items":{"$ref":"#/$defs/Line"}}}]'
is 'and an argument of values, one a line' "$(q 'select(.kind=="tool" and .name=="log").inputSchema.properties.body')" \
	'{"type":"array","items":{"$ref":"#/$defs/Line"}}'
is 'also of a response' "$(q 'select(.kind=="callable" and .name=="select").responses[0].content[0].schema.type')" '"array"'
is 'of parts by position, too' "$(q 'select(.kind=="callable" and .name=="parts").body.content[0]|del(.mediaType)')" \
	'{"schema":{"type":"array","items":{"type":"string"}},"prefixEncoding":[{"contentType":"text/plain"}],"itemEncoding":{"contentType":"image/png"}}'
is 'an argument with a part each' "$(q 'select(.kind=="tool" and .name=="parts")|[.inputSchema.properties.body.type,.binding.body]')" \
	'["array",{"mediaType":"multipart/mixed","required":false,"mode":"argument","argument":"body","prefixEncoding":[{"contentType":"text/plain"}],"itemEncoding":{"contentType":"image/png"}}]'
is 'names of servers and tags' "$(q 'select(.kind=="unit").openapi|[.servers,.tags]')" \
	'[[{"url":"https://api.example.org","name":"main"}],[{"name":"inner","summary":"Inner","description":"d","parent":"outer","kind":"nav"},{"name":"outer"}]]'
is 'security schemes whole' "$(q 'select(.kind=="unit").openapi.securitySchemes.device|[.deprecated,(.flows|keys)]')" '[true,["deviceAuthorization"]]'

mutate "$tmp/a.yaml" "$tmp/b.yaml" 's/^openapi: 3.2.0/openapi: 3.9.1-beta/'
run 0 'a later version is read' sh -c 'smelt-intake -q "$1" | smelt-ast -o "$2"' - "$tmp/b.yaml" "$tmp/x"
like 'as the latest known, which is said' "$(cat "$tmp/err")" 'b.yaml:1:10: warning: OpenAPI 3.9.1-beta is newer than what is known: read as 3.2'
like 'with what 3.2 has' "$(cat "$tmp/err")" 'query 1, others 3'
mutate "$tmp/a.yaml" "$tmp/b.yaml" 's/^openapi: 3.2.0/openapi: 3.1.0/; s/^.self.*//'
run 0 'before 3.2' sh -c 'smelt-intake -q "$1" | smelt-ast -o "$2"' - "$tmp/b.yaml" "$tmp/x"
like 'path items have neither' "$(cat "$tmp/err")" '4 operations \(get 2, post 2\)'
for version in 4.0.0 3.x 3 '"3."'; do
	sed "s/^openapi: 3.2.0/openapi: $version/" "$tmp/a.yaml" >"$tmp/b.yaml"
	run 2 "version $version" smelt-intake "$tmp/b.yaml"
done

# what a querystring parameter may not be
cat >"$tmp/a.yaml" <<'EOF2'
openapi: 3.2.0
info: {title: T, version: '1'}
servers: [{url: 'https://api.example.org'}]
paths:
  /a: {get: {parameters: [{name: q, in: querystring, schema: {type: string}}], responses: {}}}
  /b:
    get:
      parameters: [{name: q, in: querystring, content: {text/plain: {schema: {type: string}}}}, {name: k, in: query, schema: {type: string}}]
      responses: {}
EOF2
ok 'odd ones' tools
is 'without content it costs its operation' "$(q 'select(.kind=="skip")|[.reason,.text]')" '["invalid","querystring parameter without content"]'
like 'beside a query parameter: said' "$(cat "$tmp/err")" "a.yaml:8:[0-9]+: warning: query parameter 'k' beside a querystring parameter: both are sent"
done_testing
