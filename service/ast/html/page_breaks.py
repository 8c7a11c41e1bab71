"""Page breaks of word processors: an empty element, often hidden, whose style starts a new page. Each becomes a rule."""

from __future__ import annotations

import re

from service.ast.html.tree import Element

ASKED = re.compile(r"\bbreak-(?:after|before)\s*:\s*(?:always|page|left|right)", re.IGNORECASE)


def settle(page: Element) -> None:
    for element in page.iter("br", "hr"):
        style = element.get("style")
        if style and (asked := ASKED.search(style)):
            element.tag, element.attributes = "hr", {"style": asked[0]}
