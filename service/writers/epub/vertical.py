"""Vertical lines from right to left, for Chinese, Japanese and Korean (CSS Writing Modes 4; JLREQ 2.3, CLREQ 3.1.3).

Code, tables, formulas and pictures stay horizontal. Numbers of one or two digits are upright in one place.
"""

from __future__ import annotations

import re

from lxml import etree

from service.writers.epub.xhtml import tag

LANGUAGES = ("zh", "ja", "ko")
HORIZONTAL = ("pre", "code", "table", "figure", "svg")
PAIR = re.compile(r"(?<![\w.,:/+-])(?:\d{1,2}|[!?]{2})(?![\w.,:/%+-])", re.ASCII)


def is_possible(lang: str) -> bool:
    """Whether a language (BCP 47) is set in vertical lines."""
    return lang.lower().split("-")[0] in LANGUAGES


def combine(body: etree._Element) -> None:
    """Puts each number of one or two digits, and two marks such as !?, into an upright span."""
    for element in list(body.iter(etree.Element)):
        if any(
            str(each.tag).rpartition("}")[2] in HORIZONTAL or "MathML" in str(each.tag)
            for each in (element, *element.iterancestors())
        ):
            continue
        for child in reversed(list(element)):
            if found := _spans(child.tail or ""):
                child.tail, spans = found
                for number, span in enumerate(spans):
                    element.insert(element.index(child) + 1 + number, span)
        if found := _spans(element.text or ""):
            element.text, spans = found
            for number, span in enumerate(spans):
                element.insert(number, span)


def _spans(text: str) -> tuple[str, list[etree._Element]] | None:
    """The text before the first pair, and a span for each with the text behind it, or None."""
    pairs = PAIR.findall(text)
    if not pairs:
        return None
    before, *others = PAIR.split(text)
    spans = []
    for pair, rest in zip(pairs, others, strict=True):
        span = etree.Element(tag("span"), {"class": "tcy"})
        span.text, span.tail = pair, rest
        spans.append(span)
    return before, spans
