"""The main text of a page: where its running text is densest, without the site's own parts. What is left out is named.

By our own rules, for the libraries measured lost tables, captions and the language of code; here whole elements stay or go.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from service.ast.html.shape import Element

LEAST = 25  # characters of a paragraph that counts
PARAGRAPHS = ("p", "pre", "blockquote", "td", "li", "h2", "h3")
CHROME = frozenset({"nav", "aside", "footer", "form", "dialog", "menu"})
ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search", "menu", "dialog"})
NAMED = re.compile(
    r"(?:^|[\s_-])(?:nav|menu|sidebar|footer|breadcrumbs?|share|sharing|social|related|recommend\w*|comments?|cookies?|banner|advert\w*"
    r"|ads?|promo|newsletter|subscribe|pagination|toolbar|skip)(?:$|[\s_-])",
    re.IGNORECASE,
)


def of(page: Element) -> tuple[Element, list[str]]:
    """The element that holds the main text, the site's parts taken out of it, and the texts of what was left out."""
    body = page.find("body")
    main = _declared(body)
    if main is None:
        main = _densest(body)
    left = [text for element in _around(main, body) if (text := _text(element))]
    for element in [each for each in main.iterdescendants() if isinstance(each.tag, str) and _is_chrome(each)]:
        if element.getparent() is not None:
            left.append(_text(element))
            element.drop_tree()
    return main, [text for text in left if text]


def _declared(body: Element) -> Element | None:
    """The one element that the page itself says is its article."""
    for path in (".//*[@itemprop='articleBody']", ".//article", ".//main", ".//*[@role='main']"):
        found = body.xpath(path)
        if len(found) == 1 and len(_text(found[0])) > LEAST:
            return found[0]
    return None


def _densest(body: Element) -> Element:
    """Paragraphs give their length to their parent, and half of it to what is above, less what of it is links."""
    scores: defaultdict[Element, float] = defaultdict(float)
    chrome = {each for each in body.iterdescendants() if isinstance(each.tag, str) and _is_chrome(each)}
    for tag in PARAGRAPHS:
        for each in body.iter(tag):
            text, parent = _text(each), each.getparent()
            if len(text) < LEAST or parent is None or any(one in chrome for one in each.iterancestors()):
                continue
            weight = len(text) * (1 - _links(each))
            scores[parent] += weight
            if (above := parent.getparent()) is not None:
                scores[above] += weight / 2
    best: Element = max(scores, key=lambda each: scores[each], default=body)
    return body if best.tag == "html" else best


def _links(element: Element) -> float:
    whole = len(_text(element))
    return sum(len(_text(link)) for link in element.iter("a")) / whole if whole else 0.0


def _is_chrome(element: Element) -> bool:
    """A part of the site, unless it holds most of the words without links: names are claims."""
    if element.tag in CHROME or (element.get("role") or "").lower() in ROLES:
        return True
    if element.tag in ("article", "main", "body", "html"):
        return False
    named = NAMED.search(f"{element.get('class') or ''} {element.get('id') or ''}")
    return named is not None and (len(_text(element)) < 200 or _links(element) > 0.4)


def _around(main: Element, body: Element) -> Iterator[Element]:
    """The elements beside the main text and beside what holds it."""
    here = main
    while here is not body and (parent := here.getparent()) is not None:
        yield from (
            each for each in parent if each is not here and isinstance(each.tag, str) and each.tag not in ("script", "style")
        )
        here = parent


def _text(element: Element) -> str:
    return " ".join(element.text_content().split())
