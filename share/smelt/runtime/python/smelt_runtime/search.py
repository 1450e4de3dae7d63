"""Ranks tools by the words of a query: the same order in every language that
this is written in, so scores are whole numbers and ties go by the catalogue.

A word of the query counts where a tool has it (or a word of the same meaning,
or, if no tool has it, one that begins alike): more in the name than in the
title, in tags, arguments and description; more the fewer tools have it. A tool
with more words of the query comes before one with fewer."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from typing import Any

from .config import ToolConfig

NAME, TITLE, TAG, ARGUMENT, DESCRIPTION = range(5)
WEIGHTS = (8, 6, 4, 2, 2)
EXACT, SAME, ALIKE = 4, 3, 2
MAX_WORDS = 32
MAX_TEXT_WORDS = 300
MIN_BEGINNING = 3

# letters and digits, other scripts in runs, and each sign of those without spaces
_RUN = re.compile("[A-Za-z0-9\u00c0-\u1fff\u2c00-\u2fef\ua4d0-\uabff]+|[\u3040-\u9fff\uac00-\ud7af]")
_HUMP = re.compile("[a-z0-9][A-Z]|[A-Z][A-Z][a-z]")
_PART = re.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[\u00c0-\u1fff\u2c00-\u2fef\ua4d0-\uabff]+")

Posting = list[tuple[int, int, bool]]


def stem(word: str) -> str:
    """Without the ending of an English plural."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def words(text: str, known: dict[str, list[str]]) -> list[str]:
    """The words of a text, of twoWords also two and words. known: those of the
    runs that were seen before."""
    found: list[str] = []
    for run in _RUN.findall(text):
        here = known.get(run)
        if here is None:
            here = [stem(run.lower())] + (parts(run) if _HUMP.search(run) else [])
            known[run] = here
        found += here
    return found


def parts(run: str) -> list[str]:
    return [stem(part.lower()) for part in _PART.findall(run)]


def _arguments(tool: ToolConfig) -> list[str]:
    """By the binding, which is at hand, unlike the schema."""
    body = tool.binding.get("body") or {}
    bound = [
        *(tool.binding.get("parameters") or []),
        *(tool.binding.get("arguments") or []),
        body,
        *(body.get("properties") or []),
    ]
    return [item["argument"] for item in bound if isinstance(item.get("argument"), str)]


class Index:
    def __init__(self, tools: Iterable[ToolConfig], search: dict[str, Any]) -> None:
        self._stop = frozenset(search.get("stop") or [])
        self._same: dict[str, list[str]] = {}
        for group in search.get("same") or []:
            for word in group:
                others = self._same.setdefault(stem(word), [])
                others.extend(stem(other) for other in group if stem(other) != stem(word))
        self._postings: dict[str, Posting] = {}
        self._names: list[int] = []
        known: dict[str, list[str]] = {}
        for number, tool in enumerate(tools):
            self._add(number, tool, known)
        self._sorted = sorted(self._postings)

    def _add(self, number: int, tool: ToolConfig, known: dict[str, list[str]]) -> None:
        definition = tool.definition
        name = words(tool.name.replace("_", " "), known)
        self._names.append(max(1, len(name)))
        weights = {word: WEIGHTS[NAME] for word in name}
        for weight, text in (
            (WEIGHTS[TITLE], definition.get("title") or ""),
            (WEIGHTS[TAG], " ".join(tool.tags)),
            (WEIGHTS[ARGUMENT], " ".join(_arguments(tool)).replace("_", " ")),
            (WEIGHTS[DESCRIPTION], definition.get("description") or ""),
        ):
            for word in set(words(text, known)[:MAX_TEXT_WORDS]):
                weights[word] = weights.get(word, 0) + weight
        named = set(name)
        for word, weight in weights.items():
            self._postings.setdefault(word, []).append((number, weight, word in named))

    def _variants(self, run: str) -> list[tuple[str, int]]:
        """The words of tools that a word of the query stands for."""
        word = stem(run.lower())
        found = [(word, EXACT)] if word in self._postings else []
        found += [(w, SAME) for w in self._same.get(word, []) if w in self._postings]
        if found:
            return found
        if _HUMP.search(run):
            found = [(w, SAME) for w in dict.fromkeys(parts(run)) if w in self._postings]
        if not found and len(word) >= MIN_BEGINNING:
            found = [(w, ALIKE) for w in self._beginning(word)]
        if not found:
            ends = range(len(word) - 1, MIN_BEGINNING, -1)
            found = [(word[:n], ALIKE) for n in ends if word[:n] in self._postings][:1]
        return found

    def _beginning(self, word: str) -> list[str]:
        start = end = bisect_left(self._sorted, word)
        while end < len(self._sorted) and self._sorted[end].startswith(word):
            end += 1
        return self._sorted[start:end]

    def _wanted(self, query: str) -> list[str]:
        runs: dict[str, str] = {}
        for run in _RUN.findall(query):
            runs.setdefault(stem(run.lower()), run)
        telling = [run for run in runs.values() if run.lower() not in self._stop]
        return (telling or list(runs.values()))[:MAX_WORDS]

    def find(self, query: str) -> list[int]:
        """Numbers of the tools that match, best first."""
        size = len(self._names)
        sums, hits, named = [0] * size, [0] * size, [0] * size
        for run in self._wanted(query):
            best: dict[int, int] = {}
            in_name: set[int] = set()
            for word, factor in self._variants(run):
                postings = self._postings[word]
                factor *= (size // len(postings)).bit_length()
                for number, weight, is_name in postings:
                    score = factor * weight
                    if score > best.get(number, 0):
                        best[number] = score
                    if is_name:
                        in_name.add(number)
            for number, score in best.items():
                sums[number] += score
                hits[number] += 1
            for number in in_name:
                named[number] += 1
        ranks = []
        for number in range(size):
            if hits[number]:
                covered = 8 * min(named[number], self._names[number]) // self._names[number]
                ranks.append((-sums[number] * hits[number] * (8 + covered), number))
        ranks.sort()
        return [number for _, number in ranks]
