#!/bin/sh
# The runtime's nouns one by one.
. tests/lib.sh
need python3

python3 tests/runtime-python/units.py
