#!/bin/sh
# Text of the source never is code: hostile text in every place that has text.
. tests/lib.sh
here=tests/smelt-codegen

# hostile IN OUT: every string that means nothing to smelt gets every trick
cat >"$tmp/hostile.py" <<-'END'
	import json, sys
	M = "CANARY_x9"
	TRICKS = ["'", '"', '"""', "'''", "`", "${%s}" % M, "{%s}" % M, "%%(%s)s" % M, "#{%s}" % M, "\\", "\\\\'",
	    "*/", "/*", "//", "#", "-->", "<!--", "\n", "\r", "\x0b", "\x0c", "\u2028", "\u2029", "```", "~~~", "]]>",
	    "</script>", "$(touch /tmp/smelt-canary/x9)", ";touch /tmp/smelt-canary/x9;", "import os; %s" % M,
	    "__proto__", "constructor", "\x00", "\x1b[31m", "@NAME@", "@VALUES@", "@SOURCE@", "<tool>"]
	TEXT = M + "".join(t + M for t in TRICKS)
	KEEP = {"kind", "type", "format", "stage", "tool", "config", "method", "in", "style", "digest", "file",
	    "language", "encoding", "sha256", "reason", "mode", "parse", "chain", "loc", "ecosystem", "scope"}
	def spoil(v, key=None, keep=False):
	    if isinstance(v, str):
	        return v if keep or key in KEEP else v + TEXT
	    if isinstance(v, list):
	        return [spoil(x, key, keep) for x in v]
	    if isinstance(v, dict):
	        return {k + (TEXT if key in ("properties", "securitySchemes", "flows", "$defs") else ""):
	            spoil(x, k, keep or k in ("chain", "loc")) for k, x in v.items()}
	    return v
	for line in open(sys.argv[1], encoding="utf-8"):
	    r = json.loads(line)
	    s = spoil(r) if r["kind"] in ("source", "unit", "tool", "skip", "dep") else r
	    if r["kind"] == "tool":
	        s["name"] = r["name"]
	        s["x-more"] = TEXT
	    print(json.dumps(s))
END
for input in library notes; do
	python3 "$tmp/hostile.py" $here/$input.jsonl >"$tmp/$input.jsonl"
	for target in python typescript; do
		[ "$input $target" != 'notes typescript' ] || continue
		d=$tmp/$input-$target
		run 0 "$input $target: taken" smelt-codegen -t $target --dir "$d" "$tmp/$input.jsonl"
		unlike "$input $target: stderr is clean" "$(LC_ALL=C tr -d '\n\40-\176' <"$tmp/err" | od -c)" '033'
		smelt-codegen -q -t $target --dir "$tmp/plain" $here/$input.jsonl >/dev/null
		is "$input $target: the marker is in data only" \
			"$(cd "$d" && grep -rl CANARY_x9 . | LC_ALL=C sort | xargs)" \
			'./README.md ./bindings.json ./manifest.json ./tools.json'
		(cd "$d" && find . -type f ! -name README.md ! -name '*.json' ! -name .env.example \
			-exec sha256sum {} + | LC_ALL=C sort -k 2) >"$tmp/a"
		(cd "$tmp/plain" && find . -type f ! -name README.md ! -name '*.json' ! -name .env.example \
			-exec sha256sum {} + | LC_ALL=C sort -k 2) >"$tmp/b"
		grep -v requirements-source.txt "$tmp/b" >"$tmp/c"
		same "$input $target: all else is as without it" "$tmp/a" "$tmp/c"
		is "$input $target: names of variables are names" \
			"$(grep -vE '^#|^[A-Z0-9_]+=$' "$d/.env.example")" ''
		run 0 "$input $target: texts arrive unchanged" python3 - "$tmp/$input.jsonl" "$d" <<-'END'
			import json, sys
			tools = {t["name"]: t for t in json.load(open(sys.argv[2] + "/tools.json"))["tools"]}
			bound = json.load(open(sys.argv[2] + "/bindings.json"))["bindings"]
			n = 0
			for line in open(sys.argv[1]):
			    r = json.loads(line)
			    if r["kind"] != "tool":
			        continue
			    n += 1
			    for key, value in tools[r["name"]].items():
			        assert value == r[key], key
			    assert bound[r["name"]]["binding"] == r["binding"]
			    assert bound[r["name"]]["security"] == r["security"]
			assert n == len(tools) == len(bound) == 3
		END
		is "$input $target: the README's block holds" \
			"$(sed -n '/^```json$/,/^```$/p' "$d/README.md" | sed '1d;$d' | jq -r 'keys | join(" ")')" \
			'name title tools version'
		is "$input $target: and nothing is outside it" \
			"$(sed '/^```json$/,/^```$/d' "$d/README.md" | grep -c CANARY_x9)" 0
		rm -rf "$tmp/plain"
	done
	ok "$input python: compiles" python3 -m compileall -q "$tmp/$input-python"
done
run 0 'dynamic: taken' smelt-codegen -m dynamic --dir "$tmp/dynamic" "$tmp/library.jsonl"
is 'dynamic: the marker is in data only, and not in the list' \
	"$(cd "$tmp/dynamic" && grep -rl CANARY_x9 . | LC_ALL=C sort | xargs)" \
	'./README.md ./bindings.json ./catalogue.json ./manifest.json'
absent 'nothing was run' /tmp/smelt-canary/x9
done_testing
