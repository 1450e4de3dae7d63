#!/bin/sh
# ast.sh PARSE-ONLY [FOLDER]: CPU time of smelt-ast with one thread against
# parsing alone, over the python files of FOLDER (default: the first 330 of
# this python's standard library that are no tests). Best of five of each.
# Prints one line: files, bytes, both times, the ratio, peak memory.
set -eu
export LC_ALL=C
floor=$1
folder=${2:-$(python3 -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/tree"
find "$folder" -name '*.py' ! -path '*/test/*' ! -path '*/tests/*' \
	! -path '*/site-packages/*' -size -512k | sort | head -n "${FILES:-330}" \
	>"$work/list"
i=0
while read -r file; do
	i=$((i + 1))
	cp "$file" "$work/tree/m$i.py"
done <"$work/list"
"$(dirname "$0")/../smelt-ast/artifact" "$work/tree" >"$work/in"

python3 - "$floor" "$work" "$i" <<'PY'
import glob, os, re, resource, subprocess, sys

floor, work, count = sys.argv[1:]
files = sorted(glob.glob(work + "/tree/*.py"))


def cpu(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL,
                   stdout=subprocess.PIPE)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def parse():
    text = subprocess.run([floor, "python", *files], check=True,
                          stdout=subprocess.PIPE, text=True).stdout
    size, seconds = re.match(r"(\d+) bytes ([0-9.]+) s", text).groups()
    return int(size), float(seconds)


runs = [(parse(), cpu(["smelt-ast", "-q", work + "/in", "-o", work + "/out"]))
        for _ in range(5)]
size = runs[0][0][0]
low = min(r[0][1] for r in runs)
ast = min(r[1] for r in runs)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(f"smelt-ast: {count} files, {size / 1e6:.1f} MB: parsing alone "
      f"{low:.3f} s, smelt-ast {ast:.3f} s, ratio {ast / low:.2f} "
      f"(at most 1.6), peak {peak / 1024:.0f} MiB (at most 200)")
PY
