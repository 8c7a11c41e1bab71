"""Emphasis in Chinese, Japanese and Korean: a dot at each character (w:em), because these scripts have no italics.

Sources: CLREQ 2.3.2 (below the characters), JLREQ 3.3.9 (above them), ECMA-376 part 1, 17.3.2.12.
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from service.model.text.characters import is_wide
from service.writers.docx.body import w
from service.writers.docx.schema_order import put

MARKS: Mapping[str, str] = {"zh": "underDot", "ja": "dot", "ko": "dot"}


def settle(top: etree._Element, lang: str) -> None:
    """Replaces the italics of runs with an ideograph, in a document whose language (BCP 47) has a row in MARKS."""
    mark = MARKS.get(lang.partition("-")[0].lower())
    for italic in list(top.iter(w("i"))) if mark else ():
        look = italic.getparent()
        run = look.getparent() if look is not None else None
        if look is None or run is None or run.tag != w("r") or not _has_wide(run):
            continue
        for each in look.findall(w("i")) + look.findall(w("iCs")):
            look.remove(each)
        put(run, "rPr", "em", val=str(mark))


def _has_wide(run: etree._Element) -> bool:
    return any(map(is_wide, "".join(text.text or "" for text in run.iter(w("t")))))
