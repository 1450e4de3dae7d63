#!/bin/sh
# Every fuzz target comes back from its seeds and from mutants of them, the same
# ones each time. make fuzz looks further.
. tests/lib.sh
need git python3 openssl

for source in tests/fuzz/*.c; do
	name=$(basename "$source" .c)
	case $name in
	driver | help) continue ;;
	esac
	ok "$name: there is a program" test -x "$O/tests/fuzz/$name"
	tests/fuzz/seeds "$name" "$tmp/$name" >"$tmp/$name.list"
	ok "$name: there are seeds" test -s "$tmp/$name.list"
	# shellcheck disable=SC2016 # the inner shell's
	run 0 "$name: seeds and ${FUZZ_MUTANTS:=200} mutants" sh -c \
		'xargs -d "\n" "$0" -n "$1" <"$2"' "$O/tests/fuzz/$name" \
		"$FUZZ_MUTANTS" "$tmp/$name.list"
done
done_testing
