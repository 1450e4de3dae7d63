"""sarif.py github FILE | report FILE: what GitHub and the multitool say.

github: GitHub's limits for an upload, and what its documentation asks for.
report: the multitool's own report; prints errors and warnings. Exit 1 if any.
"""
import json
import re
import sys
from urllib.parse import unquote


def lint(log):
    runs = log["runs"]
    if log["version"] != "2.1.0" or not log["$schema"]:
        yield "version or schema"
    if len(runs) != 1:
        yield f"{len(runs)} runs"
    run = runs[0]
    driver = run["tool"]["driver"]
    ident = run["automationDetails"]["id"]
    if not ident.endswith("/"):
        yield f"category {ident}"
    if run["columnKind"] != "utf16CodeUnits":
        yield "columnKind"
    for rule in driver["rules"]:
        yield from lint_rule(rule)
    if len(driver["rules"]) != len({r["id"] for r in driver["rules"]}):
        yield "two rules of one id"
    for result in run["results"]:
        for problem in lint_result(run, result):
            yield f"{result['ruleId']}: {problem}"


def lint_rule(rule):
    name = rule["id"]
    for key in "shortDescription", "fullDescription":
        if not 0 < len(rule[key]["text"]) <= 1024:
            yield f"{name}: {key}"
    if not rule["help"]["text"] or len(rule["name"]) > 255:
        yield f"{name}: help or name"
    score = rule["properties"]["security-severity"]
    if not isinstance(score, str) or not 0 < float(score) <= 10:
        yield f"{name}: security-severity {score!r}"
    if rule["properties"]["precision"] not in (
            "very-high", "high", "medium", "low"):
        yield f"{name}: precision"
    tags = rule["properties"]["tags"]
    if len(tags) > 10 or "security" not in tags:
        yield f"{name}: tags"
    for tag in tags:
        if tag.startswith("external/") and not re.fullmatch(
                r"external/cwe/cwe-\d{3,}", tag):
            yield f"{name}: tag {tag}"


def lint_result(run, result):
    rules = run["tool"]["driver"]["rules"]
    if rules[result["ruleIndex"]]["id"] != result["ruleId"]:
        yield "ruleIndex"
    if not result["message"]["text"]:
        yield "empty message"
    if not result["partialFingerprints"]["primaryLocationLineHash"]:
        yield "no line hash"
    if not 1 <= len(result["locations"]) <= 1000:
        yield "locations"
    where = result["locations"][0]["physicalLocation"]
    uri = where["artifactLocation"]["uri"]
    if re.match(r"[a-z]+:|/", uri) or " " in uri or ".." in unquote(uri):
        yield f"uri {uri}"
    # files that are not in the artifact (of history, say) have no entry
    listed = [a["location"]["uri"] for a in run.get("artifacts", [])]
    index = where["artifactLocation"].get("index")
    if (uri in listed) != (index is not None):
        yield "artifact listed without index, or the other way round"
    elif index is not None and listed[index] != uri:
        yield "artifact index"
    region = where["region"]
    if min(region[k] for k in ("startLine", "startColumn", "endLine",
                               "endColumn")) < 1:
        yield "region"


def report(log):
    for result in log["runs"][0]["results"]:
        level = result.get("level", "warning")
        if level in ("error", "warning"):
            yield f"{level} {result['ruleId']} {result['message']}"


def main(mode, path):
    with open(path, encoding="utf-8") as stream:
        log = json.load(stream)
    problems = list((lint if mode == "github" else report)(log))
    print(*problems[:20], sep="\n")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
