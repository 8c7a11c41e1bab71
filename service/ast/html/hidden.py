"""Text that a page does not show: `hidden`, `display: none`, `visibility: hidden`, words only for screen readers, closed
dialogs, pictures of one pixel, and elements that the page does not print.

A notice contains it. Elements that a script shows stay: the panels of tabs, and an element with more than half of the
page's text (WeChat's article is `visibility: hidden` until its script has run). `aria-hidden` hides nothing visually.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.ast.html import pictures
from service.ast.html.tree import Element

STYLE = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))\b", re.I)
OUTSIDE = re.compile(r"(?:^|[;\s])(?:left|top)\s*:\s*-[0-9]{3,6}(?:px|em|rem)", re.I)
POSITIONED = re.compile(r"(?:^|[;\s])position\s*:\s*(?:absolute|fixed)\b", re.I)
# Classes of elements that the author of a page excludes from print.
NOT_PRINTED = ("noprint", "no-print", "hidden-print", "d-print-none", "mw-editsection", "mw-jump-link")
CLASSES = frozenset({
    "sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "screen-reader-only", "show-for-sr",
    "element-invisible", "a11y-hidden", "cdk-visually-hidden", *NOT_PRINTED,
})  # fmt: skip
PANELS = frozenset(
    {
        "expand-content",
        "accordion-content",
        "accordion-body",
        "spoiler",
        "tab-pane",
        "tab-panel",
        "tabpanel",
        "tab-content",
        "tabcontent",
        "tabs__item",
        "tabbed-block",
    }
)
NEVER = frozenset({"html", "body", "frameset", "source", "track", "param", "input", "script", "style", "template"})
SHARE = 0.5
PIXEL = frozenset({"0", "1", "0px", "1px"})
ICONS = frozenset({"svg", "span", "i", "div"})
TOOLS = frozenset({"image-link-expand", "zeroclipboard-container", "copybtn", "code-copy"})
BUTTONS = frozenset({"button", "clipboard-copy"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "dt", "caption", "figcaption", "summary"})


def found(page: Element, *, is_page: bool) -> list[Element]:
    """The outermost hidden elements. `is_page`: a hidden element may contain most of the text, which a script shows."""
    hidden = list(_outermost(page))
    if not hidden or not is_page:
        return hidden
    most = SHARE * len("".join(page.text().split()))
    return [one for one in hidden if len("".join(one.text().split())) <= most]


def drop_tools(page: Element) -> None:
    """Removes elements without words that are only for screens: links of headings to themselves, buttons with an icon."""
    for element in list(page.iter()):
        element.children = [child for child in element.children if isinstance(child, str) or not _is_button(child)]
        if element.tag in HEADINGS or "heading" in element.get("class"):
            for child in [each for each in element.below("a") if _leads_to_itself(each)]:
                place = child.get("id") or child.get("name")
                child.tag, child.children, child.attributes = "span", [], {"id": place} if place else {}


def _is_button(element: Element) -> bool:
    """Whether it is a button without words. A picture in it may belong to the text."""
    if (
        element.tag in BUTTONS
        or not TOOLS.isdisjoint(element.get("class").split())
        or (element.tag == "a" and element.get("role") == "button")
    ):
        return _is_icon_alone(element) and not element.get("id")
    return element.tag == "input" and element.get("role") == "button" and not element.get("value")


def _leads_to_itself(link: Element) -> bool:
    """Whether it is the mark of a heading, such as ¶ or #, that leads to the heading."""
    return link.get("href").startswith("#") and len(link.text().strip()) < 3 and _is_icon_alone(link)


def _is_icon_alone(element: Element) -> bool:
    """Whether it contains no words, and no element but a drawing and its wrappers."""
    return not any(map(str.isalnum, element.text())) and all(each.foreign or each.tag in ICONS for each in element.below())


def _outermost(page: Element) -> Iterator[Element]:
    todo = [page]
    while todo:
        element = todo.pop()
        if element is not page and _is_hidden(element):
            yield element
        elif not element.foreign:
            todo += reversed(list(element.elements()))


def _is_hidden(element: Element) -> bool:
    if not element.attributes or element.foreign or element.tag in NEVER:
        return False
    attributes = element.attributes
    classes = attributes.get("class", "").lower().split()
    if attributes.get("role") == "tabpanel" or not PANELS.isdisjoint(classes):
        return False
    if element.tag == "img" and _is_loaded_later(element):
        return False
    if "hidden" in attributes:
        return attributes["hidden"].lower() != "until-found"
    return (
        _is_pixel(element)
        or (element.tag == "dialog" and "open" not in attributes)
        or attributes.get("layout", "").lower() == "nodisplay"  # of AMP: a menu or a window that a tap opens
        or not CLASSES.isdisjoint(classes)
        or _is_out_of_sight(attributes.get("style", ""))
    )


def _is_out_of_sight(style: str) -> bool:
    return bool(style) and (
        STYLE.search(style) is not None or (OUTSIDE.search(style) is not None and POSITIONED.search(style) is not None)
    )


def _is_loaded_later(image: Element) -> bool:
    """Whether one of its attributes for scripts has the address of a picture."""
    return any(
        name in pictures.LAZY or name in pictures.SETS or (name.startswith("data-") and pictures.SUFFIX.search(value))
        for name, value in image.attributes.items()
        if value
    )


def _is_pixel(element: Element) -> bool:
    """Whether it is a tracking pixel: at most one pixel, and no description."""
    return element.tag == "img" and PIXEL.issuperset((element.get("width"), element.get("height"))) and not element.get("alt")
