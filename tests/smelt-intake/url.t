#!/bin/sh
# Documents and repositories behind URLs. Everything is on this machine.
. tests/lib.sh
need git python3 openssl

unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY

# What a proxy is not used for is looked at as if there were none; what it is
# used for only where the URL has an address.
# past NAME NO_PROXY HOST
past() {
	run 2 "$1" timeout 30 env http_proxy=http://127.0.0.1:9 no_proxy= NO_PROXY= "$2" \
		smelt-intake --timeout 5 --allow-http "http://$3/a.yaml"
}
past 'by a proxy' no_proxy= a.localhost
like 'it sees to the address' "$(cat "$tmp/err")" 'onnect to 127\.0\.0\.1 port 9'
past 'by a proxy, other exceptions' no_proxy=x.example,10.0.0.0/8 a.localhost
like 'it sees to the address, too' "$(cat "$tmp/err")" 'onnect to 127\.0\.0\.1 port 9'
past 'by a proxy, a public address' no_proxy=8.8.8.80 8.8.8.8
like 'it connects there' "$(cat "$tmp/err")" 'onnect to 127\.0\.0\.1 port 9'
for except in no_proxy=localhost NO_PROXY=.localhost no_proxy=A.LocalHost 'no_proxy=*' 'no_proxy=x, localhost.'; do
	past "not by a proxy: $except" "$except" a.localhost
	like "$except: the address is refused" "$(cat "$tmp/err")" 'a\.localhost is not a public address'
done
for except in no_proxy= no_proxy=10.0.0.1 no_proxy=10.0.0.0/8 no_proxy=x; do
	past "an address, $except" "$except" 10.0.0.1
	like "$except: is refused" "$(cat "$tmp/err")" 'not a public address'
done
for except in no_proxy= no_proxy=fd00:0::1; do
	past "an address of IPv6, $except" "$except" '[fd00::1]'
	like "$except: is refused, too" "$(cat "$tmp/err")" 'not a public address'
done

run 2 'a URL without end' smelt-intake "https://api.example.com/$(printf '%04100d' 0).yaml"
like 'is told by its length' "$(cat "$tmp/err")" 'error: a URL of more than 4096 bytes$'

mkdir "$tmp/www"
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$tmp/tls.key" -out "$tmp/tls.pem" -days 2 \
	-subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
servers=
trap 'kill $servers 2>/dev/null; rm -rf "$tmp"' EXIT
# serve PORT-FILE ARGUMENTS...
serve() {
	_port=$1
	shift
	(cd "$tmp/www" && exec python3 "$top/tests/smelt-intake/server.py" "$tmp/log" "$@") >"$_port" 2>/dev/null &
	servers="$servers $!"
	i=0
	while [ ! -s "$_port" ] && [ $i -lt 100 ]; do
		sleep 0.1
		i=$((i + 1))
	done
}
serve "$tmp/port"
serve "$tmp/tls.port" "$tmp/tls.pem" "$tmp/tls.key"
tls=https://localhost:$(cat "$tmp/tls.port")
u=http://127.0.0.1:$(cat "$tmp/port")
: >"$tmp/log"
source_of() {
	grep -m 1 '^{"kind":"source"' "$tmp/out"
}
# refused NAME PATTERN ARGUMENTS...
refused() {
	_n=$1 _p=$2
	shift 2
	run 2 "$_n" timeout 60 smelt-intake -o "$tmp/none" "$@"
	like "$_n: why" "$(cat "$tmp/err")" "$_p"
	absent "$_n: no output" "$tmp/none"
}

run 0 'a document, named as loopback' smelt-intake "$u/api.yaml"
like 'its record' "$(source_of)" \
	"\"type\":\"openapi\",\"name\":\"api\",\"title\":\"served\",\"version\":\"1\",\"location\":\"$u/api.yaml\",\"entry\":\"api.yaml\""
