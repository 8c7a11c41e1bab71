"""The direction of text: paragraphs by their first strong character (UAX #9, P2), runs by their characters, code left to right.

pandoc marks all paragraphs and runs of a right-to-left document, also code and Latin names.
"""

from __future__ import annotations

import re
import unicodedata

from lxml import etree

from service.writers.docx.body import w
from service.writers.docx.schema_order import put
from service.writers.docx.stylesheet import style_of

RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
# Styles whose paragraphs have their own direction; titles and lines under the title keep that of the document.
OWN_SIDE = frozenset({"", "BodyText", "FirstParagraph", "BlockText", "FootnoteText"})
CODE_STYLES = frozenset({"SourceCode"})
CODE_RUNS = frozenset({"VerbatimChar", "Keyboard"})


def settle(top: etree._Element, rtl: bool) -> None:
    """Sets w:bidi and w:rtl in a part of a right-to-left document (`rtl`), or of one with such text."""
    for paragraph in top.iter(w("p")):
        text = "".join(each.text or "" for each in paragraph.iter(w("t")))
        right = _runs_right(paragraph, text, rtl)
        if right or rtl:
            _direct(paragraph, right)
            for run in paragraph.iter(w("r")):
                _direct_run(run, right)


def has_right_to_left(data: bytes) -> bool:
    """Whether a part may contain such characters."""
    return any(sign in data for sign in LEADS) and RIGHT.search(data.decode("utf-8", "replace")) is not None


# The first bytes in UTF-8 of what RIGHT matches.
LEADS = tuple({chr(code).encode()[:1] for code in (*range(0x590, 0x900, 0x40), 0xFB1D, 0x10800, 0x1E800)})


def _runs_right(paragraph: etree._Element, text: str, rtl: bool) -> bool:
    style = style_of(paragraph)
    if style in CODE_STYLES:
        return False
    if rtl and (style not in OWN_SIDE or next(paragraph.iterancestors(w("tc")), None) is not None):
        return True
    first = next((kind for each in text if (kind := unicodedata.bidirectional(each)) in ("L", "R", "AL")), "")
    return first in ("R", "AL") or (not first and rtl)


def _direct(paragraph: etree._Element, right: bool) -> None:
    put(paragraph, "pPr", "bidi", val="1" if right else "0")
    if style_of(paragraph) in CODE_STYLES:
        put(paragraph, "pPr", "jc", val="left")


def _direct_run(run: etree._Element, right: bool) -> None:
    text = "".join(each.text or "" for each in run.iter(w("t")))
    style = run.find(f"{w('rPr')}/{w('rStyle')}")
    code = style is not None and style.get(w("val")) in CODE_RUNS
    latin = any(unicodedata.bidirectional(each) == "L" for each in text)
    wanted = RIGHT.search(text) is not None or (right and not latin)
    found = run.find(f"{w('rPr')}/{w('rtl')}")
    if wanted and not code and found is None:
        put(run, "rPr", "rtl")
    elif found is not None and (code or not wanted):
        run.find(w("rPr")).remove(found)  # type: ignore[union-attr]
