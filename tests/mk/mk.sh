# shellcheck shell=sh
# mk.sh: helpers for tests of smelt.mk; source it in place of lib.sh. A project
# lies in $p: library.yaml, which one server "library" is made from, and a
# Makefile that a test may append to (it includes smelt.mk last, by rules.mk).
# shellcheck disable=SC2034 # for the tests
. tests/lib.sh
need make jq

p=$tmp/project
out=$p/build/smelt
lib=$out/library
stages='intake ast tooldef codegen gate1 gate2 score attest'

# project LINE...: a new one; the lines stand in its Makefile.
project() {
	rm -rf "$p"
	mkdir -p "$p"
	cp "$top/examples/openapi/library.yaml" "$p"
	[ -f "$tmp/key" ] || smelt-attest -q --gen-key "$tmp/key"
	{
		printf '%s\n' 'SMELT_SERVERS = library' \
			'SMELT_SOURCE.library = library.yaml' \
			"SMELT_BIN = $O/bin" "SMELT_SHARE = $SMELT_SHARE" \
			"SMELT_KEY = $tmp/key" "$@" 'include rules.mk'
	} >"$p/Makefile"
	echo "include $top/mk/smelt.mk" >"$p/rules.mk"
}

# mk STATUS NAME ARGUMENT...: make ends so; $tmp/out has what it said.
mk() {
	_st=$1 _nm=$2
	shift 2
	run "$_st" "$_nm" make --no-print-directory -C "$p" "$@"
}

# ran: the stages that the last mk ran, as "library/ast library/tooldef ..."
ran() {
	sed -n 's/^  SMELT //p' "$tmp/out" | LC_ALL=C sort | tr '\n' ' ' |
		sed 's/ $//'
}
# all SERVER: what ran says when all stages ran
all() {
	for _s in $stages; do
		echo "$1/$_s"
	done | LC_ALL=C sort | tr '\n' ' ' | sed 's/ $//'
}

# later: what is written from now on is newer than what was written before
later() {
	_mark=$(mktemp "$tmp/mark.XXXXXX")
	while :; do
		: >"$tmp/mark.now"
		[ -z "$(find "$tmp/mark.now" -newer "$_mark")" ] || break
	done
	rm -f "$_mark" "$tmp/mark.now"
}

# sums DIR: digest and name of each file that must be the same in every build:
# no key files (they hold paths of this machine), nothing signed at random.
sums() {
	(cd "$1" && find . -type f ! -name '*.key' ! -name '*.ok' ! -name '.*' \
		! -path './dist/*.sigstore.json' ! -path './dist/VERIFY.txt' \
		! -name attest.jsonl -exec sha256sum {} +) | LC_ALL=C sort -k 2
}
