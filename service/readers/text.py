"""Plain text: paragraphs and line ends by the intention of the author, every character unchanged.

A blank line ends a paragraph, and so does an indented first line, as in Chinese books. Line ends within a paragraph
count, unless an editor wrapped the text. Text that is laid out by blanks (a table, a poem's indents) keeps them. A single
first line that is not a sentence is the title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from service.ast.pandoc_ast import Node, header, para, words
from service.engines import Engines
from service.model.document import Conversion, Document, Source
from service.readers.base import Reader
from service.readers.shared import letters
from service.readers.shared import text as texts
from service.readers.shared.line_wrapping import is_wrapped, width_of

LONGEST_TITLE = 80  # columns; an ideograph has two
SENTENCE = re.compile(r"[.。!！?？;；:：,，…]['\"”’」』)]*$")
LAID_OUT = re.compile(r"\S(?: {3,}|\t)\S|^(?: {4,}|\t)")
INDENTED = re.compile(r"\u3000\u3000|\u3000|  (?=[\u3040-\u9fff])")
WIDE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’…—]")
RULE = re.compile(r"[ \t]*([-=*_~—─#])(?:[ \t]*\1){2,}[ \t]*$")


def read(source: Source, conversion: Conversion, engines: Engines) -> Document:
    text = texts.opened(source, conversion, engines)
    return texts.document(source, text, {}, list(_blocks(text.body)))


def _blocks(text: str) -> Iterator[Node]:
    wrapped = is_wrapped(text)
    paragraphs = list(_paragraphs(text.expandtabs(8).split("\n")))
    if len(paragraphs) > 1 and _is_title(paragraphs[0]):
        yield header(1, words(paragraphs.pop(0)[0].strip()))
        if paragraphs and len(paragraphs[0]) == 1 and RULE.match(paragraphs[0][0]):
            paragraphs.pop(0)  # the line below it
    for lines in paragraphs:
        if len(lines) == 1 and RULE.match(lines[0]):
            yield {"t": "HorizontalRule"}
        elif len(lines) > 1 and sum(bool(LAID_OUT.search(line)) for line in lines) * 2 > len(lines):
            yield {"t": "CodeBlock", "c": [["", ["text"], []], "\n".join(lines)]}
        else:
            yield para(_inlines(lines, wrapped))


def _paragraphs(lines: Sequence[str]) -> Iterator[list[str]]:
    found: list[str] = []
    for line in lines:
        if not line.strip() or INDENTED.match(line) or RULE.match(line):
            if found:
                yield found
            found = []
        if line.strip():
            found.append(line.rstrip())
        if RULE.match(line):
            yield found
            found = []
    if found:
        yield found


def _is_title(lines: Sequence[str]) -> bool:
    line = lines[0].strip()
    return len(lines) == 1 and width_of(line) <= LONGEST_TITLE and not SENTENCE.search(line) and not RULE.match(line)


def _inlines(lines: Sequence[str], wrapped: bool) -> list[Node]:
    """Line ends by their meaning: a break, a blank, or nothing between Chinese or Japanese characters."""
    out: list[Node] = []
    for number, line in enumerate(lines):
        bare = line.strip()
        if number and not wrapped:
            out.append({"t": "LineBreak"})
        elif number and not (WIDE.match(lines[number - 1].rstrip()[-1]) and WIDE.match(bare)):
            out.append({"t": "SoftBreak"})
        out += words(bare)
    return out


READER = Reader("text", read, passages=letters.of_text(str))
