"""The text of a page before it is parsed: converts syntax that differs between XML and HTML.

XHTML may declare entities, closes elements that are empty (`<a id="x"/>`, `<script/>`), and has CDATA sections. An HTML parser
prints the end of the declaration, reads `<script/>` as the start of a script, and a CDATA section as a comment.
Sources: XML 1.0, sections 2.7, 2.8 and 4.2.2; XHTML 1.0, appendix C.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from service.ast.html.elements import VOID

DOCTYPE = re.compile(r"<!DOCTYPE\b[^<>\[]{0,1000}\[", re.I)
ENTITY = re.compile(r"<!ENTITY\s++([A-Za-z_][\w.-]{0,63})\s++(?:\"([^\"]{0,1000})\"|'([^']{0,1000})')\s*+>")
SUBSET_END = re.compile(r"\]\s*>")
HEAD = 20_000  # characters that may contain a declaration
MOST_ADDED = 1_000_000  # characters of all expanded entities of a page
XML = re.compile(r"\A[\s\ufeff]*(?:<\?xml|<!DOCTYPE[^<>]{0,300}XHTML)|<html\b[^<>]{0,500}http://www\.w3\.org/1999/xhtml", re.I)
REFERENCE = re.compile(r"&([A-Za-z_][\w.-]{0,63});")
# An empty element of XML; a section of character data; what holds no markup or is a comment.
SECTIONS = re.compile(
    r"<(?P<empty>[A-Za-z][\w:.-]*+)(?P<attributes>(?>(?:[^<>\"'/]++|\"[^\"<]*+\"|'[^'<]*+'|/(?!>))*))/>"
    r"|<(?P<raw>script|style|textarea|title|xmp|svg|math)\b.*?(?:</(?P=raw)\s*>|\Z)|<!--.*?(?:-->|\Z)"
    r"|<!\[CDATA\[(?P<data>.*?)(?:\]\]>|\Z)",
    re.S | re.I,
)


def settled(text: str) -> str:
    """`text` in the spelling of HTML; its lines keep their numbers."""
    is_xml = XML.search(text[:HEAD]) is not None
    text = _without_declarations(text)
    return SECTIONS.sub(_with_end if is_xml else _shown, text)


def _with_end(found: re.Match[str]) -> str:
    if not found["empty"]:
        return _shown(found)
    return found[0] if found["empty"].lower() in VOID else f"<{found['empty']}{found['attributes']}></{found['empty']}>"


def _shown(found: re.Match[str]) -> str:
    """The text of a CDATA section."""
    return found[0] if found["data"] is None else html.escape(found["data"], quote=False)


def _without_declarations(text: str) -> str:
    """The text without the declarations in a DOCTYPE, and with their entities expanded."""
    start = DOCTYPE.search(text[:HEAD])
    end = SUBSET_END.search(text, start.end(), start.end() + HEAD) if start else None
    if not start or not end:
        return text
    subset = text[start.end() : end.start()]
    declared = {name: double or single for name, double, single in ENTITY.findall(subset)}
    rest = _replaced(text[end.end() :], {name: value for name, value in declared.items() if not REFERENCE.search(value)})
    return text[: start.start()] + "<!DOCTYPE html>" + "\n" * text.count("\n", start.start(), end.end()) + rest


def _replaced(text: str, declared: Mapping[str, str]) -> str:
    """`text` with its entities expanded, up to the limit of a page."""
    added = sum(len(declared.get(found[1], "")) for found in REFERENCE.finditer(text)) if declared else 0
    return REFERENCE.sub(lambda found: declared.get(found[1], found[0]), text) if 0 < added <= MOST_ADDED else text