run 0 'without an ending' smelt-intake "$u/v3/api-docs"
run 0 'with a query' smelt-intake "$u/api.yaml?v=1"
like 'the name is without it' "$(source_of)" '"name":"api"'
run 0 'a redirect' smelt-intake --allow-http --allow-host 127.0.0.1 "$u/hop.yaml"
run 0 'with credentials' smelt-intake "http://me:hunter2@${u#http://}/api.yaml"
unlike 'they are not in the artifact' "$(cat "$tmp/out" "$tmp/err")" 'hunter2|me:'
like 'but sent' "$(cat "$tmp/log")" '/api.yaml Basic '
run 0 'a document over TLS' env SSL_CERT_FILE="$tmp/tls.pem" smelt-intake "$tls/api.yaml"
refused 'a certificate that nobody knows' 'cannot fetch: .*certificate' "$tls/api.yaml"
run 2 'another name than that of the certificate' env SSL_CERT_FILE="$tmp/tls.pem" \
	smelt-intake "https://127.0.0.1:$(cat "$tmp/tls.port")/api.yaml"
like 'is refused' "$(cat "$tmp/err")" 'cannot fetch: .*certificate'
refused 'no such document' "$u/none.yaml: error: cannot fetch: the server answered with 404" "$u/none.yaml"
refused 'nobody there' 'cannot fetch: ' http://127.0.0.1:1/api.yaml
refused 'http elsewhere' 'http is not allowed' http://example.org/api.yaml
refused 'a private address' '10\.0\.0\.1 is not a public address: use --allow-host' \
	--allow-http http://10.0.0.1/api.yaml
for host in 192.168.1.1 169.254.169.254 '[fe80::1]' '[::ffff:10.0.0.1]' '[64:ff9b::a00:1]' \
	100.64.0.1 0.0.0.0 '[fd00::1]' 2130706434 0x7f.2; do
	refused "https://$host" 'is not a public address|cannot fetch' "https://$host/api.yaml"
done
refused 'a redirect without --allow-http' 'http is not allowed' "$u/hop.yaml"
refused 'a redirect to loopback by another name' 'not a public address' \
	--allow-http --allow-host 127.0.0.1 "$u/away.yaml"
refused 'a redirect to a file' 'not https|not a URL' --allow-http --allow-host 127.0.0.1 "$u/file.yaml"
refused 'a redirect to metadata' 'not a public address' --allow-http --allow-host 127.0.0.1 "$u/metadata.yaml"
refused 'redirects without end' 'too many redirects' --allow-http --allow-host 127.0.0.1 "$u/loop.yaml"
refused 'a body without end' 'larger than' "$u/bomb.yaml"
refused 'references of a fetched document' 'needs the document as a file' "$u/refs.yaml"
refused 'another scheme' 'neither https:// nor ssh://' ftp://example.org/api.yaml
refused 'a file URL' 'neither https:// nor ssh://' file:///etc/passwd
refused 'a page' 'neither an OpenAPI document nor a text' "$u/page"
run 0 'a page as a description' smelt-intake --type text "$u/page"
run 0 'documentation' smelt-intake --text words --docs "$u/page"
like 'is readable' "$(cat "$tmp/out")" "\"type\":\"html\",\"title\":\"Page\",\"location\":\"$u/page\",.*\"text\":\"Words"
run 0 'a key' smelt-intake --key "$u/api.yaml"
like 'of what is there' "$(cat "$tmp/out")" '^sha256:[0-9a-f]{64}$'

# repositories
git init -q -b main "$tmp/work"
printf 'print(1)\n' >"$tmp/work/app.py"
git -C "$tmp/work" add . && git -C "$tmp/work" commit -q -m one
one=$(git -C "$tmp/work" rev-parse HEAD)
git -C "$tmp/work" tag v1
printf 'print(2)\n' >"$tmp/work/app.py"
git -C "$tmp/work" commit -q -a -m two
two=$(git -C "$tmp/work" rev-parse HEAD)
git clone -q --bare "$tmp/work" "$tmp/www/r.git"
git -C "$tmp/www/r.git" update-server-info
git -C "$tmp/www/r.git" config uploadpack.allowAnySHA1InWant true

