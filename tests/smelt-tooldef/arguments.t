#!/bin/sh
# Parameters and bodies as one flat list of arguments, and the way back.
. tests/lib.sh
. tests/smelt-tooldef/defs.sh
need jq

document a.yaml <<'EOF2'
paths:
  /things/{id}/{odd name}:
    put:
      operationId: names
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: odd name, in: path, required: true, schema: {type: string}}
        - {name: $filter, in: query, schema: {type: string}}
        - {name: 'page[size]', in: query, schema: {type: integer}}
        - {name: page_size, in: query, schema: {type: string}}
        - {name: X-Trace, in: header, schema: {type: string}}
        - {name: id, in: query, schema: {type: string}}
        - {name: имя, in: query, schema: {type: string}}
        - {name: a234567890123456789012345678901234567890123456789012345678901234567890, in: query, schema: {type: string}}
      requestBody:
        required: true
        content:
          application/vnd.thing+json:
            schema:
              type: object
              required: [id, made]
              properties:
                id: {type: integer}
                made: {type: string, readOnly: true}
                'a b': {type: string}
      responses: {'204': {description: done}}
EOF2
ok 'names' define "$tmp/a.yaml"
sound 'names'
is 'every argument has a place and its own name' \
	"$(t '.binding | [(.parameters[] | [.argument, .in, .name]), (.body.properties[] | [.argument, "body", .name])] | .[]')" \
	'["id","path","id"]
["odd_name","path","odd name"]
["filter","query","$filter"]
["query_page_size","query","page[size]"]
["page_size","query","page_size"]
["X-Trace","header","X-Trace"]
["query_id","query","id"]
["argument_f5409998","query","имя"]
["a234567890123456789012345678901234567890123456789012345_e7e53d25","query","a234567890123456789012345678901234567890123456789012345678901234567890"]
["body_id","body","id"]
["a_b","body","a b"]'
is 'required: of the path, and of a required body, but not what is read only' \
	"$(t .inputSchema.required)" '["id","odd_name","body_id"]'
is 'the media type is the declared one' "$(t .binding.body.mediaType)" '"application/vnd.thing+json"'

document b.yaml <<'EOF2'
paths:
  /array: {post: {operationId: array, requestBody: {description: All of them, required: true, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Open'}}}}}}}
  /map: {post: {operationId: map, requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Open'}}}}}}
  /choice: {post: {operationId: choice, requestBody: {content: {application/json: {schema: {oneOf: [{type: object, properties: {a: {type: string}}}, {type: object, properties: {b: {type: string}}}]}}}}}}
  /all: {post: {operationId: all, requestBody: {required: true, content: {application/json: {schema: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, required: [b], properties: {b: {type: string}}}]}}}}}}
  /clash/{body}: {post: {operationId: clash, parameters: [{name: body, in: path, required: true, schema: {type: string}}], requestBody: {content: {application/json: {schema: {type: string}}}}}}
  /tree: {post: {operationId: tree, requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Tree'}}}}}}
  /merged: {post: {operationId: merged, requestBody: {content: {application/json: {schema: {type: array, items: {allOf: [{$ref: '#/components/schemas/Base'}, {required: [a, seen]}]}}}}}}}
  /text: {post: {operationId: text, requestBody: {content: {text/csv: {schema: {type: string}}}}}}
  /xml: {post: {operationId: xml, requestBody: {content: {application/xml: {schema: {type: object, properties: {a: {type: string}}}}}}}}
  /bytes: {post: {operationId: bytes, requestBody: {description: The picture, content: {image/png: {}}}}}
  /form: {post: {operationId: form, requestBody: {required: true, content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {type: string}, l: {type: array, items: {type: string}}}}, encoding: {l: {style: form, explode: false}}}}}}}
  /parts: {post: {operationId: parts, requestBody: {required: true, content: {multipart/form-data: {schema: {type: object, required: [f], properties: {f: {type: string, format: binary, description: The file}, many: {type: array, items: {type: string, format: binary}}, typed: {}, note: {type: string}}}, encoding: {f: {contentType: 'image/*, image/png'}, typed: {contentType: application/pdf}}}}}}}
  /either: {post: {operationId: either, requestBody: {required: true, content: {multipart/form-data: {schema: {type: object, properties: {a: {type: string}}}}, application/json: {schema: {type: object, properties: {a: {type: string}}}}}}}}
  /maybe: {post: {operationId: maybe, requestBody: {required: true, content: {multipart/form-data: {schema: {type: object, nullable: true, properties: {f: {type: string}}}}}}}}
  /none: {post: {operationId: none, requestBody: {required: true, content: {multipart/form-data: {schema: {type: string}}}}}}
