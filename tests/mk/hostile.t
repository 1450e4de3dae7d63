#!/bin/sh
# Names and texts of the analysed source never reach make or a shell.
. tests/mk/mk.sh

project ''
mkdir "$p/src"
nl='
'
for name in 'a b.py' '$(shell touch pwned).py' '`touch pwned`.py' \
	'$$(touch pwned).py' "x${nl}y: ; touch pwned.py" "x'; touch pwned; '.py" \
	'-rf.py' '--output=pwned.py' 'a;touch pwned.py' 'a|b&c.py' '"q".py' \
	'#c.py' 'back\slash.py' '%.py' '*.py' '?.py' '[a].py' 'tab	.py' 'ünïcode.py'; do
	printf '"""Reads."""\n\ndef read_it(name: str) -> str:\n    """Reads one."""\n    return name\n' \
		>"$p/src/$name"
done
mkdir "$p/src/\$(shell touch pwned)"
echo 'X = 1' >"$p/src/\$(shell touch pwned)/__init__.py"
cat >>"$p/Makefile" <<'X'
X
sed -i 's/^SMELT_SOURCE.*/SMELT_SOURCE.library = src/' "$p/Makefile"
mk 0 'a source full of hostile names'
is 'all stages ran' "$(ran)" "$(all library)"
mk 0 'make again'
is 'nothing ran' "$(ran)" ''
rm "$p/src/a b.py"
mk 0 'make after one went away'
like 'that is seen' "$(ran)" library/intake
mk 0 'smelt-why' smelt-why
is 'nothing was run by a name' "$(find "$p" "$top" -name 'pwned*' \
	! -path '*/build/deps/*' ! -path '*/.git/*')" ''
is 'no name is in what make reads' "$(grep -l pwned "$out"/.keys "$lib"/*.key)" ''

# An operation's texts, too.
cat >"$p/evil.yaml" <<'X'
openapi: 3.1.0
info: {title: "$(shell touch pwned)", version: "1'; touch pwned; '"}
servers: [{url: "https://evil.example/v1"}]
paths:
  "/$(touch pwned)/{id}":
    get:
      operationId: "a'; touch pwned; $(touch pwned)"
      summary: "`touch pwned` $(shell touch pwned)"
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: "x"}}
X
sed -i 's/^SMELT_SOURCE.*/SMELT_SOURCE.library = evil.yaml/' "$p/Makefile"
make --no-print-directory -C "$p" >"$tmp/out" 2>"$tmp/err" || :
like 'hostile texts go through' "$(ran)" 'library/gate1'
is 'nothing was run by a text' "$(find "$p" -name 'pwned*')" ''

# A path of the user's with a quote is one word; words are several documents.
cp "$p/library.yaml" "$p/it's.yaml"
sed -i "s/^SMELT_SOURCE.*/SMELT_SOURCE.library = it's.yaml/" "$p/Makefile"
mk 0 'a quote in SOURCE'
sed -i 's/^SMELT_SOURCE.*/SMELT_SOURCE.library = a b.yaml/' "$p/Makefile"
mk 2 'two words in SOURCE, that are no files'
like 'it says which' "$(cat "$tmp/err")" "'a'"
done_testing
