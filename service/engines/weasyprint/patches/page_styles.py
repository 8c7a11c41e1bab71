"""Styles of pages and their margin boxes, shared by pages that the same rules are for.

For each page WeasyPrint lays all declarations for it and its twenty margin boxes out again, makes a style of each, computes
their properties again, and to find them looks through those of all pages before. Most pages are distinguished by side at
most: `install` gives a page the styles of an earlier one for which the same rules held. What layout writes into them
(overflow, counters) comes out the same each time.
"""

from __future__ import annotations

from typing import Any

from weasyprint.layout import page as pages


def install() -> None:
    """Makes WeasyPrint take this way. Idempotent."""
    plain = pages.set_page_type_computed_styles
    if hasattr(plain, "plain"):
        return

    def set_styles(page_type: Any, html: Any, style_for: Any) -> None:
        key = _rules(page_type, style_for)
        known = style_for.__dict__.setdefault("page_styles", {})
        if key in known:
            for pseudo_type, style in known[key].items():
                style_for._computed_styles[page_type, pseudo_type] = style
            return
        plain(page_type, html, style_for)
        pseudo_types = [pseudo_type for _, pseudo_type in style_for._cascaded_styles]
        style_for._cascaded_styles.clear()  # of this page alone, for it is left empty
        if style_for.initial_page_sizes["box"]:  # lengths relative to the page are known after the first
            known[key] = {each: style_for._computed_styles[page_type, each] for each in {None, *pseudo_types}}

    set_styles.plain = plain  # type: ignore[attr-defined]
    pages.set_page_type_computed_styles = set_styles


def _rules(page_type: Any, style_for: Any) -> tuple[bool, ...]:
    """Which selectors of all the sheets' page rules hold for the page."""
    matches = style_for._page_type_match
    return tuple([
        matches(selector[2], page_type)
        for sheet, _, _ in style_for._sheets
        for _, selectors, _ in sheet.page_rules
        for selector in selectors
    ])  # fmt: skip