components:
  schemas:
    Open: {type: object, additionalProperties: {type: integer}}
    Base: {type: object, required: [a], properties: {a: {type: integer}, seen: {type: string, readOnly: true}}}
    Tree: {type: object, required: [name, seen], properties: {name: {type: string}, seen: {type: string, readOnly: true}, below: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}
EOF2
ok 'bodies' define "$tmp/b.yaml" -q
sound 'bodies'
is 'by the kind of their schema and media type' \
	"$(t '[.name, .binding.body.mode, .binding.body.argument, (.inputSchema | [(.properties | keys), .required])]')" \
	'["array","argument","body",[["body"],["body"]]]
["map","argument","body",[["body"],null]]
["choice","argument","body",[["body"],null]]
["all","properties",null,[["a","b"],["a","b"]]]
["clash","argument","body_body",[["body","body_body"],["body"]]]
["tree","properties",null,[["below","name"],["name"]]]
["merged","argument","body",[["body"],null]]
["text","argument","body",[["body"],null]]
["xml","argument","body",[["body"],null]]
["bytes","argument","body",[["body"],null]]
["form","properties",null,[["a","l"],null]]
["parts","properties",null,[["f","many","note","typed"],["f"]]]
["either","properties",null,[["a"],null]]
["maybe","properties",null,[["f"],null]]'
is 'an array is the argument' "$(t 'select(.name == "array").inputSchema')" \
	'{"type":"object","properties":{"body":{"description":"All of them","type":"array","items":{"$ref":"#/$defs/Open"}}},"required":["body"],"additionalProperties":false,"$defs":{"Open":{"type":"object","additionalProperties":{"type":"integer"}}}}'
is 'recursion stays, and read only goes there, too' "$(t 'select(.name == "tree").inputSchema."$defs".Tree')" \
	'{"type":"object","required":["name"],"properties":{"name":{"type":"string"},"below":{"type":"array","items":{"$ref":"#/$defs/Tree"}}}}'
is 'across allOf' "$(t 'select(.name == "merged").inputSchema.properties.body.items.allOf[1]')" '{"required":["a"]}'
is 'text is a string, bytes are base64 or a file of the server' "$(t 'select(.name == "xml" or .name == "bytes").inputSchema.properties.body')" \
	'{"type":"string"}
{"description":"The picture","anyOf":[{"type":"string","contentEncoding":"base64"},{"type":"object","properties":{"path":{"type":"string","description":"File in the server'"'"'s upload directory"}},"required":["path"],"additionalProperties":false}]}'
is 'form: the encoding goes along' "$(t 'select(.name == "form").binding.body.properties')" \
	'[{"argument":"a","name":"a"},{"argument":"l","name":"l","style":"form","explode":false}]'
is 'parts: files and their type' "$(t 'select(.name == "parts").binding.body.properties')" \
	'[{"argument":"f","name":"f","contentType":"image/png","file":true},{"argument":"many","name":"many","file":true},{"argument":"typed","name":"typed","contentType":"application/pdf","file":true},{"argument":"note","name":"note"}]'
is 'a file is text, or has a name and a type' "$(t 'select(.name == "parts").inputSchema.properties.f | [.description, (.anyOf | map(.type))]')" \
	'["The file",["string","object"]]'
is 'JSON before a form' "$(t 'select(.name == "either").binding.body.mediaType')" '"application/json"'
is 'what can not be made is skipped' "$(skips)" \
	'["none","unsupported","no media type of the body can be made of arguments"]'

# A body that is all of the arguments keeps its keywords at the root.
document c.yaml <<'EOF2'
paths:
  /root:
    post:
      operationId: root
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $schema: https://json-schema.org/draft/2020-12/schema
              type: object
              properties:
                kind: {type: string}
                address: {$ref: '#/components/schemas/address'}
                phone: {type: string}
              anyOf: [{required: [address]}, {required: [phone]}]
              if: {properties: {kind: {const: post}}}
              then: {required: [address]}
  /mixed/{kind}:
    post:
      operationId: mixed
      parameters: [{name: kind, in: path, required: true, schema: {type: string}}]
      requestBody: {required: true, content: {application/json: {schema: {type: object, properties: {a: {type: string}}, anyOf: [{required: [a]}]}}}}
components: {schemas: {address: {$anchor: address, type: object, properties: {street: {type: string}}}}}
EOF2
ok 'root keywords' define "$tmp/c.yaml" -q
sound 'root keywords'
is 'stay where they are' "$(t 'select(.name == "root").inputSchema')" \
	'{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{"kind":{"type":"string"},"address":{"$ref":"#/$defs/address"},"phone":{"type":"string"}},"additionalProperties":false,"anyOf":[{"required":["address"]},{"required":["phone"]}],"if":{"properties":{"kind":{"const":"post"}}},"then":{"required":["address"]},"$defs":{"address":{"$anchor":"address","type":"object","properties":{"street":{"type":"string"}}}}}'
is 'among other arguments they make it one of its own' "$(t 'select(.name == "mixed").binding.body.mode')" '"argument"'

# Values that a strict validator does not take, or should not.
document d.yaml <<'EOF2'
paths:
  /v:
    get:
      operationId: values
      parameters:
        - {name: a, in: query, schema: {type: string, pattern: '^[a-z]{2,5}(-[A-Z]\d+)?$'}}
        - {name: b, in: query, schema: {type: string, pattern: '^(a+)+$'}}
        - {name: c, in: query, schema: {type: string, pattern: '^(a|aa)*$'}}
        - {name: d, in: query, schema: {type: string, pattern: '[\w-.]'}}
        - {name: e, in: query, schema: {type: string, pattern: '(?<=x)\p{L}'}}
        - {name: f, in: query, schema: {type: string, pattern: '(unclosed'}}
        - {name: g, in: query, schema: {type: string, pattern: '/\*[^/]*\x2f'}}
        - {name: h, in: query, description: A moment, schema: {type: string, format: date-time}}
        - {name: i, in: query, description: A colour, schema: {type: string, format: x-colour}}
        - {name: j, in: query, schema: {type: string, format: x-colour}}
        - {name: k, in: query, deprecated: true, schema: {type: string}}
        - {name: l, in: query, schema: {type: string, pattern: '\A\-?[\w-\_\.\@]+\:\_\@\/\-\Z'}}
        - {name: m, in: query, schema: {type: string, pattern: '^[^\]\-\&\&]\\\_$'}}
        - {name: n, in: query, schema: {type: string, pattern: 'x\Ay\1'}}
  /w:
    post:
      operationId: open
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                lost: {type: object, patternProperties: {'^\p{L}$': {}, 'a\_': {}}, additionalProperties: false}
                kept: {type: object, patternProperties: {'b\_': {type: string}}, additionalProperties: false}
EOF2
ok 'values' define "$tmp/d.yaml" -v
like 'what is left out is noted' "$(cat "$tmp/tools.err")" 'note: pattern left out, .*: \^\(a\+\)\+\$$'
sound 'values'
is 'patterns that all engines read alike, and in time' \
	"$(t 'select(.name == "values").inputSchema.properties | map_values(.pattern) | with_entries(select(.value))')" \
	'{"a":"^[a-z]{2,5}(-[A-Z]\\d+)?$","d":"[\\w\\-.]","g":"/\\*[^/]*\\x2f","l":"^-?[\\w\\-_\\.@]+:_@\\/-$"}'
is 'what a lost pattern allowed is not refused' \
	"$(t 'select(.name == "open").inputSchema.properties')" \
	'{"lost":{"type":"object","patternProperties":{"a_":{}}},"kept":{"type":"object","patternProperties":{"b_":{"type":"string"}},"additionalProperties":false}}'
is 'formats that are known, the others in words' \
	"$(t 'select(.name == "values").inputSchema.properties | [.h, .i, .j, .k]')" \
	'[{"description":"A moment","type":"string","format":"date-time"},{"type":"string","description":"A colour\nFormat: x-colour"},{"type":"string","description":"Format: x-colour"},{"type":"string","deprecated":true}]'

# x-mcp-header: clients refuse a tool for one that is wrong.
document mirror.yaml <<'EOF2'
paths:
  /x:
    post:
      operationId: mirror
      parameters:
        - {name: a, in: query, schema: {type: string, x-mcp-header: Region}}
        - {name: b, in: query, schema: {type: string, x-mcp-header: REGION}}
        - {name: c, in: query, schema: {type: number, x-mcp-header: Size}}
        - {name: d, in: query, schema: {type: boolean, x-mcp-header: "two words"}}
        - {name: e, in: query, schema: {type: string, format: password, x-mcp-header: Key}}
        - {name: f, in: query, schema: {type: integer, x-mcp-header: 7}}
        - {name: g, in: query, schema: {type: string, x-mcp-header: "X\r\nY"}}
        - {name: h, in: query, description: Words., schema: {type: boolean, x-mcp-header: Dry-Run}}
        - {name: i, in: query, schema: {type: array, items: {type: string, x-mcp-header: Deep}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {type: object, properties: {o: {type: string, x-mcp-header: Out}}}}}}}
EOF2
ok 'headers' define "$tmp/mirror.yaml" -q
is 'only those that clients take' "$(t '[paths | select(.[-1] == "x-mcp-header")] as $p | . as $t | [$p[] | . as $q | [$q[-2], ($t | getpath($q))]]')" \
	'[["a","Region"],["h","Dry-Run"]]'
sound 'headers'
done_testing
