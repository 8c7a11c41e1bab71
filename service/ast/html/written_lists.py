"""Lists that a program writes as paragraphs or separately: Word's paragraphs with a mark, Google Docs' lists of one level each.

Sources, seen in their output: `mso-list: l0 level2 lfo1` and the class MsoListParagraph (Word), `lst-kix_…-1` (Google Docs).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from service.ast.html.tree import Element

STYLED = re.compile(r"mso-list\s{0,5}:\s{0,5}[A-Za-z0-9]{1,20}\s{1,5}level([1-9])", re.IGNORECASE)
MARGIN = re.compile(r"margin-left\s*:\s*([0-9]{1,4}(?:\.[0-9]{1,4})?)(pt|in|cm)", re.IGNORECASE)
STEP = {"pt": 36.0, "in": 0.5, "cm": 1.27}  # the indent of one level of Word's lists
BULLETS = frozenset("·•o§ØüvqÞà*–—-▪■●○◦➢✓")
NUMBER = re.compile(r"\(?([0-9]{1,4}|[A-Za-z]|[ivxlc]{1,8}|[IVXLC]{1,8})[.)]")
BLANK = " \t\r\n\u00a0"
LEVEL = re.compile(r"lst-(kix_\S{1,60}|\S{1,60})-([0-8])(?=\s|$)")
Part = str | Element


class Item(NamedTuple):
    """A paragraph with a mark. `kind` is ul or ol, `style` the type of its numbers."""

    level: int
    kind: str
    style: str
    number: int
    content: list[Part]


def settle(page: Element) -> None:
    for element in list(page.iter()):
        if sum(1 for each in element.elements() if _is_item(each)):
            element.children = list(_with_lists(element.children))
        elif sum(1 for each in element.elements() if each.tag in ("ul", "ol") and LEVEL.search(each.get("class"))) > 1:
            element.children = _nested(element.children)


def _is_item(element: Element) -> bool:
    return element.tag == "p" and (element.get("class").startswith("MsoListParagraph") or "mso-list" in element.get("style"))


def _with_lists(parts: Sequence[Part]) -> Iterator[Part]:
    """The parts with each run of items as one list."""
    run: list[Item] = []
    for part in parts:
        if isinstance(part, str) and run and not part.strip():
            continue
        item = _item(part) if isinstance(part, Element) and _is_item(part) else None
        if item is not None:
            run.append(item)
            continue
        if run and isinstance(part, Element) and _is_item(part) and part.text().strip(BLANK):
            run[-1].content.append(part)  # a further paragraph of the item
            continue
        yield from _lists(run)
        run = []
        yield part
    yield from _lists(run)


def _item(element: Element) -> Item | None:
    mark = next((each for each in element.elements() if each.tag != "a"), None)
    if mark is None:
        return None
    label = mark.text().strip(BLANK)
    number = NUMBER.fullmatch(label)
    if not number and label not in BULLETS:
        return None
    content = [part for part in element.children if part is not mark]
    style, kind, value = "", "ul", 1
    if number:
        kind, (style, value) = "ol", _numbered(number[1])
    return Item(_level(element), kind, style, value, content)


def _level(element: Element) -> int:
    style = element.get("style")
    if found := STYLED.search(style):
        return int(found[1])
    margin = MARGIN.search(style)
    return max(1, round(float(margin[1]) / STEP[margin[2].lower()])) if margin else 1


def _numbered(label: str) -> tuple[str, int]:
    """The type of a list's numbers, and the number that the label is."""
    if label.isdecimal():
        return "1", int(label)
    if label.lower() == "i" or len(label) > 1:
        return ("i" if label.islower() else "I"), 1
    return ("a" if label.islower() else "A"), ord(label.lower()) - ord("a") + 1


def _lists(run: Sequence[Item]) -> Iterator[Element]:
    open_lists: list[tuple[int, Element]] = []
    for item in run:
        while open_lists and open_lists[-1][0] > item.level:
            open_lists.pop()
        if open_lists and open_lists[-1][0] == item.level and open_lists[-1][1].tag != item.kind:
            open_lists.pop()
        if not open_lists or open_lists[-1][0] < item.level:
            numbers = {"type": item.style, "start": str(item.number)} if item.kind == "ol" else {}
            made = Element(item.kind, numbers)
            if open_lists:
                next(reversed(list(open_lists[-1][1].elements()))).children.append(made)
            else:
                yield made
            open_lists.append((item.level, made))
        entry = Element("li")
        entry.children = item.content
        open_lists[-1][1].children.append(entry)


def _nested(parts: Sequence[Part]) -> list[Part]:
    """Consecutive lists of one name: a deeper one becomes part of the last item; one of the same level continues the list."""
    out: list[Part] = []
    open_lists: list[tuple[str, int, Element]] = []
    for part in parts:
        if isinstance(part, str) and not part.strip():
            continue
        found = LEVEL.search(part.get("class")) if isinstance(part, Element) and part.tag in ("ul", "ol") else None
        if found is None or not isinstance(part, Element):
            open_lists = []
            out.append(part)
            continue
        name, level = found[1], int(found[2])
        while open_lists and (open_lists[-1][0] != name or open_lists[-1][1] > level):
            open_lists.pop()
        if open_lists and open_lists[-1][1] == level:
            open_lists[-1][2].children += part.children
            continue
        items = [each for each in open_lists[-1][2].elements() if each.tag == "li"] if open_lists else []
        (items[-1].children if items else out).append(part)
        open_lists.append((name, level, part))
    return out
