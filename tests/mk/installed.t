#!/bin/sh
# Installed, `include smelt.mk` needs no path, and finds programs and data.
. tests/mk/mk.sh

dest=$tmp/dest
ok 'make install' make -s -o all O="$O" DESTDIR= PREFIX="$dest" install
project ''
cat >"$p/Makefile" <<X
SMELT_SERVERS = library
SMELT_SOURCE.library = library.yaml
SMELT_KEY = $tmp/key
include smelt.mk
X
mk 0 'a bare include' -I "$dest/include" SMELT_V=1 PATH=/usr/bin:/bin
like 'programs of the installation are run' "$(cat "$tmp/out")" "^$dest/(include/\.\./)?bin/smelt-ast"
run 0 'also where nothing is set' env -i PATH=/usr/bin:/bin HOME="$tmp" \
	make --no-print-directory -C "$p" -I "$dest/include" SMELT_V=1
is 'nothing is stale' "$(cat "$tmp/out")" ''
ok 'it is done' test -f "$lib/dist/VERIFY.txt"
sed -i "s|^include.*|include $dest/share/smelt/mk/smelt.mk|" "$p/Makefile"
run 0 'by the path beside the data' env -i PATH=/usr/bin:/bin HOME="$tmp" \
	make --no-print-directory -C "$p"
# From the source tree, with programs that lie elsewhere.
mkdir -p "$tmp/else/bin"
cp "$O"/bin/smelt* "$tmp/else/bin"
sed -i "s|^include.*|include $top/mk/smelt.mk|" "$p/Makefile"
run 0 'programs elsewhere find the data of this tree' env -i PATH=/usr/bin:/bin \
	HOME="$tmp" make --no-print-directory -C "$p" SMELT_BIN="$tmp/else/bin"
sed -i "s|^include.*|include $dest/share/smelt/mk/smelt.mk|" "$p/Makefile"
sed -i 's|^SMELT_KEY.*||' "$p/Makefile"
run 0 'a key is made when there is none' env -i PATH=/usr/bin:/bin HOME="$tmp/home" \
	make --no-print-directory -C "$p"
ok 'where the driver has it, too' test -f "$tmp/home/.config/smelt/smelt.key"
is 'nobody else can read it' "$(stat -c %a "$tmp/home/.config/smelt/smelt.key")" 600
done_testing
