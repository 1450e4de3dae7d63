#!/bin/sh
# What make deps fetches is exact, hashed and names no address; apt is only asked
# for what is missing.
. tests/lib.sh
need jq

for lock in deps/*/package-lock.json; do
	is "$lock: every package has a sha512" "$(jq -r '.packages | to_entries[] |
		select(.key != "" and (.value.integrity // "" | startswith("sha512-") | not)
			and (.value.inBundle | not)) | .key' "$lock")" ''
	is "$lock: no addresses" "$(jq -r '.. | .resolved? // empty' "$lock")" ''
	is "$lock: exact versions are asked for" "$(jq -r '[.dependencies,
		.optionalDependencies] | add | to_entries[] |
		select(.value | test("^[0-9]+\\.[0-9]+\\.[0-9]+(-[a-z]+\\.[0-9]+)?$") | not) | .key' \
		"${lock%-lock.json}.json")" ''
done
for list in deps/python/*.txt; do
	is "$list: every requirement is exact and hashed" "$(awk '
		/^[^ #]/ { if (name && !hashed) print name; name = $1; hashed = 0
			if ($1 !~ /==/) print }
		/--hash=sha256:[0-9a-f]*/ { hashed = 1 }
		END { if (!hashed) print name }' "$list")" ''
	unlike "$list: no addresses" "$(cat "$list")" '://|^-'
done

# Generated servers are tested with what the tests have, not with an install of
# their own: the same versions, of everything that they pin.
packages() {
	jq -r '.packages | to_entries[] | select(.key != "") |
		"\(.key) \(.value.version) \(.value.integrity)"' "$1" | LC_ALL=C sort
}
requirements() {
	grep -oE '^[A-Za-z0-9._-]+==[^ ;\\]+' "$1" | LC_ALL=C sort
}
packages share/smelt/runtime/typescript/package-lock.json >"$tmp/pinned"
packages deps/node/package-lock.json >"$tmp/here"
ok 'a TypeScript server pins packages' test -s "$tmp/pinned"
is 'and the tests have them' "$(comm -23 "$tmp/pinned" "$tmp/here")" ''
requirements share/smelt/runtime/python/requirements.txt >"$tmp/pinned"
requirements deps/python/test.txt >"$tmp/here"
ok 'a Python server pins packages' test -s "$tmp/pinned"
is 'and the tests have them, too' "$(comm -23 "$tmp/pinned" "$tmp/here")" ''

# apt.sh with programs of ours in place of dpkg-query, apt-get, sudo and id.
bin=$tmp/bin
mkdir "$bin"
stub() {
	printf '#!/bin/sh\n%s\n' "$2" >"$bin/$1"
	chmod +x "$bin/$1"
}
for tool in sh cat grep sed tr env; do
	ln -s "$(command -v $tool)" "$bin/$tool"
done
printf 'build\thave\nbuild\tlack\nbuild\tfirst|second\nbuild\tpack\tcat\nbuild\tby\tnone\ntest\tlater\n' \
	>"$tmp/list"
stub dpkg-query 'case "$*" in *have) echo "install ok installed" ;; *) exit 1 ;; esac'
stub apt-cache '[ "$2" != first ]'
stub apt-get "echo \"apt-get \$*\" >>'$tmp/called'"
stub id 'echo 0'
stub true :
apt() {
	rm -f "$tmp/called"
	env -i PATH="$bin" /bin/sh deps/apt.sh "$tmp/list" "$@"
}

run 0 'as root it installs' apt build
is 'what is missing, of what this machine has' "$(tail -n 1 "$tmp/called")" \
	'apt-get install -q -y --no-install-recommends lack second by'
stub id 'echo 1000'
stub sudo 'exit 1'
run 2 'without root or sudo it stops' apt build
absent 'before apt-get' "$tmp/called"
like 'with the line to run' "$(cat "$tmp/err")" \
	'^sudo apt-get install -y --no-install-recommends lack second by$'
stub sudo 'shift; exec "$@"'
run 0 'by sudo it installs' apt build test
like 'each use that was asked for' "$(tail -n 1 "$tmp/called")" ' later$'
stub dpkg-query 'echo "install ok installed"'
run 0 'where nothing is missing' apt build test
absent 'apt-get is not called' "$tmp/called"
rm "$bin/dpkg-query"
run 0 'a system without dpkg is told the names' apt build
like 'all that may be missing' "$(cat "$tmp/err")" 'lack first\|second by$'

# The libraries are whole: a parser for each language of mk/deps.mk.
languages=$(sed -n '/^GRAMMARS :=/,/[^\\]$/p' mk/deps.mk | grep -oE '[a-z]+:' | tr -d :)
symbols=$(nm -g --defined-only build/deps/lib/libgrammars.a 2>/dev/null)
for language in $languages; do
	case $language in csharp) language=c_sharp ;; esac
	like "a grammar for $language" "$symbols" " T tree_sitter_$language\$"
done
is 'fourteen of them' "$(echo "$languages" | wc -l)" 14
done_testing
