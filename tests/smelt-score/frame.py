"""frame.py FILE WIDTH: a page that shows FILE in a frame of WIDTH pixels and
writes by how much its content is wider (with all details open)."""

import html
import sys
from pathlib import Path

page = Path(sys.argv[1]).read_text(encoding="utf-8").replace("<details ", '<details open="open" data-was="" ')
page = page.replace('data-was="" id', "id").replace(' open="open">', ">")
width = sys.argv[2]
print(f"""<!DOCTYPE html><body>
<iframe id="f" style="border:0;width:{width}px;height:3000px" srcdoc="{html.escape(page)}"></iframe><p id="p"></p>
<script>
f.onload = () => {{
	const {{ scrollWidth, clientWidth }} = f.contentDocument.documentElement;
	p.textContent = "overflow at {width}: " + (scrollWidth - clientWidth);
}};
</script>""")
