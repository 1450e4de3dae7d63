#!/bin/sh
# The cases that both runtimes share.
. tests/lib.sh
need python3

python3 tests/runtime-python/wire.py
