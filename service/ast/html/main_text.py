"""Finds the main text of a page: the densest running text, without the parts of the site. Removed parts are reported.

It has its own rules, because the measured libraries lost tables, captions and the language of code. Elements stay or go whole.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from service.ast.html import tree
from service.ast.html.tree import Element

LEAST = 25  # least characters of a paragraph that counts
PARAGRAPHS = ("p", "pre", "blockquote", "td", "li", "h2", "h3")
CHROME = frozenset({"nav", "aside", "footer", "form", "dialog", "menu"})
ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search", "menu", "dialog"})
NAMED = re.compile(
    r"(?:^|[\s_-])(?:nav|menu|sidebar|footer|breadcrumbs?|share|sharing|social|related|recommend\w*|comments?|cookies?|banner|advert\w*"
    r"|ads?|promo|newsletter|subscribe|pagination|toolbar|skip)(?:$|[\s_-])",
    re.IGNORECASE,
)


def of(page: Element) -> tuple[Element, list[str]]:
    """The element with the main text, without the parts of the site, and the texts of the removed parts."""
    body = tree.body(page)
    above = {child: element for element in body.iter() for child in element.elements()}
    main = _declared(body) or _densest(body, above)
    left = [_text(element) for element in _around(main, body, above)]
    chrome = {each for each in main.below() if _is_chrome(each)}
    left += [_text(each) for each in chrome if not any(one in chrome for one in _ancestors(each, above))]
    main.drop(chrome)
    return main, [text for text in left if text]


def _declared(body: Element) -> Element | None:
    """The only element that the page declares as its article."""
    declared: tuple[Callable[[Element], bool], ...] = (
        lambda each: each.get("itemprop") == "articleBody",
        lambda each: each.tag == "article",
        lambda each: each.tag == "main",
        lambda each: each.get("role") == "main",
    )
    for is_main in declared:
        found = [each for each in body.below() if is_main(each)]
        if len(found) == 1 and len(_text(found[0])) > LEAST:
            return found[0]
    return None


def _ancestors(element: Element, above: Mapping[Element, Element]) -> Iterator[Element]:
    while (parent := above.get(element)) is not None:
        yield parent
        element = parent


def _densest(body: Element, above: Mapping[Element, Element]) -> Element:
    """Scores elements: paragraphs add their length without links to their parent, and half of it to the grandparent."""
    scores: defaultdict[Element, float] = defaultdict(float)
    chrome = {each for each in body.below() if _is_chrome(each)}
    for each in body.iter(*PARAGRAPHS):
        text, parent = _text(each), above.get(each)
        if len(text) < LEAST or parent is None or any(one in chrome for one in _ancestors(each, above)):
            continue
        weight = len(text) * (1 - _links(each))
        scores[parent] += weight
        if (grandparent := above.get(parent)) is not None:
            scores[grandparent] += weight / 2
    return max(scores, key=lambda each: scores[each], default=body)


def _links(element: Element) -> float:
    whole = len(_text(element))
    return sum(len(_text(link)) for link in element.iter("a")) / whole if whole else 0.0


def _is_chrome(element: Element) -> bool:
    """Whether it is a part of the site by its name, unless it has most of the words without links."""
    if element.tag in CHROME or element.get("role").lower() in ROLES:
        return True
    if element.tag in ("article", "main", "body", "html"):
        return False
    named = NAMED.search(f"{element.get('class')} {element.get('id')}")
    return named is not None and (len(_text(element)) < 200 or _links(element) > 0.4)


def _around(main: Element, body: Element, above: Mapping[Element, Element]) -> Iterator[Element]:
    """The elements next to the main text and next to its ancestors."""
    here = main
    while here is not body and (parent := above.get(here)) is not None:
        yield from (each for each in parent.elements() if each is not here and each.tag not in ("script", "style"))
        here = parent


def _text(element: Element) -> str:
    return " ".join(element.text().split())
