#!/bin/sh
# venv.sh REQUIREMENTS TO: a Python environment with exactly the hashed
# REQUIREMENTS. (Not moved into place when done: its scripts carry its path.)
set -eu

requirements=$1
to=$2

if cmp -s "$requirements" "$to/requirements.txt"; then
	exit 0
fi
echo "pip install: $requirements" >&2
rm -rf "$to"
python3 -m venv "$to"
"$to/bin/python" -m pip --disable-pip-version-check -q install --require-hashes \
	--only-binary :all: -r "$requirements"
cp "$requirements" "$to/requirements.txt"
