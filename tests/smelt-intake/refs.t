#!/bin/sh
# --allow-ref: what a document refers to by URL. Everything is on this machine.
. tests/lib.sh
need python3 openssl jq

unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY

mkdir "$tmp/www"
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$tmp/tls.key" -out "$tmp/tls.pem" -days 2 \
	-subj /CN=localhost -addext subjectAltName=DNS:localhost,DNS:a.localhost,IP:127.0.0.1 2>/dev/null
servers=
trap 'kill $servers 2>/dev/null; rm -rf "$tmp"' EXIT
(cd "$tmp/www" && exec python3 "$top/tests/smelt-intake/server.py" "$tmp/log" "$tmp/tls.pem" "$tmp/tls.key") \
	>"$tmp/port" 2>/dev/null &
servers=$!
i=0
while [ ! -s "$tmp/port" ] && [ $i -lt 100 ]; do
	sleep 0.1
	i=$((i + 1))
done
port=$(cat "$tmp/port")
u=https://localhost:$port
export SSL_CERT_FILE="$tmp/tls.pem"
: >"$tmp/log"

# doc FILE REF...: a document with these references
doc() {
	_file=$1
	shift
	printf 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\nservers: [{url: "https://x.example"}]\npaths:\n  /a:\n    get:\n      parameters:\n' >"$_file"
	_n=0
	for _ref; do
		_n=$((_n + 1))
		printf "        - {name: p%s, in: query, schema: {\$ref: '%s'}}\n" "$_n" "$_ref" >>"$_file"
	done
	printf '      responses: {"200": {description: ok}}\n' >>"$_file"
}
# intake ARGUMENTS...: of the document a.yaml, with loopback allowed by name
intake() {
	(cd "$tmp" && exec timeout 60 smelt-intake --allow-host localhost "$@" a.yaml)
}
asked() {
	cut -d' ' -f1 "$tmp/log" | paste -sd' '
}
# refused NAME PATTERN ARGUMENTS...
refused() {
	_name=$1 _pattern=$2
	shift 2
	: >"$tmp/log"
	run 2 "$_name" intake -o "$tmp/none" "$@"
	like "$_name: why" "$(cat "$tmp/err")" "$_pattern"
	absent "$_name: no output" "$tmp/none"
}

mkdir -p "$tmp/www/s/deep"
cat >"$tmp/www/s/pet.yaml" <<EOF2
type: object
properties:
  tag: {\$ref: deep/tag.json}
  own: {\$ref: '#/properties/name'}
  name: {type: string}
  back: {\$ref: '$u/s/pet.yaml'}
EOF2
printf '{"type": "string", "$comment": "x", "properties": {"up": {"$ref": "../plain"}}}\n' >"$tmp/www/s/deep/tag.json"
printf '{"type": "integer"}\n' >"$tmp/www/s/plain"
doc "$tmp/a.yaml" "$u/s/pet.yaml" "HTTPS://LOCALHOST:$port/s/x/../%70et.yaml#/properties/name" 'local.yaml'
printf 'properties: {far: {$ref: "%s/s/deep/tag.json"}}\n' "$u" >"$tmp/local.yaml"

refused 'without the option' "^a.yaml:8:[0-9]+: error: reference 'https://localhost:[0-9]+/s/pet.yaml' is remote: .*--allow-ref names"
is 'nothing is asked for' "$(asked)" ''
run 0 'with it' intake --allow-ref "$u/s" -o art
is 'everything is, once, also what a local file or a remote one refers to' \
	"$(asked | tr ' ' '\n' | sort | paste -sd' ')" '/s/deep/tag.json /s/pet.yaml /s/plain'
is 'as files that know their URL' "$(jq -c 'select(.kind=="file")|[.path,.location,.language]' "$tmp/art" | sed "s/$port/PORT/g")" \
	'["a.yaml",null,"openapi"]
["local.yaml",null,"yaml"]
["remote/localhost_PORT/s/deep/tag.json","https://localhost:PORT/s/deep/tag.json","json"]
["remote/localhost_PORT/s/pet.yaml","https://localhost:PORT/s/pet.yaml","yaml"]
["remote/localhost_PORT/s/plain.json","https://localhost:PORT/s/plain","json"]'
ok 'the artifact is by the schemas' node tests/records/validate.mjs "$tmp/art"
run 0 'smelt-ast reads it' smelt-ast -o "$tmp/ast" "$tmp/art"
ok 'which is by the schemas, too' node tests/records/validate.mjs "$tmp/ast"
is 'the references lead there' "$(jq -r 'select(.kind=="callable").parameters[].schema["$ref"]' "$tmp/ast" | sed 's/-[0-9a-f]*$//' | paste -sd' ')" \
	'#/$defs/pet #/$defs/name #/$defs/local'
