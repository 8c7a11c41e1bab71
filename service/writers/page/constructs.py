"""Constructs of a page: alignment before pandoc writes, ruby and directions after it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from lxml import etree

from service.model.text.characters import is_right_to_left, is_wide

RUBY = {"ruby": "ruby", "rt": "rt", "rp": "rp", "rb": "span"}
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
# As bytes of UTF-8; the lead bytes D6 and D7 are half Armenian, F0 is emoji, too.
MAY_RUN = re.compile(rb"[\xd6-\xdf]|\xe0[\xa0-\xa3]|\xef[\xac-\xbb]|\xf0\x90[\xa0-\xbf]|\xf0\x9e")
STRONG = re.compile(f"(?P<rtl>{RIGHT_TO_LEFT.pattern})|[^\\W\\d_]")
# Each has its own direction, by its first strong letter (Unicode Bidirectional Algorithm, P2 and P3).
PARAGRAPHS = ("p", "h2", "h3", "h4", "h5", "h6", "li", "dt", "dd", "td", "th", "figcaption")
READ = 200  # pieces of a paragraph that are searched for this letter


def name_ruby(span: etree._Element) -> None:
    """Gives the spans of ruby their elements, with one base and one reading in each, because they are above each other."""
    parts = span.get("class", "").split()
    if parts[:1] != ["ruby"]:
        return
    for part in span.iter("span"):
        if found := RUBY.get(part.get("class", "")):
            part.tag = found
            del part.attrib["class"]
    parent = span.getparent()
    readings = span.findall("rt")
    if parent is None or len(readings) < 2:
        return
    place, tail = parent.index(span), span.tail
    pairs = list(_pairs(span))
    parent.remove(span)
    for offset, pair in enumerate(pairs):
        parent.insert(place + offset, pair)
    pairs[-1].tail = tail


def _pairs(ruby: etree._Element) -> Iterator[etree._Element]:
    """The content up to each reading as its own ruby, without parentheses, because readings are above the base."""
    pair = etree.Element("ruby")
    pair.text = ruby.text
    for child in list(ruby):
        tail, child.tail = child.tail, None
        if child.tag != "rp":
            pair.append(child)
        if child.tag == "rt":
            yield pair
            pair = etree.Element("ruby")
            pair.text = tail
        elif tail:
            _append(pair, tail)
    if len(pair) or (pair.text or "").strip():
        yield pair


def _append(element: etree._Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def direct(body: etree._Element, lang: str) -> None:
    """Gives each paragraph with a direction other than that of its document an attribute, and code its own direction."""
    page = is_right_to_left(lang)
    for element in body.iter(*PARAGRAPHS):
        letters = "".join(islice(map(str, element.itertext()), READ))
        found = STRONG.search(letters)
        if found and (found["rtl"] is not None) != page and element.get("dir") is None and not _inside(element):
            element.set("dir", "ltr" if page else "rtl")
    if page:
        for element in body.iter("pre", "code", "kbd", "samp"):
            element.set("dir", "ltr")


def _inside(element: etree._Element) -> bool:
    """Whether an element around it has been given a direction."""
    return any(each.get("dir") is not None for each in element.iterancestors())


def mark_latin(body: etree._Element) -> None:
    """Marks emphasis without an ideograph: on a Chinese, Japanese or Korean page only this emphasis is italic."""
    for element in body.iter("em"):
        if not any(map(is_wide, "".join(map(str, element.itertext())))):
            element.set("class", "latin")


def may_run_both_ways(lang: str, texts: Iterable[bytes]) -> bool:
    """Whether a page, or its JSON, may contain such letters: Hebrew to Arabic Extended-A, presentation forms, beyond."""
    return is_right_to_left(lang) or any(MAY_RUN.search(text) for text in texts)
