"""Comments of a review that a word processor writes below the page. They are for the authors, so they are removed and reported.

Google Docs numbers them like notes (`cmnt1`, called from `cmnt_ref1`); Word has its own list of comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.ast.html.tree import Element
from service.model.document import Notice
from service.model.notices import notice

COMMENT = re.compile(r"#cmnt_ref[0-9]{1,6}")
CALL = re.compile(r"#(?:cmnt|_msocom_)[0-9]{1,6}")
LIST = re.compile(r"mso-element\s*:\s*comment-list", re.IGNORECASE)
CALL_CLASS = frozenset({"msocomanchor", "MsoCommentReference"})
AROUND = frozenset({"sup", "span"})
HOLDERS = frozenset({"div", "p", "li"})
MOST_LISTED, LONGEST = 1_000, 2_000  # comments, and characters of each


def taken_out(page: Element) -> list[Notice]:
    """Removes comments and their calls from the page. The notice contains their words."""
    parents = {child: each for each in page.iter() for child in each.elements()}
    comments = list(dict.fromkeys(_comments(page, parents)))
    if not comments:
        return []
    calls = (_outermost(each, parents) for each in page.iter("a") if _is_call(each))
    listed = [" ".join(each.text().split())[:LONGEST] for each in comments[:MOST_LISTED]]
    page.drop({*comments, *calls})
    return [notice("comment-removed", stage="read", line=comments[0].line or None, data={"comments": listed})]


def _comments(page: Element, parents: dict[Element, Element]) -> Iterator[Element]:
    for element in page.iter("div", "a"):
        if element.tag == "a" and COMMENT.fullmatch(element.get("href")):
            here = element
            while here.tag not in HOLDERS and here in parents:
                here = parents[here]
            outer = parents.get(here)
            alone = outer is not None and outer.tag == "div" and len(list(outer.below("a"))) == 1
            yield outer if alone and outer is not None else here
        elif LIST.search(element.get("style")):
            yield element


def _is_call(link: Element) -> bool:
    return CALL.fullmatch(link.get("href")) is not None or not CALL_CLASS.isdisjoint(link.get("class").split())


def _outermost(call: Element, parents: dict[Element, Element]) -> Element:
    """The call with the marks around it."""
    outer = call
    while (above := parents.get(outer)) is not None and above.tag in AROUND and above.text().strip() == outer.text().strip():
        outer = above
    return outer
