#!/bin/sh
# smelt-server(7) names every variable that the runtimes read and that generated
# servers tell of, and the runtimes read every one that it names.
. tests/lib.sh

runtime=$SMELT_SHARE/runtime
page=$(sed 's/\\&//g' man/smelt-server.7)

# Names ending in _ are put together from parts.
names() {
	grep -rhoE '\b(SMELT_[A-Z][A-Z_]*[A-Z]|OTEL_[A-Z_]+|(HTTPS?|ALL|NO)_PROXY)\b' "$@" |
		grep -vE '_FILE$' | LC_ALL=C sort -u
}
named() {
	printf '%s\n' "$page" | grep -qE "^\.(It )?E?v? ?.*\b$1\b|\b$1(_CERT_FILE|_| )"
}

is 'there are some in each target' "$(names "$runtime/python/smelt_runtime" | grep -c OAUTH)" \
	"$(names "$runtime/typescript/src" | grep -c OAUTH)"
for name in $(names "$runtime/python/smelt_runtime" "$runtime/python/server.py" \
	"$runtime/typescript/src" "$runtime/common" tests/smelt-codegen/library.env); do
	ok "$name is in smelt-server(7)" named "$name"
done
# Whole, or SMELT_CLIENT and _KEY_FILE, SMELT_OAUTH_ and AUDIENCE.
read_by() {
	rest=${1#SMELT_*_}
	grep -rqw "$1" "$2" || { grep -rqE "${1%"_$rest"}_?[\"\`]" "$2" &&
		grep -rqE "\b_?$rest\b" "$2"; }
}
for name in $(printf '%s\n' "$page" | grep -oE 'SMELT_[A-Z_]*[A-Z]' | LC_ALL=C sort -u); do
	ok "$name is read by both" read_by "$name" "$runtime/python"
	ok "$name is read by both" read_by "$name" "$runtime/typescript/src"
done
for target in python typescript; do
	is "$target says what the other does" \
		"$(names "$runtime/$target" | grep -vE 'SMELT_(PYTHON|TEST)' | tr '\n' ' ')" \
		"$(names "$runtime/python" "$runtime/typescript" | grep -vE 'SMELT_(PYTHON|TEST)' | tr '\n' ' ')"
done
done_testing
