"""The dialects: the parser's extensions for `auto`, `gfm` and `commonmark`, pandoc's for the others.

For the measurements behind the default see docs/decisions.md.
"""

from __future__ import annotations

from collections.abc import Mapping

from service.model.document import Conversion
from service.model.options import DIALECTS
from service.readers.markdown import formulas

COMMONMARK: frozenset[str] = frozenset()
GFM = COMMONMARK | {"table", "strikethrough", "tasklist", "footnotes", "alerts"}
# The syntax of common programs, only where it cannot be prose (`inlines` checks again).
AUTO = GFM - {"alerts"} | {
    "block_directive", "cjk_friendly_emphasis", "description_lists", "header_attributes", "highlight",
    "inline_code_attributes", "inline_footnotes", "insert", "link_attributes", "math_code", "ofm_callouts", "ofm_comments",
    "subscript", "superscript", "wikilinks_title_after_pipe", "shortcodes",
}  # fmt: skip
# Spellings that no parser reads (`spellings`, `site_code`); each is a name of a row there.
EVERYWHERE = frozenset(
    {"citations", "invisible", "comments", "page-break", "contents", "note-labels", "abbreviations", "citation-marks"}
)
PANDOC = frozenset({"list-markers", "drawn-tables", "tex"})  # as in pandoc's dialect
SPELLED: Mapping[str, frozenset[str]] = {
    "auto": EVERYWHERE | PANDOC | {
        "asciidoc-blocks", "site-code", "attribute-lines", "attributes", "block-ids", "ruby", "sizes", "spans", "wikilinks",
        "critic-marks", "includes", "kramdown", "pymdown-blocks", "snippets", "targets", "forums", "wikis", "outlines", "quotes",
        "diagrams", "table-rules", "tight-headings", "bullets", "myst",
    },
    "obsidian": EVERYWHERE | {"block-ids", "ruby", "sizes", "wikilinks"},
    "mkdocs": EVERYWHERE | {"attribute-lines", "attributes", "critic-marks", "pymdown-blocks", "snippets"},
    "quarto": EVERYWHERE | PANDOC | {"site-code", "spans"},
    "docusaurus": EVERYWHERE | {"site-code"},
    "hugo": EVERYWHERE | {"site-code", "attributes"},
    "jekyll": EVERYWHERE | {"site-code", "attribute-lines", "attributes", "kramdown"},
    "chat": EVERYWHERE | {"table-rules", "bullets", "tight-headings"},
}  # fmt: skip
MARKED = {"highlight", "insert", "subscript", "superscript"}
ATTRIBUTES = {"header_attributes", "inline_code_attributes", "link_attributes"}
PARSED: Mapping[str, frozenset[str]] = {
    "auto": AUTO,
    "gfm": GFM,
    "commonmark": COMMONMARK,
    "obsidian": AUTO - {"block_directive", "description_lists"} - ATTRIBUTES - (MARKED - {"highlight"}),
    "mkdocs": AUTO - {"ofm_callouts", "ofm_comments", "wikilinks_title_after_pipe", "inline_footnotes"},
    "quarto": AUTO - {"ofm_comments", "wikilinks_title_after_pipe", "highlight", "insert"},
    "docusaurus": AUTO - MARKED - {"description_lists", "inline_footnotes", "ofm_comments", "wikilinks_title_after_pipe"},
    "hugo": AUTO - {"block_directive", "ofm_comments", "wikilinks_title_after_pipe", "inline_footnotes"},
    "jekyll": AUTO - MARKED - {"block_directive", "ofm_comments", "wikilinks_title_after_pipe", "inline_footnotes"},
    "chat": GFM - {"alerts"} | {"cjk_friendly_emphasis", "math_code", "ofm_callouts"},
}
EXTENDED = frozenset(SPELLED)  # dialects with more than CommonMark and GitHub have
STRICT = frozenset({"commonmark", "gfm"})  # dialects that keep to the letter of a specification (`python -m bench.commonmark`)
# Marks that a text needs for an extension. Without them it is switched off, because some extensions take quadratic time
# for the marks of one paragraph. If a text has more marks than the limit, they stay text.
MARKS: Mapping[str, tuple[str, int]] = {
    "shortcodes": (":", 20_000),
    "superscript": ("^", 3000), "inline_footnotes": ("^[", 3000), "footnotes": ("^", 40_000), "subscript": ("~", 3000),
    "insert": ("++", 3000), "highlight": ("==", 3000), "ofm_comments": ("%%", 3000), "math_dollars": ("$", 20_000),
    "math_code": ("$`", 3000), "math_latex": ("\\", 20_000), "block_directive": (":::", 1000),
    "wikilinks_title_after_pipe": ("[[", 20_000), "header_attributes": ("{", 20_000), "link_attributes": ("){", 20_000),
    "inline_code_attributes": ("`{", 20_000), "description_lists": ("\n:", 50_000), "table": ("|", 2_000_000),
    "ofm_callouts": ("[!", 20_000), "alerts": ("[!", 20_000), "tasklist": ("[", 500_000), "strikethrough": ("~", 20_000),
}  # fmt: skip
# The dialects that pandoc reads. Never: extensions by which a text could carry metadata or raw output formats, or that set
# the author's quotes and dashes again.
FORMATS: Mapping[str, str] = {
    "commonmark_x": "commonmark_x-yaml_metadata_block-raw_attribute-smart-emoji",
    "markdown": (
        "markdown-yaml_metadata_block-pandoc_title_block-smart-raw_attribute-raw_tex-latex_macros"
        "-citations-native_spans-native_divs-markdown_in_html_blocks-implicit_figures"
    ),
}
# Extensions of pandoc's dialect that take exponential time for brackets: only if their markup occurs.
ON_DEMAND: Mapping[str, str] = {"bracketed_spans": "]{", "link_attributes": "){", "inline_notes": "^["}

