"""MediaWiki: categories and magic words are the page's metadata; the words of templates are written out.

A wiki's links lead to pages of the wiki: with a `url` in the front matter they are resolved, else they become text.
"""

from __future__ import annotations

import bisect
import re
from typing import Any

from service.engines import Engines
from service.model.document import Conversion, Document, Notice, Source
from service.model.notices import notice
from service.readers.base import Reader
from service.readers.mediawiki import extensions, limits, notes, templates
from service.readers.mediawiki.plain import plain
from service.readers.shared import letters
from service.readers.shared import text as texts

FORMAT = "mediawiki-smart"
WORDS = "Category|Kategorie|Catégorie|Categoría|Categoria|Категория|分类|分類|カテゴリ"
CATEGORY = re.compile(rf"\[\[\s*+(?:{WORDS})\s*+:\s*+([^\[\]|\n]++)(?:\|[^\[\]\n]*+)?\]\][ \t]*+\n?", re.I)
WORD = re.compile(r"\{\{\s*+(DISPLAYTITLE|SHORTDESC|Short description|DEFAULTSORT)\s*+[:|]\s*+([^{}\n]*+)\}\}[ \t]*+\n?", re.I)
# Places of the wiki's contents and notes, which each format has in its own places.
SWITCH = re.compile(r"__[A-Z]{3,30}__[ \t]*+\n?|<references\s*+/>|<references[^<>]*+></references>|\{\{reflist[^{}]*+\}\}", re.I)
KEYS = {"displaytitle": "title", "shortdesc": "description", "short description": "description", "defaultsort": "defaultsort"}


def read(source: Source, conversion: Conversion, engines: Engines) -> Document:
    text = texts.opened(source, conversion, engines)
    said, body = _cut(text.body)
    body, dropped = templates.written_out(body)
    body, removed = extensions.settled(body)
    settled, one = limits.settled(notes.settled(body), text.line)
    found = texts.parsed(settled + "\n", FORMAT, engines, one, text.line)
    return texts.document(source, text, said, found.blocks, [*_reported(dropped), *removed])


def _reported(dropped: templates.Dropped) -> list[Notice]:
    if not dropped.names:
        return []
    names = [f"{name} ({count})" if count > 1 else name for name, count in dropped.names.most_common(100)]
    message = f"Templates without words of their own were dropped: {', '.join(names)[:300]}."
    data = {"markup": "templates", "count": dropped.names.total(), "templates": names, "removed": dropped.sources}
    return [notice("raw-html-dropped", message, stage="read", data=data)]


def _cut(text: str) -> tuple[dict[str, Any], str]:
    """Categories and magic words, and the text without them; in `<nowiki>` they are text."""
    apart = limits.apart(text, limits.LITERAL)
    starts = [start for start, _ in apart]
    said: dict[str, Any] = {}

    def is_text(at: int) -> bool:
        before = bisect.bisect_right(starts, at) - 1
        return before >= 0 and at < apart[before][1]

    def category(found: re.Match[str]) -> str:
        if is_text(found.start()):
            return found.group()
        said.setdefault("categories", []).append(" ".join(found[1].replace("_", " ").split()))
        return ""

    def word(found: re.Match[str]) -> str:
        key, value = KEYS[found[1].lower()], found[2].strip(" '")
        said.setdefault(key, value)
        return ""

    cut = CATEGORY.sub(category, text)
    return said, SWITCH.sub("", WORD.sub(word, cut))


READER = Reader("mediawiki", read, passages=letters.of_text(plain))
