"""Elements that the page's style sheets hide permanently: each gets the style, and `hidden` removes it.

A rule counts if it is for print, if it is `!important`, or if the page has no script that could reverse it: content that a
click shows (answers, panels, slides) is hidden by a plain rule in a page with scripts, and stays. Only rules of a single class
or identifier count. Source: CSS Conditional Rules 3, CSS Display 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.ast.html.emphasis import COMMENT, LONGEST_SHEET, MOST_RULES
from service.ast.html.tree import Element

BRACES = re.compile(r"([{}])")
SHOWN = re.compile(r"(?:^|[;\s])(display|visibility)\s*:\s*([a-z-]{1,30})\s*(!\s*important)?", re.I)
SELECTOR = re.compile(r"(?:[A-Za-z][A-Za-z0-9]{0,15})?[.#][A-Za-z_-][\w-]{0,100}")
ANSWERS = re.compile(r":(?:checked|target|hover|focus|focus-within|active)\b", re.I)  # they can be opened without a script
VALUES = frozenset({"none", "hidden", "collapse"})


def settle(page: Element) -> None:
    hidden = _hidden(page)
    if not hidden:
        return
    for element in page.iter():
        names = [*(f".{name}" for name in element.get("class").split()), f"#{element.get('id')}"]
        if not hidden.isdisjoint([*names, *(element.tag + name for name in names)]) and element.tag not in ("html", "body"):
            element.attributes = element.attributes | {"style": f"{element.get('style')};display:none"}


def _hidden(page: Element) -> set[str]:
    """The selectors whose elements are never shown."""
    sheets = [(each.get("media").lower(), COMMENT.sub("", each.text()[:LONGEST_SHEET])) for each in page.iter("style")]
    is_fixed = not _is_scripted(page) and not any(ANSWERS.search(sheet) for _, sheet in sheets)
    hidden: set[str] = set()
    rules = [rule for media, sheet in sheets if _counts(media) for rule in _rules(sheet, media)]
    for query, selectors, declarations in sorted(rules, key=lambda rule: "print" in rule[0]):
        _count(hidden, selectors, declarations, for_good=is_fixed or "print" in query)
    return hidden


def _is_scripted(page: Element) -> bool:
    return any(
        (each.tag == "script" and "json" not in each.get("type")) or any(name.startswith("on") for name in each.attributes)
        for each in page.iter()
    )


def _counts(query: str) -> bool:
    kinds = {each.strip().removeprefix("only ").strip() for each in query.split(",")}
    return not kinds.isdisjoint(("", "all", "print"))


def _rules(sheet: str, media: str) -> Iterator[tuple[str, str, str]]:
    """Media, selectors, declarations of each rule. Those for a size, a screen or a device are left out."""
    parts = BRACES.split(sheet)
    above: list[str] = []
    for text, brace in zip(parts[::2], parts[1 : 2 * MOST_RULES : 2], strict=False):
        if brace == "{":
            above.append(text.rpartition(";")[2].strip())
        elif above:
            selectors = above.pop()
            queries = [each.lower().removeprefix("@media").strip() for each in above]
            if not selectors.startswith("@") and all(map(_counts, queries)):
                yield " ".join([media, *queries]), selectors, text


def _count(hidden: set[str], selectors: str, declarations: str, *, for_good: bool) -> None:
    said = SHOWN.findall(declarations)
    if not said:
        return
    is_hidden = any(value.lower() in VALUES and (for_good or important) for _, value, important in said)
    found = {selector.strip() for selector in selectors.split(",") if SELECTOR.fullmatch(selector.strip())}
    if is_hidden:
        hidden |= found
    else:
        hidden -= found