like 'however they are spelled' "$(jq -c 'select(.kind=="type" and (.id|test("^pet-"))).schema.properties|[.tag,.own,.back]' "$tmp/ast")" \
	'^\[\{"\$ref":"#/\$defs/tag-[0-9a-f]+"\},\{"\$ref":"#/\$defs/name-[0-9a-f]+"\},\{"\$ref":"#/\$defs/pet-[0-9a-f]+"\}\]$'
jq -c 'select(.kind!="file" or .location==null)' "$tmp/art" | sed 's/"files":5/"files":2/' >"$tmp/less"
run 2 'without the files' smelt-ast "$tmp/less"
like 'it fetches nothing' "$(cat "$tmp/err")" 'is a URL: nothing is fetched'

# --- the key ------------------------------------------------------------------
run 0 'a key' intake --key --allow-ref "$u/s/"
cp "$tmp/out" "$tmp/key1"
run 0 'again' intake --key --allow-ref "$u/s/" --key-cache "$tmp/cache"
same 'is the same' "$tmp/out" "$tmp/key1"
printf '{"type": "number"}\n' >"$tmp/www/s/plain"
run 0 'when a remote file has changed' intake --key --allow-ref "$u/s/" --key-cache "$tmp/cache"
ok 'it is another' test "$(cat "$tmp/out")" != "$(cat "$tmp/key1")"

doc "$tmp/a.yaml" "$u/s/pet.yaml" local.yaml
run 0 'a key without the option' intake --key
cp "$tmp/out" "$tmp/key1"
printf 'type: string\n' >"$tmp/local.yaml"
run 0 'when a local file has changed' intake --key
ok 'is another, too' test "$(cat "$tmp/out")" != "$(cat "$tmp/key1")"
mkdir -p "$tmp/remote/localhost_$port/s"
printf '{}\n' >"$tmp/remote/localhost_$port/s/plain.yaml"
printf '{}\n' >"$tmp/www/s/plain.yaml"
doc "$tmp/a.yaml" "$u/s/plain.yaml" "remote/localhost_$port/s/plain.yaml"
refused 'a file under the name of one that is fetched' "reference 'remote/localhost_$port/s/plain.yaml' is a file under the name" --allow-ref "$u/s"
doc "$tmp/a.yaml" "$u/s/plain" "$u/s/plain.json" "$u/s/plain?v=1"
printf '{}\n' >"$tmp/www/s/plain.json"
run 0 'URLs that would have one name' intake --allow-ref "$u/s" -o art
is 'have several' "$(jq -r 'select(.kind=="file" and .location).path' "$tmp/art" | sed "s/$port/PORT/; s/-[0-9a-f]\{8\}/-HASH/" | sort | paste -sd' ')" \
	'remote/localhost_PORT/s/plain-HASH.json remote/localhost_PORT/s/plain.json remote/localhost_PORT/s/plain.json-HASH.json'
doc "$tmp/b.yaml" "$u/s/plain"
run 0 'two documents' sh -c 'cd "$1" && exec timeout 60 smelt-intake --allow-host localhost --allow-ref "$2" -o art a.yaml b.yaml' - "$tmp" "$u/s"
run 0 'that refer to the same' smelt-ast -o "$tmp/ast" "$tmp/art"
ok 'are valid' node tests/records/validate.mjs "$tmp/ast"

# --- a document that is remote itself -------------------------------------------
doc "$tmp/www/api.txt" s/pet.yaml '#/components/none'
printf 'components: {none: {type: string}}\n' >>"$tmp/www/api.txt"
run 2 'a remote document' timeout 60 smelt-intake --type openapi "$u/s/../api.txt"
like 'has no files beside it' "$(cat "$tmp/err")" 'needs the document as a file, or --allow-ref for its URL'
run 0 'what stands beside it, by the option' timeout 60 smelt-intake --type openapi --allow-host localhost --allow-ref "$u" -o "$tmp/fetched" "$u/api.txt"
run 0 'is read' smelt-ast -o "$tmp/ast" "$tmp/fetched"
is 'and found' "$(jq -r 'select(.kind=="type")|.name' "$tmp/ast" | sort | paste -sd' ')" 'name none pet plain tag'
run 0 'its key' timeout 60 smelt-intake --key --type openapi --allow-host localhost --allow-ref "$u" "$u/api.txt"
like 'is one' "$(cat "$tmp/out")" '^sha256:[0-9a-f]{64}$'

