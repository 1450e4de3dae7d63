#!/bin/sh
# Every code rule fires on its bad samples and is quiet on its good ones.
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
rules=share/smelt/rules/sast
python3 tests/rules/artifact.py "$rules" >"$tmp/in"
smelt-gate1 -q --no-fail -v -o "$tmp/found" "$tmp/in" 2>"$tmp/err"
if grep 'does not run on' "$tmp/err" >&2; then
	exit 1
fi
python3 tests/rules/sast.py "$tmp/found" "$rules"
