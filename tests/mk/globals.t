#!/bin/sh
# smelt.mk sets nothing of the user's, and is clean make.
. tests/mk/mk.sh

project ''
# What make knows before and after, but for smelt's own.
cat >"$p/rules.mk" <<X
before_ := \$(.VARIABLES)
.DEFAULT_GOAL :=
include $top/mk/smelt.mk
\$(foreach v,\$(filter-out before_ SMELT_% smelt_% MAKEFILE_LIST .DEFAULT_GOAL \\
	\$(before_),\$(.VARIABLES)),\$(info new: \$(v)))
X
mk 0 'variables' smelt-help
is 'no variable but smelt_*' "$(grep '^new:' "$tmp/out")" ''
with=$(make --no-print-directory -C "$p" -f - smelt-help <<X
SMELT_SERVERS = library
SMELT_SOURCE.library = library.yaml
SMELT_BIN = $O/bin
first:
include $top/mk/smelt.mk
\$(foreach v,SHELL .SHELLFLAGS CFLAGS .DEFAULT_GOAL SUFFIXES .LIBPATTERNS .RECIPEPREFIX VPATH,\$(info \$(v)=\$(\$(v))))
X
)
without=$(make --no-print-directory -C "$p" -f - <<X
first: smelt-help
smelt-help:
\$(foreach v,SHELL .SHELLFLAGS CFLAGS .DEFAULT_GOAL SUFFIXES .LIBPATTERNS .RECIPEPREFIX VPATH,\$(info \$(v)=\$(\$(v))))
X
)
is 'what make has of its own is as before' \
	"$(echo "$with" | grep '^[A-Z.]*=')" "$(echo "$without" | grep '^[A-Z.]*=')"

# Targets: only smelt*, and files below SMELT_OUT.
project ''
make --no-print-directory -C "$p" -rRpn smelt-help >"$tmp/db" 2>/dev/null
is 'no other target' "$(awk '/^# Files/ { on = 1 } /^# Not a target/ { getline; next }
	on && /^[^#\t :=]+:/ && !/:=/ { sub(/:.*/, ""); print }' "$tmp/db" | grep -vE \
	'^(smelt[-.a-z_0-9]*|build/smelt/.*|\.PHONY|\.SUFFIXES|Makefile|rules.mk|.*/smelt\.mk|library\.yaml)$' |
	grep -v "^$O\|^$SMELT_SHARE\|^$tmp")" ''
for word in .DELETE_ON_ERROR .SECONDARY .NOTPARALLEL .ONESHELL .POSIX .SUFFIXES .EXPORT_ALL_VARIABLES; do
	unlike "$word is not set" "$(grep -v '^#' mk/smelt.mk)" "^\\$word *:"
done
# A user's own all, clean, install, SHELL and .ONESHELL stay.
project ''
cat >"$p/Makefile" <<X
SHELL = /bin/bash
.SHELLFLAGS = -eu -o pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules
all: ; @echo own all
clean: ; @echo own clean
install: ; @echo own install
SMELT_SERVERS = library
SMELT_SOURCE.library = library.yaml
SMELT_BIN = $O/bin
SMELT_SHARE = $SMELT_SHARE
SMELT_KEY = $tmp/key
include $top/mk/smelt.mk
X
for target in all clean install; do
	mk 0 "make $target" $target
	is "it is the user's $target" "$(cat "$tmp/out")" "own $target"
done
mk 0 'make'
is 'the default is the user'"'"'s' "$(cat "$tmp/out")" 'own all'
mk 0 'smelt under bash -eu, .ONESHELL, .DELETE_ON_ERROR' smelt
ok 'it is done' test -f "$lib/dist/VERIFY.txt"
project ''
mk 0 'a Makefile with nothing else makes all servers'
ok 'it is done' test -f "$lib/dist/VERIFY.txt"

# Lint
project ''
mk 0 '--warn-undefined-variables, from nothing' --warn-undefined-variables
is 'no warning' "$(cat "$tmp/err")" ''
mk 0 'smelt-why with warnings' --warn-undefined-variables smelt-why
is 'no warning' "$(cat "$tmp/err")" ''
mk 0 'without implicit rules and variables' -rR
is 'nothing is stale' "$(ran)" ''
is 'no syntax of a younger make than 4.2' "$(grep -nE \
	'&:|\.WAIT|\$\(let|\$\(intcmp|\.EXTRA_PREREQS|\.NOTPARALLEL:.|--shuffle|--jobserver-style' \
	mk/smelt.mk)" ''
done_testing
