#!/bin/sh
# A source that what is made lies in: this directory, or a git work tree.
. tests/mk/mk.sh

project ''
sed -i 's/^SMELT_SOURCE.*/SMELT_SOURCE.library = ./' "$p/Makefile"
rm "$p/library.yaml"
printf '"""Notes."""\n\ndef read_note(name: str) -> str:\n    """Read a note."""\n    return open(name).read()\n' \
	>"$p/notes.py"
mk 0 'the directory itself'
is 'all stages ran' "$(ran)" "$(all library)"
sums "$lib" >"$tmp/first"
mk 0 'make again'
is 'what was made is no change of the source' "$(ran)" ''
rm "$lib/intake.jsonl"
mk 0 'intake again'
sums "$lib" >"$tmp/now"
same 'the same bytes as at first' "$tmp/now" "$tmp/first"
is 'files of the source only' "$(jq -r 'select(.kind=="file").path' "$lib/intake.jsonl" |
	tr '\n' ' ')" 'Makefile notes.py rules.mk '
is 'what was made is told as one thing' \
	"$(jq -c 'select(.kind=="source").omitted' "$lib/intake.jsonl")" \
	'[{"path":"build/smelt","reason":"ignored"}]'
echo 'def more(): return 1' >>"$p/notes.py"
mk 0 'a change of the source'
like 'is one' "$(ran)" library/intake

if command -v git >/dev/null; then
	(cd "$p" && git init -q . && git add Makefile rules.mk notes.py &&
		git commit -q -m first)
	mk 0 'a git work tree'
	like 'its revision is told' "$(jq -r 'select(.kind=="source").revision' \
		"$lib/intake.jsonl")" '^[0-9a-f]{40}$'
	mk 0 'make again'
	is 'nothing ran' "$(ran)" ''
	(cd "$p" && git commit -q --allow-empty -m second)
	mk 0 'another commit of the same files'
	like 'is another revision' "$(ran)" library/intake
else
	skip 'a git work tree' 'no git'
fi

# Documentation beside a source in words.
project 'SMELT_DOCS = api.md'
printf 'A tool that lists the plants of a garden.\n' >"$p/garden.txt"
printf '# Plants\n\nList plants by GET /plants.\n' >"$p/api.md"
sed -i 's/^SMELT_SOURCE.*/SMELT_SOURCE.library = garden.txt/' "$p/Makefile"
mk 0 'words and documentation'
like 'both are there' "$(jq -r 'select(.kind=="doc").title' "$lib/intake.jsonl" | wc -l)" '^2$'
later
echo 'And POST /plants.' >>"$p/api.md"
mk 0 'other documentation'
like 'is read' "$(ran)" library/intake
done_testing
