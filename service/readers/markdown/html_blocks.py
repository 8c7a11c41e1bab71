"""Markdown within a block of HTML, which CommonMark does not read: `<center>![a](a.png)</center>`, Notion's `<aside>`.

Text between two tags of blocks is Markdown if it has marks that prose does not have, and always within an element
with `markdown="1"` (Python-Markdown, kramdown). Code, scripts and text in `<pre>` remain unchanged.
"""

from __future__ import annotations

import re

from service.readers.markdown.parser import Node
from service.readers.markdown.reading import Block, Reading

TAG = re.compile(
    r"</?(?:address|article|aside|blockquote|center|dd|details|dialog|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]"
    r"|header|li|main|nav|ol|p|section|summary|table|tbody|td|tfoot|th|thead|tr|ul)\b(?P<attributes>[^<>]*+)>",
    re.I,
)
OPAQUE = re.compile(r"<(?:pre|code|script|style|textarea|math|svg|xmp|!--)\b|<!--", re.I)
SAYS_SO = re.compile(r"\smarkdown(?:=[\"']?(?:1|block|span|true)[\"']?)?(?=\s|/|\Z)", re.I)
ANY_TAG = re.compile(r"</?[A-Za-z][^<>]*+>")  # marks in its attributes are not Markdown
# A link or picture, bold text, code: they are rare in prose.
MARKED = re.compile(r"\]\([^\s()]{1,2000}\)|\*\*(?=\S)[^*\n]{1,500}(?<=\S)\*\*|(?<!`)`[^`\n<>]{1,200}`(?!`)")


def read(reading: Reading, node: Node, literal: str) -> list[Block] | None:
    """The blocks of HTML with Markdown in it; None without Markdown."""
    marked = MARKED.search(ANY_TAG.sub("", literal))
    if not (marked or "markdown" in literal) or OPAQUE.search(literal) or not TAG.search(literal):
        return None
    first = node.sourcepos.start.line
    out: list[Block] = []
    kept, done, says_so, found_any = "", 0, False, False
    for tag in [*TAG.finditer(literal), None]:
        inside = literal[done : tag.start() if tag else len(literal)]
        if inside.strip() and (says_so or MARKED.search(ANY_TAG.sub("", inside))):
            line = first + literal.count("\n", 0, done + len(inside) - len(inside.lstrip()))
            blocks = reading.sub_document(_lines(inside), line)
            out += [*_html(reading, kept), *blocks]
            kept, found_any = "", True
        else:
            kept += inside
        if tag:
            kept, done = kept + tag[0], tag.end()
            says_so = bool(SAYS_SO.search(tag["attributes"])) or (says_so and not tag[0].startswith("</"))
    return [*out, *_html(reading, kept)] if found_any else None


def _lines(text: str) -> list[str]:
    return text.strip("\n").split("\n") if "\n" in text else [text.strip()]


def _html(reading: Reading, html: str) -> list[Block]:
    return [{"t": "RawBlock", "c": ["html", reading.verbatim(html)]}] if html.strip() else []
