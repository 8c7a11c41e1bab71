"""The long document: always the same words, or no two measurements could be compared."""

from __future__ import annotations

import hashlib

from bench.manual import manual


def test_the_text_is_stable() -> None:
    assert hashlib.sha256(manual(2).encode()).hexdigest() == "b0ebe60caf63d99f13c4071cac107bacad7e7a7486fae7199bebe35b508413b1"
    assert hashlib.sha256(manual(30).encode()).hexdigest() == "c61b3b5a0e9aa58f71ff3916ee1b59f16fd073da71cda2c1bfbbb8376ea92a5a"


def test_every_chapter_is_there() -> None:
    text = manual(3)
    assert text.count("\n## ") == 3
    assert text.count("\n### ") == 12
    assert text.count("[^note-3]") == 2
