"""Shorter ways to the same PDF, taken inside WeasyPrint: no byte differs (tests/engines/shortcuts/test_same_page.py).

WeasyPrint is written to be read, and answers many questions anew that it was asked a moment ago. Each module here knows one
of them, found by profile, and says what it costs. `install` of each is idempotent. In any order the PDF is the
same; but `words` stands before `glyph_runs`, which it leaves little to do, so it is installed behind it.
"""

from __future__ import annotations

from service.engines.shortcuts import (
    backgrounds,
    brief,
    cascade,
    cycles,
    emoji,
    flow,
    glyph_runs,
    inheritance,
    lines,
    narrowest,
    neighbours,
    objects,
    overlong,
    page_names,
    page_styles,
    painting,
    percentages,
    queries,
    shaping,
    struts,
    text_lines,
    unspaced,
    well_formed,
    wide_lines,
    words,
)

SHORTCUTS = (
    backgrounds,
    brief,
    cascade,
    cycles,
    emoji,
    flow,
    glyph_runs,
    inheritance,
    lines,
    narrowest,
    neighbours,
    objects,
    overlong,
    page_names,
    page_styles,
    painting,
    percentages,
    queries,
    shaping,
    struts,
    text_lines,
    unspaced,
    well_formed,
    wide_lines,
    words,
)


def install() -> None:
    """Makes WeasyPrint take all of them. Idempotent."""
    for shortcut in SHORTCUTS:
        shortcut.install()
