"""From a text, or a part of one that is read separately, to its tree: unknown spellings are changed first.

The first tree shows where code is. All changes are made in one draft, and no line moves. Then the tree is built.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.model.document import Conversion, Notice
from service.readers.markdown import (
    containers,
    definitions,
    dialects,
    emphasis,
    limits,
    notes,
    site_code,
    spellings,
    split_links,
    truncated_links,
    wide_tables,
)
from service.readers.markdown.changes import Text
from service.readers.markdown.gone import Gone
from service.readers.markdown.masks import Masks
from service.readers.markdown.parser import Parsed, parse

PARTS = ("!!!", "???", '=== "', "{{", "{%", "<", "```{", "~~~{", ":::{")  # marks of parts that are read separately


@dataclass
class Preparing:
    """The common state of all parts of one text. `gone` collects what is left out."""

    masks: Masks
    conversion: Conversion
    gone: Gone = field(default_factory=Gone)
    notices: tuple[Notice, ...] = ()
    abbreviations: dict[str, str] = field(default_factory=dict)
    markers: dict[int, Any] = field(default_factory=dict)  # lines of the upload → the style of the list item there
    keys: frozenset[str] = frozenset()  # the works that the text may cite
    data: Mapping[str, Any] = field(default_factory=dict)  # the front matter, whose values the text may show
    appendix: str = ""  # definitions of links and notes, also for parts that are read separately

    def whole(self, text: str, line: int) -> Parsed:
        """The tree of a text that begins at `line` of the upload."""
        return self._parsed(text, line, is_part=False)

    def part(self, text: str, line: int) -> Parsed:
        """The tree of a part that is read separately."""
        return self._parsed(text, line, is_part=True)

    def _parsed(self, text: str, line: int, *, is_part: bool) -> Parsed:
        """The first tree shows where code is. The text is parsed a second time only if something was changed in it."""
        extended = dialects.chosen(self.conversion) in dialects.EXTENDED
        extensions = dialects.extensions(text, self.conversion)
        first = parse(text, extensions - {"block_directive"})
        limits.check_marks(first, line)
        draft = Text(
            text, first.bare, first.prose, self.masks, self.gone, line, self.abbreviations, self.markers, self.keys, self.data
        )
        tables = self._spell(draft, first) if extended else first
        if not is_part and "](" in text:
            self.notices = truncated_links.without_half_link(draft)
        if not is_part and extended and "[^" in draft.text:
            notes.report_undefined(draft)
        if not is_part and extended and "]:" in draft.text:
            self.appendix = definitions.of_links(draft) if self._has_parts(text) else ""
            definitions.as_text(draft, text)
        if "](" in text:
            split_links.divide(draft)
        if extended:
            emphasis.separated(draft, first)
        if draft.text != text:
            extensions = dialects.extensions(draft.text, self.conversion)
        if "block_directive" in extensions:
            containers.paired(draft)
        if "|" in draft.text and "table" in tables.extensions:
            draft.text = wide_tables.widened(draft.text, tables)
        return first if draft.text == text and extensions == first.extensions else parse(draft.text, extensions)

    def _has_parts(self, text: str) -> bool:
        return bool(self.masks.made) or any(mark in text for mark in PARTS)

    def _spell(self, draft: Text, first: Parsed) -> Parsed:
        """Changes the spellings that the parser does not know. Returns the tree that has the tables of the changed text."""
        spelled = dialects.spellings(self.conversion)
        if "site-code" in spelled and site_code.may_be_in(draft.text):
            site_code.change(draft, is_mdx=dialects.is_mdx(self.conversion))
        tables = first
        for one in spellings.present(draft, spelled):
            before = draft.text
            one.change(draft)
            if one.name == "table-rules" and draft.text != before:
                tables = parse(draft.text, first.extensions)
        return tables
