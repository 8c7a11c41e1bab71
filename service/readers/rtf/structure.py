"""RTF, prepared so that pandoc reads it without loss: replaces words of RTF that it ignores, or joins.

pandoc 3.9 loses the text before a nested table, reads the bytes of a picture (`\\bin`) only if no byte was
changed, and joins the words around a page break. A table in a cell becomes paragraphs of the cell.
"""

from __future__ import annotations

import re

BINARY = re.compile(rb"(?<!\\)((?:\\\\)*)\\bin(\d{1,9})[ ]?")
TOKEN = re.compile(r"\\([a-z]+)(-?\d{1,9})?[ ]?|([{}])|\\.|[^\\{}]+", re.S | re.I)
NEEDED = re.compile(r"\\(?:sect|page|column|upr|do)(?![a-z])")
UNICODE_GROUP = re.compile(r"\{\\\*\\ud(?![a-z])")  # of a text that is written twice
WRITTEN = {
    "nestcell": "\\par ", "nestrow": "{}", "upr": "", "sect": "\\par\\sect ", "page": "\\par\\page ", "column": "\\par\\column ",
}  # fmt: skip
BOX = re.compile(r"\\\*(?=\\do(?![a-z]))")  # the mark that lets programs ignore a drawing and its text
RESULT = re.compile(r"\{\\shprslt(?![a-z])")
# The words of WordArt are a property of the shape (RTF 1.9.1, "Word Art"), which programs do not read as text.
WORD_ART = re.compile(r"\{\\sp\s*+\{\\sn\s++gtextUNICODE\}\s*+\{\\sv\s++([^{}]*+)\}\s*+\}")
NESTED_PROPERTIES = re.compile(r"\{\\\*\\nesttableprops\b")


def without_binary(data: bytes) -> bytes:
    """The bytes after `\\binN` as hexadecimal digits, which cannot be read as text or braces."""
    if b"\\bin" not in data:  # a search for bytes is a hundred times faster, and pictures are long
        return data
    out: list[bytes] = []
    at = 0
    while found := BINARY.search(data, at):
        start, length = found.end(), int(found[2])
        out += [data[at : found.start()], found[1]]
        if start + length <= len(data):
            out.append(b" " + data[start : start + length].hex().encode())
            start += length
        at = start
    return b"".join([*out, data[at:]]) if out else data


def straightened(text: str) -> tuple[str, bool]:
    """The text with nested tables as paragraphs, the words of WordArt in text boxes, and with breaks that part words; whether
    there was a nested table.
    """
    text = WORD_ART.sub(lambda found: rf"{{\shptxt \pard {found[1]}\par}}", text) if "gtextUNICODE" in text else text
    nested = "\\nestcell" in text
    if not nested and not NEEDED.search(text):
        return text, False
    rewriting = _Rewriting()
    for found in TOKEN.finditer(UNICODE_GROUP.sub("{", text)):
        rewriting.take(found)
    return "".join(rewriting.out), nested


class _Rewriting:
    """`levels` are the depths of tables of the open groups; `skipped` counts the open groups of one that is left out."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.level, self.levels = 1, list[int]()
        self.skipped = 0
        self.results = 0  # open groups within what older programs show of a shape
        self.dropping = False  # the next group: the form of a text that is not Unicode

    def take(self, found: re.Match[str]) -> None:
        word, number, brace = found.groups()
        if brace == "{":
            self.levels.append(self.level)
            self.results += bool(self.results or RESULT.match(found.string, found.start()))
            if self.skipped or self.dropping or NESTED_PROPERTIES.match(found.string, found.start()):
                self.skipped, self.dropping = self.skipped + 1, False
        elif brace:
            self.level = self.levels.pop() if self.levels else 1
            self.results = max(0, self.results - 1)
            if self.skipped:
                self.skipped -= 1
                return
        if not self.skipped and (self.results or not BOX.match(found.string, found.start())):
            self.out.append(self._written(word, number, found.group()))

    def _written(self, word: str | None, number: str | None, text: str) -> str:
        if word == "itap":
            before, self.level = self.level, int(number or 1)
            return "\\par\\itap1 " if self.level > max(1, before) else "\\itap1 "
        if word == "upr":
            self.dropping = True
        return WRITTEN.get(word or "", text)