# --- outside of the prefix ----------------------------------------------------
for ref in "https://localhost:$port/sx/a" "https://localhost:$port/" "https://localhost/s/a" "http://localhost:$port/s/a" \
	"https://localhost.:$((port + 1))/s/a" "https://evil.localhost:$port/s/a" "https://localhost:$port/S/a" \
	"https://localhost:$port/s/../secret" "https://localhost:$port/s/%2e%2e/secret" "https://localhost:$port/s/..%2fsecret" \
	"https://localhost:$port/s/.%2E/secret" "https://localhost:$port@evil.example/s/a" "https://me@localhost:$port/s/a" \
	"https://localhost:$port\\\\@evil.example/s/a" "//evil.example/s/a" "https:localhost:$port/s/a" "file:///etc/passwd" "file://localhost/s/a" \
	"https://localhost:$port%2f@evil.example/s/a" "https://127.0.0.1:$port/s/a" "https://[::1]:$port/s/a" "ftp://localhost:$port/s/a"; do
	doc "$tmp/a.yaml" "$ref"
	refused "$ref" "^a.yaml:8:[0-9]+: error: reference '.*' is " --allow-ref "$u/s"
	is "$ref: nothing is asked for" "$(asked)" ''
done
for prefix in localhost http://localhost/ 'https://localhost/?q' 'https://me@localhost/' file:///etc 'https://' 'https://localhost/a%2fb' 'https://localhost/#f' ''; do
	refused "--allow-ref '$prefix'" '^smelt-intake: error: --allow-ref: ' --allow-ref "$prefix"
done

# --- private addresses --------------------------------------------------------
doc "$tmp/a.yaml" "$u/s/plain"
run 2 'loopback is not public' sh -c 'cd "$1" && exec timeout 60 smelt-intake --allow-ref "$2" -o none a.yaml' - "$tmp" "$u/s"
like 'though the document names it' "$(cat "$tmp/err")" "$u/s/plain: error: .*localhost is not a public address: use --allow-host"
doc "$tmp/a.yaml" "https://a.localhost:$port/s/plain"
refused 'a name that leads to a private address' 'a\.localhost is not a public address' --allow-ref "https://a.localhost:$port/"
is 'is not asked' "$(asked)" ''
for host in 10.0.0.1 169.254.169.254 '[fe80::1]' '[::ffff:10.0.0.1]' 192.168.1.1 2130706433 0x7f.1; do
	doc "$tmp/a.yaml" "https://$host/s/plain"
	refused "https://$host" 'is not a public address|cannot fetch' --allow-ref "https://$host/"
done

# --- redirects -------------------------------------------------------------------
for path in away metadata file out; do
	doc "$tmp/a.yaml" "$u/hop/$path"
	refused "a redirect: $path" 'redirected to where nothing is allowed|not https' --allow-ref "$u/hop"
	is "a redirect: $path: is not followed" "$(asked)" "/hop/$path"
done
doc "$tmp/a.yaml" "$u/hop/within"
run 0 'a redirect within the prefix' intake --allow-ref "$u/" -o art
is 'is followed' "$(jq -c 'select(.kind=="file" and .location)|.text' "$tmp/art")" '"{\"type\": \"number\"}\n"'
doc "$tmp/a.yaml" "$u/hop/loop"
refused 'redirects without end' 'too many redirects' --allow-ref "$u/"
doc "$tmp/a.yaml" "$u/none"
refused 'nothing there' "$u/none: error: .*answered with 404" --allow-ref "$u/"

# --- bounds ----------------------------------------------------------------------
doc "$tmp/a.yaml" "$u/chain/1"
refused 'references that lead on and on' 'references lead on and on: more than 16 documents in a row' --allow-ref "$u/chain"
is 'end' "$(asked | wc -w)" 17
doc "$tmp/a.yaml" "$u/many"
refused 'too many documents' 'is one document too many: at most 200 are fetched' --allow-ref "$u/"
doc "$tmp/a.yaml" "$u/bomb.yaml"
refused 'too much' 'larger than 16777216 bytes' --allow-ref "$u/"
doc "$tmp/a.yaml" "$u/circle/1"
run 0 'a circle' intake --allow-ref "$u/circle" -o art
is 'is read once' "$(jq -r 'select(.kind=="file" and .location)|.location' "$tmp/art" | sed 's/.*circle//' | paste -sd' ')" '/1 /2'
doc "$tmp/a.yaml" "$u/bad.yaml"
refused 'what is not JSON or YAML' "^$u/bad.yaml:[0-9]+:[0-9]+: error: not YAML" --allow-ref "$u/"
doc "$tmp/a.yaml" "$u/refs/out"
refused 'a reference out of the prefix in what was fetched' "^$u/refs/out:1:[0-9]+: error: reference 'https://evil.example/x' is remote" --allow-ref "$u/refs/"
doc "$tmp/a.yaml" "$u/refs/up"
refused 'also a relative one' "^$u/refs/up:1:[0-9]+: error: reference '../s/plain' needs" --allow-ref "$u/refs/"
is 'is not asked for' "$(asked)" '/refs/up'
done_testing
