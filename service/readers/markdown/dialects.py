"""Which of pandoc's Markdowns a text is read as. What was measured to choose the default: docs/decisions.md."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from schemas.options import DIALECTS
from service.model.document import Conversion
from service.readers.shared.line_wrapping import is_wrapped

# auto is CommonMark, for pandoc's parser of it changes no character, and the extensions that need clear markup: GitHub's
# without these. To name a difference costs pandoc 0.1 ms, a ninth of what it takes to read a page, so only those are named
# of which the text may have the markup.
COMMON = "gfm"
SPARED: Mapping[str, Callable[[str], object]] = {
    "yaml_metadata_block": lambda small: "---" in small,
    "emoji": re.compile(r":[\w+-]+:").search,
    "autolink_bare_uris": lambda small: any(mark in small for mark in ("://", "www.", "@")),
    "tex_math_gfm": lambda small: any(mark in small for mark in ("math", "`$", "$`")),
}
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


def pandoc_format(text: str, conversion: Conversion) -> str:
    """The name of the format, extensions and all, to read `text` with."""
    dialect = chosen(conversion)
    if dialect == "auto":
        small = text.lower()
        spared = [f"-{name}" for name, may_be_in in SPARED.items() if may_be_in(small)]
        return "".join([COMMON, *spared, "+east_asian_line_breaks" if is_wrapped(text) else "+hard_line_breaks"])
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
