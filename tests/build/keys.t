#!/bin/sh
# make -n writes nothing; another flag makes every object stale, the same flags
# none; a source that is taken away leaves the archive.
. tests/lib.sh

t=$tmp/tree
mkdir -p "$t/build" "$t/tools/lib"
cp -R Makefile mk deps "$t"
cp -R tools/lib/base "$t/tools/lib"
rm -f "$t"/mk/demo.mk "$t"/mk/check.mk "$t"/mk/corpus.mk "$t"/mk/bench.mk "$t"/mk/install.mk
ln -s "$top/build/deps" "$t/build/deps"
build() {
	make -s -C "$t" CC="$CC" O=o CFLAGS="$flags" "$@" o/libsmelt.a
}
# compiles: does it print that it compiles ours? (Whether what was fetched is
# older than its list is not asked here.)
compiles() {
	grep -q 'CC tools/lib' "$tmp/out"
}
flags=-O0
run 0 'make -n' build -n
ok 'it would compile' compiles
absent 'make -n writes nothing' "$t/o"
run 0 'make' build
ok 'all objects are in the archive' test "$(ar t "$t/o/libsmelt.a" | wc -l)" -eq \
	"$(find "$t/tools/lib" -name '*.c' | wc -l)"
run 0 'make again' build
is 'nothing is compiled' "$(grep 'CC tools/lib' "$tmp/out")" ''
cp "$t/o/flags.key" "$tmp/key"
flags=-O1
run 0 'make -n with another flag' build -n
ok 'it would compile' compiles
same 'make -n writes nothing, again' "$t/o/flags.key" "$tmp/key"
flags=-O0
run 0 'the flag it was made with' build -n
is 'nothing would be compiled' "$(grep 'CC tools/lib' "$tmp/out")" ''
rm "$t/tools/lib/base/map.c"
run 0 'make without a source that was there' build
unlike 'its object is not in the archive' "$(ar t "$t/o/libsmelt.a")" '^map\.o$'
ok 'others are' test "$(ar t "$t/o/libsmelt.a" | wc -l)" -gt 5
done_testing
