"""Finds the heading of a link within the document: `#-install`, `#install_1`, `#安装-1` are spellings of several generators.

GitHub, GitLab, Hugo, Docusaurus, VitePress, pandoc, kramdown and Python-Markdown each make an id of a heading's words by their
own rules: case, marks, emoji, accents and the number of a repeated heading differ. All keep the letters and digits, so
these are compared.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from service.ast.pandoc_ast import Node, text

REMOVED = re.compile(r"[^\w\-\s]")
WHITE = re.compile(r"\s")
NO_LETTERS = re.compile(r"[\W_]+")
NUMBER = re.compile(r"[-_](?P<number>\d{1,4})\Z")
EMOJI = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")


@dataclass
class GitHubSlugs:
    """The identifiers of GitHub for the headings of one text, each used once. Most links in Markdown use them."""

    given: dict[str, int] = field(default_factory=dict)

    def of(self, heading: str) -> str:
        """The identifier of the next heading with this text."""
        slug = WHITE.sub("-", REMOVED.sub("", heading.lower()))
        times = self.given.get(slug, 0)
        self.given[slug] = times + 1
        return f"{slug}-{times}" if times and slug else slug


class HeadingSlugs:
    """The headings of one document by the letters of their words."""

    def __init__(self, headings: Iterable[Node]) -> None:
        self.found: dict[str, str] = {}
        times: Counter[str] = Counter()
        unlettered = 0
        for heading in headings:
            identifier, shown = heading["c"][1][0], _shown(heading["c"][2])
            if not identifier:
                continue
            for key in dict.fromkeys((letters(shown), letters(EMOJI.sub(_name, shown)), letters(identifier))):
                self.found.setdefault(key, identifier)
                if key == letters(shown):
                    self.found.setdefault(f"{key}\n{times[key]}", identifier)
            times[letters(shown)] += 1
            if not re.search("[A-Za-z]", shown):  # kramdown's `section-1`, Python-Markdown's `_1`
                suffix = f"\n{unlettered}" if unlettered else ""
                self.found.setdefault(f"section{suffix}", identifier)
                unlettered += 1
                self.found.setdefault(f"\n{unlettered}", identifier)

    def identifier(self, fragment: str) -> str | None:
        """The id of the heading for `fragment`, a link's target without `#`; None without one."""
        shown = unquote(fragment)
        if found := self.found.get(letters(shown)):
            return found
        numbered = NUMBER.search(shown, max(0, len(shown) - 5))
        if numbered is None:
            return None
        number = int(numbered["number"])
        return self.found.get(f"{letters(shown[: numbered.start()])}\n{number}")


def letters(shown: str) -> str:
    """The letters and digits alone, without case and accents."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", shown) if not unicodedata.combining(one))
    return NO_LETTERS.sub("", plain.casefold())


def _shown(inlines: list[Node]) -> str:
    return text([one for one in inlines if one["t"] != "Note"])


def _name(found: re.Match[str]) -> str:
    return unicodedata.name(found[0], "")
