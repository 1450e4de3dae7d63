#!/bin/sh
# yyjson.sh TO: put yyjson.c and yyjson.h into TO, from the Python source archive
# that carries them. pip checks the archive's sha256 before anything looks at it;
# it also wants the package's metadata, for which a pinned setuptools stands by
# in a throw-away environment. Nothing is compiled by pip.
set -eu

to=$1
wanted=deps/python/yyjson.txt

if cmp -s "$wanted" "$to/yyjson.txt"; then
	exit 0
fi
echo "pip download: yyjson" >&2
rm -rf "$to.new"
mkdir -p "$to.new"
python3 -m venv "$to.new/venv"
pip="$to.new/venv/bin/python -m pip --disable-pip-version-check -q"
$pip install --require-hashes -r deps/python/fetch.txt
$pip download --no-binary :all: --no-deps --no-build-isolation --require-hashes \
	-r "$wanted" -d "$to.new/archive"
tar -xzf "$to.new"/archive/yyjson-*.tar.gz -C "$to.new/archive"
mv "$to.new"/archive/yyjson-*/yyjson/yyjson.[ch] "$to.new"
rm -rf "$to.new/venv" "$to.new/archive"
cp "$wanted" "$to.new"
rm -rf "$to"
mv "$to.new" "$to"
