#!/bin/sh
# A source behind a URL: read once, and anew when smelt-refresh says so.
. tests/mk/mk.sh

mkdir "$tmp/www"
cp examples/openapi/library.yaml "$tmp/www/library.yaml"
cat >"$tmp/serve.py" <<'X'
import functools, http.server, sys
class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words):
        with open(sys.argv[2], "a") as log:
            log.write(self.path + "\n")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0),
    functools.partial(Handler, directory=sys.argv[1]))
with open(sys.argv[3], "w") as f:
    f.write(str(server.server_port) + "\n")
server.serve_forever()
X
python3 "$tmp/serve.py" "$tmp/www" "$tmp/log" "$tmp/port" &
server=$!
trap 'kill $server 2>/dev/null; rm -rf "$tmp"' EXIT
: >"$tmp/log"
for _ in $(seq 100); do
	[ ! -s "$tmp/port" ] || break
	sleep 0.1
done
url="http://127.0.0.1:$(cat "$tmp/port")/library.yaml?a=1&b=\$\$x;touch%20pwned"
project 'SMELT_FLAGS_INTAKE = --allow-http --allow-host 127.0.0.1'
sed -i "s|^SMELT_SOURCE.*|SMELT_SOURCE.library = $(echo "$url" | sed 's/&/\\&/')|" "$p/Makefile"
mk 0 'a source behind a URL'
is 'all stages ran' "$(ran)" "$(all library)"
asked=$(wc -l <"$tmp/log")
ok 'it was asked for' test "$asked" -ge 1
is 'its query is not for the shell' "$(find "$p" -name 'pwned*')" ''
mk 0 'make again'
is 'nothing ran' "$(ran)" ''
is 'and the network was left alone' "$(wc -l <"$tmp/log")" "$asked"
sed -i 's/Search the catalogue/Seek in the catalogue/' "$tmp/www/library.yaml"
mk 0 'it changed there'
is 'which make does not know' "$(ran)" ''
mk 0 'smelt-refresh' smelt-refresh
mk 0 'make behind smelt-refresh'
like 'reads it anew' "$(cat "$lib/tools.json")" 'Seek in the catalogue'
mk 0 'smelt-refresh and smelt, in one' -j4 smelt-refresh smelt
is 'when it is the same, intake ran alone' "$(ran)" library/intake
rm "$tmp/www/library.yaml"
mk 2 'smelt-refresh of what is gone' smelt-refresh smelt
ok 'what was made stays' test -f "$lib/dist/VERIFY.txt"

# Beside a document that lies here: that one is looked at, the other asked for.
cp examples/openapi/library.yaml "$tmp/www/library.yaml"
project 'SMELT_FLAGS_INTAKE = --allow-http --allow-host 127.0.0.1'
sed 's/^  title: .*/  title: Another/; s/url: https:../&other./' "$p/library.yaml" >"$p/here.yaml"
sed -i "s|^SMELT_SOURCE.*|SMELT_SOURCE.library = here.yaml http://127.0.0.1:$(cat "$tmp/port")/library.yaml|" \
	"$p/Makefile"
mk 0 'a URL and a file'
is 'are one server' "$(jq '.tools | length' "$lib/tools.json")" 18
asked=$(wc -l <"$tmp/log")
mk 0 'make again'
is 'nothing ran' "$(ran)" ''
is 'nothing was asked for' "$(wc -l <"$tmp/log")" "$asked"
sed -i 's/Search the catalogue/Look into it/' "$tmp/www/library.yaml"
mk 0 'it changed there'
is 'which make does not know' "$(ran)" ''
mk 0 'it is asked anew' smelt-refresh smelt
is 'and made' "$(ran)" "$(all library)"
mk 0 'make again'
is 'the file changed nothing' "$(ran | tr ' ' '\n' | grep -v intake || :)" ''
sed -i 's/Another/Yet another/' "$p/here.yaml"
mk 0 'the file changed'
like 'it is read' "$(ran)" library/intake
done_testing
