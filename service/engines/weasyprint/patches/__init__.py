"""Shorter ways to the same PDF, taken inside WeasyPrint: no byte differs (tests/engines/weasyprint/patches/test_same_page.py).

WeasyPrint is written to be read, and answers many questions anew that it was asked a moment ago. Each module here knows one
of them, found by profile, and says what it costs. `install` of each is idempotent. In any order the PDF is the
same; but `words` stands before `glyph_runs`, which it leaves little to do, so it is installed behind it.
"""

from __future__ import annotations

import functools

from service.engines.weasyprint.patches import (
    break_pairs,
    cascade,
    cjk_lines,
    emoji,
    glyph_runs,
    head_queries,
    html_parsing,
    in_flow,
    inheritance,
    latin_lines,
    line_heights,
    long_words,
    minimum_widths,
    page_names,
    page_styles,
    painting,
    pdf_objects,
    percentages,
    plain_boxes,
    reference_cycles,
    shaping,
    short_texts,
    text_lines,
    unspaced_text,
    words,
)

SHORTCUTS = (
    plain_boxes,
    short_texts,
    cascade,
    reference_cycles,
    emoji,
    in_flow,
    glyph_runs,
    inheritance,
    latin_lines,
    minimum_widths,
    break_pairs,
    pdf_objects,
    long_words,
    page_names,
    page_styles,
    painting,
    percentages,
    head_queries,
    shaping,
    line_heights,
    text_lines,
    unspaced_text,
    html_parsing,
    cjk_lines,
    words,
)


@functools.cache
def install() -> None:
    """Makes WeasyPrint take all of them, once: `composition` stands around some of them afterwards."""
    for shortcut in SHORTCUTS:
        shortcut.install()
