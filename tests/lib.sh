# shellcheck shell=sh
# lib.sh: TAP for shell tests. A test is an executable *.t file:
#
#	#!/bin/sh
#	. tests/lib.sh
#	run 0 'a document is read' smelt-intake api.yaml
#	like 'its title is kept' "$(cat "$tmp/out")" '"title":"Pets"'
#	done_testing
#
# It starts in the source root (tests/run) with the tools on the PATH. $tmp is a
# directory of its own, removed at the end. A command that fails outside the
# helpers ends the test (set -e); a test that ends before done_testing has
# printed no plan, so prove counts it as failed.

set -eu
: "${SMELT_SHARE:?run me by tests/run}" "${O:?}"
top=$PWD
# shellcheck disable=SC2034 # for the tests
shared=$top/../shared
tests=0
failures=0
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# pass NAME / fail NAME: one result. note TEXT: lines for who reads a failure.
pass() {
	tests=$((tests + 1))
	printf 'ok %d - %s\n' "$tests" "$1"
}
fail() {
	tests=$((tests + 1))
	failures=$((failures + 1))
	printf 'not ok %d - %s\n' "$tests" "$1"
}
note() {
	printf '%s\n' "$@" | LC_ALL=C tr -c '\n\t -~\200-\377' '?' |
		head -n 60 | sed 's/^/# /' >&2
}

# ok NAME COMMAND...: it exits 0.
ok() {
	_name=$1
	shift
	if "$@" >"$tmp/.log" 2>&1; then
		pass "$_name"
	else
		fail "$_name"
		note "failed: $*" "$(cat "$tmp/.log")"
	fi
}

# run STATUS NAME COMMAND...: it exits STATUS; leaves $tmp/out and $tmp/err.
run() {
	_want=$1 _name=$2 _got=0
	shift 2
	"$@" >"$tmp/out" 2>"$tmp/err" || _got=$?
	if [ "$_got" -eq "$_want" ]; then
		pass "$_name"
	else
		fail "$_name"
		note "exit $_got, not $_want: $*" "$(head -c 4000 "$tmp/err")"
	fi
}

# is NAME GOT WANT; like / unlike NAME TEXT EXTENDED-REGEX.
is() {
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1"
		note "got:  $2" "want: $3"
	fi
}
like() {
	if printf '%s\n' "$2" | grep -qE -e "$3"; then
		pass "$1"
	else
		fail "$1"
		note "no match for $3 in:" "$2"
	fi
}
unlike() {
	if printf '%s\n' "$2" | grep -qE -e "$3"; then
		fail "$1"
		note "match for $3 in:" "$2"
	else
		pass "$1"
	fi
}

# same NAME GOT WANT: two files with the same bytes. golden: the same, but
# `make regen` (REGEN=1) takes what was got for what is wanted, for review.
same() {
	if cmp -s "$2" "$3"; then
		pass "$1"
	else
		fail "$1"
		note "$(diff -u "$3" "$2" 2>&1 | head -n 40 || :)"
	fi
}
golden() {
	[ -z "${REGEN-}" ] || cmp -s "$2" "$3" || cp "$2" "$3"
	same "$@"
}

# absent NAME FILE: nothing is there, not even a link to nowhere.
absent() {
	if [ -e "$2" ] || [ -L "$2" ]; then
		fail "$1"
		note "is there: $2"
	else
		pass "$1"
	fi
}

# multitool NAME SARIF: Microsoft's validator, with GitHub's rules, has neither
# error nor warning for the file.  Needs jq.
multitool() {
	_tool=$(find "$NODE_PATH/@microsoft" -type f -name Sarif.Multitool \
		2>/dev/null | head -n 1)
	if [ ! -x "$_tool" ]; then
		skip "$1: the multitool validates" 'no multitool'
		return
	fi
	run 0 "$1: the multitool validates" env \
		DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 "$_tool" validate "$2" \
		--rule-kind 'Sarif;Ghas' -o "$tmp/.report" --log ForceOverwrite
	is "$1: no error, no warning" "$(jq -r '[.runs[].results[]? |
		select((.level // "warning") != "note")] | length' \
		"$tmp/.report")" 0
}

# mutate IN OUT SED-SCRIPT: a changed copy; ends the test if nothing changed, so
# that no test of a refusal can pass for want of a violation.
mutate() {
	sed -e "$3" "$1" >"$2"
	if cmp -s "$1" "$2"; then
		note "mutate: '$3' changes nothing in $1"
		exit 1
	fi
}

# skip NAME WHY: one result that was not to be had. skip_all WHY: the whole file.
skip() {
	pass "$1 # SKIP $2"
}
skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}
# need COMMAND...; need_shared PATH...: skip the file where these are absent.
need() {
	for _c in "$@"; do
		command -v "$_c" >/dev/null || skip_all "no $_c"
	done
}
need_shared() {
	for _p in "$@"; do
		[ -e "$shared/$_p" ] || skip_all "no shared/$_p here"
	done
}

done_testing() {
	echo "1..$tests"
	[ "$failures" -eq 0 ] || exit 1
	exit 0
}
