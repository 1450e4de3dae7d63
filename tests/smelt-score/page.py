"""page.py FILE: a report is one well-formed page without scripts, pictures or
anything from elsewhere. Prints what is wrong; exit 1 then."""

import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ELEMENTS = set("""html head meta title style body main header section footer div p span strong a h1 h2 h4 ol ul li code table thead
tbody tr th td details summary svg circle rect polygon polyline text tspan""".split())
ATTRIBUTES = set("""lang charset http-equiv content name class href id scope open role aria-label viewBox preserveAspectRatio cx cy r x
y dy width height points transform stroke-dasharray text-anchor""".split())

text = Path(sys.argv[1]).read_text(encoding="utf-8")
bad = []
try:
    root = ElementTree.fromstring(text)
except ElementTree.ParseError as error:
    sys.exit(f"not well-formed: {error}")
ids = {element.get("id") for element in root.iter()}
for element in root.iter():
    if element.tag not in ELEMENTS:
        bad.append(f"element {element.tag}")
    for name, value in element.attrib.items():
        if name not in ATTRIBUTES:
            bad.append(f"attribute {name}")
        if name == "href" and (value[0] != "#" or value[1:] not in ids):
            bad.append(f"link {value}")
    if element.tag == "p" and any(child.tag in {"p", "div", "ul"} for child in element):
        bad.append("a block in a paragraph")
    if element.tag in {"h2", "h1"} and any(child.tag in {"p", "div"} for child in element):
        bad.append("a block in a heading")
style = root.find("head/style").text
for word in ("url(", "@import", "expression", "</", "http"):
    if word in style:
        bad.append(f"{word} in the style")
policy = [meta.get("content") for meta in root.iter("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
if policy != ["default-src 'none'; style-src 'unsafe-inline'"]:
    bad.append("no policy that forbids everything")
if re.search("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]", text):
    bad.append("a control character")
print("\n".join(bad))
sys.exit(bool(bad))
