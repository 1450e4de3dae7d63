#!/bin/sh
. tests/lib.sh
need readelf

check=tests/checks/capabilities
table=tests/checks/capabilities.txt
ok 'every program keeps to its row' "$check" "$table" "$O"/bin/*
ok 'there are programs' test -x "$O/bin/smelt-intake"

# A program that does what the table does not let it.
# planted NAME PROGRAM CODE LIBRARY REGEX
planted() {
	mkdir -p "$tmp/bin"
	printf '%s\n' "$3" >"$tmp/x.c"
	# shellcheck disable=SC2086 # no library: no operand
	"$CC" -w -o "$tmp/bin/$2" "$tmp/x.c" -Wl,--no-as-needed $4
	run 1 "$1" "$check" "$table" "$tmp/bin/$2"
	like "$1: it says what" "$(cat "$tmp/out")" "^$2: .*$5"
}
planted 'a network library in the score' smelt-score 'int main(void) { return 0; }' \
	-lcurl 'may not link libcurl'
planted 'a network library in intake' smelt-intake 'int main(void) { return 0; }' \
	-lcurl 'may not link libcurl'
planted 'a socket in a gate' smelt-gate1 'int main(void) { return socket(1, 1, 0); }' \
	'' 'may not call socket'
planted 'a process from a parser' smelt-ast 'int main(void) { return fork(); }' \
	'' 'may not call fork'
planted 'a plug-in' smelt-codegen 'int main(void) { return dlopen("x", 1) != 0; }' \
	'' 'may not call dlopen'
planted 'an unknown program' smelt-else 'int main(void) { return 0; }' '' 'no row'
"$CC" -w -o "$tmp/bin/smelt-fetch" "$tmp/x.c" -Wl,--no-as-needed -lcurl
ok 'who may, may' "$check" "$table" "$tmp/bin/smelt-fetch"
done_testing
