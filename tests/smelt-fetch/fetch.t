#!/bin/sh
# One document over http(s); tests/smelt-intake/url.t has the refusals through
# smelt-intake. Everything is on this machine.
. tests/lib.sh
need python3

unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
mkdir "$tmp/www"
server=
trap 'kill $server 2>/dev/null; rm -rf "$tmp"' EXIT
(cd "$tmp/www" && exec python3 "$top/tests/smelt-intake/server.py" "$tmp/log") \
	>"$tmp/port" 2>/dev/null &
server=$!
i=0
while [ ! -s "$tmp/port" ] && [ $i -lt 100 ]; do
	sleep 0.1
	i=$((i + 1))
done
u="127.0.0.1:$(cat "$tmp/port")"
printf 'openapi: 3.0.3\ninfo: {title: served, version: "1"}\npaths: {}\n' >"$tmp/want"

run 0 'a document' smelt-fetch "http://$u/api.yaml"
ok 'its bytes' cmp "$tmp/out" "$tmp/want"
run 0 'into a file' smelt-fetch -o "$tmp/file" "http://$u/api.yaml"
ok 'the same bytes' cmp "$tmp/file" "$tmp/want"
printf 'http://%s/api.yaml\nmore\n' "$u" >"$tmp/url"
run 0 'a URL on stdin' sh -c "smelt-fetch <'$tmp/url'"
ok 'the same' cmp "$tmp/out" "$tmp/want"
run 0 'with its media type' smelt-fetch --media-type "http://$u/page"
is 'in the first line' "$(cat "$tmp/out")" "$(printf 'text/html\n<title>Page</title><p>Words</p>')"

rm "$tmp/file"
# refused NAME PATTERN ARGUMENTS...
refused() {
	_name=$1 _pattern=$2
	shift 2
	run 2 "$_name" smelt-fetch -o "$tmp/file" "$@"
	like "$_name: it says why" "$(cat "$tmp/err")" "$_pattern"
	ok "$_name: no file" test ! -e "$tmp/file"
}
refused 'too large' 'larger than 4 bytes' --max 4 "http://$u/api.yaml"
refused 'a bomb' 'larger than' --max 1000000 "http://$u/bomb.yaml"
refused 'not there' 'answered with 404' "http://$u/none"
refused 'a circle' 'too many redirects' --allow-http --allow-host 127.0.0.1 \
	"http://$u/loop.yaml"
refused 'another scheme' 'not a URL|not https' file:///etc/passwd
refused 'a redirect to one' 'not a URL|not https' "http://$u/file.yaml"
refused 'a private address' 'not a public address' https://10.0.0.1/x
refused 'a redirect to one inside' 'not a public address' --allow-http "http://$u/metadata.yaml"
refused 'http without leave' 'http is not allowed' http://example.org/x
refused 'no URL' 'no URL' ''
refused 'a password is not told' 'error: cannot fetch' "http://me:s3cret@$u/none"
unlike 'nowhere' "$(cat "$tmp/err")" s3cret
grep -q ' Basic ' "$tmp/log" && sent=yes || sent=no
is 'but sent to its host' "$sent" yes
done_testing
