#!/bin/sh
# The cases that dynamic servers share, in Python.
. tests/lib.sh
need node jq

tests/dynamic/generate python "$tmp/server"
node tests/dynamic/dynamic.mjs python "$tmp/server"
