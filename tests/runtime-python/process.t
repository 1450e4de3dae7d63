#!/bin/sh
# Python functions called in process.
. tests/lib.sh
need python3

python3 tests/runtime-python/process.py
