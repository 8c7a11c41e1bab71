"""Searches elements of the head only in the head.

WeasyPrint searches the whole document twice for its title, style sheets and links: it creates an object for each element, and
tests each against each name. This patch searches the names first, and creates objects only for the head if no such
element is outside. Other selectors, and documents with names of other languages (SVG), are searched as before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cssselect2 import ElementWrapper

HEAD = "head"


def install() -> None:
    """Installs this. Idempotent."""
    plain = ElementWrapper.query_all
    if hasattr(plain, "plain"):
        return

    def query_all(wrapper: Any, *selectors: Any) -> Iterator[Any]:
        head = _head(wrapper, frozenset(selectors)) if _are_names(selectors) else None
        found: Iterator[Any] = plain(wrapper if head is None else head, *selectors)
        return found

    query_all.plain = plain  # type: ignore[attr-defined]
    ElementWrapper.query_all = query_all


def _are_names(selectors: tuple[Any, ...]) -> bool:
    return all(isinstance(each, str) and each.isalpha() and each.islower() for each in selectors)


def _head(wrapper: Any, names: frozenset[str]) -> Any:
    """The head with all elements of these names; None if some may be elsewhere."""
    root = wrapper.etree_element
    tags = [each.tag for each in root.iter()]
    if wrapper.parent is not None or HEAD in names or root.tag in names or not all(isinstance(tag, str) for tag in tags):
        return None
    heads = [child for child in wrapper.iter_children() if child.local_name == HEAD]
    if len(heads) != 1 or any(tag[:1] == "{" or not tag.islower() for tag in tags):
        return None
    inside = sum(each.tag in names for each in heads[0].etree_element.iter())
    return heads[0] if inside == sum(tag in names for tag in tags) else None
