"""Reads the styles of a DOCX: a property of a style, or of the styles that it is based on."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

from lxml import etree

from service.containers.packages import parse
from service.writers.docx.body import w


@dataclass(frozen=True, slots=True)
class StyleSheet:
    """The styles of a word/styles.xml by their identifiers."""

    styles: dict[str, etree._Element]
    known: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def number(self, style: str, path: str, name: str) -> int:
        """The attribute `name` of the element at `path` ("pPr/spacing"): twips or half points; 0 if it is not set."""
        key = (style, path, name)
        if key not in self.known:
            self.known[key] = self._found(*key)
        return self.known[key]

    def _found(self, style: str, path: str, name: str) -> int:
        steps = "/".join(map(w, path.split("/")))
        seen = set[str]()
        while style in self.styles and style not in seen:
            seen.add(style)
            element = self.styles[style].find(steps)
            value = element.get(w(name)) if element is not None else None
            if value is not None:
                return int(value)
            based = self.styles[style].find(w("basedOn"))
            style = based.get(w("val"), "") if based is not None else ""
        return self._default(steps, name)

    def _default(self, steps: str, name: str) -> int:
        defaults = self.styles.get("")
        found = defaults.find(f".//{steps}") if defaults is not None else None
        return int(found.get(w(name), "0")) if found is not None else 0


@functools.lru_cache(maxsize=8)
def of(data: bytes) -> StyleSheet:
    """The styles of a word/styles.xml; the defaults of the document stand under the empty identifier."""
    top = parse(data)
    styles = {style.get(w("styleId"), ""): style for style in top.iter(w("style"))}
    defaults = top.find(w("docDefaults"))
    return StyleSheet(styles | ({"": defaults} if defaults is not None else {}))


def style_of(block: etree._Element) -> str:
    """The identifier of a paragraph's style; empty for the default one."""
    style = block.find(f"{w('pPr')}/{w('pStyle')}")
    return str(style.get(w("val"), "")) if style is not None else ""
