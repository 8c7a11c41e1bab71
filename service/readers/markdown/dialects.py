"""Which of pandoc's Markdowns a text is read as. What was measured to choose the default: docs/decisions.md."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from schemas.options import DIALECTS
from service.document import Conversion

# auto is CommonMark, for pandoc's parser of it changes no character, and the extensions that need clear markup.
COMMON = "commonmark+pipe_tables+strikeout+task_lists+footnotes+alerts+gfm_auto_identifiers+tex_math_dollars"
# Never: extensions by which a text could carry metadata or raw output formats, or that set the author's quotes and dashes anew.
FORMATS: Mapping[str, str] = {
    "commonmark": "commonmark+tex_math_dollars",
    "gfm": "gfm-yaml_metadata_block-emoji-autolink_bare_uris",
    "commonmark_x": "commonmark_x-yaml_metadata_block-raw_attribute-smart-emoji",
    "markdown": (
        "markdown-yaml_metadata_block-pandoc_title_block-smart-raw_attribute-raw_tex-latex_macros"
        "-citations-native_spans-native_divs-markdown_in_html_blocks-implicit_figures"
    ),
}
# Extensions of pandoc's own dialect that take exponential time on brackets: only where their markup is there at all.
ON_DEMAND: Mapping[str, str] = {"bracketed_spans": "]{", "link_attributes": "){", "inline_notes": "^["}

# How many square brackets may be open at once: pandoc's own dialect doubles its time with each, and with citations
# on even sooner (12 took 1.4 s, 16 did not end); CommonMark takes any number. Of 400 real articles one has 7.
NESTING, NESTING_MARKDOWN, NESTING_CITATIONS = 64, 10, 7

# Line ends that mean a line end: see `is_wrapped`.
NARROWEST, WIDEST = 40, 120
PROSE = re.compile(r"(?![#>|\-*+=`~<\[!]|\d+[.)]\s|\s)")
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


def pandoc_format(text: str, conversion: Conversion) -> str:
    """The name of the format, extensions and all, to read `text` with."""
    dialect = chosen(conversion)
    if dialect == "auto":
        return COMMON + ("+east_asian_line_breaks" if is_wrapped(text) else "+hard_line_breaks")
    if dialect != "markdown":
        return FORMATS[dialect]
    unused = [f"-{name}" for name, mark in ON_DEMAND.items() if mark not in text]
    return "".join([FORMATS[dialect], *unused, "+citations" if conversion["bibliography"] else ""])


def nesting(conversion: Conversion) -> int:
    """How many square brackets may be open at once."""
    if chosen(conversion) != "markdown":
        return NESTING
    return NESTING_CITATIONS if conversion["bibliography"] else NESTING_MARKDOWN


def chosen(conversion: Conversion) -> str:
    """The dialect asked for, be it by `dialect` or by a dialect's name as the input format.

    Only pandoc's own knows citations: with a bibliography it is what auto means.
    """
    asked, dialect = str(conversion["reader"]).lower(), str(conversion["dialect"])
    if dialect == "auto" and asked in DIALECTS and asked != "markdown":
        dialect = asked
    return "markdown" if dialect == "auto" and conversion["bibliography"] else dialect


def links_bare_urls(conversion: Conversion) -> bool:
    return chosen(conversion) != "commonmark"


def is_wrapped(text: str) -> bool:
    """Whether the author's editor broke the lines, at a width of its own, so that a line end is but a space.

    Where every paragraph is one line and still some lines end early, the author ended them: 323 of 400 real
    articles have such lines (a byline, an address, a list without marks), for their `<br>` came down to it.
    """
    pairs = list(_continued(text))
    if not pairs:
        return False
    widths = sorted(width for width, _ in pairs)
    limit = widths[int(len(widths) * 0.95)]
    if not NARROWEST <= limit <= WIDEST:
        return False
    full = sum(width + 1 + word > 0.85 * limit for width, word in pairs)
    return full >= 0.8 * len(pairs)


def _continued(text: str) -> Iterator[tuple[int, int]]:
    """For each line of prose that goes on in the next: its width, and the width of the next one's first word."""
    before, fence = "", ""
    for line in text.split("\n"):
        mark = FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        prose = "" if fence or mark or not PROSE.match(line) else line.strip()
        if before and prose:
            first = prose.split(maxsplit=1)[0]
            yield width_of(before), 2 if unicodedata.east_asian_width(first[0]) in "WF" else width_of(first)
        before = prose


def width_of(text: str) -> int:
    """Columns: East Asian wide characters take two."""
    return len(text) if text.isascii() else sum(1 + (unicodedata.east_asian_width(one) in "WF") for one in text)
