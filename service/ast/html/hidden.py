"""Text that a page does not show: `hidden`, `display: none`, `visibility: hidden`, and words for screen readers alone.

It goes to a notice. What a script brings into sight stays: the panels of tabs, and an element that holds more than half of a
page's text (WeChat's article is `visibility: hidden` until its script has run). `aria-hidden` hides nothing from the eye.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.ast.html.tree import Element

STYLE = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))\b", re.I)
CLASSES = frozenset({
    "sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "screen-reader-only", "show-for-sr",
    "element-invisible", "a11y-hidden", "cdk-visually-hidden",
})  # fmt: skip
PANELS = frozenset({"tab-pane", "tab-panel", "tabpanel", "tab-content", "tabcontent", "tabs__item", "tabbed-block"})
LAZY = ("data-src", "data-original", "data-lazy-src", "data-srcset")
NEVER = frozenset({"html", "body", "frameset", "source", "track", "param", "input", "script", "style", "template"})
SHARE = 0.5


def found(page: Element, *, is_page: bool) -> list[Element]:
    """The outermost hidden elements. `is_page`: a hidden element may hold most of the text, which a script brings into sight."""
    hidden = list(_outermost(page))
    if not hidden or not is_page:
        return hidden
    most = SHARE * len("".join(page.text().split()))
    return [one for one in hidden if len("".join(one.text().split())) <= most]


def drawn_twice(page: Element) -> set[Element]:
    """What draws a formula that stands next to it as MathML, as KaTeX writes pages: its letters would be there twice."""
    return {
        element
        for around in page.iter("span")
        if "katex" in around.get("class").split() and around.first("math")
        for element in around.elements()
        if element.get("aria-hidden") == "true" and not element.first("math")
    }


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
    if element.tag == "img" and any(name in attributes for name in LAZY):
        return False
    if "hidden" in attributes:
        return attributes["hidden"].lower() != "until-found"
    return not CLASSES.isdisjoint(classes) or STYLE.search(attributes.get("style", "")) is not None
