"""Writes share/smelt/components.yaml: what lock files do not tell of the packages
of a generated server (licence, supplier, origin, and for PyPI which package
needs which), from the metadata of the packages that the tests have installed.

usage, after `make deps`: build/deps/venv/bin/python deps/components.py
"""

import importlib.metadata
import json
import re
from pathlib import Path

LICENSES = {  # classifiers and loose names, where no SPDX expression is given
    "MIT License": "MIT", "Apache Software License": "Apache-2.0", "The Unlicense (Unlicense)": "Unlicense",
    "BSD License": "BSD-3-Clause", "BSD": "BSD-3-Clause",
}
SOURCES = ("source", "source code", "repository", "github", "homepage", "home")
FORGE = re.compile(r"https://(github|gitlab)\.com/[^/#?]+/[^/#?]+")
PINS = re.compile(r"^([A-Za-z0-9._-]+)==", re.M)
NEED = re.compile(r"([A-Za-z0-9._-]+)\s*(?:\[([^]]*)\])?[^;]*(?:;(.*))?")


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def license_of(meta):
    found = meta.get("License-Expression") or meta.get("License") or ""
    if not found or "\n" in found:
        found = next((c.split(" :: ")[-1] for c in meta.get_all("Classifier", []) if c.startswith("License :: ")), "")
    return LICENSES.get(found, found)


def supplier_of(meta):
    """A name, without addresses."""
    for field in ("Author", "Author-email", "Maintainer", "Maintainer-email"):
        names = re.sub(r"\s*<[^>]*>", "", meta.get(field) or "").replace('"', "").strip()
        if names and "@" not in names:
            return names
    return ""


def source_of(meta):
    urls = dict(reversed(each.split(", ", 1)) for each in reversed(meta.get_all("Project-URL") or []))
    by_label = {label.lower(): url for url, label in urls.items()}
    for url in [*(by_label.get(each, "") for each in SOURCES), meta.get("Home-page") or "", *urls]:
        if match := FORGE.match(url):
            return match[0].removesuffix(".git")
    return ""


def python(lock):
    names = sorted({normal(name) for name in PINS.findall(lock.read_text())})
    extras = {name: set() for name in names}
    needs = {}
    for _ in names:  # until no extra is new
        before = {name: set(each) for name, each in extras.items()}
        for name in names:
            needs[name] = set()
            for text in importlib.metadata.distribution(name).requires or []:
                child, wanted, marker = NEED.match(text).groups()
                asked = re.search(r"extra\s*==\s*['\"]([^'\"]+)", marker or "")
                if normal(child) not in extras or (asked and normal(asked[1]) not in extras[name]):
                    continue
                needs[name].add(normal(child))
                extras[normal(child)] |= {normal(each.strip()) for each in (wanted or "").split(",") if each.strip()}
        if before == extras:
            break
    for name in names:
        meta = importlib.metadata.metadata(name)
        yield "pkg:pypi/" + name, {"license": license_of(meta), "supplier": supplier_of(meta),
                                   "source": source_of(meta), "requires": sorted(needs[name])}


def npm(lock, installed):
    for path in json.loads(lock.read_text())["packages"]:
        if not path:
            continue
        package = json.loads((installed / path / "package.json").read_text())
        author = package.get("author") or ""
        author = author.get("name", "") if isinstance(author, dict) else re.sub(r"\s*[<(].*", "", author)
        repository = package.get("repository") or ""
        url = repository.get("url", "") if isinstance(repository, dict) else repository
        if re.fullmatch(r"(github:)?[\w.-]+/[\w.-]+", url):  # npm's own shorthand
            url = "https://github.com/" + url.removeprefix("github:")
        match = FORGE.match(re.sub(r"^git\+|^git:", "", url).replace("ssh://git@", "https://"))
        yield "pkg:npm/" + package["name"].replace("@", "%40"), {
            "supplier": author, "source": match[0].removesuffix(".git") if match else ""}


def main():
    root = Path(__file__).parent.parent
    runtime = root / "share/smelt/runtime"
    table = dict(python(runtime / "python/requirements.txt"))
    table |= dict(npm(runtime / "typescript/package-lock.json", root / "build/deps/node"))
    lines = ["# What lock files do not tell of the packages of a generated server: licence (SPDX),",
             "# supplier, origin, and which it needs. Facts of their own metadata, gathered by",
             "# deps/components.py; a field that a package does not tell is left out.", "format: 1", "packages:"]
    for purl, facts in sorted(table.items()):
        lines.append(f"  {json.dumps(purl)}:")
        lines += [f"    {key}: {json.dumps(value, ensure_ascii=False)}" for key, value in facts.items()
                  if value or key == "requires"]
    (root / "share/smelt/components.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
