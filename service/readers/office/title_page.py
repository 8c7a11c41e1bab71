"""What a document shows of its metadata before its text begins: title, subtitle, authors, date.

The page is shown again from the metadata, so those words leave the text; what the metadata does not hold stays.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from schemas import dates, metadata

PARTS = ("title", "subtitle")


def letters(text: str) -> str:
    """Letters and digits alone, folded in width and case: what two spellings of one line share."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


class TitlePage:
    """`said` is the metadata that the file gives elsewhere; `lines` are texts that this service itself wrote there.

    `edited`: the file is ours, so that a page that says something else is an edit of what was said.
    """

    def __init__(self, said: Mapping[str, Any], lines: Iterable[str] = (), *, edited: bool = False) -> None:
        self.said, self.edited = dict(said), edited
        self.lines = {letters(line) for line in lines}
        self.shown: dict[str, list[str]] = {}

    def take(self, role: str, text: str) -> bool:
        """Whether a paragraph leaves the text: `role` is "title", "subtitle", "author", "date" or anything else."""
        words = " ".join(text.split())
        if not letters(words) or letters(words) in self.lines:
            return role in (*PARTS, "author", "date") or letters(words) in self.lines
        if role in PARTS:
            self.shown.setdefault(role, []).append(words)
            return True
        if role == "author":
            return self._author(words)
        return role == "date" and self._date(words)

    def _author(self, words: str) -> bool:
        names = [letters(each.name) for each in metadata.load({"authors": self._given("authors")})[0].authors]
        if names:
            return letters("".join(names)) == letters(words) or letters(words) in names
        self.shown.setdefault("authors", []).append(words)
        return True

    def _date(self, words: str) -> bool:
        shown, given = dates.normalised(words), self._given("date")
        if not shown:
            return False
        if not str(given).startswith(shown):
            self.shown["date"] = [words]
        elif words != shown:
            self.said.setdefault("date_as_shown", words)
        return True

    def has(self, role: str) -> bool:
        """Whether such a paragraph was taken."""
        return role in self.shown

    def _given(self, field: str) -> Any:
        return next((value for key, value in self.said.items() if metadata.field_of(key) == field and value), "")

    def metadata(self) -> dict[str, Any]:
        """`said` with what is shown on top; a property that says something else is kept under a name of its own."""
        out = self.said
        for field, found in self.shown.items():
            value: Any = found if field == "authors" else " ".join(found)
            given = self._given(field)
            if letters(str(given)) == letters(str(value)):
                continue
            out = {key: each for key, each in out.items() if metadata.field_of(key) != field} | {field: value}
            if given and not self.edited:
                out.setdefault(f"property_{field}", given)
        return out