run 0 'a repository by http' smelt-intake --allow-http "$u/r.git"
like 'its record' "$(source_of)" "\"type\":\"git\",\"name\":\"r\",\"location\":\"$u/r.git\",\"revision\":\"$two\",\"digest\""
refused 'without --allow-http' "not allowed" "$u/r.git"
cat >"$tmp/ssh" <<'EOF'
#!/bin/sh
# instead of ssh: the last argument is the command
for last; do :; done
exec sh -c "$last"
EOF
chmod +x "$tmp/ssh"
export GIT_SSH_COMMAND="$tmp/ssh"
run 0 'by ssh' smelt-intake "ssh://git@example.org$tmp/www/r.git"
like 'its commit' "$(source_of)" "\"location\":\"ssh://example.org.*\"revision\":\"$two\""
run 0 'as user@host:path' smelt-intake "git@example.org:$tmp/www/r.git"
like 'its commit too' "$(source_of)" "\"revision\":\"$two\""
for ref in v1 "$one" refs/tags/v1; do
	run 0 "--ref $ref" smelt-intake --ref "$ref" "git@example.org:$tmp/www/r.git"
	like "its commit, $ref" "$(cat "$tmp/out")" "\"revision\":\"$one\".*|print\(1\)"
done
refused 'no such ref' "error: git: " --ref nowhere "git@example.org:$tmp/www/r.git"
refused 'no such repository' "error: git: " "git@example.org:$tmp/www/none.git"
refused 'a ref that is an option' "not the name of a branch" --ref=--upload-pack=x "git@example.org:$tmp/www/r.git"
refused 'a host that is an option' 'error: ' "ssh://-oProxyCommand=touch%20x/$tmp/www/r.git"
absent 'runs nothing' x
refused 'credentials' 'error: git: ' --allow-http "http://me:hunter2@${u#http://}/none.git"
unlike 'are not shown' "$(cat "$tmp/err")" 'hunter2'
run 0 'the key of a repository' smelt-intake --key "git@example.org:$tmp/www/r.git"
key=$(cat "$tmp/out")
git -C "$tmp/work" commit -q --allow-empty -m three
git -C "$tmp/work" push -q "$tmp/www/r.git" main
run 0 'its key, later' smelt-intake --key "git@example.org:$tmp/www/r.git"
unlike 'is another one' "$(cat "$tmp/out")" "$key"

# what the remote says runs nothing here
printf '#!/bin/sh\ntouch "%s/ran"\n' "$tmp" >"$tmp/hook"
chmod +x "$tmp/hook"
mkdir -p "$tmp/template/hooks"
for hook in post-checkout reference-transaction post-merge; do
	cp "$tmp/hook" "$tmp/template/hooks/$hook"
done
printf '[init]\n\ttemplateDir = %s\n[core]\n\thooksPath = %s\n' "$tmp/template" "$tmp/template/hooks" >"$tmp/config"
run 0 'hooks' env GIT_CONFIG_GLOBAL="$tmp/config" smelt-intake "git@example.org:$tmp/www/r.git"
absent 'do not run' "$tmp/ran"
mkdir "$tmp/scratch"
run 0 'a clone' env TMPDIR="$tmp/scratch" smelt-intake "git@example.org:$tmp/www/r.git"
is 'leaves nothing behind' "$(ls "$tmp/scratch")" ''
run 2 'a clone that fails' env TMPDIR="$tmp/scratch" smelt-intake "git@example.org:$tmp/www/none.git"
i=0
while [ -n "$(ls "$tmp/scratch")" ] && [ $i -lt 50 ]; do
	sleep 0.1
	i=$((i + 1))
done
is 'leaves nothing behind either' "$(ls "$tmp/scratch")" ''
done_testing
