"""Citations in pandoc's syntax: `[see @vogt, p. 7; @lind]`, `@vogt [p. 7]`, `[-@vogt]`, of works that the upload has.

A group without a known key stays text, like an address or a name on a site (`@someone`).
"""

from __future__ import annotations

import re
from functools import partial

from service.ast import pandoc_ast
from service.ast.cross_references import IDENTIFIER
from service.ast.pandoc_ast import Node, para
from service.readers.markdown.changes import Text
from service.readers.markdown.reading import Block, Reading
from service.readers.markdown.text import words

KEY = r"(?:\{(?P<braced>[^{}\s]{1,200})\}|(?P<key>\w(?:[\w:.#$%&+?<>~/-]{0,200}\w)?))"
GROUP = re.compile(r"(?<![\[!\\\]])\[(?P<inside>[^\[\]\n@]*+@(?>(?:[^\[\]\n]++|\n(?![ \t>]*\n))*))\](?![(\[:{])")
BEFORE, LOCATOR = r"(?<![A-Za-z0-9_@/.\\])", r"(?P<more>[ ]\[(?P<locator>[^\[\]@\n]{1,300})\](?![(\[:]))?"
IN_TEXT = re.compile(rf"{BEFORE}(?P<minus>-?)@{KEY}{LOCATOR}")
IN_CJK = re.compile(rf"{BEFORE}(?P<minus>-?)@{KEY}(?=[^\x00-\x7f]){LOCATOR}", re.A)  # `@vogt说`
ONE = re.compile(rf"(?:^|(?<=[\s(]))(?P<minus>-?)@{KEY}")
MARKUP = re.compile(r"[*_`$<\\\[^~]")


def changed(text: Text) -> None:
    """Each citation becomes a stand-in."""
    if not text.keys:
        return
    text.replaced(GROUP, lambda found: _group(text, found))
    for pattern in (IN_TEXT, IN_CJK):
        text.replaced(pattern, lambda found: _in_text(text, found))


def _group(text: Text, found: re.Match[str]) -> str | None:
    parts = [(one, ONE.search(one)) for one in found["inside"].replace("\n", " ").split(";")]
    keys = [_key(key) for _, key in parts if key is not None]
    if not keys or len(keys) < len(parts) or all(IDENTIFIER.match(key) for key in keys):
        return None
    for key in keys:
        if key not in text.keys:
            text.note("citation-unknown", f"@{key}", found)
    if not text.keys.intersection(keys):
        return None
    line = text.bare.count("\n", 0, found.start()) + 1
    return text.masks.stand_in(partial(_cited, parts, line, found[0]), found[0])


def _in_text(text: Text, found: re.Match[str]) -> str | None:
    key = _key(found)
    if key not in text.keys:
        return None
    more = found["more"] or ""
    part = f"{found['minus']}@{{{key}}}" + (f" {found['locator']}" if more else "")
    line = text.bare.count("\n", 0, found.start()) + 1
    make = partial(_cited, [(part, ONE.search(part))], line, found[0], mode="AuthorInText")
    return text.masks.stand_in(make, found[0])


def _key(found: re.Match[str]) -> str:
    return found["braced"] or found["key"]


def _cited(
    parts: list[tuple[str, re.Match[str] | None]], line: int, source: str, reading: Reading, mode: str = "NormalCitation"
) -> list[Block]:
    citations = [_citation(reading, part, key, line, mode) for part, key in parts if key is not None]
    return [para([{"t": "Cite", "c": [citations, words(reading.verbatim(source))]}])]


def _citation(reading: Reading, part: str, key: re.Match[str], line: int, mode: str) -> Node:
    return {
        "citationId": _key(key),
        "citationPrefix": _inlines(reading, part[: key.start()].strip(), line),
        "citationSuffix": _inlines(reading, part[key.end() :].rstrip(), line),
        "citationMode": {"t": "SuppressAuthor" if key["minus"] else mode},
        "citationNoteNum": 0,
        "citationHash": 0,
    }


def _inlines(reading: Reading, text: str, line: int) -> list[Node]:
    if not MARKUP.search(text):
        return pandoc_ast.words(reading.shown(text)) if text else []
    lead = [{"t": "Space"}] if text.startswith(" ") else []
    return [*lead, *reading.inline_text(text, line)]
