#!/bin/sh
# install and uninstall into a place of their own.
. tests/lib.sh

dest=$tmp/dest
# -o all: what is built is installed; not built again with other flags.
put() {
	make -s -o all O="$O" DESTDIR="$dest" PREFIX=/usr "$@"
}
ok 'make install' put install
for tool in tools/smelt*/main.c; do
	tool=${tool%/main.c}
	tool=${tool##*/}
	run 0 "$tool runs where it was installed" env -u SMELT_SHARE \
		"$dest/usr/bin/$tool" --version
done
same 'smelt.mk is where a bare include finds it' "$dest/usr/include/smelt.mk" mk/smelt.mk
same 'and beside the data' "$dest/usr/share/smelt/mk/smelt.mk" mk/smelt.mk
is 'the data is all there' \
	"$(cd "$dest/usr/share/smelt" && find . -type f ! -path './mk/*' | LC_ALL=C sort)" \
	"$(tests/checks/files | sed -n 's,^share/smelt/,./,p' | LC_ALL=C sort)"
is 'nothing can be written by others' "$(find "$dest" ! -type l -perm /022)" ''

ok 'make install again' put install
touch "$dest/usr/share/smelt/own"
ok 'make uninstall' put uninstall
is 'it leaves what is not ours' "$(find "$dest" ! -type d)" "$dest/usr/share/smelt/own"
rm "$dest/usr/share/smelt/own"
ok 'make uninstall again' put uninstall
absent 'no folder of ours is left' "$dest/usr/share/smelt"
done_testing
