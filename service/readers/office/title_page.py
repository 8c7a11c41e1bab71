"""The metadata that a document shows before its text: title, subtitle, authors, date.

The page is created again from the metadata, so these words are removed from the text. Other words stay.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from schemas import dates, metadata

PARTS = ("title", "subtitle")


def letters(text: str) -> str:
    """Only letters and digits, folded in width and case, for comparison."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


class TitlePage:
    """`said` is other metadata of the file; `lines` are texts that this service wrote there.

    `edited`: the file is from this service, so a different page is an edit.
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
        """Whether such a paragraph was removed."""
        return role in self.shown

    def _given(self, field: str) -> Any:
        return next((value for key, value in self.said.items() if metadata.field_of(key) == field and value), "")

    def metadata(self) -> dict[str, Any]:
        """`said` with the shown values on top; a different property is kept under its own name."""
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
