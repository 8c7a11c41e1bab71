"""When two notes are one: pandoc and its readers hold the text of a note as often as the article calls it."""

from __future__ import annotations

# Notes that say "as before": two of them are two notes, for each is about the note in front of it.
BACK_REFERENCES = frozenset({
    "ibid", "ibidem", "ib", "id", "idem", "ebd", "ebenda", "ders", "dies", "op cit", "op. cit", "loc cit", "loc. cit",
    "同上", "同前", "前揭", "同註", "同注",
})  # fmt: skip


def may_be_shared(text: str) -> bool:
    """Whether a note with this text, called twice, is one note."""
    words = " ".join(text.split()).strip(" .,;:。，").lower()
    return bool(words) and words not in BACK_REFERENCES
