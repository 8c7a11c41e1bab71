"""Whole pages within a page (`<iframe srcdoc>`), as in mails, players and saved pages: their text is shown."""

from __future__ import annotations

from service.ast.html import tree
from service.ast.html.tree import Element

MAX_DEPTH = 30  # depth of elements within an inner page, which is itself deep in a page


def settle(page: Element) -> None:
    """Replaces such a frame by its content. A frame within such a frame stays a frame.

    Raises TooComplex if an inner page nests too deep.
    """
    for frame in list(page.iter("iframe")):
        if frame.get("srcdoc").strip() and not frame.get("src").strip():
            inner = tree.fragment(frame.get("srcdoc"), MAX_DEPTH)
            frame.tag, frame.children = "div", [inner]
            inner.tag = "div"
            frame.attributes = {name: value for name, value in frame.attributes.items() if name in ("id", "hidden", "style")}
