"""Labels that hold in a whole book: `{#sec-x}` in one chapter of Quarto or bookdown, `@sec-x`, `\\@ref(x)` and `(#x)` in another.

quarto.org/docs/books/book-crossrefs.html, bookdown.org/yihui/bookdown/cross-references.html. A reference to a label of another
chapter becomes a link to its file, with the title of the heading as text; one to a label of its own stays.
"""

from __future__ import annotations

import functools
import posixpath
import re
from collections.abc import Iterator, Mapping

from service.pipeline.collections.base import Changed, Collection, decoded
from service.pipeline.collections.substitutions import outside_code

KINDS = ("quarto", "bookdown")
SUFFIXES = (".qmd", ".rmd", ".md")
LABEL = re.compile(r"^#{1,6}[ \t]++(?P<title>[^\n{]++)\{#(?P<heading>[\w:.-]{1,100}+)|\{#(?P<other>[\w:.-]{1,100}+)", re.M)
CHUNK = re.compile(r"^#\|[ \t]*+label:[ \t]*+[\"']?(?P<name>(?:fig|tbl|lst)-[\w-]{1,100}+)", re.M)
REFERENCE = re.compile(
    r"\]\(#(?P<link>[\w:.-]{1,100}+)\)|\\@ref\((?P<bookdown>[\w:.-]{1,100}+)\)"
    r"|(?<![\w@\\\[;-])@(?P<quarto>(?:[Ss]ec|[Ff]ig|[Tt]bl|[Ee]q|[Ll]st|[Tt]hm)-[\w-]{1,100}+)"
)
Labels = Mapping[str, tuple[str, str]]  # label → its chapter and the title of its heading


def placed(files: Mapping[str, bytes], collection: Collection) -> Changed:
    """The chapters that refer to labels of others."""
    if collection.kind not in KINDS:
        return Changed()
    texts = {name: decoded(files[name]) for name in collection.names if name.lower().endswith(SUFFIXES)}
    labels = {label: (name, title) for name, text in texts.items() for label, title in _labels(text)}
    found = {name: outside_code(text, functools.partial(_linked, chapter=name, labels=labels)) for name, text in texts.items()}
    return Changed({name: text.encode() for name, text in found.items() if text != texts[name]})


def _labels(text: str) -> Iterator[tuple[str, str]]:
    for match in CHUNK.finditer(text):
        yield match["name"], ""
    for match in LABEL.finditer(text):
        yield match["heading"] or match["other"], (match["title"] or "").strip()


def _linked(text: str, chapter: str, labels: Labels) -> str:
    def changed(found: re.Match[str]) -> str:
        label = found["link"] or found["bookdown"] or found["quarto"]
        other, title = labels.get(label) or labels.get(label[:1].lower() + label[1:], ("", ""))
        if not other or other == chapter:
            return found[0]
        target = f"(<{posixpath.relpath(other, posixpath.dirname(chapter) or '.')}#{label}>)"
        return f"]{target}" if found["link"] else f"[{title or label}]{target}"

    return REFERENCE.sub(changed, text)
