"""Lists: space for long numbers, and the distance of a paragraph after the last item."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from lxml import etree

from service.writers.docx.body import w
from service.writers.docx.schema_order import put
from service.writers.docx.stylesheet import style_of

AFTER_LIST = 160  # twips
INDENT, HANGING = 720, 360  # twips of a level in pandoc's numbering
FITTING, CHARACTER = 3, 115  # characters that fit there, and twips for each more
DIGITS = 8  # of a w:nsid (ECMA-376 part 1, 17.18.50); pandoc writes nine
Place = tuple[str, int]  # w:numId and w:ilvl


def settle(top: etree._Element, numbering: etree._Element) -> None:
    """Changes the items of a part; `numbering` is the tree of word/numbering.xml."""
    for identifier in numbering.iter(w("nsid")):
        identifier.set(w("val"), identifier.get(w("val"), "")[-DIGITS:])
    items: defaultdict[Place, list[etree._Element]] = defaultdict(list)
    for place, paragraph in list(_items(top)):
        items[place].append(paragraph)
        _space_after(paragraph)
    starts, formats = _starts(numbering), _formats(numbering)
    for place, paragraphs in items.items():
        kind = formats.get(place[0], "")
        label = _longest(kind, starts.get(place, 1) + len(paragraphs) - 1, len(paragraphs))
        if label > FITTING:
            extra = (label - FITTING) * CHARACTER
            for each in paragraphs:
                put(each, "pPr", "ind", left=INDENT * (place[1] + 1) + extra, hanging=HANGING + extra)


def _items(top: etree._Element) -> Iterator[tuple[Place, etree._Element]]:
    for numbered in top.iter(w("numPr")):
        number, level = numbered.find(w("numId")), numbered.find(w("ilvl"))
        if number is not None and level is not None:
            place = (number.get(w("val"), ""), int(level.get(w("val"), "0")))
            yield place, next(numbered.iterancestors(w("p")))


def _space_after(paragraph: etree._Element) -> None:
    """Within a list the items are close; the text below keeps its distance."""
    following = paragraph.getnext()
    if following is None or following.tag != w("p") or style_of(paragraph) != "Compact":
        return
    if following.find(f"{w('pPr')}/{w('numPr')}") is None and paragraph.find(f"{w('pPr')}/{w('spacing')}") is None:
        put(paragraph, "pPr", "spacing", after=AFTER_LIST)


def _starts(numbering: etree._Element) -> dict[Place, int]:
    return {
        (number.get(w("numId"), ""), int(override.get(w("ilvl"), "0"))): int(start.get(w("val"), "1"))
        for number in numbering.iter(w("num"))
        for override in number.iter(w("lvlOverride"))
        for start in override.iter(w("startOverride"))
    }


def _formats(numbering: etree._Element) -> dict[str, str]:
    """The number format of the first level of each list: decimal, lowerRoman, bullet, …"""
    abstract = {
        each.get(w("abstractNumId"), ""): next((form.get(w("val"), "") for form in each.iter(w("numFmt"))), "")
        for each in numbering.iter(w("abstractNum"))
    }
    return {
        number.get(w("numId"), ""): abstract.get(link.get(w("val"), ""), "")
        for number in numbering.iter(w("num"))
        for link in number.iter(w("abstractNumId"))
    }


def _longest(kind: str, last: int, count: int) -> int:
    """The characters of the longest label, with its full stop."""
    if kind == "decimal":
        return len(str(last)) + 1
    if kind in {"lowerRoman", "upperRoman"} and last >= 3:
        return 4 if last < 8 and count < 8 else 6  # iii. and xviii.
    return 0
