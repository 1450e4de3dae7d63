#!/bin/sh
# What is wrong in the user's Makefile is said at once, and nothing runs.
. tests/mk/mk.sh

# wrong NAME REGEX ARGUMENT...
wrong() {
	_name=$1 _re=$2
	shift 2
	mk 2 "$_name" "$@"
	like "$_name: it says what" "$(cat "$tmp/err")" "rules.mk|smelt\\.mk.*\\*\\*\\*.*$_re"
	like "$_name: in words" "$(cat "$tmp/err")" "$_re"
	absent "$_name: nothing was made" "$p/build"
}
project ''
for name in Pet -pet pet_store pet.store pet/store '../pet' 'pét' '$$x' 'a%b' "a'b"; do
	wrong "server name $name" 'server names are' "SMELT_SERVERS=$name"
done
wrong 'no server' 'names no server' SMELT_SERVERS=
wrong 'a server twice' 'stands twice' 'SMELT_SERVERS=library library'
wrong 'no source' 'SMELT_SOURCE.other is not set' SMELT_SERVERS=other
wrong 'another target' 'neither python nor typescript' SMELT_TARGET=cobol
wrong 'another target for one' 'neither python nor typescript' SMELT_TARGET.library=C
wrong 'another mode' 'neither static nor dynamic' SMELT_MODE=lazy
wrong 'no programs' 'is not installed|No rule to make target' SMELT_BIN="$tmp/none"
wrong 'an old make' 'needs GNU make 4.2' MAKE_VERSION=3.81
for name in a 0 0-9 pet-store x-; do
	mk 0 "server name $name is fine" "SMELT_SERVERS=$name" \
		"SMELT_SOURCE.$name=library.yaml" smelt-help
done

# A source that is not there fails its own server only.
project 'SMELT_SERVERS += missing' 'SMELT_SOURCE.missing = nowhere.yaml'
mk 2 'a missing source' -k
like 'make says which' "$(cat "$tmp/err")" 'nowhere\.yaml'
ok 'the other server is finished' test -f "$lib/dist/VERIFY.txt"
project 'SMELT_SERVERS += broken' 'SMELT_SOURCE.broken = broken.yaml'
printf 'openapi: 3.1.0\npaths: [\n' >"$p/broken.yaml"
mk 2 'a broken source' -k
like 'intake says where' "$(cat "$tmp/err")" 'broken\.yaml:[0-9]+:[0-9]+: error: '
ok 'the other server is finished' test -f "$lib/dist/VERIFY.txt"
absent 'the broken one has no artifact' "$out/broken/intake.jsonl"
mk 2 'it fails until it is mended'
cp "$p/library.yaml" "$p/broken.yaml"
mk 0 'mended'
chmod 000 "$p/broken.yaml"
if [ -r "$p/broken.yaml" ]; then
	skip 'an unreadable source' 'root reads all'
else
	mk 2 'an unreadable source'
fi
chmod 644 "$p/broken.yaml"

# A source made by a rule of the user's.
project ''
cat >>"$p/Makefile" <<'X'
library.yaml: template.yaml
	sed 's/Search/Look through/' $< >$@
X
mv "$p/library.yaml" "$p/template.yaml"
mk 0 'a source that a rule makes'
like 'it was made first' "$(cat "$lib/tools.json")" 'Look through the catalogue'
mk 0 'make again'
is 'nothing ran' "$(ran)" ''
later
sed -i 's/the catalogue/all the catalogue/' "$p/template.yaml"
mk 0 'make after its own source changed'
like 'that was made again' "$(cat "$lib/tools.json")" 'Look through all the catalogue'
done_testing
