"""The text of an RTF file for the count of letters: its groups are read without pandoc."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.model.document import Conversion, Document
from service.readers.rtf import characters, structure
from service.readers.shared.letters import Passage

TOKEN = re.compile(r"\\u(-?\d{1,6}) \?|\\([a-zA-Z]+)(-?\d{1,9})?[ ]?|([{}])|\\(.)|([^\\{}]+)", re.S)
DESTINATION = re.compile(r"\{(\\\*)?\s*\\([a-zA-Z]+)")
# Groups that are not the text, and those marked as optional that are.
NOT_TEXT = frozenset({
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "header", "headerl", "headerr", "headerf", "footer", "footerl",
    "footerr", "footerf", "listtext", "pntext", "pntxta", "pntxtb", "xe", "tc", "nonesttables", "shprslt", "sp", "mmath",
    "objdata", "fldinst", "filetbl", "revtbl", "themedata", "bkmkstart", "bkmkend", "objclass", "objname", "ftnsep",
    "ftnsepc", "template",
})  # fmt: skip
TEXT = frozenset({"footnote", "shpinst", "shptxt", "ud", "do"})
PARTS = frozenset({"par", "cell", "nestcell", "row", "line", "sect", "page", "tab", "column"})
QUOTES = {"lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "emdash": "—", "endash": "–"}


def passages(document: Document, _: Conversion) -> Iterator[Passage]:
    """One passage per paragraph or cell. Hidden text is not counted."""
    text = characters.decoded(structure.without_binary(document.source.data))
    yield from (Passage(part) for part in shown(text).split("\n") if part.strip())


def shown(text: str) -> str:
    """The text that the groups show, a line for each paragraph or cell."""
    return "".join(_shown(text)).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _shown(text: str) -> Iterator[str]:
    stack: list[bool] = []
    hidden = False
    for found in TOKEN.finditer(text):
        code, word, number, brace, symbol, plain = found.groups()
        if brace == "{":
            stack.append(hidden)
            begins = DESTINATION.match(text, found.start())
            hidden = hidden or bool(begins and (begins[2] in NOT_TEXT or (begins[1] and begins[2] not in TEXT)))
        elif brace:
            hidden = stack.pop() if stack else False
        elif word == "v":
            hidden = number != "0" or (bool(stack) and stack[-1])
        elif not hidden:
            yield chr(int(code) & 0xFFFF) if code else _piece(word, symbol, plain)


def _piece(word: str | None, symbol: str | None, plain: str | None) -> str:
    if word:
        return "\n" if word in PARTS else QUOTES.get(word, "")
    if symbol:
        return " " if symbol == "~" else symbol if symbol in "\\{}" else ""
    return (plain or "").replace("\r", "").replace("\n", "")
