#!/bin/sh
# The cases that dynamic servers share, in TypeScript.
. tests/lib.sh
need node jq

tests/dynamic/generate typescript "$tmp/server"
node tests/dynamic/dynamic.mjs typescript "$tmp/server"