# The limit of open square brackets: pandoc's dialect doubles its time with each, and with citations
# even earlier (12 take 1.4 s, 16 do not end). Of 400 real articles one has 7.
NESTING, NESTING_MARKDOWN, NESTING_CITATIONS = 64, 10, 7


def extensions(text: str, conversion: Conversion) -> frozenset[str]:
    """The parser's extensions to read `text` with; formulas in dollars and TeX brackets are every dialect's."""
    wanted = PARSED[chosen(conversion)] | {"math_dollars"}
    if conversion.math != "off" and formulas.has_brackets(text) and chosen(conversion) in EXTENDED:
        wanted |= {"math_latex"}
    return frozenset(name for name in wanted if _may_be_in(text, name))


def spellings(conversion: Conversion) -> frozenset[str]:
    """The names of the spellings that are changed before the parser reads."""
    return SPELLED[chosen(conversion)]


def is_mdx(conversion: Conversion) -> bool:
    return chosen(conversion) == "docusaurus"


def _may_be_in(text: str, extension: str) -> bool:
    if extension not in MARKS:
        return True
    mark, most = MARKS[extension]
    return mark in text and (len(text) <= most * len(mark) or text.count(mark) <= most)


def pandoc_format(text: str, conversion: Conversion, *, cites: bool = False) -> str:
    """The name of pandoc's format, extensions and all, to read `text` with. `cites`: it has a bibliography."""
    dialect = chosen(conversion)
    if dialect != "markdown":
        return FORMATS[dialect]
    unused = [f"-{name}" for name, mark in ON_DEMAND.items() if mark not in text]
    return "".join([FORMATS[dialect], *unused, "+citations" if cites else ""])


def nesting(conversion: Conversion, *, cites: bool = False) -> int:
    """The limit of open square brackets."""
    if chosen(conversion) != "markdown":
        return NESTING
    return NESTING_CITATIONS if cites else NESTING_MARKDOWN


def chosen(conversion: Conversion) -> str:
    """The requested dialect, by `dialect` or by its name as the input format."""
    asked, dialect = str(conversion.reader).lower(), str(conversion.dialect)
    return asked if dialect == "auto" and asked in DIALECTS and asked != "markdown" else dialect


def links_bare_urls(conversion: Conversion) -> bool:
    return chosen(conversion) != "commonmark"
