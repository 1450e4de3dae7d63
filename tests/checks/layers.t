#!/bin/sh
. tests/lib.sh

check=tests/checks/layers
ok 'includes follow the arrows' "$check" .
ok 'every header compiles alone' tests/checks/headers .

# A small tree that is right, and each thing that can be wrong with it.
tree=$tmp/tree
mkdir -p "$tree/tools/lib/base" "$tree/tools/lib/data" "$tree/tools/lib/sys" \
	"$tree/tools/lib/code" "$tree/tools/lib/form" "$tree/tools/smelt-a" \
	"$tree/tools/smelt-a/in" "$tree/tools/smelt-b"
printf '#include <stddef.h>\nsize_t f(void);\n' >"$tree/tools/lib/base/x.h"
printf '#include "base/x.h"\n#include <stdio.h>\n' >"$tree/tools/lib/base/x.c"
printf '#include "base/x.h"\n' >"$tree/tools/lib/data/y.c"
printf '#include "data/y.h"\n#include "base/x.h"\n' >"$tree/tools/lib/form/z.c"
printf 'struct y;\n' >"$tree/tools/lib/data/y2.h"
printf 'struct own;\n' >"$tree/tools/smelt-a/own.h"
printf '#include "smelt-a/own.h"\n\n#include "sys/p.h"\n' \
	>"$tree/tools/smelt-a/own.c"
printf 'struct q;\n' >"$tree/tools/smelt-a/in/q.h"
printf '#include "smelt-a/in/q.h"\n\n#include "smelt-a/own.h"\n' \
	>"$tree/tools/smelt-a/in/q.c"
run 0 'a tree without fault passes' "$check" "$tree"

# planted NAME FILE TEXT REGEX: with TEXT as FILE, the check says REGEX.
planted() {
	rm -rf "$tmp/bad"
	cp -r "$tree" "$tmp/bad"
	printf %b "$3" >"$tmp/bad/tools/$2"
	run 1 "$1" "$check" "$tmp/bad"
	like "$1: it says where" "$(cat "$tmp/out")" "^tools/$2:[0-9]+: .*$4"
}
planted 'base knows no room' lib/base/b.c '#include "data/y.h"\n' 'may not'
planted 'data does not know form' lib/data/b.c '#include "form/z.h"\n' 'may not'
planted 'sys does not know data' lib/sys/b.c '#include "data/y.h"\n' 'may not'
planted 'data does not know sys' lib/data/b.c '#include "sys/p.h"\n' 'may not'
planted 'form does not know code' lib/form/b.c '#include "code/q.h"\n' 'may not'
planted 'code does not know sys' lib/code/b.c '#include "sys/p.h"\n' 'may not'
planted 'no room knows a tool' lib/base/b.c '#include "smelt-a/own.h"\n' 'may not'
planted 'no tool knows a tool' smelt-b/b.c '#include "smelt-a/own.h"\n' 'may not'
planted 'no way round by ..' smelt-b/b.c '#include "../smelt-a/own.h"\n' 'not a'
planted 'a header includes no header' lib/data/b.h '#include "base/x.h"\n' header
planted 'the own header comes first' lib/base/x.c \
	'#include <stdio.h>\n#include "base/x.h"\n' 'first include'
planted 'an include names the room' smelt-a/b.c '#include "own.h"\n' 'no room'
mkdir -p "$tree/tools/smelt-a/in/in"
planted 'a room has no rooms' smelt-a/in/in/b.c '\n' deep
planted 'every room is known' lib/other.c '\n' 'deep|room'

mkdir -p "$tmp/alone/tools/lib/base"
cp tools/lib/base/banned.h "$tmp/alone/tools/lib/base"
printf '/* no stddef.h */\nsize_t f(void);\n' >"$tmp/alone/tools/lib/base/n.h"
run 1 'a header that leans on another is found' tests/checks/headers "$tmp/alone"
like 'and named' "$(cat "$tmp/out")" 'n\.h.*size_t'
done_testing
