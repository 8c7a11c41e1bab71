"""From a text, or a part of one that is read separately, to its tree: what the parser does not know is changed first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from service.model.document import Conversion
from service.readers.markdown import containers, dialects, limits, site_code, spellings, wide_tables
from service.readers.markdown.changes import Text
from service.readers.markdown.gone import Gone
from service.readers.markdown.masks import Masks
from service.readers.markdown.parser import Parsed, parse
from service.readers.markdown.spellings import Spelling

PARTS = ("!!!", "???", '=== "', "{{", "{%", "<", "```{", "~~~{", ":::{")  # marks of what is read separately


class Draft:
    """A text that is still changed, with its prose. It is parsed again only when its tree is requested."""

    def __init__(self, parsed: Parsed) -> None:
        self.text, self.prose, self.extensions = parsed.text, parsed.prose, parsed.extensions
        self._parsed = parsed

    def parsed(self) -> Parsed:
        if self.text != self._parsed.text or self.extensions != self._parsed.extensions:
            self._parsed = parse(self.text, self.extensions)
            self.prose = self._parsed.prose
        return self._parsed


@dataclass
class Preparing:
    """What all parts of one text share. `gone` collects what is left out."""

    masks: Masks
    conversion: Conversion
    gone: Gone = field(default_factory=Gone)
    abbreviations: dict[str, str] = field(default_factory=dict)
    markers: dict[int, Any] = field(default_factory=dict)  # lines of the upload → the style of the list item there
    keys: frozenset[str] = frozenset()  # the works that the text may cite

    def has_parts(self, text: str) -> bool:
        return bool(self.masks.made) or any(mark in text for mark in PARTS)

    def changed(self, text: str, line: int) -> Draft:
        """`text`, which begins at `line` of the upload, as the parser is to read it."""
        extensions = dialects.extensions(text, self.conversion)
        spelled = dialects.spellings(self.conversion)
        present = spellings.present(text, spelled)
        has_code = "site-code" in spelled and site_code.may_be_in(text)
        parsed = parse(text, extensions - {"block_directive"})
        limits.check_marks(parsed, line)
        if present or has_code or "block_directive" in extensions:
            return self._changed(parsed, present, line, has_code=has_code)
        return Draft(parsed)

    def part(self, text: str, line: int) -> Parsed:
        """The tree of a part that is read separately."""
        parsed = self.changed(text, line).parsed()
        if "|" in parsed.text and "table" in parsed.extensions:
            widened = wide_tables.widened(parsed)
            parsed = parsed if widened == parsed.text else parse(widened, parsed.extensions)
        return parsed

    def _changed(self, parsed: Parsed, present: Sequence[Spelling], line: int, *, has_code: bool) -> Draft:
        changes = Text(
            parsed.text, parsed.bare, parsed.prose, self.masks, self.gone, line, self.abbreviations, self.markers, self.keys
        )  # fmt: skip
        if has_code:
            site_code.change(changes, is_mdx=dialects.is_mdx(self.conversion))
        for one in present:
            one.change(changes)
        if changes.text == parsed.text and ":::" not in changes.text:
            return Draft(parsed)
        extensions = dialects.extensions(changes.text, self.conversion)
        if "block_directive" in extensions:
            text = containers.paired(changes.text, changes.bare, self.masks)
            unchanged = text == parsed.text and extensions == parsed.extensions
            return Draft(parsed if unchanged else parse(text, extensions))
        draft = Draft(parsed)
        draft.text, draft.prose, draft.extensions = changes.text, changes.prose, extensions
        return draft
