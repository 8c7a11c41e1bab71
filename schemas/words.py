"""Keywords and categories: lists, texts and maps, as blogs, vaults of notes and CMS write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from schemas.record_fields import Doubt, RecordField, named, scalar, unlinked

MARKS = re.compile(r"[,;，；、]")
SPACED_MARKS = re.compile(r"\s[/|·•]\s|\|")
HASH_TAGS = re.compile(r"(?:#[^\s#]+\s+)*#[^\s#]+")
HASH = re.compile(r"#(?=\w)")
SLUG = re.compile(r"[a-z0-9][\w.+#/-]*", re.ASCII)
EAST = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


class Words(RecordField):
    """A list, or one string that is divided at its commas, semicolons and the like. Items of a list are never divided."""

    def read(self, value: Any, doubts: list[Doubt]) -> tuple[str, ...]:
        if isinstance(value, Mapping):
            value = [value] if named(value) else list(value) if _is_set(value) else value
        if isinstance(value, list):
            words = [_word(item, index, doubts) for index, item in enumerate(value)]
        elif (text := scalar(value)) is not None:
            words = divided(text)
        else:
            doubts.append(Doubt((), "Must be text or a list of texts.", lost=True))
            return ()
        return tuple(dict.fromkeys(word for each in words if (word := HASH.sub("", unlinked(each), count=1).strip())))


def _word(item: Any, index: int, doubts: list[Doubt]) -> str:
    """An item's text; of `{name: One, slug: one}` the name."""
    word = named(item) if isinstance(item, Mapping) else scalar(item)
    if word is None and item is not None:
        doubts.append(Doubt((index,), "Must be text.", lost=True))
    return word or ""


def _is_set(value: Mapping[str, Any]) -> bool:
    """`{python: , web: }`: the words are the keys."""
    return bool(value) and all(item is None or item is True for item in value.values())


def divided(text: str) -> list[str]:
    """The words of one string. A blank divides hash tags and slugs (Jekyll), not "machine Learning" or "New York"."""
    if HASH_TAGS.fullmatch(text.strip()):
        return text.split()
    if MARKS.search(text):
        return MARKS.split(text)
    if SPACED_MARKS.search(text):
        return SPACED_MARKS.split(text)
    if text.count("/") > 1 or ("/" in text and EAST.search(text)):
        return text.split("/")
    words = text.split()
    return words if len(words) > 1 and all(map(EAST.search, words)) else [text]


def by_blanks(text: str) -> list[str] | str:
    """`one two-three` as Jekyll and Obsidian divide it; a text that is not a list of slugs does not change."""
    words = text.split()
    return words if len(words) > 1 and all(map(SLUG.fullmatch, words)) else text
