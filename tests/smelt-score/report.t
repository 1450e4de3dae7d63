#!/bin/sh
# smelt-score --report: one page that needs nothing else, whatever it is told.
. tests/lib.sh
need jq python

here=tests/smelt-score
for server in poor hostile huge foreign ''; do
	python $here/server.py $server >"$tmp/in.jsonl"
	name=${server:-good}
	run 0 "$name: a report is written" smelt-score -q --report "$tmp/$name.html" -o "$tmp/out.jsonl" "$tmp/in.jsonl"
	ok "$name: well-formed, no script, no outside, text as text" python $here/page.py "$tmp/$name.html"
done
like 'the page has the grade' "$(cat "$tmp/good.html")" 'aria-label="grade A, 100 of 100"'
like 'and says what is seen in the server' "$(cat "$tmp/good.html")" 'mcp\.server\.operation\.duration</code> in <code>smelt_runtime/runtime\.py:6'
unlike 'a tool name is no markup' "$(cat "$tmp/hostile.html")" '<script|<img|<!--'
like 'but is there as text' "$(cat "$tmp/hostile.html")" 'get_book&lt;script&gt;'
like 'direction marks are shown, not obeyed' "$(cat "$tmp/hostile.html")" '202e'
like 'a long list ends' "$(cat "$tmp/huge.html")" 'better tools are not listed'
python $here/server.py poor >"$tmp/in.jsonl"
smelt-score -q --report "$tmp/again.html" -o "$tmp/out.jsonl" "$tmp/in.jsonl"
same 'the same server gives the same page' "$tmp/again.html" "$tmp/poor.html"

# page.py finds what it looks for.
for edit in 's|<main>|<main><script></script>|' 's|<main>|<main><img src="x"/>|' 's|<main>|<main onclick="x">|' \
	's|<main>|<main style="x">|' 's|<h2>|<h2><p>|' 's|:root {|@import "x"; :root {|' \
	's|href="#|href="https://example.org/#|' 's|default-src|x-src|'; do
	mutate "$tmp/good.html" "$tmp/bad.html" "$edit"
	run 1 "a page with $edit is noticed" python $here/page.py "$tmp/bad.html"
done

# Drawn: nothing is wider than the window.
if command -v chromium >/dev/null; then
	for name in poor hostile; do
		for width in 400 1400; do
			python $here/frame.py "$tmp/$name.html" $width >"$tmp/frame.html"
			chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
				--disable-background-networking --disable-component-update --disable-sync \
				--user-data-dir="$tmp/profile" --window-size=1600,900 --virtual-time-budget=3000 \
				--dump-dom "file://$tmp/frame.html" >"$tmp/dom" 2>/dev/null || :
			is "$name: nothing is wider than $width px" "$(grep -o 'overflow at [0-9]*: [0-9][0-9]*' "$tmp/dom")" \
				"overflow at $width: 0"
		done
	done
else
	skip 'the page as a browser draws it' 'no chromium'
fi

done_testing
