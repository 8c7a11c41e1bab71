"""Adapts pandoc's HTML to a page: levels under the title, signs for tasks, classes for single pictures and strong lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lxml import etree

from service.ast import floats
from service.ast.missing_images import MISSING_IMAGE
from service.writers.page import constructs, lists, tables
from service.writers.page.elements import dissolve, replace

BLANK = " \t\r\n\u00a0\u3000"
SHORT_CODE = 14  # lines of a block of code that stays on one page


def parse(markup: str) -> etree._Element:
    """A `div` around pandoc's markup, which is well-formed XML except for characters that XML does not allow."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=True)
    return etree.fromstring(f"<div>{markup}</div>".encode(), parser)


def outer(element: etree._Element) -> str:
    """The element as HTML."""
    return etree.tostring(element, method="html", encoding="unicode", with_tail=False)


def inner(element: etree._Element) -> str:
    """The content of the element as HTML."""
    return outer(element).removeprefix("<div>").removesuffix("</div>")


def fix(markup: str, measure: float | None = None, turned: float = 0.0) -> etree._Element:
    """pandoc's markup as a page's body; `measure` and `turned` are as in `tables.fit`."""
    body = parse(markup)
    for element in list(body.iter(etree.Element)):
        match element.tag:
            case "h1" | "h2" | "h3" | "h4" | "h5":
                element.tag = f"h{int(element.tag[1]) + 1}"
            case "input":
                _still(element)
            case "span" if element.get("class") == "ruby":
                constructs.name_ruby(element)
            case "ol":
                lists.number(element)
            case "p":
                _mark_alone(element)
            case "pre" if measure is not None and "".join(map(str, element.itertext())).count("\n") < SHORT_CODE:
                element.set("class", f"{element.get('class', '')} short".strip())
            case "img" if not element.get("alt") and element.get("title"):
                element.set("alt", element.get("title", ""))
            case "a" if element.get("aria-hidden") == "true" and not element.text:
                dissolve(element)
    for paragraph in list(body.iter("p")):
        if paragraph.get("class") == "floating":
            _join_text(paragraph)
    for table in reversed(list(body.iter("table"))):  # content of the cells of another table first
        tables.fit(table, measure, turned if table.getparent() is body else 0.0)
    return body


def mark_running(body: etree._Element, shorten: Callable[[str], str]) -> None:
    """Gives the chapters' headings the text for the heads of their pages."""
    for heading in body.iter("h2"):
        heading.set("data-running", shorten("".join(_words(heading))))


def _words(heading: etree._Element) -> Iterator[str]:
    """The text without notes and numbers."""
    yield heading.text or ""
    for child in heading:
        if child.get("role") != "doc-noteref" and child.get("class") != "header-section-number":
            yield from _words(child)
        yield child.tail or ""


def _still(control: etree._Element) -> None:
    """Replaces a check box by a sign, which takes the place of the bullet."""
    sign = etree.Element("span", {"class": "task"})
    sign.text = "☒" if control.get("checked") is not None else "☐"
    parent = control.getparent()
    replace(control, sign)
    if parent is not None and parent.tag == "label":
        parent.tag = "span"
    item = next(sign.iterancestors("li"), None)
    around = None if item is None else item.getparent()
    if item is not None and around is not None and around.get("class") != "task-list":
        item.set("style", "list-style:none")


def _mark_alone(paragraph: etree._Element) -> None:
    """Marks a paragraph of only pictures, which is set as a figure, and one of only strong text, which is a separate line."""
    children = [child for child in paragraph if child.tag != "br"]
    texts = [paragraph.text, *(child.tail for child in paragraph)]
    if not children or any((text or "").strip(BLANK) for text in texts):
        return
    kinds = {_kind(child) for child in children}
    if kinds == {"image"}:
        sides = [floats.side_of(each.get("class", "").split()) for each in paragraph.iter("img")]
        paragraph.set("class", "floating" if sides and all(sides) else "picture")
    elif kinds == {"strong"}:
        paragraph.set("class", "strong")


def _join_text(paragraph: etree._Element) -> None:
    """Moves pictures at one side into the next paragraph: a heading above stays with its lines instead of an empty paragraph."""
    following, parent = paragraph.getnext(), paragraph.getparent()
    if following is None or parent is None or following.tag != "p" or following.get("class"):
        return
    pictures = list(paragraph)
    pictures[-1].tail = following.text
    following.text = None
    following[:0] = pictures
    parent.remove(paragraph)


def _kind(element: etree._Element) -> str:
    if element.tag == "img":
        return "image"
    if element.tag == "strong":
        return "strong"
    if element.tag == "span" and MISSING_IMAGE in element.get("class", ""):
        return "image"
    if element.tag == "a" and len(element) == 1 and element[0].tag == "img" and not _texts(element):
        return "image"
    return "other"


def _texts(element: etree._Element) -> str:
    return "".join(_own(element)).strip(BLANK)


def _own(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        yield child.tail or ""
