#!/bin/sh
# Words as a source, documentation, the catalogue.
. tests/lib.sh

# docs FILE: title and type of the doc records
docs() {
	sed -n 's/^{"kind":"doc","type":"\([^"]*\)","title":"\([^"]*\)".*/\2 \1/p' "$1"
}
run 0 'words' smelt-intake --text 'A server that tells the weather in $(touch x) and "quotes" \.'
like 'are one document' "$(cat "$tmp/out")" \
	'^\{"kind":"doc","type":"text","title":"description","location":"","sha256":"[0-9a-f]{64}","text":"A server that tells the weather in \$\(touch x\) and \\"quotes\\" \\\\."\}$'
like 'of a text' "$(cat "$tmp/out")" '"type":"text","name":"server"'
ok 'by their schemas' node tests/records/validate.mjs "$tmp/out"
absent 'no shell runs them' x
smelt-intake -q --text one >"$tmp/one"
smelt-intake -q --text two >"$tmp/two"
unlike 'other words have another digest' "$(cat "$tmp/two")" \
	"$(grep -o '"digest":"[^"]*"' "$tmp/one")"
printf 'A garden planner.\n' >"$tmp/My garden.txt"
run 0 'a text file' smelt-intake "$tmp/My garden.txt"
like 'has a name' "$(head -n 1 "$tmp/out")" '"name":"my-garden"'
run 0 'words on stdin' sh -c 'echo "A server for notes" | smelt-intake'
is 'are a text' "$(docs "$tmp/out")" 'description text'
run 0 'a text without an ending' sh -c 'echo "About: pets" >"$1"; smelt-intake "$1"' sh "$tmp/about"
is 'is a text' "$(docs "$tmp/out")" 'description text'
printf ' \n\t\n' >"$tmp/empty.txt"
run 2 'blanks' smelt-intake "$tmp/empty.txt"
like 'are no text' "$(cat "$tmp/err")" 'empty\.txt:1:1: error: empty text'
run 2 'no words' smelt-intake --text ''
printf 'a\n caf\351\n' >"$tmp/latin.txt"
run 2 'not UTF-8' smelt-intake "$tmp/latin.txt"
like 'where' "$(cat "$tmp/err")" 'latin\.txt:2:5: error: not valid UTF-8'
printf 'a\0b' >"$tmp/nul.txt"
run 2 'a NUL' smelt-intake "$tmp/nul.txt"
run 2 'words and a file' smelt-intake --text a "$tmp/about"

# the catalogue
run 0 'services are named' smelt-intake --text 'lists GITHUB issues, and keeps them in postgres.'
is 'they are described' "$(docs "$tmp/out")" 'description text
GitHub REST API text
PostgreSQL text'
run 0 'only whole words count' smelt-intake --text 'githubby, notions, astripe, sqlite3x'
is 'so there is none' "$(docs "$tmp/out")" 'description text'
run 0 'two words' smelt-intake --text 'files in an S3
bucket'
is 'over a line end' "$(docs "$tmp/out")" 'description text
Amazon S3 text'
for entry in share/smelt/catalogue/*.yaml; do
	alias=$(sed -n 's/^aliases: \[\([^],]*\).*/\1/p' "$entry")
	title=$(sed -n 's/^title: //p' "$entry")
	smelt-intake -q --text "x $alias y" >"$tmp/out"
	like "$entry is found" "$(docs "$tmp/out")" "^$title text"
done

# documentation
cat >"$tmp/api.html" <<'EOF'
<!DOCTYPE html><html><head><title>The  API &amp; more</title><style>p{}</style>
<script>var secret = "script";</script></head><body><nav>menu</nav>
<h1>Notes</h1><p>First   <b>bold</b>
text.</p><ul><li>one</li><li>two <code>x()</code></li></ul>
<pre>a  b
 c</pre><p hidden>hidden one</p><p style="display: none">hidden two</p>
<table><tr><td>a</td><td>b</td></tr></table><p>café &lt;tag&gt;</p></body></html>
EOF
cat >"$tmp/guide.md" <<'EOF'

# How to *do* it

Text.
EOF
run 0 'documentation of three kinds' smelt-intake --docs "$tmp/api.html" --docs "$tmp/guide.md" \
	--docs "$tmp/about" --text words
is 'with its titles' "$(docs "$tmp/out")" 'description text
The API & more html
How to *do* it markdown
about text'
is 'HTML is readable' "$(sed -n 's/.*"type":"html".*"text":"\(.*\)"}$/\1/p' "$tmp/out")" \
	'# Notes\n\nFirst bold text.\n\n- one\n- two x()\n\n```\na  b\n c\n```\n\na | b\n\ncafé <tag>\n'
unlike 'what is hidden is left out' "$(grep '"type":"html"' "$tmp/out")" \
	'script|secret|menu|hidden|p\{\}'
ok 'by their schemas' node tests/records/validate.mjs "$tmp/out"
printf 'openapi: 3.0.3\ninfo: {title: t, version: "1"}\npaths: {}\n' >"$tmp/a.yaml"
run 0 'beside a document' smelt-intake --docs "$tmp/guide.md" "$tmp/a.yaml"
is 'too' "$(docs "$tmp/out")" 'How to *do* it markdown'
run 2 'documentation that is not there' smelt-intake --docs "$tmp/nowhere.md" --text x
head -c 300000 /dev/zero | sed 's/\x00/<div>/g' >"$tmp/deep.html"
printf 'x' >>"$tmp/deep.html"
run 2 'elements without end' timeout 10 smelt-intake --docs "$tmp/deep.html" --text x
cat >"$tmp/xxe.html" <<'EOF'
<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>a &x; b <img src="http://127.0.0.1:1/x"></p>
EOF
run 0 'entities' smelt-intake --docs "$tmp/xxe.html" --text x
unlike 'are not loaded' "$(cat "$tmp/out")" 'root:x:'
done_testing
