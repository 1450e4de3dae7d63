#!/bin/sh
# Servers as processes, over stdio and HTTP.
. tests/lib.sh
need python3

python3 tests/runtime-python/protocol.py
