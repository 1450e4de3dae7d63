#!/bin/sh
# SMELT_OVERLAY: the document as it is changed by overlays.
. tests/mk/mk.sh

# overlay NAME TARGET: one that removes what it selects
overlay() {
	printf 'overlay: 1.0.0\ninfo: {title: o, version: "1"}\nactions:\n  - {target: %s, remove: true}\n' \
		"$2" >"$p/$1"
}
operations() {
	jq -r 'select(.kind == "callable") | .route.method' "$lib/ast.jsonl" |
		sort -u | tr '\n' ' '
}
project 'SMELT_OVERLAY = one.yaml two.yaml   # both'
overlay one.yaml '$.paths.*.delete'
overlay two.yaml '$.paths.*.put'
mk 0 'two overlays' smelt-code
is 'change the document' "$(operations)" 'GET PATCH POST '
mk 0 'nothing changed' smelt-code
is 'nothing runs' "$(ran)" ''
overlay two.yaml '$.paths.*.patch'
mk 0 'one is changed' smelt-code
like 'intake runs' "$(ran)" 'library/intake'
is 'and the rest follows' "$(operations)" 'GET POST PUT '
mk 0 'of this server' smelt-code SMELT_OVERLAY.library=one.yaml
is 'it goes before that of all' "$(operations)" 'GET PATCH POST PUT '
mk 0 'none' smelt-code SMELT_OVERLAY=
is 'is the document itself' "$(operations)" 'DELETE GET PATCH POST PUT '
overlay one.yaml 'paths'
mk 2 'a bad one' smelt-code
like 'is told where' "$(cat "$tmp/err")" "one\.yaml:4:14: error: JSONPath, character 1"
rm "$p/one.yaml"
mk 2 'one that is not there' smelt-code
done_testing
