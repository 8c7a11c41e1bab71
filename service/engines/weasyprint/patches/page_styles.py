"""Shares styles of pages and their margin boxes between pages with the same rules.

For each page WeasyPrint collects all declarations for it and its twenty margin boxes again, creates a style for each, computes
their properties, and searches those of all earlier pages. Most pages differ only by side: with this patch
a page gets the styles of an earlier one with the same rules. Layout writes the same values into them
(overflow, counters) each time.
"""

from __future__ import annotations

from typing import Any

from weasyprint.layout import page as pages


def install() -> None:
    """Installs this. Idempotent."""
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
        style_for._cascaded_styles.clear()  # only of this page, which is left empty
        if style_for.initial_page_sizes["box"]:  # lengths relative to the page are known after the first
            known[key] = {each: style_for._computed_styles[page_type, each] for each in {None, *pseudo_types}}

    set_styles.plain = plain  # type: ignore[attr-defined]
    pages.set_page_type_computed_styles = set_styles


def _rules(page_type: Any, style_for: Any) -> tuple[bool, ...]:
    """The selectors of the sheets' page rules that match the page."""
    matches = style_for._page_type_match
    return tuple([
        matches(selector[2], page_type)
        for sheet, _, _ in style_for._sheets
        for _, selectors, _ in sheet.page_rules
        for selector in selectors
    ])  # fmt: skip
