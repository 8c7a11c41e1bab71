"""Decides whether two notes are the same: pandoc repeats the text of a note for each of its calls."""

from __future__ import annotations

# Notes with the meaning "as before": two of them are different notes, because each refers to the note before it.
BACK_REFERENCES = frozenset({
    "ibid", "ibidem", "ib", "id", "idem", "ebd", "ebenda", "ders", "dies", "op cit", "op. cit", "loc cit", "loc. cit",
    "同上", "同前", "前揭", "同註", "同注",
})  # fmt: skip


def may_be_shared(text: str) -> bool:
    """Whether two notes with this text are the same note."""
    words = " ".join(text.split()).strip(" .,;:。，").lower()
    return bool(words) and words not in BACK_REFERENCES
